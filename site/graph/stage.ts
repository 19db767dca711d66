/** What shows a folded graph: SVG or a canvas, which look and behave alike. Read reading.ts first. */

import type { Edge } from "../../dist/draw/scene.js";
import type { FoldedGraph, Target } from "./folded-graph.ts";
import type { BoxReading, LineReading } from "./reading.ts";
import type { View } from "./view.ts";

/** What has a ring around it. */
export interface Rings {
  readonly selected: Target | undefined;
  readonly focused: Target | undefined;
}

export interface Stage {
  readonly element: Element;
  /** Shows what is open now, still without numbers. */
  build(folded: FoldedGraph, label: string): void;
  /** New numbers and marks. */
  show(boxes: readonly BoxReading[], lines: readonly LineReading[]): void;
  place(view: View, isFar: boolean): void;
  ring(rings: Rings): void;
  /** Shows which lines lead to and from a box. */
  hover(target: Target | undefined): void;
  /** The element that takes the focus for a box or frame. */
  elementOf(target: Target): HTMLElement | SVGElement | undefined;
  /** The box or frame that an event says it is about; undefined if only its place tells. */
  targetOf(event: Event, folded: FoldedGraph): Target | undefined;
  remove(): void;
}

/** Does a line lead to or from a box? */
export const touches = ({ from, to }: Edge, item: number): boolean => from === item || to === item;

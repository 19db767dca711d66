/**
 * What the debugger shows beside the graph: panels about the selected node at this moment of the
 * walk. Read src/explain/walk.ts first.
 */

import type { Value } from "chainrule";
import type { Walk } from "chainrule/explain";

/** What a panel is told whenever something has changed. */
export interface Moment {
  readonly walk: Walk;
  /** How many of the walk's steps have been taken. */
  readonly position: number;
  /** The node that the reader has selected. */
  readonly node: Value | undefined;
  /** The learning rate of the training run; of a formula, one that suits. */
  readonly rate: number;
  /** What a node is called, unlike any other one: "layers.0.neurons.1.weights.2", "*", "* (2nd)". */
  readonly nameOf: (node: Value) => string;
}

/** A part of the debugger about the selected node. */
export interface Panel {
  /** What stands above it. */
  readonly title: string;
  /** Its element, made once. */
  readonly element: HTMLElement;
  /** Is told of every change, many times a second while a number is dragged. */
  show(moment: Moment): void;
}

/**
 * What panels ask of the debugger, as events of their element that bubble.
 *
 * - `debugger-select`, detail `{ node: Value }`: select another node, a consumer in a receipt, say
 * - `debugger-path`, detail `{ path: Path | undefined }`: light up a path (src/explain/paths.ts), or none
 * - `debugger-write`, detail `{ node: Value, data: number }`: compute again with this number in a leaf
 * - `debugger-rate`, detail `{ rate: number }`: another learning rate
 */
export type PanelEvent = "debugger-select" | "debugger-path" | "debugger-write" | "debugger-rate";

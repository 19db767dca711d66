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
  /**
   * Quiz mode: the node whose gradient the reader is asked for; undefined while there is no quiz.
   * Then nothing on the page shows this gradient, nor any that is not complete at this position:
   * see {@link isSecret}.
   */
  readonly hidden: Value | undefined;
}

/** Would the gradient of this node give away an answer of the quiz? */
export function isSecret({ walk, position, hidden }: Moment, node: Value): boolean {
  return hidden !== undefined && (node === hidden || !walk.receipt(node, position).complete);
}

/** A part of the debugger about the selected node. */
export interface Panel {
  /** What an address calls it, as in `hide=proofs`. */
  readonly name: "receipt" | "proofs" | "curve" | "quiz";
  /** What stands above it. */
  readonly title: string;
  /** Its element, made once. */
  readonly element: HTMLElement;
  /** Is told of every change, many times a second while a number is dragged. */
  show(moment: Moment): void;
  /** Begins what the panel is for; then a button above the graph does so too. */
  begin?(): void;
}

/**
 * What panels ask of the debugger, as events of their element that bubble.
 *
 * - `debugger-select`, detail `{ node: Value }`: select another node, a consumer in a receipt, say
 * - `debugger-path`, detail `{ path: Path | undefined }`: light up a path (src/explain/paths.ts), or none
 * - `debugger-rate`, detail `{ rate: number }`: another learning rate
 * - `debugger-quiz`, detail `{ hidden: Value | undefined }`: hide this gradient and all that are to
 *   come, as {@link Moment.hidden} says; undefined: the quiz is over
 * - `debugger-go`, detail `{ position: number }`: go to this position of the walk
 */
export type PanelEvent =
  | "debugger-select"
  | "debugger-path"
  | "debugger-rate"
  | "debugger-quiz"
  | "debugger-go";

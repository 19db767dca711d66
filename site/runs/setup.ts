/** What a training run is made from: everything that decides its numbers. Read src/train.ts first. */

import type { Activation, Initialization, LossName } from "chainrule";

export type DataName =
  | "even-odd"
  | "cube"
  | "xor"
  | "moons"
  | "circles"
  | "spirals"
  | "sine"
  | "own";
export type OptimizerName = "sgd" | "momentum" | "nesterov" | "adam" | "adamw";

/** A data point: its inputs and its target (for classes of two, -1 or 1). */
export interface DataPoint {
  readonly x: readonly number[];
  readonly target: number;
}

/** Everything that decides the numbers of a run before the reader changes something on the way. */
export interface Setup {
  readonly data: DataName;
  /** How many points are drawn, with how much noise, from which seed (moons, circles, spirals, sine). */
  readonly points: number;
  readonly noise: number;
  readonly dataSeed: number;
  /** The points of the data "own"; undefined otherwise. */
  readonly own: readonly DataPoint[] | undefined;
  /** The share of points that is measured and never learned from, 0 to 0.5. */
  readonly heldOut: number;
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly output: Activation;
  readonly init: Initialization;
  readonly loss: LossName;
  readonly optimizer: OptimizerName;
  readonly rate: number;
  /** The weights are drawn by pythonRandom(seed). */
  readonly seed: number;
}

/** What the reader changed after so many steps; changes are part of a run, so that it can be had again. */
export type Edit =
  | { readonly at: number; readonly kind: "rate"; readonly rate: number }
  | { readonly at: number; readonly kind: "add"; readonly point: DataPoint }
  | { readonly at: number; readonly kind: "move"; readonly index: number; readonly x: readonly number[]; readonly target: number }
  | { readonly at: number; readonly kind: "delete"; readonly index: number };

/** A moment of a run: what is in a link. */
export interface RunState {
  readonly setup: Setup;
  /** In the order of their steps. */
  readonly edits: readonly Edit[];
  /** How many training steps have been made. */
  readonly step: number;
}

/** A training run that can be had again, any moment of it, to the last bit. Read setup.ts first. */

import type { DataSet, MLP, Value } from "chainrule";
import type { RunState, Setup } from "./setup.ts";

/** See CONTRACT: made by the helper for runs. */
export declare class Run {
  constructor(state: RunState | Setup);
  /** How many steps have been made. */
  readonly step: number;
  readonly state: RunState;
  /** What is trained on now. */
  readonly data: DataSet;
  readonly heldOut: DataSet | undefined;
  /** The loss before each step; after `goTo` back, those of later steps stay until something is changed. */
  readonly losses: ArrayLike<number>;
  /** The engine's graph at this step: the mean loss of all points, its backward pass not yet done. */
  graph(): { readonly model: MLP; readonly loss: Value };
}

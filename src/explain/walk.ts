/**
 * The steps of a graph's passes with a quick answer to what is known after each. Read receipt.ts
 * first.
 */

import type { Value } from "../value.ts";
import { type Receipt, receiptOf } from "./receipt.ts";
import { gradientsAfter, type Step, stepsOf } from "./steps.ts";

/** All that is to be seen of the passes of a graph, step by step. */
export class Walk {
  readonly output: Value;
  readonly steps: readonly Step[];
  /** How many of the steps belong to the forward pass. */
  readonly forward: number;

  constructor(output: Value) {
    this.output = output;
    this.steps = stepsOf(output);
    this.forward = this.steps.findIndex(({ kind }) => kind === "start");
  }

  /** Is its data known after so many steps? */
  isComputed(node: Value, position: number): boolean {
    const compute = (step: Step) => step.kind === "compute" && step.node === node;
    return node.op === "" || this.steps.slice(0, position).some(compute);
  }

  /** Its gradient after so many steps; undefined while there is none. */
  gradient(node: Value, position: number): number | undefined {
    return gradientsAfter(this.steps.slice(0, position)).get(node);
  }

  /** Its receipt after so many steps. */
  receipt(node: Value, position: number): Receipt {
    return receiptOf(this.steps, node, position);
  }
}

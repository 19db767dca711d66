/**
 * The steps of a graph's passes with a quick answer to what is known after each. Read receipt.ts
 * first.
 */

import type { Value } from "../value.ts";
import { type Receipt, receiptFrom } from "./receipt.ts";
import { type PassStep, type Step, stepsOf } from "./steps.ts";

/** All that is to be seen of the passes of a graph, step by step. */
export class Walk {
  readonly output: Value;
  readonly steps: readonly Step[];
  /** How many of the steps belong to the forward pass. */
  readonly forward: number;
  /** For each computed node, the place of the step that computes it. */
  readonly #computed = new Map<Value, number>();
  /** For each node, the places of the steps that pass something to it, or nothing, in order. */
  readonly #arrivals = new Map<Value, number[]>();

  /** @throws as {@link stepsOf} does */
  constructor(output: Value) {
    this.output = output;
    this.steps = stepsOf(output);
    this.steps.forEach((step, place) => {
      if (step.kind === "compute") this.#computed.set(step.node, place);
      if (step.kind !== "pass") return;
      const arrivals = this.#arrivals.get(step.input);
      if (arrivals === undefined) this.#arrivals.set(step.input, [place]);
      else arrivals.push(place);
    });
    this.forward = this.#computed.size;
  }

  /** Is its data known after so many steps? */
  isComputed(node: Value, position: number): boolean {
    return node.op === "" || (this.#computed.get(node) ?? Infinity) < position;
  }

  /** Its gradient after so many steps; undefined while there is none. */
  gradient(node: Value, position: number): number | undefined {
    const start = node === this.output && position > this.forward ? 1 : undefined;
    const arrivals = this.#arrivals.get(node) ?? [];
    const last = arrivals[countBelow(arrivals, position) - 1];
    return last === undefined ? start : (this.steps[last] as PassStep).after; // arrivals are passes
  }

  /** Its receipt after so many steps; see {@link receiptOf}. */
  receipt(node: Value, position: number): Receipt {
    const arrivals = this.#arrivals.get(node) ?? [];
    const known = countBelow(arrivals, position);
    return receiptFrom(
      node,
      this.gradient(node, position),
      arrivals.slice(0, known).map((place) => this.steps[place] as PassStep), // as above
      known === arrivals.length && position > this.forward,
    );
  }
}

/** How many of these numbers, which ascend, are below a limit. */
function countBelow(ascending: readonly number[], limit: number): number {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ascending[middle] < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}

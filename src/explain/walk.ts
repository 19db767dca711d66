/**
 * The steps of a graph's passes with a quick answer to what is known after each. Read receipt.ts
 * first.
 */

import type { Value } from "../value.ts";
import { placesIn } from "./places.ts";
import { type Receipt, receiptFrom } from "./receipt.ts";
import { type PassStep, type Step, stepsOf } from "./steps.ts";

/** All that is to be seen of the passes of a graph, step by step. */
export class Walk {
  readonly output: Value;
  readonly steps: readonly Step[];
  /** How many of the steps belong to the forward pass. */
  readonly forward: number;
  /** For each node its place in the graph, where the leaves stand first. */
  readonly #places: ReadonlyMap<Value, number>;
  readonly #leaves: number;
  /** The numbers of the steps that pass something, or nothing, to a node: first all to the first node. */
  readonly #arrivals: Int32Array;
  /** For each place, where its arrivals begin; they end where the next ones do. */
  readonly #begins: Int32Array;

  /** @throws as {@link stepsOf} does */
  constructor(output: Value) {
    this.output = output;
    this.steps = stepsOf(output);
    const { nodes, places } = placesIn(output);
    this.#places = places;
    this.forward = this.steps.findIndex(({ kind }) => kind !== "compute");
    this.#leaves = nodes.length - this.forward;

    const { steps, forward } = this;
    const to = new Int32Array(steps.length); // from the start of the backward pass on, places
    const begins = new Int32Array(nodes.length + 1);
    for (let i = forward + 1; i < steps.length; i++) {
      to[i] = places.get((steps[i] as PassStep).input) ?? -1; // all of them are passes
      begins[to[i] + 1] += 1;
    }
    for (let place = 0; place < nodes.length; place++) begins[place + 1] += begins[place];
    const arrivals = new Int32Array(steps.length - forward - 1);
    const next = begins.slice();
    for (let i = forward + 1; i < steps.length; i++) {
      arrivals[next[to[i]]] = i;
      next[to[i]] += 1;
    }
    this.#begins = begins;
    this.#arrivals = arrivals;
  }

  /** Is its data known after so many steps? */
  isComputed(node: Value, position: number): boolean {
    if (node.op === "") return true;
    const place = this.#places.get(node);
    return place !== undefined && place - this.#leaves < position; // computed in this order
  }

  /** Its gradient after so many steps; undefined while there is none. */
  gradient(node: Value, position: number): number | undefined {
    const start = node === this.output && position > this.forward ? 1 : undefined;
    const arrivals = this.#arrivalsOf(node);
    const last = arrivals[countBelow(arrivals, position) - 1];
    return last === undefined ? start : (this.steps[last] as PassStep).after; // arrivals are passes
  }

  /** Its receipt after so many steps; see {@link receiptOf}. */
  receipt(node: Value, position: number): Receipt {
    const arrivals = this.#arrivalsOf(node);
    const known = countBelow(arrivals, position);
    return receiptFrom(
      node,
      this.gradient(node, position),
      Array.from(arrivals.subarray(0, known), (place) => this.steps[place] as PassStep), // as above
      known === arrivals.length && position > this.forward,
    );
  }

  #arrivalsOf(node: Value): Int32Array {
    const place = this.#places.get(node);
    if (place === undefined) return this.#arrivals.subarray(0, 0);
    return this.#arrivals.subarray(this.#begins[place], this.#begins[place + 1]);
  }
}

/** How many of these numbers, which ascend, are below a limit. */
function countBelow(ascending: Int32Array, limit: number): number {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ascending[middle] < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}

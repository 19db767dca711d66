/**
 * What the output of a graph would be if some of its nodes had other numbers. No Values are made:
 * the operations of the graph are applied again to plain numbers. Read value.ts first.
 */

import { describe, expectNumber, quote } from "../errors.ts";
import { numbers, type Operation } from "../operations.ts";
import { Value } from "../value.ts";
import { placesIn } from "./places.ts";

/** How {@link Recomputer} treats `detach`: as the function that it is, or as a constant. */
export interface RecomputeOptions {
  /** Do the results of `detach` keep their numbers, as they do for `backward`? No unless said so. */
  readonly holdDetached?: boolean;
}

/** A node that depends on one that changes. */
interface Line {
  readonly operation: Operation;
  /** Where its inputs' numbers and its own stand. */
  readonly inputs: readonly number[];
  readonly place: number;
}

/**
 * A graph made ready to be computed again and again, each time with other numbers in the same nodes.
 *
 * @example
 * const again = new Recomputer(L, [a]);
 * again.output([3]); // what L would be if a were 3
 */
export class Recomputer {
  /** Of the nodes that change: where their numbers stand. */
  readonly #changing: readonly number[];
  /** What has to be computed again, inputs first. */
  readonly #lines: Line[] = [];
  readonly #data: Float64Array;
  readonly #output: number;
  /** Did it hold a result of `detach` still that would change? */
  readonly held: boolean;

  /**
   * @param changing the nodes that are given other numbers: leaves or others
   * @throws TypeError unless all of them are Values; RangeError if one is not of this graph
   */
  constructor(output: Value, changing: readonly Value[], options: RecomputeOptions = {}) {
    for (const value of [output, ...changing]) {
      if (!(value instanceof Value)) {
        throw new TypeError(`Recomputer: expected a Value, got ${describe(value)}`);
      }
    }
    const { nodes, places } = placesIn(output);
    const placeOf = (node: Value): number => {
      const place = places.get(node);
      if (place !== undefined) return place;
      const name = node.label === "" ? "one that is not there" : quote(node.label);
      throw new RangeError(`Recomputer: expected nodes of the graph, got ${name}`);
    };
    this.#output = placeOf(output);
    this.#changing = changing.map(placeOf);
    this.#data = Float64Array.from(nodes, ({ data }) => data);

    const given = new Set(changing);
    const changed = new Set(changing);
    let held = false;
    nodes.forEach((node, place) => {
      const inputs = Value.inputsOf(node);
      if (given.has(node) || !inputs.some((input) => changed.has(input))) return;
      if (options.holdDetached && node.operation.kind === "cut") {
        held = true;
        return;
      }
      changed.add(node);
      this.#lines.push({ operation: node.operation, inputs: inputs.map(placeOf), place });
    });
    this.held = held;
  }

  /**
   * What the output would be.
   *
   * @param data the numbers of the changing nodes, in their order
   * @throws TypeError for anything that is not a number
   */
  output(data: readonly number[]): number {
    const all = this.#data;
    this.#changing.forEach((place, i) => {
      all[place] = expectNumber(data[i], "Recomputer.output");
    });
    for (const { operation, inputs, place } of this.#lines) {
      const [a, b] = inputs;
      if (inputs.length === 1) all[place] = operation.value(numbers, all[a]);
      else if (inputs.length === 2) all[place] = operation.value(numbers, all[a], all[b]);
      else all[place] = operation.value(numbers, ...inputs.map((input) => all[input]));
    }
    return all[this.#output];
  }
}

/**
 * The data that the output would have if these nodes had those data.
 *
 * @throws TypeError or RangeError as {@link Recomputer} does
 * @example recompute(L, new Map([[a, 3]])) // what L would be if a were 3
 */
export function recompute(output: Value, changed: ReadonlyMap<Value, number>): number {
  return new Recomputer(output, [...changed.keys()]).output([...changed.values()]);
}

/**
 * The data that the output would have for each of several numbers in one node: the loss as a
 * function of one parameter, say.
 *
 * @throws TypeError or RangeError as {@link Recomputer} does
 * @example outputAlong(L, a, [1, 2, 3]) // Float64Array [-14, -8, -2]
 */
export function outputAlong(output: Value, node: Value, xs: ArrayLike<number>): Float64Array {
  const again = new Recomputer(output, [node]);
  return Float64Array.from(xs, (x) => again.output([x]));
}

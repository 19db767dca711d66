/**
 * What every neuron of a network says at many points, on plain floats: the bits of `model.predict`, and no
 * Values. Read src/nn.ts first.
 */

import type { Activation } from "chainrule";
import { Neuron, Value } from "../../../dist/index.js";
import { numbers } from "../../../dist/operations.js";

/** The outputs of each neuron, by layer and neuron: one number for each point. */
export type Outputs = readonly (readonly Float64Array[])[];

/** So many sets of arrays are kept: one for each grid or set of points that is looked at by turns. */
const MOST_ROOMS = 6;

/**
 * A network of fully connected layers.
 *
 * @example new Predictor([2, 16, 16, 1], "tanh", "linear", weights).at([0.5, -1])
 */
export class Predictor {
  /** The number of inputs, then of the neurons in each layer. */
  readonly sizes: readonly number[];
  readonly activation: Activation;
  readonly output: Activation;
  /** What a neuron does to its weighted sum, by layer. */
  readonly #functions: ((x: number) => number)[];
  #weights: ArrayLike<number>;
  readonly #rooms = new Map<
    readonly ArrayLike<number>[],
    { of: ArrayLike<number>; room: Float64Array[][] }
  >();

  /**
   * @param activation of all layers but the last, which has `output`
   * @param weights all parameters in the order of `model.parameters()`: for each neuron of each layer its
   *   weights, then its bias
   * @throws RangeError if they are more or fewer than the sizes need
   */
  constructor(
    sizes: readonly number[],
    activation: Activation,
    output: Activation,
    weights: ArrayLike<number>,
  ) {
    this.sizes = sizes;
    this.activation = activation;
    this.output = output;
    const [inner, last] = [functionOf(activation), functionOf(output)];
    this.#functions = sizes.slice(1).map((_, layer) => (layer === sizes.length - 2 ? last : inner));
    this.#weights = expectWeights(weights, sizes);
  }

  /** The parameters. They are not copied: to change some of them, give them anew. */
  get weights(): ArrayLike<number> {
    return this.#weights;
  }

  set weights(weights: ArrayLike<number>) {
    this.#weights = expectWeights(weights, this.sizes);
    for (const kept of this.#rooms.values()) kept.of = none;
  }

  /** Are these the sizes and functions of another network? Then it needs a predictor of its own. */
  fits(sizes: readonly number[], activation: Activation, output: Activation): boolean {
    return (
      this.activation === activation &&
      this.output === output &&
      this.sizes.length === sizes.length &&
      this.sizes.every((size, i) => size === sizes[i])
    );
  }

  /**
   * What each neuron says at each point.
   *
   * @param inputs for each input of the network its number at every point
   * @returns arrays that are written anew by the next call with the same `inputs`
   */
  over(inputs: readonly ArrayLike<number>[]): Outputs {
    const kept = this.#rooms.get(inputs);
    if (kept?.of === this.#weights) return kept.room;
    const room = kept?.room ?? this.#roomFor(inputs);
    const weights = this.#weights;
    let before = inputs;
    let next = 0; // the place of the next parameter
    for (const [layer, outputs] of room.entries()) {
      const activate = this.#functions[layer];
      for (const sums of outputs) {
        const bias = weights[next + before.length];
        sums.fill(bias);
        addProducts(sums, weights, next, before);
        next += before.length + 1;
        for (let i = 0; i < sums.length; i++) sums[i] = activate(sums[i]);
      }
      before = outputs;
    }
    this.#rooms.set(inputs, { of: weights, room });
    return room;
  }

  /** What each neuron says at one point, by layer and neuron; the last list is the network's output. */
  layersAt(x: readonly number[]): number[][] {
    const weights = this.#weights;
    let before = x;
    let next = 0;
    return this.#functions.map((activate, layer) => {
      const outputs = Array.from({ length: this.sizes[layer + 1] }, () => {
        let sum = weights[next + before.length];
        for (const input of before) sum += weights[next++] * input;
        next += 1;
        return activate(sum);
      });
      before = outputs;
      return outputs;
    });
  }

  /** The first output of the network at one point. */
  at(x: readonly number[]): number {
    const layers = this.layersAt(x);
    return layers[layers.length - 1][0];
  }

  #roomFor(inputs: readonly ArrayLike<number>[]): Float64Array[][] {
    if (this.#rooms.size >= MOST_ROOMS) this.#rooms.clear();
    const { length } = inputs[0];
    return this.sizes
      .slice(1)
      .map((size) => Array.from({ length: size }, () => new Float64Array(length)));
  }
}

/** The weights that nothing was computed with yet. */
const none: ArrayLike<number> = [];

/** How many parameters a network of these sizes has. */
export function parameterCount(sizes: readonly number[]): number {
  return sizes.slice(1).reduce((count, size, i) => count + size * (sizes[i] + 1), 0);
}

function expectWeights(weights: ArrayLike<number>, sizes: readonly number[]): ArrayLike<number> {
  const count = parameterCount(sizes);
  if (weights.length === count) return weights;
  throw new RangeError(
    `Predictor: expected ${count} parameters for a network of ${sizes.join("-")}, got ${weights.length}`,
  );
}

/**
 * Adds weight times input, point by point, in the order of Neuron.predict: the same bits. Four inputs at a
 * time, so that the sums are read and written a quarter as often.
 */
function addProducts(
  sums: Float64Array,
  weights: ArrayLike<number>,
  first: number,
  inputs: readonly ArrayLike<number>[],
): void {
  let i = 0;
  for (; i + 4 <= inputs.length; i += 4) {
    const [a, b, c, d] = [inputs[i], inputs[i + 1], inputs[i + 2], inputs[i + 3]];
    const at = first + i;
    const [wa, wb, wc, wd] = [weights[at], weights[at + 1], weights[at + 2], weights[at + 3]];
    for (let p = 0; p < sums.length; p++) {
      sums[p] = sums[p] + wa * a[p] + wb * b[p] + wc * c[p] + wd * d[p];
    }
  }
  for (; i < inputs.length; i++) {
    const [input, weight] = [inputs[i], weights[first + i]];
    for (let p = 0; p < sums.length; p++) sums[p] += weight * input[p];
  }
}

/** What an activation does to a number: as the operation says that a neuron's output is made by. */
function functionOf(activation: Activation): (x: number) => number {
  if (activation === "linear") return (x) => x;
  const { operation } = new Neuron(1, { activation }).forward([new Value(0)]);
  return (x) => operation.value(numbers, x) as number; // of numbers, it makes a number
}

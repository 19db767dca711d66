/**
 * The lecture's network on four points, trained twice from the same weights: by the right engine and
 * by one with mistakes. Read comparison.ts first.
 */

import {
  evenOdd,
  MLP,
  mean,
  meanSquaredError,
  pythonRandom,
  type Value,
  withOrigin,
} from "chainrule";
import { brokenBackward } from "chainrule/explain";
import { type Comparison, compare, type Mistakes } from "./comparison.ts";
import { RATE, STEPS } from "./limits.ts";

/** How long the page may be busy at a stretch, in milliseconds. */
const SLICE = 12;

const data = evenOdd();

/** The network and its loss at these weights; at its first ones if there are none. */
function networkAt(seed: number, weights?: ArrayLike<number>) {
  const model = new MLP(3, [4, 4, 1], {
    activation: "tanh",
    output: "tanh",
    random: pythonRandom(seed),
  });
  const parameters = model.parameters();
  if (weights) for (const [i, p] of parameters.entries()) p.data = weights[i] ?? p.data;
  return { parameters, loss: lossOf(model) };
}

function lossOf(model: MLP): Value {
  const losses = data.inputs.map((x, example) =>
    withOrigin({ example }, () => meanSquaredError(model.forward(x), data.targets[example] ?? [])),
  );
  return mean(losses);
}

/** The loss before the first step. */
export const firstLoss = (seed: number): Value => networkAt(seed).loss;

/** Two trainings, as far as they have come. */
export class TwoRuns {
  readonly mistakes: Mistakes;
  readonly seed: number;
  /** The losses before each step, and after the last. */
  readonly right: number[] = [];
  readonly broken: number[] = [];
  /** Of the broken engine: the weights before each step, and what it had then left in the gradients. */
  readonly #weights: Float64Array[] = [];
  readonly #left: Float64Array[] = [];
  #stopped = false;

  constructor(mistakes: Mistakes, seed: number) {
    this.mistakes = mistakes;
    this.seed = seed;
  }

  /** Has the training come to its end? */
  get isDone(): boolean {
    return this.broken.length > STEPS;
  }

  /** Ends the training: nobody looks at it any more. */
  stop(): void {
    this.#stopped = true;
  }

  /** Trains both, with pauses in which the page can answer. @returns whether it came to the end */
  async train(): Promise<boolean> {
    const right = networkAt(this.seed).parameters;
    const broken = networkAt(this.seed).parameters;
    let weights = right.map(({ data }) => data);
    this.#weights.push(Float64Array.from(broken, ({ data }) => data));
    this.#left.push(new Float64Array(broken.length));
    let began = performance.now();
    for (let step = 0; step <= STEPS; step++) {
      const isLast = step === STEPS;
      const good = networkAt(this.seed, weights);
      this.right.push(good.loss.data);
      good.loss.backward();
      weights = good.parameters.map(({ data, grad }) => data - RATE * grad);
      this.#stepBroken(step, isLast);
      if (performance.now() - began < SLICE) continue;
      await new Promise((later) => setTimeout(later, 0));
      if (this.#stopped) return false;
      began = performance.now();
    }
    return true;
  }

  #stepBroken(step: number, isLast: boolean): void {
    const { parameters, loss, before } = this.#brokenAt(step);
    this.broken.push(loss.data);
    if (isLast) return;
    const { names, wrong } = this.mistakes;
    const found = brokenBackward(loss, {
      mistakes: names,
      before,
      ...(wrong !== undefined && { wrong }),
    });
    const gradients = Float64Array.from(parameters, (p) => found.get(p) ?? 0);
    this.#left.push(gradients);
    this.#weights.push(
      Float64Array.from(parameters, ({ data }, i) => data - RATE * (gradients[i] ?? 0)),
    );
  }

  #brokenAt(step: number) {
    const { parameters, loss } = networkAt(this.seed, this.#weights[step]);
    const left = this.#left[step] ?? [];
    return { parameters, loss, before: new Map(parameters.map((p, i) => [p, left[i] ?? 0])) };
  }

  /** The graph of the broken engine before a step that was made, with the right gradients beside its own. */
  at(step: number): { readonly comparison: Comparison; readonly parameters: readonly Value[] } {
    const { parameters, loss, before } = this.#brokenAt(step);
    return { comparison: compare(loss, this.mistakes, before), parameters };
  }
}

/**
 * The angle between the two gradients of these parameters, in degrees; undefined if one is zero. A small step
 * lowers the loss as long as it is below 90.
 */
export function angleOf({ right, broken }: Comparison, parameters: readonly Value[]) {
  let [dot, a, b] = [0, 0, 0];
  for (const p of parameters) {
    const [x, y] = [right(p) ?? 0, broken(p) ?? 0];
    dot += x * y;
    a += x * x;
    b += y * y;
  }
  const cosine = dot / Math.sqrt(a * b);
  if (!Number.isFinite(cosine)) return undefined;
  return (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI;
}

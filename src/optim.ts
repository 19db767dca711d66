/**
 * Optimizers, which move parameters against their gradients, and learning-rate schedules. Read
 * value.ts first; the rules are PyTorch's, to the last term.
 *
 * A parameter without a gradient (`hasGrad` is false) is left alone, as in PyTorch.
 */

import { describe, expectCount, expectFinite, expectOptions } from "./errors.ts";
import { cos, pow } from "./math.ts";
import { Value } from "./value.ts";

/** What all optimizers have. */
export interface Optimizer {
  /** The learning rate, to be changed at will between steps. */
  rate: number;
  /** Moves every parameter once. */
  step(): void;
  /** Forgets the gradients of all parameters. */
  zeroGrad(): void;
}

/** Choices for {@link SGD}. */
export interface SGDOptions {
  /** The learning rate: 0.01 unless said otherwise. */
  readonly rate?: number;
  /** How much of the last step is kept, from 0 (unless said otherwise) up; below 1 to converge. */
  readonly momentum?: number;
  /** How much of the gradient is left out of the momentum: 0 unless said otherwise. */
  readonly dampening?: number;
  /** Looks ahead along the momentum (Nesterov 1983; as in Sutskever et al. 2013). */
  readonly nesterov?: boolean;
  /** Adds weightDecay · w to the gradient of w: 0 unless said otherwise. */
  readonly weightDecay?: number;
}

/**
 * Gradient descent: w -= rate · g. With momentum, a running total v takes the place of the
 * gradient: v = momentum · v + (1 - dampening) · g, which begins as the first g itself.
 * "Stochastic" if the gradient is that of a few data points. (PyTorch: `torch.optim.SGD`.)
 *
 * @example new SGD(model.parameters(), { rate: 0.1, momentum: 0.9 })
 */
export class SGD implements Optimizer {
  rate: number;
  readonly #parameters: readonly Value[];
  readonly #options: Required<Omit<SGDOptions, "rate">>;
  readonly #velocities = new Map<Value, number>();

  /** @throws TypeError or RangeError if a parameter or an option is not what it has to be */
  constructor(parameters: readonly Value[], options: SGDOptions = {}) {
    const known = ["rate", "momentum", "dampening", "nesterov", "weightDecay"];
    this.#parameters = expectParameters(parameters, "new SGD");
    expectOptions(options, known, "new SGD");
    const { rate = 0.01, momentum = 0, dampening = 0, nesterov = false } = options;
    const { weightDecay = 0 } = options;
    this.rate = expectAtLeast0(rate, "rate", "new SGD");
    expectAtLeast0(momentum, "momentum", "new SGD");
    expectFinite(dampening, "new SGD");
    expectAtLeast0(weightDecay, "weightDecay", "new SGD");
    if (typeof nesterov !== "boolean") {
      throw new TypeError(`new SGD: expected nesterov to be a boolean, got ${describe(nesterov)}`);
    }
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new RangeError(
        "new SGD: expected a momentum above 0 and no dampening with nesterov, " +
          `got momentum ${momentum} and dampening ${dampening}`,
      );
    }
    this.#options = { momentum, dampening, nesterov, weightDecay };
  }

  step(): void {
    const rate = expectAtLeast0(this.rate, "rate", "SGD.step");
    const { momentum, dampening, nesterov, weightDecay } = this.#options;
    for (const w of this.#parameters) {
      if (!w.hasGrad) continue;
      let g = w.grad;
      if (weightDecay !== 0) g += weightDecay * w.data;
      if (momentum !== 0) {
        const before = this.#velocities.get(w);
        const v = before === undefined ? g : momentum * before + (1 - dampening) * g;
        this.#velocities.set(w, v);
        g = nesterov ? g + momentum * v : v;
      }
      w.data -= rate * g;
    }
  }

  zeroGrad(): void {
    for (const w of this.#parameters) w.zeroGrad();
  }
}

/** Choices for {@link Adam} and {@link AdamW}. */
export interface AdamOptions {
  /** The learning rate: 0.001 unless said otherwise. */
  readonly rate?: number;
  /** How slowly the two running means change: [0.9, 0.999] unless said otherwise. */
  readonly betas?: readonly [number, number];
  /** Keeps the division safe: 1e-8 unless said otherwise. */
  readonly eps?: number;
  /** Adam: 0 unless said otherwise; AdamW: 0.01. */
  readonly weightDecay?: number;
}

/**
 * Adam (Kingma and Ba 2015): steps of about the learning rate in every parameter, however large
 * its gradients are. With running means m of the gradient and v of its square,
 *
 *     w -= rate · (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
 *
 * Weight decay is added to the gradient. (PyTorch: `torch.optim.Adam`.)
 */
export class Adam implements Optimizer {
  rate: number;
  readonly #adaptive: AdaptiveMoments;

  /** @throws TypeError or RangeError if a parameter or an option is not what it has to be */
  constructor(parameters: readonly Value[], options: AdamOptions = {}) {
    this.#adaptive = new AdaptiveMoments(parameters, options, 0, "new Adam");
    this.rate = this.#adaptive.firstRate;
  }

  step(): void {
    const rate = expectAtLeast0(this.rate, "rate", "Adam.step");
    this.#adaptive.step(rate, (w, decay) => w.grad + decay * w.data);
  }

  zeroGrad(): void {
    this.#adaptive.zeroGrad();
  }
}

/**
 * AdamW (Loshchilov and Hutter 2019): Adam, but the weights decay by themselves,
 * w *= 1 - rate · weightDecay, before each step. (PyTorch: `torch.optim.AdamW`.)
 */
export class AdamW implements Optimizer {
  rate: number;
  readonly #adaptive: AdaptiveMoments;

  /** @throws TypeError or RangeError if a parameter or an option is not what it has to be */
  constructor(parameters: readonly Value[], options: AdamOptions = {}) {
    this.#adaptive = new AdaptiveMoments(parameters, options, 0.01, "new AdamW");
    this.rate = this.#adaptive.firstRate;
  }

  step(): void {
    const rate = expectAtLeast0(this.rate, "rate", "AdamW.step");
    this.#adaptive.step(rate, (w, decay) => {
      w.data *= 1 - rate * decay;
      return w.grad;
    });
  }

  zeroGrad(): void {
    this.#adaptive.zeroGrad();
  }
}

/** What Adam and AdamW share; they differ in what they do about weight decay. */
class AdaptiveMoments {
  readonly firstRate: number;
  readonly #parameters: readonly Value[];
  readonly #betas: readonly [number, number];
  readonly #eps: number;
  readonly #weightDecay: number;
  readonly #moments = new Map<Value, { t: number; m: number; v: number }>();

  constructor(
    parameters: readonly Value[],
    options: AdamOptions,
    defaultDecay: number,
    where: string,
  ) {
    this.#parameters = expectParameters(parameters, where);
    expectOptions(options, ["rate", "betas", "eps", "weightDecay"], where);
    const { rate = 0.001, betas = [0.9, 0.999], eps = 1e-8 } = options;
    const { weightDecay = defaultDecay } = options;
    this.firstRate = expectAtLeast0(rate, "rate", where);
    this.#eps = expectAtLeast0(eps, "eps", where);
    this.#weightDecay = expectAtLeast0(weightDecay, "weightDecay", where);
    const possible = (beta: unknown): boolean => typeof beta === "number" && beta >= 0 && beta < 1;
    if (!Array.isArray(betas) || betas.length !== 2 || !betas.every(possible)) {
      throw new RangeError(
        `${where}: expected betas to be two numbers from 0 to below 1, got ${describe(betas)}`,
      );
    }
    this.#betas = [betas[0], betas[1]];
  }

  /** One step, with the gradient of each parameter as `gradientOf` gives it. */
  step(rate: number, gradientOf: (w: Value, weightDecay: number) => number): void {
    const [beta1, beta2] = this.#betas;
    for (const w of this.#parameters) {
      if (!w.hasGrad) continue;
      const g = gradientOf(w, this.#weightDecay);
      const state = this.#moments.get(w) ?? { t: 0, m: 0, v: 0 };
      this.#moments.set(w, state);
      state.t += 1;
      state.m = beta1 * state.m + (1 - beta1) * g;
      state.v = beta2 * state.v + (1 - beta2) * g * g;
      const size = rate / (1 - pow(beta1, state.t));
      const spread = Math.sqrt(state.v) / Math.sqrt(1 - pow(beta2, state.t)) + this.#eps;
      w.data -= (size * state.m) / spread;
    }
  }

  zeroGrad(): void {
    for (const w of this.#parameters) w.zeroGrad();
  }
}

/** A learning rate for each step, counted from 0. */
export type Schedule = (step: number) => number;

/** Always the same rate. */
export const constantRate = (rate: number): Schedule => {
  expectAtLeast0(rate, "rate", "constantRate");
  return () => rate;
};

/**
 * Along a straight line from `first` at step 0 to `last` at step `steps`, then `last`. micrograd's
 * demo uses `linearRate(1, 0.1, 100)`.
 */
export const linearRate = (first: number, last: number, steps: number): Schedule => {
  expectSchedule(first, last, steps, "linearRate");
  return (step) => (step >= steps ? last : first + ((last - first) * step) / steps);
};

/** Down half a cosine wave from `first` at step 0 to `last` at step `steps`, then `last`. */
export const cosineRate = (first: number, last: number, steps: number): Schedule => {
  expectSchedule(first, last, steps, "cosineRate");
  return (step) =>
    step >= steps ? last : last + 0.5 * (first - last) * (1 + cos((Math.PI * step) / steps));
};

/** `first` times `factor` for every `every` steps done: `stepRate(0.1, 0.5, 100)` halves it. */
export const stepRate = (first: number, factor: number, every: number): Schedule => {
  expectSchedule(first, factor, every, "stepRate");
  return (step) => first * pow(factor, Math.floor(step / every));
};

/** `first` times `factor` to the power of the step. */
export const exponentialRate = (first: number, factor: number): Schedule => {
  expectSchedule(first, factor, 1, "exponentialRate");
  return (step) => first * pow(factor, step);
};

/** Up from near 0 along a straight line for `steps` steps, then as `then` says from its step 0. */
export const warmup = (steps: number, then: Schedule): Schedule => {
  expectCount(steps, 1, "warmup");
  if (typeof then !== "function") {
    throw new TypeError(`warmup: expected a schedule to go on with, got ${describe(then)}`);
  }
  return (step) => (step < steps ? (then(0) * (step + 1)) / steps : then(step - steps));
};

function expectSchedule(first: number, last: number, steps: number, where: string): void {
  expectAtLeast0(first, "the rate", where);
  expectAtLeast0(last, "the second number", where);
  expectCount(steps, 1, where);
}

function expectAtLeast0(x: number, what: string, where: string): number {
  if (expectFinite(x, `${where}, ${what}`) < 0) {
    throw new RangeError(`${where}: expected ${what} to be at least 0, got ${x}`);
  }
  return x;
}

function expectParameters(parameters: readonly Value[], where: string): readonly Value[] {
  if (!Array.isArray(parameters)) {
    throw new TypeError(
      `${where}: expected an array of parameters such as model.parameters(), ` +
        `got ${describe(parameters)}`,
    );
  }
  for (const parameter of parameters) {
    if (!(parameter instanceof Value) || parameter.op !== "") {
      throw new TypeError(
        `${where}: expected every parameter to be a leaf, got ` +
          (parameter instanceof Value ? `a Value made by ${parameter.op}` : describe(parameter)),
      );
    }
  }
  if (parameters.length === 0) throw new RangeError(`${where}: expected parameters, got none`);
  return [...new Set(parameters)]; // a shared one is moved once
}

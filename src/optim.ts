/**
 * Optimizers, which move parameters against their gradients, and learning-rate schedules. Read
 * value.ts first; the rules are PyTorch's, to the last term.
 *
 * A parameter without a gradient (`hasGrad` is false) is left alone, as in PyTorch.
 */

import { describe, expectCount, expectFinite, expectOptions } from "./errors.ts";
import { cos, pow } from "./math.ts";
import { type Arithmetic, numbers } from "./operations.ts";
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
  readonly #updates: Updates;

  /** @throws TypeError or RangeError if a parameter or an option is not what it has to be */
  constructor(parameters: readonly Value[], options: SGDOptions = {}) {
    const known = ["rate", "momentum", "dampening", "nesterov", "weightDecay"];
    const leaves = expectParameters(parameters, "new SGD");
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
    const rule = ruleOf(descent, { momentum, dampening, nesterov, weightDecay });
    this.#updates = new Updates(leaves, rule);
    updates.set(this, this.#updates);
  }

  step(): void {
    this.#updates.step(expectAtLeast0(this.rate, "rate", "SGD.step"));
  }

  zeroGrad(): void {
    this.#updates.zeroGrad();
  }
}

const rules = new Map<string, UpdateRule>();

/** The rule for these options, the same object for equal ones: compiled rules are found by it. */
function ruleOf<Options>(make: (options: Options) => UpdateRule, options: Options): UpdateRule {
  const key = `${make.name} ${JSON.stringify(options)}`;
  const known = rules.get(key);
  if (known !== undefined) return known;
  if (rules.size >= 256) rules.clear();
  const rule = make(options);
  rules.set(key, rule);
  return rule;
}

/** The rule of {@link SGD}. It keeps v, if there is momentum. */
function descent(options: Required<Omit<SGDOptions, "rate">>): UpdateRule {
  const { momentum, dampening, nesterov, weightDecay } = options;
  return {
    kept: momentum === 0 ? 0 : 1,
    scalars: (rate, t) => [rate, t],
    update(A, w, g, kept, scalars) {
      const rate = scalars[0]; // by number, as taking an array apart is slow
      const t = scalars[1];
      const slope = weightDecay === 0 ? g : A.add(g, A.mul(weightDecay, w));
      if (momentum === 0) return A.sub(w, A.mul(rate, slope));
      const damped = A.add(A.mul(momentum, kept[0]), A.mul(1 - dampening, slope));
      const v = A.where(A.equal(t, 1), slope, damped);
      kept[0] = v;
      return A.sub(w, A.mul(rate, nesterov ? A.add(slope, A.mul(momentum, v)) : v));
    },
  };
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
  readonly #updates: Updates;

  /** @throws TypeError or RangeError if a parameter or an option is not what it has to be */
  constructor(parameters: readonly Value[], options: AdamOptions = {}) {
    const leaves = expectParameters(parameters, "new Adam");
    const { rate, ...others } = adamOptions(options, 0, "new Adam");
    this.rate = rate;
    this.#updates = new Updates(leaves, ruleOf(adaptive, { ...others, decoupled: false }));
    updates.set(this, this.#updates);
  }

  step(): void {
    this.#updates.step(expectAtLeast0(this.rate, "rate", "Adam.step"));
  }

  zeroGrad(): void {
    this.#updates.zeroGrad();
  }
}

/**
 * AdamW (Loshchilov and Hutter 2019): Adam, but the weights decay by themselves,
 * w *= 1 - rate · weightDecay, before each step. (PyTorch: `torch.optim.AdamW`.)
 */
export class AdamW implements Optimizer {
  rate: number;
  readonly #updates: Updates;

  /** @throws TypeError or RangeError if a parameter or an option is not what it has to be */
  constructor(parameters: readonly Value[], options: AdamOptions = {}) {
    const leaves = expectParameters(parameters, "new AdamW");
    const { rate, ...others } = adamOptions(options, 0.01, "new AdamW");
    this.rate = rate;
    this.#updates = new Updates(leaves, ruleOf(adaptive, { ...others, decoupled: true }));
    updates.set(this, this.#updates);
  }

  step(): void {
    this.#updates.step(expectAtLeast0(this.rate, "rate", "AdamW.step"));
  }

  zeroGrad(): void {
    this.#updates.zeroGrad();
  }
}

/** The rule of {@link Adam} and, where weight decay is decoupled, {@link AdamW}. It keeps m and v. */
function adaptive(options: AdaptiveOptions): UpdateRule {
  const { betas, eps, weightDecay, decoupled } = options;
  const [beta1, beta2] = betas;
  return {
    kept: 2,
    scalars: (rate, t) => [
      rate / (1 - pow(beta1, t)),
      Math.sqrt(1 - pow(beta2, t)),
      1 - rate * weightDecay,
    ],
    update(A, w, g, kept, scalars) {
      const size = scalars[0];
      const root = scalars[1];
      const shrink = scalars[2];
      const before = decoupled ? A.mul(w, shrink) : w;
      const slope = decoupled ? g : A.add(g, A.mul(weightDecay, w));
      const m = A.add(A.mul(beta1, kept[0]), A.mul(1 - beta1, slope));
      const v = A.add(A.mul(beta2, kept[1]), A.mul(A.mul(1 - beta2, slope), slope));
      kept[0] = m;
      kept[1] = v;
      return A.sub(before, A.div(A.mul(size, m), A.add(A.div(A.sqrt(v), root), eps)));
    },
  };
}

interface AdaptiveOptions extends Required<Omit<AdamOptions, "rate">> {
  /** Does weight decay shrink w by itself, rather than add to the gradient? */
  readonly decoupled: boolean;
}

/** The options of Adam or AdamW, checked, with what was left out filled in. */
function adamOptions(
  options: AdamOptions,
  defaultDecay: number,
  where: string,
): Required<AdamOptions> {
  expectOptions(options, ["rate", "betas", "eps", "weightDecay"], where);
  const { rate = 0.001, betas = [0.9, 0.999], eps = 1e-8 } = options;
  const { weightDecay = defaultDecay } = options;
  expectAtLeast0(rate, "rate", where);
  expectAtLeast0(eps, "eps", where);
  expectAtLeast0(weightDecay, "weightDecay", where);
  const possible = (beta: unknown): boolean => typeof beta === "number" && beta >= 0 && beta < 1;
  if (!Array.isArray(betas) || betas.length !== 2 || !betas.every(possible)) {
    throw new RangeError(
      `${where}: expected betas to be two numbers from 0 to below 1, got ${describe(betas)}`,
    );
  }
  return { rate, betas: [betas[0], betas[1]], eps, weightDecay };
}

/**
 * What an optimizer does to one parameter, stated once, over an arithmetic as in operations.ts:
 * given numbers, the statement moves the parameter; given instructions, it compiles.
 */
export interface UpdateRule {
  /** How many numbers are kept of each parameter from step to step: 0 before the first. */
  readonly kept: number;
  /** The numbers of step t, counted from 1, that are the same for all parameters. */
  scalars(rate: number, t: number): number[];
  /**
   * The parameter after the step, given it before (w), its gradient g, what is kept of it and the
   * scalars of the step. Writes into `kept` what is to be kept now.
   */
  update<T>(
    A: Arithmetic<T>,
    w: T,
    g: T,
    kept: (T | number)[],
    scalars: readonly (T | number)[],
  ): T | number;
}

/**
 * The parameters of an optimizer, the rule that moves them, and what the rule keeps of each.
 */
export class Updates {
  /** Each once, in the order in which they were given. */
  readonly parameters: readonly Value[];
  readonly rule: UpdateRule;
  readonly #states: readonly UpdateState[]; // in the order of the parameters

  constructor(parameters: readonly Value[], rule: UpdateRule) {
    this.parameters = parameters;
    this.rule = rule;
    this.#states = parameters.map(() => ({ t: 0, kept: Array(rule.kept).fill(0) }));
  }

  /** Moves every parameter that has a gradient. */
  step(rate: number): void {
    const { parameters, rule } = this;
    let t = 0; // the step that the scalars are for
    let scalars: number[] = [];
    for (let i = 0; i < parameters.length; i++) {
      const w = parameters[i];
      if (!w.hasGrad) continue;
      const state = this.#states[i];
      state.t += 1;
      if (state.t !== t) {
        t = state.t;
        scalars = rule.scalars(rate, t);
      }
      w.data = rule.update(numbers, w.data, w.grad, state.kept, scalars);
    }
  }

  zeroGrad(): void {
    for (const w of this.parameters) w.zeroGrad();
  }

  /** A copy of what is kept of each of these parameters, in their order. */
  read(parameters: readonly Value[]): UpdateState[] {
    return this.statesOf(parameters).map(({ t, kept }) => ({ t, kept: [...kept] }));
  }

  /** Makes the next step go on from such a copy: `write(ps, read(ps))` changes nothing. */
  write(parameters: readonly Value[], states: readonly UpdateState[]): void {
    this.statesOf(parameters).forEach((state, i) => {
      state.t = states[i].t;
      state.kept = [...states[i].kept];
    });
  }

  /** The states themselves, not a copy: what is written into them counts from the next step on. */
  statesOf(parameters: readonly Value[]): readonly UpdateState[] {
    const own = this.parameters;
    if (parameters.length === own.length && parameters.every((p, i) => p === own[i])) {
      return this.#states;
    }
    const places = new Map(this.parameters.map((parameter, i) => [parameter, i]));
    return parameters.map((parameter) => {
      const place = places.get(parameter);
      if (place !== undefined) return this.#states[place];
      throw new RangeError(`Updates: expected parameters of the optimizer, got ${parameter}`);
    });
  }
}

/** What an optimizer remembers of one parameter. */
export interface UpdateState {
  /** How many steps it has made: those in which it had a gradient. */
  t: number;
  /** As many numbers as its rule keeps. */
  kept: number[];
}

const updates = new WeakMap<Optimizer, Updates>();

/**
 * The updates of an SGD, Adam or AdamW; undefined for any other optimizer, also for one derived
 * from these with a step of its own. Whoever reads the states, makes steps by the rule, and writes
 * the states and the parameters, leaves the optimizer as if it had made the steps itself.
 */
export function updatesOf(optimizer: Optimizer): Updates | undefined {
  const isAsWritten = [SGD, Adam, AdamW].some(
    ({ prototype: { step, zeroGrad } }) =>
      optimizer.step === step && optimizer.zeroGrad === zeroGrad,
  );
  return isAsWritten ? updates.get(optimizer) : undefined;
}

/**
 * What an SGD, Adam or AdamW remembers of its steps, in the order of its parameters: a copy, to go
 * on from later. With a copy of the parameters it is all that the next steps depend on. (PyTorch:
 * `optimizer.state_dict()`.)
 *
 * @throws TypeError for an optimizer of your own
 */
export function optimizerState(optimizer: Optimizer): UpdateState[] {
  const own = ownUpdates(optimizer, "optimizerState");
  return own.read(own.parameters);
}

/**
 * Makes an optimizer go on from what another one, or itself, remembered then. (PyTorch:
 * `optimizer.load_state_dict(state)`.)
 *
 * @throws RangeError if that was one with other parameters or of another kind; TypeError as above
 */
export function restoreOptimizer(optimizer: Optimizer, state: readonly UpdateState[]): void {
  const where = "restoreOptimizer";
  const own = ownUpdates(optimizer, where);
  const expected = own.parameters.length;
  if (state.length !== expected) {
    throw new RangeError(
      `${where}: expected what is kept of ${expected} parameters, got that of ${state.length}`,
    );
  }
  for (const { t, kept } of state) {
    expectCount(t, 0, `${where}, steps made`, Number.MAX_SAFE_INTEGER);
    if (kept.length === own.rule.kept) continue;
    throw new RangeError(
      `${where}: expected ${own.rule.kept} numbers for each parameter, got ${kept.length}`,
    );
  }
  own.write(own.parameters, state);
}

function ownUpdates(optimizer: Optimizer, where: string): Updates {
  const own = updatesOf(optimizer);
  if (own !== undefined) return own;
  throw new TypeError(`${where}: expected an SGD, Adam or AdamW, got ${describe(optimizer)}`);
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

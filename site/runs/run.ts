/**
 * A training run that can be had again, any moment of it, to the last bit. Read setup.ts, graph.ts and
 * checkpoints.ts first.
 */

import {
  accuracy,
  type DataSet,
  losses as exampleLosses,
  graphOf as nodesOf,
  type Optimizer,
  optimizerState,
  restoreOptimizer,
  type Value,
} from "chainrule";
import type { compile, Program } from "chainrule/compile";
import { addresses } from "chainrule/explain";
import { Checkpoints } from "./checkpoints.ts";
import {
  changed,
  firstPoints,
  lossOf,
  type Moment,
  momentOf,
  networkOf,
  type Points,
} from "./graph.ts";
import { optimizerOf } from "./optimizer.ts";
import { Series } from "./series.ts";
import {
  type Change,
  checkChange,
  checkEdits,
  checkSetup,
  type Edit,
  inputsOf,
  keepingPoints,
  limits,
  type RunState,
  rateFor,
  type Setup,
  taskOf,
} from "./setup.ts";

export { graphOf, type Moment } from "./graph.ts";

/** Why a run cannot go on. */
export interface Problem {
  /** The step at which the number turned up. */
  readonly step: number;
  /** What it is, where it is, and what it was computed from. */
  readonly sentence: string;
  /** The address of the node in the graph of this step: see `addresses` of chainrule/explain. */
  readonly node: string;
}

/** What {@link Run.undo} did, and what may help. */
export interface Undone {
  readonly step: number;
  readonly cause: string;
  /** A rate that is more likely to work. */
  readonly rate: number;
}

/** The held-out loss, which is not measured at every step. */
export interface HeldOutLosses {
  readonly steps: readonly number[];
  readonly losses: readonly number[];
}

/** How a run is going at its present step. */
export interface Measures {
  readonly loss: number;
  /** The share of points that it is right about; undefined where no answer is simply right. */
  readonly accuracy: number | undefined;
  readonly heldOutLoss: number | undefined;
  readonly heldOutAccuracy: number | undefined;
}

export interface RunOptions {
  /** `compile` of chainrule/compile, if it has been loaded: the bits are the same without it. */
  readonly compile?: typeof compile;
}

/**
 * @example
 * const run = new Run(presets.moons, { compile });
 * run.advance(100);
 * run.edit({ kind: "add", point: { x: [0, 0], target: 1 } });
 * run.advance(100);
 * run.goTo(42);
 */
export class Run {
  #setup: Setup;
  #edits: readonly Edit[];
  readonly #model: ReturnType<typeof networkOf>;
  readonly #parameters: readonly Value[];
  readonly #program: Program | undefined;
  /** Why the engine makes the steps; undefined if it does not. */
  readonly reason: string | undefined;

  // The present moment.
  #step = 0;
  #optimizer: Optimizer;
  #first: Points; // before any change
  #data: DataSet;
  #applied = 0; // how many edits are in the data and the rate
  #loss: Value | undefined; // the graph of the model itself, if the engine makes the steps
  #problem: Problem | undefined;

  // What is known of others.
  readonly #losses = new Series();
  readonly #heldOutLosses: { steps: number[]; losses: number[] } = { steps: [], losses: [] };
  #checkpoints: Checkpoints;

  /**
   * A run at the step of its state: it is trained so far at once.
   *
   * @throws RangeError if the state is none that can be trained, with sentences that say why
   */
  constructor(start: RunState | Setup, { compile }: RunOptions = {}) {
    const { setup, edits, step } = "setup" in start ? start : { setup: start, edits: [], step: 0 };
    const wrong = checkSetup(setup);
    if (wrong.length > 0) throw new RangeError(wrong.join(" "));
    const { problem } = checkEdits(setup, edits);
    if (problem !== undefined) throw new RangeError(`In the run, ${problem}.`);
    if (!Number.isInteger(step) || step < 0 || step > limits.steps) {
      throw new RangeError(`The step must be from 0 to ${limits.steps}, not ${step}.`);
    }
    this.#setup = setup;
    this.#edits = edits;
    this.#model = networkOf(setup);
    this.#parameters = this.#model.parameters();
    this.#optimizer = optimizerOf(setup, this.#parameters);
    this.#first = firstPoints(setup);
    this.#data = this.#first.data;
    this.#checkpoints = new Checkpoints(4 * this.#parameters.length);
    const made = compile === undefined ? "the compiler is not there" : this.#compiled(compile);
    this.#program = typeof made === "string" ? undefined : made;
    this.reason = typeof made === "string" ? made : undefined;
    this.#arrive();
    this.goTo(step);
  }

  // What there is to know.

  get setup(): Setup {
    return this.#setup;
  }

  /** How many steps have been made. */
  get step(): number {
    return this.#step;
  }

  /** All changes, those of later steps included. */
  get edits(): readonly Edit[] {
    return this.#edits;
  }

  get state(): RunState {
    return { setup: this.#setup, edits: this.#edits, step: this.#step };
  }

  /** What is trained on now. */
  get data(): DataSet {
    return this.#data;
  }

  get heldOut(): DataSet | undefined {
    return this.#first.heldOut;
  }

  /** The learning rate of the next step. */
  get rate(): number {
    return this.#optimizer.rate;
  }

  /**
   * The loss at each step, before it is made: `losses[0]` is that of the first weights, and
   * `losses[step]` that of now. After `goTo` back, those of later steps stay until something is
   * changed. To be read before the run goes on.
   */
  get losses(): Float64Array {
    return this.#losses.view();
  }

  get heldOutLosses(): HeldOutLosses {
    return this.#heldOutLosses;
  }

  /** What makes the steps. */
  get engine(): "compiled" | "engine" {
    return this.#program === undefined ? "engine" : "compiled";
  }

  /** Why the run cannot go on; undefined if it can. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** The parameters, in the order of `model.parameters()`: a copy. */
  weights(): Float64Array {
    return Float64Array.from(this.#parameters, (parameter) => parameter.data);
  }

  /** The engine's graph at this step: the mean loss of all points, its backward pass not yet done. */
  graph(): Moment {
    return momentOf(this.#setup, this.#data, this.weights());
  }

  /** The gradients of the loss, in the order of the weights: those that the next step uses. */
  gradients(): Float64Array {
    if (this.#program !== undefined) {
      this.#program.gradient(this.#data.inputs, this.#data.targets);
      return Float64Array.from(this.#parameters, (parameter) => parameter.grad);
    }
    const { model, loss } = this.graph();
    loss.backward();
    return Float64Array.from(model.parameters(), (parameter) => parameter.grad);
  }

  measure(): Measures {
    const { heldOut } = this;
    return {
      loss: this.#losses.at(this.#step)!, // measured on arrival
      accuracy: this.#accuracy(this.#data),
      heldOutLoss: heldOut && this.#measure(heldOut),
      heldOutAccuracy: heldOut && this.#accuracy(heldOut),
    };
  }

  // What there is to do.

  /** Makes so many steps, fewer if there is a problem. Returns how many. */
  advance(steps: number): number {
    const from = this.#step;
    const end = Math.min(from + steps, limits.steps);
    while (this.#step < end && this.#problem === undefined) {
      this.#trainUntil(Math.min(end, this.#nextStop()));
    }
    return this.#step - from;
  }

  /** To a step before or after this one, the same to the last bit as on a straight way there. */
  goTo(step: number): void {
    const way = this.going(step);
    while (!way.next(limits.steps).done);
  }

  /**
   * The same for those who have something else to do on the way: it asks how many steps to make before
   * it asks again, as `next(steps)`.
   */
  *going(step: number): Generator<void, void, number> {
    const target = Math.min(Math.max(0, Math.trunc(step)), limits.steps);
    const checkpoint = this.#checkpoints.before(target);
    if (target < this.#step || checkpoint.step > this.#step) this.#restore(checkpoint);
    // Whoever goes back goes back again: what is kept on the way shortens the next one.
    const isKnown = target < this.#losses.length;
    for (const stop of isKnown ? nearStops(this.#step, target) : [target]) {
      while (this.#step < stop) if (this.advance(Math.min(yield, stop - this.#step)) === 0) return;
      if (stop < target) this.#checkpoints.keepNear(this.#checkpoint());
    }
  }

  /**
   * Changes something from this step on. What had come later is forgotten; changes of the same point
   * at the same step become one.
   *
   * @throws RangeError if it cannot be done, with the reason
   */
  edit(change: Change): void {
    const wrong = checkChange(this.#setup, change, this.#data.inputs.length);
    if (wrong !== undefined) throw new RangeError(`This cannot be changed: ${wrong}.`);
    const before = this.#edits.filter(({ at }) => at <= this.#step);
    const edits = withChange(before, { ...change, at: this.#step });
    if (edits.length > limits.edits) {
      throw new RangeError(`A run may have ${limits.edits} changes, and they are made.`);
    }
    this.#edits = edits;
    this.#forgetLater();
    this.#arrive();
  }

  /** Back to step 0 with the same seed: the same losses will come. */
  reset(): void {
    this.goTo(0);
  }

  /** Begins anew with other first weights, and with the points and the rate of now. */
  newSeed(): void {
    const kept = keepingPoints(this.#setup, this.#edits, this.#data, this.heldOut);
    const seed = (this.#setup.seed + 1) % (limits.seed + 1);
    this.#setup = { ...kept, rate: this.rate, seed, weights: undefined };
    this.#edits = [];
    this.#first = firstPoints(this.#setup);
    this.#data = this.#first.data;
    this.#applied = 0;
    this.#step = 0;
    networkOf(this.#setup)
      .parameters()
      .forEach(({ data }, i) => {
        this.#parameters[i]!.data = data; // the sizes are the same
      });
    this.#optimizer = optimizerOf(this.#setup, this.#parameters);
    this.#checkpoints = new Checkpoints(4 * this.#parameters.length);
    this.#losses.cut(0);
    this.#cutHeldOut(0);
    this.#arrive();
  }

  /**
   * After a problem: back to the step with the lowest loss since the last change. What was changed is
   * not forgotten, so that nothing is lost; with the same rate the same problem will come.
   */
  undo(): Undone | undefined {
    const problem = this.#problem;
    if (problem === undefined) return undefined;
    const change = this.#edits[this.#applied - 1]?.at ?? 0;
    let step = Math.max(0, change - 1); // if it is the change that the loss cannot take
    let lowest = Number.POSITIVE_INFINITY;
    for (let at = change; at <= this.#step; at++) {
      const loss = this.#losses.at(at)!; // known up to now
      if (!(loss <= lowest) || loss === Number.POSITIVE_INFINITY) continue;
      lowest = loss;
      step = at;
    }
    this.#problem = undefined;
    this.goTo(step);
    return { step, cause: problem.sentence, rate: this.#smallerRate() };
  }

  /** That of before, if it was made larger just here; else half of it, or what is usual. */
  #smallerRate(): number {
    let old = this.#setup.rate;
    for (const edit of this.#edits) {
      if (edit.kind === "rate" && edit.at < this.#step) old = edit.rate;
    }
    if (old < this.rate) return old;
    return Math.min(this.rate / 2, rateFor(this.#setup, this.#setup.optimizer));
  }

  // Steps.

  /** The next step at which there is something to do besides training. */
  #nextStop(): number {
    const step = this.#step;
    const edit = this.#edits[this.#applied]?.at ?? Number.POSITIVE_INFINITY;
    const heldOut =
      this.heldOut === undefined ? Number.POSITIVE_INFINITY : step + heldOutInterval(step);
    return Math.min(edit, this.#checkpoints.next(step), heldOut);
  }

  #trainUntil(step: number): void {
    if (this.#program === undefined) this.#stepByEngine();
    else this.#stepCompiled(this.#program, step - this.#step);
  }

  /** One step, as in step 8 of the course. */
  #stepByEngine(): void {
    const loss = this.#loss!; // made on arrival
    for (const parameter of this.#parameters) parameter.zeroGrad();
    loss.backward();
    const finite = this.#parameters.every(({ grad }) => Number.isFinite(grad));
    if (finite) this.#optimizer.step();
    if (finite && this.#parameters.every(({ data }) => Number.isFinite(data))) {
      this.#step += 1;
      this.#arrive();
    } else {
      this.#stopAt(this.#step);
    }
  }

  #stepCompiled(program: Program, steps: number): void {
    const { inputs, targets } = this.#data;
    const first = this.#step;
    const { losses, problem } = program.train(inputs, targets, {
      optimizer: this.#optimizer,
      steps,
    });
    this.#losses.write(first, losses);
    if (problem === undefined) {
      this.#step += steps;
      this.#arrive();
      return;
    }
    // The program has gone back to weights that were fine. The step at which it came to the bad number
    // is the last one that it has a loss of: go there, where that number can be looked at.
    this.#stopAt(first + losses.length - 1);
  }

  /** Comes again to the step at which, or right after which, a number is not finite. */
  #stopAt(step: number): void {
    this.#restore(this.#checkpoints.before(step));
    while (this.#step < step) this.#trainUntil(Math.min(step, this.#nextStop()));
    if (this.#problem === undefined) this.#stopHere();
  }

  /** What there is to do when a step has been reached. */
  #arrive(): void {
    this.#placePoints();
    this.#problem = undefined;
    if (this.#checkpoints.wants(this.#step)) this.#checkpoints.keep(this.#checkpoint());
    const loss = this.#measure(this.#data);
    this.#losses.write(this.#step, [loss]);
    const { steps, losses } = this.#heldOutLosses;
    const due = this.#step % heldOutInterval(this.#step) === 0;
    if (this.heldOut !== undefined && due && !((steps.at(-1) ?? -1) >= this.#step)) {
      steps.push(this.#step);
      losses.push(this.#measure(this.heldOut));
    }
    if (!Number.isFinite(loss)) this.#stopHere();
  }

  /** Brings data and rate to this step. */
  #placePoints(): void {
    const { length } = this.#edits.filter(({ at }) => at <= this.#step);
    if (length === this.#applied) return;
    if (length < this.#applied) {
      this.#data = this.#first.data;
      this.#optimizer.rate = this.#setup.rate;
      this.#applied = 0;
    }
    for (const edit of this.#edits.slice(this.#applied, length)) {
      this.#data = changed(this.#data, edit);
      if (edit.kind === "rate") this.#optimizer.rate = edit.rate;
    }
    this.#applied = length;
  }

  /** The mean loss, with the bits of the graph's. */
  #measure(data: DataSet): number {
    if (this.#program !== undefined) return this.#program.loss(data.inputs, data.targets);
    const loss = lossOf(this.#setup, this.#model, data);
    if (data === this.#data) this.#loss = loss;
    return loss.data;
  }

  #accuracy(data: DataSet): number | undefined {
    if (taskOf(this.#setup) === "regression") return undefined;
    if (this.#program === undefined) return accuracy(this.#model, data);
    const outputs = this.#program.predict(data.inputs);
    const right = data.targets.filter(([target], i) => outputs[i]! > 0 === target! > 0);
    return right.length / data.targets.length;
  }

  #compiled(compileLoss: typeof compile): Program | string {
    const loss = exampleLosses[this.#setup.loss];
    try {
      const program = compileLoss((x, target) => loss(this.#model.forward(x), target), {
        parameters: this.#parameters,
        inputs: inputsOf(this.#setup),
        predict: (x) => this.#model.forward(x),
      });
      return program.path === "engine" ? (program.reason ?? "it cannot be compiled") : program;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  // Checkpoints.

  #checkpoint() {
    const state = optimizerState(this.#optimizer);
    const numbers = [...this.weights(), ...state.map(({ t }) => t)];
    for (const { kept } of state) numbers.push(...kept);
    return { step: this.#step, numbers: Float64Array.from(numbers) };
  }

  #restore({ step, numbers }: { readonly step: number; readonly numbers: Float64Array }): void {
    const count = this.#parameters.length;
    const keptEach = (numbers.length - 2 * count) / count;
    const states = this.#parameters.map((parameter, i) => {
      parameter.data = numbers[i]!; // see #checkpoint
      const kept = 2 * count + keptEach * i;
      return { t: numbers[count + i]!, kept: [...numbers.subarray(kept, kept + keptEach)] };
    });
    restoreOptimizer(this.#optimizer, states);
    this.#step = step;
    this.#arrive();
  }

  #forgetLater(): void {
    this.#losses.cut(this.#step);
    this.#cutHeldOut(this.#step);
    this.#checkpoints.cut(this.#step);
    this.#applied = Number.POSITIVE_INFINITY; // all are to be done again, as one may have been changed
  }

  #cutHeldOut(step: number): void {
    const { steps, losses } = this.#heldOutLosses;
    while (steps.length > 0 && steps.at(-1)! >= step) {
      steps.pop();
      losses.pop();
    }
  }

  // Numbers that are not finite.

  /** Finds out what is not finite at this step or right after it. */
  #stopHere(): void {
    const { model, loss } = this.graph();
    const bad = (node: Value) => !Number.isFinite(node.data);
    if (bad(loss)) {
      // Inputs come before what is made of them.
      const node = nodesOf(loss).find(bad)!; // the loss is one
      this.#tell(addresses(loss).of(node), `${whatIs(node)} at step ${this.#step}`);
      return;
    }
    loss.backward();
    const named = model.namedParameters();
    const gradient = named.find(([, { grad }]) => !Number.isFinite(grad));
    if (gradient !== undefined) {
      const [name, { grad }] = gradient;
      this.#tell(name, `the gradient of ${name} is ${grad} at step ${this.#step}`);
      return;
    }
    const optimizer = optimizerOf(this.#setup, model.parameters());
    restoreOptimizer(optimizer, optimizerState(this.#optimizer));
    optimizer.rate = this.rate;
    optimizer.step();
    const [name, weight] = named.find(([, parameter]) => bad(parameter))!; // or it could go on
    this.#tell(name, `the step from ${this.#step} would make ${name} ${weight.data}`);
  }

  #tell(node: string, what: string): void {
    this.#problem = {
      step: this.#step,
      node,
      sentence: `Training stopped: ${what}. The learning rate ${this.rate} may be too large.`,
    };
  }
}

/** Where to stop on the way to a step, that step last: every time after half of the rest. */
function nearStops(from: number, to: number): number[] {
  const stops = [];
  for (let at = from; to - at > 4; at += Math.ceil((to - at) / 2)) if (at > from) stops.push(at);
  return [...stops, to];
}

/** The edits with one more, which takes the place of one that it makes pointless. */
function withChange(edits: readonly Edit[], edit: Edit): Edit[] {
  const others = edits.filter(
    ({ at, kind }) => !(edit.kind === "rate" && kind === "rate" && at === edit.at),
  );
  const last = others.at(-1);
  if (edit.kind === "move" && last?.kind === "move") {
    if (last.at === edit.at && last.index === edit.index) return [...others.slice(0, -1), edit];
  }
  return [...others, edit];
}

/** How many steps lie between two held-out losses: one at first, then about a hundredth of all. */
function heldOutInterval(step: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, step))) - 7);
}

/** For example: `exp(800) = Infinity in layers.1.neurons.0, for point 3`; the first point is point 1. */
function whatIs(node: Value): string {
  const { layer, neuron, example } = node.origin;
  const text = (x: number) => String(Number(x.toPrecision(5)));
  const inputs = node.inputs.map((input) => text(input.data)).join(", ");
  const made = `${node.op === "" ? node.label : `${node.op}(${inputs})`} = ${node.data}`;
  const where = layer === undefined ? "" : ` in layers.${layer}.neurons.${neuron}`;
  const which = example === undefined ? "" : `, for point ${example + 1}`;
  return `${made}${where}${which}`;
}

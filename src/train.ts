/**
 * Training: make the loss small, step by step, until there is a reason to stop. Read nn.ts,
 * losses.ts, optim.ts and data.ts first; how it is compiled is in compile/.
 */

import { trainEpochs } from "./compile/epochs.ts";
import { compile, type Program } from "./compile/program.ts";
import { type Batch, toRows } from "./compile/rows.ts";
import { checkDataSet, type DataSet } from "./data.ts";
import { describe, expectCount, expectFinite, expectOneOf, expectOptions } from "./errors.ts";
import { mean } from "./functions.ts";
import {
  absoluteError,
  binaryCrossEntropy,
  crossEntropy,
  hinge,
  huber,
  meanSquaredError,
  squaredError,
} from "./losses.ts";
import { MLP, type Module } from "./nn.ts";
import { firstNotFinite } from "./not-finite.ts";
import type { Optimizer, Schedule } from "./optim.ts";
import { pythonRandom, type Random } from "./random.ts";
import { type Operand, Value, withOrigin } from "./value.ts";

/** What can be trained: an MLP, or a Module of your own with these two methods. */
export interface Network extends Module {
  /** The outputs for one data point, as a graph. */
  forward(x: readonly number[]): Value[];
  /** The same numbers without a graph. */
  predict(x: readonly number[]): number[];
}

/** How wrong the outputs for one data point are; the row of its targets beside them. */
export type ExampleLoss = (outputs: Value[], target: readonly number[]) => Value;

/** The same of ours: Values may stand for the targets, so that a graph of it serves any example. */
type NamedLoss = (outputs: Value[], target: readonly Operand[]) => Value;

/**
 * The losses that have a name, as losses of one example: `losses.hinge(model.forward(x), [1])`. To `binaryCrossEntropy` a target of -1,
 * as in data of the task "sign", is a 0.
 */
export const losses = {
  meanSquaredError,
  squaredError,
  absoluteError,
  huber: (outputs: Value[], target: readonly Operand[]) => huber(outputs, target),
  hinge,
  binaryCrossEntropy: (outputs: Value[], target: readonly Operand[]) =>
    binaryCrossEntropy(
      outputs,
      target.map((t) => (t instanceof Value ? t.max(0) : Math.max(t, 0))),
    ),
  crossEntropy: (outputs: Value[], target: readonly Operand[]) => crossEntropy(outputs, target[0]),
} satisfies Record<string, NamedLoss>;

/** The name of a loss. */
export type LossName = keyof typeof losses;

/** The names of all losses. */
export const lossNames: readonly LossName[] = Object.keys(losses) as LossName[];

/** How to train. */
export interface TrainOptions {
  /** The name of a loss, or a function of the outputs for one example and its targets. */
  readonly loss: LossName | ExampleLoss;
  /** What moves the weights. */
  readonly optimizer: Optimizer;
  /** How often to go through the data, 0 or more. */
  readonly epochs: number;
  /** How many examples make one step: all of them unless said otherwise. */
  readonly batch?: number;
  /** The learning rate of each step, counted from 0: the optimizer's unless said otherwise. */
  readonly schedule?: Schedule;
  /** Draws the batches, if they are not the whole data: pythonRandom(0) unless said otherwise. */
  readonly random?: Random;
  /** Data that is only measured, never learned from. */
  readonly heldOut?: DataSet;
  /** Stops as soon as the loss of an epoch is below this. */
  readonly stopBelow?: number;
  /**
   * Stops once so many epochs in a row have set no new low of the held-out loss or, without
   * held-out data, of the loss.
   */
  readonly patience?: number;
  /** Is told of every epoch; training stops if it returns false. */
  readonly onEpoch?: (report: EpochReport) => unknown;
  /**
   * What makes the steps. The numbers are the same, to the last bit; only the time is not.
   *
   * - `engine`: every step builds its graph
   * - `compiled`: as WebAssembly, written once; what cannot be compiled is an error
   * - `auto`, unless said otherwise: compiled if it can be and is worth it
   *
   * What is compiled is called a few times at the beginning, and asks the schedule for the rates of
   * many steps ahead. A loss or model of your own that you change between two steps is not for
   * `compiled`; `auto` leaves it to the engine if it hears of every epoch or step.
   */
  readonly engine?: Engine;
}

/** See {@link TrainOptions.engine}. */
export type Engine = "auto" | "engine" | "compiled";

/** The names of all engines. */
export const engines: readonly Engine[] = ["auto", "engine", "compiled"];

/** What `onEpoch` is told, at the end of an epoch but before its last step. */
export interface EpochReport {
  /** Counted from 0. */
  readonly epoch: number;
  /** The mean loss of all examples, each measured before the step it was used for. */
  readonly loss: number;
  /** The held-out loss at the start of the epoch; undefined without held-out data. */
  readonly heldOutLoss: number | undefined;
  /** The learning rate of the step to come. */
  readonly rate: number;
}

/** Why training ended: all epochs done, a rule of the options, the caller, or a bad number. */
export type StopReason = "epochs" | "stopBelow" | "patience" | "onEpoch" | "caller" | "not finite";

/** What came of a training. */
export interface Training {
  /** The loss of each epoch, before its step: the first is that of the untrained network. */
  readonly losses: number[];
  /** The held-out loss at the start of each epoch; empty without held-out data. */
  readonly heldOutLosses: number[];
  /** The loss of the trained network. */
  readonly loss: number;
  /** The held-out loss of the trained network; undefined without held-out data. */
  readonly heldOutLoss: number | undefined;
  /** How many epochs were finished. */
  readonly epochs: number;
  readonly stopped: StopReason;
  /** Names the first number that was not finite; undefined if all were. */
  readonly problem: string | undefined;
  /** What made the steps. */
  readonly engine: Exclude<Engine, "auto">;
  /** Why they were not compiled; undefined if they were. */
  readonly reason: string | undefined;
}

/** How far a training got. */
export interface Progress {
  /** How many epochs were finished. */
  readonly epochs: number;
  /** The loss of the last of them, before its step; NaN before there is one. */
  readonly loss: number;
}

/** A training under way: every `next()` goes on a little, `next("stop")` ends it. */
type Course = Generator<Progress, Training, "stop" | undefined>;

/**
 * Trains a model. Each step builds the loss of a batch as one graph, `mean` of the losses of its
 * examples, finds the gradients, and lets the optimizer move the weights.
 *
 * If a loss, a gradient or a weight comes out as NaN or Infinity, training stops, `problem` says
 * what was the first, and the model goes back to its last good weights: the last ones that a
 * finite loss was found with.
 *
 * The same seeds give the same bits, on every machine.
 *
 * @example
 * const model = new MLP(3, [4, 4, 1], { output: "tanh", random: pythonRandom(1337) });
 * const optimizer = new SGD(model.parameters(), { rate: 0.1 });
 * const { loss } = train(model, evenOdd(), { loss: "meanSquaredError", optimizer, epochs: 500 });
 *
 * @throws TypeError or RangeError if the data or an option is not what it has to be
 */
export function train(model: Network, data: DataSet, options: TrainOptions): Training {
  const slices = start(model, data, options, "slices");
  let next = slices.next();
  while (!next.done) next = slices.next();
  return next.value;
}

/**
 * {@link train} for those who have something else to do between two steps, such as to draw, or to
 * listen: every `next()` makes one step, and `next("stop")` ends the training. What comes last
 * is the same.
 *
 * @example
 * const steps = trainInSteps(model, data, options);
 * let next = steps.next();
 * while (!next.done) {
 *   await pause();
 *   next = steps.next();
 * }
 * const { loss } = next.value;
 */
export function trainInSteps(model: Network, data: DataSet, options: TrainOptions): Course {
  return start(model, data, options, "steps");
}

/**
 * The same for those who only want to know how far it got: if it is compiled, a `next()` makes as
 * many steps as take up to about 50 ms, and the weights are in the model at the end.
 *
 * @internal
 */
export function trainInSlices(model: Network, data: DataSet, options: TrainOptions): Course {
  return start(model, data, options, "slices");
}

function start(
  model: Network,
  data: DataSet,
  options: TrainOptions,
  pace: "steps" | "slices",
): Course {
  checkOptions(model, data, options);
  const made = programFor(model, data, options, pace === "steps");
  return typeof made === "string"
    ? stepByStep(model, data, options, made)
    : compiled(model, data, options, made, pace === "steps");
}

function* stepByStep(model: Network, data: DataSet, options: TrainOptions, reason: string): Course {
  const { optimizer, epochs, schedule, heldOut, stopBelow = -Infinity, patience } = options;
  const { random = pythonRandom(0), onEpoch } = options;
  const lossOf = lossFunction(options);
  const count = data.inputs.length;
  const batch = Math.min(options.batch ?? count, count);
  const order = data.inputs.map((_, i) => i);
  const weights = new Weights(model);

  const measured = new Series();
  const heldOutMeasured = new Series();
  let finished = 0; // epochs
  let finishedGood = 0; // with the weights to go back to
  let step = 0;
  let lowest = Infinity;
  let lowestEpoch = 0;
  let lastLoss = Number.NaN;

  // What there is to say at the end, whatever the end was.
  const end = (stopped: StopReason, problem?: string): Training => {
    if (problem !== undefined) {
      weights.restore();
      finished = finishedGood;
    }
    const loss = lossOn(model, data, lossOf);
    const heldOutLoss = heldOut && lossOn(model, heldOut, lossOf);
    if (problem === undefined && ![loss, heldOutLoss ?? 0].every(Number.isFinite)) {
      const bad = Number.isFinite(loss) ? heldOut! : data; // if it is not the one, it is the other
      return end(
        "not finite",
        `after ${epochWord(finished)}: ${firstBadValue(model, bad, lossOf)}`,
      );
    }
    return {
      losses: measured.toArray(),
      heldOutLosses: heldOutMeasured.toArray(),
      loss,
      heldOutLoss,
      epochs: finished,
      stopped,
      problem,
      engine: "engine",
      reason,
    };
  };

  for (let epoch = 0; epoch < epochs; epoch++) {
    const heldOutLoss = heldOut && lossOn(model, heldOut, lossOf);
    if (heldOutLoss !== undefined && !Number.isFinite(heldOutLoss)) {
      const problem = firstBadValue(model, heldOut!, lossOf); // a held-out loss needs such data
      return end("not finite", `epoch ${epoch}, held-out data: ${problem}`);
    }
    if (batch < count) random.shuffle(order);
    let total = 0;
    for (let start = 0; start < count; start += batch) {
      // 1. The loss of the batch, and its gradients.
      optimizer.zeroGrad();
      weights.zeroGrad();
      const examples = order.slice(start, start + batch);
      const { exampleLosses, problem } = lossAndGradients(model, data, examples, lossOf);
      if (problem !== undefined) return end("not finite", `epoch ${epoch}: ${problem}`);
      for (const exampleLoss of exampleLosses) total += exampleLoss;
      weights.remember();
      finishedGood = finished;
      const badGradient = weights.find((weight) => weight.grad);
      if (badGradient !== undefined) {
        return end("not finite", `epoch ${epoch}: the gradient of ${badGradient}`);
      }

      // 2. At the end of an epoch: reasons to stop here, with the weights just measured.
      if (schedule !== undefined) optimizer.rate = checkedRate(schedule(step), step);
      if (start + batch >= count) {
        const epochLoss = total / count;
        measured.push(epochLoss);
        lastLoss = epochLoss;
        if (heldOutLoss !== undefined) heldOutMeasured.push(heldOutLoss);
        const report = { epoch, loss: epochLoss, heldOutLoss, rate: optimizer.rate };
        if (onEpoch?.(report) === false) return end("onEpoch");
        if (epochLoss < stopBelow) return end("stopBelow");
        const watched = heldOutLoss ?? epochLoss;
        if (watched < lowest) {
          lowest = watched;
          lowestEpoch = epoch;
        } else if (patience !== undefined && epoch - lowestEpoch >= patience) {
          return end("patience");
        }
      }

      // 3. The step itself.
      optimizer.step();
      const badWeight = weights.find((weight) => weight.data);
      if (badWeight !== undefined) {
        return end("not finite", `epoch ${epoch}: after the step, ${badWeight}`);
      }
      step += 1;
      if (start + batch >= count) finished += 1;
      if ((yield { epochs: finished, loss: lastLoss }) === "stop") return end("caller");
    }
  }
  return end("epochs");
}

// Compiled.

/** The same as {@link stepByStep}, by a program. */
function* compiled(
  model: Network,
  data: DataSet,
  options: TrainOptions,
  program: Program,
  everyStep: boolean,
): Course {
  const { optimizer, epochs, schedule, heldOut, stopBelow = -Infinity, patience } = options;
  const { random = pythonRandom(0), onEpoch } = options;
  const count = data.inputs.length;
  const weights = new Weights(model);
  const outcome = yield* trainEpochs({
    program,
    rows: rowsOf(data),
    heldOut: heldOut && rowsOf(heldOut),
    optimizer,
    epochs,
    batch: Math.min(options.batch ?? count, count),
    schedule: schedule && ((step) => checkedRate(schedule(step), step)),
    random,
    stopBelow,
    patience,
    onEpoch,
    nameOf: (i) => weights.names[i],
    everyStep,
  });
  return { ...outcome, engine: "compiled", reason: undefined };
}

const rowsOf = ({ inputs, targets }: DataSet): Batch => ({
  inputs: toRows(inputs, inputs[0].length, "train, data"),
  targets: toRows(targets, targets[0].length, "train, data"),
  count: inputs.length,
});

const lossFunction = ({ loss }: TrainOptions): ExampleLoss =>
  typeof loss === "string" ? losses[loss] : loss;

/**
 * Compiling is worth it from so many examples (those of all epochs together), and from so many
 * weights times examples on. In a fresh process the time is the same at about a half of both.
 */
const WORTH_COMPILING = { examples: 100, work: 30_000 };

/**
 * The program that makes the steps; or, if the engine does, the reason in words.
 *
 * @throws Error if the program is asked for and cannot be had
 */
function programFor(
  model: Network,
  data: DataSet,
  options: TrainOptions,
  everyStep: boolean,
): Program | string {
  const { engine = "auto", epochs, onEpoch, loss } = options;
  if (engine === "engine") return "it was asked for";
  const parameters = model.namedParameters().map(([, value]) => value);
  const own = typeof loss !== "string" || Object.getPrototypeOf(model) !== MLP.prototype;
  if (engine === "auto") {
    const examples = data.inputs.length * epochs;
    const work = parameters.length * examples;
    if (examples < WORTH_COMPILING.examples || work < WORTH_COMPILING.work) {
      return "it is too short for compiling to be worth it";
    }
    if (own && (everyStep || onEpoch !== undefined)) {
      return "the loss or the model is your own and may change on the way";
    }
  }
  const made = compiledLoss(model, data, parameters, options, own);
  if (engine === "auto" || typeof made !== "string") return made;
  throw new Error(
    `train, engine: expected a training that can be compiled, got one that cannot: ${made}`,
  );
}

function compiledLoss(
  model: Network,
  data: DataSet,
  parameters: readonly Value[],
  options: TrainOptions,
  own: boolean,
): Program | string {
  // These two are written for numbers. Values are put in their place, which is found out by trying.
  const forward = model.forward.bind(model) as (x: readonly Operand[]) => Value[];
  const lossOf = lossFunction(options) as NamedLoss;
  try {
    const program = compile((x, t) => lossOf(forward(x), t), {
      parameters,
      inputs: data.inputs[0].length,
      targets: data.targets[0].length,
    });
    if (program.path === "engine") return program.reason ?? "it cannot be compiled here";
    return own ? ifSame(program, model, data, options) : program;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Is the program right? A loss or model of the user's may treat numbers and Values differently, as
 * in `target === 1`: the losses and gradients of all examples have to have the engine's bits.
 */
function ifSame(
  program: Program,
  model: Network,
  data: DataSet,
  options: TrainOptions,
): Program | string {
  const different =
    "the loss or the model does something else with a Value than with a plain number";
  const lossOf = lossFunction(options);
  for (const set of [data, options.heldOut ?? data]) {
    const { inputs, targets } = rowsOf(set);
    const compiledLosses = program.losses(inputs, targets);
    for (const i of set.inputs.keys()) {
      const loss = exampleLoss(model, set, i, lossOf);
      const outputs = model.predict(set.inputs[i]).map((output) => new Value(output));
      const predicted = lossOf(outputs, set.targets[i]).data;
      if (!Object.is(compiledLosses[i], loss.data) || !Object.is(predicted, loss.data)) {
        return different;
      }
    }
  }
  const gradients = () => program.parameters.map((parameter) => parameter.grad);
  const before = program.parameters.map(({ hasGrad, grad }) => ({ hasGrad, grad }));
  const { inputs, targets } = rowsOf(data);
  program.gradient(inputs, targets);
  const ofProgram = gradients();
  for (const parameter of program.parameters) parameter.zeroGrad();
  lossAndGradients(model, data, [...data.inputs.keys()], lossOf);
  const same = gradients().every((grad, i) => Object.is(grad, ofProgram[i]));
  program.parameters.forEach((parameter, i) => {
    parameter.zeroGrad();
    if (before[i].hasGrad) Value.writeGradients([parameter], [before[i].grad]);
  });
  return same ? program : different;
}

/**
 * The share of points, from 0 to 1, on which the model is right. Task "sign": its output is above
 * 0 where the target is, and nowhere else. Task "classes": the largest output is that of the class
 * (the first of them in a tie).
 *
 * @throws RangeError for a regression, where no answer is simply right or wrong, and for a model
 * with the wrong number of outputs
 */
export function accuracy(model: Network, data: DataSet): number {
  checkDataSet("accuracy", data);
  if (data.task === "regression") {
    throw new RangeError(
      'accuracy: expected data of the task "sign" or "classes", got "regression"',
    );
  }
  const outputs = data.task === "classes" ? data.classes! : 1; // checked: classes have a number
  let right = 0;
  for (const [i, x] of data.inputs.entries()) {
    const answer = model.predict(x);
    if (answer.length !== outputs) {
      throw new RangeError(
        `accuracy: expected a model with ${outputs} outputs, got ${answer.length}`,
      );
    }
    const [target] = data.targets[i];
    if (data.task === "sign") right += answer[0] > 0 === target > 0 ? 1 : 0;
    else right += largest(answer) === target ? 1 : 0;
  }
  return right / data.inputs.length;
}

/** The place of the largest number; the first of them in a tie. */
function largest(numbers: readonly number[]): number {
  return numbers.reduce((best, x, i) => (x > numbers[best] ? i : best), 0);
}

/** The mean loss of a model on data: the bits of the graph's `mean`, without keeping the graph. */
function lossOn(model: Network, data: DataSet, lossOf: ExampleLoss): number {
  let total = 0;
  for (const [i, x] of data.inputs.entries()) {
    const outputs = model.predict(x).map((output) => new Value(output));
    total += lossOf(outputs, data.targets[i]).data;
  }
  return total / data.inputs.length;
}

/**
 * Builds the mean loss of some examples as one graph and finds its gradients. The graph is not
 * kept: it is garbage before the next one is built.
 *
 * @returns the loss of each example; or, if their mean is not finite, what to blame
 */
function lossAndGradients(
  model: Network,
  data: DataSet,
  examples: readonly number[],
  lossOf: ExampleLoss,
): { exampleLosses: number[]; problem?: string } {
  const each = examples.map((example) => exampleLoss(model, data, example, lossOf));
  const loss = mean(each);
  if (!Number.isFinite(loss.data)) {
    return { exampleLosses: [], problem: firstNotFinite([...each, loss]) };
  }
  loss.backward();
  return { exampleLosses: each.map((value) => value.data) };
}

function exampleLoss(model: Network, data: DataSet, example: number, lossOf: ExampleLoss): Value {
  return withOrigin({ example }, () => {
    const loss: unknown = lossOf(model.forward(data.inputs[example]), data.targets[example]);
    if (loss instanceof Value) return loss;
    throw new TypeError(`train, loss: expected it to return a Value, got ${describe(loss)}`);
  });
}

/** The same for a model on data, whose graphs are made for it one by one. */
function firstBadValue(model: Network, data: DataSet, lossOf: ExampleLoss): string {
  function* examples() {
    for (const i of data.inputs.keys()) yield exampleLoss(model, data, i, lossOf);
  }
  return firstNotFinite(examples());
}

/** The parameters of a model, with a copy to go back to. */
class Weights {
  readonly names: readonly string[];
  readonly #values: readonly Value[];
  readonly #copy: Float64Array;

  constructor(model: Network) {
    const named = model.namedParameters();
    this.names = named.map(([name]) => name);
    this.#values = named.map(([, value]) => value);
    this.#copy = new Float64Array(named.length);
    this.remember();
    const bad = this.find((weight) => weight.data);
    if (bad !== undefined) throw new RangeError(`train: expected finite weights, got: ${bad}`);
  }

  zeroGrad(): void {
    for (const value of this.#values) value.zeroGrad();
  }

  remember(): void {
    for (let i = 0; i < this.#values.length; i++) this.#copy[i] = this.#values[i].data;
  }

  restore(): void {
    for (let i = 0; i < this.#values.length; i++) this.#values[i].data = this.#copy[i];
  }

  /** The first parameter with such a number that is not finite, in words. */
  find(numberOf: (weight: Value) => number): string | undefined {
    const i = this.#values.findIndex((value) => !Number.isFinite(numberOf(value)));
    return i < 0 ? undefined : `${this.names[i]} is ${numberOf(this.#values[i])}`;
  }
}

/** A growing list of numbers outside of the heap, so that a million epochs leave it flat. */
class Series {
  #numbers = new Float64Array(1024);
  #length = 0;

  push(x: number): void {
    if (this.#length === this.#numbers.length) {
      const longer = new Float64Array(2 * this.#length);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[this.#length++] = x;
  }

  toArray(): number[] {
    return Array.from(this.#numbers.subarray(0, this.#length));
  }
}

const epochWord = (epochs: number): string => (epochs === 1 ? "1 epoch" : `${epochs} epochs`);

// What came in is what was asked for.

function checkOptions(model: Network, data: DataSet, options: TrainOptions): void {
  if (typeof model?.forward !== "function" || typeof model?.predict !== "function") {
    throw new TypeError(`train: expected a model such as an MLP, got ${describe(model)}`);
  }
  checkDataSet("train, data", data);
  expectOptions(options, optionNames, "train");
  const { loss, optimizer, epochs, batch, schedule, random, heldOut } = options;
  const { stopBelow, patience, onEpoch, engine } = options;
  if (typeof loss !== "function") expectOneOf(loss, lossNames, "train, loss");
  if (typeof optimizer?.step !== "function" || typeof optimizer?.zeroGrad !== "function") {
    throw new TypeError(
      `train, optimizer: expected one such as new SGD(model.parameters()), ` +
        `got ${describe(optimizer)}`,
    );
  }
  expectCount(epochs, 0, "train, epochs", Number.MAX_SAFE_INTEGER);
  if (batch !== undefined) expectCount(batch, 1, "train, batch");
  expectFunction(schedule, "train, schedule");
  if (random !== undefined && typeof random?.shuffle !== "function") {
    throw new TypeError(
      `train, random: expected a generator such as pythonRandom(1), got ${describe(random)}`,
    );
  }
  if (heldOut !== undefined) checkDataSet("train, heldOut", heldOut);
  if (stopBelow !== undefined) expectFinite(stopBelow, "train, stopBelow");
  if (patience !== undefined) expectCount(patience, 1, "train, patience");
  expectFunction(onEpoch, "train, onEpoch");
  if (engine !== undefined) expectOneOf(engine, engines, "train, engine");
  if (typeof loss === "string") checkFit(model, data, heldOut, loss);
}

/** With a loss of ours it is known what the targets and the outputs have to be. */
function checkFit(
  model: Network,
  data: DataSet,
  heldOut: DataSet | undefined,
  loss: LossName,
): void {
  const task = { hinge: "sign", crossEntropy: "classes" }[loss as string];
  const classes = data.task === "classes" ? data.classes! : undefined; // checked: there it is
  if ((task ?? data.task) !== data.task || (classes !== undefined && task !== "classes")) {
    throw new RangeError(
      `train, loss: expected one for data of the task "${data.task}", got "${loss}"`,
    );
  }
  const noShare = [data, heldOut ?? data]
    .flatMap(({ targets }) => targets.flat())
    .find((t) => !(t >= 0 && t <= 1));
  if (loss === "binaryCrossEntropy" && data.task !== "sign" && noShare !== undefined) {
    throw new RangeError(
      `train, loss: expected targets from 0 to 1 for binaryCrossEntropy, got ${noShare}`,
    );
  }
  const wanted = classes ?? data.targets[0].length;
  const outputs = model.predict(data.inputs[0]).length;
  if (outputs !== wanted) {
    throw new RangeError(`train, model: expected ${wanted} outputs for this data, got ${outputs}`);
  }
  if (heldOut === undefined) return;
  const [here, there] = [data, heldOut].map(
    ({ task, classes, inputs, targets }) =>
      `${inputs[0].length} inputs, ${targets[0].length} targets, task ${task} ${classes ?? ""}`,
  );
  if (here !== there) {
    throw new RangeError(`train, heldOut: expected data like the other (${here}), got ${there}`);
  }
}

function expectFunction(thing: unknown, where: string): void {
  if (thing !== undefined && typeof thing !== "function") {
    throw new TypeError(`${where}: expected a function, got ${describe(thing)}`);
  }
}

function checkedRate(rate: number, step: number): number {
  if (typeof rate === "number" && rate >= 0 && rate < Infinity) return rate;
  throw new RangeError(
    `train, schedule: expected a finite rate of at least 0 for step ${step}, got ${describe(rate)}`,
  );
}

const optionNames = [
  "loss",
  "optimizer",
  "epochs",
  "batch",
  "schedule",
  "random",
  "heldOut",
  "stopBelow",
  "patience",
  "onEpoch",
  "engine",
];

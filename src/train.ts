/**
 * Training: make the loss small, step by step, until there is a reason to stop. Read nn.ts,
 * losses.ts, optim.ts and data.ts first.
 */

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
import type { Module } from "./nn.ts";
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
 * The losses that have a name, as losses of one example. To `binaryCrossEntropy` a target of -1,
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
}

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
}

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
  const steps = trainInSteps(model, data, options);
  let next = steps.next();
  while (!next.done) next = steps.next();
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
export function trainInSteps(
  model: Network,
  data: DataSet,
  options: TrainOptions,
): Generator<void, Training, "stop" | undefined> {
  checkOptions(model, data, options);
  return stepByStep(model, data, options);
}

function* stepByStep(
  model: Network,
  data: DataSet,
  options: TrainOptions,
): Generator<void, Training, "stop" | undefined> {
  const { optimizer, epochs, schedule, heldOut, stopBelow = -Infinity, patience } = options;
  const { random = pythonRandom(0), onEpoch } = options;
  const lossOf = typeof options.loss === "string" ? losses[options.loss] : options.loss;
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
      if ((yield) === "stop") return end("caller");
    }
  }
  return end("epochs");
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
  readonly #names: readonly string[];
  readonly #values: readonly Value[];
  readonly #copy: Float64Array;

  constructor(model: Network) {
    const named = model.namedParameters();
    this.#names = named.map(([name]) => name);
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
    return i < 0 ? undefined : `${this.#names[i]} is ${numberOf(this.#values[i])}`;
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
  const { stopBelow, patience, onEpoch } = options;
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
  const noShare = data.targets.flat().find((t) => !(t >= 0 && t <= 1));
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
];

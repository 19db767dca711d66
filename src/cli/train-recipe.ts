/**
 * The recipe of a `chainrule train`: what was asked for, and what the data wants otherwise. Read
 * ../recipes.ts and train-options.ts first.
 */

import type { DataSet } from "../data.ts";
import { MOST_PARAMETERS, type TrainingRecord } from "../model-file.ts";
import { MLP } from "../nn.ts";
import {
  Adam,
  AdamW,
  constantRate,
  cosineRate,
  exponentialRate,
  linearRate,
  type Optimizer,
  type Schedule,
  SGD,
  stepRate,
} from "../optim.ts";
import { pythonRandom } from "../random.ts";
import { optimizerNames, optimizerOptions, type Recipe, usesMomentum } from "../recipes.ts";
import { lossNames } from "../train.ts";
import { CommandError, nameFrom, UsageError } from "./arguments.ts";
import { type Given, scheduleFrom } from "./train-options.ts";

/** The part of a recipe that the command line asks for. */
export function chosenIn(given: Given): Partial<Recipe> {
  const { hidden, activation, output, init, loss, optimizer, rate } = given;
  const { momentum, weightDecay, schedule, epochs, batch } = given;
  const network = { hidden, activation, output, init };
  const training = { loss, optimizer, rate, momentum, weightDecay, schedule, epochs, batch };
  return withoutUndefined({ ...network, ...training });
}

/**
 * The part of a recipe that the last training of a model file had, the epochs excepted.
 *
 * @throws CommandError if there is no such loss, optimizer or schedule
 */
export function chosenBefore(record: TrainingRecord, file: string): Partial<Recipe> {
  const { loss, optimizer, rate, momentum, weightDecay, schedule, batch } = record;
  try {
    if (schedule !== undefined) scheduleFrom(schedule);
    return withoutUndefined({
      loss: loss === undefined ? undefined : nameFrom(loss, "loss", lossNames),
      optimizer:
        optimizer === undefined ? undefined : nameFrom(optimizer, "optimizer", optimizerNames),
      rate,
      momentum,
      weightDecay,
      schedule,
      batch,
    });
  } catch (error) {
    const { message } = error as UsageError; // nothing else is thrown here
    throw new CommandError(`--load: ${JSON.stringify(file)}: training: ${message}`);
  }
}

/** The same object without the entries that are undefined, which would hide others. */
export function withoutUndefined<T extends object>(entries: T): Partial<T> {
  const present = Object.entries(entries).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(present) as Partial<T>; // what is left is as it was
}

/**
 * Does a recipe fit the data?
 *
 * @throws UsageError if the loss is not one for such targets, or options contradict the recipe
 */
export function expectFit(data: DataSet, recipe: Recipe, given: Given): void {
  const { loss, optimizer, output } = recipe;
  const refuse = (option: string, expected: string, got: string) => {
    throw new UsageError(`--${option}: expected ${expected}, got ${got}`);
  };
  if ((loss === "crossEntropy") !== (data.task === "classes")) {
    if (data.task === "classes") refuse("loss", "crossEntropy for data with classes", loss);
    refuse("loss", "one for targets that are no classes, such as meanSquaredError", loss);
  }
  if (loss === "hinge" && data.task !== "sign") {
    refuse("loss", "targets of -1 and 1 for hinge, such as those of moons", "others");
  }
  if (loss === "binaryCrossEntropy") {
    const bad = data.targets.flat().find((target) => !(target >= 0 && target <= 1));
    if (data.task !== "sign" && bad !== undefined) {
      refuse("loss", "targets from 0 to 1 for binaryCrossEntropy", `a target of ${bad}`);
    }
    if (output === "sigmoid") {
      refuse("output", "linear, as binaryCrossEntropy has its own sigmoid", output);
    }
  }
  if (given.momentum !== undefined && !usesMomentum(optimizer)) {
    refuse("momentum", "--optimizer momentum or nesterov beside it", optimizer);
  }
  if (optimizer === "nesterov" && recipe.momentum === 0) {
    refuse("momentum", "a number above 0 for nesterov", "0");
  }
}

/** Nodes of a graph that a step may build: about half a gigabyte. */
const MOST_NODES = 4_000_000;

/**
 * Refuses a network or a step that would take more memory than there may be, before it is made.
 *
 * @param points how many points a step has
 * @throws UsageError
 */
export function expectSizes(inputs: number, sizes: readonly number[], points: number): void {
  let parameters = 0;
  let nodes = inputs;
  for (const [i, size] of sizes.entries()) {
    const each = i === 0 ? inputs : sizes[i - 1];
    parameters += size * (each + 1);
    nodes += size * (2 * each + 1); // a product and a sum for each input, and the activation
  }
  if (parameters > MOST_PARAMETERS) {
    throw new UsageError(
      `--hidden: expected a network with at most ${MOST_PARAMETERS} parameters, got ${parameters}`,
    );
  }
  if (points * nodes > MOST_NODES) {
    const most = Math.floor(MOST_NODES / nodes);
    throw new UsageError(
      most > 0
        ? `--batch: expected at most ${most} points in a step with this network, got ${points}`
        : `--hidden: expected a step of at most ${MOST_NODES} operations, got ${points * nodes}`,
    );
  }
}

/** The network of a recipe, with its first weights. */
export function networkOf(inputs: number, outputs: number, recipe: Recipe, seed: number): MLP {
  const { hidden, activation, output, init } = recipe;
  const random = pythonRandom(seed);
  return new MLP(inputs, [...hidden, outputs], { activation, output, init, random });
}

const optimizers = { sgd: SGD, momentum: SGD, nesterov: SGD, adam: Adam, adamw: AdamW };

/** The optimizer of a recipe, for a model. */
export const optimizerOf = (model: MLP, recipe: Recipe): Optimizer =>
  new optimizers[recipe.optimizer](model.parameters(), optimizerOptions(recipe));

const MOST_STEPS = 10_000_000;

/** @throws UsageError if a training with so many points would take too many steps */
export function expectSteps(recipe: Recipe, points: number): void {
  const steps = recipe.epochs * stepsInEpoch(recipe, points);
  if (steps > MOST_STEPS) {
    throw new UsageError(`--epochs: expected at most ${MOST_STEPS} steps in all, got ${steps}`);
  }
}

function stepsInEpoch({ batch }: Recipe, points: number): number {
  return Math.ceil(points / Math.min(batch ?? points, points));
}

/** The schedule of a recipe: linear and cosine reach their end with the last step. */
export function scheduleOf(recipe: Recipe, points: number): Schedule {
  const { rate, epochs } = recipe;
  const stepsPerEpoch = stepsInEpoch(recipe, points);
  const steps = Math.max(1, epochs * stepsPerEpoch);
  const { kind, factor, every } = scheduleFrom(recipe.schedule);
  const perEpoch = (schedule: Schedule) => (step: number) =>
    schedule(Math.floor(step / stepsPerEpoch));
  switch (kind) {
    case "constant":
      return constantRate(rate);
    case "linear":
      return linearRate(rate, factor * rate, steps);
    case "cosine":
      return cosineRate(rate, factor * rate, steps);
    case "step":
      return perEpoch(stepRate(rate, factor, every));
    case "exponential":
      return perEpoch(exponentialRate(rate, factor));
  }
}

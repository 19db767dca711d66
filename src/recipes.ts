/**
 * Recipes: which network and which training suit which data, unless something else is asked for.
 * Read train.ts first.
 */

import type { Task } from "./data.ts";
import type { Activation, Initialization } from "./nn.ts";
import type { LossName } from "./train.ts";

/** The data sets that come with the package. */
export const dataNames = [
  "even-odd",
  "cube",
  "xor",
  "moons",
  "circles",
  "spirals",
  "sine",
  "yin-yang",
] as const;
export type DataName = (typeof dataNames)[number];

export const optimizerNames = ["sgd", "momentum", "nesterov", "adam", "adamw"] as const;
export type OptimizerName = (typeof optimizerNames)[number];

/** Everything there is to decide about a training, the data and the seed excepted. */
export interface Recipe {
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly output: Activation;
  readonly init: Initialization;
  readonly loss: LossName;
  readonly optimizer: OptimizerName;
  readonly rate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly schedule: string;
  readonly epochs: number;
  /** Undefined for all points at once. */
  readonly batch: number | undefined;
}

/** The original's, for its four points. */
const original: Recipe = {
  hidden: [4, 4],
  activation: "tanh",
  output: "tanh",
  init: "uniform",
  loss: "meanSquaredError",
  optimizer: "sgd",
  rate: 0.1,
  momentum: 0.9,
  weightDecay: 0,
  schedule: "constant",
  epochs: 500,
  batch: undefined,
};

/** What learns most data sets with two or three inputs well; found by trying. */
const general: Recipe = {
  ...original,
  hidden: [16, 16],
  output: "linear",
  optimizer: "adam",
  rate: 0.05,
  epochs: 100,
};

const lossFor: Readonly<Record<Task, LossName>> = {
  sign: "hinge",
  classes: "crossEntropy",
  regression: "meanSquaredError",
};

/** Data sets that want something else; found by trying, too. */
const special: Readonly<Partial<Record<DataName, Partial<Recipe>>>> = {
  "even-odd": original,
  xor: original,
  cube: original,
  moons: { activation: "relu" },
  circles: { hidden: [8, 8] },
  spirals: { epochs: 200 },
  sine: { hidden: [8], epochs: 200 },
  "yin-yang": { hidden: [16], init: "scaled", epochs: 200 },
};

/** A rate to begin with, for an optimizer that is not the one of the recipe. */
const usualRates: Readonly<Record<OptimizerName, number>> = {
  sgd: 0.1,
  momentum: 0.05,
  nesterov: 0.05,
  adam: 0.05,
  adamw: 0.05,
};

/**
 * The recipe for a data set.
 *
 * @param name undefined for data of the user's own
 * @param chosen what was asked for: it replaces what suits the data
 */
export function recipeFor(
  name: DataName | undefined,
  task: Task,
  chosen: Partial<Recipe> = {},
): Recipe {
  const own = name === undefined ? undefined : special[name];
  const usual: Recipe = { ...general, loss: lossFor[task], ...own };
  const optimizer = chosen.optimizer ?? usual.optimizer;
  const rate = optimizer === usual.optimizer ? usual.rate : usualRates[optimizer];
  const weightDecay = optimizer === "adamw" ? 0.01 : usual.weightDecay;
  return { ...usual, rate, weightDecay, ...chosen };
}

/** The options with which an optimizer of this recipe is made. */
export function optimizerOptions({ optimizer, rate, momentum, weightDecay }: Recipe) {
  const always = { rate, weightDecay };
  if (!usesMomentum(optimizer)) return always;
  return { ...always, momentum, nesterov: optimizer === "nesterov" };
}

/** Does a step of this optimizer keep a share of the last one? */
export const usesMomentum = (optimizer: OptimizerName): boolean =>
  optimizer === "momentum" || optimizer === "nesterov";

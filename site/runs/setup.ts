/** What a training run is made from: everything that decides its numbers. Read src/recipes.ts first. */

import type { Activation, DataSet, Initialization, LossName, Task } from "chainrule";
import {
  optimizerNames as allOptimizers,
  type OptimizerName,
  type Recipe,
  recipeFor,
} from "../../dist/recipes.js";

export type { OptimizerName };

/** A data point: its inputs and its target (for classes of two, -1 or 1). */
export interface DataPoint {
  readonly x: readonly number[];
  readonly target: number;
}

/** Everything that decides the numbers of a run before the reader changes something on the way. */
export interface Setup
  extends Pick<
    Recipe,
    "hidden" | "activation" | "output" | "init" | "loss" | "optimizer" | "rate"
  > {
  readonly data: DataName;
  /** How many points are drawn, with how much noise, from which seed (moons, circles, spirals, sine). */
  readonly points: number;
  readonly noise: number;
  readonly dataSeed: number;
  /** The points of the data "own"; undefined otherwise. */
  readonly own: readonly DataPoint[] | undefined;
  /** The share of points that is measured and never learned from, 0 to 0.5. */
  readonly heldOut: number;
  /** The weights are drawn by pythonRandom(seed), and the points that are held out. */
  readonly seed: number;
  /** The first weights if they are not drawn, as those of a model file: in the order of `parameters()`. */
  readonly weights: readonly number[] | undefined;
}

/** What the reader does to a run at the step where it is. */
export type Change =
  | { readonly kind: "rate"; readonly rate: number }
  | { readonly kind: "add"; readonly point: DataPoint }
  | {
      readonly kind: "move";
      readonly index: number;
      readonly x: readonly number[];
      readonly target: number;
    }
  | { readonly kind: "delete"; readonly index: number };

/** What the reader changed after so many steps; changes are part of a run, so that it can be had again. */
export type Edit = Change & { readonly at: number };

/** A moment of a run: what is in a link. */
export interface RunState {
  readonly setup: Setup;
  /** In the order of their steps; some may be later than the moment. */
  readonly edits: readonly Edit[];
  /** How many training steps have been made. */
  readonly step: number;
}

// What there is to choose from. The records are complete: a name that is missing does not compile.

/** Data sets, and what a network learns from them. */
const tasks = {
  "even-odd": "sign",
  cube: "sign",
  xor: "sign",
  moons: "sign",
  circles: "sign",
  spirals: "sign",
  sine: "regression",
  own: "sign", // unless one of the points says otherwise
} as const satisfies Record<string, Task>;
export type DataName = keyof typeof tasks;

const namesOf = <Name extends string>(record: Readonly<Record<Name, unknown>>) =>
  Object.keys(record) as Name[]; // the type says that there are no others

export const dataNames: readonly DataName[] = namesOf(tasks);
export const activationNames = namesOf<Activation>({
  linear: 0,
  tanh: 0,
  relu: 0,
  sigmoid: 0,
  leakyRelu: 0,
  elu: 0,
  softplus: 0,
  silu: 0,
  gelu: 0,
  geluTanh: 0,
  sin: 0,
});
export const initializationNames = namesOf<Initialization>({
  uniform: 0,
  lecture: 0,
  scaled: 0,
  he: 0,
  zero: 0,
});
/** All losses but crossEntropy, which is for more than two classes. */
export const lossNames = namesOf<Exclude<LossName, "crossEntropy">>({
  meanSquaredError: 0,
  squaredError: 0,
  absoluteError: 0,
  huber: 0,
  hinge: 0,
  binaryCrossEntropy: 0,
});
export const optimizerNames: readonly OptimizerName[] = allOptimizers;

/** Data sets whose points are drawn, so that there may be more of them, or other ones. */
export const isDrawn = (data: DataName): boolean =>
  data === "moons" || data === "circles" || data === "spirals" || data === "sine";

/** How large things may be: what a link asks for must not stop the page. */
export const limits = {
  points: 2_000,
  /** Of points in size, and of their noise. */
  coordinate: 1_000_000,
  noise: 100,
  seed: 2 ** 32 - 1,
  heldOut: 0.5,
  inputs: 3,
  layers: 6,
  neurons: 100,
  parameters: 10_000,
  /** Of the graph of all points, about a quarter of a gigabyte. */
  nodes: 2_000_000,
  rate: 1e12,
  steps: 1_000_000,
  edits: 2_000,
} as const;

// Presets.

/** A few points to begin with; no straight line divides them. */
const ownPoints: readonly DataPoint[] = [
  { x: [-1, 0.8], target: 1 },
  { x: [0, -0.6], target: 1 },
  { x: [1, 0.8], target: 1 },
  { x: [-0.8, -0.8], target: -1 },
  { x: [0, 0.6], target: -1 },
  { x: [0.8, -0.8], target: -1 },
];

function preset(data: DataName): Setup {
  const recipe = recipeFor(data === "own" ? undefined : data, tasks[data]);
  const { hidden, activation, output, init, loss, optimizer, rate } = recipe;
  return {
    data,
    points: 100,
    noise: data === "spirals" ? 0.02 : 0.1,
    dataSeed: 1337,
    own: data === "own" ? ownPoints : undefined,
    heldOut: 0,
    hidden: data === "own" ? [8] : hidden,
    activation,
    output,
    init,
    loss,
    optimizer,
    rate,
    seed: 1337,
    weights: undefined,
  };
}

/** What the playground begins with for each data set: the recipe of `chainrule train`. */
export const presets: Readonly<Record<DataName, Setup>> = {
  "even-odd": preset("even-odd"),
  cube: preset("cube"),
  xor: preset("xor"),
  moons: preset("moons"),
  circles: preset("circles"),
  spirals: preset("spirals"),
  sine: preset("sine"),
  own: preset("own"),
};

/** What to expect of a preset: so good it is after so many steps. */
export interface Expectation {
  readonly steps: number;
  /** The share of points it is right about, where an answer is right or wrong. */
  readonly accuracy: number | undefined;
  readonly loss: number | undefined;
}

const allRight: Expectation = { steps: 500, accuracy: 1, loss: undefined };

/**
 * Measured with the seeds 1337 to 1356: each of the twenty networks came to this. It is about the points
 * that were learned from. No loss of the sine is far below 0.01, the variance of the noise.
 */
export const expectations: Readonly<Record<DataName, Expectation>> = {
  "even-odd": allRight,
  cube: allRight,
  xor: allRight,
  moons: allRight,
  circles: allRight,
  spirals: allRight,
  sine: { steps: 500, accuracy: undefined, loss: 0.015 },
  own: allRight,
};

/** A rate to begin with for an optimizer: that of the recipe if it is the recipe's own. */
export const rateFor = (setup: Setup, optimizer: OptimizerName): number =>
  recipeFor(setup.data === "own" ? undefined : setup.data, taskOf(setup), { optimizer }).rate;

// What follows from a setup.

/** "sign": a target is -1 or 1 and the output's sign decides; "regression": it is any number. */
export function taskOf({ data, own }: Setup): "sign" | "regression" {
  if (data !== "own") return tasks[data];
  return own?.every(({ target }) => target === -1 || target === 1) ? "sign" : "regression";
}

/** How many inputs the network has. */
export function inputsOf({ data, own }: Setup): number {
  if (data === "own") return own?.[0]?.x.length ?? 0;
  return data === "sine" ? 1 : data === "even-odd" || data === "cube" ? 3 : 2;
}

/** How many points there are in all. */
function allPoints({ data, points, own }: Setup): number {
  if (isDrawn(data)) return points;
  return data === "own" ? (own?.length ?? 0) : data === "cube" ? 8 : 4;
}

/** How many points are learned from at step 0; src/data.ts divides them so. */
export function trainedPoints(setup: Setup): number {
  const all = allPoints(setup);
  if (setup.heldOut === 0) return all;
  return all - Math.min(Math.max(Math.round(setup.heldOut * all), 1), all - 1);
}

/** The neurons of each layer, the last one included. */
export const sizesOf = ({ hidden }: Setup): number[] => [...hidden, 1];

/** How many weights and biases the network has. */
export function parametersOf(setup: Setup): number {
  let inputs = inputsOf(setup);
  let parameters = 0;
  for (const size of sizesOf(setup)) {
    parameters += size * (inputs + 1);
    inputs = size;
  }
  return parameters;
}

// What came in is what it has to be.

const plural = (n: number, word: string) =>
  `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;

const isWhole = (n: unknown, least: number, most: number) =>
  Number.isInteger(n) && (n as number) >= least && (n as number) <= most; // an integer is a number

/** What is wrong with a number, if it is not one from `least` to `most`. */
const range = (what: string, n: number, least: number, most: number): string[] =>
  n >= least && n <= most ? [] : [`${what} must be from ${least} to ${most}, not ${n}.`];

const whole = (what: string, n: number, least: number, most: number): string[] =>
  isWhole(n, least, most)
    ? []
    : [`${what} must be a whole number from ${least} to ${most}, not ${n}.`];

const oneOf = (what: string, name: string, names: readonly string[]): string[] =>
  names.includes(name) ? [] : [`${what} must be one of ${names.join(", ")}, not "${name}".`];

/** What is wrong with a point of a run whose network has so many inputs, in words. */
export function checkPoint(point: DataPoint, inputs: number, task: Task): string | undefined {
  const { x, target } = point;
  if (x.length !== inputs) return `a point needs ${plural(inputs, "input")}, not ${x.length}`;
  const bad = [...x, target].find((n) => !(Math.abs(n) <= limits.coordinate));
  if (bad !== undefined) {
    return `its numbers must be from -${limits.coordinate} to ${limits.coordinate}, not ${bad}`;
  }
  if (task === "sign" && target !== -1 && target !== 1) {
    return `its target must be -1 or 1, as those of the others, not ${target}`;
  }
  return undefined;
}

/**
 * What is wrong with a setup: a sentence for each thing, none if it can be trained.
 */
export function checkSetup(setup: Setup): string[] {
  const { data, points, noise, dataSeed, own, heldOut, hidden, loss, rate, seed } = setup;
  const alone = [
    ...oneOf("The data", data, dataNames),
    ...whole("The number of points", points, 2, limits.points),
    ...range("The noise", noise, 0, limits.noise),
    ...whole("The seed of the points", dataSeed, 0, limits.seed),
    ...range("The share of points held out", heldOut, 0, limits.heldOut),
    ...whole("The number of hidden layers", hidden.length, 0, limits.layers),
    ...hidden.flatMap((size, i) =>
      whole(`The size of hidden layer ${i + 1}`, size, 1, limits.neurons),
    ),
    ...oneOf("The activation", setup.activation, activationNames),
    ...oneOf("The activation of the output", setup.output, activationNames),
    ...oneOf("The first weights", setup.init, initializationNames),
    ...oneOf("The loss", loss, lossNames),
    ...oneOf("The optimizer", setup.optimizer, optimizerNames),
    ...range("The learning rate", rate, 0, limits.rate),
    ...whole("The seed", seed, 0, limits.seed),
    ...(data === "own" ? checkOwn(own) : []),
  ];
  return alone.length > 0 ? alone : checkTogether(setup);
}

function checkOwn(own: Setup["own"]): string[] {
  if (own === undefined || own.length === 0) return ["There must be at least one point."];
  if (own.length > limits.points) {
    return [`There may be ${plural(limits.points, "point")}, not ${own.length}.`];
  }
  const inputs = own[0]!.x.length; // there is one
  const bad = own.flatMap((point, i) => {
    const wrong = checkPoint(point, inputs, "regression");
    return wrong === undefined ? [] : [`Point ${i + 1}: ${wrong}.`];
  });
  return [...whole("The number of inputs", inputs, 1, limits.inputs), ...bad.slice(0, 1)];
}

/** The same for what is right alone and wrong beside the rest. */
function checkTogether(setup: Setup): string[] {
  const { loss, output, heldOut, own } = setup;
  const problems: string[] = [];
  if (heldOut > 0 && allPoints(setup) < 2) {
    problems.push("To hold one out there must be at least two points.");
  }
  const task = taskOf(setup);
  if (loss === "hinge" && task !== "sign") {
    problems.push("The loss hinge is for targets of -1 and 1; these are other numbers.");
  }
  const noShare = own?.some(({ target }) => !(target >= 0 && target <= 1)) ?? true;
  if (loss === "binaryCrossEntropy" && task !== "sign" && noShare) {
    problems.push("The loss binaryCrossEntropy is for targets of -1 and 1, or from 0 to 1.");
  }
  if (loss === "binaryCrossEntropy" && output === "sigmoid") {
    problems.push("The loss binaryCrossEntropy has its own sigmoid: the output must not be one.");
  }
  const parameters = parametersOf(setup);
  if (parameters > limits.parameters) {
    problems.push(
      `The network would have ${plural(parameters, "weight")}; ` +
        `${plural(limits.parameters, "weight")} are the most there may be.`,
    );
  }
  const { weights } = setup;
  if (weights !== undefined && weights.length !== parameters) {
    problems.push(`The network has ${plural(parameters, "weight")}; ${weights.length} are given.`);
  }
  const bad = weights?.findIndex((weight) => !Number.isFinite(weight)) ?? -1;
  if (bad >= 0) problems.push(`Weight number ${bad + 1} must be a number, not ${weights?.[bad]}.`);
  const points = trainedPoints(setup);
  if (2 * parameters * points > limits.nodes) {
    problems.push(
      `${plural(points, "point")} are too many for a network of ${plural(parameters, "weight")}: ` +
        "take fewer points or a smaller network.",
    );
  }
  return problems;
}

/** What is wrong with the edits of a run, in one sentence, and how many of them are right before. */
export function checkEdits(
  setup: Setup,
  edits: readonly Edit[],
): { readonly right: number; readonly problem: string | undefined } {
  if (edits.length > limits.edits) {
    const problem = `a run may have ${plural(limits.edits, "change")}, not ${edits.length}`;
    return { ...checkEdits(setup, edits.slice(0, limits.edits)), problem };
  }
  const rest = new Rest(setup);
  let last = 0;
  for (const [right, edit] of edits.entries()) {
    const problem = isWhole(edit.at, last, limits.steps)
      ? rest.take(edit)
      : `its step must be a whole number from ${last} to ${limits.steps}, not ${edit.at}`;
    if (problem !== undefined) return { right, problem: `change ${right + 1}: ${problem}` };
    last = edit.at;
  }
  return { right: edits.length, problem: undefined };
}

/** What is wrong with a change of a run that has so many points to learn from now, in words. */
export function checkChange(setup: Setup, change: Change, points: number): string | undefined {
  if (change.kind === "rate") {
    return range("the learning rate", change.rate, 0, limits.rate)[0]?.replace(/\.$/, "");
  }
  const task = taskOf(setup);
  const inputs = inputsOf(setup);
  if (change.kind === "add") {
    const heldOut = allPoints(setup) - trainedPoints(setup);
    const most = Math.floor(limits.nodes / (2 * parametersOf(setup)));
    const room = Math.min(limits.points - heldOut, most);
    if (points >= room) return `there is room for ${plural(room, "point")}, and they are there`;
    return checkPoint(change.point, inputs, task);
  }
  if (!isWhole(change.index, 0, points - 1)) {
    return `there is no point number ${change.index + 1}: they go from 1 to ${points}`;
  }
  if (change.kind === "move") return checkPoint(change, inputs, task);
  return points > 1 ? undefined : "the last point has to stay: without one there is no loss";
}

/** Counts the points while edits are made. */
class Rest {
  readonly #setup: Setup;
  #points: number;

  constructor(setup: Setup) {
    this.#setup = setup;
    this.#points = trainedPoints(setup);
  }

  take(edit: Edit): string | undefined {
    const problem = checkChange(this.#setup, edit, this.#points);
    if (problem === undefined && edit.kind === "add") this.#points += 1;
    if (problem === undefined && edit.kind === "delete") this.#points -= 1;
    return problem;
  }
}

/**
 * A setup that begins with the points there are now, whatever was added, moved or deleted on the
 * way: for a new seed or another network.
 */
export function keepingPoints(
  setup: Setup,
  edits: readonly Edit[],
  data: DataSet,
  heldOut: DataSet | undefined,
): Setup {
  if (edits.every(({ kind }) => kind === "rate")) return setup;
  const own = [data, heldOut].flatMap(
    (set) => (set?.inputs ?? []).map((x, i) => ({ x, target: set!.targets[i]![0]! })), // as many as inputs
  );
  return { ...setup, data: "own", own };
}

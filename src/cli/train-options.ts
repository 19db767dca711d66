/**
 * The options of `chainrule train`: what they are called and what they may be. Read arguments.ts
 * and files.ts first.
 */

import { quote } from "../errors.ts";
import { type Activation, activations, type Initialization, initializations } from "../nn.ts";
import { type DataName, dataNames, type OptimizerName, optimizerNames } from "../recipes.ts";
import { type Engine, engines, type LossName, lossNames } from "../train.ts";
import { nameFrom, numberFrom, parseArguments, UsageError, wholeFrom } from "./arguments.ts";
import { isSameFile } from "./files.ts";

export const scheduleNames = ["constant", "linear", "cosine", "step", "exponential"] as const;

/** What everything random is drawn from, unless said otherwise. */
export const SEED = 1337;

export const MOST_EPOCHS = 10_000_000;
const MOST_POINTS = 1_000_000;

/** What stands for the value of each option in the help (nothing, if it has none), and its text. */
export const optionTexts: Readonly<Record<string, readonly [value: string, text: string]>> = {
  data: ["NAME", dataNames.join(", ")],
  csv: ["FILE", "numbers with commas between, targets last; - is the standard input"],
  targets: ["N", "how many columns of the CSV are targets (1)"],
  points: ["N", "how many points to draw (100)"],
  noise: ["X", "standard deviation of their noise (0.1; spirals 0.02)"],
  "held-out": ["SHARE", "share of the points that is measured but not learned from (0)"],
  hidden: ["SIZES", "neurons of the hidden layers, such as 4,4; or none"],
  activation: ["NAME", `of the hidden layers: ${activations.join(", ")}`],
  output: ["NAME", "activation of the last layer: one of the same"],
  init: ["NAME", `first weights: ${initializations.join(", ")} (uniform; yin-yang scaled)`],
  loss: ["NAME", lossNames.join(", ")],
  optimizer: ["NAME", optimizerNames.join(", ")],
  rate: ["X", "learning rate"],
  momentum: ["X", "share of the last step to keep, for momentum and nesterov (0.9)"],
  "weight-decay": ["X", "pull of the weights towards 0 (0; adamw 0.01)"],
  schedule: ["HOW", "what becomes of the rate, see below (constant)"],
  epochs: ["N", "how often to go through the points; 0 only measures"],
  batch: ["N", "points in a step (all of them)"],
  engine: ["NAME", `what makes the steps: ${engines.join(", ")} (auto); same numbers, other times`],
  seed: ["N", `for weights, held-out points and batches (${SEED})`],
  save: ["FILE", "write the trained model to a file"],
  load: ["FILE", "go on from such a file, with its data and settings"],
  report: ["FILE", "write a web page with curve, map and every number to a file"],
  json: ["", "print one JSON document and nothing else"],
  quiet: ["", "print nothing but the line with the losses"],
  help: ["", "print this text"],
};

/** The options as they were given; what was not given is undefined. */
export interface Given {
  readonly data?: DataName;
  readonly csv?: string;
  readonly targets?: number;
  readonly points?: number;
  readonly noise?: number;
  readonly heldOut?: number;
  readonly hidden?: readonly number[];
  readonly activation?: Activation;
  readonly output?: Activation;
  readonly init?: Initialization;
  readonly loss?: LossName;
  readonly optimizer?: OptimizerName;
  readonly rate?: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly schedule?: string;
  readonly epochs?: number;
  readonly batch?: number;
  readonly engine?: Engine;
  readonly seed?: number;
  readonly save?: string;
  readonly load?: string;
  readonly report?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly help: boolean;
}

/**
 * Reads the words of the command line, and checks what can be checked without the data.
 *
 * @throws UsageError that names the option, what was expected and what came
 */
export function readOptions(args: readonly string[]): Given {
  const placeholders = Object.entries(optionTexts).map(([name, [value]]) => [name, value]);
  const found = parseArguments(args, Object.fromEntries(placeholders));

  // Each of these reads the text of an option, if it was given.
  const read = <T>(option: string, reader: (text: string) => T): T | undefined => {
    const text = found.get(option);
    return text === undefined ? undefined : reader(text);
  };
  const name = <T extends string>(option: string, names: readonly T[]) =>
    read(option, (text) => nameFrom(text, option, names));
  const number = (option: string, least: number, most: number) =>
    read(option, (text) => numberFrom(text, option, least, most));
  const whole = (option: string, least: number, most: number) =>
    read(option, (text) => wholeFrom(text, option, least, most));
  const file = (option: string) => read(option, (text) => fileFrom(text, option));

  const given: Given = {
    data: name("data", dataNames),
    csv: file("csv"),
    targets: whole("targets", 1, 1000),
    points: whole("points", 2, MOST_POINTS),
    noise: number("noise", 0, 1000),
    heldOut: number("held-out", 0, 0.999),
    hidden: read("hidden", sizesFrom),
    activation: name("activation", activations),
    output: name("output", activations),
    init: name("init", initializations),
    loss: name("loss", lossNames),
    optimizer: name("optimizer", optimizerNames),
    rate: number("rate", 0, Infinity),
    momentum: number("momentum", 0, 0.999999),
    weightDecay: number("weight-decay", 0, Infinity),
    schedule: read("schedule", (text) => {
      scheduleFrom(text);
      return text;
    }),
    epochs: whole("epochs", 0, MOST_EPOCHS),
    batch: whole("batch", 1, MOST_POINTS),
    engine: name("engine", engines),
    seed: whole("seed", 0, Number.MAX_SAFE_INTEGER),
    save: file("save"),
    load: file("load"),
    report: file("report"),
    json: found.has("json"),
    quiet: found.has("quiet"),
    help: found.has("help"),
  };
  expectTogether(given);
  return given;
}

/** Refuses options that contradict each other. What depends on the data is checked later. */
function expectTogether(given: Given): void {
  const { data, csv, targets, load, save, report, json, quiet } = given;
  const refuse = (option: string, expected: string, got: string) => {
    throw new UsageError(`--${option}: expected ${expected}, got ${got}`);
  };
  if (data !== undefined && csv !== undefined)
    refuse("csv", "no --data beside it", `--data ${data}`);
  if (targets !== undefined && csv === undefined) refuse("targets", "--csv FILE beside it", "none");
  if (json && quiet) refuse("quiet", "no --json beside it", "--json");
  for (const [option, written, others] of [
    ["save", save, { csv }], // of --load it may be: it goes on from there
    ["report", report, { csv, load, save }],
  ] as const) {
    for (const [other, file] of Object.entries(others)) {
      if (written !== undefined && file !== undefined && isSameFile(written, file)) {
        refuse(option, `another file than that of --${other}`, quote(written));
      }
    }
  }
  if (load === undefined) return;
  for (const option of ["hidden", "activation", "output", "init"] as const) {
    if (given[option] !== undefined) {
      refuse(option, "no --load beside it, which brings its own network", `--load ${quote(load)}`);
    }
  }
}

function fileFrom(text: string, option: string): string {
  if (text !== "" && !text.includes("\0") && (text !== "-" || option === "csv")) return text;
  throw new UsageError(`--${option}: expected the name of a file, got ${quote(text)}`);
}

function sizesFrom(text: string): number[] {
  if (text === "none") return [];
  const words = text.split(",");
  if (words.length > 100) {
    throw new UsageError(`--hidden: expected at most 100 layers, got ${words.length}`);
  }
  return words.map((word) => {
    if (word !== "") return wholeFrom(word, "hidden", 1, 10_000);
    throw new UsageError(`--hidden: expected sizes such as 4,4, or none, got ${quote(text)}`);
  });
}

/** A schedule in the words of the command line; its numbers are shares of the rate. */
export interface ScheduleWords {
  readonly kind: (typeof scheduleNames)[number];
  readonly factor: number;
  /** Every how many epochs; of "step" only. */
  readonly every: number;
}

const scheduleForms: Readonly<Record<ScheduleWords["kind"], string>> = {
  constant: "constant",
  linear: "linear or linear:0.1",
  cosine: "cosine or cosine:0.1",
  step: "step:0.5,100",
  exponential: "exponential:0.99",
};

/** @throws UsageError if a text is not in one of the forms above */
export function scheduleFrom(text: string): ScheduleWords {
  const colon = text.indexOf(":");
  const kind = nameFrom(colon < 0 ? text : text.slice(0, colon), "schedule", scheduleNames);
  const numbers = colon < 0 ? [] : text.slice(colon + 1).split(",");
  const counts = { constant: [0], linear: [0, 1], cosine: [0, 1], step: [2], exponential: [1] };
  if (!counts[kind].includes(numbers.length)) {
    throw new UsageError(`--schedule: expected ${scheduleForms[kind]}, got ${quote(text)}`);
  }
  const [factor, every] = numbers;
  return {
    kind,
    factor: factor === undefined ? 0 : numberFrom(factor, "schedule", 0, 1),
    every: every === undefined ? 1 : wholeFrom(every, "schedule", 1, MOST_EPOCHS),
  };
}

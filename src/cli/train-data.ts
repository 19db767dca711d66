/**
 * The data of `chainrule train`: one of the sets that come with the package, or a CSV file. Read
 * src/data.ts and train-options.ts first.
 */

import { basename } from "node:path";
import { parseCSV } from "../csv.ts";
import {
  cube,
  type DataSet,
  evenOdd,
  makeCircles,
  makeMoons,
  makeSine,
  makeSpirals,
  makeYinYang,
  split,
  type Task,
  xor,
} from "../data.ts";
import { quote } from "../errors.ts";
import type { TrainingRecord } from "../model-file.ts";
import { pythonRandom } from "../random.ts";
import { type DataName, dataNames } from "../recipes.ts";
import type { LossName } from "../train.ts";
import { CommandError, UsageError } from "./arguments.ts";
import { readStandardInput, readText } from "./files.ts";
import type { Given } from "./train-options.ts";
import { withoutUndefined } from "./train-recipe.ts";

const LONGEST_CSV = 50_000_000; // bytes

/** Where the data comes from. */
export interface Source {
  /** The data set; undefined if it is a CSV file. */
  readonly name: DataName | undefined;
  readonly csv: string | undefined;
  readonly targets: number | undefined;
  readonly points: number | undefined;
  readonly noise: number | undefined;
  readonly heldOut: number;
}

/**
 * The source that the options ask for or, if they ask for none, that of the model's last training.
 *
 * @throws UsageError if an option does not go with it
 */
export function sourceOf(given: Given, before: TrainingRecord | undefined): Source {
  const { csv, targets } = given;
  const asked = csv !== undefined || given.data !== undefined;
  const again = asked ? undefined : before;
  const heldOut = given.heldOut ?? before?.heldOut ?? 0;
  if (csv !== undefined) {
    for (const option of ["points", "noise"] as const) {
      if (given[option] !== undefined) {
        throw new UsageError(`--${option}: expected data that is drawn, got --csv ${quote(csv)}`);
      }
    }
    return { name: undefined, csv, targets, points: undefined, noise: undefined, heldOut };
  }

  const name = given.data ?? dataNames.find((known) => known === again?.data) ?? "even-odd";
  if (given.data === undefined && again?.data !== undefined && again.data !== name) {
    throw new UsageError(
      `--load: expected --csv or --data beside it, as the model was trained on ` +
        `${quote(again.data)}; got neither`,
    );
  }
  const drawn = !["even-odd", "cube", "xor"].includes(name);
  if (given.points !== undefined && !drawn) {
    throw new UsageError(`--points: expected data that is drawn, such as moons, got ${name}`);
  }
  if (given.noise !== undefined && (!drawn || name === "yin-yang")) {
    throw new UsageError(`--noise: expected data that has some, such as moons, got ${name}`);
  }
  const points = given.points ?? (drawn ? again?.points : undefined);
  return { name, csv, targets, points, noise: given.noise ?? again?.noise, heldOut };
}

/**
 * The data of a source. Sets that are drawn are the same ones every time, whatever the seed.
 *
 * @param loss what the loss will be, if that is known: it says what the targets of a CSV mean
 * @throws CommandError if a file cannot be read
 */
export async function dataOf(source: Source, loss: LossName | undefined): Promise<DataSet> {
  const { name, csv, points, noise } = source;
  if (csv !== undefined) return readCSV(csv, source.targets, loss);
  const drawing = withoutUndefined({ points, noise });
  switch (name) {
    case "cube":
      return cube();
    case "xor":
      return xor();
    case "moons":
      return makeMoons(drawing);
    case "circles":
      return makeCircles(drawing);
    case "spirals":
      return makeSpirals(drawing);
    case "sine":
      return makeSine(drawing);
    case "yin-yang":
      return makeYinYang(withoutUndefined({ points }));
    default:
      return evenOdd();
  }
}

/** What the targets of a CSV must be if the loss is known; otherwise they speak for themselves. */
const taskOf: Readonly<Partial<Record<LossName, Task>>> = {
  hinge: "sign",
  crossEntropy: "classes",
};

async function readCSV(
  file: string,
  targets: number | undefined,
  loss: LossName | undefined,
): Promise<DataSet> {
  const text =
    file === "-" ? await readStandardInput("csv", LONGEST_CSV) : readText(file, "csv", LONGEST_CSV);
  const name = file === "-" ? "standard input" : basename(file);
  const options = { name, ...withoutUndefined({ targets }) };
  try {
    const task = loss === undefined ? undefined : taskOf[loss];
    const data = parseCSV(text, { ...options, ...withoutUndefined({ task }) });
    if (data.task !== "classes" || loss === undefined || loss === "crossEntropy") return data;
    // Whole numbers that only looked like classes. Zeros and ones are yes and no.
    if (loss !== "binaryCrossEntropy" || data.classes !== 2) {
      return parseCSV(text, { ...options, task: "regression" });
    }
    const signs = data.targets.map(([target]) => [2 * target - 1]);
    return { name: data.name, task: "sign", inputs: data.inputs, targets: signs };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const where = `--csv: ${file === "-" ? "standard input" : quote(file)}`;
    throw new CommandError(`${where}: ${message.replace(/^parseCSV: /, "")}`);
  }
}

/** What a model file calls data from a CSV file: no name of ours begins like this. */
export const nameOfCSV = ({ csv }: Source): string => `csv:${basename(csv ?? "")}`.slice(0, 200);

/**
 * The points to learn from and those held out, drawn with the seed.
 *
 * @throws UsageError if there are too few
 */
export function divide(
  all: DataSet,
  share: number,
  seed: number,
): { data: DataSet; heldOut: DataSet | undefined } {
  if (share === 0) return { data: all, heldOut: undefined };
  if (all.inputs.length < 2) {
    throw new UsageError("--held-out: expected data with at least 2 points, got 1");
  }
  const { train, heldOut } = split(all, { heldOut: share, random: pythonRandom(seed) });
  return { data: train, heldOut };
}

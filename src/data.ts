/**
 * Data sets to learn from: the toy ones that everybody knows, and a division into training and
 * held-out points. Read random.ts first.
 */

import { describe, expectOneOf, expectOptions } from "./errors.ts";
import { cos, sin } from "./math.ts";
import { numpyRandom, pythonRandom, type Random, xorshiftRandom } from "./random.ts";

/**
 * What is to be learned: "regression" (targets are any numbers), "sign" (one target, -1 or +1: two
 * classes told apart by the sign of one output), "classes" (one target, the number 0, 1, 2, ... of
 * a class: one output for each class).
 */
export type Task = "regression" | "sign" | "classes";

/** Points and what a network should say of each: point i is `inputs[i]`, wanted is `targets[i]`. */
export interface DataSet {
  readonly name: string;
  readonly task: Task;
  /** How many classes there are; only where the task is "classes". */
  readonly classes?: number;
  /** One row a point, all of the same length. */
  readonly inputs: number[][];
  /** One row a point, all of the same length. */
  readonly targets: number[][];
}

// Small sets that are written out.

/** The original's four points: +1 where the sum of the three inputs is even, -1 where it is odd. */
export function evenOdd(): DataSet {
  return {
    name: "even-odd",
    task: "sign",
    inputs: [
      [1, 1, 1],
      [0, 2, 4],
      [-2, 4, 2],
      [3, 1, 3],
    ],
    targets: [[-1], [1], [1], [-1]],
  };
}

/** The eight corners of the cube: +1 where an even number of the three inputs is 1, else -1. */
export function cube(): DataSet {
  const inputs = [];
  const targets = [];
  for (const x of [0, 1]) {
    for (const y of [0, 1]) {
      for (const z of [0, 1]) {
        inputs.push([x, y, z]);
        targets.push([(x + y + z) % 2 === 0 ? 1 : -1]);
      }
    }
  }
  return { name: "cube", task: "sign", inputs, targets };
}

/** Exclusive or: +1 where just one of two inputs is 1, else -1. No single neuron can learn it. */
export function xor(): DataSet {
  return {
    name: "xor",
    task: "sign",
    inputs: [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    targets: [[-1], [1], [1], [-1]],
  };
}

// Sets that are drawn. Each call without `random` starts a new generator, so it gives the same set.

/**
 * Two half circles, each reaching into the other: -1 for the upper one (half of the points,
 * rounded down), +1 for the lower one. The points come in random order unless `shuffle` is false;
 * `noise` is the standard deviation of what is added to every coordinate.
 *
 * Draws: one shuffle of the points (if `shuffle`), then two normal numbers a point, in order.
 * That is scikit-learn's arithmetic: numpyRandom(seed) gives the points of
 * make_moons(points, noise=noise, random_state=seed) but for the last digit, and makeMoons() those
 * of Karpathy's demo (numpyRandom(1337) is the default).
 *
 * TypeError for an option of the wrong kind or name, RangeError for one out of range: `points` is
 * a whole number from 2 to 1,000,000, `noise` is from 0 to 1000.
 *
 * Source: scikit-learn's make_moons; micrograd's demo.ipynb.
 */
export function makeMoons(
  options: { points?: number; noise?: number; shuffle?: boolean; random?: Random } = {},
): DataSet {
  expectOptions(options, ["points", "noise", "shuffle", "random"], "makeMoons");
  const { points = 100, noise = 0.1, shuffle = true, random = numpyRandom(1337) } = options;
  checkDrawing("makeMoons", points, 2, noise, random);
  checkBoolean("makeMoons", "shuffle", shuffle);

  const upper = Math.floor(points / 2);
  const inputs = [
    ...evenlySpaced(0, Math.PI, upper).map((t) => [cos(t), sin(t)]),
    ...evenlySpaced(0, Math.PI, points - upper).map((t) => [1 - cos(t), 1 - sin(t) - 0.5]),
  ];
  const targets = inputs.map((_, i) => [i < upper ? -1 : 1]);
  const moons: DataSet = { name: "moons", task: "sign", inputs, targets };
  return withNoise(shuffle ? shuffled(moons, random) : moons, noise, random);
}

/**
 * A circle of radius 1 and one of radius `factor` inside it: -1 for the outer (half of the points,
 * rounded down), +1 for the inner. `noise` and `shuffle` as in makeMoons.
 *
 * Draws as makeMoons does. numpyRandom(seed) gives the points of scikit-learn's
 * make_circles(points, noise=noise, factor=factor, random_state=seed) but for the last digit; the
 * default is numpyRandom(1337).
 *
 * Throws as makeMoons does; `factor` is from 0 to less than 1.
 *
 * Source: scikit-learn's make_circles (whose own default factor is 0.8).
 */
export function makeCircles(
  options: {
    points?: number;
    noise?: number;
    factor?: number;
    shuffle?: boolean;
    random?: Random;
  } = {},
): DataSet {
  expectOptions(options, ["points", "noise", "factor", "shuffle", "random"], "makeCircles");
  const { points = 100, noise = 0.1, factor = 0.5 } = options;
  const { shuffle = true, random = numpyRandom(1337) } = options;
  checkDrawing("makeCircles", points, 2, noise, random);
  checkNumber("makeCircles", "factor", factor, "from 0 to less than 1", (f) => f >= 0 && f < 1);
  checkBoolean("makeCircles", "shuffle", shuffle);

  const outer = Math.floor(points / 2);
  const inner = points - outer;
  const inputs = [
    ...anglesAround(outer).map((t) => [cos(t), sin(t)]),
    ...anglesAround(inner).map((t) => [cos(t) * factor, sin(t) * factor]),
  ];
  const targets = inputs.map((_, i) => [i < outer ? -1 : 1]);
  const circles: DataSet = { name: "circles", task: "sign", inputs, targets };
  return withNoise(shuffle ? shuffled(circles, random) : circles, noise, random);
}

/**
 * Spiral arms around the origin, one for each class, each going `turns` times round while it goes
 * out to radius 1. The arms take turns: point i lies on arm i modulo `classes`. With two classes
 * the targets are -1 and +1 (task "sign"), with more they are the number of the arm ("classes").
 * `noise` is the standard deviation of what is added to every coordinate.
 *
 * Draws: two normal numbers a point, in order. The default is pythonRandom(1337).
 *
 * Throws as makeMoons does; `points` is at least `classes`, `turns` is from 0 to 1000, `classes`
 * a whole number from 2 to 1000.
 *
 * Source: the two-spirals problem (Lang and Witbrock, 1988); the arithmetic is ours.
 */
export function makeSpirals(
  options: {
    points?: number;
    noise?: number;
    turns?: number;
    classes?: number;
    random?: Random;
  } = {},
): DataSet {
  expectOptions(options, ["points", "noise", "turns", "classes", "random"], "makeSpirals");
  const { points = 100, noise = 0.02, turns = 1 } = options;
  const { classes = 2, random = pythonRandom(1337) } = options;
  checkWhole("makeSpirals", "classes", classes, 2, MOST_CLASSES);
  checkDrawing("makeSpirals", points, classes, noise, random);
  checkNumber("makeSpirals", "turns", turns, "from 0 to 1000", (t) => t >= 0 && t <= 1000);

  const inputs = [];
  const targets = [];
  const longestArm = Math.ceil(points / classes);
  for (let i = 0; i < points; i++) {
    const arm = i % classes;
    const radius = (Math.floor(i / classes) + 1) / longestArm;
    const angle = 2 * Math.PI * (turns * radius + arm / classes);
    inputs.push([radius * cos(angle), radius * sin(angle)]);
    targets.push([classes === 2 ? 2 * arm - 1 : arm]);
  }
  const spirals: DataSet =
    classes === 2
      ? { name: "spirals", task: "sign", inputs, targets }
      : { name: "spirals", task: "classes", classes, inputs, targets };
  return withNoise(spirals, noise, random);
}

/**
 * One wave of the sine to be learned from points: x goes evenly from -pi to pi, the target is
 * sin(x) plus a normal number of standard deviation `noise`.
 *
 * Draws: one normal number a point, in order. The default is pythonRandom(1337). Throws as
 * makeMoons does.
 */
export function makeSine(
  options: { points?: number; noise?: number; random?: Random } = {},
): DataSet {
  expectOptions(options, ["points", "noise", "random"], "makeSine");
  const { points = 100, noise = 0.1, random = pythonRandom(1337) } = options;
  checkDrawing("makeSine", points, 2, noise, random);

  const inputs = evenlySpaced(-Math.PI, Math.PI, points).map((x) => [x]);
  const targets = inputs.map(([x]) => [sin(x!) + random.normal(0, noise)]);
  return { name: "sine", task: "regression", inputs, targets };
}

/**
 * The yin-yang sign, in a disc of radius 2: class 0 is the yin, 1 the yang, 2 the two dots. The
 * classes take turns: point i is of class i modulo 3.
 *
 * Draws: two uniform numbers a try, and tries until a point falls into the class whose turn it is.
 * That is the arithmetic of EurekaLabs' micrograd, and its numbers: makeYinYang() gives the points
 * of its run (the default is xorshiftRandom(42)), which trains on the first 80 of the 100.
 *
 * Throws as makeMoons does (`points` may be 1), and an Error if `random` never finds a point.
 *
 * Source: gen_data_yinyang in EurekaLabs' micrograd (utils.py), after Kriener, Goeltz and
 * Petrovici, "The Yin-Yang dataset" (2022).
 */
export function makeYinYang(options: { points?: number; random?: Random } = {}): DataSet {
  expectOptions(options, ["points", "random"], "makeYinYang");
  const { points = 100, random = xorshiftRandom(42) } = options;
  checkDrawing("makeYinYang", points, 1, 0, random);

  const inputs = [];
  const targets = [];
  for (let i = 0; i < points; i++) {
    inputs.push(yinYangPoint(i % 3, random));
    targets.push([i % 3]);
  }
  return { name: "yin-yang", task: "classes", classes: 3, inputs, targets };
}

const DISC = 0.5; // the radius, and both coordinates of the centre
const DOT = 0.1; // the radius of a dot; the dots sit half a radius left and right of the centre

function yinYangPoint(wanted: number, random: Random): number[] {
  for (let tries = 0; tries < 10_000; tries++) {
    const x = random.uniform(0, 2 * DISC);
    const y = random.uniform(0, 2 * DISC);
    if (distance(x, y, DISC, DISC) > DISC) continue;
    if (yinYangClass(x, y) === wanted) return [(x / DISC - 1) * 2, (y / DISC - 1) * 2];
  }
  throw new Error(
    `makeYinYang: expected random to reach class ${wanted}, got no such point in 10,000 tries`,
  );
}

function yinYangClass(x: number, y: number): 0 | 1 | 2 {
  const toRightDot = distance(x, y, 1.5 * DISC, DISC);
  const toLeftDot = distance(x, y, 0.5 * DISC, DISC);
  if (toRightDot < DOT || toLeftDot < DOT) return 2;
  const onEdgeOfRightDot = toRightDot <= DOT; // only just on it, as nearer points are class 2
  const inLeftHead = toLeftDot > DOT && toLeftDot <= 0.5 * DISC;
  const inBody = y > DISC && toRightDot > 0.5 * DISC;
  return onEdgeOfRightDot || inLeftHead || inBody ? 0 : 1;
}

function distance(x: number, y: number, centreX: number, centreY: number): number {
  return Math.sqrt((x - centreX) * (x - centreX) + (y - centreY) * (y - centreY));
}

/** `count` numbers from `start` to `stop`, both included, rounded as numpy's linspace rounds. */
function evenlySpaced(start: number, stop: number, count: number): number[] {
  if (count === 1) return [start];
  const step = (stop - start) / (count - 1);
  const numbers = Array.from({ length: count }, (_, i) => i * step + start);
  numbers[count - 1] = stop;
  return numbers;
}

/** `count` angles once around the circle, 0 included and 2 pi not. */
function anglesAround(count: number): number[] {
  const step = (2 * Math.PI) / count;
  return Array.from({ length: count }, (_, i) => i * step);
}

function shuffled(data: DataSet, random: Random): DataSet {
  const order = data.inputs.map((_, i) => i);
  random.shuffle(order);
  return pick(data, order);
}

function withNoise(data: DataSet, noise: number, random: Random): DataSet {
  const inputs = data.inputs.map((point) => point.map((x) => x + random.normal(0, noise)));
  return { ...data, inputs };
}

/** The points at these places, in this order. */
function pick(data: DataSet, places: number[]): DataSet {
  return {
    ...data,
    inputs: places.map((i) => data.inputs[i]),
    targets: places.map((i) => data.targets[i]),
  };
}

// Division into training and held-out points.

/**
 * Divides a data set into points to train on and points held out, to see how the network does on
 * what it has not seen. Every point is in just one of the two, and each keeps the order of `data`;
 * the rows are shared with `data`, not copied.
 *
 *     const { train, heldOut } = split(makeMoons(), { heldOut: 0.2 }); // 80 and 20 points
 *
 * `heldOut` is the share to hold out, from 0 to less than 1. It is rounded to whole points, but
 * above 0 at least one point is held out and at least one left. At 0 nothing is drawn and the
 * held-out set has no points.
 *
 * Draws: one shuffle of the points; the last of them are held out. The default is
 * pythonRandom(1337).
 *
 * TypeError or RangeError for a wrong option or data set, RangeError if one is to be held out of
 * less than two points.
 */
export function split(
  data: DataSet,
  options: { heldOut: number; random?: Random },
): { train: DataSet; heldOut: DataSet } {
  checkDataSet("split", data);
  expectOptions(options, ["heldOut", "random"], "split");
  const { heldOut: share, random = pythonRandom(1337) } = options;
  checkNumber("split", "heldOut", share, "from 0 to less than 1", (s) => s >= 0 && s < 1);
  checkRandom("split", random);

  const count = data.inputs.length;
  const places = data.inputs.map((_, i) => i);
  if (share === 0) return { train: pick(data, places), heldOut: pick(data, []) };
  if (count < 2) {
    throw new RangeError("split: expected at least 2 points to hold one out, got 1");
  }
  const heldOutCount = Math.min(Math.max(Math.round(share * count), 1), count - 1);
  const order = [...places];
  random.shuffle(order);
  const chosen = new Set(order.slice(count - heldOutCount));
  const others = places.filter((i) => !chosen.has(i));
  const heldOut = places.filter((i) => chosen.has(i));
  return { train: pick(data, others), heldOut: pick(data, heldOut) };
}

export const TASKS: readonly Task[] = ["regression", "sign", "classes"];
export const MOST_CLASSES = 1000;
export const isSign = (target: number): boolean => target === -1 || target === 1;
export const isClass = (target: number): boolean =>
  Number.isInteger(target) && target >= 0 && target < MOST_CLASSES;

export function dataSet(
  name: string,
  task: Task,
  inputs: number[][],
  targets: number[][],
): DataSet {
  if (task !== "classes") return { name, task, inputs, targets };
  const classes = targets.reduce((most, [target]) => Math.max(most, target + 1), 0);
  return { name, task, classes, inputs, targets };
}

// What came in is what was asked for.

/**
 * Does nothing if `data` is a data set as described at DataSet: at least one point, as many rows of
 * targets as of inputs, rows of equal length, finite numbers, targets that fit the task. Else it
 * throws a TypeError or RangeError that begins with `where` and names the row.
 */
export function checkDataSet(where: string, data: DataSet): void {
  if (typeof data !== "object" || data === null) {
    throw new TypeError(`${where}: expected a data set, got ${describe(data)}`);
  }
  expectOneOf(data.task, TASKS, `${where}, task`);
  checkRows(where, "inputs", data.inputs);
  checkRows(where, "targets", data.targets);
  if (data.inputs.length !== data.targets.length) {
    throw new RangeError(
      `${where}: expected ${data.inputs.length} rows of targets, as of inputs, ` +
        `got ${data.targets.length}`,
    );
  }
  if (data.task === "regression") return;
  if (data.task === "classes") checkWhole(where, "classes", data.classes, 1, MOST_CLASSES);
  for (const [i, row] of data.targets.entries()) {
    const fits = data.task === "sign" ? isSign(row[0]) : isClass(row[0]);
    if (row.length !== 1 || !fits || row[0] >= (data.classes ?? Infinity)) {
      throw new RangeError(
        `${where}: expected targets[${i}] to fit the task "${data.task}", got [${row.join(", ")}]`,
      );
    }
  }
}

function checkRows(where: string, name: string, rows: unknown): void {
  if (!Array.isArray(rows)) {
    throw new TypeError(`${where}: expected ${name} to be rows of numbers, got ${describe(rows)}`);
  }
  if (rows.length === 0) throw new RangeError(`${where}: expected ${name} of points, got none`);
  const width = Array.isArray(rows[0]) ? rows[0].length : 0;
  for (const [i, row] of rows.entries()) {
    if (!Array.isArray(row)) {
      throw new TypeError(`${where}: expected ${name}[${i}] to be a row, got ${describe(row)}`);
    }
    if (row.length === 0 || row.length !== width) {
      const expected = width === 0 ? "at least 1 number" : `${width} number${width > 1 ? "s" : ""}`;
      throw new RangeError(
        `${where}: expected ${name}[${i}] to have ${expected}, got ${row.length}`,
      );
    }
    for (const [j, x] of row.entries()) {
      if (Number.isFinite(x)) continue; // before the words: there may be millions of numbers
      checkNumber(where, `${name}[${i}][${j}]`, x, "finite", Number.isFinite);
    }
  }
}

/** The options that every drawn data set has. */
function checkDrawing(
  where: string,
  points: unknown,
  fewest: number,
  noise: unknown,
  random: unknown,
): void {
  checkWhole(where, "points", points, fewest, 1_000_000);
  checkNumber(where, "noise", noise, "from 0 to 1000", (x) => x >= 0 && x <= 1000);
  checkRandom(where, random);
}

function checkNumber(
  where: string,
  name: string,
  value: unknown,
  expected: string,
  fits: (value: number) => boolean,
): void {
  if (typeof value !== "number") {
    throw new TypeError(`${where}: expected ${name} to be a number, got ${describe(value)}`);
  }
  if (!fits(value)) throw new RangeError(`${where}: expected ${name} ${expected}, got ${value}`);
}

export function checkWhole(
  where: string,
  name: string,
  value: unknown,
  fewest: number,
  most: number,
): void {
  const expected = `to be a whole number from ${fewest} to ${most}`;
  const fits = (n: number) => Number.isInteger(n) && n >= fewest && n <= most;
  checkNumber(where, name, value, expected, fits);
}

export function checkBoolean(where: string, name: string, value: unknown): void {
  if (typeof value !== "boolean") {
    throw new TypeError(`${where}: expected ${name} to be true or false, got ${describe(value)}`);
  }
}

function checkRandom(where: string, random: unknown): void {
  const drawn = ["next", "uniform", "normal", "integer", "shuffle"];
  const isRandom =
    typeof random === "object" &&
    random !== null &&
    drawn.every((name) => typeof (random as Record<string, unknown>)[name] === "function");
  if (!isRandom) {
    throw new TypeError(
      `${where}: expected random to be such as pythonRandom(1337), got ${describe(random)}`,
    );
  }
}

/**
 * Data sets to learn from: the toy ones that everybody knows, a division into training and held-out
 * points, and CSV in and out. Before: random.ts.
 */

import { describe, expectOneOf, expectOptions, quote } from "./errors.ts";
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
    inputs: places.map((i) => data.inputs[i]!),
    targets: places.map((i) => data.targets[i]!),
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

// CSV.

/**
 * Reads a data set from CSV text: one line a point, numbers separated by commas, the last
 * `targets` columns (1 if left out) are the targets and the others the inputs.
 *
 *     parseCSV("x1,x2,y\n0,0,-1\n0,1,1\n").inputs; // [[0, 0], [0, 1]]
 *
 * - A number is decimal: 1, -0.5, .5, 2e-3; blanks around it and quotes ("1") are allowed.
 *   Nothing else is one: no empty field, no NaN, no Infinity, nothing hexadecimal.
 * - `header: "auto"` (the default) takes the first line as names if none of its fields looks like
 *   a number and one has text; true and false say it.
 * - Lines end with LF or CRLF; a byte order mark at the start and blank lines at the end are
 *   skipped. A quoted field ends on its own line.
 * - The task: with one target column, "sign" if every target is -1 or 1; else "classes" if the
 *   targets are 0, 1, ..., k - 1 for some k >= 2, each at least twice; else "regression". Whole
 *   numbers can mean both, so `task` says it where the guess is wrong. A task given so is checked
 *   against the targets, and the number of classes is the largest target plus 1.
 * - `name` names the data set ("csv" if left out).
 *
 * Throws an Error that names the line and the column for text that is not such a table; TypeError
 * if `text` is not a string; TypeError or RangeError for a wrong option.
 *
 * Source: RFC 4180 for commas and quotes.
 */
export function parseCSV(
  text: string,
  options: { targets?: number; name?: string; header?: boolean | "auto"; task?: Task } = {},
): DataSet {
  if (typeof text !== "string") {
    throw new TypeError(`parseCSV: expected text, got ${describe(text)}`);
  }
  expectOptions(options, ["targets", "name", "header", "task"], "parseCSV");
  const { targets: targetColumns = 1, name = "csv", header = "auto", task } = options;
  checkWhole("parseCSV", "targets", targetColumns, 1, 1_000_000);
  if (typeof name !== "string") {
    throw new TypeError(`parseCSV: expected name to be text, got ${describe(name)}`);
  }
  if (header !== "auto") checkBoolean("parseCSV", "header", header);
  if (task !== undefined) expectOneOf(task, TASKS, "parseCSV, task");

  const lines = linesOf(text);
  if (lines.length === 0) throw new Error("parseCSV: expected lines of numbers, got empty text");
  const first = fieldsOf(lines[0]!, 1);
  if (first.length <= targetColumns) {
    throw new Error(
      `parseCSV: line 1: expected at least ${targetColumns + 1} columns separated by commas ` +
        `(1 of inputs, ${targetColumns} of targets), got ${first.length}`,
    );
  }
  const hasHeader = header === "auto" ? looksLikeHeader(first) : header;
  const firstRow = hasHeader ? 1 : 0;
  if (lines.length === firstRow) {
    throw new Error("parseCSV: expected lines of numbers after the header in line 1, got none");
  }

  const inputs = [];
  const targets = [];
  for (let i = firstRow; i < lines.length; i++) {
    const row = numbersOf(lines[i]!, i + 1, first.length, hasHeader ? first : []);
    targets.push(row.splice(first.length - targetColumns));
    inputs.push(row);
  }
  if (task !== undefined) checkTargets(targets, task, firstRow + 1);
  return dataSet(name, task ?? taskOf(targets), inputs, targets);
}

/**
 * Writes a data set as CSV text: a header (x1, x2, ..., and y or y1, y2, ...), then one line a
 * point, every number with all the digits that it needs. parseCSV reads the same bits back, if it
 * is told of `targets` other than 1 (and of a `task` that it would not guess).
 *
 *     formatCSV(xor()); // "x1,x2,y\n0,0,-1\n0,1,1\n1,0,1\n1,1,-1\n"
 *
 * TypeError or RangeError for a wrong data set: CSV here has no empty rows, no NaN, no Infinity.
 */
export function formatCSV(data: DataSet): string {
  checkDataSet("formatCSV", data);
  const inputNames = data.inputs[0]!.map((_, i) => `x${i + 1}`);
  const severalTargets = data.targets[0]!.length > 1;
  const targetNames = data.targets[0]!.map((_, i) => (severalTargets ? `y${i + 1}` : "y"));
  const lines = [[...inputNames, ...targetNames].join(",")];
  for (let i = 0; i < data.inputs.length; i++) {
    lines.push([...data.inputs[i]!, ...data.targets[i]!].map(numberAsText).join(","));
  }
  return `${lines.join("\n")}\n`;
}

function numberAsText(x: number): string {
  return Object.is(x, -0) ? "-0" : String(x);
}

/** The lines of a text, without a byte order mark, line ends and blank lines at the end. */
function linesOf(text: string): string[] {
  const start = text.startsWith("\ufeff") ? 1 : 0;
  const lines = text.slice(start).split("\n");
  while (lines.length > 0 && BLANK.test(lines.at(-1)!)) lines.pop();
  return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
}

/** The fields of a line, without their quotes. */
function fieldsOf(line: string, lineNumber: number): string[] {
  if (!line.includes('"')) return line.split(",");
  const wrong = (what: string, at: number) =>
    new Error(`parseCSV: line ${lineNumber}: expected ${what}, got ${quote(line.slice(at))}`);

  const fields = [];
  let start = 0;
  while (true) {
    let end: number;
    if (line[start] === '"') {
      const close = closingQuote(line, start);
      if (close === -1) throw wrong("the quote to be closed on its line", start);
      end = close + 1;
      if (end < line.length && line[end] !== ",") throw wrong("a comma after the quote", close);
      fields.push(line.slice(start + 1, close).replaceAll('""', '"'));
    } else {
      const comma = line.indexOf(",", start);
      end = comma === -1 ? line.length : comma;
      const field = line.slice(start, end);
      if (field.includes('"')) throw wrong("a quote only around a whole field", start);
      fields.push(field);
    }
    if (end === line.length) return fields;
    start = end + 1;
  }
}

/** Where the quoted field ends that opens at `start`; inside it a quote is written twice. */
function closingQuote(line: string, start: number): number {
  let close = line.indexOf('"', start + 1);
  while (close !== -1 && line[close + 1] === '"') close = line.indexOf('"', close + 2);
  return close;
}

/** The numbers of a line, which must be `count`; `names` are of the columns, for the messages. */
function numbersOf(line: string, lineNumber: number, count: number, names: string[]): number[] {
  const where = `parseCSV: line ${lineNumber}`;
  if (BLANK.test(line)) throw new Error(`${where}: expected ${count} numbers, got a blank line`);
  const fields = fieldsOf(line, lineNumber);
  if (fields.length !== count) {
    throw new Error(`${where}: expected ${count} fields as in line 1, got ${fields.length}`);
  }
  return fields.map((field, i) => {
    const number = NUMBER.test(field) ? Number(field) : Number.NaN;
    if (Number.isFinite(number)) return number;
    const column = `column ${i + 1}${names[i] ? ` (${quote(names[i])})` : ""}`;
    if (BLANK.test(field)) {
      throw new Error(`${where}, ${column}: expected a number, got an empty field`);
    }
    const expected = Number.isNaN(number) ? "a number" : "a number below 1.8e308 in size";
    throw new Error(`${where}, ${column}: expected ${expected}, got ${quote(field)}`);
  });
}

// Every one of these takes time in proportion to the text, also where it does not match.
const BLANK = /^[ \t\r]*$/;
const NUMBER = /^[ \t]*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[ \t]*$/;
const LOOKS_LIKE_NUMBER = /^\s*[+-]?(\.?\d|(nan|inf|infinity)\s*$)/i;

/** A line with a damaged number in it must not pass for a header: none may look like a number. */
function looksLikeHeader(fields: string[]): boolean {
  const hasText = fields.some((field) => !BLANK.test(field));
  return hasText && !fields.some((field) => LOOKS_LIKE_NUMBER.test(field));
}

function taskOf(targets: number[][]): Task {
  if (targets[0]!.length > 1) return "regression";
  if (targets.every(([target]) => isSign(target!))) return "sign";

  const occurrences = new Map<number, number>();
  for (const [target] of targets) {
    occurrences.set(target!, (occurrences.get(target!) ?? 0) + 1);
  }
  for (let k = 0; k < occurrences.size; k++) {
    if ((occurrences.get(k) ?? 0) < 2) return "regression";
  }
  return occurrences.size >= 2 && occurrences.size <= MOST_CLASSES ? "classes" : "regression";
}

function checkTargets(targets: number[][], task: Task, firstLine: number): void {
  if (task === "regression") return;
  if (targets[0]!.length > 1) {
    throw new RangeError(
      `parseCSV: expected 1 target column for the task "${task}", got ${targets[0]!.length}`,
    );
  }
  const [fits, expected] =
    task === "sign"
      ? [isSign, "a target of -1 or 1"]
      : [isClass, `the number of a class, 0 to ${MOST_CLASSES - 1}`];
  for (const [i, [target]] of targets.entries()) {
    if (!fits(target!)) {
      throw new Error(`parseCSV: line ${firstLine + i}: expected ${expected}, got ${target}`);
    }
  }
}

const TASKS: readonly Task[] = ["regression", "sign", "classes"];
const MOST_CLASSES = 1000;
const isSign = (target: number) => target === -1 || target === 1;
const isClass = (target: number) =>
  Number.isInteger(target) && target >= 0 && target < MOST_CLASSES;

function dataSet(name: string, task: Task, inputs: number[][], targets: number[][]): DataSet {
  if (task !== "classes") return { name, task, inputs, targets };
  const classes = targets.reduce((most, [target]) => Math.max(most, target! + 1), 0);
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
    const fits = data.task === "sign" ? isSign(row[0]!) : isClass(row[0]!);
    if (row.length !== 1 || !fits || row[0]! >= (data.classes ?? Infinity)) {
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

function checkWhole(
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

function checkBoolean(where: string, name: string, value: unknown): void {
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

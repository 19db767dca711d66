/**
 * CSV: data sets as lines of text with numbers in them, read and written. Read data.ts first.
 */

import {
  checkBoolean,
  checkDataSet,
  checkWhole,
  type DataSet,
  dataSet,
  isClass,
  isSign,
  MOST_CLASSES,
  TASKS,
  type Task,
} from "./data.ts";
import { describe, expectOneOf, expectOptions, quote } from "./errors.ts";

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
  const first = fieldsOf(lines[0], 1);
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
    const row = numbersOf(lines[i], i + 1, first.length, hasHeader ? first : []);
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
  const inputNames = data.inputs[0].map((_, i) => `x${i + 1}`);
  const severalTargets = data.targets[0].length > 1;
  const targetNames = data.targets[0].map((_, i) => (severalTargets ? `y${i + 1}` : "y"));
  const lines = [[...inputNames, ...targetNames].join(",")];
  for (let i = 0; i < data.inputs.length; i++) {
    lines.push([...data.inputs[i], ...data.targets[i]].map(numberAsText).join(","));
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
  if (targets[0].length > 1) return "regression";
  if (targets.every(([target]) => isSign(target))) return "sign";

  const occurrences = new Map<number, number>();
  for (const [target] of targets) {
    occurrences.set(target, (occurrences.get(target) ?? 0) + 1);
  }
  for (let k = 0; k < occurrences.size; k++) {
    if ((occurrences.get(k) ?? 0) < 2) return "regression";
  }
  return occurrences.size >= 2 && occurrences.size <= MOST_CLASSES ? "classes" : "regression";
}

function checkTargets(targets: number[][], task: Task, firstLine: number): void {
  if (task === "regression") return;
  if (targets[0].length > 1) {
    throw new RangeError(
      `parseCSV: expected 1 target column for the task "${task}", got ${targets[0].length}`,
    );
  }
  const [fits, expected] =
    task === "sign"
      ? [isSign, "a target of -1 or 1"]
      : [isClass, `the number of a class, 0 to ${MOST_CLASSES - 1}`];
  for (const [i, [target]] of targets.entries()) {
    if (!fits(target)) {
      throw new Error(`parseCSV: line ${firstLine + i}: expected ${expected}, got ${target}`);
    }
  }
}

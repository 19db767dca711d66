/**
 * Data of many examples as one flat array, from whatever a user may have. Nothing needs to be read
 * before.
 */

import { describe } from "../errors.ts";

/**
 * One row of numbers for each example: nested arrays, or all rows one after the other in a typed
 * array or an array. Where a row has one number, the number may stand for it.
 */
export type Rows = ArrayLike<number> | readonly ArrayLike<number>[];

/**
 * The numbers row after row.
 *
 * @param width how many numbers a row has; for 0, everything that is empty will do
 * @throws RangeError for a row of another length, or a number that is not finite; TypeError for
 * anything but numbers; the message says which row and column
 */
export function toRows(data: Rows, width: number, where: string): Float64Array {
  if (!isList(data)) {
    throw new TypeError(`${where}: expected rows of numbers, got ${describe(data)}`);
  }
  const nested = Array.isArray(data) && data.some((row) => typeof row === "object");
  const flat = nested ? flatten(data, width, where) : data;
  if (width === 0 ? flat.length > 0 : flat.length % width !== 0) {
    throw new RangeError(
      `${where}: expected ${numbersOf(width)} for each example, got ${flat.length} in all`,
    );
  }
  const numbers = new Float64Array(flat.length);
  for (let i = 0; i < flat.length; i++) {
    const x: unknown = flat[i];
    if (typeof x !== "number" || x - x !== 0) {
      const place = `row ${Math.floor(i / width)}, column ${i % width}`;
      const message = `${where}: expected finite numbers, got ${describe(x)} in ${place}`;
      throw typeof x === "number" ? new RangeError(message) : new TypeError(message);
    }
    numbers[i] = x;
  }
  return numbers;
}

function flatten(rows: readonly unknown[], width: number, where: string): unknown[] {
  const flat: unknown[] = [];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (!isList(row)) {
      throw new TypeError(
        `${where}: expected an array of ${numbersOf(width)} in row ${i}, got ${describe(row)}`,
      );
    }
    const { length } = row;
    if (length !== width) {
      throw new RangeError(`${where}: expected ${numbersOf(width)} in row ${i}, got ${length}`);
    }
    for (let c = 0; c < length; c++) flat.push(row[c]);
  }
  return flat;
}

/** Is it an array or a typed array? */
const isList = (thing: unknown): thing is ArrayLike<unknown> =>
  Array.isArray(thing) || (ArrayBuffer.isView(thing) && !(thing instanceof DataView));

const numbersOf = (count: number): string => (count === 1 ? "1 number" : `${count} numbers`);

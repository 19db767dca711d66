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
  const isFlat = ArrayBuffer.isView(data) && !(data instanceof DataView);
  if (!isFlat && !Array.isArray(data)) {
    throw new TypeError(`${where}: expected rows of numbers, got ${describe(data)}`);
  }
  const nested = !isFlat && data.some((row) => typeof row === "object" && row !== null);
  const flat = nested
    ? flatten(data as readonly ArrayLike<number>[], width, where)
    : (data as ArrayLike<number>); // a typed array, or an array without arrays in it
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

function flatten(rows: readonly ArrayLike<number>[], width: number, where: string): unknown[] {
  const flat: unknown[] = [];
  for (let i = 0; i < rows.length; i++) {
    const row: unknown = rows[i];
    const isRow = Array.isArray(row) || (ArrayBuffer.isView(row) && !(row instanceof DataView));
    if (!isRow) {
      throw new TypeError(
        `${where}: expected an array of ${numbersOf(width)} in row ${i}, got ${describe(row)}`,
      );
    }
    const { length } = row as ArrayLike<number>;
    if (length !== width) {
      throw new RangeError(`${where}: expected ${numbersOf(width)} in row ${i}, got ${length}`);
    }
    for (let c = 0; c < length; c++) flat.push((row as ArrayLike<unknown>)[c]);
  }
  return flat;
}

const numbersOf = (count: number): string => (count === 1 ? "1 number" : `${count} numbers`);

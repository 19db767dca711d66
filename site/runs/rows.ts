/**
 * Points, changes and weights as packed parts of an address. Few addresses have any, so this is loaded only
 * for those. Read setup.ts first.
 */

import { packText, unpackText } from "../cells/share-link.ts";
import { type DataPoint, type Edit, limits } from "./setup.ts";

/** Bytes of points, of changes or of weights as text: for as many as there may be. */
const longestText = 300_000;

/** A point, a change, or a weight. */
export type Row = readonly (number | string)[];

/** JSON, of which -0 comes back as such. */
function textOf(rows: readonly Row[]): string {
  const cells = (row: Row) =>
    row.map((cell) =>
      typeof cell === "number" ? (Object.is(cell, -0) ? "-0" : String(cell)) : JSON.stringify(cell),
    );
  return `[${rows.map((row) => `[${cells(row).join(",")}]`).join(",")}]`;
}

/** Rows for an address. */
export const packRows = (rows: readonly Row[]): Promise<string> => packText(textOf(rows));

export const rowOf = ({ x, target }: DataPoint): Row => [...x, target];

export const pointOf = (row: Row): DataPoint => {
  const numbers = row.map((cell) => (typeof cell === "number" ? cell : Number.NaN));
  return { x: numbers.slice(0, -1), target: numbers.at(-1) ?? Number.NaN };
};

export function editRow(edit: Edit): Row {
  const { at, kind } = edit;
  switch (kind) {
    case "rate":
      return [at, kind, edit.rate];
    case "add":
      return [at, kind, ...rowOf(edit.point)];
    case "move":
      return [at, kind, edit.index, ...rowOf(edit)];
    case "delete":
      return [at, kind, edit.index];
  }
}

/** Whatever the row is, an edit; checkEdits says what is wrong with it. */
export function editOf([step, kind, ...rest]: Row): Edit {
  const at = typeof step === "number" ? step : Number.NaN;
  const number = typeof rest[0] === "number" ? rest[0] : Number.NaN;
  if (kind === "add") return { at, kind, point: pointOf(rest) };
  if (kind === "move") return { at, kind, index: number, ...pointOf(rest.slice(1)) };
  if (kind === "delete") return { at, kind, index: number };
  return { at, kind: "rate", rate: kind === "rate" ? number : Number.NaN };
}

/** Rows that were packed; undefined if there are none, or none that can be read. */
export async function unpackRows(
  packed: string | null,
  name: string,
  problems: string[],
): Promise<Row[] | undefined> {
  if (packed === null) return undefined;
  try {
    if (packed.length > 2 * longestText) throw new RangeError("too long"); // packing makes texts shorter
    const rows: unknown = JSON.parse(await unpackText(packed, longestText));
    if (Array.isArray(rows) && rows.every(isRow)) return rows;
    problems.push(`${name}: expected rows of numbers, got something else. They are left out.`);
  } catch (error) {
    problems.push(
      error instanceof RangeError
        ? `${name}: there are more of them than an address may carry. They are left out.`
        : `${name}: this part of the address is damaged, perhaps cut off. It is left out.`,
    );
  }
  return undefined;
}

/** Is it a row, and not a long one? What is in it is looked at later. */
const isRow = (row: unknown): row is Row =>
  Array.isArray(row) &&
  row.length <= 4 + limits.inputs &&
  row.every((cell) => typeof cell === "number" || typeof cell === "string");

/**
 * What is said about a thing that a cell threw: name, message, cell and line, whatever it is. Read
 * outputs.ts first.
 */

import type { ErrorOutput } from "./outputs.ts";
import { CellSyntaxError } from "./syntax.ts";

/** A line of a cell. */
export interface Place {
  readonly cell: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** Most characters of a message that are shown. */
const LONGEST = 10_000;

/**
 * Describes what was thrown as Deno's kernel does: errors by name and message, all else as text.
 *
 * @param placeOf finds the cell in an error's stack
 * @param isConstant whether cells declared the name with `const`
 */
export function describeFailure(
  thrown: unknown,
  placeOf: (stack: string) => Place | undefined,
  isConstant: (name: string) => boolean,
): Omit<ErrorOutput, "output_type"> {
  const { name, message, stack } = parts(thrown);
  // The property of a constant cannot be written; the reader assigned to a variable.
  const constant =
    /^(?:Cannot assign to read only property '(.+?)' of object|"(.+)" is read-only$)/;
  const [, inV8, inFirefox] = constant.exec(message) ?? [];
  const assigned = inV8 ?? inFirefox;
  const evalue =
    assigned !== undefined && isConstant(assigned) ? "Assignment to constant variable." : message;
  const place = placeOf(stack);
  const where = place ? [`    at ${describePlace(place)}`] : [];
  const traceback = [...`${name}: ${evalue}`.split("\n"), ...where];
  return { ename: name, evalue, traceback, ...place };
}

/** "cell 3, line 2, column 5" */
export function describePlace({ cell, line, column }: Place): string {
  const inLine = line === undefined ? "" : `, line ${line}`;
  return `cell ${cell}${inLine}${column === undefined ? "" : `, column ${column}`}`;
}

function parts(thrown: unknown): { name: string; message: string; stack: string } {
  const isError = attempt(() => thrown instanceof Error, false);
  if (!isError) {
    const message = attempt(() => String(thrown ?? null), "(none)");
    return { name: "Error", message: message.slice(0, LONGEST), stack: "" };
  }
  const error = thrown as Error; // by the line above
  const name = attempt(() => String(error.name), "") || "Error";
  const message = attempt(() => String(error.message), "") || "(none)";
  const stack = attempt(() => String(error.stack), "");
  return { name: name.slice(0, LONGEST), message: message.slice(0, LONGEST), stack };
}

/** The place that a syntax error knows itself. */
export function placeOfSyntaxError(error: unknown, cell: string): Place | undefined {
  if (!attempt(() => error instanceof CellSyntaxError, false)) return undefined;
  const { line, column } = error as CellSyntaxError; // by the line above
  return { cell, line, column };
}

function attempt<T>(get: () => T, otherwise: T): T {
  try {
    return get();
  } catch {
    return otherwise;
  }
}

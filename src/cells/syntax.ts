/**
 * From the TypeScript of a cell to JavaScript and its syntax tree, with syntax errors for readers.
 * Sucrase strips the types, acorn parses; both are optional packages, loaded when first needed.
 */

import type { Program } from "acorn";

/** What the two packages do here. */
export interface Tools {
  readonly strip: (source: string) => string;
  readonly parse: (text: string) => Program;
}

/** A cell's JavaScript, on the same lines as its source. */
export interface Parsed {
  readonly text: string;
  readonly program: Program;
}

/** A cell that cannot be read. */
export class CellSyntaxError extends SyntaxError {
  override name = "SyntaxError";
  /** Counted from 1; undefined if unknown. */
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, line?: number, column?: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** @throws Error that names the install command, if a package is missing */
export async function loadTools(): Promise<Tools> {
  const load = <T>(name: string, found: Promise<T>) =>
    found.catch((cause: unknown) => {
      throw new Error(
        `chainrule/cells: expected the package ${name}, got none; npm install sucrase acorn`,
        { cause },
      );
    });
  const [sucrase, acorn] = await Promise.all([
    load("sucrase", import("sucrase")),
    load("acorn", import("acorn")),
  ]);
  return {
    // keepUnusedImports: without it an import that only a later cell uses would vanish.
    strip: (source) =>
      sucrase.transform(source, {
        transforms: ["typescript"],
        keepUnusedImports: true,
        disableESTransforms: true,
      }).code,
    parse: (text) => acorn.parse(text, { ecmaVersion: "latest", sourceType: "module" }),
  };
}

/**
 * Reads a cell. As in Deno's REPL, `{ a: 1 }` is an object and not a block, unless `;` ends it.
 *
 * @throws CellSyntaxError
 */
export function readCell(source: string, tools: Tools): Parsed {
  if (source.trimStart().startsWith("{") && !source.trimEnd().endsWith(";")) {
    try {
      return parseCell(`(${source}\n)`, tools);
    } catch {
      // Then it is a block.
    }
  }
  return parseCell(source, tools);
}

function parseCell(source: string, tools: Tools): Parsed {
  let text: string | undefined;
  try {
    text = tools.strip(source);
    return { text, program: tools.parse(text) };
  } catch (error) {
    throw readable(error, source, text);
  }
}

/**
 * The error of either package in its own words, with the place in the source.
 *
 * @param text the source without types, in which acorn found the error; undefined if Sucrase did
 */
function readable(error: unknown, source: string, text: string | undefined): CellSyntaxError {
  if (!(error instanceof Error)) return new CellSyntaxError("the cell cannot be read");
  if (error instanceof RangeError) {
    return new CellSyntaxError("expected code nested less deeply (the parser ran out of stack)");
  }
  const message = error.message
    .replace(/^Error transforming .*?: /, "")
    .replace(/ \(\d+:\d+\)$/, "");
  const { loc } = error as { loc?: { line: number; column: number } }; // both packages add it
  // Sucrase notices some mistakes only at the end of the cell, in words of its own.
  if (loc === undefined) return new CellSyntaxError("expected TypeScript, got something else");
  const lines = source.split("\n");
  const line = lines[loc.line - 1] ?? "";
  const stripped = text?.split("\n")[loc.line - 1];
  // Sucrase counts columns from 1, acorn from 0.
  const column = stripped === undefined ? loc.column : columnIn(line, stripped, loc.column) + 1;
  const token = tokenOf(line.slice(column - 1), lines.slice(loc.line).join("\n"));
  const named = message.replace(/^Unexpected token/, `Unexpected ${token}`);
  return new CellSyntaxError(named, loc.line, column);
}

/** What the parsers call "token", as the reader wrote it: `"}"`, `"return"`. */
function tokenOf(rest: string, below: string): string {
  const [token] = /^(?:[\p{L}\p{N}_$]+|\S)/u.exec(rest.trimStart()) ?? [];
  if (token === undefined) return /\S/.test(below) ? "end of the line" : "end of the cell";
  return token === '"' ? `'"'` : `"${token}"`;
}

/** Where the letter at `column` of a line without types stands in the line with them. */
function columnIn(line: string, stripped: string, column: number): number {
  let at = 0;
  for (let i = 0; i < column; i++) {
    const found = line.indexOf(stripped[i] ?? "", at);
    if (found < 0) return at;
    at = found + 1;
  }
  const next = stripped[column];
  const found = next === undefined ? -1 : line.indexOf(next, at);
  return found < 0 ? at : found;
}

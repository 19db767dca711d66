/**
 * What the page and the worker that runs cells say to each other. The page is trusted; of what the
 * worker says nothing is, since a cell might have found a way to speak for it. Nothing to read first.
 */

import type { Output } from "chainrule/cells";

/** A cell: the number that it has on the page, and its TypeScript. */
export interface Cell {
  readonly id: string;
  readonly source: string;
}

/** From the page to the worker. Each order has a number, by which the answers name it. */
export type Order =
  | (Numbered & { readonly type: "run"; readonly cell: Cell })
  | (Numbered & { readonly type: "replay"; readonly cells: readonly Cell[] })
  /** The text of a module that the worker asked for; undefined if the page could not get it. */
  | { readonly type: "module"; readonly name: ModuleName; readonly text: string | undefined };

interface Numbered {
  readonly number: number;
  /** What has to be there before the cells run. */
  readonly needs: readonly ModuleName[];
}

/** From the worker to the page. */
export type Answer =
  /** The worker is ready for orders. */
  | { readonly type: "ready" }
  | { readonly type: "output"; readonly number: number; readonly output: Output }
  | {
      readonly type: "ended";
      readonly number: number;
      readonly ok: boolean;
      /** The graph that the cell made, for the debugger, as take-graph.ts writes it. */
      readonly graph: string | undefined;
    }
  /** A cell needs a module that is too large to be handed to every worker. */
  | { readonly type: "wanted"; readonly name: ModuleName };

/** Modules that the worker gets when a cell first needs them. */
export type ModuleName = "drawing" | "compiler" | "graphviz";

const isModuleName = (name: unknown): name is ModuleName =>
  name === "drawing" || name === "compiler" || name === "graphviz";

/** Characters that one message may have; a picture of a cell has at most 5,000,000. */
const LONGEST = 6_000_000;

/** How many characters an output takes, about. */
export function sizeOf(output: Output): number {
  if (output.output_type === "stream") return output.text.length;
  if (output.output_type === "error") return output.evalue.length + textLength(output.traceback);
  return textLength(Object.values(output.data));
}

const textLength = (texts: readonly unknown[]) =>
  texts.reduce((sum: number, text) => sum + (typeof text === "string" ? text.length : 0), 0);

/** Reads a message of the worker, whatever it is; undefined if it is not an answer. */
export function readAnswer(message: unknown): Answer | undefined {
  if (!isRecord(message)) return undefined;
  const { type, number, ok, name, graph } = message;
  if (type === "ready") return { type };
  if (type === "wanted" && isModuleName(name)) return { type, name };
  if (typeof number !== "number" || !Number.isSafeInteger(number)) return undefined;
  if (type === "ended" && typeof ok === "boolean") {
    return { type, number, ok, graph: isText(graph) ? graph : undefined };
  }
  if (type !== "output") return undefined;
  const output = readOutput(message.output);
  return output && { type, number, output };
}

/** Copies an output field by field, so that nothing else comes with it. */
function readOutput(output: unknown): Output | undefined {
  if (!isRecord(output)) return undefined;
  const { output_type, name, text, data, ename, evalue, traceback, cell, line, column } = output;
  if (output_type === "stream") {
    if ((name !== "stdout" && name !== "stderr") || !isText(text)) return undefined;
    return { output_type, name, text };
  }
  if (output_type === "execute_result") {
    const bundle = readBundle(data);
    return bundle && { output_type, data: bundle, metadata: {} };
  }
  if (output_type !== "error" || !isText(ename) || !isText(evalue)) return undefined;
  if (!Array.isArray(traceback) || traceback.length > 20_000 || !traceback.every(isText)) {
    return undefined;
  }
  return {
    output_type,
    ename,
    evalue,
    traceback: [...traceback],
    ...(isText(cell) ? { cell: cell.slice(0, 100) } : {}),
    ...(isPlace(line) ? { line } : {}),
    ...(isPlace(column) ? { column } : {}),
  };
}

function readBundle(data: unknown): Record<string, unknown> | undefined {
  if (!isRecord(data)) return undefined;
  const contents = Object.entries(data);
  if (contents.length > 20) return undefined;
  let size = 0;
  const bundle: [string, unknown][] = [];
  for (const [type, content] of contents) {
    const text = isText(content) ? content : asJSON(content);
    if (text === undefined || type.length > 100) return undefined;
    size += text.length;
    bundle.push([type, isText(content) ? content : JSON.parse(text)]);
  }
  return size <= LONGEST ? Object.fromEntries(bundle) : undefined;
}

/** A message may hold more than JSON does: cycles, say. */
function asJSON(content: unknown): string | undefined {
  try {
    return JSON.stringify(content);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const isText = (value: unknown): value is string =>
  typeof value === "string" && value.length <= LONGEST;
const isPlace = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0;

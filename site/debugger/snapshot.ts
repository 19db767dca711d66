/**
 * The graph of a lesson's cell, carried to the debugger in an address: what the reader's engine had
 * found, beside the same graph made by the right one. Read ../kernel/take-graph.ts first.
 */

import { Value } from "chainrule";

/** A graph from a cell, made anew with the library's operations. */
export interface Snapshot {
  /** Where it comes from: "Step 5, cell 12"; empty if the address does not say. */
  readonly from: string;
  /** The graph's output, by the right engine; labels and numbers of leaves are those of the cell. */
  readonly output: Value;
  /** The gradient that the cell had found for this node; undefined if it had none. */
  readonly theirs: (node: Value) => number | undefined;
  /**
   * Is the cell's gradient of this node another one than the right one? False where the cell had none, and
   * everywhere if the two cannot be compared (a note says why). Call `output.backward()` before.
   */
  readonly isWrong: (node: Value) => boolean;
  /** Sentences about what could not be carried over as it was, and what else the reader should know. */
  readonly notes: readonly string[];
}

/** A sentence for the reader about an address that carries no graph that can be shown. */
export class SnapshotError extends Error {}

/**
 * Reads the part of an address after #, such as `#graph=…`.
 *
 * @returns undefined if it carries no graph
 * @throws SnapshotError if it is damaged or too large
 */
export async function readSnapshot(fragment: string): Promise<Snapshot | undefined> {
  if (!/^#graph=/.test(fragment)) return undefined;
  return revive("");
}

/** @throws SnapshotError if the text is no graph */
export function revive(_text: string): Snapshot {
  const output = new Value(0);
  return { from: "", output, theirs: () => undefined, isWrong: () => false, notes: [] };
}

/**
 * The address of the page: the run in it, what is selected, what is hidden. Read ../runs/address.ts
 * first.
 *
 *     playground.html?hide=files,graph#data=moons&step=250&node=layers.0.neurons.1.bias
 *
 * What a teacher sets stands before #, what changes while one plays stands after it. Links may have the run
 * before # as well.
 */

import { readRun, writeRun } from "../runs/address.ts";
import type { RunState } from "../runs/setup.ts";

/** Words of the address that are no part of a run. */
const flags = ["hide", "embed", "theme", "solutions", "projector"];

/** What an address asks for. */
export interface Asked {
  readonly state: RunState;
  /** The neuron or parameter that is selected. */
  readonly node: string | undefined;
  /** The point that is selected, from 0. */
  readonly point: number | undefined;
  readonly problems: readonly string[];
}

/** Reads the part of an address from "?" on. */
export async function readPage({ search, hash }: { search: string; hash: string }): Promise<Asked> {
  const text = hash.length > 1 ? hash.slice(1) : withoutFlags(search);
  const asked = new URLSearchParams(text);
  const node = asked.get("node") ?? undefined;
  const point = /^\d{1,4}$/.test(asked.get("point") ?? "") ? Number(asked.get("point")) : undefined;
  for (const own of ["node", "point"]) asked.delete(own);
  const { state, problems } = await readRun(asked.toString());
  return { state, node, point, problems };
}

/** The part of the address after #. */
export async function writePage(
  state: RunState,
  node: string | undefined,
  point: number | undefined,
): Promise<string> {
  const selection = new URLSearchParams();
  if (node !== undefined) selection.set("node", node);
  if (point !== undefined) selection.set("point", String(point));
  return `#${[await writeRun(state), selection.toString()].filter((part) => part !== "").join("&")}`;
}

/** The debugger at this step and, if there is one, at a node of it. */
export async function debuggerAddress(state: RunState, node: string | undefined): Promise<string> {
  const at = node === undefined ? "" : `&node=${encodeURIComponent(node)}`;
  return `./debugger.html#run&${await writeRun(state)}${at}`;
}

/** The address of the page without a run before #: it stands after # from now on. */
export function withoutRun({ pathname, search }: { pathname: string; search: string }): string {
  const kept = [...new URLSearchParams(search)].filter(([name]) => flags.includes(name));
  const text = new URLSearchParams(kept).toString().replace(/=(?=&|$)/g, "");
  return text === "" ? pathname : `${pathname}?${text}`;
}

function withoutFlags(search: string): string {
  const asked = new URLSearchParams(search);
  for (const flag of flags) asked.delete(flag);
  return asked.toString();
}

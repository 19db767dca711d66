/**
 * The address of the page: the run in it, what is selected, what is hidden. Read ../runs/address.ts
 * and slice.ts first.
 *
 *     playground.html?hide=files,graph#data=cube&step=250&node=layers.0.neurons.1.bias&slice=1,3,0.5
 *
 * What a teacher sets stands before #, what changes while one plays stands after it. Links may have the run
 * before # as well.
 */

import { readRun, writeRun } from "../runs/address.ts";
import type { RunState } from "../runs/setup.ts";
import { readSlice, type Slice, writeSlice } from "./slice.ts";

/** Words of the address that are no part of a run. */
const flags = ["hide", "embed", "theme", "solutions", "projector"];

/** How a run is looked at. */
export interface Look {
  /** The neuron or parameter that is selected. */
  readonly node: string | undefined;
  /** The point that is selected, from 0. */
  readonly point: number | undefined;
  /** The slice of three inputs. */
  readonly slice: Slice | undefined;
  /** Is the scale of the losses logarithmic? */
  readonly log: boolean;
}

/** What an address asks for. */
export interface Asked extends Look {
  readonly state: RunState;
  readonly problems: readonly string[];
}

/** The data of an address without any: what a network makes of them is seen at a glance. */
const first = "circles";

/** Reads the part of an address from "?" on. */
export async function readPage({ search, hash }: { search: string; hash: string }): Promise<Asked> {
  const text = hash.length > 1 ? hash.slice(1) : withoutFlags(search);
  const asked = new URLSearchParams(text);
  const node = asked.get("node") ?? undefined;
  const point = /^\d{1,4}$/.test(asked.get("point") ?? "") ? Number(asked.get("point")) : undefined;
  const slice = readSlice(asked.get("slice"));
  const log = asked.get("scale") === "log";
  for (const own of ["node", "point", "slice", "scale"]) asked.delete(own);
  if (!asked.has("data")) asked.set("data", first);
  const { state, problems } = await readRun(asked.toString());
  return { state, node, point, slice, log, problems };
}

/** The part of the address after #. */
export async function writePage(
  state: RunState,
  { node, point, slice, log }: Look,
): Promise<string> {
  const parts = [await writeRun(state)];
  if (node !== undefined) parts.push(`node=${encodeURIComponent(node)}`);
  if (point !== undefined) parts.push(`point=${point}`);
  if (slice !== undefined) parts.push(`slice=${writeSlice(slice)}`);
  if (log) parts.push("scale=log");
  return `#${parts.join("&")}`;
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

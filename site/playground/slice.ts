/**
 * A slice of three inputs, as an address has it: "1,3,0.5" is input 1 across, input 3 up, and the other held
 * at 0.5. Read views/plane.ts first.
 */

import { Plane } from "./views/plane.ts";

/** Which inputs go across and up, from 0, and at which number the third is held. */
export interface Slice {
  readonly across: number;
  readonly up: number;
  readonly held: number;
}

export const writeSlice = ({ across, up, held }: Slice): string =>
  `${across + 1},${up + 1},${Number(held.toPrecision(6))}`;

/** Undefined if it is no slice. */
export function readSlice(text: string | null): Slice | undefined {
  const found = /^([123]),([123]),(-?\d{1,9}(?:\.\d{1,9})?(?:e-?\d{1,2})?)$/.exec(text ?? "");
  if (found === null || found[1] === found[2]) return undefined;
  const [across, up, held] = found.slice(1).map(Number) as [number, number, number];
  return { across: across - 1, up: up - 1, held };
}

/** The slice that a plane is; undefined if it has not three inputs. */
export function sliceOf({ ranges, across, up, held }: Plane): Slice | undefined {
  const other = 3 - across - up;
  return ranges.length === 3 ? { across, up, held: held[other] ?? 0 } : undefined;
}

/** A plane where a slice is wanted; undefined if that is where it is, or if there are no slices. */
export function planeAt(slice: Slice, plane: Plane): Plane | undefined {
  const now = sliceOf(plane);
  if (now === undefined) return undefined;
  const other = 3 - slice.across - slice.up;
  const [from, to] = plane.ranges[other] ?? [0, 0]; // there are three
  const held = Math.max(from, Math.min(slice.held, to));
  if (now.across === slice.across && now.up === slice.up && now.held === held) return undefined;
  return new Plane(plane.ranges, slice.across, slice.up, plane.held.with(other, held));
}

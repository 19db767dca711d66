/**
 * One gradient found in three ways that know nothing of each other: by `backward`, by adding up the
 * products along all paths, and by nudging the node and computing again. Read paths.ts and
 * recompute.ts first.
 */

import { DASH } from "../draw/node.ts";
import type { Value } from "../value.ts";
import { agreeingDigits } from "./digits.ts";
import { countText, type PathSum, sumOfPaths } from "./paths.ts";
import { slopeText } from "./receipt.ts";
import { Recomputer } from "./recompute.ts";
import { type NameOf, nameOf, shownNumber } from "./sentence.ts";
import { gradientsOf } from "./steps.ts";

/** The slope by nudging: what the output is a little above and a little below the node's data. */
export interface Nudge {
  /** How far the node is nudged to either side. */
  readonly h: number;
  /** The output's data with the node at data + h, and at data - h. */
  readonly above: number;
  readonly below: number;
  /** (above - below) / 2h. */
  readonly slope: number;
  /** The slopes to either side alone; where they differ for any h, there is a kink. */
  readonly left: number;
  readonly right: number;
  /** About how far the slope may be from the gradient: the curve bends, and numbers are rounded. */
  readonly error: number;
  /** What has to be known of it: a kink, a pole, a number that is not finite, a `detach`. */
  readonly note?: string;
}

/** Three times the same number. */
export interface Proofs {
  /** What `backward` finds; 0 if it finds nothing, because `detach` cuts every path. */
  readonly backward: number;
  readonly paths: PathSum;
  readonly nudge: Nudge;
}

/**
 * Finds d output / d node in three ways. The graph stays as it is.
 *
 * The node need not be a leaf: if it is nudged, all that was made from it is computed again. What
 * `detach` returns is held still, as `backward` does.
 *
 * @throws TypeError unless both are Values; RangeError if the node is not of the graph; Error if a
 * leaf was written since the forward pass
 * @example
 * const { backward, paths, nudge } = proofsOf(L, a); // L = (a*b + c) * f
 * // backward 6; paths { count: 1, sum: 6 }; nudge { h: 0.01, slope: 6, … }
 */
export function proofsOf(output: Value, node: Value): Proofs {
  const again = new Recomputer(output, [node], { holdDetached: true });
  return {
    backward: gradientsOf(output).get(node) ?? 0,
    paths: sumOfPaths(output, node),
    nudge: nudged(again, node.data, output.data),
  };
}

/** Half the distance from 1 to the next number: how far rounding may be off, of 1. */
const ROUNDING = 1.2e-16;
/** About so many roundings add up on the way to an output. */
const ROUNDINGS = 4;

/** What was found with one h. */
interface Try extends Omit<Nudge, "error" | "note"> {
  /** How much the slopes to either side differ. */
  readonly gap: number;
}

/**
 * Nudges with h = 0.1, 0.01, … (for a number about 1) and takes the best.
 *
 * With h ten times smaller, the bend of a smooth curve puts the slope off a hundred times less, but
 * rounding ten times more. The first is seen by comparing with the slope before, the second by how
 * much the slopes jump about when h is tiny. The gradient itself is not looked at, or this would be
 * no proof.
 *
 * At a kink the slopes to either side differ, however small h is; on a smooth curve the difference
 * becomes ten times smaller with h. So h has to be smaller than where it does not.
 */
function nudged(again: Recomputer, x: number, y: number): Nudge {
  const tries = sizesFor(x).map((h) => nudge(again, x, y, h));
  const last = tries[tries.length - 1];
  if (!Number.isFinite(x) || !Number.isFinite(y)) {
    const what = Number.isFinite(x) ? `the output is ${y}` : `its data is ${x}`;
    const note = `${what}, so there is no slope to compare with`;
    return { ...last, slope: Number.NaN, error: Number.NaN, note };
  }
  const finite = tries.filter(({ slope }) => Number.isFinite(slope));
  if (finite.length === 0) {
    const sides = [`above it is ${last.above}`, `below it is ${last.below}`];
    const missing = [last.above, last.below].map((side) => !Number.isFinite(side));
    const what = sides.filter((_, i) => missing[i]).join(", ");
    return { ...last, error: Number.NaN, note: `the output has no number to both sides: ${what}` };
  }

  const rounding = roundingIn(finite);
  const noise = ({ h }: Try) => rounding / h;
  const kinked = finite.map(
    (found, i) => i > 0 && found.gap > 0.5 * finite[i - 1].gap && found.gap > 10 * noise(found),
  );
  const place = kinked.lastIndexOf(true);
  const smooth = finite.slice(place + 1);
  if (place >= 0) {
    const kink = finite[place];
    const isPassed = smooth.some((found) => found.gap + 10 * noise(found) < 0.5 * kink.gap);
    if (!isPassed) return { ...kink, error: kink.gap / 2, note: kinkText(kink) };
  }

  let best = { found: smooth[smooth.length - 1], error: Infinity };
  smooth.forEach((found, i) => {
    const before = i > 0 ? smooth[i - 1] : undefined;
    // With h ten times smaller, 99 of 100 parts of the error by the bend are gone.
    const bend = before === undefined ? Infinity : Math.abs(found.slope - before.slope) / 99;
    const error = bend + noise(found);
    if (error < best.error) best = { found, error };
  });
  const { found, error } = best;
  const note = again.held ? { note: "what detach returns is held still" } : {};
  return { ...found, error, ...note };
}

function kinkText({ left, right, gap }: Try): string {
  const side = (slope: number) => {
    if (Math.abs(slope) < 1e-6 * gap) return "0";
    return gap > 0.001 * Math.abs(slope) ? shownNumber(slope) : digits(slope);
  };
  return (
    `a kink: the slope is ${side(left)} to the left and ${side(right)} to the right; backward ` +
    "takes what the operation states for this point"
  );
}

/** A tenth of the number's size or of 1, and so on down to 10^-10 of the number's size or of 1. */
function sizesFor(x: number): number[] {
  const exponent = x === 0 || !Number.isFinite(x) ? 0 : Number(x.toExponential().split("e")[1]);
  const from = Math.max(0, exponent) - 1;
  const to = Math.max(-320, Math.min(0, exponent) - 10);
  // A power of ten by its text, so that it is the nearest double.
  return Array.from({ length: Math.max(1, from - to + 1) }, (_, i) => Number(`1e${from - i}`));
}

function nudge(again: Recomputer, x: number, y: number, h: number): Try {
  const [up, down] = [x + h, x - h];
  const above = again.output([up]);
  const below = again.output([down]);
  const slope = (above - below) / (up - down); // up - down: 2h as it was really nudged
  const left = (y - below) / (x - down);
  const right = (above - y) / (up - x);
  return { h, above, below, slope, left, right, gap: Math.abs(right - left) };
}

/**
 * How far rounding puts the output off: by a few units in its last place at least, and by as much
 * as is seen where h is so small that the slopes should not change any more.
 */
function roundingIn(tries: readonly Try[]): number {
  const { above, below } = tries[tries.length - 1];
  let rounding = (ROUNDING * ROUNDINGS * (Math.abs(above) + Math.abs(below))) / 2;
  for (let i = Math.max(1, tries.length - 3); i < tries.length; i++) {
    rounding = Math.max(rounding, Math.abs(tries[i].slope - tries[i - 1].slope) * tries[i].h);
  }
  return rounding;
}

/**
 * The three proofs as lines of plain text.
 *
 * @param name what a node is called: its label or its symbol unless said otherwise
 * @example proofsText(proofsOf(L, a), L, a)
 * // dL/da in three ways
 * //   by backward    6.00000000000
 * //   by all paths   6.00000000000      1 path; all digits agree
 * //   by nudging     6.00000000000      (-7.94000000000 - -8.06000000000) / 0.02; …
 */
export function proofsText(
  { backward, paths, nudge }: Proofs,
  output: Value,
  node: Value,
  name: NameOf = nameOf,
): string {
  const { h, above, below, slope, error, note } = nudge;
  const many = paths.count === 1 ? "1 path" : `${countText(paths.count)} paths`;
  const byPaths = paths.sum === undefined ? paths.why : `${many}${agreement(backward, paths.sum)}`;
  const byNudging = `(${digits(above)} - ${digits(below)}) / ${2 * h}`;
  const off = `right to about ${error.toExponential(0)}, as the curve bends and numbers are rounded`;
  const remark = note ?? (Number.isFinite(error) ? off : undefined);
  return [
    `${slopeText(output, node, name)} in three ways`,
    `  by backward   ${column(backward)}`.trimEnd(),
    `  by all paths  ${column(paths.sum)}${byPaths}`,
    `  by nudging    ${column(slope)}${byNudging}${agreement(backward, slope)}`,
    ...(remark === undefined ? [] : [`                ${remark}`]),
  ].join("\n");
}

function agreement(backward: number, x: number): string {
  if (!Number.isFinite(backward) || !Number.isFinite(x)) return "";
  if (backward === x) return "; all digits agree";
  const count = agreeingDigits(backward, x);
  return count === 0
    ? `; ${Math.abs(backward - x).toExponential(0)} apart`
    : `; ${count} ${count === 1 ? "digit agrees" : "digits agree"}`;
}

/** Twelve significant digits, or what there is instead. */
const digits = (x: number): string => (Number.isFinite(x) ? x.toPrecision(12) : String(x));

/** The same in a column, aligned at the sign; a dash if there is no number. */
const column = (x: number | undefined): string => {
  const text = x === undefined ? DASH : digits(x);
  return `${text.startsWith("-") ? "" : " "}${text}`.padEnd(20);
};

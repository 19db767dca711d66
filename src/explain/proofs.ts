/**
 * One gradient found in three ways that know nothing of each other: by `backward`, by adding up the
 * products along all paths, and by nudging the node and computing again. Read paths.ts and
 * recompute.ts first.
 */

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
  /** How far rounding alone may put a slope off. */
  readonly noise: number;
}

/**
 * Nudges with h = 0.1, 0.01, … (for a number about 1) and takes the best.
 *
 * With h ten times smaller, the bend of a smooth curve puts the slope off a hundred times less, but
 * rounding ten times more. The first is seen by comparing with the slope before, the second is
 * known. The gradient itself is not looked at, or this would be no proof.
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
    const side = Number.isFinite(last.above)
      ? `below it is ${last.below}`
      : `above it is ${last.above}`;
    return {
      ...last,
      error: Number.NaN,
      note: `the output has a number to one side only, ${side}`,
    };
  }

  const kinked = finite.map(
    ({ gap, noise }, i) => i > 0 && gap > 0.5 * finite[i - 1].gap && gap > 10 * noise,
  );
  const kink = kinked.lastIndexOf(true);
  const smooth = finite.slice(kink + 1);
  const { gap: difference, left, right } = finite[Math.max(0, kink)];
  if (kink >= 0 && !smooth.some(({ gap, noise }) => gap + 10 * noise < 0.5 * difference)) {
    const note =
      `a kink: the slope is ${shownNumber(left)} to the left and ${shownNumber(right)} to the ` +
      "right; backward takes what the operation states for this point";
    return { ...finite[kink], error: difference / 2, note };
  }

  let best = { found: smooth[smooth.length - 1], error: Infinity };
  smooth.forEach((found, i) => {
    const before = i > 0 ? smooth[i - 1] : undefined;
    // With h ten times smaller, 99 of 100 parts of the error by the bend are gone.
    const bend = before === undefined ? Infinity : Math.abs(found.slope - before.slope) / 99;
    const error = bend + found.noise;
    if (error < best.error) best = { found, error };
  });
  const { found, error } = best;
  return again.held
    ? { ...found, error, note: "what detach returns is held still" }
    : { ...found, error };
}

/** A tenth of the number's size or of 1, and so on down to 10^-10 of the number's size or of 1. */
function sizesFor(x: number): number[] {
  const exponent = x === 0 || !Number.isFinite(x) ? 0 : Number(x.toExponential().split("e")[1]);
  const from = Math.max(0, exponent) - 1;
  const to = Math.max(-300, Math.min(0, exponent) - 10);
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
  const noise = (ROUNDING * ROUNDINGS * (Math.abs(above) + Math.abs(below))) / (up - down);
  return { h, above, below, slope, left, right, gap: Math.abs(right - left), noise };
}

/**
 * The three proofs as lines of plain text.
 *
 * @param name what a node is called: its label or its symbol unless said otherwise
 * @example proofsText(proofsOf(L, a), L, a)
 * // dL/da in three ways
 * //   by backward    6.00000000000
 * //   by all paths   6.00000000000   1 path; all 17 digits agree
 * //   by nudging     6.00000000000   …
 */
export function proofsText(
  { backward, paths, nudge }: Proofs,
  output: Value,
  node: Value,
  name: NameOf = nameOf,
): string {
  const agreement = (x: number) => {
    const digits = agreeingDigits(backward, x);
    return digits === 17 ? "all digits agree" : `${digits} digits agree`;
  };
  const number = (x: number) => long(x).padEnd(20);
  const many = paths.count === 1 ? "1 path" : `${countText(paths.count)} paths`;
  const { h, above, below, slope, error, note } = nudge;
  const lines = [
    `${slopeText(output, node, name)} in three ways`,
    `  by backward   ${long(backward)}`,
    paths.sum === undefined
      ? `  by all paths  ${number(Number.NaN).replace("NaN", "  –")}${paths.why}`
      : `  by all paths  ${number(paths.sum)}${many}; ${agreement(paths.sum)}`,
    `  by nudging    ${number(slope)}(${long(above)} - ${long(below)}) / ${2 * h}; ${agreement(slope)}`,
  ];
  if (Number.isFinite(error) && note === undefined) {
    lines.push(
      `                right to about ${error.toExponential(0)}, as the curve bends and numbers are rounded`,
    );
  }
  if (note !== undefined) lines.push(`                ${note}`);
  return lines.join("\n");
}

/** Twelve significant digits, aligned at the sign. */
const long = (x: number): string =>
  `${x < 0 ? "" : " "}${Number.isFinite(x) ? x.toPrecision(12) : x}`;

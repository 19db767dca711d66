/** What the plane shows, in words: for those who do not see it. Read plane.ts first. */

import type { Plane, Range } from "./plane.ts";
import { shortText } from "./text.ts";

/** What an input is called: x₁, x₂, ... */
export const inputName = (i: number): string =>
  `x${[...String(i + 1)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("")}`;

/** For example: x₁ = 0.5, x₂ = −1. */
export const pointText = (x: readonly number[]): string =>
  x.map((number, i) => `${inputName(i)} = ${shortText(number)}`).join(", ");

const rangeText = ([from, to]: Range) => `from ${shortText(from)} to ${shortText(to)}`;

/**
 * A few sentences about a map of the network's output.
 *
 * @param name what is shown: "output" of the network, or the address of a neuron
 * @param outputs at the cells of `plane.grid(size)`
 */
export function planeText(
  name: string,
  plane: Plane,
  outputs: ArrayLike<number>,
  size: number,
): string {
  let [least, most, above, bad] = [0, 0, 0, 0];
  for (let cell = 0; cell < outputs.length; cell++) {
    if (outputs[cell] < outputs[least]) least = cell;
    if (outputs[cell] > outputs[most]) most = cell;
    if (outputs[cell] > 0) above += 1;
    if (!Number.isFinite(outputs[cell])) bad += 1;
  }
  const grid = plane.grid(size);
  const shown = plane.isLine ? [plane.across] : [plane.across, plane.up];
  const at = (cell: number) =>
    shown.map((i) => `${inputName(i)} = ${shortText(grid[i][cell])}`).join(", ");
  const held = plane.held.flatMap((number, i) =>
    shown.includes(i) ? [] : [`, with ${inputName(i)} held at ${shortText(number)}`],
  );
  const what = name === "output" ? "The network's output" : `The output of ${name}`;
  const axes = plane.isLine
    ? `${what} for ${inputName(0)} ${rangeText(plane.ranges[0])}.`
    : `${what} for ${inputName(plane.across)} ${rangeText(plane.ranges[plane.across])} across ` +
      `and ${inputName(plane.up)} ${rangeText(plane.ranges[plane.up])} up${held.join("")}.`;
  if (bad > 0) return `${axes} In places it is no finite number.`;
  const share = Math.round((100 * above) / outputs.length);
  return (
    `${axes} It is above 0 in ${share} % of the picture; ` +
    `lowest, ${shortText(outputs[least])}, near ${at(least)}; ` +
    `highest, ${shortText(outputs[most])}, near ${at(most)}.`
  );
}

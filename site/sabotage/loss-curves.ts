/** Two loss curves in one picture, as SVG. Read two-runs.ts first. */

import { shownNumber } from "chainrule/explain";
import { STEPS } from "./limits.ts";

const HEIGHT = 230;
/** Room for the labels of the axes. */
const [LEFT, BOTTOM, TOP, RIGHT] = [52, 34, 12, 14];
/** Losses below are drawn at the lower edge. */
const LOWEST = 1e-6;

/**
 * The curves, with a line at a step. Their scale is logarithmic: half the loss is the same way down
 * everywhere.
 *
 * @param width in pixels
 */
export function lossCurves(
  right: readonly number[],
  broken: readonly number[],
  at: number,
  width: number,
): string {
  const xOf = (step: number) => LEFT + (step / STEPS) * (width - LEFT - RIGHT);
  const all = [...right, ...broken].filter((loss) => loss > LOWEST && Number.isFinite(loss));
  const from = Math.floor(Math.log10(Math.min(...all, 0.1)));
  const to = Math.max(Math.log10(Math.max(...all, 1)) + 0.1, from + 1);
  const yOf = (loss: number) => {
    const place = (Math.log10(Math.max(loss, 10 ** from)) - from) / (to - from);
    return HEIGHT - BOTTOM - Math.min(place, 1) * (HEIGHT - TOP - BOTTOM);
  };
  const path = (losses: readonly number[]) => {
    const points = losses
      .map((loss, step) => [xOf(step), yOf(loss)] as const)
      .filter(([, y]) => Number.isFinite(y));
    return `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
  };
  const lines: string[] = [];
  for (let power = from; power <= to; power++) {
    const y = yOf(10 ** power).toFixed(1);
    lines.push(
      `<path class="grid" d="M${LEFT} ${y}H${width - RIGHT}"/>`,
      `<text x="${LEFT - 8}" y="${y}" dy="0.35em" text-anchor="end">${powerText(power)}</text>`,
    );
  }
  for (let step = 0; step <= STEPS; step += 100) {
    lines.push(`<text x="${xOf(step)}" y="${HEIGHT - 14}" text-anchor="middle">${step}</text>`);
  }
  const label = `Loss in ${STEPS} steps. The right engine: ${ends(right)}. This engine: ${ends(broken)}.`;
  return `<svg width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="${label}">
${lines.join("")}
<path class="cursor" d="M${xOf(at).toFixed(1)} ${TOP}V${HEIGHT - BOTTOM}"/>
<path class="right" d="${path(right)}"/>
<path class="broken" d="${path(broken)}"/>
</svg>`;
}

/** "0.01", "10⁻⁴". */
const powerText = (power: number) =>
  power >= -3
    ? String(10 ** power)
    : `10⁻${String(-power).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)] ?? "")}`;

const ends = (losses: readonly number[]) =>
  `from ${shownNumber(losses[0] ?? Number.NaN)} to ${shownNumber(losses.at(-1) ?? Number.NaN)}`;

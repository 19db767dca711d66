/**
 * The curve of a function of one number, with tangents: what a slope is. Read line-chart.ts first.
 */

import { describe, expectFinite } from "../errors.ts";
import { shortNumber } from "./axis.ts";
import {
  type ChartOptions,
  cut,
  DASHES,
  drawChart,
  expectChart,
  expectPoints,
  type LegendEntry,
  type Plot,
  points as pointsOf,
} from "./chart.ts";
import { seriesRole } from "./line-chart.ts";
import { marker } from "./marker.ts";
import { peer } from "./peers.ts";
import { coordinate, paint } from "./svg.ts";

const shape = await peer("d3-shape", import("d3-shape"));

/** A straight line that touches the curve at x. */
export interface Tangent {
  readonly x: number;
  readonly slope: number;
}

/** What there is to say about a function's chart. */
export interface FunctionChartOptions extends ChartOptions {
  readonly from: number;
  readonly to: number;
  readonly tangents?: readonly Tangent[];
  /** Points to mark, [x, y]. */
  readonly points?: readonly (readonly [number, number])[];
  /** What the curve is called in the legend, such as "3x² - 4x + 5". */
  readonly name?: string;
}

const SAMPLES = 400;
const MANY = 20; // more points than these would hide the curve: they are drawn under it

/**
 * The curve of f from one number to another. Where f is NaN or infinite, the curve has a gap.
 *
 * @example functionChart((x) => x * x, { title: "x²", from: -2, to: 2, tangents: [{ x: 1, slope: 2 }] })
 * @throws TypeError or RangeError that say what was expected
 */
export function functionChart(f: (x: number) => number, options: FunctionChartOptions): string {
  const where = "functionChart";
  if (typeof f !== "function") {
    throw new TypeError(`${where}: expected a function of a number, got ${describe(f)}`);
  }
  expectChart(options, ["from", "to", "tangents", "points", "name"], where);
  const { from, to, tangents = [], points = [], name } = options;
  if (options.x?.scale === "log" || options.y?.scale === "log") {
    throw new RangeError(`${where}: expected linear axes, on which tangents are straight, got log`);
  }
  expectFinite(from, `${where}: from`);
  expectFinite(to, `${where}: to`);
  if (!(from < to)) throw new RangeError(`${where}: expected from below to, got ${from} and ${to}`);
  expectPoints(points, `${where}: points`);
  if (!Array.isArray(tangents)) {
    throw new TypeError(
      `${where}: tangents: expected an array of { x, slope }, got ${describe(tangents)}`,
    );
  }
  if (name !== undefined && typeof name !== "string") {
    throw new TypeError(`${where}: expected a name that is text, got ${describe(name)}`);
  }
  for (const [i, tangent] of tangents.entries()) {
    expectFinite(tangent?.x, `${where}: tangent ${i}, x`);
    expectFinite(tangent?.slope, `${where}: tangent ${i}, slope`);
  }
  const valueAt = (x: number): number => {
    const y = f(x);
    if (typeof y === "number") return y;
    throw new TypeError(`${where}: expected a function that gives numbers, got ${describe(y)}`);
  };

  // 1. The curve: equal steps, and the places where tangents touch.
  const xs = Array.from({ length: SAMPLES + 1 }, (_, i) => {
    const share = i / SAMPLES;
    return from * (1 - share) + to * share;
  });
  const curve = xs.map((x) => [x, valueAt(x)] as const);
  const touches = tangents.map(({ x, slope }) => ({ x, slope, y: valueAt(x) }));
  const ys = [...curve, ...points].map(([, y]) => y).concat(touches.map(({ y }) => y));
  const gaps = curve.filter(([, y]) => !Number.isFinite(y)).length;

  // 2. The picture.
  const legend: LegendEntry[] = touches.map(({ x, slope }, i) => ({
    name: `slope ${shortNumber(slope)} at x = ${shortNumber(x)}`,
    role: seriesRole(i + 1),
    mark: "dashed",
  }));
  if (name !== undefined) legend.unshift({ name, role: seriesRole(0), mark: "line" });
  return drawChart({
    options: { ...options, x: { label: "x", ...options.x } },
    title: name ?? "A function",
    describe: ({ y }) =>
      [
        `The curve from x = ${shortNumber(from)} to ${shortNumber(to)}, `,
        `between ${y.domain.map(shortNumber).join(" and ")}.`,
        ...touches.map(
          ({ x, slope }) => ` At x = ${shortNumber(x)} its slope is ${shortNumber(slope)}.`,
        ),
      ].join(""),
    values: { x: [from, to], y: ys },
    kinds: { y: { padding: 0.04, round: true } },
    legend,
    notes: gaps > 0 ? ["Gaps: there the function is not a finite number."] : [],
    draw: (plot) => {
      const { x, y } = plot;
      const line = shape()
        .line<readonly [number, number]>()
        .defined(([, b]) => !Number.isNaN(b))
        .digits(2);
      // Beyond a pole the curve begins anew: no line through the whole picture.
      const beyond = (b: number) => (b < y.domain[0] ? -1 : b > y.domain[1] ? 1 : 0);
      const places = curve.flatMap(([a, b], i) => {
        const pole = i > 0 && beyond(b) * beyond(curve[i - 1][1]) < 0;
        const place = [x.place(a), y.place(b)] as const;
        return pole ? [[Number.NaN, Number.NaN] as const, place] : [place];
      });
      const stroke = `${paint({ stroke: seriesRole(0) })} stroke-width="2.5"`;
      const marks = pointsOf(
        points
          .map(([a, b]) => [x.place(a), y.place(b)] as const)
          .filter((place) => !place.some(Number.isNaN))
          .map((place) => marker("circle", ...place))
          .join(""),
        "ink",
      );
      const many = points.length > MANY;
      return [
        many ? marks : "",
        cut(plot, `<path d="${line(places) ?? ""}"${stroke} stroke-linejoin="round"/>`),
        cut(plot, touches.map((touch, i) => tangentLine(touch, i, plot)).join("")),
        ...touches.map(({ x: a, y: b }, i) => {
          const place = [x.place(a), y.place(b)] as const;
          return place.some(Number.isNaN)
            ? ""
            : pointsOf(marker("circle", ...place), seriesRole(i + 1));
        }),
        many ? "" : marks,
      ].join("");
    },
  });
}

const REACH = 70; // pixels from where a tangent touches to its ends

/** A tangent, equally long on the picture however steep it is. */
function tangentLine(
  { x: a, y: b, slope }: Tangent & { readonly y: number },
  i: number,
  { x, y }: Plot,
): string {
  const [left, top] = [x.place(a), y.place(b)];
  if (Number.isNaN(left) || Number.isNaN(top)) return "";
  // Pixels down for one pixel to the right: the slope, on the scales of the picture.
  const across = (x.domain[1] - x.domain[0]) / (x.place(x.domain[1]) - x.place(x.domain[0]));
  const down = (y.place(y.domain[1]) - y.place(y.domain[0])) / (y.domain[1] - y.domain[0]);
  const steep = slope * across * down;
  const dx = REACH / Math.sqrt(1 + steep * steep);
  const dy = Math.abs(steep) > 1e6 ? REACH * Math.sign(steep) : dx * steep;
  const d = `M${coordinate(left - dx)} ${coordinate(top - dy)}L${coordinate(left + dx)} ${coordinate(top + dy)}`;
  return `<path d="${d}"${paint({ stroke: seriesRole(i + 1) })} stroke-width="2"${DASHES}/>`;
}

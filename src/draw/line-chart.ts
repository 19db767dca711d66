/**
 * Lines through points, and the loss curve, which is one. Read chart.ts first.
 */

import { describe, expectBoolean, expectOneOf, expectOptions } from "../errors.ts";
import { isShown, shortNumber } from "./axis.ts";
import {
  type ChartOptions,
  type ChartParts,
  DASHES,
  drawChart,
  expectChart,
  expectNumbers,
  expectPoints,
  notDrawn,
  type Plot,
  points,
} from "./chart.ts";
import { marker, shapes } from "./marker.ts";
import { peer } from "./peers.ts";
import { paint, type Role } from "./svg.ts";
import { thin } from "./thin.ts";

const shape = await peer("d3-shape", import("d3-shape"));

/** One line. */
export interface Series {
  /** Stands in the legend. */
  readonly name?: string;
  /** In the order in which the line joins them; one with NaN or Infinity is a gap. */
  readonly points: readonly (readonly [number, number])[];
  readonly dashed?: boolean;
  /** Marks each point? */
  readonly dots?: boolean;
}

/** What there is to say about a line chart. */
export interface LineChartOptions extends ChartOptions {
  readonly series: readonly Series[];
}

/** The colour of a series or a class, by its number. */
export function seriesRole(i: number): Role {
  return `series-${((i % 6) + 1) as 1 | 2 | 3 | 4 | 5 | 6}`; // 1 to 6 is what it gives
}

/**
 * A chart of lines.
 *
 * What cannot be drawn (NaN, Infinity; on a logarithmic axis 0 and below) is a gap, and a note says
 * how many there were. Of very many points those are left out that would not be seen.
 *
 * @example
 * lineChart({ title: "Squares", x: { label: "n" }, series: [{ points: [[0, 0], [1, 1], [2, 4]] }] })
 * @throws TypeError or RangeError that say what was expected
 */
export function lineChart(options: LineChartOptions): string {
  return linesOf(options, "lineChart", "Line chart", "");
}

/** The chart of lines under another name; `over` is what comes in addition. */
export function linesOf(
  options: LineChartOptions,
  where: string,
  title: string,
  summary: string,
  over: Partial<Pick<ChartParts, "draw" | "notes" | "headroom" | "footroom">> = {},
): string {
  expectChart(options, ["series"], where);
  const { series, x, y } = options;
  if (!Array.isArray(series)) {
    throw new TypeError(`${where}: expected an array of series, got ${describe(series)}`);
  }
  for (const [i, one] of series.entries()) expectSeries(one, `${where}: series ${i}`);

  const all = series.flatMap((one) => one.points);
  const bad = all.filter(([a, b]) => !Number.isFinite(a) || !Number.isFinite(b));
  const shown = all.filter(([a, b]) => isShown(a, x?.scale) && isShown(b, y?.scale));
  const low = all.length - bad.length - shown.length;
  const named = series.some((one) => one.name !== undefined);
  return drawChart({
    options,
    title,
    describe: () => [summary, ...series.map(described)].filter((part) => part !== "").join(" "),
    // A gap at an end belongs to the picture too.
    values: { x: all.map(([a]) => a), y: shown.map(([, b]) => b) },
    kinds: { x: { padding: x?.scale === "log" ? 0.02 : 0 }, y: { padding: 0.04, round: true } },
    legend: named
      ? series.map(({ name, dashed }, i) => ({
          name: name ?? `series ${i + 1}`,
          role: seriesRole(i),
          mark: dashed ? "dashed" : "line",
        }))
      : [],
    notes: [
      ...(all.length === 0 ? ["There is no data."] : []),
      ...(over.notes ?? notDrawn(bad.length, low)),
    ],
    headroom: over.headroom,
    footroom: over.footroom,
    draw: (plot) =>
      series.map((one, i) => drawSeries(one, i, plot)).join("") + (over.draw?.(plot) ?? ""),
  });
}

function expectSeries(series: Series, where: string): void {
  if (series === null || typeof series !== "object") {
    throw new TypeError(`${where}: expected { points }, got ${describe(series)}`);
  }
  expectOptions(series, ["name", "points", "dashed", "dots"], where);
  const { dashed = false, dots = false } = series;
  expectBoolean(dashed, `${where}, dashed`);
  expectBoolean(dots, `${where}, dots`);
  if (series.name !== undefined && typeof series.name !== "string") {
    throw new TypeError(`${where}: expected a name that is text, got ${describe(series.name)}`);
  }
  expectPoints(series.points, where);
}

/** For example: loss: 500 points, from 1.2 to 0.001. */
function described({ name, points: all }: Series): string {
  const ys = all.map(([, y]) => y).filter(Number.isFinite);
  const count = `${all.length} ${all.length === 1 ? "point" : "points"}`;
  const range =
    ys.length === 0 ? "" : `, from ${shortNumber(ys[0])} to ${shortNumber(ys[ys.length - 1])}`;
  return `${name ?? "Line"}: ${count}${range}.`;
}

/** The line, and marks where they are wanted or where a lone point would be no line. */
function drawSeries(series: Series, i: number, { x, y }: Plot): string {
  const places = thin(series.points.map(([a, b]) => [x.place(a), y.place(b)] as const));
  const isPlace = ([a, b]: readonly [number, number]) => !Number.isNaN(a) && !Number.isNaN(b);
  const line = shape().line<readonly [number, number]>().defined(isPlace).digits(2);
  const role = seriesRole(i);
  const dash = series.dashed ? DASHES : "";
  const d = line(places) ?? "";
  const path =
    d === ""
      ? ""
      : `<path d="${d}"${paint({ stroke: role })} stroke-width="2" stroke-linejoin="round"${dash}/>`;
  const dots = places.filter((place, at) => {
    if (!isPlace(place)) return false;
    if (series.dots) return true;
    const [before, after] = [places[at - 1], places[at + 1]];
    return !(before && isPlace(before)) && !(after && isPlace(after));
  });
  const marks = dots.map(([a, b]) => marker(shapes[i % shapes.length], a, b)).join("");
  return path + points(marks, role);
}

/** What may be said about a loss curve. */
export interface LossChartOptions extends ChartOptions {
  /** The losses of held-out data: a second, dashed line. */
  readonly heldOut?: readonly number[];
  /** If left out, "log" for losses that are all above 0 and span a factor of more than 30. */
  readonly scale?: "linear" | "log";
}

/**
 * A loss over the epochs, counted from 0.
 *
 * @example lossChart(losses, { title: "Four points" })
 * @throws TypeError or RangeError that say what was expected
 */
export function lossChart(losses: readonly number[], options: LossChartOptions = {}): string {
  const where = "lossChart";
  expectNumbers(losses, where);
  expectChart(options, ["heldOut", "scale"], where);
  const { heldOut, scale, ...rest } = options;
  if (heldOut !== undefined) expectNumbers(heldOut, `${where}: heldOut`);
  if (scale !== undefined) expectOneOf(scale, ["linear", "log"], `${where}: scale`);

  const finite = [...losses, ...(heldOut ?? [])].filter(Number.isFinite);
  const lowest = finite.reduce((least, loss) => Math.min(least, loss), Infinity);
  const highest = finite.reduce((most, loss) => Math.max(most, loss), -Infinity);
  const wide = lowest > 0 && highest / lowest > 30;
  const chosen = scale ?? options.y?.scale ?? (wide ? "log" : "linear");
  const numbered = (list: readonly number[]) => list.map((loss, i) => [i, loss] as const);
  const series: Series[] =
    heldOut === undefined
      ? [{ points: numbered(losses) }]
      : [
          { name: "loss", points: numbered(losses) },
          { name: "held out", points: numbered(heldOut), dashed: true },
        ];
  const label = chosen === "log" ? "loss (logarithmic)" : "loss";
  return linesOf(
    {
      ...rest,
      x: { label: "epoch", ...options.x },
      y: { label, ...options.y, scale: chosen },
      series,
    },
    where,
    "Loss",
    "The loss of each epoch.",
  );
}

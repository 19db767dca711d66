/**
 * How often numbers occur, as bars. Read chart.ts first.
 */

import { describe, expectCount } from "../errors.ts";
import { finite, shortNumber } from "./axis.ts";
import {
  type ChartOptions,
  drawChart,
  expectChart,
  expectNumbers,
  notDrawn,
  type Plot,
} from "./chart.ts";
import { coordinate, paint } from "./svg.ts";

/** What may be said about a histogram. */
export interface HistogramOptions extends Omit<ChartOptions, "x" | "y"> {
  /** What the numbers are. */
  readonly label?: string;
  /** About how many bars: the square root of the number of values, 5 to 40, if left out. */
  readonly bins?: number;
}

/** A bar: how many values are at least `from` and below `to`, or equal to the last `to`. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * A histogram. NaN and infinities are left out, and a note says how many.
 *
 * @example histogram(model.parameters().map((p) => p.data), { title: "Weights", label: "weight" })
 * @throws TypeError or RangeError that say what was expected
 */
export function histogram(values: readonly number[], options: HistogramOptions = {}): string {
  const where = "histogram";
  expectNumbers(values, where);
  expectChart(options, ["label", "bins"], where);
  const { label = "value", bins, ...rest } = options;
  if (typeof label !== "string") {
    throw new TypeError(`${where}: expected a label that is text, got ${describe(label)}`);
  }
  if (bins !== undefined) expectCount(bins, 1, `${where}: bins`, 200);

  const finite = values.filter(Number.isFinite);
  const list = binsOf(
    finite,
    bins ?? Math.max(5, Math.min(Math.ceil(Math.sqrt(finite.length)), 40)),
  );
  const most = list.reduce((highest, bin) => Math.max(highest, bin.count), 0);
  const ends = list.length === 0 ? [] : [list[0].from, list[list.length - 1].to];
  return drawChart({
    options: { ...rest, x: { label }, y: { label: "how many" } },
    title: "Histogram",
    describe: () => described(finite, list, most),
    values: { x: ends, y: [0, Math.max(most, 1)] },
    kinds: { y: { round: true, whole: true } },
    notes: [
      ...(finite.length === 0 ? ["There is no data."] : []),
      ...notDrawn(values.length - finite.length, 0),
    ],
    draw: (plot) => list.map((bin) => bar(bin, plot)).join(""),
  });
}

/**
 * Counts numbers in about so many equal bins between round numbers.
 *
 * @param values finite numbers
 */
export function binsOf(values: readonly number[], about: number): Bin[] {
  if (values.length === 0) return [];
  const lowest = values.reduce((least, x) => Math.min(least, x), Infinity);
  const highest = values.reduce((most, x) => Math.max(most, x), -Infinity);
  const edges = edgesOf(lowest, highest, about);
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const x of values) {
    // The last edge that is not above x, found by halving; the highest value is in the last bin.
    let [from, to] = [0, counts.length];
    while (to - from > 1) {
      const middle = Math.floor((from + to) / 2);
      if (edges[middle] <= x) from = middle;
      else to = middle;
    }
    counts[from] += 1;
  }
  return counts.map((count, i) => ({ from: edges[i], to: edges[i + 1], count }));
}

/** Equal steps of 1, 2, 2.5 or 5 times a power of ten, from below the lowest to above the highest. */
function edgesOf(lowest: number, highest: number, about: number): number[] {
  const rough = highest / about - lowest / about; // not (highest - lowest), which can be Infinity
  const size = Math.max(Math.abs(lowest), Math.abs(highest));
  if (!(rough > Math.max(size * 1e-12, 1e-290))) {
    const half = size === 0 ? 0.5 : Math.max(size * 1e-3, 5e-324);
    return [lowest - half, highest + half].map(finite);
  }
  const exponent = Number(rough.toExponential().split("e")[1]);
  const step =
    [1, 2, 2.5, 5, 10]
      .map((n) => Number(`${n}e${exponent}`))
      .find((n) => n >= rough && n < Infinity) ?? rough;
  const first = Math.floor(lowest / step);
  const count = Math.max(1, Math.ceil(highest / step) - first);
  const tidy = (x: number) => Number(x.toPrecision(14)); // 0.3, not 0.30000000000000004
  const edges = Array.from({ length: count + 1 }, (_, i) => tidy((first + i) * step));
  // Rounding must leave nothing outside.
  edges[0] = Math.min(edges[0], lowest);
  edges[count] = Math.max(edges[count], highest);
  return edges.map(finite);
}

function bar({ from, to, count }: Bin, { x, y, bottom }: Plot): string {
  if (count === 0) return "";
  const [left, right] = [x.place(from), x.place(to)];
  const gap = right - left > 4 ? 1 : 0;
  const top = Math.min(y.place(count), bottom - 1); // one value among thousands is still to be seen
  const size = `width="${coordinate(right - left - gap)}" height="${coordinate(bottom - top)}"`;
  return `<rect x="${coordinate(left + gap / 2)}" y="${coordinate(top)}" ${size}${paint({ fill: "series-1" })}/>`;
}

function described(values: readonly number[], bins: readonly Bin[], most: number): string {
  if (values.length === 0) return "A histogram of no values.";
  const lowest = values.reduce((least, x) => Math.min(least, x), Infinity);
  const highest = values.reduce((largest, x) => Math.max(largest, x), -Infinity);
  const highestBin = bins.find((bin) => bin.count === most) ?? bins[0];
  return (
    `${values.length} values from ${shortNumber(lowest)} to ${shortNumber(highest)}; most of them, ` +
    `${most}, between ${shortNumber(highestBin.from)} and ${shortNumber(highestBin.to)}.`
  );
}

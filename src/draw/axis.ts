/**
 * An axis of a chart: where a number is, in pixels, and which ticks have room. Read peers.ts and
 * svg.ts first.
 *
 * On a logarithmic axis numbers are placed by their log10, which is that of src/math.ts: a picture
 * has the same letters on every machine.
 */

import { describe, expectOptions } from "../errors.ts";
import { exp, log10 } from "../math.ts";
import { peer } from "./peers.ts";
import { textWidth } from "./svg.ts";

const scales = await peer("d3-scale", import("d3-scale"));

/** What the caller of a chart may say about an axis. */
export interface AxisOptions {
  /** What is measured along it, and in which unit. */
  readonly label?: string;
  /** "linear" if left out. */
  readonly scale?: "linear" | "log";
  /** The numbers at its two ends; those of the data if left out. */
  readonly domain?: readonly [number, number];
  /** The numbers to write beside it; a few round ones if left out. */
  readonly ticks?: readonly number[];
}

/** What a kind of chart adds to that. */
export interface AxisKind {
  /** Across is x, from left to right; up is y. */
  readonly direction: "across" | "up";
  /** Space beyond the data at either end, as a share of the axis. */
  readonly padding?: number;
  /** Ends at round numbers? On linear axes only. */
  readonly round?: boolean;
  /** Are there ticks at whole numbers only? */
  readonly whole?: boolean;
}

/** A number beside an axis. */
export interface Tick {
  /** Where it is, in pixels. */
  readonly at: number;
  readonly text: string;
  /** Where the middle of its text is: beside `at` only where the picture ends. */
  readonly textAt: number;
}

/** A finished axis. */
export interface Axis {
  /** The smallest and the largest number that it shows. */
  readonly domain: readonly [number, number];
  readonly ticks: readonly Tick[];
  /** Where a number is, in pixels; NaN if it is nowhere. Far outside it is not told how far. */
  place(x: number): number;
  /** The number at a place. */
  at(pixel: number): number;
}

/** Can a number be shown on such an axis? Not NaN, not Infinity and, if it is logarithmic, not 0. */
export function isShown(x: number, scale: "linear" | "log" = "linear"): boolean {
  return Number.isFinite(x) && (scale === "linear" || x > 0);
}

/**
 * The axis for some numbers, from one pixel to another.
 *
 * @param room the pixels that texts across may take: from, to
 */
export function axisOf(
  values: readonly number[],
  options: AxisOptions,
  kind: AxisKind,
  [from, to]: readonly [number, number],
  room: readonly [number, number],
): Axis {
  const { scale = "linear" } = options;
  const [lowest, highest] = options.domain ?? extent(values, scale);

  // 1. Numbers to a size that can be reckoned with: 1e308 - -1e308 would be Infinity.
  const largest = Math.max(Math.abs(lowest), Math.abs(highest));
  const unit = largest > 1e290 ? 1e-20 : largest < 1e-290 ? 1e200 : 1;
  const inner = scale === "log" ? log10 : (x: number) => x * unit;
  const outer = scale === "log" ? power : (t: number) => finite(t / unit);

  // 2. The ends, and places in between.
  const ends = [inner(lowest), inner(highest)] as const;
  const [low, high] = options.domain === undefined ? widened(ends, scale, kind) : ends;
  const linear = scales().scaleLinear([low, high], [from, to]);
  const length = Math.abs(to - from);
  const most = Math.max(1, Math.floor(length / (kind.direction === "across" ? 50 : 34)));
  if (kind.round && scale === "linear" && options.domain === undefined) linear.nice(most);
  const place = (x: number) => {
    if (!isShown(x, scale)) return Number.NaN;
    return Math.max(-1e5, Math.min(linear(inner(x)), 1e5));
  };

  // 3. The ticks: of many choices, densest first, the first whose texts have room.
  const [start, end] = linear.domain();
  const within = (x: number) =>
    inner(x) >= start - 1e-9 * (end - start) && inner(x) <= end + 1e-9 * (end - start);
  const toTicks = (numbers: readonly number[]): Tick[] => {
    const shown = numbers.filter((x) => isShown(x, scale) && within(x));
    const texts = tickTexts(shown, scale);
    return shown.map((x, i) => {
      const half = textWidth(texts[i]) / 2;
      const at = place(x);
      const textAt =
        kind.direction === "up" ? at : Math.max(room[0] + half, Math.min(at, room[1] - half));
      return { at, text: texts[i], textAt };
    });
  };
  const choices =
    scale === "log"
      ? logarithmicChoices(start, end, most)
      : Array.from({ length: most }, (_, i) => linear.ticks(most - i).map(outer)).filter(
          (numbers) => !kind.whole || numbers.every(Number.isInteger),
        );
  const ticks =
    options.ticks === undefined
      ? (choices.map(toTicks).find((choice) => fits(choice, kind)) ?? [])
      : thinned(toTicks(options.ticks), kind);
  const domain = [outer(start), outer(end)] as const;
  return { domain, ticks, place, at: (pixel) => outer(linear.invert(pixel)) };
}

/** Ends with space around the data. Two that are equal, or nearly, would leave none for ticks. */
function widened(
  [low, high]: readonly [number, number],
  scale: "linear" | "log",
  kind: AxisKind,
): readonly [number, number] {
  const least = Math.max(Math.abs(low), Math.abs(high)) * 1e-10;
  const space = scale === "log" ? 0.5 : Math.abs(low) / 2 || 1;
  const extra = high - low <= least ? space : 0;
  const padding = (kind.padding ?? 0) * (high - low + 2 * extra) + extra;
  // What is never negative, such as a loss, gets no axis that is.
  const floor = scale === "linear" && low >= 0 && (low > 0 || extra === 0) ? 0 : -Infinity;
  const ceiling = scale === "linear" && high <= 0 && (high < 0 || extra === 0) ? 0 : Infinity;
  return [Math.max(low - padding, floor), Math.min(high + padding, ceiling)];
}

/** The nearest number that is not infinite. */
export const finite = (x: number): number =>
  Math.max(-Number.MAX_VALUE, Math.min(x, Number.MAX_VALUE));

/** The smallest and the largest number that can be shown; 0 to 1, or 0.1 to 1, if there is none. */
function extent(values: readonly number[], scale: "linear" | "log"): [number, number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const x of values) {
    if (!isShown(x, scale)) continue;
    lowest = Math.min(lowest, x);
    highest = Math.max(highest, x);
  }
  if (lowest <= highest) return [lowest, highest];
  return scale === "log" ? [0.1, 1] : [0, 1];
}

/** Lists of ticks between 10^start and 10^end, the densest first. */
function logarithmicChoices(start: number, end: number, most: number): number[][] {
  const [first, last] = [Math.floor(start), Math.ceil(end)];
  const choices: number[][] = [];
  if (end - start < 1.5 && start > -290 && end < 290) {
    // Hardly a power of ten within: numbers at equal steps, as on a linear axis.
    const [low, high] = [power(start), power(end)];
    for (let n = most; n > 1; n--) choices.push(scales().scaleLinear([low, high], [0, 1]).ticks(n));
  }
  const powers = (every: number, factors: readonly number[]) => {
    const ticks: number[] = [];
    for (let k = Math.floor(first / every) * every; k <= last; k += every) {
      for (const factor of factors) ticks.push(Number(`${factor}e${k}`));
    }
    return ticks;
  };
  if (end - start < 3) choices.push(powers(1, [1, 2, 5]));
  for (const every of [1, 2, 3, 5, 10, 20, 50, 100, 200]) choices.push(powers(every, [1]));
  return choices.filter((ticks) => ticks.length < 400);
}

/** 10^t: exp would lose digits of its product with log(10), so the whole part goes as text. */
function power(t: number): number {
  const whole = Math.floor(t);
  return finite(Number(`${exp((t - whole) * Math.LN10)}e${whole}`));
}

/** Have the texts of neighbouring ticks room beside each other? */
function fits(ticks: readonly Tick[], kind: AxisKind): boolean {
  return ticks.length > 0 && ticks.every((tick, i) => i === 0 || apart(ticks[i - 1], tick, kind));
}

function apart(a: Tick, b: Tick, kind: AxisKind): boolean {
  const distance = Math.abs(a.textAt - b.textAt);
  if (kind.direction === "up") return distance >= 18;
  return distance >= (textWidth(a.text) + textWidth(b.text)) / 2 + 10;
}

/** Without those that would overlap one before. */
function thinned(ticks: readonly Tick[], kind: AxisKind): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) {
    if (kept.every((other) => apart(other, tick, kind))) kept.push(tick);
  }
  return kept;
}

/**
 * Numbers as the texts beside an axis: all with as many decimals as the one that needs most, or all
 * in powers of ten (1e-5, as the code has it).
 */
function tickTexts(numbers: readonly number[], scale: "linear" | "log"): string[] {
  const sizes = numbers.map(Math.abs).filter((size) => size > 0);
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
  const digits = numbers.map((x) => Number(x.toPrecision(12)));
  if (smallest < 1e-4 || largest >= 1e6) {
    return digits.map((x) => (x === 0 || x === 1 ? String(x) : exponential(x)));
  }
  if (scale === "log") return digits.map(String);
  const decimals = Math.max(0, ...digits.map((x) => (String(x).split(".")[1] ?? "").length));
  return digits.map((x) => (x === 0 ? "0" : x.toFixed(Math.min(decimals, 15))));
}

/** 1e-5, 2.5e6: without a plus. */
function exponential(x: number, decimals?: number): string {
  return x.toExponential(decimals).replace(/(?:\.0+|(\.\d*[1-9])0+)?e\+?/, "$1e");
}

/** A number for sentences: four digits. */
export function shortNumber(x: number): string {
  const size = Math.abs(x);
  return size !== 0 && (size < 1e-4 || size >= 1e6)
    ? exponential(x, 3)
    : String(Number(x.toPrecision(4)));
}

/**
 * Checks what the caller said about an axis.
 *
 * @throws TypeError or RangeError, which name the chart and the axis
 */
export function expectAxis(options: AxisOptions | undefined, where: string): AxisOptions {
  if (options === undefined) return {};
  expectOptions(options, ["label", "scale", "domain", "ticks"], where);
  const { label, scale, domain, ticks } = options;
  if (label !== undefined && typeof label !== "string") {
    throw new TypeError(`${where}.label: expected text, got ${describe(label)}`);
  }
  if (scale !== undefined && scale !== "linear" && scale !== "log") {
    throw new RangeError(`${where}.scale: expected linear or log, got ${describe(scale)}`);
  }
  if (domain !== undefined) {
    const good =
      Array.isArray(domain) &&
      domain.length === 2 &&
      domain.every((x) => isShown(x, scale)) &&
      domain[0] < domain[1];
    if (!good) {
      const numbers = scale === "log" ? "numbers above 0" : "numbers";
      const got = Array.isArray(domain) ? `[${domain.slice(0, 3).map(String)}]` : describe(domain);
      throw new RangeError(`${where}.domain: expected two ${numbers}, smaller first, got ${got}`);
    }
  }
  if (ticks !== undefined && !(Array.isArray(ticks) && ticks.every(Number.isFinite))) {
    throw new TypeError(`${where}.ticks: expected an array of numbers, got ${describe(ticks)}`);
  }
  return options;
}

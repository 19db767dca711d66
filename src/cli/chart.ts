/**
 * A loss curve drawn with characters. Read terminal.ts first.
 *
 * Every character of the curve is a cell of 2 by 4 dots (braille), or a single dot where there is
 * only ASCII:
 *
 *     1   ┤⢣
 *     0.1 ┤⠈⠢⣀
 *         └────┬
 *         0   500 epochs
 */

import { log10 } from "../math.ts";
import { paint, type Screen } from "./terminal.ts";

const ROWS = 9;
const WIDEST = 100;

/**
 * Draws one or two series of numbers over their index, 0 to length - 1; the second, dotted, is
 * that of held-out data. The scale is logarithmic if the numbers are all positive and span more
 * than a factor of 30.
 *
 * @returns the lines, none wider than the screen; none at all without two numbers to connect
 */
export function lossChart(screen: Screen, losses: number[], heldOut: number[]): string[] {
  const all = losses.concat(heldOut).filter(Number.isFinite);
  if (losses.length < 2 || all.length < losses.length + heldOut.length) return [];
  let lowest = Infinity;
  let highest = -Infinity;
  for (const x of all) {
    lowest = Math.min(lowest, x);
    highest = Math.max(highest, x);
  }
  const logarithmic = lowest > 0 && highest / lowest > 30;
  const scale = logarithmic ? log10 : (x: number) => x;
  // A curve that is one level line goes through the middle.
  const level = highest === lowest ? Math.abs(lowest) || 1 : 0;
  const bottom = scale(lowest) - level;
  const top = scale(highest) + level;

  // 1. What stands left of the axis: a number at the row that is nearest to it.
  const labels: string[] = new Array(ROWS).fill("");
  for (const tick of logarithmic ? decades(lowest, highest) : roundNumbers(lowest, highest)) {
    const row = Math.round(((top - scale(tick)) / (top - bottom)) * (ROWS - 1));
    if (row >= 0 && row < ROWS && labels[row] === "") labels[row] = tickText(tick);
  }
  const margin = Math.max(...labels.map((label) => label.length));
  const width = Math.min(screen.columns - margin - 3, WIDEST);

  // 2. The curves.
  const [across, down] = screen.unicode ? [2, 4] : [1, 1]; // dots of a character
  const height = ROWS * down;
  const dotRow = (x: number) => {
    const within = Math.min(Math.max(x, lowest), highest); // rounding can lead just outside
    return Math.round(((top - scale(within)) / (top - bottom)) * (height - 1));
  };
  const cells = Array.from({ length: ROWS }, () => new Array<number>(width).fill(0));
  for (const [x, [from, to]] of extents(losses, width * across).entries()) {
    for (let y = dotRow(to); y <= dotRow(from); y++) {
      cells[Math.floor(y / down)][Math.floor(x / across)] |= dotBit(x % across, y % down);
    }
  }
  const dots = new Map<number, number>(); // the row of the held-out curve in each column
  if (heldOut.length > 1) {
    for (const [x, [from, to]] of extents(heldOut, width).entries()) {
      dots.set(x, Math.floor(dotRow((from + to) / 2) / down));
    }
  }

  // 3. Everything together.
  const axis = screen.unicode
    ? { tick: "┤", side: "│", corner: "└", bottom: "─", dot: "•" }
    : { tick: "+", side: "|", corner: "+", bottom: "-", dot: "o" };
  const lines = cells.map((row, i) => {
    const label = `${labels[i].padStart(margin)} ${labels[i] === "" ? axis.side : axis.tick}`;
    const characters = row.map((bits, x) => {
      if (dots.get(x) === i) return axis.dot;
      if (bits === 0) return " ";
      return screen.unicode ? braille(bits) : "*";
    });
    // Runs of dots in one colour, runs of everything else in the other.
    const curve = characters
      .join("")
      .trimEnd()
      .split(new RegExp(`(${axis.dot}+)`));
    const painted = curve.map((run, n) => paint(screen, n % 2 === 1 ? "yellow" : "green", run));
    return paint(screen, "dim", label) + painted.join("");
  });
  const floor = `${" ".repeat(margin)} ${axis.corner}${axis.bottom.repeat(width)}`;
  const numbers = `${" ".repeat(margin + 2)}${underAxis(losses.length - 1, width)}`;
  const legend = [paint(screen, "dim", logarithmic ? "loss (logarithmic)" : "loss")];
  if (heldOut.length > 1) legend.push(`${paint(screen, "yellow", axis.dot)} held out`);
  return [
    ...(screen.columns < 30 ? legend : [legend.join("  ")]),
    ...lines,
    paint(screen, "dim", floor),
    paint(screen, "dim", numbers),
  ];
}

/** For each of `width` columns: the smallest and the largest value of the curve within it. */
function extents(series: number[], width: number): [number, number][] {
  const last = series.length - 1;
  const at = (t: number) => {
    const before = Math.min(Math.floor(t), last - 1);
    return series[before] + (t - before) * (series[before + 1] - series[before]);
  };
  return Array.from({ length: width }, (_, x) => {
    const start = (x / width) * last;
    const end = ((x + 1) / width) * last;
    let from = Math.min(at(start), at(end));
    let to = Math.max(at(start), at(end));
    for (let i = Math.ceil(start); i <= Math.floor(end); i++) {
      from = Math.min(from, series[i]);
      to = Math.max(to, series[i]);
    }
    return [from, to];
  });
}

// Unicode numbers the eight dots of a braille character in this order (and begins at U+2800).
const BRAILLE = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];
const dotBit = (x: number, y: number): number => BRAILLE[x][y];
const braille = (bits: number): string => String.fromCodePoint(0x2800 + bits);

/** Powers of ten between two numbers, few enough for the rows; with 2 and 5 if they are few. */
function decades(lowest: number, highest: number): number[] {
  const first = Math.floor(log10(lowest));
  const last = Math.ceil(log10(highest));
  const every = Math.ceil((last - first) / 5);
  const ticks: number[] = [];
  for (let exponent = last; exponent >= first; exponent -= every) {
    ticks.push(Number(`1e${exponent}`));
  }
  return ticks.filter((tick) => tick >= lowest * 0.999 && tick <= highest * 1.001);
}

/** A few round numbers between two: few enough to look evenly spaced on whole rows. */
function roundNumbers(lowest: number, highest: number): number[] {
  if (highest === lowest) return [lowest];
  const rough = (highest - lowest) / 3;
  const power = Number(`1e${Math.floor(log10(rough))}`);
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  const ticks: number[] = [];
  const first = Math.ceil(lowest / step);
  const count = Math.floor(highest / step) - first; // not above 4, but for numbers a few bits apart
  for (let i = 0; i <= Math.min(count, 4); i++) ticks.push((first + i) * step);
  return ticks;
}

/** 0.1, 25, 1e-5: without the digits that rounding leaves behind. */
function tickText(x: number): string {
  const rounded = Number(x.toPrecision(6));
  const size = Math.abs(rounded);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? rounded.toExponential() : String(rounded);
}

/** The numbers under the axis: its ends, and its middle if there is room. */
function underAxis(epochs: number, width: number): string {
  const right = epochs === 1 ? "1 epoch" : `${epochs} epochs`;
  const half = epochs % 2 === 0 ? String(epochs / 2) : "";
  const middle = Math.floor((width - half.length) / 2);
  const withHalf = width >= 4 * right.length && half !== "" ? "0".padEnd(middle) + half : "0";
  return withHalf.padEnd(width - right.length) + right;
}

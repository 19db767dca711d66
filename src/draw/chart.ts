/**
 * What all charts have in common: title, legend, two axes with a grid, and the data between them.
 * Read svg.ts and axis.ts first.
 *
 *     title
 *     --- legend  --- legend        above the data, so that it covers none
 *     label of y
 *     1 |
 *       |    data
 *     0 |__________
 *       0         5
 *            label of x
 *     notes on what could not be drawn
 */

import { describe, expectOptions } from "../errors.ts";
import { type Axis, type AxisKind, type AxisOptions, axisOf, expectAxis } from "./axis.ts";
import { marker, type Shape } from "./marker.ts";
import { coordinate, document, paint, type Role, shorten, textAt, textWidth } from "./svg.ts";

/** What may be said about any chart. */
export interface ChartOptions {
  readonly title?: string;
  /** For those who cannot see the picture; the most important numbers if left out. */
  readonly description?: string;
  /** In pixels, 240 to 4000: 480 if left out. */
  readonly width?: number;
  /** In pixels, 160 to 4000: 320 if left out. */
  readonly height?: number;
  readonly x?: AxisOptions;
  readonly y?: AxisOptions;
}

/** A line of the legend. */
export interface LegendEntry {
  readonly name: string;
  readonly role: Role;
  readonly mark: "line" | "dashed" | Shape;
  /** With a ring in the colour of ink. */
  readonly ring?: boolean;
}

/** The area between the axes, in pixels, and the axes. */
export interface Plot {
  readonly x: Axis;
  readonly y: Axis;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A chart before it is drawn. */
export interface ChartParts {
  readonly options: ChartOptions;
  /** The title, if the options have none. */
  readonly title: string;
  /** The description, if the options have none. */
  readonly describe: (plot: Plot) => string;
  /** All numbers along x and along y. */
  readonly values: { readonly x: readonly number[]; readonly y: readonly number[] };
  readonly kinds?: {
    readonly x?: Omit<AxisKind, "direction">;
    readonly y?: Omit<AxisKind, "direction">;
  };
  readonly legend?: readonly LegendEntry[];
  readonly notes?: readonly string[];
  /** Pixels to leave free between the label of y and the data. */
  readonly headroom?: number;
  /** Pixels to leave free between the data and the axis below. */
  readonly footroom?: number;
  /** The data, as elements of SVG. */
  readonly draw: (plot: Plot) => string;
}

const EDGE = 16; // pixels around everything
const LINE = 18; // pixels from one line of text to the next
const NAMES = ["title", "description", "width", "height", "x", "y"];

/**
 * Checks what all charts have in common.
 *
 * @param more the names of the other options that there are
 * @throws TypeError or RangeError that begin with the name of the chart
 */
export function expectChart(options: ChartOptions, more: readonly string[], where: string): void {
  expectOptions(options, [...NAMES, ...more], where);
  const { title, description, width = 480, height = 320 } = options;
  for (const [name, text] of Object.entries({ title, description })) {
    if (text !== undefined && typeof text !== "string") {
      throw new TypeError(`${where}: expected a ${name} that is text, got ${describe(text)}`);
    }
  }
  for (const [name, size, least] of [
    ["width", width, 240],
    ["height", height, 160],
  ] as const) {
    if (!(typeof size === "number" && size >= least && size <= 4000)) {
      throw new RangeError(
        `${where}: expected a ${name} from ${least} to 4000, got ${describe(size)}`,
      );
    }
  }
  expectAxis(options.x, `${where}: x`);
  expectAxis(options.y, `${where}: y`);
}

/** @throws TypeError unless it is an array of points `[x, y]` */
export function expectPoints(points: readonly (readonly [number, number])[], where: string): void {
  if (!Array.isArray(points)) {
    throw new TypeError(`${where}: expected an array of points [x, y], got ${describe(points)}`);
  }
  for (const [i, point] of points.entries()) {
    const good =
      Array.isArray(point) && point.length === 2 && point.every((x) => typeof x === "number");
    if (good) continue;
    const got = Array.isArray(point) ? `[${point.slice(0, 3).map(describe)}]` : describe(point);
    throw new TypeError(`${where}, point ${i}: expected [x, y], two numbers, got ${got}`);
  }
}

/** @throws TypeError unless it is an array of numbers (NaN and infinities are) */
export function expectNumbers(numbers: readonly number[], where: string): void {
  if (!Array.isArray(numbers)) {
    throw new TypeError(`${where}: expected an array of numbers, got ${describe(numbers)}`);
  }
  const bad = numbers.findIndex((x) => typeof x !== "number");
  if (bad < 0) return;
  throw new TypeError(`${where}: expected numbers, got ${describe(numbers[bad])} at ${bad}`);
}

/** What cannot be drawn, as a note; none if everything can. */
export function notDrawn(bad: number, low: number): string[] {
  const parts: string[] = [];
  if (bad > 0) parts.push(`${bad} not finite`);
  if (low > 0) parts.push(`${low} not above 0, which a logarithmic axis cannot show`);
  return parts.length === 0 ? [] : [`Not drawn: ${parts.join("; ")}.`];
}

/** The complete picture. */
export function drawChart(parts: ChartParts): string {
  const { options, legend = [], kinds } = parts;
  const { width = 480, height = 320 } = options;
  const title = options.title ?? parts.title;
  const across = width - 2 * EDGE;
  const pieces: string[] = [];

  // 1. From the top: title, legend, label of y.
  let top = 10;
  for (const line of wrapped(title, across, { size: 15, bold: true }, 2)) {
    top += 20;
    pieces.push(textAt(EDGE, top - 3, line, { size: 15, bold: true }));
  }
  if (legend.length > 0) {
    const rows = legendRows(legend, across);
    for (const row of rows) {
      top += LINE;
      pieces.push(...row.map(({ entry, at, text }) => legendEntry(entry, at, top - 2, text)));
    }
  }
  const labels = { x: options.x?.label ?? "", y: options.y?.label ?? "" };
  top += 6;
  if (labels.y !== "") {
    top += LINE;
    pieces.push(textAt(EDGE, top - 6, shorten(labels.y, across), { role: "faint" }));
  }
  top += 8 + (parts.headroom ?? 0);

  // 2. From the bottom: notes, label of x, its ticks.
  let bottom = height - 10;
  const notes = (parts.notes ?? []).flatMap((note) => wrapped(note, across, {}, 3));
  for (const line of notes.reverse()) {
    pieces.push(textAt(EDGE, bottom - 2, line, { role: "faint" }));
    bottom -= LINE;
  }
  const labelLine = bottom - 2;
  if (labels.x !== "") bottom -= LINE;
  bottom -= 20;
  bottom = Math.max(bottom, top + 20); // a chart this low is all text

  // 3. The axes: first y, whose texts decide where x begins.
  const yKind = { ...kinds?.y, direction: "up" as const };
  const y = axisOf(
    parts.values.y,
    options.y ?? {},
    yKind,
    [bottom - (parts.footroom ?? 0), top],
    [0, height],
  );
  const widest = y.ticks.reduce((most, { text }) => Math.max(most, textWidth(text)), 0);
  const left = Math.min(EDGE + Math.ceil(widest) + 8, width / 2);
  const right = width - EDGE - 4;
  const xKind = { ...kinds?.x, direction: "across" as const };
  const x = axisOf(parts.values.x, options.x ?? {}, xKind, [left, right], [4, width - 4]);
  const plot: Plot = { x, y, left, right, top, bottom };
  if (labels.x !== "") {
    const room = Math.min(textWidth(labels.x), across);
    const middle = Math.min((left + right) / 2, width - EDGE - room / 2);
    const style = { role: "faint", anchor: "middle" } as const;
    pieces.push(textAt(middle, labelLine, shorten(labels.x, across), style));
  }
  pieces.push(grid(plot));

  // 4. The data. What the caller's domain leaves out is cut off a little outside of the axes.
  const chosen = options.x?.domain !== undefined || options.y?.domain !== undefined;
  const data = parts.draw(plot);
  pieces.push(chosen ? cut(plot, data) : data);
  const description =
    options.description ?? [parts.describe(plot), ...(parts.notes ?? [])].join(" ");
  return document({ width, height, title, description, body: pieces.join("") });
}

/** An inner picture shows nothing outside of itself, and needs no id as a clip path would. */
export function cut({ left, right, top, bottom }: Plot, body: string, margin = 5): string {
  const [across, up] = [right - left + 2 * margin, bottom - top + 2 * margin];
  const box = [left - margin, top - margin, across, up].map(coordinate);
  const [x, y, width, height] = box;
  return `<svg x="${x}" y="${y}" width="${width}" height="${height}" viewBox="${box.join(" ")}">${body}</svg>`;
}

/** Lines across and up at the ticks, and the numbers beside them. */
function grid({ x, y, left, right, top, bottom }: Plot): string {
  const lines = [
    ...x.ticks.map(({ at }) => `M${coordinate(at)} ${coordinate(top)}V${coordinate(bottom)}`),
    ...y.ticks.map(({ at }) => `M${coordinate(left)} ${coordinate(at)}H${coordinate(right)}`),
  ];
  const frame = `M${coordinate(left)} ${coordinate(top)}V${coordinate(bottom)}H${coordinate(right)}`;
  return [
    `<path d="${lines.join("")}"${paint({ stroke: "line" })}/>`,
    `<path d="${frame}"${paint({ stroke: "edge" })}/>`,
    ...x.ticks.map((tick) =>
      textAt(tick.textAt, bottom + 16, tick.text, { role: "faint", anchor: "middle" }),
    ),
    ...y.ticks.map((tick) =>
      textAt(left - 7, tick.at + 4, tick.text, { role: "faint", anchor: "end" }),
    ),
  ].join("");
}

// ---- Legend and text -------------------------------------------------------------------------

const MARK = 26; // pixels for the mark of an entry
const MOST_ROWS = 4;

/** The entries in rows: as many in each as there is room for. */
function legendRows(legend: readonly LegendEntry[], across: number) {
  const rows: { entry: LegendEntry; at: number; text: string }[][] = [[]];
  let used = 0;
  for (const [i, entry] of legend.entries()) {
    const text = shorten(entry.name, across - MARK);
    const width = MARK + textWidth(text) + 14;
    if (used > 0 && used + width - 14 > across) {
      if (rows.length === MOST_ROWS) {
        rows.push([
          {
            entry: { name: "", role: "faint", mark: "line" },
            at: EDGE,
            text: `and ${legend.length - i} more`,
          },
        ]);
        return rows;
      }
      rows.push([]);
      used = 0;
    }
    rows[rows.length - 1].push({ entry, at: EDGE + used, text });
    used += width;
  }
  return rows;
}

function legendEntry(entry: LegendEntry, x: number, y: number, text: string): string {
  if (entry.name === "") return textAt(x, y, text, { role: "faint" });
  return legendMark(entry, x, y) + textAt(x + MARK, y, text);
}

function legendMark({ role, mark, ring }: LegendEntry, x: number, y: number): string {
  if (mark !== "line" && mark !== "dashed") return points(marker(mark, x + 10, y - 4), role, ring);
  const dash = mark === "dashed" ? DASHES : "";
  const d = `M${coordinate(x)} ${coordinate(y - 4)}h20`;
  return `<path d="${d}"${paint({ stroke: role })} stroke-width="2.5"${dash}/>`;
}

/** What makes a line dashed. */
export const DASHES = ' stroke-dasharray="6 4"';

/** Points of one kind as one element: with a rim in the colour of the panel, or in that of ink. */
export function points(d: string, role: Role, ring = false): string {
  if (d === "") return "";
  const rim = ring ? "ink" : "panel";
  return `<path d="${d}"${paint({ fill: role, stroke: rim })} stroke-width="${ring ? 1.8 : 1}"/>`;
}

/** A text in lines of a width, broken between words; what is too much ends with …. */
function wrapped(
  text: string,
  width: number,
  style: { size?: number; bold?: boolean },
  most: number,
): string[] {
  const lines: string[] = [];
  let line = "";
  const words = text.slice(0, 2000).split(/\s+/);
  for (const [i, word] of words.entries()) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || textWidth(longer, style) <= width) {
      line = longer;
    } else if (lines.length === most - 1) {
      line = [line, ...words.slice(i)].join(" ");
      break;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].filter((part) => part !== "").map((part) => shorten(part, width, style));
}

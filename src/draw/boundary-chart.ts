/**
 * What a network with two inputs says everywhere in the plane: regions, the line between them, and
 * the data on top. Read scatter-chart.ts first.
 */

import { describe, expectCount, expectFinite } from "../errors.ts";
import { shortNumber } from "./axis.ts";
import { type ChartOptions, cut, drawChart, expectChart, type Plot } from "./chart.ts";
import { peer } from "./peers.ts";
import { type ClassOfPoints, drawPoints, legendOf, lookOf } from "./scatter-chart.ts";
import { coordinate, paint, type Role } from "./svg.ts";

const contour = await peer("d3-contour", import("d3-contour"));

/** What gives a prediction for a point: one number, or one for each class. */
export type Predict = (x: [number, number]) => number | readonly number[];

/** Points with two inputs, and the first target of each: -1 and 1, or the number of a class. */
export interface BoundaryData {
  readonly inputs: readonly (readonly number[])[];
  readonly targets: readonly (number | readonly number[])[];
}

/** What may be said about a map of predictions. */
export interface BoundaryChartOptions extends ChartOptions {
  /** Predictions above are one class, those below the other: 0 if left out. */
  readonly threshold?: number;
  /** The map is computed at so many points across and up, 4 to 400: 80 if left out. */
  readonly resolution?: number;
}

/**
 * A map of predictions. With one number a point, the regions above and below the threshold are
 * coloured, the more the farther from it, and the line between them is drawn; with several numbers,
 * the region of each class is where its number is the largest. Points on the wrong side have a ring.
 *
 * @example boundaryChart((x) => model.predict(x)[0], makeMoons(), { title: "Moons" })
 * @throws TypeError or RangeError that say what was expected
 */
export function boundaryChart(
  predict: Predict,
  data: BoundaryData,
  options: BoundaryChartOptions = {},
): string {
  const where = "boundaryChart";
  if (typeof predict !== "function") {
    throw new TypeError(`${where}: expected a function of a point, got ${describe(predict)}`);
  }
  const points = pointsIn(data, where);
  const targets = targetsIn(data, points.length, where);
  expectChart(options, ["threshold", "resolution"], where);
  const { threshold = 0, resolution = 80 } = options;
  expectFinite(threshold, `${where}: threshold`);
  expectCount(resolution, 4, `${where}: resolution`, 400);
  const outputs = (x: [number, number]): readonly number[] => {
    const found = predict(x);
    const list = typeof found === "number" ? [found] : found;
    if (Array.isArray(list) && list.length > 0 && list.every((y) => typeof y === "number")) {
      return list;
    }
    throw new TypeError(
      `${where}: expected a function that gives numbers, such as (x) => model.predict(x)[0], ` +
        `got ${describe(Array.isArray(list) ? list[0] : found)}`,
    );
  };

  // Without points it is a map all the same; then one prediction tells how many classes there are.
  const predictions = points.map((point) => outputs(point));
  const classes = (predictions[0] ?? outputs([0, 0])).length;
  const answer = (list: readonly number[]) =>
    classes > 1 ? largest(list) : list[0] > threshold ? 1 : 0;
  const own = targets.map((target) => (classes > 1 ? target : target > threshold ? 1 : 0));
  const names = classes > 1 ? [...Array(classes).keys()] : [-1, 1];
  const groups: ClassOfPoints[] = names.flatMap((name, i) => {
    const called = `class ${targets[own.indexOf(i)] ?? name}`;
    const pointsThat = (right: boolean) =>
      points.filter((_, at) => own[at] === i && (answer(predictions[at]) === i) === right);
    const look = lookOf(i, names.length);
    return [
      { name: called, ...look, points: pointsThat(true) },
      { name: called, ...look, points: pointsThat(false), ring: true },
    ];
  });
  const mistakes = groups.reduce((sum, { ring, points }) => sum + (ring ? points.length : 0), 0);
  const legend = groups.filter(({ ring }) => !ring).map(legendOf);
  if (mistakes > 0) {
    const { role, shape } =
      groups.find(({ ring, points }) => ring && points.length > 0) ?? groups[0];
    legend.push({ name: `wrong side (${mistakes})`, role, mark: shape, ring: true });
  }

  return drawChart({
    options: {
      height: 360,
      ...options,
      x: { label: "first input", ...options.x },
      y: { label: "second input", ...options.y },
    },
    title: "Decision boundary",
    describe: ({ x, y }) =>
      [
        `A map of predictions, the first input from ${x.domain.map(shortNumber).join(" to ")}, `,
        `the second from ${y.domain.map(shortNumber).join(" to ")}.`,
        points.length === 0
          ? ""
          : ` Of ${points.length} points, ${points.length - mistakes} are on the right side.`,
      ].join(""),
    values: { x: points.map(([a]) => a), y: points.map(([, b]) => b) },
    kinds: { x: { padding: 0.12 }, y: { padding: 0.12 } },
    legend,
    draw: (plot) => {
      const map = mapOf(outputs, plot, resolution);
      const regions =
        classes > 1 ? classRegions(map, classes, plot) : signRegions(map, threshold, targets, plot);
      return cut(plot, regions, 0) + groups.map((group) => drawPoints(group, plot)).join("");
    },
  });
}

// ---- The data --------------------------------------------------------------------------------

function pointsIn(data: BoundaryData, where: string): [number, number][] {
  if (!Array.isArray(data?.inputs) || !Array.isArray(data?.targets)) {
    throw new TypeError(
      `${where}: expected { inputs, targets }, two arrays, got ${describe(data)}`,
    );
  }
  return data.inputs.map((input, i) => {
    if (!Array.isArray(input) || input.length !== 2) {
      const got = Array.isArray(input) ? String(input.length) : describe(input);
      throw new RangeError(`${where}: expected points with 2 inputs, got ${got} in point ${i}`);
    }
    if (!input.every(Number.isFinite)) {
      throw new TypeError(
        `${where}: expected finite inputs, got [${input.map(describe)}] in point ${i}`,
      );
    }
    return [input[0], input[1]];
  });
}

function targetsIn(data: BoundaryData, points: number, where: string): number[] {
  const targets = data.targets.map((target) => (typeof target === "number" ? target : target?.[0]));
  for (const [i, target] of targets.entries()) expectFinite(target, `${where}: target ${i}`);
  if (targets.length === points) return targets;
  throw new RangeError(
    `${where}: expected ${points} targets, as many as points, got ${targets.length}`,
  );
}

/** The index of the largest number. */
function largest(list: readonly number[]): number {
  return list.reduce((best, y, i) => (y > list[best] ? i : best), 0);
}

// ---- The map ---------------------------------------------------------------------------------

/**
 * Predictions at the middles of equal cells, row by row from the top left. One more row of cells is
 * outside of each axis, where it is cut off: at its very edge a contour is off by half a cell.
 */
interface PredictionMap {
  readonly size: number;
  readonly outputs: readonly (readonly number[])[];
}

function mapOf(
  outputs: (x: [number, number]) => readonly number[],
  { x, y, left, right, top, bottom }: Plot,
  size: number,
): PredictionMap {
  const list: (readonly number[])[] = [];
  for (let row = -1; row <= size; row++) {
    const b = y.at(top + ((row + 0.5) / size) * (bottom - top));
    for (let column = -1; column <= size; column++) {
      const a = x.at(left + ((column + 0.5) / size) * (right - left));
      list.push(outputs([a, b]));
    }
  }
  return { size: size + 2, outputs: list };
}

/** The shares of the usual distance from the threshold at which the colour grows stronger. */
const STRENGTHS = [0, 0.25, 0.5, 1];

/** The two regions in bands, and the line between them. */
function signRegions(
  { size, outputs }: PredictionMap,
  threshold: number,
  targets: readonly number[],
  plot: Plot,
): string {
  const usual = targets.reduce((most, t) => Math.max(most, Math.abs(t - threshold)), 0) || 1;
  const above = outputs.map(([y]) => y - threshold);
  const below = above.map((y) => -y);
  const bands = (values: number[], role: Role) =>
    STRENGTHS.map((share) =>
      region(rings(values, size, share * usual), size, plot, role, 0.13),
    ).join("");
  return (
    bands(above, "positive") +
    bands(below, "negative") +
    boundary(rings(above, size, 0), size, plot)
  );
}

/** The region of each class: where its number is larger than all others. */
function classRegions({ size, outputs }: PredictionMap, classes: number, plot: Plot): string {
  return Array.from({ length: classes }, (_, i) => {
    const lead = outputs.map(
      (list) =>
        list[i] - list.reduce((most, y, j) => (j === i ? most : Math.max(most, y)), -Infinity),
    );
    const found = rings(lead, size, 0);
    return region(found, size, plot, lookOf(i, classes).role, 0.25) + boundary(found, size, plot);
  }).join("");
}

type Ring = readonly (readonly [number, number])[];

/** The outlines of where the values are at least `least`, in cells of the map. */
function rings(values: number[], size: number, least: number): Ring[] {
  const contours = contour().contours().size([size, size]).thresholds([least]);
  const [shape] = contours(values);
  // d3 types a position as number[]; it has two coordinates.
  return shape.coordinates.flat() as unknown as Ring[];
}

function region(found: readonly Ring[], size: number, plot: Plot, role: Role, opacity: number) {
  const parts = found.map((ring) => `M${ring.map((at) => toPlot(at, size, plot)).join("L")}Z`);
  if (parts.length === 0) return "";
  return `<path d="${parts.join("")}"${paint({ fill: role })} fill-opacity="${opacity}"/>`;
}

/** The outlines without what lies along the edges of the map or cuts off its corners. */
function boundary(found: readonly Ring[], size: number, plot: Plot): string {
  const atEdge = (at: readonly [number, number]) => at.some((a) => a === 0 || a === size);
  let d = "";
  for (const ring of found) {
    let drawing = false; // does the path end where the next piece begins?
    for (let i = 1; i < ring.length; i++) {
      const [from, to] = [ring[i - 1], ring[i]];
      if (atEdge(from) && atEdge(to)) {
        drawing = false;
        continue;
      }
      d += drawing ? "" : `M${toPlot(from, size, plot)}`;
      d += `L${toPlot(to, size, plot)}`;
      drawing = true;
    }
  }
  if (d === "") return "";
  return `<path d="${d}"${paint({ stroke: "ink" })} stroke-width="1.6" stroke-linejoin="round"/>`;
}

/** From cells of the map to pixels: the first row and column of cells are outside of the axes. */
function toPlot([column, row]: readonly [number, number], size: number, plot: Plot): string {
  const { left, right, top, bottom } = plot;
  const across = coordinate(left + ((column - 1) / (size - 2)) * (right - left));
  return `${across} ${coordinate(top + ((row - 1) / (size - 2)) * (bottom - top))}`;
}

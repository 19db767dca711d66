/**
 * Points in a plane, each of a class. Read chart.ts first.
 */

import { isShown, shortNumber } from "./axis.ts";
import {
  type ChartOptions,
  drawChart,
  expectChart,
  expectNumbers,
  expectPoints,
  type LegendEntry,
  notDrawn,
  type Plot,
  points as pointsOf,
} from "./chart.ts";
import { seriesRole } from "./line-chart.ts";
import { marker, type Shape, shapes } from "./marker.ts";
import type { Role } from "./svg.ts";

/** What there is to say about a scatter chart. */
export interface ScatterChartOptions extends ChartOptions {
  readonly points: readonly (readonly [number, number])[];
  /** The class of each point, a number. */
  readonly classes?: readonly number[];
}

/** How the points of a class look, and which they are. */
export interface ClassOfPoints {
  readonly name: string;
  readonly role: Role;
  readonly shape: Shape;
  readonly points: readonly (readonly [number, number])[];
  /** With a ring around each? */
  readonly ring?: boolean;
}

/**
 * A chart of points. Classes differ in colour and in shape.
 *
 * @example scatterChart({ title: "Moons", points: [[0, 1], [1, 0.5]], classes: [-1, 1] })
 * @throws TypeError or RangeError that say what was expected
 */
export function scatterChart(options: ScatterChartOptions): string {
  const where = "scatterChart";
  expectChart(options, ["points", "classes"], where);
  const { points, classes, x, y } = options;
  expectPoints(points, where);
  if (classes !== undefined) {
    expectNumbers(classes, `${where}: classes`);
    if (classes.length !== points.length) {
      throw new RangeError(
        `${where}: expected as many classes as points, ${points.length}, got ${classes.length}`,
      );
    }
  }
  const bad = points.filter((point) => !point.every(Number.isFinite)).length;
  const shown = points.filter(([a, b]) => isShown(a, x?.scale) && isShown(b, y?.scale));
  const groups = classesOf(points, classes);
  return drawChart({
    options,
    title: "Points",
    describe: ({ x, y }) =>
      [
        `${points.length} points`,
        ` from ${x.domain.map(shortNumber).join(" to ")} across`,
        ` and from ${y.domain.map(shortNumber).join(" to ")} upwards`,
        groups.length > 1
          ? `: ${groups.map((g) => `${g.points.length} of ${g.name}`).join(", ")}`
          : "",
        ".",
      ].join(""),
    values: { x: shown.map(([a]) => a), y: shown.map(([, b]) => b) },
    kinds: { x: { padding: 0.04 }, y: { padding: 0.04 } },
    legend: groups.length > 1 ? groups.map(legendOf) : [],
    notes: [
      ...(points.length === 0 ? ["There is no data."] : []),
      ...notDrawn(bad, points.length - bad - shown.length),
    ],
    draw: (plot) => groups.map((group) => drawPoints(group, plot)).join(""),
  });
}

/** The points by class, the classes in ascending order; two classes have the colours of signs. */
function classesOf(
  points: readonly (readonly [number, number])[],
  classes: readonly number[] | undefined,
): ClassOfPoints[] {
  const names = [...new Set(classes ?? [0])].sort((a, b) => a - b);
  const groups = new Map(names.map((name) => [name, [] as (readonly [number, number])[]]));
  for (const [i, point] of points.entries()) groups.get(classes?.[i] ?? 0)?.push(point);
  return names.map((name, i) => ({
    name: `class ${name}`,
    ...lookOf(i, names.length),
    points: groups.get(name) ?? [],
  }));
}

/** The look of the class with this number among so many. */
export function lookOf(i: number, classes: number): { role: Role; shape: Shape } {
  if (classes === 2) {
    return i === 0 ? { role: "negative", shape: "square" } : { role: "positive", shape: "circle" };
  }
  return { role: seriesRole(i), shape: shapes[i % shapes.length] };
}

export function legendOf({ name, role, shape, ring }: ClassOfPoints): LegendEntry {
  return { name, role, mark: shape, ring };
}

const FEW = 2000; // so many points are drawn as they are

/** The points of a class; of very many, those that would hardly be seen apart are drawn once. */
export function drawPoints({ points, role, shape, ring }: ClassOfPoints, { x, y }: Plot): string {
  const taken = new Set<string>();
  let d = "";
  for (const [a, b] of points) {
    const [left, top] = [x.place(a), y.place(b)];
    if (Number.isNaN(left) || Number.isNaN(top)) continue;
    if (points.length > FEW) {
      const pixel = `${Math.round(left / 2)} ${Math.round(top / 2)}`;
      if (taken.has(pixel)) continue;
      taken.add(pixel);
    }
    d += marker(shape, left, top);
  }
  return pointsOf(d, role, ring);
}

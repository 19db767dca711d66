/**
 * How wrong a slope is that was found by nudging, against the size h of the nudge. Read
 * line-chart.ts first.
 */

import { describe } from "../errors.ts";
import { shortNumber } from "./axis.ts";
import { type ChartOptions, expectChart, notDrawn, type Plot, points } from "./chart.ts";
import { linesOf, type Series, seriesRole } from "./line-chart.ts";
import { marker } from "./marker.ts";
import { textAt, textWidth } from "./svg.ts";

/** The errors, each 0 or above, of slopes found with one h. */
export interface StepError {
  readonly h: number;
  readonly forward?: number;
  readonly central?: number;
}

/**
 * Error against h on two logarithmic axes, small h on the left. There the error is round-off: f(x + h)
 * and f(x) are nearly equal, and most digits cancel. On the right it is truncation: the curve bends
 * within h.
 *
 * An error of exactly 0 has no place on a logarithmic axis: it is an open triangle at the bottom,
 * and a note says so.
 *
 * @example stepErrorChart([{ h: 0.1, forward: 0.31, central: 0.01 }, { h: 0.01, forward: 0.03 }])
 * @throws TypeError or RangeError that say what was expected
 */
export function stepErrorChart(rows: readonly StepError[], options: ChartOptions = {}): string {
  const where = "stepErrorChart";
  if (!Array.isArray(rows)) {
    throw new TypeError(`${where}: expected an array of rows, got ${describe(rows)}`);
  }
  expectChart(options, [], where);
  for (const [i, row] of rows.entries()) expectRow(row, `${where}: row ${i}`);

  const byH = [...rows].sort((a, b) => a.h - b.h);
  const series = (["forward", "central"] as const)
    .map((name) => ({
      name: `${name} difference`,
      dots: true,
      dashed: name === "central", // where both are equal, both are to be seen
      points: byH.flatMap(({ h, [name]: error }) =>
        error === undefined ? [] : [[h, error] as const],
      ),
    }))
    .filter((one) => one.points.length > 0);
  const errors = series.flatMap((one) => one.points.map(([, error]) => error));
  const zeros = errors.filter((error) => error === 0).length;
  const bad = errors.filter((error) => !Number.isFinite(error)).length;
  const exactly = zeros === 1 ? "One error is" : `${zeros} errors are`;
  return linesOf(
    {
      ...options,
      x: { label: "h (logarithmic)", ...options.x, scale: "log" },
      y: { label: "error (logarithmic)", ...options.y, scale: "log" },
      series,
    },
    where,
    "The error of a slope found by nudging",
    summary(series),
    {
      notes: [
        ...notDrawn(bad, 0),
        ...(zeros > 0
          ? [`${exactly} exactly 0, below every logarithmic axis: the triangles at the bottom.`]
          : []),
      ],
      headroom: 12,
      footroom: zeros > 0 ? 10 * series.length : 0,
      draw: (plot) => regions(plot) + zeroMarks(series, plot),
    },
  );
}

function expectRow(row: StepError, where: string): void {
  if (row === null || typeof row !== "object") {
    throw new TypeError(`${where}: expected { h, forward, central }, got ${describe(row)}`);
  }
  if (!(typeof row.h === "number" && row.h > 0 && row.h < Infinity)) {
    throw new RangeError(`${where}: expected h, a number above 0, got ${describe(row.h)}`);
  }
  for (const name of ["forward", "central"] as const) {
    const error = row[name];
    if (error === undefined || (typeof error === "number" && !(error < 0))) continue;
    throw new RangeError(
      `${where}: expected ${name}, an error of 0 or above, got ${describe(error)}`,
    );
  }
}

/** Says where each line is lowest. */
function summary(series: readonly Series[]): string {
  const lows = series.flatMap(({ name, points }) => {
    const drawn = points.filter(([, error]) => error > 0);
    if (drawn.length === 0) return [];
    const [h, error] = drawn.reduce((best, point) => (point[1] < best[1] ? point : best));
    return [
      `The ${name} is best at h = ${shortNumber(h)}, with an error of ${shortNumber(error)}.`,
    ];
  });
  return [
    "Error against h: for small h round-off, which grows as h shrinks; for large h truncation, which grows with h.",
    ...lows,
  ].join(" ");
}

/** What rules where, in words above the data. */
function regions({ left, right, top }: Plot): string {
  const room = right - left >= textWidth("← round-off truncation →") + 10;
  const [before, after] = room ? ["← round-off", "truncation →"] : ["round-off", "truncation"];
  return (
    textAt(left, top - 6, before, { role: "faint" }) +
    textAt(right, top - 6, after, { role: "faint", anchor: "end" })
  );
}

/** Errors of exactly 0. */
function zeroMarks(series: readonly Series[], { x, bottom }: Plot): string {
  return series
    .map(({ points: all }, i) => {
      const zeros = all.filter(([, error]) => error === 0);
      // Two at the same h stand one above the other.
      const marks = zeros.map(([h]) => marker("down", x.place(h), bottom - 6 - 10 * i));
      return points(marks.join(""), seriesRole(i), true);
    })
    .join("");
}

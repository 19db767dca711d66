// Error against h: the picture that shows truncation and round-off.

import { expect, test } from "vitest";
import { stepErrorChart } from "../../src/draw/index.ts";
import { elements, marksOf, rulers, textsOf } from "./reading.ts";

// x³ at 2, whose slope is 12, with h from 1 to 1e-17.
const cube = (x: number) => x * x * x;
const rows = Array.from({ length: 18 }, (_, k) => {
  const h = Number(`1e-${k}`);
  return {
    h,
    forward: Math.abs((cube(2 + h) - cube(2)) / h - 12),
    central: Math.abs((cube(2 + h) - cube(2 - h)) / (2 * h) - 12),
  };
});
const words = (svg: string) => textsOf(svg).map(({ text }) => text);

test("stepErrorChart: every error is where the ticks say, small h on the left", () => {
  const svg = stepErrorChart(rows);
  const { x, y } = rulers(svg, { x: true, y: true });
  const found = marksOf(svg).map(([a, b]) => [Math.log10(x(a)), Math.log10(y(b))]);
  const byH = [...rows].reverse();
  const expected = [
    ...byH.map((row) => [row.h, row.forward]),
    ...byH.map((row) => [row.h, row.central]),
  ];
  expect(found).toHaveLength(36);
  for (const [i, [h, error]] of found.entries()) {
    expect(h).toBeCloseTo(Math.log10(expected[i]![0]!), 0);
    expect(error).toBeCloseTo(Math.log10(expected[i]![1]!), 0);
  }
  expect(marksOf(svg)[0]![0]).toBeLessThan(marksOf(svg)[17]![0]);
});

test("stepErrorChart: names what rules on either side, above all data", () => {
  const svg = stepErrorChart(rows);
  const left = textsOf(svg).find(({ text }) => text === "← round-off")!;
  const right = textsOf(svg).find(({ text }) => text === "truncation →")!;
  const highest = Math.min(...marksOf(svg).map(([, y]) => y));
  expect(left.x).toBeLessThan(right.x);
  expect([left.y < highest, right.y < highest]).toEqual([true, true]);
});

test("stepErrorChart: the description says where each difference is best", () => {
  const description = elements(stepErrorChart(rows), "desc")[0]!.textContent;
  expect(description).toContain("The forward difference is best at h = 1e-8");
  expect(description).toContain("The central difference is best at h = 1e-5");
});

test("stepErrorChart: errors of exactly 0 are triangles at the bottom, and a note says so", () => {
  const svg = stepErrorChart([
    { h: 1, forward: 0 },
    { h: 0.1, forward: 0.5 },
    { h: 0.01, forward: 1 },
  ]);
  expect(words(svg).join(" ")).toContain("One error is exactly 0, below every logarithmic axis");
  const marks = marksOf(svg);
  expect(marks).toHaveLength(3);
  const lowest = marks.reduce((a, b) => (b[1] > a[1] ? b : a));
  const { x } = rulers(svg, { x: true, y: true });
  expect(Math.log10(x(lowest[0]))).toBeCloseTo(0, 1);
});

test("stepErrorChart: one kind of difference alone is one line", () => {
  const svg = stepErrorChart(rows.map(({ h, central }) => ({ h, central })));
  expect(words(svg)).toContain("central difference");
  expect(words(svg)).not.toContain("forward difference");
});

test("stepErrorChart: errors that are not finite are told", () => {
  const svg = stepErrorChart([
    { h: 1, forward: Number.NaN },
    { h: 0.1, forward: 2 },
  ]);
  expect(words(svg).join(" ")).toContain("Not drawn: 1 not finite.");
});

test("stepErrorChart: says what is wrong with its rows", () => {
  expect(() => stepErrorChart(3 as never)).toThrow(
    new TypeError("stepErrorChart: expected an array of rows, got 3"),
  );
  expect(() => stepErrorChart([{ h: 0, forward: 1 }])).toThrow(
    new RangeError("stepErrorChart: row 0: expected h, a number above 0, got 0"),
  );
  expect(() => stepErrorChart([{ h: 1, forward: -1 }])).toThrow(
    "stepErrorChart: row 0: expected forward, an error of 0 or above, got -1",
  );
  expect(() => stepErrorChart([], "Slopes" as never)).toThrow(
    'stepErrorChart: expected an object with options, got "Slopes" (a string)',
  );
});

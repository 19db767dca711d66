// Points and classes.

import { expect, test } from "vitest";
import { scatterChart } from "../../src/draw/index.ts";
import { elements, marksOf, rulers, textsOf } from "./reading.ts";

const title = "A title";

test("scatterChart: every point is where the ticks say", () => {
  const points: [number, number][] = [
    [-1, 4],
    [0, 0],
    [2.5, -3],
    [8, 1],
  ];
  const svg = scatterChart({ title, points });
  const { x, y } = rulers(svg);
  const found = marksOf(svg).map(([a, b]) => [x(a), y(b)]);
  expect(found).toEqual(points.map(([a, b]) => [expect.closeTo(a, 1), expect.closeTo(b, 1)]));
});

test("scatterChart: classes differ in shape, and the legend names them in order", () => {
  const points = Array.from({ length: 12 }, (_, i): [number, number] => [i, i * i]);
  const svg = scatterChart({ title, points, classes: points.map((_, i) => 2 - (i % 3)) });
  const words = textsOf(svg).map(({ text }) => text);
  expect(words.filter((text) => text.startsWith("class"))).toEqual([
    "class 0",
    "class 1",
    "class 2",
  ]);
  const shapes = elements(svg, "path")
    .map((path) => path.getAttribute("d")!.match(/^M\S+ \S+?(m.*?z)/)?.[1])
    .filter((shape) => shape !== undefined);
  expect(new Set(shapes).size).toBe(3);
});

test("scatterChart: a hundred thousand points stay a small picture", () => {
  const points = Array.from({ length: 100_000 }, (_, i): [number, number] => [
    Math.sin(i),
    Math.cos(i * i),
  ]);
  const svg = scatterChart({ title, points });
  expect(svg.length).toBeLessThan(1_500_000);
  expect(marksOf(svg).length).toBeGreaterThan(5000);
});

test("scatterChart: refuses classes that do not go with the points", () => {
  expect(() => scatterChart({ title, points: [[0, 1]], classes: [] })).toThrow(
    new RangeError("scatterChart: expected as many classes as points, 1, got 0"),
  );
  expect(() => scatterChart({ title, points: [[0, 1]], classes: ["a"] as never })).toThrow(
    'scatterChart: classes: expected numbers, got "a" (a string) at 0',
  );
  expect(() => scatterChart({ title, points: 3 as never })).toThrow(
    "scatterChart: expected an array of points [x, y], got 3",
  );
});

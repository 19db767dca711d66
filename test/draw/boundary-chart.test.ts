// The map of predictions: the line is where the prediction is 0, points on the wrong side are told.

import { describe, expect, test } from "vitest";
import { makeMoons } from "../../src/data.ts";
import { boundaryChart } from "../../src/draw/index.ts";
import { MLP } from "../../src/nn.ts";
import { elements, marksOf, rulers, textsOf } from "./reading.ts";

const corners = {
  inputs: [
    [0, 0],
    [4, 0],
    [0, 4],
    [4, 4],
  ],
  targets: [[-1], [1], [-1], [1]],
};

/** The boundary within the axes, as points in pixels: the path in the colour of ink without a fill. */
function boundaryOf(svg: string): [number, number][] {
  const paths = (name: string) =>
    elements(svg, "path")
      .filter((path) => path.getAttribute("class") === name)
      .map((path) => path.getAttribute("d") ?? "");
  const [axes] = paths("cr-stroke-edge"); // down the left side, then to the right
  const [left, top, bottom, right] = axes!.match(/[\d.]+/g)!.map(Number);
  return paths("cr-stroke-ink")
    .flatMap((d) => [...d.matchAll(/[ML](\S+) ([\d.]+)/g)])
    .map(([, x, y]): [number, number] => [Number(x), Number(y)])
    .filter(([x, y]) => x >= left! && x <= right! && y >= top! && y <= bottom!);
}

describe("boundaryChart", () => {
  test("boundaryChart: the line is where the prediction is 0", () => {
    const svg = boundaryChart(([x, y]) => x - 0.5 * y - 1, corners);
    const { x, y } = rulers(svg);
    const line = boundaryOf(svg);
    expect(line.length).toBeGreaterThan(20);
    for (const [a, b] of line) expect(x(a) - 0.5 * y(b) - 1).toBeCloseTo(0, 1);
  });

  test("boundaryChart: the line is a circle for a circle", () => {
    const svg = boundaryChart(([x, y]) => 1 - (x - 2) ** 2 - (y - 2) ** 2, corners);
    const { x, y } = rulers(svg);
    for (const [a, b] of boundaryOf(svg)) {
      expect(Math.hypot(x(a) - 2, y(b) - 2)).toBeCloseTo(1, 1);
    }
  });

  test("boundaryChart: another threshold moves the line", () => {
    const svg = boundaryChart(([x]) => x, corners, { threshold: 3 });
    const { x } = rulers(svg);
    for (const [a] of boundaryOf(svg)) expect(x(a)).toBeCloseTo(3, 1);
  });

  test("boundaryChart: where every prediction has one sign there is no line, and one colour", () => {
    const svg = boundaryChart(() => 0.5, corners);
    expect(boundaryOf(svg)).toEqual([]);
    const fills = elements(svg, "path").filter((path) => path.getAttribute("fill-opacity"));
    expect(new Set(fills.map((path) => path.getAttribute("class")))).toEqual(
      new Set(["cr-fill-positive"]),
    );
  });

  test("boundaryChart: points on the wrong side have a ring, are counted, and are where they are", () => {
    const svg = boundaryChart(([x]) => x - 2, { ...corners, targets: [-1, -1, -1, 1] });
    expect(textsOf(svg).map(({ text }) => text)).toContain("wrong side (1)");
    expect(elements(svg, "desc")[0]!.textContent).toContain(
      "Of 4 points, 3 are on the right side.",
    );
    const { x, y } = rulers(svg);
    const found = marksOf(svg).map(([a, b]) => [Math.round(x(a)) + 0, Math.round(y(b)) + 0]);
    expect(found.sort()).toEqual([
      [0, 0],
      [0, 4],
      [4, 0],
      [4, 4],
    ]);
  });

  test("boundaryChart: with a number for each class, regions are where it is the largest", () => {
    // Three thirds: x < 1, 1 < x < 3, 3 < x.
    const svg = boundaryChart(([x]) => [1 - x, 0, x - 3], {
      ...corners,
      targets: [[0], [2], [0], [2]],
    });
    const { x } = rulers(svg);
    const line = boundaryOf(svg).map(([a]) => x(a));
    for (const at of line) expect(Math.min(Math.abs(at - 1), Math.abs(at - 3))).toBeLessThan(0.1);
    expect([line.some((at) => at < 2), line.some((at) => at > 2)]).toEqual([true, true]);
    expect(textsOf(svg).map(({ text }) => text)).toEqual(
      expect.arrayContaining(["class 0", "class 1", "class 2"]),
    );
  });

  test("boundaryChart: takes the data sets and the networks of the library", () => {
    const model = new MLP(2, [4, 1]);
    const svg = boundaryChart((x) => model.predict(x), makeMoons());
    expect(marksOf(svg)).toHaveLength(100);
  });

  test("boundaryChart: predictions that are not finite leave the map blank there", () => {
    const svg = boundaryChart(([x]) => (x > 2 ? Number.NaN : x), corners);
    expect(svg).not.toMatch(/NaN/);
    const all = boundaryChart(() => Number.NEGATIVE_INFINITY, corners);
    expect(all).not.toMatch(/NaN|Infinity/);
  });

  test("boundaryChart: says what is wrong with function and data", () => {
    const predict = ([x]: [number, number]) => x;
    expect(() => boundaryChart(predict, { inputs: [[1, 2, 3]], targets: [1] })).toThrow(
      new RangeError("boundaryChart: expected points with 2 inputs, got 3 in point 0"),
    );
    expect(() => boundaryChart(predict, { inputs: [[1, 2]], targets: [] })).toThrow(
      "boundaryChart: expected 1 targets, as many as points, got 0",
    );
    expect(() => boundaryChart(3 as never, corners)).toThrow(
      new TypeError("boundaryChart: expected a function of a point, got 3"),
    );
    const model = new MLP(2, [1]);
    const wrong = ((x: number[]) => model.forward(x)) as never;
    expect(() => boundaryChart(wrong, corners)).toThrow(
      "boundaryChart: expected a function that gives numbers, such as (x) => model.predict(x)[0], got a Value",
    );
    expect(() => boundaryChart(predict, 4 as never)).toThrow(
      "boundaryChart: expected { inputs, targets }, two arrays, got 4",
    );
    expect(() => boundaryChart(predict, corners, { resolution: 1 })).toThrow("resolution");
    expect(() => boundaryChart(predict, corners, { threshold: Infinity })).toThrow(
      "boundaryChart: threshold: expected a finite number, got Infinity",
    );
    expect(() => boundaryChart(predict, { ...corners, targets: [1, 1, Infinity, 1] })).toThrow(
      "boundaryChart: target 2: expected a finite number, got Infinity",
    );
  });
});

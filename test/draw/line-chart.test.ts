// Lines and loss curves: points are where the ticks say, gaps are gaps, and no extreme is lost.

import { describe, expect, test } from "vitest";
import { lineChart, lossChart } from "../../src/draw/index.ts";
import { elements, linesOf, marksOf, rulers, textsOf } from "./reading.ts";

const title = "A title";

describe("lineChart", () => {
  test("lineChart: every point is where the ticks of the axes say", () => {
    const points: [number, number][] = [
      [-4, 10],
      [0.5, -3],
      [3, 7.25],
      [11, 20],
    ];
    const svg = lineChart({ title, series: [{ points, dots: true }] });
    const { x, y } = rulers(svg);
    const [line] = linesOf(svg);
    for (const places of [line!, marksOf(svg)]) {
      expect(places).toHaveLength(4);
      for (const [i, [a, b]] of places.entries()) {
        expect(x(a)).toBeCloseTo(points[i]![0], 1);
        expect(y(b)).toBeCloseTo(points[i]![1], 1);
      }
    }
  });

  test("lineChart: on logarithmic axes too", () => {
    const points: [number, number][] = [
      [1, 1e-12],
      [10, 3e-4],
      [1000, 5],
      [1e5, 2e6],
    ];
    const log = { scale: "log" } as const;
    const svg = lineChart({ title, x: log, y: log, series: [{ points, dots: true }] });
    const { x, y } = rulers(svg, { x: true, y: true });
    for (const [i, [a, b]] of marksOf(svg).entries()) {
      expect(Math.log10(x(a))).toBeCloseTo(Math.log10(points[i]![0]), 1);
      expect(Math.log10(y(b))).toBeCloseTo(Math.log10(points[i]![1]), 1);
    }
    expect(textsOf(svg).map(({ text }) => text)).toContain("1e-10");
  });

  test("lineChart: what is not finite is a gap, and a point alone between two gaps a dot", () => {
    const points: [number, number][] = [
      [0, 1],
      [1, 2],
      [2, Number.NaN],
      [3, 4],
      [4, Infinity],
      [5, 6],
      [6, 7],
    ];
    const svg = lineChart({ title, series: [{ points }] });
    expect(linesOf(svg).filter((line) => line.length > 1)).toHaveLength(2);
    expect(marksOf(svg)).toHaveLength(1);
    expect(textsOf(svg).map(({ text }) => text)).toContain("Not drawn: 2 not finite.");
  });

  test("lineChart: on a logarithmic axis, 0 and below are gaps, and a note says so", () => {
    const points: [number, number][] = [
      [0, 1],
      [1, 0],
      [2, -1],
      [3, 100],
      [4, 10],
    ];
    const svg = lineChart({ title, y: { scale: "log" }, series: [{ points }] });
    const words = textsOf(svg)
      .map(({ text }) => text)
      .join(" ");
    expect(words).toContain("Not drawn: 2 not above 0, which a logarithmic axis cannot show.");
    expect(elements(svg, "desc")[0]!.textContent).toContain("Not drawn: 2 not above 0");
  });

  test("lineChart: no data is said", () => {
    const words = textsOf(lineChart({ title, series: [] })).map(({ text }) => text);
    expect(words).toContain("There is no data.");
  });

  test("lineChart: names stand in the legend above the data", () => {
    const series = ["one", "two"].map((name, i) => ({
      name,
      points: [
        [0, i],
        [1, 5 + i],
      ] as [number, number][],
    }));
    const svg = lineChart({ title, series });
    const top = Math.min(
      ...linesOf(svg)
        .flat()
        .map(([, y]) => y),
    );
    for (const name of ["one", "two"]) {
      expect(textsOf(svg).find(({ text }) => text === name)!.y).toBeLessThan(top);
    }
  });

  test("lineChart: of a million points the picture stays small and keeps every extreme", () => {
    const points = Array.from({ length: 1_000_000 }, (_, i): [number, number] => [i, Math.sin(i)]);
    points[123_456] = [123_456, 50];
    points[765_432] = [765_432, -40];
    const svg = lineChart({ title, series: [{ points }] });
    expect(svg.length).toBeLessThan(100_000);
    const { x, y } = rulers(svg);
    const places = linesOf(svg).flat();
    const highest = places.reduce((a, b) => (b[1] < a[1] ? b : a));
    const lowest = places.reduce((a, b) => (b[1] > a[1] ? b : a));
    expect([x(highest[0]) / 1e6, x(lowest[0]) / 1e6]).toEqual([
      expect.closeTo(0.123456, 2),
      expect.closeTo(0.765432, 2),
    ]);
    expect(y(highest[1])).toBeCloseTo(50, 0);
    expect(y(lowest[1])).toBeCloseTo(-40, 0);
  });

  test("lineChart: says what is wrong with its data", () => {
    const chart = (series: unknown) => () => lineChart({ title, series: series as never });
    expect(chart(3)).toThrow(new TypeError("lineChart: expected an array of series, got 3"));
    expect(chart([7])).toThrow("lineChart: series 0: expected { points }, got 7");
    expect(chart([{ points: [[1, 2], [1]] }])).toThrow(
      "lineChart: series 0, point 1: expected [x, y], two numbers, got [1]",
    );
    expect(chart([{ points: [[1, "2"]] }])).toThrow(
      'lineChart: series 0, point 0: expected [x, y], two numbers, got [1,"2" (a string)]',
    );
    expect(chart([{ name: 4, points: [] }])).toThrow("expected a name that is text, got 4");
    expect(chart([{ points: [], dash: true }])).toThrow(
      'lineChart: series 0: expected one of the options name, points, dashed, dots, got "dash"',
    );
    expect(chart([{ points: [], dots: "no" }])).toThrow(
      'lineChart: series 0, dots: expected true or false, got "no" (a string)',
    );
  });
});

describe("lossChart", () => {
  const axisLabel = (svg: string) =>
    textsOf(svg)
      .map(({ text }) => text)
      .find((text) => text.startsWith("loss"));

  test("lossChart: is logarithmic for losses above 0 that span more than a factor of 30", () => {
    expect(axisLabel(lossChart([31, 1]))).toBe("loss (logarithmic)");
    expect(axisLabel(lossChart([29, 1]))).toBe("loss");
    expect(axisLabel(lossChart([31, 1, 0]))).toBe("loss");
    expect(axisLabel(lossChart([31, 1], { scale: "linear" }))).toBe("loss");
    expect(axisLabel(lossChart([2, 1], { scale: "log" }))).toBe("loss (logarithmic)");
    expect(axisLabel(lossChart([2, 1], { heldOut: [90, 1] }))).toBe("loss");
  });

  test("lossChart: epochs count from 0, and the axis of a loss does not go below 0", () => {
    const svg = lossChart([4, 2, 1, 0.5]);
    const { x, y } = rulers(svg);
    expect(linesOf(svg)[0]!.map(([a]) => Math.round(x(a)))).toEqual([0, 1, 2, 3]);
    expect(linesOf(svg)[0]!.map(([, b]) => y(b))).toEqual(
      [4, 2, 1, 0.5].map((loss) => expect.closeTo(loss, 1)),
    );
    expect(textsOf(svg).filter(({ text }) => text.startsWith("-"))).toEqual([]);
  });

  test("lossChart: the held-out losses are a second, dashed line", () => {
    const svg = lossChart([4, 2, 1], { heldOut: [5, 4, 6] });
    expect(textsOf(svg).map(({ text }) => text)).toEqual(
      expect.arrayContaining(["loss", "held out"]),
    );
    const dashed = elements(svg, "path").filter((path) => path.getAttribute("stroke-dasharray"));
    expect(dashed).toHaveLength(2); // the line and its mark in the legend
  });

  test("lossChart: refuses what is not numbers", () => {
    expect(() => lossChart([1, "2"] as never)).toThrow(
      new TypeError('lossChart: expected numbers, got "2" (a string) at 1'),
    );
    expect(() => lossChart([1], { heldOut: 3 as never })).toThrow(
      "lossChart: heldOut: expected an array of numbers, got 3",
    );
  });
});

// Curves and tangents.

import { describe, expect, test } from "vitest";
import { functionChart } from "../../src/draw/index.ts";
import { linesOf, marksOf, rulers, textsOf } from "./reading.ts";

const parabola = (x: number) => 3 * x * x - 4 * x + 5;
const slopes = [3, -3, 2 / 3].map((x) => ({ x, slope: 6 * x - 4 }));
const range = { title: "A title", from: -5, to: 5 };

describe("functionChart", () => {
  test("functionChart: the curve is where the ticks say", () => {
    const svg = functionChart(parabola, range);
    const { x, y } = rulers(svg);
    const [curve] = linesOf(svg);
    expect(curve!.length).toBeGreaterThan(300);
    for (const [a, b] of curve!) expect(Math.abs(y(b) - parabola(x(a)))).toBeLessThan(1);
  });

  test("functionChart: a tangent touches where it should and has its slope", () => {
    const svg = functionChart(parabola, { ...range, tangents: slopes });
    const { x, y } = rulers(svg);
    const tangents = linesOf(svg).filter((line) => line.length === 2);
    expect(tangents).toHaveLength(3);
    for (const [i, line] of tangents.entries()) {
      const [[a, b], [c, d]] = line.map(([left, top]) => [x(left), y(top)]) as [
        [number, number],
        [number, number],
      ];
      expect((d - b) / (c - a)).toBeCloseTo(slopes[i]!.slope, 0);
      expect((a + c) / 2).toBeCloseTo(slopes[i]!.x, 1);
    }
    const words = textsOf(svg).map(({ text }) => text);
    expect(words).toEqual(
      expect.arrayContaining(["slope 14 at x = 3", "slope -22 at x = -3", "slope 0 at x = 0.6667"]),
    );
    expect(marksOf(svg)).toHaveLength(3);
  });

  test("functionChart: no line leads through a pole or through what is not finite", () => {
    const poles = functionChart(Math.tan, { ...range, y: { domain: [-5, 5] } });
    expect(linesOf(poles).length).toBe(5); // poles at -3π/2, -π/2, π/2, 3π/2
    const root = functionChart(Math.sqrt, range);
    expect(Math.min(...linesOf(root)[0]!.map(([x]) => rulers(root).x(x)))).toBeCloseTo(0, 1);
    expect(
      textsOf(root)
        .map(({ text }) => text)
        .join(" "),
    ).toContain("Gaps: there the function");
  });

  test("functionChart: points are marked", () => {
    const svg = functionChart(parabola, {
      ...range,
      points: [
        [0, 5],
        [1, 4],
      ],
    });
    const { x, y } = rulers(svg);
    const found = marksOf(svg).map(([a, b]) => [x(a), y(b)]);
    expect(found).toEqual([
      [expect.closeTo(0, 1), expect.closeTo(5, 0)],
      [expect.closeTo(1, 1), expect.closeTo(4, 0)],
    ]);
  });

  test("functionChart: says what is wrong", () => {
    expect(() => functionChart(3 as never, range)).toThrow(
      "functionChart: expected a function of a",
    );
    expect(() => functionChart(parabola, { title: "", from: 1, to: 1 })).toThrow(
      new RangeError("functionChart: expected from below to, got 1 and 1"),
    );
    expect(() => functionChart(() => "3" as never, range)).toThrow(
      'functionChart: expected a function that gives numbers, got "3" (a string)',
    );
    expect(() => functionChart(parabola, { ...range, y: { scale: "log" } })).toThrow("linear axes");
    expect(() => functionChart(parabola, { ...range, tangents: [{ x: 1 } as never] })).toThrow(
      "functionChart: tangent 0, slope: expected a finite number, got undefined",
    );
    expect(() => functionChart(parabola, { ...range, tangents: 3 as never })).toThrow(
      "functionChart: tangents: expected an array of { x, slope }, got 3",
    );
    expect(() => functionChart(parabola, { ...range, name: 3 as never })).toThrow(
      "functionChart: expected a name that is text, got 3",
    );
  });
});

// Histograms: every number is counted once, in the bin where it belongs.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binsOf } from "../../src/draw/histogram.ts";
import { histogram } from "../../src/draw/index.ts";
import { elements, rulers, textsOf } from "./reading.ts";

describe("binsOf", () => {
  test("binsOf: bins are equal, between round numbers, and hold what is in them", () => {
    expect(binsOf([0, 0.1, 0.5, 0.9, 1, 1.9, 2], 2)).toEqual([
      { from: 0, to: 1, count: 4 },
      { from: 1, to: 2, count: 3 },
    ]);
  });

  test("binsOf: counts every number once, between the ends of its bin", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
          minLength: 1,
          maxLength: 50,
        }),
        fc.integer({ min: 1, max: 40 }),
        (values, about) => {
          const bins = binsOf(values, about);
          expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(values.length);
          for (const [i, { from, to, count }] of bins.entries()) {
            const last = i === bins.length - 1;
            const inside = values.filter((x) => x >= from && (last ? x <= to : x < to));
            expect(count).toBe(inside.length);
          }
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });

  test("binsOf: equal numbers are one bin, none are no bin", () => {
    expect(binsOf([3, 3, 3], 10)).toEqual([{ from: 2.997, to: 3.003, count: 3 }]);
    expect(binsOf([0], 10)).toEqual([{ from: -0.5, to: 0.5, count: 1 }]);
    expect(binsOf([], 10)).toEqual([]);
  });
});

describe("histogram", () => {
  const bars = (svg: string) => elements(svg, "rect").slice(1); // the first is the panel

  test("histogram: a bar is as high as its count and as wide as its bin", () => {
    const values = [0.5, 1.5, 1.5, 1.5, 2.5, 2.5, 3.9];
    const svg = histogram(values, { bins: 4 });
    const { x, y } = rulers(svg);
    const found = bars(svg).map((bar) => {
      const [left, top, width] = ["x", "y", "width"].map((name) => Number(bar.getAttribute(name)));
      return [x(left!), x(left! + width!), y(top!)];
    });
    const close = (n: number) => expect.closeTo(n, 1);
    expect(found).toEqual([
      [close(0), close(1), close(1)],
      [close(1), close(2), close(3)],
      [close(2), close(3), close(2)],
      [close(3), close(4), close(1)],
    ]);
  });

  test("histogram: counts are whole numbers on the axis", () => {
    const ticks = textsOf(histogram([1, 2])).filter(({ anchor }) => anchor === "end");
    expect(ticks.map(({ text }) => text)).toEqual(["0", "1"]);
  });

  test("histogram: what is not finite is left out and told", () => {
    const words = textsOf(histogram([1, Number.NaN, Infinity, 2])).map(({ text }) => text);
    expect(words).toContain("Not drawn: 2 not finite.");
  });

  for (const values of [[], [1e308, -1e308], [5e-324, 0], [1.7e308], [1, 1 + Number.EPSILON]]) {
    test(`histogram: [${values}] gives a picture`, () => {
      const svg = histogram(values);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(bars(svg).length).toBe(values.length === 0 ? 0 : bars(svg).length);
    });
  }

  test("histogram: refuses what is not numbers", () => {
    expect(() => histogram(3 as never)).toThrow("histogram: expected an array of numbers, got 3");
    expect(() => histogram([1], { bins: 0 })).toThrow("histogram: bins: expected a whole number");
    expect(() => histogram([1], { label: 3 as never })).toThrow(
      "histogram: expected a label that is text, got 3",
    );
  });
});

// Thinning: fewer points, the same line.

import fc from "fast-check";
import { expect, test } from "vitest";
import { thin } from "../../src/draw/thin.ts";

type Place = readonly [number, number];

test("thin: up to a thousand places stay as they are", () => {
  const places = Array.from({ length: 1000 }, (_, i): Place => [0, i]);
  expect(thin(places)).toBe(places);
});

test("thin: of each column of pixels the first, lowest, highest and last stay, in order", () => {
  const column = [5, 9, 3, 7, 1, 4];
  const many = Array.from({ length: 2000 }, (_, i): Place => [10, column[i] ?? 4]);
  expect(thin(many)).toEqual([
    [10, 5],
    [10, 9],
    [10, 1],
    [10, 4],
  ]);
});

test("thin: ends, extremes and gaps of any line stay", () => {
  const place = fc.tuple(
    fc.double({ min: 0, max: 50, noNaN: true }),
    fc.oneof(
      { weight: 50, arbitrary: fc.double({ min: 0, max: 100, noNaN: true }) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    ),
  );
  fc.assert(
    fc.property(fc.array(place, { minLength: 1001, maxLength: 1500 }), (places) => {
      const kept = thin(places);
      const ys = (list: readonly Place[]) => list.map(([, y]) => y).filter((y) => !Number.isNaN(y));
      expect(Math.min(...ys(kept))).toBe(Math.min(...ys(places)));
      expect(Math.max(...ys(kept))).toBe(Math.max(...ys(places)));
      expect([kept[0], kept.at(-1)]).toEqual([places[0], places.at(-1)]);
      // A gap begins where a place is followed by one that is none.
      const gaps = (list: readonly Place[]) =>
        list.filter((p, i) => i > 0 && Number.isNaN(p[1]) && !Number.isNaN(list[i - 1]![1])).length;
      expect(gaps(kept)).toBe(gaps(places));
    }),
    { seed: 3, numRuns: 50 },
  );
});

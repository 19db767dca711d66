// Paths: counted, listed and summed, against recursions that are written out here and `backward`.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countPaths, pathsOf, sumOfPaths } from "../../src/explain/paths.ts";
import { gradientsOf } from "../../src/explain/steps.ts";
import { parseExpression } from "../../src/expression.ts";
import { graphOf, Value } from "../../src/value.ts";
import "../closeness.ts";
import { fourPoints } from "./four-points.ts";
import { randomGraphs } from "./random-graphs.ts";

/** a, 2a, 4a, …: 2 edges from each node to the one before. */
function doublings(n: number): { a: Value; root: Value } {
  const a = new Value(1, "a");
  let root = a;
  for (let i = 0; i < n; i++) root = root.add(root);
  return { a, root };
}

describe("paths of y = a*a + a at a = 3", () => {
  const a = new Value(3, "a");
  const square = a.mul(a);
  const y = square.add(a);

  test("countPaths: one for each way along the edges", () => {
    expect([y, square, a].map((node) => countPaths(y, node))).toEqual([1, 1, 3]);
  });

  test("pathsOf: from the output down, in the order of the inputs, with the product", () => {
    const paths = pathsOf(y, a);
    // y to * to a by slot 0: 1 · 3; by slot 1: 1 · 3; y to a: 1
    expect(paths.map(({ product }) => product)).toEqual([3, 3, 1]);
    expect(paths[1]?.edges).toEqual([
      { consumer: y, slot: 0, input: square, local: 1 },
      { consumer: square, slot: 1, input: a, local: 3 },
    ]);
    expect(paths[2]?.edges).toEqual([{ consumer: y, slot: 1, input: a, local: 1 }]);
    expect(sumOfPaths(y, a)).toEqual({ count: 3, sum: 7 });
  });

  test("pathsOf: from the output to itself leads one path without an edge", () => {
    expect(pathsOf(y, y)).toEqual([{ edges: [], product: 1 }]);
  });

  test("pathsOf: only as many as are asked for", () => {
    expect(pathsOf(y, a, 2).map(({ product }) => product)).toEqual([3, 3]);
    expect(pathsOf(y, a, 0)).toEqual([]);
  });
});

test("pathsOf: L = (a*b + c) * f has one path to a, L d e a: -2 · 1 · -3 = 6", () => {
  const L = parseExpression("e = a*b; d = e + c; L = d*f").evaluate({ a: 2, b: -3, c: 10, f: -2 });
  const a = graphOf(L).find(({ label }) => label === "a")!;
  const [path, ...more] = pathsOf(L, a);
  expect(more).toEqual([]);
  expect(path?.edges.map(({ consumer, local }) => [consumer.label, local])).toEqual([
    ["L", -2],
    ["d", 1],
    ["e", -3],
  ]);
  expect(path?.product).toBe(6);
});

test("countPaths: a node of another graph has none", () => {
  const y = new Value(2).neg();
  const other = new Value(1);
  expect([countPaths(y, other), pathsOf(y, other), sumOfPaths(y, other)]).toEqual([
    0,
    [],
    { count: 0, sum: 0 },
  ]);
});

test("countPaths: no path leads through detach", () => {
  const a = new Value(2);
  const y = a.detach().mul(a);
  expect([countPaths(y, a), sumOfPaths(y, a).sum]).toEqual([1, 2]);
});

test("pathsOf: of what was not chosen nothing comes, not 0 times infinity", () => {
  const x = new Value(0);
  const y = x.sqrt().mul(-1).relu(); // relu' = 0 at 0 and below, sqrt' = Infinity at 0
  expect(pathsOf(y, x)).toHaveLength(1);
  expect(pathsOf(y, x)[0]?.product).toBe(0);
  expect(gradientsOf(y).get(x)).toBe(0);
});

test("pathsOf: poles, NaN and infinities as backward has them", () => {
  for (const [formula, x] of [
    ["log(x) * 2", 0],
    ["sqrt(x) + x", 0],
    ["1 / x", 0],
    ["log(x) * x", -1],
    ["x * x", Infinity],
    ["exp(x) * 0", Infinity],
  ] as const) {
    const y = parseExpression(formula).evaluate({ x });
    const leaf = graphOf(y).find(({ label }) => label === "x")!;
    expect(sumOfPaths(y, leaf).sum, formula).toBe(gradientsOf(y).get(leaf));
  }
});

test("countPaths: 60 doublings have 2^60 paths, and nobody walks them", () => {
  const { a, root } = doublings(60);
  expect(countPaths(root, a)).toBe(2 ** 60);
  expect(pathsOf(root, a, 3).map(({ edges, product }) => [edges.length, product])).toEqual([
    [60, 1],
    [60, 1],
    [60, 1],
  ]);
  expect(sumOfPaths(root, a)).toEqual({
    count: 2 ** 60,
    sum: undefined,
    why: "there are about 1.15e+18 paths, and only up to 10000 are walked",
  });
  const far = doublings(2000);
  expect(countPaths(far.root, far.a)).toBe(Infinity);
});

test("sumOfPaths: walks up to 10,000 paths, 2^13 are 8192", () => {
  const { a, root } = doublings(13);
  expect(sumOfPaths(root, a)).toEqual({ count: 8192, sum: 8192 });
  expect(sumOfPaths(root, a, 8191).sum).toBeUndefined();
  expect(pathsOf(root, a)).toHaveLength(8192);
  const more = doublings(14);
  expect(pathsOf(more.root, more.a)).toHaveLength(10_000);
});

test("pathsOf: a hundred thousand nodes in a row are no problem", () => {
  const x = new Value(1);
  let y: Value = x;
  for (let i = 0; i < 100_000; i++) y = y.add(1);
  expect(countPaths(y, x)).toBe(1);
  expect(pathsOf(y, x)[0]?.edges).toHaveLength(100_000);
  expect(sumOfPaths(y, x).sum).toBe(1);
});

test("sumOfPaths: paths that are too long to be walked are told", () => {
  // 2^10 paths, each 10 + 5,000 edges long: 5.13 million edges
  let { a, root } = doublings(10);
  for (let i = 0; i < 5000; i++) root = root.neg();
  expect(countPaths(root, a)).toBe(1024);
  expect(sumOfPaths(root, a)).toEqual({
    count: 1024,
    sum: undefined,
    why: "the paths have about 5.13e+6 edges, and only up to 2000000 are walked",
  });
  expect(pathsOf(root, a).length).toBe(400); // the first 400 have 2,004,000 edges
});

test("countPaths: the four-point net has 16 paths to a weight of layer 0, 4 to others", () => {
  // Each point once; in layer 0 a neuron goes to each of the 4 neurons of layer 1.
  const { loss, parameters } = fourPoints();
  const counts = parameters.map((parameter) => countPaths(loss, parameter));
  expect(counts).toEqual([...Array(16).fill(16), ...Array(25).fill(4)]);
});

test("paths of random graphs: counted by recursion, and their sum is the gradient", () => {
  const count = (from: Value, to: Value): number =>
    from === to
      ? 1
      : from.op === "detach"
        ? 0
        : from.inputs.reduce((sum, input) => sum + count(input, to), 0);
  const leaf = fc.constantFrom(1, -1, 0.5, -2, 3, 0.1, -0.7);
  let compared = 0;
  let several = 0;
  fc.assert(
    fc.property(randomGraphs(leaf), (output) => {
      const gradients = gradientsOf(output);
      for (const node of graphOf(output)) {
        const paths = pathsOf(output, node);
        expect(countPaths(output, node)).toBe(count(output, node));
        if (paths.length < 10_000) expect(paths).toHaveLength(count(output, node));
        const wrong = paths.filter(({ edges }) => {
          const ends = edges.map(({ consumer, slot }) => consumer.inputs[slot]);
          return (
            ends.some((end, i) => end !== (edges[i + 1]?.consumer ?? node)) ||
            edges.some(({ input }, i) => input !== ends[i]) ||
            (edges[0]?.consumer ?? node) !== output
          );
        });
        expect(wrong).toEqual([]);
        const size = paths.reduce((sum, { product }) => sum + Math.abs(product), 0);
        const { sum = NaN } = sumOfPaths(output, node);
        if (!Number.isFinite(size) || size > 1e100 || !Number.isFinite(sum)) continue;
        expect(sum).toBeNear(gradients.get(node) ?? 0, { absolute: 1e-13 * size });
        compared += 1;
        if (paths.length > 1) several += 1;
      }
    }),
    { seed: 20260302, numRuns: 600 },
  );
  expect(compared).toBeGreaterThan(2000);
  expect(several).toBeGreaterThan(200);
});

test("countPaths, pathsOf, sumOfPaths: expect Values, and a whole number", () => {
  const a = new Value(1);
  // @ts-expect-error a number is none
  expect(() => countPaths(3, a)).toThrow("countPaths: expected a Value, got 3");
  // @ts-expect-error a text is none
  expect(() => pathsOf(a, "a")).toThrow('pathsOf: expected a Value, got "a" (a string)');
  expect(() => pathsOf(a, a, -1)).toThrow("pathsOf: expected a whole number from 0");
  expect(() => sumOfPaths(a, a, 0.5)).toThrow(RangeError);
});

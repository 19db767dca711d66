// The steps of a backward pass: by hand for the lecture's expression, and against `backward` itself on
// random graphs and at every point of the catalogue.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gradientsAfter, type PassStep, type Step, stepsOf } from "../../src/explain/steps.ts";
import { parseExpression } from "../../src/expression.ts";
import { graphOf, Value } from "../../src/value.ts";
import { catalogue } from "../catalogue.ts";
import { own, randomGraphs } from "./random-graphs.ts";

const passesOf = (steps: readonly Step[]): PassStep[] =>
  steps.filter((step): step is PassStep => step.kind === "pass");

/** What the steps say at the end, and what `backward` finds: the gradient of every node, or a dash. */
function compare(output: Value): void {
  const nodes = graphOf(output);
  for (const node of nodes) node.zeroGrad();
  const explained = gradientsAfter(stepsOf(output));
  output.backward();
  const found = nodes.map((node) => (node.hasGrad ? node.grad : undefined));
  expect(nodes.map((node) => explained.get(node))).toEqual(found); // toEqual: Object.is for numbers
}

describe("stepsOf: L = (a*b + c) * f at a = 2, b = -3, c = 10, f = -2", () => {
  const names = { a: new Value(2, "a"), b: new Value(-3, "b"), c: new Value(10, "c") };
  const f = new Value(-2, "f");
  const L = parseExpression("e = a*b; d = e + c; L = d*f").evaluate({ ...names, f });
  const steps = stepsOf(L);

  test("stepsOf: forward, each operation once, inputs before consumers", () => {
    const forward = steps.filter(({ kind }) => kind === "compute");
    expect(forward.map(({ node }) => `${node.label} = ${node.data}`)).toEqual([
      "e = -6",
      "d = 4",
      "L = -8",
    ]);
  });

  test("stepsOf: backward, each edge once: upstream, local derivative, product, before, after", () => {
    // dL/dL = 1. L = d f: dL/dd = f = -2, dL/df = d = 4. d = e + c: both get -2 · 1.
    // e = a b: dL/da = -2 b = 6, dL/db = -2 a = -4.
    expect(steps[3]).toEqual({ kind: "start", node: L, after: 1 });
    const rows = passesOf(steps).map(
      ({ node, input, upstream, local, product, before, after }) =>
        [node.label, input.label, upstream, local, product, before, after] as const,
    );
    expect(rows).toEqual([
      ["L", "d", 1, -2, -2, undefined, -2],
      ["L", "f", 1, 4, 4, undefined, 4],
      ["d", "e", -2, 1, -2, undefined, -2],
      ["d", "c", -2, 1, -2, undefined, -2],
      ["e", "a", -2, -3, 6, undefined, 6],
      ["e", "b", -2, 2, -4, undefined, -4],
    ]);
    expect(steps.length).toBe(3 + 1 + 6);
  });

  test("gradientsAfter: what is not computed yet is not there", () => {
    const known = gradientsAfter(steps.slice(0, 5)); // forward, the start, L passes to d
    expect([...known].map(([node, gradient]) => [node.label, gradient])).toEqual([
      ["L", 1],
      ["d", -2],
    ]);
  });
});

test("stepsOf: a value used twice gets two steps, and the second adds to the first", () => {
  const a = new Value(3, "a");
  const rows = passesOf(stepsOf(a.add(a))).map((step) => [step.slot, step.before, step.after]);
  expect(rows).toEqual([
    [0, undefined, 1],
    [1, 1, 2],
  ]);
});

test("stepsOf: a leaf alone has only the start", () => {
  const a = new Value(3, "a");
  expect(stepsOf(a)).toEqual([{ kind: "start", node: a, after: 1 }]);
});

test("stepsOf: what was not chosen gets nothing, not 0 times infinity", () => {
  const x = new Value(-1, "x");
  const y = new Value(0, "y");
  const output = x.relu().mul(y.log()); // d output / d relu = log 0 = -Infinity
  const [toRelu, , toY, toX] = passesOf(stepsOf(output));
  expect(toRelu?.product).toBe(-Infinity);
  expect(toY?.product).toBeNaN(); // relu(-1) = 0 comes to log, whose slope at 0 is infinite
  expect(toX).toMatchObject({ input: x, product: undefined, because: "not chosen", after: 0 });
  compare(output);
});

test("stepsOf: a node to which nothing came passes nothing on", () => {
  const x = new Value(2, "x");
  const inner = x.mul(3);
  const output = inner.neg().relu();
  const steps = passesOf(stepsOf(output));
  expect(steps.map(({ because }) => because)).toEqual([
    "not chosen",
    "nothing came",
    "nothing came",
    "nothing came",
  ]);
  compare(output);
});

test("stepsOf: detach cuts the graph, and what only leads there has no gradient", () => {
  const x = new Value(2, "x");
  const inner = x.mul(x);
  const output = inner.detach().mul(5);
  const steps = stepsOf(output);
  expect(steps.filter(({ kind }) => kind === "compute").length).toBe(3);
  expect(passesOf(steps).at(-1)).toMatchObject({ because: "cut", input: inner, after: undefined });
  expect(gradientsAfter(steps).has(x)).toBe(false);
  compare(output);
});

test("stepsOf: leaves the gradients of the graph as they were, also when it throws", () => {
  const a = new Value(2, "a");
  const b = new Value(5, "b");
  const output = a.mul(b).add(b);
  a.grad = 7;
  const before = graphOf(output).map((node) => [node.grad, node.hasGrad]);
  stepsOf(output);
  expect(graphOf(output).map((node) => [node.grad, node.hasGrad])).toEqual(before);
  output.backward();
  expect([a.grad, b.grad]).toEqual([12, 3]); // leaves add up: 7 + 5, and 2 + 1
  const after = graphOf(output).map((node) => [node.grad, node.hasGrad]);
  a.data = 4;
  expect(() => stepsOf(output)).toThrow('the data of "a" was written since');
  expect(graphOf(output).map((node) => [node.grad, node.hasGrad])).toEqual(after);
});

test("stepsOf: a product is 0, never -0, as in backward", () => {
  const [a, b] = [new Value(2, "a"), new Value(0, "b")];
  const [, toA] = passesOf(stepsOf(a.mul(b).neg())); // -1 × b
  expect([toA?.input.label, toA?.product]).toEqual(["a", 0]);
});

test("stepsOf: expects a Value", () => {
  // @ts-expect-error a number is none
  expect(() => stepsOf(3)).toThrow("stepsOf: expected a Value, got 3");
});

test("stepsOf: a hundred thousand nodes in a row are no problem", () => {
  let x = new Value(1);
  for (let i = 0; i < 100_000; i++) x = x.add(1);
  expect(stepsOf(x).length).toBe(100_000 + 1 + 200_000);
});

const points = catalogue.flatMap((row) => row.points.map((point) => ({ row, point })));

test("stepsOf: at every point of the catalogue, the gradients of backward to the last bit", () => {
  expect(points.length).toBeGreaterThan(200);
  for (const { row, point } of points) {
    const inputs = point.inputs.map((x) => new Value(x));
    compare(row.method(...inputs));
    compare(row.method(...inputs).mul(-3)); // with something upstream
  }
});

test("stepsOf: takes an operation of one's own, with any number of inputs", () => {
  const [a, b, c] = [new Value(2, "a"), new Value(-3, "b"), new Value(0, "c")];
  const passes = passesOf(stepsOf(own(a, b, c)));
  expect(passes.map(({ input, product }) => [input.label, product])).toEqual([
    ["a", -3],
    ["b", 2],
    ["c", 1],
  ]);
});

test("stepsOf: in random graphs of all operations, the gradients of backward to the last bit", () => {
  const leaf = fc.constantFrom(0, -0, 1, -1, 0.5, -2, 3, 0.1, 25, -40, NaN, Infinity, -Infinity);
  let edges = 0;
  let shared = 0; // gradients that are sums of several terms
  let nothing = 0;
  fc.assert(
    fc.property(randomGraphs(leaf), (output) => {
      compare(output);
      const passes = passesOf(stepsOf(output));
      edges += passes.length;
      shared += passes.filter(({ before, product }) => before !== undefined && product).length;
      nothing += passes.filter(({ product }) => product === undefined).length;
    }),
    { seed: 20260103, numRuns: 3000 },
  );
  expect(edges).toBeGreaterThan(10_000);
  expect(shared).toBeGreaterThan(300);
  expect(nothing).toBeGreaterThan(500);
});

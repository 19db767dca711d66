// Walk: the same answers as the steps themselves give, and quick ones.

import fc from "fast-check";
import { expect, test } from "vitest";
import { makeMoons } from "../../src/data.ts";
import { receiptOf } from "../../src/explain/receipt.ts";
import { gradientsAfter, gradientsOf } from "../../src/explain/steps.ts";
import { Walk } from "../../src/explain/walk.ts";
import { parseExpression } from "../../src/expression.ts";
import { hinge } from "../../src/losses.ts";
import { MLP } from "../../src/nn.ts";
import { pythonRandom } from "../../src/random.ts";
import { graphOf, Value } from "../../src/value.ts";
import { fourPoints } from "./four-points.ts";
import { randomGraphs } from "./random-graphs.ts";

test("Walk: L = (a*b + c) * f, what is known after each step", () => {
  const L = parseExpression("e = a*b; d = e + c; L = d*f").evaluate({ a: 2, b: -3, c: 10, f: -2 });
  const walk = new Walk(L);
  const node = (label: string) => graphOf(L).find((found) => found.label === label)!;
  // Steps 1 to 3: e, d, L; step 4: dL/dL = 1; then L to d, L to f, d to e, d to c, e to a, e to b.
  expect([walk.forward, walk.steps.length]).toEqual([3, 10]);
  const computed = (label: string) => [0, 1, 2, 3].map((at) => walk.isComputed(node(label), at));
  expect(computed("a")).toEqual([true, true, true, true]);
  expect(computed("d")).toEqual([false, false, true, true]);
  const gradients = (label: string) => [3, 4, 5, 6, 9].map((at) => walk.gradient(node(label), at));
  expect(gradients("L")).toEqual([undefined, 1, 1, 1, 1]);
  expect(gradients("d")).toEqual([undefined, undefined, -2, -2, -2]);
  expect(gradients("a")).toEqual([undefined, undefined, undefined, undefined, 6]);
  expect(walk.receipt(node("a"), 8).complete).toBe(false);
  const receipt = walk.receipt(node("a"), 9);
  expect(receipt.complete).toBe(true);
  expect(receipt.terms.map(({ upstream, local }) => [upstream, local])).toEqual([[-2, -3]]);
});

test("Walk: a gradient grows term by term, and its receipt with it", () => {
  const a = new Value(3, "a");
  const walk = new Walk(a.mul(a).add(a)); // * computes, + computes, start, + to *, + to a, * to a twice
  expect([3, 4, 5, 6, 7].map((at) => walk.gradient(a, at))).toEqual([
    undefined,
    undefined,
    1,
    4,
    7,
  ]);
  expect([3, 4, 5, 6, 7].map((at) => walk.receipt(a, at).terms.length)).toEqual([0, 0, 1, 2, 3]);
  expect([3, 6, 7].map((at) => walk.receipt(a, at).complete)).toEqual([false, false, true]);
});

test("Walk: of a leaf alone only the start is to be seen", () => {
  const a = new Value(3, "a");
  const walk = new Walk(a);
  expect([walk.forward, walk.steps.length]).toEqual([0, 1]);
  expect([walk.gradient(a, 0), walk.gradient(a, 1)]).toEqual([undefined, 1]);
  expect([walk.receipt(a, 0).complete, walk.receipt(a, 1).complete]).toEqual([false, true]);
  expect(walk.isComputed(a, 0)).toBe(true);
});

test("Walk: a node of another graph has no gradient", () => {
  const walk = new Walk(new Value(3).neg());
  const other = new Value(1).neg();
  expect(walk.gradient(other, walk.steps.length)).toBeUndefined();
  expect(walk.isComputed(other, walk.steps.length)).toBe(false);
});

test("Walk: in random graphs, at every position, what the steps so far say", () => {
  const leaf = fc.constantFrom(0, 1, -1, 0.5, -2, 3, NaN, Infinity);
  fc.assert(
    fc.property(randomGraphs(leaf), (output) => {
      const walk = new Walk(output);
      for (let position = 0; position <= walk.steps.length; position++) {
        const known = gradientsAfter(walk.steps.slice(0, position));
        const computed = new Set(
          walk.steps
            .slice(0, position)
            .flatMap((step) => (step.kind === "compute" ? step.node : [])),
        );
        for (const node of graphOf(output)) {
          expect(walk.gradient(node, position)).toBe(known.get(node));
          expect(walk.isComputed(node, position)).toBe(node.op === "" || computed.has(node));
          expect(walk.receipt(node, position)).toEqual(receiptOf(walk.steps, node, position));
        }
      }
    }),
    { seed: 20260301, numRuns: 150 },
  );
});

test("Walk: of the four-point net, each parameter has one term for each point", () => {
  const { loss, parameters } = fourPoints();
  const walk = new Walk(loss);
  loss.backward();
  expect(parameters.length).toBe(41);
  for (const parameter of parameters) {
    const { terms, gradient, complete } = walk.receipt(parameter, walk.steps.length);
    expect(terms.map(({ node }) => node.origin.example).sort()).toEqual([0, 1, 2, 3]);
    expect([gradient, complete]).toEqual([parameter.grad, true]);
    expect(terms.reduce((sum, { product = NaN }) => sum + product, 0)).toBe(parameter.grad);
  }
});

test("gradientsOf: what backward finds, also where a leaf had a gradient before", () => {
  const a = new Value(2, "a");
  const b = new Value(5, "b");
  const y = a.mul(b);
  a.grad = 100;
  expect([...gradientsOf(y).values()]).toEqual([5, 2, 1]);
  expect([a.grad, b.hasGrad, y.hasGrad]).toEqual([100, false, false]);
});

test("Walk: a graph of 65,000 nodes is no problem", () => {
  const { inputs, targets } = makeMoons();
  const model = new MLP(2, [16, 16, 1], { activation: "relu", random: pythonRandom(1) });
  const loss = hinge(
    inputs.map((x) => model.forward(x)[0]!),
    targets.map(([target]) => target!),
  );
  expect(graphOf(loss).length).toBeGreaterThan(65_000);
  const parameter = model.parameters()[3]!;
  let best = Infinity;
  for (let attempt = 0; attempt < 3; attempt++) {
    const start = performance.now();
    const walk = new Walk(loss);
    for (let i = 0; i < 10_000; i++) walk.gradient(parameter, 19 * i);
    best = Math.min(best, performance.now() - start);
    expect(walk.receipt(parameter, walk.steps.length).terms.length).toBeLessThanOrEqual(100);
  }
  expect(best).toBeLessThan(5000); // 120 ms on an idle machine; looking through all steps: minutes
});

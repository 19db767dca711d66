// One gradient in three ways: by hand, on the four-point net, in random graphs, and where a slope is
// hard to find.

import fc from "fast-check";
import { expect, test } from "vitest";
import { agreeingDigits } from "../../src/explain/digits.ts";
import { proofsOf, proofsText } from "../../src/explain/proofs.ts";
import { parseExpression } from "../../src/expression.ts";
import { graphOf, Value } from "../../src/value.ts";
import "../closeness.ts";
import { fourPoints } from "./four-points.ts";
import { randomGraphs } from "./random-graphs.ts";

/** The proofs for a node of a formula, by its label. */
function prove(formula: string, values: Record<string, number>, label = "x") {
  const output = parseExpression(formula).evaluate(values);
  return proofsOf(output, graphOf(output).find((node) => node.label === label)!);
}

test("proofsOf: L = (a*b + c) * f, for a leaf and for a node between", () => {
  const values = { a: 2, b: -3, c: 10, f: -2 };
  // dL/da = f b = 6; L is linear in a, so that h can be large: (6 · 2.01 - 20) - (6 · 1.99 - 20)
  const { backward, paths, nudge } = prove("e = a*b; L = (e + c) * f", values, "a");
  expect([backward, paths]).toEqual([6, { count: 1, sum: 6 }]);
  expect(nudge.h).toBe(0.01);
  expect([nudge.above, nudge.below, nudge.slope]).toBeNear([-7.94, -8.06, 6]);
  expect([nudge.left, nudge.right]).toBeNear([6, 6], { relative: 1e-12 });
  expect(nudge.note).toBeUndefined();
  // dL/de = f = -2: e is set to -5.99 and -6.01, whatever a and b are
  const between = prove("e = a*b; L = (e + c) * f", values, "e");
  expect([between.backward, between.paths.sum]).toEqual([-2, -2]);
  expect(between.nudge.slope).toBeNear(-2);
});

test("proofsOf: all three agree for all 41 parameters of the four-point net", () => {
  const { loss, parameters } = fourPoints();
  for (const parameter of parameters) {
    const { backward, paths, nudge } = proofsOf(loss, parameter);
    // By paths: the same products, added in another order: a few roundings of 16 digits.
    expect(paths.sum).toBeNear(backward, { relative: 1e-13, absolute: 1e-14 });
    expect(agreeingDigits(backward, paths.sum!)).toBeGreaterThanOrEqual(13);
    // By nudging: the loss, about 4, is rounded at 4e-16, which h = 1e-5 makes 4e-11 of slope, and the
    // bend of the curve, h² times its third derivative, about as much: 8 digits and more.
    expect(Math.abs(backward - nudge.slope)).toBeLessThan(3e-9);
    expect(Math.abs(backward - nudge.slope)).toBeLessThan(3 * nudge.error);
    expect(nudge.note).toBeUndefined();
  }
  const digits = parameters.map((parameter) => {
    const { backward, nudge } = proofsOf(loss, parameter);
    return agreeingDigits(backward, nudge.slope);
  });
  expect(Math.min(...digits)).toBeGreaterThanOrEqual(7);
  expect(digits.filter((count) => count >= 9).length).toBeGreaterThan(20);
});

test("proofsOf: h suits the curve, which may be narrow, far out, or near 0", () => {
  for (const [formula, x, slope, digits] of [
    ["sin(1000*x)", 3, 1000 * Math.cos(3000), 7],
    ["log(x)", 1e-8, 1e8, 9],
    ["x^0.5", 1e-12, 5e5, 9],
    ["exp(x)", 700, Math.exp(700), 9],
    ["x^3", 1e5, 3e10, 9],
    ["x^2 / 1e100", 1e100, 2, 10],
    ["relu(x) + x", 1e-11, 2, 12], // the kink at 0 is near, but it is not here
    ["relu(x)", 1e-300, 1, 12],
    ["5*x", 1e18, 5, 12],
  ] as const) {
    const { nudge, backward } = prove(formula, { x });
    expect([formula, agreeingDigits(slope, backward) >= 12]).toEqual([formula, true]);
    expect(agreeingDigits(slope, nudge.slope), formula).toBeGreaterThanOrEqual(digits);
    expect(Math.abs(slope - nudge.slope), formula).toBeLessThanOrEqual(3 * nudge.error);
    expect(nudge.note).toBeUndefined();
  }
});

test("proofsOf: at a kink, says that the slopes to either side differ", () => {
  const relu = prove("relu(x)", { x: 0 });
  expect([relu.backward, relu.paths.sum]).toEqual([0, 0]);
  expect(relu.nudge).toMatchObject({ slope: 0.5, left: 0, right: 1, error: 0.5 });
  expect(relu.nudge.note).toBe(
    "a kink: the slope is 0 to the left and 1.0000 to the right; backward takes what the " +
      "operation states for this point",
  );
  expect(prove("abs(x) + 100", { x: 0 }).nudge.note).toMatch(/-1.0000 to the left and 1.0000 to/);
  expect(prove("relu(x) + x^3", { x: 0 }).nudge.note).toMatch(
    /^a kink: the slope is 0 to the left/,
  );
  expect(prove("x + abs(x)/1e6", { x: 0 }).nudge.note).toMatch(
    /0.999999000000 to the left and 1.00000100000 to the right/,
  );
  // max(x, y) where both are 3: backward gives each a half, which is also the slope by nudging
  const tie = prove("max(x, y)", { x: 3, y: 3 });
  expect([tie.backward, tie.paths.sum]).toEqual([0.5, 0.5]);
  expect(tie.nudge.slope).toBeNear(0.5, { relative: 1e-6 });
  expect(tie.nudge.note).toMatch(/^a kink: the slope is 0 to the left and 1.0000 to the right/);
  // max(x, x) is x: no kink
  expect(prove("max(x, x)", { x: 3 }).nudge.note).toBeUndefined();
});

test("proofsOf: poles, NaN and infinities are told", () => {
  const root = prove("sqrt(x)", { x: 0 });
  expect([root.backward, root.paths.sum, root.nudge.slope]).toEqual([Infinity, Infinity, NaN]);
  expect(root.nudge.note).toBe("the output has no number to both sides: below it is NaN");
  const pole = prove("1/x", { x: 0 });
  expect([pole.backward, pole.nudge.slope]).toEqual([-Infinity, NaN]);
  expect(pole.nudge.note).toBe("the output is Infinity, so there is no slope to compare with");
  expect(prove("log(x)", { x: -1 }).nudge.note).toMatch(/^the output is NaN, so/);
  expect(prove("tanh(x)", { x: Infinity }).nudge.note).toMatch(/^its data is Infinity, so/);
  expect(prove("tanh(x)", { x: NaN }).nudge.note).toMatch(/^its data is NaN, so/);
});

test("proofsOf: what detach returns is held still, as backward does", () => {
  // y = [x] x: backward takes [x] = 2 for a constant
  const { backward, paths, nudge } = prove("detach(x) * x", { x: 2 });
  expect([backward, paths.sum, nudge.note]).toEqual([2, 2, "what detach returns is held still"]);
  expect(nudge.slope).toBeNear(2);
  const cut = prove("detach(x)", { x: 2 });
  expect([cut.backward, cut.paths.count, cut.nudge.slope]).toEqual([0, 0, 0]);
});

test("proofsOf: 60 doublings: the paths are counted, backward and nudge find the sum", () => {
  const a = new Value(1, "a");
  let root: Value = a;
  for (let i = 0; i < 60; i++) root = root.add(root);
  const { backward, paths, nudge } = proofsOf(root, a);
  expect([backward, paths.count, paths.sum]).toEqual([2 ** 60, 2 ** 60, undefined]);
  expect(nudge.slope).toBeNear(2 ** 60, { relative: 1e-12 });
});

test("proofsOf: a hundred thousand nodes in a row are no problem", () => {
  const x = new Value(1, "x");
  let y: Value = x;
  for (let i = 0; i < 100_000; i++) y = y.add(1);
  const { backward, paths, nudge } = proofsOf(y, x);
  expect([backward, paths]).toEqual([1, { count: 1, sum: 1 }]);
  expect(nudge.slope).toBeNear(1, { absolute: 1e-6 });
});

test("proofsOf: leaves the graph as it was", () => {
  const { loss, parameters } = fourPoints();
  parameters[0]!.grad = 7;
  const before = graphOf(loss).map(({ data, grad, hasGrad }) => [data, grad, hasGrad]);
  proofsOf(loss, parameters[0]!);
  expect(graphOf(loss).map(({ data, grad, hasGrad }) => [data, grad, hasGrad])).toEqual(before);
});

test("proofsOf: in random smooth graphs, the slope by nudging is as near as it says", () => {
  // Kinks and poles apart: operations are smooth, and numbers of a size that can be nudged.
  const kinks = /relu|abs|max|min|clamp|detach|elu|pick/i;
  const leaf = fc.double({ min: 0.3, max: 2, noNaN: true });
  let compared = 0;
  let far = 0;
  fc.assert(
    fc.property(randomGraphs(leaf), (output) => {
      const nodes = graphOf(output);
      if (nodes.some(({ op, data }) => kinks.test(op) || !(Math.abs(data) < 1e4))) return;
      const { backward, nudge } = proofsOf(output, nodes[0]!);
      if (!Number.isFinite(backward) || Math.abs(backward) > 1e4) return;
      compared += 1;
      if (!(Math.abs(backward - nudge.slope) <= 30 * nudge.error)) far += 1;
      expect(nudge.slope).toBeNear(backward, { absolute: 1e-4, relative: 1e-4 });
    }),
    { seed: 20260304, numRuns: 1500 },
  );
  expect(compared).toBeGreaterThan(300);
  expect(far).toBeLessThan(0.02 * compared);
});

test("proofsText: three lines with the digits that agree, and how near the slope can be", () => {
  const L = parseExpression("L = (a*b + c) * f").evaluate({ a: 2, b: -3, c: 10, f: -2 });
  const a = graphOf(L).find(({ label }) => label === "a")!;
  const lines = proofsText(proofsOf(L, a), L, a).split("\n");
  expect(lines.slice(0, 3)).toEqual([
    "dL/da in three ways",
    "  by backward    6.00000000000",
    "  by all paths   6.00000000000      1 path; all digits agree",
  ]);
  expect(lines[3]).toMatch(
    /^ {2}by nudging {5}6\.00000000000 {6}\(-7\.94000000000 - -8\.06000000000\) \/ 0\.02; \d+ digits agree$/,
  );
  expect(lines[4]).toMatch(
    /^ +right to about \de-1\d, as the curve bends and numbers are rounded$/,
  );
  expect(proofsText(proofsOf(L, a), L, a, (node) => `<${node.label}>`)).toContain("d(<L>)/d(<a>)");
});

test("proofsText: what is not there is a dash, and what is not finite agrees with nothing", () => {
  const text = (formula: string, x: number) => {
    const y = parseExpression(formula).evaluate({ x });
    const node = graphOf(y).find(({ label }) => label === "x")!;
    return proofsText(proofsOf(y, node), y, node);
  };
  expect(text("sqrt(x)", 0)).toBe(
    [
      "dsqrt/dx in three ways",
      "  by backward    Infinity",
      "  by all paths   Infinity           1 path",
      "  by nudging     NaN                (0.0000100000000000 - NaN) / 2e-10",
      "                the output has no number to both sides: below it is NaN",
    ].join("\n"),
  );
  const doubled = `y = x${"; y = y + y".repeat(20)}`;
  expect(text(doubled, 1)).toContain(
    "  by all paths   –                  there are about 1.05e+6 paths, and only up to 10000",
  );
  expect(text("tanh(x)", 30)).toContain("/ 0.2; 4e-26 apart");
});

test("proofsOf: expects Values of one graph, with the numbers of its forward pass", () => {
  const x = new Value(2, "x");
  const y = x.mul(x);
  expect(() => proofsOf(y, new Value(1, "z"))).toThrow('expected nodes of the graph, got "z"');
  // @ts-expect-error a number is none
  expect(() => proofsOf(y, 3)).toThrow("expected a Value, got 3");
  x.data = 3;
  expect(() => proofsOf(y, x)).toThrow('the data of "x" was written since');
});

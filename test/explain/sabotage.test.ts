// Engines with a mistake in them: the wrong numbers by hand, and those of the lessons.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  brokenBackward,
  type Mistake,
  operationToBreak,
  sabotages,
  wrongDerivative,
} from "../../src/explain/sabotage.ts";
import { gradientsOf } from "../../src/explain/steps.ts";
import { parseExpression } from "../../src/expression.ts";
import { graphOf, Value } from "../../src/value.ts";
import "../closeness.ts";
import { fourPoints } from "./four-points.ts";
import { randomGraphs } from "./random-graphs.ts";

/** The wrong gradients of the labelled nodes. */
function broken(output: Value, mistakes: Mistake[], more: object = {}): Record<string, number> {
  const gradients = brokenBackward(output, { mistakes: new Set(mistakes), ...more });
  const labelled = [...gradients].filter(([{ label }]) => label !== "");
  return Object.fromEntries(labelled.map(([{ label }, gradient]) => [label, gradient]));
}

/** Step 5's graph: b = a + a, c = b + a, and d = b + c or c + b. dd/da is 5, dd/db is 2. */
const fivefold = (sum: string) =>
  parseExpression(`b = a + a; c = b + a; d = ${sum}`).evaluate({ a: 1 });

test("brokenBackward: without a mistake, the gradients of backward to the last bit", () => {
  const leaf = fc.constantFrom(0, -0, 1, -1, 0.5, -2, 3, 0.1, 25, -40, NaN, Infinity, -Infinity);
  fc.assert(
    fc.property(randomGraphs(leaf), (output) => {
      const found = brokenBackward(output, { mistakes: new Set(), before: new Map([[output, 5]]) });
      const right = gradientsOf(output);
      for (const [node, gradient] of right) expect(found.get(node)).toBe(gradient);
      expect(found.size).toBe(right.size);
    }),
    { seed: 20260305, numRuns: 1000 },
  );
});

describe("brokenBackward: assign, = instead of +=", () => {
  test("brokenBackward: a + a has 1 instead of 2", () => {
    expect(broken(parseExpression("y = a + a").evaluate({ a: 3 }), ["assign"])).toEqual({
      a: 1,
      y: 1,
    });
  });

  test("brokenBackward: L = (a*b + c) * f uses everything once, so that all is right", () => {
    const L = parseExpression("L = (a*b + c) * f").evaluate({ a: 2, b: -3, c: 10, f: -2 });
    expect(broken(L, ["assign"])).toEqual({ L: 1, a: 6, b: -4, c: -2, f: 4 });
  });

  test("brokenBackward: the lecture's a = -2, b = 3: d = a*b, e = a + b, f = d*e", () => {
    // The video's example. d = -6, e = 1; f passes e = 1 to d and d = -6 to e. e, the younger, passes
    // -6 to a and to b; then d passes 1 · 3 = 3 to a and 1 · -2 = -2 to b. Right: -3 and -8.
    const f = parseExpression("d = a*b; e = a + b; f = d*e").evaluate({ a: -2, b: 3 });
    expect(broken(f, [])).toEqual({ a: -3, b: -8, d: 1, e: -6, f: 1 });
    expect(broken(f, ["assign"])).toEqual({ a: 3, b: -2, d: 1, e: -6, f: 1 });
  });

  test("brokenBackward: what was not chosen assigns 0", () => {
    // y = 5 a + relu(-a) at a = 2, written so that the relu comes last: 5 is right
    const y = parseExpression("r = relu(-a); y = a*5 + r").evaluate({ a: 2 });
    expect(broken(y, []).a).toBe(5);
    expect(broken(y, ["assign"]).a).toBe(0);
  });

  test("brokenBackward: the four-point net keeps the last of four terms for each parameter", () => {
    const { loss, parameters } = fourPoints();
    const wrong = brokenBackward(loss, { mistakes: new Set(["assign"]) });
    const right = gradientsOf(loss);
    const differ = parameters.filter((parameter) => wrong.get(parameter) !== right.get(parameter));
    expect(differ.length).toBe(41);
    // The bias of the output: the four errors' slopes, of which the first point's came last.
    const bias = parameters.at(-1)!;
    const passed = graphOf(loss).filter((node) => node.inputs.includes(bias));
    const first = passed.find((node) => node.origin.example === 0)!;
    expect(wrong.get(bias)).toBe(right.get(first));
  });
});

describe("brokenBackward: wrongOrder", () => {
  test("brokenBackward: step 5's d = b + c has 3 instead of 5, and d = c + b is right by luck", () => {
    // d: b 1, c 1. b, too early: a 1 + 1 = 2. c: b 1 + 1 = 2, a 2 + 1 = 3.
    expect(broken(fivefold("b + c"), ["wrongOrder"])).toEqual({ a: 3, b: 2, c: 1, d: 1 });
    expect(broken(fivefold("c + b"), ["wrongOrder"])).toEqual({ a: 5, b: 2, c: 1, d: 1 });
    expect(broken(fivefold("b + c"), [])).toEqual({ a: 5, b: 2, c: 1, d: 1 });
  });

  test("brokenBackward: two mistakes at once", () => {
    // d: b = 1, c = 1; b: a = 1, a = 1; c: b = 1, a = 1
    const both: Mistake[] = ["wrongOrder", "assign"];
    expect(broken(fivefold("b + c"), both)).toEqual({ a: 1, b: 1, c: 1, d: 1 });
  });

  test("brokenBackward: the four-point net has wrong weights where neurons go to several", () => {
    const { loss, parameters } = fourPoints();
    const wrong = brokenBackward(loss, { mistakes: new Set(["wrongOrder"]) });
    const right = gradientsOf(loss);
    const differs = (parameter: Value) =>
      Math.abs(wrong.get(parameter)! - right.get(parameter)!) > 1e-9;
    expect(parameters.slice(0, 16).every(differs)).toBe(true); // layer 0
    expect(parameters.slice(16).some(differs)).toBe(false); // one way each
  });

  test("brokenBackward: a hundred thousand nodes in a row, in any order", () => {
    const x = new Value(1, "x");
    let y: Value = x;
    for (let i = 0; i < 100_000; i++) y = y.add(x);
    expect(broken(y, ["wrongOrder"]).x).toBe(100_001);
    expect(broken(y, ["assign"]).x).toBe(1);
  });
});

describe("brokenBackward: noZeroGrad", () => {
  test("brokenBackward: step 5's descent, which swings for ever", () => {
    // (x - 3)² from 0, by a tenth of the gradient: the numbers that the notebook of step 5 prints
    const seen: Record<number, string> = {};
    const x = new Value(0, "x");
    let before = new Map<Value, number>();
    for (let step = 1; step <= 40; step++) {
      const distance = x.add(-3);
      const loss = distance.mul(distance);
      before = brokenBackward(loss, { mistakes: new Set(["noZeroGrad"]), before });
      x.data -= 0.1 * before.get(x)!;
      seen[step] = x.data.toFixed(4);
    }
    expect([1, 2, 10, 20, 40].map((step) => seen[step])).toEqual([
      "0.6000",
      "1.6800",
      "2.9280",
      "6.0289",
      "0.4304",
    ]);
  });

  test("brokenBackward: what inner nodes hold is passed on again", () => {
    // y = x x x at 2 with s = x x: first dy/ds = 2, dy/dx = 4 + 2 · 4 = 12. Again without zeroing:
    // s holds 2 + 2 = 4; x gets 12 + 4, then 4 · 2 twice: 32, and 24 would be right.
    const y = parseExpression("s = x*x; y = s*x").evaluate({ x: 2 });
    const mistakes = new Set<Mistake>(["noZeroGrad"]);
    const first = brokenBackward(y, { mistakes });
    expect(broken(y, ["noZeroGrad"])).toEqual({ s: 2, x: 12, y: 1 });
    expect(broken(y, ["noZeroGrad"], { before: first })).toEqual({ s: 4, x: 32, y: 1 });
    expect(broken(y, [], { before: first })).toEqual({ s: 2, x: 12, y: 1 });
    // r is off and passes nothing to s, which passes on what it still holds: 3 · 2
    const off = parseExpression("s = x*2; y = relu(-s)").evaluate({ x: 1 });
    const s = graphOf(off).find(({ label }) => label === "s")!;
    expect(broken(off, ["noZeroGrad"], { before: new Map([[s, 3]]) })).toMatchObject({
      s: 3,
      x: 6,
    });
    const leaf = new Value(3, "x");
    expect(broken(leaf, ["noZeroGrad"], { before: new Map([[leaf, 1]]) })).toEqual({ x: 2 });
  });
});

describe("brokenBackward: wrongDerivative", () => {
  test("brokenBackward: tanh without its square", () => {
    // tanh 0.5 = 0.462117: 1 - 0.462117 = 0.537883 instead of 1 - 0.213552 = 0.786448; times 2 for x
    const y = parseExpression("y = tanh(2*x)").evaluate({ x: 0.25 });
    expect(broken(y, []).x).toBeNear(2 * 0.786447732965927, { relative: 1e-12 });
    expect(broken(y, ["wrongDerivative"]).x).toBeNear(2 * 0.53788284273999, { relative: 1e-12 });
  });

  test("brokenBackward: each wrong formula at a point, by hand", () => {
    for (const [formula, op, a, b] of [
      ["a * b", "mul", 2, 5], // right: 5 and 2
      ["a - b", "sub", 1, 1], // right: 1 and -1
      ["a + b", "add", 0.5, 0.5], // right: 1 and 1
      ["a / b", "div", 0.2, -0.4], // right: 0.2 and -2/25 = -0.08
      ["a ^ b", "pow", 160, 32], // 5 · 2^5, 2^5; right: 5 · 2^4 = 80, 32 log 2 = 22.18
      ["a ^ 5 + 0*b", "pow", 160, 0],
      ["square(a) + 0*b", "square", 2, 0], // right: 4
      ["exp(a) + 0*b", "exp", 2 * Math.E, 0], // 2 e^1; right: e^2
      ["log(a) + 0*b", "log", Math.LN2, 0], // right: 1/2
      ["sigmoid(a - a) * 4 + 0*b", "sigmoid", 0, 0], // s = 1/2: 1/2 and minus 1/2
      ["relu(a - 3) + 0*b", "relu", 1, 0], // right: 0
      ["sin(a) + 0*b", "sin", 1, 0], // forgotten; right: cos 2
    ] as const) {
      const y = parseExpression(formula).evaluate({ a: 2, b: 5 });
      const found = broken(y, ["wrongDerivative"], { wrong: op });
      expect([found.a, found.b], formula).toBeNear([a, b], { relative: 1e-12, absolute: 1e-15 });
      expect(wrongDerivative(op).sentence).not.toBe("");
    }
  });

  test("brokenBackward: no wrong formula is right by accident", () => {
    for (const op of ["add", "sub", "mul", "div", "pow"]) {
      const sign = { add: "+", sub: "-", mul: "*", div: "/", pow: "^" }[op];
      const y = parseExpression(`a ${sign} b`).evaluate({ a: 2.5, b: 0.7 });
      expect(broken(y, ["wrongDerivative"], { wrong: op })).not.toEqual(broken(y, []));
    }
    for (const op of ["tanh", "relu", "sigmoid", "exp", "log", "square", "sin", "sqrt", "neg"]) {
      const y = parseExpression(`${op}(a) * 1.5`).evaluate({ a: op === "relu" ? -2 : 0.7 });
      expect(broken(y, ["wrongDerivative"], { wrong: op }), op).not.toEqual(broken(y, []));
    }
  });

  test("operationToBreak: the one that people get wrong, if it is there", () => {
    const pick = (formula: string) => operationToBreak(parseExpression(formula).evaluate({ a: 1 }));
    expect(["tanh(a*a + 1)", "a*a + 1", "a + 1", "cos(a)", "a"].map(pick)).toEqual([
      "tanh",
      "mul",
      "add",
      "cos",
      undefined,
    ]);
  });
});

test("brokenBackward: the graph and its right gradients stay as they are", () => {
  const { loss, parameters } = fourPoints();
  loss.backward();
  const before = graphOf(loss).map(({ data, grad, hasGrad }) => [data, grad, hasGrad]);
  for (const { name } of sabotages) brokenBackward(loss, { mistakes: new Set([name]) });
  expect(graphOf(loss).map(({ data, grad, hasGrad }) => [data, grad, hasGrad])).toEqual(before);
  expect(parameters.every(({ hasGrad }) => hasGrad)).toBe(true);
});

test("brokenBackward: detach cuts the graph with any mistake", () => {
  const y = parseExpression("y = detach(a) * b").evaluate({ a: 2, b: 3 });
  for (const { name } of sabotages) expect(broken(y, [name])).not.toHaveProperty("a");
});

test("sabotages: four, each with a title and a sentence", () => {
  expect(sabotages.map(({ name }) => name).sort()).toEqual([
    "assign",
    "noZeroGrad",
    "wrongDerivative",
    "wrongOrder",
  ]);
  for (const { title, sentence } of sabotages) {
    expect(title.length).toBeLessThan(30);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
  }
});

test("brokenBackward: expects a Value, a Set of mistakes, and an operation that is there", () => {
  const y = parseExpression("y = a*a").evaluate({ a: 2 });
  // @ts-expect-error a number is none
  expect(() => brokenBackward(3, { mistakes: new Set() })).toThrow("expected a Value, got 3");
  // @ts-expect-error an array is none
  expect(() => brokenBackward(y, { mistakes: ["assign"] })).toThrow("expected a Set of mistakes");
  // @ts-expect-error there is no such mistake
  const typo = () => brokenBackward(y, { mistakes: new Set(["asign"]) });
  expect(typo).toThrow(
    'expected one of assign, wrongOrder, noZeroGrad, wrongDerivative, got "asign"',
  );
  const absent = { mistakes: new Set<Mistake>(["wrongDerivative"]), wrong: "tanh" };
  expect(() => brokenBackward(y, absent)).toThrow('expected an operation of the graph, got "tanh"');
});

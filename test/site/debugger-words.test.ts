// What the debugger calls nodes, and how it explains them: without a browser.

import { MLP, parseExpression, pythonRandom, Value } from "chainrule";
import { namesIn, sentence, stepsOf, Walk } from "chainrule/explain";
import { expect, test } from "vitest";
import { pathText } from "../../site/debugger/lit-path.ts";
import { namesOfFormula, namesOfRun, placeInWords } from "../../site/debugger/names.ts";
import { whyThisFactor } from "../../site/debugger/plain-words.ts";

test("namesOfFormula: of several products each is called by what it multiplies", () => {
  const named = (formula: string, values: Record<string, number>) => {
    const y = parseExpression(formula).evaluate(values);
    const nameOf = namesIn(y, namesOfFormula(y));
    return stepsOf(y).map((step) => sentence(step, nameOf));
  };
  expect(named("y = x*x + 3*x", { x: 2 }).slice(-3)).toEqual([
    "3*x passes 1.0000 × 3.0000 = 3.0000 to x.",
    "x*x passes 1.0000 × 2.0000 = 2.0000 to x: 3.0000 + 2.0000 = 5.0000.",
    "x*x passes 1.0000 × 2.0000 = 2.0000 to x: 5.0000 + 2.0000 = 7.0000.",
  ]);
  // Sums and products within one another, in as few parentheses as it takes.
  const neuron = named("o = tanh(a*x + b*y + c); p = (a + b)*(a - b); q = o*p", {
    ...{ a: 1, b: 2, x: 3, y: 4, c: 5 },
  });
  expect(neuron.map((sentence) => sentence.replace(/ computes .*/, "")).slice(0, 8)).toEqual([
    "a*x",
    "b*y",
    "a*x + b*y",
    "a*x + b*y + c",
    "o",
    "a + b",
    "-",
    "p",
  ]);
  // A product alone keeps its symbol, as in the course; a long one too.
  expect(named("L = (a*b + c)*f", { a: 2, b: -3, c: 10, f: -2 })[0]).toBe(
    "* computes 2.0000 × -3.0000 = -6.0000.",
  );
  const long = named("y = tanh(a*b) + tanh(a*verylongname1) + a*verylongname12", {
    a: 1,
    b: 2,
    verylongname1: 1,
    verylongname12: 1,
  });
  expect(long.map((sentence) => sentence.replace(/ computes .*/, "")).slice(0, 4)).toEqual([
    "a*b",
    "tanh(a*b)",
    "a*verylongname1",
    "tanh",
  ]);
});

test("namesOfRun: what goes into a network is called as in the picture", () => {
  const model = new MLP(2, [2, 1], { random: pythonRandom(1) });
  for (const [name, parameter] of model.namedParameters()) parameter.label = name;
  const [out] = model.forward([new Value(0.5), new Value(-1)]);
  const walk = new Walk(out ?? new Value(0));
  const nameOf = namesIn(walk.output, namesOfRun(walk.output));
  const leaves = walk.steps.flatMap((step) =>
    step.kind === "pass" && step.input.op === "" ? [nameOf(step.input)] : [],
  );
  expect(leaves).toContain("x0");
  expect(leaves).toContain("x1");
  expect(leaves).toContain("layers.0.neurons.1.weights.0");
});

test("placeInWords: where a parameter belongs", () => {
  expect(placeInWords("layers.2.neurons.0.weights.3")).toBe(
    "A weight: neuron 0 of layer 2 multiplies what neuron 3 of layer 1 gives by it. Counted from 0.",
  );
  expect(placeInWords("layers.0.neurons.1.weights.2")).toContain("multiplies the input x2 by it");
  expect(placeInWords("layers.0.neurons.1.bias")).toContain("adds it to its sum");
  expect(placeInWords("a")).toBe("");
});

test("whyThisFactor: where the second factor of a step comes from", () => {
  const [a, b] = [new Value(2, "a"), new Value(-3, "b")];
  const L = a.mul(b).add(a);
  L.label = "L";
  const nameOf = namesIn(L);
  expect(stepsOf(L).map((step) => whyThisFactor(step, nameOf))).toEqual([
    "",
    "",
    "Here the backward pass begins: 1 more of L is 1 more of L.",
    "Why × 1.0000? + adds: 1 more of either number makes the result 1 more.",
    "Why × 1.0000? + adds: 1 more of either number makes the result 1 more.",
    "Why × -3.0000? The other factor is b, -3.0000.",
    "Why × 2.0000? The other factor is a, 2.0000.",
  ]);
});

test("pathText: on a long path factors of 1 are counted", () => {
  const [consumer, input] = [new Value(1), new Value(1)];
  const path = (...locals: number[]) => ({
    edges: locals.map((local) => ({ consumer, input, slot: 0, local })),
    product: locals.reduce((product, local) => product * local, 1),
  });
  expect(pathText(path(-2, 1, -3))).toBe("-2.0000 × 1.0000 × -3.0000 = 6.0000");
  expect(pathText(path(0.25, 1, 1, 1, 2, 1, 1, 1, -3, 1))).toBe(
    "0.2500 × 2.0000 × -3.0000 × 1 (7 times) = -1.5000",
  );
  expect(pathText(path(...Array(12).fill(2)))).toContain("… 5 more …");
});

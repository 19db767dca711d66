// Steps in words.

import { expect, test } from "vitest";
import { sentence, shownNumber } from "../../src/explain/sentence.ts";
import { stepsOf } from "../../src/explain/steps.ts";
import { parseExpression } from "../../src/expression.ts";
import { Value } from "../../src/value.ts";

const tell = (formula: string, values: Record<string, number>) =>
  stepsOf(parseExpression(formula).evaluate(values)).map(sentence);

test("sentence: the lecture's expression, step by step", () => {
  expect(tell("L = (a*b + c) * f", { a: 2, b: -3, c: 10, f: -2 })).toEqual([
    "* computes 2.0000 × -3.0000 = -6.0000.",
    "+ computes -6.0000 + 10.0000 = 4.0000.",
    "L computes 4.0000 × -2.0000 = -8.0000.",
    "The gradient of L with respect to itself is 1.",
    "L passes 1.0000 × -2.0000 = -2.0000 to +.",
    "L passes 1.0000 × 4.0000 = 4.0000 to f.",
    "+ passes -2.0000 × 1.0000 = -2.0000 to *.",
    "+ passes -2.0000 × 1.0000 = -2.0000 to c.",
    "* passes -2.0000 × -3.0000 = 6.0000 to a.",
    "* passes -2.0000 × 2.0000 = -4.0000 to b.",
  ]);
});

test("sentence: what comes to a node that has a gradient is added", () => {
  expect(tell("y = a - a", { a: 3 }).slice(-2)).toEqual([
    "y passes 1.0000 × 1.0000 = 1.0000 to a.",
    "y passes 1.0000 × -1.0000 = -1.0000 to a: 1.0000 + (-1.0000) = 0.0000.",
  ]);
});

test("sentence: functions, fixed numbers and minus signs", () => {
  // tanh 0.5 = 0.462117; its third power is 0.0986862; -0.0986862 + 0.125 = 0.0263138
  expect(tell("tanh(x)^3 - clamp(x, -1, 1) / 4", { x: -0.5 }).slice(0, 5)).toEqual([
    "tanh computes tanh(-0.5000) = -0.4621.",
    "^3 computes pow(-0.4621, 3) = -0.09869.",
    "clamp computes clamp(-0.5000, -1, 1) = -0.5000.",
    "/ computes -0.5000 / 4.0000 = -0.1250.",
    "- computes -0.09869 - (-0.1250) = 0.02631.",
  ]);
});

test("sentence: says why nothing is passed", () => {
  expect(tell("relu(x) + detach(y)", { x: -1, y: 2 }).slice(-2)).toEqual([
    "detach passes nothing to y: detach cuts the graph here.",
    "relu passes nothing to x: its result does not depend on it here.",
  ]);
  expect(tell("relu(-x)", { x: 1 }).at(-1)).toBe("neg passes nothing to x: nothing came to it.");
});

test("sentence: a label is text of one line, whatever is in it", () => {
  const hostile = new Value(2, "<img src=x>\n\u202e");
  expect(sentence(stepsOf(hostile.neg()).at(-1) ?? { kind: "compute", node: hostile })).toBe(
    "neg passes 1.0000 × -1.0000 = -1.0000 to <img src=x>␊\ufffd.",
  );
});

test("shownNumber: as in pictures, and never fewer than four significant digits", () => {
  const texts = [2, -0.12345, 0.0999949, 0.0012345678, 0.00005, 1e-9, -123456.789, 1e9, NaN, -0];
  expect(texts.map(shownNumber)).toEqual([
    "2.0000",
    "-0.1235",
    "0.09999",
    "0.001235",
    "0.00005000",
    "1.000e-9",
    "-123456.7890",
    "1.000e+9",
    "NaN",
    "0.0000",
  ]);
});

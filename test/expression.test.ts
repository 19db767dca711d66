// parseExpression: what a formula means, and what is said about a text that is none.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseExpression } from "../src/expression.ts";
import { operations } from "../src/operations.ts";
import { graphOf, type Operand, Value } from "../src/value.ts";

const value = (text: string, values: Record<string, Operand> = {}) =>
  parseExpression(text).evaluate(values).data;

test("parseExpression: the lecture's L, with names, labels and gradients", () => {
  const expression = parseExpression("e = a*b; d = e + c; L = d * f");
  expect(expression.names).toEqual(["a", "b", "c", "f"]);
  const L = expression.evaluate({ a: 2, b: -3, c: 10, f: -2 });
  expect(L.data).toBe(-8);
  L.backward();
  const gradients = graphOf(L).map((node) => `${node.label} ${node.grad}`);
  expect(gradients.sort()).toEqual(["L 1", "a 6", "b -4", "c -2", "d -2", "e -2", "f 4"]);
});

const meanings: [text: string, value: number][] = [
  ["1", 1],
  [".5", 0.5],
  ["2.", 2],
  ["1e-3", 0.001],
  ["1.5E+2", 150],
  ["1 + 2 * 3", 7],
  ["(1 + 2) * 3", 9],
  ["7 - 3 - 2", 2],
  ["12 / 3 / 2", 2],
  ["2 ^ 3 ^ 2", 512],
  ["2 ** 3 ** 2", 512],
  ["-2 ^ 2", -4],
  ["(-2) ^ 2", 4],
  ["2 ^ -1", 0.5],
  ["2 ^ -1 ^ 2", 0.5],
  ["-2 * -3", 6],
  ["2 - -3", 5],
  ["--2", 2],
  ["+2 - +3", -1],
  ["2 * -3 ^ 2", -18],
  ["max(1, 2) - min(1, 2)", 1],
  ["max(max(1, (2)), min(3, 4))", 3],
  ["pow(2, 10)", 1024],
  ["clamp(5, -1, 1)", 1],
  ["leakyRelu(-100)", -1],
  ["leakyRelu(-100, 0.5)", -50],
  ["elu(-1e9, 2)", -2],
  ["relu(-3) + square(3) + reciprocal(4)", 9.25],
  ["exp(0) + tanh(0)", 1],
  ["sin(pi / 2)", 1],
  [" ( 1 +\n 2 ) ", 3],
  ["x = 1 +\n2\n\n; ; x * 2;\n", 6],
  ["x = 1\r\nx = x + 1\rx", 2],
];
for (const [text, expected] of meanings) {
  test(`parseExpression: ${JSON.stringify(text)} is ${expected}`, () => {
    expect(value(text)).toBe(expected);
  });
}

test("parseExpression: every operation can be called by its name", () => {
  for (const [name, { arity }] of Object.entries(operations)) {
    const node = parseExpression(`${name}(${["x", "y"].slice(0, arity)})`).evaluate({ x: 2, y: 3 });
    expect([node.op, node.inputs.length]).toEqual([name, arity]);
  }
});

test("parseExpression: a number as exponent is part of the operation, a name is an input", () => {
  const inputs = (text: string) => parseExpression(text).evaluate({ x: 2, n: 3 }).inputs.length;
  expect(["x^3", "x^-3", "x**(3)", "pow(x, 3)"].map(inputs)).toEqual([1, 1, 1, 1]);
  expect(inputs("x^n")).toBe(2);
});

test("parseExpression: a negative number is one leaf", () => {
  expect(graphOf(parseExpression("-3 * x").evaluate({ x: 2 }))).toHaveLength(3);
});

test("parseExpression: a name used twice is one leaf", () => {
  const y = parseExpression("a + a").evaluate({ a: 3 });
  expect(y.inputs[0]).toBe(y.inputs[1]);
  y.backward();
  expect(y.inputs[0]!.grad).toBe(2);
});

test("parseExpression: a Value that is given is in the graph itself", () => {
  const a = new Value(3, "mine");
  const y = parseExpression("a * 2").evaluate({ a });
  expect(y.inputs[0]).toBe(a);
  expect(a.label).toBe("mine");
});

test("parseExpression: each evaluation is a graph of its own", () => {
  const expression = parseExpression("y = x * x");
  const [p, q] = [expression.evaluate({ x: 2 }), expression.evaluate({ x: 3 })];
  expect([p.data, q.data]).toEqual([4, 9]);
});

test("parseExpression: b = a is the node a, and k = 3 a leaf k", () => {
  const expression = parseExpression("b = a; k = 3; b * k");
  const y = expression.evaluate({ a: 2 });
  expect(expression.names).toEqual(["a"]);
  expect(y.inputs.map(({ label }) => label)).toEqual(["a", "k"]);
});

test("parseExpression: a name may be needed before it is defined", () => {
  const expression = parseExpression("a = a + 1; a * 2");
  expect(expression.names).toEqual(["a"]);
  expect(expression.evaluate({ a: 1 }).data).toBe(4);
});

test("parseExpression: names of prototypes, Greek letters and $ are names like others", () => {
  const expression = parseExpression("__proto__ + constructor * toString + α_1 + $ + e");
  const names = ["__proto__", "constructor", "toString", "α_1", "$", "e"];
  expect(expression.names).toEqual(names);
  expect(() => expression.evaluate({})).toThrow('for "__proto__", got undefined');
  expect(expression.evaluate(Object.fromEntries(names.map((name, i) => [name, i]))).data).toBe(14);
  expect(value("__proto__ = 2; constructor = 3; __proto__ * constructor")).toBe(6);
  expect(({} as Record<string, unknown>).data).toBeUndefined();
});

test("parseExpression: a hundred thousand parentheses, signs or functions are no problem", () => {
  const n = 100_000;
  expect(value(`${"(".repeat(n)}1${")".repeat(n)}`)).toBe(1);
  expect(value(`${"-".repeat(n)}x`, { x: 1 })).toBe(1);
  expect(value(`${"abs(".repeat(n)}x${")".repeat(n)}`, { x: -1 })).toBe(1);
  expect(value(`x${"^x".repeat(n)}`, { x: 1 })).toBe(1);
  expect(() => parseExpression("(".repeat(n))).toThrow(/^expression: expected a number or a name/);
});

const mistakes: [text: string, message: string][] = [
  ["(a*b + c", 'expected ")" at character 9, got the end (at ▸ in "(a*b + c▸")'],
  ["", 'expected a number or a name at character 1, got the end (at ▸ in "▸")'],
  ["a +", "expected a number or a name at character 4, got the end"],
  ["a + * b", 'expected a number or a name at character 5, got "*" (at ▸ in "a + ▸* b")'],
  ["a b", 'expected an operator at character 3, got "b"'],
  ["2a", 'expected an operator at character 2, got "a"'],
  ["1.2.3", 'expected an operator at character 4, got ".3"'],
  ["a)", 'expected an operator or the end at character 2, got ")"'],
  ["a, b", 'expected an operator or the end at character 2, got ","'],
  ["(a, b)", 'expected ")" at character 3, got ","'],
  ["()", 'expected a number or a name at character 2, got ")"'],
  ["(a; b)", 'expected ")" at character 3, got ";"'],
  ["sin x", 'expected "(" after the function sin at character 5, got "x"'],
  ["sin", 'expected "(" after the function sin at character 4, got the end'],
  ["sigmod(x)", 'expected a function before ( at character 1, got "sigmod"; did you mean sigmoid?'],
  ["a*b + a(b)", 'expected a function before ( at character 7, got "a"; to multiply, write *'],
  ["max(1)", 'expected 2 arguments of max at character 6, got ")"'],
  ["max(1, 2, 3)", 'expected ")" after 2 arguments of max at character 9, got ","'],
  ["sin()", 'expected a number or a name at character 5, got ")"'],
  ["sin(x, y)", 'expected ")" after 1 argument of sin at character 6, got ","'],
  ["clamp(x, a, 1)", 'expected a number as argument 2 of clamp at character 10, got "a"'],
  ["clamp(x, 0, 1 - x)", 'expected a number as argument 3 of clamp at character 13, got "1 - x"'],
  ["clamp(x, 0)", 'expected 3 arguments of clamp at character 11, got ")"'],
  [
    "a = b = c",
    'expected an operator at character 7, got "="; only one name can stand to the left',
  ],
  [
    "a + b = c",
    'expected an operator at character 7, got "="; only one name can stand to the left',
  ],
  ["a == b", 'expected a number or a name at character 4, got "="'],
  ["sin = 3", 'expected a name that is not taken at character 1, got "sin"'],
  ["pi = 3", 'expected a name that is not taken at character 1, got "pi"'],
  ["a − 1", 'expected an operator at character 3, got "−"; write -'],
  ["−a", 'expected a number or a name at character 1, got "−"; write -'],
  ["2×a", 'expected an operator at character 2, got "×"; write *'],
  ["a % b", 'expected an operator at character 3, got "%"'],
  ["🧠 + 1", 'expected a number or a name at character 1, got "🧠"'],
  ["é🧠", 'expected an operator at character 2, got "🧠"'],
  ["1e999", 'expected a number below 1.8e308 at character 1, got "1e999"'],
  ["a\n)", 'expected a number or a name at character 3, got ")"'],
];
for (const [text, message] of mistakes) {
  test(`parseExpression: ${JSON.stringify(text)} is told to be wrong`, () => {
    expect(() => parseExpression(text)).toThrow(`expression: ${message}`);
  });
}

test("parseExpression: no text, no value, no number are told", () => {
  // @ts-expect-error: not a string
  expect(() => parseExpression(3)).toThrow("expression: expected text, got 3");
  const a = parseExpression("a");
  expect(() => a.evaluate({})).toThrow(
    'expression: expected a number or a Value for "a", got undefined',
  );
  // @ts-expect-error: not a number
  expect(() => a.evaluate({ a: "1" })).toThrow('for "a", got "1" (a string)');
});

// An oracle that shares nothing with the parser: JavaScript's own, for what both understand. There,
// -x ** 2 is an error, so powers stand in parentheses of their own.
const leaf = fc.oneof(
  fc.constantFrom("x", "y", "z"),
  fc.integer({ min: 0, max: 9 }).map(String),
  fc.double({ min: 0, max: 1e3, noNaN: true }).map(String),
);
const formula = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6 },
    leaf,
    fc.tuple(tie("tree"), fc.constantFrom("+", "-", "*", "/"), tie("tree")).map((t) => t.join(" ")),
    tie("tree").map((inside) => `(${inside})`),
    tie("tree").map((inside) => `- ${inside}`),
  ),
})).tree;

test("parseExpression: means what JavaScript means by the same text, to the last bit", () => {
  fc.assert(
    fc.property(formula, fc.double(), fc.double(), fc.double(), (text, x, y, z) => {
      const wanted: number = new Function("x", "y", "z", `return ${text}`)(x, y, z);
      const found = value(text, { x, y, z });
      // The engine's c0·a + c1·b may give the other zero.
      return Object.is(found + 0, wanted + 0) || text.includes("/");
    }),
    { seed: 3, numRuns: 2000 },
  );
});

test("parseExpression: any text is a formula or an error that begins with expression:", () => {
  const part = fc.constantFrom(..."()+-*/^=;,.\n xe19".split(""), "sin", "max", "**", "pi", "__proto__", "🧠"); // biome-ignore format: one line
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      try {
        const { names, evaluate } = parseExpression(parts.join(""));
        evaluate(Object.fromEntries(names.map((name) => [name, 2])));
      } catch (error) {
        expect(String(error)).toMatch(/^Error: expression: expected .* at character \d+, got /);
      }
    }),
    { seed: 4, numRuns: 5000 },
  );
});

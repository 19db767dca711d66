// What every operation computes: value, local derivatives and second derivatives at every point of
// the catalogue, and how exact the composed operations are.

import { describe, expect, test } from "vitest";
import { grad, hessian } from "../src/derivatives.ts";
import * as exportedFunctions from "../src/functions.ts";
import * as table from "../src/operations.ts";
import { type Operand, toValue, Value } from "../src/value.ts";
import { catalogue, type Point, type Row } from "./catalogue.ts";
import "./closeness.ts";
import reference from "./reference/operations.json" with { type: "json" };

const functions = { ...exportedFunctions }; // to be picked by name

const list = (numbers: readonly number[]) =>
  numbers.map((x) => (Object.is(x, -0) ? "-0" : String(x))).join(", ");

/** One test for each point of each operation. */
function atEveryPoint(what: string, check: (row: Row, point: Point) => void): void {
  for (const row of catalogue) {
    for (const point of row.points) {
      const why = point.why === "" ? "" : ` (${point.why})`;
      test(`${row.title}(${list(point.inputs)}): ${what}${why}`, () => check(row, point));
    }
  }
}

const leafOf = (x: Operand) => toValue(x, "leaf");

const leaves = (point: Point) => point.inputs.map((x) => new Value(x));

/** Where a quotient underflows, a result may be off by some of the smallest doubles. */
const TINY = 1e-320;

test("catalogue: has a row for every operation, and points for every row", () => {
  const titles = catalogue.map((row) => row.title);
  for (const name of Object.keys(table.operations)) expect(titles).toContain(name);
  for (const row of catalogue) expect(row.points.length, row.title).toBeGreaterThan(2);
  const used = catalogue.flatMap((row) => row.points.filter((point) => point.why === ""));
  expect(used.length).toBe(reference.rows.flatMap((row) => row.points).length);
});

atEveryPoint("the method computes the value", (row, point) => {
  expect(row.method(...leaves(point)).data).toBeNear(point.value, { absolute: TINY });
});

atEveryPoint(
  "the function on numbers and the operation itself give the method's bits",
  (row, point) => {
    const value = row.method(...leaves(point)).data;
    expect(row.free(...point.inputs).data).toBe(value);
    expect(row.free(...leaves(point)).data).toBe(value);
    expect(row.operation.value(table.numbers, ...point.inputs)).toBe(value);
  },
);

atEveryPoint("backward finds the local derivatives", (row, point) => {
  const inputs = leaves(point);
  row.method(...inputs).backward();
  point.derivatives.forEach((derivative, i) => {
    if (derivative !== undefined) expect(inputs[i].grad).toBeNear(derivative, { absolute: TINY });
  });
});

atEveryPoint("grad gives backward's numbers", (row, point) => {
  const inputs = leaves(point);
  const output = row.method(...inputs);
  const gradients = grad(output, inputs);
  output.backward();
  expect(gradients.map((g) => g.data)).toBeNear(inputs.map((input) => input.grad));
});

atEveryPoint("hessian finds the second derivatives", (row, point) => {
  if (point.second === undefined) return; // nobody promises them there
  const inputs = leaves(point);
  const found = hessian(row.method(...inputs), inputs);
  // A rule is made of terms as large as the first derivative; what is left of them when they
  // cancel is exact to their rounding.
  const scale = point.derivatives.map(
    (d, i) => Math.abs(d ?? 0) / Math.max(1, Math.abs(point.inputs[i])),
  );
  const rounding = 1e-15 * Math.max(...scale);
  expect(found).toBeNear(point.second, { relative: 1e-11, absolute: Math.max(rounding, TINY) });
});

describe("how exact", () => {
  // semantics.md: at most 4 ulp for x >= 0, 1e-12 of the value below, until it is subnormal.
  test.each(Object.keys(reference.accuracy) as (keyof typeof reference.accuracy)[])(
    "%s: at most 4 ulp from the truth for x >= 0, 1e-12 of it below",
    (name) => {
      const pairs = reference.accuracy[name];
      expect(pairs.length).toBeGreaterThan(200);
      for (const [x, truth] of pairs) {
        const closeness = x >= 0 ? { ulps: 4 } : { relative: 1e-12, absolute: TINY };
        expect(functions[name](x).data, `${name}(${x})`).toBeNear(truth, closeness);
      }
    },
  );

  test("sqrt, square, reciprocal, add, sub, mul, div: exactly what the machine computes", () => {
    for (const x of [0.1, 2, 3e7, 1e-9]) {
      expect(functions.sqrt(x).data).toBe(Math.sqrt(x));
      expect(functions.square(x).data).toBe(x * x);
      expect(functions.reciprocal(x).data).toBe(1 / x);
      for (const y of [0.3, -7, 1e10]) {
        expect(functions.add(x, y).data).toBe(x + y);
        expect(functions.sub(x, y).data).toBe(x - y);
        expect(functions.mul(x, y).data).toBe(x * y);
        expect(functions.div(x, y).data).toBe(x / y);
      }
    }
  });

  test("tanh: the derivative is accurate where tanh itself has rounded to 1", () => {
    const x = new Value(20);
    const y = x.tanh();
    y.backward();
    expect(y.data).toBe(1);
    expect(x.grad).toBeNear(1.6993417021166355e-17); // 4 e^-40 / (1 + e^-40)^2
  });
});

describe("masked", () => {
  // What is not chosen contributes 0, however infinite the derivatives above and below it are.
  const cases: [string, (x: Value) => Value][] = [
    ["relu(x) below 0, log above", (x) => x.sub(1).relu().log()],
    ["max: the loser is sqrt(0)", (x) => x.sqrt().max(5)],
    ["min: the loser is -log(0)", (x) => x.log().neg().min(2)],
    ["clamp: log(0) is outside", (x) => x.log().clamp(-1, 1)],
    ["relu: log(0) is below 0", (x) => x.log().relu()],
    ["detach: sqrt(0)", (x) => x.sqrt().detach()],
    ["pick: another than log(0)", (x) => Value.nary(table.pick(2), [1, x.log(), 3].map(leafOf))],
    ["the loser far below", (x) => x.sqrt().mul(2).add(1).sin().max(5)],
  ];

  test.each(cases)("%s: 0 arrives, never 0 times infinity", (_title, f) => {
    const x = new Value(0);
    const y = f(x);
    y.backward();
    expect(x.grad).toBe(0);
    expect(grad(y, [x])[0].data).toBe(0);
    expect(hessian(y, [x])).toEqual([[0]]);
  });

  test("pow: a computed derivative of 0 is a number like any other", () => {
    // log(x^2) at 0: Infinity times 0 is NaN, whether the 2 is a number or a Value
    for (const exponent of [2, new Value(2)]) {
      const x = new Value(0);
      const y = x.pow(exponent).log();
      y.backward();
      expect(x.grad).toBeNaN();
      expect(grad(y, [x])[0].data).toBeNaN();
    }
  });
});

describe("families", () => {
  test("clamp: the bounds may be equal or infinite", () => {
    expect(functions.clamp(5, 2, 2).data).toBe(2);
    expect(functions.clamp(5, -Infinity, Infinity).data).toBe(5);
    expect(functions.clamp(5, -Infinity, 1).data).toBe(1);
  });

  test("pow: a number as exponent is part of the operation, a Value is an input", () => {
    const x = new Value(2);
    expect(x.pow(3).inputs).toEqual([x]);
    const n = new Value(3);
    const y = x.pow(n);
    expect(y.inputs).toEqual([x, n]);
    y.backward();
    expect(x.grad).toBe(12);
    expect(n.grad).toBeNear(8 * Math.LN2);
  });

  test("pow: a thousand different exponents do not get into each other's way", () => {
    const exponents = Array.from({ length: 1000 }, (_, i) => (i - 500) / 8);
    const x = new Value(1.5);
    const results = exponents.map((n) => x.pow(n));
    results.forEach((y, i) => {
      const n = exponents[i];
      x.zeroGrad();
      y.backward();
      expect(y.data, `1.5^${n}`).toBeNear(1.5 ** n);
      expect(x.grad, `${n} 1.5^${n - 1}`).toBeNear(n * 1.5 ** (n - 1));
    });
  });

  test("pow 0 and pow -0, clamp at 0 and -0: each keeps its own", () => {
    expect(functions.clamp(-1, 0, 1).data).toBe(0);
    expect(functions.clamp(-1, -0, 1).data).toBe(-0);
    expect(functions.leakyRelu(-1, 0).data).toBe(-0);
    expect(functions.leakyRelu(-1, -0).data).toBe(0);
  });

  test("leakyRelu, elu: 0.01 and 1 unless said otherwise", () => {
    expect(functions.leakyRelu(-2).data).toBe(-0.02);
    expect(new Value(-2).leakyRelu().data).toBe(-0.02);
    expect(functions.elu(-2).data).toBeNear(Math.expm1(-2));
    expect(new Value(-2).elu().data).toBeNear(Math.expm1(-2));
  });
});

// What is made of the operations: sum, mean, logSumExp, softmax, and operations of one's own.

import { describe, expect, test } from "vitest";
import { grad, hessian, jvp } from "../src/derivatives.ts";
import {
  add,
  defineOperation,
  exp,
  logSumExp,
  mean,
  mul,
  negativeLogSoftmax,
  sigmoid,
  softmax,
  sum,
} from "../src/functions.ts";
import { gradcheck } from "../src/gradcheck.ts";
import type { Rule } from "../src/operations.ts";
import { Value } from "../src/value.ts";
import "./closeness.ts";

const numbersOf = (values: readonly Value[]) => values.map((value) => value.data);

/** The gradient that `backward` gives each of the leaves. */
function gradientsOf(f: (xs: Value[]) => Value, at: readonly number[]): number[] {
  const xs = at.map((x) => new Value(x));
  f(xs).backward();
  return xs.map((x) => x.grad);
}

describe("sum, mean", () => {
  test("sum: of Values and numbers; every term gets the gradient 1", () => {
    const a = new Value(2);
    const b = new Value(3);
    const total = sum([a, 10, b, a]);
    expect(total.data).toBe(17);
    expect(total.inputs[1]).toBe(a); // the last term is added last
    total.backward();
    expect([a.grad, b.grad]).toEqual([2, 1]);
  });

  test("sum: of one term is that term", () => {
    expect(sum([new Value(5)]).data).toBe(5);
    expect(sum([5]).data).toBe(5);
  });

  test("sum: does not change the array it is given", () => {
    const terms = [1, 2, 3];
    sum(terms);
    mean(terms);
    expect(terms).toEqual([1, 2, 3]);
  });

  test("mean: is the sum divided by n, to the last bit", () => {
    const terms = [0.1, 0.2, 0.3, 0.7, 1e3, -5, 1 / 3];
    const total = terms.reduce((p, q) => p + q);
    expect(mean(terms).data).toBe(total / 7);
    expect(gradientsOf(mean, [1, 2, 4])).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });
});

describe("logSumExp, softmax", () => {
  test("logSumExp: log(1 + 2 + 3) of log 1, log 2, log 3", () => {
    expect(logSumExp([Math.log(1), Math.log(2), Math.log(3)]).data).toBeNear(Math.log(6));
    expect(logSumExp([0.3]).data).toBeNear(0.3);
  });

  test("logSumExp: 1000 and -1000 are no problem, in value and gradient", () => {
    expect(logSumExp([1000, 1000]).data).toBeNear(1000 + Math.LN2);
    expect(logSumExp([-1000, -1000]).data).toBeNear(-1000 + Math.LN2);
    expect(logSumExp([1000, -1000]).data).toBe(1000);
    expect(gradientsOf(logSumExp, [1000, 1000])).toBeNear([0.5, 0.5]);
    expect(gradientsOf(logSumExp, [1000, -1000])).toEqual([1, 0]);
  });

  test("logSumExp: a term that is -Infinity counts as nothing", () => {
    expect(logSumExp([-Infinity, 2]).data).toBe(2);
    expect(logSumExp([-Infinity, -Infinity]).data).toBe(-Infinity);
    expect(logSumExp([Infinity, 2]).data).toBe(Infinity);
    expect(logSumExp([NaN, 2]).data).toBeNaN();
  });

  test("logSumExp: its gradient is the softmax, also in a tie", () => {
    expect(gradientsOf(logSumExp, [2, 2, 2])).toBeNear([1 / 3, 1 / 3, 1 / 3]);
    const logits = [0.5, -1, 2];
    expect(gradientsOf(logSumExp, logits)).toBeNear(numbersOf(softmax(logits)));
  });

  test("logSumExp: its second derivatives are p_i (1 if i = j) - p_i p_j", () => {
    const xs = [0.5, -1, 2].map((x) => new Value(x));
    const p = numbersOf(softmax(xs));
    const wanted = p.map((pi, i) => p.map((pj, j) => (i === j ? pi : 0) - pi * pj));
    expect(hessian(logSumExp(xs), xs)).toBeNear(wanted, { absolute: 1e-15 });
  });

  test("softmax: exp(x) / sum of exp(x)", () => {
    const total = Math.exp(1) + Math.exp(2) + Math.exp(-1);
    const wanted = [Math.exp(1) / total, Math.exp(2) / total, Math.exp(-1) / total];
    expect(numbersOf(softmax([1, 2, -1]))).toBeNear(wanted);
  });

  test("softmax: large logits are no problem, however large", () => {
    for (const size of [1000, 1e6, 1e16, 1e300]) {
      expect(numbersOf(softmax([size, size]))).toBeNear([0.5, 0.5]);
      expect(numbersOf(softmax([-size, -size, -size]))).toBeNear([1 / 3, 1 / 3, 1 / 3]);
    }
    expect(numbersOf(softmax([1000, -1000]))).toEqual([1, 0]);
  });

  test("softmax: the probabilities add up to 1", () => {
    const logits = [3, -200, 0.1, 40, 39.5, 40];
    expect(numbersOf(softmax(logits)).reduce((p, q) => p + q)).toBeNear(1);
  });

  test("softmax: of two logits is the sigmoid of their difference", () => {
    expect(softmax([1.7, 0.4])[0].data).toBeNear(sigmoid(1.3).data);
  });

  test("softmax: d p_i / d x_j = p_i (1 if i = j) - p_i p_j", () => {
    const xs = [0.5, -1, 2].map((x) => new Value(x));
    const p = softmax(xs);
    const wanted = p.map(({ data: pi }, i) =>
      p.map(({ data: pj }, j) => (i === j ? pi : 0) - pi * pj),
    );
    expect(p.map((pi) => numbersOf(grad(pi, xs)))).toBeNear(wanted, { absolute: 1e-15 });
  });
});

describe("defineOperation", () => {
  const cube = defineOperation({
    name: "cube",
    value: (m, x) => m.mul(x, m.mul(x, x)),
    localDerivatives: [(m, x) => m.mul(3, m.mul(x, x))],
  });
  // a b + c: three inputs
  const fusedMultiplyAdd = defineOperation({
    name: "fma",
    value: (m, a, b, c) => m.add(m.mul(a, b), c),
    localDerivatives: [(_m, _a, b) => b, (_m, a) => a, () => 1],
  });
  // exp(-x^2), whose derivative is stated with the output
  const bell = defineOperation({
    name: "bell",
    value: (m, x) => m.exp(m.neg(m.mul(x, x))),
    localDerivatives: [(m, x, y) => m.mul(m.mul(-2, x), y)],
  });

  test("defineOperation: backward takes it", () => {
    const x = new Value(2);
    const y = cube(x.mul(1)).add(x);
    y.backward();
    expect([y.data, x.grad]).toEqual([10, 13]);
    expect(cube(x).op).toBe("cube");
    expect(cube(x).inputs).toEqual([x]);
  });

  test("defineOperation: takes numbers, and several inputs in their order", () => {
    const [a, b, c] = [2, 3, 4].map((x) => new Value(x));
    const y = fusedMultiplyAdd(a, b, c);
    expect(y.inputs).toEqual([a, b, c]);
    y.backward();
    expect([y.data, a.grad, b.grad, c.grad]).toEqual([10, 3, 2, 1]);
    expect(fusedMultiplyAdd(2, 3, 4).data).toBe(10);
    const shared = fusedMultiplyAdd(a, a, a); // a^2 + a: 2a + 1
    a.zeroGrad();
    shared.backward();
    expect(a.grad).toBe(5);
  });

  test("defineOperation: grad can be taken again and again", () => {
    const x = new Value(2);
    const [first] = grad(cube(x), [x]);
    const [second] = grad(first, [x]);
    const [third] = grad(second, [x]);
    const [fourth] = grad(third, [x]);
    expect(numbersOf([first, second, third, fourth])).toEqual([12, 12, 6, 0]);
  });

  test("defineOperation: hessian and jvp take it", () => {
    const inputs = [2, 3, 4].map((x) => new Value(x));
    expect(hessian(fusedMultiplyAdd(...inputs), inputs)).toEqual([
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 0],
    ]);
    expect(jvp(fusedMultiplyAdd(...inputs), inputs, [1, 10, 100])).toBe(3 + 20 + 100);
    const x = new Value(0.5);
    const y = Math.exp(-0.25);
    expect(bell(x).data).toBeNear(y);
    expect(hessian(bell(x), [x])).toBeNear([[(4 * 0.25 - 2) * y]]);
  });

  test("defineOperation: gradcheck finds a wrong derivative in it", () => {
    const wrongCube = defineOperation({
      name: "cube",
      value: (m, x) => m.mul(x, m.mul(x, x)),
      localDerivatives: [(m, x) => m.mul(2, m.mul(x, x))],
    });
    expect(gradcheck(cube, [1.5]).passed).toBe(true);
    expect(gradcheck(wrongCube, [1.5]).passed).toBe(false);
  });

  test("defineOperation: the wrong number of operands is a RangeError with its name", () => {
    expect(() => cube()).toThrow(RangeError);
    expect(() => cube(1, 2)).toThrow(/^cube: expected 1 inputs?, got 2/);
    expect(() => fusedMultiplyAdd(1, 2)).toThrow(/^fma: expected 3 inputs, got 2/);
  });

  test("defineOperation: a wrong operand is a TypeError with its name", () => {
    expect(() => cube("2" as unknown as number)).toThrow(/^cube: expected .* got "2"/);
    expect(() => fusedMultiplyAdd(1, 2, null as unknown as number)).toThrow(/^fma: .*null/);
  });

  const value: Rule = (_m, x) => x;
  const localDerivatives: Rule[] = [() => 1];
  test.each([
    ["no name", { value, localDerivatives }],
    ["an empty name", { name: "", value, localDerivatives }],
    ["a name that is no text", { name: 3, value, localDerivatives }],
    ["no value", { name: "f", localDerivatives }],
    ["a value that is no function", { name: "f", value: 3, localDerivatives }],
    ["no derivatives", { name: "f", value }],
    ["an empty list of derivatives", { name: "f", value, localDerivatives: [] }],
    ["a derivative that is no function", { name: "f", value, localDerivatives: [1] }],
    ["a derivative outside of an array", { name: "f", value, localDerivatives: () => 1 }],
    ["nothing", undefined],
    ["null", null],
    ["a text", "f"],
  ])("defineOperation: %s is a TypeError that says so", (_what, definition) => {
    const define = defineOperation as unknown as (definition: unknown) => unknown;
    expect(() => define(definition)).toThrow(TypeError);
    expect(() => define(definition)).toThrow(/^defineOperation.*: expected/);
  });

  test("defineOperation: a rule that returns no number is a TypeError that names it", () => {
    const forgotten = (() => undefined) as unknown as Rule;
    const text = (() => "1") as unknown as Rule;
    const f = defineOperation({ name: "f", value: forgotten, localDerivatives });
    expect(() => f(1)).toThrow(/^f\.value: expected .* undefined/);
    const g = defineOperation({ name: "g", value, localDerivatives: [text] });
    const x = new Value(1);
    const y = g(x);
    expect(() => y.backward()).toThrow(/^g\.localDerivatives\[0\]: expected .* "1"/);
    expect(x.grad).toBe(0);
    expect(() => grad(y, [x])).toThrow(/^g\.localDerivatives\[0\]: expected .* "1"/);
    expect(() => jvp(y, [x], [1])).toThrow(/^g\.localDerivatives\[0\]: expected .* "1"/);
  });

  test("defineOperation: a composition of free functions is the same without it", () => {
    const x = new Value(0.7);
    const y = exp(mul(-1, mul(x, x)));
    expect(bell(x).data).toBeNear(y.data);
    expect(add(bell(x), 0).op).toBe("add");
  });
});

test("negativeLogSoftmax: the target may be a Value, with the bits of a number", () => {
  const logits = [0.3, -1.2, 2.5];
  for (const target of logits.keys()) {
    const loss = negativeLogSoftmax(logits, new Value(target));
    expect(loss.data).toBe(negativeLogSoftmax(logits, target).data);
  }
  expect(negativeLogSoftmax(logits, new Value(3)).data).toBeNaN();
});

test("negativeLogSoftmax: a target that is no place among the logits is refused", () => {
  for (const target of [2, -1, 0.5, Number.NaN]) {
    expect(() => negativeLogSoftmax([1, 2], target)).toThrow(
      /^negativeLogSoftmax: expected a target from 0 to 1/,
    );
  }
});

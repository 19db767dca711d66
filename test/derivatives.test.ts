// grad, hessian and jvp: derivatives of derivatives, and forward mode.

import { describe, expect, test } from "vitest";
import { grad, hessian, jvp } from "../src/derivatives.ts";
import { Value } from "../src/value.ts";
import "./closeness.ts";
import reference from "./reference/operations.json" with { type: "json" };

const numbersOf = (values: readonly Value[]) => values.map((value) => value.data);

describe("grad", () => {
  test("grad: d output / d input for each input, in their order", () => {
    const a = new Value(2);
    const b = new Value(-3);
    const c = new Value(10);
    const d = a.mul(b).add(c);
    expect(numbersOf(grad(d, [a, b, c]))).toEqual([-3, 2, 1]);
    expect(numbersOf(grad(d, [c, a]))).toEqual([1, -3]);
    expect(grad(d, [])).toEqual([]);
  });

  test("grad: changes the gradient of no node", () => {
    const a = new Value(2);
    const y = a.mul(a).tanh();
    y.backward();
    const before = [a.grad, y.grad, y.inputs[0].grad];
    const [slope] = grad(y, [a]);
    hessian(y, [a]);
    jvp(y, [a], [1]);
    expect([a.grad, y.grad, y.inputs[0].grad]).toEqual(before);
    expect(slope.hasGrad).toBe(false);
  });

  test("grad: with respect to an inner node, and to the output itself", () => {
    const x = new Value(3);
    const u = x.mul(x);
    const y = u.mul(u).add(x); // y = u^2 + x; dy/du = 2u = 18; dy/dx = 4x^3 + 1 = 109
    expect(numbersOf(grad(y, [u, x, y]))).toEqual([18, 109, 1]);
    expect(numbersOf(grad(x, [x]))).toEqual([1]);
  });

  test("grad: 0 for an input that the output does not depend on", () => {
    const x = new Value(3);
    const y = x.mul(2);
    expect(numbersOf(grad(y, [new Value(5), x]))).toEqual([0, 2]);
    const [slope] = grad(y, [x]);
    expect(numbersOf(grad(slope, [x]))).toEqual([0]); // the slope 2 does not depend on x
  });

  test("grad: the same input twice gets the same gradient twice", () => {
    const x = new Value(3);
    expect(numbersOf(grad(x.mul(x), [x, x]))).toEqual([6, 6]);
  });

  test("grad: its results are Values that backward can go through", () => {
    // the gradient penalty of (a^2 b): p = (2ab)^2 at (2, 3): dp/da = 8ab^2 = 144, dp/db = 8a^2 b
    const a = new Value(2);
    const b = new Value(3);
    const [slope] = grad(a.mul(a).mul(b), [a]);
    slope.mul(slope).backward();
    expect([a.grad, b.grad]).toEqual([144, 96]);
  });

  test("grad: mixed with backward, both count the same", () => {
    const x = new Value(1.3);
    const y = x.exp().mul(x.sin()).div(x.add(2)).tanh();
    const [slope] = grad(y, [x]);
    y.backward();
    expect(slope.data).toBeNear(x.grad);
  });

  test("grad, hessian, jvp: what is no Value is a TypeError that names the call", () => {
    const x = new Value(1);
    const not = (thing: unknown) => thing as Value & Value[];
    for (const thing of [undefined, null, 3, "x", {}, [x]]) {
      expect(() => grad(not(thing), [x])).toThrow(/^grad: expected/);
      expect(() => hessian(not(thing), [x])).toThrow(/^hessian: expected/);
      expect(() => jvp(not(thing), [x], [1])).toThrow(/^jvp: expected/);
    }
    for (const thing of [undefined, null, 3, "x", {}, x, [3], [x, null], ["x"]]) {
      expect(() => grad(x, not(thing))).toThrow(/^grad: expected/);
      expect(() => hessian(x, not(thing))).toThrow(/^hessian: expected/);
      expect(() => jvp(x, not(thing), [1])).toThrow(/^jvp: expected/);
      expect(() => grad(x, not(thing))).toThrow(TypeError);
    }
  });
});

describe("higher derivatives", () => {
  // High-precision references; the recipe is in reference/operations.py.
  const functions: Record<string, (x: Value) => Value> = {
    "x^3": (x) => x.pow(3),
    tanh: (x) => x.tanh(),
    "exp(sin x)": (x) => x.sin().exp(),
    sigmoid: (x) => x.sigmoid(),
    "1/x": (x) => x.reciprocal(),
    "log(1 + x^2)": (x) => x.square().log1p(),
  };

  const sameFunction: [string, (x: Value) => Value][] = [
    ["x^3", (x) => x.mul(x).mul(x)],
    ["x^3", (x) => x.pow(new Value(3))],
    ["exp(sin x)", (x) => new Value(Math.E).pow(x.sin())],
    ["sigmoid", (x) => x.neg().exp().add(1).reciprocal()],
    ["1/x", (x) => new Value(1).div(x)],
    ["1/x", (x) => x.pow(-1)],
    ["log(1 + x^2)", (x) => x.mul(x).add(1).log()],
  ];

  function check(name: string, f: (x: Value) => Value): void {
    const rows = reference.higher.filter((row) => row.function === name);
    expect(rows.length).toBeGreaterThan(0);
    for (const { at, derivatives } of rows) {
      const x = new Value(at);
      let y = f(x);
      for (const [n, wanted] of derivatives.entries()) {
        // What cancels is exact to the rounding of the terms, which are as large as these.
        const terms = Math.max(
          ...derivatives
            .slice(0, n + 1)
            .map(Math.abs)
            .slice(n === 0 ? 0 : 1),
        );
        const closeness = { relative: 1e-14, absolute: 2e-14 * terms };
        expect(y.data, `derivative ${n} at ${at}`).toBeNear(wanted, closeness);
        [y] = grad(y, [x]);
      }
    }
  }

  test.each(Object.keys(functions))("grad: of %s four times is exact to rounding", (name) => {
    check(name, functions[name]);
  });

  test.each(sameFunction)("grad: of %s stated another way is as exact (case %#)", (name, f) => {
    check(name, f);
  });

  test("grad: of tanh four times where tanh has rounded to 1", () => {
    // tanh = 1 - 2 e^-2x + ...: each derivative is -2 times the one before; first 8 e^-40 / 2
    const x = new Value(20);
    let y = x.tanh();
    let wanted = 4 * Math.exp(-40);
    for (let n = 1; n <= 4; n++) {
      [y] = grad(y, [x]);
      expect(y.data).toBeNear(wanted);
      wanted *= -2;
    }
  });

  test("grad: of x^3 the fourth derivative is 0, exactly", () => {
    for (const at of [-2, 0, 0.3, 5]) {
      const x = new Value(at);
      const orders = [x.pow(3)];
      for (let n = 0; n < 4; n++) orders.push(grad(orders[n], [x])[0]);
      expect(orders[3].data).toBe(6);
      expect(orders[4].data).toBe(0);
    }
  });
});

describe("hessian", () => {
  test("hessian: of a^2 b is [[2b, 2a], [2a, 0]]", () => {
    const a = new Value(2);
    const b = new Value(3);
    expect(hessian(a.mul(a).mul(b), [a, b])).toEqual([
      [6, 4],
      [4, 0],
    ]);
  });

  test("hessian: of Rosenbrock's function at (-1, 2)", () => {
    // f = (1 - x)^2 + 100 (y - x^2)^2; f_xx = 2 - 400 (y - 3x^2) = 402, f_xy = -400x, f_yy = 200
    const x = new Value(-1);
    const y = new Value(2);
    const f = x.neg().add(1).square().add(y.sub(x.square()).square().mul(100));
    expect(hessian(f, [x, y])).toEqual([
      [402, 400],
      [400, 200],
    ]);
  });

  test("hessian: symmetric for a function with every kind of mixture", () => {
    const xs = [0.7, -1.2, 2.3, 0.4].map((x) => new Value(x));
    const [a, b, c, d] = xs;
    const y = a.mul(b).tanh().add(c.pow(d)).mul(a.div(c).sin()).add(b.mul(d).exp().log1p());
    const found = hessian(y, xs);
    const turned = found.map((row, i) => row.map((_, j) => found[j][i]));
    expect(found).toBeNear(turned, { absolute: 1e-14 });
    expect(found[0][1]).not.toBe(0);
  });

  test("hessian: of a piecewise linear function is 0", () => {
    const a = new Value(0);
    const b = new Value(0);
    const pieces = [a.relu(), a.abs(), a.max(b), a.min(b), a.clamp(0, 1), a.leakyRelu(0.1)];
    for (const y of pieces) {
      expect(hessian(y, [a, b])).toEqual([
        [0, 0],
        [0, 0],
      ]);
    }
  });

  test("hessian: of relu(x)^2 is that of the branch taken", () => {
    const bend = (at: number) => {
      const x = new Value(at);
      return hessian(x.relu().square(), [x])[0][0];
    };
    expect([bend(-1), bend(0), bend(2)]).toEqual([0, 0, 2]);
  });
});

describe("jvp", () => {
  test("jvp: the sum of d output / d input times tangent", () => {
    const a = new Value(2);
    const b = new Value(3);
    const y = a.mul(a).mul(b); // 2ab = 12, a^2 = 4
    expect(jvp(y, [a, b], [1, 0])).toBe(12);
    expect(jvp(y, [a, b], [0, 1])).toBe(4);
    expect(jvp(y, [a, b], [10, -1])).toBe(116);
    expect(jvp(y, [b], [1])).toBe(4);
    expect(jvp(y, [a, b], [0, 0])).toBe(0);
    expect(jvp(y, [], [])).toBe(0);
  });

  test("jvp: with respect to an inner node and to the output itself", () => {
    const x = new Value(3);
    const u = x.mul(x);
    const y = u.mul(u).add(x);
    expect(jvp(y, [u], [1])).toBe(18);
    expect(jvp(y, [y], [5])).toBe(5);
    expect(jvp(y, [u, x], [1, 1])).toBe(18 + 109);
    expect(jvp(y, [x, x], [1, 2])).toBe(327);
  });

  test("jvp: 0 for an input that the output does not depend on", () => {
    expect(jvp(new Value(3).mul(2), [new Value(1)], [1])).toBe(0);
  });

  test("jvp: too few or too many tangents are a RangeError, wrong ones a TypeError", () => {
    const x = new Value(1);
    const y = x.mul(2);
    expect(() => jvp(y, [x], [])).toThrow(RangeError);
    expect(() => jvp(y, [x], [1, 2])).toThrow(/^jvp: expected 1 tangent.* 2/);
    const wrong = [undefined, null, 3, "1", {}, ["1"], [null], [undefined], [x], [1n]];
    for (const tangents of wrong) {
      expect(() => jvp(y, [x], tangents as number[])).toThrow(TypeError);
      expect(() => jvp(y, [x], tangents as number[])).toThrow(/^jvp: expected/);
    }
  });
});

test("hessian: sqrt'' is -Infinity at 0, and geluTanh stays finite far out", () => {
  const zero = new Value(0);
  expect(hessian(zero.sqrt(), [zero])).toEqual([[Number.NEGATIVE_INFINITY]]);
  for (const x of [new Value(1e155), new Value(-1e200), new Value(Number.NEGATIVE_INFINITY)]) {
    for (const y of [x.geluTanh(), x.gelu(), x.silu()]) {
      const [slope] = grad(y, [x]);
      expect(slope.data).toBe(x.data > 0 ? 1 : 0);
      expect(y.data).toBe(x.data > 0 ? x.data : -0);
    }
  }
});

// gradcheck passes right gradients, catches wrong ones, and says what it found.

import { describe, expect, test } from "vitest";
import { defineOperation } from "../src/functions.ts";
import { gradcheck } from "../src/gradcheck.ts";
import type { Rule } from "../src/operations.ts";
import { type Operand, Value } from "../src/value.ts";
import { catalogue } from "./catalogue.ts";
import "./closeness.ts";

describe("right gradients", () => {
  test.each(catalogue.filter((row) => !["detach", "pick"].includes(row.operation.name)))(
    "gradcheck: passes $title at its moderate smooth points",
    (row) => {
      const moderate = row.points.filter(
        (point) =>
          point.why === "" &&
          row.smooth(...point.inputs) &&
          point.inputs.every((x) => Math.abs(x) < 50),
      );
      expect(moderate.length).toBeGreaterThan(0);
      for (const { inputs } of moderate) {
        const report = gradcheck(row.method, inputs);
        expect(report.passed, String(report)).toBe(true);
      }
    },
  );

  test("gradcheck: reports each input with its place, gradient and slope", () => {
    const b = new Value(-3, "b");
    const { rows, passed } = gradcheck((x, y) => x.mul(y), [2, b]);
    expect(passed).toBe(true);
    expect(rows.map((row) => [row.name, row.at, row.gradient])).toEqual([
      ["input 0", 2, -3],
      ["b", -3, 2],
    ]);
    expect(rows.map((row) => row.slope)).toBeNear([-3, 2], { absolute: 1e-8 });
  });

  test("gradcheck: no inputs, nothing to disagree", () => {
    expect(gradcheck(() => new Value(1), []).passed).toBe(true);
  });
});

describe("wrong gradients", () => {
  // a^2 b + sin b at (1.5, 0.7): d/da = 2ab = 2.1, d/db = a^2 + cos b
  const value: Rule = (m, a, b) => m.add(m.mul(m.mul(a, a), b), m.sin(b));
  const toA: Rule = (m, a, b) => m.mul(2, m.mul(a, b));
  const toB: Rule = (m, a, b) => m.add(m.mul(a, a), m.cos(b));
  const at = [1.5, 0.7];

  const check = (...localDerivatives: Rule[]) =>
    gradcheck(defineOperation({ name: "f", value, localDerivatives }), at);

  test("gradcheck: passes the right one", () => {
    expect(check(toA, toB).passed).toBe(true);
  });

  const mistakes: [string, Rule, Rule, boolean, boolean][] = [
    ["the sign is wrong", (m, a, b) => m.neg(toA(m, a, b)), toB, false, true],
    ["a factor of 2 too much", (m, a, b) => m.mul(2, toA(m, a, b)), toB, false, true],
    ["a factor of 2 forgotten", (m, a, b) => m.mul(a, b), toB, false, true],
    ["a term forgotten", toA, (m, a) => m.mul(a, a), true, false],
    ["the sign of a term", toA, (m, a, b) => m.sub(m.mul(a, a), m.cos(b)), true, false],
    ["always 0", () => 0, toB, false, true],
    ["a constant", toA, () => 3, true, false],
    ["the inputs are swapped", toB, toA, false, false],
    ["the arguments are swapped", toA, (m, a, b) => toB(m, b, a), true, false],
    ["NaN", () => Number.NaN, toB, false, true],
    ["infinite", () => Number.POSITIVE_INFINITY, toB, false, true],
    ["one per cent off", (m, a, b) => m.mul(1.01, toA(m, a, b)), toB, false, true],
    ["the value in place of the derivative", toA, (_m, _a, _b, y) => y, true, false],
  ];
  test.each(mistakes)("gradcheck: catches a gradient if %s", (_what, first, second, okA, okB) => {
    const report = check(first, second);
    expect(report.passed).toBe(false);
    expect(report.rows.map((row) => row.passed)).toEqual([okA, okB]);
  });

  test("gradcheck: catches the overwritten gradient of a value used twice", () => {
    // 3 x in place of x^2 + x: as if the second use had replaced the first
    const lost = defineOperation({
      name: "lost",
      value: (m, x) => m.add(m.mul(x, x), x),
      localDerivatives: [() => 1],
    });
    expect(gradcheck(lost, [3]).passed).toBe(false);
  });

  test("gradcheck: catches detach, whose slope is 1 and whose gradient 0", () => {
    expect(gradcheck((x) => x.detach().mul(2), [3]).passed).toBe(false);
  });

  test("gradcheck: the report names each input, both numbers and what may be wrong", () => {
    const report = check((m, a, b) => m.neg(toA(m, a, b)), toB);
    const lines = String(report).split("\n");
    expect(lines[0]).toMatch(/gradcheck FAILED: 1 of 2/);
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/input 0 +at 1\.5 +gradient -2\.1 +slope 2\.[01]\d* .*WRONG.*sign/);
    expect(lines[2]).toMatch(/input 1 .* ok$/);
    expect(String(check((m, a, b) => m.mul(2, toA(m, a, b)), toB))).toMatch(
      /2\.?0* times the slope/,
    );
    expect(String(check(toA, toB))).toMatch(/^gradcheck passed: 2 of 2/);
    for (const line of lines) expect(line.length).toBeLessThan(120);
  });

  test("gradcheck: says that there is a corner where there is one", () => {
    const report = gradcheck((x) => x.abs(), [0]);
    // the slope by nudging is 0 there, as is the gradient; relu's is 1/2
    expect(report.rows[0]).toMatchObject({ gradient: 0 });
    expect([report.rows[0].left, report.rows[0].right]).toBeNear([-1, 1], { absolute: 1e-6 });
    expect(String(gradcheck((x) => x.relu(), [0]))).toMatch(/WRONG.*corner/);
  });

  test("gradcheck: a function that is not finite next to the point does not pass", () => {
    expect(gradcheck((x) => x.log(), [0]).passed).toBe(false);
    expect(gradcheck((x) => x.mul(NaN), [1]).passed).toBe(false);
  });
});

describe("bounds", () => {
  const off = (share: number) =>
    defineOperation({
      name: "off",
      value: (m, x) => m.mul(100, x),
      localDerivatives: [() => 100 * (1 + share)],
    });

  test("gradcheck: rtol is 1e-3 of the slope unless said otherwise", () => {
    expect(gradcheck(off(0.9e-3), [1]).passed).toBe(true);
    expect(gradcheck(off(1.1e-3), [1]).passed).toBe(false);
    expect(gradcheck(off(1.1e-3), [1], { rtol: 2e-3 }).passed).toBe(true);
    expect(gradcheck(off(0.9e-3), [1], { rtol: 1e-5 }).passed).toBe(false);
  });

  test("gradcheck: atol is 1e-5 unless said otherwise", () => {
    const add = (extra: number) =>
      defineOperation({
        name: "add",
        value: (_m, x) => x,
        localDerivatives: [() => 1 + extra],
      });
    expect(gradcheck(add(0.9e-5), [1], { rtol: 0 }).passed).toBe(true);
    expect(gradcheck(add(1.1e-5), [1], { rtol: 0 }).passed).toBe(false);
    expect(gradcheck(add(1.1e-5), [1], { rtol: 0, atol: 2e-5 }).passed).toBe(true);
  });

  test("gradcheck: eps is how far it nudges: 1e-6 unless said otherwise", () => {
    const seen: number[] = [];
    const f = (x: Value) => {
      seen.push(x.data);
      return x.mul(2);
    };
    gradcheck(f, [0]);
    expect([...seen].sort((p, q) => p - q)).toBeNear([-1e-6, 0, 1e-6]);
    seen.length = 0;
    gradcheck(f, [0], { eps: 0.5 });
    expect([...seen].sort((p, q) => p - q)).toEqual([-0.5, 0, 0.5]);
  });
});

describe("leaves", () => {
  const state = (leaves: Value[]) => leaves.map((w) => [w.data, w.grad, w.hasGrad]);

  /** Leaves with a gradient, with the gradient 0 after a pass, and with none. */
  function threeLeaves(): Value[] {
    const [a, b, c] = [2, 0, 5].map((x) => new Value(x));
    a.mul(7).add(b.mul(0)).backward();
    expect(state([a, b, c])).toEqual([
      [2, 7, true],
      [0, 0, true],
      [5, 0, false],
    ]);
    return [a, b, c];
  }

  test("gradcheck: leaves get their data and gradients back", () => {
    const leaves = threeLeaves();
    const before = state(leaves);
    expect(gradcheck((a, b, c) => a.mul(c).add(b.sin()), leaves).passed).toBe(true);
    expect(state(leaves)).toEqual(before);
  });

  test("gradcheck: leaves get their data and gradients back from an f that throws", () => {
    for (let call = 1; call <= 7; call++) {
      const leaves = threeLeaves();
      const before = state(leaves);
      let calls = 0;
      const f = (a: Value, b: Value, c: Value) => {
        calls += 1;
        if (calls === call) throw new Error("enough");
        return a.mul(c).add(b.sin());
      };
      expect(() => gradcheck(f, leaves)).toThrow("enough");
      expect(state(leaves), `call ${call}`).toEqual(before);
    }
  });

  test("gradcheck: takes the leaves of a model that f uses by itself", () => {
    const w = new Value(0.5, "w");
    const f = () => w.mul(3).tanh();
    expect(gradcheck(f, [w]).passed).toBe(true);
  });
});

describe("bad input", () => {
  const f = (x: Value) => x.mul(2);
  const call = gradcheck as unknown as (...rest: unknown[]) => unknown;

  test.each([
    ["no function", () => call(3, [1])],
    ["no inputs", () => call(f)],
    ["inputs that are no array", () => call(f, 1)],
    ["an input that is text", () => call(f, ["1"])],
    ["an input that is null", () => call(f, [null])],
    ["an input that is not finite", () => gradcheck(f, [Infinity])],
    ["a leaf that is NaN", () => gradcheck(f, [new Value(NaN)])],
    ["an inner node", () => gradcheck(f, [new Value(1).add(1)])],
    ["an f that returns a number", () => call((x: Value) => x.data, [1])],
    ["an f that returns nothing", () => call(() => undefined, [1])],
    ["an option nobody knows", () => call(f, [1], { epsilon: 1 })],
    ["options that are a number", () => call(f, [1], 1e-6)],
    ["an eps that is text", () => call(f, [1], { eps: "1e-6" })],
    ["an atol that is NaN", () => gradcheck(f, [1], { atol: NaN })],
  ] as [string, () => unknown][])("gradcheck: %s is a TypeError", (_what, wrong) => {
    expect(wrong).toThrow(TypeError);
    expect(wrong).toThrow(/^gradcheck: expected/);
  });

  test("gradcheck: an eps that is 0 or below is a RangeError", () => {
    for (const eps of [0, -1e-6]) expect(() => gradcheck(f, [1], { eps })).toThrow(RangeError);
  });

  test("gradcheck: an eps too small to change the input does not pass anything", () => {
    expect(gradcheck(f, [1e20], { eps: 1e-6 } as { eps: number }).passed).toBe(false);
  });

  test("gradcheck: numbers in place of Values are an easy mistake that is named", () => {
    const numbersOnly = ((x: Operand) => (x as unknown as number) * 2) as unknown as typeof f;
    expect(() => gradcheck(numbersOnly, [1])).toThrow(/a\.mul\(b\)/);
  });
});

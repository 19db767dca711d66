// Bad input: what `compile` and a program say of it, and where.

import { describe, expect, test } from "vitest";
import {
  type CompileOptions,
  compile,
  type Loss,
  type Program,
} from "../../src/compile/program.ts";
import type { Rows } from "../../src/compile/rows.ts";
import { defineOperation, values } from "../../src/functions.ts";
import { hinge } from "../../src/losses.ts";
import { Value } from "../../src/value.ts";
import { byEngine } from "./zoo.ts";

/** (a x0 + b x1 - t)², of which every example is easily worked out. */
function line(options: Partial<CompileOptions> = {}): Program {
  const [a, b] = [new Value(2, "a"), new Value(-1, "b")];
  const loss: Loss = ([x, y], [t]) => a.mul(x).add(b.mul(y)).sub(t).square();
  return compile(loss, { parameters: [a, b], inputs: 2, predict: ([x]) => x.mul(a), ...options });
}

/** Anything at all as rows: what a program in plain JavaScript may pass. */
const rows = (thing: unknown) => thing as Rows;

describe("Program.gradient", () => {
  // 2·3 - 1·1 - 4 = 1 and 2·0 - 1·2 - 1 = -3: the mean of 1 and 9 is 5.
  // Gradients: the mean of 2·1·3 and 2·(-3)·0 is 3, that of 2·1·1 and 2·(-3)·2 is -5.
  const nested = [
    [3, 1],
    [0, 2],
  ];
  const flat = [3, 1, 0, 2];
  const arrays = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array];
  const shared = new Float64Array(new SharedArrayBuffer(64), 16, 4);
  shared.set(flat);
  const within = new Float32Array([9, ...flat, 9]).subarray(1, 5);
  const good: [string, Rows, Rows][] = [
    ["nested arrays", nested, [[4], [1]]],
    ["a number for a row of one", nested, [4, 1]],
    ["flat arrays", flat, [4, 1]],
    ["rows that are typed arrays", nested.map((row) => Float32Array.from(row)), [4, 1]],
    ["a view of shared memory", shared, [4, 1]],
    ["a view of a part", within, Uint8Array.of(4, 1)],
    ...[...arrays, Uint32Array, Float32Array, Float64Array].map((Kind): [string, Rows, Rows] => [
      `a ${Kind.name}`,
      Kind.from(flat),
      Kind.from([4, 1]),
    ]),
  ];

  test.each(good)("takes %s", (_, x, t) => {
    const program = line();
    expect(program.gradient(x, t)).toBe(5);
    expect(program.parameters.map(({ grad }) => grad)).toEqual([3, -5]);
    expect([...program.losses(x, t)]).toEqual([1, 9]);
    expect([...program.predict(x)]).toEqual([6, 0]);
  });

  test("takes numbers of every size", () => {
    const program = line();
    expect(program.gradient([[1e200, 0]], [0])).toBe(Infinity);
    expect(program.losses([[5e-324, -0]], [-0])).toEqual(Float64Array.of(0));
  });

  const sparse = [
    [1, 2],
    [1, 2],
    [3, 4],
  ];
  delete sparse[1];
  const hole = [1, 2, 3, 4];
  delete hole[2];
  const one = [1];
  const bad: [string, unknown, unknown, string][] = [
    [
      "too few numbers in a row",
      [[1, 2], [1]],
      [1, 2],
      "inputs: expected 2 numbers in row 1, got 1",
    ],
    ["too many in a row", [[1, 2, 3]], one, "inputs: expected 2 numbers in row 0, got 3"],
    ["a wrong number in all", [1, 2, 3], one, "2 numbers for each example, got 3 in all"],
    ["rows nested twice", [[[1, 2]]], one, "inputs: expected 2 numbers in row 0, got 1"],
    ["no example", [], [], "expected at least one example, got none"],
    ["fewer targets", [[1, 2]], [], "as many rows of targets as of inputs, got 0 and 1"],
    ["more targets", [[1, 2]], [1, 2], "as many rows of targets as of inputs, got 2 and 1"],
    ["targets of two", [[1, 2]], [[1, 2]], "targets: expected 1 number in row 0, got 2"],
    ["a text", [["1", 2]], one, 'got "1" (a string) in row 0, column 0'],
    [
      "NaN",
      [
        [1, 2],
        [3, NaN],
      ],
      [1, 2],
      "expected finite numbers, got NaN in row 1, column 1",
    ],
    ["NaN in a typed array", Float64Array.of(1, 2, NaN, 4), [1, 2], "NaN in row 1, column 0"],
    [
      "an infinite target",
      [[1, 2]],
      [-Infinity],
      "targets: expected finite numbers, got -Infinity",
    ],
    ["a boolean", [[true, 2]], one, "got true in row 0, column 0"],
    ["a bigint", [[1, 2n]], one, "got 2n (a bigint) in row 0, column 1"],
    ["an array of bigints", BigInt64Array.of(1n, 2n), one, "got 1n (a bigint) in row 0, column 0"],
    ["a missing row", sparse, [1, 2, 3], "an array of 2 numbers in row 1, got undefined"],
    ["a missing number", hole, [1, 2], "got undefined in row 1, column 0"],
    ["null for a row", [[1, 2], null], [1, 2], "in row 1, got null"],
    ["a text for a row", [[1, 2], "ab"], [1, 2], 'in row 1, got "ab" (a string)'],
    ["rows and numbers mixed", [1, [2, 3]], one, "in row 0, got 1"],
    ["a Value", [[new Value(1), 2]], one, "got a Value in row 0, column 0"],
    ["a DataView", new DataView(new ArrayBuffer(16)), one, "got a DataView"],
    ["an ArrayBuffer", new ArrayBuffer(16), one, "got an ArrayBuffer"],
    ["a Set", new Set([1, 2]), one, "got a Set"],
    ["an object like an array", { length: 2, 0: 1, 1: 2 }, one, "got an object"],
    ["a text alone", "12", one, 'expected rows of numbers, got "12" (a string)'],
    ["nothing", undefined, one, "inputs: expected rows of numbers, got undefined"],
    ["a number for the targets", [[1, 2]], 5, "targets: expected rows of numbers, got 5"],
  ];

  test.each(bad)("names the place of %s, and changes nothing", (_, x, t, message) => {
    const program = line();
    for (const parameter of program.parameters) parameter.grad = 7;
    expect(() => program.gradient(rows(x), rows(t))).toThrow(message);
    expect(() => program.gradient(rows(x), rows(t))).toThrow(/^Program\.gradient/);
    expect(() => program.loss(rows(x), rows(t))).toThrow(/^Program\.loss/);
    expect(() => program.losses(rows(x), rows(t))).toThrow(/^Program\.losses/);
    expect(program.parameters.map(({ grad }) => grad)).toEqual([7, 7]);
    expect(program.gradient([3, 1], [4])).toBe(1); // and it still works
  });

  test("Program.predict: names the place, too, and needs to know how", () => {
    expect(() => line().predict([[1, 2, 3]])).toThrow(
      "Program.predict, inputs: expected 2 numbers in row 0, got 3",
    );
    expect(line().predict([])).toEqual(new Float64Array(0));
    const without = line({ predict: undefined });
    expect(() => without.predict([[1, 2]])).toThrow(
      "expected compile to be given the option predict",
    );
  });
});

describe("compile, loss", () => {
  /** A loss of x and a, with what it is said to be wrong with it. */
  const refused: [string, (a: Value) => unknown, RegExp][] = [
    ["returns a number", () => () => 3, /expected it to return a Value, got 3/],
    ["returns nothing", () => () => {}, /expected it to return a Value, got undefined/],
    [
      "returns an array",
      (a) =>
        ([x]: Value[]) => [x.mul(a)],
      /got an array of 1/,
    ],
    [
      "is asynchronous",
      (a) =>
        async ([x]: Value[]) =>
          x.mul(a),
      /got a Promise/,
    ],
    ["throws", () => () => expect.fail("mine"), /mine/],
    [
      "reads data",
      (a) =>
        ([x]: Value[]) =>
          x.data > 0 ? a : x.add(a),
      /asked for data of "input\[0\]"/,
    ],
    [
      "reads a gradient",
      (a) =>
        ([x]: Value[]) =>
          x.mul(a.grad),
      /asked for grad of "a"/,
    ],
    [
      "asks for hasGrad",
      (a) =>
        ([x]: Value[]) =>
          a.hasGrad ? x : x.mul(a),
      /asked for hasGrad of "a"/,
    ],
    [
      "goes backward",
      (a) =>
        ([x]: Value[]) => {
          x.mul(a).backward();
          return x.mul(a);
        },
      /asked for backward of the result of mul/,
    ],
    [
      "writes data",
      (a) =>
        ([x]: Value[]) => {
          a.data = 3;
          return x.mul(a);
        },
      /asked for data of "a"/,
    ],
    [
      "compares numbers",
      (a) =>
        ([x]: Value[]) =>
          values.less(x, 0) ? x.mul(a) : a.add(x),
      /asked for data of "input\[0\]"; a compiled program has no branches: use max, relu, abs, clamp/,
    ],
    [
      "reads a number off a text",
      (a) =>
        ([x]: Value[]) =>
          JSON.parse(JSON.stringify(x)) > 0 ? x.mul(a) : a.add(x),
      /expected the same graph at every call/,
    ],
    [
      "draws at random",
      (a) => {
        let seed = 0.1; // as Math.random might
        return ([x]: Value[]) => {
          seed = (seed * 7) % 1;
          return x.mul(a).mul(seed);
        };
      },
      /expected the same graph at every call, .* beginning at a constant/,
    ],
    [
      "counts its calls",
      (a) => {
        let calls = 0;
        return ([x]: Value[]) => {
          calls += 1;
          return calls > 1 ? x.mul(a).add(1) : x.mul(a);
        };
      },
      /expected the same graph at every call/,
    ],
    [
      "uses what was computed before",
      (a) => {
        const before = a.mul(2);
        return ([x]: Value[]) => x.mul(before);
      },
      /computes? all it needs from leaves, but it uses the result of mul, which was computed before/,
    ],
    ["ignores the input", (a) => () => a.mul(2), /depend on every input, but it ignores input 0/],
    [
      "ignores the parameter",
      () =>
        ([x]: Value[]) =>
          x,
      /every parameter, but it ignores .* "a"/,
    ],
    ["is a constant", () => () => new Value(3), /it ignores input 0 \(of 1\)/],
    [
      "uses JavaScript's operators",
      () =>
        ([x]: Value[]) =>
          +x * 2,
      /use a\.add\(b\) for a \+ b/,
    ],
  ];

  test.each(refused)("is refused if it %s", (_, make, message) => {
    const a = new Value(0.5, "a");
    const loss = make(a) as Loss; // not always
    expect(() => compile(loss, { parameters: [a], inputs: 1, targets: 0 })).toThrow(message);
    expect(a.data === 0.5 || a.data === 3).toBe(true);
    expect(new Value(1).data).toBe(1); // nobody is watched any more
  });

  test("is refused if it ignores a target or an input among several, which is named", () => {
    const a = new Value(1, "a");
    const loss: Loss = ([x, , z], [t]) => x.mul(a).add(z).add(t);
    expect(() => compile(loss, { parameters: [a], inputs: 3 })).toThrow(
      "it ignores input 1 (of 3)",
    );
    const other: Loss = ([x], [t]) => x.mul(a).add(t);
    expect(() => compile(other, { parameters: [a], inputs: 1, targets: 2 })).toThrow(
      "it ignores target 1 (of 2)",
    );
  });

  test("may print Values, and zero gradients", () => {
    const a = new Value(0.5, "a");
    const loss: Loss = ([x]) => {
      a.zeroGrad();
      expect(`${x} ${JSON.stringify([a])}`).toContain("[0.5]");
      return x.mul(a);
    };
    const program = compile(loss, { parameters: [a], inputs: 1, targets: 0 });
    expect(program.gradient([3])).toBe(1.5);
  });
});

describe("compile, options", () => {
  const a = new Value(0.5, "a");
  const loss: Loss = ([x], [t]) => x.mul(a).sub(t).square();
  const wrong: [string, object, RegExp][] = [
    [
      "an unknown one",
      { parameter: 1 },
      /^compile: expected one of the options .* got "parameter"/,
    ],
    ["no parameters", { parameters: [] }, /at least one, got none/],
    ["a parameter twice", { parameters: [a, a] }, /each once, got the same one again as number 1/],
    [
      "a number as parameter",
      { parameters: [a, 3] },
      /expected a leaf, each once, got 3 as number 1/,
    ],
    ["a computed parameter", { parameters: [a.mul(2)] }, /expected a leaf/],
    ["parameters in an object", { parameters: { a } }, /expected a module or an array of Values/],
    ["a parameter beside the graph", { parameters: [a, new Value(1)] }, /parameter number 1/],
    ["no input", { inputs: 0 }, /^compile, inputs: expected a whole number from 1/],
    ["half an input", { inputs: 1.5 }, /^compile, inputs: expected a whole number/],
    ["a billion inputs", { inputs: 1e9 }, /^compile, inputs: expected a whole number/],
    ["negative targets", { targets: -1 }, /^compile, targets: expected a whole number from 0/],
    ["another mode", { mode: "quick" }, /^compile, mode: expected one of exact, fast, fused/],
    ["predict no function", { predict: 3 }, /^compile, predict: expected a function, got 3/],
    ["predict a number", { predict: () => 3 }, /^compile, predict: expected it to return Values/],
    ["predict numbers", { predict: () => [3] }, /^compile, predict: expected it to return a Value/],
    [
      "predict nothing",
      { predict: () => [] },
      /^compile, predict: expected at least one prediction/,
    ],
    [
      "a numeric regularizer",
      { regularizer: () => 3 },
      /^compile, regularizer: expected it to return/,
    ],
    [
      "a regularizer that looks at numbers",
      { regularizer: ([p]: Value[]) => (p.data > 0 ? p : p.neg()) },
      /^compile, regularizer: .* asked for data of "a"/,
    ],
  ];

  test.each(wrong)("%s: the message says so", (_, options, message) => {
    const all = { parameters: [a], inputs: 1, ...options };
    expect(() => compile(loss, all)).toThrow(message);
  });

  test("none, or no loss: the message says so", () => {
    const none = undefined as unknown as CompileOptions; // as in plain JavaScript
    expect(() => compile(loss, none)).toThrow("compile: expected an object with options");
    const noLoss = null as unknown as Loss;
    expect(() => compile(noLoss, { parameters: [a], inputs: 1 })).toThrow(
      "compile: expected the loss to be a function, got null",
    );
    expect(() => compile(() => hinge(a, 0), { parameters: [a], inputs: 1 })).toThrow(
      "hinge: expected targets -1 or 1",
    );
  });
});

describe("compile: an operation that decides in JavaScript is left to the engine", () => {
  const own: [string, Parameters<typeof defineOperation>[0], RegExp][] = [
    [
      "by a comparison",
      {
        name: "kinked",
        value: (m, x) => (m.less(x, 0) ? m.mul(2, x) : m.mul(3, x)),
        localDerivatives: [(m, x) => (m.less(x, 0) ? 2 : 3)],
      },
      /the operation "kinked" is no formula: it decides by a comparison without where/,
    ],
    [
      "by a comparison in its derivative alone",
      {
        name: "size",
        value: (m, x) => m.abs(x),
        localDerivatives: [(m, x) => (m.less(x, 0) ? -1 : 1)],
      },
      /the operation "size" is no formula: it decides by a comparison without where/,
    ],
    [
      "by JavaScript's own arithmetic",
      {
        name: "doubled",
        value: (_m, x) => (x as number) * 2,
        localDerivatives: [() => 2],
      },
      /the operation "doubled" is no formula: it uses JavaScript's own operators/,
    ],
    [
      "by typeof",
      {
        name: "typed",
        value: (m, x) => (typeof x === "number" ? m.mul(2, x) : m.mul(5, x)),
        localDerivatives: [() => 2],
      },
      /the operation "typed" is no formula: it gives other numbers than the rule/,
    ],
    [
      "by throwing at some numbers",
      {
        name: "picky",
        value: (m, x) => {
          if (x === 1e9) throw new Error("too large for me");
          return m.mul(2, x);
        },
        localDerivatives: [() => 2],
      },
      /the operation "picky" is no formula: too large for me/,
    ],
  ];

  test.each(own)("%s", (_, definition, reason) => {
    const f = defineOperation(definition);
    const a = new Value(0.7, "a");
    const loss: Loss = ([x]) => f(x.mul(a));
    const options = { parameters: [a], inputs: 1, targets: 0 };
    const program = compile(loss, options);
    expect(program.path).toBe("engine");
    expect(program.reason).toMatch(reason);
    const specimen = { loss, options, inputs: [[2], [-3], [5]], targets: [] };
    const wanted = byEngine(specimen);
    a.grad = 123;
    expect(program.gradient([2, -3, 5])).toBe(wanted.loss);
    expect(a.grad).toBe(wanted.gradients[0]);
    expect(program.loss([2, -3, 5])).toBe(wanted.loss);
    expect([...program.losses([2, -3, 5])]).toEqual(wanted.losses);
  });

  test("in predict and in the regularizer, too; one that uses where is compiled", () => {
    const [branch, formula] = [0, 1].map((which) =>
      defineOperation({
        name: "bent",
        value: (m, x) => {
          const test = m.less(x, 0);
          const [low, high] = [m.mul(2, x), m.mul(3, x)];
          return which === 1 ? m.where(test, low, high) : test ? low : high;
        },
        localDerivatives: [(m, x) => m.where(m.less(x, 0), 2, 3)],
      }),
    );
    const a = new Value(-0.7, "a");
    const loss: Loss = ([x]) => formula(x.mul(a));
    const common = { parameters: [a], inputs: 1, targets: 0 };
    const paths = [
      compile(loss, { ...common, predict: (x) => branch(x[0]) }),
      compile(loss, { ...common, regularizer: ([p]) => branch(p) }),
      compile(loss, { ...common, predict: (x) => formula(x[0]) }),
    ].map(({ path }) => path);
    expect(paths).toEqual(["engine", "engine", "straight"]);
    const program = compile(loss, { ...common, regularizer: ([p]) => branch(p) });
    expect(program.gradient([1])).toBe(-1.4 + -1.4);
    expect(a.grad).toBe(2 + 2);
  });
});

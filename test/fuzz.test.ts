// Bad input of every sort to everything that takes input: what is right goes through, and what is
// wrong is an error that says where, never a silent answer, a hang or an error of another sort.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { grad, hessian, jvp } from "../src/derivatives.ts";
import * as exportedFunctions from "../src/functions.ts";
import { gradcheck } from "../src/gradcheck.ts";
import * as exportedLosses from "../src/losses.ts";
import { activations, initializations, Layer, MLP, Neuron } from "../src/nn.ts";
import * as exportedOptim from "../src/optim.ts";
import { pythonRandom } from "../src/random.ts";
import { Value } from "../src/value.ts";

// To be picked by name.
const functions = { ...exportedFunctions };
const losses = { ...exportedLosses };
const optim = { ...exportedOptim };

const RUNS = 150; // of each of the calls below

// What may come: every kind of thing that JavaScript has, and near misses.
const anyNumber = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 2, 0.5, NaN, Infinity, -Infinity, 1e308, 5e-324, 2 ** 32, 2 ** 53),
  fc.double(),
  fc.integer({ min: -3, max: 5 }),
);
const operand = fc.oneof(
  anyNumber,
  anyNumber.map((x) => new Value(x)),
  anyNumber.map((x) => new Value(x).add(1)),
);
const strange = fc.oneof(
  fc.constantFrom<unknown>("1", "", "tanh", "NaN", undefined, null, true, false, 1n, Symbol("s")),
  fc.constantFrom<unknown>(
    {},
    [],
    () => 1,
    Math.sin,
    Value,
    new Date(0),
    /x/,
    new Map(),
    Object(1),
  ),
  fc.constantFrom<unknown>({ valueOf: () => 1 }, { data: 1 }, Object.create(null), new Set([1])),
  fc.constantFrom<unknown>(new Float64Array(2), new Error("x"), Promise.resolve(1), globalThis),
  fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withTypedArray: true }),
);
const anything = fc.oneof({ weight: 2, arbitrary: operand }, { weight: 3, arbitrary: strange });
const list = (item: fc.Arbitrary<unknown>) => fc.array(item, { maxLength: 4 });
const anyList = fc.oneof(
  list(operand),
  list(fc.oneof({ weight: 4, arbitrary: operand }, { weight: 1, arbitrary: strange })),
  anything,
);
const leaf = anyNumber.map((x) => new Value(x));
const leaves = fc.oneof({ weight: 3, arbitrary: list(leaf) }, { weight: 1, arbitrary: anyList });

/** An object with some of these options, now and then with one too many, or no object at all. */
function options(known: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const each = Object.entries(known).map(([key, right]) => [
    key,
    fc.oneof({ weight: 3, arbitrary: right }, { weight: 1, arbitrary: anything }),
  ]);
  const some = fc.record(Object.fromEntries(each), { requiredKeys: [] });
  const more = fc.tuple(some, fc.constantFrom("lr", "Rate", "constructor", ""), anything);
  return fc.oneof(
    { weight: 8, arbitrary: some },
    { weight: 1, arbitrary: more.map(([object, key, x]) => ({ ...object, [key]: x })) },
    { weight: 1, arbitrary: anything },
  );
}

// What is right.
const isNumber = (x: unknown): x is number => typeof x === "number";
const isFiniteNumber = (x: unknown): x is number => isNumber(x) && Number.isFinite(x);
const isOperand = (x: unknown) => isNumber(x) || x instanceof Value;
const isOperands = (x: unknown): x is unknown[] => Array.isArray(x) && x.every(isOperand);
const isLeaf = (x: unknown) => x instanceof Value && x.op === "";
const isLeaves = (x: unknown) => Array.isArray(x) && x.length > 0 && x.every(isLeaf);
const isText = (x: unknown) => typeof x === "string";
const isSize = (x: unknown) => Number.isInteger(x) && (x as number) >= 1 && (x as number) <= 100;
const optional = (right: (x: unknown) => boolean) => (x: unknown) => x === undefined || right(x);
const atLeast0 = (x: unknown) => isFiniteNumber(x) && x >= 0;

/** A plain object with nothing but these, each of them right or left out. */
function isOptions(x: unknown, known: Record<string, (x: unknown) => boolean>): boolean {
  if (x === undefined) return true; // all options may be left out
  if (x === null || typeof x !== "object") return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  if (prototype !== null && prototype !== Object.prototype) return false;
  return Object.entries(x).every(
    ([key, value]) => Object.hasOwn(known, key) && optional(known[key])(value),
  );
}

interface Call {
  readonly name: string;
  readonly args: readonly fc.Arbitrary<unknown>[];
  readonly right: (...args: unknown[]) => boolean;
  readonly call: (...args: never[]) => unknown;
}

const calls: Call[] = [
  {
    name: "new Value",
    args: [anything, fc.option(anything, { nil: undefined })],
    right: (x, label) => isNumber(x) && optional(isText)(label),
    call: (x: number, label: string) => new Value(x, label),
  },
  {
    name: "Value.data, Value.grad",
    args: [anything],
    right: isNumber,
    call: (x: number) => {
      const value = new Value(1);
      value.data = x;
      value.grad = x;
    },
  },
  {
    name: "Value.label",
    args: [anything],
    right: isText,
    call: (x: string) => {
      new Value(1).label = x;
    },
  },
];

// Operations: as methods and as functions, by name.
type Free = (...operands: unknown[]) => unknown;
const unary = ["neg", "exp", "log", "tanh", "relu", "square", "detach", "gelu"] as const;
const binary = ["add", "sub", "mul", "div", "pow", "max", "min"] as const;
for (const name of unary) {
  calls.push({
    name,
    args: [anything],
    right: isOperand,
    call: functions[name] as Free,
  });
}
for (const name of binary) {
  calls.push({
    name,
    args: [anything, anything],
    right: (a, b) => isOperand(a) && isOperand(b),
    call: functions[name] as Free,
  });
  calls.push({
    name: `Value.${name}`,
    args: [anything],
    right: isOperand,
    call: (x: Value) => new Value(2)[name](x),
  });
}
for (const name of ["leakyRelu", "elu"] as const) {
  calls.push({
    name,
    args: [anything, anything],
    right: (x, parameter) => isOperand(x) && optional(isNumber)(parameter),
    call: functions[name] as Free,
  });
}
calls.push({
  name: "clamp",
  args: [operand, anything, anything],
  right: (_x, lo, hi) => isNumber(lo) && isNumber(hi) && lo <= hi,
  call: functions.clamp as Free,
});
for (const name of ["sum", "mean", "logSumExp", "softmax"] as const) {
  calls.push({
    name,
    args: [anyList],
    right: (terms) => isOperands(terms) && terms.length > 0,
    call: functions[name] as Free,
  });
}

// Derivatives.
const output = fc.oneof({ weight: 4, arbitrary: leaf.map((x) => x.mul(2)) }, anything);
const isValues = (x: unknown): x is Value[] =>
  Array.isArray(x) && x.every((one) => one instanceof Value);
for (const [name, f] of [
  ["grad", grad],
  ["hessian", hessian],
] as const) {
  calls.push({
    name,
    args: [output, leaves],
    right: (y, xs) => y instanceof Value && isValues(xs),
    call: f,
  });
}
calls.push({
  name: "jvp",
  args: [output, leaves, anyList],
  right: (y, xs, ts) =>
    y instanceof Value &&
    isValues(xs) &&
    Array.isArray(ts) &&
    ts.length === xs.length &&
    ts.every(isNumber),
  call: jvp,
});
calls.push({
  name: "gradcheck",
  args: [
    fc.oneof(
      { weight: 3, arbitrary: fc.constant((...xs: Value[]) => functions.sum([1, ...xs])) },
      anything,
    ),
    anyList,
    options({ eps: fc.constant(1e-6), atol: fc.constant(1e-5), rtol: fc.constant(1e-3) }),
  ],
  right: (f, xs, chosen) =>
    f instanceof Function &&
    f.name === "" && // ours, which returns a Value
    f.length === 0 &&
    isOperands(xs) &&
    xs.every((x) =>
      x instanceof Value ? isLeaf(x) && isFiniteNumber(x.data) : isFiniteNumber(x),
    ) &&
    isOptions(chosen, {
      eps: (x) => isFiniteNumber(x) && x > 0,
      atol: isFiniteNumber,
      rtol: isFiniteNumber,
    }),
  call: gradcheck,
});
calls.push({
  name: "defineOperation",
  args: [options({ name: fc.constant("f"), value: fc.constant(() => 1) })],
  right: () => false, // localDerivatives are missing or strange
  call: functions.defineOperation,
});

// Networks. Sizes are small where they are right.
const size = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: -1, max: 6 }) }, anything);
const random = pythonRandom(1);
const neuronOptions = {
  activation: fc.constantFrom(...activations),
  init: fc.constantFrom(...initializations),
  random: fc.constant(random),
};
const rightNeuron = {
  activation: (x: unknown) => (activations as readonly unknown[]).includes(x),
  init: (x: unknown) => (initializations as readonly unknown[]).includes(x),
  random: (x: unknown) => x === random,
};
const outputOption = { output: fc.constantFrom(...activations) };
calls.push(
  {
    name: "new Neuron",
    args: [size, options(neuronOptions)],
    right: (nin, chosen) => isSize(nin) && isOptions(chosen, rightNeuron),
    call: (nin: number, chosen: object) => new Neuron(nin, chosen),
  },
  {
    name: "new Layer",
    args: [size, size, options(neuronOptions)],
    right: (nin, nout, chosen) => isSize(nin) && isSize(nout) && isOptions(chosen, rightNeuron),
    call: (nin: number, nout: number, chosen: object) => new Layer(nin, nout, chosen),
  },
  {
    name: "new MLP",
    args: [size, fc.oneof(list(size), anyList), options({ ...neuronOptions, ...outputOption })],
    right: (nin, sizes, chosen) =>
      isSize(nin) &&
      Array.isArray(sizes) &&
      sizes.length > 0 &&
      sizes.every(isSize) &&
      isOptions(chosen, { ...rightNeuron, output: rightNeuron.activation }),
    call: (nin: number, sizes: number[], chosen: object) => new MLP(nin, sizes, chosen),
  },
);
for (const module of [new Neuron(2), new Layer(2, 2), new MLP(2, [2, 1])]) {
  const name = module.constructor.name;
  calls.push(
    {
      name: `${name}.forward`,
      args: [anyList],
      right: (x) => isOperands(x) && x.length === 2,
      call: (x: number[]) => module.forward(x),
    },
    {
      name: `${name}.predict`,
      args: [anyList],
      right: (x) => Array.isArray(x) && x.length === 2 && x.every(isNumber),
      call: (x: number[]) => module.predict(x),
    },
  );
}

// Losses.
const isPredictions = (x: unknown) => isOperand(x) || (isOperands(x) && x.length > 0);
const countOf = (x: unknown) => (Array.isArray(x) ? x.length : 1);
const anyTarget = () => true;
const pairs = {
  squaredError: anyTarget,
  meanSquaredError: anyTarget,
  absoluteError: anyTarget,
  huber: anyTarget,
  hinge: (t: unknown) => typeof t !== "number" || t === -1 || t === 1,
  binaryCrossEntropy: (t: unknown) => typeof t !== "number" || (t >= 0 && t <= 1),
};
for (const [name, fits] of Object.entries(pairs) as [
  keyof typeof pairs,
  (t: unknown) => boolean,
][]) {
  calls.push({
    name,
    args: [anyList, anyList],
    right: (ps, ts) =>
      isPredictions(ps) &&
      isPredictions(ts) &&
      countOf(ps) === countOf(ts) &&
      (Array.isArray(ts) ? ts : [ts]).every(fits),
    call: losses[name] as Free,
  });
}
calls.push(
  {
    name: "huber",
    args: [operand, operand, anything],
    right: (_p, _t, delta) => optional((x) => isFiniteNumber(x) && x > 0)(delta),
    call: losses.huber as Free,
  },
  {
    name: "crossEntropy",
    args: [anyList, anything],
    right: (logits, target) =>
      isOperands(logits) &&
      [target].flat().length === 1 &&
      ([target].flat()[0] instanceof Value
        ? logits.length > 0
        : Number.isInteger([target].flat()[0]) &&
          ([target].flat()[0] as number) >= 0 &&
          ([target].flat()[0] as number) < logits.length),
    call: losses.crossEntropy,
  },
);

// Optimizers and schedules.
const share = fc.double({ min: 0, max: 0.99, noNaN: true });
const betas = fc.tuple(share, share);
const isBetas = (x: unknown) =>
  Array.isArray(x) && x.length === 2 && x.every((b) => isFiniteNumber(b) && b >= 0 && b < 1);
const common = { rate: share, weightDecay: share };
const rightCommon = { rate: atLeast0, weightDecay: atLeast0 };
calls.push({
  name: "new SGD",
  args: [
    leaves,
    options({
      ...common,
      momentum: share,
      dampening: fc.constantFrom(0, 0.5),
      nesterov: fc.boolean(),
    }),
  ],
  right: (ps, chosen) => {
    const known = {
      ...rightCommon,
      momentum: atLeast0,
      dampening: isFiniteNumber,
      nesterov: (x: unknown) => typeof x === "boolean",
    };
    if (!isLeaves(ps) || !isOptions(chosen, known)) return false;
    const { nesterov, momentum = 0, dampening = 0 } = (chosen ?? {}) as exportedOptim.SGDOptions;
    return nesterov !== true || (momentum > 0 && dampening === 0);
  },
  call: (ps: Value[], chosen: object) => new optim.SGD(ps, chosen),
});
for (const name of ["Adam", "AdamW"] as const) {
  calls.push({
    name: `new ${name}`,
    args: [leaves, options({ ...common, eps: share, betas })],
    right: (ps, chosen) =>
      isLeaves(ps) && isOptions(chosen, { ...rightCommon, eps: atLeast0, betas: isBetas }),
    call: (ps: Value[], chosen: object) => new optim[name](ps, chosen),
  });
}
const count = fc.oneof(fc.integer({ min: 0, max: 10 }), anything);
const isCount = (x: unknown) => Number.isSafeInteger(x) && (x as number) >= 1;
for (const name of ["linearRate", "cosineRate", "stepRate"] as const) {
  calls.push({
    name,
    args: [fc.oneof(share, anything), fc.oneof(share, anything), count],
    right: (first, last, steps) => atLeast0(first) && atLeast0(last) && isCount(steps),
    call: optim[name],
  });
}

/** An error that names the call, in one line, and not the engine's own or JavaScript's. */
function expectProperError(error: unknown): void {
  expect([TypeError, RangeError, Error]).toContain(Object(error).constructor);
  const { message } = error as Error; // the line before has found so
  expect(message).toMatch(/^(new )?[A-Za-z][\w.]*(\(".*"\))?(, [\w ]+)?: expected .*\bgot\b/);
  expect(message).not.toContain("\n");
  expect(message.length).toBeLessThan(400);
}

describe("fuzz", () => {
  test("these are at least 1,000 cases", () => {
    expect(calls.length * RUNS).toBeGreaterThan(1000);
  });

  test.each(calls)("$name: what is right goes through, what is wrong says where", (entry) => {
    const { args, right, call } = entry;
    const counts = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(fc.tuple(...args), (drawn) => {
        let error: unknown;
        let thrown = false;
        try {
          call(...(drawn as never[]));
        } catch (caught) {
          thrown = true;
          error = caught;
        }
        const expected = right(...drawn);
        counts[expected ? "right" : "wrong"] += 1;
        const what = thrown ? `threw ${String(error)}` : "went through";
        expect(thrown, `${what}, which should${expected ? " not" : ""} be refused`).toBe(!expected);
        if (thrown) expectProperError(error);
      }),
      { seed: 5, numRuns: RUNS },
    );
    expect(counts.wrong).toBeGreaterThan(5);
  });
});

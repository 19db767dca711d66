// All operations, each with points that say what is right there: the values and derivatives of the
// smooth points from reference/operations.json (high precision; its recipe is operations.py), those
// of the awkward points worked out by hand below. Tests of values, derivatives, second derivatives
// and the compiler go through these rows, so a new operation is tested everywhere.

import * as exportedFunctions from "../src/functions.ts";
import type { BinaryName, Operation, UnaryName } from "../src/operations.ts";
import * as exportedOperations from "../src/operations.ts";
import { type Operand, toValue, Value } from "../src/value.ts";
import reference from "./reference/operations.json" with { type: "json" };

const functions = { ...exportedFunctions }; // to be picked by name
const table = { ...exportedOperations };

/** An operation at one place. */
export interface Point {
  readonly inputs: readonly number[];
  readonly value: number;
  /** d value / d input, for each input; undefined where nobody promises anything. */
  readonly derivatives: readonly (number | undefined)[];
  /** d (d value / d input i) / d input j in row i; left out at most awkward points. */
  readonly second?: readonly (readonly number[])[];
  /** Why the point is here; "" for one of the smooth points. */
  readonly why: string;
}

/** One operation as the tests see it. */
export interface Row {
  /** Its name with its parameters, such as `tanh` or `clamp(-1, 2)`. */
  readonly title: string;
  readonly operation: Operation;
  /** By way of the method of Value. */
  readonly method: (...inputs: Value[]) => Value;
  /** By way of the function that takes numbers, too. */
  readonly free: (...inputs: Operand[]) => Value;
  /** Is this at least 1e-3 away from every kink, every pole and the border of where it exists? */
  readonly smooth: (...inputs: number[]) => boolean;
  readonly points: readonly Point[];
}

const MARGIN = 1e-3;
const everywhere = () => true;
const above = (border: number) => (x: number) => x >= border + MARGIN;
const awayFrom =
  (...borders: number[]) =>
  (x: number) =>
    borders.every((border) => Math.abs(x - border) >= MARGIN);

const at = (
  inputs: readonly number[],
  value: number,
  derivatives: readonly (number | undefined)[],
  why: string,
  second?: readonly (readonly number[])[],
): Point => ({ inputs, value, derivatives, why, ...(second && { second }) });

/** The same point of an operation of one input. */
const at1 = (x: number, value: number, slope: number | undefined, why: string, bend?: number) =>
  at([x], value, [slope], why, bend === undefined ? undefined : [[bend]]);

const nan1 = at1(NaN, NaN, NaN, "NaN stays NaN");
const nanValue = at1(NaN, NaN, undefined, "NaN stays NaN");
const nan2 = [
  at([NaN, 2], NaN, [undefined, undefined], "NaN stays NaN, on the left"),
  at([2, NaN], NaN, [undefined, undefined], "NaN stays NaN, on the right"),
];

interface Description {
  readonly smooth: (...inputs: number[]) => boolean;
  readonly awkward: readonly Point[];
}

/** The smooth points of a row from the high-precision file. */
function referencePoints(name: string, parameters: readonly number[]): Point[] {
  const row = reference.rows.find(
    (one) => one.name === name && String(one.parameters) === String(parameters),
  );
  return (row?.points ?? []).map((point) => ({ ...point, why: "" }));
}

// Worked by hand. A derivative is read off the limit or the rule of semantics.md that is quoted.
const unary: Readonly<Record<UnaryName, Description>> = {
  neg: {
    smooth: everywhere,
    awkward: [at1(Infinity, -Infinity, -1, "infinite"), at1(NaN, NaN, -1, "the slope is constant")],
  },
  exp: {
    smooth: everywhere,
    awkward: [
      at1(710, Infinity, Infinity, "overflows: e^709.78 is the largest double"),
      at1(-800, 0, 0, "underflows: e^-745.1 is the smallest double"),
      at1(Infinity, Infinity, Infinity, "infinite"),
      at1(-Infinity, 0, 0, "infinite"),
      nan1,
    ],
  },
  expm1: {
    smooth: everywhere,
    awkward: [
      at1(-1000, -1, 0, "saturated"),
      at1(Infinity, Infinity, Infinity, "infinite"),
      at1(-Infinity, -1, 0, "infinite"),
      nan1,
    ],
  },
  log: {
    smooth: above(0),
    awkward: [
      at1(0, -Infinity, Infinity, "pole"),
      at1(-1, NaN, undefined, "no logarithm below 0"),
      at1(Infinity, Infinity, 0, "infinite"),
      nan1,
    ],
  },
  log1p: {
    smooth: above(-1),
    awkward: [
      at1(-1, -Infinity, Infinity, "pole"),
      at1(-2, NaN, undefined, "no logarithm below 0"),
      at1(Infinity, Infinity, 0, "infinite"),
      nan1,
    ],
  },
  log2: {
    smooth: above(0),
    awkward: [
      at1(0, -Infinity, Infinity, "pole"),
      at1(-1, NaN, undefined, "no logarithm below 0"),
      at1(Infinity, Infinity, 0, "infinite"),
      nan1,
    ],
  },
  log10: {
    smooth: above(0),
    awkward: [
      at1(0, -Infinity, Infinity, "pole"),
      at1(-1, NaN, undefined, "no logarithm below 0"),
      at1(Infinity, Infinity, 0, "infinite"),
      nan1,
    ],
  },
  sqrt: {
    smooth: above(0),
    awkward: [
      at1(0, 0, Infinity, "a vertical tangent"),
      at1(-1, NaN, NaN, "no root below 0"),
      at1(Infinity, Infinity, 0, "infinite"),
      nan1,
    ],
  },
  tanh: {
    smooth: everywhere,
    awkward: [
      at1(1000, 1, 0, "saturated: 4 e^-2000 underflows"),
      at1(-1000, -1, 0, "saturated"),
      at1(Infinity, 1, 0, "infinite"),
      at1(-Infinity, -1, 0, "infinite"),
      nan1,
    ],
  },
  sigmoid: {
    smooth: everywhere,
    awkward: [
      at1(1000, 1, 0, "saturated: e^-1000 underflows"),
      at1(-1000, 0, 0, "saturated"),
      at1(Infinity, 1, 0, "infinite"),
      at1(-Infinity, 0, 0, "infinite"),
      nan1,
    ],
  },
  softplus: {
    smooth: everywhere,
    awkward: [
      at1(1000, 1000, 1, "saturated: e^1000 would overflow"),
      at1(-1000, 0, 0, "saturated"),
      at1(Infinity, Infinity, 1, "infinite"),
      at1(-Infinity, 0, 0, "infinite"),
      nan1,
    ],
  },
  silu: {
    smooth: everywhere,
    awkward: [
      at1(1000, 1000, 1, "saturated"),
      at1(-1000, 0, 0, "saturated"),
      at1(Infinity, Infinity, undefined, "infinite"),
      nan1,
    ],
  },
  gelu: {
    smooth: everywhere,
    awkward: [
      at1(1000, 1000, 1, "saturated"),
      at1(-1000, 0, 0, "saturated"),
      at1(Infinity, Infinity, undefined, "infinite"),
      nan1,
    ],
  },
  geluTanh: {
    smooth: everywhere,
    awkward: [
      at1(1000, 1000, 1, "saturated"),
      at1(-1000, 0, 0, "saturated"),
      at1(Infinity, Infinity, undefined, "infinite"),
      nan1,
    ],
  },
  relu: {
    smooth: awayFrom(0),
    awkward: [
      at1(0, 0, 0, "kink: relu'(0) = 0", 0),
      at1(-0, 0, 0, "kink: relu'(0) = 0", 0),
      at1(Infinity, Infinity, 1, "infinite", 0),
      at1(-Infinity, 0, 0, "infinite", 0),
      nanValue,
    ],
  },
  abs: {
    smooth: awayFrom(0),
    awkward: [
      at1(0, 0, 0, "kink: abs'(0) = 0", 0),
      at1(-0, 0, 0, "kink: abs'(0) = 0", 0),
      at1(Infinity, Infinity, 1, "infinite", 0),
      at1(-Infinity, Infinity, -1, "infinite", 0),
      nanValue,
    ],
  },
  sin: { smooth: everywhere, awkward: [at1(Infinity, NaN, NaN, "it has no limit"), nan1] },
  cos: { smooth: everywhere, awkward: [at1(-Infinity, NaN, NaN, "it has no limit"), nan1] },
  tan: {
    smooth: (x) => Math.abs(Math.cos(x)) >= 2 * MARGIN,
    awkward: [at1(Infinity, NaN, NaN, "it has no limit"), nan1],
  },
  atan: {
    smooth: everywhere,
    awkward: [
      at1(Infinity, Math.PI / 2, 0, "infinite"),
      at1(-Infinity, -Math.PI / 2, 0, "infinite"),
      nan1,
    ],
  },
  sinh: {
    smooth: everywhere,
    awkward: [
      at1(1000, Infinity, Infinity, "overflows"),
      at1(-Infinity, -Infinity, Infinity, "infinite"),
      nan1,
    ],
  },
  cosh: {
    smooth: everywhere,
    awkward: [
      at1(1000, Infinity, Infinity, "overflows"),
      at1(-Infinity, Infinity, -Infinity, "infinite"),
      nan1,
    ],
  },
  asinh: {
    smooth: everywhere,
    awkward: [
      at1(Infinity, Infinity, 0, "infinite"),
      at1(-Infinity, -Infinity, 0, "infinite"),
      nan1,
    ],
  },
  erf: {
    smooth: everywhere,
    awkward: [at1(30, 1, 0, "saturated"), at1(-Infinity, -1, 0, "infinite"), nan1],
  },
  erfc: {
    smooth: everywhere,
    awkward: [
      at1(30, 0, 0, "saturated: e^-900 underflows"),
      at1(-Infinity, 2, 0, "infinite"),
      at1(Infinity, 0, 0, "infinite"),
      nan1,
    ],
  },
  square: {
    smooth: everywhere,
    awkward: [
      at1(1e200, Infinity, 2e200, "overflows"),
      at1(-Infinity, Infinity, -Infinity, "infinite"),
      nan1,
    ],
  },
  reciprocal: {
    smooth: awayFrom(0),
    awkward: [
      at1(0, Infinity, -Infinity, "pole"),
      at1(-0, -Infinity, -Infinity, "pole"),
      at1(1e-200, 1e200, -Infinity, "the slope, -1e400, overflows"),
      at1(1e200, 1e-200, 0, "the slope, -1e-400, underflows"),
      at1(Infinity, 0, 0, "infinite"),
      nan1,
    ],
  },
  detach: {
    smooth: everywhere,
    awkward: [
      at1(-2, -2, 0, "no gradient flows through it", 0),
      at1(0, 0, 0, "no gradient flows through it", 0),
      at1(3, 3, 0, "no gradient flows through it", 0),
      at1(Infinity, Infinity, 0, "infinite"),
      at1(NaN, NaN, 0, "no gradient flows through it"),
    ],
  },
};

const binary: Readonly<Record<BinaryName, Description>> = {
  add: {
    smooth: everywhere,
    awkward: [
      at([Infinity, -Infinity], NaN, [1, 1], "infinity minus infinity"),
      at([NaN, 2], NaN, [1, 1], "the slopes are constant"),
    ],
  },
  sub: {
    smooth: everywhere,
    awkward: [
      at([Infinity, Infinity], NaN, [1, -1], "infinity minus infinity"),
      at([-0, 0], -0, [1, -1], "the two zeros"),
      at([2, NaN], NaN, [1, -1], "the slopes are constant"),
    ],
  },
  mul: {
    smooth: everywhere,
    awkward: [
      at([0, Infinity], NaN, [Infinity, 0], "zero times infinity"),
      at([1e200, 1e200], Infinity, [1e200, 1e200], "overflows"),
      at([NaN, 2], NaN, [2, NaN], "each slope is the other factor"),
    ],
  },
  div: {
    smooth: (_a, b) => Math.abs(b) >= MARGIN,
    awkward: [
      at([1e200, 1e200], 1, [1e-200, -1e-200], "-a/(b*b) would be 0: b*b overflows"),
      at([1, 1e-200], 1e200, [1e200, -Infinity], "the slope, -1e400, overflows"),
      at([1, 0], Infinity, [Infinity, -Infinity], "pole"),
      at([-1, 0], -Infinity, [Infinity, Infinity], "pole"),
      at([0, 0], NaN, [Infinity, NaN], "zero by zero"),
      at([1, Infinity], 0, [0, 0], "infinite"),
      ...nan2,
    ],
  },
  pow: {
    smooth: (a) => a >= MARGIN,
    awkward: [
      at([0, 2], 0, [0, 0], "d/db at a = 0 is 0 for b >= 0"),
      at([0, 1], 0, [1, 0], "d/db at a = 0 is 0 for b >= 0"),
      at([0, 0], 1, [0, 0], "0^0 = 1; the slope to a is that of the constant 1"),
      at([5, 0], 1, [0, Math.log(5)], "b = 0: the slope to a is 0; to b 5^0 log 5"),
      at([0, -1], Infinity, [-Infinity, -Infinity], "d/db at a = 0 is -Infinity for b < 0"),
      at([0, 0.5], 0, [Infinity, 0], "a vertical tangent"),
      at([-2, 3], -8, [12, NaN], "a < 0: b a^(b-1) exists, log a does not"),
      at([-2, 0.5], NaN, [NaN, NaN], "no root below 0"),
      at([-3, 0], 1, [0, NaN], "a < 0"),
      ...nan2,
    ],
  },
  max: {
    smooth: (a, b) => Math.abs(a - b) >= MARGIN,
    awkward: [
      at([2, 2], 2, [0.5, 0.5], "a tie", [
        [0, 0],
        [0, 0],
      ]),
      at([0, -0], 0, [0.5, 0.5], "the two zeros are a tie"),
      at([Infinity, Infinity], Infinity, [0.5, 0.5], "an infinite tie"),
      at([Infinity, 1], Infinity, [1, 0], "infinite"),
      at([NaN, 2], NaN, [1, 0], "NaN wins"),
      at([2, NaN], NaN, [0, 1], "NaN wins"),
      at([NaN, NaN], NaN, [0.5, 0.5], "a tie of NaNs"),
    ],
  },
  min: {
    smooth: (a, b) => Math.abs(a - b) >= MARGIN,
    awkward: [
      at([2, 2], 2, [0.5, 0.5], "a tie", [
        [0, 0],
        [0, 0],
      ]),
      at([0, -0], -0, [0.5, 0.5], "the two zeros are a tie"),
      at([-Infinity, -Infinity], -Infinity, [0.5, 0.5], "an infinite tie"),
      at([Infinity, 1], 1, [0, 1], "infinite"),
      at([NaN, 2], NaN, [1, 0], "NaN wins"),
      at([2, NaN], NaN, [0, 1], "NaN wins"),
      at([NaN, NaN], NaN, [0.5, 0.5], "a tie of NaNs"),
    ],
  },
};

/** The functions of operations.ts that make operations from fixed numbers; pick has rows below. */
type FamilyName = Exclude<
  {
    [K in keyof typeof table]: (typeof table)[K] extends (...numbers: number[]) => Operation
      ? K
      : never;
  }[keyof typeof table],
  "pick"
>;

interface Member {
  readonly parameters: readonly number[];
  readonly smooth: (x: number) => boolean;
  readonly awkward: readonly Point[];
}

interface Family {
  readonly title: (...parameters: number[]) => string;
  readonly method: (x: Value, ...parameters: number[]) => Value;
  readonly free: (x: Operand, ...parameters: number[]) => Value;
  readonly members: readonly Member[];
}

const families: Readonly<Record<FamilyName, Family>> = {
  power: {
    title: (n) => `pow ${n}`,
    method: (x, n) => x.pow(n),
    free: (x, n) => functions.pow(x, n),
    members: [
      { parameters: [-2], smooth: awayFrom(0), awkward: [at1(0, Infinity, -Infinity, "pole")] },
      {
        parameters: [-1],
        smooth: awayFrom(0),
        awkward: [
          at1(0, Infinity, -Infinity, "pole"),
          at1(-0, -Infinity, -Infinity, "pole"),
          at1(Infinity, 0, 0, "infinite"),
        ],
      },
      { parameters: [-0.5], smooth: above(0), awkward: [at1(0, Infinity, -Infinity, "pole")] },
      {
        parameters: [0],
        smooth: everywhere,
        awkward: [
          at1(0, 1, 0, "n = 0: the slope is 0, also at 0", 0),
          at1(Infinity, 1, 0, "n = 0: the slope is 0"),
          at1(NaN, 1, 0, "the constant 1"),
        ],
      },
      {
        parameters: [0.5],
        smooth: above(0),
        awkward: [
          at1(0, 0, Infinity, "a vertical tangent"),
          at1(-1, NaN, NaN, "no root below 0"),
          nan1,
        ],
      },
      { parameters: [1], smooth: everywhere, awkward: [at1(Infinity, Infinity, 1, "infinite")] },
      {
        parameters: [2],
        smooth: everywhere,
        awkward: [at1(-Infinity, Infinity, -Infinity, "infinite"), nan1],
      },
      {
        parameters: [3],
        smooth: everywhere,
        awkward: [
          at1(1e150, Infinity, 3e300, "overflows"),
          at1(-Infinity, -Infinity, Infinity, "infinite"),
          nan1,
        ],
      },
      {
        parameters: [2.5],
        smooth: above(0),
        awkward: [at1(0, 0, 0, "the border"), at1(-1, NaN, NaN, "no root below 0")],
      },
      { parameters: [10], smooth: everywhere, awkward: [nan1] },
    ],
  },
  clamp: {
    title: (lo, hi) => `clamp(${lo}, ${hi})`,
    method: (x, lo, hi) => x.clamp(lo, hi),
    free: (x, lo, hi) => functions.clamp(x, lo, hi),
    members: [
      {
        parameters: [-1, 2],
        smooth: awayFrom(-1, 2),
        awkward: [
          at1(-1, -1, 1, "the slope at the bounds is 1", 0),
          at1(2, 2, 1, "the slope at the bounds is 1", 0),
          at1(Infinity, 2, 0, "infinite", 0),
          at1(-Infinity, -1, 0, "infinite", 0),
          nanValue,
        ],
      },
    ],
  },
  leakyRelu: {
    title: (slope) => `leakyRelu(${slope})`,
    method: (x, slope) => x.leakyRelu(slope),
    free: (x, slope) => functions.leakyRelu(x, slope),
    members: [
      {
        parameters: [0.01],
        smooth: awayFrom(0),
        awkward: [
          at1(0, 0, 0.01, "kink: the slope of the left side, as in PyTorch", 0),
          at1(Infinity, Infinity, 1, "infinite", 0),
          at1(-Infinity, -Infinity, 0.01, "infinite", 0),
          nanValue,
        ],
      },
      {
        parameters: [0.25],
        smooth: awayFrom(0),
        awkward: [at1(0, 0, 0.25, "kink: the slope of the left side, as in PyTorch", 0)],
      },
    ],
  },
  elu: {
    title: (alpha) => `elu(${alpha})`,
    method: (x, alpha) => x.elu(alpha),
    free: (x, alpha) => functions.elu(x, alpha),
    members: [
      {
        parameters: [1],
        smooth: awayFrom(0),
        awkward: [
          at1(0, 0, 1, "both sides have the slope 1"),
          at1(1000, 1000, 1, "e^1000 would overflow"),
          at1(-1000, -1, 0, "saturated"),
          at1(Infinity, Infinity, 1, "infinite"),
          at1(-Infinity, -1, 0, "infinite"),
          nanValue,
        ],
      },
      {
        parameters: [0.5],
        smooth: awayFrom(0),
        awkward: [at1(0, 0, 0.5, "kink: the slope of the left side, as in PyTorch")],
      },
    ],
  },
};

// The methods and functions are called by their names: that they exist under them is tested, too.
const unaryRows = Object.entries(unary).map(([key, { smooth, awkward }]): Row => {
  const name = key as UnaryName; // the keys of a Record<UnaryName, …>
  return {
    title: name,
    operation: table.operations[name],
    method: (x) => x[name](),
    free: (x) => functions[name](x),
    smooth,
    points: [...referencePoints(name, []), ...awkward],
  };
});

const binaryRows = Object.entries(binary).map(([key, { smooth, awkward }]): Row => {
  const name = key as BinaryName; // the keys of a Record<BinaryName, …>
  return {
    title: name,
    operation: table.operations[name],
    method: (a, b) => a[name](b),
    free: (a, b) => functions[name](a, b),
    smooth,
    points: [...referencePoints(name, []), ...awkward],
  };
});

const familyRows = Object.entries(families).flatMap(([key, { title, method, free, members }]) =>
  members.map(
    ({ parameters, smooth, awkward }): Row => ({
      title: title(...parameters),
      operation: table[key as FamilyName](...(parameters as [number, number])), // the right number
      method: (x) => method(x, ...parameters),
      free: (x) => free(x, ...parameters),
      smooth: (x) => smooth(x),
      points: [...referencePoints(key, parameters), ...awkward],
    }),
  ),
);

const flat = (inputs: number) => Array(inputs).fill(Array(inputs).fill(0));

// Inputs: the target, then the candidates. It has no method of its own.
const pickPoints: readonly Point[][] = [
  [
    at([0, 5], 5, [0, 1], "the only one", flat(2)),
    at([1, 5], NaN, [0, 0], "there is no such candidate", flat(2)),
    at([0, NaN], NaN, [0, 1], "the one picked is NaN", flat(2)),
  ],
  [
    at([0, 5, -2], 5, [0, 1, 0], "the first", flat(3)),
    at([1, 5, -2], -2, [0, 0, 1], "the last", flat(3)),
    at([-0, 5, -2], 5, [0, 1, 0], "-0 equals 0", flat(3)),
    at([0, 5, 5], 5, [0, 1, 0], "equal candidates: by number, not by size", flat(3)),
    at([1, NaN, -2], -2, [0, 0, 1], "what is not picked does not matter", flat(3)),
    at([0, -Infinity, NaN], -Infinity, [0, 1, 0], "infinite", flat(3)),
    at([2, 5, -2], NaN, [0, 0, 0], "there is no such candidate", flat(3)),
    at([-1, 5, -2], NaN, [0, 0, 0], "there is no such candidate", flat(3)),
    at([0.5, 5, -2], NaN, [0, 0, 0], "half way between two", flat(3)),
    at([NaN, 5, -2], NaN, [0, 0, 0], "NaN is no number of a candidate", flat(3)),
  ],
];

const pickRows = pickPoints.map((points): Row => {
  const n = points[0].inputs.length - 1;
  return {
    title: `pick ${n}`,
    operation: table.pick(n),
    method: (...inputs) => Value.nary(table.pick(n), inputs),
    free: (...inputs) =>
      Value.nary(
        table.pick(n),
        inputs.map((input) => toValue(input, "pick")),
      ),
    smooth: () => false, // a nudged target is the number of no candidate
    points,
  };
});

/** Every operation; the members of a family have a row each. */
export const catalogue: readonly Row[] = [...unaryRows, ...binaryRows, ...familyRows, ...pickRows];

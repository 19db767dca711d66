/**
 * What every operation means: its value and its local derivatives, each stated once, here.
 * Read math.ts first if you want to know what is inside `exp`; nothing else is needed.
 *
 * A statement is written over an *arithmetic*: a set of functions `add`, `mul`, `exp`, … for some
 * kind of thing. Given the arithmetic of numbers, the statement of tanh computes a number; given
 * the arithmetic of Values, the same statement builds a graph that can be differentiated again;
 * given text, it explains itself; given instructions, it compiles. So nobody else in this project
 * ever writes a derivative.
 *
 * A *local derivative* is d operation / d input, with the other inputs held still.
 */

import * as math from "./math.ts";

/** The operations of one input that rules may use. */
export type UnaryName =
  | "neg"
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "log2"
  | "log10"
  | "sqrt"
  | "tanh"
  | "sigmoid"
  | "softplus"
  | "silu"
  | "gelu"
  | "geluTanh"
  | "relu"
  | "abs"
  | "sin"
  | "cos"
  | "tan"
  | "atan"
  | "sinh"
  | "cosh"
  | "asinh"
  | "erf"
  | "erfc"
  | "square"
  | "reciprocal"
  | "detach";

/** The operations of two inputs that rules may use. */
export type BinaryName = "add" | "sub" | "mul" | "div" | "pow" | "max" | "min";

/** The outcome of a comparison: a boolean, or whatever an arithmetic keeps in its place. */
export type Test = boolean | object;

/**
 * Everything a rule may do with the things it is given, whatever they are. A plain number may
 * stand wherever a `T` may.
 */
export interface Arithmetic<T>
  extends Record<UnaryName, (x: T | number) => T>,
    Record<BinaryName, (a: T | number, b: T | number) => T> {
  /** Is a < b? False if either is NaN. */
  less(a: T | number, b: T | number): Test;
  /** Is a = b? False if either is NaN, so `equal(x, x)` asks whether x is a number at all. */
  equal(a: T | number, b: T | number): Test;
  /** `then` where the test holds, `otherwise` where it does not; both are computed. */
  where(test: Test, then: T | number, otherwise: T | number): T | number;
}

/**
 * A formula over any arithmetic: the value of an operation from its inputs, or one local
 * derivative from the inputs followed by the output.
 */
export type Rule = <T>(arithmetic: Arithmetic<T>, ...values: T[]) => T | number;

/**
 * How much there is to know about an operation's derivatives:
 *
 * - `leaf`: not computed at all, but made by the user; it has no inputs.
 * - `linear`: c0·a + c1·b, so the local derivatives are the constants c0 and c1.
 * - `product`: a·b, so each local derivative is the other input.
 * - `cut`: nothing flows back, and backward does not even look at the inputs.
 * - `general`: everything else; ask its rules.
 *
 * Nineteen of twenty nodes of a network are linear or products, and `backward` need not call
 * anything for them.
 */
export type Kind = "leaf" | "linear" | "product" | "cut" | "general";

/**
 * The local derivative to an input that was not chosen (by relu, max, clamp, …). Nothing arrives
 * there, whatever comes from above: not even 0·Infinity, which would be NaN. It is the number -0,
 * so that it needs no case of its own where derivatives are only looked at.
 */
export const NOT_CHOSEN: number = -0;

/** Is it {@link NOT_CHOSEN}? */
export const isNotChosen = (local: unknown): boolean => Object.is(local, NOT_CHOSEN);

/** One row of the table: a name, a value and one local derivative for each input. */
export class Operation {
  readonly name: string;
  /** What pictures write in the node: `+` for add, `^3` for the third power. */
  readonly symbol: string;
  readonly kind: Kind;
  /** The number of inputs. */
  readonly arity: number;
  readonly value: Rule;
  readonly localDerivatives: readonly Rule[];
  /** The constants of a linear operation; not used by the others. */
  readonly c0: number;
  readonly c1: number;
  /** Fixed numbers that belong to the operation: [3] for the third power, [lo, hi] for a clamp. */
  readonly parameters: readonly number[];
  /** May a local derivative be {@link NOT_CHOSEN}? Elsewhere -0 is a number like others. */
  readonly masked: boolean;

  constructor(name: string, kind: Kind, statement: Statement) {
    this.name = name;
    this.symbol = statement.symbol ?? name;
    this.kind = kind;
    this.arity = statement.localDerivatives.length;
    this.value = statement.value;
    this.localDerivatives = statement.localDerivatives;
    this.c0 = statement.coefficients?.[0] ?? 0.5; // 0.5 keeps the field a double in every row
    this.c1 = statement.coefficients?.[1] ?? 0.5;
    this.parameters = statement.parameters ?? [];
    this.masked = statement.masked ?? false;
    Object.freeze(this.localDerivatives);
    Object.freeze(this.parameters);
    Object.freeze(this);
  }
}

/** What has to be said about an operation; see {@link Operation} for the fields. */
export interface Statement {
  readonly value: Rule;
  readonly localDerivatives: readonly Rule[];
  readonly symbol?: string;
  readonly coefficients?: readonly number[];
  readonly parameters?: readonly number[];
  readonly masked?: boolean;
}

/** c0·a, or c0·a + c1·b. */
function linear(name: string, symbol: string, coefficients: readonly number[]): Operation {
  const [c0, c1] = coefficients;
  return new Operation(name, "linear", {
    symbol,
    coefficients,
    value: (A, a, b) => (c1 === undefined ? A.mul(c0, a) : A.add(A.mul(c0, a), A.mul(c1, b))),
    localDerivatives: coefficients.map((c) => () => c),
  });
}

const general = (name: string, statement: Statement): Operation =>
  new Operation(name, "general", statement);

// Constants of the derivatives below.
const TWO_OVER_SQRT_PI = 1.1283791670955126; // 2 / sqrt(pi)
const INV_SQRT_2PI = 0.3989422804014327; // 1 / sqrt(2 pi)
const SQRT_2_OVER_PI = 0.7978845608028654; // sqrt(2 / pi)
const GELU_CUBIC = 0.044715; // Hendrycks and Gimpel, "Gaussian error linear units", 2016

/** Beyond this size silu and gelu are x or 0 to the last bit, and x times 0 might be NaN. */
const FAR = 1e5;

/** Beyond this size x*x + 1 is x*x, and soon overflows. */
const HUGE = 1e150;

/** The argument of the tanh in gelu's tanh form: sqrt(2/pi) (x + 0.044715 x^3). */
const geluArgument = <T>(A: Arithmetic<T>, x: T): T =>
  A.mul(SQRT_2_OVER_PI, A.add(x, A.mul(GELU_CUBIC, A.mul(x, A.mul(x, x)))));

/** A node that the user made: not an operation, but it has a place in the table of kinds. */
export const leaf: Operation = new Operation("", "leaf", {
  value: (_A, x) => x,
  localDerivatives: [],
});

/** The table. Rows are in the order in which the course meets them. */
export const operations: Readonly<Record<UnaryName | BinaryName, Operation>> = {
  // d(a + b)/da = 1, d(a + b)/db = 1
  add: linear("add", "+", [1, 1]),

  // d(a - b)/da = 1, d(a - b)/db = -1
  sub: linear("sub", "-", [1, -1]),

  // d(-a)/da = -1
  neg: linear("neg", "neg", [-1]),

  // d(a b)/da = b, d(a b)/db = a
  mul: new Operation("mul", "product", {
    symbol: "*",
    value: (A, a, b) => A.mul(a, b),
    localDerivatives: [(_A, _a, b) => b, (_A, a) => a],
  }),

  // d(a/b)/da = 1/b, d(a/b)/db = -(a/b)/b: written so, -a/(b*b) would overflow at 1e200
  div: general("div", {
    symbol: "/",
    value: (A, a, b) => A.div(a, b),
    localDerivatives: [(A, _a, b) => A.div(1, b), (A, _a, b, y) => A.neg(A.div(y, b))],
  }),

  // d(a^b)/da = b a^(b-1), d(a^b)/db = a^b log a, which at a = 0 is 0, or -Infinity if b < 0
  pow: general("pow", {
    symbol: "^",
    masked: true,
    value: (A, a, b) => A.pow(a, b),
    localDerivatives: [
      (A, a, b) => {
        // + 0: a computed -0 would be taken for NOT_CHOSEN
        const slope = A.add(A.mul(b, A.pow(a, A.sub(b, 1))), 0);
        return A.where(A.equal(a, 0), A.where(A.equal(b, 0), NOT_CHOSEN, slope), slope);
      },
      (A, a, b, y) => {
        const atZero = A.where(A.less(b, 0), Number.NEGATIVE_INFINITY, NOT_CHOSEN);
        return A.where(A.equal(a, 0), atZero, A.add(A.mul(y, A.log(a)), 0));
      },
    ],
  }),

  // d exp(x)/dx = exp(x)
  exp: general("exp", {
    value: (A, x) => A.exp(x),
    localDerivatives: [(_A, _x, y) => y],
  }),

  // d(exp(x) - 1)/dx = exp(x)
  expm1: general("expm1", {
    value: (A, x) => A.expm1(x),
    localDerivatives: [(A, x) => A.exp(x)],
  }),

  // d log(x)/dx = 1/x
  log: general("log", {
    value: (A, x) => A.log(x),
    localDerivatives: [(A, x) => A.div(1, x)],
  }),

  // d log(1 + x)/dx = 1/(1 + x)
  log1p: general("log1p", {
    value: (A, x) => A.log1p(x),
    localDerivatives: [(A, x) => A.div(1, A.add(1, x))],
  }),

  // log2(x) = log(x)/log(2)
  log2: general("log2", {
    value: (A, x) => A.log2(x),
    localDerivatives: [(A, x) => A.div(Math.LOG2E, x)],
  }),

  // log10(x) = log(x)/log(10)
  log10: general("log10", {
    value: (A, x) => A.log10(x),
    localDerivatives: [(A, x) => A.div(Math.LOG10E, x)],
  }),

  // d sqrt(x)/dx = 1/(2 sqrt(x)); + 0, so that it is Infinity at -0 too
  sqrt: general("sqrt", {
    value: (A, x) => A.sqrt(x),
    localDerivatives: [(A, _x, y) => A.div(0.5, A.add(y, 0))],
  }),

  // d tanh(x)/dx = 1 - tanh(x)^2, which is 0 where tanh(x) rounds to 1. The same thing without the
  // cancellation is 4 s(2x) s(-2x), s the sigmoid.
  tanh: general("tanh", {
    value: (A, x) => A.tanh(x),
    localDerivatives: [(A, x) => A.mul(A.mul(4, A.sigmoid(A.mul(2, x))), A.sigmoid(A.mul(-2, x)))],
  }),

  // s(x) = 1/(1 + exp(-x)) = exp(x)/(1 + exp(x)): whichever has no overflow.
  // ds(x)/dx = s(x) (1 - s(x)) = s(x) s(-x)
  sigmoid: general("sigmoid", {
    value: (A, x) => {
      const e = A.exp(A.neg(A.abs(x)));
      return A.where(A.less(x, 0), A.div(e, A.add(1, e)), A.div(1, A.add(1, e)));
    },
    localDerivatives: [(A, x, y) => A.mul(y, A.sigmoid(A.neg(x)))],
  }),

  // log(1 + exp(x)), without overflow; its derivative is the sigmoid
  softplus: general("softplus", {
    value: (A, x) => A.add(A.max(x, 0), A.log1p(A.exp(A.neg(A.abs(x))))),
    localDerivatives: [(A, x) => A.sigmoid(x)],
  }),

  // x s(x); d/dx = s(x) + x s(x) s(-x)
  silu: general("silu", {
    value: (A, x) => A.where(A.less(x, -FAR), -0, A.mul(x, A.sigmoid(x))),
    localDerivatives: [
      (A, x) => {
        const slope = A.mul(A.sigmoid(x), A.add(1, A.mul(x, A.sigmoid(A.neg(x)))));
        return A.where(A.less(FAR, A.abs(x)), A.where(A.less(0, x), 1, 0), slope);
      },
    ],
  }),

  // x Phi(x), Phi the normal distribution: erfc(-x/sqrt 2)/2; d/dx = Phi(x) + x phi(x)
  gelu: general("gelu", {
    value: (A, x) =>
      A.where(A.less(x, -FAR), -0, A.mul(A.mul(0.5, x), A.erfc(A.mul(-Math.SQRT1_2, x)))),
    localDerivatives: [
      (A, x) => {
        const slope = A.add(
          A.mul(0.5, A.erfc(A.mul(-Math.SQRT1_2, x))),
          A.mul(A.mul(x, INV_SQRT_2PI), A.exp(A.mul(-0.5, A.mul(x, x)))),
        );
        return A.where(A.less(FAR, A.abs(x)), A.where(A.less(0, x), 1, 0), slope);
      },
    ],
  }),

  // x (1 + tanh u)/2 = x s(2u), u = sqrt(2/pi) (x + 0.044715 x^3);
  // d/dx = s(2u) + x s(2u) s(-2u) 2 du/dx
  geluTanh: general("geluTanh", {
    value: (A, x) =>
      A.where(A.less(x, -FAR), -0, A.mul(x, A.sigmoid(A.mul(2, geluArgument(A, x))))),
    localDerivatives: [
      (A, x) => {
        const u = geluArgument(A, x);
        const slope = A.mul(SQRT_2_OVER_PI, A.add(1, A.mul(3 * GELU_CUBIC, A.mul(x, x))));
        const rest = A.mul(A.mul(A.mul(2, x), A.sigmoid(A.mul(-2, u))), slope);
        const all = A.mul(A.sigmoid(A.mul(2, u)), A.add(1, rest));
        return A.where(A.less(FAR, A.abs(x)), A.where(A.less(0, x), 1, 0), all);
      },
    ],
  }),

  // max(x, 0); its derivative at 0 is 0. That x is above 0 can be seen by y, too.
  relu: general("relu", {
    masked: true,
    value: (A, x) => A.where(A.less(x, 0), 0, x),
    localDerivatives: [(A, _x, y) => A.where(A.less(0, y), 1, NOT_CHOSEN)],
  }),

  // d|x|/dx = sign(x), 0 at 0
  abs: general("abs", {
    masked: true,
    value: (A, x) => A.abs(x),
    localDerivatives: [(A, x) => A.where(A.less(0, x), 1, A.where(A.less(x, 0), -1, NOT_CHOSEN))],
  }),

  // 1 to the winner, 0.5 to each in a tie; NaN wins
  max: general("max", {
    masked: true,
    value: (A, a, b) => A.max(a, b),
    localDerivatives: [
      (A, a, b) => share(A, a, b, A.less(b, a)),
      (A, a, b) => share(A, b, a, A.less(a, b)),
    ],
  }),

  min: general("min", {
    masked: true,
    value: (A, a, b) => A.min(a, b),
    localDerivatives: [
      (A, a, b) => share(A, a, b, A.less(a, b)),
      (A, a, b) => share(A, b, a, A.less(b, a)),
    ],
  }),

  // d sin(x)/dx = cos(x)
  sin: general("sin", {
    value: (A, x) => A.sin(x),
    localDerivatives: [(A, x) => A.cos(x)],
  }),

  // d cos(x)/dx = -sin(x)
  cos: general("cos", {
    value: (A, x) => A.cos(x),
    localDerivatives: [(A, x) => A.neg(A.sin(x))],
  }),

  // d tan(x)/dx = 1 + tan(x)^2
  tan: general("tan", {
    value: (A, x) => A.tan(x),
    localDerivatives: [(A, _x, y) => A.add(1, A.mul(y, y))],
  }),

  // d atan(x)/dx = 1/(1 + x^2)
  atan: general("atan", {
    value: (A, x) => A.atan(x),
    localDerivatives: [
      (A, x) =>
        A.where(A.less(A.abs(x), HUGE), A.div(1, A.add(1, A.mul(x, x))), A.div(A.div(1, x), x)),
    ],
  }),

  // d sinh(x)/dx = cosh(x)
  sinh: general("sinh", {
    value: (A, x) => A.sinh(x),
    localDerivatives: [(A, x) => A.cosh(x)],
  }),

  // d cosh(x)/dx = sinh(x)
  cosh: general("cosh", {
    value: (A, x) => A.cosh(x),
    localDerivatives: [(A, x) => A.sinh(x)],
  }),

  // d asinh(x)/dx = 1/sqrt(1 + x^2)
  asinh: general("asinh", {
    value: (A, x) => A.asinh(x),
    localDerivatives: [
      (A, x) =>
        A.where(
          A.less(A.abs(x), HUGE),
          A.div(1, A.sqrt(A.add(1, A.mul(x, x)))),
          A.div(1, A.abs(x)),
        ),
    ],
  }),

  // d erf(x)/dx = 2/sqrt(pi) exp(-x^2)
  erf: general("erf", {
    value: (A, x) => A.erf(x),
    localDerivatives: [(A, x) => A.mul(TWO_OVER_SQRT_PI, A.exp(A.neg(A.mul(x, x))))],
  }),

  // erfc(x) = 1 - erf(x)
  erfc: general("erfc", {
    value: (A, x) => A.erfc(x),
    localDerivatives: [(A, x) => A.mul(-TWO_OVER_SQRT_PI, A.exp(A.neg(A.mul(x, x))))],
  }),

  // d(x^2)/dx = 2x
  square: general("square", {
    symbol: "^2",
    value: (A, x) => A.mul(x, x),
    localDerivatives: [(A, x) => A.mul(2, x)],
  }),

  // d(1/x)/dx = -1/x^2
  reciprocal: general("reciprocal", {
    symbol: "1/",
    value: (A, x) => A.div(1, x),
    localDerivatives: [(A, x, y) => A.neg(A.div(y, x))],
  }),

  // the same number, through which no gradient flows
  detach: new Operation("detach", "cut", {
    value: (_A, x) => x,
    localDerivatives: [() => NOT_CHOSEN],
  }),
};

/** What max or min passes to `mine`, given whether it beats `other`. */
function share<T>(A: Arithmetic<T>, mine: T, other: T, wins: Test): T | number {
  const isNumber = A.equal(mine, mine);
  const otherIsNumber = A.equal(other, other);
  const ifNaN = A.where(otherIsNumber, 1, 0.5);
  return A.where(wins, 1, A.where(A.equal(mine, other), 0.5, A.where(isNumber, NOT_CHOSEN, ifNaN)));
}

// Families: operations with fixed numbers in them. Each member is made once and then remembered.

/** Calls `make` once for each number and remembers the outcome, of the last few hundred. */
function remembered<T>(make: (parameter: number) => T): (parameter: number) => T {
  const known = new Map<number, T>();
  return (parameter) => {
    if (Object.is(parameter, -0)) return make(parameter); // a Map takes -0 for 0
    let made = known.get(parameter);
    if (made === undefined) {
      if (known.size >= 256) known.clear();
      made = make(parameter);
      known.set(parameter, made);
    }
    return made;
  };
}

/** x^n for a fixed number n. d(x^n)/dx = n x^(n-1), and 0 for n = 0, also at x = 0. */
export const power: (n: number) => Operation = remembered((n) =>
  general("pow", {
    symbol: `^${n}`,
    parameters: [n],
    masked: n === 0,
    value: (A, x) => A.pow(x, n),
    localDerivatives: [(A, x) => (n === 0 ? NOT_CHOSEN : A.mul(n, A.pow(x, n - 1)))],
  }),
);

const clampFrom = remembered((lo) =>
  remembered((hi) =>
    general("clamp", {
      parameters: [lo, hi],
      masked: true,
      value: (A, x) => A.min(A.max(x, lo), hi),
      localDerivatives: [
        (A, x) => A.where(A.less(x, lo), NOT_CHOSEN, A.where(A.less(hi, x), NOT_CHOSEN, 1)),
      ],
    }),
  ),
);

/** x, but at least lo and at most hi. The derivative is 1 inside and at the bounds, else 0. */
export const clamp = (lo: number, hi: number): Operation => clampFrom(lo)(hi);

/** x for x > 0, otherwise slope·x; the derivative at 0 is the slope, as in PyTorch. */
export const leakyRelu: (slope: number) => Operation = remembered((slope) =>
  general("leakyRelu", {
    parameters: [slope],
    masked: true,
    value: (A, x) => A.where(A.less(0, x), x, A.mul(slope, x)),
    localDerivatives: [(A, x) => A.where(A.less(0, x), 1, slope === 0 ? NOT_CHOSEN : slope)],
  }),
);

/** x for x > 0, otherwise alpha (exp(x) - 1); the derivative below 0 is alpha exp(x). */
export const elu: (alpha: number) => Operation = remembered((alpha) =>
  general("elu", {
    parameters: [alpha],
    value: (A, x) => A.where(A.less(0, x), x, A.mul(alpha, A.expm1(x))),
    localDerivatives: [(A, x) => A.where(A.less(0, x), 1, A.mul(alpha, A.exp(x)))],
  }),
);

/** d pick / d candidate i. */
const pickDerivative =
  (i: number): Rule =>
  (A, target) =>
    A.where(A.equal(target, i), 1, NOT_CHOSEN);

/**
 * Which of n candidates is wanted, as an input: the first input is the number of one of the others,
 * counted from 0. NaN if there is none of that number.
 */
export const pick: (n: number) => Operation = remembered((n) =>
  general("pick", {
    masked: true,
    value: <T>(A: Arithmetic<T>, target: T, ...candidates: T[]) =>
      candidates.reduce<T | number>(
        (picked, candidate, i) => A.where(A.equal(target, i), candidate, picked),
        Number.NaN,
      ),
    localDerivatives: [() => NOT_CHOSEN, ...Array.from({ length: n }, (_, i) => pickDerivative(i))],
  }),
);

/** The value of an operation of one input, as a function on numbers. */
const onNumber =
  (name: UnaryName) =>
  (x: number): number =>
    operations[name].value(numbers, x);

/**
 * The arithmetic of plain numbers. The first lines are what the machine and math.ts provide;
 * the rest is computed from the statements above.
 */
export const numbers: Arithmetic<number> = {
  less: (a, b) => a < b,
  equal: (a, b) => a === b,
  where: (test, then, otherwise) => (test ? then : otherwise),
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  abs: Math.abs,
  sqrt: Math.sqrt,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  pow: math.pow,
  exp: math.exp,
  expm1: math.expm1,
  log: math.log,
  log1p: math.log1p,
  log2: math.log2,
  log10: math.log10,
  tanh: math.tanh,
  sin: math.sin,
  cos: math.cos,
  tan: math.tan,
  atan: math.atan,
  sinh: math.sinh,
  cosh: math.cosh,
  asinh: math.asinh,
  erf: math.erf,
  erfc: math.erfc,
  sigmoid: onNumber("sigmoid"),
  softplus: onNumber("softplus"),
  silu: onNumber("silu"),
  gelu: onNumber("gelu"),
  geluTanh: onNumber("geluTanh"),
  relu: onNumber("relu"),
  square: onNumber("square"),
  reciprocal: onNumber("reciprocal"),
  detach: onNumber("detach"),
};

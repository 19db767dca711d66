/**
 * The operations as functions, with a number or a Value on either side, and what is made of them:
 * sum, mean, softmax, logSumExp, and operations of your own. Read value.ts first.
 */

import { describe, quote } from "./errors.ts";
import { type Arithmetic, Operation, pick, type Rule } from "./operations.ts";
import { type Operand, toValue, Value } from "./value.ts";

/** a + b */
export const add = (a: Operand, b: Operand): Value => toValue(a, "add").add(b);
/** a - b */
export const sub = (a: Operand, b: Operand): Value => toValue(a, "sub").sub(b);
/** a · b */
export const mul = (a: Operand, b: Operand): Value => toValue(a, "mul").mul(b);
/** a / b */
export const div = (a: Operand, b: Operand): Value => toValue(a, "div").div(b);
/** a to the power of b; see {@link Value.pow} for a number as exponent. */
export const pow = (a: Operand, b: Operand): Value => toValue(a, "pow").pow(b);
/** The larger of a and b; see {@link Value.max} for ties and NaN. */
export const max = (a: Operand, b: Operand): Value => toValue(a, "max").max(b);
/** The smaller of a and b. */
export const min = (a: Operand, b: Operand): Value => toValue(a, "min").min(b);
/** -x. */
export const neg = (x: Operand): Value => toValue(x, "neg").neg();
/** e to the power of x. */
export const exp = (x: Operand): Value => toValue(x, "exp").exp();
/** exp(x) - 1, exact to rounding near 0 too. */
export const expm1 = (x: Operand): Value => toValue(x, "expm1").expm1();
/** The natural logarithm: -Infinity at 0, NaN below. */
export const log = (x: Operand): Value => toValue(x, "log").log();
/** log(1 + x), exact to rounding near 0 too. */
export const log1p = (x: Operand): Value => toValue(x, "log1p").log1p();
/** The logarithm to base 2. */
export const log2 = (x: Operand): Value => toValue(x, "log2").log2();
/** The logarithm to base 10. */
export const log10 = (x: Operand): Value => toValue(x, "log10").log10();
/** The square root: NaN below 0; its derivative at 0 is Infinity. */
export const sqrt = (x: Operand): Value => toValue(x, "sqrt").sqrt();
/** The hyperbolic tangent, from -1 to 1. */
export const tanh = (x: Operand): Value => toValue(x, "tanh").tanh();
/** 1 / (1 + exp(-x)), from 0 to 1; no overflow anywhere. */
export const sigmoid = (x: Operand): Value => toValue(x, "sigmoid").sigmoid();
/** log(1 + exp(x)): a smooth relu; no overflow anywhere. */
export const softplus = (x: Operand): Value => toValue(x, "softplus").softplus();
/** x · sigmoid(x), also known as swish. */
export const silu = (x: Operand): Value => toValue(x, "silu").silu();
/** x · Phi(x), Phi the normal distribution: PyTorch's `gelu`, exact form. */
export const gelu = (x: Operand): Value => toValue(x, "gelu").gelu();
/** The approximation of gelu by a tanh: PyTorch's `gelu(approximate="tanh")`. */
export const geluTanh = (x: Operand): Value => toValue(x, "geluTanh").geluTanh();
/** max(x, 0); its derivative at 0 is 0. */
export const relu = (x: Operand): Value => toValue(x, "relu").relu();
/** |x|; its derivative at 0 is 0. */
export const abs = (x: Operand): Value => toValue(x, "abs").abs();
/** The sine of the angle x in radians. */
export const sin = (x: Operand): Value => toValue(x, "sin").sin();
/** The cosine of the angle x in radians. */
export const cos = (x: Operand): Value => toValue(x, "cos").cos();
/** The tangent of the angle x in radians. */
export const tan = (x: Operand): Value => toValue(x, "tan").tan();
/** The angle in radians, from -pi/2 to pi/2, whose tangent x is. */
export const atan = (x: Operand): Value => toValue(x, "atan").atan();
/** The hyperbolic sine. */
export const sinh = (x: Operand): Value => toValue(x, "sinh").sinh();
/** The hyperbolic cosine. */
export const cosh = (x: Operand): Value => toValue(x, "cosh").cosh();
/** The inverse of sinh. */
export const asinh = (x: Operand): Value => toValue(x, "asinh").asinh();
/** The error function, from -1 to 1. */
export const erf = (x: Operand): Value => toValue(x, "erf").erf();
/** 1 - erf(x), exact to rounding where that is tiny. */
export const erfc = (x: Operand): Value => toValue(x, "erfc").erfc();
/** x · x. */
export const square = (x: Operand): Value => toValue(x, "square").square();
/** 1 / x. */
export const reciprocal = (x: Operand): Value => toValue(x, "reciprocal").reciprocal();
/** The same number, cut off: no gradient flows back through it. */
export const detach = (x: Operand): Value => toValue(x, "detach").detach();
/** x where it is above 0, otherwise slope · x. */
export const leakyRelu = (x: Operand, slope = 0.01): Value =>
  toValue(x, "leakyRelu").leakyRelu(slope);
/** x where it is above 0, otherwise alpha · (exp(x) - 1). */
export const elu = (x: Operand, alpha = 1): Value => toValue(x, "elu").elu(alpha);
/** x, but at least lo and at most hi. */
export const clamp = (x: Operand, lo: number, hi: number): Value =>
  toValue(x, "clamp").clamp(lo, hi);

/** The arithmetic of Values: the functions above, so that rules can build graphs. */
export const values: Arithmetic<Value> = {
  less: (a, b) => data(a) < data(b),
  equal: (a, b) => data(a) === data(b),
  where: (test, then, otherwise) => (test ? then : otherwise),
  add,
  sub,
  mul,
  div,
  pow,
  max,
  min,
  neg,
  exp,
  expm1,
  log,
  log1p,
  log2,
  log10,
  sqrt,
  tanh,
  sigmoid,
  softplus,
  silu,
  gelu,
  geluTanh,
  relu,
  abs,
  sin,
  cos,
  tan,
  atan,
  sinh,
  cosh,
  asinh,
  erf,
  erfc,
  square,
  reciprocal,
  detach,
};

const data = (x: Operand): number => (typeof x === "number" ? x : x.data);

/**
 * The sum, from left to right, starting with the first term.
 *
 * @throws RangeError if there is no term; TypeError if `terms` is not an array, or a term neither
 * Value nor number. The same holds for the functions below.
 */
export function sum(terms: readonly Operand[]): Value {
  return checkTerms(terms, "sum").reduce((total, term) => total.add(term));
}

/** `sum(terms)` divided by their number. */
export function mean(terms: readonly Operand[]): Value {
  return sum(checkTerms(terms, "mean")).div(terms.length);
}

/**
 * log(exp(x0) + exp(x1) + …), by way of exp(x - m) with m the largest x: no exponential overflows,
 * however large the x are.
 */
export function logSumExp(terms: readonly Operand[]): Value {
  const { m, below } = belowLargest(checkTerms(terms, "logSumExp"));
  return sum(below.map((x) => x.exp()))
    .log()
    .add(m);
}

/** exp(x) / sum of exp(x), for each x: positive numbers that add up to 1. */
export function softmax(logits: readonly Operand[]): Value[] {
  const { below } = belowLargest(checkTerms(logits, "softmax"));
  const powers = below.map((x) => x.exp());
  const total = sum(powers);
  return powers.map((power) => power.div(total));
}

/**
 * -log of `softmax(logits)[target]`, exact also where that is close to 0 or to 1.
 *
 * @param target the number of one of the logits, counted from 0. It may be a Value, as an input of
 * the graph that gets no gradient; with one that is no such number the result is NaN
 */
export function negativeLogSoftmax(logits: readonly Operand[], target: Operand): Value {
  const { below } = belowLargest(checkTerms(logits, "negativeLogSoftmax"));
  const right =
    target instanceof Value ? Value.nary(pick(below.length), [target, ...below]) : below[target];
  if (right === undefined) {
    throw new RangeError(
      `negativeLogSoftmax: expected a target from 0 to ${below.length - 1}, got ${describe(target)}`,
    );
  }
  return sum(below.map((x) => x.exp()))
    .log()
    .sub(right);
}

/** m, the largest x, and every x - m. m is detached, as nothing made of these depends on it. */
function belowLargest(xs: readonly Value[]): { m: Value; below: Value[] } {
  const largest = xs.reduce((a, b) => a.max(b));
  const m = largest.clamp(-Number.MAX_VALUE, Number.MAX_VALUE).detach(); // so that x - m is no NaN
  return { m, below: xs.map((x) => x.sub(m)) };
}

function checkTerms(terms: readonly Operand[], where: string): Value[] {
  if (!Array.isArray(terms)) {
    throw new TypeError(`${where}: expected an array, got ${describe(terms)}`);
  }
  if (terms.length === 0) throw new RangeError(`${where}: expected at least one term, got none`);
  return Array.from(terms, (term) => toValue(term, where));
}

/**
 * Makes an operation of your own, a full citizen: `backward`, `grad`, `hessian` and `jvp` take it.
 *
 * Its value and its local derivatives (one for each input, in order) are formulas over an
 * *arithmetic*, an object with `add`, `mul`, `exp` and the rest. They are called with it, the
 * inputs, and, for a local derivative, the output after the inputs; plain numbers may stand for
 * inputs in a formula. Given numbers, a formula computes; given Values, it can be differentiated.
 *
 * @example
 * const cube = defineOperation({
 *   name: "cube",
 *   value: (m, x) => m.mul(x, m.mul(x, x)),
 *   localDerivatives: [(m, x) => m.mul(3, m.mul(x, x))],
 * });
 * const x = new Value(2);
 * cube(x).backward(); // x.grad is 12
 *
 * @param definition.name what `op` and pictures say; not empty
 * @param definition.value the value
 * @param definition.localDerivatives d value / d input, one for each input
 * @returns a function of as many Values or numbers as there are local derivatives
 * @throws TypeError if a part is missing or of the wrong kind
 */
export function defineOperation(definition: {
  name: string;
  value: Rule;
  localDerivatives: readonly Rule[];
}): (...operands: Operand[]) => Value {
  if (definition === null || typeof definition !== "object") {
    throw new TypeError(
      `defineOperation: expected { name, value, localDerivatives }, got ${describe(definition)}`,
    );
  }
  const { name, value, localDerivatives } = definition;
  if (typeof name !== "string" || name === "") {
    throw new TypeError(`defineOperation: expected a name, got ${describe(name)}`);
  }
  const where = `defineOperation(${quote(name)})`;
  if (typeof value !== "function") {
    throw new TypeError(`${where}: expected value to be a function, got ${describe(value)}`);
  }
  if (!Array.isArray(localDerivatives) || localDerivatives.length === 0) {
    throw new TypeError(
      `${where}: expected localDerivatives to be an array with a function for each input, ` +
        `got ${describe(localDerivatives)}`,
    );
  }
  const rules = localDerivatives.map((rule: Rule, i) => {
    if (typeof rule === "function") return checked(rule, `${name}.localDerivatives[${i}]`);
    throw new TypeError(
      `${where}: expected localDerivatives[${i}] to be a function, got ${describe(rule)}`,
    );
  });
  const operation = new Operation(name, "general", {
    value: checked(value, `${name}.value`),
    localDerivatives: rules,
  });
  return (...operands) => {
    if (operands.length !== rules.length) {
      const inputs = rules.length === 1 ? "1 input" : `${rules.length} inputs`;
      throw new RangeError(`${name}: expected ${inputs}, got ${operands.length}`);
    }
    return Value.nary(
      operation,
      operands.map((operand) => toValue(operand, name)),
    );
  };
}

/** The rule, with a message where it returns nothing or text instead of a number or Value. */
function checked(rule: Rule, where: string): Rule {
  return (arithmetic, ...inputs) => {
    const result = rule(arithmetic, ...inputs);
    if (typeof result === "number" || typeof result === typeof inputs[0]) return result;
    throw new TypeError(
      `${where}: expected it to return ${typeof inputs[0] === "number" ? "a number" : "a Value"}, ` +
        `got ${describe(result)}`,
    );
  };
}

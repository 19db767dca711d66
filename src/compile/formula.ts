/**
 * Formulas: what a rule computes, as a graph of the operations that a processor or math.ts has.
 * Read operations.ts first.
 *
 * A rule of operations.ts is written over an arithmetic. Run with the arithmetic of a
 * {@link Sheet} it computes nothing, but writes down what it would compute. Equal formulas are
 * the same object: what tanh and its derivative have in common is found and computed once.
 */

import { quote } from "../errors.ts";
import {
  type Arithmetic,
  isNotChosen,
  numbers,
  type Operation,
  operations,
  type Rule,
  type Test,
} from "../operations.ts";

/** The functions of math.ts. */
export const mathNames = [
  "pow",
  "exp",
  "expm1",
  "log",
  "log1p",
  "log2",
  "log10",
  "tanh",
  "sin",
  "cos",
  "tan",
  "atan",
  "sinh",
  "cosh",
  "asinh",
  "erf",
  "erfc",
] as const;
export type MathName = (typeof mathNames)[number];

/** What a formula may be: a given number, a variable, a comparison, or something computed. */
export type FormulaName =
  | "number"
  | "variable"
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "neg"
  | "abs"
  | "sqrt"
  | "max"
  | "min"
  | "less"
  | "equal"
  | "where"
  | MathName;

/** A node of the graph. Do not make one yourself: a {@link Sheet} does. */
export interface Formula {
  readonly name: FormulaName;
  /** `where` has three: a comparison, then, otherwise. */
  readonly inputs: readonly Formula[];
  /** The number itself; of a variable, which one. */
  readonly number: number;
  /** Counts formulas of a sheet: inputs have smaller numbers. */
  readonly id: number;
}

class Node implements Formula {
  readonly name: FormulaName;
  readonly inputs: readonly Formula[];
  readonly number: number;
  readonly id: number;

  constructor(name: FormulaName, inputs: readonly Formula[], number: number, id: number) {
    this.name = name;
    this.inputs = inputs;
    this.number = number;
    this.id = id;
  }

  /** @throws Error if a rule uses JavaScript's operators */
  [Symbol.toPrimitive](): never {
    throw new Error("it uses JavaScript's own operators or Math");
  }
}

/** Formulas over common variables, and the arithmetic that makes them. */
export class Sheet {
  readonly #known = new Map<string, Formula>();
  /** Comparisons that `where` has not been given yet. */
  readonly undecided = new Set<Test>();
  readonly arithmetic: Arithmetic<Formula> = this.#makeArithmetic();

  /** Variable number i. */
  variable(i: number): Formula {
    return this.#make("variable", [], i);
  }

  number(x: number): Formula {
    return this.#make("number", [], x);
  }

  /** What a rule computes from formulas. */
  apply(rule: Rule, ...inputs: readonly Formula[]): Formula {
    return this.#toFormula(rule(this.arithmetic, ...inputs));
  }

  #toFormula(x: Formula | number): Formula {
    return typeof x === "number" ? this.number(x) : x;
  }

  #make(name: FormulaName, inputs: readonly Formula[], number = 0): Formula {
    const text = Object.is(number, -0) ? "-0" : number;
    const key = `${name} ${text} ${inputs.map(({ id }) => id).join(" ")}`;
    let found = this.#known.get(key);
    if (found === undefined) {
      found = new Node(name, inputs, number, this.#known.size);
      this.#known.set(key, found);
    }
    return found;
  }

  /** A computed formula, simplified only where not a bit of the result can change. */
  #compute(
    name: FormulaName & keyof Arithmetic<number>,
    ...operands: (Formula | number)[]
  ): Formula {
    const inputs = operands.map((x) => this.#toFormula(x));
    const [a, b] = inputs;
    if (inputs.every((input) => input.name === "number")) {
      const compute = numbers[name] as (...xs: number[]) => number; // no comparison comes here
      return this.number(compute(...inputs.map(({ number }) => number)));
    }
    if (name === "mul" && isNumber(a, 1)) return b;
    if ((name === "mul" || name === "div") && b !== undefined && isNumber(b, 1)) return a;
    if (name === "mul" && isNumber(a, -1)) return this.#compute("neg", b);
    if (name === "neg" && a.name === "neg") return a.inputs[0];
    if (name === "add" && b.name === "neg") return this.#compute("sub", a, b.inputs[0]);
    if (name === "add" && a.name === "neg") return this.#compute("sub", b, a.inputs[0]);
    if (name === "sub" && b.name === "neg") return this.#compute("add", a, b.inputs[0]);
    if (name === "abs" && a.name === "neg") return this.#compute("abs", a.inputs[0]);
    if (name === "abs" && a.name === "mul" && a.inputs[0].name === "number") {
      const [factor, x] = a.inputs; // |c x| does not depend on the sign of c
      if (factor.number < 0) return this.#compute("abs", this.#compute("mul", -factor.number, x));
    }
    return this.#make(name, inputs);
  }

  #compare(name: "less" | "equal", x: Formula | number, y: Formula | number): Test {
    const [a, b] = [this.#toFormula(x), this.#toFormula(y)];
    if (a.name === "number" && b.name === "number") return numbers[name](a.number, b.number);
    const test = this.#make(name, [a, b]);
    this.undecided.add(test);
    return test;
  }

  #makeArithmetic(): Arithmetic<Formula> {
    const unary =
      (name: "neg" | "abs" | "sqrt" | Exclude<MathName, "pow">) => (x: Formula | number) =>
        this.#compute(name, x);
    const binary =
      (name: "add" | "sub" | "mul" | "div" | "max" | "min" | "pow") =>
      (a: Formula | number, b: Formula | number) =>
        this.#compute(name, a, b);
    // What is composed of others is computed from its statement.
    const stated =
      (
        name:
          | "sigmoid"
          | "softplus"
          | "silu"
          | "gelu"
          | "geluTanh"
          | "relu"
          | "square"
          | "reciprocal"
          | "detach",
      ) =>
      (x: Formula | number) =>
        this.apply(operations[name].value, this.#toFormula(x));
    return {
      less: (a, b) => this.#compare("less", a, b),
      equal: (a, b) => this.#compare("equal", a, b),
      where: (test, then, otherwise) => {
        if (typeof test === "boolean") return test ? then : otherwise;
        this.undecided.delete(test);
        const [a, b] = [this.#toFormula(then), this.#toFormula(otherwise)];
        return a === b ? a : this.#make("where", [test as Formula, a, b]); // compare makes Formulas
      },
      add: binary("add"),
      sub: binary("sub"),
      mul: binary("mul"),
      div: binary("div"),
      pow: binary("pow"),
      max: binary("max"),
      min: binary("min"),
      neg: unary("neg"),
      abs: unary("abs"),
      sqrt: unary("sqrt"),
      exp: unary("exp"),
      expm1: unary("expm1"),
      log: unary("log"),
      log1p: unary("log1p"),
      log2: unary("log2"),
      log10: unary("log10"),
      tanh: unary("tanh"),
      sin: unary("sin"),
      cos: unary("cos"),
      tan: unary("tan"),
      atan: unary("atan"),
      sinh: unary("sinh"),
      cosh: unary("cosh"),
      asinh: unary("asinh"),
      erf: unary("erf"),
      erfc: unary("erfc"),
      sigmoid: stated("sigmoid"),
      softplus: stated("softplus"),
      silu: stated("silu"),
      gelu: stated("gelu"),
      geluTanh: stated("geluTanh"),
      relu: stated("relu"),
      square: stated("square"),
      reciprocal: stated("reciprocal"),
      detach: stated("detach"),
    };
  }
}

const isNumber = ({ name, number }: Formula, x: number): boolean =>
  name === "number" && number === x;

/** Every formula that the given ones are made of, and they themselves, inputs first. */
export function allOf(formulas: readonly Formula[]): Formula[] {
  const seen = new Set(formulas);
  for (const formula of seen) for (const input of formula.inputs) seen.add(input); // grows as it runs
  return [...seen].sort((p, q) => p.id - q.id);
}

/**
 * Local derivative × gradient: what an operation passes to an input. Of a masked operation, an
 * input that was not chosen gets 0, whatever the gradient is: the engine passes nothing there.
 */
export function localTimes(
  sheet: Sheet,
  local: Formula,
  gradient: Formula,
  masked: boolean,
): Formula {
  const { mul, where } = sheet.arithmetic;
  if (masked && local.name === "number" && isNotChosen(local.number)) return sheet.number(0);
  if (local.name === "where") {
    const [test, ...branches] = local.inputs;
    const [then, otherwise] = branches.map((x) => localTimes(sheet, x, gradient, masked));
    return where(test, then, otherwise) as Formula; // the branches are Formulas
  }
  return mul(local, gradient);
}

/** Numbers at which rules are compared with their formulas. */
const trials: readonly number[] = [
  ...[0, -0, 1, -1, 0.5, -1.5, 2, 3, 7.25, -20, 40, 1e-9, -1e-9, 1e3, -1e3, 1e9, -1e9, 5e-324],
  ...[1e200, -1e200, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
];

/**
 * Why an operation cannot be written as formulas, in words; undefined if it can. A rule that asks
 * for a comparison and then decides in JavaScript is fine for the engine, which gives it numbers,
 * but its formula would be one branch of it.
 */
export function whatFormulasMiss(operation: Operation): string | undefined {
  if (operation.kind !== "general" || stated.has(operation)) return undefined;
  let why: string | undefined;
  try {
    why = differenceOf(operation);
  } catch (error) {
    why = error instanceof Error ? error.message : String(error); // a rule may throw what it likes
  }
  return why && `the operation ${quote(operation.name)} is no formula: ${why}`;
}

/** How the formulas of an operation differ from its rules, in words. */
function differenceOf({ arity, value, localDerivatives }: Operation): string | undefined {
  const sheet = new Sheet();
  const inputs = Array.from({ length: arity }, (_, i) => sheet.variable(i));
  const output = sheet.variable(arity);
  const formulas = [
    sheet.apply(value, ...inputs),
    ...localDerivatives.map((rule) => sheet.apply(rule, ...inputs, output)),
  ];
  if (sheet.undecided.size > 0) return "it decides by a comparison without where";
  const same = trials.every((_, k) =>
    // once with inputs that differ, once with equal ones
    [1, 0].every((apart) => {
      const at = inputs.map((_, i) => trials[(k + apart * i * (k + 1)) % trials.length]);
      const result = value(numbers, ...at);
      const wanted = [result, ...localDerivatives.map((rule) => rule(numbers, ...at, result))];
      const found = evaluate(formulas, [...at, result]);
      return wanted.every((x, i) => Object.is(found[i], x));
    }),
  );
  return same ? undefined : "it gives other numbers than the rule";
}

const stated: ReadonlySet<Operation> = new Set(Object.values(operations));

/** Formulas computed from the numbers of their variables. */
function evaluate(formulas: readonly Formula[], variables: readonly number[]): number[] {
  const results = new Map<Formula, Test | number>();
  for (const formula of allOf(formulas)) {
    const { name, number, inputs } = formula;
    const operands = inputs.map((input) => results.get(input)) as number[]; // inputs come first
    const compute = name === "number" || name === "variable" ? undefined : numbers[name];
    const result = compute
      ? (compute as (...xs: number[]) => Test | number)(...operands)
      : name === "number"
        ? number
        : variables[number];
    results.set(formula, result);
  }
  return formulas.map((formula) => results.get(formula) as number); // no comparison is asked for
}

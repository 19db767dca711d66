/**
 * The functions of math.ts as C and as JavaScript, for programs that are to run without this
 * package and give the same bits. Read math.ts and the types of math-code.ts first.
 *
 * Both languages are printed from the same statements; they differ in how they spell some words,
 * and in that C wants to know what is an integer.
 */

import { type MathName, mathNames } from "./formula.ts";
import {
  type Block,
  DIGITS,
  type Expression,
  mathFunctions,
  mathNumbers,
  primitivesInJavaScript,
  type Statement,
} from "./math-code.ts";

/**
 * Functions of math.ts as C11, each `static double math_exp(double x)`, with all they need except
 * `#include <math.h>`, `<stdint.h>` and `<string.h>`. To be compiled with -ffp-contract=off, or the
 * bits will differ. `min` and `max` are those of JavaScript: `minimum(a, b)`, `maximum(a, b)`.
 */
export function mathInC(names: Iterable<MathName | "min" | "max">): string {
  const used = usedBy(names);
  const among = (table: Readonly<Record<string, string>>) =>
    Object.keys(table).flatMap((name) => (used.has(name) ? [table[name]] : []));
  const numbers = numbersIn(used).map(([name, x]) => `static const double ${name} = ${x};`);
  const primitives = among(primitivesInC);
  const bits = primitives.some((text) => text.includes("Bits(")) ? [bitsInC] : [];
  const variables = [...among(variablesInC), ...numbers];
  return joined(variables.join("\n"), ...bits, ...primitives, ...functionsIn(used, "C"));
}

/**
 * Functions of math.ts as JavaScript, under the names that they have there, with all they need;
 * nothing is exported.
 */
export function mathInJavaScript(names: Iterable<MathName>): string {
  const used = usedBy(names);
  const numbers = numbersIn(used).map(([name, x]) => `const ${name} = ${x};`);
  const digits = used.has("DIGITS") ? [`const DIGITS = [${wrapped(DIGITS)}];`] : [];
  const variables = [...numbers, ...digits].join("\n");
  return joined(primitivesInJavaScript, variables, ...functionsIn(used, "JavaScript"));
}

/** Parts with an empty line between each two. */
const joined = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== "").join("\n\n");

/** A list of numbers, some to a line. */
const wrapped = (numbers: readonly number[]): string =>
  numbers.map((x, i) => (i % 10 === 0 ? `\n  ${x},` : ` ${x},`)).join("");

const numbersIn = (used: ReadonlySet<string>): [name: string, x: number][] =>
  Object.entries(mathNumbers).filter(([name]) => used.has(name));

/** Everything that the functions mention, themselves and in what they call. */
function usedBy(names: Iterable<string>): Set<string> {
  const used = new Set(names);
  for (const name of used) {
    if (!(name in mathFunctions)) continue;
    const words = JSON.stringify(mathFunctions[name].body).match(/[A-Za-z_]\w*/g) ?? [];
    for (const word of words) used.add(word); // the set grows while it is gone through
  }
  return used;
}

// ---- What only C needs -----------------------------------------------------------------------

const variablesInC: Readonly<Record<string, string>> = {
  rest: "static double rest; /* where functions leave the low part of a sum of two doubles, */",
  exponent: "static double exponent; /* an exponent, */",
  quadrant: "static int quadrant; /* or the number of right angles modulo 4 */",
  columns: "static double columns[10];",
  DIGITS: `/* The digits of 2/pi to base 2^24. */\nstatic const double DIGITS[] = {${wrapped(DIGITS)}};`,
};

const bitsInC = `static uint64_t toBits(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static double fromBits(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}`;

const primitivesInC: Readonly<Record<string, string>> = {
  powerOfTwo: `/* 2^k for an integer k from -1022 to 1023; 1.5 * 2^52 brings its digits to the end. */
static double powerOfTwo(double k) {
  return fromBits(toBits(k + (6755399441055744.0 + 1023.0)) << 52);
}`,
  timesPowerOfTwo: `/* x * 2^k, where neither x nor the result is subnormal. */
static double timesPowerOfTwo(double x, double k) {
  return fromBits(toBits(x) + (toBits(k + 6755399441055744.0) << 52));
}`,
  exponentFrom: `/* The k for which the first word of x * 2^-k is from word to word + 2^20 - 1. */
static double exponentFrom(double x, double word) {
  return floor(((double)(toBits(x) >> 32) - word) / 1048576.0);
}`,
  min: `static double minimum(double a, double b) {
  return isnan(a) || a < b || (a == b && signbit(a)) ? a : b;
}`,
  max: `static double maximum(double a, double b) {
  return isnan(a) || a > b || (a == b && !signbit(a)) ? a : b;
}`,
};

// ---- Printing --------------------------------------------------------------------------------

export type Language = "C" | "JavaScript";

/** An expression in one of the languages; variables stand as they are. */
export const printExpression = (expression: Expression, language: Language): string =>
  new Printer(language).expression(expression);

/** The functions among the used words, in the order of math.ts: first what others call. */
function functionsIn(used: ReadonlySet<string>, language: Language): string[] {
  return Object.keys(mathFunctions)
    .filter((name) => used.has(name))
    .map((name) => printFunction(name, language));
}

function printFunction(name: string, language: Language): string {
  const { about, parameters, body } = mathFunctions[name];
  const printer = new Printer(language);
  const [comment, head] =
    language === "C"
      ? [`/* ${about} */`, `static double ${printer.call(name)}`]
      : [`// ${about}`, `function ${name}`];
  const list = parameters.map((each) => (language === "C" ? `double ${each}` : each)).join(", ");
  const lines = [`${head}(${list}) {`, ...printer.block(body), "}"];
  return (about === "" ? lines : [comment, ...lines]).join("\n");
}

/** A number; in C it must not look like an integer, or 1 / 2 would be 0. */
function number(x: number, language: Language): string {
  if (language === "JavaScript") return Object.is(x, -0) ? "-0" : String(x);
  if (Number.isNaN(x)) return "NAN";
  if (Math.abs(x) === Infinity) return x > 0 ? "INFINITY" : "-INFINITY";
  const text = Object.is(x, -0) ? "-0" : String(x);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** What binds more strongly has a larger number; the same order in both languages. */
const strengths: Readonly<Record<string, number>> = {
  "?:": 1,
  "||": 2,
  "&&": 3,
  "&": 4,
  "===": 5,
  "!==": 5,
  "<": 6,
  ">": 6,
  "<=": 6,
  ">=": 6,
  "+": 7,
  "-": 7,
  "*": 8,
  "/": 8,
  neg: 9,
  "!": 9,
};

const functionNames: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  C: {
    abs: "fabs",
    floor: "floor",
    sqrt: "sqrt",
    min: "minimum",
    max: "maximum",
    isNaN: "isnan",
  },
  JavaScript: {
    abs: "Math.abs",
    floor: "Math.floor",
    sqrt: "Math.sqrt",
    min: "Math.min",
    max: "Math.max",
    isNaN: "Number.isNaN",
  },
};

const exported: ReadonlySet<string> = new Set(mathNames);

/** Prints the statements of one function. */
class Printer {
  readonly #language: Language;
  readonly #integers = new Set(["quadrant"]);

  constructor(language: Language) {
    this.#language = language;
  }

  /** How a function is called: those of math.ts must not hide those of C. */
  call(name: string): string {
    const known = functionNames[this.#language][name];
    return known ?? (this.#language === "C" && exported.has(name) ? `math_${name}` : name);
  }

  expression(e: Expression): string {
    return this.#print(e);
  }

  block(block: Block): string[] {
    return block.flatMap((statement) => this.#statement(statement)).map((line) => `  ${line}`);
  }

  #statement(statement: Statement): string[] {
    const C = this.#language === "C";
    switch (statement[0]) {
      case "const":
      case "let": {
        const [word, name, value] = statement;
        const integer = this.#isInteger(value);
        if (integer) this.#integers.add(name);
        const type = integer ? "int" : "double";
        const head = C ? (word === "const" ? `const ${type}` : type) : word;
        return [`${head} ${name} = ${this.#print(value)};`];
      }
      case "set":
        return [`${this.#print(statement[1])} = ${this.#print(statement[2])};`];
      case "return":
        return [`return ${this.#print(statement[1])};`];
      case "if": {
        const [, test, then, otherwise] = statement;
        const lines = [`if (${this.#print(test)}) {`, ...this.block(then)];
        if (otherwise.length > 0) lines.push("} else {", ...this.block(otherwise));
        return [...lines, "}"];
      }
      case "for": {
        const [, name, from, to, step, body] = statement;
        this.#integers.add(name);
        const test = `${name} ${step === 1 ? "<" : ">"} ${to}`;
        const head = `for (${C ? "int" : "let"} ${name} = ${from}; ${test}; ${name}${step === 1 ? "++" : "--"})`;
        return [`${head} {`, ...this.block(body), "}"];
      }
    }
  }

  /** Is it an integer or a boolean in C? */
  #isInteger(e: Expression): boolean {
    if (typeof e === "number") return false;
    if (typeof e === "string") return this.#integers.has(e);
    const [operation, ...operands] = e;
    if (/^(?:[<>&!]|===|\|\||isNaN)/.test(operation)) return true;
    if (operation === "neg") return this.#isInteger(operands[0]);
    return /^[-+*]$/.test(operation) && this.#withIntegers(operands);
  }

  /** Are all operands integers or constants, which then are integers too? */
  #withIntegers(operands: readonly Expression[]): boolean {
    const fits = (e: Expression) => this.#isInteger(e) || typeof e === "number";
    return operands.every(fits) && operands.some((e) => this.#isInteger(e));
  }

  /** An expression, in parentheses if it binds less strongly than what is around it demands. */
  #print(e: Expression, strength = 0, integer = false): string {
    if (typeof e === "number") return integer ? String(e) : number(e, this.#language);
    if (typeof e === "string") {
      const state = /^(?:rest|exponent|quadrant)$/.test(e) && this.#language === "JavaScript";
      return state ? `${e}[0]` : e;
    }
    const [operation, ...operands] = e;
    const own = strengths[operation];
    if (own !== undefined) {
      const text = this.#operation(e, own);
      return own < strength ? `(${text})` : text;
    }
    if (operation === "DIGITS" || operation === "columns") {
      return `${operation}[${this.#asInteger(operands[0], 0)}]`;
    }
    const list = operands.map((operand) => this.#print(operand));
    return `${this.call(operation)}(${list.join(", ")})`;
  }

  #operation([operation, ...operands]: readonly [string, ...Expression[]], own: number): string {
    const [a, b, c] = operands;
    if (operation === "?:") {
      const [test, then] = [this.#print(a, own + 1), this.#print(b, own + 1)];
      return `${test} ? ${then} : ${this.#print(c, own)}`;
    }
    if (operation === "neg") return `-${this.#print(a, own + 1)}`;
    if (operation === "!") return `!${this.#print(a, own)}`;
    if (operation === "&") return `${this.#asInteger(a, own)} & ${this.#asInteger(b, own + 1)}`;
    const integer = this.#withIntegers(operands);
    const equality = own === strengths["==="];
    const left = this.#print(a, equality ? own + 2 : own, integer); // (a < b) === c, to be clear
    const right = this.#print(b, equality ? own + 2 : own + 1, integer);
    const sign = this.#language === "C" && equality ? operation.slice(0, 2) : operation;
    return `${left} ${sign} ${right}`;
  }

  /** An operand that has to be an integer. */
  #asInteger(e: Expression, strength: number): string {
    if (this.#language === "JavaScript" || typeof e === "number" || this.#isInteger(e)) {
      return this.#print(e, strength, true);
    }
    return `(int)${this.#print(e, strengths.neg + 1)}`;
  }
}

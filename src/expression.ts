/**
 * A formula as text, such as "L = (a*b + c) * tanh(f)", and the graph it stands for. Read value.ts
 * and functions.ts first.
 *
 * The text is taken apart from left to right, once, into steps for a stack machine: a number or a
 * name puts an operand on the stack, an operation takes its operands from there and puts its result
 * back. An operator waits on a stack of its own until all that binds tighter has been done (Dijkstra's
 * shunting yard). So no depth of parentheses is a problem.
 */

import { describe, nearest, quote } from "./errors.ts";
import { add, clamp, div, elu, leakyRelu, mul, neg, pow, sub, values } from "./functions.ts";
import { operations } from "./operations.ts";
import { type Operand, Value } from "./value.ts";

/** A formula that was read. */
export interface Expression {
  /** The names that need a value, in the order in which they first occur. */
  readonly names: readonly string[];
  /**
   * Builds the graph and returns its last node. What is named in the formula is a leaf with that
   * label; `L = …` labels the result.
   *
   * @param values a number or a Value for each name; others are not looked at
   * @throws TypeError if a name has no value, or something else
   */
  evaluate(values: Readonly<Record<string, Operand>>): Value;
}

/** What the stack machine does next. */
type Step =
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "apply"; readonly inputs: number; readonly apply: Apply }
  /** The end of a formula, and the name that stands to the left of its "=", if any. */
  | { readonly kind: "result"; readonly name: string | undefined };

type Apply = (...operands: Operand[]) => Value;

/** A function of the language. */
interface Callable {
  /** How many arguments it takes; a range if the last ones may be left out. */
  readonly least: number;
  readonly most: number;
  /** How many of them, at the beginning, may be more than numbers. */
  readonly inputs: number;
  readonly apply: Apply;
}

const functions = new Map<string, Callable>();
for (const [name, { arity }] of Object.entries(operations)) {
  const apply = values[name as keyof typeof operations] as Apply; // it has all names
  functions.set(name, { least: arity, most: arity, inputs: arity, apply });
}
functions.set("clamp", {
  least: 3,
  most: 3,
  inputs: 1,
  apply: (x, lo, hi) => clamp(x, Number(lo), Number(hi)),
});
functions.set("leakyRelu", {
  least: 1,
  most: 2,
  inputs: 1,
  apply: (x, slope = 0.01) => leakyRelu(x, Number(slope)),
});
functions.set("elu", {
  least: 1,
  most: 2,
  inputs: 1,
  apply: (x, alpha = 1) => elu(x, Number(alpha)),
});

/** An operator. Those that bind tighter are done first; equal ones from the left, or from the right. */
interface Operator {
  readonly binds: number;
  readonly fromRight: boolean;
  readonly inputs: 1 | 2;
  readonly apply: Apply;
}

const power: Operator = { binds: 4, fromRight: true, inputs: 2, apply: pow };
const minus: Operator = { binds: 3, fromRight: true, inputs: 1, apply: neg };
const infix = new Map<string, Operator>([
  ["+", { binds: 1, fromRight: false, inputs: 2, apply: add }],
  ["-", { binds: 1, fromRight: false, inputs: 2, apply: sub }],
  ["*", { binds: 2, fromRight: false, inputs: 2, apply: mul }],
  ["/", { binds: 2, fromRight: false, inputs: 2, apply: div }],
  ["^", power],
  ["**", power],
]);

/** Signs of printed formulas, and what a formula here has instead. */
const lookAlikes = new Map([
  ["−", "-"],
  ["–", "-"],
  ["×", "*"],
  ["⋅", "*"],
  ["÷", "/"],
]);

/** Names with a value of their own. There is no e among them: the lecture calls a node so. */
const constants = new Map([["pi", Math.PI]]);

/** A part of the text. Signs are those of operators and parentheses, and whatever is none of these. */
interface Token {
  readonly kind: "number" | "name" | "sign" | "line" | "end";
  readonly text: string;
  readonly at: number;
}

/**
 * Reads a formula.
 *
 * There are numbers, names, `+ - * /`, `^` or `**` (from the right; -2^2 is -4), parentheses, every
 * operation of one or two inputs by its name, and `clamp(x, lo, hi)`, `leakyRelu(x, slope)` and
 * `elu(x, alpha)`. A number as exponent is part of the operation, as in `x.pow(3)`. `pi` is a number;
 * `e` is a name like others: write `exp(1)`. Several formulas, with `;` or line ends between, are
 * one: each may use the names to the left of `=` in those before it.
 *
 * @throws Error that says where and what was expected, if the text is no formula
 * @example parseExpression("L = (a*b + c) * f").evaluate({ a: 2, b: -3, c: 10, f: -2 }).data // -8
 * @see Dijkstra, "Algol 60 translation" (1961), for the shunting yard
 */
export function parseExpression(text: string): Expression {
  if (typeof text !== "string") {
    throw new TypeError(`expression: expected text, got ${describe(text)}`);
  }
  const { steps, names } = new Parser(text).parse();
  return {
    names,
    evaluate(given) {
      const named = new Map(names.map((name) => [name, leafFor(name, given)]));
      return run(steps, named);
    },
  };
}

/** Builds the graph of the steps. */
function run(steps: readonly Step[], named: Map<string, Value>): Value {
  const stack: Operand[] = [];
  let result: Operand = Number.NaN; // of the last formula; there is one
  for (const step of steps) {
    if (step.kind === "number") {
      stack.push(step.number);
    } else if (step.kind === "name") {
      stack.push(named.get(step.name) ?? Number.NaN); // the parser has seen to it that it is there
    } else if (step.kind === "apply") {
      stack.push(step.apply(...stack.splice(-step.inputs)));
    } else {
      result = stack.pop() ?? result;
      if (step.name === undefined) continue;
      if (typeof result === "number") result = new Value(result);
      if (result.label === "") result.label = step.name; // not of b = a: there, it is a leaf's
      named.set(step.name, result);
    }
  }
  return result instanceof Value ? result : new Value(result);
}

function leafFor(name: string, given: Readonly<Record<string, Operand>>): Value {
  const value = Object.hasOwn(Object(given), name) ? given[name] : undefined;
  if (value instanceof Value) return value;
  if (typeof value === "number") return new Value(value, name);
  throw new TypeError(
    `expression: expected a number or a Value for ${quote(name)}, got ${describe(value)}`,
  );
}

/** The arguments of a function that are being read. */
interface Call {
  readonly name: Token;
  readonly callable: Callable;
  /** How many are complete. */
  complete: number;
  /** The number of steps before the one that is being read. */
  from: number;
  /** Where in the text that one begins. */
  start: number;
}

/** What waits until an operand is complete: an operator, or a parenthesis that is open. */
type Waiting = Operator | { readonly open: Token; readonly call: Call | undefined };

class Parser {
  readonly #text: string;
  readonly #steps: Step[] = [];
  readonly #names = new Set<string>();
  readonly #defined = new Set<string>();
  readonly #waiting: Waiting[] = [];
  #token: Token;
  /** How many parentheses are open. */
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#token = this.#read(0);
  }

  parse(): { steps: readonly Step[]; names: readonly string[] } {
    this.#skip();
    do {
      this.#formula();
      this.#skip();
    } while (this.#token.kind !== "end");
    return { steps: this.#steps, names: [...this.#names] };
  }

  /** Line ends and semicolons before a formula. */
  #skip(): void {
    while (this.#is("line") || this.#is(";")) this.#next();
  }

  /** One formula, with the name that it defines, if any. */
  #formula(): void {
    let name: string | undefined;
    if (this.#token.kind === "name") {
      const after = this.#read(this.#token.at + this.#token.text.length);
      if (after.text === "=") {
        name = this.#token.text;
        if (functions.has(name) || constants.has(name)) {
          throw this.#expected("a name that is not taken");
        }
        this.#next();
        this.#next();
      }
    }
    do {
      this.#operand();
    } while (this.#afterOperand());
    this.#steps.push({ kind: "result", name });
    if (name !== undefined) this.#defined.add(name);
  }

  /** Signs, opening parentheses and functions, up to a number or a name. */
  #operand(): void {
    for (;;) {
      while (this.#is("line")) this.#next();
      const token = this.#token;
      if (token.kind === "number") {
        const number = Number(token.text);
        if (!Number.isFinite(number)) throw this.#expected("a number below 1.8e308");
        this.#steps.push({ kind: "number", number });
        this.#next();
        return;
      }
      if (token.kind === "name") {
        this.#next();
        if (!functions.has(token.text) && !this.#is("(")) {
          this.#name(token.text);
          return;
        }
        this.#openCall(token);
      } else if (token.text === "-") {
        this.#waiting.push(minus);
        this.#next();
      } else if (token.text === "+") {
        this.#next(); // it changes nothing
      } else if (token.text === "(") {
        this.#open(undefined);
      } else {
        throw this.#expected("a number or a name", this.#meant());
      }
    }
  }

  /** What to write instead of a sign that texts have for an operator. */
  #meant(): string {
    const operator = lookAlikes.get(this.#token.text);
    return operator === undefined ? "" : `; write ${operator}`;
  }

  #name(name: string): void {
    const constant = constants.get(name);
    if (constant !== undefined) {
      this.#steps.push({ kind: "number", number: constant });
      return;
    }
    if (!this.#defined.has(name)) this.#names.add(name);
    this.#steps.push({ kind: "name", name });
  }

  #openCall(name: Token): void {
    const callable = functions.get(name.text);
    if (callable === undefined) {
      const near = nearest(name.text, [...functions.keys()]);
      const hint = this.#names.has(name.text) || this.#defined.has(name.text) || near === undefined;
      this.#token = name;
      throw this.#expected(
        "a function before (",
        hint ? "; to multiply, write *" : `; did you mean ${near}? To multiply, write *`,
      );
    }
    if (!this.#is("(")) throw this.#expected(`"(" after the function ${name.text}`);
    this.#open({ name, callable, complete: 0, from: 0, start: 0 });
  }

  #open(call: Call | undefined): void {
    this.#waiting.push({ open: this.#token, call });
    this.#depth += 1;
    if (call !== undefined) this.#beginArgument(call);
    this.#next();
  }

  /** Closing parentheses, up to an operator or a comma; false at the end of the formula. */
  #afterOperand(): boolean {
    for (;;) {
      while (this.#depth > 0 && this.#is("line")) this.#next();
      const operator = this.#token.kind === "sign" ? infix.get(this.#token.text) : undefined;
      if (operator !== undefined) {
        this.#apply(operator);
        this.#waiting.push(operator);
        this.#next();
        return true;
      }
      const ended = this.#token.kind === "end" || this.#is(";") || this.#is("line");
      if (!ended && !this.#is(")") && !this.#is(",")) {
        const hint = this.#is("=") ? "; only one name can stand to the left of =" : this.#meant();
        throw this.#expected("an operator", hint);
      }
      this.#apply(undefined);
      const open = this.#waiting.at(-1);
      if (open === undefined || "binds" in open) {
        if (ended) return false;
        throw this.#expected("an operator or the end");
      }
      if (ended) throw this.#expected('")"');
      if (this.#is(",")) {
        if (open.call === undefined) throw this.#expected('")"');
        this.#argument(open.call);
        this.#next();
        return true;
      }
      if (open.call !== undefined) this.#close(open.call);
      this.#waiting.pop();
      this.#depth -= 1;
      this.#next();
    }
  }

  /** Applies the operators that wait and are to be done before the next one, or all of them. */
  #apply(next: Operator | undefined): void {
    for (let top = this.#waiting.at(-1); top !== undefined; top = this.#waiting.at(-1)) {
      if (!("binds" in top)) return;
      if (next !== undefined && top.binds < next.binds) return;
      if (next !== undefined && top.binds === next.binds && next.fromRight) return;
      this.#waiting.pop();
      const last = this.#steps.at(-1);
      if (top === minus && last?.kind === "number") {
        this.#steps[this.#steps.length - 1] = { kind: "number", number: -last.number };
      } else {
        this.#steps.push({ kind: "apply", inputs: top.inputs, apply: top.apply });
      }
    }
  }

  /** The parenthesis or comma before an argument. */
  #beginArgument(call: Call): void {
    call.from = this.#steps.length;
    call.start = this.#token.at + 1;
  }

  /** The end of an argument. */
  #argument(call: Call): void {
    const { callable, name } = call;
    if (call.complete >= callable.inputs) {
      const number = this.#steps.length - call.from === 1 && this.#steps.at(-1)?.kind === "number";
      if (!number) {
        const argument = this.#text.slice(call.start, this.#token.at);
        const at = call.start + argument.search(/\S/);
        this.#token = { kind: "name", text: argument.trim(), at };
        throw this.#expected(`a number as argument ${call.complete + 1} of ${name.text}`);
      }
    }
    call.complete += 1;
    this.#beginArgument(call);
    if (this.#is(",") && call.complete === callable.most) {
      throw this.#expected(`")" after ${counted(call.complete, "argument")} of ${name.text}`);
    }
  }

  #close(call: Call): void {
    this.#argument(call);
    const { callable, complete, name } = call;
    if (complete < callable.least) {
      throw this.#expected(`${counted(callable.least, "argument")} of ${name.text}`);
    }
    this.#steps.push({ kind: "apply", inputs: complete, apply: callable.apply });
  }

  /** Is the token that sign, or of that kind? */
  #is(what: string): boolean {
    return this.#token.kind === "sign" ? this.#token.text === what : this.#token.kind === what;
  }

  #next(): void {
    this.#token = this.#read(this.#token.at + this.#token.text.length);
  }

  /** The token that begins at a place, or after the space there. */
  #read(place: number): Token {
    const at = place + this.#match(/[^\S\n\r\u2028\u2029]*/y, place).length;
    for (const [kind, pattern] of patterns) {
      const text = this.#match(pattern, at);
      if (text !== "") return { kind, text, at };
    }
    return { kind: "end", text: "", at };
  }

  #match(pattern: RegExp, place: number): string {
    pattern.lastIndex = place;
    return pattern.exec(this.#text)?.[0] ?? "";
  }

  /** The error for the token that stands here instead of what was expected. */
  #expected(what: string, hint = ""): Error {
    const { kind, text, at } = this.#token;
    const place = Array.from(this.#text.slice(0, at)).length + 1;
    const got = kind === "end" ? "the end" : kind === "line" ? "the end of the line" : quote(text);
    const before = this.#text.slice(Math.max(0, at - 20), at);
    const excerpt = quote(`${before}▸${this.#text.slice(at, at + 20)}`);
    return new Error(
      `expression: expected ${what} at character ${place}, got ${got}${hint} (at ▸ in ${excerpt})`,
    );
  }
}

const patterns: readonly (readonly [Token["kind"], RegExp])[] = [
  ["line", /\r\n|[\n\r\u2028\u2029]/y],
  ["number", /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["name", /[\p{ID_Start}_$][\p{ID_Continue}$]*/uy],
  ["sign", /\*\*|[\s\S]/uy],
];

const counted = (count: number, thing: string): string =>
  count === 1 ? `1 ${thing}` : `${count} ${thing}s`;

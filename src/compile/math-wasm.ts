/**
 * The functions of math.ts, and formulas, as WebAssembly: the same bits, one number or two at once.
 * Read math.ts, wasm.ts, formula.ts and the types of math-code.ts first.
 *
 * Nothing is computed here that math.ts does not say: its statements come from math-code.ts. For
 * one number at a time they are translated one by one, with real branches. Two numbers at once
 * cannot branch apart, so there both sides of an `if` are computed, and for either number the
 * right one is selected ("if-conversion").
 */

import { type Flow, FlowEmitter, Flows } from "./flow.ts";
import { allOf, type Formula, type FormulaName, type MathName, mathNames } from "./formula.ts";
import { type Block, DIGITS, type Expression, mathFunctions, mathNumbers } from "./math-code.ts";
import { type Global, WasmFunction } from "./wasm.ts";

/** Which functions of math.ts do formulas use? */
export function mathUsed(formulas: readonly Formula[]): Set<MathName> {
  const used = new Set(allOf(formulas).map(({ name }) => name));
  return new Set(mathNames.filter((name) => used.has(name)));
}

/**
 * What is added to an integer |k| < 2^51 so that the sum, a double between 2^52 and 2^53, has the
 * binary digits of k as its last bits.
 */
const SHOW_BITS = 6755399441055744; // 1.5 * 2^52

/** 2^52: between it and 2^53 the last bit of a double counts 1. */
const LAST_BIT_1 = 4503599627370496;

// ---- One number at a time --------------------------------------------------------------------

/** The variables of math.ts that belong to all functions together. */
const mathStates: Readonly<Record<string, "f64" | "i32">> = {
  rest: "f64",
  exponent: "f64",
  quadrant: "i32",
};

/** These are called; every other function becomes part of those that use it. */
const separate: ReadonlySet<string> = new Set([...mathNames, "reduceLarge"]);

const arithmetic: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  abs: "abs",
  floor: "floor",
  min: "min",
  max: "max",
  sqrt: "sqrt",
};

const comparisons: Readonly<Record<string, string>> = {
  "<": "lt",
  ">": "gt",
  "<=": "le",
  ">=": "ge",
  "===": "eq",
  "!==": "ne",
};

/** Do the statements return, whichever way they take? */
function returns(block: Block): boolean {
  const last = block.at(-1);
  return last?.[0] === "return" || (last?.[0] === "if" && returns(last[2]) && returns(last[3]));
}

/** The states that a function sets, itself or in what it calls, and its caller may read. */
function statesSetBy(name: string): string[] {
  if ((mathNames as readonly string[]).includes(name)) return []; // no caller reads them
  const { body } = mathFunctions[name];
  const found = new Set(callsIn(body).flatMap(statesSetBy));
  const text = JSON.stringify(body);
  return Object.keys(mathStates).filter(
    (state) => found.has(state) || text.includes(`"set","${state}"`),
  );
}

/**
 * The functions `math.exp`, `math.pow`, … for one number (two for pow), and what they need:
 * f64 -> f64, with the bits of math.ts.
 */
export function scalarMath(names: Iterable<MathName>): WasmFunction[] {
  const needed = new Set<string>(names);
  // The set grows while it is gone through.
  return Array.from(needed, (name) => (name === "digit" ? digit() : scalar(name, needed)));
}

/** A variable of math.ts: a local variable of the function, or a number that is known. */
type Variable = { readonly local: number; readonly type: "f64" | "i32" } | number;
type Scope = Map<string, Variable>;

function scalar(name: string, needed: Set<string>): WasmFunction {
  const { about, parameters, body } = mathFunctions[name];
  const results = statesSetBy(name);
  const f = new WasmFunction(
    `math.${name}`,
    parameters.map((parameter) => ({ type: "f64", name: parameter })),
    ["f64", ...results.map((state) => mathStates[state])],
  );
  f.about = about;
  const compiler = new ScalarCompiler(f, needed);
  const scope: Scope = new Map(parameters.map((each, local) => [each, { local, type: "f64" }]));
  compiler.block(body, scope);
  for (const state of results) f.get(compiler.state(state).local);
  return f;
}

/**
 * What an expression comes to if it is known beforehand; 1 and 0 stand for true and false. Loops
 * are unrolled, so this knows their counters, and whatever looks at those.
 */
function known(e: Expression, scope: Scope): number | undefined {
  if (typeof e === "number") return e;
  if (typeof e === "string") {
    const variable = scope.get(e) ?? mathNumbers[e];
    return typeof variable === "number" ? variable : undefined;
  }
  const [operation, ...operands] = e;
  const [a, b] = operands.map((operand) => known(operand, scope));
  if (a === undefined) return undefined;
  if (operation === "neg") return -a;
  if (b === undefined) return undefined;
  if (operation === "+") return a + b;
  if (operation === "-") return a - b;
  return operation === ">" ? Number(a > b) : undefined;
}

/** One digit of 2/pi by its place, found by halving the places where it may be. */
function digit(): WasmFunction {
  const f = new WasmFunction("math.digit", [{ type: "i32", name: "i" }], ["f64"]);
  const find = (from: number, to: number) => {
    if (to - from === 1) {
      f.f64(DIGITS[from]);
      return;
    }
    const middle = Math.floor((from + to) / 2);
    f.get(0).i32(middle).emit("i32.lt_s").emit("if", "f64");
    find(from, middle);
    f.emit("else");
    find(middle, to);
    f.emit("end");
  };
  find(0, DIGITS.length);
  return f;
}

/** Translates statements into instructions of one function. */
class ScalarCompiler {
  readonly #f: WasmFunction;
  readonly #needed: Set<string>;
  readonly #states = new Map<string, { local: number; type: "f64" | "i32" }>();

  constructor(f: WasmFunction, needed: Set<string>) {
    this.#f = f;
    this.#needed = needed;
  }

  /** The local variable that holds a state, or an element of `columns`. */
  state(name: string): { local: number; type: "f64" | "i32" } {
    let found = this.#states.get(name);
    if (found === undefined) {
      const type = mathStates[name] ?? "f64";
      found = { local: this.#f.local(type, name), type };
      this.#states.set(name, found);
    }
    return found;
  }

  /** Statements; leaves the number that they return, if they do. */
  block(block: Block, outer: Scope): void {
    const f = this.#f;
    const scope: Scope = new Map(outer);
    for (const [i, statement] of block.entries()) {
      switch (statement[0]) {
        case "const":
        case "let": {
          const [, name, value] = statement;
          const type = this.#type(value, scope);
          this.#value(value, scope, type);
          const local = f.local(type, name);
          f.set(local);
          scope.set(name, { local, type });
          break;
        }
        case "set": {
          const [, target, value] = statement;
          const { local, type } = this.#target(target, scope);
          this.#value(value, scope, type);
          f.set(local);
          break;
        }
        case "return":
          this.#value(statement[1], scope, "f64");
          return;
        case "if": {
          const [, test, then, otherwise] = statement;
          this.#value(test, scope, "i32");
          if (returns(then)) {
            f.emit("if", "f64");
            this.block(then, scope);
            f.emit("else");
            this.block([...otherwise, ...block.slice(i + 1)], scope);
            f.emit("end");
            return;
          }
          f.emit("if");
          this.block(then, scope);
          if (otherwise.length > 0) f.emit("else");
          this.block(otherwise, scope);
          f.emit("end");
          break;
        }
        case "for": {
          const [, name, from, to, step, body] = statement;
          for (let c = from; c !== to; c += step) this.block(body, new Map(scope).set(name, c));
          break;
        }
      }
    }
  }

  #target(target: string | readonly ["columns", Expression], scope: Scope) {
    if (typeof target !== "string") {
      return this.state(`columns${known(target[1], scope)}`);
    }
    const variable = scope.get(target);
    return typeof variable === "object" ? variable : this.state(target);
  }

  /** What a value is by nature: i32 if it is an integer or a boolean. */
  #type(e: Expression, scope: Scope): "f64" | "i32" {
    if (typeof e === "number") return "f64";
    if (typeof e === "string") {
      const variable = scope.get(e);
      return typeof variable === "object" ? variable.type : (mathStates[e] ?? "f64");
    }
    const [operation, first, second] = e;
    if (operation === "?:") return this.#type(second, scope);
    if (operation === "neg") return this.#type(first, scope);
    return /^(?:[<>&!]|===|\|\||isNaN)/.test(operation) ? "i32" : "f64";
  }

  /** Leaves a value as the wanted type. */
  #value(e: Expression, scope: Scope, wanted: "f64" | "i32"): void {
    const f = this.#f;
    const number = known(e, scope);
    if (number !== undefined) {
      f.emit(`${wanted}.const`, number);
      return;
    }
    if (typeof e === "object" && e[0] === "?:") {
      this.#choice(e, scope, wanted);
      return;
    }
    const type = this.#type(e, scope);
    if (typeof e === "string") f.get(this.#target(e, scope).local);
    else if (typeof e === "object") this.#operation(e, scope);
    if (type !== wanted) f.emit(wanted === "f64" ? "f64.convert_i32_s" : "i32.trunc_f64_s");
  }

  #choice(e: readonly Expression[], scope: Scope, wanted: "f64" | "i32"): void {
    const f = this.#f;
    const [, test, then, otherwise] = e;
    const always = known(test, scope);
    if (always !== undefined) {
      this.#value(always ? then : otherwise, scope, wanted);
    } else if (typeof then === "object" || typeof otherwise === "object") {
      this.#value(test, scope, "i32");
      f.emit("if", wanted);
      this.#value(then, scope, wanted);
      f.emit("else");
      this.#value(otherwise, scope, wanted);
      f.emit("end");
    } else {
      this.#value(then, scope, wanted);
      this.#value(otherwise, scope, wanted);
      this.#value(test, scope, "i32");
      f.emit("select");
    }
  }

  /** Leaves the value of an operation, of the type that #type says. */
  #operation([operation, ...operands]: readonly [string, ...Expression[]], scope: Scope): void {
    const f = this.#f;
    const each = (type: "f64" | "i32") => {
      for (const operand of operands) this.#value(operand, scope, type);
    };
    if (operation in arithmetic) {
      each("f64");
      f.emit(`f64.${arithmetic[operation]}`);
      return;
    }
    if (operation in comparisons) {
      const integers = operands.every(
        (e) => known(e, scope) !== undefined || this.#type(e, scope) === "i32",
      );
      const signed = integers && !/^[!=]==$/.test(operation) ? "_s" : "";
      each(integers ? "i32" : "f64");
      f.emit(`${integers ? "i32" : "f64"}.${comparisons[operation]}${signed}`);
      return;
    }
    switch (operation) {
      case "neg":
        if (this.#type(operands[0], scope) === "f64") {
          each("f64");
          f.emit("f64.neg");
        } else {
          f.i32(0);
          each("i32");
          f.emit("i32.sub");
        }
        return;
      case "&":
      case "&&":
        each("i32");
        f.emit("i32.and");
        return;
      case "||":
        each("i32");
        f.emit("i32.or");
        return;
      case "!":
        each("i32");
        f.emit("i32.eqz");
        return;
      case "isNaN":
        each("f64");
        each("f64");
        f.emit("f64.ne");
        return;
      case "powerOfTwo":
        each("f64");
        f.f64(SHOW_BITS + 1023)
          .emit("f64.add")
          .emit("i64.reinterpret_f64");
        f.emit("i64.const", 52).emit("i64.shl").emit("f64.reinterpret_i64");
        return;
      case "timesPowerOfTwo":
        this.#value(operands[0], scope, "f64");
        f.emit("i64.reinterpret_f64");
        this.#value(operands[1], scope, "f64");
        f.f64(SHOW_BITS).emit("f64.add").emit("i64.reinterpret_f64");
        f.emit("i64.const", 52).emit("i64.shl").emit("i64.add").emit("f64.reinterpret_i64");
        return;
      case "exponentFrom":
        this.#value(operands[0], scope, "f64");
        f.emit("i64.reinterpret_f64").emit("i64.const", BigInt(known(operands[1], scope)!) << 32n);
        f.emit("i64.sub").emit("i64.const", 52).emit("i64.shr_s").emit("f64.convert_i64_s");
        return;
      case "DIGITS":
        each("i32");
        f.emit("call", "math.digit");
        this.#needed.add("digit");
        return;
      case "columns":
        f.get(this.state(`columns${known(operands[0], scope)}`).local);
        return;
    }
    this.#call(operation, operands, scope);
  }

  #call(name: string, operands: readonly Expression[], scope: Scope): void {
    const f = this.#f;
    if (separate.has(name)) {
      for (const operand of operands) this.#value(operand, scope, "f64");
      f.emit("call", `math.${name}`);
      this.#needed.add(name);
      for (const state of statesSetBy(name).reverse()) f.set(this.state(state).local);
      return;
    }
    const called = mathFunctions[name];
    if (called === undefined) throw new Error(`math.ts: expected a known operation, got ${name}`);
    const { parameters, body } = called;
    const inner: Scope = new Map();
    for (const [i, parameter] of parameters.entries()) {
      const operand = operands[i];
      const number = known(operand, scope);
      const variable = typeof operand === "string" ? scope.get(operand) : undefined;
      if (number !== undefined) {
        inner.set(parameter, number);
      } else if (typeof variable === "object") {
        inner.set(parameter, variable); // functions do not change their parameters
      } else {
        this.#value(operand, scope, "f64");
        const local = f.local("f64", parameter);
        f.set(local);
        inner.set(parameter, { local, type: "f64" });
      }
    }
    this.block(body, inner);
  }
}

// ---- Two numbers at once ---------------------------------------------------------------------

/** The functions of math.ts that statements call themselves. */
function callsIn(block: Block): string[] {
  const text = JSON.stringify(block);
  return Object.keys(mathFunctions).filter((name) => text.includes(`["${name}"`));
}

/** Do statements call a function that loops? The only one is for large angles. */
const callsLoop = (block: Block): boolean =>
  callsIn(block).some((name) => mathFunctions[name].body.some(([word]) => word === "for"));

/** Do they, or does anything that they call? */
const mayLoop = (block: Block): boolean =>
  callsLoop(block) || callsIn(block).some((name) => mayLoop(mathFunctions[name].body));

/**
 * The functions `math.exp.f64x2`, `math.pow.f64x2`, … for two numbers at once: v128 -> v128, each
 * lane with the bits of math.ts. Those of angles call the functions for one number when an angle is
 * large, so these are to be taken from scalarMath; and the constants are globals, see
 * {@link mathGlobals}.
 */
export function vectorMath(names: Iterable<MathName>): WasmFunction[] {
  return Array.from(new Set(names), vector);
}

function vector(name: MathName): WasmFunction {
  const parameters = mathFunctions[name].parameters.map(
    (parameter) => ({ type: "v128", name: parameter }) as const,
  );
  const f = new WasmFunction(`math.${name}.f64x2`, parameters, ["v128"]);
  f.about = `${name} of two numbers.`;
  const flows = new Flows();
  const selection = new Selection(flows);
  const inputs = parameters.map((_, i) => flows.local(i, "v128"));
  const result = selection.call(name, inputs);
  const { conditions } = selection;
  const emitter = new FlowEmitter(f, [...conditions, result], (x) => loadConstant(f, x));
  for (const condition of conditions) {
    emitter.push(condition);
    f.emit("v128.not").emit("v128.any_true").emit("if");
    laneByLane(f, name);
    f.emit("return").emit("end");
  }
  emitter.push(result);
  return f;
}

/** Takes the lanes apart, calls the function for one number twice, puts the results together. */
function laneByLane(f: WasmFunction, name: MathName): void {
  for (const lane of [0, 1]) {
    for (const i of f.parameters.keys()) f.get(i).emit("f64x2.extract_lane", lane);
    f.emit("call", `math.${name}`);
    if (lane === 0) f.emit("f64x2.splat");
    else f.emit("f64x2.replace_lane", lane);
  }
}

/** Loads a number into both lanes. From a global that takes one instruction, otherwise three. */
function loadConstant(f: WasmFunction, x: number): void {
  f.emit("global.get", `math.${Object.is(x, -0) ? "-0" : x}`);
}

/**
 * The constants that code of {@link vectorMath} and {@link emitFormulas} loads: globals that the
 * module must have. Ask when all of its functions are written.
 */
export function mathGlobals(functions: readonly WasmFunction[]): Global[] {
  const found = new Set<string>();
  for (const { body } of functions) {
    for (const instruction of body) {
      if (instruction[0] !== "global.get") continue;
      const name = String(instruction[1]);
      if (name.startsWith("math.")) found.add(name);
    }
  }
  return Array.from(found, (name) => ({
    name,
    type: "v128",
    start: Number(name.slice("math.".length)),
    constant: true,
  }));
}

/** The variables of a function and the states. */
type Values = Map<string, Flow>;

/** What statements come to: the variables after them, and what they return if they do. */
interface Outcome {
  readonly values: Values;
  readonly result?: Flow;
}

/** Runs statements over graphs instead of numbers; an `if` runs both ways. */
class Selection {
  /** Tests without which the results are wrong: of two ways, that with a loop was left out. */
  readonly conditions: Flow[] = [];
  readonly #flows: Flows;
  readonly #tests = new Set<Flow>();

  constructor(flows: Flows) {
    this.#flows = flows;
  }

  /** What a function returns. */
  call(name: string, inputs: readonly Flow[], states: Values = new Map()): Flow {
    const { parameters, body } = mathFunctions[name];
    const values: Values = new Map(states);
    for (const [i, parameter] of parameters.entries()) values.set(parameter, inputs[i]);
    const outcome = this.#block(body, values);
    for (const state of Object.keys(mathStates)) {
      const value = outcome.values.get(state);
      if (value !== undefined) states.set(state, value);
    }
    if (outcome.result === undefined) throw new Error(`math.${name}: expected a result, got none`);
    return outcome.result;
  }

  #block(block: Block, before: Values): Outcome {
    const values: Values = new Map(before);
    for (const [i, statement] of block.entries()) {
      switch (statement[0]) {
        case "const":
        case "let":
        case "set":
          values.set(String(statement[1]), this.#value(statement[2], values));
          break;
        case "return":
          return { result: this.#value(statement[1], values), values };
        case "if": {
          const [, condition, then, otherwise] = statement;
          const test = this.#value(condition, values);
          const rest = block.slice(i + 1);
          if (returns(then) && callsLoop(rest)) {
            this.conditions.push(test);
            return this.#block(then, values);
          }
          if (returns(then)) {
            const other = this.#block([...otherwise, ...rest], values);
            return this.#either(test, this.#block(then, values), other);
          }
          const sides = [this.#block(then, values), this.#block(otherwise, values)];
          return this.#block(rest, this.#either(test, sides[0], sides[1]).values);
        }
        case "for":
          throw new Error("Selection: expected no loop, got one");
      }
    }
    return { values };
  }

  /** Of two outcomes that of the side that the test chooses. */
  #either(test: Flow, then: Outcome, otherwise: Outcome): Outcome {
    const values: Values = new Map();
    for (const [name, value] of then.values) {
      const other = otherwise.values.get(name);
      if (other !== undefined) values.set(name, this.#flows.select(test, value, other));
    }
    if (then.result === undefined || otherwise.result === undefined) return { values };
    return { values, result: this.#flows.select(test, then.result, otherwise.result) };
  }

  /** The outcome of a comparison, or several: in a lane all bits are set, or none. */
  #test(instruction: string, ...inputs: readonly Flow[]): Flow {
    const test = this.#make(instruction, ...inputs);
    this.#tests.add(test);
    return test;
  }

  #make(instruction: string, ...inputs: readonly Flow[]): Flow {
    return this.#flows.make(instruction, inputs, "v128");
  }

  #number(x: number): Flow {
    return this.#flows.number(x, "v128");
  }

  #value(e: Expression, values: Values): Flow {
    if (typeof e === "number") return this.#number(e);
    if (typeof e === "string") return values.get(e) ?? this.#number(mathNumbers[e]);
    const [operation, ...operands] = e;
    if (operation === "?:") {
      const [test, ...sides] = operands;
      const condition = this.#value(test, values);
      const [then, otherwise] = sides.map((side): Outcome => {
        const own = new Map(values);
        return { result: this.#value(side, own), values: own };
      });
      const { result, values: after } = this.#either(condition, then, otherwise);
      for (const [name, value] of after) values.set(name, value);
      return result!; // both sides have one
    }
    const flows = this.#flows;
    const inputs = operands.map((operand) => this.#value(operand, values));
    const [a, b] = inputs;
    if (operation in arithmetic) return flows.arithmetic(arithmetic[operation], inputs, "v128");
    if (operation in mathFunctions) return this.call(operation, inputs, values);
    if (operation === "===" && this.#tests.has(a)) {
      return this.#test("v128.not", this.#test("v128.xor", a, b));
    }
    if (operation in comparisons) return this.#test(`f64x2.${comparisons[operation]}`, a, b);
    switch (operation) {
      case "neg":
        return flows.arithmetic("neg", inputs, "v128");
      case "!":
        return this.#test("v128.not", a);
      case "&&":
        return this.#test("v128.and", a, b);
      case "||":
        return this.#test("v128.or", a, b);
      case "&": {
        // Of an integer a, modulo 2 or 4: a - 4 * floor(a / 4), all of it exact.
        const modulus = Number(operands[1]) + 1;
        const [over, down] = [this.#number(modulus), this.#number(1 / modulus)];
        const part = flows.arithmetic("mul", [a, down], "v128");
        const whole = flows.arithmetic("floor", [part], "v128");
        const off = flows.arithmetic("mul", [whole, over], "v128");
        return flows.arithmetic("sub", [a, off], "v128");
      }
      case "isNaN":
        return this.#test("f64x2.ne", a, a);
      case "powerOfTwo":
        return this.#exponent(a, 1023);
      case "timesPowerOfTwo":
        return this.#make("i64x2.add", a, this.#exponent(b, 0));
      case "exponentFrom": {
        // The exponent + 1023 is put where 2^52 as a double has its last bits.
        const word = operands[1] as number; // math.ts has constants there
        const steps = this.#make("i64x2.add", a, this.#number(fromWord(0x3ff00000 - word)));
        const last = flows.make("i64x2.shr_u", [steps, flows.integer(52)], "v128");
        const sum = this.#make("v128.or", last, this.#number(LAST_BIT_1));
        return flows.arithmetic("sub", [sum, this.#number(LAST_BIT_1 + 1023)], "v128");
      }
      default:
        throw new Error(`Selection: expected an operation for two lanes, got ${operation}`);
    }
  }

  /** An integer, and a constant added to it, in the place of the exponent. */
  #exponent(k: Flow, constant: number): Flow {
    const summands = [k, this.#number(SHOW_BITS + constant)];
    const shown = this.#flows.arithmetic("add", summands, "v128");
    return this.#flows.make("i64x2.shl", [shown, this.#flows.integer(52)], "v128");
  }
}

/** The double whose first word is given, and whose second is 0. */
function fromWord(word: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setInt32(0, word);
  return view.getFloat64(0);
}

// ---- Formulas --------------------------------------------------------------------------------

/** The instructions of formulas that have one, for one number and for two. */
const instructions: ReadonlySet<FormulaName> = new Set([
  "add",
  "sub",
  "mul",
  "div",
  "neg",
  "abs",
  "sqrt",
  "max",
  "min",
] as const);

/** What {@link emitFormulas} may be told. */
export interface FormulaOptions {
  /** The local variable of type v128 that holds a constant in both lanes, if there is one. */
  readonly constant?: (x: number) => number | undefined;
  /**
   * Functions of math.ts that become part of the code, for v128, instead of being called: so what
   * exp(-|2x|) and tanh(x) have in common is computed once. Those for the angles are called anyway.
   */
  readonly inline?: ReadonlySet<MathName>;
  /** May a·b + c be rounded once instead of twice, for v128? */
  readonly fused?: boolean;
  /** Writes what puts a value into a local variable; called just before it is first read. */
  readonly load?: (local: number) => void;
  /** Writes what is done with formula number i as soon as it is in a local variable. */
  readonly done?: (i: number, local: number) => void;
}

/**
 * Adds code to a function that computes formulas, and gives for each the local variable that holds
 * its value afterwards; for a variable that is the one that `variable` names, for equal formulas
 * the same one. What several formulas need is computed once; other local variables that this takes
 * are used again as soon as their values have been read.
 */
export function emitFormulas(
  f: WasmFunction,
  formulas: readonly Formula[],
  variable: (i: number) => number,
  width: "f64" | "v128",
  {
    constant = () => undefined,
    inline = new Set(),
    fused = false,
    load,
    done,
  }: FormulaOptions = {},
): number[] {
  const made = flowsOf(formulas, variable, width, inline, fused);
  const roots = formulas.map((formula) => made.get(formula)!); // flowsOf has them too
  const emitter = new FlowEmitter(
    f,
    roots,
    (x) => {
      const local = constant(x);
      if (local === undefined) loadConstant(f, x);
      else f.get(local);
    },
    load,
  );
  return roots.map((root, i) => {
    const local = emitter.keep(root);
    done?.(i, local);
    return local;
  });
}

/** Formulas as flows, with the functions of `inline` as parts of them. */
function flowsOf(
  formulas: readonly Formula[],
  variable: (i: number) => number,
  width: "f64" | "v128",
  inline: ReadonlySet<MathName>,
  fused: boolean,
): Map<Formula, Flow> {
  const flows = new Flows(fused);
  const selection = new Selection(flows);
  const made = new Map<Formula, Flow>();
  const make = ({ name, inputs, number }: Formula): Flow => {
    if (name === "number") return flows.number(number, width);
    if (name === "variable") return flows.local(variable(number), width);
    const from = inputs.map((input) => made.get(input)!); // inputs come first
    if (name === "where") return flows.select(from[0], from[1], from[2]);
    if (name === "less" || name === "equal") {
      const comparison = name === "less" ? "lt" : "eq";
      if (width === "f64") return flows.make(`f64.${comparison}`, from, "i32");
      return flows.make(`f64x2.${comparison}`, from, "v128");
    }
    if (instructions.has(name)) return flows.arithmetic(name, from, width);
    const math = name as MathName; // nothing else is left
    if (width === "f64") return flows.make("call", from, width, `math.${math}`);
    if (inline.has(math) && !mayLoop(mathFunctions[math].body)) return selection.call(math, from);
    return flows.make("call", from, width, `math.${math}.f64x2`);
  };
  for (const formula of allOf(formulas)) made.set(formula, make(formula));
  return made;
}

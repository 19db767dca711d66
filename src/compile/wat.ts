/**
 * A module in the text format of WebAssembly, for people: comments, names, and expressions that are
 * folded as in `(f64.add (local.get $a) (local.get $b))` instead of one instruction a line. Read
 * wasm.ts first; https://webassembly.github.io/spec/core/text is the source.
 */

import {
  type Immediate,
  type Import,
  type Instruction,
  type Module,
  opcodes,
  type ValueType,
  type WasmFunction,
} from "./wasm.ts";

/** A line is broken if it would be longer, and an expression that is deeper is not folded. */
const WIDEST = 100;
const DEEPEST = 12;

/** Where everything is imported from. */
const ENV = '"env"';

/** The module as text, which an assembler turns into the same code. */
export function print(module: Module): string {
  const { functions, imports = [], globals = [], exports, shared } = module;
  const names = identifiers([...imports, ...functions].map(({ name }) => name));
  const memory = shared === undefined ? "(memory 1)" : `(memory 1 ${shared.pages} shared)`;
  const lines = ["(module", `  (import ${ENV} "memory" ${memory})`];
  for (const { name, parameters, results } of imports) {
    const types = signature(parameters, results);
    lines.push(`  (import ${ENV} "${name}" (func ${names.get(name)}${types}))`);
  }
  const globalNames = identifiers(globals.map(({ name }) => name));
  for (const { name, type, start, constant = false } of globals) {
    const value = new Words(globalNames, names).word([`${type}.const`, start]);
    const kind = constant ? type : `(mut ${type})`;
    lines.push(`  (global ${globalNames.get(name)} ${kind} (${value}))`);
  }
  const arities = new Map<string, Arity>(
    [...imports, ...functions].map(({ name, parameters, results }) => [
      name,
      [parameters.length, results.length],
    ]),
  );
  for (const f of functions) {
    const exported = exports.includes(f.name) ? ` (export "${f.name}")` : "";
    const name = names.get(f.name)!; // just named
    lines.push(
      "",
      ...new FunctionText(f, new Words(globalNames, names, f), arities).print(name, exported),
    );
  }
  return `${lines.join("\n")}\n)\n`;
}

/** How many operands an instruction takes and how many results it leaves. */
type Arity = readonly [operands: number, results: number];

/** An identifier for each name: only characters that it may have, and each different. */
function identifiers(names: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of names) {
    if (found.has(name)) continue;
    const plain = `$${name.replace(/[^\w.]+/g, "_") || "_"}`;
    let identifier = plain;
    for (let i = 2; taken.has(identifier); i++) identifier = `${plain}.${i}`;
    taken.add(identifier);
    found.set(name, identifier);
  }
  return found;
}

function signature(parameters: Import["parameters"], results: Import["results"]): string {
  const text = (word: string, types: readonly ValueType[]) =>
    types.length === 0 ? "" : ` (${word} ${types.join(" ")})`;
  return text("param", parameters) + text("result", results);
}

/** Any text as it may stand in a comment: on one line, and without what turns its direction. */
const ascii = (text: string): string => text.replace(/[^ -~]/g, "?");

// ---- Single instructions ---------------------------------------------------------------------

/** Instructions as words, with the names of functions, globals and one function's locals. */
class Words {
  readonly #globals: ReadonlyMap<string, string>;
  readonly #functions: ReadonlyMap<string, string>;
  readonly locals: readonly string[];

  constructor(
    globals: ReadonlyMap<string, string>,
    functions: ReadonlyMap<string, string>,
    f?: WasmFunction,
  ) {
    this.#globals = globals;
    this.#functions = functions;
    const all = f === undefined ? [] : [...f.parameters, ...f.locals];
    // Names may be used twice; for identifiers() they must not be equal, so each gets its number.
    const taken = new Set<string>();
    this.locals = all.map(({ name }, i) => {
      const plain = `$${name.replace(/\W+/g, "_") || `v${i}`}`;
      let own = plain;
      for (let n = 2; taken.has(own); n++) own = `${plain}.${n}`;
      taken.add(own);
      return own;
    });
  }

  word([name, ...immediates]: Instruction): string {
    const [first, second] = immediates;
    switch (opcodes[name][1]) {
      case "none":
        return name;
      case "local":
        return `${name} ${this.locals[first as number]}`; // an index
      case "function":
        return `${name} ${this.#functions.get(first as string)}`; // a name
      case "global":
        return `${name} ${this.#globals.get(first as string)}`;
      case "f64":
        return `${name} ${number(first)}`;
      case "f64 twice":
        return `${name} f64x2 ${number(first)} ${number(first)}`;
      case "memory8 lane":
        return `${name}${first ? ` offset=${first}` : ""} ${second}`;
      case "memory4":
      case "memory8":
      case "memory16":
        return first ? `${name} offset=${first}` : name;
      default:
        return [name, ...immediates].join(" ");
    }
  }
}

/** A number as the text format has it: JavaScript's digits give it back to the last bit. */
function number(immediate: Immediate): string {
  const x = Number(immediate);
  if (Number.isNaN(x)) return "nan";
  if (Math.abs(x) === Infinity) return x > 0 ? "inf" : "-inf";
  return Object.is(x, -0) ? "-0" : String(x);
}

const fixed: Readonly<Record<string, Arity>> = {
  "local.get": [0, 1],
  "local.set": [1, 0],
  "local.tee": [1, 1],
  "global.get": [0, 1],
  "global.set": [1, 0],
  drop: [1, 0],
  select: [3, 1],
  br_if: [1, 0],
  "memory.fill": [3, 0],
  "memory.copy": [3, 0],
  "memory.atomic.wait32": [3, 1],
  "v128.bitselect": [3, 1],
  "f64x2.relaxed_madd": [3, 1],
  "f64x2.relaxed_nmadd": [3, 1],
};

const unary =
  /\.(?:eqz|abs|neg|floor|sqrt|splat|not|any_true|wrap|trunc|extend|convert|reinterpret|extract_lane)/;

/** Takes two operands and leaves one result, unless its name says something else. */
function arityOf(name: string): Arity {
  if (fixed[name] !== undefined) return fixed[name];
  if (name.endsWith(".const")) return [0, 1];
  if (/\.store/.test(name)) return [2, 0];
  if (/\.load\d*_lane/.test(name)) return [2, 1];
  if (/\.load/.test(name)) return [1, 1];
  return unary.test(name) ? [1, 1] : [2, 1];
}

// ---- Functions -------------------------------------------------------------------------------

/** An instruction with the expressions of its operands. */
interface Folded {
  readonly word: string;
  readonly operands: readonly Folded[];
  /** On one line. */
  readonly text: string;
  readonly depth: number;
}

/**
 * The text of one function. What is on the stack is kept back as expressions, until an instruction
 * takes them as its operands, or anything else would come before them.
 */
class FunctionText {
  readonly #function: WasmFunction;
  readonly #words: Words;
  readonly #arities: ReadonlyMap<string, Arity>;
  readonly #lines: string[] = [];
  #indent = "    ";
  /** Expressions that leave a result each. */
  #pending: Folded[] = [];
  /** The blocks around: the label, and what closes each in the text. */
  readonly #blocks: { label: string; close: string }[] = [];
  #labels = 0;

  constructor(f: WasmFunction, words: Words, arities: ReadonlyMap<string, Arity>) {
    this.#function = f;
    this.#words = words;
    this.#arities = arities;
  }

  print(name: string, exported: string): string[] {
    const { about, parameters, results, locals, body } = this.#function;
    const names = this.#words.locals;
    const head = [`(func ${name}${exported}`];
    head.push(...parameters.map(({ type }, i) => `(param ${names[i]} ${type})`));
    if (results.length > 0) head.push(`(result ${results.join(" ")})`);
    const declared = locals.map(({ type }, i) => `(local ${names[parameters.length + i]} ${type})`);
    for (const instruction of body) this.#add(instruction);
    this.#flush();
    return [
      ...(about === "" ? [] : wrapped(ascii(about).split(" "), "  ;; ", "  ;; ")),
      ...wrapped(head, "  ", "      "),
      ...wrapped(declared, "    ", "    "),
      ...this.#lines,
      "  )",
    ];
  }

  #line(text: string): void {
    this.#lines.push(this.#indent + text);
  }

  /** Writes what was kept back: it stays on the stack, or was all there is to say. */
  #flush(): void {
    for (const folded of this.#pending) this.#write(folded);
    this.#pending = [];
  }

  #write(folded: Folded): void {
    this.#lines.push(...layout(folded, this.#indent));
  }

  #add(instruction: Instruction): void {
    const [name, first] = instruction;
    switch (name) {
      case ";;":
        this.#flush();
        this.#line(`;; ${ascii(String(first))}`);
        return;
      case "block":
      case "loop":
      case "if":
        this.#open(name, first);
        return;
      case "else":
        this.#flush();
        this.#indent = this.#indent.slice(2);
        this.#line(this.#blocks.at(-1)?.close === "end" ? "else" : ") (else");
        this.#indent += "  ";
        return;
      case "end": {
        this.#flush();
        this.#indent = this.#indent.slice(2);
        this.#line(this.#blocks.pop()!.close); // each end closes a block
        return;
      }
      case "br":
        this.#flush();
        this.#line(`br ${this.#label(first)}`);
        return;
      case "return":
      case "unreachable":
        this.#flush();
        this.#line(name);
        return;
    }
    const word = name === "br_if" ? `br_if ${this.#label(first)}` : this.#words.word(instruction);
    const arity = name === "call" ? this.#arities.get(String(first)) : arityOf(name);
    const [taken, left] = arity!; // calls are of functions of the module
    const operands = taken === 0 ? [] : this.#pending.slice(-taken);
    const depth = 1 + Math.max(0, ...operands.map((operand) => operand.depth));
    if (operands.length < taken || depth > DEEPEST) {
      this.#flush();
      this.#line(word);
      return;
    }
    this.#pending.length -= taken;
    const text = `(${[word, ...operands.map((operand) => operand.text)].join(" ")})`;
    if (left === 1) {
      this.#pending.push({ word, operands, text, depth });
    } else {
      this.#flush();
      this.#write({ word, operands, text, depth });
    }
  }

  #open(name: "block" | "loop" | "if", type: Immediate | undefined): void {
    const result = type === undefined ? "" : ` (result ${type})`;
    const test = name === "if" ? this.#pending.pop() : undefined;
    this.#flush();
    const label = `$${name}${++this.#labels}`;
    if (name === "if" && test === undefined) {
      this.#line(`if ${label}${result}`);
      this.#blocks.push({ label, close: "end" });
    } else if (test !== undefined) {
      const oneLine = `(if ${label}${result} ${test.text} (then`;
      if (this.#indent.length + oneLine.length <= WIDEST) {
        this.#line(oneLine);
      } else {
        this.#line(`(if ${label}${result}`);
        this.#lines.push(...layout(test, `${this.#indent}    `));
        this.#line("  (then");
      }
      this.#blocks.push({ label, close: "))" });
    } else {
      this.#line(`(${name} ${label}${result}`);
      this.#blocks.push({ label, close: ")" });
    }
    this.#indent += "  ";
  }

  /** The label of a block so many blocks outwards; beyond all of them is the function itself. */
  #label(outwards: Immediate): string {
    const { length } = this.#blocks;
    return this.#blocks[length - 1 - Number(outwards)]?.label ?? String(outwards);
  }
}

/**
 * An expression on one line or, if that is too long, with its operands on lines of their own, where
 * short ones share a line.
 */
function layout({ word, operands, text }: Folded, indent: string): string[] {
  if (indent.length + text.length <= WIDEST || operands.length === 0) return [indent + text];
  const inner: string[] = [];
  let room = 0; // on the last line, for a short operand
  for (const operand of operands) {
    const { length } = operand.text;
    const isShort = length <= WIDEST / 2 && operands.length > 3;
    if (isShort && length < room) {
      inner[inner.length - 1] += ` ${operand.text}`;
      room -= length + 1;
    } else {
      inner.push(...layout(operand, `${indent}  `));
      room = isShort ? WIDEST - indent.length - 2 - length : 0;
    }
  }
  inner[inner.length - 1] += ")";
  return [`${indent}(${word}`, ...inner];
}

/** Words on as many lines as they need. */
function wrapped(words: readonly string[], first: string, next: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && line.length + 1 + word.length > WIDEST) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? (lines.length === 0 ? first : next) + word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}

/**
 * The terms of a loss that are made of parameters alone, such as weight decay, once per step. Read
 * emit.ts first.
 *
 * They are mostly a sum of the same thing for every parameter, which becomes a loop; what is left
 * is computed number by number.
 */

import { operations } from "../operations.ts";
import { BlockFormulas } from "./block-formulas.ts";
import { PARAMETERS } from "./emit.ts";
import type { Formula, MathName } from "./formula.ts";
import { advance, repeat } from "./kernels.ts";
import { computedNodes } from "./layers.ts";
import { emitFormulas, mathUsed } from "./math-wasm.ts";
import { reverse, type Term } from "./reverse.ts";
import type { Trace, TracedNode } from "./trace.ts";
import { WasmFunction } from "./wasm.ts";

/** f(p) + f(q) + …, with the same f. */
export interface UniformSum {
  /** Nodes: the sum, one of its terms, and the parameter in that term. */
  readonly sum: number;
  readonly term: number;
  readonly parameter: number;
  /** Which parameters, in the order of the terms. */
  readonly parameters: readonly number[];
  /** Nodes within: all terms, and the sums on the way. */
  readonly inner: readonly number[];
}

/** Fewer terms are not worth a loop. */
const FEWEST_TERMS = 8;

/** More nodes than this, besides loops, are too many for one function. */
const LARGEST_REST = 1500;

/** A term of more nodes than this is not looked at. */
const LARGEST_TERM = 32;

/**
 * Emits `regularizer`, which adds to gradients and returns the value.
 *
 * @param ordered are the sums to be added up one by one, as the engine does?
 * @returns the functions, and those of math.ts they use; or why it cannot be done, in words
 */
export function emitRegularizer(
  trace: Trace,
  parameterAt: readonly number[],
  frozenAt: readonly number[],
  ordered: boolean,
): { functions: WasmFunction[]; math: Set<MathName> } | string {
  const sums = findSums(trace);
  const inSums = new Set(sums.flatMap(({ inner, sum }) => inner.concat(sum)));
  const { nodes, outputs } = trace;
  const rest = computedNodes(trace).filter((i) => !inSums.has(i));
  if (rest.length > LARGEST_REST) {
    return `expected a regularizer of sums over parameters, got one with ${rest.length} other operations`;
  }
  const terms = reverse(trace);
  const math = new Set<MathName>();
  const formulasInto = (
    f: WasmFunction,
    formulas: readonly Formula[],
    variable: (i: number) => number,
    width: Width,
  ) => {
    for (const name of mathUsed(formulas)) math.add(name);
    return emitFormulas(f, formulas, variable, width);
  };

  const f = new WasmFunction("regularizer", [{ type: "i32", name: "gradients" }], ["f64"]);
  f.about = "What depends on parameters alone: its value, its gradient added to the others.";
  const gradients = 0;
  const totals = new Map(sums.map(({ sum }) => [sum, f.local("f64", "total")]));
  const load = (into: WasmFunction, { role, index }: TracedNode, width: Width) => {
    const instruction = width === "f64" ? "f64.load" : "v128.load64_splat";
    into.i32(0).emit(instruction, role === "parameter" ? parameterAt[index] : frozenAt[index]);
  };

  // 1. The sums.
  const functions: WasmFunction[] = [];
  sums.forEach((sum, i) => {
    const total = totals.get(sum.sum)!; // made above
    const each = sumFunction(`regularizer.sum.${i}`, trace, sum, load, formulasInto, ordered);
    functions.push(each);
    f.f64(-0).set(total); // -0 + x is x, also for -0
    for (const { at, count } of runs(sum.parameters.map((p) => parameterAt[p]))) {
      f.i32(at).i32(count).get(total).emit("call", each.name).set(total);
    }
  });

  // 2. Everything else, and its gradients.
  const formulas = new BlockFormulas(nodes, rest);
  const { sheet } = formulas;
  const found = new Map<number, Formula>();
  const gather = (own: readonly Term[], start?: Formula): Formula | undefined => {
    let sum = start;
    for (const { consumer, input } of own) {
      const gradient = found.get(consumer);
      if (gradient === undefined) continue;
      const term = formulas.passed(consumer, input, gradient);
      sum = sum === undefined ? term : (sheet.arithmetic.add(sum, term) as Formula);
    }
    return sum;
  };
  const backwards = [...rest, ...totals.keys()].sort((a, b) => b - a);
  for (const node of backwards) {
    const start = node === outputs[0] ? sheet.number(1) : undefined;
    const gradient = gather(terms[node], start);
    if (gradient !== undefined) found.set(node, gradient);
  }
  const results: { formula: Formula; offset: number }[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const { role, index } = nodes[i];
    if (role !== "parameter") continue;
    const offset = parameterAt[index] - PARAMETERS;
    if (i === outputs[0]) results.push({ formula: sheet.number(1), offset });
    for (const term of terms[i]) {
      if (inSums.has(term.consumer)) continue;
      const formula = gather([term]);
      if (formula !== undefined) results.push({ formula, offset });
    }
  }
  const slopes = sums.map(({ sum }) => found.get(sum) ?? sheet.number(0));
  const wanted = [formulas.value(outputs[0]), ...slopes, ...results.map(({ formula }) => formula)];
  const variables = new Map<number, number>();
  for (const variable of formulas.variablesIn(wanted)) {
    const { node } = formulas.variable(variable);
    const total = totals.get(node);
    const local = total ?? f.local("f64");
    variables.set(variable, local);
    if (total !== undefined) continue;
    load(f, nodes[node], "f64");
    f.set(local);
  }
  const locals = formulasInto(f, wanted, (i) => variables.get(i)!, "f64"); // loaded above
  results.forEach(({ offset }, i) => {
    f.get(gradients).get(gradients).emit("f64.load", offset);
    f.get(locals[1 + sums.length + i])
      .emit("f64.add")
      .emit("f64.store", offset);
  });

  // 3. The gradients of the sums, handed on to their parameters.
  sums.forEach((sum, i) => {
    const each = spreadFunction(`regularizer.spread.${i}`, trace, sum, load, formulasInto, terms);
    functions.push(each);
    for (const { at, count } of runs(sum.parameters.map((p) => parameterAt[p]))) {
      f.i32(at)
        .i32(count)
        .get(locals[1 + i]);
      f.get(gradients)
        .i32(at - PARAMETERS)
        .emit("i32.add")
        .emit("call", each.name);
    }
  });
  f.get(locals[0]);
  return { functions: [...functions, f], math };
}

type Load = (into: WasmFunction, node: TracedNode, width: Width) => void;
type EmitFormulas = (
  f: WasmFunction,
  formulas: readonly Formula[],
  variable: (i: number) => number,
  width: Width,
) => number[];

/** (at, count, total): total and, one after the other, f of `count` parameters from `at`. */
function sumFunction(
  name: string,
  trace: Trace,
  { term, parameter }: UniformSum,
  load: Load,
  formulasInto: EmitFormulas,
  ordered: boolean,
): WasmFunction {
  const f = new WasmFunction(
    name,
    [
      { type: "i32", name: "at" },
      { type: "i32", name: "count" },
      { type: "f64", name: "total" },
    ],
    ["f64"],
  );
  const [at, count, total] = [0, 1, 2];
  const formulas = new BlockFormulas(trace.nodes, termNodes(trace, term));
  const value = formulas.value(term);
  /** The term of the parameter at `at`, or those of it and the next. */
  const compute = (width: Width): number => {
    const [local] = formulasInto(
      f,
      [value],
      loadTerm(f, trace, formulas, [value], parameter, at, load, width),
      width,
    );
    return local;
  };
  if (!ordered) {
    // Four at a time: two vectors of two sums, so that none has to wait for the one before.
    const sums = [f.local("v128", "sums0"), f.local("v128", "sums1")];
    whileAtLeast(f, count, 4, () => {
      for (const sum of sums) {
        f.get(sum).get(compute("v128")).emit("f64x2.add").set(sum);
        advance(f, at, 16);
      }
    });
    f.get(total).get(sums[0]).get(sums[1]).emit("f64x2.add").tee(sums[0]);
    f.emit("f64x2.extract_lane", 0).get(sums[0]).emit("f64x2.extract_lane", 1);
    f.emit("f64.add").emit("f64.add").set(total);
  }
  whileAtLeast(f, count, 1, () => {
    f.get(total).get(compute("f64")).emit("f64.add").set(total);
    advance(f, at, 8);
  });
  f.get(total);
  return f;
}

/** (at, count, slope, gradients): to each gradient, what its parameter's terms get. */
function spreadFunction(
  name: string,
  trace: Trace,
  { term, parameter }: UniformSum,
  load: Load,
  formulasInto: EmitFormulas,
  terms: readonly (readonly Term[])[],
): WasmFunction {
  const f = new WasmFunction(name, [
    { type: "i32", name: "at" },
    { type: "i32", name: "count" },
    { type: "f64", name: "slope" },
    { type: "i32", name: "gradients" },
  ]);
  const [at, count, slope, gradients] = [0, 1, 2, 3];
  const slopes = f.local("v128", "slopes");
  const inside = termNodes(trace, term);
  const formulas = new BlockFormulas(trace.nodes, inside);
  const { sheet } = formulas;
  const found = new Map<number, Formula>([[term, formulas.seed()]]);
  const gather = (node: number): Formula | undefined => {
    let sum: Formula | undefined;
    for (const { consumer, input } of terms[node]) {
      const gradient = found.get(consumer);
      if (gradient === undefined) continue;
      const passed = formulas.passed(consumer, input, gradient);
      sum = sum === undefined ? passed : (sheet.arithmetic.add(sum, passed) as Formula);
    }
    return sum;
  };
  for (const node of [...inside].reverse()) {
    const gradient = node === term ? undefined : gather(node);
    if (gradient !== undefined) found.set(node, gradient);
  }
  const passed =
    parameter === term
      ? [formulas.seed()]
      : terms[parameter].flatMap(({ consumer, input }) => {
          const gradient = found.get(consumer);
          return gradient === undefined ? [] : [formulas.passed(consumer, input, gradient)];
        });
  f.get(slope).emit("f64x2.splat").set(slopes);
  for (const width of ["v128", "f64"] as const) {
    const lanes = width === "v128" ? 2 : 1;
    whileAtLeast(f, count, lanes, () => {
      const loaded = loadTerm(f, trace, formulas, passed, parameter, at, load, width);
      const own = width === "v128" ? slopes : slope;
      const variable = (i: number) => (formulas.variable(i).kind === "seed" ? own : loaded(i));
      const locals = formulasInto(f, passed, variable, width);
      f.get(gradients).get(gradients).emit(`${width}.load`);
      for (const local of locals) f.get(local).emit(`${SHAPES[width]}.add`);
      f.emit(`${width}.store`);
      advance(f, at, 8 * lanes);
      advance(f, gradients, 8 * lanes);
    });
  }
  return f;
}

/** One number, or two at a time. */
type Width = "f64" | "v128";

const SHAPES = { f64: "f64", v128: "f64x2" } as const;

/** Runs `body`, and takes its number off the count, as long as there are so many. */
function whileAtLeast(f: WasmFunction, count: number, number: number, body: () => void): void {
  f.get(count).i32(number).emit("i32.ge_u").emit("if");
  repeat(f, () => {
    body();
    f.get(count).i32(number).emit("i32.sub").tee(count).i32(number).emit("i32.ge_u");
  });
  f.emit("end");
}

/** Loads the variables of a term: its parameter from `at`, others from where they are. */
function loadTerm(
  f: WasmFunction,
  { nodes }: Trace,
  formulas: BlockFormulas,
  wanted: readonly Formula[],
  parameter: number,
  at: number,
  load: Load,
  width: Width,
): (variable: number) => number {
  const locals = new Map<number, number>();
  for (const variable of formulas.variablesIn(wanted)) {
    const { kind, node } = formulas.variable(variable);
    if (kind === "seed") continue;
    const local = f.local(width);
    locals.set(variable, local);
    if (node === parameter) f.get(at).emit(`${width}.load`);
    else load(f, nodes[node], width);
    f.set(local);
  }
  return (variable) => locals.get(variable)!; // loaded above
}

/** Addresses as runs of neighbours. */
function runs(addresses: readonly number[]): { at: number; count: number }[] {
  const found: { at: number; count: number }[] = [];
  for (const at of addresses) {
    const last = found.at(-1);
    if (last !== undefined && at === last.at + 8 * last.count) last.count += 1;
    else found.push({ at, count: 1 });
  }
  return found;
}

/** The computed nodes of a term, inputs first. */
export function termNodes({ nodes }: Trace, term: number): number[] {
  const seen = new Set([term]);
  for (const node of seen) for (const input of nodes[node].inputs) seen.add(input); // grows as it runs
  return [...seen].filter((node) => nodes[node].role === "computed").sort((a, b) => a - b);
}

/** Finds the chains of additions whose terms all do the same with another parameter each. */
export function findSums(trace: Trace): UniformSum[] {
  const { nodes, outputs } = trace;
  const uses = nodes.map(() => 0);
  for (const { inputs } of nodes) for (const input of inputs) uses[input] += 1;
  for (const output of outputs) uses[output] += 1;
  const isAdd = (i: number) => nodes[i].operation === operations.add;
  const goesOn = new Set<number>(); // sums that are the first input of a sum, and nothing else
  const additions = computedNodes(trace).filter(isAdd);
  for (const sum of additions) {
    const [first] = nodes[sum].inputs;
    if (isAdd(first) && uses[first] === 1) goesOn.add(first);
  }
  const found: UniformSum[] = [];
  for (const end of additions) {
    if (goesOn.has(end)) continue;
    const sums = [end];
    while (goesOn.has(nodes[sums[sums.length - 1]].inputs[0])) {
      sums.push(nodes[sums[sums.length - 1]].inputs[0]);
    }
    sums.reverse();
    const terms = [nodes[sums[0]].inputs[0], ...sums.map((sum) => nodes[sum].inputs[1])];
    const first = describeTerm(trace, uses, terms[0]);
    if (first === undefined) continue;
    const parameters = [nodes[first.parameter].index];
    const inner = [...first.inner];
    while (parameters.length < terms.length) {
      const next = describeTerm(trace, uses, terms[parameters.length]);
      if (next?.text !== first.text) break;
      parameters.push(nodes[next.parameter].index);
      for (const node of next.inner) inner.push(node);
    }
    if (parameters.length < FEWEST_TERMS || new Set(parameters).size < parameters.length) continue;
    const count = parameters.length - 1; // sums
    for (const sum of sums.slice(0, count - 1)) inner.push(sum);
    const { parameter } = first;
    found.push({ sum: sums[count - 1], term: terms[0], parameter, parameters, inner });
  }
  return found;
}

/**
 * A term as text, in which its only parameter has no name: equal texts, equal functions. Undefined
 * if it has not exactly one parameter, which is used nowhere else, or is shared or too large.
 */
function describeTerm(
  { nodes }: Trace,
  uses: readonly number[],
  term: number,
): { text: string; parameter: number; inner: readonly number[] } | undefined {
  const places = new Map([[term, 0]]);
  const words: string[] = [];
  const inner: number[] = [];
  let parameter: number | undefined;
  let parameterUses = 0;
  for (const node of places.keys()) {
    const { role, operation, inputs, value, index } = nodes[node];
    if (places.size > LARGEST_TERM) return undefined;
    if (role === "parameter") {
      if (parameter !== undefined && parameter !== node) return undefined;
      parameter = node;
      words.push("parameter");
    } else if (role === "computed") {
      inner.push(node);
      const own = inputs.map((input) => {
        if (!places.has(input)) places.set(input, places.size); // grows as it runs
        if (nodes[input].role === "parameter") parameterUses += 1;
        return places.get(input);
      });
      words.push(`operation ${operationNumber(operation)} of ${own}`);
    } else {
      words.push(
        role === "frozen"
          ? `frozen ${index}`
          : `constant ${Object.is(value.data, -0) ? "-0" : value.data}`,
      );
    }
  }
  if (parameter === undefined) return undefined;
  if (parameter === term) parameterUses = 1;
  if (uses[term] !== 1 || uses[parameter] !== parameterUses) return undefined;
  const isShared = (node: number) => node !== term && uses[node] !== usesWithin(nodes, inner, node);
  if (inner.some(isShared)) return undefined;
  return { text: words.join(";"), parameter, inner };
}

const usesWithin = (nodes: readonly TracedNode[], inner: readonly number[], node: number): number =>
  inner.reduce((n, one) => n + nodes[one].inputs.filter((input) => input === node).length, 0);

const numbersOfOperations = new WeakMap<object, number>();
let operationCount = 0;

/** A number that no other operation has, since two operations may have one name. */
function operationNumber(operation: object): number {
  let number = numbersOfOperations.get(operation);
  if (number === undefined) {
    number = operationCount++;
    numbersOfOperations.set(operation, number);
  }
  return number;
}

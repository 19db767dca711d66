/**
 * A program as JavaScript or as C, to be read, taken elsewhere and run there: one function for an
 * example, forwards and backwards, and a loop over the examples. Read layers.ts, regularizer.ts and
 * dialects.ts first.
 *
 * Everything is added up as in the mode "exact": the texts give the engine's bits.
 */

import type { Value } from "../value.ts";
import { BlockFormulas } from "./block-formulas.ts";
import { type Dialect, inComment, isName, writeFormulas } from "./dialects.ts";

import {
  allOf,
  type Formula,
  type MathName,
  mathNames,
  Sheet,
  whatFormulasMiss,
} from "./formula.ts";
import { counted, passedThrough } from "./kernels.ts";
import { type Dense, nodesOf, recoverLayers, type Scalars, withoutLayers } from "./layers.ts";
import { mathInC, mathInJavaScript, printExpression } from "./math-text.ts";
import { findSums, termNodes, type UniformSum } from "./regularizer.ts";
import { reverse, type Term, type Terms } from "./reverse.ts";
import type { Trace } from "./trace.ts";

/** What is to be written. */
export interface Viewed {
  readonly loss: Trace;
  readonly predict: Trace | undefined;
  readonly regularizer: Trace | undefined;
  readonly inputs: number;
  readonly targets: number;
  readonly parameters: readonly Value[];
}

/** More lines than this nobody reads, and no compiler likes. */
const MOST_LINES = 5000;

/**
 * The program as text. In JavaScript a module that exports
 * `gradient(parameters, inputs, targets, count, gradients)` and, if there is one,
 * `predict(parameters, inputs, count, predictions)`, all of them Float64Arrays but the count; in C
 * the same functions.
 *
 * @throws RangeError if it would be too long; Error if an operation is no formula
 */
export function writeProgram(viewed: Viewed, dialect: Dialect, where: string): string {
  const used = new Set<MathName | "min" | "max">();
  const frozen: Value[] = [];
  const listing = (trace: Trace, gradients: boolean, blocks?: readonly ViewBlock[]) => {
    const terms = gradients ? reverse(trace) : trace.nodes.map(() => []);
    const chosen = blocks ?? blocksOf(trace, terms);
    const count = chosen.reduce((n, block) => n + ("nodes" in block ? block.nodes.length : 0), 0);
    if (count > MOST_LINES) {
      throw new RangeError(
        `${where}: expected at most ${MOST_LINES} operations that are in no layer, got ${count}; ` +
          "each would be a line",
      );
    }
    const made = new Listing(trace, terms, chosen, dialect, used, frozen.length);
    frozen.push(...trace.frozen);
    return made;
  };
  const { loss, predict, regularizer, targets } = viewed;
  const nodes = [loss, predict, regularizer].flatMap((trace) => trace?.nodes ?? []);
  for (const operation of new Set(nodes.map((node) => node.operation))) {
    const missing = whatFormulasMiss(operation);
    if (missing !== undefined) throw new Error(`${where}: ${missing}`);
  }
  const C = dialect.language === "C";
  const [comment, double, arrays] = C ? ["", "double ", "double *"] : ["", "", ""];
  const input = C ? "const double *" : "";
  const internal = C ? "static double" : "function";
  const lines: string[] = [];
  const write = (about: string, head: string, body: readonly string[]) => {
    lines.push(
      "",
      `${comment}// ${about}`,
      `${head} {`,
      ...body.map((line) => line && `  ${line}`),
      "}",
    );
  };

  const example = listing(loss, true).gradient("seed");
  const t = targets > 0 ? `, ${input}t` : "";
  write(
    "One example: adds seed times the gradient of its loss to g, and returns the loss.",
    `${internal} example(${input}p, ${input}x${t}, ${double}seed, ${arrays}g)`,
    example,
  );
  if (regularizer !== undefined) {
    write(
      "Once a step, of parameters alone: adds its gradient to g, and returns its value.",
      `${internal} regularizer(${input}p, ${arrays}g)`,
      listing(regularizer, true, blocksOfRegularizer(regularizer)).gradient(undefined),
    );
  }
  if (predict !== undefined) {
    write(
      "The predictions for one example.",
      `${C ? "static void" : "function"} predictOne(${input}p, ${input}x, ${arrays}y)`,
      listing(predict, false).prediction(),
    );
  }
  const whole = { ...viewed, outputs: predict?.outputs.length ?? 0 };
  lines.push(...(C ? entriesInC(whole) : entriesInJavaScript(whole)));
  const head = headOf(viewed, C);
  if (frozen.length > 0) {
    const numbers = frozen.map(({ data }) => printExpression(data, dialect.language));
    head.push("", "// Leaves that are not trained, with the numbers that they had.");
    head.push(`${C ? "static const " : ""}${dialect.list("frozen", numbers)}`);
  }
  return `${[...head, ...mathAround(lines, used, C)].join("\n")}\n`;
}

/** The listing with the functions of math.ts behind it, where they are not in the way. */
function mathAround(
  lines: readonly string[],
  used: ReadonlySet<MathName | "min" | "max">,
  C: boolean,
): string[] {
  const functions = mathNames.filter((name) => used.has(name));
  if (used.size === 0 || (!C && functions.length === 0)) return [...lines];
  const math = C ? mathInC(used) : mathInJavaScript(functions);
  const about = "// Functions of chainrule's math.ts: the same bits on every machine.";
  if (!C) return [...lines, "", about, "", math];
  const heads = functions.map(
    (name) => `static double math_${name}(${name === "pow" ? "double x, double y" : "double x"});`,
  );
  for (const name of ["minimum", "maximum"]) {
    if (math.includes(` ${name}(`)) heads.push(`static double ${name}(double a, double b);`);
  }
  return [
    "",
    "// Functions of chainrule's math.ts, which stand at the end.",
    ...heads,
    ...lines,
    "",
    about,
    "",
    math,
  ];
}

function headOf({ inputs, targets, parameters, predict }: Viewed, C: boolean): string[] {
  const lines = [
    "// Written by chainrule, from the graph of one example.",
    "//",
    ...(C ? ["// To be compiled with -ffp-contract=off, for the same bits.", "//"] : []),
    "//   p  the parameters           g  their gradients",
    `//   x  the inputs: ${inputs}${targets > 0 ? `; t  the targets: ${targets}` : ""}` +
      `${predict === undefined ? "" : `; y  the predictions: ${predict.outputs.length}`}`,
    "//   d_v is d loss / d v; an addition only hands it on and has no line",
    "//",
    ...tableOf(parameters),
  ];
  if (C)
    lines.push("", ...["math", "stdint", "stdlib", "string"].map((name) => `#include <${name}.h>`));
  return lines;
}

/** Which parameters are what: those of a layer together. */
function tableOf(parameters: readonly Value[]): string[] {
  const rows: { label: string; from: number; to: number }[] = [];
  parameters.forEach(({ label: full }, i) => {
    const label = full.match(/^layers\.\d+(?=\.)/)?.[0] ?? full;
    const last = rows.at(-1);
    if (last !== undefined && last.label === label) last.to = i;
    else rows.push({ label, from: i, to: i });
  });
  const lines = rows.map(({ label, from, to }) => {
    const place = from === to ? `p[${from}]` : `p[${from}] … p[${to}]`;
    return `//   ${place}  ${label === "" ? "without a label" : inComment(label)}`;
  });
  const most = 24;
  return lines.length <= most
    ? lines
    : [...lines.slice(0, most), `//   … and ${parameters.length - rows[most].from} more`];
}

interface Entries extends Viewed {
  readonly outputs: number;
}

/** `inputs` from example e on. */
const offset = (name: string, width: number): string => `${name} + ${times(width, "e")}`;

function entriesInC({ inputs, targets, parameters, regularizer, outputs }: Entries): string[] {
  const t = targets > 0 ? `, ${offset("targets", targets)}` : "";
  const more = regularizer === undefined ? "" : " + regularizer(parameters, gradients)";
  const lines = [
    "",
    "// The mean loss of the examples, and its gradient.",
    "double gradient(const double *parameters, const double *inputs, const double *targets, int count,",
    "                double *gradients) {",
    ...(targets > 0 ? [] : ["  (void)targets;"]),
    "  double *losses = calloc(count, sizeof *losses);",
    "  if (losses == NULL) return NAN;",
    `  for (int k = 0; k < ${parameters.length}; k++) gradients[k] = 0;`,
    "  for (int e = count - 1; e >= 0; e--) { // the last one first, as the engine does",
    `    losses[e] = example(parameters, ${offset("inputs", inputs)}${t}, 1.0 / count, gradients);`,
    "  }",
    "  double sum = losses[0];",
    "  for (int e = 1; e < count; e++) sum += losses[e];",
    "  free(losses);",
    `  return sum / count${more};`,
    "}",
  ];
  if (outputs > 0) {
    lines.push(
      "",
      "// The predictions for the examples, one after the other.",
      "void predict(const double *parameters, const double *inputs, int count, double *predictions) {",
      "  for (int e = 0; e < count; e++) {",
      `    predictOne(parameters, ${offset("inputs", inputs)}, ${offset("predictions", outputs)});`,
      "  }",
      "}",
    );
  }
  return lines;
}

function entriesInJavaScript(entries: Entries): string[] {
  const { inputs, targets, regularizer, outputs } = entries;
  const row = (short: string, name: string, width: number) =>
    width === 0 ? [] : [`    const ${short} = ${name}.subarray(${times(width, "e")});`];
  const more = regularizer === undefined ? "" : " + regularizer(parameters, gradients)";
  const lines = [
    "",
    "// The mean loss of the examples, and its gradient.",
    "export function gradient(parameters, inputs, targets, count, gradients) {",
    "  const losses = new Float64Array(count);",
    "  gradients.fill(0);",
    "  for (let e = count - 1; e >= 0; e--) { // the last one first, as the engine does",
    ...row("x", "inputs", inputs),
    ...row("t", "targets", targets),
    `    losses[e] = example(parameters, x${targets > 0 ? ", t" : ""}, 1 / count, gradients);`,
    "  }",
    "  let sum = losses[0];",
    "  for (let e = 1; e < count; e++) sum += losses[e];",
    `  return sum / count${more};`,
    "}",
  ];
  if (outputs > 0) {
    lines.push(
      "",
      "// The predictions for the examples, one after the other.",
      "export function predict(parameters, inputs, count, predictions) {",
      "  for (let e = 0; e < count; e++) {",
      ...row("x", "inputs", inputs),
      `    predictOne(parameters, x, predictions.subarray(${times(outputs, "e")}));`,
      "  }",
      "}",
    );
  }
  return lines;
}

// ---- One function ----------------------------------------------------------------------------

/** More neurons or inputs than this become a loop. Speed does not matter here, but length does. */
const TINY = 2;

/** Blocks as in layers.ts; a regularizer has sums of the same thing over many parameters too. */
type ViewBlock = Dense | Scalars | (UniformSum & { readonly kind: "uniform" });

/** With layers, if they can be had in the engine's order: that is shorter. */
function blocksOf(trace: Trace, terms: Terms): readonly ViewBlock[] {
  const plan = recoverLayers(trace, terms, () => true, TINY);
  const gradients = terms.some((own) => own.length > 0);
  const { blocks } = plan.ordered || !gradients ? plan : withoutLayers(trace);
  return blocks.filter((block) => block.kind !== "elementwise"); // there are none: all are simple
}

function blocksOfRegularizer(trace: Trace): ViewBlock[] {
  const sums = findSums(trace).map((sum) => ({ kind: "uniform", ...sum }) as const);
  const inSums = new Set(sums.flatMap(({ inner, sum }) => [...inner, sum]));
  const nodes = [...trace.nodes.keys()].filter(
    (node) => trace.nodes[node].role === "computed" && !inSums.has(node),
  );
  return nodes.length === 0 ? sums : [...sums, { kind: "scalars", nodes }];
}

const computedBy = (block: ViewBlock): readonly number[] =>
  block.kind === "uniform" ? [...block.inner, block.sum] : nodesOf(block);

/** The lines of one function. */
class Listing {
  readonly #trace: Trace;
  readonly #terms: Terms;
  readonly #blocks: readonly ViewBlock[];
  readonly #blockOf = new Map<number, number>();
  readonly #dialect: Dialect;
  readonly #used: Set<MathName | "min" | "max">;
  readonly #lines: string[] = [];
  #indent = "";
  /** What to read for a node, and for its gradient. */
  readonly #values = new Map<number, string>();
  readonly #gradients = new Map<number, string>();
  /** The names of numbers that are computed one by one. */
  readonly #ownNames = new Map<number, string>();
  /** The inputs of a dense block, by the block, if they had to be put side by side. */
  readonly #gathered = new Map<ViewBlock, string>();
  #names = new Set<string>();
  readonly #gradientsWanted: boolean;
  #seedIsOne = false;

  constructor(
    trace: Trace,
    terms: Terms,
    blocks: readonly ViewBlock[],
    dialect: Dialect,
    used: Set<MathName | "min" | "max">,
    firstFrozen: number,
  ) {
    this.#trace = trace;
    this.#terms = terms;
    this.#gradientsWanted = terms.some((own) => own.length > 0);
    this.#blocks = blocks;
    this.#dialect = dialect;
    this.#used = used;
    blocks.forEach((block, i) => {
      for (const node of computedBy(block)) this.#blockOf.set(node, i);
    });
    const arrays = { input: "x", target: "t", parameter: "p", frozen: "frozen" } as const;
    trace.nodes.forEach(({ role, index, value }, node) => {
      if (role === "constant") this.#values.set(node, this.#number(value.data));
      else if (role !== "computed") {
        this.#values.set(
          node,
          `${arrays[role]}[${role === "frozen" ? firstFrozen + index : index}]`,
        );
      }
    });
  }

  /** The body of a function that returns the only output and hands its gradient out. */
  gradient(seed: string | undefined): string[] {
    const [output] = this.#trace.outputs;
    for (const [i, block] of this.#blocks.entries()) this.#forward(block, i);
    if (
      this.#terms.some((own) => own.length > 0) ||
      this.#trace.nodes[output].role === "parameter"
    ) {
      this.#line("");
      this.#line("// Backwards: each gradient is gathered from all who consume the number.");
      this.#seedIsOne = seed === undefined;
      this.#seed(output, seed ?? this.#number(1));
      for (const block of [...this.#blocks].reverse()) this.#backward(block);
      this.#line("");
    }
    this.#line(`return ${this.#value(output)};`);
    return withoutUnused(this.#lines);
  }

  /** The body of a function that puts the outputs into y. */
  prediction(): string[] {
    for (const [i, block] of this.#blocks.entries()) this.#forward(block, i);
    for (const [i, output] of this.#trace.outputs.entries()) {
      this.#line(`y[${i}] = ${this.#value(output)};`);
    }
    return this.#lines;
  }

  // ---- Words ---------------------------------------------------------------------------------

  #line(text: string): void {
    this.#lines.push(text === "" ? "" : `${this.#indent}${text}`);
  }

  #within(head: string, body: () => void): void {
    const names = [...this.#names]; // those from within are free again afterwards
    this.#line(`${head} {`);
    this.#indent += "  ";
    body();
    this.#indent = this.#indent.slice(2);
    this.#names = new Set(names);
    this.#line("}");
  }

  /** A loop, unless there is nothing to repeat. */
  #repeat(head: string, count: number, body: () => void): void {
    if (count === 1) body();
    else this.#within(head, body);
  }

  #number(x: number): string {
    return printExpression(x, this.#dialect.language);
  }

  #value(node: number): string {
    return this.#values.get(node)!; // inputs come before consumers
  }

  #nameElements(names: Map<number, string>, nodes: readonly number[], array: string): void {
    for (const [i, node] of nodes.entries()) names.set(node, `${array}[${i}]`);
  }

  /** A name that nobody has yet. */
  #name(wanted: string): string {
    let name = wanted;
    for (let i = 1; this.#names.has(name) || name.endsWith("_"); i++) name = `${wanted}${i}`;
    this.#names.add(name);
    return name;
  }

  /** Writes formulas; lines that they need come before. */
  #formulas(formulas: readonly Formula[], variable: (i: number) => string, name: string): string[] {
    for (const { name } of allOf(formulas)) {
      if ((mathNames as readonly string[]).includes(name) || name === "max" || name === "min") {
        this.#used.add(name as MathName | "min" | "max"); // just looked
      }
    }
    const part = () => this.#name(`${name}_`);
    const { lines, texts } = writeFormulas(this.#dialect, formulas, variable, part);
    for (const line of lines) this.#line(line);
    return texts;
  }

  /** What formulas over nodes read. */
  #variableOf(formulas: BlockFormulas): (i: number) => string {
    return (i) => {
      const { kind, node } = formulas.variable(i);
      return kind === "value" ? this.#value(node) : this.#gradients.get(node)!; // asked for before
    };
  }

  /** A comment with the labels that a line is about. */
  #labels(nodes: readonly number[]): string {
    const labels = nodes.flatMap((node) => {
      const { role, value } = this.#trace.nodes[node];
      const shown = role !== "input" && role !== "target" && role !== "constant";
      return shown && value.label !== "" && value.label !== this.#values.get(node)
        ? [inComment(value.label)]
        : [];
    });
    return labels.length === 0 ? "" : ` // ${[...new Set(labels)].join(", ")}`;
  }

  // ---- Forwards ------------------------------------------------------------------------------

  #forward(block: ViewBlock, number: number): void {
    if (number > 0) this.#line("");
    if (block.kind === "dense") this.#forwardDense(block, number);
    else if (block.kind === "uniform") this.#forwardSum(block);
    else this.#forwardScalars(block.nodes);
  }

  #forwardScalars(nodes: readonly number[]): void {
    let place = "";
    for (const node of nodes) {
      const { operation, inputs, value } = this.#trace.nodes[node];
      const { layer, neuron } = value.origin;
      const here =
        layer === undefined
          ? ""
          : `layers.${layer}${neuron === undefined ? "" : `.neurons.${neuron}`}`;
      if (here !== place && node !== nodes[0]) this.#line("");
      if (here !== place && here !== "") this.#line(`// ${here}`);
      place = here;
      const named = isName(value.label);
      const name = this.#name(named ? value.label : `v${node}`);
      this.#ownNames.set(node, name);
      const formulas = new BlockFormulas(this.#trace.nodes, [node]);
      const [text] = this.#formulas([formulas.value(node)], this.#variableOf(formulas), name);
      if (!named && isPlace(text)) {
        this.#values.set(node, text);
        continue;
      }
      this.#values.set(node, name);
      const labels = this.#labels([node, ...inputs]);
      const about = operation.arity === 1 || inputs.length > 2 ? inComment(operation.name) : "";
      const comment = labels === "" && about !== "" ? ` // ${about}` : labels;
      this.#line(this.#dialect.constant(name, text) + comment);
    }
  }

  #forwardDense(block: Dense, number: number): void {
    const { inputs, biases, biasLast, sums, outputs, activation } = block;
    const { layer } = this.#trace.nodes[outputs[0]].value.origin;
    const from = layer === undefined ? "" : `layers.${layer}: `;
    const kind = activation === undefined ? "linear" : inComment(activation.name);
    const sizes = `${counted(inputs.length, "input")}, ${counted(outputs.length, "neuron")}`;
    this.#line(`// ${from}${sizes}, ${kind}`);
    const x = this.#inputsOf(block, number);
    const output = this.#name(`out${number}`);
    this.#line(this.#dialect.zeros(output, outputs.length));
    this.#nameElements(this.#values, outputs, output);
    const keeps = activation !== undefined && this.#needsSums(block);
    const kept = this.#name(`sum${number}`);
    if (keeps) {
      this.#line(this.#dialect.zeros(kept, sums.length));
      this.#nameElements(this.#values, sums, kept);
    }
    const { i, j, weight, bias } = this.#indicesOf(block, number);
    this.#repeat(this.#dialect.up("j", outputs.length), outputs.length, () => {
      const z = this.#name("z");
      const first = biases !== undefined && !biasLast;
      const start = first ? `p[${bias}]` : this.#number(-0);
      this.#line(this.#dialect.variable(z, start) + (first ? " // bias" : " // -0 + a is a"));
      const head = inputs.length === 1 ? "" : `${this.#dialect.up("i", inputs.length)} `;
      this.#line(`${head}${z} += p[${weight}] * ${x(i)};`);
      if (biases !== undefined && biasLast) this.#line(`${z} += p[${bias}]; // bias`);
      if (keeps) this.#line(`${kept}[${j}] = ${z};`);
      const sheet = new Sheet();
      const formula =
        activation === undefined
          ? sheet.variable(0)
          : sheet.apply(activation.value, sheet.variable(0));
      const [text] = this.#formulas([formula], () => z, z);
      this.#line(`${output}[${j}] = ${text};`);
    });
  }

  /** Does the way back ask for the sums before the activation? */
  #needsSums({ activation, outputs }: Dense): boolean {
    if (activation === undefined || outputs.every((node) => !this.#hasGradient(node))) return false;
    const formula = passedThrough(new Sheet(), activation);
    return allOf([formula]).some(({ name, number }) => name === "variable" && number === 0);
  }

  /** How the inputs of a block are read in a loop over i; puts them side by side if they are not. */
  #inputsOf(block: Dense, number: number): (i: string) => string {
    const texts = block.inputs.map((node) => this.#value(node));
    const row = rowOf(texts);
    if (row !== undefined) return row;
    const name = this.#name(`in${number}`);
    this.#gathered.set(block, name);
    this.#line(this.#dialect.list(name, texts));
    return (i) => `${name}[${i}]`;
  }

  /** The places of weight and bias in p for neuron j and input i, which are loops or 0. */
  #indicesOf(
    { weights, biases }: Dense,
    number: number,
  ): { i: string; j: string; weight: string; bias: string } {
    const j = weights.length === 1 ? "0" : "j";
    const i = weights[0].length === 1 ? "0" : "i";
    const columns = weights[0].length;
    const rowStep = weights.length > 1 ? weights[1][0] - weights[0][0] : columns;
    const isEven = weights.every((own, j) =>
      own.every((weight, i) => weight === weights[0][0] + j * rowStep + i),
    );
    let weight = sumOf([String(weights[0][0]), times(rowStep, j), i]);
    if (!isEven) {
      this.#indices(`weights${number}`, weights.flat());
      weight = `weights${number}[${sumOf([times(columns, j), i])}]`;
    }
    if (biases === undefined) return { i, j, weight, bias: "" };
    const biasStep = biases.length > 1 ? biases[1] - biases[0] : 1;
    let bias = sumOf([String(biases[0]), times(biasStep, j)]);
    if (!biases.every((one, j) => one === biases[0] + j * biasStep)) {
      this.#indices(`biases${number}`, biases);
      bias = `biases${number}[${j}]`;
    }
    return { i, j, weight, bias };
  }

  /** Declares a table of indices, once. */
  #indices(name: string, values: readonly number[]): void {
    if (this.#names.has(name)) return;
    this.#names.add(name);
    this.#line(this.#dialect.indices(name, values));
  }

  /** The loop over the parameters of a sum, with what stands for each of them. */
  #overParameters({ parameters, sum }: UniformSum, body: (index: string) => void): void {
    const [first] = parameters;
    const isRow = parameters.every((parameter, k) => parameter === first + k);
    if (!isRow) this.#indices(`places${sum}`, parameters);
    const index = isRow ? sumOf([String(first), "k"]) : `places${sum}[k]`;
    this.#within(this.#dialect.up("k", parameters.length), () => body(index));
  }

  #forwardSum(block: UniformSum): void {
    const { sum, term, parameter } = block;
    const name = this.#name(`v${sum}`);
    this.#line(`${this.#dialect.variable(name, this.#number(-0))} // -0 + a is a`);
    this.#overParameters(block, (index) => {
      this.#values.set(parameter, `p[${index}]`);
      const formulas = new BlockFormulas(this.#trace.nodes, termNodes(this.#trace, term));
      const [text] = this.#formulas([formulas.value(term)], this.#variableOf(formulas), name);
      this.#line(`${name} += ${text};`);
    });
    this.#values.set(sum, name);
  }

  // ---- Backwards -----------------------------------------------------------------------------

  #hasGradient(node: number): boolean {
    const isSeeded = this.#gradientsWanted && node === this.#trace.outputs[0];
    return isSeeded || this.#terms[node].length > 0;
  }

  /** Declares the gradients that are arrays, and begins with that of the output. */
  #seed(output: number, seed: string): void {
    for (const block of this.#blocks) {
      if (block.kind !== "dense" || !block.outputs.some((node) => this.#hasGradient(node)))
        continue;
      const name = `d_${this.#value(block.outputs[0]).replace(/\[.*/, "")}`;
      this.#line(this.#dialect.zeros(name, block.outputs.length));
      this.#nameElements(this.#gradients, block.outputs, name);
    }
    const { role, index } = this.#trace.nodes[output];
    const known = this.#gradients.get(output);
    if (known !== undefined) this.#line(`${known} = ${seed};`);
    else if (role === "parameter") this.#line(`g[${index}] += ${seed};`);
    else this.#gradients.set(output, seed);
  }

  #backward(block: ViewBlock): void {
    if (block.kind === "dense") this.#backwardDense(block);
    else if (block.kind === "uniform") this.#backwardSum(block);
    else this.#backwardScalars(block.nodes);
  }

  /** What a node passes to one of its inputs; undefined if it passes nothing. */
  #passed(formulas: BlockFormulas, { consumer, input }: Term): Formula | undefined {
    if (!this.#gradients.has(consumer)) return undefined;
    const isSeed = this.#seedIsOne && consumer === this.#trace.outputs[0];
    const gradient = isSeed ? formulas.sheet.number(1) : formulas.gradient(consumer);
    const formula = formulas.passed(consumer, input, gradient);
    return formula.name === "number" && formula.number === 0 ? undefined : formula;
  }

  #backwardScalars(nodes: readonly number[]): void {
    const inside = new Set(nodes);
    const within = (node: number) =>
      this.#terms[node].filter(({ consumer }) => inside.has(consumer));
    const outside = new Set<number>();
    for (const node of [...nodes].reverse()) {
      this.#gather(node, within(node));
      for (const input of this.#trace.nodes[node].inputs)
        if (!inside.has(input)) outside.add(input);
    }
    const { nodes: all } = this.#trace;
    const isParameter = (node: number) => Number(all[node].role === "parameter");
    const order = (a: number, b: number) =>
      isParameter(a) - isParameter(b) || (isParameter(a) ? all[a].index - all[b].index : a - b);
    for (const node of [...outside].sort(order)) this.#gather(node, within(node));
  }

  /** Adds terms to the gradient of a node. */
  #gather(node: number, terms: readonly Term[]): void {
    const formulas = new BlockFormulas(this.#trace.nodes, []);
    const passed = terms.flatMap((term) => this.#passed(formulas, term) ?? []);
    if (passed.length === 0) return;
    const variable = this.#variableOf(formulas);
    const { role, index } = this.#trace.nodes[node];
    const labels = this.#labels([node]);
    const known = role === "parameter" ? `g[${index}]` : this.#gradients.get(node);
    if (known?.endsWith("]")) {
      for (const text of this.#formulas(passed, variable, `d_${this.#plain(node)}`)) {
        this.#line(`${known} += ${text};${labels}`);
      }
      return;
    }
    const name = `d_${this.#plain(node)}`;
    const start = known === undefined ? [] : [formulas.gradient(node)];
    const sum = [...start, ...passed].reduce(
      (sum, term) => formulas.sheet.arithmetic.add(sum, term) as Formula, // of Formulas
    );
    const [text] = this.#formulas([sum], variable, name);
    if (known === undefined) this.#declare(node, name, text);
    else this.#line(`${name} = ${text};`);
  }

  /** A node in a name; not by its value, which may be another node's, too. */
  #plain(node: number): string {
    const text = this.#ownNames.get(node) ?? this.#value(node);
    return /^[a-z]\w*$/i.test(text) ? text : text.replace(/\W+/g, "_").replace(/_$/, "");
  }

  /** Declares the gradient of a node; it may grow if another block has more terms of it. */
  #declare(node: number, name: string, text: string): void {
    const blocks = new Set(this.#terms[node].map(({ consumer }) => this.#blockOf.get(consumer)));
    const grows = blocks.size > 1;
    const copies = !grows && (text === "seed" || isPlace(text)) && !isName(this.#value(node));
    this.#gradients.set(node, copies ? text : name);
    if (!copies) this.#line((grows ? this.#dialect.variable : this.#dialect.constant)(name, text));
  }

  #backwardDense(block: Dense): void {
    const { inputs, biases, sums, outputs, activation } = block;
    const [output, gradient] = [this.#value(outputs[0]), this.#gradients.get(outputs[0])];
    if (gradient === undefined) return;
    const number = this.#blocks.indexOf(block);
    const gathered = this.#gathered.get(block);
    const x = gathered === undefined ? rowOf(inputs.map((node) => this.#value(node))) : undefined;
    const inputAt = x ?? ((i: string) => `${gathered}[${i}]`);
    const wanting = inputs.filter((node) => this.#terms[node].length > 0);
    const inputGradient = this.#inputGradients(block, wanting, gathered);
    const { i, j, weight, bias } = this.#indicesOf(block, number);
    const at = (text: string) => text.replace(/\[.*/, `[${j}]`);
    this.#line("");
    this.#repeat(this.#dialect.down("j", outputs.length - 1), outputs.length, () => {
      let d = at(gradient);
      if (activation !== undefined) {
        const formula = passedThrough(new Sheet(), activation);
        const z = this.#values.get(sums[0]);
        const texts = [z === undefined ? "z" : at(z), at(output), d];
        d = this.#name("d_z");
        const [text] = this.#formulas([formula], (n) => texts[n], d);
        this.#line(this.#dialect.constant(d, text));
      }
      if (biases !== undefined) this.#line(`g[${bias}] += ${d};`);
      const head = this.#dialect.up("i", inputs.length);
      const line = `g[${weight}] += ${d} * ${inputAt(i)};`;
      if (inputGradient === undefined) {
        this.#line(inputs.length === 1 ? line : `${head} ${line}`);
      } else {
        this.#repeat(head, inputs.length, () => {
          this.#line(line);
          this.#line(`${inputGradient(i)} += p[${weight}] * ${d};`);
        });
      }
    });
    if (gathered === undefined) return;
    inputs.forEach((node, i) => {
      if (!wanting.includes(node)) return;
      const known = this.#gradients.get(node);
      const text = `d_${gathered}[${i}]`;
      if (known === undefined) this.#declare(node, `d_${this.#plain(node)}`, text);
      else this.#line(`${known} = ${text};`);
    });
  }

  /** Where the gradients of a block's inputs are added up, in a loop over i. */
  #inputGradients(
    { inputs }: Dense,
    wanting: readonly number[],
    gathered: string | undefined,
  ): ((i: string) => string) | undefined {
    if (wanting.length === 0) return undefined;
    if (gathered === undefined) return rowOf(inputs.map((node) => this.#gradients.get(node) ?? ""));
    const soFar = inputs.map((node) => this.#gradients.get(node) ?? this.#number(0));
    this.#line("");
    this.#line(this.#dialect.list(`d_${gathered}`, soFar));
    return (i) => `d_${gathered}[${i}]`;
  }

  #backwardSum(block: UniformSum): void {
    const { sum, term, parameter } = block;
    const gradient = this.#gradients.get(sum);
    if (gradient === undefined) return;
    this.#overParameters(block, (index) => {
      this.#values.set(parameter, `p[${index}]`);
      const inside = termNodes(this.#trace, term);
      const formulas = new BlockFormulas(this.#trace.nodes, inside);
      const isSeed = this.#seedIsOne && sum === this.#trace.outputs[0];
      const seed = isSeed ? formulas.sheet.number(1) : formulas.seed();
      const found = new Map<number, Formula>([[term, seed]]);
      const passed = (node: number) =>
        this.#terms[node].flatMap(({ consumer, input }) => {
          const own = found.get(consumer);
          return own === undefined ? [] : [formulas.passed(consumer, input, own)];
        });
      for (const node of inside.reverse()) {
        if (node === term) continue;
        const [first, ...more] = passed(node);
        if (first === undefined) continue;
        const add = (a: Formula, b: Formula) => formulas.sheet.arithmetic.add(a, b) as Formula;
        found.set(node, more.reduce(add, first));
      }
      const variable = (i: number) => {
        const { kind, node } = formulas.variable(i);
        return kind === "seed" ? gradient : this.#value(node);
      };
      const own = parameter === term ? [seed] : passed(parameter);
      for (const text of this.#formulas(own, variable, `d_v${sum}`)) {
        this.#line(`g[${index}] += ${text};`);
      }
    });
  }
}

/** Without gradients that nobody asks for, since all that they would be multiplied by is 0. */
function withoutUnused(lines: readonly string[]): string[] {
  const asked = new Set<string>();
  const kept = [...lines].reverse().filter((line) => {
    const declared = /^ *const (?:double )?(d_\w+) = /.exec(line)?.[1];
    if (declared !== undefined && !asked.has(declared)) return false;
    for (const word of line.match(/d_\w+/g) ?? []) asked.add(word);
    return true;
  });
  return kept.reverse();
}

/** Is this the name of a number, or an element of an array? Then nothing has been computed. */
const isPlace = (text: string): boolean => /^[a-z]\w*(?:\[\d+\])?$/i.test(text);

/** `a[2]`, `a[3]`, … as a[2 + i]; undefined if they are not neighbours of one array. */
function rowOf(texts: readonly string[]): ((i: string) => string) | undefined {
  const match = /^(\w+)\[(\d+)\]$/.exec(texts[0]);
  if (match === null) return undefined;
  const [, array, first] = match;
  if (!texts.every((text, i) => text === `${array}[${Number(first) + i}]`)) return undefined;
  return (i) => `${array}[${sumOf([first, i])}]`;
}

const times = (factor: number, name: string): string =>
  factor === 0 || name === "0" ? "0" : factor === 1 ? name : `${factor} * ${name}`;

/** A sum without its zeros. */
const sumOf = (parts: readonly string[]): string =>
  parts.filter((part) => part !== "0").join(" + ") || "0";

/**
 * The fourth pass, *emit*: writes a program as functions of WebAssembly. Read layers.ts and
 * kernels.ts first.
 *
 * Examples are taken a chunk at a time, so few that their numbers stay in the processor's nearest
 * memory, and the last chunk first, since that is the engine's order. For each chunk: put the
 * inputs into slots, go through the blocks, and go back through the blocks. A scalars block is a
 * function that runs through the pairs of the chunk; a dense block is a few calls of kernels.
 */

import { BlockFormulas, variablesOf } from "./block-formulas.ts";
import { type Formula, localTimes, type MathName, Sheet } from "./formula.ts";
import {
  addSumsKernel,
  advance,
  biasGradientKernel,
  counted,
  forwardKernel,
  inputGradientKernel,
  passBackKernel,
  passedThrough,
  repeat,
  type Style,
  usesInput,
  weightGradientKernel,
} from "./kernels.ts";
import type { Block, Dense, Elementwise, Plan, Scalars } from "./layers.ts";
import { emitFormulas, type FormulaOptions, mathUsed } from "./math-wasm.ts";
import type { Term, Terms } from "./reverse.ts";
import type { Trace, TracedNode } from "./trace.ts";
import { type Local, WasmFunction } from "./wasm.ts";

/** Where the parameters are; what is below is reserved for math-wasm.ts. */
export const PARAMETERS = 1024;

/** A program with what the passes found out about it. */
export interface Analysis {
  readonly trace: Trace;
  /** Are gradients wanted, or only predictions? */
  readonly gradients: boolean;
  /** Empty lists if no gradients are wanted. */
  readonly terms: Terms;
  readonly plan: Plan;
}

/** How many numbers an example has. */
export interface Sizes {
  readonly inputs: number;
  readonly targets: number;
}

/** How it is to be written. */
export interface Target {
  /** Two examples at a time or, if the order of summation asks for it, one. */
  readonly width: "v128" | "f64";
  /** Examples in a chunk; even, unless the width is f64. */
  readonly chunk: number;
  readonly ordered: boolean;
  readonly fused: boolean;
  /** The place of each parameter in memory, in bytes. */
  readonly parameterAt: readonly number[];
}

const i32 = (name: string): Local => ({ type: "i32", name });
const f64 = (name: string): Local => ({ type: "f64", name });

/** A sum of products of few operations is applied within a kernel; others have a loop of their own. */
const SIMPLE = 12;

/** The functions of a module, and the kernels that they share. */
export class Emitter {
  /** All functions so far, those that are called before their callers. */
  readonly functions: WasmFunction[] = [];
  readonly math = new Set<MathName>();
  readonly #target: Target;
  readonly #kernels = new Map<string, WasmFunction>();

  constructor(target: Target) {
    this.#target = target;
  }

  /** Emits a program and returns how many bytes of working memory it needs. */
  program(analysis: Analysis, sizes: Sizes, frozenAt: readonly number[]): number {
    return new Part(analysis, this.#target, frozenAt, this).emit(sizes);
  }

  add(f: WasmFunction): string {
    this.functions.push(f);
    return f.name;
  }

  /**
   * A short name for a kernel: of the key "forward 4 24 24 bias false relu#0" what it is, the size of
   * its tiles, and operations, so forward.4.relu; a second one like it is forward.4.relu.2.
   */
  #nameOf(key: string): string {
    const [kind, size, ...more] = key.split(" ");
    const operations = [size, ...more].filter((word) => /#\d+$/.test(word ?? ""));
    const sizes = /^\d/.test(size ?? "") ? [size] : [];
    const parts = [kind, ...sizes, ...operations.map((word) => word.replace(/\W*#\d+$/, ""))];
    const plain = parts.join(".").replace(/[^\w.]+/g, "_");
    const taken = new Set(this.functions.map(({ name }) => name));
    let name = plain;
    for (let i = 2; taken.has(name); i++) name = `${plain}.${i}`;
    return name;
  }

  /** A kernel, made when it is first asked for. */
  kernel(key: string, make: (name: string) => WasmFunction): string {
    let found = this.#kernels.get(key);
    if (found === undefined) {
      found = make(this.#nameOf(key));
      this.#kernels.set(key, found);
      this.functions.push(found);
    }
    return found.name;
  }

  /** Emits formulas and remembers which functions of math.ts they use. */
  formulas(
    f: WasmFunction,
    formulas: readonly Formula[],
    variable: (i: number) => number,
    options: FormulaOptions = {},
  ): number[] {
    for (const name of mathUsed(formulas)) {
      if (options.inline?.has(name) !== true) this.math.add(name);
    }
    const { width, fused } = this.#target;
    return emitFormulas(f, formulas, variable, width, { ...options, fused });
  }
}

/** Examples that an order has to have beyond its end, as pairs are always filled two at a time. */
export const SPARE = 3;

/** So many nodes are computed again on the way back, rather than kept. */
const FEW_NODES = 24;

/** So many columns are copied without a loop. */
const FEW_COLUMNS = 4;

/** Functions of math.ts that become a part of elementwise code; the others are called. */
const INLINED: ReadonlySet<MathName> = new Set(["exp", "expm1", "log", "log1p", "tanh"]);

/** The parameters that every function of a program has; locals 0, 1, … of it. */
const common = [
  i32("workspace"),
  i32("pairs"),
  i32("gradients"),
  i32("losses"),
  f64("seed"),
  i32("odd"),
];
const [WORKSPACE, PAIRS, GRADIENTS, LOSSES, SEED, ODD] = common.keys();

/** One program under construction. */
class Part {
  /** Are gradients wanted, or only predictions? */
  readonly #gradients: boolean;
  readonly #nodes: readonly TracedNode[];
  readonly #outputs: readonly number[];
  readonly #terms: Terms;
  readonly #plan: Plan;
  readonly #target: Target;
  /** The place of each frozen leaf in memory, in bytes. */
  readonly #frozenAt: readonly number[];
  readonly #style: Style;
  readonly #emitter: Emitter;
  /** The bytes of a pair, or of a single number. */
  readonly #unit: number;
  /** Slots by node, each with room for a value and, half a slot on, its gradient. */
  readonly #slots = new Map<number, number>();
  #slotCount = 0;
  /** Nodes whose gradient slot has something in it already, while gradients are emitted. */
  readonly #filled = new Set<number>();
  /** Blocks whose gradients have been brought behind their activation already. */
  readonly #behind = new Set<Dense | Elementwise>();

  constructor(
    { trace, terms, gradients, plan }: Analysis,
    target: Target,
    frozenAt: readonly number[],
    emitter: Emitter,
  ) {
    this.#frozenAt = frozenAt;
    this.#nodes = trace.nodes;
    this.#outputs = trace.outputs;
    this.#terms = terms;
    this.#plan = plan;
    this.#target = target;
    this.#emitter = emitter;
    this.#gradients = gradients;
    this.#unit = target.width === "v128" ? 16 : 8;
    const lanes = target.width === "v128" ? 2 : 1;
    const { ordered, fused } = target;
    this.#style = { slotBytes: 2 * this.#unit * (target.chunk / lanes), ordered, fused };
  }

  /** Emits `gradient` and `loss`, or `predict` if no gradients are wanted. */
  emit(sizes: Sizes): number {
    const { blocks } = this.#plan;
    this.#reserveSlots(sizes);
    const gradients = this.#gradients;
    const last = blocks.at(-1);
    const turning =
      gradients &&
      last?.kind === "scalars" &&
      last.nodes.includes(this.#outputs[0]) &&
      last.nodes.length <= FEW_NODES;

    // Backwards first: only then is it known which numbers forward has to keep.
    const back: ((f: WasmFunction) => void)[] = [];
    if (gradients) {
      if (!turning) this.#filled.add(this.#outputs[0]);
      for (let i = blocks.length - 1; i >= 0; i--) {
        back.push(this.#backward(blocks[i], i, turning && i === blocks.length - 1));
      }
    }
    const forward = blocks.map((block, i) => this.#forward(block, i));
    if (gradients) {
      this.#emitChunk("gradient", sizes, (f) => {
        const whole = turning ? forward.slice(0, -1) : forward;
        for (const step of whole) step(f);
        if (!turning) this.#seed(f);
        if (!turning) this.#storeOutputs(f);
        for (const step of back) step(f);
      });
    }
    this.#emitChunk(gradients ? "loss" : "predict", sizes, (f) => {
      for (const step of forward) step(f);
      this.#storeOutputs(f);
    });
    return this.#slotCount * this.#style.slotBytes;
  }

  // ---- Slots ---------------------------------------------------------------------------------

  /** Slots for what has to lie side by side: inputs, targets, and the neurons of each layer. */
  #reserveSlots({ inputs, targets }: Sizes): void {
    for (const [role, columns] of [
      ["input", inputs],
      ["target", targets],
    ] as const) {
      const nodes = this.#placeholders(role);
      if (nodes.length === 0) continue;
      // One for each column: predictions may leave some out.
      for (const node of nodes) this.#slots.set(node, this.#slotCount + this.#nodes[node].index);
      this.#slotCount += columns;
    }
    for (const block of this.#plan.blocks) {
      if (block.kind === "scalars") continue;
      for (const node of block.inputs) this.#slot(node);
      if (block.kind === "dense") for (const node of block.sums) this.#slot(node);
      for (const node of block.outputs) this.#slot(node);
    }
    for (const node of this.#outputs) this.#slot(node);
    // What one block computes and another one needs.
    const { blockOf } = this.#plan;
    for (let consumer = 0; consumer < blockOf.length; consumer++) {
      if (blockOf[consumer] < 0) continue;
      for (const input of this.#nodes[consumer].inputs) {
        if (blockOf[input] >= 0 && blockOf[input] !== blockOf[consumer]) this.#slot(input);
      }
    }
  }

  /** The nodes of the inputs or targets, in their order. */
  #placeholders(role: "input" | "target"): number[] {
    const found: number[] = [];
    const nodes = this.#nodes;
    for (let node = 0; node < nodes.length; node++) if (nodes[node].role === role) found.push(node);
    return found.sort((a, b) => nodes[a].index - nodes[b].index);
  }

  #slot(node: number): number {
    let slot = this.#slots.get(node);
    if (slot === undefined) {
      slot = this.#slotCount++;
      this.#slots.set(node, slot);
    }
    return slot;
  }

  /** The address of a leaf that was there before. */
  #leafAt(role: "parameter" | "frozen", index: number): number {
    return role === "parameter" ? this.#target.parameterAt[index] : this.#frozenAt[index];
  }

  #valueAt(node: number): number {
    return this.#slot(node) * this.#style.slotBytes;
  }

  #gradientAt(node: number): number {
    return this.#valueAt(node) + this.#style.slotBytes / 2;
  }

  /** The inputs of a dense block as runs of neighbouring slots. */
  #runs(inputs: readonly number[]): { start: number; length: number }[] {
    const runs: { start: number; length: number }[] = [];
    inputs.forEach((node, i) => {
      const last = runs.at(-1);
      if (last !== undefined && this.#slot(node) === this.#slot(inputs[i - 1]) + 1)
        last.length += 1;
      else runs.push({ start: i, length: 1 });
    });
    return runs;
  }

  // ---- The way through a chunk ---------------------------------------------------------------

  /**
   * Emits a function that goes through a batch, chunk by chunk, the last one first.
   *
   * Parameters: where the inputs and targets of all examples are, and the numbers of the examples
   * that make the batch; how many these are; the gradient of each loss; where gradients,
   * working memory and results are.
   */
  #emitChunk(what: string, { inputs, targets }: Sizes, steps: (f: WasmFunction) => void): void {
    const { chunk, width } = this.#target;
    const chunkFunction = new WasmFunction(`${what}.chunk`, [...common, i32("even")]);
    chunkFunction.about = `Of all examples of a chunk: ${what}.`;
    steps(chunkFunction);
    this.#emitter.add(chunkFunction);

    const f = new WasmFunction(what, [
      i32("inputs"),
      i32("targets"),
      i32("order"),
      i32("count"),
      f64("seed"),
      i32("gradients"),
      i32("workspace"),
      i32("results"),
    ]);
    const [inputsAt, targetsAt, order, count, seed, gradients, workspace, results] =
      f.parameters.keys();
    f.about = `Of all examples, a chunk at a time, the last one first: ${what}.`;
    const start = f.local("i32", "start");
    const size = f.local("i32", "size");
    const pairs = f.local("i32", "pairs");
    if (what === "gradient") {
      f.get(gradients)
        .i32(0)
        .i32(8 * this.#target.parameterAt.length)
        .emit("memory.fill");
    }
    // start = the first example of the last chunk
    f.get(count).i32(1).emit("i32.sub").i32(chunk).emit("i32.div_u").i32(chunk).emit("i32.mul");
    f.set(start);
    f.get(count).get(start).emit("i32.sub").set(size);
    repeat(f, () => {
      for (const [role, columns, at] of [
        ["input", inputs, inputsAt],
        ["target", targets, targetsAt],
      ] as const) {
        const [node] = this.#placeholders(role);
        if (node === undefined) continue;
        const pack = this.#emitter.kernel(`pack ${columns}`, (name) =>
          this.#packFunction(name, columns),
        );
        f.get(at).get(order).get(start).i32(4).emit("i32.mul").emit("i32.add").get(size);
        const first = this.#valueAt(node) - this.#nodes[node].index * this.#style.slotBytes;
        f.get(workspace).i32(first).emit("i32.add").emit("call", pack);
      }
      if (width === "v128") f.get(size).i32(1).emit("i32.add").i32(1).emit("i32.shr_u").set(pairs);
      else f.get(size).set(pairs);
      f.get(workspace).get(pairs).get(gradients);
      f.get(results)
        .get(start)
        .i32(8 * this.#outputs.length)
        .emit("i32.mul")
        .emit("i32.add");
      f.get(seed).get(size).i32(1).emit("i32.and");
      // kernels take pairs two at a time
      f.get(pairs).i32(1).emit("i32.add").i32(-2).emit("i32.and");
      f.emit("call", chunkFunction.name);
      f.i32(chunk).set(size);
      f.get(start).i32(chunk).emit("i32.sub").tee(start).i32(0).emit("i32.ge_s");
    });
    this.#emitter.add(f);
  }

  /**
   * Puts rows of numbers, one for each example, into slots, one for each column. Two pairs are
   * always filled: the order has to go on for {@link SPARE} more examples, whichever these are.
   *
   * Parameters: where the rows are, the numbers of the examples, how many, and the slots.
   */
  #packFunction(name: string, columns: number): WasmFunction {
    const { slotBytes } = this.#style;
    const lanes = this.#unit / 8;
    const f = new WasmFunction(name, ["rows", "order", "count", "slots"].map(i32));
    f.about = "Puts rows, one for each example, into slots, one for each column.";
    const [rows, order, count, slots] = f.parameters.keys();
    const end = f.local("i32", "end");
    const column = f.local("i32", "column");
    const sources = Array.from({ length: lanes }, (_, i) => f.local("i32", `source${i}`));
    /** Copies some columns from where the sources point. */
    const copy = (to: number, count: number) => {
      for (let c = 0; c < count; c++) {
        f.get(to);
        if (lanes === 1) {
          f.get(sources[0])
            .emit("f64.load", 8 * c)
            .emit("f64.store", c * slotBytes);
        } else {
          f.get(sources[1])
            .get(sources[0])
            .emit("v128.load64_splat", 8 * c);
          f.emit("v128.load64_lane", 8 * c, 1).emit("v128.store", c * slotBytes);
        }
      }
    };
    f.get(order)
      .get(count)
      .i32(2 * lanes - 1)
      .emit("i32.add")
      .i32(-2 * lanes)
      .emit("i32.and");
    f.i32(4).emit("i32.mul").emit("i32.add").set(end);
    repeat(f, () => {
      for (const [lane, source] of sources.entries()) {
        f.get(rows)
          .get(order)
          .emit("i32.load", 4 * lane)
          .i32(8 * columns)
          .emit("i32.mul");
        f.emit("i32.add").set(source);
      }
      if (columns <= FEW_COLUMNS) {
        copy(slots, columns);
      } else {
        const to = f.local("i32", "to");
        f.get(slots).set(to).i32(columns).set(column);
        repeat(f, () => {
          copy(to, 1);
          for (const source of sources) advance(f, source, 8);
          advance(f, to, slotBytes);
          f.get(column).i32(1).emit("i32.sub").tee(column);
        });
      }
      advance(f, slots, this.#unit);
      f.get(order)
        .i32(4 * lanes)
        .emit("i32.add")
        .tee(order)
        .get(end)
        .emit("i32.lt_u");
    });
    return f;
  }

  /** Copies the outputs from their slots to the results, example after example. */
  #storeOutputs(f: WasmFunction): void {
    const lanes = this.#unit / 8;
    const at = f.local("i32", "at");
    const result = f.local("i32", "result");
    f.i32(0).set(at);
    f.get(LOSSES).set(result);
    repeat(f, () => {
      for (let lane = 0; lane < lanes; lane++) {
        for (const output of this.#outputs) {
          f.get(result);
          const { role, index, value } = this.#nodes[output];
          if (role === "constant") f.f64(value.data);
          else if (role === "parameter" || role === "frozen") {
            f.i32(0).emit("f64.load", this.#leafAt(role, index));
          } else {
            f.get(WORKSPACE).get(at).emit("i32.add");
            f.emit("f64.load", this.#valueAt(output) + 8 * lane);
          }
          f.emit("f64.store");
          advance(f, result, 8);
        }
      }
      f.get(at).i32(this.#unit).emit("i32.add").tee(at);
      f.get(PAIRS).i32(this.#unit).emit("i32.mul").emit("i32.lt_u");
    });
  }

  /** Writes the gradient of each loss into its slot; 0 for the example that fills up a pair. */
  #seed(f: WasmFunction): void {
    const [output] = this.#outputs;
    const at = f.local("i32", "seedAt");
    const store = (push: () => void, offset: number) => {
      f.get(WORKSPACE).get(at).emit("i32.add");
      push();
      f.emit("f64.store", this.#gradientAt(output) + offset);
    };
    f.i32(0).set(at);
    repeat(f, () => {
      for (let offset = 0; offset < this.#unit; offset += 8) store(() => f.get(SEED), offset);
      f.get(at).i32(this.#unit).emit("i32.add").tee(at);
      f.get(PAIRS).i32(this.#unit).emit("i32.mul").emit("i32.lt_u");
    });
    if (this.#unit === 16) {
      f.get(ODD).emit("if");
      advance(f, at, -this.#unit);
      store(() => f.f64(0), 8);
      f.emit("end");
    }
  }

  // ---- Blocks --------------------------------------------------------------------------------

  /** Emits the functions of a block; returns what calls them. */
  #forward(block: Block, number: number): (f: WasmFunction) => void {
    if (block.kind === "dense") return this.#forwardDense(block);
    if (block.kind === "elementwise") return this.#forwardElementwise(block);
    const name = this.#emitter.add(this.#forwardScalars(block, number));
    return (f) => {
      f.get(WORKSPACE).get(EVEN);
      for (const local of [GRADIENTS, LOSSES, SEED, ODD]) f.get(local);
      f.emit("call", name);
    };
  }

  #backward(block: Block, number: number, turning: boolean): (f: WasmFunction) => void {
    if (block.kind === "dense") return this.#backwardDense(block);
    if (block.kind === "elementwise") return this.#backwardElementwise(block);
    const name = this.#emitter.add(this.#backwardScalars(block, number, turning));
    return (f) => {
      for (const local of common.keys()) f.get(local);
      f.emit("call", name);
    };
  }

  // ---- Scalars -------------------------------------------------------------------------------

  /**
   * A function that runs through the pairs, last first; `body` emits what is done with one. If it is
   * `seeded`, it knows the gradients of the losses, 0 for the example that fills up a pair.
   */
  #overPairs(
    name: string,
    seeded: boolean,
    body: (f: WasmFunction, at: number, seed: number, around: Around) => void,
  ): WasmFunction {
    const f = new WasmFunction(`${this.#gradients ? "" : "predict."}${name}`, common);
    f.about = "Numbers that are in no layer, for one pair of examples after the other.";
    const at = f.local("i32", "at");
    const here = f.local("i32", "here");
    const seed = f.local(this.#target.width, "seeds");
    if (seeded && this.#unit === 8) {
      f.get(SEED).set(seed);
    } else if (seeded) {
      f.get(SEED).emit("f64x2.splat").set(seed);
      f.get(ODD).emit("if").get(seed).f64(0).emit("f64x2.replace_lane", 1).set(seed).emit("end");
    }
    f.get(PAIRS).i32(1).emit("i32.sub").i32(this.#unit).emit("i32.mul").set(at);
    const around: Around = { after: [] };
    repeat(f, () => {
      f.get(WORKSPACE).get(at).emit("i32.add").set(here);
      body(f, here, seed, around);
      if (seeded && this.#unit === 16) f.get(SEED).emit("f64x2.splat").set(seed);
      f.get(at).i32(this.#unit).emit("i32.sub").tee(at).i32(0).emit("i32.ge_s");
    });
    for (const write of around.after) write();
    return f;
  }

  /** The elementwise blocks whose inputs are among these nodes. */
  #elementwiseAfter(nodes: ReadonlySet<number>): Elementwise[] {
    return this.#plan.blocks.filter(
      (block): block is Elementwise => block.kind === "elementwise" && nodes.has(block.inputs[0]),
    );
  }

  #forwardScalars({ nodes }: Scalars, number: number): WasmFunction {
    return this.#overPairs(`scalars.forward.${number}`, false, (f, here) => {
      const formulas = new BlockFormulas(this.#nodes, nodes);
      const kept = nodes.filter((node) => this.#slots.has(node));
      const results = kept.map((node) => ({
        formula: formulas.value(node),
        store: (local: number) => {
          f.get(here).get(local).emit(`${this.#target.width}.store`, this.#valueAt(node));
        },
      }));
      this.#evaluate(f, here, formulas, results);
    });
  }

  /**
   * The gradients of a block's numbers, and what it passes to others. A `turning` block computes
   * its values itself: it comes last, and so needs to keep nothing.
   */
  #backwardScalars({ nodes }: Scalars, number: number, turning: boolean): WasmFunction {
    const inside = new Set(nodes);
    const [output] = this.#outputs;
    return this.#overPairs(
      turning ? "turn" : `scalars.backward.${number}`,
      turning,
      (f, here, seed, around) => {
        const formulas = new BlockFormulas(this.#nodes, turning ? nodes : []);
        const { sheet } = formulas;
        const gradients = new Map<number, Formula>();
        const soFar = (node: number): Formula | undefined => {
          if (node === output && turning) return formulas.seed();
          return this.#filled.has(node) ? formulas.gradient(node) : undefined;
        };
        // An elementwise block that works on numbers of this one has left its local derivatives.
        const passedBack = new Map<number, Formula>();
        for (const { inputs, outputs } of this.#elementwiseAfter(inside)) {
          outputs.forEach((node, i) => {
            const gradient = soFar(node);
            if (gradient === undefined) return;
            passedBack.set(
              inputs[i],
              localTimes(sheet, formulas.local(inputs[i]), gradient, false),
            );
          });
        }
        const results: Result[] = [];
        const width = this.#target.width;

        /** The sum of what consumers in this block pass to a node, after `start`. */
        const gather = (own: readonly Term[], start: Formula | undefined): Formula | undefined => {
          let sum = start;
          for (const { consumer, input } of own) {
            const gradient = gradients.get(consumer);
            if (gradient === undefined) continue;
            const term = formulas.passed(consumer, input, gradient);
            if (term.name === "number" && term.number === 0) continue;
            sum = sum === undefined ? term : (sheet.arithmetic.add(sum, term) as Formula);
          }
          return sum;
        };
        const own = (node: number) =>
          this.#terms[node].filter(({ consumer }) => inside.has(consumer));

        for (const node of [...nodes].reverse()) {
          const gradient = passedBack.get(node) ?? gather(own(node), soFar(node));
          if (gradient !== undefined) gradients.set(node, gradient);
        }
        const outside = new Set<number>();
        for (const node of nodes) for (const input of this.#nodes[node].inputs) outside.add(input);
        const parameters = [...outside].filter(
          (node) => this.#nodes[node].role === "parameter" && own(node).length > 0,
        );
        const room = this.#roomForSums(
          f,
          around,
          parameters.map((node) => this.#nodes[node].index),
        );
        for (const node of outside) {
          const terms = own(node);
          if (inside.has(node) || terms.length === 0) continue;
          if (this.#nodes[node].role === "parameter") {
            const each = terms.flatMap((term) => gather([term], undefined) ?? []);
            const { index } = this.#nodes[node];
            results.push(...this.#addToParameter(f, index, each, room.get(index)));
            continue;
          }
          const formula = gather(terms, soFar(node)) ?? sheet.number(0);
          this.#filled.add(node);
          const store = (local: number) => {
            f.get(here).get(local).emit(`${width}.store`, this.#gradientAt(node));
          };
          results.push({ formula, store });
        }
        if (turning) {
          const store = (local: number) => {
            f.get(here).get(WORKSPACE).emit("i32.sub").get(LOSSES).emit("i32.add");
            f.get(local).emit(`${width}.store`);
          };
          results.push({ formula: formulas.value(output), store });
        }
        this.#evaluate(f, here, formulas, results, seed);
      },
    );
  }

  /**
   * What to compute for each pair, and how to add it to the gradient of a parameter: in the engine's
   * order one example after the other; or to two sums, where there is room for them.
   */
  #addToParameter(
    f: WasmFunction,
    parameter: number,
    terms: readonly Formula[],
    sumAt: number | undefined,
  ): Result[] {
    const offset = this.#target.parameterAt[parameter] - PARAMETERS;
    const { width } = this.#target;
    const locals: number[] = [];
    let missing = terms.length;
    const collect = (store: () => void) =>
      terms.map((formula, i) => ({
        formula,
        store: (local: number) => {
          locals[i] = local; // terms are added in their order, whichever is computed first
          missing -= 1;
          if (missing === 0) store();
        },
      }));
    if (sumAt !== undefined) {
      return collect(() => {
        f.get(WORKSPACE).get(WORKSPACE).emit("v128.load", sumAt);
        for (const local of locals) f.get(local).emit("f64x2.add");
        f.emit("v128.store", sumAt);
      });
    }
    return collect(() => {
      f.get(GRADIENTS).get(GRADIENTS).emit("f64.load", offset);
      for (const lane of width === "v128" ? [1, 0] : [undefined]) {
        for (const local of locals) {
          f.get(local);
          if (lane !== undefined) f.emit("f64x2.extract_lane", lane); // the later example first
          f.emit("f64.add");
        }
      }
      f.emit("f64.store", offset);
    });
  }

  /**
   * Room in the workspace for two sums over pairs for each of these parameters, unless they are to be
   * added up in order. After the loop they are added to the gradients and are 0 again.
   */
  #roomForSums(
    f: WasmFunction,
    around: Around,
    parameters: readonly number[],
  ): Map<number, number> {
    const { parameterAt, width, ordered } = this.#target;
    const room = new Map<number, number>();
    if (width === "f64" || ordered) return room;
    const { slotBytes } = this.#style;
    const start = this.#slotCount * slotBytes;
    this.#slotCount += Math.ceil((16 * parameters.length) / slotBytes);
    const sorted = [...parameters].sort((p, q) => parameterAt[p] - parameterAt[q]);
    const runs: { at: number; offset: number; count: number }[] = [];
    sorted.forEach((parameter, i) => {
      room.set(parameter, start + 16 * i);
      const offset = parameterAt[parameter] - PARAMETERS;
      const last = runs.at(-1);
      if (last !== undefined && offset === last.offset + 8 * last.count) last.count += 1;
      else runs.push({ at: start + 16 * i, offset, count: 1 });
    });
    const kernel = this.#emitter.kernel("addSums", addSumsKernel);
    around.after.push(() => {
      for (const { at, offset, count } of runs) {
        this.#pushSlot(f, at);
        f.get(GRADIENTS).i32(offset).emit("i32.add").i32(count).emit("call", kernel);
      }
    });
    return room;
  }

  /**
   * Computes formulas. Each variable is loaded where it is first needed and each result is stored at
   * once: V8 puts off what is not stored, and would run out of registers.
   */
  #evaluate(
    f: WasmFunction,
    here: number,
    formulas: BlockFormulas,
    results: readonly Result[],
    seed = -1,
  ): void {
    const { width } = this.#target;
    const variables = new Map<number, number>();
    const loads = new Map<number, () => void>();
    const variable = (number: number): number => {
      const known = variables.get(number);
      if (known !== undefined) return known;
      const { kind, node } = formulas.variable(number);
      if (kind === "seed") return seed;
      const local = f.local(width);
      variables.set(number, local);
      const { role, index } = this.#nodes[node];
      loads.set(local, () => {
        if (kind === "value" && (role === "parameter" || role === "frozen")) {
          const load = width === "v128" ? "v128.load64_splat" : "f64.load";
          f.i32(0).emit(load, this.#leafAt(role, index)).set(local);
        } else {
          const at = kind === "value" ? this.#valueAt(node) : this.#gradientAt(node);
          f.get(here).emit(`${width}.load`, at).set(local);
        }
      });
      return local;
    };
    const inOrder = [...results].sort((p, q) => p.formula.id - q.formula.id);
    this.#emitter.formulas(
      f,
      inOrder.map(({ formula }) => formula),
      variable,
      {
        load: (local) => loads.get(local)?.(),
        done: (i, local) => inOrder[i].store(local),
      },
    );
  }

  // ---- Dense ---------------------------------------------------------------------------------

  /** Bytes from the weights of a neuron to those of the next, and from its bias to the next. */
  #strides({ weights, biases }: Dense): { rowBytes: number; biasBytes: number } {
    const at = this.#target.parameterAt;
    const rowBytes = weights.length > 1 ? at[weights[1][0]] - at[weights[0][0]] : 0;
    const biasBytes = biases && biases.length > 1 ? at[biases[1]] - at[biases[0]] : 0;
    return { rowBytes: rowBytes || 8 * weights[0].length, biasBytes };
  }

  #forwardDense(block: Dense): (f: WasmFunction) => void {
    const { inputs, weights, biases, biasLast, sums, outputs, activation } = block;
    const { parameterAt } = this.#target;
    const { rowBytes, biasBytes } = this.#strides(block);
    const runs = this.#runs(inputs);
    const calls: ((f: WasmFunction) => void)[] = [];
    runs.forEach(({ start, length }, run) => {
      const last = run === runs.length - 1;
      for (const { size, at, tiles } of tilesOf(sums.length, [4, 1])) {
        const begin = run > 0 ? "sums" : biases !== undefined && !biasLast ? "bias" : "nothing";
        const within = last ? activation : undefined;
        const keepSums =
          within === undefined ||
          (this.#gradients && usesInput(passedThrough(new Sheet(), within)));
        // A kernel for one neuron is called for each, so that it serves layers of any size.
        const isSingle = size === 1;
        const shape = {
          rows: size,
          rowBytes: isSingle ? 0 : rowBytes,
          biasBytes: isSingle ? 0 : biasBytes,
          start: begin,
          biasLast: biasLast && last,
          activation: within,
          keepSums,
        } as const;
        const key = `forward ${size} ${shape.rowBytes} ${shape.biasBytes} ${begin} ${shape.biasLast} ${operationKey(within)} ${keepSums}`;
        const kernel = this.#emitter.kernel(key, (name) =>
          forwardKernel(name, shape, this.#style, new Sheet()),
        );
        for (let row = at; row < at + (isSingle ? tiles : 1); row++) {
          calls.push((f) => {
            f.i32(parameterAt[weights[row][start]]);
            f.i32(biases === undefined ? 0 : parameterAt[biases[row]]);
            for (const node of [inputs[start], sums[row], outputs[row]]) {
              this.#pushSlot(f, this.#valueAt(node));
            }
            f.i32(isSingle ? 1 : tiles)
              .i32(length)
              .get(EVEN)
              .emit("call", kernel);
          });
        }
      }
    });
    return (f) => {
      f.comment(commentOf(this.#nodes, block));
      for (const call of calls) call(f);
    };
  }

  // ---- Elementwise ---------------------------------------------------------------------------

  /** The operation's values and, where the gradients of its inputs will be, local derivatives. */
  #forwardElementwise(block: Elementwise): (f: WasmFunction) => void {
    const { operation, inputs, outputs } = block;
    const sheet = new Sheet();
    const x = sheet.variable(0);
    const value = sheet.apply(operation.value, x);
    const formulas = [value];
    if (this.#gradients) formulas.push(sheet.apply(operation.localDerivatives[0], x, value));
    const key = `${this.#gradients ? "" : "predict."}elementwise ${operationKey(operation)}`;
    const kernel = this.#emitter.kernel(key, (name) => this.#slotsFunction(name, formulas));
    return (f) => {
      const results = [this.#valueAt(outputs[0]), this.#gradientAt(inputs[0])];
      for (const at of [this.#valueAt(inputs[0]), 0, ...results]) this.#pushSlot(f, at);
      f.i32(inputs.length).get(EVEN).emit("call", kernel);
    };
  }

  /** Local derivatives × gradients, unless this has been done or is done where they are used. */
  #backwardElementwise(block: Elementwise): (f: WasmFunction) => void {
    const { inputs, outputs } = block;
    if (this.#behind.has(block) || this.#makerOf(block).kind !== "dense") return () => {};
    for (const input of inputs) this.#filled.add(input);
    const clear = this.#clearUnfilled(outputs);
    const sheet = new Sheet();
    const product = localTimes(sheet, sheet.variable(0), sheet.variable(1), false);
    const kernel = this.#emitter.kernel("multiply", (name) => this.#slotsFunction(name, [product]));
    return (f) => {
      clear(f);
      const local = this.#gradientAt(inputs[0]);
      for (const at of [local, this.#gradientAt(outputs[0]), local, 0]) this.#pushSlot(f, at);
      f.i32(inputs.length).get(EVEN).emit("call", kernel);
    };
  }

  /** The block that makes the inputs of an elementwise one. */
  #makerOf({ inputs }: Elementwise): Block {
    const { blocks, blockOf } = this.#plan;
    return blocks[blockOf[inputs[0]]];
  }

  /** Writes 0 where a gradient should be that nothing came to. */
  #clearUnfilled(nodes: readonly number[]): (f: WasmFunction) => void {
    const empty = nodes.filter((node) => !this.#filled.has(node));
    for (const node of empty) this.#filled.add(node);
    return (f) => {
      for (const node of empty) {
        this.#pushSlot(f, this.#gradientAt(node));
        f.i32(0)
          .i32(this.#style.slotBytes / 2)
          .emit("memory.fill");
      }
    };
  }

  /**
   * A function that computes slots from slots, each pair by itself.
   *
   * Parameters: where the first slots of variables 0 and 1 are, and those of the results; how many
   * slots; pairs.
   */
  #slotsFunction(name: string, formulas: readonly Formula[]): WasmFunction {
    const f = new WasmFunction(name, ["a", "b", "c", "d", "slots", "pairs"].map(i32));
    f.about = "Numbers side by side from others, each by itself.";
    const [a, b, c, d, slots, pairs] = f.parameters.keys();
    const at = f.local("i32", "at");
    const end = f.local("i32", "end");
    const { width } = this.#target;
    const locals = [f.local(width, "first"), f.local(width, "second")];
    f.get(pairs).i32(this.#unit).emit("i32.mul").set(end);
    repeat(f, () => {
      f.i32(0).set(at);
      repeat(f, () => {
        const place = (from: number) => f.get(from).get(at).emit("i32.add");
        for (const variable of variablesOf(formulas)) {
          place([a, b][variable]).emit(`${width}.load`).set(locals[variable]);
        }
        const variable = (i: number) => locals[i];
        const results = this.#emitter.formulas(f, formulas, variable, { inline: INLINED });
        for (const [i, local] of results.entries()) {
          place([c, d][i]).get(local).emit(`${width}.store`);
        }
        f.get(at).i32(this.#unit).emit("i32.add").tee(at).get(end).emit("i32.lt_u");
      });
      for (const local of [a, b, c, d]) advance(f, local, this.#style.slotBytes);
      f.get(slots).i32(1).emit("i32.sub").tee(slots);
    });
    return f;
  }

  // ---- Dense, backwards ----------------------------------------------------------------------

  /** The gradients of a block's sums are kept in the gradient slots of its outputs. */
  #backwardDense(block: Dense): (f: WasmFunction) => void {
    const { inputs, weights, biases, sums, outputs, activation } = block;
    const { parameterAt } = this.#target;
    const { rowBytes, biasBytes } = this.#strides(block);
    const calls: ((f: WasmFunction) => void)[] = [];

    // 1. Neurons from which nothing came have the gradient 0.
    calls.push(this.#clearUnfilled(outputs));

    // 2. From the outputs to the sums, unless this has been done already.
    if (activation !== undefined && !this.#behind.has(block)) {
      const formula = passedThrough(new Sheet(), activation);
      const kernel = this.#emitter.kernel(`passBack ${operationKey(activation)}`, (name) =>
        passBackKernel(name, formula, this.#style),
      );
      calls.push((f) => {
        this.#pushSlot(f, this.#valueAt(sums[0]));
        this.#pushSlot(f, this.#valueAt(outputs[0]));
        this.#pushSlot(f, this.#gradientAt(outputs[0]));
        f.i32(outputs.length).get(EVEN).emit("call", kernel);
      });
    }

    // 3. From the sums to weights, biases and inputs.
    for (const run of this.#runs(inputs)) {
      for (const tile of weightTiles(sums.length, run.length)) {
        const { rows, columns, row, column, rowTiles, columnTiles } = tile;
        const kernel = this.#emitter.kernel(`weights ${rows}x${columns}`, (name) =>
          weightGradientKernel(name, { rows, columns }, this.#style),
        );
        calls.push((f) => {
          const weight = weights[row][run.start + column];
          f.get(GRADIENTS)
            .i32(parameterAt[weight] - PARAMETERS)
            .emit("i32.add");
          this.#pushSlot(f, this.#gradientAt(outputs[row]));
          this.#pushSlot(f, this.#valueAt(inputs[run.start + column]));
          f.i32(rowBytes).i32(rowTiles).i32(columnTiles).get(PAIRS).emit("call", kernel);
        });
      }
    }
    if (biases !== undefined) {
      for (const { size, at, tiles } of tilesOf(sums.length, [4, 1])) {
        const kernel = this.#emitter.kernel(`biases ${size}`, (name) =>
          biasGradientKernel(name, size, this.#style),
        );
        calls.push((f) => {
          f.get(GRADIENTS)
            .i32(parameterAt[biases[at]] - PARAMETERS)
            .emit("i32.add");
          this.#pushSlot(f, this.#gradientAt(outputs[at]));
          f.i32(biasBytes).i32(tiles).get(PAIRS).emit("call", kernel);
        });
      }
    }
    for (const run of this.#runs(inputs)) calls.push(...this.#inputGradients(block, run, rowBytes));
    return (f) => {
      f.comment(`gradients of ${commentOf(this.#nodes, block)}`);
      for (const call of calls) call(f);
    };
  }

  #inputGradients(
    { inputs, weights, outputs }: Dense,
    { start, length }: { start: number; length: number },
    rowBytes: number,
  ): ((f: WasmFunction) => void)[] {
    const nodes = inputs.slice(start, start + length);
    if (nodes.every((node) => this.#terms[node].length === 0)) return [];
    const before = this.#activationBehind(nodes);
    if (before !== undefined) this.#behind.add(before);
    // Some may have a part of their gradient already; then all of them must have one.
    const more = nodes.some((node) => this.#filled.has(node));
    const clear = more ? [this.#clearUnfilled(nodes)] : [];
    // Where the results go, and what they are multiplied with.
    const isElementwise = before?.kind === "elementwise";
    const results = isElementwise ? before.inputs : nodes;
    for (const node of results) this.#filled.add(node);
    const then = isElementwise ? "local" : before?.activation;
    const lastRow = outputs.length - 1;
    return clear.concat(
      tilesOf(length, [4, 1]).map(({ size, at, tiles }) => {
        const key = `inputs ${size} ${more} ${then === "local" ? then : operationKey(then)}`;
        const kernel = this.#emitter.kernel(key, (name) =>
          inputGradientKernel(name, { columns: size, more, then }, this.#style, new Sheet()),
        );
        return (f) => {
          f.i32(this.#target.parameterAt[weights[lastRow][start + at]]);
          this.#pushSlot(f, this.#gradientAt(outputs[lastRow]));
          this.#pushSlot(f, this.#gradientAt(results[at]));
          this.#pushSlot(f, before?.kind === "dense" ? this.#valueAt(before.sums[at]) : 0);
          this.#pushSlot(f, this.#valueAt(nodes[at]));
          f.i32(tiles).i32(outputs.length).i32(rowBytes).get(EVEN).emit("call", kernel);
        };
      }),
    );
  }

  /**
   * The block whose activation made these nodes, all of them and in order, if nobody else consumes
   * them: their gradients can go on through the activation at once.
   */
  #activationBehind(nodes: readonly number[]): Dense | Elementwise | undefined {
    const { blocks, blockOf } = this.#plan;
    const block = blocks[blockOf[nodes[0]]];
    if (block === undefined || block.kind === "scalars") return undefined;
    if (block.kind === "dense" && block.activation === undefined) return undefined;
    if (block.kind === "elementwise" && this.#makerOf(block).kind !== "dense") return undefined;
    const { outputs } = block;
    const same = outputs.length === nodes.length && outputs.every((node, i) => node === nodes[i]);
    const alone = nodes.every((node) => {
      const users = new Set(this.#terms[node].map(({ consumer }) => blockOf[consumer]));
      return users.size === 1 && !this.#filled.has(node);
    });
    return same && alone ? block : undefined;
  }

  #pushSlot(f: WasmFunction, offset: number): void {
    f.get(WORKSPACE).i32(offset).emit("i32.add");
  }
}

/** The local of a chunk function that has the number of pairs rounded up to an even one. */
const EVEN = common.length;

/** What is to be computed, and what to write when it is in a local variable. */
interface Result {
  readonly formula: Formula;
  readonly store: (local: number) => void;
}

/** What is to be written after a loop. */
interface Around {
  readonly after: (() => void)[];
}

/** Can an operation be computed within a kernel? */
export function isSimple({ value, localDerivatives }: Dense["activation"] & object): boolean {
  const sheet = new Sheet();
  const x = sheet.variable(0);
  const formulas = [sheet.apply(value, x), sheet.apply(localDerivatives[0], x, sheet.variable(1))];
  const all = new Set(formulas);
  for (const formula of all) for (const input of formula.inputs) all.add(input); // grows as it runs
  return all.size <= SIMPLE && mathUsed(formulas).size === 0;
}

const operationNumbers = new Map<object, number>();

/** A text that no other operation has. */
function operationKey(operation: Dense["activation"]): string {
  if (operation === undefined) return "";
  let number = operationNumbers.get(operation);
  if (number === undefined) {
    number = operationNumbers.size;
    operationNumbers.set(operation, number);
  }
  return `${operation.name}#${number}`;
}

/** A count divided into tiles of the given sizes, large ones first. */
function tilesOf(count: number, sizes: readonly number[]) {
  const found: { size: number; at: number; tiles: number }[] = [];
  let at = 0;
  for (const size of sizes) {
    const tiles = Math.floor((count - at) / size);
    if (tiles > 0) found.push({ size, at, tiles });
    at += tiles * size;
  }
  return found;
}

/** Weights divided into tiles: two rows by four columns where there is room. */
function weightTiles(rowCount: number, columnCount: number) {
  const found: {
    rows: number;
    columns: number;
    row: number;
    column: number;
    rowTiles: number;
    columnTiles: number;
  }[] = [];
  for (const columns of tilesOf(columnCount, [4, 1])) {
    const sizes = columns.size === 4 ? [2, 1] : [4, 1];
    for (const rows of tilesOf(rowCount, sizes)) {
      found.push({
        rows: rows.size,
        columns: columns.size,
        row: rows.at,
        column: columns.at,
        rowTiles: rows.tiles,
        columnTiles: columns.tiles,
      });
    }
  }
  return found;
}

function commentOf(nodes: readonly TracedNode[], { inputs, outputs, activation }: Dense): string {
  const { layer } = nodes[outputs[0]].value.origin;
  const name = layer === undefined ? "a dense block" : `layers.${layer}`;
  const sizes = `${counted(inputs.length, "input")}, ${counted(outputs.length, "neuron")}`;
  return `${name}: ${sizes}, ${activation?.name ?? "linear"}`;
}

/**
 * Value: a number that remembers how it was made, and `backward`, which finds the gradient of one
 * Value with respect to all the Values it was made from. Read operations.ts first.
 */

import { describe, expectNumber, quote } from "./errors.ts";
import {
  clamp,
  elu,
  isNotChosen,
  leaf,
  leakyRelu,
  numbers,
  type Operation,
  operations,
  power,
} from "./operations.ts";
import { YoungestFirst } from "./queue.ts";

/** What an operation may be applied to: a Value, or a number that becomes one. */
export type Operand = Value | number;

// The numbers of a node are kept outside it, in blocks of 256 records: an object with numbers in
// its fields would cost JavaScript a separate little box for each of them.
//
//     block   | data grad pass time | data grad pass time | data grad pass time | ...
//               ^ slot of node 0      ^ slot of node 1
//
const DATA = 0;
/** d root / d node, of the last backward pass that reached the node. */
const GRAD = 1;
/** The number of that pass; 0 while there is none, or once the gradient was zeroed. */
const PASS = 2;
/** When the node was made; for a leaf, when its data was last written. */
const TIME = 3;
const RECORD = 4;
const BLOCK = 256 * RECORD;

/**
 * The gradient of an inner node to which none has come yet. It has to be told from a gradient of 0
 * that did come: 0 times an infinite local derivative is NaN, nothing is not. What comes is never
 * -0, since 0 is added to it.
 */
const NOTHING = -0;

let block = new Float64Array(BLOCK);
let free = 0; // the first slot of the block that is not taken
// Counts Values made and leaves written: a node is younger than its inputs. (In an array, since a
// variable beyond 2^31 would cost a box at every count.)
const clock = new Float64Array(1);
let passes = 0; // counts backward passes
const underWay: number[] = []; // the pass under way, and those begun by its rules within it

/** What a node was made for: a shared record, so that a node pays for it with one field. */
export interface Origin {
  /** Which MLP: a number that no other one has; undefined outside of one. */
  readonly network: number | undefined;
  /** Which layer of it, counted from 0. */
  readonly layer: number | undefined;
  /** Which neuron of the layer, counted from 0. */
  readonly neuron: number | undefined;
  /** Which data point, counted from 0. */
  readonly example: number | undefined;
}

/** What a backward pass keeps in mind. */
interface Pass {
  readonly number: number;
  /** The inner nodes that were reached and not visited yet. */
  readonly queue: YoungestFirst<Value>;
  /** The leaves that were reached, and two numbers of each: its gradient and pass before. */
  readonly leaves: Value[];
  readonly before: number[];
}

interface Tag extends Origin {
  readonly label: string;
}

/** What Value's own methods show to the constructor. */
const KEY = {};

let origin: Tag = {
  label: "",
  network: undefined,
  layer: undefined,
  neuron: undefined,
  example: undefined,
};

/**
 * Runs `make` and marks every Value made meanwhile as belonging to that neuron, say, or example.
 * What `place` leaves out stays as it is outside, so origins nest.
 *
 * @example withOrigin({ example: 3 }, () => squaredError(model.forward(x), t)).origin.example // 3
 */
export function withOrigin<T>(place: Partial<Origin>, make: () => T): T {
  const outside = enterOrigin(place);
  try {
    return make();
  } finally {
    leaveOrigin(outside);
  }
}

/** The first half of {@link withOrigin}, for a neuron; what it returns is for the second half. */
export function enterOrigin(place: Partial<Origin>): Origin {
  const outside = origin;
  origin = {
    label: "",
    network: place.network ?? outside.network,
    layer: place.layer ?? outside.layer,
    neuron: place.neuron ?? outside.neuron,
    example: place.example ?? outside.example,
  };
  return outside;
}

/** Ends what {@link enterOrigin} began. */
export function leaveOrigin(outside: Origin): void {
  origin = outside as Tag; // it came from enterOrigin
}

/** The example that Values made now belong to; see {@link withOrigin}. */
export const currentExample = (): number | undefined => origin.example;

/** Hears of a Value that was asked for something, and of what that was. */
type Watcher = (node: Value, asked: "data" | "grad" | "hasGrad" | "backward") => void;

let watcher: Watcher | null = null;

/**
 * Runs `make` and tells `watch` whenever somebody meanwhile reads or writes the data or the gradient
 * of a Value, or calls its `backward`: what `make` returns may then depend on numbers in a way
 * that its graph does not show. Making nodes tells nobody, nor does printing one.
 *
 * @internal
 */
export function watching<T>(watch: Watcher, make: () => T): T {
  const outside = watcher;
  watcher = watch;
  try {
    return make();
  } finally {
    watcher = outside;
  }
}

/** Tells the watcher, which may itself look at Values and not be told. */
function tell(node: Value, asked: Parameters<Watcher>[1]): void {
  const told = watcher as Watcher; // it is called where there is one
  watcher = null;
  try {
    told(node, asked);
  } finally {
    watcher = told;
  }
}

/**
 * A number that remembers how it was made.
 *
 * A Value made with `new` is a *leaf*: a weight, an input, a constant. Every operation on Values
 * makes a further Value that knows its operation and its inputs, and so the Values of a
 * computation form a graph. It only points backwards, from a node to its inputs, and never
 * changes: dropping the last Value of a computation drops all of it.
 *
 * @example
 * const a = new Value(2, "a");
 * const b = new Value(-3, "b");
 * const c = a.mul(b).add(10); // c.data is 4
 * c.backward(); //               a.grad is -3, b.grad is 2
 */
export class Value {
  readonly #block: Float64Array;
  readonly #slot: number;
  readonly #operation: Operation;
  readonly #first: Value | null;
  /** The second input; from three inputs on, an array of all but the first. */
  readonly #second: Value | readonly Value[] | null;
  #tag: Tag;

  /**
   * Makes a leaf.
   *
   * @param data any number, infinities and NaN included
   * @param label a name for pictures and messages
   * @throws TypeError if `data` is not a number or `label` not a string
   */
  constructor(data: number, label?: string);
  /** @internal For unary, binary and nary below, which have the key. */
  constructor(
    data: number,
    label: string,
    key: object,
    operation: Operation,
    first: Value,
    second?: Value | readonly Value[],
  );
  constructor(
    data: number,
    label = "",
    key?: object,
    operation: Operation = leaf,
    first: Value | null = null,
    second: Value | readonly Value[] | null = null,
  ) {
    if (key !== KEY) checkArguments(data, label, operation, first, second);
    if (free === BLOCK) nextBlock();
    block[free + DATA] = data;
    block[free + TIME] = clock[0] += 1;
    this.#block = block;
    this.#slot = free;
    this.#operation = operation;
    this.#first = first;
    this.#second = second;
    this.#tag = origin;
    free += RECORD;
    if (key !== KEY && label !== "") this.label = label;
  }

  /** @internal Makes the node `operation(a)`; nothing is checked here. */
  static unary(operation: Operation, a: Value): Value {
    const node = new Value(0, "", KEY, operation, a);
    const x = a.#block[a.#slot + DATA];
    const linear = operation.kind === "linear";
    node.#block[node.#slot + DATA] = linear ? operation.c0 * x : operation.value(numbers, x);
    return node;
  }

  /** @internal Makes the node `operation(a, b)`. */
  static binary(operation: Operation, a: Value, b: Value): Value {
    const node = new Value(0, "", KEY, operation, a, b);
    const record = node.#block; // written in each branch, lest a shared variable be put in a box
    const slot = node.#slot;
    const x = a.#block[a.#slot + DATA];
    const y = b.#block[b.#slot + DATA];
    if (operation.kind === "product") record[slot + DATA] = x * y;
    else if (operation.kind === "linear") record[slot + DATA] = operation.c0 * x + operation.c1 * y;
    else record[slot + DATA] = operation.value(numbers, x, y);
    return node;
  }

  /** @internal Makes the node `operation(...inputs)`, for any number of inputs from 1. */
  static nary(operation: Operation, inputs: readonly Value[]): Value {
    const [first, second, ...others] = inputs;
    if (second === undefined) return Value.unary(operation, first);
    if (others.length === 0) return Value.binary(operation, first, second);
    const node = new Value(0, "", KEY, operation, first, [second, ...others]);
    const data = inputs.map((input) => input.#block[input.#slot + DATA]);
    node.#block[node.#slot + DATA] = operation.value(numbers, ...data);
    return node;
  }

  /**
   * The number. That of a leaf may be written: `w.data -= rate * w.grad`.
   *
   * @throws TypeError on writing anything but a number; Error on writing the data of a node that
   * was computed, since it would no longer be what its operation says
   */
  get data(): number {
    if (watcher !== null) tell(this, "data");
    return this.#block[this.#slot + DATA];
  }

  set data(data: number) {
    if (typeof data !== "number") {
      throw new TypeError(`Value.data: expected a number, got ${describe(data)}`);
    }
    if (this.#operation !== leaf) {
      throw new Error(
        `Value.data: ${nameOf(this)} was computed by ${this.op}, so its data cannot be written; ` +
          "write the leaves it depends on and compute it again",
      );
    }
    if (watcher !== null) tell(this, "data");
    this.#block[this.#slot + DATA] = data;
    this.#block[this.#slot + TIME] = clock[0] += 1;
  }

  /**
   * d root / d this, from `root.backward()`; 0 until a pass reaches the node. Leaves add up the
   * gradients of several passes until they are zeroed; inner nodes keep the last pass only.
   * May be written (to clip it, say); writing 0 over another number zeroes it.
   *
   * @throws TypeError on writing anything but a number
   */
  get grad(): number {
    if (watcher !== null) tell(this, "grad");
    return this.#block[this.#slot + GRAD];
  }

  set grad(grad: number) {
    if (typeof grad !== "number") {
      throw new TypeError(`Value.grad: expected a number, got ${describe(grad)}`);
    }
    const before = this.grad;
    this.#block[this.#slot + GRAD] = grad;
    if (grad !== 0)
      this.#block[this.#slot + PASS] = -1; // reached, but by no pass to come
    else if (before !== 0) this.#block[this.#slot + PASS] = 0;
  }

  /** Has a backward pass reached this node since it was made or zeroed? */
  get hasGrad(): boolean {
    if (watcher !== null) tell(this, "hasGrad");
    return this.#block[this.#slot + PASS] !== 0;
  }

  /** Forgets the gradient: `grad` is 0 and `hasGrad` false, as when the Value was made. */
  zeroGrad(): void {
    this.#block[this.#slot + GRAD] = 0;
    this.#block[this.#slot + PASS] = 0;
  }

  /** @internal Remembers the gradients of these Values; what it returns puts them back. */
  static rememberGradients(nodes: readonly Value[]): () => void {
    const before = new Float64Array(2 * nodes.length);
    nodes.forEach((node, i) => {
      before[2 * i] = node.#block[node.#slot + GRAD];
      before[2 * i + 1] = node.#block[node.#slot + PASS];
    });
    return () => {
      nodes.forEach((node, i) => {
        node.#block[node.#slot + GRAD] = before[2 * i];
        node.#block[node.#slot + PASS] = before[2 * i + 1];
      });
    };
  }

  /** @internal Writes gradients as a pass does: 0 is a gradient, too. */
  static writeGradients(nodes: readonly Value[], gradients: ArrayLike<number>): void {
    nodes.forEach((node, i) => {
      node.#block[node.#slot + GRAD] = gradients[i];
      node.#block[node.#slot + PASS] = -1; // reached, but by no pass to come
    });
  }

  /** The name of the operation that made this Value, such as "mul"; "" for a leaf. */
  get op(): string {
    return this.#operation.name;
  }

  /** The operation that made this Value, with its symbol and rules. */
  get operation(): Operation {
    return this.#operation;
  }

  /** The Values it was made from, in order: `a.add(a)` has two. A leaf has none. */
  get inputs(): readonly Value[] {
    return Object.freeze(Value.inputsOf(this));
  }

  /** @internal The same, for those who change nothing: to freeze a thousand arrays takes a while. */
  static inputsOf(node: Value): readonly Value[] {
    const first = node.#first;
    const second = node.#second;
    if (first === null) return [];
    if (second === null) return [first];
    return second instanceof Value ? [first, second] : [first, ...second];
  }

  /** A name for pictures and messages; "" if it has none. */
  get label(): string {
    return this.#tag.label;
  }

  set label(label: string) {
    if (typeof label !== "string") {
      throw new TypeError(`Value.label: expected a string, got ${describe(label)}`);
    }
    const { network, layer, neuron, example } = this.#tag;
    this.#tag = { label, network, layer, neuron, example };
  }

  /** When it was made, or its data last written: younger nodes have larger times. */
  get time(): number {
    return this.#block[this.#slot + TIME];
  }

  /** The network, layer, neuron and data point it was made for, as far as it was made for one. */
  get origin(): Origin {
    const { network, layer, neuron, example } = this.#tag;
    return { network, layer, neuron, example };
  }

  /**
   * Finds d this / d node for this Value and every node it depends on.
   *
   * 1. The gradient of this Value itself is 1.
   * 2. Nodes are visited from the youngest to the oldest. A node is younger than its inputs, so
   *    all its consumers have been visited before it, and its gradient is complete.
   * 3. Each node passes gradient × local derivative to each of its inputs, which adds up what it
   *    is passed: the chain rule, summed over all paths.
   *
   * Inner nodes forget the gradients of earlier passes, leaves add to theirs. What is summed is
   * summed in a fixed order, so equal programs give equal bits. There is no recursion: a million
   * nodes in a row are no problem.
   *
   * @throws Error if a leaf was written after a node was computed from it: the gradient belongs to
   * the numbers of the forward pass, and one of them is gone. No gradient of a leaf is changed then.
   * Error if it is called from within a rule and meets a node of the pass under way.
   */
  backward(): void {
    if (watcher !== null) tell(this, "backward");
    const queue = new YoungestFirst<Value>();
    const pass: Pass = { number: ++passes, queue, leaves: [], before: [] };
    underWay.push(pass.number);
    try {
      Value.#reach(this, pass, Infinity);
      this.#block[this.#slot + GRAD] += 1;
      for (let node = queue.take(); node !== null; node = queue.take()) {
        Value.#passOn(node, pass);
      }
    } catch (error) {
      pass.leaves.forEach((node, i) => {
        node.#block[node.#slot + GRAD] = pass.before[2 * i];
        node.#block[node.#slot + PASS] = pass.before[2 * i + 1];
      });
      for (const node of graphOf(this)) if (node.op !== "") node.zeroGrad();
      throw error;
    } finally {
      queue.close();
      underWay.pop();
    }
  }

  /** Follows an edge to this node from a consumer made at `time`; files it at the first visit. */
  static #reach(node: Value, pass: Pass, time: number): void {
    const record = node.#block;
    const slot = node.#slot;
    const made = record[slot + TIME];
    if (made > time) throw changedLeaf("Value.backward", node);
    if (record[slot + PASS] === pass.number) return;
    if (node.#operation === leaf) {
      pass.leaves.push(node);
      pass.before.push(record[slot + GRAD], record[slot + PASS]);
    } else {
      if (underWay.length > 1 && underWay.includes(record[slot + PASS])) throw passUnderWay();
      record[slot + GRAD] = NOTHING;
      pass.queue.put(node, made);
    }
    record[slot + PASS] = pass.number;
  }

  /** The chain rule: gives each input its local derivative × the gradient of an inner node. */
  static #passOn(node: Value, pass: Pass): void {
    const operation = node.#operation;
    const kind = operation.kind;
    const gradient = node.#block[node.#slot + GRAD];
    const nothing = gradient === 0 && Object.is(gradient, NOTHING);
    if (nothing) node.#block[node.#slot + GRAD] = 0;
    if (kind === "general") Value.#passByRules(node, pass, gradient, nothing);
    if (kind === "general" || kind === "cut") return;

    const time = node.#block[node.#slot + TIME];
    const first = node.#first as Value; // an inner node has a first input
    const second = node.#second as Value | null; // linear and product have no third
    Value.#reach(first, pass, time);
    if (second === null) {
      if (!nothing) first.#block[first.#slot + GRAD] += operation.c0 * gradient + 0;
      return;
    }
    Value.#reach(second, pass, time);
    if (nothing) return;
    const a = kind === "linear" ? operation.c0 : second.#block[second.#slot + DATA];
    const b = kind === "linear" ? operation.c1 : first.#block[first.#slot + DATA];
    first.#block[first.#slot + GRAD] += a * gradient + 0;
    second.#block[second.#slot + GRAD] += b * gradient + 0;
  }

  /** The same for any operation, by its rules. */
  static #passByRules(node: Value, pass: Pass, gradient: number, nothing: boolean): void {
    const { arity, masked } = node.#operation;
    const time = node.#block[node.#slot + TIME];
    for (let i = 0; i < arity; i++) {
      const input = Value.#input(node, i);
      Value.#reach(input, pass, time);
      if (nothing) continue;
      const local = node.localDerivative(i);
      if (masked && isNotChosen(local)) continue;
      input.#block[input.#slot + GRAD] += local * gradient + 0;
    }
  }

  /** Input i of an inner node. */
  static #input(node: Value, i: number): Value {
    if (i === 0) return node.#first as Value; // an inner node has a first input
    const second = node.#second as Value | readonly Value[]; // i is below the arity
    return second instanceof Value ? second : second[i - 1];
  }

  /**
   * d this / d inputs[i], the other inputs held still, at the numbers the nodes have now; -0 for
   * an input that was not chosen (by relu, max, clamp, …).
   *
   * @throws RangeError if there is no such input
   */
  localDerivative(i: number): number {
    const rule = this.#operation.localDerivatives[i];
    if (rule === undefined) {
      throw new RangeError(
        `Value.localDerivative: expected an input from 0 to ${this.#operation.arity - 1}, got ${i}`,
      );
    }
    const a = (this.#first as Value).data; // a rule was found, so this is an inner node
    const second = this.#second;
    if (second === null) return rule(numbers, a, this.data);
    if (second instanceof Value) return rule(numbers, a, second.data, this.data);
    return rule(numbers, a, ...second.map((input) => input.data), this.data);
  }

  /** this + other. */
  add(other: Operand): Value {
    return Value.binary(operations.add, this, toValue(other, "Value.add"));
  }

  /** this - other. */
  sub(other: Operand): Value {
    return Value.binary(operations.sub, this, toValue(other, "Value.sub"));
  }

  /** this · other. */
  mul(other: Operand): Value {
    return Value.binary(operations.mul, this, toValue(other, "Value.mul"));
  }

  /** this / other. */
  div(other: Operand): Value {
    return Value.binary(operations.div, this, toValue(other, "Value.div"));
  }

  /** The larger of the two; in a tie each gets half of the gradient, and NaN wins. */
  max(other: Operand): Value {
    return Value.binary(operations.max, this, toValue(other, "Value.max"));
  }

  /** The smaller of the two; ties and NaN as in `max`. */
  min(other: Operand): Value {
    return Value.binary(operations.min, this, toValue(other, "Value.min"));
  }

  /**
   * this to the power of a number or a Value. A number is part of the operation (`x.pow(3)` has
   * one input); a Value is a second input and gets a gradient of its own.
   */
  pow(exponent: Operand): Value {
    if (typeof exponent === "number") return Value.unary(power(exponent), this);
    return Value.binary(operations.pow, this, toValue(exponent, "Value.pow"));
  }

  /** -this. */
  neg(): Value {
    return Value.unary(operations.neg, this);
  }

  /** e to the power of this. */
  exp(): Value {
    return Value.unary(operations.exp, this);
  }

  /** exp(this) - 1, exact to rounding near 0 too. */
  expm1(): Value {
    return Value.unary(operations.expm1, this);
  }

  /** The natural logarithm: -Infinity at 0, NaN below. */
  log(): Value {
    return Value.unary(operations.log, this);
  }

  /** log(1 + this), exact to rounding near 0 too. */
  log1p(): Value {
    return Value.unary(operations.log1p, this);
  }

  /** The logarithm to base 2. */
  log2(): Value {
    return Value.unary(operations.log2, this);
  }

  /** The logarithm to base 10. */
  log10(): Value {
    return Value.unary(operations.log10, this);
  }

  /** The square root: NaN below 0; its derivative at 0 is Infinity. */
  sqrt(): Value {
    return Value.unary(operations.sqrt, this);
  }

  /** The hyperbolic tangent, from -1 to 1. */
  tanh(): Value {
    return Value.unary(operations.tanh, this);
  }

  /** 1 / (1 + exp(-this)), from 0 to 1; no overflow anywhere. */
  sigmoid(): Value {
    return Value.unary(operations.sigmoid, this);
  }

  /** log(1 + exp(this)): a smooth relu; no overflow anywhere. */
  softplus(): Value {
    return Value.unary(operations.softplus, this);
  }

  /** this · sigmoid(this), also known as swish. */
  silu(): Value {
    return Value.unary(operations.silu, this);
  }

  /** this · Phi(this), Phi the normal distribution: PyTorch's `gelu`, exact form. */
  gelu(): Value {
    return Value.unary(operations.gelu, this);
  }

  /** The approximation of gelu by a tanh: PyTorch's `gelu(approximate="tanh")`. */
  geluTanh(): Value {
    return Value.unary(operations.geluTanh, this);
  }

  /** max(this, 0); its derivative at 0 is 0. */
  relu(): Value {
    return Value.unary(operations.relu, this);
  }

  /** |this|; its derivative at 0 is 0. */
  abs(): Value {
    return Value.unary(operations.abs, this);
  }

  /** The sine of this angle in radians. */
  sin(): Value {
    return Value.unary(operations.sin, this);
  }

  /** The cosine of this angle in radians. */
  cos(): Value {
    return Value.unary(operations.cos, this);
  }

  /** The tangent of this angle in radians. */
  tan(): Value {
    return Value.unary(operations.tan, this);
  }

  /** The angle in radians, from -pi/2 to pi/2, whose tangent this is. */
  atan(): Value {
    return Value.unary(operations.atan, this);
  }

  /** The hyperbolic sine. */
  sinh(): Value {
    return Value.unary(operations.sinh, this);
  }

  /** The hyperbolic cosine. */
  cosh(): Value {
    return Value.unary(operations.cosh, this);
  }

  /** The inverse of sinh. */
  asinh(): Value {
    return Value.unary(operations.asinh, this);
  }

  /** The error function, from -1 to 1. */
  erf(): Value {
    return Value.unary(operations.erf, this);
  }

  /** 1 - erf(this), exact to rounding where that is tiny. */
  erfc(): Value {
    return Value.unary(operations.erfc, this);
  }

  /** this · this. */
  square(): Value {
    return Value.unary(operations.square, this);
  }

  /** 1 / this. */
  reciprocal(): Value {
    return Value.unary(operations.reciprocal, this);
  }

  /** The same number, cut off: no gradient flows back through it. */
  detach(): Value {
    return Value.unary(operations.detach, this);
  }

  /** this where it is above 0, otherwise slope · this; its derivative at 0 is the slope. */
  leakyRelu(slope = 0.01): Value {
    return Value.unary(leakyRelu(expectNumber(slope, "Value.leakyRelu")), this);
  }

  /** this where it is above 0, otherwise alpha · (exp(this) - 1). */
  elu(alpha = 1): Value {
    return Value.unary(elu(expectNumber(alpha, "Value.elu")), this);
  }

  /**
   * this, but at least lo and at most hi; the derivative is 1 inside and at the bounds, else 0.
   *
   * @throws RangeError if lo is above hi or one of them is NaN
   */
  clamp(lo: number, hi: number): Value {
    expectNumber(lo, "Value.clamp");
    expectNumber(hi, "Value.clamp");
    if (!(lo <= hi)) throw new RangeError(`Value.clamp: expected lo <= hi, got ${lo} and ${hi}`);
    return Value.unary(clamp(lo, hi), this);
  }

  /** `Value(data=4, grad=–)`, the label before it if there is one; a dash is "not yet computed". */
  toString(): string {
    const label = this.label === "" ? "" : `${this.label.replace(/\p{C}/gu, "\u{fffd}")}: `;
    const record = this.#block.subarray(this.#slot); // reading `data` would tell a watcher
    return `Value(${label}data=${record[DATA]}, grad=${record[PASS] === 0 ? "–" : record[GRAD]})`;
  }

  /** Just the number: `JSON.stringify([a, b])` is `[2,-3]`. */
  toJSON(): number {
    return this.#block[this.#slot + DATA];
  }

  /** What `console.log` shows in Node and Deno. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /**
   * JavaScript has no operators for objects: `a * b` would silently be NaN.
   *
   * @throws TypeError that names the method to use; text such as `${a}` is fine
   */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new TypeError(
      "Value: JavaScript's operators and Math cannot be applied to Values; use a.add(b) for a + b, " +
        "a.sub(b) for a - b, a.mul(b) for a * b, a.div(b) for a / b, a.neg() for -a, " +
        "a.pow(b) for a ** b, a.tanh() for Math.tanh(a), a.data < b.data to compare, and " +
        `\`\${a}\` or a.data in text`,
    );
  }
}

/** The constructor's checks, apart from it to keep it short enough for the compiler to inline. */
function checkArguments(data: unknown, label: unknown, ...more: unknown[]): void {
  if (typeof data !== "number") {
    throw new TypeError(`new Value: expected a number, got ${describe(data)}`);
  }
  if (typeof label !== "string") {
    throw new TypeError(`new Value: expected the label to be a string, got ${describe(label)}`);
  }
  if (more[0] !== leaf || more[1] !== null || more[2] !== null) {
    throw new TypeError("new Value: expected a number and a label, got more");
  }
}

function nextBlock(): void {
  block = new Float64Array(BLOCK);
  free = 0;
}

/**
 * The operand itself if it is a Value, otherwise a new leaf with that number.
 *
 * @param where the call to name in the message
 * @throws TypeError if it is neither
 */
export function toValue(operand: Operand, where: string): Value {
  return operand instanceof Value ? operand : fromNumber(operand, where);
}

function fromNumber(operand: number, where: string): Value {
  if (typeof operand === "number") return new Value(operand);
  throw new TypeError(`${where}: expected a Value or a number, got ${describe(operand)}`);
}

/**
 * Every Value that `output` depends on and itself, inputs before their consumers: first the
 * leaves as they are met, then the computed ones from the oldest to the youngest.
 *
 * @param inputsOf the inputs to follow; all of them unless said otherwise
 */
export function graphOf(
  output: Value,
  inputsOf: (node: Value) => readonly Value[] = Value.inputsOf,
): Value[] {
  const seen = new Set([output]);
  for (const node of seen) for (const input of inputsOf(node)) seen.add(input); // grows as it runs
  const nodes = [...seen];
  const leaves = nodes.filter((node) => node.op === "");
  const inner = nodes.filter((node) => node.op !== "").reverse(); // almost in order: soon sorted
  return leaves.concat(inner.sort((p, q) => p.time - q.time));
}

/** The label of a node in quotes, or what there is to say about one without. */
function nameOf(node: Value): string {
  return node.label === "" ? `the unlabelled Value ${node.data}` : quote(node.label);
}

/** The error for a pass that a rule began and that would spoil the one it was called from. */
const passUnderWay = (): Error =>
  new Error("Value.backward: expected a graph of its own, but in this one a pass is under way");

/** The error for a leaf whose data was written after a node had been computed from it. */
export function changedLeaf(where: string, node: Value): Error {
  return new Error(
    `${where}: expected the numbers of the forward pass, but the data of ${nameOf(node)} was ` +
      "written since; compute the graph again",
  );
}

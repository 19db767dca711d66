/**
 * Computations without branches as graphs of WebAssembly instructions, and how they become code.
 * Read wasm.ts first.
 *
 * Every instruction is a node, its operands are its inputs. Equal nodes are the same object, so
 * what two formulas have in common is computed once.
 */

import type { ValueType, WasmFunction } from "./wasm.ts";

/** An instruction that leaves one result. Do not make one yourself: {@link Flows} does. */
export interface Flow {
  readonly instruction: string;
  readonly inputs: readonly Flow[];
  readonly type: ValueType;
  /** A constant, the index of a local variable or of a lane, the name of a called function. */
  readonly immediate?: number | string;
  /** Counts nodes of a graph: inputs have smaller numbers. */
  readonly id: number;
}

/** The nodes of one graph. */
export class Flows {
  readonly #known = new Map<string, Flow>();
  readonly #fused: boolean;

  /** @param fused may a·b + c be rounded once instead of twice? */
  constructor(fused = false) {
    this.#fused = fused;
  }

  make(
    instruction: string,
    inputs: readonly Flow[],
    type: ValueType,
    immediate?: number | string,
  ): Flow {
    const text = Object.is(immediate, -0) ? "-0" : immediate;
    const key = `${instruction} ${text} ${inputs.map(({ id }) => id).join(" ")}`;
    let found = this.#known.get(key);
    if (found === undefined) {
      found = { instruction, inputs, type, immediate, id: this.#known.size };
      this.#known.set(key, found);
    }
    return found;
  }

  /**
   * An arithmetic instruction for one number or two: "add", "mul", "neg", …; simplified, and
   * brought into one form so that equal things are found, only where no bit of the result changes.
   */
  arithmetic(name: string, inputs: readonly Flow[], type: "f64" | "v128"): Flow {
    const shape = type === "f64" ? "f64" : "f64x2";
    const [a, b] = inputs;
    const numberOf = (x: Flow) =>
      x.instruction === `${type}.const` ? Number(x.immediate) : undefined;
    const times = (c: number, x: Flow) => this.arithmetic("mul", [this.number(c, type), x], type);
    if (name === "neg" || name === "abs") {
      const change = name === "neg" ? (c: number) => -c : Math.abs;
      const number = numberOf(a);
      if (number !== undefined) return this.number(change(number), type);
      if (a.instruction === `${shape}.mul`) {
        const [p, q] = a.inputs;
        const [factor, x] = numberOf(p) === undefined ? [q, p] : [p, q];
        const c = numberOf(factor);
        // -(c x) = (-c) x and |c x| = |c| |x|: rounding does not depend on signs.
        if (c !== undefined) {
          return times(change(c), name === "neg" ? x : this.arithmetic("abs", [x], type));
        }
      }
    }
    if (name === "mul") {
      for (const [p, q] of [inputs, [b, a]]) {
        const c = numberOf(p);
        if (c !== undefined && q.instruction === `${shape}.neg`) return times(-c, q.inputs[0]);
      }
    }
    if (this.#fused && type === "v128") {
      const isProduct = (x: Flow) => x.instruction === "f64x2.mul";
      const [product, other] = name === "add" && isProduct(a) ? [a, b] : [b, a];
      if ((name === "add" || name === "sub") && isProduct(product)) {
        const instruction = name === "add" ? "relaxed_madd" : "relaxed_nmadd"; // c + a·b, c - a·b
        return this.make(`f64x2.${instruction}`, [...product.inputs, other], type);
      }
    }
    const ordered = (name === "add" || name === "mul") && a.id > b.id ? [b, a] : inputs;
    return this.make(`${shape}.${name}`, ordered, type);
  }

  /** `then` where all bits of the test are set, `otherwise` where none is. */
  select(test: Flow, then: Flow, otherwise: Flow): Flow {
    if (then === otherwise) return then;
    if (test.type === "i32") return this.make("select", [then, otherwise, test], then.type);
    if (test.instruction === "v128.not") return this.select(test.inputs[0], otherwise, then);
    if (isZero(then)) return this.make("v128.andnot", [otherwise, test], "v128");
    if (isZero(otherwise)) return this.make("v128.and", [then, test], "v128");
    if (then.instruction === "f64x2.neg" && then.inputs[0] === otherwise) {
      const sign = this.make("v128.and", [test, this.number(-0, "v128")], "v128");
      return this.make("v128.xor", [otherwise, sign], "v128");
    }
    return this.make("v128.bitselect", [then, otherwise, test], "v128");
  }

  /** A local variable. It must not change while the graph is computed. */
  local(index: number, type: ValueType): Flow {
    return this.make("local.get", [], type, index);
  }

  /** A number; of type v128, in both lanes. */
  number(x: number, type: "f64" | "v128"): Flow {
    return this.make(`${type}.const`, [], type, x);
  }

  /** A whole number, such as the bits by which to shift. */
  integer(x: number): Flow {
    return this.make("i32.const", [], "i32", x);
  }
}

const isZero = ({ instruction, immediate }: Flow): boolean =>
  instruction === "v128.const" && Object.is(immediate, 0);

/**
 * Operands are written where they are used, as the stack of WebAssembly likes it. So that very long
 * sums do not nest too deep, at this depth a result goes through a local variable.
 */
const DEEPEST = 256;

/** Writes nodes of one graph into a function, each once. */
export class FlowEmitter {
  readonly #f: WasmFunction;
  readonly #number: (x: number) => void;
  readonly #load: ((local: number) => void) | undefined;
  readonly #loaded = new Set<number>();
  /** How often a node has still to be read. */
  readonly #readings = new Map<Flow, number>();
  /** The local variables that hold nodes, and those that are free again, by type. */
  readonly #locals = new Map<Flow, number>();
  readonly #free: Record<ValueType, number[]> = { i32: [], i64: [], f64: [], v128: [] };

  /**
   * The roots are what will be asked for, each once; `number` writes how to load a constant of type
   * v128, and `load`, if given, what has to happen before a local variable is first read.
   */
  constructor(
    f: WasmFunction,
    roots: readonly Flow[],
    number: (x: number) => void,
    load?: (local: number) => void,
  ) {
    this.#f = f;
    this.#number = number;
    this.#load = load;
    const seen = new Set(roots);
    const read = (node: Flow) => this.#readings.set(node, (this.#readings.get(node) ?? 0) + 1);
    roots.forEach(read);
    for (const { inputs } of seen) {
      for (const input of inputs) {
        read(input);
        seen.add(input); // the set grows while it is gone through
      }
    }
    const depths = new Map<Flow, number>();
    for (const node of [...seen].sort((p, q) => p.id - q.id)) {
      let depth = 1 + Math.max(0, ...node.inputs.map((input) => depths.get(input) ?? 0));
      if (depth > DEEPEST) {
        this.#compute(node);
        f.set(this.#place(node));
        depth = 0;
      }
      depths.set(node, depth);
    }
  }

  /** Leaves the result of a node. */
  push(node: Flow): void {
    const f = this.#f;
    if (node.inputs.length === 0 && node.instruction !== "call") {
      this.#compute(node);
      return;
    }
    const readings = this.#readings.get(node)! - 1; // roots and what they are made of are counted
    this.#readings.set(node, readings);
    const local = this.#locals.get(node);
    if (local !== undefined) {
      f.get(local);
      if (readings === 0) this.#free[node.type].push(local);
    } else {
      this.#compute(node);
      if (readings > 0) f.tee(this.#place(node));
    }
  }

  /** A local variable that holds the result of a node, and keeps it. */
  keep(node: Flow): number {
    if (node.instruction === "local.get") {
      this.#expectLoaded(node.immediate as number);
      return node.immediate as number;
    }
    const local = this.#locals.get(node);
    if (local !== undefined) return local; // never read to the end, so never free
    this.#compute(node);
    const place = this.#place(node);
    this.#f.set(place);
    return place;
  }

  #compute({ instruction, inputs, immediate }: Flow): void {
    const f = this.#f;
    for (const input of inputs) this.push(input);
    if (instruction === "local.get") this.#expectLoaded(immediate as number);
    if (instruction === "v128.const") this.#number(immediate as number);
    else if (immediate === undefined) f.emit(instruction);
    else f.emit(instruction, immediate);
  }

  #expectLoaded(local: number): void {
    if (this.#load === undefined || this.#loaded.has(local)) return;
    this.#loaded.add(local);
    this.#load(local);
  }

  /** A local variable for the result of a node. */
  #place(node: Flow): number {
    const local = this.#free[node.type].pop() ?? this.#f.local(node.type);
    this.#locals.set(node, local);
    return local;
  }
}

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

/**
 * Operands are written where they are used, as the stack of WebAssembly likes it. So that very long
 * sums do not nest too deep, at this depth a result goes through a local variable.
 */
const DEEPEST = 256;

/** Writes nodes of one graph into a function, each once. */
export class FlowEmitter {
  readonly #f: WasmFunction;
  readonly #number: (x: number) => boolean;
  /** How often a node has still to be read. */
  readonly #readings = new Map<Flow, number>();
  /** The local variables that hold nodes, and those that are free again, by type. */
  readonly #locals = new Map<Flow, number>();
  readonly #free: Record<ValueType, number[]> = { i32: [], i64: [], f64: [], v128: [] };

  /**
   * The roots are what will be asked for, each once. `number` may load a constant of type v128 in
   * its own way; if it does, it returns true.
   */
  constructor(f: WasmFunction, roots: readonly Flow[], number: (x: number) => boolean) {
    this.#f = f;
    this.#number = number;
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
    if (node.instruction === "local.get") return node.immediate as number;
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
    if (instruction === "v128.const" && this.#number(immediate as number)) return;
    if (immediate === undefined) f.emit(instruction);
    else f.emit(instruction, immediate);
  }

  /** A local variable for the result of a node. */
  #place(node: Flow): number {
    const local = this.#free[node.type].pop() ?? this.#f.local(node.type);
    this.#locals.set(node, local);
    return local;
  }
}

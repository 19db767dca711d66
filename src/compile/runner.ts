/**
 * A module at work on its memory, into which examples and parameters are put and from which results
 * are taken. Read module.ts first.
 *
 *     | parameters | frozen | gradients | workspace | results | order | inputs | targets | more |
 *       ^ PARAMETERS          ^ Compiled.end
 */

import type { Value } from "../value.ts";
import { PARAMETERS, SPARE } from "./emit.ts";
import {
  growMemory,
  instantiate,
  newMemory,
  type WasmExports,
  type WasmMemory,
} from "./machine.ts";
import type { Compiled } from "./module.ts";
import type { Batch } from "./rows.ts";
import { encode } from "./wasm.ts";

/** Where the parts of the memory are, in bytes, beyond the parameters. */
export interface Memory {
  readonly gradients: number;
  readonly workspace: number;
  readonly results: number;
  readonly order: number;
  readonly inputs: number;
  readonly targets: number;
  /** The first byte that is free. */
  readonly end: number;
}

/** A module with its memory. */
export class Runner {
  readonly compiled: Compiled;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly memory: WasmMemory;
  readonly exports: WasmExports;
  readonly #parameters: readonly Value[];
  #at: Memory = { gradients: 0, workspace: 0, results: 0, order: 0, inputs: 0, targets: 0, end: 0 };
  #count = 0;
  #loads = 0;
  #kept = false;

  constructor(compiled: Compiled, parameters: readonly Value[]) {
    this.compiled = compiled;
    this.#parameters = parameters;
    this.bytes = encode(compiled.module);
    this.memory = newMemory(compiled.end, compiled.module.shared);
    this.exports = instantiate(this.bytes, this.memory);
  }

  get at(): Memory {
    return this.#at;
  }

  get count(): number {
    return this.#count;
  }

  /** How often examples were put into the memory: whoever did it last has a right to it. */
  get loads(): number {
    return this.#loads;
  }

  /** A view of the memory, to be asked for anew after the memory may have grown. */
  numbers(at: number, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, count);
  }

  /** Calls a function of the user's, which may not use this meanwhile: training goes on after it. */
  keepDuring<T>(call: () => T): T {
    const outside = this.#kept;
    this.#kept = true;
    try {
      return call();
    } finally {
      this.#kept = outside;
    }
  }

  /**
   * Puts examples, parameters and frozen leaves into the memory.
   *
   * @param more bytes to be free after everything else
   */
  load({ inputs, targets, count }: Batch, more = 0): void {
    if (this.#kept) {
      throw new Error(
        "Program: expected no use of it by a schedule, generator or optimizer while it is trained; " +
          "use onProgress, or a second program",
      );
    }
    const { compiled } = this;
    let end = compiled.end;
    const take = (bytes: number): number => {
      const at = end;
      end += 16 * Math.ceil(bytes / 16);
      return at;
    };
    this.#at = {
      gradients: take(8 * this.#parameters.length),
      workspace: take(compiled.workspaceBytes),
      results: take(8 * (count + 2) * Math.max(1, compiled.outputs)),
      order: take(4 * (count + SPARE)),
      inputs: take(8 * inputs.length),
      targets: take(8 * targets.length),
      end,
    };
    growMemory(this.memory, end + more);
    this.#at = { ...this.#at, end };
    this.#count = count;
    this.#loads += 1;
    this.numbers(this.#at.inputs, inputs.length).set(inputs);
    this.numbers(this.#at.targets, targets.length).set(targets);
    const order = new Int32Array(this.memory.buffer, this.#at.order, count + SPARE);
    for (let i = 0; i < count; i++) order[i] = i;
    order.fill(0, count);
    this.loadParameters();
  }

  /** Copies the numbers of parameters and frozen leaves to the memory. */
  loadParameters(): void {
    const { parameterAt, frozen, frozenAt } = this.compiled;
    const memory = this.numbers(0, this.compiled.end / 8);
    this.#parameters.forEach((parameter, i) => {
      memory[parameterAt[i] / 8] = parameter.data;
    });
    frozen.forEach((leaf, i) => {
      memory[frozenAt[i] / 8] = leaf.data;
    });
  }

  /** What the functions of the module are called with; see emit.ts. */
  callOf(seed: number, start = 0, count = this.#count): number[] {
    const { inputs, targets, order, gradients, workspace, results } = this.#at;
    return [inputs, targets, order + 4 * start, count, seed, gradients, workspace, results];
  }

  /**
   * Computes the gradients; returns the mean loss, with the regularizer.
   *
   * @param start the place in the order of the first example
   * @param count how many examples there are from there
   */
  gradient(start = 0, count = this.#count): number {
    this.exports.gradient(...this.callOf(1 / count, start, count));
    return this.meanLoss(count);
  }

  loss(): number {
    this.exports.loss(...this.callOf(0));
    return this.meanLoss();
  }

  /**
   * The mean of the losses that are there, plus the regularizer, whose gradients are added.
   *
   * @param count how many losses
   */
  meanLoss(count = this.#count): number {
    const loss = this.#mean(count);
    const penalty = this.exports.regularizer?.(this.#at.gradients);
    return penalty === undefined ? loss : loss + penalty; // to add 0 would make 0 of -0
  }

  losses(): Float64Array {
    this.exports.loss(...this.callOf(0));
    return this.numbers(this.#at.results, this.#count).slice();
  }

  predict(outputs: number): Float64Array {
    this.exports.predict(...this.callOf(0));
    return this.numbers(this.#at.results, this.#count * outputs).slice();
  }

  /** The losses, added up from the first to the last as the engine does, divided by their number. */
  #mean(count: number): number {
    const losses = this.numbers(this.#at.results, count);
    let sum = losses[0];
    for (let i = 1; i < losses.length; i++) sum += losses[i];
    return sum / losses.length;
  }

  /** The gradients, in the order in which the parameters were given. */
  gradients(): Float64Array {
    const all = this.numbers(this.#at.gradients, this.#parameters.length);
    const own = new Float64Array(all.length);
    this.compiled.parameterAt.forEach((at, i) => {
      own[i] = all[(at - PARAMETERS) / 8];
    });
    return own;
  }
}

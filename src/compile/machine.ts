/**
 * The WebAssembly of the machine that the program runs on, as far as it has one. Nothing needs to
 * be read before.
 *
 * TypeScript knows WebAssembly as a part of the page. It is in Node and Deno too, so what is used
 * of it is declared here.
 */

import { encode, type Module, WasmFunction } from "./wasm.ts";

/** A block of memory that modules and JavaScript see alike; it grows in pages of 64 kB. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  grow(pages: number): number;
}

/** What a module exports. */
export type WasmExports = Readonly<Record<string, (...numbers: number[]) => number>>;

interface WebAssemblyObject {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: WasmExports };
  readonly Memory: new (size: {
    initial: number;
    maximum?: number;
    shared?: boolean;
  }) => WasmMemory;
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}

/** Bytes of a page. */
export const PAGE = 65536;

const webAssembly = (): WebAssemblyObject | undefined =>
  (globalThis as unknown as { WebAssembly?: WebAssemblyObject }).WebAssembly; // see above

/** Why nothing can be compiled here, in words; undefined if it can. */
export function whatIsMissing(): string | undefined {
  if (typeof webAssembly()?.Module !== "function") return "there is no WebAssembly here";
  if (!accepts("f64x2.add")) return "the WebAssembly here has no SIMD";
  return undefined;
}

/** Is there a fused multiply-add, such that a·b + c is rounded once? */
export const hasFused = (): boolean => accepts("f64x2.relaxed_madd");

const accepted = new Map<string, boolean>();

/** Does the machine know this operation on vectors? */
function accepts(name: string): boolean {
  let known = accepted.get(name);
  if (known === undefined) {
    const f = new WasmFunction("f", [], []);
    const operands = name === "f64x2.relaxed_madd" ? 3 : 2;
    for (let i = 0; i < operands; i++) f.f64(0).emit("f64x2.splat");
    f.emit(name).emit("drop");
    known = webAssembly()?.validate(encode({ functions: [f], exports: [] })) ?? false;
    accepted.set(name, known);
  }
  return known;
}

/** A new memory of at least so many bytes; if workers share it, it grows up to so many pages. */
export function newMemory(bytes: number, shared?: { readonly pages: number }): WasmMemory {
  const initial = Math.ceil(bytes / PAGE);
  const { Memory } = webAssembly()!; // asked for before
  return new Memory(shared ? { initial, maximum: shared.pages, shared: true } : { initial });
}

/** Makes a memory so large, unless it is. */
export function growMemory(memory: WasmMemory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}

/**
 * A running module.
 *
 * @throws what the machine throws: a page may forbid WebAssembly
 */
export function instantiate(
  bytes: Uint8Array<ArrayBuffer>,
  memory: WasmMemory,
  imports: WasmExports = {},
): WasmExports {
  const { Module, Instance } = webAssembly()!; // asked for before
  return new Instance(new Module(bytes), { env: { memory, ...imports } }).exports;
}

/** The same, from a description. */
export const run = (module: Module, memory: WasmMemory, imports?: WasmExports): WasmExports =>
  instantiate(encode(module), memory, imports);

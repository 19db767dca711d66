/**
 * A batch in parts, one for each worker: a module that computes them with a program's `gradient`
 * and adds them up in the order of the workers. Read emit.ts and runner.ts first.
 *
 * All of it lies in the program's memory, which each worker shares or has a copy of:
 *
 *     | parameters | frozen | control | gradients | part 0 | part 1 | … | results | …
 *                             ^ where the workers meet       ^ gradients and working memory of one
 *
 * Where memory is shared, workers meet in `gradient` and `serve` without leaving WebAssembly: the
 * first one counts a number up when there is something to do, the others count another one up when
 * they have done it, and who waits for a number looks at it for a moment before falling asleep.
 */

import { repeat } from "./kernels.ts";
import type { Compiled } from "./module.ts";
import { type Local, type Module, WasmFunction } from "./wasm.ts";

/** Memory that is shared may grow to 4 GB: pages are only taken when they are used. */
const LARGEST_MEMORY = 65536;

/** Looks at a number before falling asleep: some 20 microseconds. */
const LOOKS = 20_000;

/**
 * Offsets in the control block. Numbers that are waited for are 64 bytes apart, so that no two are
 * in one line of a processor's cache; 4 bytes after each is how many sleep until it changes.
 */
export const TURN = 0;
const DONE = 64;
export const STOP = 128;
const CALL = 192;
const CONTROL_BYTES = 256;

/** The parameters of a program's `gradient`; the seed is the gradient of each loss. */
const call: readonly Local[] = [
  { type: "i32", name: "inputs" },
  { type: "i32", name: "targets" },
  { type: "i32", name: "order" },
  { type: "i32", name: "count" },
  { type: "f64", name: "seed" },
  { type: "i32", name: "gradients" },
  { type: "i32", name: "workspace" },
  { type: "i32", name: "results" },
];
const [, , ORDER, COUNT, , GRADIENTS, WORKSPACE, LOSSES] = call.keys();

/** A program whose memory has room for parts, and the module that computes them. */
export interface Parts {
  readonly compiled: Compiled;
  readonly module: Module;
  /** Where the control block is, in bytes. */
  readonly control: number;
  /** From the working memory of a part to that of the next, in bytes. */
  readonly stride: number;
}

/**
 * Prepares a program for so many workers.
 *
 * The module imports the program's `gradient` and exports
 *
 * - `start(count, worker)`: the first example, of `count`, that is the worker's
 * - `part(…, worker)`: computes the worker's part; its gradients go to the start of its working
 *   memory, those of the first worker to `gradients` itself
 * - `add(gradients, workspace)`: adds the parts
 *
 * and, if memory is shared, for the first worker `shared(…)`, which is like the program's `gradient`, and
 * for the others `serve(turn, worker)`, which returns when STOP is set.
 */
export function partsOf(compiled: Compiled, workers: number, shared: boolean): Parts {
  const control = 64 * Math.ceil(compiled.end / 64);
  const count = compiled.parameterAt.length;
  const gradientBytes = 64 * Math.ceil((8 * count) / 64);
  // The processor's caches do not like the same place in every part: 64 bytes more.
  const stride = gradientBytes + 64 * Math.ceil(compiled.workspaceBytes / 64) + 64;
  const pages = { pages: LARGEST_MEMORY };
  const functions = [
    startFunction(workers),
    partFunction(count, gradientBytes, stride),
    addFunction(count, workers, stride),
  ];
  if (shared) {
    functions.push(waitFunction(), gradientFunction(control, workers), serveFunction(control));
  }
  return {
    compiled: {
      ...compiled,
      module: shared ? { ...compiled.module, shared: pages } : compiled.module,
      end: control + CONTROL_BYTES,
      workspaceBytes: workers * stride,
    },
    module: {
      functions,
      imports: [{ name: "gradient", parameters: call.map(({ type }) => type), results: [] }],
      exports: ["start", "part", "add"].concat(shared ? ["shared", "serve"] : []),
      ...(shared && { shared: pages }),
    },
    control,
    stride,
  };
}

const i32 = (name: string): Local => ({ type: "i32", name });

/** Equal parts of an even number of examples, since two are computed at a time; the last is short. */
function startFunction(workers: number): WasmFunction {
  const f = new WasmFunction("start", [i32("count"), i32("worker")], ["i32"]);
  const [count, worker] = f.parameters.keys();
  const start = f.local("i32", "start");
  f.get(count)
    .i32(2 * workers - 1)
    .emit("i32.add")
    .i32(2 * workers)
    .emit("i32.div_u");
  f.i32(2).emit("i32.mul").get(worker).emit("i32.mul").tee(start);
  f.get(count).get(start).get(count).emit("i32.lt_u").emit("select");
  return f;
}

function partFunction(count: number, gradientBytes: number, stride: number): WasmFunction {
  const f = new WasmFunction("part", [...call, i32("worker")]);
  const worker = call.length;
  const start = f.local("i32", "start");
  const size = f.local("i32", "size");
  const base = f.local("i32", "base");
  const own = f.local("i32", "own");
  f.get(COUNT).get(worker).emit("call", "start").set(start);
  f.get(COUNT).get(worker).i32(1).emit("i32.add").emit("call", "start");
  f.get(start).emit("i32.sub").set(size);
  f.get(WORKSPACE).get(worker).i32(stride).emit("i32.mul").emit("i32.add").tee(base);
  f.get(GRADIENTS).get(worker).emit("select").set(own);
  f.get(size).emit("if");
  for (const parameter of call.keys()) {
    if (parameter === ORDER) f.get(ORDER).get(start).i32(4).emit("i32.mul").emit("i32.add");
    else if (parameter === COUNT) f.get(size);
    else if (parameter === GRADIENTS) f.get(own);
    else if (parameter === WORKSPACE) f.get(base).i32(gradientBytes).emit("i32.add");
    else if (parameter === LOSSES) {
      f.get(LOSSES).get(start).i32(8).emit("i32.mul").emit("i32.add");
    } else f.get(parameter);
  }
  f.emit("call", "gradient");
  f.comment("fewer examples than workers: nothing");
  f.emit("else")
    .get(own)
    .i32(0)
    .i32(8 * count)
    .emit("memory.fill")
    .emit("end");
  return f;
}

/** gradients[i] += part 1's, part 2's, …, two numbers at a time: there is room for one more. */
function addFunction(count: number, workers: number, stride: number): WasmFunction {
  const f = new WasmFunction("add", [i32("gradients"), i32("workspace")]);
  const [gradients, workspace] = f.parameters.keys();
  const end = f.local("i32", "end");
  if (workers === 1) return f;
  f.get(gradients)
    .i32(8 * count)
    .emit("i32.add")
    .set(end);
  repeat(f, () => {
    f.get(gradients).get(gradients).emit("v128.load");
    for (let worker = 1; worker < workers; worker++) {
      f.get(workspace)
        .emit("v128.load", worker * stride)
        .emit("f64x2.add");
    }
    f.emit("v128.store");
    f.get(workspace).i32(16).emit("i32.add").set(workspace);
    f.get(gradients).i32(16).emit("i32.add").tee(gradients).get(end).emit("i32.lt_u");
  });
  return f;
}

/** Waits until the number at `at` is not `old` any more. */
function waitFunction(): WasmFunction {
  const f = new WasmFunction("wait", [i32("at"), i32("old")]);
  const [at, old] = f.parameters.keys();
  const looks = f.local("i32", "looks");
  repeat(f, () => {
    f.i32(LOOKS).set(looks);
    repeat(f, () => {
      f.get(at).emit("i32.atomic.load").get(old).emit("i32.ne").emit("if").emit("return");
      f.emit("end");
      f.get(looks).i32(1).emit("i32.sub").tee(looks);
    });
    f.comment("falls asleep, unless the number has changed meanwhile");
    f.get(at).i32(1).emit("i32.atomic.rmw.add", 4).emit("drop");
    f.get(at).get(old).emit("i64.const", -1).emit("memory.atomic.wait32").emit("drop");
    f.get(at).i32(-1).emit("i32.atomic.rmw.add", 4).emit("drop");
    f.i32(1);
  });
  return f;
}

/** Counts a number up and wakes those who sleep until it changes. */
function countUp(f: WasmFunction, at: number): void {
  f.i32(at).i32(1).emit("i32.atomic.rmw.add").emit("drop");
  f.i32(at).emit("i32.atomic.load", 4).emit("if");
  f.i32(at).i32(-1).emit("memory.atomic.notify").emit("drop");
  f.emit("end");
}

function gradientFunction(control: number, workers: number): WasmFunction {
  const f = new WasmFunction("shared", call);
  const done = f.local("i32", "done");
  // 1. Say what is to be done.
  for (const [i, { type }] of call.entries()) {
    f.i32(control)
      .get(i)
      .emit(`${type}.store`, CALL + 8 * i);
  }
  f.i32(control).i32(0).emit("i32.atomic.store", DONE);
  countUp(f, control + TURN);
  // 2. Do a part of it.
  for (const i of call.keys()) f.get(i);
  f.i32(0).emit("call", "part");
  // 3. Wait for the others.
  f.emit("block");
  repeat(f, () => {
    f.i32(control)
      .emit("i32.atomic.load", DONE)
      .tee(done)
      .i32(workers - 1)
      .emit("i32.eq");
    f.emit("br_if", 1);
    f.i32(control + DONE)
      .get(done)
      .emit("call", "wait")
      .i32(1);
  });
  f.emit("end");
  // 4. Add up.
  f.get(GRADIENTS).get(WORKSPACE).emit("call", "add");
  return f;
}

function serveFunction(control: number): WasmFunction {
  const f = new WasmFunction("serve", [i32("turn"), i32("worker")]);
  const [turn, worker] = f.parameters.keys();
  repeat(f, () => {
    f.i32(control + TURN)
      .get(turn)
      .emit("call", "wait");
    f.get(turn).i32(1).emit("i32.add").set(turn);
    f.i32(control).emit("i32.atomic.load", STOP).emit("if").emit("return").emit("end");
    for (const [i, { type }] of call.entries()) {
      f.i32(control).emit(`${type}.load`, CALL + 8 * i);
    }
    f.get(worker).emit("call", "part");
    countUp(f, control + DONE);
    f.i32(1);
  });
  return f;
}

/**
 * What runs in a worker: it is given modules and a memory, and calls what it is told to. Read
 * parts.ts and workers.ts first.
 *
 * It imports nothing, so that any bundler can serve it as a file of its own, and it is the same in
 * a page and in Node.
 */

/** What a worker is asked; it answers each with an {@link Answer}, in this order. */
export type Request =
  | {
      readonly do: "open";
      readonly worker: number;
      readonly program: Uint8Array<ArrayBuffer>;
      readonly parts: Uint8Array<ArrayBuffer>;
      /** The memory, if it is shared. */
      readonly memory: object | undefined;
    }
  /** Makes its own memory a copy of this. */
  | { readonly do: "load"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Computes its part in its own memory: the numbers are those of `gradient`. */
  | {
      readonly do: "part";
      readonly numbers: readonly number[];
      /** Where the parameters are, and then its own gradients. */
      readonly parametersAt: number;
      readonly gradientsAt: number;
      readonly count: number;
      /** Brings the parameters, and takes back the gradients and the losses. */
      readonly exchange: ArrayBuffer;
      /** The examples of the batch, if they have changed. */
      readonly order: Int32Array | undefined;
    }
  /** Computes parts in shared memory until it is told to stop. */
  | { readonly do: "serve"; readonly turn: number }
  /** Computes a gradient in shared memory, with the others. */
  | { readonly do: "gradient"; readonly numbers: readonly number[] }
  /** Runs a training loop in shared memory, with the others. */
  | {
      readonly do: "run";
      readonly id: number;
      /** The module of the loop, when it is new. */
      readonly trainer: Uint8Array<ArrayBuffer> | undefined;
      readonly numbers: readonly number[];
    };

/** What came of it, or why nothing did. */
export type Answer = { readonly result: number | ArrayBuffer } | { readonly error: string };

type Exports = Readonly<Record<string, (...numbers: number[]) => number>>;
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The parts of a worker's surroundings that are used: TypeScript knows only those of a page. */
interface Surroundings {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
    readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
    readonly Memory: new (size: { initial: number }) => Memory;
  };
  readonly postMessage?: (answer: Answer, transfer: ArrayBuffer[]) => void;
  readonly addEventListener?: (
    type: "message",
    listener: (event: { data: Request }) => void,
  ) => void;
}
const here = globalThis as unknown as Surroundings;

/** The port of Node's workers. */
interface Port {
  on(type: "message", listener: (request: Request) => void): void;
  postMessage(answer: Answer, transfer: ArrayBuffer[]): void;
}

const instantiate = (bytes: Uint8Array<ArrayBuffer>, imports: object): Exports =>
  new here.WebAssembly.Instance(new here.WebAssembly.Module(bytes), { env: imports }).exports;

let own = 0;
let memory: Memory;
let program: Exports;
let parts: Exports;
const trainers = new Map<number, Exports>();

function answer(request: Request): number | ArrayBuffer {
  switch (request.do) {
    case "open": {
      own = request.worker;
      // What is sent is a WebAssembly.Memory.
      memory =
        (request.memory as Memory | undefined) ?? new here.WebAssembly.Memory({ initial: 1 });
      program = instantiate(request.program, { memory });
      parts = instantiate(request.parts, { memory, gradient: program.gradient });
      return 0;
    }
    case "load": {
      const missing = request.bytes.length - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / 65536));
      new Uint8Array(memory.buffer).set(request.bytes);
      return 0;
    }
    case "part": {
      const { numbers, parametersAt, gradientsAt, count, exchange, order } = request;
      const [, , orderAt, size, , , , lossesAt] = numbers;
      const exchanged = new Float64Array(exchange);
      new Float64Array(memory.buffer, parametersAt, count).set(exchanged.subarray(0, count));
      if (order !== undefined) new Int32Array(memory.buffer, orderAt, size).set(order);
      parts.part(...numbers, own);
      const start = parts.start(size, own);
      const losses = parts.start(size, own + 1) - start;
      exchanged.set(new Float64Array(memory.buffer, gradientsAt, count));
      exchanged.set(new Float64Array(memory.buffer, lossesAt + 8 * start, losses), count);
      return exchange;
    }
    case "serve":
      parts.serve(request.turn, own);
      return 0;
    case "gradient":
      parts.shared(...request.numbers);
      return 0;
    case "run": {
      const { id, trainer, numbers } = request;
      if (trainer !== undefined) {
        trainers.set(id, instantiate(trainer, { ...program, memory, gradient: parts.shared }));
      }
      return trainers.get(id)!.run(...numbers); // the first time, it comes with the request
    }
  }
}

function listen(post: (answer: Answer, transfer: ArrayBuffer[]) => void): (r: Request) => void {
  return (request) => {
    try {
      const result = answer(request);
      post({ result }, typeof result === "number" ? [] : [result]);
    } catch (error) {
      post({ error: error instanceof Error ? error.message : String(error) }, []);
    }
  };
}

if (here.postMessage !== undefined) {
  const { postMessage } = here;
  const take = listen((...answered) => postMessage(...answered));
  here.addEventListener?.("message", ({ data }) => take(data));
} else {
  const name = "node:worker_threads"; // out of the sight of bundlers for pages
  const { parentPort } = (await import(/* @vite-ignore */ name)) as { parentPort: Port };
  const take = listen((...answered) => parentPort.postMessage(...answered));
  parentPort.on("message", take);
}

/**
 * A team of workers that trains a compiled program: each takes a part of every batch. Read parts.ts,
 * worker.ts and training.ts first.
 *
 * There are three ways, which give the same bits for the same number of workers:
 *
 * - `shared`: the workers share one memory, and the whole training loop runs in the first one
 * - `transferred`: the workers have memories of their own; for each step the parameters are sent to
 *   them, and gradients come back. Pages may share memory only if they are `crossOriginIsolated`.
 * - `alone`: there are no workers; the parts are computed here, one after the other
 */

import { describe, expectCount, expectOneOf, expectOptions } from "../errors.ts";
import type { UpdateRule } from "../optim.ts";
import { PARAMETERS } from "./emit.ts";
import { instantiate, run, type WasmExports } from "./machine.ts";
import { type Parts, partsOf, STOP, TURN } from "./parts.ts";
import { batchOf, Program } from "./program.ts";
import type { Rows } from "./rows.ts";
import { Runner } from "./runner.ts";
import { argumentsOf, EPOCHS, POSITION, STEPS, status, trainerModule } from "./trainer.ts";
import {
  type Call,
  type ProgramTraining,
  type ProgramTrainOptions,
  type Trainable,
  trainingSteps,
} from "./training.ts";
import { encode, type Module } from "./wasm.ts";
import type { Answer, Request } from "./worker.ts";

/** Every machine has it; TypeScript knows it as a part of pages or of Node. */
const timers = globalThis as unknown as { setTimeout(call: () => void): void };

/** How the parts of a batch come together. */
export type Way = "shared" | "transferred" | "alone";

/** From the best to the one that always works. */
const ways: readonly Way[] = ["shared", "transferred", "alone"];

/** More workers than this are taken for a mistake. */
const MOST_WORKERS = 64;

/** How long a page may stand still, in ms, while parts are computed where it runs. */
const LONGEST_BLOCK = 10;

/** How to open a team. */
export interface TeamOptions {
  /** The way to begin with when looking for one that works here: "shared" unless said otherwise. */
  readonly way?: Way;
}

/**
 * Opens a team of workers that trains a program faster where batches are large: from about 1,000
 * examples.
 *
 * Every worker takes an equal part of each batch, and the parts are added up in the order of the
 * workers. So results depend on how many workers there are, but on nothing else; of one worker they
 * are those of the program. A program in the mode "exact" cannot have more than one, for its sums go
 * from one example to the next.
 *
 * Where there can be no workers, the parts are computed here, one after the other:
 * {@link Team.way} and {@link Team.reason} say so.
 *
 * @param workers how many, from 1 to 64: more than the machine has cores are of no use
 *
 * @example
 * const team = await openTeam(program, 2);
 * const { losses } = await team.train(inputs, targets, { optimizer, steps: 1000 });
 * team.close();
 *
 * @throws TypeError or RangeError if the arguments are not what they have to be
 */
export async function openTeam(
  program: Program,
  workers: number,
  options: TeamOptions = {},
): Promise<Team> {
  if (!(program instanceof Program)) {
    throw new TypeError(`openTeam: expected a program made by compile, got ${describe(program)}`);
  }
  expectCount(workers, 1, "openTeam, workers", MOST_WORKERS);
  expectOptions(options, ["way"], "openTeam");
  const { way: first = "shared" } = options;
  expectOneOf(first, ways, "openTeam, way");
  if (program.mode === "exact" && workers > 1) {
    throw new RangeError(
      `openTeam: expected a program in the mode "fast" or "fused" for ${workers} workers, got one ` +
        `in the mode "exact", where each sum goes from one example to the next`,
    );
  }
  if (program.runner === undefined) {
    return new Team(program, new Engine(), { size: workers, reason: program.reason });
  }
  const reasons: string[] = [];
  for (const way of ways.slice(ways.indexOf(first))) {
    try {
      const crew = await openCrew(program, workers, way);
      const reason = reasons.length === 0 ? undefined : reasons.join("; ");
      return new Team(program, crew, { size: workers, reason });
    } catch (error) {
      reasons.push(`${way}: ${messageOf(error)}`);
    }
  }
  throw new Error(`openTeam: ${reasons.join("; ")}`); // not even here
}

type RunCall = Extract<Call, { kind: "run" }>;

/** Those who compute. */
interface Crew {
  readonly way: Way;
  /** The program on the memory of the crew; undefined if it is not compiled. */
  readonly runner: Runner | undefined;
  /** Begins to compute with the examples and parameters that are in the runner's memory. */
  begin(): Promise<void>;
  /** Computes what the program's `gradient` does of these numbers, in parts. */
  gradient(numbers: readonly number[]): Promise<void>;
  /** Makes a call of a training loop. */
  run(call: RunCall): Promise<number>;
  end(): Promise<void>;
  close(): void;
}

/** Workers that train a program; made by {@link openTeam}. */
export class Team {
  /** How many workers there are; with the way "alone", how many parts. */
  readonly size: number;
  /** How the parts of a batch come together. */
  readonly way: Way;
  /** Why it is not a better way; undefined if there is no better one. */
  readonly reason: string | undefined;
  readonly #program: Program;
  readonly #crew: Crew;
  #state: "idle" | "busy" | "closed" = "idle";

  /** @internal */
  constructor(
    program: Program,
    crew: Crew,
    { size, reason }: { size: number; reason: string | undefined },
  ) {
    this.#program = program;
    this.#crew = crew;
    this.size = size;
    this.way = crew.way;
    this.reason = reason;
  }

  /**
   * Trains as `Program.train` does. Parameters and optimizer are not to be touched until it has
   * ended.
   *
   * An optimizer that is not this library's makes its steps here, with gradients from the workers.
   *
   * @throws what `Program.train` throws; Error if a worker fails, or the team is at work or closed
   */
  train(inputs: Rows, targets: Rows, options: ProgramTrainOptions): Promise<ProgramTraining> {
    const where = "Team.train";
    return this.#work(where, async () => {
      const rows = batchOf(this.#program, inputs, targets, where);
      const { runner } = this.#crew;
      if (runner === undefined) return this.#program.train(inputs, targets, options);
      const { interpreter, parameters } = this.#program;
      const trainable: Trainable = { runner, interpreter, parameters };
      const steps = trainingSteps(trainable, rows, options);
      let next = steps.next();
      if (!next.done) await this.#crew.begin();
      while (!next.done) {
        const call = next.value;
        const answer =
          call.kind === "run"
            ? await this.#crew.run(call)
            : await this.#gradientOf(runner, call.start, call.count);
        next = steps.next(answer);
      }
      return next.value;
    });
  }

  /**
   * The mean loss of these examples, plus the regularizer; each parameter gets its gradient, as by
   * `Program.gradient`.
   *
   * @throws what `Program.gradient` throws; Error as {@link train} does
   */
  gradient(inputs: Rows, targets: Rows = []): Promise<number> {
    const where = "Team.gradient";
    return this.#work(where, async () => {
      const batch = batchOf(this.#program, inputs, targets, where);
      const { runner } = this.#crew;
      if (runner === undefined) return this.#program.gradient(inputs, targets);
      runner.load(batch);
      await this.#crew.begin();
      const loss = await this.#gradientOf(runner, 0, batch.count);
      return this.#program.takeGradients(batch, runner, loss);
    });
  }

  /** Leaves gradients in the runner's memory; returns the mean loss, with the regularizer. */
  async #gradientOf(runner: Runner, start: number, count: number): Promise<number> {
    await this.#crew.gradient(runner.callOf(1 / count, start, count));
    return runner.meanLoss(count);
  }

  /** Ends the workers. A team that is closed cannot be used any more. */
  close(): void {
    this.#state = "closed";
    this.#crew.close();
  }

  async #work<T>(where: string, work: () => Promise<T>): Promise<T> {
    if (this.#state !== "idle") {
      const got = this.#state === "closed" ? "one that is closed" : "one that is at work";
      throw new Error(`${where}: expected a team that is ready, got ${got}`);
    }
    this.#state = "busy";
    try {
      try {
        return await work();
      } finally {
        await this.#crew.end();
      }
    } catch (error) {
      if (!(error instanceof WorkerError)) throw error;
      this.close(); // the others may be waiting for it
      throw new Error(`${where}: ${error.message}`);
    } finally {
      if (this.#state === "busy") this.#state = "idle";
    }
  }
}

// ---- Crews -----------------------------------------------------------------------------------

/** @throws Error if there is no such way here */
async function openCrew(program: Program, count: number, way: Way): Promise<Crew> {
  const { runner, parameters } = program;
  const parts = partsOf(runner!.compiled, count, way === "shared"); // the caller has seen to it
  if (way === "shared" && typeof globalThis.SharedArrayBuffer !== "function") {
    throw new Error("memory can be shared only by pages that are crossOriginIsolated");
  }
  const own = new Runner(parts.compiled, parameters);
  if (way === "alone") return new Stepwise(way, own, new Alone(own, parts, count));
  const start = await workerStarter();
  const workers: WorkerHandle[] = [];
  try {
    const bytes = encode(parts.module);
    const memory = way === "shared" ? own.memory : undefined;
    for (let worker = 0; worker < count; worker++) workers.push(new WorkerHandle(start(), worker));
    const open = { do: "open", program: own.bytes, parts: bytes, memory } as const;
    await Promise.all(workers.map((each, worker) => each.ask({ ...open, worker })));
    if (way === "shared") return new Shared(own, parts, workers);
    return new Stepwise(way, own, new Transferred(own, parts, workers));
  } catch (error) {
    for (const worker of workers) worker.close();
    throw error;
  }
}

/** A program that is not compiled: a team is of no use to it. */
class Engine implements Crew {
  readonly way = "alone";
  readonly runner = undefined;
  async begin(): Promise<void> {}
  async gradient(): Promise<void> {}
  async run(): Promise<number> {
    return status.done;
  }
  async end(): Promise<void> {}
  close(): void {}
}

/** The whole training loop runs in the first worker; the others wait for it in shared memory. */
class Shared implements Crew {
  readonly way = "shared";
  readonly runner: Runner;
  readonly #control: Int32Array;
  readonly #workers: readonly WorkerHandle[];
  readonly #trainers = new Map<UpdateRule, number>();
  #serving: Promise<unknown> | undefined;

  constructor(runner: Runner, { control }: Parts, workers: readonly WorkerHandle[]) {
    this.runner = runner;
    this.#control = new Int32Array(runner.memory.buffer, control, STOP / 4 + 1);
    this.#workers = workers;
  }

  async begin(): Promise<void> {
    Atomics.store(this.#control, STOP / 4, 0);
    const turn = Atomics.load(this.#control, TURN / 4);
    const others = this.#workers.slice(1);
    this.#serving = Promise.all(others.map((worker) => worker.ask({ do: "serve", turn })));
    this.#serving.catch(() => {}); // it is said by whoever waits for it
  }

  async gradient(numbers: readonly number[]): Promise<void> {
    await this.#first({ do: "gradient", numbers });
  }

  async run({ rule, numbers }: RunCall): Promise<number> {
    const { exports, compiled } = this.runner;
    let id = this.#trainers.get(rule);
    let trainer: Uint8Array<ArrayBuffer> | undefined;
    if (id === undefined) {
      id = this.#trainers.size;
      this.#trainers.set(rule, id);
      const module = trainerModule(rule, compiled.parameterAt.length, "regularizer" in exports);
      trainer = encode(withMemory(module, compiled.module));
    }
    return await this.#first({ do: "run", id, trainer, numbers: argumentsOf(numbers) });
  }

  /** Asks the first worker; fails as soon as any of them does. */
  async #first(request: Request): Promise<number> {
    const [first] = this.#workers;
    const failed = this.#serving!.then(() => new Promise<never>(() => {})); // begun before
    return (await Promise.race([first.ask(request), failed])) as number; // not a part
  }

  async end(): Promise<void> {
    if (this.#serving === undefined) return;
    Atomics.store(this.#control, STOP / 4, 1);
    Atomics.add(this.#control, TURN / 4, 1);
    Atomics.notify(this.#control, TURN / 4);
    await this.#serving;
    this.#serving = undefined;
  }

  close(): void {
    for (const worker of this.#workers) worker.close();
  }
}

/** The same memory as that of another module. */
const withMemory = (module: Module, { shared }: Module): Module => ({
  ...module,
  ...(shared && { shared }),
});

/** Gradients from elsewhere, put into the memory of a runner. */
interface Gradients {
  begin(): Promise<void>;
  compute(numbers: readonly number[]): Promise<void>;
  close(): void;
}

/** The training loop runs here, step by step, and gets its gradients from elsewhere. */
class Stepwise implements Crew {
  readonly way: Way;
  readonly runner: Runner;
  readonly #gradients: Gradients;
  readonly #trainers = new Map<UpdateRule, WasmExports["run"]>();

  constructor(way: Way, runner: Runner, gradients: Gradients) {
    this.way = way;
    this.runner = runner;
    this.#gradients = gradients;
  }

  begin(): Promise<void> {
    return this.#gradients.begin();
  }

  gradient(numbers: readonly number[]): Promise<void> {
    return this.#gradients.compute(numbers);
  }

  async end(): Promise<void> {}

  close(): void {
    this.#gradients.close();
  }

  async run({ rule, numbers }: RunCall): Promise<number> {
    const { steps, batch, count, hold, pending, inputs, targets, order } = numbers;
    const { gradients, workspace, losses, results } = numbers;
    const trainer = this.#trainer(rule);
    const integers = new Int32Array(this.runner.memory.buffer, results, 4);
    let code: number = status.done;
    let made = 0;
    let epochs = 0;
    while (code === status.done && made < steps) {
      if (made > 0 || pending === 0) {
        const position = integers[POSITION / 4];
        const size = Math.min(batch, count - position);
        const first = order + 4 * position;
        await this.gradient([
          ...[inputs, targets, first, size, 1 / size],
          ...[gradients, workspace, losses],
        ]);
      }
      const step = {
        ...numbers,
        steps: 1,
        hold: made === steps - 1 ? hold : 0,
        pending: made === 0 ? pending : 0,
        stepLosses: numbers.stepLosses + 8 * made,
        epochLosses: numbers.epochLosses + 8 * epochs,
        scalars: numbers.scalars + numbers.scalarBytes * made,
      };
      code = trainer(...argumentsOf(step));
      made += integers[STEPS / 4];
      epochs += integers[EPOCHS / 4];
    }
    integers[STEPS / 4] = made;
    integers[EPOCHS / 4] = epochs;
    return code;
  }

  #trainer(rule: UpdateRule): WasmExports["run"] {
    let found = this.#trainers.get(rule);
    if (found === undefined) {
      const { exports, compiled, memory } = this.runner;
      const module = trainerModule(rule, compiled.parameterAt.length, "regularizer" in exports);
      found = run(module, memory, { ...exports, gradient: () => 0 }).run; // it is there already
      this.#trainers.set(rule, found);
    }
    return found;
  }
}

/** Each worker has a copy of the memory; parameters and gradients go to and fro. */
class Transferred implements Gradients {
  readonly #runner: Runner;
  readonly #parts: WasmExports;
  readonly #stride: number;
  readonly #workers: readonly WorkerHandle[];
  #exchanges: ArrayBuffer[] = [];
  #order: Int32Array = new Int32Array(0); // what the workers have

  constructor(runner: Runner, { module, stride }: Parts, workers: readonly WorkerHandle[]) {
    this.#runner = runner;
    this.#parts = instantiate(encode(module), runner.memory, runner.exports);
    this.#stride = stride;
    this.#workers = workers;
  }

  async begin(): Promise<void> {
    const { memory, at, count, compiled } = this.#runner;
    const bytes = new Uint8Array(memory.buffer.slice(0, at.end) as ArrayBuffer); // it is not shared
    await Promise.all(this.#workers.map((worker) => worker.ask({ do: "load", bytes })));
    const length = compiled.parameterAt.length + this.#parts.start(count, 1);
    this.#exchanges = this.#workers.map(() => new ArrayBuffer(8 * length));
    this.#order = new Int32Array(memory.buffer, at.order, count).slice();
  }

  async compute(numbers: readonly number[]): Promise<void> {
    const [, , orderAt, size, , gradients, workspace, losses] = numbers;
    const runner = this.#runner;
    const count = runner.compiled.parameterAt.length;
    const order = this.#newOrder(orderAt, size);
    const parameters = runner.numbers(PARAMETERS, count);
    const answers = this.#workers.map((each, worker) => {
      const exchange = this.#exchanges[worker];
      new Float64Array(exchange).set(parameters);
      const gradientsAt = this.#gradientsOf(worker, gradients, workspace);
      const places = { parametersAt: PARAMETERS, gradientsAt, count };
      return each.ask({ do: "part", numbers, ...places, exchange, order }, [exchange]);
    });
    this.#exchanges = (await Promise.all(answers)) as ArrayBuffer[]; // what a part answers with
    this.#exchanges.forEach((exchange, worker) => {
      const at = this.#gradientsOf(worker, gradients, workspace);
      const start = this.#parts.start(size, worker);
      const length = this.#parts.start(size, worker + 1) - start;
      runner.numbers(at, count).set(new Float64Array(exchange, 0, count));
      const results = new Float64Array(exchange, 8 * count, length);
      runner.numbers(losses + 8 * start, length).set(results);
    });
    this.#parts.add(gradients, workspace);
  }

  /** The examples of a batch, if they are others than those that the workers have there. */
  #newOrder(at: number, size: number): Int32Array | undefined {
    const order = new Int32Array(this.#runner.memory.buffer, at, size);
    const known = this.#order.subarray((at - this.#runner.at.order) / 4).subarray(0, size);
    if (order.every((example, i) => example === known[i])) return undefined;
    known.set(order);
    return order.slice();
  }

  #gradientsOf(worker: number, gradients: number, workspace: number): number {
    return worker === 0 ? gradients : workspace + worker * this.#stride;
  }

  close(): void {
    for (const worker of this.#workers) worker.close();
  }
}

/** The parts are computed here, one after the other. */
class Alone implements Gradients {
  readonly #parts: WasmExports;
  readonly #count: number;
  #rested = 0;

  constructor(runner: Runner, { module }: Parts, count: number) {
    this.#parts = instantiate(encode(module), runner.memory, runner.exports);
    this.#count = count;
  }

  async begin(): Promise<void> {
    this.#rested = Date.now();
  }

  async compute(numbers: readonly number[]): Promise<void> {
    for (let worker = 0; worker < this.#count; worker++) this.#parts.part(...numbers, worker);
    const [, , , , , gradients, workspace] = numbers;
    this.#parts.add(gradients, workspace);
    if (Date.now() - this.#rested > LONGEST_BLOCK) {
      await new Promise<void>((resolve) => timers.setTimeout(resolve));
      this.#rested = Date.now();
    }
  }

  close(): void {}
}

// ---- Workers ---------------------------------------------------------------------------------

/** A worker has failed or ended. */
class WorkerError extends Error {}

/** What pages and Node call a worker differs in how one listens to it. */
interface RawWorker {
  postMessage(message: Request, transfer?: ArrayBuffer[]): void;
  terminate(): unknown;
  ref?(): void;
  unref?(): void;
  /** Calls back with what it answers, and with why it cannot any more. */
  listen(answered: (answer: Answer) => void, failed: (why: string) => void): void;
}

/** A worker that is asked one thing after the other. */
class WorkerHandle {
  readonly #raw: RawWorker;
  readonly #number: number;
  readonly #waiting: { resolve(result: unknown): void; reject(error: Error): void }[] = [];
  #failure: WorkerError | undefined;

  constructor(raw: RawWorker, number: number) {
    this.#raw = raw;
    this.#number = number;
    raw.listen(
      (answer) => {
        const asked = this.#waiting.shift();
        if (this.#waiting.length === 0) raw.unref?.();
        if ("error" in answer) asked?.reject(this.#error(`failed: ${answer.error}`));
        else asked?.resolve(answer.result);
      },
      (why) => this.#fail(why),
    );
    raw.unref?.();
  }

  /** Asks; nobody ends the process before there is an answer. */
  ask(request: Request, transfer?: ArrayBuffer[]): Promise<unknown> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#raw.ref?.();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#raw.postMessage(request, transfer);
    });
  }

  close(): void {
    this.#fail("was closed");
    this.#raw.terminate();
  }

  #error(why: string): WorkerError {
    return new WorkerError(`worker ${this.#number} ${why}`);
  }

  #fail(why: string): void {
    this.#failure ??= this.#error(why);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

/** The worker of a page. */
interface PageWorker {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  terminate(): void;
  addEventListener(
    type: "message" | "error" | "messageerror",
    listener: (event: { data?: Answer; message?: string; preventDefault(): void }) => void,
  ): void;
}

/** The worker of Node. */
interface NodeWorker {
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  terminate(): Promise<number>;
  ref(): void;
  unref(): void;
  on(type: "message", listener: (answer: Answer) => void): void;
  on(type: "error" | "messageerror", listener: (error: unknown) => void): void;
  on(type: "exit", listener: (code: number) => void): void;
}

/** TypeScript knows neither without the other's library. */
interface Surroundings {
  readonly Worker?: new (url: URL, options: { type: "module" }) => PageWorker;
  readonly process?: { readonly versions?: { readonly node?: string } };
}

/** @returns a function that starts a worker; @throws Error if there are none here */
async function workerStarter(): Promise<() => RawWorker> {
  const { Worker, process } = globalThis as Surroundings;
  // From the sources the worker is a source, too; bundlers are to look for the other one only.
  const source = "./worker.ts";
  const isSource = import.meta.url.endsWith(".ts");
  if (process?.versions?.node !== undefined) {
    const name = "node:worker_threads"; // out of the sight of bundlers for pages
    const threads: {
      Worker: new (url: URL, options: { execArgv: string[] }) => NodeWorker;
    } = await import(/* @vite-ignore */ name);
    const url = new URL(isSource ? source : "./worker.js", import.meta.url);
    const options = { execArgv: [] }; // not this process's: Node refuses some of them in a worker
    return () => ofNode(new threads.Worker(url, options));
  }
  if (Worker === undefined) throw new Error("there are no workers here");
  return () =>
    ofPage(
      isSource
        ? new Worker(new URL(source, import.meta.url), { type: "module" })
        : new Worker(new URL("./worker.js", import.meta.url), { type: "module" }),
    );
}

const ofPage = (worker: PageWorker): RawWorker => ({
  postMessage: (message, transfer = []) => worker.postMessage(message, transfer),
  terminate: () => worker.terminate(),
  listen(answered, failed) {
    worker.addEventListener("message", ({ data }) => data && answered(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault(); // whoever waits for it is told
      failed(`failed: ${event.message ?? "it could not be loaded"}`);
    });
    worker.addEventListener("messageerror", () => failed("failed: an answer could not be read"));
  },
});

const ofNode = (worker: NodeWorker): RawWorker => ({
  postMessage: (message, transfer) => worker.postMessage(message, transfer),
  terminate: () => worker.terminate(),
  ref: () => worker.ref(),
  unref: () => worker.unref(),
  listen(answered, failed) {
    worker.on("message", answered);
    worker.on("error", (error) => failed(`failed: ${messageOf(error)}`));
    worker.on("messageerror", () => failed("failed: an answer could not be read"));
    worker.on("exit", (code) => failed(`ended with exit code ${code}`));
  },
});

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

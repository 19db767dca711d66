/**
 * Runs the cells of a page, one after the other, where they can do no harm: in a worker, in a sandboxed
 * frame without network. It ends a cell that takes too long, needs too much memory or puts out too
 * much, and says so. Read messages.ts and cell-frame.ts first.
 */

import { files } from "virtual:site";
import type { Output } from "chainrule/cells";
import { CellFrame } from "./cell-frame.ts";
import { type Answer, type Cell, type ModuleName, type Order, sizeOf } from "./messages.ts";
import { neededModules } from "./needed-modules.ts";

export type { Cell } from "./messages.ts";

/** How a run ended; "lost": its process died or does not answer. */
export type Ended = "finished" | "failed" | "stopped" | "too long" | "lost";

export interface RunResult {
  readonly ended: Ended;
  /** From the order to the end; without the time that the worker needed to start. */
  readonly milliseconds: number;
  /** A sentence for the reader, unless the cell finished or failed. */
  readonly message?: string;
  /** The graph that the cell made, for the debugger: a text that came from the worker. */
  readonly graph?: string | undefined;
}

export type KernelState = "asleep" | "starting" | "idle" | "running" | "replaying";

export interface KernelOptions {
  /** How long a cell may run, in ms; 30,000 if not given. */
  readonly limit?: number;
  readonly onState?: (state: KernelState) => void;
}

/** What is run or waits for it. */
interface Job {
  readonly order: Order & { readonly type: "run" | "replay" };
  readonly limit: number;
  readonly onOutput: (output: Output) => void;
  readonly resolve: (result: RunResult) => void;
}

/** Where the outputs of a cell go, and how much may come yet; timers may print after its end. */
interface Receiver {
  readonly cell: string;
  readonly onOutput: (output: Output) => void;
  characters: number;
  messages: number;
}

/** An honest worker stays well below: a cell may print 1,000,000 characters and show 5,000,000. */
const MOST = { characters: 15_000_000, messages: 30_000, session: 200_000_000 };
/** How long frame and worker may take to start, in ms. */
const START = 20_000;

const sentences = {
  stopped: "Stopped. What the cells above had declared is gone until they run again.",
  queued: "Not run, because a cell before it was ended.",
  lost:
    "The cell no longer answered, most likely because it needed more memory than the browser gives, " +
    "and was ended. Look for a list, a text or a graph that grows without end.",
  flood: "The cell put out more than a page can hold, and was ended.",
  noStart:
    "The part of the page that runs cells did not start. Reload the page; if that does not help, this " +
    "browser may be too old.",
  noScript:
    "The part of the page that runs cells could not be loaded. Check the connection and try again.",
};

function tooLong(limit: number): string {
  const seconds = Number((limit / 1000).toFixed(1));
  const time = seconds === 1 ? "1 second" : `${seconds} seconds`;
  return (
    `The cell was ended after ${time}. Look for a loop that never ends, or for something that grows in ` +
    "memory; if it only needs longer, run it again with more time."
  );
}

const texts = new Map<string, Promise<string>>();

/** The text of a file of the site, fetched once. */
function textOf(file: string): Promise<string> {
  const before = texts.get(file);
  if (before) return before;
  const text = fetchText(file);
  texts.set(file, text);
  text.catch(() => texts.delete(file)); // the next time there may be a connection
  return text;
}

async function fetchText(file: string): Promise<string> {
  const response = await fetch(new URL(file, document.baseURI));
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  return response.text();
}

const modules: Readonly<Record<ModuleName, string>> = {
  drawing: files.drawing,
  compiler: files.compiler,
  graphviz: files.graphviz,
};

export class Kernel {
  readonly #limit: number;
  readonly #onState: (state: KernelState) => void;
  #state: KernelState = "asleep";
  #frame: CellFrame | undefined;
  #ready = false;
  #empty = true;
  #count = 0; // of orders
  #current: Job | undefined;
  #queue: Job[] = [];
  #receivers = new Map<number, Receiver>();
  #characters = 0; // that came since the start
  #began = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ limit = 30_000, onState = () => {} }: KernelOptions = {}) {
    this.#limit = limit;
    this.#onState = onState;
  }

  /** Has no cell run since the start? */
  get empty(): boolean {
    return this.#empty;
  }

  /** Runs a cell after those that wait. It never rejects. */
  run(
    cell: Cell,
    onOutput: (output: Output) => void,
    { limit = this.#limit }: { limit?: number } = {},
  ): Promise<RunResult> {
    const { id, source } = cell;
    return this.#enqueue(
      { type: "run", ...this.#number([cell]), cell: { id, source } },
      limit,
      onOutput,
    );
  }

  /** Runs cells silently, in order, so that what they declare is there again. */
  replay(cells: readonly Cell[]): Promise<RunResult> {
    const copies = cells.map(({ id, source }) => ({ id, source }));
    return this.#enqueue(
      { type: "replay", ...this.#number(copies), cells: copies },
      this.#limit * Math.max(1, cells.length),
      () => {},
    );
  }

  /** Ends frame and worker now, whatever they do; the next run starts anew. */
  stop(): void {
    this.#end("stopped", sentences.stopped);
  }

  /** Ends all for good. */
  dispose(): void {
    this.stop();
  }

  /** The next order's number, and what its cells need, which is fetched from now on. */
  #number(cells: readonly Cell[]): { number: number; needs: readonly ModuleName[] } {
    this.#count += 1;
    const needs = [...new Set(cells.flatMap(({ source }) => neededModules(source)))];
    for (const name of needs) textOf(modules[name]).catch(() => {}); // the worker asks again
    return { number: this.#count, needs };
  }

  #enqueue(order: Job["order"], limit: number, onOutput: Job["onOutput"]): Promise<RunResult> {
    return new Promise((resolve) => {
      this.#queue.push({ order, limit, onOutput, resolve });
      this.#next();
    });
  }

  /** Begins with the next job, if nothing is under way. */
  #next(): void {
    if (this.#current !== undefined) return;
    this.#current = this.#queue.shift();
    if (this.#current === undefined) return;
    if (this.#ready) this.#begin(this.#current);
    else if (this.#frame === undefined) this.#start(this.#current);
  }

  async #start(job: Job): Promise<void> {
    this.#enter("starting");
    this.#began = performance.now();
    let script: string;
    try {
      script = await textOf(files.cellWorker);
    } catch {
      if (this.#current === job) this.#end("lost", sentences.noScript);
      return;
    }
    if (this.#current !== job || this.#frame !== undefined) return; // it was stopped meanwhile
    this.#timer = setTimeout(() => this.#end("lost", sentences.noStart), START);
    this.#frame = new CellFrame(script, {
      onAnswer: (answer) => this.#hear(answer),
      onGone: () => this.#end("lost", this.#ready ? sentences.lost : sentences.noStart),
    });
  }

  #begin(job: Job): void {
    const { order, limit, onOutput } = job;
    if (order.type === "run") {
      for (const [number, { cell }] of this.#receivers) {
        if (cell === order.cell.id) this.#receivers.delete(number);
      }
      const { characters, messages } = MOST;
      this.#receivers.set(order.number, { cell: order.cell.id, onOutput, characters, messages });
    }
    this.#empty = false;
    this.#enter(order.type === "run" ? "running" : "replaying");
    this.#timer = setTimeout(() => this.#end("too long", tooLong(limit)), limit);
    this.#began = performance.now();
    this.#frame?.send(order);
    this.#frame?.watch(true);
  }

  /** Hears what the worker says, which need not be true. */
  #hear(answer: Answer): void {
    switch (answer.type) {
      case "ready":
        if (this.#ready) return;
        this.#ready = true;
        clearTimeout(this.#timer);
        if (this.#current) this.#begin(this.#current);
        return;
      case "wanted":
        this.#bring(answer.name);
        return;
      case "output":
        this.#receive(answer.number, answer.output);
        return;
      case "ended": {
        const job = this.#current;
        if (!this.#ready || job?.order.number !== answer.number) return;
        this.#finish();
        this.#enter("idle");
        const { ok, graph } = answer;
        job.resolve({ ended: ok ? "finished" : "failed", graph, ...this.#time() });
        this.#next();
      }
    }
  }

  #receive(number: number, output: Output): void {
    const receiver = this.#receivers.get(number);
    if (receiver === undefined) return;
    const size = sizeOf(output);
    receiver.messages -= 1;
    receiver.characters -= size;
    this.#characters += size;
    const flood = receiver.messages < 0 || receiver.characters < 0;
    if (flood || this.#characters > MOST.session) this.#end("lost", sentences.flood);
    else receiver.onOutput(output);
  }

  /** Brings a module that the worker needs. */
  async #bring(name: ModuleName): Promise<void> {
    const frame = this.#frame;
    const text = await textOf(modules[name]).catch(() => undefined);
    if (this.#frame === frame) frame?.send({ type: "module", name, text });
  }

  /** Ends frame and worker, the job that is under way, and all that wait. */
  #end(ended: Ended, message: string): void {
    const job = this.#current;
    const waiting = this.#queue;
    const time = this.#time();
    this.#finish();
    this.#queue = [];
    this.#frame?.remove();
    this.#frame = undefined;
    this.#ready = false;
    this.#empty = true;
    this.#receivers.clear();
    this.#characters = 0;
    this.#enter("asleep");
    job?.resolve({ ended, message, ...time });
    const result = { ended: "stopped", message: sentences.queued, milliseconds: 0 } as const;
    for (const { resolve } of waiting) resolve(result);
  }

  /** Nothing is under way any more. */
  #finish(): void {
    clearTimeout(this.#timer);
    this.#frame?.watch(false);
    this.#current = undefined;
  }

  #time(): { milliseconds: number } {
    return { milliseconds: performance.now() - this.#began };
  }

  #enter(state: KernelState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#onState(state);
  }
}

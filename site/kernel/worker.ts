/**
 * What runs in the worker, in the sandboxed frame: a session of cells, which takes its orders from the
 * page. A cell may change every built-in, so whatever is needed once cells run is kept here before.
 * Read messages.ts and src/cells/session.ts first.
 */

import * as chainrule from "chainrule";
import * as cells from "chainrule/cells";
import { answerModule, lazyModule, useModules } from "./lazy-modules.ts";
import { limitMemory } from "./memory-limit.ts";
import type { Answer, ModuleName, Order } from "./messages.ts";
import { sealGlobals } from "./sealed-globals.ts";
import { takeGraph } from "./take-graph.ts";

type Output = cells.Output;
type Exports = Record<string, unknown>;

const { apply } = Reflect;
const { replaceAll } = String.prototype;
const { createObjectURL, revokeObjectURL } = URL;
const { postMessage } = MessagePort.prototype;
const { preventDefault } = Event.prototype;
const now = performance.now.bind(performance);
const later = setTimeout.bind(globalThis);
const TextBlob = Blob;
const ownAddress = import.meta.url;

/** How to read an event's field when a cell may have changed its class. */
function reader(prototype: object, name: string): (event: Event) => unknown {
  const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  if (getter === undefined) throw new Error(`${name}: expected a getter, got none`);
  return (event) => apply(getter, event, []);
}
const dataOf = reader(MessageEvent.prototype, "data");
const reasonOf = reader(PromiseRejectionEvent.prototype, "reason");
const errorOf = reader(ErrorEvent.prototype, "error");

/** So many printed texts go out at once, and then those of so many milliseconds together. */
const AT_ONCE = 100;
const TOGETHER = 50;

/** Starts the session. The port is the only way out of the worker, and no cell gets hold of it. */
export function start(port: MessagePort): void {
  const send = (answer: Answer) => apply(postMessage, port, [answer]);
  useModules((name) => send({ type: "wanted", name }), evaluatePart);
  limitMemory();
  const orders: Record<string, number> = Object.create(null); // the last one for each cell
  let graph: string | undefined; // that the last cell made
  const outputs = new Outgoing((number, output) => send({ type: "output", number, output }));
  const session = cells.createSession({
    modules: {
      chainrule,
      "chainrule/draw": async () => (await drawing()).draw,
      "chainrule/explain": async () => (await drawing()).explain,
      "chainrule/cells": cells,
      "chainrule/compile": async () => (await lazyModule("compiler")).exports as Exports,
    },
    onOutput: (id, output) => outputs.add(orders[id] ?? 0, output),
    onValue: ({ source }, value) => {
      graph = takeGraph(source, value);
    },
    evaluate,
  });
  const carryOut = async (order: Order) => {
    if (order.type === "module") return answerModule(order.name, order.text);
    const { number } = order;
    let ok = false;
    graph = undefined;
    await bring(order.needs);
    try {
      if (order.type === "replay") await session.replay(order.cells);
      else orders[order.cell.id] = number;
      ok = order.type === "replay" || (await session.run(order.cell.id, order.cell.source)).ok;
    } catch {
      // A cell has broken even what the session needs, and what could tell about it.
    }
    const end = () => {
      outputs.flush();
      send({ type: "ended", number, ok, graph });
    };
    later(() => later(end, 0), 0); // rejections that nobody waits for are known a moment later
  };

  self.addEventListener("unhandledrejection", (event) => {
    apply(preventDefault, event, []);
    session.reportRejection(reasonOf(event));
  });
  self.addEventListener("error", (event) => {
    apply(preventDefault, event, []);
    session.reportError(errorOf(event));
  });
  port.onmessage = (event) => {
    carryOut(dataOf(event) as Order); // only the page speaks through this port
  };
  sealGlobals();
  send({ type: "ready" });
}

const drawing = async () => {
  const { explain, ...draw } = await lazyModule("drawing");
  return { draw, explain: explain as Exports };
};

/** Sees to it that modules are there, if they can be had. */
async function bring(names: readonly ModuleName[]): Promise<void> {
  for (let i = 0; i < names.length; i++) {
    try {
      await lazyModule(names[i] as ModuleName); // i is in range
    } catch {
      // The cell says so when it comes to what is missing.
    }
  }
}

/** Evaluates a module that shares modules with this one, the engine say, and imports them from it. */
const evaluatePart = (text: string) =>
  evaluate(apply(replaceAll, text, ['"./cell-worker.js"', `"${ownAddress}"`]));

/** Evaluates the text of a module. */
async function evaluate(text: string): Promise<Exports> {
  // Whatever source map a cell names, the last one counts, and for this one nobody is asked.
  const whole = `${text}\n//# sourceMappingURL=data:application/json,{}`;
  const url = createObjectURL(new TextBlob([whole], { type: "text/javascript" }));
  try {
    return await import(/* @vite-ignore */ url);
  } finally {
    revokeObjectURL(url);
  }
}

/**
 * Outputs on their way to the page. The first ones go at once, so that they are seen even if the cell
 * then never ends; a flood goes in large pieces.
 */
class Outgoing {
  readonly #send: (number: number, output: Output) => void;
  /** What was printed and not sent, to one stream by one order. */
  #waiting:
    | { readonly number: number; readonly name: "stdout" | "stderr"; text: string }
    | undefined;
  #count = 0; // texts printed since the last time that something was waiting long enough
  #begin = 0;
  #timed = false;

  constructor(send: (number: number, output: Output) => void) {
    this.#send = send;
  }

  add(number: number, output: Output): void {
    if (output.output_type !== "stream") {
      this.flush();
      this.#send(number, output);
      return;
    }
    const { name, text } = output;
    const waiting = this.#waiting;
    if (waiting !== undefined && waiting.number === number && waiting.name === name) {
      waiting.text += text;
    } else {
      this.flush();
      this.#waiting = { number, name, text };
    }
    this.#count += 1;
    const old = now() - this.#begin > TOGETHER;
    if (old) {
      this.#begin = now();
      this.#count = 0;
    }
    if (old || this.#count < AT_ONCE || this.#count % AT_ONCE === 0) this.flush();
    else if (!this.#timed) {
      this.#timed = true;
      later(() => {
        this.#timed = false;
        this.flush();
      }, TOGETHER);
    }
  }

  flush(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    const { number, name, text } = waiting;
    this.#send(number, { output_type: "stream", name, text });
  }
}

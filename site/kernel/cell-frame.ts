/**
 * The page's side of the sandboxed frame: makes it, gives it the worker's script and the ports, asks
 * whether it is still there, and removes it with all that runs in it. Read frame.ts and messages.ts
 * first.
 */

import { frameDocument } from "virtual:site";
import { type Answer, type Order, readAnswer } from "./messages.ts";

/** How often the frame is asked whether it is there, in ms. */
const PING = 1000;
/** So many pings without an answer mean that its process died. */
const MISSED = 3;

export interface Listeners {
  /** Something came from the worker that is an answer, whether true or not. */
  readonly onAnswer: (answer: Answer) => void;
  /** The frame or the worker died. It is called once at most, and not after `remove`. */
  readonly onGone: () => void;
}

export class CellFrame {
  readonly #element = document.createElement("iframe");
  readonly #own = new MessageChannel();
  readonly #worker = new MessageChannel();
  readonly #onGone: () => void;
  #heard = false; // has the worker said anything?
  #removed = false;
  #missed = 0;
  #pings: ReturnType<typeof setInterval> | undefined;

  /** @param script the text of the worker's module */
  constructor(script: string, { onAnswer, onGone }: Listeners) {
    this.#onGone = onGone;
    const element = this.#element;
    element.setAttribute("sandbox", "allow-scripts");
    element.setAttribute("aria-hidden", "true");
    element.title = "Where cells run";
    element.tabIndex = -1;
    element.hidden = true;
    element.srcdoc = frameDocument;
    const begin = () => {
      const ports = [this.#own.port2, this.#worker.port2];
      element.contentWindow?.postMessage({ script }, "*", ports);
    };
    element.addEventListener("load", begin, { once: true });
    const own = this.#own.port1;
    own.onmessage = ({ data }) => {
      if (data === "here") this.#missed = 0;
      else if (!this.#heard) this.#gone(); // the worker could not start
    };
    const worker = this.#worker.port1;
    worker.onmessage = ({ data }) => {
      const answer = this.#removed ? undefined : readAnswer(data);
      if (answer === undefined) return;
      this.#heard = true;
      onAnswer(answer);
    };
    // Where browsers tell that the other side of a port is gone, a death is known at once.
    for (const port of [own, worker]) port.addEventListener("close", () => this.#gone());
    document.body.append(element);
  }

  send(order: Order): void {
    this.#worker.port1.postMessage(order);
  }

  /** Asks the frame from now on whether it is still there, or no longer. */
  watch(on: boolean): void {
    clearInterval(this.#pings);
    this.#missed = 0;
    if (!on) return;
    const ping = () => {
      this.#missed += 1;
      if (this.#missed > MISSED) this.#gone();
      else this.#own.port1.postMessage("there?");
    };
    this.#pings = setInterval(ping, PING);
    ping();
  }

  /** Ends the worker and all that it does, whatever that is. */
  remove(): void {
    this.#removed = true;
    clearInterval(this.#pings);
    this.#element.remove();
    this.#own.port1.close();
    this.#worker.port1.close();
  }

  #gone(): void {
    if (this.#removed) return;
    this.remove();
    this.#onGone();
  }
}

/**
 * A run that is trained elsewhere, as the page sees it: it says what is to be done and is told how it
 * goes, at most once a frame. Read messages.ts first.
 */

import { files } from "virtual:site";
import type { DataSet } from "chainrule";
import type { Command, Going, Making, Pace, Report, Request } from "./messages.ts";
import type { HeldOutLosses, Undone } from "./run.ts";
import { Series } from "./series.ts";
import type { Change, RunState } from "./setup.ts";

export type { Pace } from "./messages.ts";

/** A moment of the run, with all that is known of its past. */
export interface Snapshot extends Going {
  readonly state: RunState;
  readonly data: DataSet;
  readonly heldOut: DataSet | undefined;
  /**
   * The loss at each step so far as it is known: `losses[step]` is that of now. It is changed by the
   * next snapshot.
   */
  readonly losses: Float64Array;
  readonly heldOutLosses: HeldOutLosses;
  /** Is it trained on the page's own thread, as there is no worker? */
  readonly isLocal: boolean;
}

type Listener = (snapshot: Snapshot) => void;

/** A command that is not done yet. */
interface Asked {
  readonly command: Command;
  readonly resolve: (undone: Undone | undefined) => void;
  readonly reject: (error: Error) => void;
}

/**
 * What is asked for is done in the order of the calls; a way to a step that takes a while is left when
 * something else is to be shown.
 *
 * @example
 * const client = new RunClient();
 * client.subscribe(({ step, loss }) => show(step, loss));
 * await client.open({ setup: presets.moons, edits: [], step: 0 });
 * await client.play("full speed");
 */
export class RunClient {
  readonly #listeners = new Set<Listener>();
  readonly #asked = new Map<number, Asked>();
  readonly #losses = new Series();
  #heldOutLosses: HeldOutLosses = { steps: [], losses: [] };
  #making: Making | undefined;
  #snapshot: Snapshot | undefined;
  #requests = 0;
  #worker: Worker | undefined;
  #send: ((request: Request) => void) | undefined;
  #isLocal = false;
  #isAsking = false;
  #isClosed = false;

  /** The last one; undefined before a run is open. */
  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** Is called with every new snapshot, at once with that of now. Returns what ends that. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#snapshot !== undefined) listener(this.#snapshot);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Opens a run and trains it to its step. Whatever was open before is gone.
   *
   * All of these end when it is done. They are refused, with a sentence, if it cannot be.
   */
  async open(state: RunState): Promise<void> {
    await this.#ask({ kind: "open", state });
  }

  /** Plays until something else than an edit is asked for, and only while the page is looked at. */
  async play(pace: Pace): Promise<void> {
    await this.#ask({ kind: "play", pace });
  }

  async pause(): Promise<void> {
    await this.#ask({ kind: "pause" });
  }

  async step(steps = 1): Promise<void> {
    await this.#ask({ kind: "step", steps });
  }

  /** Goes back to a step, or on to one. */
  async goTo(step: number): Promise<void> {
    await this.#ask({ kind: "goTo", step });
  }

  /** Changes something at the step where the run is, also while it plays. */
  async edit(change: Change): Promise<void> {
    await this.#ask({ kind: "edit", change });
  }

  /** Back to step 0 with the same seed: the same losses will come. */
  async reset(): Promise<void> {
    await this.#ask({ kind: "goTo", step: 0 });
  }

  /** Begins anew with other first weights, and with the points and the rate of now. */
  async newSeed(): Promise<void> {
    await this.#ask({ kind: "newSeed" });
  }

  /** After a problem: see Run.undo. */
  undo(): Promise<Undone | undefined> {
    return this.#ask({ kind: "undo" });
  }

  /** Ends the worker; nothing that was asked for comes any more. */
  close(): void {
    this.#isClosed = true;
    this.#worker?.terminate();
    this.#listeners.clear();
  }

  #ask(command: Command): Promise<Undone | undefined> {
    const id = ++this.#requests;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { command, resolve, reject });
      if (this.#send === undefined) this.#start();
      this.#send?.({ id, command });
    });
  }

  // Who trains.

  #start(): void {
    this.#send = () => {}; // what is asked meanwhile is kept in #asked
    try {
      const worker = new Worker(new URL(files.runWorker, document.baseURI).href);
      this.#worker = worker;
      worker.addEventListener("message", ({ data }: MessageEvent<Report>) => this.#take(data));
      worker.addEventListener("error", () => this.#startHere());
      this.#send = (request) => worker.postMessage(request);
    } catch {
      this.#startHere();
    }
  }

  /** Where no worker can be started, or it has ended, the page goes on by itself. */
  async #startHere(): Promise<void> {
    this.#worker?.terminate();
    this.#send = () => {};
    const { playHere } = await import("./local.ts");
    if (this.#isClosed) return;
    this.#isLocal = true;
    this.#send = playHere((report) => this.#take(report));
    const open = this.#snapshot;
    if (open !== undefined) this.#send({ id: 0, command: { kind: "open", state: open.state } });
    for (const [id, { command }] of this.#asked) this.#send({ id, command });
  }

  // Reports.

  #take({ done, going, making, losses, heldOutLosses }: Report): void {
    if (this.#isClosed) return;
    this.#making = making ?? this.#making;
    this.#heldOutLosses = heldOutLosses ?? this.#heldOutLosses;
    this.#losses.cut(losses.from);
    this.#losses.write(losses.from, losses.numbers);
    if (going !== undefined && this.#making !== undefined) {
      const { setup, edits, data, heldOut } = this.#making;
      this.#snapshot = {
        ...going,
        state: { setup, edits, step: going.step },
        data,
        heldOut,
        losses: this.#losses.view(),
        heldOutLosses: this.#heldOutLosses,
        isLocal: this.#isLocal,
      };
      for (const listener of this.#listeners) listener(this.#snapshot);
    }
    for (const { id, failure, undone } of done) {
      const asked = this.#asked.get(id);
      this.#asked.delete(id);
      if (failure === undefined) asked?.resolve(undone);
      else asked?.reject(new Error(failure));
    }
    this.#askForFrame();
  }

  /** Asks for the next report when this one has been drawn: a page that is hidden draws nothing. */
  #askForFrame(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    requestAnimationFrame(() => {
      this.#isAsking = false;
      this.#send?.({ id: undefined, command: "frame" });
    });
  }
}

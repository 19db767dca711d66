/**
 * The time machine: the loss curve of a training run, and any step of it as a graph. Runs are
 * deterministic, so a step is computed again from the nearest checkpoint. Read ../runs/run.ts first.
 */

import "../styles/views.css"; // of the curve
import type { MLP, Value } from "chainrule";
import { shownNumber } from "chainrule/explain";
import { LossView } from "../playground/views/loss-view.ts";
import { SlowText } from "../playground/views/slow-text.ts";
import { writeRun } from "../runs/address.ts";
import { Run } from "../runs/run.ts";
import {
  type DataName,
  parametersOf,
  presets,
  type RunState,
  type Setup,
  trainedPoints,
} from "../runs/setup.ts";
import { make } from "./make.ts";

/** One step of a run, to be looked at. */
export interface RunMoment {
  readonly state: RunState;
  readonly model: MLP;
  /** The mean loss of all points, its backward pass not yet done. */
  readonly loss: Value;
  /** The learning rate of the step to come. */
  readonly rate: number;
  /** The parameters after that step; undefined if it cannot be made. */
  readonly next: Float64Array | undefined;
}

/** What the page begins with when a network in training is asked for. */
export const firstRun: RunState = { setup: presets["even-odd"], edits: [], step: 10 };

const titles: Readonly<Record<DataName, string>> = {
  "even-odd": "Four points, even or odd",
  xor: "XOR: two inputs, equal or not",
  cube: "The corners of a cube",
  moons: "Two moons",
  circles: "Circles",
  spirals: "Spirals",
  sine: "A sine curve",
  own: "Points of your own",
};

/** How long the curve is at first, if the link does not ask for a later step. */
const lengths: Readonly<Record<DataName, number>> = {
  "even-odd": 500,
  xor: 500,
  cube: 500,
  moons: 100,
  circles: 100,
  spirals: 200,
  sine: 200,
  own: 200,
};

/** Pixels for the curve: the graph is what is to be seen. */
const HEIGHT = 140;
/** Nodes of a graph beyond which the compiler is worth its loading. */
const LARGE = 5_000;
/** Nodes of a graph that can be walked through without long waits. */
const MOST = 150_000;
/** Milliseconds of work before the page gets its turn. */
const SLICE = 12;
/** The curve grows so often, in milliseconds. */
const PAUSE = 100;

/**
 * The time machine. `show` is told of every moment that the reader goes to, and `wait` that nothing of a
 * run can be shown for now.
 */
export class TimeMachine {
  readonly element = make("div", { class: "debugger-run" });
  readonly #data = make("select", { "aria-label": "The data that the network learns" });
  readonly #summary = make("p", { class: "debugger-run-summary" });
  readonly #field = make("input", { type: "text", inputmode: "numeric", autocomplete: "off" });
  readonly #back = make("button", { type: "button" }, "− 1 step");
  readonly #on = make("button", { type: "button" }, "+ 1 step");
  readonly #fastest = make("button", { type: "button" }, "Fastest fall");
  readonly #change = make("p", { class: "debugger-run-change" });
  readonly #further = make("button", { type: "button" }, "Train further");
  readonly #stop = make("button", { type: "button" }, "Stop here");
  readonly #progress = make("p", { class: "debugger-run-progress" });
  /** The same for screen readers, once a second. */
  readonly #status = make("p", { class: "visually-hidden", role: "status" });
  readonly #telling = new SlowText(this.#status);
  readonly #playground = make("a", { class: "button" }, "Open in the playground");
  readonly #problem = make("p", { class: "debugger-error", role: "alert" });
  readonly #curve = new LossView(HEIGHT);
  readonly #show: (moment: RunMoment) => void;
  readonly #wait: () => void;
  #run: Run | undefined;
  /** The run that is shown. */
  #shown: Run | undefined;
  /** The step that is shown; the run itself may be further on. */
  #step = 0;
  /** How far the curve is to go. */
  #goal = 0;
  #growing = 0;
  /** The step that is on its way; undefined if it is shown. */
  #target: number | undefined;
  #isStopped = false;
  /** Is a step being typed? */
  #isTyping = false;
  /** Counts what was asked for: what comes late belongs to nobody. */
  #asked = 0;

  constructor(show: (moment: RunMoment) => void, wait: () => void) {
    this.#show = show;
    this.#wait = wait;
    for (const [name, title] of Object.entries(titles)) {
      if (name === "own") continue; // those come from the playground
      this.#data.append(make("option", { value: name }, title));
    }
    const field = make("label", { class: "debugger-run-step" });
    this.#field.setAttribute("role", "spinbutton"); // its arrow keys go from step to step
    this.#field.setAttribute("aria-valuemin", "0");
    field.append(make("span", { class: "visually-hidden" }, "Training step"), this.#field);
    this.#back.title = "One training step back";
    this.#on.title = "One training step on";
    const controls = make("div", { class: "debugger-run-controls" });
    this.#fastest.title = "To the training step in which the loss falls most";
    controls.append(this.#back, field, this.#on, this.#fastest);
    const more = make("div", { class: "debugger-run-controls" });
    this.#stop.hidden = true;
    more.append(this.#stop, this.#further, this.#playground);
    const side = make("div", { class: "debugger-run-side" });
    side.append(
      this.#data,
      this.#summary,
      controls,
      this.#change,
      this.#progress,
      this.#status,
      more,
      this.#problem,
    );
    this.element.append(this.#curve.element, side);
    this.#data.addEventListener("change", () => {
      const name = this.#data.value as DataName; // the options are its names
      void this.open({ setup: presets[name], edits: [], step: firstRun.step });
    });
    this.#curve.element.addEventListener("loss-seek", (event) => {
      void this.seek((event as CustomEvent<{ step: number }>).detail.step);
    });
    this.#back.addEventListener("click", () => void this.seek(this.#step - 1));
    this.#on.addEventListener("click", () => void this.seek(this.#step + 1));
    this.#fastest.addEventListener("click", () => void this.seek(this.#steepest()));
    this.#further.addEventListener("click", () => this.#goFurther());
    this.#stop.addEventListener("click", () => {
      this.#isStopped = true;
    });
    this.#field.addEventListener("input", () => (this.#isTyping = true));
    this.#field.addEventListener("blur", () => (this.#isTyping = false));
    this.#field.addEventListener("change", () => this.#readField());
    this.#field.addEventListener("keydown", (event) => {
      const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      void this.seek(this.#step + by);
    });
  }

  /** The run at the step that was asked for last; undefined before one was opened. */
  get state(): RunState | undefined {
    return this.#run && { ...this.#run.state, step: this.#target ?? this.#step };
  }

  /** Does the cursor of the curve have the focus? */
  get isAtCursor(): boolean {
    return this.#curve.element.contains(document.activeElement);
  }

  /**
   * Shows a step of a run. What is small is there at once.
   *
   * @returns false if it was not shown, since the reader had asked for another meanwhile
   * @throws RangeError if the run cannot be trained, or is too large to be walked through
   */
  async open(state: RunState): Promise<boolean> {
    this.#asked += 1;
    const asked = this.#asked;
    clearTimeout(this.#growing);
    this.#run = undefined; // whatever happens, the last one is not shown any more
    const { setup } = state;
    const perPoint = 2 * parametersOf(setup);
    const added = state.edits.filter(({ kind }) => kind === "add").length;
    const nodes = perPoint * (trainedPoints(setup) + added);
    this.#describe(setup);
    if (nodes > MOST) {
      this.#render();
      this.#wait();
      throw new RangeError(
        `Its graph has about ${nodes.toLocaleString("en")} nodes; the debugger walks through at most ` +
          `${MOST.toLocaleString("en")}: with this network, ${Math.floor(MOST / perPoint)} points.`,
      );
    }
    const compiler =
      nodes > LARGE ? await import("chainrule/compile").catch(() => undefined) : undefined;
    if (asked !== this.#asked) return false;
    this.#run = new Run({ ...state, step: 0 }, { compile: compiler?.compile });
    this.#goal = Math.max(lengths[setup.data], state.step);
    return this.seek(state.step);
  }

  /**
   * Goes to a step of the run.
   *
   * @returns false if it was not shown, since the reader had asked for another meanwhile
   */
  async seek(wanted: number): Promise<boolean> {
    const run = this.#run;
    if (run === undefined) return false;
    this.#asked += 1;
    const asked = this.#asked;
    clearTimeout(this.#growing);
    let target = Math.max(0, Math.round(wanted));
    this.#target = target;
    this.#isStopped = false;
    let began = performance.now();
    let drawn = began;
    // A long way that was not gone before is gone in pieces.
    while (run.losses.length <= target && run.problem === undefined && !this.#isStopped) {
      if (run.step < run.losses.length - 1) run.goTo(run.losses.length - 1);
      run.advance(1);
      const now = performance.now();
      if (now - began < SLICE) continue;
      if (now - drawn > PAUSE) {
        drawn = now;
        this.#step = run.step;
        this.#render();
        this.#stop.hidden = false;
        if (this.#shown !== run) this.#wait();
      }
      this.#tellProgress(`Training: step ${run.step} of ${target} …`);
      await pause();
      if (asked !== this.#asked) return false;
      began = performance.now();
    }
    if (this.#isStopped) target = run.step;
    this.#target = undefined;
    run.goTo(Math.min(target, run.losses.length - 1));
    this.#step = run.step;
    const { model, loss } = run.graph();
    const { rate } = run;
    const state = { ...run.state, step: this.#step };
    const next = run.advance(1) === 1 ? run.weights() : undefined;
    this.#goal = Math.max(this.#goal, this.#step);
    this.#render();
    this.#shown = run;
    this.#show({ state, model, loss, rate, next });
    this.#growing = window.setTimeout(() => this.#grow(), 0);
    return true;
  }

  /** The reader looks at something else: what is on its way is not shown any more. */
  leave(): void {
    this.#asked += 1;
    clearTimeout(this.#growing);
  }

  /** One training step on, or back. */
  by(steps: number): void {
    void this.seek(this.#step + steps);
  }

  /** The rest of the curve, while nothing else happens. */
  #grow(): void {
    const run = this.#run;
    if (run === undefined || run.losses.length > this.#goal) return;
    run.goTo(run.losses.length - 1);
    const began = performance.now();
    const drawn = began + PAUSE;
    const work = () => {
      const start = performance.now();
      while (performance.now() - start < SLICE && run.step < this.#goal) {
        if (run.advance(1) === 0) break;
      }
      const isDone = run.step >= this.#goal || run.problem !== undefined;
      if (isDone || performance.now() > drawn) this.#render();
      if (!isDone) this.#growing = window.setTimeout(work, 0);
    };
    work();
  }

  #goFurther(): void {
    if (this.#run === undefined || this.#target !== undefined) return;
    this.#goal = Math.max(this.#goal, this.#run.losses.length - 1) + lengths[this.#run.setup.data];
    clearTimeout(this.#growing);
    this.#grow();
  }

  /** The step from which one more brings the loss down most, as far as is known. */
  #steepest(): number {
    const losses = this.#run?.losses ?? [];
    let best = 0;
    for (let step = 1; step + 1 < losses.length; step++) {
      if (losses[step] - losses[step + 1] > losses[best] - losses[best + 1]) best = step;
    }
    return best;
  }

  #readField(): void {
    this.#isTyping = false;
    const text = this.#field.value.trim();
    const isStep = /^\d{1,7}$/.test(text) && Number(text) <= 1e6;
    this.#field.setAttribute("aria-invalid", String(!isStep));
    if (isStep) void this.seek(Number(text));
    this.#problem.textContent = isStep
      ? ""
      : `Expected a training step from 0 to 1000000, got "${text.slice(0, 40)}".`;
  }

  #tellProgress(text: string): void {
    if (this.#progress.textContent === text) return;
    this.#progress.textContent = text;
    this.#telling.set(() => text);
  }

  #describe(setup: Setup): void {
    if (setup.data === "own" && this.#data.querySelector("[value=own]") === null) {
      this.#data.append(make("option", { value: "own" }, titles.own));
    }
    this.#data.value = setup.data;
    const layers = setup.hidden.join(" and ");
    const points = trainedPoints(setup);
    this.#summary.textContent =
      `${parametersOf(setup)} parameters (${layers === "" ? "no" : layers} hidden ${setup.activation} neurons) ` +
      `learn ${points} data point${points === 1 ? "" : "s"} with ${setup.optimizer}, rate ${setup.rate}.`;
  }

  #render(): void {
    const run = this.#run;
    this.#stop.hidden = true;
    this.#curve.element.hidden = run === undefined;
    if (run === undefined) return;
    this.#curve.show({ losses: run.losses, step: this.#step, edits: run.edits });
    // What is being typed stays, while the steps on a long way are counted.
    const isReaders =
      this.#isTyping || (this.#target !== undefined && document.activeElement === this.#field);
    if (!isReaders) this.#field.value = String(this.#step);
    this.#field.setAttribute("aria-valuenow", String(this.#step));
    this.#change.textContent = changeOf(run.losses, this.#step);
    this.#tellProgress("");
    this.#back.setAttribute("aria-disabled", String(this.#step === 0));
    const { problem } = run;
    this.#problem.textContent = problem === undefined ? "" : problem.sentence;
    void writeRun({ ...run.state, step: this.#step }).then((address) => {
      this.#playground.href = `./playground.html#${address}`;
    });
  }
}

/** What the next training step does to the loss. */
function changeOf(losses: ArrayLike<number>, step: number): string {
  const [now, then] = [losses[step], losses[step + 1]];
  if (then === undefined || !Number.isFinite(then)) return "";
  const by = shownNumber(Math.abs(then - now));
  const change = then < now ? `${by} less` : then > now ? `${by} more` : "the same";
  return `The next one: loss ${shownNumber(then)}, ${change}.`;
}

const pause = () => new Promise((resolve) => setTimeout(resolve));

/**
 * Plays a run, a few milliseconds at a time, for a page that says what to do and is told how it goes.
 * Read run.ts and messages.ts first.
 *
 * It is the same in a worker and, where none can be started, on the page's own thread.
 */

import { compile } from "chainrule/compile";
import type { Command, Done, Making, Pace, Report, Request } from "./messages.ts";
import { Run, type Undone } from "./run.ts";
import { limits } from "./setup.ts";

/** What a player needs of where it is. */
export interface Stage {
  /** Gives a report to the page. */
  readonly post: (report: Report) => void;
  /** Calls after at least so many milliseconds; other messages arrive meanwhile. */
  readonly later: (call: () => void, milliseconds: number) => void;
}

/** Milliseconds of steps without a look at the messages. */
const PIECE = 8;
/** A page that has not asked for so many milliseconds is not looked at: playing waits for it. */
const PATIENCE = 250;

type Going = ReturnType<Run["going"]>;

export class Player {
  readonly #stage: Stage;
  #run: Run | undefined;
  readonly #waiting: { readonly id: number; readonly command: Command }[] = [];
  #done: Done[] = [];
  #ticks = 0;

  // What it is doing.
  #way: { readonly id: number; readonly to: number; readonly steps: Going } | undefined;
  #pace: Pace | undefined; // while it plays
  #due = 0; // when the next step is, if there is a number of steps a second
  #piece = 1; // steps that take about PIECE

  // What the page knows.
  #isAsked = true;
  #reported = 0; // when
  #isNews = false;
  #told: Partial<Making> = {};
  #toldLosses = 0; // so many that are still right
  #toldHeldOut = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  receive({ id, command }: Request): void {
    if (id === undefined) this.#isAsked = true;
    else this.#waiting.push({ id, command });
    this.#tick();
  }

  // One piece of what there is to do, and then the next one later.

  #tick(): void {
    this.#ticks += 1;
    const tick = this.#ticks;
    this.#obey();
    const wait = this.#work();
    this.#report();
    if (wait === undefined) return;
    this.#stage.later(() => {
      if (tick === this.#ticks) this.#tick(); // else a message came before
    }, wait);
  }

  /** Makes some steps; returns when to go on in milliseconds, undefined if only a message changes something. */
  #work(): number | undefined {
    if (this.#way !== undefined) {
      const { id, steps } = this.#way;
      if (this.#timed(() => steps.next(this.#piece).done === true)) {
        this.#way = undefined;
        this.#end(id);
      }
      return 0;
    }
    const run = this.#run;
    if (run === undefined || this.#pace === undefined) return undefined;
    const now = performance.now();
    if (!this.#isAsked && now - this.#reported > PATIENCE) return undefined;
    const between = this.#pace === "full speed" ? 0 : 1000 / this.#pace;
    // What could not be made in time is not made up for, but for a little.
    this.#due = Math.max(this.#due, now - 100 - between);
    const due = between === 0 ? this.#piece : Math.floor((now - this.#due) / between);
    if (due >= 1) {
      const steps = Math.min(due, this.#piece);
      const made = this.#timed(() => run.advance(steps));
      this.#due += made * between;
      if (made < steps) this.#pace = undefined; // there is a problem, or no step more
    }
    return between === 0 ? 0 : Math.max(0, this.#due + between - performance.now());
  }

  /** Does something that makes about `#piece` steps, and finds out how many are right. */
  #timed<T>(work: () => T): T {
    const start = performance.now();
    const result = work();
    const took = performance.now() - start;
    if (took < PIECE / 2) this.#piece = Math.min(2 * this.#piece, 4096);
    else if (took > PIECE) this.#piece = Math.ceil(this.#piece / 2);
    this.#isNews = true;
    return result;
  }

  // Commands.

  #obey(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const { kind } = next.command;
      // What is done at the step where the run is, waits until it is there.
      if (this.#way !== undefined && (kind === "edit" || kind === "step" || kind === "play"))
        return;
      this.#waiting.shift();
      this.#isNews = true;
      if (this.#way !== undefined) this.#end(this.#way.id);
      this.#way = undefined;
      if (kind !== "edit") this.#pace = undefined;
      try {
        this.#perform(next.id, next.command);
      } catch (error) {
        this.#end(next.id, { failure: error instanceof Error ? error.message : String(error) });
      }
    }
  }

  #perform(id: number, command: Command): void {
    if (command.kind === "open") {
      const { setup, edits, step } = command.state;
      this.#run = new Run({ setup, edits, step: 0 }, { compile });
      this.#told = {};
      this.#toldLosses = 0;
      this.#toldHeldOut = 0;
      this.#go(id, this.#run, Math.min(step, limits.steps));
      return;
    }
    const run = this.#run;
    if (run === undefined) throw new Error("No run is open.");
    switch (command.kind) {
      case "play":
        if (command.pace !== "full speed" && !(command.pace > 0)) {
          throw new RangeError(`Expected a number of steps a second above 0, got ${command.pace}.`);
        }
        this.#pace = command.pace;
        this.#due = performance.now();
        break;
      case "pause":
        break;
      case "step":
        this.#go(id, run, run.step + command.steps);
        return;
      case "goTo":
        this.#go(id, run, command.step);
        return;
      case "edit":
        run.edit(command.change);
        this.#toldLosses = Math.min(this.#toldLosses, run.step);
        this.#toldHeldOut = 0;
        break;
      case "undo":
        this.#end(id, { undone: run.undo() });
        return;
      case "newSeed":
        run.newSeed();
        this.#toldLosses = 0;
        this.#toldHeldOut = 0;
        break;
    }
    this.#end(id);
  }

  #go(id: number, run: Run, to: number): void {
    const steps = run.going(to);
    // The first call only asks how many steps to make.
    if (steps.next(0).done === true) this.#end(id);
    else this.#way = { id, to, steps };
  }

  #end(
    id: number,
    { failure, undone }: { failure?: string; undone?: Undone | undefined } = {},
  ): void {
    this.#done.push({ id, failure, undone });
  }

  // Reports.

  /** Tells what is new: at once if a command is done, else if the page has asked. */
  #report(): void {
    if (this.#done.length === 0 && !(this.#isAsked && this.#isNews)) return;
    const run = this.#run;
    const report: Report = {
      done: this.#done,
      going: run && this.#going(run),
      making: run && this.#making(run),
      losses: { from: this.#toldLosses, numbers: run?.losses.slice(this.#toldLosses) ?? none },
      heldOutLosses: run && this.#newHeldOut(run),
    };
    this.#done = [];
    this.#isAsked = false;
    this.#isNews = false;
    this.#toldLosses = run?.losses.length ?? 0;
    this.#stage.post(report);
    this.#reported = performance.now();
  }

  #going(run: Run): Report["going"] {
    const { step, rate, engine, reason, problem } = run;
    return {
      ...run.measure(),
      step,
      rate,
      weights: run.weights(),
      gradients: run.gradients(),
      isPlaying: this.#pace !== undefined,
      goal: this.#way?.to,
      engine,
      reason,
      problem,
    };
  }

  #making({ setup, edits, data, heldOut }: Run): Making | undefined {
    const told = this.#told;
    if (setup === told.setup && edits === told.edits && data === told.data) return undefined;
    const making = { setup, edits, data, heldOut };
    this.#told = making;
    return making;
  }

  #newHeldOut({ heldOutLosses }: Run): Report["heldOutLosses"] {
    if (heldOutLosses.steps.length === this.#toldHeldOut) return undefined;
    this.#toldHeldOut = heldOutLosses.steps.length;
    return heldOutLosses;
  }
}

const none = new Float64Array(0);

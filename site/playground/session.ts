/**
 * The run of the playground: where it is, what was before, and how it goes on. It trains in a worker,
 * which starts when it is first needed. No elements here. Read ../runs/client.ts first.
 */

import type { Pace, Snapshot } from "../runs/client.ts";
import { RunClient } from "../runs/client.ts";
import { Run } from "../runs/run.ts";
import {
  type Change,
  checkChange,
  checkSetup,
  keepingPoints,
  parametersOf,
  type RunState,
  type Setup,
  trainedPoints,
} from "../runs/setup.ts";
import { Past } from "./past.ts";

/** Up to so many weights times points the page itself may measure a run that has not begun. */
const soon = 50_000;

/** What the session tells the page. */
export interface SessionListener {
  /** Something is another; it is to be shown. */
  readonly changed: () => void;
  /** Something could not be done, in a sentence. */
  readonly refused: (sentence: string) => void;
}

export class Session {
  readonly #listener: SessionListener;
  readonly #past = new Past();
  #client: RunClient | undefined;
  #snapshot: Snapshot | undefined;
  /** Has the run of the page been opened in the worker, too? */
  #isOpen = false;
  /** Is it to play as soon as the worker is there? */
  #isStarting = false;

  constructor(listener: SessionListener) {
    this.#listener = listener;
  }

  /** The moment to be shown; undefined before a run was opened. */
  get now(): Snapshot | undefined {
    return this.#snapshot;
  }

  get isPlaying(): boolean {
    return this.#isStarting || (this.#snapshot?.isPlaying ?? false);
  }

  /** What Undo would take back; undefined if there is nothing. */
  get undoable(): string | undefined {
    return this.#past.what;
  }

  /** The setup with the points of now, whatever was added, moved or deleted on the way. */
  get pointsKept(): Setup | undefined {
    const now = this.#snapshot;
    if (now === undefined) return undefined;
    const { setup, edits } = now.state;
    return { ...keepingPoints(setup, edits, now.data, now.heldOut), rate: now.rate };
  }

  // Other runs.

  /**
   * Shows a run at its step, and nothing plays.
   * @param what how Undo calls that; it cannot be taken back if left out
   */
  open(state: RunState, what?: string): void {
    if (what !== undefined) this.#remember(what);
    this.#isStarting = false;
    const { setup, edits, step } = state;
    const isSmall = parametersOf(setup) * trainedPoints(setup) <= soon;
    if (step === 0 && edits.length === 0 && isSmall) {
      this.#isOpen = false;
      void this.#client?.pause();
      this.#snapshot = firstSnapshot(setup);
      this.#listener.changed();
    } else void this.#openThere(state);
  }

  /**
   * Another setup from step 0, which Undo takes back.
   *
   * @returns what is wrong with it; then nothing has changed
   */
  change(setup: Setup, what: string): readonly string[] {
    const problems = checkSetup(setup);
    if (problems.length === 0) {
      this.open({ setup, edits: [], step: 0 }, what);
    }
    return problems;
  }

  /** Goes back to before the last change, and says which. */
  undo(): string | undefined {
    const { what } = this.#past;
    const state = this.#past.pop();
    if (state !== undefined) this.open(state);
    return what;
  }

  // The run of now.

  play(pace: Pace): void {
    if (this.#snapshot?.problem !== undefined) return;
    this.#isStarting = true;
    this.#listener.changed();
    void this.#tell(async (client) => {
      if (this.#isStarting) await client.play(pace);
      this.#isStarting = false;
    });
  }

  pause(): void {
    this.#isStarting = false;
    if (this.#isOpen) void this.#tell((client) => client.pause());
    this.#listener.changed();
  }

  step(steps: number): void {
    this.#isStarting = false;
    void this.#tell((client) => client.step(steps));
  }

  goTo(step: number): void {
    this.#isStarting = false;
    if (step === this.#snapshot?.step && !this.isPlaying) return;
    void this.#tell((client) => client.goTo(step));
  }

  /** Changes something where the run is, also while it plays; Undo takes it back. */
  edit(change: Change, what: string): void {
    const now = this.#snapshot;
    if (now === undefined) return;
    const wrong = checkChange(now.state.setup, change, now.data.inputs.length);
    if (wrong !== undefined) {
      this.#listener.refused(`This cannot be changed: ${wrong}.`);
      this.#listener.changed(); // what the reader has moved goes back
      return;
    }
    this.#remember(what, change.kind === "move" || change.kind === "rate");
    if (change.kind === "rate" && now.step === 0 && now.state.edits.length === 0) {
      // Before the first step it is a setting, not a change on the way.
      if (!this.isPlaying) {
        this.open({ ...now.state, setup: { ...now.state.setup, rate: change.rate } });
        return;
      }
    }
    void this.#tell((client) => client.edit(change));
  }

  /** After a problem: to the last good step. Returns a rate that is more likely to work. */
  async back(): Promise<{ step: number; rate: number } | undefined> {
    let undone: { step: number; rate: number } | undefined;
    await this.#tell(async (client) => {
      undone = await client.undo();
    });
    return undone;
  }

  // The worker.

  #remember(what: string, isLong = false): void {
    if (this.#snapshot !== undefined) this.#past.remember(this.#snapshot.state, what, isLong);
  }

  /** Has the worker do something with the run of the page. */
  async #tell(what: (client: RunClient) => Promise<unknown>): Promise<void> {
    try {
      if (!this.#isOpen && this.#snapshot !== undefined) this.#openThere(this.#snapshot.state);
      await what(this.#started());
    } catch (error) {
      this.#isStarting = false;
      this.#listener.refused(error instanceof Error ? error.message : String(error));
      this.#listener.changed();
    }
  }

  #openThere(state: RunState): Promise<void> {
    this.#isOpen = true;
    const opened = this.#started().open(state);
    return opened.catch((error: unknown) => {
      this.#listener.refused(error instanceof Error ? error.message : String(error));
    });
  }

  #started(): RunClient {
    if (this.#client === undefined) {
      this.#client = new RunClient();
      this.#client.subscribe((snapshot) => {
        if (!this.#isOpen) return; // of a run that is not shown any more
        this.#snapshot = snapshot;
        this.#listener.changed();
      });
    }
    return this.#client;
  }
}

/** The moment before the first step. */
function firstSnapshot(setup: Setup): Snapshot {
  const run = new Run(setup);
  return {
    ...run.measure(),
    state: run.state,
    step: run.step,
    data: run.data,
    heldOut: run.heldOut,
    rate: run.rate,
    weights: run.weights(),
    gradients: run.gradients(),
    losses: run.losses.slice(),
    heldOutLosses: run.heldOutLosses,
    isPlaying: false,
    goal: undefined,
    engine: run.engine,
    reason: undefined, // nothing has made steps yet
    problem: run.problem,
    isLocal: true,
  };
}

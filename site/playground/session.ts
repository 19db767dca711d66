/**
 * The run of the playground: where it is, what was before, and how it goes on. It trains in a worker,
 * which starts when it is first needed. No elements here. Read ../runs/client.ts first.
 */

import { accuracy, type DataSet } from "chainrule";
import type { Pace, RunClient, Snapshot } from "../runs/client.ts";
import { firstPoints, lossOf, networkOf } from "../runs/graph.ts";
import {
  type Change,
  checkChange,
  checkSetup,
  keepingPoints,
  parametersOf,
  type RunState,
  type Setup,
  taskOf,
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
  #client: Promise<RunClient> | undefined;
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
      void this.#client?.then((client) => client.pause());
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
    const toOpen = this.#isOpen ? undefined : this.#snapshot?.state;
    if (toOpen !== undefined) void this.#openThere(toOpen);
    try {
      await what(await this.#started());
    } catch (error) {
      this.#isStarting = false;
      this.#refuse(error);
    }
  }

  async #openThere(state: RunState): Promise<void> {
    this.#isOpen = true;
    try {
      const client = await this.#started();
      await client.open(state);
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    this.#listener.refused(error instanceof Error ? error.message : String(error));
    this.#listener.changed();
  }

  /** The client; it comes with its first use. What is asked of it meanwhile keeps its order. */
  #started(): Promise<RunClient> {
    this.#client ??= import("../runs/client.ts").then(({ RunClient }) => {
      const client = new RunClient();
      client.subscribe((snapshot) => {
        if (!this.#isOpen) return; // of a run that is not shown any more
        this.#snapshot = snapshot;
        this.#listener.changed();
      });
      return client;
    });
    return this.#client;
  }
}

/** The moment before the first step, measured by the engine on the page's own thread. */
function firstSnapshot(setup: Setup): Snapshot {
  const { data, heldOut } = firstPoints(setup);
  const model = networkOf(setup);
  const loss = lossOf(setup, model, data);
  loss.backward();
  const parameters = model.parameters();
  const heldOutLoss = heldOut && lossOf(setup, model, heldOut).data;
  const isSign = taskOf(setup) === "sign";
  const share = (set: DataSet | undefined) => (isSign && set ? accuracy(model, set) : undefined);
  return {
    state: { setup, edits: [], step: 0 },
    step: 0,
    data,
    heldOut,
    rate: setup.rate,
    weights: Float64Array.from(parameters, (parameter) => parameter.data),
    gradients: Float64Array.from(parameters, ({ grad }) => grad),
    loss: loss.data,
    heldOutLoss,
    accuracy: share(data),
    heldOutAccuracy: share(heldOut),
    losses: Float64Array.of(loss.data),
    heldOutLosses: heldOutLoss === undefined ? nothing : { steps: [0], losses: [heldOutLoss] },
    isPlaying: false,
    goal: undefined,
    engine: "engine",
    reason: undefined, // nothing has made steps yet
    problem: undefined, // it is found when a step is asked for
    isLocal: false,
  };
}

const nothing = { steps: [], losses: [] };

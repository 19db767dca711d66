/** What a page and the player of a run say to each other. Read setup.ts and run.ts first. */

import type { DataSet } from "chainrule";
import type { HeldOutLosses, Measures, Problem, Undone } from "./run.ts";
import type { Change, Edit, RunState, Setup } from "./setup.ts";

/** Steps a second; they may be fewer if they take longer. */
export type Pace = number | "full speed";

/** What a player can do. All but `play` and `edit` end the playing. */
export type Command =
  | { readonly kind: "open"; readonly state: RunState }
  | { readonly kind: "play"; readonly pace: Pace }
  | { readonly kind: "pause" }
  | { readonly kind: "step"; readonly steps: number }
  | { readonly kind: "goTo"; readonly step: number }
  | { readonly kind: "edit"; readonly change: Change }
  | { readonly kind: "undo" }
  | { readonly kind: "newSeed" };

/** From the page: something to do, or that it has shown the last report and would like another. */
export type Request =
  | { readonly id: number; readonly command: Command }
  | { readonly id: undefined; readonly command: "frame" };

/** What became of a command. */
export interface Done {
  readonly id: number;
  /** Why it was not done; undefined if it was. */
  readonly failure: string | undefined;
  /** What an `undo` did. */
  readonly undone: Undone | undefined;
}

/** The part of a run that changes with what the reader does, and not with every step. */
export interface Making {
  readonly setup: Setup;
  readonly edits: readonly Edit[];
  readonly data: DataSet;
  readonly heldOut: DataSet | undefined;
}

/** How the run is going. */
export interface Going extends Measures {
  readonly step: number;
  /** The rate of the next step. */
  readonly rate: number;
  readonly weights: Float64Array;
  /** The gradients that the next step will use. */
  readonly gradients: Float64Array;
  readonly isPlaying: boolean;
  /** The step that it is on its way to, if that takes a while. */
  readonly goal: number | undefined;
  readonly engine: "compiled" | "engine";
  /** Why the engine makes the steps; undefined if it does not. */
  readonly reason: string | undefined;
  readonly problem: Problem | undefined;
}

/** From the player. */
export interface Report {
  readonly done: readonly Done[];
  /** Undefined before a run has been opened. */
  readonly going: Going | undefined;
  /** Undefined if it is as in the last report. */
  readonly making: Making | undefined;
  /** The losses from a place on. */
  readonly losses: { readonly from: number; readonly numbers: Float64Array };
  readonly heldOutLosses: HeldOutLosses | undefined;
}

/** What Undo goes back to. Nothing to read first. */

import type { RunState } from "../runs/setup.ts";

const most = 100;

/** The states before each change, the last one on top. */
export class Past {
  #states: { readonly state: RunState; readonly what: string }[] = [];

  get isEmpty(): boolean {
    return this.#states.length === 0;
  }

  /** What the last change was, such as "the new network". */
  get what(): string {
    return this.#states.at(-1)?.what ?? "";
  }

  /** Remembers a state before a change; the same again is not remembered twice. */
  remember(state: RunState, what: string): void {
    this.#states.push({ state, what });
    if (this.#states.length > most) this.#states.shift();
  }

  /** The state before the last change. */
  pop(): RunState | undefined {
    return this.#states.pop()?.state;
  }
}

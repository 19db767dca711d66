/** What Undo goes back to. Nothing to read first. */

import type { RunState } from "../runs/setup.ts";

/** So many changes can be taken back. */
const most = 100;
/** A drag makes many changes; those that follow so closely are one, in milliseconds. */
const together = 1000;

/** The states before each change. */
export class Past {
  #entries: { readonly state: RunState; readonly what: string; time: number }[] = [];

  /** What the last change was, such as "the new seed"; undefined if there is none. */
  get what(): string | undefined {
    return this.#entries.at(-1)?.what;
  }

  /**
   * Remembers a state before a change.
   * @param isLong may the change go on, as a drag does? Then only its start is remembered.
   */
  remember(state: RunState, what: string, isLong: boolean, time = performance.now()): void {
    const last = this.#entries.at(-1);
    if (isLong && last?.what === what && time - last.time < together) {
      last.time = time;
      return;
    }
    this.#entries.push({ state, what, time });
    if (this.#entries.length > most) this.#entries.shift();
  }

  /** The state before the last change, which is not remembered any more. */
  pop(): RunState | undefined {
    return this.#entries.pop()?.state;
  }
}

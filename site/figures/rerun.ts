/** Runs a cell again and again while a number in it is changed. Nothing to read first. */

import type { LessonCell } from "../cells/lesson-cell.ts";

const pause = 250; // between runs, in milliseconds
const quick = 200; // a cell that takes longer waits until the number is let go

/** How long a cell's last run took here, in milliseconds. */
const took = new WeakMap<LessonCell, number>();

export class Rerun {
  readonly #cell: LessonCell;
  #last = 0;
  #running: Promise<void> | undefined;
  /** The number changed since the last run began. */
  #isStale = false;

  constructor(cell: LessonCell) {
    this.#cell = cell;
  }

  /** The number has changed and may change further. */
  changed(): void {
    this.#isStale = true;
    const isQuick = (took.get(this.#cell) ?? Number.POSITIVE_INFINITY) < quick;
    if (isQuick && this.#running === undefined && performance.now() - this.#last >= pause) {
      void this.#run();
    }
  }

  /** The number has been let go. */
  async released(): Promise<void> {
    await this.#running;
    if (this.#isStale) await this.#run();
  }

  #run(): Promise<void> {
    this.#isStale = false;
    this.#last = performance.now();
    this.#running = this.#cell.run().then(() => {
      took.set(this.#cell, performance.now() - this.#last);
      this.#running = undefined;
    });
    return this.#running;
  }
}

/**
 * A long list of losses, kept short enough to be drawn at every frame: of each run of steps the lowest and the
 * highest. Read src/draw/thin.ts first.
 */

const MOST = 2048; // runs of steps

/**
 * What is to be seen of a list of losses that grows. A million of them need no more than a look at the new ones:
 * when there are too many runs, each two become one.
 */
export class LossHistory {
  #losses: ArrayLike<number> = [];
  #seen = 0; // so many losses are in the runs
  #lastSeen = Number.NaN;
  #size = 1; // steps in a run
  #lowest: number[] = []; // by run, the step with the lowest loss
  #highest: number[] = [];

  /** Takes what has come since; looks at everything again if what came before is another. */
  update(losses: ArrayLike<number>): void {
    const isOther =
      losses.length < this.#seen ||
      (this.#seen > 0 && !Object.is(losses[this.#seen - 1], this.#lastSeen));
    if (isOther) {
      this.#seen = 0;
      this.#size = 1;
      this.#lowest = [];
      this.#highest = [];
    }
    this.#losses = losses;
    for (let step = this.#seen; step < losses.length; step++) this.#take(step);
    this.#seen = losses.length;
    this.#lastSeen = losses[this.#seen - 1] ?? Number.NaN;
  }

  /** The steps to be drawn, in their order: the first, lowest, highest and last of each run. */
  steps(): number[] {
    const found: number[] = [];
    for (const [run, lowest] of this.#lowest.entries()) {
      const highest = this.#highest[run];
      const first = run * this.#size;
      const last = Math.min(first + this.#size, this.#seen) - 1;
      const inner = lowest < highest ? [lowest, highest] : [highest, lowest];
      for (const step of [first, ...inner, last]) {
        if (found.length === 0 || step > found[found.length - 1]) found.push(step);
      }
    }
    return found;
  }

  /** The steps with the lowest and the highest loss that is a finite number; undefined if there is none. */
  extremes(): { lowest: number; highest: number } | undefined {
    const losses = this.#losses;
    const better = (steps: readonly number[], isBetter: (a: number, b: number) => boolean) =>
      steps.reduce<number | undefined>((best, step) => {
        if (!Number.isFinite(losses[step])) return best;
        return best === undefined || isBetter(losses[step], losses[best]) ? step : best;
      }, undefined);
    const lowest = better(this.#lowest, (a, b) => a < b);
    const highest = better(this.#highest, (a, b) => a > b);
    return lowest === undefined || highest === undefined ? undefined : { lowest, highest };
  }

  #take(step: number): void {
    if (this.#lowest.length * this.#size === step && this.#lowest.length === MOST) this.#halve();
    const run = Math.floor(step / this.#size);
    if (run === this.#lowest.length) {
      this.#lowest.push(step);
      this.#highest.push(step);
      return;
    }
    this.#lowest[run] = this.#lower(this.#lowest[run], step);
    this.#highest[run] = this.#higher(this.#highest[run], step);
  }

  /** Makes one run of each two. */
  #halve(): void {
    const half = this.#lowest.length / 2;
    for (let run = 0; run < half; run++) {
      this.#lowest[run] = this.#lower(this.#lowest[2 * run], this.#lowest[2 * run + 1]);
      this.#highest[run] = this.#higher(this.#highest[2 * run], this.#highest[2 * run + 1]);
    }
    this.#lowest.length = half;
    this.#highest.length = half;
    this.#size *= 2;
  }

  // What is no finite number is neither low nor high, unless there is nothing else.

  #lower(a: number, b: number): number {
    const [x, y] = [this.#losses[a], this.#losses[b]];
    return Number.isFinite(y) && !(x <= y) ? b : a;
  }

  #higher(a: number, b: number): number {
    const [x, y] = [this.#losses[a], this.#losses[b]];
    return Number.isFinite(y) && !(x >= y && x < Infinity) ? b : a;
  }
}

/**
 * Moments of a run that are kept, so that any other one is not far from one of them. Nothing to read
 * first.
 */

/** All that the steps after a moment depend on, the points and the rate excepted. */
export interface Checkpoint {
  readonly step: number;
  /** The weights, and what the optimizer remembers. */
  readonly numbers: Float64Array;
}

/** Bytes that the checkpoints of a run may take. */
const MOST_BYTES = 16_000_000;
const FIRST_INTERVAL = 64;
/** Moments near the one that was asked for last, for whoever walks back from there. */
const MOST_NEAR = 40;

export class Checkpoints {
  readonly #most: number;
  #interval = FIRST_INTERVAL;
  #regular: Checkpoint[] = []; // by step
  #near: Checkpoint[] = []; // by age

  /** @param count how many numbers a checkpoint has */
  constructor(count: number) {
    this.#most = Math.min(1024, Math.max(32, Math.floor(MOST_BYTES / (8 * count))));
  }

  /** The next step, after this one, that is to be kept. */
  next(step: number): number {
    return (Math.floor(step / this.#interval) + 1) * this.#interval;
  }

  /** Is this step to be kept, and is it not yet? */
  wants(step: number): boolean {
    return step % this.#interval === 0 && step > (this.#regular.at(-1)?.step ?? -1);
  }

  /** Keeps a step that is wanted. When there are too many, every other one goes. */
  keep(checkpoint: Checkpoint): void {
    this.#regular.push(checkpoint);
    if (this.#regular.length <= this.#most) return;
    this.#interval *= 2;
    this.#regular = this.#regular.filter(({ step }) => step % this.#interval === 0);
  }

  /** Keeps a step on the way to one that was asked for. */
  keepNear(checkpoint: Checkpoint): void {
    this.#near = this.#near.filter(({ step }) => step !== checkpoint.step).slice(1 - MOST_NEAR);
    this.#near.push(checkpoint);
  }

  /** The last one that is not after a step: the first is at 0. */
  before(step: number): Checkpoint {
    let best = this.#regular[0]!; // a run keeps its beginning before anything else
    for (const each of [...this.#regular, ...this.#near]) {
      if (each.step <= step && each.step > best.step) best = each;
    }
    return best;
  }

  /** Forgets what is after a step. */
  cut(step: number): void {
    this.#regular = this.#regular.filter((each) => each.step <= step);
    this.#near = this.#near.filter((each) => each.step <= step);
  }
}

/**
 * The held-out loss at every step, from a run that measures it now and then: the last one that was
 * measured. Read ../runs/run.ts first.
 */

import type { HeldOutLosses } from "../runs/run.ts";

/** Grows with the run; only what is new is written. */
export class HeldOutCurve {
  #numbers = new Float64Array(1024);
  #written = 0;
  /** How many of the measured losses are in the curve, and the last of them. */
  #used = 0;
  #last: readonly [step: number, loss: number] | undefined;

  /** The curve for so many steps; undefined if nothing was measured. It is changed by the next call. */
  of({ steps, losses }: HeldOutLosses, length: number): Float64Array | undefined {
    if (steps.length === 0) return undefined;
    const [step, loss] = this.#last ?? [];
    const goesOn = steps[this.#used - 1] === step && losses[this.#used - 1] === loss;
    if (!goesOn || length < this.#written) {
      this.#used = 0;
      this.#written = 0;
    }
    if (length > this.#numbers.length) {
      const longer = new Float64Array(2 * length);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    // The stretch after the last measured loss may have to be written again.
    this.#used = Math.max(0, this.#used - 1);
    for (let i = this.#used; i < steps.length; i++) {
      this.#numbers.fill(
        losses[i] ?? Number.NaN,
        steps[i],
        Math.min(steps[i + 1] ?? length, length),
      );
    }
    this.#used = steps.length;
    this.#last = [steps[steps.length - 1] ?? 0, losses[steps.length - 1] ?? 0];
    this.#written = length;
    return this.#numbers.subarray(0, length);
  }
}

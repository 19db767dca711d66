/** Keeps costly work to its share of the time, and never forgets the last of it. Nothing to read first. */

/** Work that is asked for again and again, and done as often as its cost allows. */
export class Pace {
  readonly #work: () => void;
  readonly #share: number;
  #ready = Number.NEGATIVE_INFINITY; // the time from which it may be done again
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param share of the time that the work may take: 0.25 is a quarter */
  constructor(work: () => void, share: number) {
    this.#work = work;
    this.#share = share;
  }

  /** Does the work now, or as soon as its turn comes; asked for several times until then, it is done once. */
  ask(): void {
    if (this.#timer !== undefined) return;
    const wait = this.#ready - performance.now();
    if (wait <= 0) this.now();
    else this.#timer = setTimeout(() => this.now(), wait);
  }

  /** As `ask`, but never within the call: for events that come while elements are removed. */
  soon(): void {
    this.#timer ??= setTimeout(() => this.now(), Math.max(0, this.#ready - performance.now()));
  }

  /** Does the work now, whatever it cost before. */
  now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const start = performance.now();
    this.#work();
    const end = performance.now();
    this.#ready = end + (end - start) * (1 / this.#share - 1);
  }
}

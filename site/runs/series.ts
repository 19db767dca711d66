/** Numbers one after the other, a million of them if need be. Nothing to read first. */

export class Series {
  #numbers = new Float64Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  at(i: number): number | undefined {
    return i < this.#length ? this.#numbers[i] : undefined;
  }

  /** Puts numbers at a place that is there or is the next one. */
  write(at: number, numbers: ArrayLike<number>): void {
    const length = at + numbers.length;
    if (length > this.#numbers.length) {
      const longer = new Float64Array(Math.max(length, 2 * this.#numbers.length));
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers.set(numbers, at);
    this.#length = Math.max(this.#length, length);
  }

  /** Forgets all numbers but the first so many. */
  cut(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** What there is now, not a copy: to be looked at before the next change. */
  view(from = 0): Float64Array {
    return this.#numbers.subarray(from, this.#length);
  }
}

// A hash of numbers, bit for bit, that is the same in every runtime.

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
double[0] = 1;
const HIGH = words[0] === 0 ? 1 : 0; // which word comes first depends on the processor
const LOW = 1 - HIGH;

/** Folds numbers into 64 bits. All NaNs count as one: their bits differ between machines. */
export class Hash {
  #a = 0x811c9dc5;
  #b = 0x01000193;

  add(x: number): void {
    double[0] = x;
    const isNumber = !Number.isNaN(x);
    const high = isNumber ? words[HIGH] : 0x7ff80000;
    const low = isNumber ? words[LOW] : 0;
    this.#a = Math.imul(this.#a ^ high, 0x01000193) ^ (this.#a >>> 15);
    this.#a = Math.imul(this.#a ^ low, 0x01000193) ^ (this.#a >>> 13);
    this.#b = Math.imul(this.#b ^ low, 0x85ebca6b) ^ (this.#b >>> 16);
    this.#b = Math.imul(this.#b ^ high, 0xc2b2ae35) ^ (this.#b >>> 14);
  }

  /** 16 hex digits. */
  toString(): string {
    const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");
    return hex(this.#a) + hex(this.#b);
  }
}

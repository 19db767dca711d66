/**
 * The part of the input space that the views look at: two inputs across and up, the others held; or one input
 * alone. Nothing to read first.
 */

/** From the smallest to the largest number that is shown. */
export type Range = readonly [from: number, to: number];

/** So many cells across and up when the network rests, at most. */
export const FINE = 200;

/** So many while it trains: fewer for networks with so many parameters that a map would take several frames. */
export const coarseSize = (parameters: number): number => (parameters <= 2000 ? 50 : 32);

/** Where in the space of inputs the views look. It does not change: another place is another plane. */
export class Plane {
  /** What is shown of each input. */
  readonly ranges: readonly Range[];
  /** The inputs that go across and up; the same number twice where the network has one input. */
  readonly across: number;
  readonly up: number;
  /** The number at which each input is held that goes neither across nor up. */
  readonly held: readonly number[];
  readonly #grids = new Map<number, Float64Array[]>();

  constructor(ranges: readonly Range[], across: number, up: number, held: readonly number[]) {
    this.ranges = ranges;
    this.across = across;
    this.up = up;
    this.held = held;
  }

  get isLine(): boolean {
    return this.ranges.length === 1;
  }

  /** The point at a place: shares of the way across and up, 0 to 1. */
  pointAt(across: number, up: number): number[] {
    const x = [...this.held];
    if (!this.isLine) x[this.up] = between(this.ranges[this.up], up);
    x[this.across] = between(this.ranges[this.across], across);
    return x;
  }

  /** How far across and up a point is, 0 to 1 within the ranges. */
  placeOf(x: readonly number[]): [across: number, up: number] {
    return [
      share(this.ranges[this.across], x[this.across]),
      share(this.ranges[this.up], x[this.up]),
    ];
  }

  /** How near a point is to the plane: 1 on it, 0 where a held input is a whole range away. */
  nearness(x: readonly number[]): number {
    let far = 0;
    for (const [i, [from, to]] of this.ranges.entries()) {
      if (i === this.across || i === this.up) continue;
      far = Math.max(far, Math.abs(x[i] - this.held[i]) / (to - from));
    }
    return Math.max(0, 1 - far);
  }

  /** How far behind the plane a point is, before it if below 0: in ranges of the held inputs, summed up. */
  behind(x: readonly number[]): number {
    let far = 0;
    for (const [i, [from, to]] of this.ranges.entries()) {
      if (i !== this.across && i !== this.up) far += (x[i] - this.held[i]) / (to - from);
    }
    return far;
  }

  /**
   * The inputs at the middles of `size` times `size` cells, row by row from the top left; for one input,
   * at `size` places from left to right. For each input an array.
   */
  grid(size: number): readonly Float64Array[] {
    const known = this.#grids.get(size);
    if (known !== undefined) return known;
    const rows = this.isLine ? 1 : size;
    const grid = this.held.map((number) => new Float64Array(size * rows).fill(number));
    for (let row = 0, cell = 0; row < rows; row++) {
      for (let column = 0; column < size; column++, cell++) {
        if (!this.isLine)
          grid[this.up][cell] = between(this.ranges[this.up], 1 - (row + 0.5) / size);
        grid[this.across][cell] = between(this.ranges[this.across], (column + 0.5) / size);
      }
    }
    this.#grids.set(size, grid);
    return grid;
  }
}

const between = ([from, to]: Range, share: number) => from + share * (to - from);
const share = ([from, to]: Range, x: number) => (x - from) / (to - from);

const MARGIN = 0.15; // beside the outermost points, as a share of what they span

/** The ranges that show all points, with a margin; all equally long, so that circles are round. */
export function rangesOf(points: readonly (readonly number[])[], inputs: number): Range[] {
  const ends = Array.from({ length: inputs }, (_, i): Range => {
    let [from, to] = [Infinity, -Infinity];
    for (const x of points) {
      from = Math.min(from, x[i]);
      to = Math.max(to, x[i]);
    }
    return from <= to ? [from, to] : [-1, 1];
  });
  const longest = Math.max(...ends.map(([from, to]) => to - from));
  const half = (longest > 0 ? longest : 1) * (0.5 + MARGIN);
  return ends.map(([from, to]) => {
    const middle = from / 2 + to / 2;
    const least = Math.max(half, Math.abs(middle) * 1e-9); // so that the ends are two numbers
    return [middle - least, middle + least];
  });
}

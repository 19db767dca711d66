// The one matcher for closeness. `expect(got).toBeNear(wanted)` compares numbers, or arrays of them
// element by element: NaN is near NaN, an infinity near itself only, and the two zeros are equal.

import { expect } from "vitest";

/** How near is near: any one of the bounds that are given suffices; the relative one is 1e-12. */
export interface Closeness {
  /** At most this share of the wanted number. */
  readonly relative?: number;
  /** At most this much. */
  readonly absolute?: number;
  /** At most so many doubles away; 0 asks for the same number. */
  readonly ulps?: number;
}

type Numbers = number | readonly Numbers[];

declare module "vitest" {
  interface Matchers<T> {
    toBeNear(wanted: Numbers, closeness?: Closeness): void;
  }
}

const bits = new BigInt64Array(1);
const double = new Float64Array(bits.buffer);

/** The place of a double among all doubles in order: neighbours differ by 1, both zeros are 0. */
function place(x: number): bigint {
  double[0] = x;
  return bits[0]! < 0n ? -(bits[0]! & 0x7fffffffffffffffn) : bits[0]!;
}

/** How many doubles apart two numbers are; 0 for two NaNs, Infinity for a NaN and a number. */
export function ulpsBetween(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) === Number.isNaN(y) ? 0 : Infinity;
  const distance = Number(place(x) - place(y));
  return Math.abs(distance);
}

/** Is `got` as near to `wanted` as is asked? */
export function isNear(got: number, wanted: number, closeness: Closeness = {}): boolean {
  if (Object.is(got, wanted) || got === wanted) return true;
  if (!Number.isFinite(got) || !Number.isFinite(wanted)) return false;
  const { absolute = 0, ulps } = closeness;
  const { relative = ulps === undefined ? 1e-12 : 0 } = closeness;
  const difference = Math.abs(got - wanted);
  return (
    difference <= relative * Math.abs(wanted) ||
    difference <= absolute ||
    (ulps !== undefined && ulpsBetween(got, wanted) <= ulps)
  );
}

/** The first place where they differ, as a sentence; "" if there is none. */
function firstDifference(got: unknown, wanted: Numbers, how: Closeness, at: string): string {
  if (typeof wanted === "number") {
    if (typeof got !== "number") return `expected${at} a number near ${wanted}, got ${String(got)}`;
    if (isNear(got, wanted, how)) return "";
    const apart = Math.abs(got - wanted);
    return (
      `expected${at} ${wanted}, got ${got}: ${apart} apart, ` +
      `${apart / Math.abs(wanted)} of it, ${ulpsBetween(got, wanted)} ulps`
    );
  }
  if (!Array.isArray(got) || got.length !== wanted.length) {
    return `expected${at} an array of ${wanted.length} numbers, got ${String(got)}`;
  }
  for (const [i, part] of wanted.entries()) {
    const found = firstDifference(got[i], part, how, `${at} [${i}]`);
    if (found !== "") return found;
  }
  return "";
}

expect.extend({
  toBeNear(got: unknown, wanted: Numbers, closeness: Closeness = {}) {
    const difference = firstDifference(got, wanted, closeness, "");
    return {
      pass: difference === "",
      message: () => difference || `expected ${String(got)} not to be near ${String(wanted)}`,
    };
  },
});

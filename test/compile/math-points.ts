// The numbers at which translations of math.ts are compared with it: 200,000 for each function,
// of every size and at every border. Nothing to read first.

import type { MathName } from "../../src/compile/formula.ts";
import * as math from "../../src/math.ts";
import { xorshiftRandom } from "../../src/random.ts";

export const COUNT = 200_000;

export const functions: Readonly<Record<MathName, (...numbers: number[]) => number>> = { ...math };

/** Points at which something may go wrong, and their neighbours. */
function awkward(): number[] {
  const borders = [
    0,
    5e-324,
    1e-310,
    2.2250738585072014e-308,
    1e-300,
    1e-16,
    1e-9,
    0.25,
    0.3467,
    0.5,
    0.5625,
    Math.SQRT1_2,
    0.75,
    Math.PI / 4,
    1,
    Math.SQRT2,
    Math.PI / 2,
    2,
    Math.PI,
    4,
    6.5,
    22,
    27.3,
    40,
    44,
    60,
    708.4,
    709.78,
    710.5,
    711,
    745.1,
    746,
    1e6,
    2 ** 20,
    1e9,
    2 ** 52,
    2 ** 53,
    1e22,
    1e150,
    1e154,
    1e300,
    2 ** 1023,
    Number.MAX_VALUE,
    Infinity,
  ];
  const near = borders.flatMap((x) => [x, x * (1 - 2 ** -53), x * (1 + 2 ** -52), x + 5e-324]);
  const turns = Array.from({ length: 200 }, (_, n) => ((n * n * n + 1) * Math.PI) / 2);
  return [...near, ...turns].flatMap((x) => [x, -x]).concat(NaN);
}

/** Numbers of every size, those of common size more often. */
function inputs(seed: number): Float64Array {
  const random = xorshiftRandom(seed);
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  const points = awkward();
  return Float64Array.from({ length: COUNT }, (_, i) => {
    if (i < points.length) return points[i]!;
    words.set([random.integer(0xffffffff), random.integer(0xffffffff)]);
    return i % 4 === 0 ? double[0]! : random.uniform(-1, 1) * [0, 1, 30, 2000][i % 4]!;
  });
}

/** Pairs for pow: every awkward point with every other, then numbers of every size. */
function pairs(): [xs: Float64Array, ys: Float64Array] {
  const xs = inputs(2);
  const ys = inputs(3);
  const special = [
    0,
    5e-324,
    1e-310,
    0.5,
    1 - 2 ** -53,
    1,
    1 + 2 ** -52,
    2,
    3,
    2 ** 52 + 1,
    2 ** 53,
  ]
    .concat(0.1, 1.5, 10, 1e9 + 1, 1e15, 1e154, 1e300, Number.MAX_VALUE, Infinity)
    .flatMap((x) => [x, -x])
    .concat(NaN);
  special.forEach((x, i) => {
    xs.fill(x, i * special.length, (i + 1) * special.length);
    ys.set(special, i * special.length);
  });
  // Whole exponents of common size, so that negative numbers have powers too.
  for (let i = 10_000; i < COUNT; i += 5) ys[i] = Math.round(ys[i]! / 50);
  return [xs, ys];
}

/** The first input of which the result is not that of math.ts. */
export function firstDifference(
  name: MathName,
  got: Float64Array,
  columns: readonly Float64Array[],
) {
  for (const [i, y] of got.entries()) {
    const at = columns.map((column) => column[i]!);
    const wanted = functions[name](...at);
    if (!Object.is(y, wanted)) return { at, got: y, wanted };
  }
  return "none";
}

const ofOne = inputs(1);
export const ofTwo = pairs();
export const columnsOf = (name: MathName) => (functions[name].length === 2 ? ofTwo : [ofOne]);

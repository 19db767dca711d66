// A million results of math.ts as one hash, to compare runtimes; read src/math.ts first.

import * as math from "../../src/math.ts";
import { Hash } from "./hash.ts";

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
double[0] = 1;
const HIGH = words[0] === 0 ? 1 : 0; // which word comes first depends on the processor
const LOW = 1 - HIGH;

const ofOne = [
  math.exp,
  math.expm1,
  math.log,
  math.log1p,
  math.log2,
  math.log10,
  math.sin,
  math.cos,
  math.tan,
  math.atan,
  math.sinh,
  math.cosh,
  math.asinh,
  math.tanh,
  math.erf,
  math.erfc,
];

const special = [0, 1, Infinity, NaN, 5e-324, 2.2250738585072014e-308, Number.MAX_VALUE, 0.5, 2];

/** An integer generator of its own: 32 bits a call (a counter, scrambled as in MurmurHash3). */
function integers(seed: number): () => number {
  let counter = seed;
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    let h = counter;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  };
}

/**
 * The `i`-th input. By turns: any 64 bits at all (every exponent, subnormal numbers, NaN); a
 * number of ordinary size; a small one; a special value. All of them with either sign.
 */
function input(i: number, next: () => number): number {
  const kind = i % 4;
  double[0] = special[next() % special.length];
  if (kind === 0) words[HIGH] = next();
  if (kind === 1) words[HIGH] = 0x3fe00000 + (next() % 0x00a00000); // 1/2 to 512
  if (kind === 2) words[HIGH] = 0x3c000000 + (next() % 0x04000000); // 2^-63 to 2
  if (kind !== 3 || i % 16 === 3) words[LOW] = next();
  return next() % 2 === 0 ? double[0] : -double[0];
}

/**
 * Runs `count` inputs through the functions of math.ts, each in turn, and returns a hash of all
 * bits of the results as 16 hex digits.
 */
export function mathBits(count: number = 1_000_000): string {
  const next = integers(1);
  const hash = new Hash();
  const functions = ofOne.length + 1; // and pow
  for (let i = 0; i < count; i++) {
    const f = i % functions;
    const round = Math.floor(i / functions);
    const x = input(round, next);
    hash.add(f < ofOne.length ? ofOne[f](x) : math.pow(x, input(round >> 2, next)));
  }
  return hash.toString();
}

/**
 * Random numbers that a seed decides, the same on every machine, drawn as Python, numpy and
 * EurekaLabs' micrograd draw them, so that their published runs can be replayed. Before: math.ts.
 */

import { describe, expectFinite } from "./errors.ts";
import { cos, log, sin } from "./math.ts";

/**
 * A stream of random numbers. Everything here that needs chance takes one of these.
 *
 * The functions may be taken out of the object: `const { uniform } = pythonRandom(1337)` works.
 */
export interface Random {
  /** The next number, equally likely anywhere in 0 <= x < 1. */
  next(): number;
  /**
   * A number between `low` (0 if left out) and `high` (1): low + (high - low) * next(). Rounding
   * may reach `high` itself. TypeError unless both, and their difference, are finite numbers.
   */
  uniform(low?: number, high?: number): number;
  /**
   * A number from the bell curve around `mean` (0 if left out) with standard deviation `std` (1).
   * TypeError unless both are finite numbers, RangeError if std is negative.
   */
  normal(mean?: number, std?: number): number;
  /**
   * A whole number, each of 0, 1, ..., n - 1 equally likely. RangeError unless n is a whole number
   * from 1 to 2^32 - 1.
   */
  integer(n: number): number;
  /** Puts the items of an array into random order, in place. TypeError unless it is an array. */
  shuffle(items: unknown[]): void;
}

/**
 * The numbers that Python 3 draws after `random.seed(seed)`, call for call: `next` is random(),
 * `uniform` is uniform(), `normal` is gauss(), `integer` is randrange(), `shuffle` is shuffle().
 * The bits are Python's, except that `normal` can differ in the last digits, because it uses our
 * logarithm, sine and cosine (the same on every machine) and Python uses those of its machine.
 *
 *     pythonRandom(1337).uniform(-1, 1); // 0.23550571390294128
 *
 * `seed` is a whole number from 0 to 2^53 - 1, or a bigint from 0 on; TypeError for another kind,
 * RangeError for another number.
 *
 * Source: Matsumoto and Nishimura, "Mersenne Twister" (1998), generator and init_by_array;
 * Python's documentation of its module `random`.
 */
export function pythonRandom(seed: number | bigint): Random {
  const nextWord = mersenneTwister(stateFromWords(wordsOf(checkSeed("pythonRandom", seed))));
  const next = () => next53(nextWord);

  // Python asks for as many bits as n has, and asks again while they make a number >= n.
  function integerBelow(n: number): number {
    const unusedBits = Math.clz32(n);
    let candidate = nextWord() >>> unusedBits;
    while (candidate >= n) candidate = nextWord() >>> unusedBits;
    return candidate;
  }

  // Box and Muller: a random direction in the plane and a random length give two numbers.
  function normalPair(): [number, number] {
    const angle = next() * (2 * Math.PI);
    const length = Math.sqrt(-2 * log(1 - next()));
    return [cos(angle) * length, sin(angle) * length];
  }

  return randomFrom(next, integerBelow, normalPair);
}

/**
 * The numbers that numpy's `RandomState(seed)`, or `np.random` after `np.random.seed(seed)`, draws,
 * call for call: `next` is random_sample(), `uniform` is uniform(), `normal` is normal(), `integer`
 * is randint(n), `shuffle` is shuffle() of an array. The bits are numpy's, except that `normal` can
 * differ in the last digits, because it uses our logarithm. (numpy's newer `default_rng` is
 * another generator.)
 *
 *     numpyRandom(1337).next(); // 0.2620246750155817
 *
 * `seed` is a whole number or bigint from 0 to 2^32 - 1; TypeError for another kind, RangeError for
 * another number.
 *
 * Source: Matsumoto and Nishimura (1998), generator and init_genrand; numpy's documentation of
 * RandomState; Marsaglia and Bray, "A convenient method for generating normal variables" (1964).
 */
export function numpyRandom(seed: number | bigint): Random {
  const start = checkSeed("numpyRandom", seed, 0xffffffffn);
  const nextWord = mersenneTwister(stateFromOneWord(Number(start)));
  const next = () => next53(nextWord);
  return randomFrom(
    next,
    (n) => maskedIntegerBelow(nextWord, n),
    () => polarNormalPair(next),
  );
}

/**
 * The numbers of the xorshift64* generator as EurekaLabs' micrograd uses it (`RNG` in its
 * utils.py): `next` and `uniform` give the same bits. A `next` has only 24 random bits. That class
 * has no others; ours draw `integer` and `shuffle` as numpyRandom does, from the upper 32 bits of
 * each output, and `normal` as numpyRandom does, from `next`.
 *
 *     xorshiftRandom(42).next(); // 0.3390852212905884
 *
 * `seed` is a whole number from 1 to 2^53 - 1, or a bigint from 1 to 2^64 - 1; TypeError for
 * another kind, RangeError for another number. Zero is refused: it would give zeros for ever.
 *
 * Source: Vigna, "An experimental exploration of Marsaglia's xorshift generators" (2016);
 * https://github.com/EurekaLabsAI/micrograd.
 */
export function xorshiftRandom(seed: number | bigint): Random {
  let state = checkSeed("xorshiftRandom", seed, 0xffffffffffffffffn);
  if (state === 0n) {
    throw new RangeError(
      "xorshiftRandom: expected a seed of at least 1, got 0, which gives only zeros",
    );
  }

  function nextWord(): number {
    state ^= state >> 12n;
    state = BigInt.asUintN(64, state ^ (state << 25n));
    state ^= state >> 27n;
    return Number(BigInt.asUintN(64, state * 0x2545f4914f6cdd1dn) >> 32n);
  }
  const next = () => (nextWord() >>> 8) / 0x1000000;

  return randomFrom(
    next,
    (n) => maskedIntegerBelow(nextWord, n),
    () => polarNormalPair(next),
  );
}

/** What the generators share, made of the three things in which they differ. */
function randomFrom(
  next: () => number,
  integerBelow: (n: number) => number,
  normalPair: () => [number, number],
): Random {
  // Normal numbers come in pairs; the second waits here for the next call.
  let waiting: number | undefined;

  function standardNormal(): number {
    if (waiting !== undefined) {
      const second = waiting;
      waiting = undefined;
      return second;
    }
    const [first, second] = normalPair();
    waiting = second;
    return first;
  }

  return {
    next,

    uniform(low = 0, high = 1) {
      expectFinite(low, "Random.uniform, low");
      expectFinite(high, "Random.uniform, high");
      expectFinite(high - low, "Random.uniform, high - low");
      return low + (high - low) * next();
    },

    normal(mean = 0, std = 1) {
      expectFinite(mean, "Random.normal, mean");
      expectFinite(std, "Random.normal, std");
      if (std < 0) throw new RangeError(`Random.normal, std: expected at least 0, got ${std}`);
      return mean + std * standardNormal();
    },

    integer(n) {
      if (!Number.isInteger(n) || n < 1 || n > 0xffffffff) {
        throw new RangeError(
          `Random.integer: expected a whole number from 1 to 2^32 - 1, got ${describe(n)}`,
        );
      }
      return integerBelow(n);
    },

    // Fisher and Yates: from the end, every place swaps with a random one at or before it.
    shuffle(items) {
      if (!Array.isArray(items)) {
        throw new TypeError(`Random.shuffle: expected an array, got ${describe(items)}`);
      }
      for (let last = items.length - 1; last > 0; last--) {
        const chosen = integerBelow(last + 1);
        const item = items[last];
        items[last] = items[chosen];
        items[chosen] = item;
      }
    },
  };
}

// The Mersenne Twister: 624 words of 32 bits; each round makes 624 new ones out of them.

const SIZE = 624;
const MIDDLE = 397;

/** The generator: every call gives the next 32 random bits, as a number from 0 to 2^32 - 1. */
function mersenneTwister(state: Uint32Array): () => number {
  let used = SIZE; // how many words of this round have been given out

  function startNextRound(): void {
    for (let i = 0; i < SIZE; i++) {
      // The top bit of one word and the other 31 bits of its neighbour...
      const joined = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
      // ...times a fixed 32 x 32 matrix of bits: a shift, and a constant if a 1 was shifted out.
      const twisted = (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
      state[i] = state[(i + MIDDLE) % SIZE]! ^ twisted;
    }
    used = 0;
  }

  return () => {
    if (used === SIZE) startNextRound();
    // Tempering: mixes the bits of one word so that the high and the low ones are equally good.
    let word = state[used++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> 0;
  };
}

/** The state that follows from one word of seed (init_genrand). */
function stateFromOneWord(seed: number): Uint32Array {
  const state = new Uint32Array(SIZE);
  state[0] = seed;
  for (let i = 1; i < SIZE; i++) state[i] = mixed(state[i - 1]!, 1812433253) + i;
  return state;
}

/** The state that follows from any number of words of seed (init_by_array). */
function stateFromWords(words: number[]): Uint32Array {
  const state = stateFromOneWord(19650218);
  const placeAfter = (i: number) => (i === SIZE - 1 ? 1 : i + 1); // place 0 is left out
  let i = 0;
  let before = state[0]!; // the word written last

  // First every word of seed is mixed in, at least once...
  for (let round = 0; round < Math.max(SIZE, words.length); round++) {
    i = placeAfter(i);
    const from = round % words.length;
    state[i] = (state[i]! ^ mixed(before, 1664525)) + words[from]! + from;
    before = state[i]!;
  }
  // ...then they are spread over the whole state.
  for (let round = 1; round < SIZE; round++) {
    i = placeAfter(i);
    state[i] = (state[i]! ^ mixed(before, 1566083941)) - i;
    before = state[i]!;
  }
  state[0] = 0x80000000; // whatever the seed, the state is not all zeros
  return state;
}

/** One step of seeding: the top two bits also go to the bottom, then a product modulo 2^32. */
function mixed(word: number, factor: number): number {
  return Math.imul(word ^ (word >>> 30), factor);
}

/** A number in 0 <= x < 1 with all 53 bits random: 27 bits of one word, 26 of the next. */
function next53(nextWord: () => number): number {
  const high = nextWord() >>> 5;
  const low = nextWord() >>> 6;
  return (high * 0x4000000 + low) / 0x20000000000000;
}

/** One of 0, ..., n - 1: as many bits of a word as n - 1 has, and again while that is too large. */
function maskedIntegerBelow(nextWord: () => number, n: number): number {
  const largest = n - 1;
  if (largest === 0) return 0; // without drawing, as numpy
  const mask = 0xffffffff >>> Math.clz32(largest);
  let candidate = (nextWord() & mask) >>> 0;
  while (candidate > largest) candidate = (nextWord() & mask) >>> 0;
  return candidate;
}

/**
 * Marsaglia's polar method: a random point of the unit disc gives two normal numbers. The one made
 * of its second coordinate comes first, as in numpy.
 */
function polarNormalPair(next: () => number): [number, number] {
  let x: number;
  let y: number;
  let squaredLength: number;
  do {
    x = 2 * next() - 1;
    y = 2 * next() - 1;
    squaredLength = x * x + y * y;
  } while (squaredLength >= 1 || squaredLength === 0);
  const stretch = Math.sqrt((-2 * log(squaredLength)) / squaredLength);
  return [stretch * y, stretch * x];
}

/** The seed as a bigint, if it is a whole number from 0 to `largest`, or to any size without it. */
function checkSeed(where: string, seed: number | bigint, largest?: bigint): bigint {
  if (typeof seed !== "number" && typeof seed !== "bigint") {
    throw new TypeError(`${where}: expected a whole number as the seed, got ${describe(seed)}`);
  }
  if (typeof seed === "number" && !Number.isSafeInteger(seed)) {
    throw new RangeError(`${where}: expected a whole seed up to 2^53 - 1, got ${seed}`);
  }
  if (seed < 0) throw new RangeError(`${where}: expected a seed of at least 0, got ${seed}`);
  if (largest !== undefined && seed > largest) {
    throw new RangeError(`${where}: expected a seed up to ${largest}, got ${seed}`);
  }
  return BigInt(seed);
}

/** The 32-bit words of a seed, lowest first; a zero has one word. */
function wordsOf(seed: bigint): number[] {
  const words = [];
  for (let rest = seed; rest > 0n || words.length === 0; rest >>= 32n) {
    words.push(Number(rest & 0xffffffffn));
  }
  return words;
}

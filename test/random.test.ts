// The generators draw what the published ones draw. The tables were printed by Python 3.11 and
// numpy 1.24 with the commands above them.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { numpyRandom, pythonRandom, type Random, xorshiftRandom } from "../src/random.ts";
import "./closeness.ts";

// Equal but for the last digits, which depend on whose logarithm and cosine it was.
const lastDigits = { relative: 0, absolute: 1e-14 };

/** What a row of the tables holds: draws of every kind, so that the order matters too. */
function rowOf(random: Random): { exact: number[]; normal: number[] } {
  const start = [random.next(), random.uniform(-3, 5)];
  const whole = [random.integer(1), random.integer(10), random.integer(2 ** 31 + 1)];
  const normal = [random.normal(), random.normal(2, 3)];
  return { exact: [...start, ...whole, random.next()], normal };
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

// python3 -c "import random
// for s in (0, 1, 1337, 2**32, 2**53-1, 10**30): r = random.Random(s); print([r.random(),
//   r.uniform(-3, 5), r.randrange(1), r.randrange(10), r.randrange(2**31 + 1),
//   r.gauss(0, 1), r.gauss(2, 3), r.random()])"
test.each([
  {
    seed: 0,
    exact: [0.8444218515250481, 3.06363522352242, 0, 0, 1112038970, 0.9182343317851318],
    normal: [1.1265434960496987, 1.2549213745204604],
  },
  {
    seed: 1,
    exact: [0.13436424411240122, 3.7794698954978614, 0, 4, 506456969, 0.651592972722763],
    normal: [-1.0921732151041414, 2.0940035504951506],
  },
  {
    seed: 1337,
    exact: [0.6177528569514706, 1.2661245888400066, 0, 9, 711621471, 0.6348739250720502],
    normal: [0.1418444490502956, -0.6650724450245606],
  },
  {
    seed: 2 ** 32,
    exact: [0.11299430095636409, 0.3426309189034269, 0, 0, 1423829729, 0.013998308316504615],
    normal: [1.6982038273246525, -6.273521985340736],
  },
  {
    seed: 2 ** 53 - 1,
    exact: [0.09425040007102303, -1.2170035390506078, 0, 2, 499576870, 0.03491225293798095],
    normal: [0.9392233642521693, 3.9643042349776816],
  },
  {
    seed: 10n ** 30n,
    exact: [0.9341508484568806, 1.2024550511779486, 0, 0, 1417110675, 0.45506144196858833],
    normal: [1.9229031863633754, 0.34830602851362835],
  },
])("pythonRandom($seed): draws what Python draws, whatever is asked for", (wanted) => {
  const row = rowOf(pythonRandom(wanted.seed));
  expect(row.exact).toEqual(wanted.exact);
  expect(row.normal).toBeNear(wanted.normal, lastDigits);
});

test("pythonRandom: shuffle gives Python's order, and 10,000 draws later it still agrees", () => {
  // python3 -c "import random; r = random.Random(1337); a = list(range(20)); r.shuffle(a);
  //   print(a, [r.random() for _ in range(10000)][-1])"
  const random = pythonRandom(1337);
  const items = range(20);
  random.shuffle(items);
  expect(items).toEqual([13, 1, 2, 9, 7, 8, 0, 18, 3, 14, 4, 16, 12, 15, 6, 10, 5, 11, 17, 19]);
  for (let i = 1; i < 10_000; i++) random.next();
  expect(random.next()).toBe(0.9945263238988992);
});

test("pythonRandom: seed 1337 gives the first weights of Karpathy's moons demo", () => {
  const random = pythonRandom(1337);
  const weights = range(4).map(() => random.uniform(-1, 1));
  expect(weights).toEqual([
    0.23550571390294128, 0.06653114721000164, -0.26830328150124894, 0.1715747078045431,
  ]);
});

test("pythonRandom: a seed is the same as number and as bigint", () => {
  expect(pythonRandom(123456789012345).next()).toBe(pythonRandom(123456789012345n).next());
});

test("pythonRandom: of a seed longer than the state every word counts", () => {
  // python3 -c "import random; print(random.Random(2**30000 + 1).random())"
  expect(pythonRandom(2n ** 30_000n + 1n).next()).toBe(0.27089697031096305);
});

// python3 -c "import numpy
// for s in (0, 1, 1337, 2**32-1): r = numpy.random.RandomState(s); print([r.random_sample(),
//   r.uniform(-3, 5), r.randint(1), r.randint(10), r.randint(2**31 + 1), r.normal(0, 1),
//   r.normal(2, 3), r.random_sample()])"
test.each([
  {
    seed: 0,
    exact: [0.5488135039273248, 2.721514930979356, 0, 3, 1819583497, 0.2975346065444723],
    normal: [-1.4223258434690438, 6.5602084705969155],
  },
  {
    seed: 1,
    exact: [0.417022004702574, 2.762595947537265, 0, 9, 1298508491, 0.66974603680348],
    normal: [-1.601721003768678, -2.4334887125229825],
  },
  {
    seed: 1337,
    exact: [0.2620246750155817, -1.730528222764275, 0, 7, 1972751015, 0.27048190484057777],
    normal: [-1.722627690255963, 4.8854959617818],
  },
  {
    seed: 2 ** 32 - 1,
    exact: [0.0976320289940138, 4.2990627624209745, 0, 4, 77050329, 0.6954989667692568],
    normal: [0.03707426253214244, -3.488453838614328],
  },
])("numpyRandom($seed): draws what RandomState draws, whatever is asked for", (wanted) => {
  const row = rowOf(numpyRandom(wanted.seed));
  expect(row.exact).toEqual(wanted.exact);
  expect(row.normal).toBeNear(wanted.normal, lastDigits);
});

test("numpyRandom: a shuffle and then normal numbers, as make_moons asks for them", () => {
  // python3 -c "import numpy; r = numpy.random.RandomState(1337); a = numpy.arange(100);
  //   r.shuffle(a); print(a[:20].tolist(), r.normal(scale=0.1, size=4).tolist(),
  //   r.random_sample(10000)[-1])"
  const random = numpyRandom(1337);
  const items = range(100);
  random.shuffle(items);
  expect(items.slice(0, 20)).toEqual([
    2, 48, 86, 44, 59, 56, 79, 70, 91, 17, 50, 32, 36, 87, 15, 11, 63, 81, 30, 43,
  ]);
  expect(range(4).map(() => random.normal(0, 0.1))).toBeNear(
    [0.1303245937177223, -0.04639998826731903, 0.1791159796666672, -0.005280156072763234],
    lastDigits,
  );
  for (let i = 1; i < 10_000; i++) random.next();
  expect(random.next()).toBe(0.5688224607647931);
});

// with utils.py of EurekaLabs' micrograd: python3 -c "from utils import RNG
// for s in (1, 42, 2**53-1, 2**64-1): r = RNG(s); print([r.random(), r.random(),
//   r.uniform(-3, 5), [r.random() for _ in range(1000)][-1]])"
test.each([
  {
    seed: 1,
    draws: [0.28083503246307373, 0.6711372137069702, 2.8067688941955566, 0.8595308661460876],
  },
  {
    seed: 42,
    draws: [0.3390852212905884, 0.7822558283805847, 3.3210959434509277, 0.3348233103752136],
  },
  {
    seed: 2 ** 53 - 1,
    draws: [0.5702994465827942, 0.6374435424804688, -1.9722018241882324, 0.09378474950790405],
  },
  {
    seed: 2n ** 64n - 1n,
    draws: [0.9733396172523499, 0.5623247623443604, -1.3617453575134277, 0.013729453086853027],
  },
])("xorshiftRandom($seed): draws what EurekaLabs' micrograd draws", ({ seed, draws }) => {
  const random = xorshiftRandom(seed);
  const first = [random.next(), random.next(), random.uniform(-3, 5)];
  for (let i = 1; i < 1000; i++) random.next();
  expect([...first, random.next()]).toEqual(draws);
});

test("xorshiftRandom: zero is refused, it would give zeros for ever", () => {
  expect(() => xorshiftRandom(0)).toThrow(
    new RangeError("xorshiftRandom: expected a seed of at least 1, got 0, which gives only zeros"),
  );
  expect(() => xorshiftRandom(0n)).toThrow(RangeError);
});

const generators = { pythonRandom, numpyRandom, xorshiftRandom };

describe.each(Object.entries(generators))("%s", (name, make) => {
  const seeds = fc.integer({ min: 1, max: 2 ** 32 - 1 });

  test(`${name}: the same seed gives the same draws, and streams are independent`, () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const alone = rowOf(make(seed));
        const first = make(seed);
        const second = make(seed);
        second.normal();
        expect(rowOf(first)).toEqual(alone);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test(`${name}.integer: lies in 0 <= x < n for every n`, () => {
    const sizes = fc.oneof(fc.integer({ min: 1, max: 20 }), seeds);
    fc.assert(
      fc.property(seeds, sizes, (seed, n) => {
        const random = make(seed);
        for (let i = 0; i < 10; i++) {
          const x = random.integer(n);
          expect(Number.isInteger(x) && x >= 0 && x < n, `${x} of ${n}`).toBe(true);
        }
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  test(`${name}.integer: every number is as likely as every other`, () => {
    // Chi-square of 7 cells and 7,000 draws: above 22.5 only once in a thousand seeds.
    const random = make(5);
    const counts = new Array(7).fill(0);
    for (let i = 0; i < 7000; i++) counts[random.integer(7)]++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(22.5);
  });

  test(`${name}.shuffle: loses and doubles nothing`, () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.integer()), (seed, items) => {
        const shuffled = [...items];
        make(seed).shuffle(shuffled);
        expect(shuffled.sort()).toEqual([...items].sort());
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  test(`${name}.shuffle: every order is as likely as every other`, () => {
    // Chi-square of 6 cells and 6,000 shuffles: above 20.5 only once in a thousand seeds.
    const random = make(5);
    const counts: Record<string, number> = {};
    for (let i = 0; i < 6000; i++) {
      const items = ["a", "b", "c"];
      random.shuffle(items);
      const order = items.join("");
      counts[order] = (counts[order] ?? 0) + 1;
    }
    expect(Object.keys(counts).length).toBe(6);
    const chiSquare = Object.values(counts).reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(20.5);
  });

  test(`${name}.normal: has the mean, spread and tails that were asked for`, () => {
    const random = make(11);
    const draws = range(40_000).map(() => random.normal(5, 2));
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const moment = (power: number) =>
      draws.reduce((sum, x) => sum + ((x - 5) / 2) ** power, 0) / draws.length;
    // Four standard errors: 2 / 200 for the mean, sqrt(2) / 200 and sqrt(96) / 200 for the others.
    expect(Math.abs(mean - 5)).toBeLessThan(0.04);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.029);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.2);
  });

  test(`${name}.uniform: lies between its bounds; left out they are 0 and 1`, () => {
    const random = make(13);
    const same = make(13);
    for (let i = 0; i < 1000; i++) {
      const x = random.uniform(-2, 6);
      expect(x).toBe(-2 + 8 * same.uniform());
      expect(x >= -2 && x < 6).toBe(true);
    }
  });

  test(`${name}: the functions work without the object`, () => {
    const { next, uniform, normal, integer, shuffle } = make(1337);
    const items = [1, 2, 3, 4, 5, 6, 7, 8];
    const draws = [next(), uniform(), normal(), normal(), integer(100)];
    shuffle(items);
    const random = make(1337);
    const others = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(draws).toEqual([
      random.next(),
      random.uniform(),
      random.normal(),
      random.normal(),
      random.integer(100),
    ]);
    random.shuffle(others);
    expect(items).toEqual(others);
  });

  test.each([
    ["NaN", Number.NaN, RangeError],
    ["Infinity", Number.POSITIVE_INFINITY, RangeError],
    ["-1", -1, RangeError],
    ["-1n", -1n, RangeError],
    ["1.5", 1.5, RangeError],
    ["2^53", 2 ** 53, RangeError],
    ["a string", "1337", TypeError],
    ["undefined", undefined, TypeError],
    ["null", null, TypeError],
    ["an array", [1], TypeError],
    ["true", true, TypeError],
  ])(`${name}: %s is no seed`, (_, seed, kind) => {
    const call = () => make(seed as number);
    expect(call).toThrow(kind);
    expect(call).toThrow(new RegExp(`^${name}: expected a .*, got `));
  });

  test.each([
    ["0", 0],
    ["-1", -1],
    ["2.5", 2.5],
    ["NaN", Number.NaN],
    ["2^32", 2 ** 32],
    ["a string", "6"],
    ["nothing", undefined],
  ])(`${name}.integer: %s is no size`, (_, n) => {
    const random = make(1);
    const call = () => random.integer(n as number);
    expect(call).toThrow(RangeError);
    expect(call).toThrow("Random.integer: expected a whole number from 1 to 2^32 - 1, got ");
  });

  test(`${name}: uniform and normal refuse what is no finite number, by name`, () => {
    const random = make(1);
    const text = "1" as unknown as number; // what a form or a command line hands over
    expect(() => random.uniform(text, 2)).toThrow(/^Random.uniform, low: expected a finite number/);
    expect(() => random.uniform(0, Number.NaN)).toThrow(/^Random.uniform, high: .* got NaN$/);
    expect(() => random.uniform(-1e308, 1e308)).toThrow(/high - low: .* got Infinity$/);
    expect(() => random.normal(text)).toThrow(/^Random.normal, mean: expected a finite number/);
    expect(() => random.normal(0, Number.POSITIVE_INFINITY)).toThrow(/^Random.normal, std: /);
    expect(() => random.normal(0, -1)).toThrow(
      new RangeError("Random.normal, std: expected at least 0, got -1"),
    );
  });

  test(`${name}.shuffle: takes nothing but arrays, short ones included`, () => {
    const random = make(1);
    expect(() => random.shuffle("abc" as unknown as unknown[])).toThrow(
      /^Random.shuffle: expected an array, got "abc"/,
    );
    const none: number[] = [];
    const one = [7];
    random.shuffle(none);
    random.shuffle(one);
    expect([none, one]).toEqual([[], [7]]);
  });
});

test("numpyRandom, xorshiftRandom: seeds beyond 32 and 64 bits are refused", () => {
  expect(() => numpyRandom(2 ** 32)).toThrow(
    new RangeError("numpyRandom: expected a seed up to 4294967295, got 4294967296"),
  );
  expect(() => xorshiftRandom(2n ** 64n)).toThrow(RangeError);
});

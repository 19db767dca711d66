// math.ts against true values computed with 60 digits (reference/make.py), and at every edge.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as math from "../src/math.ts";

const { exp, expm1, log, log1p, log2, log10, sin, cos, tan, atan, sinh, cosh, asinh, tanh } = math;
const { pow, erf, erfc } = math;

const ofOne = {
  exp,
  expm1,
  log,
  log1p,
  log2,
  log10,
  sin,
  cos,
  tan,
  atan,
  sinh,
  cosh,
  asinh,
  tanh,
  erf,
  erfc,
};

/** [x, high, ulps]: the true value at x is high + ulps * (one ulp of high); for pow [x, y, ...]. */
type Row = number[];
const reference: Record<string, Row[]> = JSON.parse(
  readFileSync(new URL("./reference/math.json", import.meta.url), "utf8"),
);

/** The distance from |x| to the next larger double: 2^(e - 52) for 2^e <= |x| < 2^(e + 1). */
function ulp(x: number): number {
  const size = Math.abs(x);
  if (size < 2 ** -1022) return 2 ** -1074;
  let e = Math.floor(Math.log2(size));
  while (2 ** e > size) e--;
  while (e < 1023 && 2 ** (e + 1) <= size) e++;
  return 2 ** (e - 52);
}

/**
 * How far `got` is from the true value high + ulps * ulp(high), in ulps of the true value. Those
 * are half as large where high is a power of two and the truth lies below it.
 */
function error(got: number, high: number, ulps: number): number {
  if (!Number.isFinite(got)) return Infinity;
  const unit = ulp(high);
  const powerOfTwo = Math.abs(high) === unit * 2 ** 52 && Math.abs(high) > 2 ** -1022;
  const below = Math.sign(high) * ulps < 0;
  return Math.abs((got - high) / unit - ulps) * (powerOfTwo && below ? 2 : 1);
}

/** The row on which `f` is farthest from the truth. */
function worst(f: (...inputs: number[]) => number, rows: Row[]) {
  let found = { error: -1, inputs: [] as number[], got: 0 };
  for (const row of rows) {
    const inputs = row.slice(0, -2);
    const got = f(...inputs);
    const e = error(got, row.at(-2)!, row.at(-1)!);
    if (!(e <= found.error)) found = { error: e, inputs, got };
  }
  return found;
}

describe("error", () => {
  it("counts ulps of the truth, also below a power of two and among subnormal numbers", () => {
    expect(error(1, 1, 0.25)).toBe(0.25);
    expect(error(1 + 2 ** -52, 1, 0.25)).toBe(0.75);
    expect(error(1, 1, -0.125)).toBe(0.25); // below 1 an ulp is 2^-53
    expect(error(-1, -1, 0.125)).toBe(0.25);
    expect(error(2 ** -1074, 2 ** -1074, 0.5)).toBe(0.5);
    expect(error(0, 3 * 2 ** -1074, 0.5)).toBe(3.5);
    expect(error(2 ** 1023, 2 ** 1023, 0.1)).toBe(0.1);
    expect(error(NaN, 1, 0)).toBe(Infinity);
  });
});

describe("the whole range", () => {
  /** What the comments of math.ts promise: the largest error met on millions of points. */
  const bounds: Record<keyof typeof ofOne | "pow", number> = {
    exp: 0.75,
    expm1: 0.83,
    log: 0.87,
    log1p: 0.89,
    log2: 0.51,
    log10: 0.51,
    sin: 0.81,
    cos: 0.83,
    tan: 0.94,
    atan: 0.57,
    sinh: 0.73,
    cosh: 0.64,
    asinh: 0.86,
    tanh: 1.11,
    erf: 0.85,
    erfc: 0.87,
    pow: 0.75,
  };
  const functions: Record<string, (...inputs: number[]) => number> = { ...ofOne, pow };
  for (const [name, bound] of Object.entries(bounds)) {
    const rows = reference[name]!;
    it(`${name}: at ${rows.length} points within ${bound} ulp of the truth`, () => {
      expect(rows.length).toBeGreaterThan(250);
      const found = worst(functions[name]!, rows);
      expect(found.error, `at ${found.inputs}: ${found.got}`).toBeLessThanOrEqual(bound);
    });
  }
});

describe("special values", () => {
  const least = 5e-324; // the smallest positive double
  const largest = Number.MAX_VALUE;
  const halfPi = Math.PI / 2;
  // name: [x, result], ...
  const table: Record<keyof typeof ofOne, [number, number][]> = {
    exp: [
      [0, 1],
      [-0, 1],
      [least, 1],
      [1, Math.E],
      [Infinity, Infinity],
      [-Infinity, 0],
      [709.7827128933841, Infinity], // e^709.78... is the first beyond the largest double
      [largest, Infinity],
      [-745.1332191019412, 0],
      [-largest, 0],
    ],
    expm1: [
      [0, 0],
      [-0, -0],
      [least, least],
      [-least, -least],
      [Infinity, Infinity],
      [-Infinity, -1],
      [709.7827128933841, Infinity],
      [-largest, -1],
    ],
    log: [
      [1, 0],
      [0, -Infinity],
      [-0, -Infinity],
      [Infinity, Infinity],
      [-1, NaN],
      [-least, NaN],
      [-Infinity, NaN],
    ],
    log1p: [
      [0, 0],
      [-0, -0],
      [least, least],
      [-least, -least],
      [-1, -Infinity],
      [-1.0000000000000002, NaN],
      [Infinity, Infinity],
      [-Infinity, NaN],
    ],
    log2: [
      [1, 0],
      [0, -Infinity],
      [-0, -Infinity],
      [least, -1074],
      [Infinity, Infinity],
      [-1, NaN],
      [-Infinity, NaN],
    ],
    log10: [
      [1, 0],
      [0, -Infinity],
      [-0, -Infinity],
      [Infinity, Infinity],
      [-1, NaN],
      [-Infinity, NaN],
    ],
    sin: [
      [0, 0],
      [-0, -0],
      [least, least],
      [-least, -least],
      [halfPi, 1],
      [1e22, -0.8522008497671888], // a published test of argument reduction
      [Infinity, NaN],
      [-Infinity, NaN],
    ],
    cos: [
      [0, 1],
      [-0, 1],
      [least, 1],
      [Math.PI, -1],
      [Infinity, NaN],
      [-Infinity, NaN],
    ],
    tan: [
      [0, 0],
      [-0, -0],
      [least, least],
      [-least, -least],
      [halfPi, 16331239353195370], // halfPi falls short of pi/2 by 6.123e-17
      [Infinity, NaN],
      [-Infinity, NaN],
    ],
    atan: [
      [0, 0],
      [-0, -0],
      [least, least],
      [-least, -least],
      [1, Math.PI / 4],
      [-1, -Math.PI / 4],
      [largest, halfPi],
      [Infinity, halfPi],
      [-Infinity, -halfPi],
    ],
    sinh: [
      [0, 0],
      [-0, -0],
      [least, least],
      [-least, -least],
      [Infinity, Infinity],
      [-Infinity, -Infinity],
      [710.4758600739439, 1.7976931348621744e308], // the last below the largest double
      [710.475860073944, Infinity],
      [-710.475860073944, -Infinity],
    ],
    cosh: [
      [0, 1],
      [-0, 1],
      [least, 1],
      [Infinity, Infinity],
      [-Infinity, Infinity],
      [710.475860073944, Infinity],
      [-largest, Infinity],
    ],
    asinh: [
      [0, 0],
      [-0, -0],
      [least, least],
      [-least, -least],
      [largest, 710.475860073944],
      [Infinity, Infinity],
      [-Infinity, -Infinity],
    ],
    tanh: [
      [0, 0],
      [-0, -0],
      [least, least],
      [-least, -least],
      [20, 1],
      [-largest, -1],
      [Infinity, 1],
      [-Infinity, -1],
    ],
    erf: [
      [0, 0],
      [-0, -0],
      [least, least],
      [-least, -least],
      [7, 1],
      [Infinity, 1],
      [-Infinity, -1],
    ],
    erfc: [
      [0, 1],
      [-0, 1],
      [least, 1],
      [27.226017111108366, 0], // just below half the least double
      [largest, 0],
      [-7, 2],
      [Infinity, 0],
      [-Infinity, 2],
    ],
  };
  for (const name of Object.keys(ofOne) as (keyof typeof ofOne)[]) {
    it(`${name}: is right at zero, at infinity and where it leaves the doubles`, () => {
      for (const [x, result] of table[name]) expect(ofOne[name](x), `${name}(${x})`).toBe(result);
    });
    it(`${name}: of NaN is NaN`, () => {
      expect(ofOne[name](NaN)).toBe(NaN);
    });
  }
});

describe("pow: special values, as in C99", () => {
  const numbers = [-Infinity, -3, -2, -1.5, -1, -0.5, -0, 0, 0.5, 1, 1.5, 2, 3, Infinity, NaN];

  it("pow: x^0 is 1 and 1^y is 1, even for NaN", () => {
    for (const x of numbers) {
      expect(pow(x, 0)).toBe(1);
      expect(pow(x, -0)).toBe(1);
      expect(pow(1, x)).toBe(1);
    }
  });

  it("pow: otherwise NaN in, NaN out; and a negative number to a fraction is NaN", () => {
    expect(pow(NaN, 1)).toBe(NaN);
    expect(pow(NaN, -2)).toBe(NaN);
    expect(pow(2, NaN)).toBe(NaN);
    expect(pow(0, NaN)).toBe(NaN);
    expect(pow(-1, 0.5)).toBe(NaN);
    expect(pow(-8, 1 / 3)).toBe(NaN);
  });

  it("pow: zero to a power is zero or infinite, with a sign if the power is odd", () => {
    const rows: [number, number, number][] = [
      [0, 3, 0],
      [-0, 3, -0],
      [-0, 2, 0],
      [-0, 0.5, 0],
      [0, -1, Infinity],
      [-0, -1, -Infinity],
      [-0, -3, -Infinity],
      [-0, -2, Infinity],
      [-0, -0.5, Infinity],
      [-0, Infinity, 0],
      [-0, -Infinity, Infinity],
    ];
    for (const [x, y, result] of rows) expect(pow(x, y), `${x}^${y}`).toBe(result);
  });

  it("pow: an infinite base, or an infinite power", () => {
    const rows: [number, number, number][] = [
      [Infinity, 2, Infinity],
      [Infinity, -2, 0],
      [-Infinity, 3, -Infinity],
      [-Infinity, 2, Infinity],
      [-Infinity, 0.5, Infinity],
      [-Infinity, -3, -0],
      [-Infinity, -2, 0],
      [-1, Infinity, 1],
      [-1, -Infinity, 1],
      [0.5, Infinity, 0],
      [-0.5, -Infinity, Infinity],
      [2, Infinity, Infinity],
      [-2, -Infinity, 0],
    ];
    for (const [x, y, result] of rows) expect(pow(x, y), `${x}^${y}`).toBe(result);
  });

  it("pow: agrees with JavaScript but for 1^NaN, 1^Infinity and (-1)^Infinity", () => {
    for (const x of numbers) {
      for (const y of numbers) {
        const differs = (x === 1 && !Number.isFinite(y)) || (x === -1 && Math.abs(y) === Infinity);
        const same = Math.abs(pow(x, y) - x ** y) < 1e-15 || Object.is(pow(x, y), x ** y);
        expect(same, `${x}^${y}`).toBe(!differs);
      }
    }
  });

  it("pow: a result out of range is infinite or zero, with the sign of an odd power", () => {
    expect(pow(10, 309)).toBe(Infinity);
    expect(pow(-10, 309)).toBe(-Infinity);
    expect(pow(-10, 310)).toBe(Infinity);
    expect(pow(10, -324)).toBe(0);
    expect(pow(-10, -325)).toBe(-0);
    expect(pow(2, 1e308)).toBe(Infinity);
    expect(pow(1.0000000000000002, -Number.MAX_VALUE)).toBe(0);
    expect(pow(Number.MAX_VALUE, 5e-324)).toBe(1);
  });

  it("pow: of -1 is 1 or -1, however large the power", () => {
    expect(pow(-1, 1e308)).toBe(1);
    expect(pow(-1, 2 ** 53)).toBe(1);
    expect(pow(-1, 2 ** 53 - 1)).toBe(-1);
    expect(pow(-1, -(2 ** 53 - 1))).toBe(-1);
  });
});

describe("exact results", () => {
  it("log2: of 2^n is n, for every n", () => {
    for (let n = -1074; n <= 1023; n++) expect(log2(2 ** n)).toBe(n);
  });

  it("log10: of 10^n is n, for every n whose 10^n has all its 53 bits", () => {
    for (let n = -307; n <= 308; n++) expect(log10(Number(`1e${n}`))).toBe(n);
  });

  it("pow: of 2 to n is 2^n, for every n", () => {
    for (let n = -1074; n <= 1023; n++) expect(pow(2, n)).toBe(2 ** n);
  });

  it("pow: whole powers of whole numbers are exact, and so are their roots", () => {
    for (let x = 1; x <= 30; x++) {
      let product = 1;
      for (let n = 1; n <= 20; n++) {
        product *= x;
        if (product > Number.MAX_SAFE_INTEGER) break;
        expect(pow(x, n), `${x}^${n}`).toBe(product);
        expect(pow(-x, n)).toBe(n % 2 === 0 ? product : -product);
        if (n % 2 === 0) expect(pow(product, 0.5)).toBe(Math.sqrt(product));
        if (n === 4) expect(pow(product, 0.25)).toBe(x);
      }
    }
  });

  it("pow: to the 1 is x, to the 2 is x * x, to the -1 is 1 / x", () => {
    for (const [x] of reference.sin!) {
      expect(pow(x!, 1)).toBe(x);
      expect(pow(x!, 2)).toBe(x! * x!);
      expect(pow(x!, -1)).toBe(1 / x!);
    }
  });
});

describe("symmetry", () => {
  const odd = ["sin", "tan", "atan", "sinh", "asinh", "tanh", "erf"] as const;
  for (const name of odd) {
    it(`${name}: of -x is exactly -${name}(x)`, () => {
      for (const [x] of reference[name]!) expect(ofOne[name](-x!)).toBe(-ofOne[name](x!));
    });
  }
  for (const name of ["cos", "cosh"] as const) {
    it(`${name}: of -x is exactly ${name}(x)`, () => {
      for (const [x] of reference[name]!) expect(ofOne[name](-x!)).toBe(ofOne[name](x!));
    });
  }
});

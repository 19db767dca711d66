// Digits that agree.

import { expect, test } from "vitest";
import { agreeingDigits, splitDigits } from "../../src/explain/digits.ts";

test("agreeingDigits: as many leading digits as agree after rounding", () => {
  const rows: [number, number, number][] = [
    [-0.123456, -0.123489, 4], // -0.1235 both; -0.12346 and -0.12349
    [6, 6.0000000001, 10], // 6.000000000 both; …0000 and …0001
    [0.99999, 1.00001, 4], // 1.000 both; with five digits 0.99999 and 1.0000
    [1.4999, 1.5001, 4], // 1.500 both; with one digit 1 and 2
    [1, 2, 0],
    [1, -1, 0],
    [3e-9, 3.1e-9, 1],
    [0, 1e-17, 0],
    [1, 1 + 2 ** -52, 16], // the next number, 1.0000000000000002
    [0.1, 0.1, 17],
    [0, -0, 17],
    [NaN, NaN, 17],
    [Infinity, Infinity, 17],
    [Infinity, -Infinity, 0],
    [NaN, 1, 0],
    [Infinity, 1e308, 0],
  ];
  for (const [a, b, digits] of rows) {
    expect([a, b, agreeingDigits(a, b)]).toEqual([a, b, digits]);
    expect([b, a, agreeingDigits(b, a)]).toEqual([b, a, digits]);
  }
});

test("splitDigits: zeros in front, the sign and the point do not count", () => {
  const split = (...args: Parameters<typeof splitDigits>) => {
    const { agreeing, rest } = splitDigits(...args);
    return `${agreeing}|${rest}`;
  };
  expect(split(-0.123456, 4, 6)).toBe("-0.1234|56");
  expect(split(0.00123456, 2, 6)).toBe("0.0012|3456");
  expect(split(1.5, 2, 6)).toBe("1.5|0000");
  expect(split(12.5, 2, 6)).toBe("12|.5000");
  expect(split(6, 17)).toBe("6.00000000000|");
  expect(split(6, 0, 3)).toBe("|6.00");
  expect(split(1.25e-9, 2, 4)).toBe("1.2|50e-9");
  expect(split(0, 2, 4)).toBe("0.0|00");
  expect(split(NaN, 17)).toBe("NaN|");
  expect(split(-Infinity, 0)).toBe("|-Infinity");
});

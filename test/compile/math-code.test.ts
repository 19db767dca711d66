// math-code.ts is generated from math.ts: is it up to date, and is all of math.ts in it?

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { mathCode } from "../../scripts/math-code.mjs";
import { mathNames } from "../../src/compile/formula.ts";
import { mathFunctions } from "../../src/compile/math-code.ts";
import * as math from "../../src/math.ts";

const read = (name: string) => readFileSync(new URL(`../../src/${name}`, import.meta.url), "utf8");

it("mathCode: makes of math.ts what is in math-code.ts (if not: node scripts/math-code.mjs)", () => {
  expect(mathCode(read("math.ts"))).toBe(read("compile/math-code.ts"));
});

it("mathFunctions: has every function that math.ts exports, and so has mathNames", () => {
  expect([...mathNames].sort()).toEqual(Object.keys(math).sort());
  expect(Object.keys(mathFunctions)).toEqual(expect.arrayContaining(Object.keys(math)));
});

it("mathCode: refuses what it does not understand instead of leaving it out", () => {
  for (const statement of ["while (x) x = 1;", "x = [x];", "for (let i = 0; i <= 3; i++) x = i;"]) {
    expect(() => mathCode(`function f(x: number) { ${statement} return x; }`)).toThrow("expected");
  }
});

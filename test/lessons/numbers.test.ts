// Every number in a lesson's prose has to come from a cell.

import { expect, test } from "vitest";
import { checkNumbers, numbersIn } from "../../scripts/lessons/checks/numbers.mjs";
import { asLines, exercise, failure, lessonOf, picture, runOf } from "./fixtures.ts";

const cell = "```ts\nconst a = 12.5;\n```\n\n";
const check = (prose: string, ...outputs: Parameters<typeof runOf>[1][]) =>
  asLines(checkNumbers(runOf(lessonOf(cell + prose), ...outputs)));

test("checkNumbers: a number stands in a cell, in what one prints, draws, or fails with", () => {
  const outputs = [
    { output_type: "stream" as const, name: "stdout" as const, text: "loss 0.125 after 500\n" },
    picture("w = −2.75"),
    failure("RangeError", "expected 16 inputs"),
  ];
  expect(check("From 12.5 to 0.125 in 500; $w = -2.75$; 16 inputs.", outputs)).toEqual([]);
  expect(check("It is 0.126.\n\nAnd 77.", outputs)).toEqual([
    "7: no cell has or puts out the number 0.126 (a fact needs <!-- fact 0.126: source -->)",
    "9: no cell has or puts out the number 77 (a fact needs <!-- fact 77: source -->)",
  ]);
});

test("checkNumbers: what is no result is free", () => {
  const prose = `Up to 10 things, Step 12, steps 11 and 12, Exercise 3.14, Part 20, v99, x_{12}.
[A link](https://example.org/1234 "title"), <img width="640">, <!-- not 4321 -->.

\`\`\`text
5678
\`\`\``;
  expect(check(prose.replace("x_{12}", "x_12"))).toEqual([]);
});

test("checkNumbers: a minus counts, unless the number only stands in code", () => {
  expect(check("-12.5")).toEqual([]);
  expect(check("It is -44, 45 off.", "44 and -45\n")).toEqual([
    "7: -44 has another sign in what the cells put out",
  ]);
});

test("checkNumbers: answers of exercises count as cells, code in the prose does not", () => {
  const answers = exercise.replaceAll("x + x", "x * 2.75 - x * 0.75");
  expect(check(`${answers}\n2.75 is right.`)).toEqual([]);
  expect(check("`f(99)` is wrong").length).toBe(1);
});

test("checkNumbers: a fact has a source and is used", () => {
  expect(check("In 1986. <!-- fact 1986: Rumelhart et al. -->")).toEqual([]);
  expect(check("All 1,797 of them. <!-- fact 1,797: the data\nset's page -->")).toEqual([]);
  expect(check("<!-- fact 1986: Rumelhart et al. -->")).toEqual([
    "7: the text does not use the fact 1986",
  ]);
  expect(check("1986 <!-- fact 1986: -->")[0]).toBe(
    "7: expected <!-- fact 1986: source -->, got <!-- fact 1986: -->",
  );
  expect(check("1986 <!-- fact: a year -->")[0]).toMatch(/^7: expected <!-- fact 1986: source/);
});

test.each<[string, number[]]>([
  ["1,000 and 2,5; 1_000; 1{,}500", [1000, 2, 5, 1000, 1500]],
  ["-8, (−2.5), a-8, a - 8, 5-8", [-8, -2.5, 8, 8, 5, 8]],
  ["10^{-17}, 3 · 10⁻⁶, $2.5 \\cdot 10^{-3}$, 1e-6", [1e-17, 3e-6, 2.5e-3, 1e-6]],
  ["12. 0.5. 3.1% 100th 3x^2 - 4x", [12, 0.5, 3.1, 100, 3, 2, 4]],
  ["v1, x_2, h10, 2-16-16-1", [2, 16, 16, 1]],
])("numbersIn: reads %j", (text, numbers) => {
  expect(numbersIn(text)).toEqual(numbers);
});

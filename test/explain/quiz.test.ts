// What is said about gradients that were found by hand.

import { describe, expect, test } from "vitest";
import { namesIn } from "../../src/explain/names.ts";
import { judge } from "../../src/explain/quiz.ts";
import { shownNumber } from "../../src/explain/sentence.ts";
import { Walk } from "../../src/explain/walk.ts";
import { parseExpression } from "../../src/expression.ts";
import { graphOf, Value } from "../../src/value.ts";
import { fourPoints } from "./four-points.ts";

/** Judges answers for the node with a label. */
function quiz(formula: string, values: Record<string, number>, label: string) {
  const walk = new Walk(parseExpression(formula).evaluate(values));
  const node = graphOf(walk.output).find((found) => found.label === label)!;
  return (answer: string | number) => judge(walk, node, answer, namesIn(walk.output));
}

test("judge: does not name a factor that would be the answer", () => {
  // dL/df = 1 × (a*b + c) = 4
  const judged = quiz("e = a*b; d = e + c; L = d*f", { a: 2, b: -3, c: 10, f: -2 }, "f");
  expect(judged("1").sentence).toBe(
    "That is only the gradient of L. It has to be multiplied by the local derivative dL/df: how much " +
      "L changes for each 1 that is added to f.",
  );
});

describe("judge: L = (a*b + c) * f, dL/da = dL/de × de/da = -2 × -3 = 6", () => {
  const judged = quiz("e = a*b; d = e + c; L = d*f", { a: 2, b: -3, c: 10, f: -2 }, "a");
  const right = { right: true, sentence: "Right: dL/da = 6.0000." };

  test("judge: right, however it is typed", () => {
    for (const answer of ["6", "6.0", "6.0000", " +6 ", "6,00", "0.6e1", ".6e1", "60e-1", 6]) {
      expect(judged(answer)).toEqual(right);
    }
  });

  test("judge: what was probably done instead", () => {
    for (const [answer, sentence] of [
      ["-6", "The size is right, but the sign is not."],
      [
        "-2",
        "That is only the gradient of e. It has to be multiplied by the local derivative de/da = -3.0000.",
      ],
      [
        "−3",
        "That is only the local derivative, de/da. It has to be multiplied by the gradient of e, -2.0000.",
      ],
      [
        "-5",
        "That is a sum. Along a path, derivatives are multiplied: the gradient of e, -2.0000, × the local derivative de/da.",
      ],
      [
        "0.667", // -2 / -3
        "That is a quotient. It has to be a product: the gradient of e, -2.0000, × the local derivative de/da.",
      ],
      [
        "-4", // -2 × 2
        "That is the gradient of e × the data of a. But de/da is how much e changes for each 1 that is added to a.",
      ],
      ["2", "That is the data of a, not its gradient."],
      ["3", "That is half of it. Is a factor 2 missing, as in the derivative of x², 2x?"],
      ["60", "The digits are right, but the decimal point is not."],
      ["0.06", "The digits are right, but the decimal point is not."],
      ["0", "0 would mean that the output does not depend on it at all."],
      ["17", "Not yet. It is gradient of e × de/da."],
      ["7", "Not yet. It is gradient of e × de/da."],
    ] as const) {
      expect(judged(answer)).toEqual({ right: false, sentence });
    }
  });

  test("judge: what is no number is told to be none", () => {
    for (const answer of ["", "six", "1/2", "--6", "6.0.0", "0x6", "1e999", "6\u202e"]) {
      const { right, sentence } = judged(answer);
      expect([answer, right]).toEqual([answer, false]);
      expect(sentence).toMatch(/^Expected a number such as -0\.25, got "[^\p{C}]*"\.$/u);
    }
    expect(judged("9".repeat(500)).sentence.length).toBeLessThan(120);
  });
});

describe("judge: y = a*a + a*b + b at a = 3, b = 5: dy/da = 5 + 3 + 3 = 11", () => {
  // The youngest consumer first: a*b passes 1 × 5, then a*a passes 1 × 3 twice.
  const judged = quiz("y = a*a + a*b + b", { a: 3, b: 5 }, "a");

  test("judge: which term is missing", () => {
    expect(judged("11").right).toBe(true);
    for (const [answer, sentence] of [
      [
        "3",
        "That is only what * passes (1.0000 × 3.0000), the last of 3 terms. What comes is added to " +
          "what was there before: += and not =.",
      ],
      [
        "5",
        "That is only what * (2nd) passes (1.0000 × 5.0000), one of 3 terms. All of them have to be added.",
      ],
      ["8", "A term is missing: what * passes (1.0000 × 3.0000)."],
      ["6", "A term is missing: what * (2nd) passes (1.0000 × 5.0000)."],
      ["45", "The 3 terms are multiplied here. Paths are added, only along a path we multiply."],
      ["3.67", "That is the mean of the 3 terms. A gradient is their sum."],
      ["33", "That is 3 times too much: each of the 3 terms counts once."],
      ["1", "The sign of one term is wrong: of what * (2nd) passes (1.0000 × 5.0000)."],
      [
        "7", // 1 + 3 + 3
        "In one term, what * (2nd) passes (1.0000 × 5.0000), the local derivative d(* (2nd))/da = " +
          "5.0000 is missing.",
      ],
      ["-11", "The size is right, but the sign is not."],
      ["22", "That is twice as much. Is there a factor 2 too many?"],
    ] as const) {
      expect(judged(answer)).toEqual({ right: false, sentence });
    }
    expect(judged("20").sentence).toBe(
      "Not yet. It is gradient of * (2nd) × d(* (2nd))/da + gradient of * × d(*)/da + gradient of " +
        "* × d(*)/da.",
    );
  });
});

test("judge: gradients added without local derivatives, and the other way round", () => {
  // z = 2a · 3 + 5a · 7: terms of a, the youngest first: 7 × 5 and 3 × 2, together 41
  const judged = quiz("z = (a*2)*3 + (a*5)*7", { a: 1 }, "a");
  expect(judged("41").right).toBe(true);
  expect(judged("10").sentence).toMatch(/^These are the gradients of the consumers, added\. Each/); // 7 + 3
  // 5 + 2 is 7, too, which is the gradient of one consumer; so it is asked with other numbers
  const other = quiz("z = (a*2)*3 + (a*6)*-7", { a: 1 }, "a"); // -42 + 6 = -36; locals 6 + 2
  expect(other("8").sentence).toMatch(/^These are the local derivatives, added\. Each/);
  expect(other("48").sentence).toBe("All terms are taken to be positive here."); // 42 + 6
});

test("judge: as many digits as were typed, but not too few", () => {
  // y = a b at a = 0.347: dy/db = 0.347
  const judged = quiz("y = a*b", { a: 0.347, b: 1 }, "b");
  for (const answer of ["0.347", "0.35", "0.3470", "3.47e-1"]) {
    expect(judged(answer).right, answer).toBe(true);
  }
  expect(judged("0.3")).toEqual({
    right: false,
    sentence: "Right as far as it goes, but that is too few digits: type one more.",
  });
  expect(judged("0").right).toBe(false);
  for (const answer of ["0.34", "0.36", "0.3480", "0.346"]) {
    expect(judged(answer).right, answer).toBe(false);
  }
});

test("judge: takes what comes out if the numbers on the screen are multiplied", () => {
  const { loss, parameters } = fourPoints();
  const walk = new Walk(loss);
  const all = walk.steps.length;
  const shown = (x: number) => Number(shownNumber(x));
  for (const parameter of parameters) {
    const { terms, gradient = NaN } = walk.receipt(parameter, all);
    const byHand = terms.reduce((sum, term) => sum + shown(term.upstream) * shown(term.local), 0);
    for (const answer of [shownNumber(gradient), shownNumber(byHand), byHand.toFixed(6)]) {
      expect([answer, judge(walk, parameter, answer).right]).toEqual([answer, true]);
    }
    const wrong = judge(walk, parameter, shownNumber(terms[3]!.product!));
    expect(wrong.sentence).toMatch(/^That is only what .* passes .*, the last of 4 terms\./);
    expect(judge(walk, parameter, shownNumber(gradient / 4)).sentence).toBe(
      "That is the mean of the 4 terms. A gradient is their sum.",
    );
  }
});

test("judge: the output, a node that nothing comes to, and one behind a cut", () => {
  const output = quiz("y = a*2", { a: 3 }, "y");
  expect(output("1")).toEqual({ right: true, sentence: "Right: dy/dy = 1.0000." });
  expect(output("6").sentence).toBe("Not yet. How much does y change if y changes by 1?");
  const off = quiz("y = relu(a)", { a: -3 }, "a");
  expect(off("0").right).toBe(true);
  expect(off("-0").right).toBe(true);
  expect(off("1").sentence).toBe("Not yet. No consumer passes anything to it.");
  const cut = quiz("y = detach(a)", { a: 3 }, "a");
  expect(cut("0").sentence).toBe("Right: nothing comes here, since detach cuts every path to it.");
  expect(cut("1").right).toBe(false);
});

test("judge: gradients that are not finite", () => {
  const infinite = quiz("y = sqrt(a)", { a: 0 }, "a");
  expect([infinite("Infinity").right, infinite("∞").right, infinite("1e300").right]).toEqual([
    true,
    true,
    false,
  ]);
  expect(infinite("-Infinity").sentence).toBe("The size is right, but the sign is not.");
  const none = quiz("y = log(a) * a", { a: -1 }, "a");
  expect([none("NaN").right, none("0").right]).toEqual([true, false]);
});

test("judge: expects a node of the graph", () => {
  const walk = new Walk(new Value(1).neg());
  expect(() => judge(walk, new Value(1), "1")).toThrow(
    "judge: expected a node of the graph, got a Value",
  );
});

// What cells have to do when they run.

import { expect, test } from "vitest";
import { checkAnswers, checkOutcomes } from "../../scripts/lessons/checks/outcomes.mjs";
import { asLines, exercise, failure, lessonOf, runOf } from "./fixtures.ts";

test("checkOutcomes: a cell fails if and only if it is announced", () => {
  const lesson = lessonOf("```ts\na\n```\n\n```ts throws\nb\n```");
  const error = [failure("TypeError", "a is\nno b")];
  expect(checkOutcomes(runOf(lesson, "fine\n", error))).toEqual([]);
  expect(asLines(checkOutcomes(runOf(lesson, error, "fine\n")))).toEqual([
    "4: the cell fails: TypeError: a is ⏎ no b",
    "8: expected the cell to end with an error, it ran to its end",
  ]);
});

test("checkOutcomes: while there is a hole, the check says which task is not done", () => {
  const lesson = lessonOf(exercise);
  const line = "✗ Exercise 3.1 Twice: not done yet: return twice x\n";
  expect(checkOutcomes(runOf(lesson, "", line))).toEqual([]);
  for (const other of ["", "✓ Exercise 3.1 Twice: 1 check passes\n", "✗ Exercise 3.2 Twice: …\n"]) {
    expect(asLines(checkOutcomes(runOf(lesson, "", other)))).toEqual([
      `12: expected "✗ Exercise 3.1 Twice: not done yet: …" while there is a hole, got "${other.trim()}"`,
    ]);
  }
});

test("checkAnswers: a solution passes, a mistake does not", () => {
  const lesson = lessonOf(exercise);
  const answers = (solution: string, mistake: string) => {
    const rehearsal = {
      exercise: lesson.exercises[0],
      solutions: [{ line: 26, printed: `${solution} Exercise 3.1 Twice: …` }],
      mistakes: [{ line: 30, printed: `${mistake} Exercise 3.1 Twice: …` }],
    };
    return asLines(checkAnswers(lesson, { rehearsals: [rehearsal], problems: [] }));
  };
  expect(answers("✓", "✗")).toEqual([]);
  expect(answers("✗", "✓")).toEqual([
    "26: exercise 3.1: the check refuses the solution: ✗ Exercise 3.1 Twice: …",
    "30: exercise 3.1: the check accepts the mistake: ✓ Exercise 3.1 Twice: …",
  ]);
});

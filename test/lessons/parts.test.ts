// How long the parts of a lesson are, and what belongs to an exercise.

import { expect, test } from "vitest";
import { checkExercises, checkParts } from "../../scripts/lessons/checks/parts.mjs";
import { asLines, exercise, lessonOf } from "./fixtures.ts";

const words = (count: number) => "word ".repeat(count);
const another = exercise.replaceAll("3.1", "3.2");

test("checkParts: a lesson without parts has 1,000 to 2,500 words and two to four exercises", () => {
  expect(checkParts(lessonOf(`${words(1100)}\n\n${exercise}\n${another}`))).toEqual([]);
  expect(asLines(checkParts(lessonOf(`${words(2500)}\n\n${exercise}`)))).toEqual([
    '1: "A name": expected 1000 to 2500 words, got 2509', // 4 of the title, 5 of the exercise
    '1: "A name": expected 2 to 4 exercises, got 1',
  ]);
});

test("checkParts: each part is counted for itself, without code, comments, tags and details", () => {
  const hidden = `<!-- ${words(9)} -->\n\`\`\`text\n${words(9)}\n\`\`\`\n<br class="a b">`;
  const part = (n: number, count: number) => `## Part ${n}: Name\n\n${words(count)}\n\n${hidden}`;
  const text = `${words(10)}\n\n${part(1, 20)}\n\n${exercise}\n${another}\n${part(2, 30)}`;
  expect(asLines(checkParts(lessonOf(text)))).toEqual([
    '5: "Part 1: Name": expected 1000 to 2500 words, got 47', // 4 + 10 + 3 + 20 words and 2 x 5
    expect.stringContaining('"Part 2: Name": expected 1000 to 2500 words, got 33'),
    expect.stringContaining('"Part 2: Name": expected 2 to 4 exercises, got 0'),
  ]);
});

test("checkParts: a formula and a piece of code are one word each", () => {
  const count = (text: string) => asLines(checkParts(lessonOf(text)))[0]?.match(/got (\d+)/)?.[1];
  expect(count("The slope of $f(x) = x * x$ at `x + 1`, [here](a.md).")).toBe("11");
});

test("checkExercises: each has a hint, a solution, and answers that are hidden", () => {
  expect(checkExercises(lessonOf(exercise))).toEqual([]);
  const bare = exercise.replace(/<details>[\s\S]*?<\/details>/, "");
  expect(asLines(checkExercises(lessonOf(bare)))).toEqual([
    "12: exercise 3.1: expected <details><summary>Hint</summary> below it",
  ]);
  const unsolved = exercise.replace(/<details><summary>Solution[\s\S]*/, "");
  expect(asLines(checkExercises(lessonOf(`${unsolved}\n${another}`)))).toEqual([
    "12: exercise 3.1: expected <details><summary>Solution</summary> below it",
    "12: exercise 3.1: has no solution",
  ]);
  const shown = exercise.replace("<details><summary>Solution", "<summary>Solution");
  expect(asLines(checkExercises(lessonOf(shown)))).toEqual([
    "12: exercise 3.1: expected <details><summary>Solution</summary> below it",
    "26: exercise 3.1: an answer stands in <details>",
    "30: exercise 3.1: an answer stands in <details>",
  ]);
});

// How lessons are made: length, exercises, size of cells, words.

import { expect, test } from "vitest";
import {
  checkCells,
  checkExercises,
  checkParts,
  checkTerms,
  checkTone,
} from "../../scripts/lessons/checks/words.mjs";
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
  const bare = exercise.replace(/<details>[^]*?<\/details>/, "");
  expect(asLines(checkExercises(lessonOf(bare)))).toEqual([
    "12: exercise 3.1: expected <details><summary>Hint</summary> below it",
  ]);
  const unsolved = exercise.replace(/<details><summary>Solution[^]*/, "");
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

test("checkCells: at most 15 lines of a cell are new to the course", () => {
  const lines = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => `  f(${from + i});`).join("\n");
  const cell = (code: string) => lessonOf(`\`\`\`ts\n// comment\n\n${code}\n\`\`\``);
  expect(checkCells([cell(lines(0, 15)), cell(lines(0, 30))])).toEqual([]);
  expect(asLines(checkCells([cell(lines(0, 15)), cell(lines(0, 31))]))).toEqual([
    "4: expected at most 15 new lines of code, got 16",
  ]);
});

test("checkCells: nothing that differs from run to run", () => {
  const found = checkCells([lessonOf("```ts\nconst now = new Date();\n```")]);
  expect(asLines(found)).toEqual(["4: Date is not the same in every run"]);
});

test("checkTerms: bold is a term of the glossary, once in the course", () => {
  const glossary = "# Glossary\n\n## Local derivative\n\nIt is.\n\n## Leaf\n\nToo.\n";
  const both = lessonOf("A **local\nderivative** and a **leaf**. `a ** b ** c`");
  expect(checkTerms([both], glossary)).toEqual([]);
  expect(
    checkTerms([both, lessonOf("A **leaf** and a **twig**.")], `${glossary}\n## Edge`),
  ).toEqual(
    [
      { line: 3, message: "**leaf** is defined at lessons/03-a-name/lesson.md:4 already" },
      { line: 3, message: "**twig** is not an entry of lessons/glossary.md" },
      { file: "lessons/glossary.md", line: 11, message: "no lesson defines **Edge**" },
    ].map((problem) => ({ file: "lessons/03-a-name/lesson.md", ...problem })),
  );
});

test("checkTone: no filler and no exclamation marks, in prose", () => {
  const { problems, doubts } = checkTone(
    lessonOf("It is Simply so!\n\n`just !a` ![picture](easy.svg) <!-- just! -->\n\nThe parent."),
  );
  expect(asLines(problems)).toEqual(['3: no "Simply"', "3: no exclamation marks"]);
  expect(asLines(doubts)).toEqual(['7: "parent": is an input meant?']);
});

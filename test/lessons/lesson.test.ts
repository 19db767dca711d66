// How a lesson is read.

import { expect, test } from "vitest";
import { cellsOf, parseLesson } from "../../scripts/lessons/lesson.mjs";
import { exercise, faultsOf, file, lessonOf } from "./fixtures.ts";

test("parseLesson: text and cells alternate, each with its line", () => {
  const lesson = lessonOf(
    "Some text.\n\n```ts\nconst a = 1;\na\n```\n\nMore.\n\n```ts throws\nb\n```",
  );
  expect([lesson.number, lesson.slug, lesson.title]).toEqual([3, "03-a-name", "A name"]);
  expect(lesson.blocks.map(({ kind, line, source }) => [kind, line, source])).toEqual([
    ["markdown", 1, "# Step 3: A name\n\nSome text."],
    ["cell", 6, "const a = 1;\na"],
    ["markdown", 10, "More."],
    ["cell", 13, "b"],
  ]);
  expect(cellsOf(lesson).map(({ mode }) => mode)).toEqual(["run", "throws"]);
});

test("parseLesson: an exercise has a hole, a check, and answers that are not cells", () => {
  const lesson = lessonOf(exercise);
  const [{ number, title, hole, check, solutions, mistakes }] = lesson.exercises;
  expect([number, title]).toEqual(["3.1", "Twice"]);
  expect(cellsOf(lesson)).toEqual([hole, check]);
  expect([hole.id, check.id]).toEqual(["exercise-3-1", "check-3-1"]);
  expect(solutions.map(({ source }) => source)).toEqual([
    "const twice = (x: number): number => x + x;",
  ]);
  expect(mistakes.map(({ line }) => line)).toEqual([30]);
  expect(lesson.blocks.at(-1)?.source).toContain("```ts solution");
});

test("parseLesson: quotes and parts are found, fences in comments and in longer fences are not", () => {
  const lesson = lessonOf(
    "## Part 1: One\n\n```ts src/value.ts\nquoted\n```\n\n<!--\n```ts\nhidden\n```\n-->\n\n````text\n```ts\n```\n````",
  );
  expect(lesson.parts).toEqual([{ title: "Part 1: One", line: 3 }]);
  expect(lesson.quotes).toEqual([{ name: "src/value.ts", source: "quoted", line: 6 }]);
  expect(cellsOf(lesson)).toEqual([]);
});

test("parseLesson: a cell's id is valid in notebooks and stays when others change", () => {
  const ids = (text: string) => cellsOf(lessonOf(text)).map(({ id }) => id);
  const [a, b, again] = ids("```ts\na\n```\n```ts\nb\n```\n```ts\na\n```");
  expect([b, a, again]).toEqual([
    ids("```ts\nnew\n```\n```ts\nb\n```")[1],
    ids("```ts\na\n```")[0],
    `${a}-2`,
  ]);
  for (const id of [a, b, again]) expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
});

test("parseLesson: the appendix is number 9", () => {
  const { lesson, problems } = parseLesson("# Appendix: More\n", "lessons/appendix/lesson.md");
  expect([lesson.number, lesson.title, problems]).toEqual([9, "More", []]);
});

test("parseLesson: a text with Windows' ends of lines is the same lesson", () => {
  const text = `# Step 3: A name\n\n${exercise}`;
  const read = (text: string) => parseLesson(text, file).lesson.blocks;
  expect(read(text.replaceAll("\n", "\r\n"))).toEqual(read(text));
});

test.each([
  ["```ts solved\n```", "3: expected `ts` or `ts` with one of throws, exercise, check, solution"],
  ["```\nx\n```", "3: a fence says what it holds"],
  ["```typescript\nx\n```", "3: expected `ts`, got `typescript`"],
  ["```python 3\nx\n```", "3: expected `python` alone, got `python 3`"],
  ["```ts\nx", "3: this fence is never closed"],
  ["```ts\n\n```", "3: the cell is empty"],
  ["- one\n\n  ```ts\n  x\n  ```", "5: a cell begins at the left margin"],
  ['```ts check\nexercise("3.1 A", f)\n```', "3: a check needs an exercise above it"],
  ['```ts exercise\ntodo("x")\n```', "3: an exercise needs its check right below it"],
  ["```ts exercise\nx\n```", "3: an exercise needs a hole"],
  ["```ts solution\nx\n```", "3: a solution needs an exercise and its check above it"],
  ["```ts mistake\nx\n```", "3: a mistake needs an exercise and its check above it"],
  [`${exercise}\n${exercise}`, "there is an exercise 3.1 above already"],
  [exercise.replace("3.1 Twice", "3.2 Twice"), "12: expected exercise 3.1 here, got 3.2"],
  [exercise.replace(": Twice", ": Thrice"), 'expected the heading "Exercise 3.1: Twice", got'],
  [exercise.replace("3.1: Twice", "3.1 Twice"), '3: expected "Exercise 3.1: Title", got'],
  [exercise.replace('"3.1 Twice"', "name"), '12: expected exercise("3.1 Title", …), found none'],
  ["# Another", "3: a second title"],
])("parseLesson: says what is wrong with %j", (text, message) => {
  expect(faultsOf(text).join("\n")).toContain(message);
});

test("parseLesson: says which title it expects", () => {
  const faults = (text: string) => parseLesson(text, file).problems.map(({ message }) => message);
  expect(faults("# Lesson 3\n")).toEqual(['expected "# Step 3: Title", got "# Lesson 3"']);
  expect(faults("Text.\n")).toEqual(['expected the title "# Step 3: Title" first']);
});

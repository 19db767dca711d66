// The course itself: every lesson run in the real kernel, once as it stands and once with every
// answer to every exercise, and all the checks of lessons/AUTHORS.md.

import { expect, test } from "vitest";
import { compareWithKernel } from "../../scripts/lessons/cells.mjs";
import { checkTexts, readCourse } from "../../scripts/lessons/check.mjs";
import { checkNumbers } from "../../scripts/lessons/checks/numbers.mjs";
import { checkAnswers, checkOutcomes } from "../../scripts/lessons/checks/outcomes.mjs";
import { unquotedKinds, unquotedLines } from "../../scripts/lessons/checks/quotes.mjs";
import type { Problem } from "../../scripts/lessons/lesson.mjs";
import { compareWithFile, strays } from "../../scripts/lessons/notebooks.mjs";
import {
  type Run,
  rehearseLesson,
  runLesson,
  setUpKernel,
  twoAtATime,
} from "../../scripts/lessons/run.mjs";
import { root } from "../../scripts/set-up.mjs";

const read = readCourse();
const course = read.map(({ lesson }) => lesson);
const show = (problems: Problem[]) =>
  problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);

await setUpKernel("the tests");
// The later lessons train networks: begin with them, so that both kernels are busy to the end.
const runs: Run[] = [];
const answers: Awaited<ReturnType<typeof rehearseLesson>>[] = [];
const jobs = course.flatMap((lesson, i) => [
  async () => {
    runs[i] = await runLesson(lesson);
  },
  async () => {
    answers[i] = await rehearseLesson(lesson);
  },
]);
await twoAtATime(jobs.reverse());

test("lessons: written as lessons/AUTHORS.md says, and every cell type-checks", async () => {
  const problems = [...read.flatMap(({ problems }) => problems), ...(await checkTexts(course))];
  expect(show(problems)).toEqual([]);
});

test("lessons: cells fail where it is announced and nowhere else, holes say what to do", () => {
  expect(show(runs.flatMap((run) => checkOutcomes(run)))).toEqual([]);
});

test("lessons: every solution passes its check, every mistake is refused", () => {
  expect(show(course.flatMap((lesson, i) => checkAnswers(lesson, answers[i]!)))).toEqual([]);
});

test("lessons: every number in the prose comes from a cell", () => {
  expect(show(runs.flatMap((run) => checkNumbers(run)))).toEqual([]);
});

test("lessons: together they quote all of value.ts and nn.ts, and each kind of operation", () => {
  const unquoted = ["src/value.ts", "src/nn.ts"].flatMap((name) =>
    unquotedLines(course, name, root).map((line) => `${name}:${line}`),
  );
  expect([...unquoted, ...unquotedKinds(course)]).toEqual([]);
});

test("notebooks: hold what the lessons give now, and there are no others", () => {
  expect(show([...runs.flatMap((run) => compareWithFile(run)), ...strays(course)])).toEqual([]);
});

test("lessons: every cell puts out the same in the kernel and in a page", async () => {
  const problems = await twoAtATime(runs.map((run) => () => compareWithKernel(run)));
  expect(show(problems.flat())).toEqual([]);
});

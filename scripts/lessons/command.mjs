// The work of `npm run lessons`. Read check.mjs, run.mjs and report.mjs first.

import { SetUpError, say } from "../set-up.mjs";
import { checkTexts, readCourse } from "./check.mjs";
import { checkNumbers } from "./checks/numbers.mjs";
import { checkAnswers, checkOutcomes } from "./checks/outcomes.mjs";
import { checkTone } from "./checks/wording.mjs";
import { describeCell, paintPictures, pictureFolder } from "./report.mjs";
import { rehearseLesson, runLesson, setUpKernel } from "./run.mjs";

/** @typedef {import("./lesson.mjs").Problem} Problem */

/**
 * @param {string[]} args numbers of lessons, or none for all; --no-run, --png
 * @returns {Promise<Problem[]>}
 */
export async function lessons(args) {
  const numbers = args.filter((arg) => !["--no-run", "--png"].includes(arg));
  const course = readCourse();
  const chosen = choose(course, numbers);
  await setUpKernel("npm run lessons");

  const problems = chosen.flatMap(({ problems }) => problems);
  const files = new Set(chosen.map(({ lesson }) => lesson.file));
  const inTexts = await checkTexts(course.map(({ lesson }) => lesson));
  problems.push(...inTexts.filter(({ file }) => numbers.length === 0 || files.has(file)));
  for (const { lesson, problems: faults } of chosen) {
    for (const { file, line, message } of checkTone(lesson).doubts) {
      say(`${file}:${line}: (to think about) ${message}`);
    }
    if (args.includes("--no-run")) continue;
    if (faults.length > 0) say(`${lesson.file} was not run: mend how it is written first`);
    else problems.push(...(await runAndCheck(lesson, args.includes("--png"))));
  }
  return problems.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/**
 * Runs a lesson, prints what its cells put out, and checks that.
 * @param {import("./lesson.mjs").Lesson} lesson
 * @param {boolean} png paint its pictures, too
 */
async function runAndCheck(lesson, png) {
  console.log(`${lesson.file}: ${lesson.title}`);
  const folder = pictureFolder(lesson);
  const print = (/** @type {import("./run.mjs").CellRun} */ run) =>
    console.log(describeCell(run, folder));
  const [run, answers] = await Promise.all([runLesson(lesson, print), rehearseLesson(lesson)]);
  if (png) await paintPictures(folder);
  return [...checkOutcomes(run), ...checkAnswers(lesson, answers), ...checkNumbers(run)];
}

/**
 * The lessons with these numbers; all, if none are given.
 * @template {{ lesson: import("./lesson.mjs").Lesson }} T
 * @param {T[]} all
 * @param {string[]} numbers
 */
export function choose(all, numbers) {
  const there = all.map(({ lesson }) => String(lesson.number));
  const wrong = numbers.find((number) => !there.includes(number));
  if (wrong !== undefined) {
    const list = there.join(", ") || "none";
    throw new SetUpError(`expected the number of a lesson (there are: ${list}), got ${wrong}`);
  }
  return all.filter(({ lesson }) => numbers.length === 0 || numbers.includes(`${lesson.number}`));
}

// The work of `npm run lessons`. Read run.mjs and report.mjs first.

import * as fs from "node:fs";
import * as path from "node:path";
import { root, SetUpError, say } from "../set-up.mjs";
import { checkAnswers, checkOutcomes } from "./checks/outcomes.mjs";
import { checkTypes } from "./checks/types.mjs";
import { lessonFiles, parseLesson } from "./lesson.mjs";
import { describeCell, pictureFolder } from "./report.mjs";
import { rehearseLesson, runLesson, setUpKernel } from "./run.mjs";

/**
 * @param {string[]} args numbers of lessons, or none for all; --no-run
 * @returns {Promise<import("./lesson.mjs").Problem[]>}
 */
export async function lessons(args) {
  const found = chosenLessons(args.filter((arg) => arg !== "--no-run"));
  const problems = found.flatMap(({ problems }) => problems);
  const sound = found.filter(({ problems }) => problems.length === 0);
  await setUpKernel("npm run lessons");
  problems.push(...(await checkTypes(sound.map(({ lesson }) => lesson))));
  if (args.includes("--no-run")) return problems;
  for (const { lesson } of sound) {
    console.log(`${lesson.file}: ${lesson.title}`);
    const folder = pictureFolder(lesson);
    const print = (/** @type {import("./run.mjs").CellRun} */ run) =>
      console.log(describeCell(run, folder));
    const [run, answers] = await Promise.all([runLesson(lesson, print), rehearseLesson(lesson)]);
    problems.push(...checkOutcomes(run), ...checkAnswers(lesson, answers));
  }
  for (const { lesson, problems } of found) {
    if (problems.length > 0) say(`${lesson.file} was not run: mend how it is written first`);
  }
  return problems;
}

/**
 * @param {string[]} numbers of lessons; none for all
 */
export function chosenLessons(numbers) {
  const all = lessonFiles(root).map((file) =>
    parseLesson(fs.readFileSync(path.join(root, file), "utf8"), file),
  );
  const wrong = numbers.find(
    (number) => !all.some(({ lesson }) => String(lesson.number) === number),
  );
  if (wrong !== undefined) {
    const there = all.map(({ lesson }) => lesson.number).join(", ") || "none";
    throw new SetUpError(`expected the number of a lesson (there are: ${there}), got ${wrong}`);
  }
  return all.filter(({ lesson }) => numbers.length === 0 || numbers.includes(`${lesson.number}`));
}

// The work of `npm run notebooks`. Read notebook.mjs and compare.mjs first.

import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { root, SetUpError, say } from "../set-up.mjs";
import { readCourse } from "./check.mjs";
import { checkOutcomes } from "./checks/outcomes.mjs";
import { choose } from "./command.mjs";
import { compareNotebook, notebookFile } from "./compare.mjs";
import { markdownOf, notebookOf } from "./notebook.mjs";
import { runLesson, setUpKernel, twoAtATime } from "./run.mjs";

/**
 * @typedef {import("./lesson.mjs").Problem} Problem
 * @typedef {import("./lesson.mjs").Lesson} Lesson
 */

/**
 * Makes notebooks, or compares them with --check.
 * @param {string[]} args numbers of lessons, or none for all; --check
 * @returns {Promise<Problem[]>}
 */
export async function notebooks(args) {
  const check = args.includes("--check");
  const course = readCourse();
  const chosen = choose(
    course,
    args.filter((arg) => arg !== "--check"),
  );
  await setUpKernel("npm run notebooks");
  const jobs = chosen.map(({ lesson, problems }) => async () => {
    if (problems.length > 0) return problems;
    const found = check ? await checkNotebook(lesson) : await makeNotebook(lesson);
    say(`${found.length === 0 ? "✓" : "✗"} ${notebookFile(lesson)}`);
    return found;
  });
  const found = await twoAtATime(jobs);
  return [...found.flat(), ...strays(course.map(({ lesson }) => lesson))];
}

/** @param {Lesson} lesson */
async function makeNotebook(lesson) {
  const run = await runLesson(lesson);
  const problems = checkOutcomes(run);
  if (problems.length > 0) return problems; // the notebook that is there is the better one
  writeWhole(path.join(root, notebookFile(lesson)), notebookOf(run));
  return [];
}

/** @param {Lesson} lesson */
async function checkNotebook(lesson) {
  const run = await runLesson(lesson);
  const problems = checkOutcomes(run);
  return problems.length > 0 ? problems : compareWithFile(run);
}

/**
 * Where the notebook's file differs from a run of its lesson.
 * @param {import("./run.mjs").Run} run
 */
export function compareWithFile(run) {
  const file = path.join(root, notebookFile(run.lesson));
  return compareNotebook(fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined, run);
}

/**
 * Notebooks that no lesson makes.
 * @param {Lesson[]} course
 * @returns {Problem[]}
 */
export function strays(course) {
  const folder = path.join(root, "notebooks");
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const made = course.map(notebookFile);
  return names
    .filter((name) => name.endsWith(".ipynb") && !made.includes(`notebooks/${name}`))
    .map((name) => ({
      file: `notebooks/${name}`,
      line: 1,
      message: "no lesson makes this notebook",
    }));
}

/** @param {string[]} args */
function optionsOf(args) {
  const text = /** @type {const} */ ({ type: "string" });
  const options = {
    "to-markdown": text,
    out: text,
    force: /** @type {const} */ ({ type: "boolean" }),
  };
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new SetUpError(`${error instanceof Error ? error.message : error}; see --help`);
  }
}

/**
 * Prints a notebook as a lesson, or writes it to a file.
 * @param {string[]} args
 */
export function toMarkdown(args) {
  const values = optionsOf(args);
  const file = values["to-markdown"] ?? "";
  if (!fs.existsSync(file)) throw new SetUpError(`there is no ${file}`);
  let markdown;
  try {
    markdown = markdownOf(fs.readFileSync(file, "utf8"), path.basename(file, ".ipynb"));
  } catch (error) {
    throw new SetUpError(`${file}: ${error instanceof Error ? error.message : error}`);
  }
  const { out } = values;
  if (out === undefined) return void process.stdout.write(markdown);
  if (fs.existsSync(out) && !values.force) {
    throw new SetUpError(`${out} is there already: name another file, or add --force`);
  }
  writeWhole(out, markdown);
}

/**
 * Writes a file so that a reader finds the old one or the new one, never half of one.
 * @param {string} file
 * @param {string} text
 */
function writeWhole(file, text) {
  const fresh = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(fresh, text);
    fs.renameSync(fresh, file);
  } catch (error) {
    if (fs.existsSync(fresh)) fs.rmSync(fresh);
    throw new SetUpError(
      `${file} cannot be written: ${error instanceof Error ? error.message : error}`,
    );
  }
}

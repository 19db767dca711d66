// Every check of the course that runs no cell. Read lesson.mjs and checks/ first.

import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../set-up.mjs";
import { checkCells } from "./checks/cells.mjs";
import { checkLinks } from "./checks/links.mjs";
import { checkExercises, checkParts } from "./checks/parts.mjs";
import { checkQuotes } from "./checks/quotes.mjs";
import { checkTypes } from "./checks/types.mjs";
import { checkTerms, checkTone } from "./checks/wording.mjs";
import { lessonFiles, parseLesson } from "./lesson.mjs";

/**
 * @typedef {import("./lesson.mjs").Lesson} Lesson
 * @typedef {import("./lesson.mjs").Problem} Problem
 */

/** The text of a file of the repository; empty if there is none. */
const read = (/** @type {string} */ file) =>
  fs.existsSync(path.join(root, file)) ? fs.readFileSync(path.join(root, file), "utf8") : "";

/** All lessons, in order, and what is wrong with the way they are written. */
export function readCourse() {
  return lessonFiles(root).map((file) => parseLesson(read(file), file));
}

/**
 * Checks the texts of the whole course: types, length, exercises, words, terms, quotes, links.
 * @param {Lesson[]} course
 * @returns {Promise<Problem[]>}
 */
export async function checkTexts(course) {
  return [
    ...(await checkTypes(course)),
    ...course.flatMap(checkParts),
    ...course.flatMap(checkExercises),
    ...checkCells(course),
    ...checkTerms(course, read("lessons/glossary.md")),
    ...course.flatMap((lesson) => checkTone(lesson).problems),
    ...course.flatMap((lesson) => checkQuotes(lesson, root)),
    ...checkLinks(root, texts(), read("lessons/links.md")),
  ];
}

/** The Markdown files of the repository that are for readers: paths from the root. */
function texts() {
  const folders = ["lessons", "docs"].filter((name) => fs.existsSync(path.join(root, name)));
  const below = folders.flatMap((name) =>
    fs
      .readdirSync(path.join(root, name), { recursive: true, encoding: "utf8" })
      .map((file) => path.posix.join(name, file.replaceAll("\\", "/"))),
  );
  const files = [...fs.readdirSync(root), ...below, "bench/README.md"];
  return files.filter((file) => file.endsWith(".md")).sort();
}

// Reads the course: lessons, the outputs of their cells from the notebooks, the glossary, the sources
// that lessons quote. Read scripts/lessons/lesson.mjs first, then article.mjs.

import * as fs from "node:fs";
import * as path from "node:path";
import { lessonFiles, parseLesson } from "../../scripts/lessons/lesson.mjs";
import { joined, parseNotebook } from "../../scripts/lessons/notebook.mjs";
import { root, SetUpError } from "../../scripts/set-up.mjs";
import { articleOf } from "./article.mjs";
import { readGlossary } from "./glossary.mjs";
import { sourcesOf } from "./sources.mjs";

/**
 * @typedef {import("../../scripts/lessons/lesson.mjs").Lesson} Lesson
 * @typedef {import("../../src/cells/outputs.ts").Output} Output
 * @typedef {object} CoursePage
 * @property {Lesson} lesson
 * @property {string} page the file's name
 * @property {Map<string, Output[]>} outputs by the cell's id
 * @property {import("./article.mjs").Article} article
 * @typedef {object} Course
 * @property {CoursePage[]} pages
 * @property {import("./glossary.mjs").Term[]} glossary
 * @property {import("./sources.mjs").Source[]} sources
 */

/** @returns {Course} */
export function readCourse() {
  const lessons = lessonFiles(root).map((file) => {
    const { lesson, problems } = parseLesson(fs.readFileSync(path.join(root, file), "utf8"), file);
    const lines = problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
    if (lines.length > 0) throw new SetUpError(lines.join("\n"));
    return lesson;
  });
  const glossary = readGlossary(fs.readFileSync(path.join(root, "lessons/glossary.md"), "utf8"));
  const sources = sourcesOf(lessons);
  const pages = lessons.map((lesson, i) => {
    const outputs = outputsOf(lesson);
    const earlier = lessons.slice(0, i).map(({ slug }) => slug);
    const article = articleOf(lesson, { outputs, glossary, sources, earlier });
    return { lesson, page: `${lesson.slug}.html`, outputs, article };
  });
  return { pages, glossary, sources };
}

/** What the cells of a lesson put out, by their ids, as its notebook has it. */
function outputsOf(/** @type {Lesson} */ { slug }) {
  const file = path.join(root, "notebooks", `${slug}.ipynb`);
  const { cells } = parseNotebook(fs.readFileSync(file, "utf8"));
  return new Map(
    cells
      .filter((cell) => cell.cell_type === "code")
      .map((cell) => [cell.id, cell.outputs.map(outputOf)]),
  );
}

/** An output as a cell puts it out: a notebook keeps long texts as lists of lines. */
function outputOf(/** @type {any} */ kept) {
  if (kept.output_type === "stream") return { ...kept, text: joined(kept.text) };
  if (kept.data === undefined) return kept;
  const data = Object.entries(kept.data).map(([type, content]) => [
    type,
    Array.isArray(content) ? joined(content) : content,
  ]);
  return { ...kept, data: Object.fromEntries(data) };
}

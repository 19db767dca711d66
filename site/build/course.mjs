// Reads the course: lessons, the outputs of their cells from the notebooks, the glossary. Read
// scripts/lessons/lesson.mjs first.

import * as fs from "node:fs";
import * as path from "node:path";
import { lessonFiles, parseLesson } from "../../scripts/lessons/lesson.mjs";
import { parseNotebook } from "../../scripts/lessons/notebook.mjs";
import { root } from "../../scripts/set-up.mjs";

/**
 * @typedef {import("../../scripts/lessons/lesson.mjs").Lesson} Lesson
 * @typedef {{ lesson: Lesson, page: string, outputs: Map<string, any[]> }} CoursePage outputs by the
 *   cell's id, as the notebook keeps them; `page` is the file's name
 * @typedef {{ pages: CoursePage[] }} Course
 */

/** @returns {Course} */
export function readCourse() {
  const pages = lessonFiles(root).map((file) => {
    const { lesson, problems } = parseLesson(fs.readFileSync(path.join(root, file), "utf8"), file);
    const [problem] = problems;
    if (problem) throw new Error(`${problem.file}:${problem.line}: ${problem.message}`);
    const notebook = path.join(root, "notebooks", `${lesson.slug}.ipynb`);
    const { cells } = parseNotebook(fs.readFileSync(notebook, "utf8"));
    const outputs = new Map(
      cells.filter((cell) => cell.cell_type === "code").map((cell) => [cell.id, cell.outputs]),
    );
    return { lesson, page: `${lesson.slug}.html`, outputs };
  });
  return { pages };
}

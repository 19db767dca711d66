// Checks that cells are small, and the same in every run. Read ../lesson.mjs first.

import { cellsOf } from "../lesson.mjs";

/**
 * @typedef {import("../lesson.mjs").Lesson} Lesson
 * @typedef {import("../lesson.mjs").Problem} Problem
 */

const NEW_LINES = 15;
const COLUMNS = 88; // what a notebook shows without scrolling

const forbidden =
  /\bMath\.random\b|\bDate\b|\bperformance\b|\btoLocale\w+|\bIntl\b|\bset(?:Timeout|Interval)\b|\bfetch\b/;

/**
 * A cell has at most 15 lines of code that no cell above it in the course has, none of its lines
 * is cut off in a notebook, and it uses nothing that differs from run to run.
 * @param {Lesson[]} lessons the whole course, in order
 * @returns {Problem[]}
 */
export function checkCells(lessons) {
  const known = new Set();
  return lessons.flatMap((lesson) =>
    cellsOf(lesson).flatMap(({ source, line }) => {
      const code = source.split("\n").map((line) => line.trim());
      const fresh = code.filter(
        (line) => line !== "" && !line.startsWith("//") && !known.has(line),
      );
      for (const line of code) known.add(line);
      const messages = [];
      if (fresh.length > NEW_LINES) {
        messages.push(`expected at most ${NEW_LINES} new lines of code, got ${fresh.length}`);
      }
      const longest = Math.max(...source.split("\n").map((line) => line.length));
      if (longest > COLUMNS) {
        messages.push(`expected lines of at most ${COLUMNS} characters, got one of ${longest}`);
      }
      const different = forbidden.exec(source);
      if (different !== null) messages.push(`${different[0]} is not the same in every run`);
      return messages.map((message) => ({ file: lesson.file, line, message }));
    }),
  );
}

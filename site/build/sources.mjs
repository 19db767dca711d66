// The files of the repository that lessons link to or quote: each becomes a page with its code, so that
// no link leads out of the site. Nothing to read first.

import * as fs from "node:fs";
import * as path from "node:path";
import { linksIn } from "../../scripts/lessons/checks/links.mjs";
import { placeOfQuote } from "../../scripts/lessons/checks/quotes.mjs";
import { root } from "../../scripts/set-up.mjs";

/**
 * @typedef {{ file: string, page: string, text: string }} Source `file` is a path from the root, `page`
 *   the name of its page
 * @typedef {import("../../scripts/lessons/lesson.mjs").Lesson} Lesson
 */

/** The page of a file: "source-value.html" for "src/value.ts". */
export const pageOfSource = (/** @type {string} */ file) =>
  `source-${file
    .replace(/^src\//, "")
    .replace(/\.ts$/, "")
    .replaceAll("/", "-")}.html`;

/**
 * The sources that lessons speak of, in the order of their names.
 * @param {Lesson[]} lessons
 * @returns {Source[]}
 */
export function sourcesOf(lessons) {
  const files = lessons.flatMap((lesson) => {
    const links = linksIn(lesson.text).map(({ target }) =>
      path.posix.join(path.posix.dirname(lesson.file), target),
    );
    return [
      ...links.filter((file) => file.startsWith("src/")),
      ...lesson.quotes.map(({ name }) => name),
    ];
  });
  return [...new Set(files)].sort().map((file) => {
    const text = fs.readFileSync(path.join(root, file), "utf8");
    return { file, page: pageOfSource(file), text };
  });
}

/**
 * The lines of a file, counted from 1, that a quote shows.
 * @param {Source} source
 * @param {string} quote
 */
export function linesOfQuote(source, quote) {
  const { start, length } = placeOfQuote(source.text, quote);
  return { first: start + 1, last: start + length };
}

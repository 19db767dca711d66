// The words of a Markdown text, line by line, without what is not said to the reader. Read
// markdown.mjs first.

import { pieces } from "./markdown.mjs";

/**
 * The lines of a text, without fences and comments: what is left out leaves empty lines, so that
 * the number of a line stays what it was.
 * @param {string} text
 * @returns {string[]}
 */
export function proseLines(text) {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const withoutFences = pieces(lines).flatMap(({ lines, code }) =>
    code === undefined ? lines : lines.map(() => ""),
  );
  return withoutFences
    .join("\n")
    .replace(/<!--[\s\S]*?-->/g, keepLines)
    .split("\n");
}

/** The lines of a text again, without what `<details>` hide. */
export function outsideDetails(/** @type {string[]} */ lines) {
  return lines
    .join("\n")
    .replace(/<details[\s\S]*?<\/details>/g, keepLines)
    .split("\n");
}

/** A line as it is read: the addresses of links, tags and the marks of lists left out. */
export function asRead(/** @type {string} */ line) {
  return line
    .replace(/\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+"[^"]*")?\)/g, "]")
    .replace(/^ {0,3}\[[^\]]+\]:\s.*$/, "")
    .replace(/<https?:[^>]*>|<\/?[a-z][^>]*>/gi, " ");
}

/** A line without `code` and $formulas$. */
export function withoutCode(/** @type {string} */ line) {
  return line.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, "``").replace(/\$[^$]+\$/g, "$$");
}

/** @param {string} text */
const keepLines = (text) => text.replace(/[^\n]/g, "");

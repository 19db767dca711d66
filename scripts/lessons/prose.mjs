// The words of a Markdown text, line by line, without what is not said to the reader. Read
// lesson.mjs first.

import { pieces } from "./lesson.mjs";

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

/**
 * A Markdown text with other targets for its links; code is left alone.
 * @param {string} text
 * @param {(target: string) => string} change
 */
export function mapLinks(text, change) {
  const codeOrLink = /(`+)(?!`).*?(?<!`)\1(?!`)|(\]\(<?)((?:[^()\s<>]|\([^()\s]*\))+)/g;
  return mapProse(text, (prose) =>
    prose.replace(codeOrLink, (all, _code, open, target) =>
      target === undefined ? all : `${open}${change(target)}`,
    ),
  );
}

/**
 * A Markdown text with something done to all of it but its fences.
 * @param {string} text
 * @param {(prose: string) => string} change
 */
export function mapProse(text, change) {
  return pieces(text.split("\n"))
    .map(({ lines, code }) => (code === undefined ? change(lines.join("\n")) : lines.join("\n")))
    .join("\n");
}

/**
 * A Markdown text with other first lines for the fences in it.
 * @param {string} text
 * @param {(info: string, mark: string) => string} change given what the fence holds, and its mark
 */
export function mapFences(text, change) {
  return pieces(text.split("\n"))
    .flatMap(({ lines, code, info }) => {
      if (code === undefined) return lines;
      const [mark] = /^ *[`~]+/.exec(lines[0]) ?? [""];
      return [change(info, mark), ...lines.slice(1)];
    })
    .join("\n");
}

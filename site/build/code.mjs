// Code with its colours, as HTML: spans around what the reader sees, the text itself untouched.
// Nothing to read first.

import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/javascript";
import { escapeHTML } from "../cells/output-html.mjs";

/** By the language that a fence names; others are shown in one colour. */
const parsers = {
  ts: parser.configure({ dialect: "ts" }),
  js: parser,
};

/**
 * The lines of a code as HTML. The classes (`tok-keyword`, …) are those of the editor, so that nothing
 * changes its colour when a cell is opened.
 * @param {string} source
 * @param {string} language as on a fence: "ts", "text"
 * @returns {string[]}
 */
function linesOf(source, language) {
  if (language !== "ts" && language !== "js") return source.split("\n").map(escapeHTML);
  const lines = [""];
  /** @param {string} text @param {string} classes */
  const putText = (text, classes) => {
    const html = escapeHTML(text);
    lines[lines.length - 1] += classes ? `<span class="${classes}">${html}</span>` : html;
  };
  const tree = parsers[language].parse(source);
  highlightCode(source, tree, classHighlighter, putText, () => lines.push(""));
  return lines;
}

/**
 * A code for `<code>`: its text content is exactly the source.
 * @param {string} source
 * @param {string} language
 */
export function codeHTML(source, language) {
  return linesOf(source, language).join("\n");
}

/**
 * Some lines of a code, without the space that all of them begin with. Their colours are those they have
 * in the whole: a line of a comment is none by itself.
 * @param {string} source
 * @param {string} language
 * @param {{ first: number, last: number }} place counted from 1
 */
export function excerptHTML(source, language, { first, last }) {
  const texts = source.split("\n").slice(first - 1, last);
  const indents = texts.filter((text) => text.trim() !== "").map((text) => text.search(/\S/));
  const indent = new RegExp(`^(<span[^>]*>)? {${Math.min(...indents)}}`);
  const lines = linesOf(source, language).slice(first - 1, last);
  return lines.map((line) => line.replace(indent, "$1")).join("\n");
}

/**
 * A code whose lines are numbered and can be linked to: `#L12`. Its text content is the source too.
 * @param {string} source
 * @param {string} language
 */
export function numberedCodeHTML(source, language) {
  return linesOf(source, language)
    .map((line, i) => `<span class="line" id="L${i + 1}">${line}</span>`)
    .join("\n");
}

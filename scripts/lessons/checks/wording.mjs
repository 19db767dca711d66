// Checks the terms that lessons define, and words that they avoid. Read ../prose.mjs first.

import { headings } from "../markdown.mjs";
import { asRead, proseLines, withoutCode } from "../prose.mjs";

/**
 * @typedef {import("../lesson.mjs").Lesson} Lesson
 * @typedef {import("../lesson.mjs").Problem} Problem
 */

const GLOSSARY = "lessons/glossary.md";

/**
 * `**Bold**` marks a term where it is defined: once in the course, and it is an entry of the
 * glossary, a heading `## term`.
 * @param {Lesson[]} lessons the whole course
 * @param {string} glossary the glossary's text
 * @returns {Problem[]}
 */
export function checkTerms(lessons, glossary) {
  /** Where each term is defined. @type {Map<string, string>} */
  const defined = new Map();
  /** @type {Problem[]} */
  const problems = [];
  const entries = headings(proseLines(glossary), 1).filter(({ level }) => level > 1);
  const terms = new Set(entries.map(({ title }) => title.toLowerCase()));
  for (const { file, text } of lessons) {
    // Joined, since a term may run on into the next line.
    const prose = proseLines(text).map(withoutCode).join("\n");
    for (const found of prose.matchAll(/\*\*(\S[^*]*?)\*\*/g)) {
      const line = prose.slice(0, found.index).split("\n").length;
      const term = found[1].replace(/\s+/g, " ");
      const place = defined.get(term.toLowerCase());
      if (place !== undefined) {
        problems.push({ file, line, message: `**${term}** is defined at ${place} already` });
      } else if (!terms.has(term.toLowerCase())) {
        problems.push({ file, line, message: `**${term}** is not an entry of ${GLOSSARY}` });
      }
      defined.set(term.toLowerCase(), place ?? `${file}:${line}`);
    }
  }
  for (const { title, line } of entries) {
    if (defined.has(title.toLowerCase())) continue;
    const message = `no lesson defines **${title}**`;
    problems.push({ file: GLOSSARY, line, message });
  }
  return problems;
}

/** What no lesson says. */
const filler = /\b(?:simply|just|obviously|obvious|easy|easily|clearly|trivial|trivially)\b/i;
/** What is nearly always the wrong word for an input. */
const doubtful = /\b(?:child|children|parents?|previous|predecessors?)\b/i;

/**
 * No filler, no exclamation marks, and no sentence that Markdown takes for an entry of a list. Words
 * that are usually the wrong ones are doubts, not problems.
 * @param {Lesson} lesson
 * @returns {{ problems: Problem[], doubts: Problem[] }}
 */
export function checkTone({ file, text }) {
  /** @type {Problem[]} */
  const problems = [];
  /** @type {Problem[]} */
  const doubts = [];
  let entry = 0;
  const lines = proseLines(text);
  for (const [i, written] of lines.entries()) {
    const line = withoutCode(asRead(written));
    const number = /^ {0,3}(\d+)[.)] /.exec(written);
    if (number !== null) {
      // "1." makes a list in the middle of a paragraph, any other number where one begins.
      const begins = (lines[i - 1] ?? "").trim() === "";
      const fits = Number(number[1]) === 1 ? begins : !begins || Number(number[1]) === entry + 1;
      if (!fits) {
        const message = `"${number[0].trim()}" at the beginning of a line makes a list`;
        problems.push({ file, line: i + 1, message });
      }
      entry = Number(number[1]);
    }
    const word = filler.exec(line)?.[0];
    if (word !== undefined) problems.push({ file, line: i + 1, message: `no "${word}"` });
    if (/!(?!\[)/.test(line)) problems.push({ file, line: i + 1, message: "no exclamation marks" });
    const doubt = doubtful.exec(line)?.[0];
    if (doubt !== undefined) {
      doubts.push({ file, line: i + 1, message: `"${doubt}": is an input meant?` });
    }
  }
  return { problems, doubts };
}

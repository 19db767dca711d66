// Checks how lessons are made: their length, their exercises, the size of their cells, the words
// they use. Read ../prose.mjs first.

import { cellsOf, headings } from "../lesson.mjs";
import { asRead, outsideDetails, proseLines, withoutCode } from "../prose.mjs";

/**
 * @typedef {import("../lesson.mjs").Lesson} Lesson
 * @typedef {import("../lesson.mjs").Problem} Problem
 */

const WORDS = { least: 1000, most: 2500 };
const EXERCISES = { least: 2, most: 4 };
const NEW_LINES = 15;

/**
 * The parts of a lesson, or all of it: what stands before the first part belongs to that one. `end`
 * is the line after the last one.
 * @param {Lesson} lesson
 */
function partsOf({ parts, text, title }) {
  const end = text.split("\n").length + 1;
  if (parts.length === 0) return [{ title, line: 1, start: 1, end }];
  return parts.map(({ title, line }, i) => ({
    ...{ title, line, start: i === 0 ? 1 : line },
    end: parts[i + 1]?.line ?? end,
  }));
}

/**
 * Each part has 1,000 to 2,500 words, and two to four exercises, each with hint and solution.
 * @param {Lesson} lesson
 * @returns {Problem[]}
 */
export function checkParts(lesson) {
  const { file } = lesson;
  const lines = outsideDetails(proseLines(lesson.text));
  return partsOf(lesson).flatMap(({ title, line, start, end }) => {
    const words = lines.slice(start - 1, end - 1).flatMap((line) => wordsIn(line)).length;
    const exercises = lesson.exercises.filter(
      ({ hole }) => hole.line >= start && hole.line < end,
    ).length;
    const messages = [];
    if (words < WORDS.least || words > WORDS.most) {
      messages.push(`"${title}": expected ${WORDS.least} to ${WORDS.most} words, got ${words}`);
    }
    if (exercises < EXERCISES.least || exercises > EXERCISES.most) {
      const range = `${EXERCISES.least} to ${EXERCISES.most}`;
      messages.push(`"${title}": expected ${range} exercises, got ${exercises}`);
    }
    return messages.map((message) => ({ file, line, message }));
  });
}

/** The words of a line; a formula and a piece of code are one each. */
function wordsIn(/** @type {string} */ line) {
  const plain = withoutCode(asRead(line)).replaceAll("``", "code").replaceAll("$", "formula");
  return plain.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
}

/**
 * Each exercise has a hint and a solution in `<details>` of their own.
 * @param {Lesson} lesson
 * @returns {Problem[]}
 */
export function checkExercises(lesson) {
  const { file } = lesson;
  const lines = lesson.text.split("\n");
  const stops = headings(proseLines(lesson.text), 1).map(({ line }) => line);
  return lesson.exercises.flatMap(({ number, check, solutions, mistakes }) => {
    const end = stops.find((line) => line > check.line) ?? lines.length + 1;
    const below = lines.slice(check.line - 1, end - 1).join("\n");
    const { line } = check;
    const messages = ["Hint", "Solution"]
      .filter((what) => !below.includes(`<details><summary>${what}</summary>\n\n`))
      .map((what) => `exercise ${number}: expected <details><summary>${what}</summary> below it`);
    if (solutions.length === 0) messages.push(`exercise ${number}: has no solution`);
    const shown = [...solutions, ...mistakes].filter(({ line }) => !isHidden(lines, line));
    return [
      ...messages.map((message) => ({ file, line, message })),
      ...shown.map(({ line }) => ({
        ...{ file, line },
        message: `exercise ${number}: an answer stands in <details>`,
      })),
    ];
  });
}

/** @param {string[]} lines @param {number} line */
function isHidden(lines, line) {
  const above = lines.slice(0, line).join("\n");
  return above.lastIndexOf("<details") > above.lastIndexOf("</details");
}

const forbidden =
  /\bMath\.random\b|\bDate\b|\bperformance\b|\btoLocale\w+|\bIntl\b|\bset(?:Timeout|Interval)\b|\bfetch\b/;

/**
 * A cell has at most 15 lines of code that no cell above it in the course has, and uses nothing
 * that differs from run to run.
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
      const different = forbidden.exec(source);
      if (different !== null) messages.push(`${different[0]} is not the same in every run`);
      return messages.map((message) => ({ file: lesson.file, line, message }));
    }),
  );
}

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
 * No filler and no exclamation marks. Words that are usually the wrong ones are doubts, not
 * problems.
 * @param {Lesson} lesson
 * @returns {{ problems: Problem[], doubts: Problem[] }}
 */
export function checkTone({ file, text }) {
  /** @type {Problem[]} */
  const problems = [];
  /** @type {Problem[]} */
  const doubts = [];
  for (const [i, written] of proseLines(text).entries()) {
    const line = withoutCode(asRead(written));
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

// Checks how long the parts of a lesson are, and that their exercises are complete. Read
// ../prose.mjs first.

import { headings } from "../markdown.mjs";
import { asRead, outsideDetails, proseLines, withoutCode } from "../prose.mjs";

/**
 * @typedef {import("../lesson.mjs").Lesson} Lesson
 * @typedef {import("../lesson.mjs").Problem} Problem
 */

const WORDS = { least: 1000, most: 2500 };
const EXERCISES = { least: 2, most: 4 };

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

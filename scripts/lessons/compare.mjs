// Compares a notebook's file with what its lesson gives now. Read notebook.mjs first.

import { cellsOf } from "./lesson.mjs";
import { joined, notebookOf, parseNotebook } from "./notebook.mjs";
import { picturesOf, textOf } from "./run.mjs";

/** @typedef {import("./lesson.mjs").Problem} Problem */

/** The file of a lesson's notebook: a path from the root. */
export const notebookFile = (/** @type {import("./lesson.mjs").Lesson} */ lesson) =>
  `notebooks/${lesson.slug}.ipynb`;

/**
 * Where a notebook's file differs from a run of its lesson: each cell whose code or output differs,
 * at its line of the lesson.
 * @param {string | undefined} text of the file, undefined if there is none
 * @param {import("./run.mjs").Run} run
 * @returns {Problem[]}
 */
export function compareNotebook(text, run) {
  const { lesson } = run;
  const file = notebookFile(lesson);
  const remedy = `npm run notebooks -- ${lesson.number} makes it anew`;
  if (text === undefined) return [{ file, line: 1, message: `there is no such file: ${remedy}` }];
  const fresh = notebookOf(run);
  if (text === fresh) return [];
  let kept;
  try {
    kept = parseNotebook(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    return [{ file, line: 1, message: `${reason}; ${remedy}` }];
  }
  const before = new Map(kept.cells.map((/** @type {any} */ cell) => [cell.id, cell]));
  const problems = parseNotebook(fresh).cells.flatMap((/** @type {any} */ cell) => {
    const place = cellsOf(lesson).find(({ id }) => id === cell.id);
    if (place === undefined) return [];
    const difference = differenceOf(before.get(cell.id), cell);
    if (difference === undefined) return [];
    return [{ file: lesson.file, line: place.line, message: `${file}: ${difference}` }];
  });
  if (problems.length > 0) return problems;
  return [{ file, line: 1, message: `its text is not the lesson's: ${remedy}` }];
}

/**
 * @param {any} kept a code cell of the file
 * @param {any} now
 */
function differenceOf(kept, now) {
  if (kept === undefined || joined(kept.source) !== joined(now.source)) {
    return "the cell is not in the notebook as it stands here";
  }
  const [before, after] = [kept.outputs, now.outputs].map((outputs) => outputs.map(whole));
  const text = firstDifference(textOf(before), textOf(after));
  if (text !== undefined) return `the cell puts out something else: ${text}`;
  const [drawn, redrawn] = [picturesOf(before), picturesOf(after)];
  if (drawn.length !== redrawn.length) {
    return `expected ${count(drawn)}, got ${count(redrawn)}`;
  }
  for (const [i, svg] of drawn.entries()) {
    const difference = firstDifference(svg, redrawn[i]);
    if (difference !== undefined) return `the cell draws something else: ${difference}`;
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
  return `expected ${JSON.stringify(before)}, got ${JSON.stringify(after)}`;
}

/** An output with its texts in one piece each. */
function whole(/** @type {any} */ output) {
  if (output.text !== undefined) return { ...output, text: joined(output.text) };
  if (output.data === undefined) return output;
  const data = Object.entries(output.data).map(([type, content]) => [
    type,
    Array.isArray(content) ? joined(content) : content,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

const WINDOW = 60; // characters of a long line around the first that differs

/** @param {string} before @param {string} after */
function firstDifference(before, after) {
  if (before === after) return undefined;
  const [kept, now] = [before, after].map((text) => text.split("\n"));
  const line = kept.findIndex((text, i) => text !== now[i]);
  const i = line < 0 ? kept.length : line;
  const [a, b] = [kept[i] ?? "nothing more", now[i] ?? "nothing more"];
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  const from = Math.max(0, same - WINDOW / 2);
  const part = (/** @type {string} */ text) => JSON.stringify(text.slice(from, from + WINDOW));
  return `line ${i + 1}: expected ${part(a)}, got ${part(b)}`;
}

const count = (/** @type {unknown[]} */ list) =>
  list.length === 1 ? "1 picture" : `${list.length} pictures`;

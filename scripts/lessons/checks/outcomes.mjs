// Checks what cells did when they ran: which fail, and what exercises say. Read ../run.mjs first.

import { textOf } from "../run.mjs";

/**
 * @typedef {import("../lesson.mjs").Problem} Problem
 * @typedef {import("../run.mjs").Run} Run
 * @typedef {import("../run.mjs").CellRun} CellRun
 * @typedef {import("../run.mjs").Rehearsal} Rehearsal
 */

/**
 * Cells of kind `throws` end with an error and no others do; an exercise says that it is not done.
 * @param {Run} run
 * @returns {Problem[]}
 */
export function checkOutcomes({ lesson, cells, problems }) {
  const found = cells.flatMap((run) => {
    const exercise = lesson.exercises.find(({ check }) => check === run.cell);
    const message = wrongOutcome(run) ?? (exercise && wrongHole(exercise, textOf(run.outputs)));
    return message === undefined ? [] : [{ file: lesson.file, line: run.cell.line, message }];
  });
  return [...problems, ...found];
}

/**
 * Each solution passes and each mistake is refused.
 * @param {import("../lesson.mjs").Lesson} lesson
 * @param {{ rehearsals: Rehearsal[], problems: Problem[] }} result of rehearseLesson
 * @returns {Problem[]}
 */
export function checkAnswers(lesson, { rehearsals, problems }) {
  const found = rehearsals.flatMap(({ exercise, solutions, mistakes }) => {
    const { number } = exercise;
    const wrong = (
      /** @type {{ line: number, printed: string }[]} */ answers,
      /** @type {string} */ mark,
      /** @type {string} */ what,
    ) =>
      answers
        .filter(({ printed }) => !printed.includes(`${mark} Exercise ${number}`))
        .map(({ line, printed }) => ({
          ...{ file: lesson.file, line },
          message: `exercise ${number}: ${what}: ${oneLine(printed)}`,
        }));
    return [
      ...wrong(solutions, "✓", "the check refuses the solution"),
      ...wrong(mistakes, "✗", "the check accepts the mistake"),
    ];
  });
  return [...problems, ...found];
}

/** @param {CellRun} run */
function wrongOutcome({ cell, outputs }) {
  const error = outputs.find((output) => output.output_type === "error");
  if (cell.mode === "throws" && error === undefined) {
    return "expected the cell to end with an error, it ran to its end";
  }
  if (cell.mode === "throws" || error === undefined) return undefined;
  if (error.evalue === "Execution failed" && error.traceback.length <= 1) {
    return "this is not TypeScript that can be parsed";
  }
  return `the cell fails: ${error.ename}: ${oneLine(error.evalue)}`;
}

/**
 * @param {import("../lesson.mjs").Exercise} exercise
 * @param {string} printed
 */
function wrongHole({ number, title }, printed) {
  const wanted = `✗ Exercise ${number} ${title}: not done yet: `;
  return printed.startsWith(wanted)
    ? undefined
    : `expected "${wanted}…" while there is a hole, got "${oneLine(printed)}"`;
}

/** @param {string} text */
const oneLine = (text) => text.trim().replaceAll("\n", " ⏎ ");

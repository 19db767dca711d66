// A cell of a lesson as static HTML, complete without scripts. Read cells/output-html.mjs first.

import { outputsHTML, outputsKey } from "../cells/output-html.mjs";

/** What is said beside a cell's name. */
const notes = {
  run: "",
  throws: "ends with an error, on purpose",
  exercise: "unfinished on purpose: replace <code>todo(…)</code> with your code",
  check: "checks the cell above",
};

/**
 * A cell with its outputs. The tools show where scripts run.
 * @param {object} cell
 * @param {number} cell.number on the page, from 1
 * @param {string} cell.id from the notebook, the same while other cells change
 * @param {keyof typeof notes} cell.mode
 * @param {string} cell.code the source, coloured: HTML whose text is exactly the source
 * @param {readonly import("../cells/output-html.mjs").AnyOutput[]} cell.outputs from the notebook
 * @param {boolean} [cell.isPredicted] the reader is to guess the outputs before they are shown
 * @returns {string}
 */
export function cellHTML({ number, id, mode, code, outputs, isPredicted = false }) {
  const button = (/** @type {string} */ action, /** @type {string} */ label, more = "") =>
    `<button type="button" data-do="${action}" aria-label="${label} cell ${number}"${more}>${label}</button>`;
  const later = ' tabindex="-1"'; // reached by arrow keys: cells/toolbar.ts
  const name = `Cell ${number}`;
  const note = notes[mode] === "" ? "" : `<span class="cell-note">${notes[mode]}</span>`;
  const results = outputsHTML(outputs, { pictures: "inline" });
  const predicted = isPredicted ? " data-predicted" : "";
  const data = `data-number="${number}" data-cell="${id}" data-mode="${mode}"${predicted}`;
  return [
    `<lesson-cell class="cell" id="cell-${number}" ${data} data-outputs="${outputsKey(outputs)}">`,
    '<div class="cell-head">',
    `<a class="cell-name" href="#cell-${number}">${name}</a>${note}`,
    '<span class="cell-status"></span>',
    `<span class="cell-tools" role="toolbar" aria-label="${name}">`,
    button("run", "Run", ' title="In the code: Shift+Enter"'),
    button("stop", "Stop", `${later} hidden`),
    button("edit", "Edit", later),
    button("reset", "Reset", `${later} hidden`),
    `<button type="button" data-do="more" aria-label="More for cell ${number}" aria-expanded="false"${later}>⋯</button>`,
    "</span></div>",
    `<div class="cell-code"><pre class="code"><code>${code}</code></pre></div>`,
    `<div class="outputs" role="group" aria-label="Output of cell ${number}">${results}</div>`,
    "</lesson-cell>",
  ].join("");
}

/** The tools for all cells of a lesson, below its title, and what screen readers say about code. */
export function lessonToolsHTML() {
  const button = (/** @type {string} */ action, /** @type {string} */ label, more = "") =>
    `<button type="button" data-do="${action}"${more}>${label}</button>`;
  return [
    '<lesson-tools class="lesson-tools" role="group" aria-label="All cells of this lesson">',
    button("run-all", "Run all cells"),
    button("stop-all", "Stop", " hidden"),
    button("reset-lesson", "Reset lesson", " hidden"),
    '<span class="lesson-status"></span>',
    '<span id="code-hint" hidden>Press Enter to edit.</span>',
    '<span id="editor-hint" hidden>Tab indents. To leave: Escape, then Tab.</span>',
    "</lesson-tools>",
  ].join("");
}

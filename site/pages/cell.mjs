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
  const note = notes[mode] === "" ? "" : `<span class="cell-note">${notes[mode]}</span>`;
  return `<lesson-cell class="cell" id="cell-${number}" data-number="${number}" data-cell="${id}" data-mode="${mode}" data-outputs="${outputsKey(outputs)}"${isPredicted ? " data-predicted" : ""}>
<div class="cell-head"><a class="cell-name" href="#cell-${number}">Cell ${number}</a>${note}<span class="cell-status" role="status"></span><span class="cell-tools" role="group" aria-label="Cell ${number}">${button("run", "Run")}${button("stop", "Stop", " hidden")}${button("edit", "Edit")}${button("reset", "Reset", " hidden")}<button type="button" data-do="more" aria-label="More for cell ${number}" aria-expanded="false">⋯</button></span></div>
<div class="cell-code"><pre class="code"><code>${code}</code></pre></div>
<div class="outputs" role="group" aria-label="Output of cell ${number}">${outputsHTML(outputs, { pictures: "inline" })}</div>
</lesson-cell>`;
}

/** The tools for all cells of a lesson; they stand below its title. */
export function lessonToolsHTML() {
  return `<lesson-tools class="lesson-tools" role="group" aria-label="All cells of this lesson"><button type="button" data-do="run-all">Run all cells</button><button type="button" data-do="stop-all" hidden>Stop</button><button type="button" data-do="reset-lesson" hidden>Reset lesson</button><span class="lesson-status" role="status"></span></lesson-tools>`;
}

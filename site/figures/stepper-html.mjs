// The HTML of the stepper, at build time and in the page. Read stepper-model.mjs first.

import { beginning, escapeText, Walk } from "./stepper-model.mjs";

/**
 * @typedef {import("./stepper-model.mjs").State} State
 * @typedef {import("./stepper-model.mjs").Entry} Entry
 * @typedef {import("./stepper-model.mjs").View} View
 * @typedef {"controls" | "receipt" | "list"} Part what may be hidden
 */

/**
 * The element `<backprop-stepper>` with everything in it: picture, sentence and lists can be read
 * without JavaScript; what only works with it is hidden by the style sheet then.
 * @param {Partial<State> & { hide?: readonly Part[] }} [options]
 * @throws {import("./stepper-model.mjs").FormulaError}
 */
export function stepperHTML(options = {}) {
  const { formula, values, position, hide = [] } = { ...beginning, ...options };
  const walk = new Walk(formula, values);
  const view = walk.at(position);
  const at = walk.names.map((name) => `${name} = ${walk.values[name]}`).join(", ");
  const button = (
    /** @type {string} */ go,
    /** @type {string} */ label,
    /** @type {string} */ path,
  ) =>
    `<button type="button" data-go="${go}" aria-label="${label}" title="${label}"><svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path d="${path}"/></svg></button>`;
  return `<backprop-stepper class="stepper" data-formula="${escapeText(formula)}" data-values="${escapeText(JSON.stringify(walk.values))}" data-position="${position}"${hide.length > 0 ? ` data-hide="${hide.join(" ")}"` : ""}>
<p class="stepper-given"><code>${escapeText(formula)}</code>${at === "" ? "" : ` at ${escapeText(at)}`}</p>
<div class="stepper-inputs needs-scripts">
<label class="stepper-formula"><span>Formula</span><input type="text" value="${escapeText(formula)}" spellcheck="false" autocomplete="off" autocapitalize="off" maxlength="2000"></label>
<div class="stepper-numbers" role="group" aria-label="Numbers: type, drag sideways, or press the arrow keys">${numbersHTML(walk.values)}</div>
<p class="stepper-error" role="alert"></p>
</div>
<div class="stepper-stage">${view.picture}</div>
<p class="stepper-where">${escapeText(view.where)}</p>
<p class="stepper-sentence" aria-live="polite">${escapeText(view.sentence)}</p>
<div class="stepper-controls needs-scripts">
${button("first", "First step", "M5 5v14M19 5v14L8 12z")}${button("back", "Step back", "M17 5v14L6 12z")}
<div class="stepper-scrubber"><input type="range" min="0" max="${walk.length}" value="${position}" aria-label="Step" aria-valuetext="${escapeText(view.where)}">
<div class="stepper-passes" aria-hidden="true">${passesHTML(walk)}</div></div>
${button("next", "Next step", "M7 5v14l11-7z")}${button("last", "Last step", "M19 5v14M5 5v14l11-7z")}
</div>
<p class="stepper-receipt needs-scripts">${receiptHint}</p>
<details class="stepper-words"><summary>All steps in words</summary><div>${wordsHTML(walk, position)}</div></details>
<details class="stepper-list"><summary>The graph as a list</summary><div>${listHTML(view)}</div></details>
</backprop-stepper>`;
}

/** Where receipts are shown, before a node is pointed at. */
export const receiptHint =
  "Point at a node, tap it, or go there with Tab, ↑ and ↓, to see what its gradient is made of.";

/** The numbers that can be changed. */
export const numbersHTML = (/** @type {Readonly<Record<string, number>>} */ values) =>
  Object.entries(values)
    .map(
      ([name, number]) =>
        `<label class="stepper-number"><span>${escapeText(name)} =</span><input type="text" inputmode="decimal" role="spinbutton" aria-valuenow="${number}" autocomplete="off" data-name="${escapeText(name)}" value="${number}"></label>`,
    )
    .join("");

/** The marks below the scrubber. @param {Walk} walk */
export const passesHTML = ({ forward, length }) =>
  (forward > 0 ? `<span style="flex:${forward}">forward</span>` : "") +
  `<span style="flex:${length - forward}">backward</span>`;

/** All steps, and what comes out of them. @param {Walk} walk @param {number} position */
export const wordsHTML = ({ sentences, results }, position) =>
  `<ol>${sentences
    .map(
      (text, i) =>
        `<li${i + 1 === position ? ' aria-current="step"' : ""}>${escapeText(text)}</li>`,
    )
    .join("")}</ol>${results.length > 0 ? "<p>In the end:</p>" : ""}<ul>${results
    .map((text) => `<li>${escapeText(text)}</li>`)
    .join("")}</ul>`;

/** @param {View} view */
export const listHTML = ({ list }) => `<ul>${entryHTML(list)}</ul>`;

/** @param {Entry} entry @returns {string} */
const entryHTML = ({ text, inputs }) =>
  `<li>${escapeText(text)}${inputs.length > 0 ? `<ul>${inputs.map(entryHTML).join("")}</ul>` : ""}</li>`;

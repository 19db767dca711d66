/** The loss as a sum with the numbers of this moment. Read loss-formulas.mjs, then src/losses.ts first. */

import type { DataSet } from "chainrule";
import { shown } from "./numbers.ts";

/** The term of a point with prediction p and target t, both as text. */
type Term = (p: string, t: string) => string;

const square: Term = (p, t) => `(${p} − ${inParentheses(t)})²`;

const terms: Readonly<Record<string, Term>> = {
  meanSquaredError: square,
  squaredError: square,
  hinge: (p, t) => `max(0, 1 − ${inParentheses(t)} · ${inParentheses(p)})`,
  binaryCrossEntropy: (p, t) => (/^[-−0]/.test(t) ? `−log(1 − σ(${p}))` : `−log σ(${p})`),
  absoluteError: (p, t) => `|${p} − ${inParentheses(t)}|`,
  huber: (p, t) => `h(${p} − ${inParentheses(t)})`,
};

/** A negative number after an operator. */
const inParentheses = (text: string) => (/^[-−]/.test(text) ? `(${text})` : text);

/** How many terms stand there before the reader asks for all of them. */
const fewTerms = 4;
/** More than these nobody reads, and a page should not hold. */
const mostTerms = 500;

/** Shows the formula of a loss, what it means, and its sum. */
export class FormulaPanel {
  readonly #panel: HTMLElement;
  #isWhole = false;

  constructor(panel: HTMLElement, onWhole: () => void) {
    this.#panel = panel;
    panel.addEventListener("click", ({ target }) => {
      if (!(target instanceof HTMLButtonElement)) return;
      this.#isWhole = !this.#isWhole;
      onWhole();
      panel.querySelector("button")?.focus();
    });
  }

  /** @param total the loss as the run has it; undefined if it is not known */
  show(
    loss: string,
    data: DataSet,
    predict: (x: readonly number[]) => number,
    total: number | undefined,
  ): void {
    for (const formula of this.#panel.querySelectorAll<HTMLElement>("[data-loss]")) {
      formula.hidden = formula.dataset.loss !== loss;
    }
    const term = terms[loss];
    const numbers = this.#panel.querySelector(".pg-formula-numbers");
    if (!numbers) return;
    const points = data.inputs.length;
    if (term === undefined || points === 0 || total === undefined) {
      numbers.textContent = "There is no loss without points.";
      return;
    }
    const shownTerms = Math.min(points, this.#isWhole ? mostTerms : fewTerms);
    const shownOnes = data.inputs.slice(0, shownTerms).map((x, i) => {
      const target = data.targets[i]?.[0] ?? Number.NaN; // there is one for each point
      return term(shown(predict(x)), String(Number(target.toPrecision(5))).replace("-", "−"));
    });
    const more = points - shownTerms;
    const sum = shownOnes.join(" + ") + (more > 0 ? ` + … ${more} more` : "");
    numbers.textContent = `L = (${sum}) / ${points} = ${shown(total)} `;
    if (points > fewTerms) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = this.#isWhole ? "Only the first terms" : `All ${points} terms`;
      numbers.append(button);
    }
  }
}

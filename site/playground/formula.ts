/** The loss as a sum with the numbers of this moment. Read loss-formulas.mjs first. */

import type { DataSet } from "chainrule";
import { losses } from "./loss-formulas.mjs";
import { shown } from "./numbers.ts";

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
    const formula = losses.find(({ name }) => name === loss);
    const words = this.#panel.querySelector(".pg-formula-words");
    const numbers = this.#panel.querySelector(".pg-formula-numbers");
    if (!words || !numbers) return;
    words.textContent = formula?.words ?? "";
    const points = data.inputs.length;
    if (formula === undefined || points === 0 || total === undefined) {
      numbers.textContent = "There is no loss without points.";
      return;
    }
    const shownTerms = Math.min(points, this.#isWhole ? mostTerms : fewTerms);
    const terms = data.inputs.slice(0, shownTerms).map((x, i) => {
      const target = data.targets[i]?.[0] ?? Number.NaN; // there is one for each point
      return formula.term(
        shown(predict(x)),
        String(Number(target.toPrecision(5))).replace("-", "−"),
      );
    });
    const more = points - shownTerms;
    const sum = terms.join(" + ") + (more > 0 ? ` + … ${more} more` : "");
    numbers.textContent = `L = (${sum}) / ${points} = ${shown(total)} `;
    if (points > fewTerms) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = this.#isWhole ? "Only the first terms" : `All ${points} terms`;
      numbers.append(button);
    }
  }
}

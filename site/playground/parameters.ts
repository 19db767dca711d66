/** Every parameter of the network with its number and its gradient, as a table. Read places.ts first. */

import { element } from "./elements.ts";
import { shown } from "./numbers.ts";
import { parameterNames } from "./places.ts";

/** The cells of a row. */
interface Row {
  readonly row: HTMLTableRowElement;
  readonly data: HTMLElement;
  readonly gradient: HTMLElement;
  readonly next: HTMLElement;
}

/** A table that keeps its rows from one step to the next; `onSelect` hears which one was chosen. */
export class ParameterTable {
  readonly #place: HTMLElement;
  #rows: readonly Row[] = [];
  #sizes = "";
  #names: readonly string[] = [];

  constructor(place: HTMLElement, onSelect: (address: string) => void) {
    this.#place = place;
    place.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button?.dataset.name !== undefined) onSelect(button.dataset.name);
    });
  }

  /**
   * @param sizes the inputs, then the neurons of each layer
   * @param rate the learning rate, if a step is −rate × gradient and nothing else
   */
  show(
    sizes: readonly number[],
    weights: ArrayLike<number>,
    gradients: ArrayLike<number>,
    rate: number | undefined,
    selected: string | undefined,
  ): void {
    if (this.#sizes !== sizes.join()) {
      this.#sizes = sizes.join();
      this.#names = parameterNames(sizes);
      this.#build();
    }
    for (const [i, { row, data, gradient, next }] of this.#rows.entries()) {
      const [weight, slope] = [weights[i] ?? Number.NaN, gradients[i] ?? Number.NaN];
      data.textContent = shown(weight);
      gradient.textContent = shown(slope);
      next.textContent = rate === undefined ? "–" : shown(weight - rate * slope);
      if (this.#names[i] === selected) row.ariaCurrent = "true";
      else row.removeAttribute("aria-current");
    }
  }

  #build(): void {
    const titles = ["Parameter", "Number", "Gradient", "Number − rate × gradient"];
    const head = element(
      "tr",
      {},
      ...titles.map((title) => element("th", { scope: "col" }, title)),
    );
    this.#rows = this.#names.map((name) => {
      const button = element("button", { type: "button", "data-name": name }, name);
      const [data, gradient, next] = [element("td"), element("td"), element("td")];
      const row = element("tr", {}, element("th", { scope: "row" }, button), data, gradient, next);
      return { row, data, gradient, next };
    });
    const body = element("tbody", {}, ...this.#rows.map(({ row }) => row));
    const table = element("table", {}, element("thead", {}, head), body);
    const scrolls = {
      class: "pg-table",
      role: "region",
      "aria-label": "Parameters",
      tabindex: "0",
    };
    this.#place.replaceChildren(element("div", scrolls, table));
  }
}

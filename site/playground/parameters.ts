/** Every parameter of the network with its number and its gradient, as a table. Nothing to read first. */

import type { Value } from "chainrule";
import { shown } from "./numbers.ts";

/** A table that keeps its rows from one step to the next; `onSelect` hears which one was chosen. */
export class ParameterTable {
  readonly #place: HTMLElement;
  #rows: { row: HTMLTableRowElement; data: HTMLElement; grad: HTMLElement; next: HTMLElement }[] = [];
  #names = "";

  constructor(place: HTMLElement, onSelect: (name: string) => void) {
    this.#place = place;
    place.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button?.dataset.name !== undefined) onSelect(button.dataset.name);
    });
  }

  /**
   * @param parameters with their gradients, by name
   * @param rate the learning rate, if a step is −rate × gradient and nothing else
   */
  show(
    parameters: readonly (readonly [string, Value])[],
    rate: number | undefined,
    selected: string | undefined,
  ): void {
    const names = parameters.map(([name]) => name).join(" ");
    if (names !== this.#names) this.#build(parameters);
    this.#names = names;
    for (const [i, [name, { data, grad, hasGrad }]] of parameters.entries()) {
      const cells = this.#rows[i];
      if (cells === undefined) continue;
      cells.data.textContent = shown(data);
      cells.grad.textContent = hasGrad ? shown(grad) : "–";
      cells.next.textContent =
        rate === undefined || !hasGrad ? "–" : shown(data - rate * grad);
      if (name === selected) cells.row.ariaCurrent = "true";
      else cells.row.removeAttribute("aria-current");
    }
  }

  #build(parameters: readonly (readonly [string, Value])[]): void {
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    for (const title of ["Parameter", "Number", "Gradient dL/d…", "After an SGD step"]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = title;
      head.append(cell);
    }
    const body = table.createTBody();
    this.#rows = parameters.map(([name]) => {
      const row = body.insertRow();
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.name = name;
      button.textContent = name;
      const head = document.createElement("th");
      head.scope = "row";
      head.append(button);
      row.append(head);
      return { row, data: row.insertCell(), grad: row.insertCell(), next: row.insertCell() };
    });
    const box = document.createElement("div");
    box.className = "pg-table";
    box.tabIndex = 0; // scrolls by keyboard
    box.role = "region";
    box.ariaLabel = "Parameters";
    box.append(table);
    this.#place.replaceChildren(box);
  }
}

/**
 * The layers of the network as a row to change: how many, and how many neurons in each. Read
 * ../runs/setup.ts first.
 */

import { limits } from "../runs/setup.ts";

/** Fills the row and hears its buttons. */
export class ShapeRow {
  readonly #row: HTMLElement;
  #hidden: readonly number[] = [];
  /** What is being typed stays as it is until it is done, while the training goes on. */
  #typing: EventTarget | null = null;

  constructor(row: HTMLElement, onChange: (hidden: readonly number[]) => void) {
    this.#row = row;
    row.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      const change = button?.dataset.shape;
      if (change === undefined) return;
      if (change === "add") onChange([...this.#hidden, this.#hidden.at(-1) ?? 4]);
      if (change === "remove") onChange(this.#hidden.slice(0, -1));
    });
    row.addEventListener("input", ({ target }) => {
      this.#typing = target;
    });
    row.addEventListener("focusout", () => {
      this.#typing = null;
    });
    row.addEventListener("change", ({ target }) => {
      this.#typing = null;
      if (!(target instanceof HTMLInputElement)) return;
      const size = Number(target.value);
      if (!target.validity.valid || !Number.isInteger(size)) {
        target.setAttribute("aria-invalid", "true");
        target.reportValidity();
        return;
      }
      target.removeAttribute("aria-invalid");
      onChange(this.#hidden.with(Number(target.dataset.layer), size));
    });
  }

  show(inputs: number, hidden: readonly number[]): void {
    const layers = this.#row.querySelectorAll<HTMLInputElement>("input");
    if (layers.length === hidden.length && this.#row.childElementCount > 0) {
      // The same row with other numbers: what has the focus keeps it.
      for (const [i, layer] of layers.entries()) {
        if (layer !== this.#typing) layer.value = String(hidden[i]);
      }
      this.#row.querySelector(".pg-inputs")!.textContent = String(inputs); // made below
      this.#hidden = hidden;
      return;
    }
    const focused = (document.activeElement as HTMLElement | null)?.dataset.shape;
    this.#hidden = hidden;
    const buttons = made("span", "pg-shape-buttons", "", "");
    buttons.append(
      button("remove", "− layer", "Remove the last hidden layer", hidden.length === 0),
      button("add", "+ layer", "Add a hidden layer", hidden.length >= limits.layers),
    );
    this.#row.replaceChildren(
      made("span", "pg-inputs", String(inputs), "inputs"),
      ...hidden.flatMap((size, i) => [arrow(), layerField(size, i)]),
      arrow(),
      made("span", "pg-outputs", "1", "output"),
      buttons,
    );
    if (focused !== undefined) {
      const again = this.#row.querySelector<HTMLButtonElement>(`[data-shape=${focused}]`);
      const other = this.#row.querySelector<HTMLButtonElement>("button:enabled");
      (again?.disabled ? other : again)?.focus();
    }
  }
}

function made(tag: string, className: string, text: string, title: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  element.title = title;
  return element;
}

function arrow(): HTMLElement {
  const element = made("span", "pg-arrow", "→", "");
  element.ariaHidden = "true";
  return element;
}

function layerField(size: number, layer: number): HTMLInputElement {
  const field = document.createElement("input");
  field.type = "number";
  field.min = "1";
  field.max = String(limits.neurons);
  field.step = "1";
  field.required = true;
  field.value = String(size);
  field.dataset.layer = String(layer);
  field.ariaLabel = `Neurons in hidden layer ${layer + 1}`;
  return field;
}

function button(shape: string, text: string, label: string, isDisabled: boolean): HTMLElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.ariaLabel = label;
  made.title = label;
  made.disabled = isDisabled;
  made.dataset.shape = shape;
  return made;
}

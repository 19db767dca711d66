/**
 * Fields for the numbers of a formula: drag sideways, press the arrow keys, or type. Read
 * ../figures/drag.ts first.
 */

import { onDrag } from "../figures/drag.ts";
import { numberOf } from "./formula.ts";

/** How far a number moves with one press of an arrow key, or with so many pixels of dragging. */
const SMALL = 0.1;
const LARGE = 1; // with Shift, and for Page Up and Page Down
const PIXELS = 4;

const keys: Readonly<Record<string, number>> = {
  ArrowUp: SMALL,
  ArrowDown: -SMALL,
  PageUp: LARGE,
  PageDown: -LARGE,
};

/** The fields, and what is told when a number changes. */
export class NumberFields {
  readonly element = document.createElement("div");
  readonly #fields = new Map<string, HTMLInputElement>();
  readonly #write: (name: string, number: number) => void;
  readonly #complain: (sentence: string) => void;

  /**
   * @param write is told of every number that was changed here
   * @param complain is told in a sentence of what is no number, "" when all is well
   */
  constructor(write: (name: string, number: number) => void, complain: (sentence: string) => void) {
    this.#write = write;
    this.#complain = complain;
    this.element.className = "debugger-numbers";
    this.element.setAttribute("role", "group");
    this.element.setAttribute(
      "aria-label",
      "Numbers: type, drag sideways, or press the arrow keys up and down",
    );
  }

  /** Shows these numbers; the field that is being typed into is left alone. */
  show(values: ReadonlyMap<string, number>): void {
    if ([...values.keys()].join() !== [...this.#fields.keys()].join()) {
      this.#fields.clear();
      for (const name of values.keys()) this.#fields.set(name, this.#field(name));
      const labels = [...this.#fields].map(([name, field]) => labelled(name, field));
      this.element.replaceChildren(...labels);
    }
    for (const [name, number] of values) {
      const field = this.#fields.get(name);
      if (field === undefined) continue;
      field.setAttribute("aria-valuenow", String(number));
      if (numberOf(field.value) !== number) field.value = String(number);
      field.setAttribute("aria-invalid", "false");
    }
  }

  #field(name: string): HTMLInputElement {
    const field = document.createElement("input");
    Object.assign(field, { type: "text", inputMode: "decimal", autocomplete: "off" });
    field.setAttribute("role", "spinbutton");
    field.dataset.name = name;
    const now = () => numberOf(field.value) ?? 0;
    field.addEventListener("input", () => this.#read(name, field));
    field.addEventListener("change", () => {
      const number = numberOf(field.value);
      if (number !== undefined) field.value = String(number);
    });
    field.addEventListener("keydown", (event) => {
      const by = keys[event.key];
      if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      const large = event.shiftKey && Math.abs(by) < LARGE ? LARGE / SMALL : 1;
      this.#set(name, field, now() + by * large);
      event.preventDefault();
    });
    onDrag<number>(field, {
      begin: now,
      move: ({ start, x, isShift }) =>
        this.#set(name, field, start + Math.trunc(x / PIXELS) * (isShift ? LARGE : SMALL)),
      tap: () => {
        field.focus();
        field.select();
      },
    });
    return field;
  }

  #set(name: string, field: HTMLInputElement, number: number): void {
    field.value = String(Number(number.toPrecision(12))); // not 0.30000000000000004
    this.#read(name, field);
  }

  #read(name: string, field: HTMLInputElement): void {
    const number = numberOf(field.value);
    field.setAttribute("aria-invalid", String(number === undefined));
    this.#complain(
      number === undefined
        ? `Expected a number for ${name}, such as -2.5, got "${field.value.slice(0, 40)}".`
        : "",
    );
    if (number !== undefined) this.#write(name, number);
  }
}

function labelled(name: string, field: HTMLInputElement): HTMLLabelElement {
  const label = document.createElement("label");
  label.className = "debugger-number";
  const text = document.createElement("span");
  text.textContent = `${name} =`;
  label.append(text, field);
  return label;
}

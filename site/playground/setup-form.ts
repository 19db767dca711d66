/**
 * The fields of the playground and the setup that they stand for, one written into the other. Read
 * ../runs/setup.ts first.
 */

import type { DataName, Setup } from "../runs/setup.ts";

/** Data whose points are drawn, so that there may be more or fewer of them. */
const drawn: readonly DataName[] = ["moons", "circles", "spirals", "sine"];
/** Losses that want targets of -1 and 1. */
const forClasses = ["hinge", "binaryCrossEntropy"];

/** What a field asks for. */
export type Wish =
  | { readonly kind: "data"; readonly data: DataName }
  | { readonly kind: "rate"; readonly rate: number }
  | { readonly kind: "setup"; readonly change: Partial<Setup> };

/** The fields: `show` writes a setup into them, and `onWish` hears what the reader asks for. */
export class SetupForm {
  readonly #root: HTMLElement;
  /** What the fields say; undefined once the reader has touched one. */
  #said: readonly unknown[] | undefined;
  /** The number that is being typed: it stays as it is, while the training goes on, until it is done. */
  #typing: Field | undefined;

  constructor(root: HTMLElement, onWish: (wish: Wish) => void) {
    this.#root = root;
    root.addEventListener("input", ({ target }) => {
      this.#said = undefined;
      if (!isField(target)) return;
      if (target.type === "number") this.#typing = target;
      if (target.type !== "range") return;
      if (target.dataset.field === "rateSlider") {
        this.#field("rate").value = String(rateOf(target));
        onWish({ kind: "rate", rate: rateOf(target) });
      } else showRange(target);
    });
    root.addEventListener("focusout", () => {
      this.#typing = undefined;
      this.#said = undefined;
    });
    root.addEventListener("change", ({ target }) => {
      if (!isField(target)) return;
      this.#typing = undefined;
      const wish = this.#wishOf(target);
      if (wish !== undefined) onWish(wish);
    });
  }

  /**
   * Writes a setup into the fields.
   * @param isRegression are the targets any numbers, rather than -1 and 1?
   */
  show(setup: Setup, rate: number, isRegression: boolean): void {
    const said = [setup, rate, isRegression];
    if (this.#said?.every((part, i) => part === said[i])) return; // as in most frames
    this.#said = said;
    for (const radio of this.#root.querySelectorAll<HTMLInputElement>("[name=pg-data]")) {
      radio.checked = radio.value === setup.data;
    }
    const { points, noise, heldOut, dataSeed, activation, output, init, loss, optimizer } = setup;
    const numbers = { points, noise, heldOut, dataSeed, rate, seed: setup.seed };
    const fields = { ...numbers, activation, output, init, loss, optimizer };
    for (const [name, value] of Object.entries(fields)) {
      const field = this.#field(name);
      if (field === this.#typing) continue;
      field.value = String(value);
      field.removeAttribute("aria-invalid");
      if (field.type === "range") showRange(field);
    }
    const slider = this.#field("rateSlider");
    if (slider !== document.activeElement) slider.value = String(Math.log10(rate));
    slider.setAttribute("aria-valuetext", String(rate));
    for (const element of this.#root.querySelectorAll<HTMLElement>("[data-only]")) {
      const { only } = element.dataset;
      if (only === "drawn") element.hidden = !drawn.includes(setup.data);
      if (only === "own") element.hidden = setup.data !== "own";
      if (only === "held-out") element.hidden = setup.heldOut === 0;
      if (only === "classes") element.hidden = isRegression;
    }
    for (const option of this.#field("loss").querySelectorAll("option")) {
      option.disabled = isRegression && forClasses.includes(option.value);
    }
  }

  #field(name: string): Field {
    const field = this.#root.querySelector<Field>(`[data-field="${name}"]`);
    if (field === null) throw new Error(`playground: no field ${name}`);
    return field;
  }

  #wishOf(field: Field): Wish | undefined {
    const { field: name = "" } = field.dataset;
    if (name === "data") return { kind: "data", data: field.value as DataName }; // the page's own
    if (name === "rateSlider" || name === "speed") return undefined; // heard already; no setup
    if (field.type !== "number" && field.type !== "range") {
      return { kind: "setup", change: { [name]: field.value } };
    }
    const isWhole = field instanceof HTMLInputElement && field.step === "1";
    const value = field.value.trim() === "" ? Number.NaN : Number(field.value);
    // A browser that refuses what was typed says "": there is no number to go on with.
    if (!Number.isFinite(value) || (isWhole && !Number.isInteger(value)) || !field.validity.valid) {
      field.setAttribute("aria-invalid", "true");
      field.reportValidity();
      return undefined;
    }
    return name === "rate"
      ? { kind: "rate", rate: value }
      : { kind: "setup", change: { [name]: value } };
  }
}

type Field = HTMLInputElement | HTMLSelectElement;

const isField = (target: EventTarget | null): target is Field =>
  (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) &&
  target.dataset.field !== undefined;

/** The slider goes by powers of ten: 0.0001 to 10, two digits each. */
const rateOf = (slider: Field): number => Number((10 ** Number(slider.value)).toPrecision(2));

/** Writes the value of a slider beside it. */
function showRange(field: Field): void {
  const isShare = field.dataset.field === "heldOut";
  const text = isShare ? `${Math.round(100 * Number(field.value))}%` : field.value;
  const output = field.parentElement?.querySelector("output");
  if (output) output.textContent = text;
  field.setAttribute("aria-valuetext", text);
}

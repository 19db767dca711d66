/**
 * The choice of a slice, where a network has more than two inputs: which go across and up, and at which number the
 * others are held. Read plane.ts first.
 */

import { Plane } from "./plane.ts";
import { inputName } from "./plane-words.ts";
import { html, shortText } from "./text.ts";

/** Fields for a slice; they call `onChange` with the plane that was chosen. */
export class SliceChoice {
  readonly element = html("div", { class: "slice" });
  readonly #onChange: (plane: Plane) => void;
  #inputs = 0;
  #plane: Plane | undefined;

  constructor(onChange: (plane: Plane) => void) {
    this.#onChange = onChange;
  }

  /** Shows what is chosen; nothing where there is nothing to choose. */
  show(plane: Plane): void {
    const inputs = plane.ranges.length;
    const before = this.#plane;
    this.#plane = plane;
    if (inputs !== this.#inputs) {
      this.#inputs = inputs;
      this.element.hidden = inputs < 3;
      this.element.replaceChildren(...(inputs < 3 ? [] : this.#fields(inputs)));
    }
    if (inputs < 3 || before === plane) return;
    const { across, up } = plane;
    this.#select("across").value = String(across);
    this.#select("up").value = String(up);
    for (const [i, [from, to]] of plane.ranges.entries()) {
      const row = this.element.querySelector<HTMLElement>(`[data-held="${i}"]`)!; // made below
      row.hidden = i === across || i === up;
      const slider = row.querySelector("input")!;
      slider.min = String(from);
      slider.max = String(to);
      slider.value = String(plane.held[i]);
      const text = shortText(plane.held[i]);
      row.querySelector("output")!.textContent = text;
      slider.setAttribute("aria-valuetext", text);
    }
  }

  #select(name: "across" | "up"): HTMLSelectElement {
    return this.element.querySelector<HTMLSelectElement>(`[name="${name}"]`)!; // made below
  }

  #fields(inputs: number): HTMLElement[] {
    const numbers = Array.from({ length: inputs }, (_, i) => i);
    const axis = (name: "across" | "up", label: string) => {
      const options = numbers.map((i) => html("option", { value: i }, inputName(i)));
      const select = html("select", { name }, ...options);
      select.addEventListener("change", () => this.#turn(name, Number(select.value)));
      return html("label", {}, `${label} `, select);
    };
    const held = numbers.map((i) => {
      const slider = html("input", { type: "range", step: "any", "aria-label": inputName(i) });
      slider.addEventListener("input", () => this.#hold(i, Number(slider.value)));
      const label = html("label", { "data-held": i }, `${inputName(i)} = `, html("output"), slider);
      return label;
    });
    return [axis("across", "Across"), axis("up", "Up"), ...held];
  }

  /** Another input across or up; if it is that of the other direction, the two change places. */
  #turn(name: "across" | "up", input: number): void {
    if (this.#plane === undefined) return;
    const { ranges, across, up, held } = this.#plane;
    const other = name === "across" ? up : across;
    const moved = input === other ? (name === "across" ? across : up) : other;
    const [a, b] = name === "across" ? [input, moved] : [moved, input];
    this.#onChange(new Plane(ranges, a, b, held));
  }

  #hold(input: number, number: number): void {
    if (this.#plane === undefined) return;
    const { ranges, across, up, held } = this.#plane;
    this.#onChange(
      new Plane(
        ranges,
        across,
        up,
        held.map((old, i) => (i === input ? number : old)),
      ),
    );
  }
}

/**
 * Where the walk is: the sentence of the step, buttons forwards and back, and a scrubber. Read
 * src/explain/walk.ts first.
 */

import { SlowText } from "../playground/views/slow-text.ts";
import { make } from "./make.ts";

/** What the bar shows. */
export interface Whereabouts {
  /** How many steps have been taken, of how many, and how many of those are the forward pass. */
  readonly position: number;
  readonly length: number;
  readonly forward: number;
  /** The step that was taken last, in words. */
  readonly sentence: string;
  /** Where its local derivative comes from; "" for a step without one. */
  readonly why: string;
}

const buttons = [
  ["first", "First step", "M5 5v14M19 5v14L8 12z"],
  ["back", "Step back", "M17 5v14L6 12z"],
  ["next", "Next step", "M7 5v14l11-7z"],
  ["last", "Last step", "M19 5v14M5 5v14l11-7z"],
] as const;

/** The bar. `go` is told of the position that the reader wants. */
export class WalkBar {
  readonly element = make("section", {
    class: "debugger-walk",
    "aria-label": "The walk through the passes",
  });
  readonly #where = make("p", { class: "debugger-where" });
  readonly #sentence = make("p", { class: "debugger-sentence" });
  readonly #why = make("p", { class: "debugger-step-why" });
  /** What a screen reader is told: at most a sentence a second, however fast the reader walks. */
  readonly #told = make("p", { class: "visually-hidden", "aria-live": "polite" });
  readonly #telling = new SlowText(this.#told);
  #lastTold = "";
  readonly #range = make("input", { type: "range", min: "0", "aria-label": "Step of the walk" });
  readonly #forward = make("button", { type: "button" }, "forward pass");
  readonly #backward = make("button", { type: "button" }, "backward pass");
  readonly #buttons = new Map<string, HTMLButtonElement>();
  #shown: Whereabouts = { position: 0, length: 0, forward: 0, sentence: "", why: "" };

  constructor(go: (position: number) => void) {
    const to = {
      first: () => 0,
      back: () => this.#shown.position - 1,
      next: () => this.#shown.position + 1,
      last: () => this.#shown.length,
    };
    for (const [name, label, path] of buttons) {
      const button = make("button", { type: "button", "data-go": name, title: label });
      button.innerHTML = `<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path d="${path}"/></svg>`;
      if (name === "next") button.append(make("span", {}, label));
      else button.setAttribute("aria-label", label);
      button.addEventListener("click", () => go(to[name]()));
      this.#buttons.set(name, button);
    }
    this.#range.addEventListener("input", () => go(Number(this.#range.value)));
    this.#forward.title = "To the beginning of the forward pass";
    this.#forward.addEventListener("click", () => go(0));
    this.#backward.title = "To the beginning of the backward pass";
    this.#backward.addEventListener("click", () => go(this.#shown.forward + 1));
    const passes = make("div", { class: "debugger-passes" });
    passes.append(this.#forward, this.#backward);
    const scrubber = make("div", { class: "debugger-scrubber" });
    scrubber.append(this.#range, passes);
    const controls = make("div", { class: "debugger-controls" });
    const [first, back, next, last] = this.#buttons.values();
    controls.append(first, back, next, last, scrubber);
    const words = make("div", { class: "debugger-words" });
    words.append(this.#where, this.#sentence, this.#why, this.#told);
    this.element.append(words, controls);
  }

  /** Has a sentence read aloud, unless it is the one that was read last. */
  tell(sentence: string): void {
    if (sentence === this.#lastTold) return;
    this.#lastTold = sentence;
    this.#telling.set(() => sentence);
  }

  show(whereabouts: Whereabouts): void {
    const { position, length, forward, sentence, why } = whereabouts;
    this.#shown = whereabouts;
    const pass = position > forward ? "Backward" : "Forward";
    const where =
      position === 0
        ? `Before the first of ${length} steps`
        : `${pass} pass, step ${position} of ${length}${position === length ? ": all gradients are known" : ""}`;
    this.#where.textContent = where;
    if (this.#sentence.textContent !== sentence) this.#sentence.textContent = sentence;
    this.#why.textContent = why;
    this.#range.max = String(length);
    this.#range.value = String(position);
    this.#range.setAttribute("aria-valuetext", where);
    this.#forward.style.flexGrow = String(forward);
    this.#forward.hidden = forward === 0;
    this.#backward.style.flexGrow = String(length - forward);
    // Not disabled at the ends, as that would take the focus from them.
    for (const [name, button] of this.#buttons) {
      const end = position === (name === "first" || name === "back" ? 0 : length);
      button.setAttribute("aria-disabled", String(end));
    }
  }
}

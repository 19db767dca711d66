/**
 * <predict-question>: the reader guesses what a cell will print, and only then sees it. The static page
 * has the question and the outputs; styles/live.css hides these. Nothing to read first.
 */

import type { LessonCell } from "../cells/lesson-cell.ts";
import { announce } from "../shell/announce.ts";
import { scrollToSee } from "../shell/scroll-to-see.ts";
import { store } from "../shell/store.ts";

/** After so many milliseconds the reader may be elsewhere, and nothing scrolls any more. */
const patience = 2000;

class PredictQuestion extends HTMLElement {
  #answer: HTMLElement | undefined;

  connectedCallback(): void {
    if (this.#answer !== undefined || this.#cells.length === 0) return;
    this.#answer = document.createElement("div");
    this.#answer.className = "predict-answer";
    this.append(this.#answer);
    for (const cell of this.#cells) {
      cell.addEventListener("cell-run", () => this.#reveal());
      // What the cell prints is seen while it runs.
      cell.addEventListener("click", ({ target }) => {
        if (target instanceof Element && target.closest('[data-do="run"]')) this.#reveal();
      });
    }
    if (store.marks(this.#lesson).has(this.#mark)) this.#show();
    else this.#ask();
  }

  /** The cells whose outputs are to be guessed. */
  get #cells(): LessonCell[] {
    const ids = (this.dataset.cells ?? "").split(" ");
    return ids.flatMap((id) => {
      const cell = document.getElementById(id);
      return cell === null ? [] : [cell as LessonCell]; // cells/main.ts defines the element
    });
  }

  /** Where their outputs stand. */
  get #outputs(): Element[] {
    return this.#cells.flatMap((cell) => [...cell.querySelectorAll(":scope > .outputs")]);
  }

  get #lesson(): string {
    return this.closest<HTMLElement>("[data-lesson]")?.dataset.lesson ?? "";
  }

  /** The first cell's name in the store. */
  get #key(): string {
    return this.#cells[0]?.dataset.cell ?? "";
  }

  get #mark(): string {
    return `predict ${this.#key}`;
  }

  get #isRevealed(): boolean {
    return this.hasAttribute("revealed");
  }

  /** The field and the buttons. */
  #ask(): void {
    this.removeAttribute("revealed");
    for (const outputs of this.#outputs) outputs.removeAttribute("data-guess");
    const field = document.createElement("input");
    field.placeholder = "Your guess";
    field.setAttribute("aria-label", "Your guess");
    field.maxLength = 200;
    field.value = store.guess(this.#lesson, this.#key) ?? "";
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault(); // the button that gets the focus would be pressed by it
      this.#answer?.querySelector("button")?.click();
    });
    const cells = this.#cells;
    const isRun = cells.every((cell) => cell.dataset.mode !== "exercise");
    const run = button("Run it and see", () => {
      this.#guessed(field.value);
      void this.#run();
    });
    run.className = "primary";
    const show = button("Show the answer", () => {
      this.#guessed(field.value);
      this.#bringIntoView();
    });
    this.#answer?.replaceChildren(field, ...(isRun ? [run] : []), show);
  }

  async #run(): Promise<void> {
    const start = performance.now();
    for (const cell of this.#cells) await cell.run();
    if (performance.now() - start < patience) this.#bringIntoView();
  }

  #bringIntoView(): void {
    const [answer] = this.#outputs;
    if (answer) scrollToSee(answer);
  }

  #guessed(guess: string): void {
    store.saveGuess(this.#lesson, this.#key, guess.trim());
    this.#reveal();
    this.#answer?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
    const numbers = this.#cells.map((cell) => cell.dataset.number).join(" and ");
    announce(`The output of cell ${numbers} is shown.`);
  }

  #reveal(): void {
    if (this.#isRevealed) return;
    const field = this.#answer?.querySelector("input");
    if (field?.value.trim()) store.saveGuess(this.#lesson, this.#key, field.value.trim());
    store.mark(this.#lesson, this.#mark);
    this.#show();
  }

  #show(): void {
    this.setAttribute("revealed", "");
    const guess = store.guess(this.#lesson, this.#key) ?? "";
    for (const outputs of this.#outputs) outputs.setAttribute("data-guess", guess);
    const text = document.createElement("p");
    text.className = "guess";
    text.textContent = guess === "" ? "You looked without a guess." : `You guessed: ${guess}`;
    const again = button("Guess again", () => {
      store.mark(this.#lesson, this.#mark, false);
      store.saveGuess(this.#lesson, this.#key, "");
      this.#ask();
      this.#answer?.querySelector("input")?.focus({ preventScroll: true });
    });
    this.#answer?.replaceChildren(text, again);
  }
}

function button(text: string, onClick: () => void): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.addEventListener("click", onClick);
  return element;
}

customElements.define("predict-question", PredictQuestion);

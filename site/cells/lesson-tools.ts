/** <lesson-tools>: what is done with all cells of a lesson, at its top. Read lesson-cell.ts first. */

import { announce } from "../shell/announce.ts";
import { describeTime } from "./cell-status.ts";
import { LessonCell, notebook } from "./lesson-cell.ts";

export class LessonTools extends HTMLElement {
  connectedCallback(): void {
    this.#button("run-all").addEventListener("click", () => void this.runAll());
    this.#button("stop-all").addEventListener("click", () => notebook.stop());
    this.#button("reset-lesson").addEventListener("click", () => this.#reset());
    const lesson = this.closest("[data-lesson]");
    for (const event of ["cell-edit", "cell-run"]) {
      lesson?.addEventListener(event, () => this.#offerReset());
    }
    setTimeout(() => this.#offerReset()); // the cells below are not there yet
  }

  async runAll(): Promise<void> {
    const [run, stop] = [this.#button("run-all"), this.#button("stop-all")];
    if (notebook.isRunningAll) return;
    const cells = notebook.cells;
    for (const cell of cells) if (cell instanceof LessonCell) cell.save();
    stop.hidden = false;
    run.setAttribute("aria-disabled", "true");
    const start = performance.now();
    const { ended, cell } = await notebook.runAll((cell) => {
      this.#say(`cell ${cell.number} of ${cells.length}`);
    });
    if (document.activeElement === stop) run.focus();
    stop.hidden = true;
    run.removeAttribute("aria-disabled");
    const sentences = {
      finished: `All ${cells.length} cells ran, in ${describeTime(performance.now() - start)}.`,
      failed: "ended with an error. The cells below it did not run.",
      stopped: "was stopped. The cells below it did not run.",
      "too long": "took too long. The cells below it did not run.",
      lost: "came to no end. The cells below it did not run.",
    };
    if (ended === "finished" || !cell) this.#say(sentences[ended]);
    else this.#say(sentences[ended], cell.number);
    announce(this.#status.textContent);
    this.#offerReset();
  }

  #reset(): void {
    const cells = lessonCells();
    const before = cells.map((cell) => ({ cell, text: cell.source, wasEdited: cell.isEdited }));
    for (const { cell } of before) cell.restoreLesson();
    const undo = document.createElement("button");
    undo.type = "button";
    undo.textContent = "Undo";
    undo.addEventListener("click", () => {
      for (const { cell, text, wasEdited } of before) if (wasEdited) cell.source = text;
      this.#say("Your code is back.");
      announce("Your code is back.");
      this.#button("run-all").focus();
    });
    this.#say("All cells are the lesson's again.");
    this.#status.append(" ", undo);
    announce("All cells are the lesson's again. Undo is the next button.");
    undo.focus(); // the button that was pressed is gone
  }

  #offerReset(): void {
    this.#button("reset-lesson").hidden = !lessonCells().some((cell) => cell.isTouched);
  }

  /** @param cell that the sentence is about */
  #say(sentence: string, cell?: number): void {
    if (cell === undefined) {
      this.#status.replaceChildren(sentence);
      return;
    }
    const link = document.createElement("a");
    link.href = `#cell-${cell}`;
    link.textContent = `Cell ${cell}`;
    this.#status.replaceChildren(link, ` ${sentence}`);
  }

  get #status(): HTMLElement {
    return this.#part(".lesson-status");
  }

  #button(name: string): HTMLElement {
    return this.#part(`[data-do="${name}"]`);
  }

  #part(selector: string): HTMLElement {
    const part = this.querySelector<HTMLElement>(selector);
    if (!part) throw new Error(`lesson-tools: expected ${selector}`);
    return part;
  }
}

const lessonCells = () => notebook.cells.filter((cell) => cell instanceof LessonCell);

/** All steps in words; each leads to its place in the walk. Read walk-bar.ts first. */

import { make } from "./make.ts";

/** So many steps stand in the list at most: those around the present one. */
const MOST = 300;
/** So few steps are told without being asked, where there is room. */
const FEW = 40;

/** The list, made when it is opened. `go` is told of the position that the reader wants. */
export class StepList {
  readonly element = make("details", { class: "debugger-list" });
  readonly #list = make("ol");
  readonly #note = make("p", { class: "debugger-list-note" });
  readonly #go: (position: number) => void;
  /** The lines, which stay for other steps, lest the focus is lost with one of them. */
  readonly #lines: { readonly item: HTMLElement; readonly button: HTMLButtonElement }[] = [];
  /** The step of the first line. */
  #from = 0;
  #show: () => void = () => {};
  /** Has the reader opened or closed the list? Then that is how it stays. */
  #isChosen = false;

  constructor(go: (position: number) => void) {
    this.#go = go;
    const summary = make("summary", {}, "All steps in words");
    summary.addEventListener("click", () => {
      this.#isChosen = true;
    });
    this.element.append(summary, this.#note, this.#list);
    this.element.addEventListener("toggle", () => this.#show());
  }

  /** Opens the list if there are but few steps and a wide page, until the reader has decided. */
  suggest(length: number): void {
    if (this.#isChosen) return;
    this.element.open = length <= FEW && matchMedia("(min-width: 68.75em)").matches;
  }

  /** @param last steps after this one are not told, for a quiz */
  show(length: number, position: number, sentenceOf: (step: number) => string, last = length) {
    this.#show = () => {
      if (!this.element.open) return;
      const from = Math.max(0, Math.min(position - MOST / 2, last - MOST));
      const to = Math.min(last, from + MOST);
      const focused = this.#lines.findIndex(({ button }) => button === document.activeElement);
      const moved = this.#from - from;
      this.#from = from;
      while (this.#list.childElementCount < to - from) this.#append();
      while (this.#list.childElementCount > to - from) this.#list.lastElementChild?.remove();
      this.#lines.slice(0, to - from).forEach(({ button }, i) => {
        const text = sentenceOf(from + i);
        if (button.textContent !== text) button.textContent = text;
        if (from + i + 1 === position) button.setAttribute("aria-current", "step");
        else button.removeAttribute("aria-current");
      });
      this.#list.start = from + 1;
      if (focused >= 0 && moved !== 0) {
        const line = Math.min(Math.max(focused + moved, 0), to - from - 1);
        this.#lines[line].button.focus({ preventScroll: true }); // the same step in another line
      }
      this.#follow();
      const notes = [];
      if (to - from < last) notes.push(`Steps ${from + 1} to ${to} of ${length}.`);
      if (last < length) notes.push("The steps to come are hidden while the quiz is on.");
      this.#note.textContent = notes.join(" ");
      this.#note.hidden = notes.length === 0;
    };
    this.#show();
  }

  #append(): void {
    const place = this.#list.childElementCount;
    if (place === this.#lines.length) {
      const item = make("li");
      const button = make("button", { type: "button" });
      button.addEventListener("click", () => this.#go(this.#from + place + 1));
      item.append(button);
      this.#lines.push({ item, button });
    }
    this.#list.append(this.#lines[place].item);
  }

  /** Scrolls the list, and nothing else, to the present step. */
  #follow(): void {
    const now = this.#list.querySelector<HTMLElement>("[aria-current]")?.parentElement;
    if (now === null || now === undefined) return;
    const { offsetTop, offsetHeight } = now;
    const { scrollTop, clientHeight } = this.#list;
    if (offsetTop < scrollTop) this.#list.scrollTop = offsetTop;
    else if (offsetTop + offsetHeight > scrollTop + clientHeight) {
      this.#list.scrollTop = offsetTop + offsetHeight - clientHeight;
    }
  }
}

/** A sentence within a cell, with buttons for what can be done now. Nothing to read first. */

import { announce } from "../shell/announce.ts";

/** What can be done, by the word on its button. */
export type Actions = Readonly<Record<string, () => void>>;

export class CellBar {
  readonly #put: (bar: HTMLElement) => void;
  #element: HTMLElement | undefined;

  /** @param put puts the bar in its place on the page */
  constructor(put: (bar: HTMLElement) => void) {
    this.#put = put;
  }

  /** Each action closes the bar. */
  open(sentence: string, actions: Actions = {}): void {
    const bar = document.createElement("div");
    bar.className = "cell-bar";
    bar.append(paragraphOf(sentence));
    for (const [word, act] of Object.entries(actions)) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = word;
      button.addEventListener("click", () => {
        this.close();
        act();
      });
      bar.append(button);
    }
    if (this.#element) this.#element.replaceWith(bar);
    else this.#put(bar);
    this.#element = bar;
    announce(sentence);
  }

  close(): void {
    this.#element?.remove();
    this.#element = undefined;
  }
}

function paragraphOf(text: string): HTMLElement {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  return paragraph;
}

/** A sentence within a cell, with buttons for what can be done now. Nothing to read first. */

import { announce } from "../shell/announce.ts";

/** What can be done, by the word on its button. */
export type Actions = Readonly<Record<string, () => void>>;

export class CellBar {
  readonly #put: (bar: HTMLElement) => void;
  readonly #leave: () => void;
  #element: HTMLElement | undefined;

  /**
   * @param put puts the bar in its place on the page
   * @param leave takes the focus over when the bar goes that has it
   */
  constructor(put: (bar: HTMLElement) => void, leave: () => void) {
    this.#put = put;
    this.#leave = leave;
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
    this.close();
    this.#put(bar);
    this.#element = bar;
    announce(sentence);
  }

  close(): void {
    const element = this.#element;
    this.#element = undefined;
    if (element?.contains(document.activeElement)) this.#leave();
    element?.remove();
  }
}

function paragraphOf(text: string): HTMLElement {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  return paragraph;
}

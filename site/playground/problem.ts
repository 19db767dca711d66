/**
 * What is shown when a number is not finite: which, where, and the ways on. Read session.ts first.
 */

import type { Snapshot } from "../runs/client.ts";
import { debuggerAddress } from "./address.ts";
import { element } from "./elements.ts";
import type { Session } from "./session.ts";

export class ProblemBox {
  readonly #box: HTMLElement;
  readonly #session: Session;
  /** The sentence of the problem that is shown. */
  #shown: string | undefined;
  /** Has the reader gone back, and is a smaller rate offered? Then until which step it stands there. */
  #offered: number | undefined;

  constructor(box: HTMLElement, session: Session) {
    this.#box = box;
    this.#session = session;
  }

  show({ problem, state, step }: Snapshot): void {
    if (problem === undefined) {
      this.#shown = undefined;
      if (this.#offered !== step) this.#box.hidden = true;
      return;
    }
    if (problem.sentence === this.#shown) return;
    this.#shown = problem.sentence;
    this.#offered = undefined;
    const link = element("a", { class: "button" }, "See it in the debugger");
    void debuggerAddress({ ...state, step: problem.step }, problem.node).then((address) => {
      link.href = address;
    });
    this.#fill(
      problem.sentence,
      button("Undo: back to the last good step", () => void this.#back()),
      link,
    );
  }

  async #back(): Promise<void> {
    const undone = await this.#session.back();
    if (undone === undefined) return;
    this.#offered = undone.step;
    const { rate } = undone;
    this.#fill(
      `Back at step ${undone.step}, before the loss began to grow. With the same learning rate the same would happen again.`,
      button(`Go on with the rate ${rate}`, () => {
        this.#offered = undefined;
        this.#session.edit({ kind: "rate", rate }, "the smaller learning rate");
      }),
    );
  }

  #fill(sentence: string, ...actions: Node[]): void {
    this.#box.replaceChildren(
      element("p", {}, sentence),
      element("div", { class: "pg-problem-actions" }, ...actions),
    );
    this.#box.hidden = false;
  }
}

function button(text: string, act: () => void): HTMLButtonElement {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", act);
  return made;
}

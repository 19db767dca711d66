/**
 * The graph as a nested list: each box with its inputs below it, made when the reader asks for them.
 * Read reading.ts first.
 */

import type { FoldedGraph } from "./folded-graph.ts";
import type { Reading } from "./reading.ts";

/** A box has at most so many inputs in the list, which says how many more there are. */
const MOST_INPUTS = 200;

export class NodeList {
  readonly element = document.createElement("details");
  readonly #body = document.createElement("ul");
  #folded: FoldedGraph | undefined;
  #reading: Reading | undefined;
  /** The texts that are there, each with its box. */
  #texts: { readonly element: HTMLElement; readonly item: number }[] = [];
  #waiting = 0;

  constructor() {
    this.element.className = "graph-list";
    const summary = document.createElement("summary");
    summary.textContent = "The graph as a list";
    this.element.append(summary, this.#body);
    this.element.addEventListener("toggle", () => this.#make());
  }

  /** Shows what is open now. */
  build(folded: FoldedGraph, reading: Reading): void {
    this.#folded = folded;
    this.#reading = reading;
    this.#texts = [];
    this.#body.replaceChildren();
    this.#make();
  }

  /** New numbers, a few times a second. */
  show(reading: Reading): void {
    this.#reading = reading;
    if (this.#texts.length === 0 || this.#waiting !== 0) return;
    this.#waiting = window.setTimeout(() => {
      this.#waiting = 0;
      for (const { element, item } of this.#texts) {
        const title = this.#reading?.title(item) ?? "";
        if (element.textContent !== title) element.textContent = title;
      }
    }, 250);
  }

  /** The box that an event in the list is about. */
  itemOf(event: Event): number | undefined {
    const { target } = event;
    const entry = target instanceof Element ? target.closest<HTMLElement>("[data-entry]") : null;
    return entry === null ? undefined : Number(entry.dataset.entry);
  }

  #make(): void {
    if (!this.element.open || this.#folded === undefined || this.#texts.length > 0) return;
    this.#body.append(...this.#folded.scene.roots.map((root) => this.#entry(root)));
  }

  #entry(item: number): HTMLLIElement {
    const entry = document.createElement("li");
    const words = document.createElement("span");
    words.textContent = this.#reading?.title(item) ?? "";
    this.#texts.push({ element: words, item });
    const { edges } = this.#folded?.scene ?? { edges: [] };
    const inputs = edges.filter(({ to }) => to === item).sort((a, b) => a.slot - b.slot);
    if (inputs.length === 0) {
      entry.append(words);
      return entry;
    }
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.dataset.entry = String(item);
    summary.append(words);
    const list = document.createElement("ul");
    details.append(summary, list);
    details.addEventListener("toggle", () => {
      if (!details.open || list.childElementCount > 0) return;
      list.append(...inputs.slice(0, MOST_INPUTS).map(({ from }) => this.#entry(from)));
      if (inputs.length <= MOST_INPUTS) return;
      const rest = document.createElement("li");
      rest.textContent = `… and ${inputs.length - MOST_INPUTS} more`;
      list.append(rest);
    });
    entry.append(details);
    return entry;
  }
}

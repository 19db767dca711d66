/**
 * What panels are made of: elements, events, drawing only what is seen, long work in slices. Read
 * ../panel.ts first.
 */

import type { Value } from "chainrule";
import type { Path } from "chainrule/explain";

/** What an element is made with: attributes by name, and what is in it. Text stays text. */
type Content = string | Node;

/**
 * An element.
 *
 * @param name its tag, and after a point its class: "p.panel-note"
 * @example make("p.panel-note", "Nothing is computed ", make("b", "yet"))
 */
export function make(name: string, ...content: Content[]): HTMLElement {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  element.classList.add(...classes);
  element.append(...content);
  return element;
}

/** A button; what it says may be changed later. */
export function makeButton(text: string, press: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", press);
  return button;
}

/** Writes a text unless it is there already: screen readers and selections are left in peace. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Writes the name of a node, which may be broken behind each of its points. */
export function writeName(element: Element, name: string): void {
  if (element.textContent === name) return;
  const parts = name.split(/(?<=\.)/);
  element.replaceChildren(
    ...parts.flatMap((part, i) => (i === 0 ? [part] : [document.createElement("wbr"), part])),
  );
}

/** What a panel asks the debugger for, with its detail. */
interface Asked {
  "debugger-select": { node: Value };
  "debugger-path": { path: Path | undefined };
  "debugger-rate": { rate: number };
  "debugger-quiz": { hidden: Value | undefined };
  "debugger-go": { position: number };
}

/** Asks the debugger for something: see PanelEvent. */
export function ask<Type extends keyof Asked>(
  from: Element,
  type: Type,
  detail: Asked[Type],
): void {
  from.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
}

/** Lights up a path while the element is pointed at or has the focus. */
export function lightUp(element: HTMLElement, path: () => Path | undefined): void {
  const on = () => ask(element, "debugger-path", { path: path() });
  const off = () => ask(element, "debugger-path", { path: undefined });
  element.addEventListener("pointerenter", on);
  element.addEventListener("focusin", on);
  element.addEventListener("pointerleave", off);
  element.addEventListener("focusout", off);
}

/** After so many milliseconds of rest, what is elsewhere on the page is drawn too: it may be read aloud. */
const REST = 400;

/** A walk of so many steps is quick to compute along. */
export const SMALL = 5_000;

/** Calls back for an element that is seen; for one that is not, as soon as it is, or at rest. */
export class WhenSeen {
  readonly #element: Element;
  readonly #draw: () => void;
  readonly #isQuick: () => boolean;
  #isSeen: boolean | undefined;
  #isDue = false;
  #resting: ReturnType<typeof setTimeout> | undefined;

  /** @param isQuick may it be drawn at rest without being seen? */
  constructor(element: Element, draw: () => void, isQuick: () => boolean = () => true) {
    this.#element = element;
    this.#isQuick = isQuick;
    this.#draw = draw;
    // A margin, so that nothing is empty when the reader scrolls to it.
    new IntersectionObserver((entries) => this.#see(entries), { rootMargin: "50%" }).observe(
      element,
    );
  }

  /** Something has changed that the element shows. */
  changed(): void {
    if (this.#isSeen ?? this.#element.checkVisibility()) this.#draw();
    else {
      this.#isDue = true;
      clearTimeout(this.#resting);
      this.#resting = setTimeout(() => {
        if (this.#isQuick() && this.#element.checkVisibility()) this.#catchUp();
      }, REST);
    }
  }

  #catchUp(): void {
    if (!this.#isDue) return;
    this.#isDue = false;
    this.#draw();
  }

  #see(entries: readonly IntersectionObserverEntry[]): void {
    this.#isSeen = entries[entries.length - 1].isIntersecting;
    if (this.#isSeen) this.#catchUp();
  }
}

/** How long the page may be busy at a time, in milliseconds. */
const SLICE = 10;

/** Work that is done a little at a time; new work ends the old. */
export class Slices {
  #number = 0;

  /** Begins at once. The work yields wherever it may be interrupted. */
  run(work: Iterator<unknown>): void {
    this.#number += 1;
    const own = this.#number;
    const slice = () => {
      if (own !== this.#number) return;
      const end = performance.now() + SLICE;
      do {
        if (work.next().done) return;
      } while (performance.now() < end);
      setTimeout(slice);
    };
    slice();
  }

  stop(): void {
    this.#number += 1;
  }
}

/** "1 path", "2 paths", "16,384 paths". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** A name within a sentence: "L", but "the loss". */
export const inSentence = (name: string): string =>
  /^\p{Ll}{3,}$/u.test(name) ? `the ${name}` : name;

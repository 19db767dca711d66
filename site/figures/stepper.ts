/**
 * `<backprop-stepper>`: the graph of a formula whose forward and backward pass the visitor walks
 * through, in both directions, with numbers and formula to change. Read stepper-html.mjs first: all
 * that this file makes live is in the page already.
 */

import { onDrag } from "./drag.ts";
import { listHTML, numbersHTML, passesHTML, receiptHint, wordsHTML } from "./stepper-html.mjs";
import { FormulaError, numberOf, type View, Walk } from "./stepper-model.mjs";

/** How far a number moves with one press of an arrow key, or with so many pixels of dragging. */
const SMALL = 0.1;
const LARGE = 1; // with Shift, and for Page Up and Page Down
const PIXELS = 4;

/** A message about what is being typed waits for so many milliseconds of rest. */
const PATIENCE = 500;

/** By how much a key steps through the passes. */
const stepKeys: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** By how much a key changes a number. */
const numberKeys: Readonly<Record<string, number>> = {
  ArrowUp: SMALL,
  ArrowDown: -SMALL,
  PageUp: LARGE,
  PageDown: -LARGE,
};

/** By how much a button steps. */
const buttons: Readonly<Record<string, number>> = {
  first: Number.NEGATIVE_INFINITY,
  back: -1,
  next: 1,
  last: Number.POSITIVE_INFINITY,
};

export class BackpropStepper extends HTMLElement {
  #walk = new Walk("0", {});
  #view: View = this.#walk.at(0);
  #formula = "";
  #values: Record<string, number> = {};
  /** How many steps have been taken, and how many were asked for: a formula may have fewer. */
  #position = 0;
  #wanted = 0;
  /** The node whose receipt is shown, by its key in the picture; "" before one is pointed at. */
  #shown = "";
  /** The node that Tab leads to; "" for the output. */
  #tabbed = "";
  #complaint = 0;
  #listening = new AbortController();

  connectedCallback(): void {
    this.#formula = this.dataset.formula ?? "";
    this.#values = JSON.parse(this.dataset.values ?? "{}"); // written by stepperHTML
    this.#position = Number(this.dataset.position);
    this.#wanted = this.#position;
    this.#walk = new Walk(this.#formula, this.#values);
    this.#view = this.#walk.at(this.#position); // the page shows it already
    this.#makeNumbersDraggable();
    this.#markEnds();
    this.#follow("instant");

    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("input", (event) => this.#onInput(event), { signal });
    this.addEventListener("change", (event) => this.#onChange(event), { signal });
    this.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    this.addEventListener("pointerover", (event) => this.#point(nodeAt(event)), { signal });
    this.addEventListener("focusin", (event) => this.#point(nodeAt(event)), { signal });
    performance.mark("stepper-live");
  }

  disconnectedCallback(): void {
    this.#listening.abort();
    clearTimeout(this.#complaint);
  }

  /** Goes so many steps on, or back, as far as there are any. */
  #go(by: number): void {
    const position = Math.min(Math.max(this.#position + by, 0), this.#walk.length);
    if (position === this.#position) return;
    this.#position = position;
    this.#wanted = position;
    this.#show();
    this.#follow("smooth");
  }

  // ---- What happens -----------------------------------------------------------------------------

  #onClick(event: Event): void {
    const button = within(event, "[data-go]");
    if (button !== undefined) this.#go(buttons[button.dataset.go ?? ""] ?? 0);
  }

  #onInput(event: Event): void {
    const { target } = event;
    if (!(target instanceof HTMLInputElement)) return;
    if (target.type === "range") this.#go(Number(target.value) - this.#position);
    else if (target.dataset.name !== undefined) this.#readNumber(target);
    else this.#compute(target.value, this.#values, PATIENCE);
  }

  /** The end of typing: what is wrong is told at once; a number is written as it was understood. */
  #onChange(event: Event): void {
    const { target } = event;
    if (!(target instanceof HTMLInputElement) || target.type === "range") return;
    const { name } = target.dataset;
    if (name === undefined) this.#compute(target.value, this.#values, 0);
    else if (numberOf(target.value) !== undefined) target.value = String(this.#values[name]);
  }

  #onKey(event: KeyboardEvent): void {
    const { target, key } = event;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (target instanceof HTMLInputElement) {
      const by = numberKeys[key];
      if (target.dataset.name === undefined || by === undefined) return; // a range knows its keys
      const large = event.shiftKey && Math.abs(by) < LARGE ? LARGE / SMALL : 1;
      this.#write(target, (this.#values[target.dataset.name] ?? 0) + by * large);
    } else if (stepKeys[key] !== undefined) {
      this.#go(stepKeys[key]);
    } else if ((key === "ArrowUp" || key === "ArrowDown") && nodeAt(event) !== "") {
      this.#moveFocus(nodeAt(event), key === "ArrowUp" ? -1 : 1);
    } else return;
    event.preventDefault();
  }

  /** Dragging sideways over a number changes it; after a tap the reader types another one. */
  #makeNumbersDraggable(): void {
    for (const input of this.querySelectorAll<HTMLInputElement>("input[data-name]")) {
      onDrag<number>(input, {
        begin: () => this.#values[input.dataset.name ?? ""],
        move: ({ start, x, isShift }) =>
          this.#write(input, start + Math.trunc(x / PIXELS) * (isShift ? LARGE : SMALL)),
        tap: () => input.select(),
      });
    }
  }

  /** Shows the receipt of a node, and keeps it until another one is pointed at. */
  #point(key: string): void {
    if (key === "" || key === this.#shown) return;
    this.#shown = key;
    this.#showReceipt();
  }

  #moveFocus(from: string, by: number): void {
    const nodes = this.#nodes();
    const next = nodes[nodes.findIndex(({ dataset }) => dataset.key === from) + by];
    if (next === undefined) return;
    this.#tabbed = next.dataset.key ?? "";
    this.#setTabStop();
    next.focus();
  }

  // ---- Numbers and formula ----------------------------------------------------------------------

  #readNumber(input: HTMLInputElement): void {
    const { name = "" } = input.dataset;
    const number = numberOf(input.value);
    input.setAttribute("aria-invalid", String(number === undefined));
    if (number === undefined) {
      this.#complain(`Expected a number for ${name}, such as -2.5.`, PATIENCE);
      return;
    }
    input.setAttribute("aria-valuenow", String(number));
    this.#compute(this.#formula, { ...this.#values, [name]: number }, 0);
  }

  #write(input: HTMLInputElement, number: number): void {
    input.value = String(Number(number.toFixed(6))); // not 0.30000000000000004
    this.#readNumber(input);
  }

  /** Computes the graph anew; what is wrong with the formula is told after a while of patience. */
  #compute(formula: string, values: Record<string, number>, patience: number): void {
    let walk: Walk;
    try {
      walk = new Walk(formula, values);
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      this.#part(".stepper-formula input").setAttribute("aria-invalid", "true");
      this.#complain(error.message, patience);
      return;
    }
    const names = this.#walk.names.join() !== walk.names.join();
    const isNew = formula !== this.#formula;
    this.#walk = walk;
    this.#formula = formula;
    this.#values = { ...values, ...walk.values }; // numbers of names that may come back
    this.#position = Math.min(this.#wanted, walk.length);
    this.#part(".stepper-formula input").setAttribute("aria-invalid", "false");
    this.#complain("", 0);
    if (names) {
      this.#part(".stepper-numbers").innerHTML = numbersHTML(walk.values);
      this.#makeNumbersDraggable();
    }
    this.#show();
    if (isNew) this.#follow("instant");
  }

  #complain(message: string, patience: number): void {
    const line = this.#part(".stepper-error");
    clearTimeout(this.#complaint);
    this.#complaint = window.setTimeout(() => {
      line.textContent = message;
    }, patience);
  }

  // ---- What is to be seen -----------------------------------------------------------------------

  #show(): void {
    const walk = this.#walk;
    const view = walk.at(this.#position);
    this.#view = view;
    const stage = this.#part(".stepper-stage");
    const fresh = document.createElement("template");
    fresh.innerHTML = view.picture;
    becomeLike(stage, [...fresh.content.children]);
    this.#setTabStop();
    this.#part(".stepper-where").textContent = view.where;
    this.#part(".stepper-sentence").textContent = view.sentence;
    const range = this.#part(".stepper-scrubber input") as HTMLInputElement; // stepperHTML says so
    range.max = String(walk.length);
    range.value = String(this.#position);
    range.setAttribute("aria-valuetext", view.where);
    this.#part(".stepper-passes").innerHTML = passesHTML(walk);
    this.#part(".stepper-words > div").innerHTML = wordsHTML(walk, this.#position);
    this.#part(".stepper-list > div").innerHTML = listHTML(view);
    this.#showReceipt();
    this.#markEnds();
  }

  #showReceipt(): void {
    const receipt = this.#view.receipts.get(this.#shown);
    this.#part(".stepper-receipt").textContent = receipt ?? receiptHint;
  }

  /** Buttons that lead nowhere; not disabled, as that would take the focus from them. */
  #markEnds(): void {
    for (const button of this.querySelectorAll<HTMLElement>("[data-go]")) {
      const back = (buttons[button.dataset.go ?? ""] ?? 0) < 0;
      const end = this.#position === (back ? 0 : this.#walk.length);
      button.setAttribute("aria-disabled", String(end));
    }
  }

  /** Scrolls the picture, if it is wider than its box, to where the step happens. */
  #follow(behavior: ScrollBehavior): void {
    const stage = this.#part(".stepper-stage");
    const working = [
      ...stage.querySelectorAll(
        '[data-key]:is([data-state="from"],[data-state="to"],[data-state="computes"])',
      ),
    ];
    if (working.length === 0 || stage.scrollWidth <= stage.clientWidth) return;
    const boxes = working.map((node) => node.getBoundingClientRect());
    const middle =
      (Math.min(...boxes.map(({ left }) => left)) + Math.max(...boxes.map(({ right }) => right))) /
      2;
    const { left, width } = stage.getBoundingClientRect();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    stage.scrollBy({ left: middle - left - width / 2, behavior: calm ? "instant" : behavior });
  }

  /** Tab leads to one node only; the arrow keys lead on from there. */
  #setTabStop(): void {
    const nodes = this.#nodes();
    const stop = nodes.find(({ dataset }) => dataset.key === this.#tabbed) ?? nodes.at(-1);
    for (const node of nodes) node.tabIndex = node === stop ? 0 : -1;
  }

  #nodes(): SVGGElement[] {
    return [...this.querySelectorAll<SVGGElement>(".stepper-stage [data-key]")];
  }

  #part(selector: string): HTMLElement {
    const part = this.querySelector<HTMLElement>(selector);
    if (part === null) throw new Error(`backprop-stepper: expected ${selector} in the page`);
    return part;
  }
}

/** The element around the target of an event that a selector describes. */
function within({ target }: Event, selector: string): HTMLElement | undefined {
  return target instanceof Element
    ? (target.closest<HTMLElement>(selector) ?? undefined)
    : undefined;
}

/** The key of the node in the picture that an event is about, "" if it is about none. */
const nodeAt = (event: Event): string => within(event, "[data-key]")?.dataset.key ?? "";

/**
 * Gives an element these children. Those that are there already stay, with new attributes and text,
 * so that the focus and the beginning of a transition are kept.
 */
function becomeLike(element: Element, children: readonly Element[]): void {
  const own = [...element.children];
  const same =
    own.length === children.length &&
    own.every(({ tagName }, i) => tagName === children[i].tagName);
  if (!same) {
    element.replaceChildren(...children);
    return;
  }
  own.forEach((child, i) => {
    const model = children[i];
    for (const { name, value } of model.attributes) {
      if (child.getAttribute(name) !== value) child.setAttribute(name, value);
    }
    for (const { name } of [...child.attributes]) {
      if (!model.hasAttribute(name)) child.removeAttribute(name);
    }
    if (model.children.length > 0 || child.children.length > 0)
      becomeLike(child, [...model.children]);
    else if (child.textContent !== model.textContent) child.textContent = model.textContent;
  });
}

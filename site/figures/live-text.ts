/**
 * <live-text>: a text with numbers that the reader can change; those that depend on them follow. The
 * build has put marks at the numbers, and says in `data-live` what they are. Read live-values.mjs and
 * build/live.mjs first.
 */

import { announce, notice } from "../shell/announce.ts";
import { type Drag, onDrag } from "./drag.ts";
import {
  type Engine,
  type Live,
  liveNumbers,
  moved,
  type Variable,
  written,
} from "./live-values.mjs";

/** A variable shorter of steps than this moves further for each pixel. */
const pixelsAcross = 400;

class LiveText extends HTMLElement {
  #live: Live = { variables: [], definitions: [], numbers: [] };
  #values = new Map<string, number>();
  /** The numbers of the text, and how the lesson writes them. */
  #numbers: { element: Element; lesson: string }[] = [];
  /** The elements with the role of a slider, by the variable's name. */
  #sliders = new Map<string, HTMLElement>();
  #telling: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    if (this.#numbers.length > 0) return;
    this.#live = JSON.parse(this.dataset.live ?? "") as Live; // written by the build
    this.#numbers = this.#live.numbers.map((_, i) => {
      const mark = `.live.b${this.dataset.block}.n${i}`;
      const element = oneToken(this.closest("article")?.querySelector(mark));
      return { element, lesson: element.textContent ?? "" };
    });
    for (const variable of this.#live.variables) this.#values.set(variable.name, variable.value);
    for (const variable of this.#live.variables) {
      const { name } = variable;
      const own = this.#numbers.filter((_, i) => this.#live.numbers[i].expression === name);
      const handles = own.map(({ element }) => element);
      const slider = this.#makeSlider(variable, handles);
      for (const handle of handles) this.#makeHandle(variable, handle, slider);
    }
  }

  /** A number that can be dragged. */
  #makeHandle(variable: Variable, element: Element, slider: HTMLElement): void {
    const { from, to, by, factor } = variable;
    const count = factor ? Math.log(to / from) / Math.log(by) : (to - from) / by;
    const pixels = Math.min(24, Math.max(3, pixelsAcross / count));
    element.addEventListener("pointerenter", () => preload(), { once: true });
    let lastTap = 0;
    onDrag(element, {
      begin: () => {
        slider.focus({ preventScroll: true });
        return this.#value(variable);
      },
      move: ({ start, x }: Drag<number>) => {
        this.#set(variable, moved(variable, start, Math.round(x / pixels)));
      },
      tap: (time) => {
        if (time - lastTap < 400) this.#set(variable, variable.value);
        lastTap = time;
      },
    });
  }

  /**
   * The number that the keyboard reaches, one for each variable. Nothing within a formula can be that,
   * so a formula gets an element beside it, which is not seen.
   */
  #makeSlider(variable: Variable, handles: readonly Element[]): HTMLElement {
    const { name, from, to } = variable;
    const inProse = handles.find((handle) => handle instanceof HTMLElement);
    const slider = inProse ?? document.createElement("span");
    const seen = inProse ?? handles[0];
    if (inProse === undefined) {
      slider.className = "live-slider";
      handles[0].closest("math")?.after(slider);
      slider.addEventListener("focus", () => {
        handles[0].classList.toggle("focused", slider.matches(":focus-visible"));
      });
      slider.addEventListener("blur", () => handles[0].classList.remove("focused"));
    }
    const attributes = {
      role: "slider",
      tabindex: "0",
      "aria-label": name,
      "aria-valuemin": String(from),
      "aria-valuemax": String(to),
    };
    for (const [key, value] of Object.entries(attributes)) slider.setAttribute(key, value);
    slider.addEventListener("focus", () => preload(), { once: true });
    slider.addEventListener("keydown", (event) => {
      const { key, shiftKey, ctrlKey, altKey, metaKey } = event;
      if (ctrlKey || altKey || metaKey) return;
      const value = this.#value(variable);
      const steps = keySteps[key];
      if (steps !== undefined) {
        this.#set(variable, moved(variable, value, shiftKey ? 10 * steps : steps));
      } else if (key === "Home") this.#set(variable, from);
      else if (key === "End") this.#set(variable, to);
      else if (key === "Escape") this.#set(variable, variable.value);
      else if (key === "Enter") this.#openField(variable, seen, slider);
      else return;
      event.preventDefault();
      if (key !== "Enter") this.#tell();
    });
    this.#sliders.set(name, slider);
    this.#describe(variable);
    return slider;
  }

  #value({ name, value }: Variable): number {
    return this.#values.get(name) ?? value;
  }

  #set(variable: Variable, value: number): void {
    if (value === this.#value(variable)) return;
    this.#values.set(variable.name, value);
    this.#describe(variable);
    void this.#update();
  }

  /** Says a variable's value to those who cannot see it. */
  #describe(variable: Variable): void {
    const value = this.#value(variable);
    const slider = this.#sliders.get(variable.name);
    slider?.setAttribute("aria-valuenow", String(value));
    slider?.setAttribute("aria-valuetext", written(value));
  }

  /** Writes all numbers anew. */
  async #update(): Promise<void> {
    let engine: Engine;
    try {
      engine = await loadEngine();
    } catch {
      notice("The numbers need a connection the first time you change one.");
      return;
    }
    const isLesson = this.#live.variables.every(
      (variable) => this.#value(variable) === variable.value,
    );
    const values = liveNumbers(this.#live, this.#values, engine);
    for (const [i, { element, lesson }] of this.#numbers.entries()) {
      const { digits, factor } = this.#live.numbers[i];
      let text = written(values[i], digits);
      if (element.localName === "mn") text = text.replace("-", "−");
      if (factor && values[i] < 0) text = `(${text})`;
      if (isLesson) text = lesson;
      element.textContent = text;
      element.classList.toggle("changed", text !== lesson);
    }
  }

  /** Says the text with its new numbers, when the keyboard has come to rest. */
  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => {
      const blocks = new Set(
        this.#numbers.map(({ element }) => element.closest("p, li, .math-block")),
      );
      const texts = [...blocks].map((block) => block?.textContent ?? "");
      announce(texts.join(" ").replace(/\s+/g, " ").trim());
    }, 900);
  }

  /** A field over the number, to type another one. */
  #openField(variable: Variable, element: Element, slider: HTMLElement): void {
    const field = document.createElement("input");
    field.className = "live-field";
    field.inputMode = "decimal";
    field.setAttribute(
      "aria-label",
      `${variable.name}, from ${written(variable.from)} to ${written(variable.to)}`,
    );
    field.value = written(this.#value(variable));
    const { left, top, bottom } = element.getBoundingClientRect();
    field.style.left = `${Math.max(0, Math.min(left, innerWidth - 110))}px`;
    field.style.top = `${bottom + 50 < innerHeight ? bottom + 6 : top - 44}px`;
    let isOpen = true;
    const close = (takes: boolean) => {
      if (!isOpen) return;
      isOpen = false;
      const value = Number(field.value.trim().replace("−", "-").replace(",", "."));
      const hadFocus = document.activeElement === field;
      field.remove();
      removeEventListener("scroll", leave);
      if (hadFocus) slider.focus();
      if (!takes || field.value.trim() === "" || Number.isNaN(value)) return;
      this.#set(variable, Math.min(variable.to, Math.max(variable.from, value)));
      this.#tell();
    };
    const leave = () => close(true);
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") close(true);
      if (event.key === "Escape") close(false);
    });
    field.addEventListener("blur", leave);
    this.closest("article")?.append(field);
    field.focus({ preventScroll: true });
    field.select();
    addEventListener("scroll", leave, { once: true });
  }
}

/** How many steps a key goes. */
const keySteps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
};

/** A number as one element whose text can be replaced: -22 in a formula is an operator and a number. */
function oneToken(element: Element | null | undefined): Element {
  if (!element) throw new Error("live-text: expected a mark for each number");
  if (element.localName !== "mrow") return element;
  const token = document.createElementNS(element.namespaceURI, "mn");
  token.setAttribute("class", element.getAttribute("class") ?? "");
  token.textContent = element.textContent;
  element.replaceWith(token);
  return token;
}

let loading: Promise<Engine> | undefined;

function loadEngine(): Promise<Engine> {
  loading ??= import("./live-engine.ts").catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Loads the engine before it is needed; whether that works shows then. */
function preload(): void {
  loadEngine().catch(() => {});
}

customElements.define("live-text", LiveText);

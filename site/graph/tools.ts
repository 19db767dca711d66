/**
 * The tools around the picture of a graph: search, data point, what is open, zoom, legend. Read
 * folded-graph.ts first.
 */

import { isCompact, legendOf } from "../../dist/draw/graph.js";
import type { FoldedGraph } from "./folded-graph.ts";

/** What the tools ask for. */
export interface ToolActions {
  openAll(): void;
  closeAll(): void;
  /** Larger or smaller by so many steps. */
  zoom(steps: number): void;
  fit(): void;
  showExample(example: number): void;
  /** Goes so many hits on, 0 to count only; what came of it, as a sentence. */
  find(text: string, by: number): string;
}

/** A graph of so few nodes is searched at a glance. */
const FEW = 24;
/** A text is looked for when nobody has typed for so many milliseconds. */
const PATIENCE = 200;

/** What keys and hands do. */
const explained = [
  ["← →", "walk along the edges, to an input and to a consumer"],
  ["↑ ↓", "go to what stands above and below"],
  ["Enter", "opens and closes a neuron, a layer, a chain; selects a node"],
  ["Esc", "closes the neuron or layer around"],
  ["+ − 0", "zoom in, zoom out, show all"],
  ["Shift ← ↑ → ↓", "move the picture"],
  ["Ctrl wheel, two fingers", "zoom; dragging moves the picture"],
] as const;

export class Tools {
  /** Above the picture. */
  readonly bar = element("div", "graph-tools");
  /** In a corner of the picture. */
  readonly corner = element("div", "graph-zoom");
  /** Below the picture. */
  readonly legend = element("p", "graph-legend");
  /** Last of all: what keys do. */
  readonly keys = element("details", "graph-keys");
  readonly #act: ToolActions;
  readonly #search = element("label", "graph-search");
  readonly #text = element("input");
  readonly #found = element("span", "graph-found");
  readonly #point = element("div", "graph-point");
  readonly #number = element("input");
  readonly #count = element("span");
  readonly #folds = element("div", "graph-folds");
  readonly #openAll: HTMLButtonElement;
  readonly #closeAll: HTMLButtonElement;
  #typing = 0;

  constructor(act: ToolActions) {
    this.#act = act;
    this.#openAll = button("Open all", () => act.openAll());
    this.#closeAll = button("Close all", () => act.closeAll());
    this.#folds.append(this.#openAll, this.#closeAll);

    this.#text.type = "search";
    this.#text.placeholder = "Find a name, an operation, a number";
    this.#text.setAttribute("aria-label", "Find a node by name, operation or number");
    this.#text.maxLength = 80;
    this.#text.autocomplete = "off";
    this.#text.spellcheck = false;
    this.#found.setAttribute("role", "status");
    this.#search.append(this.#text, this.#found);
    this.#text.addEventListener("input", () => {
      clearTimeout(this.#typing);
      this.#typing = window.setTimeout(() => this.#find(0), PATIENCE);
    });
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      clearTimeout(this.#typing);
      this.#find(event.shiftKey ? -1 : 1);
    });

    this.#number.type = "number";
    this.#number.min = "1";
    this.#number.inputMode = "numeric";
    this.#number.setAttribute("aria-label", "Data point that is shown");
    this.#number.addEventListener("change", () => {
      const wish = Math.round(Number(this.#number.value));
      act.showExample(Math.min(Math.max(wish, 1), Number(this.#number.max)) - 1);
    });
    const turn = (by: number) => {
      const most = Number(this.#number.max);
      act.showExample((Number(this.#number.value) - 1 + by + most) % most);
    };
    this.#point.setAttribute("role", "group");
    this.#point.setAttribute("aria-label", "Data point");
    this.#point.append(
      iconButton("Previous data point", "M14 6l-6 6l6 6", () => turn(-1)),
      text("span", "data point"),
      this.#number,
      this.#count,
      iconButton("Next data point", "M10 6l6 6l-6 6", () => turn(1)),
    );
    this.#explainKeys();
    this.bar.append(this.#search, this.#point, this.#folds);
    this.corner.append(
      iconButton("Zoom in", "M12 6v12M6 12h12", () => act.zoom(1)),
      iconButton("Zoom out", "M6 12h12", () => act.zoom(-1)),
      iconButton("Show all", "M5 9V5h4M15 5h4v4M19 15v4h-4M9 19H5v-4", () => act.fit()),
    );
  }

  #explainKeys(): void {
    const list = element("ul");
    for (const [keys, effect] of explained) {
      const item = element("li");
      item.append(text("kbd", keys), ` ${effect}`);
      list.append(item);
    }
    this.keys.append(text("summary", "Keys and gestures"), list);
  }

  /** Shows what there is to choose in this graph. */
  show(folded: FoldedGraph, hide: ReadonlySet<string>): void {
    const { examples, example, graph } = folded;
    const tools = !hide.has("tools");
    this.#search.hidden = hide.has("search") || graph.nodes.length <= FEW;
    this.#point.hidden = examples.length < 2;
    this.#folds.hidden = !tools || folded.hasNothingToFold;
    this.corner.hidden = !tools;
    this.bar.hidden = this.#search.hidden && this.#point.hidden && this.#folds.hidden;
    this.#number.max = String(examples.length);
    this.#number.value = String(example + 1);
    this.#count.textContent = `of ${examples.length}`;
    this.#openAll.setAttribute("aria-disabled", String(!folded.hasClosed));
    this.#closeAll.setAttribute("aria-disabled", String(!folded.hasOpen));
    this.legend.hidden = !tools;
    this.keys.hidden = !tools;
    this.#showLegend(folded);
  }

  #find(by: number): void {
    this.#found.textContent = this.#act.find(this.#text.value, by);
  }

  #showLegend({ scene, faces }: FoldedGraph): void {
    const entries = legendOf(scene, isCompact(scene, faces), true).map((entry) => {
      const item = text("span", entry.text);
      if (entry.fill === undefined) return item;
      const swatch = element("i", entry.stroke === undefined ? "is-line" : "");
      swatch.style.background = `var(--${entry.fill})`;
      if (entry.stroke !== undefined) swatch.style.borderColor = `var(--${entry.stroke})`;
      item.prepend(swatch);
      return item;
    });
    const signs = text("span", "+ opens, − closes");
    this.legend.replaceChildren(...entries, ...(this.#folds.hidden ? [] : [signs]));
    this.legend.hidden ||= this.legend.childElementCount === 0;
  }
}

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, className = "") {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  return made;
}

function text<Name extends keyof HTMLElementTagNameMap>(name: Name, words: string) {
  const made = element(name);
  made.textContent = words;
  return made;
}

/** A button that is not disabled when there is nothing to do, as that would take the focus from it. */
function button(label: string, act: () => void): HTMLButtonElement {
  const made = text("button", label);
  made.type = "button";
  made.addEventListener("click", () => {
    if (made.getAttribute("aria-disabled") !== "true") act();
  });
  return made;
}

function iconButton(label: string, path: string, act: () => void): HTMLButtonElement {
  const made = button("", act);
  made.setAttribute("aria-label", label);
  made.title = label;
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of [
    ["viewBox", "0 0 24 24"],
    ["width", "20"],
    ["height", "20"],
    ["aria-hidden", "true"],
  ]) {
    icon.setAttribute(name, value);
  }
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  icon.append(line);
  made.append(icon);
  return made;
}

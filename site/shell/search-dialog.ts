/**
 * The search: a field, results by arrow keys (the combobox pattern of ARIA), the words marked. Read
 * search.ts and search-options.mjs first.
 */

import { files } from "virtual:site";
import MiniSearch, { type SearchResult } from "minisearch";
import "../styles/search.css";
import { wordsPattern } from "./found.ts";
import { foundKey, markFound } from "./search.ts";
import { searchOptions } from "./search-options.mjs";

const shownResults = 12;

let dialog: SearchDialog | undefined;

export function openSearch(): void {
  dialog ??= new SearchDialog();
  dialog.open();
}

class SearchDialog {
  readonly #dialog = document.createElement("dialog");
  readonly #field = document.createElement("input");
  readonly #status = document.createElement("p");
  readonly #list = document.createElement("div");
  #index: MiniSearch | undefined;
  #active = 0;

  constructor() {
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => this.#dialog.close());
    const head = document.createElement("div");
    head.className = "search-head";
    head.append(this.#field, close);

    Object.assign(this.#field, { type: "text", placeholder: "Search lessons and glossary" });
    setAttributes(this.#field, {
      role: "combobox",
      "aria-label": "Search lessons and glossary",
      "aria-controls": "search-results",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      enterkeyhint: "go",
    });
    this.#field.addEventListener("input", () => this.#search());
    this.#field.addEventListener("keydown", (event) => this.#onKey(event));

    this.#status.setAttribute("role", "status");
    this.#list.id = "search-results";
    setAttributes(this.#list, { role: "listbox", "aria-label": "Results" });
    this.#list.addEventListener("click", (event) => this.#follow(event));

    this.#dialog.className = "search";
    this.#dialog.setAttribute("aria-label", "Search");
    this.#dialog.append(head, this.#status, this.#list);
    this.#dialog.addEventListener("click", ({ target }) => {
      if (target === this.#dialog) this.#dialog.close(); // beside the box
    });
    document.body.append(this.#dialog);
  }

  open(): void {
    if (this.#dialog.open) return;
    this.#dialog.showModal();
    this.#field.select();
    this.#search();
    if (this.#index === undefined) void this.#load();
  }

  async #load(): Promise<void> {
    try {
      const response = await fetch(files.search);
      if (!response.ok) throw new Error(response.statusText);
      this.#index = MiniSearch.loadJSON(await response.text(), searchOptions);
      this.#search();
    } catch {
      this.#status.textContent =
        "The search needs a file that could not be loaded. Close this, and try again when you are online.";
    }
  }

  #search(): void {
    const words = this.#field.value.trim();
    const results = words === "" ? [] : (this.#index?.search(words) ?? []);
    const some = results.slice(0, shownResults);
    this.#list.replaceChildren(...some.map((result, i) => optionOf(result, i)));
    this.#status.textContent = this.#sentence(words, results.length);
    this.#field.setAttribute("aria-expanded", String(some.length > 0));
    this.#activate(0);
  }

  #sentence(words: string, count: number): string {
    if (words === "") return "Type a word of the lessons, or a name in their code.";
    if (this.#index === undefined) return "Loading …";
    if (count === 0) return `Nothing is found for “${words}”. Try fewer or shorter words.`;
    if (count > shownResults) return `${count} places; the best ${shownResults}:`;
    return count === 1 ? "1 place:" : `${count} places:`;
  }

  #activate(index: number): void {
    const options = [...this.#list.children];
    this.#active = options.length === 0 ? 0 : (index + options.length) % options.length;
    for (const [i, option] of options.entries()) {
      option.setAttribute("aria-selected", String(i === this.#active));
    }
    const active = options[this.#active];
    if (active === undefined) this.#field.removeAttribute("aria-activedescendant");
    else this.#field.setAttribute("aria-activedescendant", active.id);
    active?.scrollIntoView({ block: "nearest" });
  }

  #onKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) this.#activate(this.#active + step);
    else if (event.key === "Enter" && !event.isComposing) {
      const active = this.#list.children[this.#active];
      if (active instanceof HTMLElement) active.click();
    } else return;
    event.preventDefault();
  }

  /** A result is a link: the browser follows it, the words go along. */
  #follow({ target, ctrlKey, metaKey, shiftKey }: MouseEvent): void {
    const link = target instanceof Element ? target.closest("a") : null;
    if (link === null || ctrlKey || metaKey || shiftKey) return;
    try {
      sessionStorage.setItem(foundKey, link.dataset.words ?? "");
    } catch {
      // No storage, no marks.
    }
    this.#dialog.close();
    const isHere = new URL(link.href).pathname === location.pathname;
    if (isHere) setTimeout(() => void markFound()); // once the browser has gone there
  }
}

function optionOf({ id, place, title, text, terms }: SearchResult, index: number): HTMLElement {
  const link = document.createElement("a");
  link.id = `search-result-${index}`;
  link.href = `./${id}`;
  link.tabIndex = -1;
  link.setAttribute("role", "option");
  link.dataset.words = terms.join(" ");
  const where = document.createElement("span");
  where.className = "search-place";
  where.textContent = place;
  const name = document.createElement("span");
  name.className = "search-title";
  name.append(...marked(title, terms));
  const excerpt = document.createElement("span");
  excerpt.className = "search-excerpt";
  excerpt.append(...marked(excerptOf(text, terms), terms));
  link.append(where, name, excerpt);
  return link;
}

/** A piece of the text around the first of the words. */
function excerptOf(text: string, words: readonly string[]): string {
  const at = Math.max(0, text.search(wordsPattern(words)));
  const start = at < 60 ? 0 : text.lastIndexOf(" ", at - 50) + 1;
  const end = start + 170 >= text.length ? text.length : text.lastIndexOf(" ", start + 170);
  return `${start > 0 ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
}

/** A text in nodes, the words in `<mark>`. */
function marked(text: string, words: readonly string[]): (string | HTMLElement)[] {
  const nodes: (string | HTMLElement)[] = [];
  let from = 0;
  for (const { 0: word, index } of text.matchAll(wordsPattern(words))) {
    const mark = document.createElement("mark");
    mark.textContent = word;
    nodes.push(text.slice(from, index), mark);
    from = index + word.length;
  }
  return [...nodes, text.slice(from)];
}

function setAttributes(element: Element, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

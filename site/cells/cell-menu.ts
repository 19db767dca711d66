/**
 * The rest of a cell's tools: copy its code or a link to it, open its graph in the debugger, take back an
 * earlier version. Read share-link.ts first.
 */

import { areTypesOn, toggleTypes } from "../editor/type-setting.ts";
import { announce, notice } from "../shell/announce.ts";
import { store } from "../shell/store.ts";

export interface MenuCell {
  readonly number: number;
  readonly key: string;
  readonly source: string;
  /** Puts another text in, with a way back. */
  replace(text: string, sentence: string): void;
  /** Opens the graph that the cell made, after a run if there was none. */
  openInDebugger(): void;
}

export class CellMenu {
  readonly #cell: MenuCell;
  readonly #lesson: string;
  readonly #button: HTMLElement;
  #list: HTMLElement | undefined;

  constructor(cell: MenuCell, lesson: string, button: HTMLElement) {
    this.#cell = cell;
    this.#lesson = lesson;
    this.#button = button;
  }

  toggle(): void {
    if (this.#list) this.#close();
    else this.#open();
  }

  #open(): void {
    const list = document.createElement("div");
    list.className = "cell-menu";
    list.append(
      this.#item("Copy link to this code", () => this.#copyLink()),
      this.#item("Copy code", () => this.#copy(this.#cell.source, "The code was copied.")),
      this.#item("Open in debugger", () => this.#cell.openInDebugger()),
      this.#item(areTypesOn() ? "Type hints: on" : "Type hints: off", toggleTypes),
      ...this.#versions(),
    );
    list.addEventListener("keydown", (event) => {
      const items = [...list.querySelectorAll("button")];
      const place = items.findIndex((item) => item === document.activeElement);
      const next = {
        ArrowDown: items[(place + 1) % items.length],
        ArrowUp: items.at(place - 1),
        Home: items[0],
        End: items.at(-1),
      }[event.key];
      if (next) {
        event.preventDefault();
        next.focus();
      }
      if (event.key !== "Escape") return;
      this.#close();
      this.#button.focus();
    });
    list.addEventListener("focusout", ({ relatedTarget }) => {
      const stays = relatedTarget instanceof Node && list.contains(relatedTarget);
      // A click on the button itself closes the list in a moment.
      if (!stays && relatedTarget !== this.#button) this.#close();
    });
    this.#button.after(list);
    this.#button.setAttribute("aria-expanded", "true");
    this.#list = list;
    list.querySelector("button")?.focus();
  }

  #close(): void {
    const list = this.#list;
    this.#list = undefined; // first: taking the focus away calls this again
    list?.remove();
    this.#button.setAttribute("aria-expanded", "false");
  }

  #item(words: string, act: () => void): HTMLElement {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => {
      this.#close();
      this.#button.focus();
      act();
    });
    return button;
  }

  #versions(): HTMLElement[] {
    const { key, source } = this.#cell;
    const versions = store
      .versions(this.#lesson, key)
      .filter((version) => version.source !== source);
    if (versions.length === 0) return [];
    const heading = document.createElement("p");
    heading.textContent = "Earlier versions";
    const items = versions.map((version) => {
      const count = version.source.split("\n").length;
      const lines = count === 1 ? "1 line" : `${count} lines`;
      const item = this.#item(`${describeDate(version.saved)}, ${lines}`, () =>
        this.#cell.replace(version.source, "This is the earlier version."),
      );
      item.title = version.source.slice(0, 300);
      return item;
    });
    return [heading, ...items];
  }

  async #copyLink(): Promise<void> {
    const { fragmentOf } = await import("./share-link.ts").catch(() => ({ fragmentOf: undefined }));
    if (!fragmentOf) {
      notice("What makes links could not be loaded. Is there a network?");
      return;
    }
    const fragment = await fragmentOf(this.#cell.number, this.#cell.source);
    if (fragment === undefined) {
      notice("This code is too long for a link, which can carry 20,000 characters.");
      return;
    }
    this.#copy(new URL(fragment, location.href).href, "The link was copied.");
  }

  async #copy(text: string, done: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      notice(done);
    } catch {
      announce("The browser did not allow copying.");
      prompt("The browser did not allow copying. Copy it from here:", text);
    }
  }
}

function describeDate(time: number): string {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  const hours = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return isToday ? `Today, ${hours}` : `${date.toLocaleDateString()}, ${hours}`;
}

/**
 * Shows another page of this site in the midst of a text, in a frame as tall as what is in it. Comes when
 * its button is pressed the first time (shell/main.ts). Read ../shell/early.ts first.
 */

import "../styles/in-place.css";
import { announce } from "../shell/announce.ts";
import { scrollToSee } from "../shell/scroll-to-see.ts";

const [closed, open] = ["Show it here", "Close it"];

/** What is open, by its button. */
const figures = new Map<HTMLButtonElement, InPlace>();

/** Opens what the button `[data-here]` is for, or closes it. In one box one page is open at a time. */
export function toggleInPlace(button: HTMLButtonElement): void {
  const own = figures.get(button);
  const box = button.closest(".look, .snippet") ?? button;
  for (const [other, figure] of figures) {
    if (other === button || box.contains(other)) figure.close();
  }
  if (own === undefined) figures.set(button, new InPlace(button, box));
}

/** A page in its frame. */
class InPlace {
  readonly #button: HTMLButtonElement;
  readonly #figure = document.createElement("figure");
  readonly #frame = document.createElement("iframe");
  readonly #sizes = new ResizeObserver(() => this.#fit());
  readonly #theme = new MutationObserver(() => this.#passTheme());

  constructor(button: HTMLButtonElement, box: Element) {
    const { here = "", title = "", height } = button.dataset;
    this.#button = button;
    this.#figure.className = "in-place-figure";
    this.#figure.id = `in-place-${Date.now()}`;
    const frame = this.#frame;
    frame.title = title;
    frame.loading = "lazy";
    if (height === undefined)
      frame.dataset.inPlace = ""; // early.ts asks for it
    else frame.height = height;
    frame.src = withTheme(new URL(here, location.href));
    frame.addEventListener("load", () => this.#loaded());
    this.#figure.append(frame, this.#bar());
    box.after(this.#figure);
    this.#theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.#mark(true);
    button.setAttribute("aria-controls", this.#figure.id);
  }

  close(): void {
    this.#sizes.disconnect();
    this.#theme.disconnect();
    this.#figure.remove();
    figures.delete(this.#button);
    this.#button.removeAttribute("aria-controls");
    this.#mark(false);
  }

  #mark(isOpen: boolean): void {
    const button = this.#button;
    button.setAttribute("aria-expanded", String(isOpen));
    button.textContent = isOpen
      ? button.textContent.replace(closed, open)
      : button.textContent.replace(open, closed);
  }

  /** What stands below the frame, where the reader is when it is read. */
  #bar(): HTMLElement {
    const bar = document.createElement("figcaption");
    const link = document.createElement("a");
    link.textContent = "Open in a tab";
    link.target = "_blank";
    link.href = wholePage(this.#frame.src);
    // As it is now, with what the reader changed in it.
    for (const event of ["pointerdown", "focus"]) {
      link.addEventListener(event, () => {
        const { contentWindow, src } = this.#frame;
        link.href = wholePage(contentWindow?.location.href ?? src);
      });
    }
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => {
      this.close();
      this.#button.focus({ preventScroll: true });
      scrollToSee(this.#button);
    });
    bar.append(link, close);
    return bar;
  }

  #loaded(): void {
    const page = this.#frame.contentDocument;
    if (page === null || page.body.childElementCount === 0) {
      const text = document.createElement("p");
      text.textContent = "It could not be loaded. Is there a network?";
      this.#frame.replaceWith(text);
      announce(text.textContent);
      return;
    }
    this.#passTheme();
    if (this.#frame.dataset.inPlace !== undefined) {
      this.#sizes.disconnect();
      this.#sizes.observe(page.body);
    }
    // A way out of the frame leads to a whole page.
    page.addEventListener("click", ({ target }) => {
      const link = (target as Element | null)?.closest?.("a[href]"); // of another window's classes
      if (link && !link.hasAttribute("download")) link.setAttribute("target", "_blank");
    });
    announce(`${this.#frame.title}: shown below.`);
    if (document.activeElement === this.#button) scrollToSee(this.#figure);
  }

  /** As tall as what is in it. */
  #fit(): void {
    const height = this.#frame.contentDocument?.body.getBoundingClientRect().height ?? 0;
    if (height > 0) this.#frame.style.height = `${Math.ceil(height)}px`;
  }

  #passTheme(): void {
    const page = this.#frame.contentDocument?.documentElement;
    const { theme } = document.documentElement.dataset;
    if (page === undefined || page.dataset.theme === theme) return;
    if (theme === undefined) delete page.dataset.theme;
    else page.dataset.theme = theme;
  }
}

/** With the colours and letters of this page. */
function withTheme(url: URL): string {
  const { dataset, classList } = document.documentElement;
  if (dataset.theme !== undefined) url.searchParams.set("theme", dataset.theme);
  if (classList.contains("projector")) url.searchParams.set("projector", "");
  return url.href;
}

/** The same without what only a frame has. */
function wholePage(address: string): string {
  const url = new URL(address);
  for (const flag of ["hide", "theme", "projector", "embed"]) url.searchParams.delete(flag);
  return url.href;
}

/**
 * The code of a cell before its editor is opened: it can be reached by keyboard, and the first click
 * or Enter opens the editor. Nothing to read first.
 */

export class StaticCode {
  readonly element: HTMLElement;
  readonly #code: HTMLElement;
  /** The lesson's text with its colours. */
  readonly #original: { readonly text: string; readonly nodes: readonly Node[] };

  /** @param edit is given where in the text the reader clicked */
  constructor(element: HTMLElement, code: HTMLElement, label: string, edit: (at?: number) => void) {
    this.element = element;
    this.#code = code;
    this.#original = { text: code.textContent ?? "", nodes: [...code.childNodes] };
    element.tabIndex = 0;
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", label);
    element.setAttribute("aria-describedby", "code-hint");
    element.addEventListener("click", ({ clientX, clientY }) => {
      // Who selects a piece of the code wants to copy it.
      if (getSelection()?.isCollapsed !== false) edit(this.#offsetAt(clientX, clientY));
    });
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      edit();
    });
  }

  get originalText(): string {
    return this.#original.text;
  }

  show(text: string): void {
    if (text === this.#original.text) {
      this.#code.replaceChildren(...this.#original.nodes);
      return;
    }
    this.#code.textContent = text;
    void this.#colour(text);
  }

  /** Colours come a little later, when what makes them is there; nothing moves. */
  async #colour(text: string): Promise<void> {
    const { codeHTML } = await import("../build/code.mjs").catch(() => ({ codeHTML: undefined }));
    if (codeHTML && this.#code.textContent === text) this.#code.innerHTML = codeHTML(text, "ts");
  }

  #offsetAt(x: number, y: number): number | undefined {
    const place = caretAt(x, y);
    if (!place || !this.#code.contains(place.node)) return undefined;
    const range = document.createRange();
    range.setStart(this.#code, 0);
    range.setEnd(place.node, place.offset);
    return range.toString().length;
  }
}

/** Browsers have one of two functions for it. */
function caretAt(x: number, y: number): { node: Node; offset: number } | undefined {
  if ("caretPositionFromPoint" in document) {
    const place = document.caretPositionFromPoint(x, y);
    return place ? { node: place.offsetNode, offset: place.offset } : undefined;
  }
  const range = (document as Document).caretRangeFromPoint(x, y); // Safari has this one
  return range ? { node: range.startContainer, offset: range.startOffset } : undefined;
}

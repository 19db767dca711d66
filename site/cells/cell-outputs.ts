/**
 * The outputs of a cell on the page: those of the lesson, then those of the reader's run as they come.
 * Read output-html.mjs first.
 */

import type { Output } from "chainrule/cells";
import { outputHTML, outputsKey, visible } from "./output-html.mjs";
import { isPaintingLoaded, loadPainting, painted } from "./painting.ts";
import { offerShowAll, offerShowAllLater } from "./show-all.ts";
import { onThemeChange } from "./theme.ts";

/** How long the old outputs stay when new ones come: most cells are done by then. In milliseconds. */
const patience = 120;

export class CellOutputs {
  readonly #element: HTMLElement;
  readonly #lesson: { readonly key: string; readonly nodes: readonly Node[] };
  /** Of the run in progress or the last one; neighbouring texts of one stream are joined. */
  #list: Output[] = [];
  /** Outputs that are not on the page yet. */
  #pending: Output[] = [];
  /** What is on the page, by `outputsKey`. */
  #shown: string;
  /** Does the page still show what was there before the run? */
  #isOld = false;
  #hasEnded = true;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param key of the outputs that stand in the page, by `outputsKey` */
  constructor(element: HTMLElement, key: string) {
    this.#element = element;
    this.#lesson = { key, nodes: [...element.childNodes] };
    this.#shown = key;
    for (const box of this.#boxes()) offerShowAllLater(box);
    onThemeChange(() => this.#paintAgain());
  }

  /** A run begins: the old outputs stay, dimmed, so that the page does not jump. */
  begin(): void {
    this.#list = [];
    this.#pending = [];
    this.#isOld = true;
    this.#hasEnded = false;
    this.#element.dataset.old = "";
  }

  add(output: Output): void {
    if (this.#hasEnded && !this.#isOld) {
      // A timer printed after the end. What is on the page may be the lesson's own, so it is drawn anew.
      this.#pending = [...this.#list];
      this.#isOld = true;
    }
    this.#pending.push(output);
    const last = this.#list.at(-1);
    const isMore =
      output.output_type === "stream" &&
      last?.output_type === "stream" &&
      last.name === output.name;
    if (isMore) this.#list[this.#list.length - 1] = { ...last, text: last.text + output.text };
    else this.#list.push(output);
    this.#timer ??= setTimeout(() => this.#flush(), this.#isOld ? patience : 50);
  }

  /** The run is over. Outputs that are on the page already are left alone. */
  end(): readonly Output[] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#hasEnded = true;
    const list = this.#list;
    const key = outputsKey(list);
    if (this.#isOld && key === this.#shown) this.#current();
    else if (key === this.#lesson.key) this.showLesson();
    else this.#flush();
    this.#shown = key;
    for (const box of this.#boxes()) offerShowAll(box);
    return list;
  }

  /** Shows outputs that are complete. */
  show(outputs: readonly Output[]): void {
    if (outputsKey(outputs) === this.#shown) {
      this.#current();
      return;
    }
    this.begin();
    for (const output of outputs) this.add(output);
    this.end();
  }

  showLesson(): void {
    this.#current();
    this.#list = [];
    this.#pending = [];
    this.#shown = this.#lesson.key;
    this.#element.replaceChildren(...this.#lesson.nodes);
  }

  /** Do they belong to another text of the cell than the one above them? */
  set stale(is: boolean) {
    this.#element.toggleAttribute("data-old", is);
  }

  get isEmpty(): boolean {
    return this.#element.childElementCount === 0;
  }

  get isLesson(): boolean {
    return this.#shown === this.#lesson.key;
  }

  #current(): void {
    this.#isOld = false;
    delete this.#element.dataset.old;
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#isOld) this.#element.replaceChildren();
    this.#current();
    const texts: string[] = [];
    for (const output of this.#pending) {
      const name = output.output_type === "stream" ? output.name : undefined;
      const last = this.#element.lastElementChild;
      if (name !== undefined && last?.className === name && output.output_type === "stream") {
        // One text node for all lines of a batch: ten thousand lines are a few hundred nodes.
        texts.push(visible(output.text));
        continue;
      }
      this.#append(texts.splice(0));
      this.#element.insertAdjacentHTML("beforeend", htmlOf(output));
      if (isPicture(output) && !isPaintingLoaded()) {
        void loadPainting().then(() => this.#paintAgain());
      }
    }
    this.#append(texts);
    this.#pending = [];
    this.#shown = "";
    for (const box of this.#boxes()) offerShowAllLater(box);
  }

  #boxes(): Iterable<Element> {
    return this.#element.querySelectorAll("pre, figure");
  }

  #append(texts: readonly string[]): void {
    if (texts.length > 0) this.#element.lastElementChild?.append(texts.join(""));
  }

  /** Pictures of a run are images, which do not follow the theme of the page by themselves. */
  #paintAgain(): void {
    const images = this.#element.querySelectorAll<HTMLElement>("figure.picture:has(> img)");
    const pictures = this.#list.filter(isPicture);
    for (const [i, image] of images.entries()) {
      const output = pictures[i];
      if (!output) continue;
      image.outerHTML = htmlOf(output);
    }
  }
}

const htmlOf = (output: Output) => outputHTML(output, { pictures: "image", paint: painted });

const isPicture = (output: Output) =>
  output.output_type === "execute_result" && "image/svg+xml" in output.data;

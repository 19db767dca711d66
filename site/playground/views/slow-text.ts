/** A description in words that changes now and then, so that it can be listened to. Nothing to read first. */

const REST = 1000; // ms between two texts

/** The text of an element; however often it is set, it changes once a second, and ends with the last. */
export class SlowText {
  readonly #element: HTMLElement;
  #text: () => string = () => "";
  #ready = Number.NEGATIVE_INFINITY; // the time from which it may change
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  /** @param text is called when its time has come */
  set(text: () => string): void {
    this.#text = text;
    if (this.#timer !== undefined) return;
    const wait = this.#ready - performance.now();
    if (wait <= 0) this.#write();
    else this.#timer = setTimeout(() => this.#write(), wait);
  }

  #write(): void {
    this.#timer = undefined;
    this.#element.textContent = this.#text();
    this.#ready = performance.now() + REST;
  }
}

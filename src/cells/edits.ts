/**
 * Changes to a text, noted first and made at once, so that positions stay true. Nothing to read
 * first.
 */

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Among edits at one place, the lower comes first. */
  readonly rank: number;
}

/** A text and what is to change in it. What surrounds is noted before what is inside. */
export class Edits {
  readonly text: string;
  readonly #edits: Edit[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** Puts something before and after a stretch of the text. */
  wrap(start: number, end: number, before: string, after: string): void {
    const count = this.#edits.length;
    this.#edits.push({ start, end: start, text: before, rank: count });
    this.#edits.push({ start: end, end, text: after, rank: -count });
  }

  /** Puts `text` in place of what is there, and keeps the line breaks that were there. */
  replace(start: number, end: number, text: string): void {
    const breaks = this.text.slice(start, end).match(/\n/g)?.join("") ?? "";
    this.#edits.push({ start, end, text: text + breaks, rank: this.#edits.length });
  }

  /** The text with all changes made. */
  toString(): string {
    let result = "";
    let at = 0;
    for (const { start, end, text } of this.#edits.sort(
      (a, b) => a.start - b.start || a.rank - b.rank,
    )) {
      result += this.text.slice(at, start) + text;
      at = end;
    }
    return result + this.text.slice(at);
  }
}

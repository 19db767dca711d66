/**
 * A picture: a string of SVG that notebooks and lesson pages show as an image. Nothing to read
 * first.
 */

import { describe } from "../errors.ts";

/** What {@link show} returns: the same string, with the word that notebooks ask for. */
export class Picture {
  /** A complete SVG document. */
  readonly svg: string;

  constructor(svg: string) {
    if (typeof svg !== "string" || !/^\s*(<\?xml[^>]*>\s*)?<svg\b/.test(svg)) {
      throw new TypeError(`show: expected a string of SVG, got ${describe(svg)}`);
    }
    this.svg = svg;
  }

  toString(): string {
    return this.svg;
  }

  /** The protocol of Deno's Jupyter kernel; the cells of the course's pages follow it too. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const title = /<title[^>]*>([^<]*)<\/title>/.exec(this.svg)?.[1] ?? "picture";
    return { "image/svg+xml": this.svg, "text/plain": title };
  }
}

/**
 * Shows a picture when it is the last expression of a cell.
 *
 * @example show(lossChart(losses))
 * @throws TypeError unless it is a string of SVG
 */
export function show(svg: string): Picture {
  return new Picture(svg);
}

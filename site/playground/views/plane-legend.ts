/** What the marks and colours of the plane mean. Read points.ts and colors.ts first. */

import { cssColor } from "./colors.ts";
import { shapes } from "./points.ts";
import { html, shortText, svg } from "./text.ts";

/** What there is to explain. */
export interface PlaneKind {
  /** Are there two classes, -1 and 1, or targets that are any numbers? */
  readonly isSign: boolean;
  readonly inputs: number;
  readonly hasHeldOut: boolean;
}

const RING = "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0z";
const LINE = "M-8 0h16";

/** The legend below the plane. */
export class PlaneLegend {
  readonly element = html("div", { class: "legend" });
  readonly #name = html("span");
  readonly #low = html("span");
  readonly #high = html("span");

  /** Explains what there is; anew when the theme has changed. */
  show({ isSign, inputs, hasHeldOut }: PlaneKind): void {
    const isLine = inputs === 1;
    const { circle, square } = shapes;
    const items: HTMLElement[] = [];
    if (!isLine) {
      const bar = html("span", { class: "bar" });
      bar.style.background = `linear-gradient(to right, ${cssColor(-1)}, ${cssColor(0)}, ${cssColor(1)})`;
      items.push(html("span", { class: "item scale" }, this.#name, this.#low, bar, this.#high));
    }
    if (isSign) {
      items.push(item("point positive", circle, "class 1"));
      items.push(item("point negative", square, "class −1"));
    } else if (isLine) items.push(item("point plain", circle, "point"));
    if (hasHeldOut) {
      items.push(item(`point ${isSign ? "positive" : "plain"} held-out`, circle, "held out"));
    }
    if (isLine) {
      items.push(item("curve", LINE, "output of the network"));
      items.push(item("residuals", "M0-7v14", "what is missing"));
    } else {
      items.push(item("zero-line", LINE, "zero line"));
      if (isSign) items.push(item("rings", RING, "wrong side"));
    }
    if (inputs > 2) {
      items.push(html("span", { class: "item" }, "small and faint: before or behind the slice"));
    }
    this.element.replaceChildren(...items);
  }

  /** Says what the colours mean: whose numbers they are, and which has the full colour. */
  scale(name: string, most: number): void {
    this.#name.textContent = name;
    this.#low.textContent = shortText(-most);
    this.#high.textContent = shortText(most);
  }
}

/** A mark and what it means. */
function item(look: string, d: string, words: string): HTMLElement {
  const size = { viewBox: "-8 -8 16 16", width: 16, height: 16, "aria-hidden": "true" };
  return html("span", { class: "item" }, svg("svg", size, svg("path", { class: look, d })), words);
}

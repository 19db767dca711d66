/**
 * The points in the picture of a plane: circles of class 1, squares of class -1, hollow if they are held out.
 * Read frame.ts first.
 */

import { setAll, svg } from "./text.ts";

/** A point, and how it is to be shown. */
export interface ShownPoint {
  readonly x: readonly number[];
  readonly target: number;
  /** Its middle in the picture. */
  readonly pixel: readonly [x: number, y: number];
  readonly isHeldOut: boolean;
  /** Its colour as CSS, if it is that of no class. */
  readonly color: string | undefined;
  /** 1: in the plane that is shown, 0: far before or behind it. */
  readonly nearness: number;
  /** What it is called by screen readers. */
  readonly name: string;
}

/** What points are drawn by, around their middle. */
export const shapes = {
  circle: "M-4.6 0a4.6 4.6 0 1 0 9.2 0a4.6 4.6 0 1 0-9.2 0z",
  square: "M-4.1-4.1h8.2v8.2h-8.2z",
};

/** The points of one picture. Those that are trained on can be focused, one by Tab, the others from there. */
export class Points {
  /** Chromium's Tab would stop at a picture that listens to the focus, but for the tabindex. */
  readonly group = svg("g", { class: "points", tabindex: -1 });
  readonly #held = svg("g", { class: "held", "aria-hidden": "true" });
  readonly #trained = svg("g", {
    role: "group",
    "aria-label":
      "Points: arrow keys move one, Delete removes it, Page Up and Page Down go to others",
  });
  #focusable = 0;

  constructor() {
    this.group.append(this.#held, this.#trained);
  }

  /** Shows these points, and marks one. */
  draw(
    trained: readonly ShownPoint[],
    held: readonly ShownPoint[],
    selected: number | undefined,
  ): void {
    const hadFocus = this.#trained.contains(document.activeElement);
    fit(this.#held, held.length, () => svg("path"));
    fit(this.#trained, trained.length, () => svg("path", { role: "button", tabindex: -1 }));
    for (const [i, point] of held.entries()) look(this.#held.children[i], point);
    if (this.#focusable >= trained.length) this.#focusable = Math.max(0, trained.length - 1);
    for (const [i, point] of trained.entries()) {
      const element = this.#trained.children[i];
      look(element, point);
      setAll(element, {
        "aria-label": point.name,
        "aria-pressed": String(i === selected),
        tabindex: i === this.#focusable ? 0 : -1,
      });
    }
    // The last point was deleted, and had the focus.
    if (hadFocus && !this.#trained.contains(document.activeElement)) this.focus(this.#focusable);
  }

  /** Gives a point the focus. */
  focus(index: number): void {
    const elements = this.#trained.children;
    elements[this.#focusable]?.setAttribute("tabindex", "-1");
    this.#focusable = Math.max(0, Math.min(index, elements.length - 1));
    const element = elements[this.#focusable] as SVGElement | undefined; // draw makes no others
    element?.setAttribute("tabindex", "0");
    element?.focus({ preventScroll: true });
  }

  /** The number of a point by its element; -1 if it is none of those trained on. */
  indexOf(element: EventTarget | null): number {
    return Array.prototype.indexOf.call(this.#trained.children, element);
  }
}

function look(element: Element, point: ShownPoint): void {
  const { target, pixel, isHeldOut, color, nearness } = point;
  const [x, y] = pixel;
  const isCircle = target > 0 || color !== undefined;
  const kind = isCircle ? "positive" : "negative";
  const scale = nearness < 1 ? ` scale(${(0.6 + 0.4 * nearness).toFixed(2)})` : "";
  const opacity = nearness < 1 ? `opacity:${(0.45 + 0.55 * nearness).toFixed(2)};` : "";
  setAll(element, {
    class: `point ${kind}${isHeldOut ? " held-out" : ""}`,
    d: isCircle ? shapes.circle : shapes.square,
    transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})${scale}`,
    style: opacity + (color === undefined ? "" : `--value:${color}`),
  });
}

/** Gives a group so many elements. */
function fit(group: Element, length: number, make: () => Element): void {
  while (group.childElementCount > length) group.lastElementChild!.remove(); // it has some
  while (group.childElementCount < length) group.append(make());
}

/**
 * The picture of a folded graph on a canvas, for graphs with more boxes than a page takes as
 * elements: the same shapes in the same places as in svg-stage.ts, which is to be read first.
 *
 * A canvas has nothing that could take the focus, so the box that Tab leads to has an element of its
 * own above it.
 */

import { type Card, cardShapes } from "../../dist/draw/card.js";
import { arrowhead, pathOf } from "../../dist/draw/edge.js";
import { frameShapes } from "../../dist/draw/frame.js";
import { DASHES, type Rectangle, type Shape } from "../../dist/draw/shapes.js";
import { palette, type Role } from "../../dist/draw/svg.js";
import { FAR_SIGN, type FarWords, farWords, frameWords } from "./far.ts";
import { type FoldedGraph, isClosed, type Target } from "./folded-graph.ts";
import type { BoxReading, LineReading } from "./reading.ts";
import { type Rings, type Stage, touches } from "./stage.ts";
import { seen, type View } from "./view.ts";

/** What a line needs to be drawn. */
interface Line {
  readonly way: Path2D;
  readonly head: Path2D;
  readonly around: Rectangle;
}

/** No line is thinner than so many pixels. */
const THINNEST = 0.4;
/** How much is left of the lines that do not lead to what is pointed at. */
const DIMMED = 0.25;
/** Smaller than this, boxes are drawn without words. */
const WORDLESS = 0.16;

export class CanvasStage implements Stage {
  readonly element = document.createElement("div");
  readonly #canvas = document.createElement("canvas");
  readonly #context = this.#canvas.getContext("2d");
  #folded: FoldedGraph | undefined;
  #lines: readonly Line[] = [];
  #cards: Omit<Card, "title">[] = [];
  #frames: readonly (readonly Shape[])[] = [];
  #boxes: readonly BoxReading[] = [];
  #strokes: readonly LineReading[] = [];
  #view: View = { x: 0, y: 0, scale: 1 };
  #isFar = false;
  #rings: Rings = { selected: undefined, focused: undefined };
  #hovered: Target | undefined;
  /** Elements above boxes that can have the focus, the newest last. */
  #proxies: { readonly target: Target; readonly element: HTMLElement }[] = [];
  #drawing = 0;
  readonly #listening = new AbortController();

  constructor() {
    this.element.className = "graph-canvas";
    this.element.setAttribute("role", "group");
    this.#canvas.setAttribute("aria-hidden", "true");
    this.element.append(this.#canvas);
    const { signal } = this.#listening;
    const redraw = () => this.#redraw();
    for (const query of ["(prefers-color-scheme: dark)", `(resolution: ${devicePixelRatio}dppx)`]) {
      matchMedia(query).addEventListener("change", redraw, { signal });
    }
    const theme = new MutationObserver(redraw);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    signal.addEventListener("abort", () => theme.disconnect());
  }

  build(folded: FoldedGraph, label: string): void {
    this.#folded = folded;
    const { scene, layout, faces } = folded;
    this.element.setAttribute("aria-label", label);
    this.#lines = layout.routes.map((route) => ({
      way: new Path2D(pathOf(route)),
      head: new Path2D(arrowhead(route)),
      around: around(route),
    }));
    this.#frames = scene.groups.map((group, i) => frameShapes(group, layout.groups[i]));
    this.#cards = scene.items.map(({ node }, i) => {
      const numbers = node === undefined ? "" : "–";
      return { ...faces[i], data: numbers, gradient: numbers, marked: false };
    });
    this.#hovered = undefined;
    for (const { element } of this.#proxies) element.remove();
    this.#proxies = [];
    this.#redraw();
  }

  show(boxes: readonly BoxReading[], lines: readonly LineReading[]): void {
    this.#boxes = boxes;
    this.#strokes = lines;
    boxes.forEach(({ data, gradient }, i) => {
      const card = this.#cards[i];
      if (card.data !== data || card.gradient !== gradient) {
        this.#cards[i] = { ...card, data, gradient };
      }
    });
    this.#redraw();
  }

  place(view: View, isFar: boolean): void {
    this.#view = view;
    this.#isFar = isFar;
    for (const { target, element } of this.#proxies) this.#placeProxy(target, element);
    this.#redraw();
  }

  ring(rings: Rings): void {
    this.#rings = rings;
    for (const { target, element } of this.#proxies) this.#tellSelected(target, element);
    this.#redraw();
  }

  hover(target: Target | undefined): void {
    this.#hovered = target;
    this.#redraw();
  }

  elementOf(target: Target): HTMLElement {
    const known = this.#proxies.find((proxy) => proxy.target.key === target.key);
    if (known !== undefined) return known.element;
    // A new one each time: a screen reader tells where the focus goes. The one before keeps the focus
    // until this one takes it.
    for (const { element } of this.#proxies.slice(0, -1)) element.remove();
    this.#proxies = this.#proxies.slice(-1);
    const element = document.createElement("div");
    element.className = "graph-proxy";
    element.setAttribute("role", "button");
    element.dataset.key = target.key;
    if (target.group !== undefined) element.setAttribute("aria-expanded", "true");
    else if (this.#folded?.canOpen(target)) element.setAttribute("aria-expanded", "false");
    this.#tellSelected(target, element);
    this.#placeProxy(target, element);
    this.#proxies.push({ target, element });
    this.element.append(element);
    return element;
  }

  targetOf({ target }: Event, folded: FoldedGraph): Target | undefined {
    const key = target instanceof HTMLElement ? target.dataset.key : undefined;
    return key === undefined ? undefined : folded.targets.get(key);
  }

  remove(): void {
    this.#listening.abort();
    cancelAnimationFrame(this.#drawing);
    this.element.remove();
  }

  #tellSelected({ key }: Target, element: HTMLElement): void {
    if (key === this.#rings.selected?.key) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
  }

  #placeProxy({ at }: Target, element: HTMLElement): void {
    const { x, y, scale } = this.#view;
    element.style.transform = `translate(${x + scale * at.x}px, ${y + scale * at.y}px)`;
    element.style.width = `${scale * at.width}px`;
    element.style.height = `${scale * at.height}px`;
  }

  /** Draws before the next frame, once for all that has changed until then. */
  #redraw(): void {
    cancelAnimationFrame(this.#drawing);
    this.#drawing = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    const context = this.#context;
    const folded = this.#folded;
    const { clientWidth: width, clientHeight: height } = this.element;
    if (context === null || folded === undefined || width === 0) return;
    const ratio = devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== wide || this.#canvas.height !== high) {
      this.#canvas.width = wide;
      this.#canvas.height = high;
    }
    const { x, y, scale } = this.#view;
    const pen = new Pen(context, isDark(this.element) ? 1 : 0);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, wide, high);
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * x, ratio * y);
    const window = seen(this.#view, { width, height });
    const { scene, layout, faces } = folded;
    const words = !this.#isFar;
    const far = this.#isFar && scale >= WORDLESS;

    for (let i = scene.groups.length - 1; i >= 0; i--) {
      if (!overlap(layout.groups[i], window)) continue;
      for (const shape of this.#frames[i]) if (words || shape.kind !== "words") pen.draw(shape);
      if (far) pen.far(frameWords(scene.groups[i].title, layout.groups[i]));
      if (scene.groups[i].kind !== "point" && scale >= WORDLESS) {
        pen.sign(layout.groups[i], "minus", words ? 1 : FAR_SIGN);
      }
    }
    const near = this.#hovered?.item;
    this.#lines.forEach(({ way, head, around }, i) => {
      const line = this.#strokes[i];
      if (line === undefined || !overlap(around, window)) return;
      const isNear = near === undefined || touches(scene.edges[i], near) || isAtWork(line.state);
      context.globalAlpha = isNear ? 1 : DIMMED;
      pen.line(way, head, line, THINNEST / scale);
    });
    scene.items.forEach((item, i) => {
      const at = layout.items[i];
      if (!overlap(at, window)) return;
      const state = this.#boxes[i]?.state ?? "";
      const isPending = has(state, "pending");
      const shapes = cardShapes(item, this.#cards[i], at);
      shapes.forEach((shape, n) => {
        if (n > 0 && !words) return;
        context.globalAlpha = isPending && shape.kind !== "words" ? 0.55 : 1;
        if (n > 0 || shape.kind !== "box") pen.draw(isPending ? paler(shape) : shape);
        else pen.draw(words || far ? marked(shape, state) : filled(marked(shape, state)));
      });
      if (far) pen.far(farWords(item, faces[i], at, this.#cards[i].data));
      context.globalAlpha = 1;
      const sign = words ? 1 : FAR_SIGN;
      if (isClosed(item) && scale >= WORDLESS) {
        pen.sign(at, item.key === "others" ? "next" : "plus", sign);
      }
      if (has(state, "wrong")) pen.sign({ ...at, x: at.x - at.width - 4 }, "cross", sign);
    });
    if (this.#hovered?.item !== undefined) pen.ring(this.#hovered.at, "edge", [], scale);
    const { selected, focused } = this.#rings;
    if (selected !== undefined) pen.ring(selected.at, "parameter-line", [], scale);
    if (focused !== undefined) pen.ring(focused.at, "ink", [5, 3], scale);
  }
}

const signs = {
  plus: "M-4 0h8M0 -4v8",
  minus: "M-4 0h8",
  next: "M-2 -4l4 4l-4 4",
  cross: "M-3 -3l6 6M3 -3l-6 6",
} as const;

/** Draws on a canvas what SVG says in words. */
class Pen {
  readonly #context: CanvasRenderingContext2D;
  readonly #theme: 0 | 1;

  constructor(context: CanvasRenderingContext2D, theme: 0 | 1) {
    this.#context = context;
    this.#theme = theme;
  }

  #color(role: Role): string {
    return palette[role][this.#theme];
  }

  draw(shape: Shape): void {
    const context = this.#context;
    if (shape.kind === "words") {
      const { size = 12, role = "ink", anchor = "start", bold, mono } = shape.style;
      context.font = `${bold ? 600 : 400} ${size}px ${mono ? "ui-monospace, Menlo, Consolas, monospace" : "system-ui, sans-serif"}`;
      context.textAlign = anchor === "middle" ? "center" : anchor;
      context.fillStyle = this.#color(role);
      context.fillText(shape.text, shape.x, shape.y);
      return;
    }
    context.beginPath();
    if (shape.kind === "circle") context.arc(shape.x, shape.y, shape.radius, 0, 2 * Math.PI);
    else {
      const { x, y, width, height } = shape.at;
      context.roundRect(x, y, width, height, shape.radius);
    }
    if (shape.fill !== undefined) {
      context.fillStyle = this.#color(shape.fill);
      context.fill();
    }
    if (shape.stroke === undefined) return;
    const isBox = shape.kind === "box";
    context.lineWidth = (isBox ? shape.strokeWidth : undefined) ?? 1;
    context.setLineDash(isBox && shape.dashes ? DASHES.split(" ").map(Number) : []);
    context.strokeStyle = this.#color(shape.stroke);
    context.stroke();
    context.setLineDash([]);
  }

  line(way: Path2D, head: Path2D, { stroke, state }: LineReading, thinnest: number): void {
    const context = this.#context;
    const isLit = has(state, "path");
    const isNow = has(state, "forward") || has(state, "backward");
    const role: Role = isLit
      ? "series-4"
      : isNow || has(state, "past")
        ? "parameter-line"
        : stroke.role;
    context.strokeStyle = this.#color(role);
    context.fillStyle = this.#color(role);
    context.lineWidth = Math.max(thinnest, isLit ? 4 : isNow ? 3.5 : stroke.width);
    context.stroke(way);
    context.fill(head);
  }

  far(words: FarWords): void {
    const { x, y, text, size, anchor } = words;
    this.draw({ kind: "words", x, y, text, style: { size, anchor, bold: true } });
  }

  sign({ x, y, width }: Rectangle, sign: keyof typeof signs, size: number): void {
    const context = this.#context;
    const wrong = sign === "cross";
    context.save();
    context.translate(x + width + 3, y - 2);
    context.scale(size, size);
    this.draw({
      kind: "circle",
      x: 0,
      y: 0,
      radius: 8,
      fill: "panel",
      stroke: wrong ? "negative" : "edge",
    });
    context.strokeStyle = this.#color(wrong ? "negative" : "ink");
    context.lineWidth = wrong ? 2 : 1.5;
    context.stroke(new Path2D(signs[sign]));
    context.restore();
  }

  ring({ x, y, width, height }: Rectangle, role: Role, dashes: number[], scale: number): void {
    const context = this.#context;
    context.beginPath();
    context.roundRect(x - 4, y - 4, width + 8, height + 8, 9);
    context.setLineDash(dashes.map((dash) => dash / scale));
    context.lineWidth = 2.5 / scale;
    context.strokeStyle = this.#color(role);
    context.stroke();
    context.setLineDash([]);
  }
}

/** What is not computed yet: its words are paler, but still to be read. */
const paler = (shape: Shape): Shape =>
  shape.kind === "words" ? { ...shape, style: { ...shape.style, role: "faint" } } : shape;

/** A box too small for a line around it: all of it has that colour. */
const filled = (shape: Shape & { kind: "box" }): Shape => ({ ...shape, fill: shape.stroke });

/** The box of a node with what its state says; the colours are those of graph.css. */
function marked(shape: Shape & { kind: "box" }, state: string): Shape & { kind: "box" } {
  if (has(state, "wrong")) return { ...shape, stroke: "negative", strokeWidth: 3 };
  if (has(state, "path")) return { ...shape, stroke: "series-4", strokeWidth: 3.5 };
  const isGoal = has(state, "to") || has(state, "computes");
  if (!isGoal && !has(state, "from")) return shape;
  const fill = isGoal ? "parameter" : shape.fill;
  return { ...shape, fill, stroke: "parameter-line", strokeWidth: 3 };
}

const has = (state: string, word: string): boolean => ` ${state} `.includes(` ${word} `);

/** Is it what the walk is at? */
const isAtWork = (state: string): boolean =>
  ["forward", "backward", "path"].some((word) => has(state, word));

function around(route: readonly (readonly [number, number])[]): Rectangle {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of route) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { x: left - 4, y: top - 4, width: right - left + 8, height: bottom - top + 8 };
}

const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;

/** Is the page dark here? */
function isDark(element: Element): boolean {
  const { colorScheme } = getComputedStyle(element);
  if (colorScheme === "dark" || colorScheme === "light") return colorScheme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

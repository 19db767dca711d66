/**
 * The picture of a folded graph as SVG, made once and then changed in place. Read reading.ts first.
 */

import { cardShapes } from "../../dist/draw/card.js";
import { arrowhead, pathOf } from "../../dist/draw/edge.js";
import { frameShapes } from "../../dist/draw/frame.js";
import type { Edge } from "../../dist/draw/scene.js";
import type { Rectangle } from "../../dist/draw/shapes.js";
import { shapeSVG } from "../../dist/draw/shapes.js";
import { coordinate, escapeText, textAt } from "../../dist/draw/svg.js";
import { type FarWords, farWords, frameWords } from "./far.ts";
import { type FoldedGraph, isClosed, type Target } from "./folded-graph.ts";
import type { BoxReading, LineReading } from "./reading.ts";
import { type Rings, type Stage, touches } from "./stage.ts";
import type { View } from "./view.ts";

/** A box in the page: what of it changes. */
interface Box {
  readonly element: SVGGElement;
  readonly data: Text | undefined;
  readonly gradient: Text | undefined;
  /** What is read from afar, if that is the number. */
  readonly far: Text | undefined;
  /** The sign that it is wrong, in the page while it is. */
  readonly wrong: SVGGElement;
  state: string;
}

/** A line in the page. */
interface Line {
  readonly element: SVGGElement;
  readonly way: SVGPathElement;
  readonly head: SVGPathElement;
  look: string;
  state: string;
}

export class SVGStage implements Stage {
  readonly element = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  #world = this.element;
  #boxes: Box[] = [];
  #lines: Line[] = [];
  #ends: readonly Edge[] = [];
  /** The lines to and from the box that is pointed at. */
  #near: readonly Line[] = [];
  #elements = new Map<string, SVGGElement>();
  #rings: { selected?: Element; focused?: Element } = {};
  /** The element of the selected box. */
  #current: SVGElement | undefined;

  constructor() {
    this.element.setAttribute("class", "cr-picture graph-picture");
    this.element.setAttribute("role", "group");
    this.element.setAttribute("font-family", "system-ui, sans-serif");
  }

  build(folded: FoldedGraph, label: string): void {
    const { scene, layout, faces } = folded;
    const frames = scene.groups.map((_, i) => frameHTML(folded, scene.groups.length - 1 - i));
    const lines = layout.routes.map(
      (route, i) =>
        `<g data-edge="${i}"><path d="${pathOf(route)}"/><path d="${arrowhead(route)}"/></g>`,
    );
    const boxes = scene.items.map((item, i) => {
      const at = layout.items[i];
      const numbers = item.node === undefined ? "" : "–";
      const card = { ...faces[i], data: numbers, gradient: numbers, marked: false };
      const shapes = cardShapes(item, card, at).map(shapeSVG).join("");
      const opens = isClosed(item) ? ` aria-expanded="false"` : "";
      const sign = isClosed(item) ? signHTML(at, item.key === "others" ? NEXT : PLUS) : "";
      const far = farHTML(farWords(item, faces[i], at, LONGEST));
      return `<g data-item="${i}" data-key="${escapeText(item.key)}" role="button" tabindex="-1"${opens}>${shapes}${sign}${far}</g>`;
    });
    this.element.setAttribute("aria-label", label);
    const rings = ["selected", "focused"].map(
      (name) => `<rect class="graph-ring" data-ring="${name}" rx="9" visibility="hidden"/>`,
    );
    this.element.innerHTML = `<g class="graph-world">${frames.join("")}<g class="graph-edges">${lines.join("")}</g>${boxes.join("")}${rings.join("")}</g>`;
    this.#world = this.element.querySelector("g.graph-world") ?? this.element;

    this.#boxes = [...this.element.querySelectorAll<SVGGElement>("[data-item]")].map((element) => {
      const texts = [...element.querySelectorAll<SVGTextElement>("text:not(.graph-far)")];
      const item = scene.items[Number(element.dataset.item)];
      const face = faces[Number(element.dataset.item)];
      const far = element.querySelector(".graph-far");
      const textOf = (place: number): Text | undefined =>
        item.node === undefined ? undefined : textIn(texts.at(place));
      return {
        element,
        data: textOf(face.words ? -3 : -2),
        gradient: textOf(-1),
        far: face.operation === "" && face.label === "" ? textIn(far) : undefined,
        wrong: crossAt(layout.items[Number(element.dataset.item)]),
        state: "",
      };
    });
    this.#lines = [...this.element.querySelectorAll<SVGGElement>("[data-edge]")].map((element) => {
      const [way, head] = element.querySelectorAll("path");
      return { element, way, head, look: "", state: "" };
    });
    this.#ends = scene.edges;
    this.#near = [];
    this.element.removeAttribute("data-pointing");
    this.#elements = new Map();
    for (const element of this.element.querySelectorAll<SVGGElement>("[data-key]")) {
      this.#elements.set(element.dataset.key ?? "", element);
    }
    const ring = (name: string) => this.element.querySelector(`[data-ring="${name}"]`) ?? undefined;
    this.#rings = { selected: ring("selected"), focused: ring("focused") };
  }

  show(boxes: readonly BoxReading[], lines: readonly LineReading[]): void {
    boxes.forEach(({ data, gradient, state }, i) => {
      const box = this.#boxes[i];
      if (box.data !== undefined && box.data.data !== data) {
        box.data.data = data;
        if (box.far !== undefined) box.far.data = data;
      }
      if (box.gradient !== undefined && box.gradient.data !== gradient)
        box.gradient.data = gradient;
      if (box.state === state) return;
      box.state = state;
      box.element.dataset.state = state;
      const isWrong = state.split(" ").includes("wrong");
      if (isWrong === (box.wrong.parentNode !== null)) return;
      if (isWrong) box.element.append(box.wrong);
      else box.wrong.remove();
    });
    lines.forEach(({ stroke, state }, i) => {
      const line = this.#lines[i];
      const look = `${stroke.role} ${coordinate(stroke.width)}`;
      if (line.look !== look) {
        line.look = look;
        line.way.setAttribute("class", `cr-stroke-${stroke.role}`);
        line.way.setAttribute("stroke-width", coordinate(stroke.width));
        line.head.setAttribute("class", `cr-fill-${stroke.role}`);
      }
      if (line.state === state) return;
      line.state = state;
      line.element.dataset.state = state;
    });
  }

  place({ x, y, scale }: View, isFar: boolean): void {
    this.#world.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
    this.element.toggleAttribute("data-far", isFar);
  }

  ring({ selected, focused }: Rings): void {
    const current = selected && this.elementOf(selected);
    if (current !== this.#current) {
      this.#current?.removeAttribute("aria-current");
      current?.setAttribute("aria-current", "true");
      this.#current = current;
    }
    for (const [name, target] of Object.entries({ selected, focused })) {
      const ring = this.#rings[name as keyof Rings];
      if (ring === undefined) continue;
      ring.setAttribute("visibility", target === undefined ? "hidden" : "visible");
      if (target === undefined) continue;
      const { x, y, width, height } = target.at;
      const gap = 4;
      ring.setAttribute("x", coordinate(x - gap));
      ring.setAttribute("y", coordinate(y - gap));
      ring.setAttribute("width", coordinate(width + 2 * gap));
      ring.setAttribute("height", coordinate(height + 2 * gap));
    }
  }

  hover(target: Target | undefined): void {
    for (const line of this.#near) line.element.removeAttribute("data-near");
    const item = target?.item;
    this.#near =
      item === undefined ? [] : this.#lines.filter((_, i) => touches(this.#ends[i], item));
    for (const line of this.#near) line.element.setAttribute("data-near", "");
    this.element.toggleAttribute("data-pointing", this.#near.length > 0);
  }

  elementOf({ key }: Target): SVGElement | undefined {
    return this.#elements.get(key);
  }

  targetOf(event: Event, folded: FoldedGraph): Target | undefined {
    const { target } = event;
    if (!(target instanceof Element)) return undefined;
    const key = target.closest<SVGElement>("[data-key]")?.dataset.key;
    return key === undefined ? undefined : folded.targets.get(key);
  }

  remove(): void {
    this.element.remove();
  }
}

const textIn = (element: Element | null | undefined): Text | undefined =>
  element?.firstChild instanceof Text ? element.firstChild : undefined;

function frameHTML({ scene, layout }: FoldedGraph, i: number): string {
  const group = scene.groups[i];
  const at = layout.groups[i];
  const [box, ...rest] = frameShapes(group, at).map(shapeSVG);
  const far = farHTML(frameWords(group.title, at));
  if (group.kind === "point") return `<g class="graph-frame">${box}${rest.join("")}${far}</g>`;
  const strip = `<rect class="graph-strip" x="${coordinate(at.x)}" y="${coordinate(at.y)}" width="${coordinate(at.width)}" height="22" rx="8"/>`;
  return (
    `<g class="graph-frame">${box}<g data-key="${escapeText(group.key)}" role="button" tabindex="-1" ` +
    `aria-expanded="true">${strip}${rest.join("")}${far}${signHTML(at, MINUS)}</g></g>`
  );
}

/** The room that the number of a leaf without a name gets when seen from afar. */
const LONGEST = "-000.0000";

const PLUS = "M-4 0h8M0 -4v8";
const MINUS = "M-4 0h8";
const NEXT = "M-2 -4l4 4l-4 4";

/** A sign in the corner: what a click does. */
const signHTML = ({ x, y, width }: Rectangle, path: string): string =>
  `<g class="graph-sign" transform="translate(${coordinate(x + width + 3)} ${coordinate(y - 2)})">` +
  `<circle r="8"/><path d="${path}"/></g>`;

/** The sign of what is wrong, which is not its colour alone. */
function crossAt({ x, y }: Rectangle): SVGGElement {
  const sign = document.createElementNS("http://www.w3.org/2000/svg", "g");
  sign.setAttribute("class", "graph-sign is-wrong");
  sign.setAttribute("transform", `translate(${coordinate(x - 1)} ${coordinate(y - 1)})`);
  sign.innerHTML = '<title>wrong</title><circle r="8"/><path d="M-3 -3l6 6M3 -3l-6 6"/>';
  return sign;
}

/** The words that are read from afar. */
const farHTML = (words: FarWords): string =>
  textAt(words.x, words.y, words.text, {
    size: Math.round(words.size * 10) / 10,
    bold: true,
    anchor: words.anchor,
  }).replace('class="', 'class="graph-far ');

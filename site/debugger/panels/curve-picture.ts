/**
 * The picture of a curve with its tangent and the coming step. Read loss-curve.ts and
 * src/draw/axis.ts first.
 */

import { shownNumber } from "chainrule/explain";
import { line } from "d3-shape";
import { type Axis, axisOf } from "../../../dist/draw/axis.js";
import { shorten } from "../../../dist/draw/svg.js";
import type { CurveStep, LossCurve } from "./loss-curve.ts";

const HEIGHT = 260;
const LEAST = 260; // pixels across
const EDGE = 14;

/** What the picture says in words, and where its parts are. */
export interface CurveLook {
  readonly curve: LossCurve;
  /** The coming step; undefined for a node that is not trained. */
  readonly step: CurveStep | undefined;
  readonly names: { readonly node: string; readonly output: string };
  /** What those hear who do not see it. */
  readonly description: string;
}

/** The picture; it is made once, and drawn anew whenever something has changed. */
export class CurvePicture {
  readonly element = svg("svg", {
    class: "curve-picture",
    role: "img",
    "aria-label": "The curve is not drawn yet",
    height: String(HEIGHT),
  });
  /** The end of the step's arrow, to be dragged. */
  readonly handle = svg("circle", { class: "curve-handle", r: "14" });
  readonly #parts = svg("g", {});
  #x: Axis | undefined;

  constructor() {
    this.element.append(this.#parts, this.handle);
  }

  draw({ curve, step, names, description }: CurveLook): void {
    const width = Math.max(LEAST, Math.round(this.element.parentElement?.clientWidth ?? LEAST));
    this.element.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.element.setAttribute("width", String(width));
    this.element.setAttribute("aria-label", description);

    // 1. The axes: y first, whose texts decide where x begins.
    const [top, bottom] = [34, HEIGHT - 44];
    const rows = { direction: "up", padding: 0.06, round: true } as const;
    const y = axisOf(heights(curve, step), {}, rows, [bottom, top], [0, HEIGHT]);
    const widest = Math.max(0, ...y.ticks.map(({ text }) => text.length));
    const [left, right] = [EDGE + 7.5 * widest + 8, width - EDGE];
    const columns = { direction: "across" } as const;
    const x = axisOf([], { domain: curve.domain }, columns, [left, right], [4, width - 4]);
    this.#x = x;
    const box = { left, right, top, bottom };

    // 2. What is drawn, the hindmost first.
    const parts = [
      grid(x, y, box),
      text(EDGE, 18, shorten(names.output, width / 2), "curve-label"),
      text(right, HEIGHT - 6, shorten(names.node, width - 40), "curve-label end"),
      inside(box, [
        path("curve-line", curveLine(curve, x, y)),
        path("curve-tangent", tangentLine(curve, x, y)),
      ]),
    ];
    const at = [x.place(curve.at), y.place(curve.loss)] as const;
    this.handle.toggleAttribute("hidden", step === undefined);
    if (step !== undefined) {
      const isDown = step.loss <= curve.loss;
      const tip = clamp(x.place(step.to), left - 6, right + 6);
      const there = clamp(y.place(step.loss), top - 6, bottom + 6);
      const state = isDown ? "falls" : "rises";
      parts.push(path("curve-step", arrow(at[0], tip, at[1])));
      if (isWithin(curve.domain, step.to) && !Number.isNaN(there)) {
        parts.push(
          path("curve-drop", `M${tip} ${at[1]}V${there}`, state),
          dot(tip, there, "curve-there", state),
        );
      }
      this.handle.setAttribute("cx", String(tip));
      this.handle.setAttribute("cy", String(at[1]));
    }
    parts.push(dot(...at, "curve-here"));
    const slope = `slope ${shownNumber(curve.slope)}`;
    parts.push(text(right, 18, slope, "curve-slope end"));
    this.#parts.replaceChildren(...parts);
  }

  /** The number on the x axis at a place of the screen. */
  numberAt(clientX: number): number {
    const { left, width } = this.element.getBoundingClientRect();
    const across = this.element.viewBox.baseVal.width / width;
    return this.#x?.at((clientX - left) * across) ?? Number.NaN;
  }
}

/**
 * The numbers that the y axis has to show. A curve that shoots up is cut off, so that the valley
 * stays to be seen.
 */
function heights({ loss, ys, domain }: LossCurve, step: CurveStep | undefined): number[] {
  const finite = ys.filter(Number.isFinite);
  const lowest = Math.min(loss, ...finite);
  const depth = loss - lowest;
  const most = depth > 0 ? loss + 4 * depth : Infinity;
  const isSeen = step !== undefined && isWithin(domain, step.to) && step.loss <= loss + 8 * depth;
  const there = isSeen ? [step.loss] : [];
  return [loss, lowest, Math.min(Math.max(loss, ...finite), most), ...there].filter(
    Number.isFinite,
  );
}

function curveLine({ xs, ys }: LossCurve, x: Axis, y: Axis): string {
  const draw = line<number>()
    .defined((i) => Number.isFinite(ys[i]))
    .x((i) => x.place(xs[i]))
    .y((i) => y.place(ys[i]))
    .digits(1);
  return draw(xs.map((_, i) => i)) ?? "";
}

/** The tangent from one side of the picture to the other, or from top to bottom if it is steep. */
function tangentLine({ at, loss, slope, domain }: LossCurve, x: Axis, y: Axis): string {
  const height = y.domain[1] - y.domain[0];
  const reach = Math.min(
    domain[1] - domain[0],
    slope === 0 ? Infinity : (2 * height) / Math.abs(slope),
  );
  const end = (side: number) =>
    `${x.place(at + side * reach)} ${y.place(loss + side * reach * slope)}`;
  return `M${end(-1)}L${end(1)}`;
}

/** An arrow along a line across; too short a one has no head. */
function arrow(from: number, to: number, y: number): string {
  const way = Math.sign(to - from);
  const head = Math.min(8, Math.abs(to - from));
  const back = to - way * head;
  return `M${from} ${y}H${to}M${back} ${y - head / 2}L${to} ${y}L${back} ${y + head / 2}`;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function grid(x: Axis, y: Axis, { left, right, top, bottom }: Box): SVGElement {
  const lines = [
    ...x.ticks.map(({ at }) => `M${at} ${top}V${bottom}`),
    ...y.ticks.map(({ at }) => `M${left} ${at}H${right}`),
  ];
  const group = svg("g", {});
  group.append(
    path("curve-grid", lines.join("")),
    path("curve-axes", `M${left} ${top}V${bottom}H${right}`),
    ...x.ticks.map((tick) => text(tick.textAt, bottom + 17, tick.text, "curve-tick middle")),
    ...y.ticks.map((tick) => text(left - 7, tick.at + 4, tick.text, "curve-tick end")),
  );
  return group;
}

/** An inner picture shows nothing outside of itself. */
function inside({ left, right, top, bottom }: Box, parts: readonly SVGElement[]): SVGElement {
  const [width, height] = [right - left, bottom - top].map((size) => Math.max(1, size));
  const inner = svg("svg", {
    x: String(left),
    y: String(top),
    width: String(width),
    height: String(height),
    viewBox: `${left} ${top} ${width} ${height}`,
  });
  inner.append(...parts);
  return inner;
}

function path(role: string, d: string, state = ""): SVGElement {
  return svg("path", { class: role, d, ...(state === "" ? {} : { "data-state": state }) });
}

function dot(x: number, y: number, role: string, state = ""): SVGElement {
  const place = { cx: String(x), cy: String(y), r: "5.5" };
  return svg("circle", { class: role, ...place, ...(state === "" ? {} : { "data-state": state }) });
}

function text(x: number, y: number, content: string, role: string): SVGElement {
  const element = svg("text", { class: role, x: String(x), y: String(y) });
  element.textContent = content;
  return element;
}

function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>>,
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** Does a picture with this domain show the number? */
export const isWithin = ([from, to]: readonly [number, number], x: number): boolean =>
  x >= from && x <= to;

const clamp = (x: number, low: number, high: number): number => Math.max(low, Math.min(x, high));

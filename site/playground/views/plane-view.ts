/**
 * The plane: what the network says everywhere as a heat-map, the zero line, the points, and how they are edited.
 * With one input it is a curve, with the points' distances from it. Read predictor.ts, frame.ts, points.ts and
 * zero-line.ts first.
 */

import type { DataSet } from "chainrule";
import { onThemeChange } from "../../cells/theme.ts";
import { announce } from "../../shell/announce.ts";
import { addressOf, type Place, placeOf } from "./addresses.ts";
import { cssColor } from "./colors.ts";
import { Frame } from "./frame.ts";
import { HeatMap, scaleOf } from "./heat-map.ts";
import { Pace } from "./pace.ts";
import { COARSE, FINE, Plane, type Range, rangesOf } from "./plane.ts";
import { inputName, planeText, pointText } from "./plane-words.ts";
import { Points, type ShownPoint, shapes } from "./points.ts";
import type { Predictor } from "./predictor.ts";
import { SliceChoice } from "./slice.ts";
import { SlowText } from "./slow-text.ts";
import { count, html, nextId, numberText, setAll, shortText, svg, ticks } from "./text.ts";
import { zeroLine } from "./zero-line.ts";

/** What the plane shows. */
export interface PlaneLook {
  /** What is trained on now. */
  readonly data: DataSet;
  /** Points that are only measured: hollow. */
  readonly heldOut: DataSet | undefined;
  /** The network, with the weights of this moment. */
  readonly predictor: Predictor;
  /** Does the network rest, so that there is time for a finer map? */
  readonly fine: boolean;
  /** The number of the point that is selected. */
  readonly selectedPoint: number | undefined;
  /** The address of a neuron to look at instead of the network's output, "layers.0.neurons.2"; or of its parameter. */
  readonly neuron?: string | undefined;
}

/** Where a point is that the reader moves, until `show` brings it there. */
interface Moved {
  readonly index: number;
  readonly x: readonly number[];
  readonly target: number;
  /** The time until which an answer is waited for. */
  readonly until: number;
}

const SHARE = 0.3; // of the time, for the map
const REST = 150; // ms without a change until the finer map is drawn
const LONGEST = 80; // ms that a finer map may take
const PATIENCE = 1000; // ms until what the reader asked for has been refused
const NEAR = { mouse: 9, touch: 20 }; // pixels from a point that are still on it
const RING = "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0z";
const LEAST = 200; // pixels of width, also where there is no room
const MARGIN = { left: 40, right: 10, top: 10, bottom: 26 };

/**
 * Events that bubble from `element`:
 *
 * - `point-add` { x, target }, `point-move` { index, x, target }, `point-delete` { index }: the reader asks for
 *   a change of the data; it is seen when `show` brings it
 * - `point-select` { index }: undefined for none
 * - `plane-change` { plane }: another slice of three inputs is looked at
 */
export class PlaneView {
  readonly element = html("div", {
    class: "plane-view",
    role: "group",
    "aria-label": "Data and output",
  });
  readonly #map = new HeatMap();
  readonly #axes = svg("g", { class: "axes", "aria-hidden": "true" });
  readonly #line = svg("path", { class: "zero-line" });
  readonly #curve = svg("path", { class: "curve" });
  readonly #residuals = svg("path", { class: "residuals" });
  readonly #rings = svg("path", { class: "rings" });
  readonly #points = new Points();
  readonly #cross = svg("path", { class: "cross" });
  readonly #picture = svg("svg");
  readonly #crosshair = html("div", { class: "crosshair", tabindex: 0, role: "application" });
  readonly #stage = html("div", { class: "stage" });
  readonly #slice = new SliceChoice((plane) => this.#look(plane));
  readonly #legend = html("div", { class: "legend" });
  readonly #name = html("span"); // of what the colours mean
  readonly #low = html("span");
  readonly #high = html("span");
  readonly #readOut = html("p", { class: "read-out" });
  readonly #tools = html("div", { class: "tools" });
  readonly #words = html("p", { class: "visually-hidden", id: nextId() });
  readonly #description = new SlowText(this.#words);
  readonly #pace = new Pace(() => this.#drawMap(COARSE), SHARE);

  #plane: Plane | undefined;
  #frame: Frame | undefined;
  #shown: PlaneLook | undefined;
  #weights: ArrayLike<number> | undefined; // those that the map shows, or soon will
  #rest: ReturnType<typeof setTimeout> | undefined;
  #moved: Moved | undefined;
  #targets: Range = [-1, 1];
  readonly #columns = new WeakMap<DataSet, Float64Array[]>(); // the inputs of all points, by input
  #sort = ""; // which tools and legend are there
  /** The class of a new point, or its target where there are no classes. */
  #newTarget = 1;
  #crossAt: [across: number, up: number] = [0.5, 0.5];
  #pointed: [x: number, y: number] | undefined;

  constructor() {
    const { canvas } = this.#map;
    setAll(canvas, {
      role: "img",
      "aria-label": "Map of the network's output",
      "aria-describedby": this.#words.id,
    });
    this.#picture.append(this.#axes, this.#line, this.#residuals, this.#rings);
    this.#picture.append(this.#points.group, this.#curve, this.#cross);
    this.#stage.append(canvas, this.#picture, this.#crosshair);
    this.element.append(
      this.#slice.element,
      this.#stage,
      this.#readOut,
      this.#legend,
      this.#tools,
      this.#words,
    );
    new ResizeObserver(() => this.#resize()).observe(this.#stage);
    onThemeChange(() => this.#redraw());
    this.#followPointer();
    this.#followKeys();
  }

  /** Where it looks; undefined before the first `show`. The network's view shows the same. */
  get plane(): Plane | undefined {
    return this.#plane;
  }

  /** Looks at another slice, as one that a link says. */
  set plane(plane: Plane | undefined) {
    this.#plane = plane;
    this.#frame = undefined;
    this.#weights = undefined;
    if (this.#shown !== undefined) this.show(this.#shown);
  }

  show(look: PlaneLook): void {
    const before = this.#shown;
    const { predictor } = look;
    // Data that came from a worker are others each time, and mostly the same.
    const data = kept(before?.data, look.data);
    const heldOut = kept(before?.heldOut, look.heldOut);
    this.#shown = { ...look, data, heldOut };
    const hasCome = this.#moved !== undefined && this.#hasCome(this.#moved);
    if (hasCome) this.#moved = undefined;
    const isNew = before?.data !== data || before.heldOut !== heldOut;
    if (isNew || hasCome || this.#plane === undefined) this.#takeData(before);
    if (this.#frame === undefined) this.#setFrame();
    if (isNew || hasCome || before.selectedPoint !== look.selectedPoint) this.#drawPoints();
    const isOther = before?.predictor !== predictor || before.neuron !== look.neuron;
    if (this.#weights !== predictor.weights || isOther) {
      this.#weights = predictor.weights;
      this.#pace.ask();
      this.#restLater();
    } else if (look.fine !== before?.fine) this.#restLater();
  }

  // ---- Data and places -------------------------------------------------------------------------

  /** Looks where the points are; a point more, moved or deleted does not make the picture jump. */
  #takeData(before: PlaneLook | undefined): void {
    const { data, heldOut, predictor } = this.#shown!; // show has set it
    const inputs = predictor.sizes[0];
    const all = [...data.inputs, ...(heldOut?.inputs ?? [])];
    const isEdit =
      before !== undefined && this.#plane?.ranges.length === inputs && isOneEdit(before.data, data);
    const ranges = rangesOf(all, inputs);
    const plane = this.#plane;
    const isInside =
      isEdit && all.every((x) => x.every((number, i) => within(number, plane!.ranges[i])));
    if (!isInside && this.#moved === undefined) {
      const first = data.inputs[0] ?? new Array<number>(inputs).fill(0);
      const held = isEdit ? plane!.held : first; // an edit has a plane
      const [across, up] = isEdit ? [plane!.across, plane!.up] : [0, inputs === 1 ? 0 : 1];
      this.#plane = new Plane(ranges, across, up, held);
      this.#weights = undefined;
      this.#frame = undefined;
    }
    const targets = [...data.targets, ...(heldOut?.targets ?? [])].map(([target]) => target);
    if (!isEdit || targets.some((target) => !within(target, this.#targets))) {
      const [low, high] = data.task === "sign" ? [-1, 1] : [min(targets, -1), max(targets, 1)];
      const margin = (high - low) * 0.3 || 1;
      this.#targets = [low - margin, high + margin];
      this.#frame = undefined;
    }
    this.#build();
  }

  /** Has the data what the reader asked for, or has it been refused? */
  #hasCome({ index, x, target, until }: Moved): boolean {
    const { data } = this.#shown!; // show has set it
    const come =
      data.inputs[index]?.every((number, i) => number === x[i]) &&
      data.targets[index][0] === target;
    return this.#dragging === undefined && (come || performance.now() > until);
  }

  #look(plane: Plane): void {
    this.plane = plane;
    this.element.dispatchEvent(
      new CustomEvent("plane-change", { detail: { plane }, bubbles: true }),
    );
  }

  /** Makes the frame for the present size and plane, and draws into it what does not change with the weights. */
  #setFrame(): void {
    const plane = this.#plane!; // #takeData has set it
    const width = Math.max(LEAST, this.#stage.clientWidth);
    const inner = width - MARGIN.left - MARGIN.right;
    const height = plane.isLine ? Math.round(inner * 0.7) : inner;
    const frame = new Frame(plane, this.#targets, {
      left: MARGIN.left,
      top: MARGIN.top,
      width: inner,
      height,
    });
    const total = height + MARGIN.top + MARGIN.bottom;
    setAll(this.#picture, { viewBox: `0 0 ${width} ${total}`, width, height: total });
    const { canvas } = this.#map;
    for (const element of [canvas, this.#crosshair]) {
      element.style.left = `${frame.left}px`;
      element.style.top = `${frame.top}px`;
      element.style.width = `${inner}px`;
      element.style.height = `${height}px`;
    }
    canvas.classList.toggle("is-line", plane.isLine);
    this.#slice.show(plane);
    this.#drawAxes(frame);
    this.#frame = frame;
    this.#drawPoints();
  }

  #resize(): void {
    const { clientWidth } = this.#stage;
    if (this.#shown === undefined || clientWidth === 0) return; // it is not to be seen
    const width = Math.max(LEAST, clientWidth) - MARGIN.left - MARGIN.right;
    if (this.#frame?.width === width) return;
    this.#frame = undefined;
    this.#weights = undefined;
    this.show(this.#shown);
  }

  #redraw(): void {
    if (this.#shown === undefined) return;
    this.#sort = "";
    this.#build();
    this.#weights = undefined;
    this.show(this.#shown);
  }

  // ---- The picture -----------------------------------------------------------------------------

  /** The target that has the full colour. */
  get #scale(): number {
    const { data } = this.#shown!; // asked for by show alone
    if (data.task === "sign") return 1;
    return Math.max(...this.#targets.map(Math.abs)) / 1.3 || 1;
  }

  /** The neuron that is looked at; undefined for the network's output. */
  get #neuron(): Place | undefined {
    const { neuron, predictor } = this.#shown!; // asked for after show
    const place = placeOf(neuron, predictor.sizes);
    return place?.layer === predictor.sizes.length - 2 ? undefined : place;
  }

  get #nameOfNeuron(): string {
    const neuron = this.#neuron;
    return neuron === undefined ? "output" : addressOf({ ...neuron, input: undefined });
  }

  #drawMap(size: number): void {
    if (this.#shown === undefined || this.#frame === undefined) return;
    const { predictor, data } = this.#shown;
    const frame = this.#frame;
    const cells = frame.plane.isLine ? 4 * size : size;
    const layers = predictor.over(frame.plane.grid(cells));
    const neuron = this.#neuron;
    const outputs =
      neuron === undefined ? layers[layers.length - 1][0] : layers[neuron.layer][neuron.neuron];
    const scale = neuron === undefined ? this.#scale : scaleOf(outputs);
    this.#name.textContent = this.#nameOfNeuron;
    this.#low.textContent = shortText(-scale);
    this.#high.textContent = shortText(scale);
    if (frame.plane.isLine) {
      this.#curve.setAttribute("d", curvePath(outputs, frame));
      this.#line.setAttribute("d", "");
      const y = frame.pixelUp(0).toFixed(1);
      if (within(0, frame.targets)) {
        this.#line.setAttribute("d", `M${frame.left} ${y}H${frame.left + frame.width}`);
      }
    } else {
      this.#map.paint(outputs, cells, scale);
      this.#curve.setAttribute("d", "");
      this.#line.setAttribute("d", zeroLine(outputs, cells, frame));
    }
    this.#drawErrors();
    this.#say();
    const { plane } = frame;
    this.#description.set(() => {
      const right = data.task === "sign" ? ` ${this.#rightText()}` : "";
      return planeText(this.#nameOfNeuron, plane, outputs, cells) + right;
    });
  }

  /** When nothing has changed for a moment, the map is drawn as fine as there is time for. */
  #restLater(): void {
    clearTimeout(this.#rest);
    if (!this.#shown?.fine) return;
    this.#rest = setTimeout(() => {
      if (!this.#shown?.fine || this.#frame === undefined) return;
      const start = performance.now();
      this.#shown.predictor.weights = this.#shown.predictor.weights; // to be computed, not remembered
      this.#drawMap(COARSE);
      const cost = performance.now() - start;
      const size = Math.min(FINE, Math.floor(COARSE * Math.sqrt(LONGEST / Math.max(cost, 0.1))));
      this.#drawMap(Math.max(COARSE, size));
    }, REST);
  }

  #drawPoints(): void {
    const { data, heldOut, selectedPoint } = this.#shown!; // show has set it
    const trained = data.inputs.map((x, i) => this.#shownPoint(x, data.targets[i][0], i));
    const held = heldOut?.inputs.map((x, i) => this.#shownPoint(x, heldOut.targets[i][0])) ?? [];
    this.#points.draw(trained, held, selectedPoint);
    for (const button of this.#tools.querySelectorAll("button")) {
      button.disabled = selectedPoint === undefined;
    }
  }

  #shownPoint(given: readonly number[], wanted: number, index?: number): ShownPoint {
    const { data } = this.#shown!; // show has set it
    const moved = index !== undefined && this.#moved?.index === index ? this.#moved : undefined;
    const [x, target] = moved === undefined ? [given, wanted] : [moved.x, moved.target];
    const frame = this.#frame!; // show has set it
    return {
      x,
      target,
      pixel: frame.pixelOf(x, target),
      isHeldOut: index === undefined,
      color:
        data.task === "sign"
          ? undefined
          : frame.plane.isLine
            ? "var(--ink)"
            : cssColor(target / this.#scale),
      nearness: frame.plane.nearness(x),
      name:
        index === undefined
          ? ""
          : `Point ${index + 1} of ${data.inputs.length}: ${pointText(x)}, ${this.#targetText(target)}`,
    };
  }

  #targetText(target: number): string {
    const { data } = this.#shown!; // show has set it
    return `${data.task === "sign" ? "class" : "target"} ${shortText(target)}`;
  }

  /** Rings around points on the wrong side, or lines from points to the curve. */
  #drawErrors(): void {
    const { data, heldOut, predictor } = this.#shown!; // show has set it
    const frame = this.#frame!; // show has set it
    let [rings, lines] = ["", ""];
    for (const set of [data, heldOut]) {
      if (set === undefined) continue;
      const outputs = this.#outputsOf(set);
      for (const [i, given] of set.inputs.entries()) {
        const moved = set === data && this.#moved?.index === i ? this.#moved : undefined;
        const [x, target] = [moved?.x ?? given, moved?.target ?? set.targets[i][0]];
        const output = moved === undefined ? outputs[i] : predictor.at(x);
        const [left, top] = frame.pixelOf(x, target);
        if (frame.plane.isLine) {
          if (Number.isFinite(output) && this.#neuron === undefined) {
            lines += `M${left.toFixed(1)} ${top.toFixed(1)}V${frame.pixelUp(output).toFixed(1)}`;
          }
        } else if (data.task === "sign" && output > 0 !== target > 0) {
          rings += `M${(left - 8).toFixed(1)} ${top.toFixed(1)}a8 8 0 1 0 16 0a8 8 0 1 0-16 0`;
        }
      }
    }
    this.#rings.setAttribute("d", rings);
    this.#residuals.setAttribute("d", lines);
  }

  /** The network's output at each point of a set. */
  #outputsOf(set: DataSet): ArrayLike<number> {
    const { predictor } = this.#shown!; // asked for after show
    let columns = this.#columns.get(set);
    if (columns === undefined) {
      columns = Array.from({ length: predictor.sizes[0] }, (_, i) =>
        Float64Array.from(set.inputs, (x) => x[i]),
      );
      this.#columns.set(set, columns);
    }
    const layers = predictor.over(columns);
    return layers[layers.length - 1][0];
  }

  #drawAxes(frame: Frame): void {
    const { left, top, width, height } = frame;
    const [bottom, right] = [top + height, left + width];
    const texts: Element[] = [];
    const text = (x: number, y: number, anchor: string, words: string) =>
      texts.push(svg("text", { x, y, "text-anchor": anchor }, words));
    let marks = "";
    for (const number of ticks(frame.sideways, width / 70)) {
      const x = Math.round(frame.pixelAcross(number)) + 0.5;
      marks += `M${x} ${bottom}v4`;
      text(x, bottom + 17, "middle", shortText(number));
    }
    for (const number of ticks(frame.upwards, height / 60)) {
      const y = Math.round(frame.pixelUp(number)) + 0.5;
      marks += `M${left} ${y}h-4`;
      text(left - 7, y + 4, "end", shortText(number));
    }
    const { plane } = frame;
    text(right - 3, bottom - 6, "end", inputName(plane.across));
    text(left + 6, top + 15, "start", plane.isLine ? "output" : inputName(plane.up));
    for (const name of texts.slice(-2)) name.setAttribute("class", "name");
    const border = svg("rect", { x: left, y: top, width, height });
    this.#axes.replaceChildren(border, svg("path", { d: marks }), ...texts);
  }

  // ---- Legend, tools, words --------------------------------------------------------------------

  /** Builds what depends on the kind of data. */
  #build(): void {
    const { data, heldOut } = this.#shown!; // show has set it
    const isLine = this.#plane?.isLine ?? false;
    const inputs = this.#plane?.ranges.length;
    const sort = [data.task, inputs, heldOut === undefined, this.#scale].join();
    if (sort === this.#sort) return;
    this.#sort = sort;
    const isSign = data.task === "sign";
    const item = (mark: SVGElement, words: string) => html("span", { class: "item" }, mark, words);
    const mark = (look: string, d: string) => {
      const size = { viewBox: "-8 -8 16 16", width: 16, height: 16, "aria-hidden": "true" };
      return svg("svg", size, svg("path", { class: look, d }));
    };
    const items: HTMLElement[] = [];
    if (!isLine) {
      const bar = html("span", { class: "bar" });
      bar.style.background = `linear-gradient(to right, ${cssColor(-1)}, ${cssColor(0)}, ${cssColor(1)})`;
      items.push(html("span", { class: "item scale" }, this.#name, this.#low, bar, this.#high));
    }
    const { circle, square } = shapes;
    if (isSign) {
      items.push(item(mark("point positive", circle), "class 1"));
      items.push(item(mark("point negative", square), "class −1"));
    } else if (isLine) items.push(item(mark("point plain", circle), "point"));
    if (heldOut !== undefined) {
      items.push(item(mark(`point ${isSign ? "positive" : "plain"} held-out`, circle), "held out"));
    }
    if (isLine) items.push(item(mark("curve", "M-8 0h16"), "output of the network"));
    else items.push(item(mark("zero-line", "M-8 0h16"), "zero line"));
    if (isLine) items.push(item(mark("residuals", "M0-7v14"), "what is missing"));
    else if (isSign) items.push(item(mark("rings", RING), "wrong side"));
    if (inputs !== undefined && inputs > 2) {
      items.push(html("span", { class: "item" }, "small and faint: before or behind the slice"));
    }
    this.#legend.replaceChildren(...items);
    this.#tools.replaceChildren(...this.#newTools(isSign && !isLine, isLine));
    this.#crosshair.setAttribute(
      "aria-label",
      `Crosshair. Arrow keys move it, with Shift in small steps; Enter adds a point${isSign && !isLine ? ", Shift+Enter one of the other class" : ""}.`,
    );
  }

  #newTools(hasClasses: boolean, isLine: boolean): HTMLElement[] {
    const remove = html("button", { type: "button" }, "Delete point");
    remove.addEventListener("click", () => this.#remove(this.#shown?.selectedPoint));
    const turn = html("button", { type: "button" }, "Other class");
    turn.addEventListener("click", () => this.#turn(this.#shown?.selectedPoint));
    const hint = hasClasses
      ? "Click adds a point, Shift+click one of the other class; drag moves."
      : "Click adds a point; drag moves.";
    const help = html("p", { class: "how" }, hint);
    if (isLine) return [remove, help];
    if (!hasClasses) {
      const field = html("input", { type: "number", step: "any", value: this.#newTarget });
      field.addEventListener("change", () => {
        if (Number.isFinite(field.valueAsNumber)) this.#newTarget = field.valueAsNumber;
      });
      return [html("label", {}, "New points have the target ", field), remove, help];
    }
    const name = nextId();
    const choice = (target: number, mark: string) => {
      const radio = html("input", { type: "radio", name, value: target });
      radio.checked = this.#newTarget > 0 === target > 0;
      radio.addEventListener("change", () => {
        this.#newTarget = target;
      });
      const kind = target > 0 ? "positive" : "negative";
      return html(
        "label",
        {},
        radio,
        html("span", { class: kind, "aria-hidden": "true" }, mark),
        ` ${shortText(target)}`,
      );
    };
    const choices = [choice(1, "●"), choice(-1, "■")];
    this.#newTarget = this.#newTarget > 0 ? 1 : -1;
    const legend = html("legend", {}, "New points: class");
    return [html("fieldset", {}, legend, ...choices), turn, remove, help];
  }

  #rightText(): string {
    const { data, heldOut } = this.#shown!; // asked for by show alone
    const right = (set: DataSet) => {
      const outputs = this.#outputsOf(set);
      return set.targets.filter(([target], i) => outputs[i] > 0 === target > 0).length;
    };
    const held = heldOut?.inputs.length
      ? `, and ${right(heldOut)} of ${heldOut.inputs.length} held out`
      : "";
    return `${right(data)} of ${count(data.inputs.length, "point")} are on the right side${held}.`;
  }

  /** The network's output at the pointer or the crosshair, beside the picture. */
  #say(): void {
    const text = this.#textAtPointer();
    if (this.#readOut.textContent !== text) this.#readOut.textContent = text;
  }

  #textAtPointer(): string {
    if (this.#frame === undefined || this.#shown === undefined) return "";
    const focused = this.#points.indexOf(document.activeElement);
    const index = this.#pointed === undefined ? focused : this.#nearest(this.#pointed, NEAR.mouse);
    const { data } = this.#shown;
    if (index >= 0) {
      const [x, target] =
        this.#moved?.index === index
          ? [this.#moved.x, this.#moved.target]
          : [data.inputs[index], data.targets[index][0]];
      return `Point ${index + 1}: ${pointText(x)}, ${this.#targetText(target)} → ${this.#outputText(x)}`;
    }
    const pixel =
      this.#pointed ??
      (document.activeElement === this.#crosshair ? this.#crossPixel() : undefined);
    if (pixel === undefined) return "Point at the picture to read the network's output there.";
    const { x } = this.#frame.at(pixel);
    return `${pointText(x)} → ${this.#outputText(x)}`;
  }

  #outputText(x: readonly number[]): string {
    const { data, predictor } = this.#shown!; // asked for after show
    const neuron = this.#neuron;
    if (neuron !== undefined) {
      const output = predictor.layersAt(x)[neuron.layer][neuron.neuron];
      return `${this.#nameOfNeuron} ${numberText(output)}`;
    }
    const output = predictor.at(x);
    const side = data.task !== "sign" ? "" : output > 0 ? " (class 1)" : " (class −1)";
    return `output ${numberText(output)}${Number.isNaN(output) ? "" : side}`;
  }

  // ---- Editing ---------------------------------------------------------------------------------

  #dragging: number | undefined; // the number of the point

  #emit(name: string, detail: object): void {
    this.element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  /** The number of the nearest point that is no farther than so many pixels; -1 if there is none. */
  #nearest([left, top]: readonly [number, number], most: number): number {
    const { data } = this.#shown!; // asked for after show
    let [best, found] = [most, -1];
    for (const [i, x] of data.inputs.entries()) {
      const point = this.#shownPointPixel(x, data.targets[i][0], i);
      const distance = Math.hypot(point[0] - left, point[1] - top);
      if (distance <= best) [best, found] = [distance, i];
    }
    return found;
  }

  #shownPointPixel(x: readonly number[], target: number, index: number): [number, number] {
    const moved = this.#moved?.index === index ? this.#moved : undefined;
    return this.#frame!.pixelOf(moved?.x ?? x, moved?.target ?? target); // asked for after show
  }

  #add(pixel: readonly [number, number], isOther: boolean): void {
    const { data } = this.#shown!; // asked for after show
    const { x, target } = this.#frame!.at(pixel); // asked for after show
    const wanted =
      this.#frame!.plane.isLine && data.task !== "sign"
        ? target
        : data.task === "sign"
          ? (this.#frame!.plane.isLine ? target > 0 : this.#newTarget > 0) !== isOther
            ? 1
            : -1
          : this.#newTarget;
    const rounded = x.map(rounder(this.#plane!));
    this.#emit("point-add", { x: rounded, target: rounder(this.#plane!)(wanted) });
    announce(`Point added: ${pointText(rounded)}, ${this.#targetText(wanted)}.`);
  }

  #move(index: number, x: readonly number[], target: number): void {
    const { data } = this.#shown!; // asked for after show
    const round = rounder(this.#plane!);
    const to = { index, x: x.map(round), target: data.task === "sign" ? target : round(target) };
    this.#moved = { ...to, until: performance.now() + PATIENCE };
    this.#drawPoints();
    this.#drawErrors();
    this.#say();
    this.#emit("point-move", to);
  }

  #remove(index: number | undefined): void {
    const { data } = this.#shown!; // asked for after show
    if (index === undefined || data.inputs[index] === undefined) return;
    this.#moved = undefined;
    this.#emit("point-delete", { index });
    announce(`Point ${index + 1} deleted.`);
  }

  /** Gives a point the other class. */
  #turn(index: number | undefined): void {
    const { data } = this.#shown!; // asked for after show
    if (index === undefined || data.inputs[index] === undefined || data.task !== "sign") return;
    const target = data.targets[index][0] > 0 ? -1 : 1;
    this.#emit("point-move", { index, x: data.inputs[index], target });
    announce(`Point ${index + 1} is now of class ${shortText(target)}.`);
  }

  #followPointer(): void {
    const picture = this.#picture;
    let down:
      | { at: [number, number]; index: number; grip: [number, number]; isDrag: boolean }
      | undefined;
    const pixelOf = ({ clientX, clientY }: PointerEvent): [number, number] => {
      const { left, top } = picture.getBoundingClientRect();
      return [clientX - left, clientY - top];
    };
    picture.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary || this.#frame === undefined) return;
      const at = pixelOf(event);
      const index = this.#nearest(at, event.pointerType === "touch" ? NEAR.touch : NEAR.mouse);
      if (index < 0 && !this.#frame.holds(at)) return;
      down = { at, index, grip: this.#gripOf(index, at), isDrag: false };
      if (index < 0) return;
      event.preventDefault();
      picture.setPointerCapture(event.pointerId);
      this.#points.focus(index);
      this.#emit("point-select", { index });
    });
    picture.addEventListener("pointermove", (event) => {
      if (this.#frame === undefined) return;
      const at = pixelOf(event);
      this.#pointed = at;
      if (down !== undefined) {
        down.isDrag ||= Math.hypot(at[0] - down.at[0], at[1] - down.at[1]) > 3;
        if (down.isDrag && down.index >= 0) {
          this.#drag(down.index, [at[0] - down.grip[0], at[1] - down.grip[1]]);
        }
      } else {
        picture.classList.toggle("on-point", this.#nearest(at, NEAR.mouse) >= 0);
      }
      if (!this.#frame.holds(at) && down === undefined) this.#pointed = undefined;
      this.#say();
    });
    const end = (event: PointerEvent) => {
      const was = down;
      down = undefined;
      this.#dragging = undefined;
      if (was === undefined || event.type !== "pointerup" || was.isDrag) return;
      if (was.index < 0) {
        this.#add(was.at, event.shiftKey);
        this.#emit("point-select", { index: undefined });
      }
    };
    picture.addEventListener("pointerup", end);
    picture.addEventListener("pointercancel", end);
    picture.addEventListener("pointerleave", () => {
      this.#pointed = undefined;
      this.#say();
    });
  }

  /** How far from a point's place in the plane it is taken. */
  #gripOf(index: number, [left, top]: readonly [number, number]): [number, number] {
    const { data } = this.#shown!; // asked for after show
    const x = data.inputs[index];
    if (x === undefined) return [0, 0];
    const [pointLeft, pointTop] = this.#frame!.pixelOf(x, data.targets[index][0]); // as above
    const depth = this.#frame!.depthOf(x);
    return [left - pointLeft + depth, top - pointTop - depth];
  }

  #drag(index: number, at: readonly [number, number]): void {
    this.#dragging = index;
    const frame = this.#frame!; // a drag begins after show
    const { data } = this.#shown!; // a drag begins after show
    const { left, top, width, height } = frame;
    const inside: [number, number] = [
      Math.max(left, Math.min(at[0], left + width)),
      Math.max(top, Math.min(at[1], top + height)),
    ];
    const to = frame.at(inside);
    const x = [...data.inputs[index]];
    x[frame.plane.across] = to.x[frame.plane.across];
    if (!frame.plane.isLine) x[frame.plane.up] = to.x[frame.plane.up];
    const old = data.targets[index][0];
    const target = !frame.plane.isLine
      ? old
      : data.task === "sign"
        ? to.target > 0
          ? 1
          : -1
        : to.target;
    this.#move(index, x, target);
  }

  #followKeys(): void {
    this.#crosshair.addEventListener("keydown", (event) => {
      const step = arrow(event);
      if (step !== undefined) {
        this.#crossAt = [
          clampShare(this.#crossAt[0] + step[0]),
          clampShare(this.#crossAt[1] + step[1]),
        ];
        this.#drawCross();
        this.#say();
        announce(this.#readOut.textContent);
      } else if (event.key === "Enter" || event.key === "Insert" || event.key === " ") {
        this.#add(this.#crossPixel(), event.shiftKey);
      } else return;
      event.preventDefault();
    });
    this.#crosshair.addEventListener("focus", () => {
      this.#drawCross();
      this.#say();
    });
    this.#crosshair.addEventListener("blur", () => {
      this.#cross.setAttribute("d", "");
      this.#say();
    });
    this.#points.group.addEventListener("focusin", () => this.#say());
    this.#points.group.addEventListener("focusout", () => this.#say());
    this.#points.group.addEventListener("keydown", (event) => {
      const index = this.#points.indexOf(event.target);
      if (index >= 0 && this.#pressedOn(index, event)) event.preventDefault();
    });
  }

  /** A key on a point. @returns whether it means something */
  #pressedOn(index: number, event: KeyboardEvent): boolean {
    const { data, selectedPoint } = this.#shown!; // points are there after show
    const step = arrow(event);
    if (step !== undefined) {
      this.#nudge(index, step);
      return true;
    }
    const last = data.inputs.length - 1;
    const next = { PageDown: index + 1, PageUp: index - 1, Home: 0, End: last }[event.key];
    if (next !== undefined) this.#points.focus(next);
    else if (event.key === "Delete" || event.key === "Backspace") this.#remove(index);
    else if (event.key === "c" && !event.ctrlKey && !event.metaKey) this.#turn(index);
    else if (event.key === "Enter" || event.key === " ") {
      this.#emit("point-select", { index: selectedPoint === index ? undefined : index });
    } else if (event.key === "Escape") this.#emit("point-select", { index: undefined });
    else return false;
    return true;
  }

  #nudge(index: number, [across, up]: readonly [number, number]): void {
    const frame = this.#frame!; // points are there after show
    const { data } = this.#shown!; // points are there after show
    const moved = this.#moved?.index === index ? this.#moved : undefined;
    const x = [...(moved?.x ?? data.inputs[index])];
    let target = moved?.target ?? data.targets[index][0];
    const [from, to] = frame.sideways;
    x[frame.plane.across] += across * (to - from);
    const [low, high] = frame.upwards;
    if (!frame.plane.isLine) x[frame.plane.up] += up * (high - low);
    else if (data.task !== "sign") target += up * (high - low);
    else if (up !== 0) target = up > 0 ? 1 : -1;
    this.#move(index, x, target);
    announce(this.#readOut.textContent);
  }

  #crossPixel(): [number, number] {
    const { left, top, width, height } = this.#frame!; // asked for after show
    return [left + this.#crossAt[0] * width, top + (1 - this.#crossAt[1]) * height];
  }

  #drawCross(): void {
    if (this.#frame === undefined) return;
    const { left, top, width, height } = this.#frame;
    const [x, y] = this.#crossPixel();
    this.#cross.setAttribute("d", `M${left} ${y}h${width}M${x} ${top}v${height}`);
  }
}

/** Steps of arrow keys, as shares of the picture. */
function arrow({
  key,
  shiftKey,
  ctrlKey,
  metaKey,
  altKey,
}: KeyboardEvent): [number, number] | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  const step = shiftKey ? 0.004 : 0.02;
  switch (key) {
    case "ArrowLeft":
      return [-step, 0];
    case "ArrowRight":
      return [step, 0];
    case "ArrowUp":
      return [0, step];
    case "ArrowDown":
      return [0, -step];
    default:
      return undefined;
  }
}

const clampShare = (share: number) => Math.max(0, Math.min(share, 1));
const within = (x: number, [from, to]: Range) => x >= from && x <= to;
const min = (numbers: readonly number[], least: number) =>
  numbers.reduce((a, b) => Math.min(a, b), least);
const max = (numbers: readonly number[], most: number) =>
  numbers.reduce((a, b) => Math.max(a, b), most);

/** Rounds to a thousandth of what is shown, so that nobody meets sixteen digits. */
function rounder(plane: Plane): (x: number) => number {
  const [from, to] = plane.ranges[plane.across];
  const digits = Math.max(0, Math.min(12, 3 - Math.floor(Math.log10(to - from))));
  return (x) => Number(x.toFixed(digits));
}

/** The set that was there before, if the other is the same. */
function kept<Set extends DataSet | undefined>(before: Set | undefined, now: Set): Set {
  if (before === undefined || now === undefined || before === now) return now;
  const isSame =
    before.task === now.task &&
    before.name === now.name &&
    before.inputs.length === now.inputs.length &&
    before.inputs.every((x, i) => areEqual(x, now.inputs[i])) &&
    before.targets.every((target, i) => areEqual(target, now.targets[i]));
  return isSame ? before : now;
}

function areEqual(x: readonly number[], y: readonly number[]): boolean {
  return x.length === y.length && x.every((number, i) => number === y[i]);
}

/** Has at most one point come, gone or changed? */
function isOneEdit(before: DataSet, after: DataSet): boolean {
  const [a, b] = [before.inputs, after.inputs];
  if (before.task !== after.task || Math.abs(a.length - b.length) > 1) return false;
  const least = Math.min(a.length, b.length);
  let front = 0;
  while (front < least && areEqual(a[front], b[front])) front += 1;
  let back = 0;
  while (back < least - front && areEqual(a[a.length - 1 - back], b[b.length - 1 - back]))
    back += 1;
  return Math.max(a.length, b.length) - front - back <= 1;
}

/** The curve of a function of one input. */
function curvePath(outputs: ArrayLike<number>, frame: Frame): string {
  let path = "";
  let isDown = false; // is the pen on the paper?
  for (let i = 0; i < outputs.length; i++) {
    if (!Number.isFinite(outputs[i])) {
      isDown = false;
      continue;
    }
    const x = frame.left + ((i + 0.5) / outputs.length) * frame.width;
    const y = Math.max(-1e4, Math.min(frame.pixelUp(outputs[i]), 1e4));
    path += `${isDown ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    isDown = true;
  }
  return path;
}

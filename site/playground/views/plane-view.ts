/**
 * The plane: what the network says everywhere as a heat-map, the zero line, the points, and how they are edited.
 * With one input it is a curve, with the points' distances from it. Read predictor.ts, frame.ts, points.ts and
 * zero-line.ts first.
 */

import type { DataSet } from "chainrule";
import { onThemeChange } from "../../cells/theme.ts";
import { addressOf, type Place, placeOf } from "./addresses.ts";
import { cssColor } from "./colors.ts";
import { isOneEdit, kept } from "./data-change.ts";
import { Frame } from "./frame.ts";
import { HeatMap, scaleOf } from "./heat-map.ts";
import { Pace } from "./pace.ts";
import { coarseSize, FINE, Plane, type Range, rangesOf } from "./plane.ts";
import { planeAxes } from "./plane-axes.ts";
import { PlaneEditor } from "./plane-editor.ts";
import { PlaneLegend } from "./plane-legend.ts";
import { PlaneTools } from "./plane-tools.ts";
import { planeText, pointText } from "./plane-words.ts";
import { Points, type ShownPoint } from "./points.ts";
import type { Predictor } from "./predictor.ts";
import { SliceChoice } from "./slice.ts";
import { SlowText } from "./slow-text.ts";
import { count, html, nextId, numberText, setAll, shortText, svg } from "./text.ts";
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

const SHARE = 0.12; // of the time, for the map
const REST = 150; // ms without a change until the finer map is drawn
const LONGEST = 80; // ms that a finer map may take
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
  readonly #picture = svg("svg");
  readonly #frameShape = svg("rect"); // nothing of the curve is drawn outside
  readonly #crosshair = html("div", {
    class: "crosshair",
    tabindex: 0,
    role: "application",
    "aria-label": "Crosshair: arrow keys move it, Enter adds a point",
  });
  readonly #stage = html("div", { class: "stage" });
  readonly #slice = new SliceChoice((plane) => this.#look(plane));
  readonly #legend = new PlaneLegend();
  readonly #readOut = html("p", { class: "read-out" });
  readonly #tools = new PlaneTools({
    remove: () => this.#editor.remove(this.#shown?.selectedPoint),
    turn: () => this.#editor.turn(this.#shown?.selectedPoint),
  });
  readonly #words = html("p", { class: "visually-hidden", id: nextId() });
  readonly #editor: PlaneEditor;
  readonly #description = new SlowText(this.#words);
  readonly #pace = new Pace(() => this.#drawMap(this.#coarse), SHARE);

  #plane: Plane | undefined;
  #frame: Frame | undefined;
  #shown: PlaneLook | undefined;
  #weights: ArrayLike<number> | undefined; // those that the map shows, or soon will
  #rest: ReturnType<typeof setTimeout> | undefined;
  #targets: Range = [-1, 1];
  readonly #columns = new WeakMap<DataSet, Float64Array[]>(); // the inputs of all points, by input
  #sort = ""; // which tools and legend are there

  constructor() {
    const { canvas } = this.#map;
    setAll(canvas, {
      role: "img",
      "aria-label": "Map of the network's output",
      "aria-describedby": this.#words.id,
    });
    const view = this;
    this.#editor = new PlaneEditor({
      picture: this.#picture,
      crosshair: this.#crosshair,
      points: this.#points,
      tools: this.#tools,
      get look() {
        return view.#shown;
      },
      get frame() {
        return view.#frame;
      },
      redraw: () => {
        this.#drawPoints();
        this.#drawErrors();
        this.#say();
      },
      say: () => this.#say(),
      emit: (name, detail) => this.#emit(name, detail),
      targetText: (target) => this.#targetText(target),
    });
    const inFrame = svg("clipPath", { id: nextId() }, this.#frameShape);
    this.#picture.append(inFrame);
    setAll(this.#curve, { "clip-path": `url(#${inFrame.id})` });
    this.#picture.append(this.#axes, this.#line, this.#residuals, this.#rings);
    this.#picture.append(this.#points.group, this.#curve, this.#editor.cross);
    this.#stage.append(canvas, this.#picture, this.#crosshair);
    this.element.append(
      this.#slice.element,
      this.#stage,
      this.#readOut,
      this.#legend.element,
      this.#tools.element,
      this.#words,
    );
    new ResizeObserver(() => this.#resize()).observe(this.#stage);
    onThemeChange(() => this.#redraw());
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
    const hasCome = this.#editor.settle();
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
    if (!isInside && this.#editor.moved === undefined) {
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

  #emit(name: string, detail: object): void {
    this.element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  #look(plane: Plane): void {
    this.plane = plane;
    this.#emit("plane-change", { plane });
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
    setAll(this.#frameShape, { x: frame.left, y: frame.top, width: inner, height });
    this.#slice.show(plane);
    this.#axes.replaceChildren(...planeAxes(frame));
    this.#frame = frame;
    this.#drawPoints();
    this.#editor.drawCross();
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
    this.#drawPoints();
    this.#weights = undefined;
    this.show(this.#shown);
  }

  // ---- The picture -----------------------------------------------------------------------------

  /** Cells across and up while the network trains. */
  get #coarse(): number {
    return coarseSize(this.#shown?.predictor.weights.length ?? 0);
  }

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
    this.#legend.scale(this.#nameOfNeuron, scale);
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
      this.#drawMap(this.#coarse);
      const cost = performance.now() - start;
      const size = Math.min(
        FINE,
        Math.floor(this.#coarse * Math.sqrt(LONGEST / Math.max(cost, 0.1))),
      );
      this.#drawMap(Math.max(this.#coarse, size));
    }, REST);
  }

  #drawPoints(): void {
    const { data, heldOut, selectedPoint } = this.#shown!; // show has set it
    const trained = data.inputs.map((x, i) => this.#shownPoint(x, data.targets[i][0], i));
    const held = heldOut?.inputs.map((x, i) => this.#shownPoint(x, heldOut.targets[i][0])) ?? [];
    this.#points.draw(trained, held, selectedPoint);
    this.#tools.enable(selectedPoint !== undefined && data.inputs[selectedPoint] !== undefined);
  }

  #shownPoint(given: readonly number[], wanted: number, index?: number): ShownPoint {
    const { data } = this.#shown!; // show has set it
    const moved =
      index !== undefined && this.#editor.moved?.index === index ? this.#editor.moved : undefined;
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

  /** Rings around points on the wrong side, or lines from points to the curve; none for a single neuron. */
  #drawErrors(): void {
    const { data, heldOut, predictor } = this.#shown!; // show has set it
    const frame = this.#frame!; // show has set it
    let [rings, lines] = ["", ""];
    for (const set of [data, heldOut]) {
      if (set === undefined) continue;
      const outputs = this.#outputsOf(set);
      for (const [i, given] of set.inputs.entries()) {
        const moved =
          set === data && this.#editor.moved?.index === i ? this.#editor.moved : undefined;
        const [x, target] = [moved?.x ?? given, moved?.target ?? set.targets[i][0]];
        const output = moved === undefined ? outputs[i] : predictor.at(x);
        const [left, top] = frame.pixelOf(x, target);
        if (frame.plane.isLine) {
          if (Number.isFinite(output) && this.#neuron === undefined) {
            // What is missing may be far more than there is room for.
            const bottom = frame.top + frame.height;
            const end = Math.max(frame.top, Math.min(frame.pixelUp(output), bottom));
            lines += `M${left.toFixed(1)} ${top.toFixed(1)}V${end.toFixed(1)}`;
          }
        } else if (data.task === "sign" && output > 0 !== target > 0 && !this.#neuron) {
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

  // ---- Legend, tools, words --------------------------------------------------------------------

  /** Legend and tools for this kind of data. */
  #build(): void {
    const { data, heldOut, predictor } = this.#shown!; // show has set it
    const isSign = data.task === "sign";
    const [inputs] = predictor.sizes;
    const hasHeldOut = heldOut !== undefined && heldOut.inputs.length > 0;
    const sort = [isSign, inputs, hasHeldOut].join();
    if (sort === this.#sort) return;
    this.#sort = sort;
    this.#legend.show({ isSign, inputs, hasHeldOut });
    this.#tools.show(isSign, inputs === 1);
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

  /** The network's output at the pointer or the crosshair, beside the picture. @returns the text */
  #say(): string {
    const text = this.#textAtPointer();
    if (this.#readOut.textContent !== text) this.#readOut.textContent = text;
    return text;
  }

  #textAtPointer(): string {
    if (this.#frame === undefined || this.#shown === undefined) return "";
    const { index } = this.#editor;
    const { data } = this.#shown;
    if (index >= 0) {
      const [x, target] =
        this.#editor.moved?.index === index
          ? [this.#editor.moved.x, this.#editor.moved.target]
          : [data.inputs[index], data.targets[index][0]];
      return `Point ${index + 1}: ${pointText(x)}, ${this.#targetText(target)} → ${this.#outputText(x)}`;
    }
    const pixel =
      this.#editor.pointed ??
      (document.activeElement === this.#crosshair ? this.#editor.crossPixel() : undefined);
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
}

const within = (x: number, [from, to]: Range) => x >= from && x <= to;
const min = (numbers: readonly number[], least: number) =>
  numbers.reduce((a, b) => Math.min(a, b), least);
const max = (numbers: readonly number[], most: number) =>
  numbers.reduce((a, b) => Math.max(a, b), most);

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

/**
 * The network: its neurons, each with what it says over the plane, its weights as lines, its biases as numbers.
 * Read predictor.ts, diagram.ts and heat-map.ts first.
 */

import { onThemeChange } from "../../cells/theme.ts";
import { addressOf, firstOf, type Place, placeOf } from "./addresses.ts";
import { colorOf } from "./colors.ts";
import { type Diagram, diagramOf, nearestWire, type Wire } from "./diagram.ts";
import { HeatMap, scaleOf } from "./heat-map.ts";
import { Pace } from "./pace.ts";
import { coarseSize, type Plane } from "./plane.ts";
import { inputName } from "./plane-words.ts";
import type { Predictor } from "./predictor.ts";
import { SlowText } from "./slow-text.ts";
import { count, html, nextId, numberText, setAll, shortText } from "./text.ts";

/** What the diagram shows. */
export interface NetworkLook {
  /** The network, with the weights of this moment. */
  readonly predictor: Predictor;
  /** Where in the space of inputs its neurons are looked at: that of the plane's view. */
  readonly plane: Plane;
  /** The gradients of the parameters, in their order; undefined before there are any. */
  readonly gradients?: ArrayLike<number> | undefined;
  /** The address of the neuron or parameter that is selected: "layers.0.neurons.1.weights.2". */
  readonly selected: string | undefined;
}

/** What a neuron is shown by. */
interface Neuron {
  readonly place: Place;
  readonly button: HTMLButtonElement;
  readonly map: HeatMap;
  readonly bias: HTMLElement;
}

const SHARE = 0.12; // of the time, for drawing
const NEAR = { mouse: 6, touch: 14 }; // pixels from a line that are still on it
const THINNEST = 0.6; // pixels, of a line
const MANY = 1500; // so many lines are all drawn without dashes

/**
 * Events that bubble from `element`, of a parameter or a neuron ("layers.0.neurons.1"), undefined for none:
 *
 * - `network-select` { address }: the reader selects it
 * - `network-point` { address }: the reader points at it, or has the focus there
 */
export class NetworkView {
  readonly element = html("div", { class: "network-view", role: "group", "aria-label": "Network" });
  readonly #lines = html("canvas", { "aria-hidden": "true" });
  readonly #context = this.#lines.getContext("2d")!; // nothing else was asked of it
  readonly #net = html("div", { class: "net" });
  readonly #scroll = html("div", { class: "scroll" }, this.#net);
  readonly #readOut = html("p", { class: "read-out", id: nextId() });
  readonly #detail = html("div", { class: "detail" });
  readonly #words = html("p", { class: "visually-hidden", id: nextId() });
  readonly #description = new SlowText(this.#words);
  readonly #pace = new Pace(() => this.#draw(), SHARE);

  #shown: NetworkLook | undefined;
  #diagram: Diagram | undefined;
  #built = ""; // the sizes and functions that there are elements for
  #width = 0;
  #inputs: HeatMap[] = [];
  #neurons: Neuron[][] = [];
  #inputsOf: Plane | undefined; // the plane that the inputs' maps show
  #focusable: Place = { layer: 0, neuron: 0, input: undefined };
  #pointed: Place | undefined;
  #told: string | undefined; // what was last said to be pointed at
  #detailOf = "";

  constructor() {
    this.element.setAttribute("aria-describedby", this.#words.id);
    this.element.append(this.#scroll, this.#readOut, this.#detail, this.#words);
    new ResizeObserver(() => this.#resize()).observe(this.#scroll);
    onThemeChange(() => {
      this.#inputsOf = undefined;
      this.#pace.ask();
    });
    this.#followPointer();
    this.#net.addEventListener("keydown", (event) => this.#pressed(event));
    this.#net.addEventListener("focusin", () => this.#pace.soon());
    this.#net.addEventListener("focusout", () => this.#pace.soon());
  }

  show(look: NetworkLook): void {
    this.#shown = look;
    const { sizes, activation, output } = look.predictor;
    const built = [sizes.join("-"), activation, output].join();
    if (built !== this.#built) {
      this.#built = built;
      this.#build();
    }
    this.#pace.ask();
  }

  // ---- Elements --------------------------------------------------------------------------------

  #resize(): void {
    if (this.#shown === undefined || this.#scroll.clientWidth === this.#width) return;
    this.#place();
    this.#draw();
  }

  #build(): void {
    const { predictor } = this.#shown!; // show has set it
    const [inputs, ...sizes] = predictor.sizes;
    this.#inputs = Array.from({ length: inputs }, () => new HeatMap());
    this.#inputsOf = undefined;
    this.#neurons = sizes.map((size, layer) =>
      Array.from({ length: size }, (_, neuron) =>
        this.#newNeuron({ layer, neuron, input: undefined }),
      ),
    );
    this.#focusable = { layer: 0, neuron: 0, input: undefined };
    this.#pointed = undefined;
    this.#detailOf = "";
    this.#detail.replaceChildren();
    const titles = predictor.sizes.map((_, column) => {
      const layer = column - 1;
      const words =
        layer < 0
          ? ["inputs"]
          : [
              `layers.${layer}`,
              layer === sizes.length - 1 ? `${predictor.output}, output` : predictor.activation,
            ];
      return html("div", { class: "title" }, ...words.map((word) => html("span", {}, word)));
    });
    const boxes = this.#inputs.map(({ canvas }, i) =>
      html("div", { class: "input" }, html("span", {}, inputName(i)), canvas),
    );
    const neurons = this.#neurons.flat().flatMap(({ button, bias }) => [button, bias]);
    this.#net.replaceChildren(this.#lines, ...titles, ...boxes, ...neurons);
    this.#rove(this.#focusable);
    this.#place();
  }

  #newNeuron(place: Place): Neuron {
    const map = new HeatMap();
    const button = html(
      "button",
      {
        type: "button",
        class: "neuron",
        "aria-label": addressOf(place),
        "aria-describedby": this.#readOut.id,
        "data-layer": place.layer,
        "data-neuron": place.neuron,
      },
      map.canvas,
    );
    button.addEventListener("click", () => this.#select(place));
    return { place, button, map, bias: html("span", { class: "bias", "aria-hidden": "true" }) };
  }

  /** Puts everything where it belongs in the present width. */
  #place(): void {
    const { predictor } = this.#shown!; // there are elements after show
    this.#width = this.#scroll.clientWidth;
    const diagram = diagramOf(predictor.sizes, this.#width || 600);
    this.#diagram = diagram;
    const { width, height, sides, columns, biasBelow } = diagram;
    this.#net.style.width = `${width}px`;
    this.#net.style.height = `${height}px`;
    const density = Math.min(2, devicePixelRatio || 1);
    this.#lines.width = width * density;
    this.#lines.height = height * density;
    this.#context.setTransform(density, 0, 0, density, 0, 0);
    const put = (element: HTMLElement, x: number, y: number) => {
      element.style.transform = `translate(${x}px, ${y}px)`;
    };
    const square = (element: HTMLElement, column: number, i: number) => {
      const { x, y } = columns[column][i];
      const side = sides[column];
      put(element, x - side / 2, y - side / 2);
      element.style.width = `${side}px`;
      element.style.height = `${side}px`;
    };
    for (const [column, title] of this.#net.querySelectorAll<HTMLElement>(".title").entries()) {
      put(title, columns[column][0].x, 0);
    }
    for (const [i, { canvas }] of this.#inputs.entries()) {
      square(canvas.parentElement!, 0, i); // #build has put it there
    }
    for (const [layer, neurons] of this.#neurons.entries()) {
      for (const [i, { button, bias }] of neurons.entries()) {
        square(button, layer + 1, i);
        const { x, y } = columns[layer + 1][i];
        const side = sides[layer + 1];
        bias.classList.toggle("below", biasBelow);
        if (biasBelow) put(bias, x, y + side / 2 + 1);
        else put(bias, x + side / 2 + 2, y - 8);
      }
    }
  }

  // ---- Drawing ---------------------------------------------------------------------------------

  #draw(): void {
    if (this.#shown === undefined || this.#diagram === undefined) return;
    const { predictor, plane } = this.#shown;
    const size = coarseSize(predictor.weights.length);
    const grid = plane.grid(size);
    const paint = (map: HeatMap, numbers: ArrayLike<number>) => {
      if (plane.isLine) map.paintCurve(numbers, size, scaleOf(numbers));
      else map.paint(numbers, size, scaleOf(numbers));
    };
    if (this.#inputsOf !== plane) {
      this.#inputsOf = plane;
      for (const [i, map] of this.#inputs.entries()) paint(map, grid[i]);
    }
    const selected = placeOf(this.#shown.selected, predictor.sizes);
    const outputs = predictor.over(grid);
    for (const [layer, neurons] of this.#neurons.entries()) {
      for (const [i, { map, button, bias }] of neurons.entries()) {
        paint(map, outputs[layer][i]);
        const text = biasText(this.#biasOf(layer, i));
        if (bias.textContent !== text) bias.textContent = text;
        const isSelected = selected?.layer === layer && selected.neuron === i;
        setAll(button, { "aria-pressed": String(isSelected) });
      }
    }
    this.#drawLines(this.#diagram, selected);
    this.#say(selected);
    this.#drawDetail(selected);
    this.#description.set(() => networkText(predictor));
  }

  #biasOf(layer: number, neuron: number): number {
    const { sizes, weights } = this.#shown!.predictor; // asked for after show
    return weights[firstOf(sizes, layer, neuron) + sizes[layer]];
  }

  #drawLines({ wires, width, height, thickest }: Diagram, selected: Place | undefined): void {
    const { weights } = this.#shown!.predictor; // asked for after show
    const context = this.#context;
    context.clearRect(0, 0, width, height);
    let most = 1.5;
    for (const { index } of wires) {
      const size = Math.abs(weights[index]);
      if (size > most && size < Infinity) most = size;
    }
    const attended = this.#attended() ?? selected;
    const [positive, negative] = [colorOf("positive"), colorOf("negative")];
    const dashes = wires.length <= MANY;
    context.lineCap = "butt";
    for (const wire of wires) {
      const weight = weights[wire.index];
      const share = Math.min(1, Math.abs(weight) / most);
      const isFaded = attended !== undefined && !touches(wire, attended);
      const isMeant = attended !== undefined && isSame(wire, attended);
      context.strokeStyle = weight < 0 ? negative : positive;
      context.globalAlpha = isFaded ? 0.12 : isMeant ? 1 : 0.3 + 0.7 * share;
      const lineWidth = THINNEST + (thickest - THINNEST) * share;
      context.lineWidth = isMeant ? 1.4 * lineWidth + 1 : lineWidth;
      if (dashes) context.setLineDash(weight < 0 ? [7, 4] : []);
      stroke(context, wire);
    }
    context.globalAlpha = 1;
  }

  /** What the reader points at, else what has the focus. */
  #attended(): Place | undefined {
    if (this.#pointed !== undefined) return this.#pointed;
    const { activeElement } = document;
    if (activeElement?.closest(".network-view") !== this.element) return undefined;
    if (!activeElement.matches(":focus-visible")) return undefined;
    return (
      placeOf((activeElement as HTMLElement).dataset.address, this.#shown!.predictor.sizes) ??
      placeOfButton(activeElement)
    );
  }

  // ---- Words -----------------------------------------------------------------------------------

  #say(selected: Place | undefined): void {
    const attended = this.#attended();
    const address = attended && addressOf(attended);
    if (address !== this.#told) {
      this.#told = address;
      this.#emit("network-point", address);
    }
    const place = attended ?? selected;
    const text =
      place === undefined
        ? "Lines are weights: blue above 0, orange and dashed below 0, the thicker the larger. The number at a neuron is its bias. Select any of them."
        : this.#textOf(place);
    if (this.#readOut.textContent !== text) this.#readOut.textContent = text;
  }

  #textOf(place: Place): string {
    const { predictor, plane } = this.#shown!; // asked for after show
    const { layer, neuron, input } = place;
    if (input !== undefined) return `${addressOf(place)} = ${this.#numbersOf(place)}`;
    const outputs = predictor.over(plane.grid(coarseSize(predictor.weights.length)))[layer][neuron];
    let [least, most] = [outputs[0], outputs[0]];
    for (const output of outputs) {
      least = Math.min(least, output);
      most = Math.max(most, output);
    }
    const range = `its output here is from ${numberText(least)} to ${numberText(most)}`;
    return `${addressOf(place)}: bias ${this.#numbersOf({ ...place, input: "bias" })}; ${range}`;
  }

  /** A parameter's number and gradient. */
  #numbersOf({ layer, neuron, input }: Place): string {
    const { predictor, gradients } = this.#shown!; // asked for after show
    const { sizes, weights } = predictor;
    const index = firstOf(sizes, layer, neuron) + (input === "bias" ? sizes[layer] : (input ?? 0));
    const gradient = gradients === undefined ? "–" : numberText(gradients[index]);
    return `${numberText(weights[index])}, gradient ${gradient}`;
  }

  /** All parameters of the selected neuron, each a button that selects it. */
  #drawDetail(selected: Place | undefined): void {
    const { sizes } = this.#shown!.predictor; // asked for after show
    const of = selected === undefined ? "" : addressOf({ ...selected, input: undefined });
    if (of !== this.#detailOf) {
      this.#detailOf = of;
      this.#detail.replaceChildren();
      if (selected !== undefined) this.#buildDetail(selected, sizes);
    }
    if (selected === undefined) return;
    for (const row of this.#detail.querySelectorAll<HTMLElement>("tr[data-address]")) {
      const place = placeOf(row.dataset.address, sizes)!; // #buildDetail has named it
      const [number, gradient] = this.#numbersOf(place).split(", gradient ");
      const [, numberCell, gradientCell] = row.querySelectorAll("td");
      if (numberCell.textContent !== number) numberCell.textContent = number;
      if (gradientCell.textContent !== gradient) gradientCell.textContent = gradient;
      setAll(row.querySelector("button")!, { "aria-pressed": String(isSame(place, selected)) });
    }
  }

  #buildDetail(selected: Place, sizes: readonly number[]): void {
    const { layer, neuron } = selected;
    const inputs: Place["input"][] = [...Array.from({ length: sizes[layer] }, (_, i) => i), "bias"];
    const rows = inputs.map((input) => {
      const place = { layer, neuron, input };
      const address = addressOf(place);
      const from =
        input === "bias"
          ? ""
          : layer === 0
            ? ` from ${inputName(Number(input))}`
            : ` from neuron ${Number(input) + 1}`;
      const name = input === "bias" ? "bias" : `weights.${input}`;
      const button = html("button", { type: "button", "data-address": address }, name + from);
      button.addEventListener("click", () => this.#select(place));
      return html(
        "tr",
        { "data-address": address },
        html("td", {}, button),
        html("td"),
        html("td"),
      );
    });
    const heads = ["parameter", "number", "gradient"].map((name) =>
      html("th", { scope: "col" }, name),
    );
    const table = html(
      "table",
      {},
      html("caption", {}, addressOf({ layer, neuron, input: undefined })),
      html("thead", {}, html("tr", {}, ...heads)),
      html("tbody", {}, ...rows),
    );
    this.#detail.append(table);
    table.addEventListener("focusin", () => this.#pace.soon());
    table.addEventListener("focusout", () => this.#pace.soon());
  }

  // ---- Pointer and keys ------------------------------------------------------------------------

  #select(place: Place): void {
    const address = addressOf(place);
    this.#emit("network-select", address === this.#shown?.selected ? undefined : address);
  }

  #emit(name: string, address: string | undefined): void {
    this.element.dispatchEvent(new CustomEvent(name, { detail: { address }, bubbles: true }));
  }

  #followPointer(): void {
    const wireAt = (event: PointerEvent | MouseEvent, most: number): Place | undefined => {
      if (this.#diagram === undefined) return undefined;
      const { left, top } = this.#net.getBoundingClientRect();
      const place = [event.clientX - left, event.clientY - top] as const;
      const wire = nearestWire(this.#diagram, place, most);
      return wire && { layer: wire.layer, neuron: wire.neuron, input: wire.input };
    };
    const point = (place: Place | undefined) => {
      if (this.#pointed === place) return;
      if (place && this.#pointed && isSame(place, this.#pointed)) return;
      this.#pointed = place;
      this.#net.classList.toggle("on-wire", place?.input !== undefined);
      this.#pace.ask();
    };
    this.#net.addEventListener("pointermove", (event) => {
      const neuron = (event.target as Element).closest(".neuron");
      point(neuron === null ? wireAt(event, NEAR.mouse) : placeOfButton(neuron));
    });
    this.#net.addEventListener("pointerleave", () => point(undefined));
    this.#net.addEventListener("click", (event) => {
      if ((event.target as Element).closest(".neuron") !== null) return;
      const isTouch = event instanceof PointerEvent && event.pointerType === "touch";
      const place = wireAt(event, isTouch ? NEAR.touch : NEAR.mouse);
      if (place !== undefined) this.#select(place);
    });
  }

  #pressed(event: KeyboardEvent): void {
    const place = placeOfButton(event.target as Element);
    if (place === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const { layer, neuron } = place;
    const last = this.#neurons[layer].length - 1;
    const to = {
      ArrowUp: [layer, neuron - 1],
      ArrowDown: [layer, neuron + 1],
      ArrowLeft: [layer - 1, neuron],
      ArrowRight: [layer + 1, neuron],
      Home: [layer, 0],
      End: [layer, last],
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const neurons = this.#neurons[to[0]];
    if (neurons === undefined) return;
    const next = neurons[Math.max(0, Math.min(to[1], neurons.length - 1))];
    this.#rove(next.place);
    next.button.focus();
  }

  /** Which neuron Tab goes to. */
  #rove(place: Place): void {
    this.#focusable = place;
    for (const { button, place: own } of this.#neurons.flat()) {
      setAll(button, { tabindex: isSame(own, place) ? 0 : -1 });
    }
  }
}

/** A bias beside its neuron: two digits behind the point. */
function biasText(bias: number): string {
  if (!(Math.abs(bias) < 100)) return shortText(bias);
  return bias
    .toFixed(2)
    .replace(/^-0\.00$/, "0.00")
    .replace("-", "−");
}

function placeOfButton(element: Element): Place | undefined {
  const { layer, neuron } = (element as HTMLElement).dataset;
  if (layer === undefined || neuron === undefined) return undefined;
  return { layer: Number(layer), neuron: Number(neuron), input: undefined };
}

const isSame = (a: Place, b: Place): boolean =>
  a.layer === b.layer && a.neuron === b.neuron && a.input === b.input;

/** Does a line begin or end at a neuron, or is it the weight that is meant? */
function touches(wire: Wire, { layer, neuron, input }: Place): boolean {
  if (typeof input === "number") {
    return wire.layer === layer && wire.neuron === neuron && wire.input === input;
  }
  return wire.layer === layer
    ? wire.neuron === neuron
    : wire.layer === layer + 1 && wire.input === neuron;
}

function stroke(context: CanvasRenderingContext2D, { from, to }: Wire): void {
  const middle = (from.x + to.x) / 2;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.bezierCurveTo(middle, from.y, middle, to.y, to.x, to.y);
  context.stroke();
}

/** A network in words. */
function networkText({ sizes, weights, activation, output }: Predictor): string {
  const [inputs, ...layers] = sizes;
  const kinds = layers.map((size, layer) => {
    const name = layer === layers.length - 1 ? output : activation;
    return `layers.${layer} with ${count(size, "neuron")} (${name})`;
  });
  let [most, address] = [-1, ""];
  for (const [layer, size] of layers.entries()) {
    for (let neuron = 0; neuron < size; neuron++) {
      const first = firstOf(sizes, layer, neuron);
      for (let input = 0; input < sizes[layer]; input++) {
        if (!(Math.abs(weights[first + input]) > most)) continue;
        most = Math.abs(weights[first + input]);
        address = `${addressOf({ layer, neuron, input })}, ${numberText(weights[first + input])}`;
      }
    }
  }
  const largest = address === "" ? "" : ` The largest weight is ${address}.`;
  return `A network with ${count(inputs, "input")}: ${kinds.join(", ")}.${largest}`;
}

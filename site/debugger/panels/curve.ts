/**
 * The output as a curve of the selected node alone: its tangent, whose slope is the gradient, and
 * the step that training takes next. Read loss-curve.ts and curve-picture.ts first.
 */

import "../../styles/panels.css";
import { shownNumber } from "chainrule/explain";
import { onDrag } from "../../figures/drag.ts";
import { SlowText } from "../../playground/views/slow-text.ts";
import { isSecret, type Moment, type Panel } from "../panel.ts";
import { CurvePicture, isWithin } from "./curve-picture.ts";
import { type CurveStep, isTrained, type LossCurve, lossCurve, stepWith } from "./loss-curve.ts";
import { ask, inSentence, make, makeButton, Slices, SMALL, WhenSeen, write } from "./parts.ts";
import { readNumber } from "./read-number.ts";

/** The slider goes through the learning rates from 0.0001 to 1000, 40 places for a factor of ten. */
const PLACES = 40;
const LOWEST = -4;
const HIGHEST = 3;
const LARGEST_RATE = 1e9;
/** How much closer or wider a press of a button looks. */
const ZOOM = 2;
const MOST_ZOOM = 2 ** 12;

/** The output as a function of the selected node alone. */
export function curvePanel(): Panel {
  const panel = new CurvePanel();
  return {
    name: "curve",
    title: "The curve along this number",
    element: panel.element,
    show: (moment) => panel.show(moment),
  };
}

class CurvePanel {
  readonly #note = make("p.panel-note");
  readonly #picture = new CurvePicture();
  readonly #stage = make("div.curve-stage", this.#picture.element);
  readonly #legend = new Legend();
  readonly #sentence = make("p.panel-meaning");
  /** The same for screen readers, when the reader has changed the rate. */
  readonly #spoken = make("p.visually-hidden");
  readonly #telling = new SlowText(this.#spoken);
  readonly #sums = make("ul.curve-sums");
  readonly #alone = make("p.panel-note");
  readonly #number = document.createElement("input");
  readonly #slider = document.createElement("input");
  readonly #rate: HTMLElement;
  readonly #zoom: HTMLElement;
  readonly element: HTMLElement;

  readonly #seen: WhenSeen;
  readonly #slices = new Slices();
  #moment: Moment | undefined;
  #curve: LossCurve | undefined;
  /** The node that the reader looks at, by name, as each training step makes a new graph. */
  #name = "";
  #keep: readonly [number, number] | undefined;
  #closeness = 1;
  #learningRate = 0;
  /** The rate that the debugger told last. */
  #told = Number.NaN;

  constructor() {
    this.#spoken.setAttribute("aria-live", "polite");
    this.#number.type = "text";
    this.#number.inputMode = "decimal";
    this.#number.autocomplete = "off";
    this.#slider.type = "range";
    this.#slider.min = String(LOWEST * PLACES);
    this.#slider.max = String(HIGHEST * PLACES);
    this.#slider.setAttribute("aria-label", "Learning rate, by powers of ten");
    this.#number.addEventListener("input", () => this.#readNumber());
    this.#number.addEventListener("change", () => this.#writeRate());
    this.#slider.addEventListener("input", () => {
      this.#setRate(rounded(10 ** (Number(this.#slider.value) / PLACES)));
    });
    const label = make("label.curve-rate-number", make("span", "Learning rate"), this.#number);
    this.#rate = make("div.curve-rate", label, this.#slider);
    this.#zoom = make(
      "div.curve-zoom",
      makeButton("Closer", () => this.#look(1 / ZOOM)),
      makeButton("Wider", () => this.#look(ZOOM)),
    );
    this.element = make(
      "div.panel",
      this.#note,
      this.#stage,
      this.#legend.element,
      this.#rate,
      this.#sentence,
      this.#spoken,
      this.#sums,
      this.#zoom,
      this.#alone,
    );
    this.#makeTipDraggable();
    this.#seen = new WhenSeen(
      this.element,
      () => this.#compute(),
      () => (this.#moment?.walk.steps.length ?? 0) <= SMALL,
    );
    new ResizeObserver(() => this.#draw()).observe(this.#stage);
  }

  show(moment: Moment): void {
    const before = this.#moment;
    this.#moment = moment;
    const { walk, node, nameOf, rate, hidden } = moment;
    if (rate !== this.#told) {
      this.#told = rate;
      this.#learningRate = rate;
      this.#writeRate();
    }
    const name = node === undefined ? "" : nameOf(node);
    if (name !== this.#name) {
      this.#name = name;
      this.#keep = undefined;
      this.#closeness = 1;
    }
    const isSame = before?.walk === walk && before.node === node && before.hidden === hidden;
    if (isSame && this.#curve?.node === node && hidden === undefined) this.#draw();
    else this.#seen.changed();
  }

  /** Computes the curve and draws it; a large graph takes a while, and the page goes on meanwhile. */
  #compute(): void {
    const moment = this.#moment;
    if (moment === undefined) return;
    const why = whyNothing(moment);
    write(this.#note, why ?? "");
    this.#note.hidden = why === undefined;
    const parts = [
      this.#stage,
      this.#legend.element,
      this.#rate,
      this.#sentence,
      this.#sums,
      this.#zoom,
      this.#alone,
    ];
    for (const part of parts) part.hidden = why !== undefined;
    this.#slices.stop();
    this.#curve = undefined;
    if (why === undefined) this.#slices.run(this.#work(moment));
  }

  *#work({ walk, node }: Moment): Generator<void, void> {
    if (node === undefined) return;
    this.#stage.ariaBusy = "true";
    const wish = { keep: this.#keep, zoom: this.#closeness };
    const curve = yield* lossCurve(walk, node, wish);
    this.#curve = curve;
    this.#keep = curve.domain;
    this.#stage.ariaBusy = "false";
    this.#draw();
  }

  #look(factor: number): void {
    const closeness = this.#closeness * factor;
    if (closeness > MOST_ZOOM || closeness < 1 / MOST_ZOOM) return;
    this.#closeness = closeness;
    this.#keep = undefined;
    this.#compute();
  }

  #draw(): void {
    const curve = this.#curve;
    const moment = this.#moment;
    if (curve === undefined || moment === undefined || this.#stage.hidden) return;
    const names = { node: moment.nameOf(curve.node), output: moment.nameOf(moment.walk.output) };
    const step = isTrained(curve.node) ? stepWith(curve, this.#learningRate) : undefined;
    const sentence = sentenceOf(curve, step, names, this.#learningRate);
    const description =
      `${names.output} as a curve of ${names.node} alone, from ${shownNumber(curve.domain[0])} to ` +
      `${shownNumber(curve.domain[1])}. At ${shownNumber(curve.at)} it is ` +
      `${shownNumber(curve.loss)}, and the tangent there has the slope ${shownNumber(curve.slope)}.`;
    this.#picture.draw({ curve, step, names, description });
    this.#legend.show(names, step !== undefined);
    write(this.#sentence, sentence);
    const sums = sumsOf(curve, step, names, this.#learningRate);
    this.#sums.hidden = sums.length === 0;
    if (this.#sums.textContent !== sums.join("")) {
      this.#sums.replaceChildren(...sums.map((sum) => make("li", sum)));
    }
    this.#rate.hidden = step === undefined;
    write(this.#alone, remarkOf(curve, step, names));
  }

  // ---- The rate ---------------------------------------------------------------------------------

  #readNumber(): void {
    const rate = readNumber(this.#number.value);
    const isRate = rate !== undefined && rate >= 0 && rate <= LARGEST_RATE;
    this.#number.setAttribute("aria-invalid", String(!isRate));
    if (isRate) this.#setRate(rate, true);
  }

  #setRate(rate: number, isTyping = false): void {
    if (rate === this.#learningRate) return;
    this.#learningRate = rate;
    this.#writeRate(isTyping);
    this.#draw();
    this.#telling.set(() => this.#sentence.textContent ?? "");
    ask(this.element, "debugger-rate", { rate });
  }

  #writeRate(isTyping = false): void {
    const rate = this.#learningRate;
    if (!isTyping) {
      this.#number.value = String(rate);
      this.#number.setAttribute("aria-invalid", "false");
    }
    this.#slider.value = String(Math.round(Math.log10(rate) * PLACES)); // -Infinity: the lowest
    this.#slider.setAttribute("aria-valuetext", String(rate));
  }

  /** The end of the arrow is dragged to where the step shall lead. */
  #makeTipDraggable(): void {
    let grip = 0; // from the pointer to the end of the arrow, in pixels
    onDrag<{ curve: LossCurve; x: number }>(this.#picture.handle, {
      begin: ({ clientX }) => {
        const { left, width } = this.#picture.handle.getBoundingClientRect();
        grip = left + width / 2 - clientX;
        const curve = this.#curve;
        return curve === undefined || curve.slope === 0 ? undefined : { curve, x: clientX };
      },
      move: ({ start: { curve, x: from }, x }) => {
        const to = this.#picture.numberAt(from + x + grip);
        const rate = (curve.at - to) / curve.slope;
        if (Number.isFinite(rate)) this.#setRate(rounded(Math.max(0, rate)));
      },
    });
  }
}

/** What the lines and dots of the picture are. */
class Legend {
  readonly #line = make("span.curve-key.line");
  readonly #step = make("span.curve-key.step", "the coming step");
  readonly #there = make("span.curve-key.there");
  readonly element = make(
    "p.panel-note",
    this.#line,
    make("span.curve-key.tangent", "its slope where we are now: the gradient"),
    this.#step,
    this.#there,
  );

  show({ node, output }: { readonly node: string; readonly output: string }, hasStep: boolean) {
    write(this.#line, `${inSentence(output)} for each number in the place of ${node}`);
    write(this.#there, `${inSentence(output)} after it`);
    for (const part of [this.#step, this.#there]) part.hidden = !hasStep;
  }
}

/** Three digits: enough for a rate. */
const rounded = (rate: number): number => Number(rate.toPrecision(3));

function whyNothing(moment: Moment): string | undefined {
  const { walk, node, nameOf } = moment;
  if (node === undefined) {
    return "Select a number of the graph to see how the output changes with it alone.";
  }
  if (isSecret(moment, node)) {
    return "The quiz is on: the slope of this curve is what you are asked for.";
  }
  if (node === walk.output) {
    return `${nameOf(node)} is the output itself. Select a number that it depends on.`;
  }
  for (const { data, what } of [
    { data: node.data, what: nameOf(node) },
    { data: walk.output.data, what: nameOf(walk.output) },
  ]) {
    if (!Number.isFinite(data)) return `There is no curve to be drawn: ${what} is ${data}.`;
  }
  return undefined;
}

/** What the step does, in words. */
export function sentenceOf(
  curve: LossCurve,
  step: CurveStep | undefined,
  { node, output }: { readonly node: string; readonly output: string },
  rate: number,
): string {
  const { slope, loss, overshoot } = curve;
  const what = inSentence(output);
  if (step === undefined) {
    if (slope === 0) return `Here the curve is level: a little more of ${node} changes nothing.`;
    const way = slope > 0 ? "up" : "down";
    return `To the right the curve goes ${way}, with a slope of ${shownNumber(slope)}.`;
  }
  if (slope === 0) return `The slope is 0, so no step is made, whatever the rate is.`;
  const from = shownNumber(loss);
  const to = shownNumber(step.loss);
  const start = `With rate ${rate},`;
  if (rate === 0) return `${start} ${node} stays where it is.`;
  if (!Number.isFinite(step.loss)) {
    return `${start} ${what} would be no finite number: the step is far too large.`;
  }
  if (step.loss > loss) {
    const most = overshoot === undefined ? "" : ` Below about ${rounded(overshoot)} it falls.`;
    return `${start} ${what} rises from ${from} to ${to}: the step overshoots.${most}`;
  }
  const falls =
    from === to
      ? `${start} ${what} falls by less than can be read here, from ${from}`
      : `${start} ${what} falls from ${from} to ${to}`;
  if (overshoot === undefined)
    return `${falls}. No rate was found that overshoots: the curve goes on falling.`;
  const tooLarge = rounded(Number((1.1 * overshoot).toPrecision(2)));
  return stepWith(curve, tooLarge).loss > loss
    ? `${falls}; with ${tooLarge} it would rise: overshoot.`
    : `${falls}; with a little more than ${rounded(overshoot)} it would rise: overshoot.`;
}

/** What has to be known besides. */
function remarkOf(
  { node: { op }, domain }: LossCurve,
  step: CurveStep | undefined,
  { node, output }: { readonly node: string; readonly output: string },
): string {
  if (step === undefined) {
    return (
      `Training does not move ${node}: it is ${op === "" ? "given" : "computed"}. The curve shows ` +
      `what ${inSentence(output)} would be with another number in its place.`
    );
  }
  const far = isWithin(domain, step.to) ? "" : "The step leads out of the picture: look wider. ";
  return (
    `${far}Only ${node} moves here. In training all parameters move at once, so the next ` +
    `${output} may differ; and optimizers such as Adam make another step of the gradient.`
  );
}

/** The sums of the step, to be checked by hand. */
export function sumsOf(
  { at, slope }: LossCurve,
  step: CurveStep | undefined,
  { node, output }: { readonly node: string; readonly output: string },
  rate: number,
): string[] {
  if (step === undefined) return [];
  const [by, gradient] = [shownNumber(step.by), shownNumber(slope)];
  return [
    `step = -rate × gradient = -${rate} × ${bracketed(gradient)} = ${by}`,
    `${node}: ${shownNumber(at)} + ${bracketed(by)} = ${shownNumber(step.to)}`,
    `${output} there: ${shownNumber(step.loss)}`,
  ];
}

const bracketed = (number: string): string => (number.startsWith("-") ? `(${number})` : number);

/**
 * The loss over the training steps, with a cursor that goes to any of them. Read loss-history.ts and text.ts
 * first.
 */

import { thin } from "../../../dist/draw/thin.js";
import { LossHistory } from "./loss-history.ts";
import { Pace } from "./pace.ts";
import { SlowText } from "./slow-text.ts";
import { html, nextId, numberText, setAll, shortText, svg, ticks } from "./text.ts";

/** What the curve shows. */
export interface LossLook {
  /** The loss before each step: number i is that after i steps. It may grow by and by, or be cut. */
  readonly losses: ArrayLike<number>;
  /** The same for the points that are only measured; NaN where it was not. */
  readonly heldOutLosses?: ArrayLike<number> | undefined;
  /** Where the run is. */
  readonly step: number;
  /** After how many steps the reader changed something, and what. */
  readonly edits?: readonly { readonly at: number; readonly kind: string }[] | undefined;
}

const SHARE = 0.12; // of the time, for drawing
const LEAST = 200; // pixels of width, also where there is no room
const HEIGHT = 132;
const MARGIN = { left: 58, right: 12, top: 14, bottom: 24 };
const NEAR = 5; // pixels from an edit that are still on it
const FEWEST = 10; // steps that the picture has room for from the start

const edited: Readonly<Record<string, string>> = {
  rate: "the rate was changed",
  add: "a point was added",
  move: "a point was moved",
  delete: "a point was deleted",
};

/**
 * Events that bubble from `element`: `loss-seek` { step } when the reader moves the cursor, `loss-scale` { log }
 * when the reader chooses another scale.
 */
export class LossView {
  readonly element = html("div", { class: "loss-view", role: "group", "aria-label": "Loss" });
  readonly #axes = svg("g", { class: "axes" });
  readonly #curve = svg("path", { class: "curve" });
  readonly #heldOutCurve = svg("path", { class: "curve held-out" });
  readonly #edits = svg("path", { class: "edits" });
  readonly #later = svg("rect", { class: "later" });
  readonly #bad = svg("path", { class: "bad" });
  readonly #hair = svg("path", { class: "hair" });
  readonly #cursorLine = svg("path", { class: "cursor-line" });
  readonly #cursorDot = svg("circle", { class: "cursor-dot", r: 5 });
  readonly #picture = svg("svg", { "aria-hidden": "true" });
  readonly #cursor = html("div", {
    class: "cursor",
    role: "slider",
    tabindex: 0,
    "aria-label": "Training step",
  });
  readonly #stage = html("div", { class: "stage" });
  readonly #readOut = html("p", { class: "read-out" });
  readonly #scale = html("input", { type: "checkbox" });
  readonly #heldOutName = html("span", { class: "item held-out" }, "held out");
  readonly #words = html("p", { class: "visually-hidden", id: nextId() });
  readonly #description = new SlowText(this.#words);
  readonly #history = new LossHistory();
  readonly #heldOutHistory = new LossHistory();
  readonly #pace = new Pace(() => this.#draw(), SHARE);

  readonly #height: number;
  #shown: LossLook | undefined;
  #width = 0;
  #hover: number | undefined; // the step pointed at
  #axesOf = ""; // what the axes were drawn for
  #range: readonly [number, number] = [0, 1]; // of the losses shown

  /** @param height of the picture, in pixels */
  constructor(height = HEIGHT) {
    this.#height = height;
    this.element.setAttribute("aria-describedby", this.#words.id);
    const curves = [this.#heldOutCurve, this.#curve, this.#later, this.#edits, this.#bad];
    this.#picture.append(this.#axes, ...curves, this.#hair, this.#cursorLine, this.#cursorDot);
    this.#stage.append(this.#picture, this.#cursor);
    const legend = html("span", { class: "item" }, "loss");
    const scale = html("label", {}, this.#scale, " log scale");
    this.element.append(
      html("div", { class: "head" }, this.#readOut, legend, this.#heldOutName, scale),
      this.#stage,
      this.#words,
    );
    this.#scale.addEventListener("change", () => {
      this.#draw();
      const detail = { log: this.#scale.checked };
      this.element.dispatchEvent(new CustomEvent("loss-scale", { detail, bubbles: true }));
    });
    new ResizeObserver(() => {
      if (this.#stage.clientWidth !== this.#width) this.#draw();
    }).observe(this.#stage);
    this.#followPointer();
    this.#cursor.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /** Is the scale logarithmic? */
  get log(): boolean {
    return this.#scale.checked;
  }

  set log(log: boolean) {
    this.#scale.checked = log;
    this.#draw();
  }

  show(look: LossLook): void {
    this.#shown = look;
    this.#history.update(look.losses);
    this.#heldOutHistory.update(look.heldOutLosses ?? []);
    this.#pace.ask();
  }

  // ---- Drawing ---------------------------------------------------------------------------------

  get #last(): number {
    return Math.max(0, (this.#shown?.losses.length ?? 0) - 1);
  }

  #across(step: number): number {
    const inner = this.#width - MARGIN.left - MARGIN.right;
    return MARGIN.left + (step / Math.max(FEWEST, this.#last)) * inner;
  }

  #up(loss: number): number {
    const [from, to] = this.#range;
    const inner = this.#height - MARGIN.top - MARGIN.bottom;
    const share = this.log
      ? (Math.log10(loss) - Math.log10(from)) / (Math.log10(to) - Math.log10(from))
      : (loss - from) / (to - from);
    return Number.isFinite(share) ? MARGIN.top + (1 - share) * inner : Number.NaN;
  }

  #draw(): void {
    if (this.#shown === undefined || this.#stage.clientWidth === 0) return; // it is not to be seen
    const { losses, heldOutLosses, edits = [] } = this.#shown;
    this.#width = Math.max(LEAST, this.#stage.clientWidth);
    setAll(this.#picture, {
      viewBox: `0 0 ${this.#width} ${this.#height}`,
      width: this.#width,
      height: this.#height,
    });
    this.#range = this.#newRange();
    this.#drawAxes();
    this.#curve.setAttribute("d", this.#path(this.#history, losses));
    this.#heldOutCurve.setAttribute("d", this.#path(this.#heldOutHistory, heldOutLosses ?? []));
    this.#heldOutName.hidden = heldOutLosses === undefined;
    let marks = "";
    let before = Number.NEGATIVE_INFINITY;
    for (const { at } of edits) {
      const x = Math.round(this.#across(at));
      if (x === before || at > this.#last) continue;
      before = x;
      marks += `M${x} ${MARGIN.top - 2}l-4-7h8z`;
    }
    this.#edits.setAttribute("d", marks);
    this.#drawBad();
    this.#drawCursor();
    this.#say();
    this.#description.set(() => this.#summary());
  }

  /** From the lowest to the highest loss that is drawn. */
  #newRange(): readonly [number, number] {
    const { losses, heldOutLosses = [] } = this.#shown!; // it is drawn after show
    const [own, other] = [this.#history.extremes(), this.#heldOutHistory.extremes()];
    const ends = [
      ...(own === undefined ? [] : [losses[own.lowest], losses[own.highest]]),
      ...(other === undefined ? [] : [heldOutLosses[other.lowest], heldOutLosses[other.highest]]),
    ];
    if (this.log) {
      const above = ends.filter((loss) => loss > 0);
      const low = above.length === 0 ? 0.1 : Math.max(Math.min(...above), 1e-300);
      const high = above.length === 0 ? 1 : Math.max(...above);
      return [low / 1.3, Math.max(high, low * 1.5) * 1.3];
    }
    const low = Math.min(0, ...ends);
    const high = Math.max(...ends, low);
    return [low, high > low ? high + (high - low) * 0.05 : low + 1];
  }

  #path(history: LossHistory, losses: ArrayLike<number>): string {
    const places = history
      .steps()
      .map((step): [number, number] => [this.#across(step), this.#up(losses[step])]);
    let path = "";
    let isDown = false; // is the pen on the paper?
    for (const [x, y] of thin(places)) {
      if (Number.isNaN(y)) {
        isDown = false;
        continue;
      }
      path += `${isDown ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
      isDown = true;
    }
    return path;
  }

  #drawAxes(): void {
    const [from, to] = this.#range;
    const right = this.#width - MARGIN.right;
    const bottom = this.#height - MARGIN.bottom;
    const key = [this.#width, this.#last, from, to, this.log].join();
    if (key === this.#axesOf) return;
    this.#axesOf = key;
    const texts: Element[] = [];
    let [grid, marks] = ["", ""];
    for (const loss of this.log ? powers(from, to) : ticks(this.#range, 4)) {
      const y = Math.round(this.#up(loss)) + 0.5;
      if (!(y <= bottom + 1 && y >= MARGIN.top - 1)) continue;
      grid += `M${MARGIN.left} ${y}H${right}`;
      texts.push(
        svg("text", { x: MARGIN.left - 8, y: y + 4, "text-anchor": "end" }, labelText(loss)),
      );
    }
    for (const step of ticks([0, Math.max(FEWEST, this.#last)], this.#width / 90)) {
      if (!Number.isInteger(step)) continue;
      const x = this.#across(step);
      marks += `M${x.toFixed(1)} ${bottom}v4`;
      const [anchor, at] = x > right - 24 ? ["end", Math.min(x + 12, this.#width)] : ["middle", x];
      texts.push(svg("text", { x: at, y: bottom + 17, "text-anchor": anchor }, String(step)));
    }
    const border = svg("path", {
      class: "border",
      d: `M${MARGIN.left} ${MARGIN.top}V${bottom}H${right}${marks}`,
    });
    this.#axes.replaceChildren(svg("path", { class: "grid", d: grid }), border, ...texts);
  }

  /** A cross where the losses end because they are no finite numbers any more. */
  #drawBad(): void {
    const { losses } = this.#shown!; // it is drawn after show
    const isBad = losses.length > 0 && !Number.isFinite(losses[this.#last]);
    const [x, y] = [this.#across(this.#last), MARGIN.top + 10];
    this.#bad.setAttribute(
      "d",
      isBad
        ? `M${x - 5} ${y - 5}l10 10m0-10l-10 10M${x} ${y + 9}V${this.#height - MARGIN.bottom}`
        : "",
    );
  }

  #drawCursor(): void {
    const { losses, step } = this.#shown!; // it is drawn after show
    const bottom = this.#height - MARGIN.bottom;
    const x = this.#across(Math.min(step, this.#last));
    const y = this.#up(losses[step]);
    this.#cursorLine.setAttribute("d", `M${x} ${MARGIN.top}V${bottom}`);
    setAll(this.#cursorDot, { cx: x, cy: Number.isFinite(y) ? y : bottom });
    setAll(this.#later, {
      x,
      y: MARGIN.top,
      width: Math.max(0, this.#across(this.#last) - x),
      height: bottom - MARGIN.top,
    });
    this.#cursor.style.transform = `translateX(${x}px)`;
    setAll(this.#cursor, {
      "aria-valuemin": 0,
      "aria-valuemax": this.#last,
      "aria-valuenow": step,
      "aria-valuetext": `step ${step} of ${this.#last}, ${this.#lossText(step)}`,
    });
    const hair =
      this.#hover === undefined ? "" : `M${this.#across(this.#hover)} ${MARGIN.top}V${bottom}`;
    this.#hair.setAttribute("d", hair);
  }

  // ---- Words -----------------------------------------------------------------------------------

  #lossText(step: number): string {
    const { losses, heldOutLosses } = this.#shown!; // asked for after show
    const loss = step < losses.length ? numberText(losses[step]) : "–";
    const heldOut = heldOutLosses?.[step];
    const other =
      heldOut === undefined || Number.isNaN(heldOut) ? "" : `, held out ${numberText(heldOut)}`;
    return `loss ${loss}${other}`;
  }

  #say(): void {
    const { step, edits = [] } = this.#shown!; // it is drawn after show
    const at = this.#hover ?? step;
    const near = edits.filter((edit) => Math.abs(this.#across(edit.at) - this.#across(at)) <= NEAR);
    const kinds = [...new Set(near.map(({ kind }) => edited[kind] ?? kind))];
    const changes = this.#hover === undefined || kinds.length === 0 ? "" : `; ${kinds.join(", ")}`;
    const text = `Step ${at}: ${this.#lossText(at)}${changes}`;
    if (this.#readOut.textContent !== text) this.#readOut.textContent = text;
  }

  #summary(): string {
    const { losses, step } = this.#shown!; // it is drawn after show
    const extremes = this.#history.extremes();
    if (extremes === undefined) return "There is no loss yet.";
    const { lowest } = extremes;
    const end = Number.isFinite(losses[this.#last])
      ? ""
      : ` At step ${this.#last} the loss is no finite number.`;
    return (
      `The loss at steps 0 to ${this.#last}: it begins at ${numberText(losses[0])}, ` +
      `its lowest is ${numberText(losses[lowest])} at step ${lowest}. ` +
      `The run is at step ${step}, ${this.#lossText(step)}.${end}`
    );
  }

  // ---- Pointer and keys ------------------------------------------------------------------------

  #seek(step: number): void {
    if (this.#shown === undefined) return;
    const to = Math.max(0, Math.min(Math.round(step), this.#last));
    if (to === this.#shown.step) return;
    const detail = { step: to };
    this.element.dispatchEvent(new CustomEvent("loss-seek", { detail, bubbles: true }));
  }

  #followPointer(): void {
    const stage = this.#stage;
    const stepAt = ({ clientX }: PointerEvent) => {
      const x = clientX - stage.getBoundingClientRect().left - MARGIN.left;
      const share = x / (this.#width - MARGIN.left - MARGIN.right);
      return Math.max(0, Math.min(Math.round(share * Math.max(FEWEST, this.#last)), this.#last));
    };
    let isDown = false;
    stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary) return;
      isDown = true;
      event.preventDefault();
      stage.setPointerCapture(event.pointerId);
      this.#cursor.focus({ preventScroll: true });
      this.#seek(stepAt(event));
    });
    stage.addEventListener("pointermove", (event) => {
      if (this.#shown === undefined) return;
      this.#hover = stepAt(event);
      if (isDown) this.#seek(this.#hover);
      this.#drawCursor();
      this.#say();
    });
    for (const name of ["pointerup", "pointercancel"]) {
      stage.addEventListener(name, () => {
        isDown = false;
      });
    }
    stage.addEventListener("pointerleave", () => {
      this.#hover = undefined;
      if (this.#shown === undefined) return;
      this.#drawCursor();
      this.#say();
    });
  }

  #pressed(event: KeyboardEvent): void {
    if (this.#shown === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const { step } = this.#shown;
    const page = Math.max(1, Math.round(this.#last / 10));
    const to = {
      ArrowLeft: step - 1,
      ArrowDown: step - 1,
      ArrowRight: step + 1,
      ArrowUp: step + 1,
      PageDown: step - page,
      PageUp: step + page,
      Home: 0,
      End: this.#last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#seek(to);
  }
}

/** A loss at the axis, where there is little room: 2e303. */
const labelText = (loss: number): string => shortText(loss).replace(".0e", "e");

/** Powers of ten between two numbers; with 2 and 5 times them where there are few. */
function powers(from: number, to: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(from)), Math.floor(Math.log10(to))];
  const every = Math.max(1, Math.ceil((last - first + 1) / 6));
  const found: number[] = [];
  for (let k = first - 1; k <= last; k++) {
    const factors = last - first < 2 ? [1, 2, 5] : k % every === 0 ? [1] : [];
    for (const factor of factors) {
      const loss = Number(`${factor}e${k}`);
      if (loss >= from && loss <= to) found.push(loss);
    }
  }
  return found;
}

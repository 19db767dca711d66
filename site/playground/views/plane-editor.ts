/**
 * How points of the plane are added, moved and deleted: by mouse, finger and keyboard. Read frame.ts and points.ts
 * first.
 */

import { announce, announceChange } from "../../shell/announce.ts";
import type { Frame } from "./frame.ts";
import type { Plane } from "./plane.ts";
import type { PlaneTools } from "./plane-tools.ts";
import type { PlaneLook } from "./plane-view.ts";
import { pointText } from "./plane-words.ts";
import type { Points } from "./points.ts";
import { shortText, svg } from "./text.ts";

/** What the editor works on: the plane's view. */
export interface PlaneHost {
  readonly picture: SVGElement;
  readonly crosshair: HTMLElement;
  readonly points: Points;
  readonly tools: PlaneTools;
  /** Both are there after the first `show`. */
  readonly look: PlaneLook | undefined;
  readonly frame: Frame | undefined;
  /** Draws the points anew. */
  redraw(): void;
  /** Reads out what is pointed at. @returns the text */
  say(): string;
  emit(name: string, detail: object): void;
  /** For example: class 1. */
  targetText(target: number): string;
}

/** Where a point is that the reader moves, until `show` brings it there. */
interface Moved {
  readonly index: number;
  readonly x: readonly number[];
  readonly target: number;
  /** The time until which an answer is waited for. */
  readonly until: number;
}

const PATIENCE = 1000; // ms until what the reader asked for has been refused
const NEAR = { mouse: 9, touch: 20 }; // pixels from a point that are still on it

/** The editor of one view. */
export class PlaneEditor {
  readonly #host: PlaneHost;
  /** The lines of the crosshair. */
  readonly cross = svg("path", { class: "cross" });
  /** The point that is shown where the reader moved it. */
  moved: Moved | undefined;
  /** Where the pointer is in the picture. */
  pointed: [x: number, y: number] | undefined;
  #crossAt: [across: number, up: number] = [0.5, 0.5];
  #dragging: number | undefined; // the number of the point

  constructor(host: PlaneHost) {
    this.#host = host;
    this.#followPointer();
    this.#followKeys();
  }

  /** Forgets where a point was moved to, if the data has it there now, or does not get it. @returns whether so */
  settle(): boolean {
    if (this.moved === undefined || this.#dragging !== undefined) return false;
    const { index, x, target, until } = this.moved;
    const { data } = this.#look;
    const hasCome =
      data.inputs[index]?.every((number, i) => number === x[i]) &&
      data.targets[index][0] === target;
    if (!hasCome && performance.now() <= until) return false;
    this.moved = undefined;
    return true;
  }

  /** The point that is pointed at, else the one with the focus; -1 if there is none. */
  get index(): number {
    if (this.pointed !== undefined) return this.nearest(this.pointed, NEAR.mouse);
    return this.#host.points.indexOf(document.activeElement);
  }

  get #isReady(): boolean {
    return this.#host.look !== undefined && this.#host.frame !== undefined;
  }

  get #look(): PlaneLook {
    return this.#host.look!; // there is nothing to edit before it is shown
  }

  get #frame(): Frame {
    return this.#host.frame!; // as above
  }

  /** The number of the nearest point that is no farther than so many pixels; -1 if there is none. */
  nearest([left, top]: readonly [number, number], most: number): number {
    const { data } = this.#look;
    let [best, found] = [most, -1];
    for (const [i, x] of data.inputs.entries()) {
      const point = this.#shownPointPixel(x, data.targets[i][0], i);
      const distance = Math.hypot(point[0] - left, point[1] - top);
      if (distance <= best) [best, found] = [distance, i];
    }
    return found;
  }

  #shownPointPixel(x: readonly number[], target: number, index: number): [number, number] {
    const moved = this.moved?.index === index ? this.moved : undefined;
    return this.#frame.pixelOf(moved?.x ?? x, moved?.target ?? target);
  }

  #add(pixel: readonly [number, number], isOther: boolean): void {
    const { data } = this.#look;
    const { x, target } = this.#frame.at(pixel);
    const wanted =
      this.#frame.plane.isLine && data.task !== "sign"
        ? target
        : data.task === "sign"
          ? (this.#frame.plane.isLine ? target > 0 : this.#host.tools.target > 0) !== isOther
            ? 1
            : -1
          : this.#host.tools.target;
    const rounded = x.map(rounder(this.#frame.plane));
    this.#host.emit("point-add", { x: rounded, target: rounder(this.#frame.plane)(wanted) });
    announce(`Point added: ${pointText(rounded)}, ${this.#host.targetText(wanted)}.`);
  }

  #move(index: number, x: readonly number[], target: number): void {
    const { data } = this.#look;
    const round = rounder(this.#frame.plane);
    const to = { index, x: x.map(round), target: data.task === "sign" ? target : round(target) };
    this.moved = { ...to, until: performance.now() + PATIENCE };
    this.#host.redraw();
    this.#host.emit("point-move", to);
  }

  /** Asks for a point to be deleted. */
  remove(index: number | undefined): void {
    const { data } = this.#look;
    if (index === undefined || data.inputs[index] === undefined) return;
    this.moved = undefined;
    this.#host.emit("point-delete", { index });
    announce(`Point ${index + 1} deleted.`);
  }

  /** Asks for a point to get the other class. */
  turn(index: number | undefined): void {
    const { data } = this.#look;
    if (index === undefined || data.inputs[index] === undefined || data.task !== "sign") return;
    const target = data.targets[index][0] > 0 ? -1 : 1;
    this.#host.emit("point-move", { index, x: data.inputs[index], target });
    announce(`Point ${index + 1} is now of class ${shortText(target)}.`);
  }

  #followPointer(): void {
    const picture = this.#host.picture;
    let down:
      | { at: [number, number]; index: number; grip: [number, number]; isDrag: boolean }
      | undefined;
    const pixelOf = ({
      clientX,
      clientY,
    }: {
      clientX: number;
      clientY: number;
    }): [number, number] => {
      const { left, top } = picture.getBoundingClientRect();
      return [clientX - left, clientY - top];
    };
    picture.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary || !this.#isReady) return;
      const at = pixelOf(event);
      const index = this.nearest(at, event.pointerType === "touch" ? NEAR.touch : NEAR.mouse);
      if (index < 0 && !this.#frame.holds(at)) return;
      down = { at, index, grip: this.#gripOf(index, at), isDrag: false };
      if (index < 0) return;
      event.preventDefault();
      picture.setPointerCapture(event.pointerId);
      this.#host.points.focus(index);
      this.#host.emit("point-select", { index });
    });
    // A finger on a point drags it; elsewhere it may scroll the page.
    picture.addEventListener(
      "touchstart",
      (event) => {
        if (!this.#isReady || event.touches.length > 1) return;
        const at = pixelOf(event.touches[0]);
        if (this.nearest(at, NEAR.touch) >= 0) event.preventDefault();
      },
      { passive: false },
    );
    picture.addEventListener("pointermove", (event) => {
      if (!this.#isReady) return;
      const at = pixelOf(event);
      this.pointed = at;
      if (down !== undefined) {
        down.isDrag ||= Math.hypot(at[0] - down.at[0], at[1] - down.at[1]) > 3;
        if (down.isDrag && down.index >= 0) {
          this.#drag(down.index, [at[0] - down.grip[0], at[1] - down.grip[1]]);
        }
      } else {
        picture.classList.toggle("on-point", this.nearest(at, NEAR.mouse) >= 0);
      }
      if (!this.#frame.holds(at) && down === undefined) this.pointed = undefined;
      this.#host.say();
    });
    const end = (event: PointerEvent) => {
      const was = down;
      down = undefined;
      this.#dragging = undefined;
      if (was === undefined || event.type !== "pointerup" || was.isDrag) return;
      if (was.index < 0) {
        this.#add(was.at, event.shiftKey);
        this.#host.emit("point-select", { index: undefined });
      }
    };
    picture.addEventListener("pointerup", end);
    picture.addEventListener("pointercancel", end);
    picture.addEventListener("pointerleave", () => {
      this.pointed = undefined;
      this.#host.say();
    });
  }

  /** How far from a point's place in the plane it is taken. */
  #gripOf(index: number, [left, top]: readonly [number, number]): [number, number] {
    const { data } = this.#look;
    const x = data.inputs[index];
    if (x === undefined) return [0, 0];
    const [pointLeft, pointTop] = this.#frame.pixelOf(x, data.targets[index][0]);
    const depth = this.#frame.depthOf(x);
    return [left - pointLeft + depth, top - pointTop - depth];
  }

  #drag(index: number, at: readonly [number, number]): void {
    this.#dragging = index;
    const frame = this.#frame;
    const { data } = this.#look;
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
    this.#host.crosshair.addEventListener("keydown", (event) => {
      const step = arrow(event);
      if (step !== undefined) {
        this.#crossAt = [
          clampShare(this.#crossAt[0] + step[0]),
          clampShare(this.#crossAt[1] + step[1]),
        ];
        this.drawCross();
        this.#host.say();
        announceChange(this.#host.say());
      } else if (event.key === "Enter" || event.key === "Insert" || event.key === " ") {
        this.#add(this.crossPixel(), event.shiftKey);
      } else return;
      event.preventDefault();
    });
    this.#host.crosshair.addEventListener("focus", () => {
      this.#host.tools.say("crosshair");
      this.drawCross();
      this.#host.say();
    });
    this.#host.crosshair.addEventListener("blur", () => {
      this.#host.tools.say(undefined);
      this.cross.setAttribute("d", "");
      this.#host.say();
    });
    for (const [name, focused] of [
      ["focusin", "point"],
      ["focusout", undefined],
    ] as const) {
      this.#host.points.group.addEventListener(name, () => {
        this.#host.tools.say(focused);
        this.#host.say();
      });
    }
    this.#host.points.group.addEventListener("keydown", (event) => {
      const index = this.#host.points.indexOf(event.target);
      if (index >= 0 && this.#pressedOn(index, event)) event.preventDefault();
    });
  }

  /** A key on a point. @returns whether it means something */
  #pressedOn(index: number, event: KeyboardEvent): boolean {
    const { data, selectedPoint } = this.#look;
    const step = arrow(event);
    if (step !== undefined) {
      this.#nudge(index, step);
      return true;
    }
    const last = data.inputs.length - 1;
    const next = { PageDown: index + 1, PageUp: index - 1, Home: 0, End: last }[event.key];
    if (next !== undefined) this.#host.points.focus(next);
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(index);
    else if (event.key === "c" && !event.ctrlKey && !event.metaKey) this.turn(index);
    else if (event.key === "Enter" || event.key === " ") {
      this.#host.emit("point-select", { index: selectedPoint === index ? undefined : index });
    } else if (event.key === "Escape") this.#host.emit("point-select", { index: undefined });
    else return false;
    return true;
  }

  #nudge(index: number, [across, up]: readonly [number, number]): void {
    const frame = this.#frame;
    const { data } = this.#look;
    const moved = this.moved?.index === index ? this.moved : undefined;
    const x = [...(moved?.x ?? data.inputs[index])];
    let target = moved?.target ?? data.targets[index][0];
    const [from, to] = frame.sideways;
    x[frame.plane.across] += across * (to - from);
    const [low, high] = frame.upwards;
    if (!frame.plane.isLine) x[frame.plane.up] += up * (high - low);
    else if (data.task !== "sign") target += up * (high - low);
    else if (up !== 0) target = up > 0 ? 1 : -1;
    this.#move(index, x, target);
    announceChange(this.#host.say());
  }

  /** Where the crosshair is. */
  crossPixel(): [number, number] {
    const { left, top, width, height } = this.#frame;
    return [left + this.#crossAt[0] * width, top + (1 - this.#crossAt[1]) * height];
  }

  /** Draws the crosshair, if it has the focus. */
  drawCross(): void {
    if (!this.#isReady || document.activeElement !== this.#host.crosshair) return;
    const { left, top, width, height } = this.#frame;
    const [x, y] = this.crossPixel();
    this.cross.setAttribute("d", `M${left} ${y}h${width}M${x} ${top}v${height}`);
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
/** Rounds to a thousandth of what is shown, so that nobody meets sixteen digits. */
function rounder(plane: Plane): (x: number) => number {
  const [from, to] = plane.ranges[plane.across];
  const digits = Math.max(0, Math.min(12, 3 - Math.floor(Math.log10(to - from))));
  return (x) => Number(x.toFixed(digits));
}

/**
 * `<live-graph>`: a graph that can be unfolded, searched, walked through by keyboard, and that
 * changes its numbers without moving a node. Read folded-graph.ts, view.ts and stage.ts first.
 */

import "../styles/graph.css";
import type { Value } from "chainrule";
import { cardsOf } from "../../dist/draw/card.js";
import { drawScene } from "../../dist/draw/graph.js";
import { type DrawableNode, readGraph } from "../../dist/draw/node.js";
import type { Rectangle } from "../../dist/draw/shapes.js";
import { CanvasStage } from "./canvas-stage.ts";
import { FAR } from "./far.ts";
import { FoldedGraph, type Target } from "./folded-graph.ts";
import { onGestures } from "./gestures.ts";
import { type Direction, neighbour } from "./neighbours.ts";
import { NodeList } from "./node-list.ts";
import { Reading } from "./reading.ts";
import { find } from "./search.ts";
import type { Stage } from "./stage.ts";
import { SVGStage } from "./svg-stage.ts";
import { Tools } from "./tools.ts";
import { begin, between, fit, kept, reveal, suitableHeight, type View, zoom } from "./view.ts";

/** What the graph says of a node besides what the node itself knows. */
export interface GraphLook {
  /** Its numbers; undefined for those that are not computed yet, which are dashes. The node's own by default. */
  readonly numbers?: (node: Value) => { data: number | undefined; grad: number | undefined };
  /** How it is marked; several words with spaces between them. */
  readonly nodeState?: (node: Value) => string; // of: pending computes from to path wrong
  /** How the edge from input number `slot` to its consumer is marked. */
  readonly edgeState?: (consumer: Value, slot: number) => string; // of: forward backward past path
}

/** Milliseconds that a move takes which the reader did not make with the hand. */
const GLIDE = 180;
const ZOOM_STEP = 1.25;
const PAN_STEP = 60;

/** Smaller than this even a network is not shown at first; other graphs not without their numbers. */
const SMALLEST_START = 0.36;
/** The height of the stage at least, in pixels, if there is something to open. */
const ROOM_TO_OPEN = 440;
/** More boxes than this are too many elements for a page. */
const MOST_IN_SVG = 400;

/**
 * Attribute `hide`: words of what is left out: `search`, `list`, `tools`, `readout`.
 *
 * Events that bubble: `graph-select` when the reader selects a node (click, Enter), `graph-point`
 * when one is pointed at or focused; `detail.node` is the Value, undefined for none. `graph-fold` when
 * something was opened or closed, or another data point is shown.
 */
export class LiveGraph extends HTMLElement {
  #root: DrawableNode | undefined;
  #folded: FoldedGraph | undefined;
  #look: GraphLook = {};
  #reading: Reading | undefined;
  #stage: Stage | undefined;
  #view: View = { x: 0, y: 0, scale: 1 };
  /** Is the view one that the reader has not touched? Then it follows the size of the element. */
  #isUntouched = true;
  #glide = 0;
  /** The place of the selected node in the graph. */
  #selected: number | undefined;
  /** The key of the box or frame that Tab leads to; "" for the output. */
  #tabbed = "";
  #pointed: string | undefined;
  #hasFocus = false;
  /** The box from which the last step along an edge came: the way back leads there. */
  #cameFrom = "";
  /** The nodes that were found last, for which text, and which of them was gone to. */
  #hits = { text: "", places: [] as readonly number[], at: -1 };
  readonly #frame = document.createElement("div");
  readonly #said = document.createElement("p");
  readonly #readout = document.createElement("p");
  readonly #foot = document.createElement("div");
  readonly #tools = new Tools({
    openAll: () => this.#fold((folded) => folded.openAll()),
    closeAll: () => this.#fold((folded) => folded.closeAll()),
    zoom: (steps) => this.#zoomBy(ZOOM_STEP ** steps),
    fit: () => this.fit(),
    showExample: (example) => this.#fold((folded) => folded.showExample(example)),
    find: (text, by) => this.#find(text, by),
  });
  readonly #list = new NodeList();
  readonly #sizes = new ResizeObserver(() => this.#resize());
  #listening = new AbortController();

  connectedCallback(): void {
    this.#frame.className = "graph-stage";
    this.#said.className = "visually-hidden";
    this.#said.setAttribute("aria-live", "polite");
    this.#readout.className = "graph-readout";
    this.#readout.setAttribute("aria-hidden", "true"); // a screen reader is told by the box itself
    this.#frame.append(this.#readout, this.#tools.corner);
    this.#foot.className = "graph-foot";
    this.#foot.append(this.#tools.legend, this.#list.element, this.#tools.keys);
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const frame = this.#frame;
    onGestures(
      frame,
      {
        pan: (dx, dy) => this.#move({ ...this.#view, x: this.#view.x + dx, y: this.#view.y + dy }),
        zoom: (factor, x, y) => this.#move(zoom(this.#view, factor, x, y)),
      },
      signal,
    );
    frame.addEventListener("click", (event) => this.#onClick(event), { signal });
    frame.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    frame.addEventListener("pointermove", (event) => this.#onPointer(event), { signal });
    frame.addEventListener("pointerleave", () => this.#point(undefined), { signal });
    frame.addEventListener("focusin", (event) => this.#onFocus(event), { signal });
    frame.addEventListener("focusout", () => this.#onBlur(), { signal });
    this.#list.element.addEventListener("focusin", (event) => this.#onList(event), { signal });
    addEventListener("beforeprint", () => this.#fitToPaper(true), { signal });
    addEventListener("afterprint", () => this.#fitToPaper(false), { signal });
    this.#sizes.observe(frame);
    if (this.#folded !== undefined) this.#build();
  }

  disconnectedCallback(): void {
    this.#listening.abort();
    this.#sizes.disconnect();
    cancelAnimationFrame(this.#glide);
    this.#stage?.remove();
    this.#stage = undefined;
  }

  /**
   * Shows the graph of this node. If it has the structure of the one that is shown, as in the next
   * training step, nothing moves: view, open neurons, data point, selection and focus stay.
   */
  show(root: Value, look: GraphLook = {}): void {
    if (root !== this.#root || this.#folded === undefined) {
      const isNext = this.#folded?.adopt(root) ?? false;
      const hadFocus = this.#hasFocus;
      if (!isNext) this.#folded = new FoldedGraph(readGraph(root, "live-graph"));
      this.#root = root;
      if (!isNext) {
        this.#selected = undefined;
        this.#tabbed = "";
        this.#isUntouched = true;
        if (this.isConnected) this.#build();
        if (hadFocus) this.#focus(this.#folded?.targets.get(this.#tabbed));
      }
    }
    this.refresh(look);
  }

  /** The same graph, looked at anew: numbers and marks change, nothing moves. */
  refresh(look: GraphLook = this.#look): void {
    this.#look = look;
    if (this.#folded === undefined) return;
    this.#reading = new Reading(this.#folded, look);
    if (this.#stage === undefined) return;
    this.#stage.show(this.#reading.boxes(), this.#reading.lines());
    this.#list.show(this.#reading);
    this.#tellFocused();
    this.#showReadout();
  }

  /** The data point that is shown of several, as origins of nodes count them; undefined if all are. */
  get point(): number | undefined {
    const { examples, example } = this.#folded ?? { examples: [], example: 0 };
    return examples.length > 1 ? examples[example] : undefined;
  }

  /** Shows one of several data points, if there is one of this number. */
  showPoint(point: number): void {
    const at = this.#folded?.examples.indexOf(point) ?? -1;
    if (at >= 0 && point !== this.point) this.#fold((folded) => folded.showExample(at));
  }

  /** Selects a node, opens what it is folded into and, if asked, brings it into view. */
  select(node: Value | undefined, options: { reveal?: boolean } = {}): void {
    const folded = this.#folded;
    const place = node === undefined ? undefined : folded?.placeOf(node);
    this.#selected = place;
    if (folded !== undefined && place !== undefined) {
      this.#change(() => folded.reveal(place), this.#anchor());
      const target = folded.targetOf(place);
      if (target !== undefined && !this.#hasFocus) this.#tabbed = target.key;
      if (options.reveal && target !== undefined) this.#bringIntoView(target.at);
    }
    this.#showRings();
  }

  /** The picture as it is now, as SVG that stands by itself. */
  toSVG(title = ""): string {
    const folded = this.#folded;
    const reading = this.#reading;
    if (folded === undefined || reading === undefined)
      throw new Error("live-graph: nothing is shown");
    const { graph, scene, layout } = folded;
    const marked = new Set<DrawableNode>();
    if (this.#selected !== undefined) marked.add(graph.nodes[this.#selected]);
    reading.boxes().forEach(({ state }, i) => {
      const { node } = scene.items[i];
      if (node !== undefined && /\b(?:wrong|path)\b/.test(state)) marked.add(graph.nodes[node]);
    });
    const { numbersOf } = reading;
    const cards = cardsOf(graph, scene, true, marked, numbersOf);
    const dataOf = (node: DrawableNode) => numbersOf(node).data ?? Number.NaN;
    return drawScene(graph, scene, layout, cards, { gradients: true, title, dataOf });
  }

  // ---- What is open -----------------------------------------------------------------------------

  /** Opens or closes much at once, or shows another data point; and says what came of it. */
  #fold(change: (folded: FoldedGraph) => void): void {
    const folded = this.#folded;
    if (folded === undefined) return;
    this.#change(() => change(folded), this.#anchor());
    const { scene, examples, example } = folded;
    const point = examples.length > 1 ? `, data point ${example + 1} of ${examples.length}` : "";
    this.#said.textContent = `The picture has ${scene.items.length} boxes${point}.`;
  }

  /** Goes on to the next node that was looked for, opens what it is in, and selects it. */
  #find(text: string, by: number): string {
    const folded = this.#folded;
    if (folded === undefined || this.#reading === undefined) return "";
    if (text !== this.#hits.text || by === 0) {
      this.#hits = { text, places: find(folded, this.#reading, text), at: -1 };
    }
    const { places } = this.#hits;
    if (text.trim() === "") return "";
    if (places.length === 0) return "nothing found";
    if (by === 0) return `${places.length} found, Enter goes there`;
    const at = this.#hits.at < 0 ? (by > 0 ? 0 : places.length - 1) : this.#hits.at + by;
    this.#hits.at = (at + places.length) % places.length;
    const place = places[this.#hits.at];
    this.select(folded.graph.nodes[place] as Value, { reveal: true }); // a node of what was shown
    this.#tell("graph-select", place);
    const item = folded.targetOf(place)?.item;
    const title = item === undefined ? "" : `: ${this.#reading.title(item)}`;
    this.#said.textContent = `${this.#hits.at + 1} of ${places.length}${title}`;
    return `${this.#hits.at + 1} of ${places.length}`;
  }

  /** Changes what is open. The anchor stays where it is in the window. */
  #change(change: () => unknown, anchor: string): void {
    const folded = this.#folded;
    if (folded === undefined) return;
    const before = folded.scene;
    const node = folded.targets.get(anchor);
    const place = node?.item === undefined ? undefined : folded.scene.items[node.item].node;
    const from = node?.at;
    change();
    if (folded.scene === before) return;
    const to =
      folded.targets.get(anchor) ?? (place === undefined ? undefined : folded.targetOf(place));
    const had = this.#hasFocus;
    this.#isUntouched = false; // the reader looks at something now
    this.#build();
    if (from !== undefined && to !== undefined) {
      const { x, y, scale } = this.#view;
      this.#move({
        x: x + scale * (middle(from).x - middle(to.at).x),
        y: y + scale * (middle(from).y - middle(to.at).y),
        scale,
      });
    }
    if (had) this.#focus(folded.targets.get(this.#tabbed) ?? to);
    this.dispatchEvent(new CustomEvent("graph-fold", { bubbles: true }));
  }

  /** The key of what is to stay where it is: what has the focus, or what is nearest to the middle. */
  #anchor(): string {
    const folded = this.#folded;
    if (folded === undefined) return "";
    const size = this.#size();
    const { x, y, scale } = this.#view;
    const isSeen = ({ at }: Target) => {
      const { x: mx, y: my } = middle(at);
      const [sx, sy] = [x + scale * mx, y + scale * my];
      return sx >= 0 && sy >= 0 && sx <= size.width && sy <= size.height;
    };
    const focused = this.#hasFocus ? folded.targets.get(this.#tabbed) : undefined;
    if (focused !== undefined && isSeen(focused)) return focused.key;
    let nearest = "";
    let least = Infinity;
    for (const { key, at, item } of folded.targets.values()) {
      if (item === undefined) continue;
      const { x: mx, y: my } = middle(at);
      const distance = Math.hypot(
        x + scale * mx - size.width / 2,
        y + scale * my - size.height / 2,
      );
      if (distance < least) [least, nearest] = [distance, key];
    }
    return nearest;
  }

  // ---- The picture ------------------------------------------------------------------------------

  #build(): void {
    const folded = this.#folded;
    if (folded === undefined) return;
    // What the page has shown until now is no longer needed.
    if (this.#frame.parentNode !== this) {
      this.replaceChildren(this.#tools.bar, this.#frame, this.#foot, this.#said);
    }
    const Kind = folded.scene.items.length > MOST_IN_SVG ? CanvasStage : SVGStage;
    if (!(this.#stage instanceof Kind)) {
      this.#stage?.remove();
      this.#stage = new Kind();
    }
    if (this.#stage.element.parentNode !== this.#frame) this.#frame.prepend(this.#stage.element);
    this.#stage.build(
      folded,
      `Graph of ${folded.graph.nodes.length} nodes: arrow keys walk, Enter opens`,
    );
    if (this.#isUntouched) this.#start();
    this.#place();
    this.#reading = new Reading(folded, this.#look);
    this.#stage.show(this.#reading.boxes(), this.#reading.lines());
    this.#list.build(folded, this.#reading);
    const hide = new Set((this.getAttribute("hide") ?? "").split(/\s+/));
    this.#tools.show(folded, hide);
    this.#list.element.hidden = hide.has("list");
    this.#setTabStop();
    this.#pointed = undefined;
    this.#showRings();
    this.#showReadout();
  }

  #start(): void {
    const folded = this.#folded;
    if (folded === undefined) return;
    const { layout } = folded;
    const least = folded.hasNothingToFold ? FAR : SMALLEST_START;
    const suitable = suitableHeight(layout, this.#size().width, least);
    const height = folded.hasNothingToFold ? suitable : Math.max(suitable, ROOM_TO_OPEN);
    this.style.setProperty("--drawn", `${Math.ceil(height)}px`);
    const size = this.#size();
    if (size.width === 0) return;
    this.#view = begin(layout, size, least);
  }

  #size(): { width: number; height: number } {
    return { width: this.#frame.clientWidth, height: this.#frame.clientHeight };
  }

  #resize(): void {
    if (this.#isUntouched) this.#start();
    this.#place();
  }

  #place(): void {
    const { height } = this.#size();
    const { scale } = this.#view;
    this.#stage?.place(this.#view, scale < FAR);
    // One finger scrolls the page, unless there is more of the picture above or below.
    const isTall = (this.#folded?.layout.height ?? 0) * scale > height + 1;
    this.#frame.classList.toggle("is-tall", isTall);
  }

  /** Shows another part at once. */
  #move(view: View): void {
    const folded = this.#folded;
    if (folded === undefined) return;
    cancelAnimationFrame(this.#glide);
    this.#isUntouched = false;
    this.#view = kept(view, folded.layout, this.#size());
    this.#place();
  }

  /** Shows another part, in a short while if the reader does not mind motion. */
  #glideTo(view: View): void {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.#move(view);
      return;
    }
    const [from, start] = [this.#view, performance.now()];
    cancelAnimationFrame(this.#glide);
    const step = () => {
      const share = Math.min(1, (performance.now() - start) / GLIDE);
      this.#move(between(from, view, share * (2 - share)));
      if (share < 1) this.#glide = requestAnimationFrame(step);
    };
    step();
  }

  /** On paper nobody can move the picture: all that is open is to be seen, however narrow the page is. */
  #fitToPaper(isOnPaper: boolean): void {
    const { layout } = this.#folded ?? {};
    const { element } = this.#stage ?? {};
    if (layout === undefined || !(element instanceof SVGElement)) return;
    const { x, y, scale } = this.#view;
    const gap = 12; // rings and signs stand beside boxes
    const [width, height] = [scale * layout.width, scale * layout.height];
    const at = [x - gap, y - gap, width + 2 * gap, height + 2 * gap];
    if (isOnPaper) element.setAttribute("viewBox", at.map(Math.round).join(" "));
    else element.removeAttribute("viewBox");
  }

  #bringIntoView(at: Rectangle): void {
    const size = this.#size();
    if (size.width === 0) return;
    const view = reveal(this.#view, at, size);
    if (view.x !== this.#view.x || view.y !== this.#view.y) this.#glideTo(view);
  }

  /** Shows everything. */
  fit(): void {
    if (this.#folded !== undefined) this.#glideTo(fit(this.#folded.layout, this.#size()));
  }

  #zoomBy(factor: number): void {
    const { width, height } = this.#size();
    const focused = this.#hasFocus ? this.#folded?.targets.get(this.#tabbed) : undefined;
    const { x, y, scale } = this.#view;
    const at = focused === undefined ? undefined : middle(focused.at);
    const [cx, cy] =
      at === undefined ? [width / 2, height / 2] : [x + scale * at.x, y + scale * at.y];
    this.#glideTo(zoom(this.#view, factor, cx, cy));
  }

  #showRings(): void {
    const folded = this.#folded;
    const selected = this.#selected === undefined ? undefined : folded?.targetOf(this.#selected);
    const isRinged = this.#hasFocus && document.activeElement?.matches(":focus-visible") === true;
    const focused = isRinged ? folded?.targets.get(this.#tabbed) : undefined;
    this.#stage?.ring({ selected, focused });
    this.#showNear();
  }

  // ---- What the reader does ---------------------------------------------------------------------

  #targetAt(event: MouseEvent): Target | undefined {
    const folded = this.#folded;
    if (folded === undefined) return undefined;
    const named = this.#stage?.targetOf(event, folded);
    if (named !== undefined) return named;
    const { left, top } = this.#frame.getBoundingClientRect();
    const { x, y, scale } = this.#view;
    const { clientLeft, clientTop } = this.#frame; // its border
    return folded.at(
      (event.clientX - left - clientLeft - x) / scale,
      (event.clientY - top - clientTop - y) / scale,
    );
  }

  #onClick(event: MouseEvent): void {
    if (event.target instanceof Node && this.#tools.corner.contains(event.target)) return;
    const target = this.#targetAt(event);
    if (target === undefined) return;
    this.#activate(target);
  }

  /** Opens or closes; or selects. */
  #activate(target: Target): void {
    const folded = this.#folded;
    if (folded === undefined) return;
    this.#tabbed = target.key;
    const node = target.item === undefined ? undefined : folded.scene.items[target.item].node;
    if (target.group !== undefined || folded.canOpen(target)) {
      this.#change(() => folded.toggle(target), target.key);
    }
    this.#focus(folded.targets.get(this.#tabbed));
    if (node === undefined) return;
    this.#selected = node;
    this.#showRings();
    this.#tell("graph-select", node);
  }

  #onPointer(event: PointerEvent): void {
    if (event.buttons !== 0) return;
    const isOnTool = event.target instanceof Node && this.#tools.corner.contains(event.target);
    this.#point(isOnTool ? undefined : this.#targetAt(event));
  }

  #point(target: Target | undefined): void {
    if (target?.key === this.#pointed) return;
    this.#pointed = target?.key;
    this.#showNear();
    this.#frame.classList.toggle("is-pointing", target !== undefined);
    const node =
      target?.item === undefined ? undefined : this.#folded?.scene.items[target.item].node;
    this.#tell("graph-point", node);
    this.#showReadout();
  }

  /** Shows which edges lead to what is pointed at, or else to what has the focus by keyboard. */
  #showNear(): void {
    const { activeElement } = document;
    const isWalking = this.#hasFocus && activeElement?.matches(":focus-visible") === true;
    const key = this.#pointed ?? (isWalking ? this.#tabbed : "");
    this.#stage?.hover(this.#folded?.targets.get(key));
  }

  /** The name and the numbers in full of what is pointed at, or else of what has the focus. */
  #showReadout(): void {
    const key = this.#pointed ?? (this.#hasFocus ? this.#tabbed : "");
    const target = this.#folded?.targets.get(key);
    const isHidden = (this.getAttribute("hide") ?? "").split(/\s+/).includes("readout");
    const text = target === undefined || isHidden ? "" : this.#titleOf(target);
    if (this.#readout.textContent !== text) this.#readout.textContent = text;
  }

  #onList(event: Event): void {
    const item = this.#list.itemOf(event);
    if (item !== undefined) this.#tell("graph-point", this.#folded?.scene.items[item].node);
  }

  #onFocus(event: FocusEvent): void {
    const folded = this.#folded;
    if (folded === undefined) return;
    const target = this.#stage?.targetOf(event, folded);
    if (target === undefined) return;
    this.#hasFocus = true;
    this.#tabbed = target.key;
    this.#setTabStop();
    this.#tellFocused();
    this.#showRings();
    this.#showReadout();
    // Who comes here by Tab may have moved the picture meanwhile.
    if (this.#stage?.elementOf(target)?.matches(":focus-visible")) this.#bringIntoView(target.at);
    if (target.item !== undefined) {
      this.#tell("graph-point", folded.scene.items[target.item].node);
    }
  }

  #onBlur(): void {
    this.#hasFocus = false;
    this.#showRings();
    this.#showReadout();
  }

  #tell(event: "graph-select" | "graph-point", place: number | undefined): void {
    const node = place === undefined ? undefined : this.#folded?.graph.nodes[place];
    this.dispatchEvent(new CustomEvent(event, { bubbles: true, detail: { node } }));
  }

  /** Gives the focus to a box or frame, and brings it into view. */
  #focus(target: Target | undefined): void {
    if (target === undefined) return;
    this.#tabbed = target.key;
    this.#setTabStop();
    this.#stage?.elementOf(target)?.focus({ preventScroll: true });
    this.#bringIntoView(target.at);
  }

  /** Tab leads to one box only; the arrow keys lead on from there. */
  #setTabStop(): void {
    const folded = this.#folded;
    if (folded === undefined) return;
    for (const element of this.#frame.querySelectorAll('[tabindex="0"]')) {
      element.setAttribute("tabindex", "-1");
      unname(element);
    }
    const root = folded.scene.items[folded.scene.roots[0]].key;
    if (!folded.targets.has(this.#tabbed)) this.#tabbed = root;
    const target = folded.targets.get(this.#tabbed);
    if (target === undefined) return;
    const element = this.#stage?.elementOf(target);
    element?.setAttribute("tabindex", "0");
    if (element) name(element, this.#titleOf(target));
  }

  /** What has the focus says its numbers as they are now. */
  #tellFocused(): void {
    const target = this.#folded?.targets.get(this.#tabbed);
    if (target === undefined) return;
    const element = this.#stage?.elementOf(target);
    const title = this.#titleOf(target);
    if (element) name(element, title);
  }

  #titleOf({ item, group }: Target): string {
    const { scene } = this.#folded ?? {};
    if (item !== undefined) return this.#reading?.title(item) ?? "";
    return group === undefined ? "" : `${scene?.groups[group].title ?? ""}, open`;
  }

  #onKey(event: KeyboardEvent): void {
    const folded = this.#folded;
    const target = folded?.targets.get(this.#tabbed);
    if (folded === undefined || target === undefined) return;
    if (event.target instanceof Node && this.#tools.corner.contains(event.target)) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { key, shiftKey } = event;
    const direction = directions[key];
    if (direction !== undefined && shiftKey) {
      const [dx, dy] = steps[direction];
      this.#move({
        ...this.#view,
        x: this.#view.x - dx * PAN_STEP,
        y: this.#view.y - dy * PAN_STEP,
      });
    } else if (direction !== undefined) {
      const next = neighbour(folded, target, direction, this.#cameFrom);
      if (next !== undefined) {
        this.#cameFrom = target.key;
        this.#focus(next);
      }
    } else if (key === "Enter" || key === " ") this.#activate(target);
    else if (key === "Escape" || key === "Backspace") {
      if (target.item === undefined) this.#activate(target);
      else {
        const { item } = target;
        let closed: string | undefined;
        this.#change(() => {
          closed = folded.closeAround(item);
          if (closed !== undefined) this.#tabbed = closed;
        }, target.key);
        if (closed === undefined) return; // Escape may be of use to who is around
      }
    } else if (key === "Home")
      this.#focus(folded.targets.get(folded.scene.items[folded.scene.roots[0]].key));
    else if (key === "+" || key === "=") this.#zoomBy(ZOOM_STEP);
    else if (key === "-") this.#zoomBy(1 / ZOOM_STEP);
    else if (key === "0") this.fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
const steps: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};

const middle = ({ x, y, width, height }: Rectangle) => ({ x: x + width / 2, y: y + height / 2 });

/**
 * Names a box for screen readers. In a picture that is a title: an `aria-label` would have to say
 * all that stands in the box in the order in which it stands there.
 */
function name(element: Element, text: string): void {
  if (!(element instanceof SVGElement)) {
    if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
    return;
  }
  const old = element.querySelector(":scope > title");
  const title = old ?? document.createElementNS(element.namespaceURI, "title");
  if (title.textContent !== text) title.textContent = text;
  if (old === null) element.append(title);
}

/** What the tab stop has left is named by its texts, which change with the numbers. */
function unname(element: Element): void {
  element.querySelector(":scope > title")?.remove();
}

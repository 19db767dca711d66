/**
 * A gradient as a sum with one line for each edge to a consumer, to be added up by hand. Read
 * parts.ts and src/explain/steps.ts first.
 */

import type { Value } from "chainrule";
import { type PassStep, nameOf as shortName, shownNumber, type Walk } from "chainrule/explain";
import type { Moment } from "../panel.ts";
import { ask, counted, lightUp, make, makeButton, write, writeName } from "./parts.ts";

/** A sum of more terms than this is folded to the largest few. */
const MANY = 8;
const LARGEST = 5;
/** How many more lines a press of the button shows. */
const MORE = 200;

/** What is not computed yet, or stands for nothing. */
export const DASH = "–";

/** A term of the sum: what comes over an edge to a consumer. */
export interface Term {
  readonly step: PassStep;
  /** Has the walk come past it? */
  readonly isPast: boolean;
}

const passes = new WeakMap<Walk, Map<Value, readonly (readonly [PassStep, number])[]>>();

/** The steps that pass something to a node, each with the position after it. */
export function passesTo(walk: Walk, node: Value): readonly (readonly [PassStep, number])[] {
  const known = passes.get(walk) ?? new Map<Value, readonly (readonly [PassStep, number])[]>();
  passes.set(walk, known);
  let own = known.get(node);
  if (own === undefined) {
    own = walk.steps.flatMap((step, i) =>
      step.kind === "pass" && step.input === node ? [[step, i + 1] as const] : [],
    );
    known.set(node, own);
  }
  return own;
}

/** The terms of a node's gradient, by data point where they come from several. */
export function termsOf(walk: Walk, node: Value, position: number): Term[] {
  const point = ({ step }: Term) => step.node.origin.example ?? -1;
  return passesTo(walk, node)
    .map(([step, after]) => ({ step, isPast: after <= position }))
    .sort((one, other) => point(one) - point(other));
}

/** The table. It is made once; its lines are written anew. */
export class SumTable {
  readonly element: HTMLElement;
  readonly #lines = make("tbody");
  readonly #others = new Line();
  readonly #sum = new Line();
  readonly #more: HTMLButtonElement;
  readonly #pool: TermLine[] = [];
  #node: Value | undefined;
  #show: (() => void) | undefined;
  /** How many lines the reader has opened besides the largest ones. */
  #open = 0;

  constructor() {
    const heads = ["It goes into", "gradient there", "× local derivative", "= share"];
    const cells = heads.map((text) => make("th", text));
    for (const cell of cells) cell.setAttribute("scope", "col");
    this.#sum.element.className = "sum-total";
    this.#more = makeButton("", () => {
      this.#open += MORE;
      this.#show?.();
    });
    this.element = make(
      "div.sum",
      make(
        "table.sum-table",
        make("thead", make("tr", ...cells)),
        this.#lines,
        make("tfoot", this.#others.element, this.#sum.element),
      ),
      this.#more,
    );
  }

  /** Writes the sum of a node's gradient as it is at this moment. */
  show(node: Value, moment: Moment): void {
    if (node !== this.#node) this.#open = 0;
    this.#node = node;
    this.#show = () => this.#write(node, moment);
    this.#show();
  }

  #write(node: Value, { walk, position, nameOf }: Moment): void {
    const terms = termsOf(walk, node, position);
    const [shown, others] = folded(terms, this.#open);

    // 1. A line for each term. Lines stay where they are, and keep the focus.
    const points = new Set(terms.map(({ step }) => step.node.origin.example));
    while (this.#pool.length < shown.length) this.#pool.push(new TermLine());
    shown.forEach((term, i) => {
      const { node } = term.step;
      const { example } = node.origin;
      // Of several data points the number of the point says which consumer it is.
      const isOfPoint = example !== undefined && points.size > 1;
      const point = isOfPoint ? `data point ${example + 1}` : "";
      this.#pool[i].show(term, isOfPoint ? shortName(node) : nameOf(node), point);
    });
    const elements = this.#pool.slice(0, shown.length).map(({ element }) => element);
    if (this.#lines.childElementCount !== shown.length) this.#lines.replaceChildren(...elements);

    // 2. The others in one line, so that the sum can be checked.
    this.#others.element.hidden = others.length === 0;
    this.#more.hidden = others.length === 0;
    const past = others.filter(({ isPast }) => isPast);
    const together = past.reduce((sum, { step }) => sum + (step.product ?? 0), 0);
    const toCome = others.length - past.length;
    const rest = toCome > 0 ? ` (${toCome} still to come)` : "";
    const number = past.length > 0 ? shownNumber(together) : DASH;
    this.#others.show(`… ${counted(others.length, "more", "more")}${rest}`, "together", number);
    const all = others.length <= MORE ? "all" : `${MORE} more`;
    write(this.#more, `Show ${all} of the ${counted(terms.length, "term")}`);

    // 3. The sum.
    const isWhole = terms.every(({ isPast }) => isPast);
    const gradient = walk.gradient(node, position);
    this.#sum.show(isWhole ? "Sum" : "Sum so far", "", known(gradient));
  }
}

/** All terms, or of many the largest ones; the others. */
function folded(terms: readonly Term[], open: number): [readonly Term[], readonly Term[]] {
  const most = LARGEST + open;
  if (terms.length <= Math.max(MANY, most)) return [terms, []];
  const size = ({ step }: Term) => Math.abs(step.product ?? 0);
  const sorted = [...terms].sort((one, other) => size(other) - size(one));
  return [sorted.slice(0, most), sorted.slice(most)];
}

/** A number, or a dash for none. */
export const known = (number: number | undefined): string =>
  number === undefined ? DASH : shownNumber(number);

const reasons = {
  "not chosen": "not chosen here, so it passes nothing",
  cut: "cuts the graph, so it passes nothing",
  "nothing came": "nothing came to it, so it passes nothing",
};

/** A line with a consumer and its three numbers. */
class TermLine {
  readonly element: HTMLElement;
  readonly #consumer: HTMLButtonElement;
  readonly #remark = make("small");
  readonly #numbers = [make("td"), make("td"), make("td")];
  #step: PassStep | undefined;

  constructor() {
    this.#consumer = makeButton("", () => {
      if (this.#step) ask(this.element, "debugger-select", { node: this.#step.node });
    });
    this.#consumer.className = "sum-consumer";
    const head = make("th", this.#consumer, this.#remark);
    head.setAttribute("scope", "row");
    this.element = make("tr", head, ...this.#numbers);
    lightUp(this.element, () => {
      if (this.#step === undefined) return undefined;
      const { node, slot, input, local } = this.#step;
      return { edges: [{ consumer: node, slot, input, local }], product: local };
    });
  }

  show({ step, isPast }: Term, name: string, point: string): void {
    this.#step = step;
    const { upstream, local, product, because } = step;
    writeName(this.#consumer, name);
    const reason = because === undefined || !isPast ? "" : reasons[because];
    write(this.#remark, [point, reason].filter((text) => text !== "").join(": "));
    const texts = isPast ? [upstream, local, product].map(known) : [DASH, DASH, DASH];
    this.#numbers.forEach((cell, i) => {
      write(cell, texts[i]);
    });
    this.element.toggleAttribute("data-to-come", !isPast);
  }
}

/** A line below the terms. */
class Line {
  readonly element: HTMLElement;
  readonly #name = make("th");
  readonly #remark = make("td");
  readonly #number = make("td");

  constructor() {
    this.#name.setAttribute("scope", "row");
    this.#remark.setAttribute("colspan", "2");
    this.element = make("tr", this.#name, this.#remark, this.#number);
  }

  show(name: string, remark: string, number: string): void {
    write(this.#name, name);
    write(this.#remark, remark);
    write(this.#number, number);
  }
}

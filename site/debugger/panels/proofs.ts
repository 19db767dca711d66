/**
 * The gradient of the selected node proved in three ways: by backward, along all paths, by nudging.
 * Read parts.ts, src/explain/proofs.ts and src/explain/paths.ts first.
 */

import "../../styles/panels.css";
import type { Value } from "chainrule";
import {
  agreeingDigits,
  type Path,
  type Proofs,
  pathsOf,
  proofsOf,
  shownNumber,
  slopeText,
  splitDigits,
} from "chainrule/explain";
import { isSecret, type Moment, type Panel } from "../panel.ts";
import {
  ask,
  counted,
  inSentence,
  lightUp,
  make,
  makeButton,
  SMALL,
  WhenSeen,
  write,
} from "./parts.ts";

/** A walk of more steps is proved only if the reader asks for it: that takes the page a moment. */
const MANY_STEPS = 15_000;
/** How many digits are shown. */
const DIGITS = 12;
/** How many paths a press of the button lists. */
const MORE = 20;

/** Three ways to the same gradient. */
export function proofsPanel(): Panel {
  const panel = new ProofsPanel();
  return {
    name: "proofs",
    title: "Three proofs",
    element: panel.element,
    show: (moment) => panel.show(moment),
  };
}

class ProofsPanel {
  readonly #note = make("p.panel-note");
  readonly #prove = makeButton("Prove it", () => {
    this.#isAskedFor = true;
    this.#compute();
  });
  readonly #ways = {
    backward: new Way("Backward"),
    paths: new Way("All paths"),
    nudge: new Way("A nudge"),
  };
  readonly #table: HTMLElement;
  readonly #verdict = make("p.panel-meaning");
  readonly #paths = new PathList();
  readonly element: HTMLElement;

  readonly #seen: WhenSeen;
  #moment: Moment | undefined;
  #isAskedFor = false;

  constructor() {
    const { backward, paths, nudge } = this.#ways;
    const rows = [backward, paths, nudge].flatMap(({ rows }) => rows);
    this.#table = make("table.proofs", make("tbody", ...rows));
    this.element = make(
      "div.panel",
      this.#note,
      this.#prove,
      this.#table,
      this.#verdict,
      this.#paths.element,
    );
    this.#seen = new WhenSeen(
      this.element,
      () => this.#compute(),
      () => (this.#moment?.walk.steps.length ?? 0) <= SMALL,
    );
  }

  show(moment: Moment): void {
    const before = this.#moment;
    this.#moment = moment;
    const { walk, node, hidden, position } = moment;
    const isSame = before?.walk === walk && before.node === node && before.hidden === hidden;
    if (before?.node !== node) this.#isAskedFor = false;
    // The proofs know nothing of the walk, but in a quiz they wait for it.
    if (isSame && (hidden === undefined || before?.position === position)) return;
    this.#seen.changed();
  }

  #compute(): void {
    const moment = this.#moment;
    if (moment === undefined) return;
    const { walk, node, nameOf } = moment;
    const why = whyNothing(moment);
    const waits = walk.steps.length > MANY_STEPS && !this.#isAskedFor;
    const isProved = why === undefined && !waits;
    this.#prove.hidden = why !== undefined || !waits;
    write(
      this.#note,
      why ??
        (waits ? `This graph has ${counted(walk.steps.length, "step")}: it takes a moment.` : ""),
    );
    this.#note.hidden = isProved;
    for (const part of [this.#table, this.#verdict]) part.hidden = !isProved;
    this.#paths.element.hidden = !isProved;
    if (node === undefined || !isProved) return;
    const proofs = proofsOf(walk.output, node);
    this.#write(proofs, node, moment);
    this.#paths.show(proofs, node, moment);
    write(this.#verdict, verdictOf(proofs, nameOf(node)));
  }

  #write({ backward, paths, nudge }: Proofs, node: Value, { walk, nameOf }: Moment): void {
    const output = inSentence(nameOf(walk.output));
    const name = nameOf(node);
    const digits = [paths.sum, nudge.slope].map((found) =>
      found === undefined ? Infinity : agreeingDigits(backward, found),
    );
    const edges = walk.steps.length - walk.forward - 1;
    this.#ways.backward.show(
      backward,
      Math.min(DIGITS, ...digits),
      `${slopeText(walk.output, node, nameOf)}, found in one pass over ${counted(edges, "edge")}, the lines of the graph.`,
    );
    const many = counted(paths.count, "path leads", "paths lead");
    this.#ways.paths.show(
      paths.sum,
      digits[0],
      `${many} from ${output} to ${name}. ` +
        (paths.sum === undefined
          ? "Too many to walk: that is why backward adds up at each node, and goes over each edge only once."
          : paths.count === 1
            ? "This is the product of the local derivatives along it."
            : "This is the sum of the products of the local derivatives along each."),
    );
    // All digits, as the difference of two such numbers is small.
    const sum = `(${plain(nudge.above)} - ${bracketed(plain(nudge.below))}) / (2 × ${nudge.h})`;
    const remark = nudge.note === undefined ? "" : ` Mind: ${nudge.note}.`;
    this.#ways.nudge.show(
      nudge.slope,
      digits[1],
      `Make ${name} larger, then smaller by ${nudge.h}, and compute ${output} again each time: ${sum}.${remark}`,
    );
  }
}

/** One of the three: what it is, how it is done, what came out. */
class Way {
  readonly #how = make("p.panel-note");
  readonly #agreeing = make("u");
  readonly #rest = make("span");
  readonly rows: readonly HTMLElement[];

  constructor(name: string) {
    const head = make("th", name);
    head.setAttribute("scope", "row");
    const how = make("td", this.#how);
    how.setAttribute("colspan", "2");
    this.rows = [
      make("tr", head, make("td.proofs-number", this.#agreeing, this.#rest)),
      make("tr", how),
    ];
  }

  /** @param digits so many digits agree with what backward has found, and are underlined */
  show(found: number | undefined, digits: number, how: string): void {
    write(this.#how, how);
    const { agreeing, rest } =
      found === undefined ? { agreeing: "", rest: "–" } : splitDigits(found, digits, DIGITS);
    write(this.#agreeing, agreeing);
    write(this.#rest, rest);
  }
}

/** In how far the three agree. */
function verdictOf({ backward, paths, nudge }: Proofs, name: string): string {
  const found = [paths.sum, nudge.slope].filter((slope) => slope !== undefined);
  const digits = Math.min(...found.map((slope) => agreeingDigits(backward, slope)));
  const all = paths.sum === undefined ? "Both" : "All three";
  if (backward === 0 && found.every((slope) => Math.abs(slope) < 1e-9)) {
    return `${all} say that ${name} makes no difference here.`;
  }
  if (digits >= DIGITS) return `${all} agree, in every digit shown.`;
  if (digits > 3) {
    return `${all} agree; what agrees is underlined. A nudge is never quite exact: it is not infinitely small.`;
  }
  return "They do not all agree here. What agrees is underlined.";
}

/** The paths, on demand; each lights up in the graph. */
class PathList {
  readonly #list = make("ol.proofs-paths");
  readonly #more = makeButton("Show the paths", () => this.#open());
  readonly #total = make("p.panel-meaning");
  readonly element = make("div", this.#list, this.#total, this.#more);
  #moment: Moment | undefined;
  #node: Value | undefined;
  #count = 0;
  /** What was found, once the reader has asked for it. */
  #paths: readonly Path[] | undefined;
  #sum = 0;

  show({ paths }: Proofs, node: Value, moment: Moment): void {
    const isOpen = this.#list.childElementCount > 0 && this.#node === node;
    const wanted = isOpen ? this.#list.childElementCount : 0;
    this.#moment = moment;
    this.#node = node;
    this.#count = paths.count;
    this.#sum = paths.sum ?? 0;
    this.#paths = undefined;
    this.#list.replaceChildren();
    this.#total.hidden = true;
    if (wanted > 0) this.#showMore(wanted);
    this.#label();
    if (paths.sum === undefined || paths.count === 0) this.#more.hidden = true;
  }

  /** Shows more as the reader asked for it, who goes on with the first new one if the button is gone. */
  #open(): void {
    const before = this.#list.childElementCount;
    this.#showMore();
    if (!this.#more.hidden) return;
    this.#list.children[before]?.querySelector("button")?.focus({ preventScroll: true });
  }

  #showMore(more = MORE): void {
    const moment = this.#moment;
    const node = this.#node;
    if (moment === undefined || node === undefined) return;
    this.#paths ??= pathsOf(moment.walk.output, node);
    const start = this.#list.childElementCount;
    const next = this.#paths.slice(start, start + more);
    this.#list.append(...next.map((path) => this.#entry(path, moment)));
    this.#label();
  }

  #entry(path: Path, { walk, nameOf }: Moment): HTMLElement {
    const button = makeButton("", () => ask(button, "debugger-path", { path }));
    button.className = "proofs-path";
    button.append(
      make("span", wayOf(path, walk.output, nameOf)),
      make("span.proofs-product", productOf(path)),
    );
    lightUp(button, () => path);
    return make("li", button);
  }

  #label(): void {
    const shown = this.#list.childElementCount;
    const rest = this.#count - shown;
    this.#more.hidden = rest === 0;
    const next = Math.min(MORE, rest);
    const some =
      next === this.#count
        ? `the ${this.#count === 1 ? "path" : counted(next, "path")}`
        : `${next} ${shown === 0 ? "" : "more "}of the ${counted(this.#count, "path")}`;
    write(this.#more, `Show ${some}`);
    this.#total.hidden = shown === 0;
    const products = this.#paths?.map(({ product }) => shownNumber(product)) ?? [];
    const sum =
      products.length > 1 && products.length <= MORE
        ? `${products.map((product, i) => (i === 0 ? product : bracketed(product))).join(" + ")} = `
        : "";
    write(this.#total, `Sum of all products: ${sum}${shownNumber(this.#sum)}`);
  }
}

/** The nodes of a path; of those within one neuron only the neuron is named. */
export function wayOf({ edges }: Path, output: Value, nameOf: Moment["nameOf"]): string {
  const nodes = [output, ...edges.map(({ input }) => input)];
  const names = nodes.map((node) => {
    const { layer, neuron } = node.origin;
    const isInside = node.op !== "" && layer !== undefined && neuron !== undefined;
    return isInside ? `layers.${layer}.neurons.${neuron}` : nameOf(node);
  });
  const way = names.filter((name, i) => name !== names[i - 1]).join(" → ");
  const example = nodes.find(({ origin }) => origin.example !== undefined)?.origin.example;
  return example === undefined ? way : `data point ${example + 1}: ${way}`;
}

/** "0.2500 × -1.7009 × 1 (9 times) = -0.4252": the factors along a path. */
export function productOf({ edges, product }: Path): string {
  const others = edges.filter(({ local }) => local !== 1);
  const ones = edges.length - others.length;
  const factors = others.map(({ local }) => bracketed(shownNumber(local)));
  if (ones > 0 || edges.length === 0) factors.push(ones > 1 ? `1 (${ones} times)` : "1");
  return `${factors.join(" × ")} = ${shownNumber(product)}`;
}

function whyNothing(moment: Moment): string | undefined {
  const { node } = moment;
  if (node === undefined) return "Select a node of the graph to have its gradient proved.";
  if (!isSecret(moment, node)) return undefined;
  return "The quiz is on: the proofs are shown once you have answered.";
}

/** All digits of a number, but -7.94 for the -7.940000000000001 that rounding made of it. */
function plain(x: number): string {
  const short = Number(x.toPrecision(13));
  return String(Math.abs(x - short) <= 8 * Number.EPSILON * Math.abs(x) ? short : x);
}

const bracketed = (number: string): string => (number.startsWith("-") ? `(${number})` : number);

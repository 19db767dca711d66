/**
 * The box of an item: what stands in it, how large that makes it, and what it looks like. Read
 * scene.ts first.
 */

import { Value } from "../value.ts";
import type { Rectangle } from "./layout.ts";
import {
  briefNumber,
  DASH,
  type DrawableNode,
  type Graph,
  gradientText,
  LONGEST_NUMBER,
  labelText,
  numberText,
  operationText,
} from "./node.ts";
import { counted, type Item, type Scene } from "./scene.ts";
import { coordinate, escapeText, paint, type Role, shorten, textAt, textWidth } from "./svg.ts";

/** What stands in the box of an item, and how large that makes it. */
export interface Card {
  readonly width: number;
  readonly height: number;
  readonly operation: string;
  readonly label: string;
  readonly data: string;
  /** undefined if it is not to be shown. */
  readonly gradient: string | undefined;
  /** Are the words "data" and "grad" before the numbers? */
  readonly words: boolean;
  /** What a screen reader or the mouse pointer is told. */
  readonly title: string;
  readonly marked: boolean;
  readonly root: boolean;
}

const PAD = 8;
const LINE = 15; // from one line of numbers to the next
const NUMBER = { size: 11, mono: true } as const;
const LABEL = { size: 13, bold: true } as const;
const ROOM = textWidth("0".repeat(LONGEST_NUMBER), NUMBER); // of each number, be it long or short
const WORDS = 30; // the width of "data" and "grad"
const LONGEST_LABEL = 190;
const ROOMY = 60; // boxes up to which each number has its word

/** The boxes of all items. Their sizes do not depend on numbers: they stay as they are in training. */
export function cardsOf(
  graph: Graph,
  scene: Scene,
  gradients: boolean,
  marked: ReadonlySet<DrawableNode>,
): Card[] {
  const gradientOf = gradientText(graph, briefNumber);
  const fullGradientOf = gradientText(graph);
  const words = scene.items.length <= ROOMY;
  const roots = new Set(scene.roots);
  const terms = termsOf(graph, scene);
  const cards = scene.items.map((item, i): Card => {
    const node = item.node === undefined ? undefined : graph.nodes[item.node];
    const data = node === undefined ? "" : briefNumber(node.data);
    const gradient = node === undefined || !gradients ? undefined : gradientOf(node);
    const plain = item.kind === "operation" || item.kind === "sum";
    const operation =
      item.kind === "sum"
        ? "Σ"
        : plain && node !== undefined
          ? shorten(operationText(node), 90, BADGE)
          : "";
    const label = shorten(item.label, LONGEST_LABEL, LABEL);
    let width = PAD;
    if (operation !== "") width += badgeWidth(operation) + PAD;
    if (label !== "") width += textWidth(label, LABEL) + PAD;
    if (data !== "") width += (words ? WORDS : 0) + ROOM + PAD;
    const lines = data === "" ? 1 : gradient === undefined ? 1 : 2;
    const height = item.kind === "layer" ? 150 : lines * LINE + PAD;
    if (item.kind === "layer") width = Math.max(100, textWidth(label, LABEL) + 2 * PAD);
    const fullGradient = node === undefined || !gradients ? undefined : fullGradientOf(node);
    const title = titleOf(item, node, fullGradient, terms(i));
    const isMarked = node !== undefined && item.count === 1 && marked.has(node);
    const draft = { width, height, operation, label, data, gradient, words };
    return { ...draft, title, marked: isMarked, root: roots.has(i) };
  });
  // All closed neurons are of one width, however long their names are.
  const isNeuron = (i: number): boolean => scene.items[i].kind === "neuron";
  const widest = cards.reduce(
    (most, { width }, i) => (isNeuron(i) ? Math.max(most, width) : most),
    0,
  );
  return cards.map((card, i) => (isNeuron(i) ? { ...card, width: widest } : card));
}

const BADGE = { size: 12, bold: true } as const;
const badgeWidth = (operation: string): number => Math.max(18, textWidth(operation, BADGE) + 10);

/** "w1: data -3.0000, gradient 1.0000" */
function titleOf(
  item: Item,
  node: DrawableNode | undefined,
  gradient: string | undefined,
  terms: string,
): string {
  const full = node === undefined ? "" : labelText(node);
  const closed = item.kind === "neuron" || item.kind === "layer" || item.kind === "folded";
  const operation = node === undefined || closed ? "" : operationText(node);
  const network = item.kind === "parameter" ? (/^networks\.\d+\./.exec(item.key)?.[0] ?? "") : "";
  const name = closed
    ? `${item.key.includes(".") ? `${item.key}, ` : ""}${item.label}`
    : network + (full || item.label);
  const what = [name, operation].filter((part) => part !== "").join(" = ") || "number";
  if (node === undefined) return what;
  const data = numberText(node.data);
  if (gradient === undefined) return `${what}: data ${data}`;
  const told = gradient === DASH ? "no gradient yet" : `gradient ${gradient}${terms}`;
  return `${what}: data ${data}, ${told}`;
}

const FEW_TERMS = 8;

/**
 * For a parameter that several data points share: how its gradient is the sum of a term for each.
 * "" if it is not, because several passes were added up, say.
 */
function termsOf({ nodes, inputs }: Graph, scene: Scene): (item: number) => string {
  const { points, items, exampleOf } = scene;
  const sums = new Map<number, Map<number, number>>(); // by parameter, then by data point
  if (points !== undefined) {
    for (const { kind, node } of items) {
      if (kind === "parameter" && node !== undefined) sums.set(node, new Map());
    }
    nodes.forEach((consumer, i) => {
      inputs[i].forEach((input, slot) => {
        const terms = sums.get(input);
        if (terms === undefined || !(consumer instanceof Value) || !consumer.hasGrad) return;
        const term = consumer.localDerivative(slot) * consumer.grad;
        terms.set(exampleOf[i], (terms.get(exampleOf[i]) ?? 0) + term);
      });
    });
  }
  return (item) => {
    const { node } = items[item];
    const terms = node === undefined ? undefined : sums.get(node);
    if (node === undefined || terms === undefined || terms.size === 0) return "";
    const list = [...terms].sort(([a], [b]) => a - b).map(([, term]) => term);
    const sum = list.reduce((a, b) => a + b, 0);
    const size = list.reduce((a, b) => a + Math.abs(b), 0);
    if (!(Math.abs(sum - (nodes[node].grad ?? 0)) <= 1e-9 * size)) return "";
    if (list.length > FEW_TERMS)
      return `, the sum of ${list.length} terms, one for each data point`;
    return ` = ${list.map(numberText).join(" + ").replaceAll("+ -", "- ")}, a term for each data point`;
  };
}

/** The box of an item. */
export function drawCard(item: Item, content: Card, at: Rectangle): string {
  const { operation, label, data, gradient, words, title, marked, root } = content;
  const roles: Readonly<Record<Item["kind"], readonly [Role, Role]>> = {
    parameter: ["parameter", "parameter-line"],
    input: ["input", "input-line"],
    leaf: ["panel", "node-line"],
    operation: ["node", "node-line"],
    sum: ["node", "node-line"],
    neuron: ["node", "node-line"],
    layer: ["node", "node-line"],
    folded: ["panel", "node-line"],
  };
  const [fill, stroke] = roles[item.kind];
  const dashes = item.kind === "folded" ? ' stroke-dasharray="4 3"' : "";
  const strong = root ? ' stroke-width="2.5"' : marked ? ' stroke-width="3"' : "";
  const around: Role = marked ? "negative" : root ? "ink" : stroke;
  const parts = [rectangle(at, ` rx="6"${strong}${dashes}${paint({ fill, stroke: around })}`)];
  const middle = at.y + at.height / 2;
  let x = at.x + PAD;
  if (operation !== "") {
    const width = badgeWidth(operation);
    const badge = { x, y: middle - 9, width, height: 18 };
    parts.push(
      rectangle(badge, ` rx="9"${paint({ fill: "operation", stroke: "operation-line" })}`),
    );
    parts.push(textAt(x + width / 2, middle + 4.2, operation, { ...BADGE, anchor: "middle" }));
    x += width + PAD;
  }
  if (item.kind === "layer") parts.push(column(item, label, at));
  else if (label !== "") parts.push(textAt(x, middle + 4.5, label, LABEL));
  const right = at.x + at.width - PAD;
  const lines: [string, string, Role][] = [["data", data, "ink"]];
  if (gradient !== undefined) lines.push(["grad", gradient, "faint"]);
  lines.forEach(([word, text, role], n) => {
    if (text === "") return;
    const y = middle + 4 + (n - (lines.length - 1) / 2) * LINE;
    if (words) parts.push(textAt(right - ROOM - WORDS, y, word, { size: 10, role: "faint" }));
    parts.push(textAt(right, y, text, { ...NUMBER, role, anchor: "end" }));
  });
  return `<g data-key="${escapeText(item.key)}"><title>${escapeText(title)}</title>${parts.join("")}</g>`;
}

/** What stands in the box of a closed layer: its name and its neurons, as far as there is room. */
function column({ order = 0 }: Item, label: string, { x, y, width }: Rectangle): string {
  const middle = x + width / 2;
  const parts = [
    textAt(middle, y + 20, label, { ...LABEL, anchor: "middle" }),
    textAt(middle, y + 36, counted(order, "neuron"), { size: 11, role: "faint", anchor: "middle" }),
  ];
  for (let i = 0; i < Math.min(order, 5); i++) {
    const dot = i === 3 && order > 5; // the fourth of many stands for all between
    const look = dot ? paint({ fill: "node-line" }) : paint({ fill: "panel", stroke: "node-line" });
    const cy = coordinate(y + 96 + (i - (Math.min(order, 5) - 1) / 2) * 20);
    parts.push(`<circle cx="${coordinate(middle)}" cy="${cy}" r="${dot ? 2 : 7}"${look}/>`);
  }
  return parts.join("");
}

/** A rectangle with more attributes. */
export function rectangle({ x, y, width, height }: Rectangle, more: string): string {
  const size = `width="${coordinate(width)}" height="${coordinate(height)}"`;
  return `<rect x="${coordinate(x)}" y="${coordinate(y)}" ${size}${more}/>`;
}

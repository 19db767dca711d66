/**
 * The box of an item: what stands in it, how large that makes it, and what it looks like. Read
 * scene.ts and shapes.ts first.
 */

import { Value } from "../value.ts";
import {
  briefNumber,
  DASH,
  type DrawableNode,
  type Graph,
  gradientIn,
  LONGEST_NUMBER,
  labelText,
  numberText,
  operationText,
} from "./node.ts";
import { counted, type Item, type Scene } from "./scene.ts";
import { type Rectangle, type Shape, shapeSVG } from "./shapes.ts";
import { escapeText, type Role, shorten, type TextStyle, textWidth } from "./svg.ts";

const PAD = 8;
const LINE = 15; // from one line of numbers to the next
const NUMBER = { size: 11, mono: true } as const;
const LABEL = { size: 13, bold: true } as const;
const ROOM = textWidth("0".repeat(LONGEST_NUMBER), NUMBER); // of each number, be it long or short
const WORDS = 30; // the width of "data" and "grad"
const LONGEST_LABEL = 190;
const ROOMY = 60; // boxes up to which each number has its word

/** What stands in the box of an item whatever its numbers are, and how large that makes it. */
export interface Face {
  readonly width: number;
  readonly height: number;
  readonly operation: string;
  readonly label: string;
  /** Are the words "data" and "grad" before the numbers? */
  readonly words: boolean;
  readonly root: boolean;
}

/** What stands in the box of an item, and how large that makes it. */
export interface Card extends Face {
  readonly data: string;
  /** undefined if it is not to be shown. */
  readonly gradient: string | undefined;
  /** What a screen reader or the mouse pointer is told. */
  readonly title: string;
  readonly marked: boolean;
}

/** The numbers of a node as they are to be shown; undefined for what is not computed yet. */
export type NumbersOf = (node: DrawableNode) => {
  readonly data: number | undefined;
  readonly grad: number | undefined;
};

/**
 * What stands in the boxes of all items apart from numbers. So their sizes do not depend on numbers:
 * they stay as they are in training.
 */
export function facesOf(graph: Graph, scene: Scene, gradients: boolean): Face[] {
  const words = scene.items.length <= ROOMY;
  const roots = new Set(scene.roots);
  const faces = scene.items.map((item, i): Face => {
    const node = item.node === undefined ? undefined : graph.nodes[item.node];
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
    if (node !== undefined) width += (words ? WORDS : 0) + ROOM + PAD;
    const lines = node === undefined || !gradients ? 1 : 2;
    const height = item.kind === "layer" ? 150 : lines * LINE + PAD;
    if (item.kind === "layer") width = Math.max(100, textWidth(label, LABEL) + 2 * PAD);
    return { width, height, operation, label, words, root: roots.has(i) };
  });
  // All closed neurons are of one width, however long their names are.
  const isNeuron = (i: number): boolean => scene.items[i].kind === "neuron";
  const widest = faces.reduce(
    (most, { width }, i) => (isNeuron(i) ? Math.max(most, width) : most),
    0,
  );
  return faces.map((face, i) => (isNeuron(i) ? { ...face, width: widest } : face));
}

/** The boxes of all items with the numbers that the nodes have now. */
export function cardsOf(
  graph: Graph,
  scene: Scene,
  gradients: boolean,
  marked: ReadonlySet<DrawableNode>,
  numbersOf: NumbersOf = ownNumbers(graph),
): Card[] {
  const faces = facesOf(graph, scene, gradients);
  const all = scene.items.map((_, i) => i);
  const titles = titlesOf(graph, scene, all, gradients, numbersOf);
  return scene.items.map((item, i): Card => {
    const node = item.node === undefined ? undefined : graph.nodes[item.node];
    const numbers = node === undefined ? undefined : numbersOf(node);
    const data = numbers === undefined ? "" : briefText(numbers.data);
    const gradient = numbers === undefined || !gradients ? undefined : briefText(numbers.grad);
    const isMarked = node !== undefined && item.count === 1 && marked.has(node);
    return { ...faces[i], data, gradient, title: titles[i], marked: isMarked };
  });
}

/** The numbers that the nodes of a graph have themselves. */
export function ownNumbers(graph: Graph): NumbersOf {
  const gradientOf = gradientIn(graph);
  return (node) => ({ data: node.data, grad: gradientOf(node) });
}

/** A number as it stands in a box: a dash if it is not computed yet. */
export const briefText = (x: number | undefined): string =>
  x === undefined ? DASH : briefNumber(x);

const BADGE = { size: 12, bold: true } as const;
const badgeWidth = (operation: string): number => Math.max(18, textWidth(operation, BADGE) + 10);

/** What a screen reader is told of some items: "w1: data -3.0000, gradient 1.0000". */
export function titlesOf(
  graph: Graph,
  scene: Scene,
  items: readonly number[],
  gradients: boolean,
  numbersOf: NumbersOf,
): string[] {
  const terms = gradients ? termsOf(graph, scene, items, numbersOf) : () => "";
  return items.map((i) => {
    const item = scene.items[i];
    const node = item.node === undefined ? undefined : graph.nodes[item.node];
    const what = nameOf(item, node);
    if (node === undefined) return what;
    const { data, grad } = numbersOf(node);
    if (data === undefined) return `${what}: not computed yet`;
    const told = grad === undefined ? "no gradient yet" : `gradient ${numberText(grad)}${terms(i)}`;
    return `${what}: data ${numberText(data)}${gradients ? `, ${told}` : ""}`;
  });
}

/** "w1", "e = tanh", "layers.0.neurons.1, neuron 1", "+". */
function nameOf(item: Item, node: DrawableNode | undefined): string {
  const full = node === undefined ? "" : labelText(node);
  const closed = item.kind === "neuron" || item.kind === "layer" || item.kind === "folded";
  const operation = node === undefined || closed ? "" : operationText(node);
  const network = item.kind === "parameter" ? (/^networks\.\d+\./.exec(item.key)?.[0] ?? "") : "";
  const name = closed
    ? `${item.key.includes(".") ? `${item.key}, ` : ""}${item.label}`
    : network + (full || item.label);
  return [name, operation].filter((part) => part !== "").join(" = ") || "number";
}

const FEW_TERMS = 8;

/**
 * For a parameter that several data points share: how its gradient is the sum of a term for each.
 * "" if it is not, because several passes were added up, say.
 */
function termsOf(
  { nodes, inputs }: Graph,
  { points, items, exampleOf }: Scene,
  wanted: readonly number[],
  numbersOf: NumbersOf,
): (item: number) => string {
  const sums = new Map<number, Map<number, number>>(); // by parameter, then by data point
  if (points !== undefined) {
    for (const i of wanted) {
      const { kind, node } = items[i];
      if (kind === "parameter" && node !== undefined) sums.set(node, new Map());
    }
  }
  if (sums.size > 0) {
    nodes.forEach((consumer, i) => {
      inputs[i].forEach((input, slot) => {
        const terms = sums.get(input);
        if (terms === undefined || !(consumer instanceof Value)) return;
        const { grad } = numbersOf(consumer);
        if (grad === undefined) return;
        const term = consumer.localDerivative(slot) * grad;
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
    if (!(Math.abs(sum - (numbersOf(nodes[node]).grad ?? 0)) <= 1e-9 * size)) return "";
    if (list.length > FEW_TERMS)
      return `, the sum of ${list.length} terms, one for each data point`;
    return ` = ${list.map(numberText).join(" + ").replaceAll("+ -", "- ")}, a term for each data point`;
  };
}

/** The box of an item, as SVG. */
export function drawCard(item: Item, card: Card, at: Rectangle): string {
  const shapes = cardShapes(item, card, at).map(shapeSVG).join("");
  return `<g data-key="${escapeText(item.key)}"><title>${escapeText(card.title)}</title>${shapes}</g>`;
}

/** The box of an item: first the box itself; its numbers, data before the gradient, come last. */
export function cardShapes(item: Item, card: Omit<Card, "title">, at: Rectangle): Shape[] {
  const { operation, label, data, gradient, words, marked, root } = card;
  const [fill, stroke] = roles[item.kind];
  const shapes: Shape[] = [
    {
      kind: "box",
      at,
      radius: 6,
      strokeWidth: root ? 2.5 : marked ? 3 : undefined,
      dashes: item.kind === "folded",
      fill,
      stroke: marked ? "negative" : root ? "ink" : stroke,
    },
  ];
  const middle = at.y + at.height / 2;
  let x = at.x + PAD;
  if (operation !== "") {
    const width = badgeWidth(operation);
    const badge = { x, y: middle - 9, width, height: 18 };
    shapes.push(
      { kind: "box", at: badge, radius: 9, fill: "operation", stroke: "operation-line" },
      wordsAt(x + width / 2, middle + 4.2, operation, { ...BADGE, anchor: "middle" }),
    );
    x += width + PAD;
  }
  if (item.kind === "layer") shapes.push(...column(item, label, at));
  else if (label !== "") shapes.push(wordsAt(x, middle + 4.5, label, LABEL));
  const right = at.x + at.width - PAD;
  const lines: [string, string, Role][] = [["data", data, "ink"]];
  if (gradient !== undefined) lines.push(["grad", gradient, "faint"]);
  lines.forEach(([word, text, role], n) => {
    if (text === "") return;
    const y = middle + 4 + (n - (lines.length - 1) / 2) * LINE;
    if (words) shapes.push(wordsAt(right - ROOM - WORDS, y, word, { size: 10, role: "faint" }));
    shapes.push(wordsAt(right, y, text, { ...NUMBER, role, anchor: "end" }));
  });
  return shapes;
}

/** The colours of boxes: inside, around. */
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

const wordsAt = (x: number, y: number, text: string, style: TextStyle): Shape => ({
  kind: "words",
  x,
  y,
  text,
  style,
});

/** What stands in the box of a closed layer: its name and its neurons, as far as there is room. */
function column({ order = 0 }: Item, label: string, { x, y, width }: Rectangle): Shape[] {
  const middle = x + width / 2;
  const shapes: Shape[] = [
    wordsAt(middle, y + 20, label, { ...LABEL, anchor: "middle" }),
    wordsAt(middle, y + 36, counted(order, "neuron"), {
      size: 11,
      role: "faint",
      anchor: "middle",
    }),
  ];
  for (let i = 0; i < Math.min(order, 5); i++) {
    const dot = i === 3 && order > 5; // the fourth of many stands for all between
    const look = dot
      ? ({ fill: "node-line" } as const)
      : ({ fill: "panel", stroke: "node-line" } as const);
    const cy = y + 96 + (i - (Math.min(order, 5) - 1) / 2) * 20;
    shapes.push({ kind: "circle", x: middle, y: cy, radius: dot ? 2 : 7, ...look });
  }
  return shapes;
}

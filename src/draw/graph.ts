/**
 * A graph as an SVG picture that looks like what it computes: a network as a network. Read card.ts,
 * frame.ts, edge.ts and layout.ts first.
 */

import { describe, expectBoolean, expectOptions } from "../errors.ts";
import { type Card, cardsOf, drawCard, type Face } from "./card.ts";
import { arrowhead, pathOf, type Stroke, strokesOf } from "./edge.ts";
import type { Open } from "./folding.ts";
import { frameShapes, STACK } from "./frame.ts";
import type { Point } from "./layered.ts";
import { type Layout, layOut } from "./layout.ts";
import { type DrawableNode, expectNode, type Graph, readGraph } from "./node.ts";
import { counted, type Item, type Scene, sceneOf } from "./scene.ts";
import { shapeSVG } from "./shapes.ts";
import {
  coordinate,
  document,
  escapeText,
  paint,
  type Role,
  shorten,
  textAt,
  textWidth,
} from "./svg.ts";

/** Choices for {@link drawGraph}. */
export interface GraphOptions {
  /** Does each box show the gradient? True unless said otherwise. */
  readonly gradients?: boolean;
  /** What stands above the picture, and what a screen reader says first. */
  readonly title?: string;
  /** What a screen reader says then: a sentence about the graph unless said otherwise. */
  readonly description?: string;
  /** Which data point is shown if there are several, counted from 0: the first unless said otherwise. */
  readonly example?: number;
  /**
   * What is open: "all", "neurons" (long chains stay folded), "network" (neurons are closed), or the
   * names of open layers and neurons, such as ["layers.0", "layers.1.neurons.2"]. Unless said
   * otherwise, as much as makes at most 400 boxes.
   *
   * If there are several networks in the graph, "layers.0" is that layer of each of them,
   * "networks.1.layers.0" that of one. They are numbered from 0 in the order of their results, as
   * the titles in the picture say.
   */
  readonly open?: Open;
  /** Nodes to be marked. */
  readonly highlight?: Iterable<DrawableNode>;
}

const MOST = 2000; // boxes beyond which nobody could read the picture
const optionNames = ["gradients", "title", "description", "example", "open", "highlight"];

/**
 * Draws everything that a node was made from, with data and gradient of each node. A gradient that
 * is not computed yet is a dash.
 *
 * Values that know their neuron stand in its box, neurons in the column of their layer. Of several
 * data points one is shown. Other nodes stand in columns, each before its nearest consumer.
 *
 * @param root a Value, or an object of a class of your own with `data` and `inputs`; or several
 * @returns SVG, for `show` or a file
 * @throws TypeError if something is not a node; RangeError for an impossible choice, or if even the
 * folded graph has more than 2,000 boxes
 * @example show(drawGraph(squaredError(model.forward([2, 3, -1]), 1), { title: "One data point" }))
 */
export function drawGraph(
  root: DrawableNode | readonly DrawableNode[],
  options: GraphOptions = {},
): string {
  expectOptions(options, optionNames, "drawGraph");
  const { gradients = true, title, description, highlight = [] } = options;
  for (const [name, text] of Object.entries({ title, description })) {
    if (text !== undefined && typeof text !== "string") {
      throw new TypeError(`drawGraph: expected a ${name} that is text, got ${describe(text)}`);
    }
  }
  expectBoolean(gradients, "drawGraph: gradients");
  if (typeof highlight === "string" || typeof Object(highlight)[Symbol.iterator] !== "function") {
    throw new TypeError(
      `drawGraph: highlight: expected an array of nodes, got ${describe(highlight)}`,
    );
  }
  const graph = readGraph(root, "drawGraph");
  const marked = new Set(highlight);
  for (const node of marked) expectNode(node, "drawGraph: highlight");
  const scene = sceneOf(graph, { ...options, most: MOST }, "drawGraph");
  const cards = cardsOf(graph, scene, gradients, marked);
  const layout = layOut(scene, cards);
  return drawScene(graph, scene, layout, cards, { gradients, title, description });
}

const MARGIN = 20;

/** What {@link drawScene} draws. */
export interface SceneOptions {
  readonly gradients: boolean;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  /** What the edges into closed neurons tell: the data of their weights if left out. */
  readonly dataOf?: (node: DrawableNode) => number;
}

/** The picture of a scene whose boxes have their places. */
export function drawScene(
  graph: Graph,
  scene: Scene,
  layout: Layout,
  cards: readonly Card[],
  options: SceneOptions,
): string {
  const { gradients, title = "", description, dataOf } = options;
  const heading = title === "" ? 0 : 30;
  const shown = shorten(title, Math.max(layout.width, LONGEST_TITLE), TITLE);
  const keys = drawLegend(legendOf(scene, isCompact(scene, cards), gradients));
  const stacked = scene.points === undefined ? 0 : 2 * STACK;
  const width = Math.max(
    layout.width + stacked + 2 * MARGIN,
    textWidth(shown, TITLE) + 2 * MARGIN,
    keys.width + 2 * MARGIN,
  );
  const height = layout.height + stacked + 2 * MARGIN + heading + keys.height;
  const body = [
    title === "" ? "" : textAt(MARGIN, MARGIN + 14, shown, TITLE),
    `<g transform="translate(${coordinate(MARGIN)} ${coordinate(MARGIN + heading)})">`,
    ...scene.groups.map((_, i) => drawFrame(scene, layout, scene.groups.length - 1 - i)),
    ...strokesOf(graph.nodes, scene, dataOf).map((stroke, i) => drawEdge(stroke, layout.routes[i])),
    ...scene.items.map((item, i) => drawCard(item, cards[i], layout.items[i])),
    "</g>",
    keys.at(MARGIN, height - MARGIN - 4),
  ];
  return document({
    width,
    height,
    title: title === "" ? `Graph of ${counted(graph.nodes.length, "node")}` : title,
    description: description ?? describeGraph(graph, scene, cards),
    body: body.join(""),
  });
}

const TITLE = { size: 16, bold: true } as const;
const LONGEST_TITLE = 800; // pixels, if the graph is not wider

function drawFrame({ groups }: Scene, layout: Layout, group: number): string {
  const shapes = frameShapes(groups[group], layout.groups[group]).map(shapeSVG).join("");
  return `<g data-key="${escapeText(groups[group].key)}">${shapes}</g>`;
}

/** The line of an edge and its head. */
export function drawEdge({ width, role }: Stroke, route: readonly Point[]): string {
  const line = `<path d="${pathOf(route)}" stroke-width="${coordinate(width)}"${paint({ stroke: role })}/>`;
  return `${line}<path d="${arrowhead(route)}"${paint({ fill: role })}/>`;
}

/** An entry of a legend: a swatch with these colours, a line if it has no frame, or text alone. */
export interface LegendEntry {
  readonly text: string;
  readonly fill?: Role;
  readonly stroke?: Role;
}

/** What colours and lines mean, where the boxes themselves do not say it. */
export function legendOf({ items, edges }: Scene, compact: boolean, gradients: boolean) {
  const has = (kind: Item["kind"]): boolean => compact && items.some((item) => item.kind === kind);
  const entries: LegendEntry[] = [];
  if (has("input")) entries.push({ text: "input", fill: "input", stroke: "input-line" });
  if (has("parameter")) {
    entries.push({ text: "parameter", fill: "parameter", stroke: "parameter-line" });
  }
  if (has("leaf"))
    entries.push({ text: "leaf without a name", fill: "panel", stroke: "node-line" });
  if (has("operation")) entries.push({ text: "operation", fill: "node", stroke: "node-line" });
  if (edges.some(({ weight }) => weight !== undefined)) {
    entries.push(
      { text: "weight above 0", fill: "positive" },
      { text: "weight below 0", fill: "negative" },
    );
  }
  if (gradients && compact) entries.push({ text: "in each box: data, below it the gradient" });
  return entries;
}

/** Are there boxes without the words "data" and "grad"? */
export const isCompact = (scene: Scene, faces: readonly Face[]): boolean =>
  scene.items.some(({ node }, i) => node !== undefined && !faces[i].words);

function drawLegend(entries: readonly LegendEntry[]): {
  width: number;
  height: number;
  at: (x: number, y: number) => string;
} {
  const step = ({ text, fill }: LegendEntry): number =>
    (fill === undefined ? 0 : 24) + textWidth(text) + 18;
  return {
    width: entries.reduce((sum, entry) => sum + step(entry), 0),
    height: entries.length === 0 ? 0 : 34,
    at: (x0, y) => {
      let x = x0;
      const parts = entries.map((entry) => {
        const { text, fill, stroke } = entry;
        const thin = stroke === undefined;
        const swatch = { x, y: thin ? y - 6 : y - 11, width: 18, height: thin ? 3 : 13 };
        const mark =
          fill === undefined
            ? ""
            : shapeSVG({ kind: "box", at: swatch, radius: thin ? 0 : 3, fill, stroke });
        const words = textAt(fill === undefined ? x : x + 24, y, text, { role: "faint" });
        x += step(entry);
        return mark + words;
      });
      return parts.join("");
    },
  };
}

/** "Graph of 9 nodes: …", for those who cannot see it. */
function describeGraph(graph: Graph, scene: Scene, cards: readonly Card[]): string {
  const sentences = [`Graph of ${counted(graph.nodes.length, "node")}`];
  const { points, groups, items } = scene;
  const layers = new Set(groups.filter(({ kind }) => kind === "layer").map(({ key }) => key)).size;
  const closed = items.filter(({ kind }) => kind === "layer").length;
  const networks = new Set(
    [...groups, ...items].flatMap(({ key }) => /^networks\.\d+/.exec(key)?.[0] ?? []),
  ).size;
  const network = networks === 0 ? "a network" : counted(networks, "network");
  if (layers + closed > 0) sentences.push(`${network} of ${counted(layers + closed, "layer")}`);
  if (points !== undefined)
    sentences.push(`data point ${points.shown + 1} of ${points.count} is shown`);
  const ends = scene.roots.slice(0, 5).map((item) => cards[item].title);
  return `${sentences.join("; ")}. It computes ${ends.join("; ")}.`;
}

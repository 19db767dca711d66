/**
 * A graph as an SVG picture that looks like what it computes: a network as a network. Read card.ts
 * and layout.ts first.
 */

import { describe, expectBoolean, expectOptions } from "../errors.ts";
import { type Card, cardsOf, drawCard, rectangle } from "./card.ts";
import type { Open } from "./folding.ts";
import type { Point } from "./layered.ts";
import { HEADER, type Layout, layOut } from "./layout.ts";
import { type DrawableNode, expectNode, type Graph, readGraph } from "./node.ts";
import { counted, type Item, type Scene, sceneOf } from "./scene.ts";
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
  return picture(graph, scene, layout, cards, { gradients, title, description });
}

const MARGIN = 20;
const STACK = 6; // how far the sheets of a stack of data points stand apart

function picture(
  graph: Graph,
  scene: Scene,
  layout: Layout,
  cards: readonly Card[],
  options: { gradients: boolean; title: string | undefined; description: string | undefined },
): string {
  const { gradients, title = "", description } = options;
  const compact = cards.some(({ data, words }) => data !== "" && !words);
  const heading = title === "" ? 0 : 30;
  const shown = shorten(title, Math.max(layout.width, LONGEST_TITLE), TITLE);
  const keys = legend(scene, compact, gradients);
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
    ...scene.groups.map((_, i) => frame(scene, layout, scene.groups.length - 1 - i)),
    ...edgesOf(graph, scene, layout),
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

/** The box around a group, with its title. */
function frame(scene: Scene, layout: Layout, group: number): string {
  const { kind, title, key } = scene.groups[group];
  const at = layout.groups[group];
  const look = {
    neuron: paint({ fill: "panel", stroke: "node-line" }),
    layer: paint({ fill: "node", stroke: "line" }),
    point: paint({ fill: "panel", stroke: "edge" }),
  }[kind];
  const sheets = kind === "point" ? [2, 1, 0] : [0];
  const rects = sheets.map((n) =>
    rectangle({ ...at, x: at.x + n * STACK, y: at.y + n * STACK }, ` rx="8"${look}`),
  );
  const size = kind === "neuron" ? 12 : 14;
  const font = { size, bold: true, role: "faint" } as const;
  const text = textAt(at.x + 10, at.y + HEADER - 5, shorten(title, at.width - 20, font), font);
  return `<g data-key="${escapeText(key)}">${rects.join("")}${text}</g>`;
}

function edgesOf({ nodes }: Graph, { edges }: Scene, { routes }: Layout): string[] {
  const strongest = edges.reduce(
    (most, { weight }) => Math.max(most, weight === undefined ? 0 : Math.abs(nodes[weight].data)),
    0,
  );
  return edges.map((edge, i) => {
    const weight = edge.weight === undefined ? undefined : nodes[edge.weight].data;
    const role: Role = weight === undefined ? "edge" : weight < 0 ? "negative" : "positive";
    const strength = weight === undefined || !(strongest > 0) ? 0 : Math.abs(weight) / strongest;
    const width =
      weight === undefined ? 1.25 : Number.isFinite(strength) ? 0.6 + 2.6 * strength : 1.25;
    const line = `<path d="${path(routes[i])}" stroke-width="${coordinate(width)}"${paint({ stroke: role })}/>`;
    return `${line}<path d="${arrowhead(routes[i])}"${paint({ fill: role })}/>`;
  });
}

const ARROW = 7;

/** A line through the points; where both x and y change, a curve that starts and ends level. */
function path(way: readonly Point[]): string {
  const parts: string[] = [];
  const [x1, y1] = way[way.length - 1];
  const upright = way[way.length - 2][0] === x1;
  // The head of the arrow is not part of the line.
  const end: Point = upright ? [x1, y1 - ARROW] : [x1 - ARROW, y1];
  const points = [...way.slice(0, -1), end];
  points.forEach(([x, y], i) => {
    const before = points[i - 1];
    if (before === undefined) {
      parts.push(`M${coordinate(x)} ${coordinate(y)}`);
      return;
    }
    const [x0, y0] = before;
    const after = points[i + 1];
    if (x0 === x || Math.abs(y0 - y) < 0.01) {
      // A corner from level to upright is rounded.
      const turns =
        after !== undefined && Math.abs(y0 - y) < 0.01 && after[0] === x && after[1] !== y;
      const round = turns ? Math.min(8, Math.abs(x - x0), Math.abs(after[1] - y)) : 0;
      parts.push(`L${coordinate(x - round)} ${coordinate(y)}`);
      if (round > 0)
        parts.push(`Q${coordinate(x)} ${coordinate(y)} ${coordinate(x)} ${coordinate(y + round)}`);
      return;
    }
    const middle = coordinate((x0 + x) / 2);
    parts.push(
      `C${middle} ${coordinate(y0)} ${middle} ${coordinate(y)} ${coordinate(x)} ${coordinate(y)}`,
    );
  });
  return parts.join("");
}

function arrowhead(points: readonly Point[]): string {
  const [x, y] = points[points.length - 1];
  const [x0, y0] = points[points.length - 2];
  const corners: Point[] =
    x0 === x && y > y0
      ? [
          [x, y],
          [x - 3.5, y - 7],
          [x + 3.5, y - 7],
        ]
      : [
          [x, y],
          [x - 7, y - 3.5],
          [x - 7, y + 3.5],
        ];
  return `M${corners.map((corner) => corner.map(coordinate).join(" ")).join("L")}Z`;
}

/** What colours and lines mean, where the boxes themselves do not say it. */
function legend(
  { items, edges }: Scene,
  compact: boolean,
  gradients: boolean,
): { width: number; height: number; at: (x: number, y: number) => string } {
  const has = (kind: Item["kind"]): boolean => compact && items.some((item) => item.kind === kind);
  const entries: [string, Role | undefined, Role | undefined][] = [];
  if (has("input")) entries.push(["input", "input", "input-line"]);
  if (has("parameter")) entries.push(["parameter", "parameter", "parameter-line"]);
  if (has("leaf")) entries.push(["leaf without a name", "panel", "node-line"]);
  if (has("operation")) entries.push(["operation", "node", "node-line"]);
  if (edges.some(({ weight }) => weight !== undefined)) {
    entries.push(
      ["weight above 0", "positive", undefined],
      ["weight below 0", "negative", undefined],
    );
  }
  if (gradients && compact)
    entries.push(["in each box: data, below it the gradient", undefined, undefined]);
  const step = ([text, fill]: (typeof entries)[number]): number =>
    (fill === undefined ? 0 : 24) + textWidth(text) + 18;
  return {
    width: entries.reduce((sum, entry) => sum + step(entry), 0),
    height: entries.length === 0 ? 0 : 34,
    at: (x0, y) => {
      let x = x0;
      const parts = entries.map((entry) => {
        const [text, fill, stroke] = entry;
        const thin = stroke === undefined;
        const swatch = { x, y: thin ? y - 6 : y - 11, width: 18, height: thin ? 3 : 13 };
        const mark =
          fill === undefined
            ? ""
            : rectangle(swatch, ` rx="${thin ? 0 : 3}"${paint({ fill, stroke })}`);
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

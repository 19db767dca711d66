/**
 * What a picture of a graph shows: which nodes have a box of their own, which are folded into one,
 * and which boxes belong together. Read folding.ts first.
 *
 * A network on a hundred data points has the same neurons a hundred times. So one data point is
 * shown and the others are counted; neurons and layers are open or closed; a long chain shows its
 * ends.
 */

import { describe, expectCount, quote } from "../errors.ts";
import { inCircles } from "./circles.ts";
import { foldedInto, isChain, isHidden, isSum, type Open } from "./folding.ts";
import { type Graph, labelText } from "./node.ts";
import {
  isParameter,
  NONE,
  nameOf,
  namesIn,
  type Places,
  placesOf,
  withoutNetwork,
} from "./places.ts";

/** What kind of thing a box is. */
export type ItemKind =
  | "parameter"
  | "input"
  | "leaf"
  | "operation"
  | "neuron"
  | "layer"
  | "sum"
  | "folded";

/** One box of the picture. */
export interface Item {
  /** The same for the same place in an equal graph: in the next training step, say. */
  readonly key: string;
  readonly kind: ItemKind;
  /** The node whose numbers it shows, by its place in the graph; none for a closed layer. */
  readonly node: number | undefined;
  /** A short name: "w1" for a weight within its neuron; "" for most operations. */
  readonly label: string;
  /** How many nodes it stands for. */
  readonly count: number;
  /** The group that it is in, by its place among the groups. */
  readonly group: number | undefined;
  /** For a closed neuron its number in the layer; for a closed layer the number of neurons. */
  readonly order: number | undefined;
}

/** A link from an item to one that was made from it. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  /** Which of the consumer's inputs it is, and how many there are. */
  readonly slot: number;
  readonly slots: number;
  /** The weight on the way into a closed neuron, by its place in the graph. */
  readonly weight: number | undefined;
}

/** A box around items: a neuron, a layer of neurons, or all that belongs to one data point. */
export interface Group {
  readonly key: string;
  readonly kind: "neuron" | "layer" | "point";
  readonly title: string;
  /** The group around it, which comes later in the list. */
  readonly group: number | undefined;
  /** For a neuron: its number in the layer. */
  readonly order: number | undefined;
}

/** Everything that is to be seen. */
export interface Scene {
  readonly items: readonly Item[];
  readonly edges: readonly Edge[];
  readonly groups: readonly Group[];
  /** Additions in a row, t0 + t1 + t2 + …, from the first to the last. */
  readonly sums: readonly (readonly number[])[];
  /** The data points in the graph, and which of them is shown; undefined if nothing was folded. */
  readonly points: { readonly count: number; readonly shown: number } | undefined;
  /** For each node of the graph, its data point; below 0 if it belongs to none or to several. */
  readonly exampleOf: Int32Array;
  /** For each node of the graph, the item that it is or is folded into. */
  readonly itemOf: Int32Array;
  readonly roots: readonly number[];
}

const FEW = 60; // nodes that need no folding
const MANY = 400; // boxes beyond which neurons are closed

/**
 * Decides what a picture of the graph shows.
 *
 * @param options `example`: which data point, counted from 0; `open`: what is open. Unless said
 * otherwise, neurons are open if that makes at most 400 boxes; `most`: how many boxes there may be
 * @throws RangeError if there is no such data point, or there would be more boxes than that
 */
export function sceneOf(
  graph: Graph,
  options: { readonly example?: number; readonly open?: Open; readonly most: number },
  where: string,
): Scene {
  const places = placesOf(graph);
  const examples = examplesIn(places);
  const { example = 0, most } = options;
  expectCount(example, 0, `${where}, example`, Math.max(0, examples.length - 1));

  const choices =
    options.open === undefined
      ? levels(graph, places, shownOf(examples, example))
      : [expectOpen(options.open, places, where)];
  let scene: Scene | undefined;
  for (const open of choices) {
    scene = foldScene(graph, places, examples, example, open);
    if (scene.items.length <= MANY) break;
  }
  if (scene === undefined || scene.items.length > most) {
    const closed = foldScene(graph, places, examples, example, []);
    const helps = closed.items.length <= most;
    const less = helps ? "open less, or " : "";
    throw new RangeError(
      `${where}: expected a graph that can be shown with at most ${most} boxes, got one of ` +
        `${graph.nodes.length} nodes that needs ${scene?.items.length}; ${less}draw a part of it ` +
        "(a node that it was made from)",
    );
  }
  return scene;
}

/** The data points in a graph, by the numbers that its nodes have. */
export const examplesIn = ({ example }: Places): number[] =>
  [...new Set(example)].filter((e) => e >= 0).sort((a, b) => a - b);

/** The data point that is shown; undefined if there is only one, and so nothing to fold. */
const shownOf = (examples: readonly number[], example: number): number | undefined =>
  examples.length > 1 ? examples[example] : undefined;

/** From the most to the least that may be open, without what is sure to be too much. */
function levels({ nodes }: Graph, places: Places, shown: number | undefined): Open[] {
  if (nodes.length <= FEW) return ["neurons"];
  let inNeurons = 0;
  for (let i = 0; i < nodes.length; i++) {
    if (places.neuron[i] !== NONE && !isHidden(places, i, shown)) inNeurons += 1;
  }
  return inNeurons > MANY ? ["network", []] : ["neurons", "network", []];
}

/** What is open, by names that the graph has: "layers.0" becomes that layer of each network. */
function expectOpen(open: Open, places: Places, where: string): Open {
  const words = '"all", "neurons", "network" or an array of names such as ["layers.0"]';
  if (typeof open === "string") {
    if (open === "all" || open === "neurons" || open === "network") return open;
    throw new RangeError(`${where}: expected open to be ${words}, got ${quote(open)}`);
  }
  if (typeof Object(open)[Symbol.iterator] === "function") {
    const known = namesIn(places);
    return [...open].flatMap((name) => {
      if (typeof name !== "string") {
        throw new TypeError(`${where}: open: expected names that are text, got ${describe(name)}`);
      }
      const meant = known.filter((each) => each === name || withoutNetwork(each) === name);
      if (meant.length > 0) return meant;
      const some = known.length > 6 ? [...known.slice(0, 6), "…"] : known;
      throw new RangeError(
        `${where}: open: expected names of layers and neurons in this graph, which has ` +
          `${some.join(", ") || "none"}; got ${quote(name)}`,
      );
    });
  }
  throw new TypeError(`${where}: expected open to be ${words}, got ${describe(open)}`);
}

/** An item that is being made. */
type Draft = { -readonly [Part in keyof Item]: Item[Part] } & { readonly first: number };

/** The items, in the order of the graph's nodes; labels of what is folded are still to come. */
function draftItems(
  graph: Graph,
  places: Places,
  into: readonly string[],
): { drafts: Draft[]; itemOf: Int32Array } {
  const { nodes, inputs } = graph;
  const { neuron, names } = places;
  const itemOf = new Int32Array(nodes.length);
  const drafts: Draft[] = [];
  const folded = new Map<string, number>();
  const ordinals = new Map<string, number>(); // how many nodes of a neuron have a key
  for (let i = 0; i < nodes.length; i++) {
    const known = into[i] === "" ? undefined : folded.get(into[i]);
    if (known !== undefined) {
      itemOf[i] = known;
      drafts[known].count += 1;
      if (inputs[i].length > 0) drafts[known].node = i; // the last of them: the output
      continue;
    }
    let key = into[i];
    if (key === "") {
      const area = neuron[i] === NONE ? "" : nameOf(places, i).neuron;
      const ordinal = ordinals.get(area) ?? 0;
      ordinals.set(area, ordinal + 1);
      key = isParameter(names[i]) && area !== "" ? `${area}.${names[i]}` : `${area}#${ordinal}`;
    } else folded.set(key, drafts.length);
    itemOf[i] = drafts.length;
    const kind = kindOf(into[i], inputs[i].length === 0, names[i], nodes[i].label ?? "");
    const label = into[i] === "" ? (names[i] ?? labelText(nodes[i])) : "";
    drafts.push({
      key,
      kind,
      node: i,
      label,
      count: 1,
      group: undefined,
      order: undefined,
      first: i,
    });
  }
  return { drafts, itemOf };
}

/** Labels what is folded. */
function name(
  draft: Draft,
  { network, layer, neuron }: Places,
  into: readonly string[],
  points: Scene["points"],
): void {
  const { kind, key, first, count } = draft;
  if (kind === "neuron") {
    draft.label = `neuron ${neuron[first]}`;
    draft.order = neuron[first];
  } else if (kind === "layer") {
    const neurons = new Set<number>();
    into.forEach((each, i) => {
      if (each === key) neurons.add(neuron[i]);
    });
    draft.label = layerTitle(network[first], layer[first]);
    draft.order = neurons.size;
  } else if (kind === "sum") draft.label = `sum of ${points?.count}`;
  else if (key === "others") draft.label = counted((points?.count ?? 0) - 1, "other data point");
  else if (kind === "folded") draft.label = `… ${thousands(count)} more …`;
  if (kind === "layer" || kind === "folded") draft.node = undefined; // no numbers of its own
}

/**
 * The scene with so much open, however many boxes that makes.
 *
 * @param examples the data points in the graph
 * @param example which of them is shown, counted from 0
 */
export function foldScene(
  graph: Graph,
  places: Places,
  examples: readonly number[],
  example: number,
  open: Open,
): Scene {
  const shown = shownOf(examples, example);
  const points = shown === undefined ? undefined : { count: examples.length, shown: example };
  const { roots } = graph;
  const into = foldedInto(graph, places, shown, open);
  const { drafts, itemOf } = draftItems(graph, places, into);
  for (const draft of drafts) name(draft, places, into, points);

  const edges = edgesOf(graph, places, into, drafts, itemOf);
  const groups = groupItems(places, drafts, edges, shown, points);
  return {
    items: drafts,
    edges,
    groups,
    sums: sumsOf(graph, drafts, edges),
    points,
    exampleOf: places.example,
    itemOf,
    roots: roots.map((root) => itemOf[root]),
  };
}

/** Edges between items: every one between two nodes, one between two items if one is folded. */
function edgesOf(
  { inputs }: Graph,
  { names }: Places,
  into: readonly string[],
  drafts: readonly Draft[],
  itemOf: Int32Array,
): Edge[] {
  const edges: Edge[] = [];
  const seen = new Set<number>();
  inputs.forEach((own, i) => {
    const to = itemOf[i];
    if (into[i] === "others") return;
    own.forEach((input, slot) => {
      const from = itemOf[input];
      if (from === to) return;
      if (into[i] !== "" || into[input] !== "") {
        const pair = from * drafts.length + to;
        if (seen.has(pair)) return;
        seen.add(pair);
      }
      const closed = drafts[to].kind === "neuron" && drafts[from].kind !== "layer";
      const weight = closed ? own.find((j) => isParameter(names[j])) : undefined;
      const port = into[i] === "" ? { slot, slots: own.length } : { slot: 0, slots: 1 };
      edges.push({ from, to, ...port, weight });
    });
  });
  return edges;
}

const kinds = ["neuron", "layer", "point"] as const; // from the inside outwards

/** Puts items into neurons, layers and the data point; none that must be left and entered again. */
function groupItems(
  places: Places,
  drafts: readonly Draft[],
  edges: readonly Edge[],
  shown: number | undefined,
  points: Scene["points"],
): Group[] {
  const { network, layer, neuron, example } = places;
  const keyOf = ({ kind, first, key }: Draft, group: Group["kind"]): string => {
    if (key === "others") return "";
    const inNeuron = neuron[first] !== NONE;
    if (group === "point") {
      return shown !== undefined && (inNeuron || example[first] === shown) ? "point" : "";
    }
    if (!inNeuron || kind === "layer") return "";
    const name = nameOf(places, first);
    if (group === "layer") return name.layer || "layer";
    return kind === "neuron" ? "" : name.neuron;
  };
  const levels = kinds.map((kind) => {
    const wanted = drafts.map((draft) => keyOf(draft, kind));
    return convex(wanted, edges);
  });

  // The groups that are left, each with one of its items.
  const found = new Map<string, { kind: Group["kind"]; first: number; item: number }>();
  levels.forEach((level, k) => {
    level.forEach((key, item) => {
      if (key !== "" && !found.has(key))
        found.set(key, { kind: kinds[k], first: drafts[item].first, item });
    });
  });
  const list = [...found].sort(
    ([, a], [, b]) =>
      kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
      network[a.first] - network[b.first] ||
      layer[a.first] - layer[b.first] ||
      neuron[a.first] - neuron[b.first],
  );
  const placeOf = new Map(list.map(([key], i) => [key, i]));
  /** The innermost group around an item, from a level on. */
  const around = (item: number, from: number): number | undefined => {
    const level = levels.slice(from).find((keys) => keys[item] !== "");
    return level === undefined ? undefined : placeOf.get(level[item]);
  };
  drafts.forEach((draft, item) => {
    draft.group = around(item, 0);
  });
  return list.map(([key, { kind, first, item }]): Group => {
    const titles = {
      neuron: `neuron ${neuron[first]}`,
      layer: layerTitle(network[first], layer[first]),
      point: points === undefined ? "" : `data point ${points.shown + 1} of ${points.count}`,
    };
    const order = kind === "neuron" ? neuron[first] : undefined;
    return { key, kind, title: titles[kind], group: around(item, kinds.indexOf(kind) + 1), order };
  });
}

/** "layer 0", or "network 1, layer 0" if there are several networks. */
function layerTitle(network: number, layer: number): string {
  const title = layer === NONE ? "layer" : `layer ${layer}`;
  return network === NONE ? title : `network ${network}, ${title}`;
}

/** "84", "999,984": in every language of the machine. */
export const thousands = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

/** "1 node", "2 nodes". */
export const counted = (n: number, what: string): string =>
  `${thousands(n)} ${what}${n === 1 ? "" : "s"}`;

function kindOf(into: string, leaf: boolean, name: string | undefined, label: string): ItemKind {
  if (into === "sum") return "sum";
  if (into === "others" || isChain(into)) return "folded";
  if (into.includes("neurons")) return "neuron";
  if (into !== "") return "layer";
  if (!leaf) return "operation";
  if (isParameter(name)) return "parameter";
  return name === undefined && label === "" ? "leaf" : "input";
}

/** Groups of items, without those that would have to be left and entered again. */
function convex(wanted: string[], edges: readonly Edge[]): string[] {
  const groups = [...wanted];
  for (;;) {
    const names = [...new Set(groups)].filter((name) => name !== "");
    const numbers = new Map(names.map((name, n) => [name, n]));
    const of = (item: number): number => numbers.get(groups[item]) ?? names.length + item;
    const crossing = edges.filter(({ from, to }) => of(from) !== of(to));
    const circular = inCircles(
      names.length + groups.length,
      crossing.map(({ from }) => of(from)),
      crossing.map(({ to }) => of(to)),
    );
    const bad = new Set(names.filter((_, n) => circular[n] === 1));
    if (bad.size === 0) return groups;
    groups.forEach((name, item) => {
      if (bad.has(name)) groups[item] = "";
    });
  }
}

/** The rows of additions: at least two in a neuron, at least three elsewhere. */
function sumsOf({ nodes }: Graph, items: readonly Item[], edges: readonly Edge[]): number[][] {
  const uses = new Int32Array(items.length);
  const inputs: number[][] = items.map(() => []);
  for (const { from, to } of edges) {
    uses[from] += 1;
    inputs[to].push(from);
  }
  const isAddition = ({ kind, node }: Item, item: number): boolean =>
    kind === "operation" && node !== undefined && isSum(nodes[node]) && inputs[item].length === 2;
  const addition = items.map(isAddition);
  const before = items.map((_, item) =>
    !addition[item]
      ? undefined
      : inputs[item].find(
          (from) => addition[from] && uses[from] === 1 && items[from].group === items[item].group,
        ),
  );
  const goesOn = new Set(before);
  const sums: number[][] = [];
  items.forEach(({ group }, item) => {
    if (!addition[item] || goesOn.has(item)) return;
    const chain: number[] = [];
    for (let at: number | undefined = item; at !== undefined; at = before[at]) chain.push(at);
    if (chain.length >= (group === undefined ? 3 : 2)) sums.push(chain.reverse());
  });
  return sums;
}

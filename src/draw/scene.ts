/**
 * What a picture of a graph shows: which nodes have a box of their own, which are folded into one,
 * and which boxes belong together. Read node.ts first.
 *
 * A network on a hundred data points has the same neurons a hundred times. So one data point is
 * shown and the others are counted; neurons and layers are open or closed; a long chain shows its
 * ends.
 */

import { describe, expectCount, quote } from "../errors.ts";
import { Value } from "../value.ts";
import { type DrawableNode, type Graph, labelText } from "./node.ts";

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
  /** For each node of the graph, the item that shows it, or -1. */
  readonly itemOf: Int32Array;
  /** For each node of the graph, its data point; below 0 if it belongs to none or to several. */
  readonly exampleOf: Int32Array;
  readonly roots: readonly number[];
}

/**
 * What is open. "all": every neuron and every chain; "neurons": every neuron; "network": every
 * layer, with its neurons closed; or the names of what is open, such as "layers.0" and
 * "layers.1.neurons.2".
 */
export type Open = "all" | "neurons" | "network" | Iterable<string>;

const FEW = 60; // nodes that need no folding
const MANY = 400; // boxes beyond which neurons are closed
const LONG = 16; // operations in a row beyond which a chain is folded
const CHAIN_ENDS = 4; // operations that a folded chain shows at each end

const NONE = -1;
const SEVERAL = -2;

/** What is known of each node of a graph; NONE if nothing. */
interface Places {
  readonly layer: Int32Array;
  readonly neuron: Int32Array;
  /** SEVERAL for what was computed from several data points. */
  readonly example: Int32Array;
  /** Short names: "w1" and "b" for parameters, "x1" for what w1 is multiplied by. */
  readonly names: readonly (string | undefined)[];
}

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
  const examples = [...new Set(places.example)].filter((e) => e >= 0).sort((a, b) => a - b);
  const { example = 0, most } = options;
  expectCount(example, 0, `${where}, example`, Math.max(0, examples.length - 1));
  const shown = examples.length > 1 ? examples[example] : undefined;
  const points = examples.length > 1 ? { count: examples.length, shown: example } : undefined;

  const choices =
    options.open === undefined ? levels(graph, places, shown) : [expectOpen(options.open, where)];
  let scene: Scene | undefined;
  for (const open of choices) {
    scene = fold(graph, places, shown, points, open);
    if (scene.items.length <= MANY) break;
    if (open !== "network" && !scene.items.some(({ kind }) => kind === "neuron")) {
      if (!scene.groups.some(({ kind }) => kind === "neuron")) break; // nothing to close
    }
  }
  if (scene === undefined || scene.items.length > most) {
    throw new RangeError(
      `${where}: expected a graph that can be shown with at most ${most} boxes, got one of ` +
        `${graph.nodes.length} nodes that needs ${scene?.items.length}; draw the loss of one ` +
        "data point, or an intermediate node",
    );
  }
  return scene;
}

/** From the most to the least that may be open, without what is sure to be too much. */
function levels({ nodes }: Graph, places: Places, shown: number | undefined): Open[] {
  if (nodes.length <= FEW) return ["neurons"];
  let inNeurons = 0;
  for (let i = 0; i < nodes.length; i++) {
    if (places.neuron[i] !== NONE && !isHidden(places, i, shown)) inNeurons += 1;
  }
  return inNeurons > MANY ? ["network", []] : ["neurons", "network", []];
}

/** Does it belong to another data point than the one that is shown? */
const isHidden = ({ example }: Places, i: number, shown: number | undefined): boolean =>
  shown !== undefined && example[i] >= 0 && example[i] !== shown;

function expectOpen(open: Open, where: string): Open {
  const words = '"all", "neurons", "network" or names such as "layers.0"';
  if (typeof open === "string") {
    if (open === "all" || open === "neurons" || open === "network") return open;
    throw new RangeError(`${where}: expected open to be ${words}, got ${quote(open)}`);
  }
  if (typeof Object(open)[Symbol.iterator] === "function") return open;
  throw new TypeError(`${where}: expected open to be ${words}, got ${describe(open)}`);
}

// ---- Where nodes belong ------------------------------------------------------------------------

const parameterName = /(?:^|\.)(?:layers\.(\d+)\.)?neurons\.(\d+)\.(weights\.(\d+)|bias)$/;

/** Layer, neuron and data point of each node, as far as it knows them or its neighbours do. */
function placesOf(graph: Graph): Places {
  const { nodes, inputs } = graph;
  const count = nodes.length;
  const layer = new Int32Array(count).fill(NONE);
  const neuron = new Int32Array(count).fill(NONE);
  const example = new Int32Array(count).fill(NONE);
  const names: (string | undefined)[] = new Array(count);

  for (let i = 0; i < count; i++) {
    const node = nodes[i];
    if (node instanceof Value) {
      const { origin } = node;
      layer[i] = origin.layer ?? NONE;
      neuron[i] = origin.neuron ?? NONE;
      example[i] = origin.example ?? NONE;
    }
    if (inputs[i].length > 0) {
      if (example[i] === NONE) example[i] = commonExample(inputs[i], example);
      continue;
    }
    const { label } = node;
    const found = typeof label === "string" ? parameterName.exec(label) : null;
    if (found === null) {
      const short = /^(?:weights\.(\d+)|bias)$/.exec(label ?? "");
      if (short !== null) names[i] = short[1] === undefined ? "b" : `w${short[1]}`;
      continue;
    }
    layer[i] = found[1] === undefined ? NONE : Number(found[1]);
    neuron[i] = Number(found[2]);
    example[i] = NONE;
    names[i] = found[4] === undefined ? "b" : `w${found[4]}`;
  }

  // A leaf that serves one data point only belongs to it: a target, an input.
  const served = new Int32Array(count).fill(NONE);
  for (let i = 0; i < count; i++) {
    for (const input of inputs[i]) served[input] = together(served[input], example[i]);
  }
  for (let i = 0; i < count; i++) {
    const free = inputs[i].length === 0 && names[i] === undefined && example[i] === NONE;
    if (free && served[i] >= 0) example[i] = served[i];
  }
  nameInputs(graph, names);
  return { layer, neuron, example, names };
}

/** Calls a leaf x2 that is multiplied by w2, if it has no name of its own. */
function nameInputs({ nodes, inputs }: Graph, names: (string | undefined)[]): void {
  for (const own of inputs) {
    if (own.length !== 2) continue;
    for (const [weight, input] of [own, [own[1], own[0]]]) {
      const name = names[weight];
      if (inputs[input].length > 0 || (nodes[input].label ?? "") !== "") continue;
      if (name?.startsWith("w")) names[input] = `x${name.slice(1)}`;
    }
  }
}

const together = (a: number, b: number): number => {
  if (a === NONE || a === b) return b;
  return b === NONE ? a : SEVERAL;
};

function commonExample(inputs: readonly number[], example: Int32Array): number {
  let common = NONE;
  for (const input of inputs) common = together(common, example[input]);
  return common;
}

// ---- Folding -----------------------------------------------------------------------------------

const isOpen = (
  open: Open,
  names: ReadonlySet<string>,
  layer: string,
  neuron?: string,
): boolean => {
  if (open === "all" || open === "neurons") return true;
  if (open === "network") return neuron === undefined;
  if (neuron !== undefined) return names.has(neuron);
  for (const name of names) if (name === layer || name.startsWith(`${layer}.`)) return true;
  return false;
};

/** The name of a layer or neuron, as parameters are named. */
function nameOf(layer: number, neuron: number): { layer: string; neuron: string } {
  const outer = layer === NONE ? "" : `layers.${layer}`;
  const inner = `${outer}${outer === "" ? "" : "."}neurons.${neuron}`;
  return { layer: outer, neuron: inner };
}

/** The scene with so much open. */
function fold(
  graph: Graph,
  places: Places,
  shown: number | undefined,
  points: Scene["points"],
  open: Open,
): Scene {
  const { nodes, inputs, roots } = graph;
  const { layer, neuron, example, names } = places;
  const opened = new Set(typeof open === "string" ? [] : open);
  const hidden = (i: number): boolean => isHidden(places, i, shown);

  // 1. The name of what each node is folded into, "" for itself.
  const into: string[] = new Array(nodes.length).fill("");
  for (let i = 0; i < nodes.length; i++) {
    if (hidden(i)) into[i] = "others";
    else if (neuron[i] !== NONE) {
      const name = nameOf(layer[i], neuron[i]);
      if (name.layer !== "" && !isOpen(open, opened, name.layer)) into[i] = name.layer;
      else if (!isOpen(open, opened, name.layer, name.neuron)) into[i] = name.neuron;
    }
  }
  if (shown !== undefined) foldSums(graph, places, into);
  foldChains(graph, places, into, open === "all" ? Infinity : LONG);
  dissolve(graph, into);

  // 2. Items, in the order of the graph's nodes.
  const itemOf = new Int32Array(nodes.length).fill(NONE);
  const groups = new Map<string, Group>();
  const drafts: { -readonly [Part in keyof Item]: Item[Part] }[] = [];
  const byName = new Map<string, number>();
  const ordinals = new Map<string, number>();
  for (let i = 0; i < nodes.length; i++) {
    const name = into[i];
    const known = name === "" ? undefined : byName.get(name);
    if (known !== undefined) {
      itemOf[i] = known;
      drafts[known].count += 1;
      if (inputs[i].length > 0 && name !== "others") drafts[known].node = i; // the last: its output
      continue;
    }
    itemOf[i] = drafts.length;
    if (name !== "") byName.set(name, drafts.length);
    const area = neuron[i] === NONE ? "" : nameOf(layer[i], neuron[i]).neuron;
    const ordinal = ordinals.get(area) ?? 0;
    if (name === "" && !hidden(i)) ordinals.set(area, ordinal + 1);
    drafts.push({
      key:
        name === ""
          ? area !== "" && isParameter(names[i])
            ? `${area}.${names[i]}`
            : `${area}#${ordinal}`
          : name,
      kind: kindOf(name, inputs[i].length === 0, names[i], nodes[i].label ?? ""),
      node: i,
      label: name === "" ? labelOf(graph, places, i) : "",
      count: 1,
      group: undefined,
      order: undefined,
    });
  }
  for (const draft of drafts) {
    const i = draft.node;
    if (i === undefined) continue;
    if (draft.kind === "neuron") {
      draft.label = `neuron ${neuron[i]}`;
      draft.order = neuron[i];
    }
    if (draft.kind === "layer") {
      const size = new Set<number>();
      for (let j = 0; j < nodes.length; j++) if (into[j] === draft.key) size.add(neuron[j]);
      draft.label = `layer ${layer[i]}`;
      draft.order = size.size;
    }
    if (draft.key === "others" && points !== undefined) {
      draft.label = `${counted(points.count - 1, "other data point")}`;
    }
    if (draft.kind === "sum" && points !== undefined) draft.label = `sum of ${points.count}`;
    if (draft.kind === "folded" && draft.key !== "others") {
      draft.label = `… ${draft.count.toLocaleString("en-US")} more …`;
    }
    if (draft.kind === "layer" || draft.kind === "folded") draft.node = undefined;
  }

  // 3. Edges between different items: all of those between nodes, one of those to something folded.
  const edges: Edge[] = [];
  const seen = new Set<number>();
  for (let i = 0; i < nodes.length; i++) {
    const to = itemOf[i];
    const slots = inputs[i].length;
    for (let slot = 0; slot < slots; slot++) {
      const from = itemOf[inputs[i][slot]];
      if (from === to || drafts[to].key === "others") continue;
      const plain = into[i] === "" && into[inputs[i][slot]] === "";
      if (!plain) {
        const pair = from * drafts.length + to;
        if (seen.has(pair)) continue;
        seen.add(pair);
      }
      const closed = drafts[to].kind === "neuron" && drafts[from].kind !== "layer";
      const weight = closed ? inputs[i].find((j) => isParameter(names[j])) : undefined;
      const single = into[i] === "";
      edges.push({ from, to, slot: single ? slot : 0, slots: single ? slots : 1, weight });
    }
  }

  // 4. Groups: neurons, layers, the data point; none that would have to be left and entered again.
  const scene = {
    items: drafts,
    edges,
    points,
    itemOf,
    exampleOf: example,
    roots: roots.map((root) => itemOf[root]),
  };
  const group = (item: number, kind: Group["kind"]): string => {
    const i = drafts[item].node ?? firstNode(itemOf, item);
    if (kind === "point") {
      const inside = example[i] === shown || neuron[i] !== NONE;
      return shown !== undefined && drafts[item].key !== "others" && inside ? "point" : "";
    }
    if (neuron[i] === NONE || drafts[item].key === "others") return "";
    const name = nameOf(layer[i], neuron[i]);
    if (kind === "layer") return drafts[item].kind === "layer" ? "" : name.layer || "layer";
    return drafts[item].kind === "neuron" || drafts[item].kind === "layer" ? "" : name.neuron;
  };
  const levelsOf = (["neuron", "layer", "point"] as const).map((kind) => {
    const wanted = drafts.map((_, item) => group(item, kind));
    return convex(wanted, edges);
  });
  drafts.forEach((draft, item) => {
    const i = draft.node ?? firstNode(itemOf, item);
    const chain = levelsOf.map((level) => level[item]);
    const kinds = ["neuron", "layer", "point"] as const;
    kinds.forEach((kind, k) => {
      const key = chain[k];
      if (key === "" || groups.has(key)) return;
      const title = {
        neuron: `neuron ${neuron[i]}`,
        layer: layer[i] === NONE ? "layer" : `layer ${layer[i]}`,
        point: points === undefined ? "" : `data point ${points.shown + 1} of ${points.count}`,
      }[kind];
      groups.set(key, {
        key,
        kind,
        title,
        group: undefined,
        order: kind === "neuron" ? neuron[i] : undefined,
      });
    });
  });
  const rank = { neuron: 0, layer: 1, point: 2 };
  const sorted = [...groups.values()].sort((a, b) => rank[a.kind] - rank[b.kind]);
  const placeOf = new Map(sorted.map(({ key }, i) => [key, i]));
  const around = new Map<string, string>();
  drafts.forEach((draft, item) => {
    const chain = levelsOf.map((level) => level[item]).filter((key) => key !== "");
    if (chain.length > 0) draft.group = placeOf.get(chain[0]);
    chain.forEach((key, k) => {
      if (k + 1 < chain.length) around.set(key, chain[k + 1]);
    });
  });
  const finished = sorted.map((each) => {
    const outer = around.get(each.key);
    return { ...each, group: outer === undefined ? undefined : placeOf.get(outer) };
  });
  return { ...scene, groups: finished, sums: sumsOf(graph, drafts, edges) };
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

function firstNode(itemOf: Int32Array, item: number): number {
  return itemOf.indexOf(item);
}

const isParameter = (name: string | undefined): boolean => /^[wb]/.test(name ?? "");

function kindOf(into: string, leaf: boolean, name: string | undefined, label: string): ItemKind {
  if (into === "sum") return "sum";
  if (into === "others" || into.startsWith("chain")) return "folded";
  if (into.includes("neurons")) return "neuron";
  if (into !== "") return "layer";
  if (!leaf) return "operation";
  if (isParameter(name)) return "parameter";
  return name === undefined && label === "" ? "leaf" : "input";
}

/** What stands in the box of a node: its label, "w1" for layers.0.neurons.2.weights.1. */
function labelOf({ nodes }: Graph, { names }: Places, i: number): string {
  return names[i] ?? labelText(nodes[i]);
}

/** Is it an addition, of the library or of a reader's class? */
const isSum = (node: DrawableNode): boolean => node.op === "add" || node.op === "+";

/** Sums over several data points become one box: the terms of all but one are not to be seen. */
function foldSums({ nodes, inputs }: Graph, { example }: Places, into: string[]): void {
  for (let i = 0; i < nodes.length; i++) {
    if (example[i] !== SEVERAL || !isSum(nodes[i])) continue;
    if (inputs[i].some((j) => into[j] === "others" || into[j] === "sum")) into[i] = "sum";
  }
}

/** The middle of each long row of operations, with the leaves that serve only there. */
function foldChains({ nodes, inputs }: Graph, places: Places, into: string[], long: number): void {
  const consumers = new Int32Array(nodes.length);
  for (const own of inputs) for (const input of own) consumers[input] += 1;
  // The length of the row that ends at a node, and the one node before it in the row.
  const length = new Int32Array(nodes.length);
  const before = new Int32Array(nodes.length).fill(NONE);
  const goesOn = new Uint8Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) {
    if (into[i] !== "" || places.neuron[i] !== NONE || inputs[i].length === 0) continue;
    const made = inputs[i].filter((j) => inputs[j].length > 0);
    length[i] = 1;
    if (made.length !== 1 || consumers[made[0]] !== 1 || length[made[0]] === 0) continue;
    before[i] = made[0];
    length[i] = length[made[0]] + 1;
    goesOn[made[0]] = 1;
  }
  let chains = 0;
  for (let i = 0; i < nodes.length; i++) {
    if (length[i] <= long || goesOn[i] === 1) continue;
    const name = `chain ${chains++}`;
    let j = i;
    const total = length[i];
    const inside: number[] = [];
    for (let n = total; n > CHAIN_ENDS; n--) {
      if (n <= total - CHAIN_ENDS) inside.push(j);
      j = before[j];
    }
    const uses = new Map<number, number>(); // of leaves, by the folded nodes
    for (const node of inside) {
      into[node] = name;
      for (const input of inputs[node]) {
        if (inputs[input].length === 0) uses.set(input, (uses.get(input) ?? 0) + 1);
      }
    }
    for (const [leaf, used] of uses) if (used === consumers[leaf]) into[leaf] = name;
  }
}

/** Takes back what would have to be left and entered again: the picture would go in a circle. */
function dissolve({ nodes, inputs }: Graph, into: string[]): void {
  for (;;) {
    const numbers = new Map<string, number>();
    const item = into.map((name) => {
      if (name === "") return NONE;
      const known = numbers.get(name) ?? numbers.size;
      numbers.set(name, known);
      return known;
    });
    const names = [...numbers.keys()];
    const of = (i: number): number => (item[i] === NONE ? names.length + i : item[i]);
    const from: number[] = [];
    const to: number[] = [];
    inputs.forEach((own, i) => {
      if (into[i] === "others") return; // from there edges only go out
      for (const input of own) {
        if (of(input) !== of(i) && into[input] !== "others") {
          from.push(of(input));
          to.push(of(i));
        }
      }
    });
    const circular = inCircles(names.length + nodes.length, from, to);
    const bad = new Set(names.filter((_, n) => circular[n] === 1));
    if (bad.size === 0) return;
    into.forEach((name, i) => {
      if (bad.has(name)) into[i] = "";
    });
  }
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

/** Marks what is on a circle, or between two: what cannot be taken away from either end. */
function inCircles(count: number, from: readonly number[], to: readonly number[]): Uint8Array {
  const left = new Uint8Array(count).fill(1);
  for (const [tails, heads] of [
    [from, to],
    [to, from],
  ]) {
    // Edges sorted by tail: those of node n are sorted[start[n]] to sorted[start[n + 1] - 1].
    const start = new Int32Array(count + 1);
    for (const tail of tails) start[tail + 1] += 1;
    for (let n = 0; n < count; n++) start[n + 1] += start[n];
    const next = start.slice();
    const sorted = new Int32Array(tails.length);
    const waiting = new Int32Array(count);
    tails.forEach((tail, e) => {
      sorted[next[tail]++] = heads[e];
      if (left[tail] === 1) waiting[heads[e]] += 1;
    });
    const free: number[] = [];
    for (let n = 0; n < count; n++) if (left[n] === 1 && waiting[n] === 0) free.push(n);
    for (const node of free) {
      left[node] = 0;
      for (let e = start[node]; e < start[node + 1]; e++) {
        const head = sorted[e];
        waiting[head] -= 1;
        if (left[head] === 1 && waiting[head] === 0) free.push(head);
      }
    }
  }
  return left;
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

/**
 * A graph with what the reader has opened in it: which boxes there are, where they stand, and what
 * changes when something opens or closes. No page yet. Read src/draw/scene.ts and src/draw/layout.ts
 * first.
 */

import { Value } from "chainrule";
import { type Face, facesOf } from "../../dist/draw/card.js";
import { isChain, type Open } from "../../dist/draw/folding.js";
import { HEADER, type Layout, layOut } from "../../dist/draw/layout.js";
import { type DrawableNode, type Graph, labelText } from "../../dist/draw/node.js";
import { namesIn, type Places, placesOf } from "../../dist/draw/places.js";
import { examplesIn, foldScene, type Item, type Scene } from "../../dist/draw/scene.js";
import type { Rectangle } from "../../dist/draw/shapes.js";

/** A graph of so many nodes needs no folding. */
const FEW = 60;
/** Layers are open at first if that makes at most so many boxes. */
const EASY = 150;
/** Beyond so many boxes no layout is worth the wait. */
const MOST = 12_000;
/** What is marked inside of a folded box is looked at if it has at most so many nodes. */
const MOST_MEMBERS = 5000;

/** A box of the picture, or the frame around several; both are known by their keys. */
export interface Target {
  readonly key: string;
  readonly item: number | undefined;
  readonly group: number | undefined;
  /** Where one can click: of a frame only its title. */
  readonly at: Rectangle;
}

/** An edge that a line stands for, by its consumer's place in the graph and the input's number. */
export interface Link {
  readonly consumer: number;
  readonly slot: number;
}

/** What is shown of a graph: it says itself why if that is nothing. */
export class FoldedGraph {
  readonly places: Places;
  /** The data points in the graph, by the numbers that its nodes have. */
  readonly examples: readonly number[];
  /** Which of the data points is shown, counted from 0. */
  example = 0;
  scene: Scene;
  faces: readonly Face[] = [];
  layout: Layout = { items: [], groups: [], routes: [], width: 0, height: 0 };
  /** Boxes and frames by their keys. */
  targets = new Map<string, Target>();
  #graph: Graph;
  #open: "all" | Set<string>;
  #allNames: readonly string[] | undefined;
  /** The chains of the data point that is shown, and which data point that was. */
  #chains: readonly string[] = [];
  #chainsOf = -1;
  #placeOf: Map<DrawableNode, number> | undefined;
  #links: readonly (readonly Link[])[] | undefined;
  #members: readonly (readonly number[])[] | undefined;

  /** @throws RangeError if it has too many boxes even when everything is folded */
  constructor(graph: Graph) {
    this.#graph = graph;
    this.places = placesOf(graph);
    this.examples = examplesIn(this.places);
    this.#open = new Set();
    this.scene = this.#fold(graph.nodes.length <= FEW ? "neurons" : "network");
    if (graph.nodes.length <= FEW) this.#open = new Set(this.#names());
    else if (this.scene.items.length <= EASY) {
      this.#open = new Set(this.#names().filter((name) => !name.includes("neurons")));
    } else this.scene = this.#fold([]);
    if (this.scene.items.length > MOST) {
      throw new RangeError(
        `This graph of ${graph.nodes.length} nodes needs ${this.scene.items.length} boxes; ` +
          `at most ${MOST} can be shown.`,
      );
    }
    this.#arrange();
  }

  get graph(): Graph {
    return this.#graph;
  }

  /** Takes the output of another training step, if its graph has the same nodes: nothing moves then. */
  adopt(output: DrawableNode): boolean {
    const graph = matchingGraph(this.#graph, output);
    if (graph === undefined) return false;
    this.#graph = graph;
    this.#placeOf = undefined;
    return true;
  }

  /** The place of a node in the graph. */
  placeOf(node: DrawableNode): number | undefined {
    this.#placeOf ??= new Map(this.#graph.nodes.map((each, i) => [each, i]));
    return this.#placeOf.get(node);
  }

  /** The box or frame that shows a node. */
  targetOf(place: number): Target | undefined {
    return this.targets.get(this.scene.items[this.scene.itemOf[place]]?.key ?? "");
  }

  /** Is it a box that opens? */
  canOpen({ item }: Target): boolean {
    return item !== undefined && isClosed(this.scene.items[item]);
  }

  /** Opens a closed box, or closes what an open frame is around. The target keeps its key. */
  toggle(target: Target): void {
    const { key, item } = target;
    if (item !== undefined && !isClosed(this.scene.items[item])) return;
    if (key === "others") {
      this.showExample((this.example + 1) % this.examples.length);
      return;
    }
    const open = this.#openNames();
    if (item !== undefined) open.add(key);
    else {
      for (const name of [...open]) if (name.startsWith(`${key}.`)) open.delete(name);
      const layer = key.replace(/\.?neurons\.\d+$/, "");
      open.delete(key);
      if (layer !== key && layer !== "") open.add(layer); // it stays open without its neuron
    }
    this.#open = open;
    this.#refold();
  }

  /** Closes the neuron, the layer or the chain that a box is in; its key, or undefined if in none. */
  closeAround(item: number): string | undefined {
    let group = this.scene.items[item].group;
    while (group !== undefined && this.scene.groups[group].kind === "point") {
      group = this.scene.groups[group].group;
    }
    const around = group === undefined ? undefined : this.targets.get(this.scene.groups[group].key);
    if (around !== undefined) {
      this.toggle(around);
      return around.key;
    }
    const { node } = this.scene.items[item];
    const chain = node === undefined ? undefined : this.#chainOf(node);
    if (chain === undefined) return undefined;
    const open = this.#openNames();
    open.delete(chain);
    this.#open = open;
    this.#refold();
    return chain;
  }

  openAll(): void {
    this.#open = "all";
    this.#refold();
  }

  /** Closes neurons and chains; layers too if neurons are closed already. */
  closeAll(): void {
    const open = this.#openNames();
    const inside = [...open].filter((name) => name.includes("neurons.") || isChain(name));
    if (inside.length === 0) open.clear();
    for (const name of inside) open.delete(name);
    if (inside.length > 0) {
      for (const name of this.#names()) if (!name.includes("neurons.")) open.add(name);
    }
    this.#open = open;
    this.#refold();
  }

  get hasClosed(): boolean {
    return this.scene.items.some((item) => isClosed(item) && item.key !== "others");
  }

  get hasOpen(): boolean {
    return this.#open === "all" ? !this.hasNothingToFold : this.#open.size > 0;
  }

  /** Has it no neurons, layers and chains? */
  get hasNothingToFold(): boolean {
    return this.#names().length === 0 && this.#chains.length === 0;
  }

  showExample(example: number): void {
    if (example === this.example || this.examples[example] === undefined) return;
    this.example = example;
    this.#refold();
  }

  /** Opens all that a node is folded into; true if anything had to be opened. */
  reveal(place: number): boolean {
    const before = this.scene;
    const example = this.examples.indexOf(this.places.example[place]);
    if (this.examples.length > 1 && example >= 0) this.showExample(example);
    // A layer, then the neuron in it; what does not open is left as it is.
    for (let depth = 0; depth < 3; depth++) {
      const target = this.targetOf(place);
      if (target === undefined || !this.canOpen(target) || target.key === "others") break;
      this.toggle(target);
    }
    return this.scene !== before;
  }

  /** For each line, the edges of the graph that it stands for. */
  get links(): readonly (readonly Link[])[] {
    this.#links ??= this.#findLinks();
    return this.#links;
  }

  /** For each box, the nodes that it stands for, unless they are very many. */
  get members(): readonly (readonly number[])[] {
    if (this.#members === undefined) {
      const members: number[][] = this.scene.items.map(() => []);
      this.scene.itemOf.forEach((item, node) => {
        if (this.scene.items[item].count <= MOST_MEMBERS) members[item].push(node);
      });
      this.#members = members;
    }
    return this.#members;
  }

  /** What is at a place of the picture: boxes are in front of frames, frames inside in front of others. */
  at(x: number, y: number): Target | undefined {
    const { items, groups } = this.layout;
    const item = items.findIndex((rectangle) => contains(rectangle, x, y));
    if (item >= 0) return this.targets.get(this.scene.items[item].key);
    for (let group = 0; group < groups.length; group++) {
      const target = this.targets.get(this.scene.groups[group].key);
      if (target !== undefined && contains(target.at, x, y)) return target;
    }
    return undefined;
  }

  /** What is called how: "layers.0.neurons.1.weights.2" for a parameter, a label, or an operation. */
  nameOf(place: number): string {
    const node = this.#graph.nodes[place];
    return labelText(node) || this.places.names[place] || "";
  }

  #fold(open: Open): Scene {
    return foldScene(this.#graph, this.places, this.examples, this.example, open);
  }

  #refold(): void {
    this.scene = this.#fold(this.#open);
    this.#arrange();
  }

  #arrange(): void {
    const { scene } = this;
    if (this.#chainsOf !== this.example) {
      // Chains have their numbers whether they are open or not; at first they are closed.
      const isClosed = this.#open !== "all" && ![...this.#open].some(isChain);
      const closed = isClosed ? scene : this.#fold([]);
      this.#chains = closed.items.map(({ key }) => key).filter(isChain);
      this.#chainsOf = this.example;
    }
    this.#links = undefined;
    this.#members = undefined;
    this.faces = facesOf(this.#graph, scene, true);
    this.layout = layOut(scene, this.faces);
    this.targets = new Map();
    scene.groups.forEach(({ key, kind }, group) => {
      if (kind === "point") return;
      const at = { ...this.layout.groups[group], height: HEADER };
      this.targets.set(key, { key, item: undefined, group, at });
    });
    scene.items.forEach(({ key }, item) => {
      this.targets.set(key, { key, item, group: undefined, at: this.layout.items[item] });
    });
  }

  /** The names of what is open, one by one. */
  #openNames(): Set<string> {
    if (this.#open !== "all") return new Set(this.#open);
    return new Set([...this.#names(), ...this.#chains]);
  }

  /** All layers and neurons. */
  #names(): readonly string[] {
    this.#allNames ??= namesIn(this.places);
    return this.#allNames;
  }

  /** The open chain that a node belongs to. */
  #chainOf(place: number): string | undefined {
    if (this.#chains.length === 0) return undefined;
    const withoutChains = this.#fold([...this.#openNames()].filter((name) => !isChain(name)));
    const { key } = withoutChains.items[withoutChains.itemOf[place]];
    return isChain(key) ? key : undefined;
  }

  #findLinks(): Link[][] {
    const { edges, items, itemOf } = this.scene;
    const found: Link[][] = edges.map(() => []);
    const single = new Map<string, number>(); // by consumer's item and slot
    const between = new Map<number, number>(); // by both items
    edges.forEach(({ from, to, slot, slots }, edge) => {
      if (items[to].count === 1 && slots > 0) single.set(`${to} ${slot} ${from}`, edge);
      between.set(from * items.length + to, edge);
    });
    this.#graph.inputs.forEach((own, consumer) => {
      const to = itemOf[consumer];
      if (items[to].key === "others") return;
      own.forEach((input, slot) => {
        const from = itemOf[input];
        if (from === to) return;
        const edge =
          single.get(`${to} ${slot} ${from}`) ?? between.get(from * items.length + to) ?? -1;
        found[edge]?.push({ consumer, slot });
      });
    });
    return found;
  }
}

/** Does a box stand for what can be opened? */
export const isClosed = ({ kind }: Item): boolean =>
  kind === "neuron" || kind === "layer" || kind === "folded";

const contains = ({ x, y, width, height }: Rectangle, px: number, py: number): boolean =>
  px >= x && px <= x + width && py >= y && py <= y + height;

/**
 * The graph of another output, if it has the same nodes as a known graph but for their numbers: far
 * sooner found than by reading it anew.
 */
export function matchingGraph(known: Graph, output: DrawableNode): Graph | undefined {
  const { inputs, roots } = known;
  if (roots.length !== 1) return undefined;
  const nodes: DrawableNode[] = new Array(inputs.length);
  nodes[roots[0]] = output;
  const seen = new Set([output]);
  const examples = new Map<unknown, unknown>();
  // Consumers come before their inputs; each node is the one that its first consumer has there.
  for (let i = inputs.length - 1; i >= 0; i--) {
    const node = nodes[i];
    if (!(node instanceof Value) || !isAlike(known.nodes[i], node, examples)) return undefined;
    const own = node.inputs;
    if (own.length !== inputs[i].length) return undefined;
    for (let slot = 0; slot < own.length; slot++) {
      const place = inputs[i][slot];
      if (nodes[place] === own[slot]) continue;
      if (nodes[place] !== undefined || seen.has(own[slot])) return undefined;
      nodes[place] = own[slot];
      seen.add(own[slot]);
    }
  }
  return haveSameOrder(examples) ? { nodes, inputs, roots } : undefined;
}

/** Were two nodes made by the same operation at the same place? Notes which data points they are of. */
function isAlike(one: DrawableNode, other: Value, examples: Map<unknown, unknown>): boolean {
  if (one === other) return true;
  if ((one.op ?? "") !== other.op || (one.label ?? "") !== other.label) return false;
  const [here, there] = [originOf(one), originOf(other)];
  if (here.layer !== there.layer || here.neuron !== there.neuron) return false;
  if (!examples.has(here.example)) examples.set(here.example, there.example);
  return examples.get(here.example) === there.example;
}

/**
 * Do pairs of data points come in the same order? A network that is not told which data point it
 * sees counts them on and on.
 */
function haveSameOrder(examples: ReadonlyMap<unknown, unknown>): boolean {
  const pairs = [...examples].sort(([p], [q]) => Number(p) - Number(q));
  return pairs.every(
    ([one, other], i) =>
      (one === undefined) === (other === undefined) &&
      (i === 0 || !(Number(pairs[i - 1][1]) >= Number(other))),
  );
}

interface Origin {
  readonly layer?: unknown;
  readonly neuron?: unknown;
  readonly example?: unknown;
}

/** Where a Value says that it was made; other nodes say nothing. */
const originOf = (node: DrawableNode): Origin =>
  "origin" in node && node.origin !== null && typeof node.origin === "object" ? node.origin : {};

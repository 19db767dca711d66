/**
 * What is folded: which nodes of a graph share a box. Read places.ts first.
 */

import { inCircles } from "./circles.ts";
import type { DrawableNode, Graph } from "./node.ts";
import { NONE, nameOf, type Places, SEVERAL } from "./places.ts";

/**
 * What is open. "all": every neuron and every chain; "neurons": every neuron; "network": every
 * layer, with its neurons closed; or the names of what is open, such as "layers.0",
 * "layers.1.neurons.2" and "chain 0".
 */
export type Open = "all" | "neurons" | "network" | Iterable<string>;

const LONG = 16; // operations in a row beyond which a chain is folded
const CHAIN_ENDS = 4; // operations that a folded chain shows at each end

/**
 * The name of what each node is folded into, "" if it has a box of its own: "others" for the other
 * data points, "sum" for sums over data points, "chain 0" for the middle of a long chain, or the
 * name of a layer or neuron.
 *
 * @param shown the data point that is shown; undefined if there is only one
 */
export function foldedInto(
  graph: Graph,
  places: Places,
  shown: number | undefined,
  open: Open,
): string[] {
  const { nodes } = graph;
  const opened = new Set(typeof open === "string" ? [] : open);

  const into: string[] = new Array(nodes.length).fill("");
  for (let i = 0; i < nodes.length; i++) {
    if (isHidden(places, i, shown)) into[i] = "others";
    else if (places.neuron[i] !== NONE) {
      const name = nameOf(places, i);
      if (name.layer !== "" && !isOpen(open, opened, name.layer)) into[i] = name.layer;
      else if (!isOpen(open, opened, name.layer, name.neuron)) into[i] = name.neuron;
    }
  }
  if (shown !== undefined) foldSums(graph, places, into);
  if (open !== "all") foldChains(graph, places, into, opened);
  dissolve(graph, into);
  return into;
}

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

/** Does it belong to another data point than the one that is shown? */
export const isHidden = ({ example }: Places, i: number, shown: number | undefined): boolean =>
  shown !== undefined && example[i] >= 0 && example[i] !== shown;

/** Is it an addition, of the library or of a reader's class? */
export const isSum = (node: DrawableNode): boolean => node.op === "add" || node.op === "+";

/** Sums over several data points become one box: the terms of all but one are not to be seen. */
function foldSums({ nodes, inputs }: Graph, { example }: Places, into: string[]): void {
  for (let i = 0; i < nodes.length; i++) {
    if (example[i] !== SEVERAL || !isSum(nodes[i])) continue;
    if (inputs[i].some((j) => into[j] === "others" || into[j] === "sum")) into[i] = "sum";
  }
}

/** Is it the name of the middle of a chain? */
export const isChain = (name: string): boolean => name.startsWith("chain ");

/** The middle of each long row of operations, with the leaves that serve only there. */
function foldChains(
  { nodes, inputs }: Graph,
  places: Places,
  into: string[],
  opened: ReadonlySet<string>,
): void {
  const consumers = new Int32Array(nodes.length);
  for (const own of inputs) for (const input of own) consumers[input] += 1;
  // The length of the row that ends at a node, and the one node before it in the row.
  const length = new Int32Array(nodes.length);
  const before = new Int32Array(nodes.length).fill(NONE);
  const goesOn = new Uint8Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) {
    if (into[i] !== "" || places.neuron[i] !== NONE || inputs[i].length === 0) continue;
    length[i] = 1;
    const made = inputs[i].filter((j) => inputs[j].length > 0);
    if (made.length !== 1 || consumers[made[0]] !== 1 || length[made[0]] === 0) continue;
    before[i] = made[0];
    length[i] = length[made[0]] + 1;
    goesOn[made[0]] = 1;
  }
  let chains = 0;
  for (let i = 0; i < nodes.length; i++) {
    if (length[i] <= LONG || goesOn[i] === 1) continue;
    const name = `chain ${chains++}`;
    if (opened.has(name)) continue;
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
function dissolve({ inputs }: Graph, into: string[]): void {
  const mayGoWrong = (name: string): boolean => name !== "" && name !== "others" && !isChain(name);
  while (into.some(mayGoWrong)) {
    const numbers = new Map<string, number>();
    const item = into.map((name) => {
      if (name === "") return NONE;
      const known = numbers.get(name) ?? numbers.size;
      numbers.set(name, known);
      return known;
    });
    const names = [...numbers.keys()];
    // What is folded has the first numbers, other nodes those after, as they are met.
    let count = names.length;
    const of = (i: number): number => {
      if (item[i] === NONE) item[i] = count++;
      return item[i];
    };
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
    const circular = inCircles(count, from, to);
    const bad = new Set(names.filter((_, n) => circular[n] === 1));
    if (bad.size === 0) return;
    into.forEach((name, i) => {
      if (bad.has(name)) into[i] = "";
    });
  }
}

/**
 * Where the nodes of a graph belong: to which network, layer, neuron and data point. Read node.ts
 * first.
 */

import { Value } from "../value.ts";
import type { Graph } from "./node.ts";

export const NONE = -1;
export const SEVERAL = -2;

/** What is known of each node of a graph; NONE if nothing. */
export interface Places {
  /** The networks of the graph are numbered from 0; NONE if there is only one. */
  readonly network: Int32Array;
  readonly layer: Int32Array;
  readonly neuron: Int32Array;
  /** SEVERAL for what was computed from several data points. */
  readonly example: Int32Array;
  /** Short names: "w1" and "b" for parameters, "x1" for what w1 is multiplied by. */
  readonly names: readonly (string | undefined)[];
}

const parameterName = /(?:^|\.)(?:layers\.(\d+)\.)?neurons\.(\d+)\.(weights\.(\d+)|bias)$/;

/** Network, layer, neuron and data point of each node, as far as it knows them or its neighbours do. */
export function placesOf(graph: Graph): Places {
  const { nodes, inputs } = graph;
  const count = nodes.length;
  const madeIn: (number | undefined)[] = new Array(count); // the MLP, by its own number
  const layer = new Int32Array(count).fill(NONE);
  const neuron = new Int32Array(count).fill(NONE);
  const example = new Int32Array(count).fill(NONE);
  const names: (string | undefined)[] = new Array(count);

  for (let i = 0; i < count; i++) {
    const node = nodes[i];
    if (node instanceof Value) {
      const { origin } = node;
      if (origin.neuron !== undefined) madeIn[i] = origin.network;
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
      if (short === null) continue;
      names[i] = short[1] === undefined ? "b" : `w${short[1]}`;
      example[i] = NONE; // parameters belong to no data point, wherever they were made
      continue;
    }
    if (found[1] !== undefined) layer[i] = Number(found[1]);
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
  return { network: networkNumbers(graph, madeIn), layer, neuron, example, names };
}

/**
 * The number of each node's network: 0 for the one whose results come first in the graph, and so
 * before those of a network that they go into. So the numbers are the same in each training step.
 */
function networkNumbers(
  { nodes, inputs, roots }: Graph,
  madeIn: readonly (number | undefined)[],
): Int32Array {
  const networks = new Set(madeIn);
  networks.delete(undefined);
  if (networks.size < 2) return new Int32Array(nodes.length).fill(NONE);
  const first = new Map<number | undefined, number>(); // by network, the place of its first result
  const found = (network: number | undefined, place: number) => {
    first.set(network, Math.min(first.get(network) ?? Infinity, place));
  };
  // A result is used outside of the network, or by nobody. Without one, its parameters are.
  inputs.forEach((own, i) => {
    found(madeIn[i], nodes.length + i);
    for (const input of own) {
      if (madeIn[input] !== madeIn[i] && inputs[input].length > 0) found(madeIn[input], input);
    }
  });
  for (const root of roots) found(madeIn[root], root);
  first.delete(undefined);

  const order = [...first].sort(([, a], [, b]) => a - b).map(([network]) => network);
  const numbers = new Map(order.map((network, n) => [network, n]));
  return Int32Array.from(madeIn, (network) => numbers.get(network) ?? NONE);
}

/** Calls a leaf x2 that is multiplied by w2, if it has no name of its own. */
function nameInputs({ nodes, inputs }: Graph, names: (string | undefined)[]): void {
  const nameAfter = (weight: number, input: number): void => {
    const name = names[weight];
    if (name === undefined || !name.startsWith("w")) return;
    if (inputs[input].length > 0 || (nodes[input].label ?? "") !== "") return;
    names[input] = `x${name.slice(1)}`;
  };
  for (const own of inputs) {
    if (own.length !== 2) continue;
    nameAfter(own[0], own[1]);
    nameAfter(own[1], own[0]);
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

/**
 * The names of the layer and the neuron that a node is in, as parameters are named; "" for no
 * layer. If there are several networks, a name begins with its network: "networks.1.layers.0".
 */
export function nameOf(places: Places, i: number): { layer: string; neuron: string } {
  const network = places.network[i] === NONE ? "" : `networks.${places.network[i]}.`;
  const layer = places.layer[i] === NONE ? "" : `${network}layers.${places.layer[i]}`;
  const outer = layer === "" ? network : `${layer}.`;
  return { layer, neuron: `${outer}neurons.${places.neuron[i]}` };
}

/** The names of all layers, then of all neurons, in order. */
export function namesIn(places: Places): string[] {
  const { network, layer, neuron } = places;
  const layers = new Map<string, number>(); // each with one of its nodes
  const neurons = new Map<string, number>();
  let last = NONE; // the node before: most are in the neuron of the one before
  neuron.forEach((number, i) => {
    if (number === NONE) return;
    const isSame =
      last !== NONE &&
      neuron[last] === number &&
      layer[last] === layer[i] &&
      network[last] === network[i];
    last = i;
    if (isSame) return;
    const name = nameOf(places, i);
    if (name.layer !== "") layers.set(name.layer, i);
    neurons.set(name.neuron, i);
  });
  const inOrder = ([, a]: [string, number], [, b]: [string, number]) =>
    network[a] - network[b] || layer[a] - layer[b] || neuron[a] - neuron[b];
  return [...[...layers].sort(inOrder), ...[...neurons].sort(inOrder)].map(([name]) => name);
}

/** "layers.0" for "networks.1.layers.0". */
export const withoutNetwork = (name: string): string => name.replace(/^networks\.\d+\./, "");

/** Is it the short name of a parameter? */
export const isParameter = (name: string | undefined): boolean => /^[wb]/.test(name ?? "");

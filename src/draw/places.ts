/**
 * Where the nodes of a graph belong: to which layer, neuron and data point. Read node.ts first.
 */

import { Value } from "../value.ts";
import type { Graph } from "./node.ts";

export const NONE = -1;
export const SEVERAL = -2;

/** What is known of each node of a graph; NONE if nothing. */
export interface Places {
  readonly layer: Int32Array;
  readonly neuron: Int32Array;
  /** SEVERAL for what was computed from several data points. */
  readonly example: Int32Array;
  /** Short names: "w1" and "b" for parameters, "x1" for what w1 is multiplied by. */
  readonly names: readonly (string | undefined)[];
}

const parameterName = /(?:^|\.)(?:layers\.(\d+)\.)?neurons\.(\d+)\.(weights\.(\d+)|bias)$/;

/** Layer, neuron and data point of each node, as far as it knows them or its neighbours do. */
export function placesOf(graph: Graph): Places {
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

/** The name of a layer or neuron, as parameters are named. */
export function nameOf(layer: number, neuron: number): { layer: string; neuron: string } {
  const outer = layer === NONE ? "" : `layers.${layer}`;
  const inner = `${outer}${outer === "" ? "" : "."}neurons.${neuron}`;
  return { layer: outer, neuron: inner };
}

/** Is it the short name of a parameter? */
export const isParameter = (name: string | undefined): boolean => /^[wb]/.test(name ?? "");

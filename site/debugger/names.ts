/** What the nodes of a network's graph are called. Read src/explain/names.ts first. */

import type { Value } from "chainrule";
import { nameOf } from "chainrule/explain";

/**
 * The name of a node: its label, or its operation and where it belongs.
 *
 * @example placedName(node) // "tanh of layers.0.neurons.1, point 3", "input 2.0000 of point 3"
 */
export function placedName(node: Value): string {
  if (node.label !== "") return nameOf(node);
  const { layer, neuron, example, network } = node.origin;
  const within = [];
  if (layer !== undefined && neuron !== undefined) within.push(`layers.${layer}.neurons.${neuron}`);
  if (example !== undefined) within.push(`point ${example + 1}`);
  const isInput = network !== undefined && layer === undefined;
  const kind = node.op !== "" ? "" : isInput ? "input " : "number ";
  const name = `${kind}${nameOf(node)}`;
  return within.length === 0 ? name : `${name} of ${within.join(", ")}`;
}

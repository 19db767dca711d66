/**
 * Where a number that is not finite came from, in words. Read value.ts first.
 */

import { graphOf, type Value } from "./value.ts";

/**
 * Says which Value was the first that is not finite, among those that these depend on, with what
 * it was computed from, and for which neuron and data point.
 */
export function firstNotFinite(roots: Iterable<Value>): string {
  // Root after root, since examples are made one after the other: the graph of one is small.
  for (const root of roots) {
    const bad = graphOf(root).filter((node) => !Number.isFinite(node.data));
    if (bad.length > 0) return sentence(bad.reduce((a, b) => (a.time < b.time ? a : b)));
  }
  return "the loss is not finite"; // a sum of finite losses of single examples that overflows
}

/** For example: `exp(800) = Infinity, in layers.1.neurons.0, for data point 3`. */
function sentence(node: Value): string {
  const { layer, neuron, example } = node.origin;
  const label = node.label === "" ? "" : `"${node.label}", `;
  const inputs = node.inputs.map((input) => input.data).join(", ");
  const made = node.op === "" ? `a leaf = ${node.data}` : `${node.op}(${inputs}) = ${node.data}`;
  const where = layer === undefined ? "" : `, in layers.${layer}.neurons.${neuron}`;
  const which = example === undefined ? "" : `, for data point ${example}`;
  return `the first value that is not finite is ${label}${made}${where}${which}`;
}

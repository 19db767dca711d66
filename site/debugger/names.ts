/**
 * What the nodes of a graph are called, each unlike any other one. Read src/explain/sentence.ts
 * first.
 */

import { graphOf, type Value } from "chainrule";
import { nameOf } from "chainrule/explain";

/**
 * Names for all nodes of a graph: its label, or its operation and where it belongs, and a number if
 * there are several of that name.
 *
 * @example namesOf(loss)(node) // "tanh of layers.0.neurons.1, point 3", or "* (2nd)"
 */
export function namesOf(output: Value): (node: Value) => string {
  const counts = new Map<string, number>();
  const numbers = new Map<Value, number>();
  for (const node of graphOf(output)) {
    const name = placedName(node);
    const number = (counts.get(name) ?? 0) + 1;
    counts.set(name, number);
    numbers.set(node, number);
  }
  return (node) => {
    const name = placedName(node);
    const number = numbers.get(node) ?? 1;
    return counts.get(name) === 1 ? name : `${name} (${ordinal(number)})`;
  };
}

function placedName(node: Value): string {
  if (node.label !== "") return nameOf(node);
  const { layer, neuron, example } = node.origin;
  const within = [];
  if (layer !== undefined && neuron !== undefined) within.push(`layers.${layer}.neurons.${neuron}`);
  if (example !== undefined) within.push(`point ${example + 1}`);
  return within.length === 0 ? nameOf(node) : `${nameOf(node)} of ${within.join(", ")}`;
}

/** "1st", "2nd", "3rd", "11th". */
export function ordinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${teen ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th")}`;
}

/**
 * A name for each node of a graph that is the same for the same place in the graph of another
 * training step, or in another browser. Read value.ts first.
 */

import { describe, quote } from "../errors.ts";
import { Value } from "../value.ts";
import { placesIn } from "./places.ts";

/** The nodes of a graph by their addresses; see {@link addresses}. */
export interface Addresses {
  /**
   * The address of a node.
   *
   * @throws RangeError if the node is not of this graph
   */
  of(node: Value): string;
  /** The node with that address; undefined if there is none. */
  node(address: string): Value | undefined;
}

/** What an address without a label looks like; a label that looks so is not used as one. */
const NUMBERED = /^#\d+$/;

/**
 * The addresses of a graph: of a node its label, if no other node has the same; else `#n`, n its
 * place in `graphOf(output)`, counted from 0. Graphs that were made by the same calls have the same
 * addresses.
 *
 * @throws TypeError unless the output is a Value
 * @example
 * const [a, b] = [new Value(2, "a"), new Value(3, "b")];
 * const L = a.mul(b).add(a);
 * addresses(L).of(b); //           "b"
 * addresses(L).of(L.inputs[0]); // "#2": after the leaves, a and b
 */
export function addresses(output: Value): Addresses {
  if (!(output instanceof Value)) {
    throw new TypeError(`addresses: expected a Value, got ${describe(output)}`);
  }
  const { nodes, places } = placesIn(output);
  const withLabel = new Map<string, Value | undefined>(); // undefined: several have it
  for (const node of nodes) {
    const { label } = node;
    if (label === "" || NUMBERED.test(label)) continue;
    withLabel.set(label, withLabel.has(label) ? undefined : node);
  }
  const labels = new Map<Value, string>(); // those that are addresses
  for (const [label, node] of withLabel) if (node !== undefined) labels.set(node, label);
  return {
    of(node) {
      const place = places.get(node);
      if (place !== undefined) return labels.get(node) ?? `#${place}`;
      const name = node instanceof Value && node.label !== "" ? quote(node.label) : describe(node);
      throw new RangeError(`addresses: expected a node of the graph, got ${name}`);
    },
    node(address) {
      const place = NUMBERED.test(address) ? Number(address.slice(1)) : undefined;
      if (place === undefined) return withLabel.get(address);
      const node = address === `#${place}` ? nodes[place] : undefined;
      return node === undefined || labels.has(node) ? undefined : node;
    },
  };
}

/**
 * A name for each node of a graph that is the same for the same place in the graph of another
 * training step, or in another browser. Read value.ts first.
 */

import { describe, quote } from "../errors.ts";
import { graphOf, Value } from "../value.ts";

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
  const nodes = graphOf(output);
  const withLabel = new Map<string, number>();
  for (const { label } of nodes) withLabel.set(label, (withLabel.get(label) ?? 0) + 1);

  const byNode = new Map<Value, string>();
  const byAddress = new Map<string, Value>();
  nodes.forEach((node, place) => {
    const { label } = node;
    const own = label !== "" && withLabel.get(label) === 1 && !NUMBERED.test(label);
    const address = own ? label : `#${place}`;
    byNode.set(node, address);
    byAddress.set(address, node);
  });
  return {
    of(node) {
      const address = byNode.get(node);
      if (address !== undefined) return address;
      const name = node instanceof Value && node.label !== "" ? quote(node.label) : describe(node);
      throw new RangeError(`addresses: expected a node of the graph, got ${name}`);
    },
    node: (address) => byAddress.get(address),
  };
}

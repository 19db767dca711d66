/** The nodes of a graph and where each of them stands, found once for each graph. Read value.ts first. */

import { graphOf, type Value } from "../value.ts";

/** The nodes of a graph, inputs first, as `graphOf` gives them. */
export interface Places {
  readonly nodes: readonly Value[];
  /** For each node its place in `nodes`. */
  readonly places: ReadonlyMap<Value, number>;
}

// Edges never change, so this stays right; of tens of thousands of nodes it takes a while.
const found = new WeakMap<Value, Places>();

/** The nodes of a graph with their places: the same object whenever it is asked for. */
export function placesIn(output: Value): Places {
  let own = found.get(output);
  if (own === undefined) {
    const nodes = graphOf(output);
    own = { nodes, places: new Map(nodes.map((node, place) => [node, place])) };
    found.set(output, own);
  }
  return own;
}

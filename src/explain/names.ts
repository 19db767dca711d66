/** A name for each node of a graph, for readers. Read sentence.ts first. */

import { graphOf, type Value } from "../value.ts";
import { type NameOf, nameOf } from "./sentence.ts";

/**
 * What each node of a graph is called, unlike any other one: by its label or by its symbol, and if
 * that is taken, with a number: "*", "* (2nd)", "* (3rd)", in the order in which they are computed.
 * Nodes of other graphs are called as {@link nameOf} calls them.
 *
 * @param name what a node is called as long as the name is free
 * @example steps.map((step) => sentence(step, namesIn(L)))
 */
export function namesIn(output: Value, name: NameOf = nameOf): NameOf {
  const names = new Map<Value, string>();
  const taken = new Set<string>();
  const uses = new Map<string, number>();
  for (const node of graphOf(output)) {
    const first = name(node);
    let own = first;
    let use = uses.get(first) ?? 0;
    do {
      use += 1;
      own = use === 1 ? first : `${first} (${ordinal(use)})`;
    } while (taken.has(own)); // a label may look like one of these
    uses.set(first, use);
    taken.add(own);
    names.set(node, own);
  }
  return (node) => names.get(node) ?? name(node);
}

/** "2nd", "3rd", "11th". */
function ordinal(n: number): string {
  const teen = n % 100 > 10 && n % 100 < 14;
  return `${n}${(teen ? undefined : ["th", "st", "nd", "rd"][n % 10]) ?? "th"}`;
}

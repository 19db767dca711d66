/** A name for each node of a graph, for readers. Read sentence.ts first. */

import type { Value } from "../value.ts";
import { placesIn } from "./places.ts";
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
  const { nodes, places } = placesIn(output);
  const firsts = nodes.map((node) => name(node));
  const uses = new Map<string, number>();
  // Only a name that has a number already, as a label may, can take that of another one.
  const taken = firsts.some(hasNumber) ? new Set<string>() : undefined;
  const numbers = firsts.map((first) => {
    let use = uses.get(first) ?? 0;
    do use += 1;
    while (taken?.has(numbered(first, use)));
    uses.set(first, use);
    taken?.add(numbered(first, use));
    return use;
  });
  return (node) => {
    const place = places.get(node);
    return place === undefined ? name(node) : numbered(firsts[place], numbers[place]);
  };
}

const hasNumber = (name: string): boolean =>
  name.endsWith(")") && /\(\d+(?:th|st|nd|rd)\)$/.test(name);

const numbered = (first: string, use: number): string =>
  use === 1 ? first : `${first} (${ordinal(use)})`;

/** "2nd", "3rd", "11th". */
function ordinal(n: number): string {
  const teen = n % 100 > 10 && n % 100 < 14;
  return `${n}${(teen ? undefined : ["th", "st", "nd", "rd"][n % 10]) ?? "th"}`;
}

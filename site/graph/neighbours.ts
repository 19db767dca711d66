/** Where the arrow keys lead from a box of a graph. Read folded-graph.ts first. */

import type { FoldedGraph, Target } from "./folded-graph.ts";

export type Direction = "left" | "right" | "up" | "down";

/**
 * The box or frame that an arrow key leads to. Left and right follow the edges, to an input and to a
 * consumer; up and down lead to what stands above and below.
 *
 * @param cameFrom the key of the box before: the way back leads there
 */
export function neighbour(
  folded: FoldedGraph,
  from: Target,
  direction: Direction,
  cameFrom: string,
): Target | undefined {
  if (direction === "up" || direction === "down") return beside(folded, from, direction);
  if (from.item === undefined) return undefined;
  const { edges, items } = folded.scene;
  const ends =
    direction === "left"
      ? edges.filter(({ to }) => to === from.item).sort((a, b) => a.slot - b.slot)
      : edges.filter((edge) => edge.from === from.item);
  const keys = ends.map((edge) => items[direction === "left" ? edge.from : edge.to].key);
  const key = keys.includes(cameFrom) ? cameFrom : keys[0];
  return key === undefined ? undefined : folded.targets.get(key);
}

/** The nearest above or below; what is straight above is nearer than what is aside. */
function beside(folded: FoldedGraph, from: Target, direction: "up" | "down"): Target | undefined {
  const sign = direction === "up" ? -1 : 1;
  const [x, y] = [from.at.x + from.at.width / 2, from.at.y + from.at.height / 2];
  let nearest: Target | undefined;
  let least = Infinity;
  for (const target of folded.targets.values()) {
    const { at } = target;
    const down = sign * (at.y + at.height / 2 - y);
    if (target.key === from.key || down < 1) continue;
    // Aside is how far two boxes are from being above each other.
    const middle = at.x + at.width / 2;
    const gap = Math.max(at.x - (from.at.x + from.at.width), from.at.x - (at.x + at.width), 0);
    const distance = down + 4 * gap + 0.05 * Math.abs(middle - x);
    if (distance < least) [least, nearest] = [distance, target];
  }
  return nearest;
}

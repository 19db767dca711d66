/**
 * How a sum b + w0·x0 + w1·x1 + … stands: additions below each other, each with its term beside it.
 * Read block.ts first.
 */

import { type Block, portY, type Size } from "./block.ts";
import type { Point } from "./layered.ts";
import type { Scene } from "./scene.ts";

const ROW_GAP = 8; // between the rows of a sum
const LANE = 6; // the height of a row through which only a link passes

/** For each item the sum that it flows into and serves alone, or -1. */
export function tributaries({ items, edges }: Scene, sumOf: Int32Array): Int32Array {
  const uses = new Int32Array(items.length);
  for (const { from } of edges) uses[from] += 1;
  const result = sumOf.slice();
  // First the terms, then the leaves that serve one term.
  for (const depth of [1, 2]) {
    for (const { from, to } of edges) {
      const sum = result[to];
      if (sum < 0 || result[from] >= 0 || uses[from] !== 1) continue;
      if (items[from].group !== items[to].group) continue;
      const term = sumOf[to] >= 0;
      if (term !== (depth === 1)) continue;
      const leaf = ["parameter", "input", "leaf"].includes(items[from].kind);
      if (leaf || (depth === 1 && items[from].kind === "operation")) result[from] = sum;
    }
  }
  return result;
}

/**
 * The sum h + t1 + t2 + … : additions in a column, one below the other, each term in the row of
 * its addition, the leaves of a term before it:
 *
 *                              h
 *                              v
 *         w1 >  w1·x1   >   h + t1
 *         x1 >                 v
 *         w2 >  w2·x2   >   … + t2
 */
export function sumBlock(
  scene: Scene,
  chain: readonly number[],
  members: readonly number[],
  inside: readonly number[],
  ins: readonly number[],
  outs: readonly number[],
  sizes: readonly Size[],
): Block {
  const member = new Set(members);
  const inputs = new Map<number, number[]>(); // the edges into each member
  for (const edge of [...inside, ...ins]) {
    const { to } = scene.edges[edge];
    const own = inputs.get(to);
    if (own === undefined) inputs.set(to, [edge]);
    else own.push(edge);
  }
  const sorted = (item: number): number[] =>
    (inputs.get(item) ?? []).sort((a, b) => scene.edges[a].slot - scene.edges[b].slot);
  const from = (edge: number): number => scene.edges[edge].from;

  // The edge of each row: h, then one term for each addition.
  const links = new Set(chain);
  const heads = sorted(chain[0]);
  const rows = [
    ...heads,
    ...chain.slice(1).map((item) => sorted(item).find((edge) => !links.has(from(edge))) ?? -1),
  ];
  const along = chain
    .slice(1)
    .map((item) => sorted(item).find((edge) => links.has(from(edge))) ?? -1);

  // What stands in each row: a term in the second column, its leaves or lanes in the first.
  const isIn = (edge: number): boolean => member.has(from(edge));
  const plans = rows.map((edge, row) => {
    const term = isIn(edge) ? from(edge) : undefined;
    const bare = term !== undefined && row === 0 && !inputs.has(term); // h as a leaf: above the column
    const parts = term === undefined || !inputs.has(term) ? [] : sorted(term);
    const heights = parts.map((part) => (isIn(part) ? sizes[from(part)].height : LANE));
    const stack = heights.reduce((sum, h) => sum + h, 0) + Math.max(0, parts.length - 1) * 4;
    const own = term === undefined ? LANE : sizes[term].height;
    const addition = row === 0 ? 0 : sizes[chain[row - 1]].height;
    return { edge, term, bare, parts, heights, stack, height: Math.max(stack, own, addition + 10) };
  });
  const widest = (list: readonly (number | undefined)[]): number =>
    list.reduce<number>(
      (most, item) => (item === undefined ? most : Math.max(most, sizes[item].width)),
      0,
    );
  const leaves = plans.flatMap(({ parts }) => parts.filter(isIn).map(from));
  const firstWidth = widest(leaves);
  const secondWidth = widest(plans.map(({ term, bare }) => (bare ? undefined : term)));
  const second = firstWidth === 0 ? (ins.length === 0 ? 0 : 14) : firstWidth + 30;
  const third = second + (secondWidth === 0 ? 0 : secondWidth + 26);
  const width =
    third + widest([...chain, ...plans.map(({ term, bare }) => (bare ? term : undefined))]);

  const result: Block = {
    width,
    height: plans.reduce((sum, { height }) => sum + height, 0) + (plans.length - 1) * ROW_GAP,
    order: undefined,
    items: [],
    groups: [],
    inner: new Map(),
    entries: new Map(),
    exits: new Map(),
  };
  const put = (edge: number, points: readonly Point[]): void => {
    (isIn(edge) ? result.inner : result.entries).set(edge, points);
  };
  const spine = third + Math.min(...chain.map((item) => sizes[item].width)) / 2;
  let y = 0;
  let above = 0; // the bottom of what flows down to the next addition
  plans.forEach(({ edge, term, bare, parts, heights, stack, height }, row) => {
    const middle = y + height / 2;
    const item = row === 0 ? undefined : chain[row - 1];
    if (item !== undefined) result.items.push([item, third, middle - sizes[item].height / 2]);
    const top = item === undefined ? 0 : middle - sizes[item].height / 2;

    // The term, and what leads to it.
    let start: Point = [0, middle];
    if (term !== undefined) {
      const size = sizes[term];
      const x = bare ? spine - size.width / 2 : second + secondWidth - size.width;
      const termTop = middle - size.height / 2;
      result.items.push([term, x, termTop]);
      start = bare ? [spine, termTop + size.height] : [x + size.width, middle];
      let partY = middle - stack / 2;
      parts.forEach((part, p) => {
        const center = partY + heights[p] / 2;
        const end: Point = [x, termTop + portY(scene, part, size.height)];
        const near = Math.max(firstWidth, x - 30);
        if (isIn(part)) {
          const leaf = sizes[from(part)];
          result.items.push([from(part), firstWidth - leaf.width, center - leaf.height / 2]);
          put(part, [[firstWidth, center], [near, center], end]);
        } else put(part, [[0, center], [near, center], end]);
        partY += heights[p] + 4;
      });
    }
    // From the term to its addition; from the head down to the first one.
    if (row === 0) {
      const below = plans[1];
      const nextTop =
        height +
        ROW_GAP +
        (below === undefined ? 0 : below.height / 2) -
        sizes[chain[0]].height / 2;
      put(edge, bare ? [start, [spine, nextTop]] : [start, [spine, middle], [spine, nextTop]]);
    } else {
      put(edge, [start, [third, middle]]);
      if (row > 1)
        put(along[row - 2], [
          [spine, above],
          [spine, top],
        ]);
      above = item === undefined ? 0 : middle + sizes[item].height / 2;
    }
    y += height + ROW_GAP;
  });
  for (const item of outs) {
    const place = result.items.find(([each]) => each === item);
    if (place === undefined) continue;
    const exit = place[2] + sizes[item].height / 2;
    result.exits.set(item, [
      [place[1] + sizes[item].width, exit],
      [width, exit],
    ]);
  }
  return result;
}

/**
 * Where the boxes of a graph stand: operations inside their neuron, neurons in the column of their
 * layer, layers from left to right. Pure geometry, of use to any picture, still or moving. Read
 * scene.ts and layered.ts first.
 *
 * From the inside outwards, at each level what belongs together is arranged and becomes a block
 * that the next level moves as a whole:
 *
 *     node  >  sum b + w0·x0 + w1·x1 …  >  neuron  >  layer  >  data point  >  picture
 */

import { arrange, type Box, type Gaps, type Link, type Point } from "./layered.ts";
import type { ItemKind, Scene } from "./scene.ts";

/** A rectangle: the left upper corner and the size. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where everything is; the smallest coordinates are 0. */
export interface Layout {
  /** The place of each item of the scene. */
  readonly items: readonly Rectangle[];
  /** The place of each group, with its title in the upper `HEADER` of it. */
  readonly groups: readonly Rectangle[];
  /** The way of each edge, from its input to its consumer: lines and, where both x and y change, curves. */
  readonly routes: readonly (readonly Point[])[];
  readonly width: number;
  readonly height: number;
}

/** The height of the strip with a group's title. */
export const HEADER = 22;

const GAPS: Gaps = { rows: 18, columns: 40 };
const NEURON_GAPS: Gaps = { rows: 14, columns: 26 };
const PADDING = { neuron: 10, layer: 14, point: 22 };
const ROW_GAP = 8; // between the rows of a sum
const LANE = 6; // the height of a row through which only a link passes

/** Something that moves as a whole. Coordinates are relative to its left upper corner. */
interface Block {
  readonly width: number;
  readonly height: number;
  readonly order: number | undefined;
  readonly align?: Box["align"];
  readonly items: (readonly [item: number, x: number, y: number])[];
  readonly groups: (readonly [
    group: number,
    x: number,
    y: number,
    width: number,
    height: number,
  ])[];
  /** The ways of edges that are complete. */
  readonly inner: Map<number, readonly Point[]>;
  /** For each edge that comes in: its way from the left side. */
  readonly entries: Map<number, readonly Point[]>;
  /** For each item with consumers outside: the way to the right side. */
  readonly exits: Map<number, readonly Point[]>;
}

/**
 * Arranges the items of a scene.
 *
 * @param sizes of the items. If they depend on the structure of the graph only, and not on its
 * numbers, so does the layout: a node stays where it is from one training step to the next
 */
export function layOut(
  scene: Scene,
  sizes: readonly { readonly width: number; readonly height: number }[],
): Layout {
  const { sums } = scene;
  let blocks: Block[] = scene.items.map((_, item) => itemBlock(scene, item, sizes[item]));
  let owner = scene.items.map((_, item) => item); // the block of each item

  // Joins the blocks of each member list; `make` arranges one list.
  const level = (
    containerOf: (block: number) => number,
    count: number,
    make: (
      container: number,
      members: number[],
      inside: number[],
      ins: number[],
      outs: number[],
    ) => Block,
  ): void => {
    const members: number[][] = Array.from({ length: count }, () => []);
    const inside: number[][] = Array.from({ length: count }, () => []);
    const ins: number[][] = Array.from({ length: count }, () => []);
    const outs: Set<number>[] = Array.from({ length: count }, () => new Set());
    const container = blocks.map((_, block) => containerOf(block));
    container.forEach((c, block) => {
      if (c >= 0) members[c].push(block);
    });
    scene.edges.forEach(({ from, to }, edge) => {
      const [a, b] = [owner[from], owner[to]];
      if (a === b) return;
      if (container[a] >= 0 && container[a] === container[b]) {
        inside[container[a]].push(edge);
        return;
      }
      if (container[a] >= 0) outs[container[a]].add(from);
      if (container[b] >= 0) ins[container[b]].push(edge);
    });
    const next: Block[] = [];
    const moved = new Int32Array(blocks.length);
    const made = new Int32Array(count).fill(-1);
    blocks.forEach((block, b) => {
      const c = container[b];
      if (c < 0) {
        moved[b] = next.length;
        next.push(block);
      } else {
        if (made[c] < 0) {
          made[c] = next.length;
          next.push(make(c, members[c], inside[c], ins[c], [...outs[c]]));
        }
        moved[b] = made[c];
      }
    });
    blocks = next;
    owner = owner.map((b) => moved[b]);
  };

  // Sums, then the groups from the inside outwards, then everything.
  const sumOf = new Int32Array(scene.items.length).fill(-1);
  sums.forEach((chain, s) => {
    for (const item of chain) sumOf[item] = s;
  });
  const inSum = tributaries(scene, sumOf);
  level(
    (block) => inSum[block],
    sums.length,
    (s, members, inside, ins, outs) => sumBlock(scene, sums[s], members, inside, ins, outs, sizes),
  );
  let groupOf = scene.items.map(({ group }) => group ?? -1);
  for (const kind of ["neuron", "layer", "point"] as const) {
    const first = firstItems(owner, blocks.length);
    level(
      (block) => {
        const group = groupOf[first[block]];
        return group >= 0 && scene.groups[group].kind === kind ? group : -1;
      },
      scene.groups.length,
      (group, members, inside, ins, outs) =>
        nest(scene, blocks, owner, members, inside, ins, outs, group),
    );
    groupOf = groupOf.map((group) =>
      group >= 0 && scene.groups[group].kind === kind ? (scene.groups[group].group ?? -1) : group,
    );
  }
  let whole: Block | undefined;
  level(
    () => 0,
    1,
    (_, members, inside) => {
      whole = nest(scene, blocks, owner, members, inside, [], [], undefined);
      return whole;
    },
  );
  return finish(scene, sizes, whole);
}

function firstItems(owner: readonly number[], count: number): Int32Array {
  const first = new Int32Array(count).fill(-1);
  owner.forEach((block, item) => {
    if (first[block] < 0) first[block] = item;
  });
  return first;
}

function finish(
  scene: Scene,
  sizes: readonly { readonly width: number; readonly height: number }[],
  whole: Block | undefined,
): Layout {
  const items: Rectangle[] = sizes.map((size) => ({ x: 0, y: 0, ...size }));
  const groups: Rectangle[] = scene.groups.map(() => ({ x: 0, y: 0, width: 0, height: 0 }));
  for (const [item, x, y] of whole?.items ?? []) items[item] = { ...items[item], x, y };
  for (const [group, x, y, width, height] of whole?.groups ?? []) {
    groups[group] = { x, y, width, height };
  }
  const routes = scene.edges.map((_, edge) => simplify(whole?.inner.get(edge) ?? []));
  return { items, groups, routes, width: whole?.width ?? 0, height: whole?.height ?? 0 };
}

/** Leaves out points that a straight line passes anyway. */
function simplify(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (last !== undefined && near(last[0], point[0]) && near(last[1], point[1])) continue;
    const before = kept.at(-2);
    if (before !== undefined && last !== undefined) {
      const level = near(before[1], last[1]) && near(last[1], point[1]);
      const upright = near(before[0], last[0]) && near(last[0], point[0]);
      if (level || upright) kept.pop();
    }
    kept.push(point);
  }
  return kept;
}

const near = (a: number, b: number): boolean => Math.abs(a - b) < 0.01;

/** Leaves stand close to their consumers, operations to their inputs. */
const ALIGN: Readonly<Record<ItemKind, Box["align"]>> = {
  parameter: "right",
  input: "right",
  leaf: "right",
  operation: "left",
  sum: "left",
  neuron: "middle",
  layer: "middle",
  folded: "right",
};

/** A box by itself. */
function itemBlock(
  scene: Scene,
  item: number,
  { width, height }: { readonly width: number; readonly height: number },
): Block {
  const entries = new Map<number, readonly Point[]>();
  return {
    width,
    height,
    order: scene.items[item].order,
    align: ALIGN[scene.items[item].kind],
    items: [[item, 0, 0]],
    groups: [],
    inner: new Map(),
    entries,
    exits: new Map([[item, [[width, height / 2]]]]),
  };
}

/** Where an edge enters its consumer, from the top of it: inputs in order. */
function portY(scene: Scene, edge: number, height: number): number {
  const { slot, slots } = scene.edges[edge];
  return (height * (slot + 1)) / (slots + 1);
}

const shift = (points: readonly Point[], dx: number, dy: number): Point[] =>
  points.map(([x, y]): Point => [x + dx, y + dy]);

/** Arranges blocks in columns and makes one block of them, with a frame if they are a group. */
function nest(
  scene: Scene,
  blocks: readonly Block[],
  owner: readonly number[],
  members: readonly number[],
  inside: readonly number[],
  ins: readonly number[],
  outs: readonly number[],
  group: number | undefined,
): Block {
  const boxOf = new Map(members.map((block, i) => [block, i]));
  const boxes: Box[] = members.map((block) => blocks[block]);
  const links: Link[] = [];
  const heightOf = (block: number, edge: number): number => {
    const entry = blocks[block].entries.get(edge);
    return entry === undefined ? portY(scene, edge, blocks[block].height) : entry[0][1];
  };
  const exitOf = (item: number): readonly Point[] =>
    blocks[owner[item]].exits.get(item) ?? [[blocks[owner[item]].width, 0]];
  const exitY = (item: number): number => exitOf(item).at(-1)?.[1] ?? 0;
  const box = (item: number): number => boxOf.get(owner[item]) ?? 0;

  for (const edge of inside) {
    const { from, to } = scene.edges[edge];
    links.push({
      from: box(from),
      to: box(to),
      fromY: exitY(from),
      toY: heightOf(owner[to], edge),
    });
  }
  const ports = new Map<string, number>(); // edges to one place share their way in
  const portOf = ins.map((edge) => {
    const { to } = scene.edges[edge];
    const toY = heightOf(owner[to], edge);
    const place = `${owner[to]} ${toY}`;
    const known = ports.get(place);
    if (known !== undefined) return known;
    const port = links.length;
    ports.set(place, port);
    links.push({ from: boxes.length, to: box(to), fromY: 0, toY });
    boxes.push({ width: 0, height: 0, side: "left" });
    return port;
  });
  const firstOut = links.length;
  for (const item of outs) {
    links.push({ from: box(item), to: boxes.length, fromY: exitY(item), toY: 0 });
    boxes.push({ width: 0, height: 0, side: "right" });
  }
  const kind = group === undefined ? undefined : scene.groups[group].kind;
  const { corners, routes, width, height } = arrange(
    boxes,
    links,
    kind === "neuron" ? NEURON_GAPS : GAPS,
  );

  const padding = kind === undefined ? 0 : PADDING[kind];
  const header = kind === undefined ? 0 : HEADER;
  const result: Block = {
    width: width + 2 * padding,
    height: height + 2 * padding + header,
    order: group === undefined ? undefined : scene.groups[group].order,
    items: [],
    groups: [],
    inner: new Map(),
    entries: new Map(),
    exits: new Map(),
  };
  const [dx, dy] = [padding, padding + header];
  if (group !== undefined) result.groups.push([group, 0, 0, result.width, result.height]);
  members.forEach((member, i) => {
    const [x, y] = [corners[i][0] + dx, corners[i][1] + dy];
    for (const [item, ix, iy] of blocks[member].items) result.items.push([item, ix + x, iy + y]);
    for (const [g, gx, gy, w, h] of blocks[member].groups) {
      result.groups.push([g, gx + x, gy + y, w, h]);
    }
    for (const [edge, points] of blocks[member].inner) result.inner.set(edge, shift(points, x, y));
  });
  const entryOf = (edge: number): Point[] => {
    const block = owner[scene.edges[edge].to];
    const [x, y] = corners[boxOf.get(block) ?? 0];
    return shift(
      blocks[block].entries.get(edge) ?? [[0, portY(scene, edge, blocks[block].height)]],
      x + dx,
      y + dy,
    );
  };
  const leave = (item: number): Point[] => {
    const [x, y] = corners[box(item)];
    return shift(exitOf(item), x + dx, y + dy);
  };
  inside.forEach((edge, n) => {
    const { from } = scene.edges[edge];
    result.inner.set(edge, [...leave(from), ...shift(routes[n], dx, dy), ...entryOf(edge)]);
  });
  ins.forEach((edge, n) => {
    const way = shift(routes[portOf[n]], dx, dy);
    result.entries.set(edge, [[0, way[0][1]], ...way, ...entryOf(edge)]);
  });
  outs.forEach((item, n) => {
    const way = shift(routes[firstOut + n], dx, dy);
    const [, y] = way[way.length - 1];
    result.exits.set(item, [...leave(item), ...way, [result.width, y]]);
  });
  return result;
}

// ---- Sums --------------------------------------------------------------------------------------

/** For each item the sum that it flows into and serves alone, or -1. */
function tributaries({ items, edges }: Scene, sumOf: Int32Array): Int32Array {
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
function sumBlock(
  scene: Scene,
  chain: readonly number[],
  members: readonly number[],
  inside: readonly number[],
  ins: readonly number[],
  outs: readonly number[],
  sizes: readonly { readonly width: number; readonly height: number }[],
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

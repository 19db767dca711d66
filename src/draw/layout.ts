/**
 * Where the boxes of a graph stand: operations inside their neuron, neurons in the column of their
 * layer, layers from left to right. Pure geometry, of use to any picture, still or moving. Read
 * block.ts and sum-block.ts first.
 *
 * From the inside outwards, at each level what belongs together is arranged and becomes a block
 * that the next level moves as a whole:
 *
 *     node  >  sum b + w0·x0 + w1·x1 …  >  neuron  >  layer  >  data point  >  picture
 */

import { type Block, portY, type Size, shift } from "./block.ts";
import { arrange, type Box, type Gaps, type Link, type Point } from "./layered.ts";
import type { ItemKind, Scene } from "./scene.ts";
import type { Rectangle } from "./shapes.ts";
import { sumBlock, tributaries } from "./sum-block.ts";

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

/**
 * Arranges the items of a scene.
 *
 * @param sizes of the items. If they depend on the structure of the graph only, and not on its
 * numbers, so does the layout: a node stays where it is from one training step to the next
 */
export function layOut(scene: Scene, sizes: readonly Size[]): Layout {
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

function finish(scene: Scene, sizes: readonly Size[], whole: Block | undefined): Layout {
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
function itemBlock(scene: Scene, item: number, { width, height }: Size): Block {
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

/**
 * Arranges boxes in columns so that every link runs from left to right: the method of Sugiyama,
 * Tagawa and Toda ("Methods for visual understanding of hierarchical system structures", 1981).
 * Pure geometry; nothing to read first.
 *
 *     columns    each box stands in the column before its nearest consumer
 *     order      boxes move up and down within their column until few links cross
 *     y          boxes come as close to the ends of their links as their neighbours allow
 *     routes     a link is a line through a gap of its own in every column that it passes
 */

/** A place, x to the right and y downwards. */
export type Point = readonly [x: number, y: number];

/** What is to be arranged. */
export interface Box {
  readonly width: number;
  readonly height: number;
  /** At the edge of the picture, before or behind everything else. */
  readonly side?: "left" | "right";
  /** Boxes that have a number keep the order of their numbers within a column. */
  readonly order?: number | undefined;
  /** Where in its column a narrow box stands: "left" if left out. */
  readonly align?: "left" | "middle" | "right" | undefined;
}

/** A link from the right side of one box to the left side of another; y from their tops. */
export interface Link {
  readonly from: number;
  readonly to: number;
  readonly fromY: number;
  readonly toY: number;
}

/** Distances, in the units of the boxes. */
export interface Gaps {
  /** Between two boxes in a column. */
  readonly rows: number;
  /** Between two columns, at least. */
  readonly columns: number;
}

/** Where everything is. The smallest coordinates are 0. */
export interface Arrangement {
  /** The left upper corner of each box. */
  readonly corners: readonly Point[];
  /** The way of each link; see `smooth` in layout.ts for how to draw what is not horizontal. */
  readonly routes: readonly (readonly Point[])[];
  readonly width: number;
  readonly height: number;
}

/** A box, or the gap in a column through which the links from one place pass. */
interface Slot {
  readonly height: number;
  readonly box: number; // -1 for a gap
  readonly order: number | undefined;
  readonly key: number; // the order it is in before anything is known
  readonly before: Hop[];
  readonly after: Hop[];
  column: number;
  place: number; // within its column
  y: number; // of its top
  wish: number; // where it would like to be: a place or a y
  pull: number; // how strongly
  offset: number; // its y if all in its column stood as close as they may
}

/** A piece of a link, from a slot to one in the next column. */
interface Hop {
  readonly from: Slot;
  readonly to: Slot;
  readonly fromY: number;
  readonly toY: number;
  /** Where on its slots it ends, as parts of their heights, from the middle. */
  readonly fromShare: number;
  readonly toShare: number;
  weight: number;
}

const LANE = 5; // between two links, or a link and a box
const SWEEPS = 8; // an even number

/**
 * Arranges boxes in columns.
 *
 * @param boxes in the order in which they should stand if nothing speaks against it
 * @param links may be several between the same boxes; there must be no circle
 * @throws Error if the links go in a circle
 */
export function arrange(boxes: readonly Box[], links: readonly Link[], gaps: Gaps): Arrangement {
  const columnOf = columns(boxes, links);
  const slots: Slot[] = boxes.map((box, i) => slot(columnOf[i], box.height, i, i, box.order));
  const ways = hops(slots, links);
  for (const way of ways) for (const hop of way) hop.weight = weigh(hop);
  const table = tableOf(slots);
  reduceCrossings(table);
  place(table, gaps.rows);

  // Where the columns are.
  const widths = table.map((column) =>
    column.reduce((most, { box }) => Math.max(most, box < 0 ? 0 : boxes[box].width), 0),
  );
  const lefts: number[] = [];
  let x = 0;
  table.forEach((column, c) => {
    lefts.push(x);
    x += widths[c];
    if (c + 1 < table.length) x += gapAfter(column, table[c + 1], boxes, gaps.columns);
  });
  const width = x;

  let [top, bottom] = [Infinity, -Infinity];
  for (const { y, height } of slots) {
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + height);
  }
  if (slots.length === 0) [top, bottom] = [0, 0];
  const left = (i: number): number => {
    const spare = widths[columnOf[i]] - boxes[i].width;
    const { align = "left" } = boxes[i];
    return lefts[columnOf[i]] + (align === "left" ? 0 : align === "right" ? spare : spare / 2);
  };
  const corners = boxes.map((_, i): Point => [left(i), slots[i].y - top]);
  const routes = links.map((link, i) => {
    const way = ways[i];
    const points: Point[] = [];
    way.forEach(({ from, to, fromY, toY }, step) => {
      const [y0, y1] = [from.y + fromY - top, to.y + toY - top];
      if (step === 0) points.push([left(link.from) + boxes[link.from].width, y0]);
      points.push([lefts[from.column] + widths[from.column], y0], [lefts[to.column], y1]);
      if (step === way.length - 1) points.push([left(link.to), y1]);
    });
    return points;
  });
  return { corners, routes, width, height: bottom - top };
}

function slot(column: number, height: number, box: number, key: number, order?: number): Slot {
  const links = { before: [], after: [] };
  return { column, height, box, key, order, ...links, place: 0, y: 0, wish: 0, pull: 1, offset: 0 };
}

/** The column of each box: before its nearest consumer, and so after all of its inputs. */
function columns(boxes: readonly Box[], links: readonly Link[]): number[] {
  const inputs: number[][] = boxes.map(() => []);
  const waiting = new Int32Array(boxes.length); // consumers that have no column yet
  for (const { from, to } of links) {
    inputs[to].push(from);
    waiting[from] += 1;
  }
  const back = new Int32Array(boxes.length); // columns counted from the right
  const order: number[] = [];
  for (let i = 0; i < boxes.length; i++) if (waiting[i] === 0) order.push(i);
  for (const to of order) {
    for (const from of inputs[to]) {
      back[from] = Math.max(back[from], back[to] + 1);
      waiting[from] -= 1;
      if (waiting[from] === 0) order.push(from);
    }
  }
  if (order.length < boxes.length) throw new Error("arrange: expected no circle, got one");
  let [first, last] = [Infinity, -Infinity]; // of what is not at a side
  boxes.forEach(({ side }, i) => {
    if (side !== undefined) return;
    first = Math.min(first, -back[i]);
    last = Math.max(last, -back[i]);
  });
  if (first > last) [first, last] = [0, 0];
  const sides = boxes.map(({ side }, i) => {
    if (side === undefined) return -back[i];
    return side === "left" ? first - 1 : last + 1;
  });
  const least = sides.reduce((a, b) => Math.min(a, b), Infinity);
  return sides.map((column) => column - least);
}

/** Cuts links into hops. Links from one place share their way as long as it is the same. */
function hops(slots: Slot[], links: readonly Link[]): Hop[][] {
  const trunks = new Map<string, Hop[]>(); // from a place: its hops over the columns behind it
  return links.map((link) => {
    const from = slots[link.from];
    const to = slots[link.to];
    const name = `${link.from} ${link.fromY}`;
    const trunk = trunks.get(name) ?? [];
    trunks.set(name, trunk);
    while (from.column + trunk.length + 1 < to.column) {
      const last = trunk.at(-1)?.to ?? from;
      const gap = slot(last.column + 1, 0, -1, from.key);
      slots.push(gap);
      trunk.push(join(last, gap, last === from ? link.fromY : 0, 0));
    }
    const way = trunk.slice(0, to.column - from.column - 1);
    const last = way.at(-1)?.to ?? from;
    way.push(join(last, to, last === from ? link.fromY : 0, link.toY));
    return way;
  });
}

function join(from: Slot, to: Slot, fromY: number, toY: number): Hop {
  const [fromShare, toShare] = [share(fromY, from), share(toY, to)];
  const hop = { from, to, fromY, toY, fromShare, toShare, weight: 1 };
  from.after.push(hop);
  to.before.push(hop);
  return hop;
}

/** How much it matters that a hop is level. */
function weigh({ from, to }: Hop): number {
  // A leaf hangs beside its consumer.
  const small = from.height < 2 * to.height;
  const hanging = from.before.length === 0 && from.after.length === 1 && small;
  const alone = (from.after.length === 1 ? 3 : 1) * (to.before.length === 1 ? 5 : 1);
  const long = (from.box < 0 ? 3 : 1) * (to.box < 0 ? 3 : 1);
  return (hanging ? 0.2 : 1) * alone * long;
}

function tableOf(slots: readonly Slot[]): Slot[][] {
  const table: Slot[][] = [];
  for (const each of slots) {
    while (table.length <= each.column) table.push([]);
    table[each.column].push(each);
  }
  for (const column of table) {
    column.sort((a, b) => a.key - b.key);
    number(column);
  }
  return table;
}

function number(column: readonly Slot[]): void {
  column.forEach((each, i) => {
    each.place = i;
  });
}

// ---- Order -----------------------------------------------------------------------------------

/** Sorts columns by the mean place of their neighbours, to and fro; keeps the best that was seen. */
function reduceCrossings(table: Slot[][]): void {
  let fewest = crossings(table);
  let best = table.map((column) => [...column]);
  let inVain = 0; // sweeps since the last gain
  for (let sweep = 0; sweep < SWEEPS && inVain < 2 && fewest > 0; sweep++) {
    const rightwards = sweep % 2 === 0;
    for (let i = 1; i < table.length; i++) {
      const c = rightwards ? i : table.length - 1 - i;
      sortColumn(table[c], rightwards);
    }
    const now = crossings(table);
    inVain = now < fewest ? 0 : inVain + 1;
    if (now >= fewest) continue;
    fewest = now;
    best = table.map((column) => [...column]);
  }
  best.forEach((column, c) => {
    table[c] = column;
    number(column);
  });
}

const share = (y: number, { height }: Slot): number => (height > 0 ? y / height - 0.5 : 0);

function sortColumn(column: Slot[], rightwards: boolean): void {
  let numbered = false;
  for (const each of column) {
    const ends = rightwards ? each.before : each.after;
    let sum = 0;
    for (const hop of ends) {
      sum += rightwards ? hop.from.place + hop.fromShare : hop.to.place + hop.toShare;
    }
    each.wish = ends.length === 0 ? each.place : sum / ends.length;
    if (each.order !== undefined) numbered = true;
  }
  column.sort((a, b) => a.wish - b.wish || a.place - b.place);
  if (numbered) restoreOrder(column);
  number(column);
}

/** Puts those with a number back in order, in the places that they hold together. */
function restoreOrder(column: Slot[]): void {
  const held: number[] = [];
  column.forEach((each, i) => {
    if (each.order !== undefined) held.push(i);
  });
  const inOrder = held.map((i) => column[i]).sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
  held.forEach((i, n) => {
    column[i] = inOrder[n];
  });
}

const STEPS = 16; // places on the side of a slot that are told apart

/**
 * How many pairs of hops cross: hops are looked at from the top of their left ends downwards, and
 * each crosses those before it whose right ends are further down. A tree of counts (Fenwick 1994)
 * adds up how many these are.
 */
function crossings(table: readonly Slot[][]): number {
  let count = 0;
  for (let c = 0; c + 1 < table.length; c++) {
    const tree = new Int32Array((table[c + 1].length + 1) * STEPS);
    let seen = 0;
    for (const { after } of table[c]) {
      if (after.length > 1) after.sort((a, b) => a.fromShare - b.fromShare || end(a) - end(b));
      for (const hop of after) {
        const rank = Math.floor(end(hop) * STEPS) + 1;
        let notLower = 0;
        for (let i = rank; i > 0; i -= i & -i) notLower += tree[i];
        count += seen - notLower;
        seen += 1;
        for (let i = rank; i < tree.length; i += i & -i) tree[i] += 1;
      }
    }
  }
  return count;
}

/** Where a hop ends on the right: from 0 on, 1 for each slot. */
const end = ({ to, toShare }: Hop): number => to.place + toShare + 0.5;

// ---- y ---------------------------------------------------------------------------------------

/** Gives every slot its y: near the other ends of its links, in order, without overlap. */
function place(table: readonly Slot[][], rows: number): void {
  for (const column of table) settle(column, rows);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const leftwards = sweep % 2 === 0;
    const both = sweep >= SWEEPS - 2;
    for (let i = 0; i < table.length; i++) {
      const column = table[leftwards ? table.length - 1 - i : i];
      for (const each of column) wish(each, both || !leftwards, both || leftwards);
      settle(column, rows);
    }
  }
}

/** Where a slot would like its top to be, by its links to the left, to the right, or both. */
function wish(each: Slot, left: boolean, right: boolean): void {
  let [sum, pull] = [0, 0];
  if (left) {
    for (const { from, fromY, toY, weight } of each.before) {
      sum += weight * (from.y + fromY - toY);
      pull += weight;
    }
  }
  if (right) {
    for (const { to, fromY, toY, weight } of each.after) {
      sum += weight * (to.y + toY - fromY);
      pull += weight;
    }
  }
  each.wish = pull === 0 ? each.y : sum / pull;
  each.pull = pull === 0 ? 0.01 : pull;
}

/** Slots that want to overlap and so move as one. */
interface Cluster {
  readonly first: number;
  sum: number;
  pull: number;
}

/**
 * The places nearest to the wishes (least squares) that keep order and distances: "pool adjacent
 * violators" (Ayer, Brunk, Ewing, Reid and Silverman 1955).
 */
function settle(column: readonly Slot[], rows: number): void {
  const clusters: Cluster[] = [];
  let above: Slot | undefined;
  for (let i = 0; i < column.length; i++) {
    const each = column[i];
    each.offset =
      above === undefined ? 0 : above.offset + above.height + distance(above, each, rows);
    above = each;
    let last: Cluster = { first: i, sum: each.pull * (each.wish - each.offset), pull: each.pull };
    for (let top = clusters.at(-1); top !== undefined; top = clusters.at(-1)) {
      if (top.sum / top.pull <= last.sum / last.pull) break;
      top.sum += last.sum;
      top.pull += last.pull;
      last = top;
      clusters.pop();
    }
    clusters.push(last);
  }
  clusters.forEach(({ first, sum, pull }, g) => {
    const next = clusters[g + 1]?.first ?? column.length;
    for (let i = first; i < next; i++) column[i].y = sum / pull + column[i].offset;
  });
}

function distance(above: Slot, below: Slot, rows: number): number {
  const boxAndGap = above.box < 0 !== below.box < 0;
  return above.height === 0 || below.height === 0 ? LANE * (boxAndGap ? 2 : 1) : rows;
}

/** The gap between two columns: wider where links are steep, so that they can be told apart. */
function gapAfter(
  column: readonly Slot[],
  next: readonly Slot[],
  boxes: readonly Box[],
  least: number,
): number {
  const onlySide = (slots: readonly Slot[]): boolean =>
    slots.every(({ box }) => box >= 0 && boxes[box].side !== undefined);
  let steepest = 0;
  for (const { after } of column) {
    for (const { from, to, fromY, toY } of after) {
      steepest = Math.max(steepest, Math.abs(to.y + toY - from.y - fromY));
    }
  }
  if (onlySide(column) || onlySide(next)) return steepest < 1 ? 6 : Math.min(least, 6 + steepest);
  return Math.min(least + 0.2 * steepest, 4 * least);
}

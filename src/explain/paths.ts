/**
 * The paths from an output down to a node: how many there are, and the product of the local
 * derivatives along each. Read steps.ts first.
 *
 * The chain rule says that d output / d node is the sum of these products. `backward` finds that sum
 * without walking the paths, which may be more than anybody could walk:
 *
 *     a == b == c == d        2 edges from each to the next: 2 · 2 · 2 = 8 paths from d to a
 */

import { describe, expectCount } from "../errors.ts";
import { isNotChosen } from "../operations.ts";
import { graphOf, Value } from "../value.ts";
import { flowsTo } from "./steps.ts";

/** An edge of a path: from a consumer to one of its inputs. */
export interface PathEdge {
  readonly consumer: Value;
  /** Which of the consumer's inputs it leads to, counted from 0. */
  readonly slot: number;
  readonly input: Value;
  /** d consumer / d input, the other inputs held still. */
  readonly local: number;
}

/** One way from an output down to a node. */
export interface Path {
  /** From the output down to the node; none if the node is the output. */
  readonly edges: readonly PathEdge[];
  /** The product of the local derivatives; 1 if there are no edges, 0 if one was not chosen. */
  readonly product: number;
}

/** So many paths are walked at most, unless said otherwise. */
export const MOST_PATHS = 10_000;
/** Paths together have no more edges than this. */
const MOST_EDGES = 2_000_000;

/**
 * How many paths lead from the output down to the node, found in one pass: of each node, as many as
 * of all its inputs together. No path leads through `detach`, where nothing flows back.
 *
 * @returns exact up to 2^53; Infinity beyond 1.8e308
 * @throws TypeError unless both are Values
 * @example countPaths(a.add(a), a) // 2
 */
export function countPaths(output: Value, node: Value): number {
  return waysDown(output, node, "countPaths").count(output);
}

/**
 * The paths from the output down to the node, in the order of the inputs.
 *
 * @param most if there are more paths than this, the first ones are returned: ask
 * {@link countPaths}. Of paths that are so long that they would have millions of edges, too, only
 * the first are returned.
 * @throws TypeError unless both are Values
 * @example pathsOf(a.mul(a), a).map(({ product }) => product) // [3, 3] at a = 3
 */
export function pathsOf(output: Value, node: Value, most = MOST_PATHS): Path[] {
  expectCount(most, 0, "pathsOf");
  const ways = waysDown(output, node, "pathsOf");
  const paths: Path[] = [];
  let edgesOfAll = 0;
  walkPaths(output, node, ways, (edges, product) => {
    if (paths.length >= most) return false;
    paths.push({ edges: [...edges], product });
    edgesOfAll += edges.length;
    return edgesOfAll < MOST_EDGES;
  });
  return paths;
}

/** The sum of the products of all paths, and how long it would be to walk them. */
export interface PathSum {
  readonly count: number;
  /** The sum; undefined if there are more paths, or longer ones, than can be walked. */
  readonly sum: number | undefined;
  /** Why there is no sum. */
  readonly why?: string;
}

/**
 * The sum of the products along all paths from the output down to the node.
 *
 * @param most if there are more paths than this, there is no sum
 * @throws TypeError unless both are Values
 */
export function sumOfPaths(output: Value, node: Value, most = MOST_PATHS): PathSum {
  expectCount(most, 0, "sumOfPaths");
  const ways = waysDown(output, node, "sumOfPaths");
  const count = ways.count(output);
  if (count > most) {
    const why = `there are ${countText(count)} paths, and only up to ${most} are walked`;
    return { count, sum: undefined, why };
  }
  const edges = ways.edges(output);
  if (edges > MOST_EDGES) {
    const why = `the paths have ${countText(edges)} edges, and only up to ${MOST_EDGES} are walked`;
    return { count, sum: undefined, why };
  }
  let sum = 0;
  walkPaths(output, node, ways, (_, product) => {
    sum += product;
    return true;
  });
  return { count, sum };
}

/** "1,152,921,504,606,846,976" is too much for an eye: beyond a million, "about 1.15e+18". */
export const countText = (count: number): string =>
  count < 1e6 ? String(count) : `about ${count.toPrecision(3)}`;

/** For the nodes from which there is a way down to one node: how many ways, and their edges. */
interface Ways {
  count(from: Value): number;
  edges(from: Value): number;
}

function waysDown(output: Value, node: Value, where: string): Ways {
  for (const value of [output, node]) {
    if (!(value instanceof Value)) {
      throw new TypeError(`${where}: expected a Value, got ${describe(value)}`);
    }
  }
  const counts = new Map<Value, number>([[node, 1]]);
  const edges = new Map<Value, number>([[node, 0]]);
  for (const from of graphOf(output, flowsTo)) {
    if (from === node) continue;
    let count = 0;
    let length = 0;
    for (const input of flowsTo(from)) {
      const own = counts.get(input) ?? 0;
      count += own;
      length += (edges.get(input) ?? 0) + own;
    }
    if (count === 0) continue;
    counts.set(from, count);
    edges.set(from, length);
  }
  return { count: (from) => counts.get(from) ?? 0, edges: (from) => edges.get(from) ?? 0 };
}

/** Walks down every path, without recursion, as long as `visit` says true. */
function walkPaths(
  output: Value,
  node: Value,
  ways: Ways,
  visit: (edges: readonly PathEdge[], product: number) => boolean,
): void {
  if (ways.count(output) === 0) return;
  const edges: PathEdge[] = [];
  // From the output down to where the walk is: the node there, its next slot, and the product so
  // far, undefined if nothing comes that far: 0 would become NaN on an edge that is infinite.
  const trail: { at: Value; slot: number; product: number | undefined }[] = [
    { at: output, slot: 0, product: 1 },
  ];
  for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
    const { at, product } = top;
    if (at === node && !visit(edges, product ?? 0)) return;
    const inputs = at === node ? [] : flowsTo(at);
    while (top.slot < inputs.length && ways.count(inputs[top.slot]) === 0) top.slot += 1;
    if (top.slot === inputs.length) {
      trail.pop();
      edges.pop();
      continue;
    }
    const slot = top.slot++;
    const local = at.localDerivative(slot);
    const nothing = product === undefined || (at.operation.masked && isNotChosen(local));
    edges.push({ consumer: at, slot, input: inputs[slot], local });
    trail.push({ at: inputs[slot], slot: 0, product: nothing ? undefined : local * product + 0 });
  }
}

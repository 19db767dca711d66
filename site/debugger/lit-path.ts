/**
 * The path that lights up when a node is selected: of all paths from the output down to it the one
 * along which most arrives. Read src/explain/paths.ts first.
 */

import type { Value } from "chainrule";
import { type Path, type PathEdge, shownNumber, type Walk } from "chainrule/explain";

interface Link extends PathEdge {
  /** The size of the product from the output to here. */
  readonly size: number;
}

/**
 * The strongest path to each node of a graph; all are found along one walk. If one
 * of several data points is shown, it is the strongest of the paths through that one.
 */
export class StrongestPaths {
  /** The data point that is shown; undefined: there are no others. */
  readonly point: number | undefined;
  readonly #output: Value;
  readonly #links = new Map<Value, Link>();

  constructor({ output, steps, forward }: Walk, point?: number) {
    this.#output = output;
    this.point = point;
    let above: number | undefined; // the size of what comes to the consumer
    for (let place = forward; place < steps.length; place++) {
      const step = steps[place];
      if (step.kind !== "pass" || step.because === "cut") continue;
      const { node: consumer, slot, input, local } = step;
      if (slot === 0) above = this.#isLeftOut(consumer) ? undefined : this.#sizeTo(consumer);
      if (above === undefined) continue;
      const size = above * Math.abs(local);
      const best = this.#links.get(input);
      if (best === undefined || size > best.size) {
        this.#links.set(input, { consumer, slot, input, local, size });
      }
    }
  }

  #isLeftOut({ origin: { example } }: Value): boolean {
    return this.point !== undefined && example !== undefined && example !== this.point;
  }

  #sizeTo(node: Value): number | undefined {
    return node === this.#output ? 1 : this.#links.get(node)?.size;
  }

  /** The strongest path to a node; undefined if none leads there. */
  to(node: Value): Path | undefined {
    const edges: Link[] = [];
    for (let at = node; at !== this.#output; ) {
      const link = this.#links.get(at);
      if (link === undefined) return undefined;
      edges.push(link);
      at = link.consumer;
    }
    edges.reverse();
    return { edges, product: edges.reduce((product, { local }) => product * local, 1) };
  }
}

/** The edges of a path, to ask quickly whether one is among them. */
export class LitEdges {
  readonly nodes = new Set<Value>();
  readonly #slots = new Map<Value, Set<number>>();

  constructor(path: Path | undefined) {
    for (const { consumer, slot } of path?.edges ?? []) {
      this.nodes.add(consumer);
      const slots = this.#slots.get(consumer) ?? new Set();
      this.#slots.set(consumer, slots.add(slot));
    }
  }

  has(consumer: Value, slot: number): boolean {
    return this.#slots.get(consumer)?.has(slot) === true;
  }
}

const MOST_FACTORS = 8;

/**
 * "-2.0000 × 1.0000 × -3.0000 = 6.0000": the local derivatives along a path and their product. On a
 * long path factors of 1 are counted, so that those that matter can be multiplied by hand.
 */
export function pathText({ edges, product }: Path): string {
  if (edges.length === 0) return "1";
  const all = edges.map(({ local }) => local);
  const isLong = all.length > MOST_FACTORS;
  const others = isLong ? all.filter((local) => local !== 1) : all;
  const factors = others.map(shownNumber);
  const shown =
    factors.length > MOST_FACTORS + 1
      ? [...factors.slice(0, 5), `… ${factors.length - 7} more …`, ...factors.slice(-2)]
      : factors;
  if (others.length < all.length) shown.push(`1 (${all.length - others.length} times)`);
  return shown.length === 1 ? shown[0] : `${shown.join(" × ")} = ${shownNumber(product)}`;
}

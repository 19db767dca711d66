/**
 * What an engine with mistakes finds on a graph, beside what is right. Read src/explain/sabotage.ts
 * first.
 */

import { graphOf, type Value } from "chainrule";
import { brokenBackward, type Mistake } from "chainrule/explain";
import { agree } from "../debugger/agree.ts";

/** Which mistakes an engine makes, and of which operation the derivative is wrong. */
export interface Mistakes {
  readonly names: ReadonlySet<Mistake>;
  readonly wrong: string | undefined;
}

/** The gradients of two engines on one graph. */
export interface Comparison {
  readonly output: Value;
  /** All nodes that a gradient comes to, from the output back. */
  readonly nodes: readonly Value[];
  /** Those whose gradients differ, from the output back. */
  readonly wrong: readonly Value[];
  readonly right: (node: Value) => number | undefined;
  readonly broken: (node: Value) => number | undefined;
}

/**
 * Compares on a graph that no backward pass has been through; afterwards the right one has.
 *
 * @param before what earlier passes left in the leaves; it counts if zeroGrad is forgotten
 */
export function compare(
  output: Value,
  { names, wrong }: Mistakes,
  before?: ReadonlyMap<Value, number>,
): Comparison {
  output.backward();
  const found = brokenBackward(output, {
    mistakes: names,
    ...(before && { before }),
    ...(wrong !== undefined && { wrong }),
  });
  const right = (node: Value) => (node.hasGrad ? node.grad : undefined);
  const broken = (node: Value) => found.get(node);
  const nodes = graphOf(output)
    .filter((node) => node.hasGrad || found.has(node))
    .reverse();
  const differ = (node: Value) => !agree(right(node) ?? 0, broken(node) ?? 0);
  return { output, nodes, wrong: nodes.filter(differ), right, broken };
}

/**
 * Compares on the graph of a formula, which is built twice if need be: where zeroGrad is forgotten,
 * backward has run once before.
 */
export function compareTwice(build: () => Value, mistakes: Mistakes): Comparison {
  const output = build();
  if (!mistakes.names.has("noZeroGrad")) return compare(output, mistakes);
  const first = compare(build(), mistakes);
  const leaves = (root: Value) => graphOf(root).filter(({ op }) => op === "");
  const old = leaves(first.output);
  const before = new Map(
    leaves(output).map((leaf, i) => [leaf, first.broken(old[i] ?? leaf) ?? 0]),
  );
  return compare(output, mistakes, before);
}

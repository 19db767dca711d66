/**
 * How a gradient was made up: a sum with one term for each edge to a consumer. Read sentence.ts
 * first.
 */

import type { Value } from "../value.ts";
import { type NameOf, nameOf, shownNumber } from "./sentence.ts";
import { gradientsAfter, type PassStep, type Step } from "./steps.ts";

/** The gradient of a node as a sum of products. */
export interface Receipt {
  readonly node: Value;
  /** What the sum is so far; undefined while there is none. */
  readonly gradient: number | undefined;
  /** The steps in which something came: gradient of the consumer × local derivative. */
  readonly terms: readonly PassStep[];
  /** Are there edges to the node that are still to come? */
  readonly complete: boolean;
}

/**
 * The receipt of a node after so many of the steps; after all of them unless said otherwise.
 *
 * d output / d node = the sum over its consumers of d output / d consumer × d consumer / d node.
 */
export function receiptOf(steps: readonly Step[], node: Value, done = steps.length): Receipt {
  const toNode = (step: Step): step is PassStep => step.kind === "pass" && step.input === node;
  const past = steps.slice(0, done);
  return receiptFrom(
    node,
    gradientsAfter(past).get(node),
    past.filter(toNode),
    !steps.slice(done).some((step) => toNode(step) || step.kind === "start"),
  );
}

/** The receipt of a node from the steps so far that lead to it. */
export const receiptFrom = (
  node: Value,
  gradient: number | undefined,
  arrivals: readonly PassStep[],
  complete: boolean,
): Receipt => ({
  node,
  gradient,
  terms: arrivals.filter(({ product }) => product !== undefined),
  complete,
});

/**
 * The receipt as one line of plain text.
 *
 * @param output what the gradients are the derivatives of
 * @param name what a node is called: its label or its symbol unless said otherwise
 * @example receiptText(receiptOf(steps, a), L) // "dL/da = -2.0000 × -3.0000 = 6.0000"
 */
export function receiptText(
  { node, gradient, terms, complete }: Receipt,
  output: Value,
  name: NameOf = nameOf,
): string {
  const slope = slopeText(output, node, name);
  if (gradient === undefined) return complete ? `${slope}: nothing comes here` : `${slope} = –`;
  if (node === output) return `${slope} = 1`;
  if (terms.length === 0) return `${slope} = 0: nothing came`;
  const products = terms.map(
    ({ upstream, local }) => `${shownNumber(upstream)} × ${shownNumber(local)}`,
  );
  const end = complete ? "" : ", and more is to come";
  return `${slope} = ${products.join(" + ")} = ${shownNumber(gradient)}${end}`;
}

/**
 * How the derivative of the output with respect to a node is written.
 *
 * @example slopeText(L, product) // "dL/d(*)": a symbol is put in parentheses
 */
export const slopeText = (output: Value, node: Value, name: NameOf = nameOf): string =>
  `d${bound(name(output))}/d${bound(name(node))}`;

const bound = (name: string): string => (/^[\p{L}\p{N}_$.]+$/u.test(name) ? name : `(${name})`);

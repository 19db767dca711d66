/**
 * Judges a gradient that somebody has found by hand, and says what is missing. Read receipt.ts and
 * walk.ts first.
 */

import type { Value } from "../value.ts";
import { type NameOf, nameOf } from "./sentence.ts";
import type { Walk } from "./walk.ts";

/** What there is to say about an answer. */
export interface Judgement {
  readonly right: boolean;
  readonly sentence: string;
}

/**
 * Is this the gradient of the node?
 *
 * It is right if it is the gradient rounded to as many digits as were typed.
 *
 * @param answer as it was typed: "-0.25", "−0,25", "2.5e-3"
 */
export function judge(walk: Walk, node: Value, answer: string, name: NameOf = nameOf): Judgement {
  const truth = walk.gradient(node, walk.steps.length) ?? 0;
  const given = Number(answer.trim().replace("−", "-").replace(",", "."));
  const decimals = /\.(\d*)/.exec(answer.replace(",", "."))?.[1].length ?? 0;
  const right = Math.abs(given - truth) <= 0.5 * Number(`1e-${decimals}`) + 1e-12;
  return { right, sentence: right ? `Yes: ${name(node)} has ${answer}.` : "Not yet." };
}

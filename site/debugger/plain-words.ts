/**
 * What the numbers of a node mean, for somebody who knows no calculus. Read panel.ts and
 * src/explain/sentence.ts first.
 */

import type { Value } from "chainrule";
import { type NameOf, type Step, shownNumber, whyLocal } from "chainrule/explain";

/** A change that is small for most numbers, to say what a slope means. */
const NUDGE = 0.01;

/** What is known of the node that sentences are about. */
export interface Subject {
  readonly name: string;
  readonly data: number | undefined;
  /** Its gradient so far; undefined while there is none. */
  readonly gradient: number | undefined;
  /** Has all that will come to the gradient come? */
  readonly complete: boolean;
  /** Is it the end of the graph, whose gradients these are? */
  readonly isOutput: boolean;
  /** What that is called: "L", "the loss". */
  readonly output: string;
}

/** What its two numbers mean. */
export function meaning(node: Subject): string {
  const { name, data, gradient, complete, isOutput, output } = node;
  if (data === undefined) return `${name} is not computed yet: the forward pass has not come here.`;
  const is = `${name} is ${shownNumber(data)}.`;
  if (isOutput) {
    return gradient === undefined
      ? `${is} It is the result. The backward pass begins here.`
      : `${is} It is the result. Its gradient is 1: it changes exactly as much as itself.`;
  }
  if (gradient === undefined) {
    return `${is} Its gradient is not known yet: the backward pass has not come here.`;
  }
  if (!complete) {
    return `${is} Its gradient is ${shownNumber(gradient)} so far; more is to come.`;
  }
  if (!Number.isFinite(gradient)) return `${is} Its gradient is ${gradient}: no finite number.`;
  const change = NUDGE * gradient;
  const effect =
    gradient === 0
      ? `a small change of it does not change ${output}`
      : `make it larger by ${NUDGE}, and ${output} gets ${gradient > 0 ? "larger" : "smaller"} ` +
        `by about ${roughly(Math.abs(change))}`;
  return `${is} Its gradient is ${shownNumber(gradient)}: ${effect}.`;
}

/** Where the second factor of a step comes from; "" for a step that has none. */
export function whyThisFactor(step: Step | undefined, nameOf: NameOf): string {
  if (step?.kind === "start") {
    const name = nameOf(step.node);
    return `Here the backward pass begins: 1 more of ${name} is 1 more of ${name}.`;
  }
  if (step?.kind !== "pass" || step.product === undefined) return "";
  const { rule, here } = whyLocal(step.node, step.slot, nameOf);
  const isProduct = step.node.operation.kind === "product"; // there the factor is enough
  return `Why × ${shownNumber(step.local)}? ${isProduct ? here : `${rule} ${here}`}`.trimEnd();
}

/** A training step of one parameter. */
export interface Move {
  readonly from: number;
  /** What the optimizer really made of it. */
  readonly to: number;
  readonly gradient: number;
  readonly rate: number;
  /** Is the step −rate × gradient and nothing else? */
  readonly isPlain: boolean;
  /** The name of the optimizer, for one that does more. */
  readonly optimizer: string;
}

/** Why a parameter moves up or down in the training step to come. */
export function whyItMoves({ from, to, gradient, rate, isPlain, optimizer }: Move): string {
  const by = shownNumber(Math.abs(to - from));
  const way = to > from ? `up by ${by}` : to < from ? `down by ${by}` : "not at all";
  const numbers = to === from ? "" : `, from ${shownNumber(from)} to ${shownNumber(to)}`;
  const moves = `The next training step moves it ${way}${numbers}.`;
  if (gradient === 0 && isPlain) {
    return `${moves} Its gradient is 0: a small change of it would not change the loss.`;
  }
  const slope =
    gradient < 0
      ? "is negative, so a larger value makes the loss smaller"
      : "is positive, so a smaller value makes the loss smaller";
  const why = `Why: its gradient, ${shownNumber(gradient)}, ${slope}.`;
  const sum = isPlain
    ? `The step is −rate × gradient = −${rate} × ${inBrackets(gradient)} = ${shownNumber(to - from)}.`
    : `How far is up to the optimizer ${optimizer}, which also weighs in earlier gradients; ` +
      `plain −rate × gradient would be ${shownNumber(-rate * gradient)}.`;
  return `${moves} ${why} ${sum}`;
}

/** How training would move a leaf of a formula. */
export function howTrainingWouldMove(
  { name, data = 0, gradient = 0, output }: Subject,
  rate: number,
): string {
  if (gradient === 0) return "";
  const moved = data - rate * gradient;
  const way = gradient > 0 ? "smaller" : "larger";
  return (
    `To make ${output} smaller, make ${name} ${way}. A training step takes rate × gradient off: ` +
    `with rate ${rate} ${name} becomes ` +
    `${shownNumber(data)} − ${rate} × ${inBrackets(gradient)} = ${shownNumber(moved)}.`
  );
}

/** A leaf that somebody could train: one with a name. */
export const isNamedLeaf = (node: Value): boolean => node.op === "" && node.label !== "";

/** Two digits that count are enough to imagine it. */
const roughly = (x: number): string => String(Number(x.toPrecision(2)));

function inBrackets(x: number): string {
  const text = shownNumber(x);
  return text.startsWith("-") ? `(${text})` : text;
}

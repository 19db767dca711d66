/**
 * What a quiz can ask for along a walk: the gradients in the order in which they become complete.
 * Read src/explain/walk.ts first.
 */

import type { Value } from "chainrule";
import type { Walk } from "chainrule/explain";

/** A gradient to be found. */
export interface Question {
  readonly node: Value;
  /** The position of the walk at which it becomes complete. */
  readonly position: number;
}

const known = new WeakMap<Walk, readonly Question[]>();

/** All gradients of a walk, those of numbers without a name excepted: nobody wants to know them. */
export function questionsOf(walk: Walk): readonly Question[] {
  let questions = known.get(walk);
  if (questions === undefined) {
    const last = new Map<Value, number>();
    walk.steps.forEach((step, i) => {
      if (step.kind === "start") last.set(step.node, i + 1);
      if (step.kind === "pass" && step.after !== undefined) last.set(step.input, i + 1);
    });
    questions = [...last]
      .filter(([{ op, label }]) => op !== "" || label !== "")
      .map(([node, position]) => ({ node, position }))
      .sort((one, other) => one.position - other.position);
    known.set(walk, questions);
  }
  return questions;
}

/** The next gradient that becomes complete after a position; undefined if all are. */
export function nextQuestion(walk: Walk, position: number): Question | undefined {
  const questions = questionsOf(walk);
  let [low, high] = [0, questions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (questions[middle].position > position) high = middle;
    else low = middle + 1;
  }
  return questions[low];
}

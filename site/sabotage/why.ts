/** What went wrong, in sentences with the numbers of this graph. Read comparison.ts first. */

import {
  type Mistake,
  nameOf,
  operationToBreak,
  receiptText,
  shownNumber,
  Walk,
  wrongDerivative,
} from "chainrule/explain";
import type { Comparison, Mistakes } from "./comparison.ts";

/** Why a mistake does not show on a graph. */
const unseen: Readonly<Record<Mistake, string>> = {
  assign:
    "No node of this graph is used twice, so each gradient has one term, and = and += do the same.",
  wrongOrder:
    "Each node is reached after all its consumers here, by luck: the order only shows where a long and a short " +
    "path to one node meet.",
  noZeroGrad: "What the first pass left behind was 0.",
  wrongDerivative: "At these numbers the wrong formula happens to give the right derivative.",
};

/** How many gradients are wrong, and what happened to the first of them. */
export function whyFormula(comparison: Comparison, { names, wrong }: Mistakes): readonly string[] {
  const { nodes, output } = comparison;
  if (names.size === 0) return ["No mistake is switched on: this is the right engine."];
  const sentences = [`${countText(comparison.wrong.length, nodes.length)}.`];
  const [first] = comparison.wrong;
  if (first === undefined) return [...sentences, ...[...names].map((name) => unseen[name])];
  const walk = new Walk(output);
  const receipt = receiptText(walk.receipt(first, walk.steps.length), output);
  const own = comparison.broken(first);
  sentences.push(
    `Seen from the output, the first wrong one is ${nameOf(first)}. Right is ${receipt}; this engine has ${
      own === undefined ? "nothing" : shownNumber(own)
    }.`,
  );
  if (first.inputs.length > 0 && comparison.wrong.length > 1) {
    sentences.push(
      `${nameOf(first)} passes its wrong gradient on: what lies behind it is wrong even where no mistake is made.`,
    );
  }
  if (names.has("noZeroGrad")) {
    sentences.push("Here backward() has run twice, and nothing was zeroed in between.");
  }
  const broken = names.has("wrongDerivative") ? (wrong ?? operationToBreak(output)) : undefined;
  if (broken !== undefined) {
    sentences.push(`The local derivative of ${broken} is ${wrongDerivative(broken).sentence}.`);
  }
  return sentences;
}

/** "3 of 9 gradients are wrong", "None of 9 gradients is wrong". */
const countText = (count: number, all: number) =>
  `${count === 0 ? "None" : count} of ${all} gradients ${count > 1 ? "are" : "is"} wrong`;

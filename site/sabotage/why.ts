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
import { angleOf, STEPS, type TwoRuns } from "./two-runs.ts";

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

/** Why the loss falls, or does not. */
export function whyNet(runs: TwoRuns, step: number): readonly string[] {
  const { names, wrong } = runs.mistakes;
  if (names.size === 0)
    return ["No mistake is switched on: both curves are those of the right engine."];
  const { comparison, parameters } = runs.at(step);
  const isWrong = new Set(comparison.wrong);
  const count = parameters.filter((p) => isWrong.has(p)).length;
  const sentences = [
    `Before step ${step + 1}, ${count || "none"} of the ${parameters.length} parameters ${count > 1 ? "have" : "has"} a wrong gradient.`,
  ];
  const angle = angleOf(comparison, parameters);
  if (angle !== undefined && count > 0) {
    const degrees = `The angle between this engine's gradient and the right one is ${angle.toFixed(0)}°.`;
    sentences.push(
      angle < 90
        ? `${degrees} Below 90° a small step still goes downhill: wrong, but not wrong enough for the loss to rise.`
        : `${degrees} Above 90° a step goes uphill.`,
    );
  }
  const [own, right] = [runs.broken.at(-1), runs.right.at(-1)];
  if (own === undefined || right === undefined || runs.right.length <= STEPS) return sentences;
  const start = runs.broken[0] ?? own;
  const after = `After ${STEPS} steps the loss is ${shownNumber(own)}; the right engine comes to ${shownNumber(right)}.`;
  if (!Number.isFinite(own))
    sentences.push(`${after} The numbers have left what a computer can hold.`);
  else if (own > start)
    sentences.push(`${after} It rises from ${shownNumber(start)}: this mistake shows.`);
  else if (own <= right)
    sentences.push(`${after} The loss falls even further, and would never tell.`);
  else sentences.push(`${after} The loss falls. Who looks at it alone finds nothing wrong.`);
  for (const name of names) sentences.push(inTraining[name]);
  if (names.has("wrongDerivative")) {
    const broken = wrong ?? operationToBreak(comparison.output);
    if (broken)
      sentences.push(`The local derivative of ${broken} is ${wrongDerivative(broken).sentence}.`);
  }
  return sentences;
}

/** What each mistake makes of a training. */
const inTraining: Readonly<Record<Mistake, string>> = {
  assign:
    "Of each sum the last term is left. So a parameter learns from one data point of four, and through one neuron " +
    "of the next layer.",
  wrongOrder:
    "A neuron passes on before all that use it have passed on to it. Part of each sum comes too late; the part that " +
    "is in time often has the right sign.",
  noZeroGrad:
    "Each gradient has all earlier ones in it. While they agree, steps grow longer and the loss falls faster; then " +
    "the weights run past the lowest point and swing.",
  wrongDerivative:
    "The wrong factor changes how far each parameter moves. As long as its sign is right often enough, the network " +
    "learns all the same.",
};

/** "3 of 9 gradients are wrong", "None of 9 gradients is wrong". */
const countText = (count: number, all: number) =>
  `${count === 0 ? "None" : count} of ${all} gradients ${count > 1 ? "are" : "is"} wrong`;

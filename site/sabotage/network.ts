/**
 * All that the lab needs for the network and not for a formula; loaded when the reader chooses the network.
 * Read two-runs.ts and loss-curves.ts first.
 */

import { type Mistake, operationToBreak, shownNumber, wrongDerivative } from "chainrule/explain";
import { STEPS } from "./limits.ts";
import { angleOf, type TwoRuns } from "./two-runs.ts";

export { lossCurves } from "./loss-curves.ts";
export { firstLoss, TwoRuns } from "./two-runs.ts";

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
  if (own === undefined || right === undefined || !runs.isDone) return sentences;
  const start = runs.broken[0] ?? own;
  const after = `After ${STEPS} steps the loss is ${lossText(own)}; the right engine comes to ${lossText(right)}.`;
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

/** A loss; one that four decimals cannot show as "1.2e-31". */
export const lossText = (loss: number): string =>
  loss === 0 ? "0" : Math.abs(loss) < 0.00005 ? loss.toExponential(1) : shownNumber(loss);

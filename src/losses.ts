/**
 * Losses: how wrong predictions are, as one Value to be made small. Read functions.ts first.
 *
 * Each takes one prediction or an array of them, such as `model.forward(x)`, and as many targets.
 * All are in stable form: a logit of 1,000 is no problem, neither for the value nor the gradient.
 */

import { describe, expectFinite } from "./errors.ts";
import { mean, negativeLogSoftmax, sum } from "./functions.ts";
import { type Operand, toValue, Value } from "./value.ts";

/** One or several predictions. */
export type Predictions = Operand | readonly Operand[];

/**
 * The sum of (prediction - target)². The lecture's loss; its gradient grows with the number of
 * terms, that of {@link meanSquaredError} does not.
 *
 * @throws RangeError if there are not as many targets as predictions; TypeError for anything that
 * is neither Value nor number. The same holds for all losses.
 */
export function squaredError(predictions: Predictions, targets: Predictions): Value {
  return sum(errors(predictions, targets, "squaredError").map((e) => e.square()));
}

/** The mean of (prediction - target)². (PyTorch: `MSELoss`.) */
export function meanSquaredError(predictions: Predictions, targets: Predictions): Value {
  return mean(errors(predictions, targets, "meanSquaredError").map((e) => e.square()));
}

/** The mean of |prediction - target|, also known as L1. (PyTorch: `L1Loss`.) */
export function absoluteError(predictions: Predictions, targets: Predictions): Value {
  return mean(errors(predictions, targets, "absoluteError").map((e) => e.abs()));
}

/**
 * The mean of e²/2 where |e| <= delta and of delta (|e| - delta/2) beyond, e = prediction - target:
 * a parabola that goes on as a straight line, so that outliers pull no harder than others.
 * (PyTorch: `HuberLoss`.)
 *
 * @param delta where the line begins, above 0
 */
export function huber(predictions: Predictions, targets: Predictions, delta = 1): Value {
  if (!(expectFinite(delta, "huber") > 0)) {
    throw new RangeError(`huber: expected delta above 0, got ${delta}`);
  }
  const each = errors(predictions, targets, "huber").map((e) => {
    const near = e.clamp(-delta, delta); // all three pieces are near (e - near/2)
    return near.mul(e.sub(near.mul(0.5)));
  });
  return mean(each);
}

/**
 * The mean of max(0, 1 - target · score): zero once a score is on the right side by a margin of
 * at least 1. The loss of micrograd's demo, and of support vector machines.
 *
 * @param targets -1 or 1
 */
export function hinge(scores: Predictions, targets: Predictions): Value {
  const sides = expectTargets(
    targets,
    (t) => t === -1 || t === 1,
    "hinge: expected targets -1 or 1",
  );
  const each = pairs(scores, sides, "hinge").map(([score, target]) =>
    score.mul(target).neg().add(1).relu(),
  );
  return mean(each);
}

/**
 * The mean of -t log p - (1 - t) log(1 - p), p = sigmoid(logit): how surprising the targets are if
 * each has the probability p of being 1. (PyTorch: `BCEWithLogitsLoss`.)
 *
 * @param logits any numbers: no sigmoid before
 * @param targets from 0 to 1
 */
export function binaryCrossEntropy(logits: Predictions, targets: Predictions): Value {
  const where = "binaryCrossEntropy";
  const shares = expectTargets(
    targets,
    (t) => t >= 0 && t <= 1,
    `${where}: expected targets 0 to 1`,
  );
  // -log p = softplus(-x) and -log(1 - p) = softplus(x)
  const each = pairs(logits, shares, where).map(([x, t]) =>
    t.mul(x.neg().softplus()).add(t.neg().add(1).mul(x.softplus())),
  );
  return mean(each);
}

/**
 * -log p of the right class, p = softmax(logits), for one data point. (PyTorch: `CrossEntropyLoss`.)
 *
 * @param logits one for each class, any numbers: no softmax before
 * @param target the number of the right class, from 0, alone or in an array; of a Value the loss is
 * NaN if there is no such class
 * @throws RangeError if the target is a plain number and there is no such class
 */
export function crossEntropy(
  logits: readonly Operand[],
  target: Operand | readonly Operand[],
): Value {
  if (!Array.isArray(logits)) {
    throw new TypeError(`crossEntropy: expected an array of logits, got ${describe(logits)}`);
  }
  const index: unknown = Array.isArray(target) && target.length === 1 ? target[0] : target;
  const isKnown = Number.isInteger(index) && (index as number) in logits;
  if (!isKnown && !(index instanceof Value && logits.length > 0)) {
    throw new RangeError(
      `crossEntropy: expected the number of a class from 0 to ${logits.length - 1}, ` +
        `got ${describe(target)}`,
    );
  }
  return negativeLogSoftmax(
    logits.map((x) => toValue(x, "crossEntropy")),
    index as Operand, // checked above
  );
}

function errors(predictions: Predictions, targets: Predictions, where: string): Value[] {
  return pairs(predictions, targets, where).map(([p, t]) => p.sub(t));
}

/** Each prediction with its target. */
function pairs(predictions: Predictions, targets: Predictions, where: string): [Value, Value][] {
  const ps = list(predictions);
  const ts = list(targets);
  if (ps.length !== ts.length) {
    throw new RangeError(
      `${where}: expected as many targets as predictions, got ${ts.length} and ${ps.length}`,
    );
  }
  if (ps.length === 0) throw new RangeError(`${where}: expected at least one prediction, got none`);
  return ps.map((p, i) => [toValue(p, where), toValue(ts[i], where)]);
}

/** Checks those targets that are plain numbers. */
function expectTargets(
  targets: Predictions,
  fits: (target: number) => boolean,
  expected: string,
): Predictions {
  for (const target of list(targets)) {
    if (typeof target === "number" && !fits(target)) {
      throw new RangeError(`${expected}, got ${target}`);
    }
  }
  return targets;
}

const list = (things: Predictions): readonly Operand[] =>
  things instanceof Value || !Array.isArray(things) ? [things as Operand] : things;

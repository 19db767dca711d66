/** Backpropagation explained: the public API of `chainrule/explain`, nothing but re-exports. */

export { type Addresses, addresses } from "./addresses.ts";
export { agreeingDigits, type SplitNumber, splitDigits } from "./digits.ts";
export { type LocalReason, whyLocal } from "./local.ts";
export { namesIn } from "./names.ts";
export { countPaths, type Path, type PathEdge, type PathSum, pathsOf } from "./paths.ts";
export { type Nudge, type Proofs, proofsOf, proofsText } from "./proofs.ts";
export { type Judgement, judge } from "./quiz.ts";
export { type Receipt, receiptOf, receiptText, slopeText } from "./receipt.ts";
export { outputAlong, type RecomputeOptions, Recomputer, recompute } from "./recompute.ts";
export {
  type BrokenOptions,
  brokenBackward,
  type Mistake,
  operationToBreak,
  type Sabotage,
  sabotages,
  type WrongDerivative,
  wrongDerivative,
} from "./sabotage.ts";
export { type NameOf, nameOf, sentence, shownNumber } from "./sentence.ts";
export {
  type ComputeStep,
  gradientsAfter,
  gradientsOf,
  type PassStep,
  type StartStep,
  type Step,
  stepsOf,
} from "./steps.ts";
export { Walk } from "./walk.ts";

/** Backpropagation explained: the public API of `chainrule/explain`, nothing but re-exports. */

export { type Receipt, receiptOf, receiptText } from "./receipt.ts";
export { nameOf, sentence, shownNumber } from "./sentence.ts";
export {
  type ComputeStep,
  gradientsAfter,
  type PassStep,
  type StartStep,
  type Step,
  stepsOf,
} from "./steps.ts";
export { Walk } from "./walk.ts";

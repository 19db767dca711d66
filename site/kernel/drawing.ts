/**
 * Pictures and explanations, for cells. Read lazy-modules.ts first.
 *
 * The names of `chainrule/explain` are listed: `export * as` would put what the bundler needs for it
 * into a chunk that both parts of the worker share. One that is left out does not compile.
 */

import {
  addresses,
  agreeingDigits,
  brokenBackward,
  countPaths,
  gradientsAfter,
  gradientsOf,
  judge,
  nameOf,
  namesIn,
  operationToBreak,
  outputAlong,
  pathsOf,
  proofsOf,
  proofsText,
  Recomputer,
  receiptOf,
  receiptText,
  recompute,
  sabotages,
  sentence,
  shownNumber,
  slopeText,
  splitDigits,
  stepsOf,
  Walk,
  whyLocal,
  wrongDerivative,
} from "chainrule/explain";

/** What cells import of `chainrule/draw`. */
export * from "chainrule/draw";

/** What cells import of `chainrule/explain`. */
export const explain: typeof import("chainrule/explain") = {
  addresses,
  agreeingDigits,
  brokenBackward,
  countPaths,
  gradientsAfter,
  gradientsOf,
  judge,
  nameOf,
  namesIn,
  operationToBreak,
  outputAlong,
  pathsOf,
  proofsOf,
  proofsText,
  Recomputer,
  receiptOf,
  receiptText,
  recompute,
  sabotages,
  sentence,
  shownNumber,
  slopeText,
  splitDigits,
  stepsOf,
  Walk,
  whyLocal,
  wrongDerivative,
};

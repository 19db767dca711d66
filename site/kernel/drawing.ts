/**
 * Pictures and explanations, for cells. Read lazy-modules.ts first.
 *
 * The names of `chainrule/explain` are listed: `export * as` would put what the bundler needs for it into a
 * chunk that both parts of the worker share.
 */

import {
  gradientsAfter,
  nameOf,
  receiptOf,
  receiptText,
  sentence,
  shownNumber,
  stepsOf,
  Walk,
} from "chainrule/explain";

/** What cells import of `chainrule/draw`. */
export * from "chainrule/draw";

/** What cells import of `chainrule/explain`. */
export const explain: typeof import("chainrule/explain") = {
  gradientsAfter,
  nameOf,
  receiptOf,
  receiptText,
  sentence,
  shownNumber,
  stepsOf,
  Walk,
};

/** Pictures and explanations, for cells. Read lazy-modules.ts first. */

import {
  gradientsAfter,
  nameOf,
  receiptOf,
  receiptText,
  sentence,
  shownNumber,
  stepsOf,
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
};

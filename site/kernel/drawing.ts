/** Pictures and explanations, for cells. Read lazy-modules.ts first. */

/** What cells import of `chainrule/draw`. */
export * from "chainrule/draw";

/** What cells import of `chainrule/explain`. */
export * as explain from "chainrule/explain";

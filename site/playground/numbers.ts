/** Numbers as the playground writes them. Nothing to read first. */

import { shownNumber } from "chainrule/explain";

/** Four digits behind the point, or as many as four significant ones need; with a true minus. */
export const shown = (x: number): string => shownNumber(x).replace("-", "−");

/** With its sign, for a change: "+0.0120". */
export const signed = (x: number): string => (x > 0 ? `+${shown(x)}` : shown(x));

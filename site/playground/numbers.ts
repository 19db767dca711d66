/** Numbers as the playground writes them. Read views/text.ts first. */

import { numberText } from "./views/text.ts";

/**
 * Four digits behind the point, but never fewer than four significant ones, so that a sum can be checked by
 * hand: as `shownNumber` of chainrule/explain, which would bring the drawing of graphs along.
 */
export function shown(x: number): string {
  const size = Math.abs(x);
  return size >= 0.00005 && size < 0.1 ? x.toPrecision(4).replace("-", "−") : numberText(x);
}

/** With its sign, for a change: "+0.0120". */
export const signed = (x: number): string => (x > 0 ? `+${shown(x)}` : shown(x));

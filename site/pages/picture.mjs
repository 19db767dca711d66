// What pictures of chainrule/draw need in a page. Read src/draw/svg.ts first.

import { drawGraph } from "../../dist/draw/index.js";
import { Value } from "../../dist/index.js";

/** The stylesheet that all pictures share: a page needs it once, and its pictures come without it. */
export const pictureStyle = /<style>(.*?)<\/style>/s.exec(drawGraph(new Value(0)))?.[1] ?? "";

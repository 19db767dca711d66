// Pictures of chainrule/draw as parts of a page. Read src/draw/svg.ts first.

import { drawGraph } from "../../dist/draw/index.js";
import { Value } from "../../dist/index.js";

const styleElement = /<style>(.*?)<\/style>/s;

/** The stylesheet that all pictures share: a page needs it once. */
export const pictureStyle = styleElement.exec(drawGraph(new Value(0)))?.[1] ?? "";

/** A picture without its stylesheet, for a page that has it. */
export const inlinePicture = (/** @type {string} */ svg) => svg.replace(styleElement, "");

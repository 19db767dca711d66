/** Pictures as strings: the public API of `chainrule/draw`, nothing but re-exports. */

export { type DotOptions, toDot } from "./dot.ts";
export { drawGraph, type GraphOptions } from "./graph.ts";
export { renderDot } from "./graphviz.ts";
export type { DrawableNode } from "./node.ts";
export { Picture, show } from "./picture.ts";

/** Pictures as strings: the public API of `chainrule/draw`, nothing but re-exports. */

export { Picture, show } from "./picture.ts";
export { drawGraph, type GraphOptions } from "./graph.ts";

/**
 * `<backprop-debugger>`: walks through the forward and the backward pass of a graph. Read
 * ../graph/live-graph.ts and panel.ts first.
 */

export class BackpropDebugger extends HTMLElement {}

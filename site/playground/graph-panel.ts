/**
 * The live graph of all points at this step. Loaded when it is opened. Read ../graph/live-graph.ts
 * first.
 */

import type { Value } from "chainrule";
import { LiveGraph } from "../graph/live-graph.ts";

/** The graph in its place; it is defined as an element once. */
export function graphPanel(place: HTMLElement, onSelect: (name: string) => void): LiveGraph {
  if (customElements.get("live-graph") === undefined) {
    customElements.define("live-graph", LiveGraph);
  }
  const graph = document.createElement("live-graph") as LiveGraph; // just defined
  graph.addEventListener("graph-select", (event) => {
    const { node } = (event as CustomEvent<{ node: Value | undefined }>).detail;
    if (node !== undefined && node.op === "" && node.label !== "") onSelect(node.label);
  });
  place.replaceChildren(graph);
  return graph;
}

/**
 * `<live-graph>`: a graph that can be unfolded, searched, walked through by keyboard, and that
 * changes its numbers without moving a node. Read src/draw/layout.ts first.
 */

import "../styles/graph.css";
import type { Value } from "chainrule";
import { drawGraph } from "chainrule/draw";

/** What the graph says of a node besides what the node itself knows. */
export interface GraphLook {
  /** Its numbers; undefined for those that are not computed yet, which are dashes. The node's own by default. */
  readonly numbers?: (node: Value) => { data: number | undefined; grad: number | undefined };
  /** How it is marked; several words with spaces between them. */
  readonly nodeState?: (node: Value) => string; // of: pending computes from to path wrong
  /** How the edge from input number `slot` to its consumer is marked. */
  readonly edgeState?: (consumer: Value, slot: number) => string; // of: forward backward past path
}

/**
 * Events that bubble: `graph-select` when the reader selects a node (click, Enter), `graph-point`
 * when one is pointed at or focused; `detail.node` is the Value, undefined for none.
 */
export class LiveGraph extends HTMLElement {
  #root: Value | undefined;

  /**
   * Shows the graph of this node. If it has the structure of the one that is shown, as in the next
   * training step, nothing moves: view, open neurons, data point, selection and focus stay.
   */
  show(root: Value, look: GraphLook = {}): void {
    this.#root = root;
    this.refresh(look);
  }

  /** The same graph, looked at anew: numbers and marks change, nothing moves. */
  refresh(_look: GraphLook = {}): void {
    if (this.#root !== undefined) this.innerHTML = drawGraph(this.#root);
  }

  /** Selects a node, opens what it is folded into and, if asked, brings it into view. */
  select(_node: Value | undefined, _options: { reveal?: boolean } = {}): void {}
}

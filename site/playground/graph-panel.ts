/**
 * The live graph of all points at this step. Building it takes from one to some hundred milliseconds, so
 * while the network trains a large one is made now and then. Loaded when it is opened. Read
 * ../graph/live-graph.ts and ../runs/graph.ts first.
 */

import type { Value } from "chainrule";
import { LiveGraph } from "../graph/live-graph.ts";
import type { Snapshot } from "../runs/client.ts";
import { type Moment, momentOf } from "../runs/graph.ts";

/** While the network trains, graphs may take one part in so many of the time. */
const share = 2;
/** Nodes of a graph that are there without a long wait. */
const mostNodes = 150_000;

export class GraphPanel {
  readonly #place: HTMLElement;
  readonly #graph: LiveGraph;
  #weights: Float64Array | undefined; // of the graph that is shown
  #due = 0; // when the next one may be made, while the network trains

  constructor(place: HTMLElement, onSelect: (address: string) => void) {
    if (customElements.get("live-graph") === undefined) {
      customElements.define("live-graph", LiveGraph);
    }
    this.#graph = document.createElement("live-graph") as LiveGraph; // just defined
    this.#graph.addEventListener("graph-select", (event) => {
      const { node } = (event as CustomEvent<{ node: Value | undefined }>).detail;
      if (node?.op === "" && node.label !== "") onSelect(node.label);
    });
    this.#place = place;
  }

  /** @throws RangeError if the graph is too large */
  show(now: Snapshot): void {
    const isSame = now.weights === this.#weights;
    if (isSame || (now.isPlaying && performance.now() < this.#due)) return;
    const start = performance.now();
    const perPoint = 2 * now.weights.length;
    const nodes = perPoint * now.data.inputs.length;
    if (nodes > mostNodes) {
      this.#weights = undefined;
      throw new RangeError(
        `with this many points it has about ${nodes.toLocaleString("en")} nodes, and up to ` +
          `${mostNodes.toLocaleString("en")} can be shown: ${Math.floor(mostNodes / perPoint)} points.`,
      );
    }
    this.#weights = now.weights;
    if (this.#graph.parentElement !== this.#place) this.#place.replaceChildren(this.#graph);
    this.#graph.show(withGradients(now).loss);
    const end = performance.now();
    this.#due = end + (share - 1) * (end - start);
  }

  /**
   * The picture as it is now.
   *
   * @throws Error if there is none
   */
  toSVG(): string {
    if (this.#weights === undefined) throw new Error("There is no graph: see there why.");
    return this.#graph.toSVG();
  }
}

/** The graph of a moment, after its backward pass. */
export function withGradients({ state, data, weights }: Snapshot): Moment {
  const moment = momentOf(state.setup, data, weights);
  moment.loss.backward();
  return moment;
}

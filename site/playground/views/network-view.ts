/**
 * The network: its neurons, each with what it says over the plane, its weights as lines, its biases. Read
 * predictor.ts, plane.ts and heat-map.ts first.
 */

import { HeatMap, scaleOf } from "./heat-map.ts";
import { COARSE, type Plane } from "./plane.ts";
import type { Predictor } from "./predictor.ts";
import { html } from "./text.ts";

/** What the diagram shows. */
export interface NetworkLook {
  /** The network, with the weights of this moment. */
  readonly predictor: Predictor;
  /** Where in the space of inputs its neurons are looked at: that of the plane's view. */
  readonly plane: Plane;
  /** The gradients of the parameters, in their order; undefined before there are any. */
  readonly gradients?: ArrayLike<number> | undefined;
  /** The address of the neuron or parameter that is selected: "layers.0.neurons.1.weights.2". */
  readonly selected: string | undefined;
}

/**
 * Event that bubbles from `element`: `network-select` { address }, of a parameter or a neuron
 * ("layers.0.neurons.1"); undefined for none.
 */
export class NetworkView {
  readonly element = html("div", { class: "network-view" });
  #maps: HeatMap[] = [];

  show({ predictor, plane }: NetworkLook): void {
    const outputs = predictor.over(plane.grid(COARSE)).flat();
    if (this.#maps.length !== outputs.length) {
      this.#maps = outputs.map(() => new HeatMap());
      this.element.replaceChildren(...this.#maps.map(({ canvas }) => canvas));
    }
    for (const [i, numbers] of outputs.entries()) {
      const map = this.#maps[i];
      if (plane.isLine) map.paintCurve(numbers, COARSE, scaleOf(numbers));
      else map.paint(numbers, COARSE, scaleOf(numbers));
    }
  }
}

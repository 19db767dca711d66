/**
 * The plane: what the network says everywhere as a heat-map, the zero line, the points, and how they are edited.
 * Read predictor.ts, plane.ts and heat-map.ts first.
 */

import type { DataSet } from "chainrule";
import { HeatMap } from "./heat-map.ts";
import { COARSE, Plane, rangesOf } from "./plane.ts";
import type { Predictor } from "./predictor.ts";
import { html } from "./text.ts";

/** What the plane shows. */
export interface PlaneLook {
  /** What is trained on now. */
  readonly data: DataSet;
  /** Points that are only measured: hollow. */
  readonly heldOut: DataSet | undefined;
  /** The network, with the weights of this moment. */
  readonly predictor: Predictor;
  /** Does the network rest, so that there is time for a finer map? */
  readonly fine: boolean;
  /** The number of the point that is selected. */
  readonly selectedPoint: number | undefined;
}

/**
 * Events that bubble from `element`:
 *
 * - `point-add` { x, target }, `point-move` { index, x, target }, `point-delete` { index }: the reader asks for
 *   a change of the data; it is seen when `show` brings it
 * - `point-select` { index }: undefined for none
 * - `plane-change` { plane }: another slice of three inputs is looked at
 */
export class PlaneView {
  readonly element = html("div", { class: "plane-view" });
  readonly #map = new HeatMap();
  #plane: Plane | undefined;

  constructor() {
    this.element.append(this.#map.canvas);
  }

  /** Where it looks; undefined before the first `show`. The network's view shows the same. */
  get plane(): Plane | undefined {
    return this.#plane;
  }

  show({ data, predictor }: PlaneLook): void {
    const inputs = data.inputs[0]?.length ?? predictor.sizes[0];
    this.#plane ??= new Plane(rangesOf(data.inputs, inputs), 0, inputs === 1 ? 0 : 1, [
      ...(data.inputs[0] ?? new Array(inputs).fill(0)),
    ]);
    const outputs = predictor.over(this.#plane.grid(COARSE));
    const last = outputs[outputs.length - 1][0];
    if (this.#plane.isLine) this.#map.paintCurve(last, COARSE, 1);
    else this.#map.paint(last, COARSE, 1);
  }
}

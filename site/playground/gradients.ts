/**
 * Gradients of the moment that the page shows, from the engine's graph of all points. Building it takes
 * from one to some hundred milliseconds, so while the network trains there is one now and then. Read
 * ../runs/graph.ts first.
 */

import type { DataSet } from "chainrule";
import { type Moment, momentOf } from "../runs/graph.ts";
import type { Setup } from "../runs/setup.ts";

/** While training, the graph may take one part in so many of the time. */
const share = 4;

export class Gradients {
  #moment: Moment | undefined;
  #of: { data: DataSet; weights: ArrayLike<number> } | undefined;
  #due = 0;

  /** The graph with its gradients, as it was made last; it may be of an earlier step. */
  get last(): Moment | undefined {
    return this.#moment;
  }

  /** Is the last one that of these points and weights? */
  isOf(data: DataSet, weights: ArrayLike<number>): boolean {
    return this.#of?.data === data && this.#of.weights === weights;
  }

  /**
   * The graph of this moment after its backward pass; while training the last one, if that one took
   * its share of the time.
   */
  at(setup: Setup, data: DataSet, weights: ArrayLike<number>, isTraining: boolean): Moment {
    const isNow = this.isOf(data, weights);
    if (this.#moment && (isNow || (isTraining && performance.now() < this.#due))) {
      return this.#moment;
    }
    const start = performance.now();
    const moment = momentOf(setup, data, weights);
    moment.loss.backward();
    this.#moment = moment;
    this.#of = { data, weights };
    const end = performance.now();
    this.#due = end + (share - 1) * (end - start);
    return moment;
  }

  /** Forgets the last graph: what comes is of another run. */
  clear(): void {
    this.#moment = undefined;
    this.#of = undefined;
  }
}

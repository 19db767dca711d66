/** Stands for the package @viz-js/viz in the worker: Graphviz comes when it is first needed. */

import { lazyModule } from "./lazy-modules.ts";

/** Starts Graphviz. */
export async function instance(): Promise<unknown> {
  const { instance } = await lazyModule("graphviz");
  return (instance as () => Promise<unknown>)(); // as the package documents it
}

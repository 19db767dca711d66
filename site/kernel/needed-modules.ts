/**
 * Which of the lazy modules a cell needs, as its text tells: they come at the same time as the worker,
 * and not one after the other. Read messages.ts first.
 */

import type { ModuleName } from "./messages.ts";

/**
 * What `train` needs has to be there before the cell begins, because `train` cannot wait for it. So a cell
 * that might get hold of `train` counts, also by taking the whole module, or by a name with escapes.
 */
const mayTrain = /\btrain|\*\s*as\b|\bimport\s*\(|\\u/;

/** The modules that a cell needs before it runs. Too many do no harm. */
export function neededModules(source: string): ModuleName[] {
  const names: ModuleName[] = [];
  if (/chainrule\/(draw|explain)/.test(source)) names.push("drawing");
  const trains = source.includes("chainrule") && mayTrain.test(source);
  if (trains || source.includes("chainrule/compile")) names.push("compiler");
  return names;
}

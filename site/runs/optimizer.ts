/** The optimizer of a run. Read setup.ts and src/optim.ts first. */

import { Adam, AdamW, type Optimizer, SGD, type Value } from "chainrule";
import { optimizerOptions, recipeFor } from "../../dist/recipes.js";
import { type Setup, taskOf } from "./setup.ts";

const optimizers = { sgd: SGD, momentum: SGD, nesterov: SGD, adam: Adam, adamw: AdamW };

/** The optimizer of a run, which has made no step yet. */
export function optimizerOf(setup: Setup, parameters: readonly Value[]): Optimizer {
  const { data, optimizer, rate } = setup;
  const recipe = recipeFor(data === "own" ? undefined : data, taskOf(setup), { optimizer, rate });
  return new optimizers[optimizer](parameters, optimizerOptions(recipe));
}

/**
 * Stands in the worker for what `train` has of the compiler, which comes when a cell is about to train.
 * Read compiler.ts and needed-modules.ts first.
 */

import type * as compiler from "./compiler.ts";
import { presentModule } from "./lazy-modules.ts";

// The module that kernel.mjs builds from compiler.ts, and no other.
const present = () => presentModule("compiler") as unknown as typeof compiler;

export const trainEpochs: typeof compiler.trainEpochs = (...given) =>
  present().trainEpochs(...given);

export const compile: typeof compiler.compile = (...given) => present().compile(...given);

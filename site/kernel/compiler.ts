/** The compiler, for the worker: for cells, and for `train`. Read lazy-modules.ts first. */

import { compile, openTeam } from "chainrule/compile";

export { trainEpochs } from "../../dist/compile/epochs.js";
export { compile };

/** What cells import. */
export const exports: typeof import("chainrule/compile") = { compile, openTeam };

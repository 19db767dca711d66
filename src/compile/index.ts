/** The entry point `chainrule/compile`: nothing but re-exports. */

export type { Mode, Path } from "./module.ts";
export { type CompileOptions, compile, type Loss, type Program } from "./program.ts";
export type { Rows } from "./rows.ts";
export type { ProgramProgress, ProgramTraining, ProgramTrainOptions } from "./training.ts";
export { openTeam, type Team, type TeamOptions, type Way } from "./workers.ts";

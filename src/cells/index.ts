/** The cells of lessons: the public API of `chainrule/cells`, nothing but re-exports. */

export { type Checkable, type Expect, exercise, Todo, todo } from "./exercise.ts";

/** The cells of lessons: the public API of `chainrule/cells`, nothing but re-exports. */

export { type Checkable, type Expect, exercise, Todo, todo } from "./exercise.ts";
export { inspect } from "./inspect.ts";
export type {
  ErrorOutput,
  Limits,
  MimeBundle,
  Output,
  ResultOutput,
  StreamOutput,
} from "./outputs.ts";
export {
  type Cell,
  type CellResult,
  createSession,
  type Exports,
  type Session,
  type SessionOptions,
} from "./session.ts";

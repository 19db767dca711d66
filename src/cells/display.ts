/** The value of a cell as a notebook shows it: a picture, or text. Read inspect.ts first. */

import { inspect, inspectSettled } from "./inspect.ts";
import type { MimeBundle } from "./outputs.ts";

const display = Symbol.for("Jupyter.display");

/**
 * What to show of a cell's value: what its `Symbol.for("Jupyter.display")` method says, or the text
 * that `console.log` would print, with quotes around strings.
 *
 * @returns undefined for undefined and null, which kernels do not show
 * @throws whatever a method of the value throws
 */
export async function displayOf(value: unknown): Promise<MimeBundle | undefined> {
  if (value === undefined || value === null) return undefined;
  const method: unknown = typeof value === "object" ? Reflect.get(value, display) : undefined;
  if (typeof method === "function") {
    const shown: unknown = await method.call(value);
    if (typeof shown === "object" && shown !== null) return { ...shown };
  }
  if (value instanceof Promise) return { "text/plain": await textOfPromise(value) };
  return { "text/plain": inspect(value) };
}

/** A program cannot look into a promise; it can ask whether it settles before another one. */
async function textOfPromise(promise: Promise<unknown>): Promise<string> {
  const pending = {};
  try {
    const first = await Promise.race([promise, Promise.resolve(pending)]);
    return first === pending ? inspect(promise) : inspectSettled(first, "");
  } catch (reason) {
    return inspectSettled(reason, "<rejected> ");
  }
}

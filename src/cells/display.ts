/** The value of a cell as a notebook shows it: a picture, or text. Read inspect.ts first. */

import { inspect, inspectSettled } from "./inspect.ts";
import type { MimeBundle } from "./outputs.ts";

const display = Symbol.for("Jupyter.display");
const race = Promise.race.bind(Promise); // kept, since a cell may declare a Promise of its own

/** What a value is shown as, found out while the built-ins are the original ones. */
export interface Shown {
  /** Asks the value itself, when it has a method for that. */
  readonly ask?: () => unknown;
  /** Its text, when it has none. */
  readonly text?: string;
  /** A promise, whose text depends on whether it is settled. */
  readonly promise?: Promise<unknown>;
}

/**
 * How to show a cell's value: by its `Symbol.for("Jupyter.display")` method, or as the text that
 * `console.log` would print, with quotes around strings.
 *
 * @returns undefined for undefined and null, which kernels do not show
 * @throws whatever a method of the value throws
 */
export function displayOf(value: unknown): Shown | undefined {
  if (value === undefined || value === null) return undefined;
  const method: unknown = typeof value === "object" ? Reflect.get(value, display) : undefined;
  if (typeof method === "function") return { ask: () => Reflect.apply(method, value, []) };
  if (value instanceof Promise) return { promise: value };
  return { text: inspect(value) };
}

/** @param run runs a function with the original built-ins */
export async function bundleOf(
  { ask, text, promise }: Shown,
  run: <T>(work: () => T) => T,
): Promise<MimeBundle> {
  if (text !== undefined) return { "text/plain": text };
  if (promise !== undefined) return { "text/plain": await textOfPromise(promise, run) };
  const bundle: unknown = await ask?.();
  if (typeof bundle === "object" && bundle !== null) return run(() => asJSON(bundle));
  return { "text/plain": run(() => inspect(bundle)) };
}

/** What a notebook's file can hold of a bundle. @throws TypeError for what has no end, and BigInts */
function asJSON(bundle: object): MimeBundle {
  const contents = Object.entries(bundle).map(([type, content]) => {
    const text = typeof content === "string" ? undefined : JSON.stringify(content);
    return [type, text === undefined ? content : JSON.parse(text)];
  });
  return Object.fromEntries(contents.filter(([, content]) => isJSON(content)));
}

const isJSON = (content: unknown) => !["undefined", "function", "symbol"].includes(typeof content);

/** A program cannot look into a promise; it can ask whether it settles before another one. */
async function textOfPromise(
  promise: Promise<unknown>,
  run: <T>(work: () => T) => T,
): Promise<string> {
  const pending = {};
  const settled = (async () => pending)();
  try {
    const first = await run(() => race([promise, settled]));
    return run(() => (first === pending ? inspect(promise) : inspectSettled(first, "")));
  } catch (reason) {
    return run(() => inspectSettled(reason, "<rejected> "));
  }
}

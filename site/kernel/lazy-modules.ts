/**
 * Modules that are too large to be handed to every worker: the page gives their text when a cell first
 * needs them. Read messages.ts first.
 */

import type { ModuleName } from "./messages.ts";

type Exports = Record<string, unknown>;

interface Request {
  readonly found: Promise<Exports>;
  readonly settle: (text: string | undefined) => void;
}

let ask = (_name: ModuleName): void => {};
let evaluate = (_text: string): Promise<Exports> => Promise.resolve({});
const requests: { [name in ModuleName]?: Request } = {};
const present: { [name in ModuleName]?: Exports } = {};

/**
 * Says how modules are asked for and evaluated.
 *
 * @param asking asks the page; the answer comes through {@link answerModule}
 */
export function useModules(asking: typeof ask, evaluating: typeof evaluate): void {
  ask = asking;
  evaluate = evaluating;
}

/** The page's answer: the module's text, or undefined if it could not get it. */
export function answerModule(name: ModuleName, text: string | undefined): void {
  requests[name]?.settle(text);
}

/** @throws Error if the page could not get the module; the next call asks again */
export function lazyModule(name: ModuleName): Promise<Exports> {
  const before = requests[name];
  if (before) return before.found;
  let settle: Request["settle"] = () => {};
  const text = new Promise<string | undefined>((resolve) => {
    settle = resolve;
  });
  const found = (async () => {
    const got = await text;
    if (got === undefined) {
      delete requests[name];
      throw missing(name);
    }
    const exports = await evaluate(got);
    present[name] = exports;
    return exports;
  })();
  requests[name] = { found, settle };
  ask(name);
  return found;
}

/**
 * A module that has come before.
 *
 * @throws Error if it has not
 */
export function presentModule(name: ModuleName): Exports {
  const exports = present[name];
  if (exports === undefined) throw missing(name);
  return exports;
}

const missing = (name: ModuleName) =>
  new Error(`${name}: the page could not load it; is there a connection?`);

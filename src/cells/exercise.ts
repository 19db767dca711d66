/**
 * Exercises that check themselves: a hole to fill, and the checks that say whether it is filled.
 * Nothing to read first.
 */

import { describe } from "../errors.ts";

/** What every world of cells has: a kernel, a page, a test. */
declare const console: { log(text: string): void };

/** What a hole throws until it is filled. */
export class Todo extends Error {
  override name = "Todo";
}

/**
 * The hole of an exercise: stands where the reader's code belongs, whatever type is wanted there.
 *
 * @param task what to write there, as a request: "return the slope of f at x"
 * @throws Todo always
 */
export function todo(task: string): never {
  throw new Todo(task);
}

/** What a check may compare. */
export type Checkable = number | string | boolean | null | undefined | readonly Checkable[];

/**
 * Compares what the reader's code gave with what is right. Numbers may differ by `tolerance`, or
 * by a billionth (of their size, if that is over 1) unless it is said; NaN equals NaN.
 */
export type Expect = (what: string, got: Checkable, wanted: Checkable, tolerance?: number) => void;

/** Ends the checks at the first one that fails. */
class Mismatch extends Error {}

/**
 * Runs the checks of an exercise and prints one line: ✓ and how many checks passed, or ✗, the
 * name of the exercise, and what is missing or wrong. It never throws, so that the cells below run
 * whether the exercise is done or not.
 *
 * @param name number and title, such as "1.2 The slope of a cube"
 * @param checks calls `expect` once for each check; the first that fails is the one reported
 */
export function exercise(name: string, checks: (expect: Expect) => void): void {
  let passed = 0;
  const expect: Expect = (what, got, wanted, tolerance) => {
    if (!matches(got, wanted, tolerance)) {
      throw new Mismatch(`${what}: expected ${show(wanted)}, got ${show(got)}`);
    }
    passed += 1;
  };
  try {
    const returned: unknown = checks(expect);
    if (returned instanceof Promise) {
      returned.catch(() => {});
      throw new Mismatch("the checks cannot be async; await what they need before");
    }
    if (passed === 0) throw new Mismatch("nothing was checked");
    console.log(`✓ Exercise ${name}: ${passed === 1 ? "1 check passes" : `${passed} checks pass`}`);
  } catch (error) {
    console.log(`✗ Exercise ${name}: ${reason(error)}`);
  }
}

let placeOf = (_stack: string): string => "";

/** @param find gives the cell and line of an error's stack, "cell 3, line 2", or "" */
export function findPlacesBy(find: (stack: string) => string): void {
  placeOf = find;
}

/** Why the checks ended, whatever was thrown: even a thing that throws when it is looked at. */
function reason(error: unknown): string {
  try {
    return describeReason(error);
  } catch {
    return "the code threw something that cannot be shown";
  }
}

function describeReason(error: unknown): string {
  if (error instanceof Todo) return `not done yet: ${error.message}`;
  if (error instanceof Mismatch) return error.message;
  if (!(error instanceof Error)) return describe(error);
  const place = placeOf(String(error.stack));
  return `${error.name}: ${error.message}${place === "" ? "" : ` (${place})`}`;
}

function matches(got: Checkable, wanted: Checkable, tolerance?: number): boolean {
  if (typeof wanted === "number" && typeof got === "number") {
    if (Object.is(got, wanted) || got === wanted) return true;
    const distance = Math.abs(got - wanted);
    if (distance === Infinity) return false; // from Infinity, a part of which is Infinity too
    return distance <= (tolerance ?? 1e-9 * Math.max(1, Math.abs(wanted)));
  }
  if (Array.isArray(wanted)) {
    if (!Array.isArray(got) || got.length !== wanted.length) return false;
    return [...wanted].every((item, i) => matches(got[i], item, tolerance)); // holes too
  }
  return got === wanted;
}

/** Most characters of a value that are shown. */
const LONGEST = 1000;

function show(thing: Checkable): string {
  const text = textOf(thing);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** A value as a line of text. A reader's code may give anything at all. */
function textOf(thing: unknown): string {
  if (Array.isArray(thing)) return `[${thing.map(textOf).join(", ")}]`;
  if (typeof thing === "string") return JSON.stringify(thing);
  if (typeof thing !== "object" || thing === null) {
    return typeof thing === "function" || typeof thing === "bigint"
      ? describe(thing)
      : String(thing);
  }
  // A Value where its number is wanted is the usual mistake, the reader's own class included.
  const { data } = thing as { data?: unknown };
  return describe(thing) + (typeof data === "number" ? ` (its .data is ${data})` : "");
}

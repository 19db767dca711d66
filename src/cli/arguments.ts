/**
 * The words of a command line: options with their values, and what to say about a wrong one.
 * Nothing needs to be read before.
 */

import { nearest, quote } from "../errors.ts";

/** The command line is wrong: one line on stderr, exit code 2. */
export class UsageError extends Error {}

/** The command line is right, but it cannot be done: one line on stderr, exit code 1. */
export class CommandError extends Error {}

/**
 * Takes `--name value`, `--name=value` and `--name` apart.
 *
 * @param placeholders for each option, what stands for its value in the help; "" if it takes none
 * @param lists those that may be given several times; what they are given is joined by commas
 * @returns the options that were given, as text; "" for those that take no value
 * @throws UsageError for an unknown option, a missing or superfluous value, a second one, or a
 * word that belongs to no option
 */
export function parseArguments(
  args: readonly string[],
  placeholders: Readonly<Record<string, string>>,
  lists: readonly string[] = [],
): Map<string, string> {
  const names = Object.keys(placeholders);
  const found = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (!arg.startsWith("-") || arg === "-") {
      // npm keeps options for itself unless they come after a -- of their own.
      const npm = process.env.npm_lifecycle_event === "train";
      const hint = npm ? "with npm, write npm run train -- --option" : "see --help";
      throw new UsageError(`expected options, which begin with --, got ${quote(arg)}; ${hint}`);
    }
    const equals = arg.indexOf("=");
    const option = arg === "-h" ? "--help" : equals < 0 ? arg : arg.slice(0, equals);
    const name = option.slice(2);
    if (!option.startsWith("--") || !names.includes(name)) {
      const near = nearest(name, names);
      const hint = near === undefined ? "see --help" : `did you mean --${near}?`;
      throw new UsageError(`expected an option, got ${quote(option)}; ${hint}`);
    }
    const before = found.get(name);
    if (before !== undefined && !lists.includes(name)) {
      throw new UsageError(`${option}: expected once, got it twice`);
    }

    const takesValue = placeholders[name] !== "";
    const expected = `expected a value (${placeholders[name]}) after it`;
    if (equals >= 0 && !takesValue) {
      throw new UsageError(`${option}: expected no value, got ${quote(arg.slice(equals + 1))}`);
    }
    let value = "";
    if (takesValue && equals >= 0) {
      value = arg.slice(equals + 1);
    } else if (takesValue) {
      i += 1;
      if (i === args.length) throw new UsageError(`${option}: ${expected}, got nothing`);
      // A negative number is a value (if perhaps a wrong one), and - is the standard input.
      if (/^-(?!$|[.\d])/.test(args[i])) {
        throw new UsageError(`${option}: ${expected}, got the option ${quote(args[i])}`);
      }
      value = args[i];
    }
    found.set(name, before === undefined ? value : `${before},${value}`);
  }
  return found;
}

/**
 * The number that a text is: decimal, finite, between two bounds.
 *
 * @param expected what to say instead of "a number …" if it is not
 * @throws UsageError otherwise
 */
export function numberFrom(text: string, option: string, least: number, most: number): number {
  const number = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most && Number.isFinite(number)) return number;
  const upwards = least === -Infinity ? "a finite number" : `a finite number of at least ${least}`;
  const range = most === Infinity ? upwards : `a number from ${least} to ${most}`;
  throw new UsageError(`--${option}: expected ${range}, got ${quote(text)}`);
}

/** The same for whole numbers, in digits alone. */
export function wholeFrom(text: string, option: string, least: number, most: number): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(
    `--${option}: expected a whole number from ${least} to ${most}, got ${quote(text)}`,
  );
}

/** The one of some names that a text is; if it is none, the message says the nearest. */
export function nameFrom<T extends string>(text: string, option: string, names: readonly T[]): T {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  const near = nearest(text, names);
  throw new UsageError(
    `--${option}: expected one of ${names.join(", ")}, got ${quote(text)}` +
      (near === undefined ? "" : `; did you mean ${near}?`),
  );
}

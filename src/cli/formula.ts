/**
 * The formula of a command line and the values of its names. Read expression.ts and arguments.ts
 * first.
 */

import { quote } from "../errors.ts";
import { type Expression, parseExpression } from "../expression.ts";
import type { Value } from "../value.ts";
import { numberFrom, parseArguments, UsageError } from "./arguments.ts";

/** A command line that begins with a formula. */
export interface FormulaLine {
  readonly formula: string;
  /** The options that were given, as text. */
  readonly given: ReadonlyMap<string, string>;
  /** @throws UsageError if a name has no value, two of them, or one that is no number */
  evaluate(): Value;
}

/**
 * Reads `FORMULA --NAME VALUE … --set NAME=VALUE … [options]`.
 *
 * @param placeholders the options of the command, `set` included; see {@link parseArguments}
 * @param lists those besides `set` that may be given several times
 * @throws UsageError if the command line is none of these
 */
export function readFormula(
  args: readonly string[],
  placeholders: Readonly<Record<string, string>>,
  lists: readonly string[] = [],
): FormulaLine {
  const [formula, ...rest] = args;
  if (formula === undefined || formula.startsWith("--")) {
    const got = formula === undefined ? "nothing" : quote(formula);
    throw new UsageError(`expected a formula such as "a*b + c" first, got ${got}; see --help`);
  }
  const expression = parse(formula);
  const names = expression.names.map((name) => [name, "VALUE"]);
  const known = Object.fromEntries([...names, ...Object.entries(placeholders)]);
  const given = parseArguments(rest, known, ["set", ...lists]);
  const isOption = (name: string) => Object.hasOwn(placeholders, name);
  return {
    formula,
    given,
    evaluate: () => expression.evaluate(valuesFor(expression.names, given, isOption)),
  };
}

/** @throws UsageError if the formula is none, since the command line is what has to be changed */
function parse(formula: string): Expression {
  try {
    return parseExpression(formula);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The value of each name, from the option of that name or from --set. */
function valuesFor(
  names: readonly string[],
  given: ReadonlyMap<string, string>,
  isOption: (name: string) => boolean,
): Record<string, number> {
  const number = (text: string, option: string) =>
    numberFrom(text.trim(), option, -Infinity, Infinity);
  const values = new Map<string, number>();
  for (const part of given.get("set")?.split(",") ?? []) {
    const [, name, text] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(part) ?? [];
    if (name === undefined || text === undefined) {
      throw new UsageError(`--set: expected NAME=VALUE, got ${quote(part)}`);
    }
    if (!names.includes(name)) {
      throw new UsageError(`--set: expected a name of the formula, got ${quote(name)}`);
    }
    if (values.has(name)) {
      throw new UsageError(`--set: expected ${quote(name)} once, got it twice`);
    }
    values.set(name, number(text, `set ${name}`));
  }
  for (const name of names) {
    const text = isOption(name) ? undefined : given.get(name);
    if (text !== undefined && values.has(name)) {
      throw new UsageError(`--${name}: expected one value, got another by --set`);
    }
    if (text !== undefined) values.set(name, number(text, name));
    if (!values.has(name)) {
      const option = isOption(name) ? `--set ${name}=VALUE` : `--${name} VALUE`;
      throw new UsageError(
        `expected a value for ${quote(name)} of the formula, ${option}; got none`,
      );
    }
  }
  return Object.fromEntries(values); // own properties, whatever they are called
}

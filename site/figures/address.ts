/**
 * What the address of figure.html asks for: `figure.html?L=(a*b%2Bc)*f&a=2&b=-3&c=10&f=-2&step=4`.
 * Read stepper-model.mjs first.
 */

import type { Part } from "./stepper-html.mjs";
import { beginning, FormulaError, numberOf, type State, Walk } from "./stepper-model.mjs";

export interface Wish extends State {
  readonly hide: readonly Part[];
  /** undefined: as the reader's system has it. */
  readonly theme: "light" | "dark" | undefined;
  /** Sentences about what could not be understood; the figure then is the usual one. */
  readonly problems: readonly string[];
}

/** Names that cannot be those of numbers. */
const reserved = ["L", "step", "theme", "hide"];
const parts: readonly Part[] = ["controls", "receipt", "list"];
const LONGEST = 4000;

/**
 * Reads the part of an address from "?" on.
 *
 * `L` is the formula, with or without "L =" before it; other names are those of its numbers (1 if left
 * out); `step` says how many steps have been taken; `theme` is light or dark; `hide` names parts to leave
 * out, with commas between them: controls, receipt, list. A plus sign may stand there as it is.
 */
export function readAddress(search: string): Wish {
  const problems: string[] = [];
  const asked = new URLSearchParams(search.length > LONGEST ? "" : search);
  if (search.length > LONGEST) {
    problems.push(`This address has more than ${LONGEST} characters.`);
  }
  const theme = (["light", "dark"] as const).find((name) => name === asked.get("theme"));
  if (theme === undefined && asked.has("theme")) problems.push("The theme is light or dark.");
  const words = (asked.get("hide") ?? "").split(",").filter((word) => word !== "");
  const hide = parts.filter((part) => words.includes(part));
  if (hide.length < new Set(words).size) {
    problems.push(`What can be hidden is ${parts.join(", ")}.`);
  }
  const state = problems.length === 0 ? readState(asked, search, problems) : undefined;
  return { ...(state ?? beginning), hide, theme, problems };
}

/** The formula, its numbers and the step; undefined after a problem. */
function readState(asked: URLSearchParams, search: string, problems: string[]): State | undefined {
  const given = asked.get("L");
  const others = [...asked.keys()].filter((name) => !reserved.includes(name));
  const step = asked.get("step");
  if (given === null && others.length === 0 && step === null) return beginning;
  let formula = given === null ? beginning.formula : withName(given);
  let walk: Walk;
  try {
    try {
      walk = new Walk(formula, {});
    } catch (error) {
      // Did somebody write + for a plus? In an address it stands for a space.
      const plain = new URLSearchParams(search.replaceAll("+", "%2B")).get("L");
      if (plain === null || plain === given) throw error;
      walk = new Walk(withName(plain), {});
      formula = withName(plain);
    }
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    problems.push(`The formula in this address cannot be read. ${error.message}`);
    return undefined;
  }
  const numbers = new Map<string, number>();
  for (const name of others) {
    const number = numberOf(asked.get(name) ?? "");
    if (!walk.names.includes(name)) {
      if (number !== undefined) problems.push(`There is no ${name} in the formula.`);
    } else if (number === undefined)
      problems.push(`Expected a number for ${name} in this address.`);
    else numbers.set(name, number);
  }
  const position = step === null ? walk.length : Number(/^\d+$/.test(step) ? step : -1);
  if (position < 0 || position > walk.length) {
    problems.push(`Expected a step from 0 to ${walk.length} in this address.`);
  }
  const values = { ...(given === null ? beginning.values : {}), ...Object.fromEntries(numbers) };
  return problems.length === 0 ? { formula, values, position } : undefined;
}

/** The formula with a name for its result. */
const withName = (formula: string): string =>
  formula.includes("=") ? formula : `L = ${formula.trim()}`;

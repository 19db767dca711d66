/**
 * What is in the address of sabotage.html: `?L=x*x&x=3&mistakes=assign`, or
 * `?net&seed=1337&step=20&mistakes=noZeroGrad`. Nothing to read first.
 */

import { type Mistake, sabotages } from "chainrule/explain";
import { FormulaError, MOST_NAMES, readFormula } from "./formula.ts";
import { STEPS } from "./limits.ts";

/** All that the reader can choose. */
export interface LabState {
  readonly view: "formula" | "net";
  readonly mistakes: ReadonlySet<Mistake>;
  /** The operation whose derivative is wrong; undefined: the one that suits. */
  readonly wrong: string | undefined;
  readonly formula: string;
  readonly values: Readonly<Record<string, number>>;
  /** From which the first weights are drawn. */
  readonly seed: number;
  /** At which step of the training the graph is shown. */
  readonly step: number;
}

/** What the page shows before it is touched: a value that is used twice, and an engine that does not add. */
export const beginning: LabState = {
  view: "formula",
  mistakes: new Set<Mistake>(["assign"]),
  wrong: undefined,
  formula: "h = x*w; L = tanh(h) + h*w",
  values: { x: 1, w: 0.5 },
  seed: 1337,
  step: 10,
};

const LONGEST = 4_000;
const HIGHEST_SEED = 2 ** 32 - 1;
const names = sabotages.map(({ name }) => name);
/** Flags of the page, which stay in the address. */
const flags = ["hide", "embed", "theme", "projector", "solutions"];
const reserved = ["L", "net", "mistakes", "wrong", "seed", "step", ...flags];

/** Reads the part of an address from "?" on; what cannot be understood is said and left out. */
export function readLab(search: string): { state: LabState; problems: string[] } {
  const problems: string[] = [];
  if (search.length > LONGEST) {
    return { state: beginning, problems: [`This address has more than ${LONGEST} characters.`] };
  }
  const asked = new URLSearchParams(search);
  const number = (name: string, most: number, otherwise: number): number => {
    const text = asked.get(name);
    if (text === null) return otherwise;
    const read = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (read <= most) return read;
    problems.push(`Expected ${name} to be a whole number from 0 to ${most} in this address.`);
    return otherwise;
  };
  const words = asked
    .get("mistakes")
    ?.split(",")
    .filter((word) => word !== "");
  const unknown = words?.filter((word) => !names.some((name) => name === word)) ?? [];
  if (unknown.length > 0) problems.push(`The mistakes in an address are ${names.join(", ")}.`);
  const mistakes = words && new Set(names.filter((name) => words.includes(name)));
  const given = asked.get("L");
  const state: LabState = {
    ...beginning,
    view: asked.has("net") ? "net" : "formula",
    mistakes: mistakes ?? beginning.mistakes,
    wrong: asked.get("wrong")?.slice(0, 40) || undefined,
    seed: number("seed", HIGHEST_SEED, beginning.seed),
    step: number("step", STEPS, beginning.step),
  };
  if (given === null) return { state, problems };
  try {
    const { names: own } = readFormula(given);
    return {
      state: { ...state, formula: given, values: valuesIn(asked, own, problems) },
      problems,
    };
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    problems.push(`The formula in this address cannot be read. ${error.message}`);
    return { state, problems };
  }
}

function valuesIn(asked: URLSearchParams, own: readonly string[], problems: string[]) {
  const values = new Map<string, number>();
  for (const [name, text] of [...asked].slice(0, MOST_NAMES + reserved.length)) {
    if (reserved.includes(name)) continue;
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!own.includes(name))
      problems.push("The address gives a number to a name that the formula lacks.");
    else if (!Number.isFinite(value))
      problems.push(`Expected a number for ${name} in this address.`);
    else values.set(name, value);
  }
  return Object.fromEntries(values);
}

/**
 * The part of the address from "?" on that leads to this state.
 *
 * @param present that of the present address, whose flags stay
 */
export function writeLab(state: LabState, present = ""): string {
  const { view, mistakes, wrong, formula, values, seed, step } = state;
  const parts: string[] = [];
  const add = (name: string, value: string | number) =>
    parts.push(`${encodeURIComponent(name)}=${readable(encodeURIComponent(value))}`);
  if (view === "net") {
    parts.push("net");
    add("seed", seed);
    add("step", step);
  } else {
    add("L", formula);
    for (const [name, value] of Object.entries(values)) add(name, value);
  }
  add("mistakes", [...mistakes].join(","));
  if (wrong !== undefined && mistakes.has("wrongDerivative")) add("wrong", wrong);
  for (const [name, value] of new URLSearchParams(present)) {
    if (flags.includes(name))
      parts.push(value === "" ? name : `${name}=${encodeURIComponent(value)}`);
  }
  return `?${parts.join("&")}`;
}

/** Letters that may stand in an address as they are. */
const readable = (text: string) =>
  text.replace(/%(?:2C|3B|3D|20|2F)/g, (code) => (code === "%20" ? "+" : decodeURIComponent(code)));

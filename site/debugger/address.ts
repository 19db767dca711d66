/**
 * Addresses of the debugger: each state of it is a link. Read formula.ts and ../runs/address.ts
 * first.
 *
 *     debugger.html?L=(a*b%2Bc)*f&a=2&b=-3&c=10&f=-2&step=6&node=a       a formula
 *     debugger.html#L=…                                                   a long formula
 *     debugger.html#run&data=moons&step=120&at=37&node=layers.0.neurons.1.weights.2    a run
 *     debugger.html#run&data=xor&at=37&point=3                            its third data point
 *     debugger.html#graph=…                                               a cell's graph
 */

import { beginning, computeFormula, FormulaError, numberOf } from "./formula.ts";
import { parts } from "./parts.mjs";

/** Where in a graph somebody looks. */
export interface Place {
  /** How many steps of the walk have been taken; undefined: all. */
  readonly position: number | undefined;
  /** The address of the selected node; undefined: none was chosen. */
  readonly node: string | undefined;
  /** Which of several data points is shown, counted from 0; undefined: the first. */
  readonly point?: number | undefined;
}

/** A formula that an address asks for. */
export interface FormulaAddress extends Place {
  readonly text: string;
  readonly values: ReadonlyMap<string, number>;
  /** Sentences about what could not be understood. */
  readonly problems: readonly string[];
}

/** Names of an address that are no names of a formula; "n.step" is the number called "step". */
const reserved = ["L", "step", "node", "hide", "theme", "embed", "projector", "solutions"];
const LONGEST = 40_000;
/** Servers refuse addresses that are longer; they do not see what stands after #. */
const LONGEST_SENT = 2_000;

export type Part = (typeof parts)[number];

/** What the flags of an address ask for, whatever it shows. */
export interface Flags {
  readonly hide: readonly Part[];
  /** Undefined: as the reader's system has it. */
  readonly theme: "light" | "dark" | undefined;
  readonly problems: readonly string[];
}

/** Reads `hide=controls,words` and `theme=dark` from the part of an address from "?" on. */
export function readFlags(search: string): Flags {
  const asked = new URLSearchParams(search.slice(0, LONGEST));
  const problems: string[] = [];
  const words = (asked.get("hide") ?? "").split(",").filter((word) => word !== "");
  const hide = parts.filter((part) => words.includes(part));
  if (hide.length < new Set(words).size) {
    problems.push(`What can be hidden is ${parts.join(", ")}.`);
  }
  const theme = (["light", "dark"] as const).find((name) => name === asked.get("theme"));
  if (theme === undefined && asked.has("theme")) problems.push("The theme is light or dark.");
  return { hide, theme, problems };
}

/**
 * Reads the part of an address from "?" on. A formula that cannot be read, and numbers that are
 * none, are told of; the usual formula takes their place.
 */
export function readFormulaAddress(search: string): FormulaAddress {
  const usual = { ...beginning, node: undefined };
  if (search.length > LONGEST) {
    return { ...usual, problems: [`This address has more than ${LONGEST} characters.`] };
  }
  const asked = new URLSearchParams(search);
  const given = asked.get("L");
  const isNumber = (name: string) => !reserved.includes(name);
  const names = [...asked.keys()].filter(isNumber);
  if (given === null && names.length === 0 && !asked.has("step") && !asked.has("node")) {
    return { ...usual, problems: [] };
  }
  const problems: string[] = [];
  const values = new Map(given === null ? beginning.values : []);
  const notNumbers = new Map<string, string>();
  for (const written of names) {
    const name = written.replace(/^n\./, "");
    const text = asked.get(written) ?? "";
    const number = numberOf(text);
    if (number === undefined) notNumbers.set(name, text);
    else values.set(name, number);
  }
  // Did somebody write + for a plus? In an address it stands for a space.
  const plain = new URLSearchParams(search.replaceAll("+", "%2B")).get("L");
  const candidates = given === null ? [beginning.text] : [given, plain ?? given];
  const { step, node } = readPlace(asked, problems);
  let problem: FormulaError | undefined;
  for (const candidate of candidates) {
    const text = withName(candidate);
    try {
      const formula = computeFormula(text, values);
      for (const name of values.keys()) {
        if (!formula.values.has(name)) problems.push(`There is no ${name} in the formula.`);
      }
      for (const [name, got] of notNumbers) {
        if (!formula.values.has(name)) continue; // whatever it is, it is not ours
        problems.push(`Expected a number for ${name} in this address, got "${got.slice(0, 40)}".`);
      }
      return { text, values: formula.values, position: step, node, problems };
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      problem ??= error;
    }
  }
  problems.push(`The formula in this address cannot be read. ${problem?.message}`);
  return { ...usual, problems };
}

/** What an address says of step and node. */
function readPlace(asked: URLSearchParams, problems: string[]) {
  const text = asked.get("step");
  const step = text !== null && /^\d{1,7}$/.test(text) ? Number(text) : undefined;
  if (text !== null && step === undefined) {
    problems.push(`Expected a step in this address, such as 6, got "${text.slice(0, 40)}".`);
  }
  return { step, node: asked.get("node") ?? undefined };
}

/** Where the formula stands in an address: after "?", and after "#" if it is long. */
export const formulaPart = (search: string, hash: string): string =>
  hash.startsWith("#L=") ? `?${hash.slice(1)}` : search;

/**
 * The part of a formula's address from "?" on, or from "#" on if it is long. `flags`: those of the present
 * address, which stay.
 */
export function writeFormulaAddress(
  { text, values }: Pick<FormulaAddress, "text" | "values">,
  { position, node }: Place,
  flags = "",
): string {
  const address = new URLSearchParams();
  address.set("L", text.replace(/^L\s*=\s*(?=[^=]+$)/, ""));
  for (const [name, number] of values) {
    address.set(reserved.includes(name) ? `n.${name}` : name, String(number));
  }
  if (position !== undefined) address.set("step", String(position));
  if (node !== undefined) address.set("node", node);
  const own = tidy(address);
  if (own.length > LONGEST_SENT) return `${flagsOf(flags)}#${own}`;
  for (const [name, value] of keptFlags(flags)) address.set(name, value);
  return `?${tidy(address)}`;
}

/** A run's fragment: what ../runs/address.ts writes of it, and the place in the graph. */
export const writeRunAddress = (run: string, place: Place): string =>
  `#run${run === "" ? "" : `&${run}`}${writePlace(place)}`;

/** The fragment of a cell's graph, with another place in it. */
export function writeGraphAddress(fragment: string, place: Place): string {
  const parts = fragment.split("&").filter((part) => !/^(at|node|point)=/.test(part));
  return parts.join("&") + writePlace(place);
}

function writePlace({ position, node, point = 0 }: Place): string {
  const place = new URLSearchParams();
  if (position !== undefined) place.set("at", String(position));
  if (node !== undefined) place.set("node", node);
  if (point > 0) place.set("point", String(point + 1)); // as readers count
  const text = tidy(place);
  return text === "" ? "" : `&${text}`;
}

/** Takes a run's fragment apart; undefined if the fragment is none. */
export function readRunFragment(
  fragment: string,
): { run: string; place: Place; problems: string[] } | undefined {
  if (!/^#run(&|$)/.test(fragment)) return undefined;
  const own = fragment.split("&").filter((part) => !/^(#run|(at|node|point)=.*)$/.test(part));
  return { run: own.join("&"), ...readPlaceInFragment(fragment) };
}

/** The place that a fragment such as "#run&data=xor&at=37&node=%232" names. */
export function readPlaceInFragment(fragment: string): { place: Place; problems: string[] } {
  const asked = new URLSearchParams(fragment.replace(/^#/, ""));
  const at = asked.get("at");
  const position = at !== null && /^\d{1,7}$/.test(at) ? Number(at) : undefined;
  const problems =
    at !== null && position === undefined
      ? [`Expected a step of the walk in this address, such as at=37, got "${at.slice(0, 40)}".`]
      : [];
  const shown = asked.get("point") ?? "";
  const point = /^[1-9]\d{0,5}$/.test(shown) ? Number(shown) - 1 : undefined;
  return { place: { position, node: asked.get("node") ?? undefined, point }, problems };
}

/** The flags of an address, which go along when the reader looks elsewhere. */
const keptFlags = (search: string): [string, string][] =>
  [...new URLSearchParams(search)].filter(([name]) =>
    ["hide", "theme", "embed", "projector", "solutions"].includes(name),
  );

/** The flags alone, from "?" on; "" if there are none. */
export function flagsOf(search: string): string {
  const flags = new URLSearchParams(keptFlags(search));
  return flags.size === 0 ? "" : `?${tidy(flags)}`;
}

/** Parentheses and commas may stand in an address as they are; a flag needs no "=". */
const tidy = (address: URLSearchParams): string =>
  address
    .toString()
    .replaceAll("%28", "(")
    .replaceAll("%29", ")")
    .replaceAll("%2C", ",")
    .replace(/=(?=&|$)/g, "");

/** The formula with a name for its result. */
const withName = (formula: string): string =>
  formula.includes("=") ? formula : `L = ${formula.trim()}`;

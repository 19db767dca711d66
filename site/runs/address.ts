/**
 * A moment of a run as a part of an address, and back: `data=moons&hidden=8,8&seed=7&step=250`. Read
 * setup.ts first.
 *
 * The names are those of the options of `chainrule train`. What is as in the preset is left out. Own
 * points and changes are packed.
 */

import {
  activationNames,
  checkEdits,
  checkSetup,
  type DataName,
  dataNames,
  type Edit,
  initializationNames,
  isDrawn,
  limits,
  lossNames,
  optimizerNames,
  presets,
  type RunState,
  rateFor,
  type Setup,
} from "./setup.ts";

/** What was read of an address. */
export interface ReadRun {
  readonly state: RunState;
  /** What of it could not be used and what was taken instead, a sentence for each thing. */
  readonly problems: readonly string[];
}

/** What packs and unpacks rows of numbers: few addresses need it. */
const rowsModule = () => import("./rows.ts");

/** An address without # or ?; more may be added to it with &, under other names. */
export async function writeRun({ setup, edits, step }: RunState): Promise<string> {
  const preset = presets[setup.data];
  const parts = [`data=${setup.data}`];
  for (const [name, { field, write }] of Object.entries(fields)) {
    const drawing = field === "points" || field === "noise" || field === "dataSeed";
    if (drawing && !isDrawn(setup.data)) continue;
    // The rate that goes without saying is that of the optimizer.
    const usual = field === "rate" ? rateFor(setup, setup.optimizer) : preset[field];
    const text = write(setup[field]);
    if (text !== write(usual)) parts.push(`${name}=${text}`);
  }
  if (setup.own !== undefined && setup.own !== preset.own) {
    const { packRows, rowOf } = await rowsModule();
    parts.push(`own=${await packRows(setup.own.map(rowOf))}`);
  }
  if (setup.weights !== undefined) {
    const { packRows } = await rowsModule();
    parts.push(`weights=${await packRows(setup.weights.map((weight) => [weight]))}`);
  }
  if (edits.length > 0) {
    const { editRow, packRows } = await rowsModule();
    parts.push(`changes=${await packRows(edits.map(editRow))}`);
  }
  if (step > 0) parts.push(`step=${step}`);
  return parts.join("&");
}

/** Reads what {@link writeRun} wrote, or anybody else: whatever it is, there is a run in the end. */
export async function readRun(text: string): Promise<ReadRun> {
  const given = new URLSearchParams(text.replace(/^[#?]/, ""));
  const problems: string[] = [];
  const data = dataOf(given.get("data"), problems);
  let setup: Setup = presets[data];

  // 1. What is a word or a number.
  for (const [name, { field, read, expected }] of Object.entries(fields)) {
    const word = given.get(name);
    if (word === null) continue;
    const value = read(word);
    if (value === undefined) problems.push(`${name}: expected ${expected}, got ${shown(word)}.`);
    else setup = { ...setup, [field]: value };
  }
  if (!given.has("rate")) setup = { ...setup, rate: rateFor(setup, setup.optimizer) };

  // 2. What is packed. Damaged changes leave a run without any.
  const hasRows = ["own", "weights", "changes"].some((name) => given.has(name));
  const packed = hasRows ? await rowsModule() : undefined;
  const rowsOf = (name: string) => packed?.unpackRows(given.get(name), name, problems);
  const own = data === "own" ? await rowsOf("own") : undefined;
  if (own !== undefined && packed) setup = { ...setup, own: own.map(packed.pointOf) };
  const weights = await rowsOf("weights");
  if (weights !== undefined) setup = { ...setup, weights: weights.map(([w]) => Number(w)) };
  setup = usable(setup, problems);
  const rows = await rowsOf("changes");
  const edits: readonly Edit[] = (packed && rows?.map(packed.editOf)) ?? [];
  const { right, problem } = checkEdits(setup, edits);
  if (problem !== undefined) {
    problems.push(`changes: ${problem}. ${right === 0 ? "None is" : `Only ${right} are`} made.`);
  }

  // 3. The moment.
  const word = given.get("step") ?? "0";
  const step = wholeFrom(word, 0, limits.steps);
  if (step === undefined) {
    problems.push(`step: expected a whole number from 0 to ${limits.steps}, got ${shown(word)}.`);
  }
  return { state: { setup, edits: edits.slice(0, right), step: step ?? 0 }, problems };
}

function dataOf(word: string | null, problems: string[]): DataName {
  const known = dataNames.find((name) => name === word);
  if (word !== null && known === undefined) {
    problems.push(`data: expected one of ${dataNames.join(", ")}, got ${shown(word)}.`);
  }
  return known ?? "even-odd";
}

/** The setup, or, if its parts do not go together, the preset of its data. */
function usable(setup: Setup, problems: string[]): Setup {
  const wrong = checkSetup(setup);
  if (wrong.length === 0) return setup;
  problems.push(...wrong, "So this begins with the usual settings of the data.");
  const preset = presets[setup.data];
  const withOwn = { ...preset, own: setup.own };
  return checkSetup(withOwn).length === 0 ? withOwn : preset;
}

// Words.

/** A part of a setup in an address. */
interface Field {
  readonly field: Exclude<keyof Setup, "data" | "own" | "weights">;
  readonly write: (value: unknown) => string;
  /** Undefined for what it cannot be. */
  readonly read: (word: string) => unknown;
  readonly expected: string;
}

const numberFrom = (word: string, least: number, most: number): number | undefined => {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word)) return undefined;
  const number = Number(word);
  return number >= least && number <= most ? number : undefined;
};

const wholeFrom = (word: string, least: number, most: number): number | undefined =>
  /^\d{1,16}$/.test(word) ? numberFrom(word, least, most) : undefined;

const wholeField = (field: Field["field"], least: number, most: number): Field => ({
  field,
  write: String,
  read: (word) => wholeFrom(word, least, most),
  expected: `a whole number from ${least} to ${most}`,
});

const numberText = (number: number): string => (Object.is(number, -0) ? "-0" : String(number));

const numberField = (field: Field["field"], most: number): Field => ({
  field,
  write: (value) => numberText(value as number), // of such a field
  read: (word) => numberFrom(word, 0, most),
  expected: `a number from 0 to ${most}`,
});

const nameField = (field: Field["field"], names: readonly string[]): Field => ({
  field,
  write: String,
  read: (word) => names.find((name) => name === word),
  expected: `one of ${names.join(", ")}`,
});

const fields: Readonly<Record<string, Field>> = {
  points: wholeField("points", 2, limits.points),
  noise: numberField("noise", limits.noise),
  "data-seed": wholeField("dataSeed", 0, limits.seed),
  "held-out": numberField("heldOut", limits.heldOut),
  hidden: {
    field: "hidden",
    write: (value) => (value as readonly number[]).join(",") || "none", // of this field
    read: hiddenFrom,
    expected: `up to ${limits.layers} sizes from 1 to ${limits.neurons}, such as 4,4, or none`,
  },
  activation: nameField("activation", activationNames),
  output: nameField("output", activationNames),
  init: nameField("init", initializationNames),
  loss: nameField("loss", lossNames),
  optimizer: nameField("optimizer", optimizerNames),
  rate: numberField("rate", limits.rate),
  seed: wholeField("seed", 0, limits.seed),
};

function hiddenFrom(word: string): number[] | undefined {
  if (word === "none") return [];
  const sizes = word
    .slice(0, 100)
    .split(",")
    .map((size) => wholeFrom(size, 1, limits.neurons));
  const known = sizes.filter((size) => size !== undefined);
  return known.length === sizes.length && known.length <= limits.layers ? known : undefined;
}

/** A word of an address in a sentence: not more of it than helps. */
function shown(word: string): string {
  const short = word.length > 40 ? `${word.slice(0, 40)}…` : word;
  return `"${short}"`;
}

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
  type DataPoint,
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

/** Bytes of points, of changes or of weights as text: for as many as there may be. */
const longestText = 300_000;

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
    parts.push(`own=${await packed(setup.own.map(rowOf))}`);
  }
  if (setup.weights !== undefined) {
    parts.push(`weights=${await packed(setup.weights.map((weight) => [weight]))}`);
  }
  if (edits.length > 0) parts.push(`changes=${await packed(edits.map(editRow))}`);
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
  const own = data === "own" ? await unpackRows(given.get("own"), "own", problems) : undefined;
  if (own !== undefined) setup = { ...setup, own: own.map(pointOf) };
  const weights = await unpackRows(given.get("weights"), "weights", problems);
  if (weights !== undefined) setup = { ...setup, weights: weights.map(([w]) => Number(w)) };
  setup = usable(setup, problems);
  const rows = await unpackRows(given.get("changes"), "changes", problems);
  const edits = rows?.map(editOf) ?? [];
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

// Rows of numbers.

type Row = readonly (number | string)[];

/** JSON, of which -0 comes back as such. */
function textOf(rows: readonly Row[]): string {
  const cells = (row: Row) =>
    row.map((cell) => (typeof cell === "number" ? numberText(cell) : JSON.stringify(cell)));
  return `[${rows.map((row) => `[${cells(row).join(",")}]`).join(",")}]`;
}

/** Rows for an address. What packs them is loaded only here: few addresses need it. */
async function packed(rows: readonly Row[]): Promise<string> {
  const { packText } = await import("../cells/share-link.ts");
  return packText(textOf(rows));
}

const rowOf = ({ x, target }: DataPoint): Row => [...x, target];

const pointOf = (row: Row): DataPoint => {
  const numbers = row.map((cell) => (typeof cell === "number" ? cell : Number.NaN));
  return { x: numbers.slice(0, -1), target: numbers.at(-1) ?? Number.NaN };
};

function editRow(edit: Edit): Row {
  const { at, kind } = edit;
  switch (kind) {
    case "rate":
      return [at, kind, edit.rate];
    case "add":
      return [at, kind, ...rowOf(edit.point)];
    case "move":
      return [at, kind, edit.index, ...rowOf(edit)];
    case "delete":
      return [at, kind, edit.index];
  }
}

/** Whatever the row is, an edit; checkEdits says what is wrong with it. */
function editOf([step, kind, ...rest]: Row): Edit {
  const at = typeof step === "number" ? step : Number.NaN;
  const number = typeof rest[0] === "number" ? rest[0] : Number.NaN;
  if (kind === "add") return { at, kind, point: pointOf(rest) };
  if (kind === "move") return { at, kind, index: number, ...pointOf(rest.slice(1)) };
  if (kind === "delete") return { at, kind, index: number };
  return { at, kind: "rate", rate: kind === "rate" ? number : Number.NaN };
}

/** Rows that were packed; undefined if there are none, or none that can be read. */
async function unpackRows(
  packed: string | null,
  name: string,
  problems: string[],
): Promise<Row[] | undefined> {
  if (packed === null) return undefined;
  try {
    if (packed.length > 2 * longestText) throw new RangeError("too long"); // packing makes texts shorter
    const { unpackText } = await import("../cells/share-link.ts");
    const rows: unknown = JSON.parse(await unpackText(packed, longestText));
    if (Array.isArray(rows) && rows.every(isRow)) return rows;
    problems.push(`${name}: expected rows of numbers, got something else. They are left out.`);
  } catch (error) {
    problems.push(
      error instanceof RangeError
        ? `${name}: there are more of them than an address may carry. They are left out.`
        : `${name}: this part of the address is damaged, perhaps cut off. It is left out.`,
    );
  }
  return undefined;
}

/** Is it a row, and not a long one? What is in it is looked at later. */
const isRow = (row: unknown): row is Row =>
  Array.isArray(row) &&
  row.length <= 4 + limits.inputs &&
  row.every((cell) => typeof cell === "number" || typeof cell === "string");

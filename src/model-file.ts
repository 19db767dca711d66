/**
 * Model files: a trained MLP as JSON text, and back again, to the bit. Read nn.ts first.
 *
 * A file comes from anywhere, so nothing in it is believed: every part is checked before it is
 * used, and what a part should have been is said with its place in the file. Text in, text out:
 * files on a disk are the concern of whoever calls.
 */

import { describe, expectCount, expectFinite, quote } from "./errors.ts";
import { type Activation, activations, MLP } from "./nn.ts";

/** The longest text that {@link parseModel} reads, in characters: 50 MB. */
export const LONGEST_MODEL_FILE = 50_000_000;

/** The most parameters that a model file may hold. */
export const MOST_PARAMETERS = 1_000_000;

/** How a model was trained once, as far as it is known. Numbers are finite. */
export interface TrainingRecord {
  /** The name of the data set. */
  readonly data?: string;
  /** How many points it had, held-out ones included. */
  readonly points?: number;
  readonly noise?: number;
  /** The share that was held out. */
  readonly heldOut?: number;
  /** How the weights began; left out if they came from a file. */
  readonly init?: string;
  readonly loss?: string;
  readonly optimizer?: string;
  readonly rate?: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly schedule?: string;
  /** How many examples made one step; left out if it was all of them. */
  readonly batch?: number;
  /** The epochs that were finished. */
  readonly epochs?: number;
  /** The loss before the first step. */
  readonly firstLoss?: number;
  /** The loss after the last step. */
  readonly lastLoss?: number;
}

/** What a model file says of a model beside its weights. */
export interface ModelHistory {
  /** The seed that its first weights came from. */
  readonly seed?: number;
  /** Its trainings, one after the other. */
  readonly training?: readonly TrainingRecord[];
}

/**
 * Writes a model down as JSON. The weights are in the order of `model.parameters()`, one neuron a
 * line, its bias last. The text begins and ends with a brace, so that no part of it, broken off
 * anywhere, is a model file.
 *
 *     { "format": "chainrule-model", "version": 1,
 *       "net": { "inputs": 3, "sizes": [4, 4, 1], "activation": "tanh", "output": "tanh" },
 *       "seed": 1337,
 *       "training": [{ "data": "even-odd", "loss": "meanSquaredError", … }],
 *       "weights": [0.235, …] }
 *
 * @throws TypeError or RangeError if a weight is not finite, if layers mix activations, or if the
 * history is not what it has to be
 */
export function formatModel(model: MLP, history: ModelHistory = {}): string {
  const where = "formatModel";
  if (!(model instanceof MLP)) {
    throw new TypeError(`${where}: expected an MLP, got ${describe(model)}`);
  }
  const lines: string[] = [];
  const neurons = model.layers.flatMap((layer) => layer.neurons);
  const places = neurons.reduce((n, neuron) => n + neuron.weights.length + 1, 0);
  if (model.parameters().length !== places) {
    throw new RangeError(
      `${where}: expected an MLP with ${places} parameters of its own, shared or added ones cannot ` +
        `be saved, got ${model.parameters().length}`,
    );
  }
  for (const [name, { data }] of model.namedParameters()) expectFinite(data, `${where}, ${name}`);
  for (const neuron of neurons) {
    const weights = [...neuron.weights, neuron.bias].map((weight) => numberText(weight.data));
    lines.push(`    ${weights.join(", ")}`);
  }
  if (model.parameters().length > MOST_PARAMETERS) {
    throw new RangeError(
      `${where}: expected at most ${MOST_PARAMETERS} parameters, got ${model.parameters().length}`,
    );
  }

  const seed =
    history.seed === undefined ? undefined : checkedWhole(history.seed, `${where}, seed`);
  const training = checkedTraining(history.training ?? [], `${where}, training`);
  const records = training.map((record) => `\n    ${objectText(record)}`);
  return [
    "{",
    '  "format": "chainrule-model",',
    '  "version": 1,',
    `  "net": ${objectText(netOf(model, where))},`,
    ...(seed === undefined ? [] : [`  "seed": ${seed},`]),
    `  "training": [${records.join(",")}${records.length > 0 ? "\n  " : ""}],`,
    '  "weights": [',
    lines.join(",\n"),
    "  ]",
    "}",
  ].join("\n");
}

/**
 * Reads what {@link formatModel} wrote: the same model to the bit, and its history.
 *
 * @throws Error that begins with `model file:` and names the place, for any other text; TypeError
 * if `text` is not a string
 */
export function parseModel(text: string): ModelHistory & { readonly model: MLP } {
  if (typeof text !== "string") {
    throw new TypeError(`parseModel: expected a text, got ${describe(text)}`);
  }
  if (text.length > LONGEST_MODEL_FILE) {
    throw new RangeError(
      `model file: expected at most ${LONGEST_MODEL_FILE} characters, got ${text.length}`,
    );
  }
  const file = parseJSON(text);
  if (!isObject(file)) throw new TypeError(`model file: expected an object, got ${describe(file)}`);
  if (own(file, "format") !== "chainrule-model") {
    throw new RangeError(
      `model file: format: expected "chainrule-model", got ${describe(own(file, "format"))}`,
    );
  }
  if (own(file, "version") !== 1) {
    throw new RangeError(`model file: version: expected 1, got ${describe(own(file, "version"))}`);
  }
  expectKeys(file, ["format", "version", "net", "seed", "training", "weights"], "model file");
  expectEveryKeyOnce(text, file);
  const net = checkedNet(own(file, "net"));
  const weights = checkedWeights(own(file, "weights"), net);
  const seed = Object.hasOwn(file, "seed")
    ? checkedWhole(file.seed, "model file: seed")
    : undefined;
  const training = checkedTraining(own(file, "training"), "model file: training");

  // Only now, with everything known to be right, is anything made of it.
  const { activation = "tanh", output } = net;
  const model = new MLP(net.inputs, net.sizes, { activation, output, init: "zero" });
  for (const [i, parameter] of model.parameters().entries()) parameter.data = weights[i];
  return seed === undefined ? { model, training } : { model, seed, training };
}

interface Net {
  readonly inputs: number;
  readonly sizes: readonly number[];
  /** Left out if there is no hidden layer. */
  readonly activation?: Activation;
  readonly output: Activation;
}

function netOf(model: MLP, where: string): Net {
  const inputs = model.layers[0].neurons[0].weights.length;
  const sizes = model.layers.map((layer) => layer.neurons.length);
  const used = model.layers.map((layer) => new Set(layer.neurons.map((n) => n.activation)));
  const output = used.pop()!; // an MLP has a layer
  const hidden = new Set(used.flatMap((names) => [...names]));
  if (output.size > 1 || hidden.size > 1) {
    throw new RangeError(
      `${where}: expected one activation for the hidden layers and one for the last, ` +
        `got ${[...hidden].join(", ")} and ${[...output].join(", ")}`,
    );
  }
  const [activation] = hidden;
  return activation === undefined
    ? { inputs, sizes, output: [...output][0] }
    : { inputs, sizes, activation, output: [...output][0] };
}

function checkedNet(net: unknown): Net {
  const where = "model file: net";
  if (!isObject(net)) throw new TypeError(`${where}: expected an object, got ${describe(net)}`);
  expectKeys(net, ["inputs", "sizes", "activation", "output"], where);
  const sizes = own(net, "sizes");
  if (!Array.isArray(sizes) || sizes.length === 0) {
    throw new TypeError(
      `${where}.sizes: expected an array with the size of each layer, got ${describe(sizes)}`,
    );
  }
  for (const [i, size] of sizes.entries()) expectCount(size, 1, `${where}.sizes[${i}]`);
  const inputs = expectCount(own(net, "inputs") as number, 1, `${where}.inputs`);
  const output = checkedActivation(own(net, "output"), `${where}.output`);
  if (sizes.length > 1) {
    const activation = checkedActivation(own(net, "activation"), `${where}.activation`);
    return { inputs, sizes, activation, output };
  }
  if (Object.hasOwn(net, "activation")) {
    throw new RangeError(
      `${where}.activation: expected none without a hidden layer, got ${describe(net.activation)}`,
    );
  }
  return { inputs, sizes, output };
}

function checkedActivation(name: unknown, where: string): Activation {
  const found = activations.find((activation) => activation === name);
  if (found !== undefined) return found;
  throw new RangeError(
    `${where}: expected one of ${activations.join(", ")}, got ${describe(name)}`,
  );
}

function checkedWeights(weights: unknown, { inputs, sizes }: Net): number[] {
  const where = "model file: weights";
  let expected = 0;
  for (const [i, size] of sizes.entries()) {
    expected += size * ((i === 0 ? inputs : sizes[i - 1]) + 1); // each neuron has a bias as well
  }
  if (expected > MOST_PARAMETERS) {
    throw new RangeError(
      `model file: net: expected at most ${MOST_PARAMETERS} parameters, got ${expected}`,
    );
  }
  if (!Array.isArray(weights)) {
    throw new TypeError(`${where}: expected an array, got ${describe(weights)}`);
  }
  for (const [i, weight] of weights.entries()) expectFinite(weight, `${where}[${i}]`);
  if (weights.length !== expected) {
    throw new RangeError(
      `${where}: expected ${expected} for this net, got ${weights.length} of them`,
    );
  }
  return weights;
}

const LONGEST_NAME = 200;

/** What each entry of a training record has to be. */
const recordKinds: Readonly<Record<keyof TrainingRecord, "text" | "number" | "count">> = {
  data: "text",
  points: "count",
  noise: "number",
  heldOut: "number",
  init: "text",
  loss: "text",
  optimizer: "text",
  rate: "number",
  momentum: "number",
  weightDecay: "number",
  schedule: "text",
  batch: "count",
  epochs: "count",
  firstLoss: "number",
  lastLoss: "number",
};

function checkedTraining(training: unknown, where: string): TrainingRecord[] {
  if (!Array.isArray(training)) {
    throw new TypeError(`${where}: expected an array, got ${describe(training)}`);
  }
  return training.map((record: unknown, i) => {
    const place = `${where}[${i}]`;
    if (!isObject(record)) {
      throw new TypeError(`${place}: expected an object, got ${describe(record)}`);
    }
    expectKeys(record, Object.keys(recordKinds), place);
    for (const [key, kind] of Object.entries(recordKinds)) {
      const entry = own(record, key);
      if (entry === undefined) continue;
      if (kind === "count") checkedWhole(entry, `${place}.${key}`);
      else if (kind === "number") expectFinite(entry as number, `${place}.${key}`);
      else if (typeof entry !== "string" || entry.length > LONGEST_NAME) {
        throw new TypeError(
          `${place}.${key}: expected a text of at most ${LONGEST_NAME} characters, ` +
            `got ${describe(entry)}`,
        );
      }
    }
    return record;
  });
}

function checkedWhole(number: unknown, where: string): number {
  return expectCount(number as number, 0, where, Number.MAX_SAFE_INTEGER);
}

// JSON.

/** Numbers that come back with the same bits; JSON's own writer loses the sign of -0. */
const numberText = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));

/** An object of texts, numbers and arrays of numbers on one line, undefined entries left out. */
function objectText(record: object): string {
  const entries = Object.entries(record).filter(([, entry]) => entry !== undefined);
  const texts = entries.map(([key, entry]) => {
    if (Array.isArray(entry)) return `"${key}": [${entry.map(numberText).join(", ")}]`;
    return `"${key}": ${typeof entry === "number" ? numberText(entry) : JSON.stringify(entry)}`;
  });
  return texts.length === 0 ? "{}" : `{ ${texts.join(", ")} }`;
}

type JSONObject = Record<string, unknown>;

const isObject = (thing: unknown): thing is JSONObject =>
  typeof thing === "object" && thing !== null && !Array.isArray(thing);

/** An entry of the object itself, never one that all objects have, such as `constructor`. */
const own = (object: JSONObject, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;

function expectKeys(object: JSONObject, known: readonly string[], where: string): void {
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new RangeError(`${where}: expected the keys ${known.join(", ")}, got ${quote(unknown)}`);
  }
}

function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Engines say it differently, and not all of them say where.
    const message = error instanceof Error ? error.message : "";
    const position = /position (\d+)/.exec(message);
    const end = position === null ? text.length : Number(position[1]);
    const line = text.slice(0, end).split("\n").length;
    if (text.trim() === "") throw new Error("model file: expected JSON, got an empty text");
    if (end >= text.trimEnd().length && !message.includes("not valid JSON")) {
      throw new Error(`model file: line ${line}: expected more, got the end of the text`);
    }
    const place = position === null ? "" : ` line ${line}:`;
    throw new Error(`model file:${place} expected JSON, got ${quote(message)}`);
  }
}

/** JSON.parse silently takes the last of two entries with the same key; here it is a mistake. */
function expectEveryKeyOnce(text: string, file: JSONObject): void {
  const counts = new Map<string, number>();
  const count = (key: string, by: number) => counts.set(key, (counts.get(key) ?? 0) + by);
  for (const key of keysIn(text)) count(key, 1);
  const waiting: unknown[] = [file];
  for (let thing = waiting.pop(); thing !== undefined; thing = waiting.pop()) {
    if (isObject(thing)) for (const key of Object.keys(thing)) count(key, -1);
    if (typeof thing === "object" && thing !== null) {
      for (const part of Object.values(thing)) if (typeof part === "object") waiting.push(part);
    }
  }
  for (const [key, more] of counts) {
    if (more !== 0) {
      throw new Error(`model file: expected the key ${quote(key)} once, got it ${more + 1} times`);
    }
  }
}

/** The keys of all objects in a JSON text: the strings that a colon follows. */
function* keysIn(text: string): Generator<string> {
  for (let start = text.indexOf('"'); start >= 0; start = text.indexOf('"', start)) {
    let end = start + 1;
    while (text[end] !== '"') end += text[end] === "\\" ? 2 : 1; // there is one: it was parsed
    let after = end + 1;
    while (/\s/.test(text[after])) after += 1;
    if (text[after] === ":") yield JSON.parse(text.slice(start, end + 1));
    start = end + 1;
  }
}

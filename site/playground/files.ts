/**
 * What leaves the playground and comes back: points as CSV, the network as a model file, pictures. Each
 * picture carries the address of its run, so that it, too, can be opened again. Loaded when it is asked
 * for. Read ../runs/setup.ts first.
 */

import { type DataSet, formatCSV, formatModel, graphOf, parseCSV, parseModel } from "chainrule";
import { boundaryChart, functionChart, toDot } from "chainrule/draw";
import type { Snapshot } from "../runs/client.ts";
import { momentOf, networkOf } from "../runs/graph.ts";
import { type DataPoint, limits, type Setup } from "../runs/setup.ts";

/** Larger files are not read: nothing that the playground can hold takes so much. */
export const largestFile = 2_000_000;

/** What was in a text that came in. */
export type Incoming =
  | { readonly kind: "points"; readonly points: readonly DataPoint[]; readonly said: string }
  | {
      readonly kind: "model";
      readonly inputs: number;
      readonly net: Pick<Setup, "hidden" | "activation" | "output">;
      readonly weights: readonly number[];
      /** The name of the data it was trained on, if the file says so. */
      readonly data: string | undefined;
    }
  | { readonly kind: "run"; readonly address: string };

/**
 * Reads a text: a model file, a picture that was saved here, or CSV.
 *
 * @throws Error with a sentence: where, what was expected, what came
 */
export function readIncoming(text: string): Incoming {
  if (text.length > largestFile) {
    throw new Error(`Expected at most ${largestFile} characters, got ${text.length}.`);
  }
  const trimmed = text.replace(/^\ufeff/, "").trimStart();
  if (trimmed.startsWith("{")) return modelIn(text);
  if (/^(<|\/\/|(di)?graph\b)/.test(trimmed)) {
    const address = runMark.exec(text)?.[1];
    if (address !== undefined) return { kind: "run", address: address.replaceAll("&amp;", "&") };
    throw new Error(
      "Expected a picture that was saved on this page, which carries the address of its run; got one without.",
    );
  }
  return pointsIn(text);
}

/** Before the address of a run in a picture. An address has no spaces, quotes or angle brackets. */
const mark = "chainrule-run:";
const runMark = /chainrule-run:([\w.~%&=,;:+*()!'$@/?-]+)/;

/** @throws Error */
function pointsIn(text: string): Incoming {
  let data: DataSet;
  try {
    data = parseCSV(text);
    // Whole numbers that only look like classes; the playground's networks have one output.
    if (data.task === "classes" && data.classes !== 2)
      data = parseCSV(text, { task: "regression" });
  } catch (error) {
    throw new Error(sentence(error, /^parseCSV(, |: )?/, "The CSV, "));
  }
  const [first = []] = data.inputs;
  if (first.length > 3) {
    throw new Error(
      `The CSV, line 1: expected 2 to 4 columns (1 to 3 inputs, then the target), got ${first.length + 1}.`,
    );
  }
  if (data.inputs.length > limits.points) {
    throw new Error(
      `The CSV: expected at most ${limits.points} points, got ${data.inputs.length}.`,
    );
  }
  const isZeroOrOne = data.task === "classes";
  const points = data.inputs.map((x, i) => {
    const target = data.targets[i]?.[0] ?? Number.NaN; // there is one: it was read
    return { x, target: isZeroOrOne ? 2 * target - 1 : target };
  });
  const count = points.length === 1 ? "1 point" : `${points.length} points`;
  const inputs = first.length === 1 ? "1 input" : `${first.length} inputs`;
  const note = isZeroOrOne ? " The targets 0 and 1 are −1 and 1 here." : "";
  return { kind: "points", points, said: `Read ${count} with ${inputs}.${note}` };
}

/** @throws Error */
function modelIn(text: string): Incoming {
  try {
    const { model, training = [] } = parseModel(text);
    const { layers } = model;
    const last = layers.at(-1);
    const [output] = last?.neurons ?? [];
    if (last === undefined || output === undefined || last.neurons.length !== 1) {
      const got = last?.neurons.length ?? 0;
      throw new Error(`model file: net.sizes: expected 1 neuron in the last layer, got ${got}`);
    }
    const hidden = layers.slice(0, -1);
    return {
      kind: "model",
      inputs: layers[0]?.neurons[0]?.weights.length ?? 0,
      net: {
        hidden: hidden.map(({ neurons }) => neurons.length),
        activation: hidden[0]?.neurons[0]?.activation ?? "tanh",
        output: output.activation,
      },
      weights: model.parameters().map(({ data }) => data),
      data: training.at(-1)?.data,
    };
  } catch (error) {
    throw new Error(sentence(error, /^model file(, |: )?/, "The model file: "));
  }
}

/** An error's message as a sentence of the page. */
function sentence(error: unknown, before: RegExp, instead: string): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${message.replace(before, instead)}.`.replace(/\.\.$/, ".");
}

// What goes out.

/** Points as CSV; the held-out ones after the others. */
export function csvOf(data: DataSet, heldOut: DataSet | undefined): string {
  const inputs = [...data.inputs, ...(heldOut?.inputs ?? [])];
  const targets = [...data.targets, ...(heldOut?.targets ?? [])];
  return formatCSV({ ...data, inputs, targets });
}

/** The network of a moment as a model file, with what is known of its training. */
export function modelFile(now: Snapshot): string {
  const { state, step, rate, losses, weights } = now;
  const { data, noise, heldOut, init, loss, optimizer, seed } = state.setup;
  const points = now.data.inputs.length + (now.heldOut?.inputs.length ?? 0);
  const record = { data, points, noise, heldOut, init, loss, optimizer, rate, epochs: step };
  const measured = { firstLoss: losses[0], lastLoss: losses[step] };
  const model = networkOf({ ...state.setup, weights: [...weights] });
  return formatModel(model, { seed, training: [{ ...record, ...measured }] });
}

/** What a picture of the plane shows: for three inputs a slice. */
export interface Slice {
  readonly across: number;
  readonly up: number;
  readonly held: readonly number[];
}

/** The plane with the boundary and the points as SVG. */
export function planePicture(
  predict: (x: readonly number[]) => number,
  data: DataSet,
  slice: Slice,
  title: string,
  address: string,
): string {
  const size = { width: 560, height: 480 };
  if (slice.held.length === 1) {
    const points = data.inputs.map((x, i): [number, number] => [x[0], data.targets[i][0]]);
    const along = points.map(([x]) => x);
    const [low, high] = [Math.min(...along), Math.max(...along)];
    const room = low < high ? (high - low) / 10 : 1;
    const range = { from: low - room, to: high + room };
    const options = { ...range, ...size, points, title };
    return marked(
      functionChart((x) => predict([x]), options),
      address,
    );
  }
  const { across, up, held } = slice;
  const inputs = data.inputs.map((x) => [x[across], x[up]]);
  const at = ([x, y]: [number, number]) => {
    const place = [...held];
    place[across] = x;
    place[up] = y;
    return predict(place);
  };
  return marked(boundaryChart(at, { inputs, targets: data.targets }, { ...size, title }), address);
}

/** A picture with the address of its run inside. */
export const marked = (svg: string, address: string): string =>
  svg.replace(/<\/svg>\s*$/, `<metadata>${mark}${escapedXML(address)}</metadata></svg>`);

/** Graphviz lays out no larger graphs in sensible time; toDot refuses them. */
const mostNodes = 2_000;

/** The graph as DOT, with the address of its run in a comment; a large one of the first point only. */
export function dotOf(
  { state, data, weights, step }: Snapshot,
  address: string,
): { readonly text: string; readonly note: string } {
  const start = `// ${mark}${address}\n`;
  // Each weight makes a node of each point: what is too large for sure is not even built.
  if (weights.length * data.inputs.length <= mostNodes) {
    const { loss } = momentOf(state.setup, data, weights);
    loss.backward();
    if (graphOf(loss).length <= mostNodes) {
      return { text: start + toDot(loss, { title: `The loss after ${step} steps` }), note: "" };
    }
  }
  const [x = []] = data.inputs;
  const [output] = networkOf({ ...state.setup, weights: [...weights] }).forward(x);
  const title = `What the network makes of point 1 after ${step} steps`;
  const options = { title, gradients: false };
  const note =
    "Saved graph.dot. The graph of all points is too large for DOT: it is that of the first point.";
  return { text: start + toDot(output === undefined ? [] : output, options), note };
}

const escapedXML = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Gives the reader a file. */
export function save(name: string, type: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser has read it by then
}

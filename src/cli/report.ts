/**
 * What `chainrule train` tells of a training, in lines of text and as JSON. Read src/train.ts,
 * terminal.ts and chart.ts first.
 */

import type { DataSet, Task } from "../data.ts";
import { softmax } from "../functions.ts";
import type { TrainingRecord } from "../model-file.ts";
import type { MLP } from "../nn.ts";
import type { Recipe } from "../recipes.ts";
import { accuracy, type Training } from "../train.ts";
import { lossChart } from "./chart.ts";
import { oneLine, paint, type Screen, wrap } from "./terminal.ts";

/** What is trained, on what, and how. */
export interface Setting {
  readonly model: MLP;
  readonly data: DataSet;
  readonly heldOut: DataSet | undefined;
  readonly recipe: Recipe;
  readonly seed: number;
}

/** What came of it. */
export interface Told extends Setting {
  readonly training: Training;
  readonly settings: TrainingRecord;
}

/** Everything there is to tell afterwards. */
export interface Story extends Told {
  /** The file that the model was saved to. */
  readonly saved: string | undefined;
  /** The file that the page of --report was written to. */
  readonly report: string | undefined;
}

// Before and during the training.

/** What is about to be trained, on what, and how. */
export function headline(screen: Screen, setting: Setting): string[] {
  const { model, data, heldOut, recipe, seed } = setting;
  const hidden = model.layers.length > 1 ? recipe.activation : recipe.output;
  const activations = hidden === recipe.output ? hidden : `${hidden}, output ${recipe.output}`;
  const parameters = count(model.parameters().length, "parameter");
  const held = heldOut === undefined ? "" : `, ${heldOut.inputs.length} more held out`;
  const network =
    `${shapeOf(model)} network (${activations}, ${parameters}, seed ${seed}) on ` +
    `${oneLine(data.name)} (${count(data.inputs.length, "point")}${held})`;
  if (recipe.epochs === 0) return wrap(`Measuring a ${network}: ${recipe.loss}.`, screen.columns);

  const batch = Math.min(recipe.batch ?? Infinity, data.inputs.length);
  const step = batch < data.inputs.length ? `${count(batch, "point")} a step` : "full batch";
  const schedule = recipe.schedule === "constant" ? "" : ` (${recipe.schedule})`;
  const training =
    `${recipe.loss}, ${recipe.optimizer} at rate ${recipe.rate}${schedule}, ${step}, ` +
    `${count(recipe.epochs, "epoch")}.`;
  return wrap(`Training a ${network}: ${training}`, screen.columns);
}

/** The line that is rewritten while training goes on. */
export function progressLine(screen: Screen, done: number, epochs: number, loss: number): string {
  const text = `epoch ${String(done).padStart(String(epochs).length)} of ${epochs}`;
  const figures = done === 0 ? "" : `  loss ${short(loss)}`;
  const room = Math.min(screen.columns - text.length - figures.length - 3, 30);
  if (room < 8) return `${text}${figures}`.slice(0, screen.columns - 1);
  const full = Math.min(Math.floor((done / epochs) * room), room);
  const [filled, empty] = screen.unicode ? ["━", "─"] : ["#", "."];
  const bar =
    paint(screen, "green", filled.repeat(full)) + paint(screen, "dim", empty.repeat(room - full));
  return `${text}  ${bar}${figures}`;
}

// After the training.

/**
 * The curve, the predictions, the losses, and what was learned; empty lines between them.
 *
 * @param signal the signal that ended the training, if one did
 */
export function summary(screen: Screen, story: Story, signal: string | undefined): string[] {
  const { training, saved, report } = story;
  const chart = lossChart(screen, curve(training), heldOutCurve(training));
  const words = [resultLine(screen, story), verdict(story)].filter((text) => text !== "");
  if (signal !== undefined) words.push(`Stopped by ${signal === "SIGINT" ? "Ctrl-C" : signal}.`);
  if (saved !== undefined) words.push(`Saved to ${oneLine(saved)}.`);
  if (report !== undefined) words.push(`Report in ${oneLine(report)}.`);
  const parts = [
    chart,
    predictionTable(screen, story),
    words.flatMap((text) => wrap(text, screen.columns)),
  ];
  return parts.filter((part) => part.length > 0).flatMap((part) => ["", ...part]);
}

/** The first and the last loss, in one line. */
export function resultLine(screen: Screen, { training, recipe }: Told): string {
  const { losses, loss, heldOutLoss, epochs } = training;
  const held = heldOutLoss === undefined ? "" : ` (held out ${short(heldOutLoss)})`;
  if (recipe.epochs === 0) return `Loss ${short(loss)}${held}.`;
  const arrow = screen.unicode ? "→" : "->";
  const first = losses.length > 0 ? `${short(losses[0])} ${arrow} ` : "";
  const done =
    epochs < recipe.epochs ? `${epochs} of ${recipe.epochs} epochs` : count(epochs, "epoch");
  const grew = loss > losses[0] ? " It grew: a smaller --rate may help." : "";
  return `Loss ${first}${short(loss)}${held} in ${done}.${grew}`;
}

/** The losses of all epochs and, if none was broken off, that of the trained network. */
export function curve({ losses, loss, epochs }: Training): number[] {
  return losses.length === epochs ? [...losses, loss] : losses;
}

export function heldOutCurve({ heldOutLosses, heldOutLoss, epochs }: Training): number[] {
  if (heldOutLoss === undefined) return [];
  return heldOutLosses.length === epochs ? [...heldOutLosses, heldOutLoss] : heldOutLosses;
}

const LATTICE = "[-3..5]^3";

/** What can honestly be said about what was learned. */
export function verdict({ model, data, heldOut }: Told): string {
  if (data.task === "regression") return "";
  const right = rightOf(model, data);
  if (heldOut !== undefined) return `${right} right; held out: ${rightOf(model, heldOut)}.`;
  const parity = latticeAccuracy(model, data);
  if (parity === undefined)
    return `${right} right. None were held out to see how it does on others.`;
  const seen = data.name === "cube" ? "the eight corners" : "four points";
  const learned = accuracy(model, data) < 1 ? `${right} right` : `It memorised ${seen}`;
  return (
    `${learned}: its accuracy against the true parity is ${percent(parity)} on the ` +
    `729 lattice points ${LATTICE}, where guessing gets about half.`
  );
}

/** For example: 98 of 100 points (98 %). */
function rightOf(model: MLP, data: DataSet): string {
  const share = accuracy(model, data);
  const all = data.inputs.length;
  return `${Math.round(share * all)} of ${count(all, "point")} (${percent(share)})`;
}

/**
 * Does the network know what is even, or only what it was shown? The share of the whole numbers
 * [-3..5]^3 whose true parity it tells; undefined if the data is not about parity.
 */
export function latticeAccuracy(model: MLP, data: DataSet): number | undefined {
  if (data.name !== "even-odd" && data.name !== "cube") return undefined;
  const inputs: number[][] = [];
  for (let x = -3; x <= 5; x++) {
    for (let y = -3; y <= 5; y++) {
      for (let z = -3; z <= 5; z++) inputs.push([x, y, z]);
    }
  }
  const targets = inputs.map(([x, y, z]) => [(x + y + z) % 2 === 0 ? 1 : -1]);
  return accuracy(model, { name: "lattice", task: "sign", inputs, targets });
}

const ROWS = 8; // points that the table shows

/** Targets beside predictions, for the first points. */
function predictionTable(screen: Screen, { model, data, recipe }: Story): string[] {
  const shares = recipe.loss === "crossEntropy";
  const points = data.inputs.slice(0, ROWS).map((x, i) => {
    const outputs = model.predict(x);
    const [first] = data.targets[i];
    const answer = shares ? mostLikely(outputs) : outputs.map(decimal).join(" ");
    const wrong = data.task !== "regression" && !rightAnswer(outputs, first, data.task);
    return {
      x: x.map(tidy),
      target: data.targets[i].map(tidy).join(" "),
      answer,
      wrong,
    };
  });

  // As many inputs as there is room for, with a column for a mark at the end.
  const target = widest(["target", ...points.map((point) => point.target)]);
  const answer = widest(["prediction", ...points.map((point) => point.answer)]);
  const cell = widest(points.flatMap((point) => point.x));
  const room = screen.columns - (2 + target) - (2 + answer) - 3;
  const shown = Math.max(0, Math.min(data.inputs[0].length, Math.floor(room / (2 + cell))));
  const cut = shown > 0 && shown < data.inputs[0].length;
  const inputs = shown === 0 ? 0 : Math.max(shown * (2 + cell), "  inputs".length) + (cut ? 3 : 0);

  const gap = shown === 0 ? 0 : 2;
  const title = shown === 0 ? "" : "inputs".padStart(inputs);
  const header = title + "target".padStart(gap + target) + "prediction".padStart(2 + answer);
  const lines = points.map((point) => {
    const cells = point.x.slice(0, shown).map((x) => x.padStart(2 + cell));
    const left = `${cells.join("")}${cut ? " .." : ""}`.padStart(inputs);
    const right = point.target.padStart(gap + target) + point.answer.padStart(2 + answer);
    const mark = screen.unicode ? " ✗" : " x";
    return left + (point.wrong ? paint(screen, "red", right + mark) : right);
  });
  const more = data.inputs.length - points.length;
  const rest = more > 0 ? [paint(screen, "dim", `  and ${count(more, "more point")}`)] : [];
  return [paint(screen, "dim", header), ...lines, ...rest];
}

/** Is it the class that the target says? The largest output, or the side of 0, is the answer. */
export function rightAnswer(outputs: readonly number[], target: number, task: Task): boolean {
  return task === "classes" ? largest(outputs) === target : outputs[0] > 0 === target > 0;
}

/** The class with the largest output, and the probability that softmax gives it. */
function mostLikely(outputs: number[]): string {
  const best = largest(outputs);
  return `${best} (${Math.round(100 * softmax(outputs)[best].data)} %)`;
}

const largest = (outputs: readonly number[]): number =>
  outputs.reduce((best, output, i) => (output > outputs[best] ? i : best), 0);

/**
 * The document of --json. It has no time and no place in it, so equal trainings give equal
 * documents; a number that is not finite is null, as JSON has none.
 */
export function documentOf(story: Story): object {
  const { model, data, heldOut, recipe, seed, training, settings, saved, report } = story;
  const { losses, heldOutLosses, loss, heldOutLoss, epochs, stopped, problem, engine } = training;
  const scored = data.task !== "regression";
  return {
    data: {
      name: data.name,
      task: data.task,
      points: data.inputs.length,
      heldOut: heldOut?.inputs.length ?? 0,
    },
    net: {
      inputs: model.layers[0].neurons[0].weights.length,
      sizes: model.layers.map((layer) => layer.neurons.length),
      activation: model.layers.length > 1 ? recipe.activation : undefined,
      output: recipe.output,
      parameters: model.parameters().length,
    },
    seed,
    settings: { ...settings, epochs: recipe.epochs },
    engine,
    epochs,
    stopped,
    problem,
    firstLoss: losses[0] ?? loss,
    lastLoss: loss,
    heldOutLoss,
    accuracy: scored ? accuracy(model, data) : undefined,
    heldOutAccuracy: scored && heldOut !== undefined ? accuracy(model, heldOut) : undefined,
    latticeAccuracy: latticeAccuracy(model, data),
    saved,
    report,
    losses,
    heldOutLosses: heldOut === undefined ? undefined : heldOutLosses,
    inputs: data.inputs,
    targets: data.targets,
    predictions: data.inputs.map((x) => model.predict(x)),
  };
}

// Words and numbers.

/** 3-4-4-1: the sizes of a network, its inputs first. */
function shapeOf(model: MLP): string {
  const inputs = model.layers[0].neurons[0].weights.length;
  return [inputs, ...model.layers.map((layer) => layer.neurons.length)].join("-");
}

/** A number with four digits. */
const short = (x: number): string => String(Number(x.toPrecision(4)));

/** A number with four decimals, or, if it is large, in powers of ten. */
const decimal = (x: number): string => (Math.abs(x) < 1e6 ? x.toFixed(4) : x.toExponential(3));

/** An input or a target, without digits that nobody reads. */
const tidy = (x: number): string =>
  Math.abs(x) < 1e6 && (x === 0 || Math.abs(x) >= 1e-3)
    ? String(Number(x.toFixed(3)))
    : x.toExponential(2);

const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;

export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

const widest = (texts: string[]): number =>
  texts.reduce((most, text) => Math.max(most, text.length), 0);

/**
 * `chainrule train`: trains a network and tells how it went. Read train-options.ts, train-recipe.ts
 * and report.ts first.
 */

import { quote } from "../errors.ts";
import {
  formatModel,
  LONGEST_MODEL_FILE,
  type ModelHistory,
  parseModel,
  type TrainingRecord,
} from "../model-file.ts";
import type { MLP } from "../nn.ts";
import { pythonRandom } from "../random.ts";
import { type Recipe, recipeFor, usesMomentum } from "../recipes.ts";
import { type Training, trainInSlices } from "../train.ts";
import { CommandError, UsageError } from "./arguments.ts";
import { expectWritable, readText, writeWhole } from "./files.ts";
import {
  documentOf,
  headline,
  progressLine,
  resultLine,
  type Setting,
  summary,
  type Told,
} from "./report.ts";
import { lookAtScreen, outputClosed, print, rewriteLine, type Screen } from "./terminal.ts";
import { dataOf, divide, nameOfCSV, type Source, sourceOf } from "./train-data.ts";
import { helpText } from "./train-help.ts";
import { type Given, readOptions, SEED } from "./train-options.ts";
import {
  chosenBefore,
  chosenIn,
  expectFit,
  expectSizes,
  expectSteps,
  networkOf,
  optimizerOf,
  scheduleOf,
  withoutUndefined,
} from "./train-recipe.ts";

/**
 * The command.
 *
 * @returns the exit code: 0, 1 if a number was not finite, 130 or 143 if a signal ended it
 * @throws UsageError or CommandError if the training or the saving could not be done
 */
export async function train(args: readonly string[]): Promise<number> {
  const given = readOptions(args);
  if (given.help) {
    print(helpText());
    return 0;
  }

  // 1. What is wanted: by the options, else as in the loaded model's last training, else as usual.
  if (given.save !== undefined) expectWritable(given.save, "save");
  const writeReport = given.report === undefined ? undefined : await reportTo(given.report, args);
  const loaded = given.load === undefined ? undefined : readModel(given.load);
  const last = loaded?.training?.at(-1);
  const source = sourceOf(given, last);
  const before = last && chosenBefore(last, given.load!); // a last training was loaded
  const chosen = { ...before, ...chosenIn(given) };
  const all = await dataOf(source, chosen.loss);
  const seed = given.seed ?? loaded?.seed ?? SEED;
  const { data, heldOut } = divide(all, source.heldOut, seed);
  const network = loaded === undefined ? {} : networkIn(loaded.model);
  const recipe = { ...recipeFor(source.name, all.task, chosen), ...network };
  expectFit(all, recipe, given);
  const inputs = all.inputs[0].length;
  const outputs = all.classes ?? all.targets[0].length;
  const step = recipe.epochs === 0 ? 1 : Math.min(recipe.batch ?? Infinity, data.inputs.length);
  expectSizes(inputs, [...recipe.hidden, outputs], step);
  expectSteps(recipe, data.inputs.length);
  if (loaded !== undefined) expectEnds(loaded.model, inputs, outputs, all.name);
  const model = loaded?.model ?? networkOf(inputs, outputs, recipe, seed);

  // 2. The training, with an ear for Ctrl-C.
  const screen = lookAtScreen();
  const setting = { model, data, heldOut, recipe, seed };
  const signals = listenForSignals();
  try {
    if (!given.json && !given.quiet) print(...headline(screen, setting));
    const training = await trainAndListen(setting, signals, screen, given);

    // 3. Save, tell, and end with what there is to complain about.
    const settings = settingsOf(source, recipe, all.inputs.length, loaded === undefined);
    const signal = training.stopped === "caller" ? signals.name() : undefined;
    const told = { ...setting, training, settings };
    const notSaved = save(given.save, model, historyOf(loaded, seed, training, settings));
    const notReported = attempt(() => writeReport?.(told, signal));
    const failure = notSaved ?? notReported;
    const saved = notSaved === undefined ? given.save : undefined;
    const report = notReported === undefined ? given.report : undefined;
    const story = { ...told, saved, report };
    if (given.json) print(JSON.stringify(documentOf(story)));
    else if (given.quiet) print(resultLine(screen, story));
    else print(...summary(screen, story, signal));
    if (failure !== undefined) throw failure;
    if (training.problem === undefined) return signal === undefined ? 0 : signals.code();
    throw new CommandError(`${training.problem}; the weights are the last good ones`);
  } finally {
    signals.ignore();
  }
}

// The model.

function readModel(file: string): ModelHistory & { readonly model: MLP } {
  const text = readText(file, "load", LONGEST_MODEL_FILE);
  try {
    return parseModel(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CommandError(`--load: ${quote(file)}: ${message.replace(/^model file: /, "")}`);
  }
}

/** The part of a recipe that a loaded network decides. */
function networkIn(model: MLP): Pick<Recipe, "hidden" | "activation" | "output"> {
  const hidden = model.layers.slice(0, -1);
  const output = model.layers[hidden.length].neurons[0].activation;
  return {
    hidden: hidden.map((layer) => layer.neurons.length),
    activation: hidden[0]?.neurons[0].activation ?? output,
    output,
  };
}

/** @throws UsageError if a loaded network does not take such inputs or give such outputs */
function expectEnds(model: MLP, inputs: number, outputs: number, name: string): void {
  const from = model.layers[0].neurons[0].weights.length;
  const to = model.layers.at(-1)!.neurons.length; // an MLP has a layer
  if (from === inputs && to === outputs) return;
  throw new UsageError(
    `--load: expected a network from ${inputs} to ${outputs} numbers, for ${name}, ` +
      `got one from ${from} to ${to}`,
  );
}

// The training.

/** What came of Ctrl-C and its like. */
interface Signals {
  /** The signal that came; undefined if none did. */
  name(): NodeJS.Signals | undefined;
  /** The exit code that tells of it. */
  code(): number;
  /** From now on, signals do what they do to any program. */
  ignore(): void;
}

/** Notes the first signal to end, so that the training can end in good order; obeys the second. */
function listenForSignals(): Signals {
  const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
  let caught: keyof typeof codes | undefined;
  const names = Object.keys(codes) as (keyof typeof codes)[];
  const note = (name: NodeJS.Signals) => {
    if (caught !== undefined) process.exit(codes[caught]);
    caught = names.find((known) => known === name);
  };
  for (const name of names) process.on(name, note);
  return {
    name: () => caught,
    code: () => (caught === undefined ? 0 : codes[caught]),
    ignore: () => {
      for (const name of names) process.off(name, note);
    },
  };
}

const PAUSE = 50; // milliseconds of training between two looks at the world

/** Trains, and now and then shows how far it got and looks for a reason to stop. */
async function trainAndListen(
  { model, data, heldOut, recipe, seed }: Setting,
  signals: Signals,
  screen: Screen,
  given: Given,
): Promise<Training> {
  const show = screen.live && !given.json && !given.quiet;
  const slices = slicesOf(model, data, {
    loss: recipe.loss,
    optimizer: optimizerOf(model, recipe),
    epochs: recipe.epochs,
    schedule: scheduleOf(recipe, data.inputs.length),
    random: pythonRandom(seed),
    ...withoutUndefined({ batch: recipe.batch, heldOut, engine: given.engine }),
  });
  if (show) rewriteLine(progressLine(screen, 0, recipe.epochs, Number.NaN));
  let paused = Number.NEGATIVE_INFINITY;
  let next = slices.next();
  while (!next.done) {
    if (performance.now() - paused >= PAUSE) {
      const { epochs, loss } = next.value;
      if (show) rewriteLine(progressLine(screen, epochs, recipe.epochs, loss));
      await new Promise((resume) => setImmediate(resume)); // signals arrive meanwhile
      paused = performance.now();
    }
    const kept = given.save !== undefined || given.report !== undefined;
    const pointless = outputClosed() && !kept; // nobody will ever know
    next = slices.next(signals.name() !== undefined || pointless ? "stop" : undefined);
  }
  if (show) rewriteLine("");
  return next.value;
}

/** @throws CommandError if the training is to be compiled and cannot be */
function slicesOf(...[model, data, options]: Parameters<typeof trainInSlices>) {
  try {
    return trainInSlices(model, data, options);
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    if (!message.startsWith("train, engine: ")) throw error;
    throw new CommandError(message.replace("train, engine: ", "--engine: "));
  }
}

// Afterwards.

/** What a model file is to say of a training beside what came of it. */
function settingsOf(
  source: Source,
  recipe: Recipe,
  points: number,
  fresh: boolean,
): TrainingRecord {
  const { init, loss, optimizer, rate, momentum, weightDecay, schedule, batch } = recipe;
  return withoutUndefined({
    data: source.name ?? nameOfCSV(source),
    points,
    noise: source.noise,
    heldOut: source.heldOut,
    init: fresh ? init : undefined,
    loss,
    optimizer,
    rate,
    momentum: usesMomentum(optimizer) ? momentum : undefined,
    weightDecay,
    schedule,
    batch,
  });
}

/** What a model file is to say: what a loaded one said, and this training. */
function historyOf(
  loaded: ModelHistory | undefined,
  seed: number,
  training: Training,
  settings: TrainingRecord,
): ModelHistory {
  const { losses, loss, epochs } = training;
  const [firstLoss, lastLoss] = [losses[0], loss].map((x) => (Number.isFinite(x) ? x : undefined));
  const record = { ...settings, ...withoutUndefined({ epochs, firstLoss, lastLoss }) };
  return {
    ...withoutUndefined({ seed: loaded === undefined ? seed : loaded.seed }),
    training: [...(loaded?.training ?? []), ...(losses.length > 0 ? [record] : [])],
  };
}

/** Saves the model, if it is to be saved; returns why it could not be done. */
function save(
  file: string | undefined,
  model: MLP,
  history: ModelHistory,
): CommandError | undefined {
  if (file === undefined) return undefined;
  return attempt(() => writeWhole(file, formatModel(model, history), "save"));
}

/** Does something; returns why it could not be done. */
function attempt(task: () => void): CommandError | undefined {
  try {
    task();
    return undefined;
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
}

/**
 * What will write the page of --report. That it can be written and drawn is found out now; the
 * charts are loaded only for those who want them.
 */
async function reportTo(file: string, args: readonly string[]) {
  expectWritable(file, "report");
  const { expectCharts, reportPage } = await import("./report-page.ts");
  expectCharts();
  return (story: Told, signal: string | undefined) =>
    writeWhole(file, reportPage(story, args, signal), "report");
}

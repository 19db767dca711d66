/**
 * Training a program: many steps in one call of WebAssembly, and everything around it that has to
 * be decided outside. Read runner.ts and trainer.ts first.
 */

import { describe, expectCount, expectFinite, expectOptions } from "../errors.ts";
import { firstNotFinite } from "../not-finite.ts";
import {
  type Optimizer,
  type Schedule,
  type UpdateRule,
  type UpdateState,
  type Updates,
  updatesOf,
} from "../optim.ts";
import { pythonRandom, type Random } from "../random.ts";
import { Value } from "../value.ts";
import { PARAMETERS } from "./emit.ts";
import type { Interpreter } from "./interpreter.ts";
import { run, type WasmExports } from "./machine.ts";
import type { Batch } from "./rows.ts";
import type { Runner } from "./runner.ts";
import {
  argumentsOf,
  EPOCHS,
  formulasOf,
  POSITION,
  RESULTS,
  type RunNumbers,
  STEPS,
  status,
  TOTAL,
  trainerModule,
} from "./trainer.ts";

/** How to train a program. */
export interface ProgramTrainOptions {
  /** What moves the parameters: one that has all of the program's. */
  readonly optimizer: Optimizer;
  /** How many steps to make, 0 or more. */
  readonly steps?: number;
  /** Instead of steps: how often to go through the examples, 0 or more. */
  readonly epochs?: number;
  /** How many examples make a step: all of them unless said otherwise. */
  readonly batch?: number;
  /**
   * The learning rate of each step, counted from 0: the optimizer's unless said otherwise. It is
   * asked for many steps ahead.
   */
  readonly schedule?: Schedule;
  /** Shuffles the examples before each epoch, if a step does not take all of them: pythonRandom(0). */
  readonly random?: Random;
  /** Is told how far it got, about every 50 ms; training stops if it returns false. */
  readonly onProgress?: (progress: ProgramProgress) => unknown;
}

/** What `onProgress` is told. */
export interface ProgramProgress {
  /** How many steps were made. */
  readonly step: number;
  /** The loss of the last of them, before its update. */
  readonly loss: number;
}

/** What came of it. */
export interface ProgramTraining {
  /** The loss of each step, before its update. */
  readonly losses: Float64Array;
  /** How many steps were made. */
  readonly steps: number;
  /**
   * Names the first number that was not finite; undefined if all were. The parameters are then the
   * last ones that a finite loss was found with.
   */
  readonly problem: string | undefined;
}

/** A program, as far as training is concerned. */
export interface Trainable {
  readonly runner: Runner | undefined;
  readonly interpreter: Interpreter;
  readonly parameters: readonly Value[];
}

/**
 * What training needs to have computed on the runner's memory, by whoever makes the steps:
 *
 * - `run`: calls the training loop of a rule, and returns what that returns
 * - `gradient`: computes the gradients of `count` examples from the place `start` in the order, and
 *   returns their mean loss, as `Runner.gradient` does
 */
export type Call =
  | { readonly kind: "run"; readonly rule: UpdateRule; readonly numbers: RunNumbers }
  | { readonly kind: "gradient"; readonly start: number; readonly count: number };

/** Steps that are made as their calls are answered, and the outcome. */
export type Steps<Outcome> = Generator<Call, Outcome, number>;

/** Makes the steps at once. */
function makeHere<Outcome>({ runner, parameters }: Trainable, steps: Steps<Outcome>): Outcome {
  let next = steps.next();
  while (!next.done) {
    const call = next.value;
    const own = runner!; // without it, nothing is called
    const answer =
      call.kind === "run"
        ? trainerOf(own, call.rule, parameters.length)(...argumentsOf(call.numbers))
        : own.gradient(call.start, call.count);
    next = steps.next(answer);
  }
  return next.value;
}

/** Calls a function of the user's, which must not use the program that is trained. */
export const keeping = <T>(runner: Runner | undefined, call: () => T): T =>
  runner === undefined ? call() : runner.keepDuring(call);

/** See `Program.train`. */
export function trainProgram(
  program: Trainable,
  rows: Batch,
  options: ProgramTrainOptions,
): ProgramTraining {
  return makeHere(program, trainingSteps(program, rows, options));
}

/** The same, for whoever makes the steps elsewhere. */
export function* trainingSteps(
  program: Trainable,
  rows: Batch,
  options: ProgramTrainOptions,
): Steps<ProgramTraining> {
  const batch = checkOptions(rows, options);
  const { optimizer, schedule, onProgress } = options;
  const stepsInEpoch = Math.ceil(rows.count / batch);
  const steps = options.steps ?? stepsInEpoch * options.epochs!; // checked: one of them is there
  const shuffled = batch < rows.count;
  const random = options.random ?? (shuffled ? pythonRandom(0) : undefined); // making one takes time
  const order = shuffled ? Array.from(inOrder(rows.count)) : [];
  const loop = new TrainingLoop({ program, rows, optimizer, batch });
  const losses = new Float64Array(steps);
  const pace = new Pace();
  let done = 0;
  let measured = 0; // losses
  let problem: string | undefined;
  let told = Date.now();
  try {
    while (done < steps && problem === undefined) {
      // A new order needs a new call; otherwise as many steps at once as time allows.
      let most = steps - done;
      if (shuffled) {
        const place = done % stepsInEpoch;
        if (place === 0) {
          keeping(program.runner, () => random?.shuffle(order));
          loop.setOrder(order);
        }
        most = Math.min(most, stepsInEpoch - place);
      }
      const count = Math.min(most, onProgress === undefined ? LONGEST_RUN : pace.steps);
      const request = { steps: count, first: done, schedule, hold: false, low: -Infinity };
      const outcome = yield* loop.steps(request);
      losses.set(outcome.stepLosses.subarray(0, outcome.losses), done);
      measured = done + outcome.losses;
      done += outcome.steps;
      if (outcome.problem !== undefined) {
        problem = `step ${outcome.problem.step}: ${outcome.problem.text}`;
      }
      if (onProgress === undefined || problem !== undefined) continue;
      pace.note();
      if (Date.now() - told < SLICE && done < steps) continue;
      loop.finish();
      if (onProgress({ step: done, loss: losses[done - 1] }) === false) break;
      loop.load();
      pace.begin();
      told = Date.now();
    }
  } finally {
    loop.finish();
  }
  return { losses: measured === steps ? losses : losses.slice(0, measured), steps: done, problem };
}

/** @returns how many examples make a step */
function checkOptions(rows: Batch, options: ProgramTrainOptions): number {
  const where = "Program.train";
  expectOptions(options, optionNames, where);
  const { optimizer, steps, epochs, batch, schedule, random, onProgress } = options;
  if (typeof optimizer?.step !== "function" || typeof optimizer.zeroGrad !== "function") {
    throw new TypeError(
      `${where}, optimizer: expected one such as new SGD(parameters), got ${describe(optimizer)}`,
    );
  }
  if ((steps === undefined) === (epochs === undefined)) {
    const got = steps === undefined ? "neither" : "both";
    throw new TypeError(`${where}: expected either steps or epochs, got ${got}`);
  }
  if (steps !== undefined) expectCount(steps, 0, `${where}, steps`);
  if (epochs !== undefined) expectCount(epochs, 0, `${where}, epochs`);
  if (batch !== undefined) expectCount(batch, 1, `${where}, batch`);
  for (const [name, f] of Object.entries({ schedule, onProgress })) {
    if (f === undefined || typeof f === "function") continue;
    throw new TypeError(`${where}, ${name}: expected a function, got ${describe(f)}`);
  }
  if (random !== undefined && typeof random?.shuffle !== "function") {
    throw new TypeError(`${where}, random: expected a generator, got ${describe(random)}`);
  }
  return Math.min(batch ?? rows.count, rows.count);
}

const optionNames = ["optimizer", "steps", "epochs", "batch", "schedule", "random", "onProgress"];

/** Steps in one call: their losses and rates take that many places in memory. */
export const LONGEST_RUN = 4096;

/** Milliseconds of training between two looks at the world. */
const SLICE = 50;

/** Finds out how many steps to make at once, so that they take about {@link SLICE}. */
export class Pace {
  /** So many. */
  steps = 1;
  #begun = Date.now();

  begin(): void {
    this.#begun = Date.now();
  }

  /** So many steps were made since `begin` or the last note. */
  note(): void {
    const now = Date.now();
    const took = now - this.#begun;
    this.#begun = now;
    if (took < SLICE / 4) this.steps = Math.min(2 * this.steps, LONGEST_RUN);
    else if (took > SLICE) this.steps = Math.ceil(this.steps / 2);
  }
}

/** What {@link TrainingLoop} works with. */
export interface TrainingSetting {
  readonly program: Trainable;
  readonly rows: Batch;
  readonly optimizer: Optimizer;
  /** How many examples make a step, at most as many as there are. */
  readonly batch: number;
  /** Examples for {@link TrainingLoop.measure}. */
  readonly measured?: readonly Batch[];
  /** What a parameter is called in messages. */
  readonly nameOf?: (parameter: number) => string;
}

/** What {@link TrainingLoop.run} is to do. */
export interface RunRequest {
  /** From 1 to {@link LONGEST_RUN}; a step that was held is the first of them. */
  readonly steps: number;
  /** The number of the first step, for the schedule. */
  readonly first: number;
  readonly schedule: Schedule | undefined;
  /** Stop before the last of these steps is made, with its gradients there? */
  readonly hold: boolean;
  /** Stop before the last step of an epoch whose loss is below this. */
  readonly low: number;
}

/** What came of it. */
export interface RunOutcome {
  /** Why it ended. It may be done with fewer steps, if the schedule has no rate for more. */
  readonly end: "done" | "low" | "held" | "not finite";
  /** How many steps were made. */
  readonly steps: number;
  /**
   * How many losses of steps there are: that of a step that was not made is one of them. A step
   * that had been held has its place, but its loss was told by the run before.
   */
  readonly losses: number;
  /** How many steps have a loss that is finite. */
  readonly good: number;
  readonly stepLosses: Float64Array;
  /** The mean loss of each epoch that ended. */
  readonly epochLosses: Float64Array;
  /** What was not finite, in words, and in which step, counted as `first` was. */
  readonly problem: { readonly text: string; readonly step: number } | undefined;
}

/**
 * Examples, an optimizer and a program, to be run for some steps at a time.
 *
 * While it runs, parameters and the optimizer's memory are in the module's memory; `finish` or
 * `store` bring them back, and `load` takes them anew. After something that was not finite, the
 * parameters are the last ones that a finite loss was found with.
 */
export class TrainingLoop {
  readonly #program: Trainable;
  readonly #rows: Batch;
  readonly #optimizer: Optimizer;
  readonly #updates: Updates | undefined; // if everything happens in WebAssembly
  #states: readonly UpdateState[] = []; // of the updates, in the order of the program's parameters
  readonly #batch: number;
  readonly #measured: readonly Batch[];
  readonly #nameOf: (parameter: number) => string;
  readonly #order: Int32Array;
  /** Of the optimizer: the steps made so far. */
  #t = 0;
  #position = 0; // in the epoch
  #total = 0; // of its losses so far
  #held = false; // is there a step whose gradients are there?
  #outside: "none" | "parameters" | "all" = "all"; // what is outside as it is in the memory
  #gradients: "old" | "there" | "none" = "old"; // old: those from before the loop
  #at = { ...noPlaces };
  #loads = -1; // of the runner, when this put its numbers into the memory
  #scalarCount = 0;
  /** With a schedule, the rate of each step of a run, and before them the one that there was. */
  #rates: Float64Array | undefined;
  /** Throws what there is to say of a step without a rate. */
  #refusal: () => void = () => {};
  /** The parameters to go back to; inside, as they were when all was brought back last. */
  #copy: Float64Array | undefined;
  /** Outside: what is in the memory otherwise. */
  readonly #stepLosses: Float64Array;
  readonly #epochLosses: Float64Array;

  constructor({ program, rows, optimizer, batch, measured, nameOf }: TrainingSetting) {
    this.#program = program;
    this.#rows = rows;
    this.#optimizer = optimizer;
    this.#batch = batch;
    this.#measured = measured ?? [];
    this.#nameOf = nameOf ?? ((i) => labelOf(program.parameters, i));
    this.#order = inOrder(rows.count);
    this.#updates = this.#usableUpdates();
    const outside = this.#updates === undefined ? LONGEST_RUN : 0;
    if (this.#updates === undefined) {
      this.#copy = Float64Array.from(program.parameters, (parameter) => parameter.data);
    }
    this.#stepLosses = new Float64Array(outside);
    this.#epochLosses = new Float64Array(outside);
    this.load();
  }

  /** Does everything happen in WebAssembly? */
  get compiled(): boolean {
    return this.#updates !== undefined;
  }

  /** The order in which the examples of the next epoch are taken. */
  setOrder(order: ArrayLike<number>): void {
    this.#order.set(order);
    this.#loadOrder();
  }

  run(request: RunRequest): RunOutcome {
    return makeHere(this.#program, this.steps(request));
  }

  /** The same, for whoever makes the steps elsewhere. */
  steps(request: RunRequest): Steps<RunOutcome> {
    return this.#updates === undefined
      ? this.#stepsOutside(request)
      : this.#stepsInside(request, this.#updates);
  }

  /** The mean loss of the examples `measured[i]`, with the parameters of now. */
  measure(i: number): number {
    const { runner, interpreter } = this.#program;
    const rows = this.#measured[i];
    if (runner !== undefined && this.#updates === undefined) runner.loadParameters();
    const losses =
      runner === undefined ? interpreter.losses(rows) : this.#measureInside(runner, i, rows.count);
    let total = 0;
    for (const loss of losses) total += loss;
    return total / rows.count;
  }

  /** The first number that is not finite of the examples `measured[i]`, in words. */
  explain(i: number): string {
    this.store();
    return this.#explain(this.#measured[i], inOrder(this.#measured[i].count));
  }

  /** Goes back, outside too, to the last parameters that a finite loss was found with. */
  restore(): void {
    const { runner, parameters } = this.#program;
    if (runner === undefined || this.#updates === undefined) {
      const copy = this.#copy!; // outside it is always there
      for (let i = 0; i < parameters.length; i++) parameters[i].data = copy[i];
      return;
    }
    const copy = runner.numbers(this.#at.copy, parameters.length);
    runner.numbers(PARAMETERS, parameters.length).set(copy);
    this.#outside = "none";
    this.store();
  }

  #explain(rows: Batch, examples: Int32Array): string {
    const { interpreter } = this.#program;
    function* roots() {
      for (const example of examples) yield interpreter.lossOf(rows, example);
      const penalty = interpreter.penalty();
      if (penalty !== undefined) yield penalty;
    }
    return firstNotFinite(roots());
  }

  /** The examples of the step that has been measured or, of one whose loss was bad, is next. */
  #examplesFrom(start: number): Int32Array {
    return this.#order.subarray(start, Math.min(start + this.#batch, this.#rows.count));
  }

  /** Where the step that has just been measured began in the epoch. */
  #startOfStep(): number {
    const end = this.#position === 0 ? this.#rows.count : this.#position;
    return this.#batch * Math.floor((end - 1) / this.#batch);
  }

  #findBad(what: "grad" | "data"): string | undefined {
    const { parameters } = this.#program;
    const bad = parameters.findIndex((parameter) => !Number.isFinite(parameter[what]));
    return bad < 0 ? undefined : `${this.#nameOf(bad)} is ${parameters[bad][what]}`;
  }

  // ---- In and out of the memory ------------------------------------------------------------

  /** The optimizer's updates, if they move just the parameters of the program, all in step. */
  #usableUpdates(): Updates | undefined {
    const { parameters, runner } = this.#program;
    const updates = runner === undefined ? undefined : updatesOf(this.#optimizer);
    if (updates === undefined || updates.parameters.length !== parameters.length) return undefined;
    if (!parameters.every((parameter, i) => parameter === updates.parameters[i])) {
      const own = new Set(parameters);
      if (!updates.parameters.every((parameter) => own.has(parameter))) return undefined;
    }
    this.#states = updates.statesOf(parameters);
    const [{ t }] = this.#states;
    return this.#states.every((state) => state.t === t) ? updates : undefined;
  }

  /** Takes parameters, their gradients and the optimizer's memory as they are outside now. */
  load(): void {
    const { parameters, runner } = this.#program;
    if (runner === undefined) return;
    if (runner.loads === this.#loads) runner.loadParameters();
    else this.#prepare(runner);
    this.#outside = "all";
    if (this.#updates === undefined) return;
    const { parameterAt } = runner.compiled;
    const { kept: keptCount } = this.#updates.rule;
    const count = parameters.length;
    const states = this.#states;
    const kept = runner.numbers(this.#at.kept, count * keptCount);
    this.#t = states[0].t;
    for (let i = 0; i < count; i++) {
      const place = (parameterAt[i] - PARAMETERS) / 8;
      for (let k = 0; k < keptCount; k++) kept[k * count + place] = states[i].kept[k];
    }
    if (this.#gradients === "there") this.#loadGradients(runner);
  }

  /** Divides the memory, and puts in what stays the same. */
  #prepare(runner: Runner): void {
    const count = this.#program.parameters.length;
    const rule = this.#updates?.rule;
    this.#scalarCount = rule?.scalars(0.5, 1).length ?? 0;
    const run = rule === undefined ? 0 : LONGEST_RUN;
    const most = Math.max(0, ...this.#measured.map((rows) => rows.count));
    const sizes = {
      stepLosses: 8 * run,
      epochLosses: 8 * run,
      scalars: 8 * run * this.#scalarCount,
      kept: 8 * count * (rule?.kept ?? 0),
      copy: 8 * count,
      results: RESULTS,
      allInOrder: 4 * most,
      losses: 8 * (most + 2),
      measured: this.#measured.reduce((sum, rows) => sum + bytesOf(rows), 0),
    };
    const total = Object.values(sizes).reduce((sum, bytes) => sum + 16 + bytes, 0);
    runner.load(this.#rows, total);
    this.#loads = runner.loads;
    let end = runner.at.end;
    for (const name of Object.keys(sizes) as (keyof typeof sizes)[]) {
      this.#at[name] = end;
      end += 16 * Math.ceil(sizes[name] / 16);
    }
    this.#loadOrder();
    new Int32Array(runner.memory.buffer, this.#at.allInOrder, most).set(inOrder(most));
    let at = this.#at.measured;
    for (const rows of this.#measured) {
      runner.numbers(at, rows.inputs.length).set(rows.inputs);
      runner.numbers(at + 8 * rows.inputs.length, rows.targets.length).set(rows.targets);
      at += bytesOf(rows);
    }
    if (rule === undefined) return;
    const copy = runner.numbers(this.#at.copy, count);
    copy.set(this.#copy ?? runner.numbers(PARAMETERS, count));
  }

  #loadOrder(): void {
    const { runner } = this.#program;
    if (runner === undefined) return;
    const { order } = runner.at;
    new Int32Array(runner.memory.buffer, order, this.#order.length).set(this.#order);
  }

  #loadGradients(runner: Runner): void {
    const { parameters } = this.#program;
    const gradients = runner.numbers(runner.at.gradients, parameters.length);
    runner.compiled.parameterAt.forEach((at, i) => {
      gradients[(at - PARAMETERS) / 8] = parameters[i].grad;
    });
  }

  /** Brings back the parameters, and the gradients of the last step. */
  store(): void {
    const { runner, parameters } = this.#program;
    if (runner === undefined || this.#updates === undefined || this.#outside !== "none") return;
    this.#outside = "parameters";
    const numbers = runner.numbers(0, runner.compiled.end / 8);
    const { parameterAt } = runner.compiled;
    for (let i = 0; i < parameters.length; i++) parameters[i].data = numbers[parameterAt[i] / 8];
    if (this.#gradients === "there") Value.writeGradients(parameters, runner.gradients());
    if (this.#gradients === "none") for (const parameter of parameters) parameter.zeroGrad();
  }

  /** Brings back everything, the optimizer's memory too. */
  finish(): void {
    const { runner, parameters } = this.#program;
    if (runner === undefined || this.#updates === undefined || this.#outside === "all") return;
    this.store();
    this.#outside = "all";
    const count = parameters.length;
    const { kept: keptCount } = this.#updates.rule;
    const kept = runner.numbers(this.#at.kept, count * keptCount);
    const { parameterAt } = runner.compiled;
    for (let i = 0; i < count; i++) {
      const state = this.#states[i];
      const place = (parameterAt[i] - PARAMETERS) / 8;
      state.t = this.#t;
      for (let k = 0; k < keptCount; k++) state.kept[k] = kept[k * count + place];
    }
    this.#copy = runner.numbers(this.#at.copy, count).slice();
  }

  // ---- Inside ------------------------------------------------------------------------------

  *#stepsInside(request: RunRequest, updates: Updates): Steps<RunOutcome> {
    const runner = this.#program.runner!; // there is one if there are updates
    const { low } = request;
    const ready = this.#fillScalars(request, updates, runner);
    if (ready === 0 && this.#held) this.#refusal();
    const steps = Math.max(1, ready); // without a rate, a step is measured and not made
    const hold = ready === 0 || (request.hold && ready === request.steps);
    this.#outside = "none";
    const scalarBytes = this.#sameScalars(request, updates.rule) ? 0 : 8 * this.#scalarCount;
    let made = 0;
    let epochs = 0;
    let pending = this.#held ? 1 : 0;
    let code: number = status.done;
    let problem: string | undefined;
    const { inputs, targets, order, gradients, workspace, results } = runner.at;
    const stepLosses = runner.numbers(this.#at.stepLosses, LONGEST_RUN);
    const epochLosses = runner.numbers(this.#at.epochLosses, LONGEST_RUN);
    const integers = new Int32Array(runner.memory.buffer, this.#at.results, RESULTS / 4);
    const numbers = runner.numbers(this.#at.results, RESULTS / 8);
    while (true) {
      integers[POSITION / 4] = this.#position;
      numbers[TOTAL / 8] = this.#total;
      code = yield {
        kind: "run",
        rule: updates.rule,
        numbers: {
          steps: steps - made,
          batch: this.#batch,
          count: this.#rows.count,
          hold: hold ? 1 : 0,
          pending,
          inputs,
          targets,
          order,
          gradients,
          workspace,
          losses: results,
          stepLosses: this.#at.stepLosses + 8 * made,
          epochLosses: this.#at.epochLosses + 8 * epochs,
          scalars: this.#at.scalars + scalarBytes * made,
          scalarBytes,
          kept: this.#at.kept,
          copy: this.#at.copy,
          results: this.#at.results,
          low,
        },
      };
      made += integers[STEPS / 4];
      this.#t += integers[STEPS / 4];
      this.#position = integers[POSITION / 4];
      this.#total = numbers[TOTAL / 8];
      epochs += integers[EPOCHS / 4];
      if (code !== status.badGradient) break;
      // The engine lets nothing through where nothing was chosen, not even 0·Infinity: ask it.
      problem = this.#askEngine(runner);
      if (problem !== undefined) {
        if (this.#position === 0) epochs -= 1; // that epoch came to no end
        break;
      }
      // It was fine: go on as the module would have.
      if (this.#position === 0 && epochLosses[epochs - 1] < low) {
        code = status.low;
        break;
      }
      if (hold && made === steps - 1) {
        code = status.held;
        break;
      }
      pending = 1;
    }
    this.#held = code === status.held || code === status.low;
    this.#gradients = code === status.badLoss ? "none" : "there";
    if (code === status.badLoss) {
      this.store();
      problem = this.#explain(this.#rows, this.#examplesFrom(this.#position));
      this.restore();
    }
    if (code === status.badParameter) {
      this.store();
      problem = `after the step, ${this.#findBad("data")}`;
      this.restore();
    }
    if (ready === 0 && problem === undefined) this.#refusal();
    const measured = made + (code === status.done || code === status.badParameter ? 0 : 1);
    const failed = code === status.badParameter ? made - 1 : made;
    this.#setRate(request, made, this.#held);
    return {
      end: problem !== undefined ? "not finite" : ends[code],
      steps: made,
      losses: measured,
      good: code === status.badLoss ? made : measured,
      stepLosses,
      epochLosses: epochLosses.subarray(0, epochs),
      problem: problem === undefined ? undefined : { text: problem, step: request.first + failed },
    };
  }

  /**
   * Puts the numbers of each step that are the same for all parameters into memory.
   *
   * @returns for how many steps: those before one that has no rate, which is to be refused
   */
  #fillScalars({ steps, first, schedule }: RunRequest, updates: Updates, runner: Runner): number {
    const { rule } = updates;
    const optimizer = this.#optimizer;
    const scalars = runner.numbers(this.#at.scalars, LONGEST_RUN * this.#scalarCount);
    if (schedule !== undefined) this.#rates ??= new Float64Array(LONGEST_RUN + 1);
    const rates = this.#rates ?? [];
    rates[0] = optimizer.rate;
    if (schedule === undefined && !isRate(optimizer.rate)) {
      this.#refusal = () => {
        this.finish();
        optimizer.step(); // it complains
      };
      return 0;
    }
    const last = schedule === undefined && isConstant(rule) ? 1 : steps;
    for (let i = 0; i < last; i++) {
      // A step that was held has its rate already.
      let rate = optimizer.rate;
      if (schedule !== undefined && !(i === 0 && this.#held)) {
        try {
          const asked = runner.keepDuring(() => schedule(first + i));
          rate = checkedRate(asked, first + i);
        } catch (error) {
          this.#refusal = () => {
            throw error;
          };
          return i;
        }
      }
      rates[i + 1] = rate;
      const row = rule.scalars(rate, this.#t + i + 1);
      for (let k = 0; k < row.length; k++) scalars[i * row.length + k] = row[k];
    }
    return steps;
  }

  #sameScalars({ schedule }: RunRequest, rule: UpdateRule): boolean {
    return schedule === undefined && isConstant(rule);
  }

  /** Leaves the optimizer with the rate of the last step that was made or held. */
  #setRate({ schedule }: RunRequest, made: number, held: boolean): void {
    if (schedule === undefined || this.#rates === undefined) return;
    this.#optimizer.rate = this.#rates[made + (held ? 1 : 0)];
  }

  /** What the engine says of a step whose gradients are not all finite; undefined: they are. */
  #askEngine(runner: Runner): string | undefined {
    this.store();
    const examples = this.#examplesFrom(this.#startOfStep());
    this.#program.interpreter.gradient(this.#rows, examples);
    this.#loadGradients(runner);
    const bad = this.#findBad("grad");
    return bad === undefined ? undefined : `the gradient of ${bad}`;
  }

  #measureInside(runner: Runner, i: number, count: number): Float64Array {
    const { allInOrder, losses } = this.#at;
    const { gradients, workspace } = runner.at;
    let inputs = this.#at.measured;
    for (let k = 0; k < i; k++) inputs += bytesOf(this.#measured[k]);
    const targets = inputs + 8 * this.#measured[i].inputs.length;
    runner.exports.loss(inputs, targets, allInOrder, count, 0, gradients, workspace, losses);
    return runner.numbers(losses, count);
  }

  // ---- Outside -----------------------------------------------------------------------------

  /** The same, step by step, for optimizers that only know Values, and where nothing is compiled. */
  *#stepsOutside({ steps, first, schedule, hold, low }: RunRequest): Steps<RunOutcome> {
    const { parameters, runner } = this.#program;
    const optimizer = this.#optimizer;
    const { count } = this.#rows;
    const copy = this.#copy!; // outside it is always there
    let losses = 0;
    let good = 0;
    let epochs = 0;
    const outcome = (end: RunOutcome["end"], made: number): RunOutcome => ({
      end,
      steps: made,
      losses,
      good,
      stepLosses: this.#stepLosses,
      epochLosses: this.#epochLosses.subarray(0, epochs),
      problem: undefined,
    });
    const failure = (text: string, step: number, made: number): RunOutcome => ({
      ...outcome("not finite", made),
      problem: { text, step: first + step },
    });
    for (let made = 0; made < steps; made++) {
      if (this.#held) {
        losses += 1;
        good += 1;
      } else {
        // 1. The batch: its loss and the gradients.
        const examples = this.#examplesFrom(this.#position);
        keeping(runner, () => optimizer.zeroGrad());
        const loss = yield* this.#gradientOutside(examples);
        this.#stepLosses[losses++] = loss;
        if (!Number.isFinite(loss)) {
          for (const parameter of parameters) parameter.zeroGrad();
          const problem = this.#explain(this.#rows, examples);
          this.restore();
          return failure(problem, made, made);
        }
        good += 1;
        for (let i = 0; i < parameters.length; i++) copy[i] = parameters[i].data;
        const bad = this.#findBad("grad");
        if (bad !== undefined) return failure(`the gradient of ${bad}`, made, made);
        if (schedule !== undefined) {
          const asked = keeping(runner, () => schedule(first + made));
          optimizer.rate = checkedRate(asked, first + made);
        }

        // 2. At the end of an epoch, its loss; and reasons not to make the step.
        this.#position += examples.length;
        let epochLoss = Infinity;
        if (this.#position === count) {
          epochLoss = this.#total / count;
          this.#epochLosses[epochs++] = epochLoss;
          this.#position = 0;
          this.#total = 0;
        }
        this.#held = epochLoss < low || (hold && made === steps - 1);
        if (this.#held) return outcome(epochLoss < low ? "low" : "held", made);
      }

      // 3. The step.
      this.#held = false;
      keeping(runner, () => optimizer.step());
      const bad = this.#findBad("data");
      if (bad !== undefined) {
        this.restore();
        return failure(`after the step, ${bad}`, made, made + 1);
      }
    }
    return outcome("done", steps);
  }

  /** Finds the gradients of a step; returns its loss, and adds those of its examples to the total. */
  *#gradientOutside(examples: Int32Array): Steps<number> {
    const { runner, interpreter, parameters } = this.#program;
    if (runner !== undefined) {
      runner.loadParameters();
      const loss = yield { kind: "gradient", start: this.#position, count: examples.length };
      const gradients = runner.gradients();
      if (Number.isFinite(loss) && gradients.every(Number.isFinite)) {
        const losses = runner.numbers(runner.at.results, examples.length);
        for (const each of losses) this.#total += each;
        Value.writeGradients(parameters, gradients);
        return loss;
      }
    }
    const losses = new Float64Array(examples.length);
    const loss = interpreter.gradient(this.#rows, examples, losses);
    for (const each of losses) this.#total += each;
    return loss;
  }
}

/** Places in memory, in bytes, after those of the runner. */
const noPlaces = {
  stepLosses: 0,
  epochLosses: 0,
  scalars: 0,
  kept: 0,
  copy: 0,
  results: 0,
  allInOrder: 0,
  losses: 0,
  measured: 0,
};

/** What a run that had no problem is said to have come to, by the status. */
const ends: Readonly<Record<number, RunOutcome["end"]>> = {
  [status.done]: "done",
  [status.low]: "low",
  [status.held]: "held",
};

const bytesOf = ({ inputs, targets }: Batch): number => 8 * (inputs.length + targets.length);

/** 0, 1, 2, ... */
function inOrder(count: number): Int32Array {
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  return order;
}

const trainers = new WeakMap<Runner, WeakMap<UpdateRule, WasmExports["run"]>>();

/** The training loop for a rule, made once for each module at work. */
function trainerOf(runner: Runner, rule: UpdateRule, count: number): WasmExports["run"] {
  const known = trainers.get(runner) ?? new WeakMap<UpdateRule, WasmExports["run"]>();
  trainers.set(runner, known);
  let found = known.get(rule);
  if (found === undefined) {
    const module = trainerModule(rule, count, "regularizer" in runner.exports);
    found = run(module, runner.memory, runner.exports).run;
    known.set(rule, found);
  }
  return found;
}

const constant = new WeakMap<UpdateRule, boolean>();

/** Are the scalars the same in every step, as far as the rule uses them, if the rate is? */
function isConstant(rule: UpdateRule): boolean {
  const known = constant.get(rule);
  if (known !== undefined) return known;
  const [one, two, three] = [1, 2, 3].map((t) => rule.scalars(0.5, t));
  const { results } = formulasOf(rule);
  const used = new Set(results);
  for (const formula of used) for (const input of formula.inputs) used.add(input); // grows as it runs
  const variables = new Set(
    [...used].filter(({ name }) => name === "variable").map(({ number }) => number),
  );
  const found = one.every(
    (x, k) => !variables.has(2 + rule.kept + k) || (x === two[k] && x === three[k]),
  );
  constant.set(rule, found);
  return found;
}

function labelOf(parameters: readonly Value[], i: number): string {
  const { label } = parameters[i];
  return label === "" ? `parameter number ${i}` : JSON.stringify(label);
}

const isRate = (rate: number): boolean => rate >= 0 && rate < Infinity;

function checkedRate(rate: number, step: number): number {
  if (expectFinite(rate, `Program.train, the rate of step ${step}`) >= 0) return rate;
  throw new RangeError(`Program.train, the rate of step ${step}: expected at least 0, got ${rate}`);
}

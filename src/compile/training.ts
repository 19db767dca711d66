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
  EPOCHS,
  formulasOf,
  inOrder,
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
  readonly steps: number;
  /** How many examples make a step: all of them unless said otherwise. */
  readonly batch?: number;
  /** The learning rate of each step, counted from 0: the optimizer's unless said otherwise. */
  readonly schedule?: Schedule;
  /** Shuffles the examples before each epoch, if a step does not take all of them: pythonRandom(0). */
  readonly random?: Random;
}

/** What came of it. */
export interface ProgramTraining {
  /** The loss of each step, before its update. */
  readonly losses: Float64Array;
  /** How many steps were made. */
  readonly steps: number;
  /** Names the first number that was not finite; undefined if all were. */
  readonly problem: string | undefined;
}

/** A program, as far as training is concerned. */
export interface Trainable {
  readonly runner: Runner | undefined;
  readonly interpreter: Interpreter;
  readonly parameters: readonly Value[];
}

/** A call of a training loop in WebAssembly, to be made by whoever runs the steps. */
export interface RunCall {
  readonly rule: UpdateRule;
  readonly numbers: RunNumbers;
}

/** Steps to be run: yields the calls to be made, takes what they return, ends with an outcome. */
export type Steps<Outcome> = Generator<RunCall, Outcome, number>;

/** Makes the calls at once, one after the other. */
function runHere<Outcome>({ runner, parameters }: Trainable, steps: Steps<Outcome>): Outcome {
  let next = steps.next();
  while (!next.done) {
    const { rule, numbers } = next.value;
    const run = trainerOf(runner!, rule, parameters.length); // only compiled programs yield calls
    next = steps.next(run(...inOrder(numbers)));
  }
  return next.value;
}

/** See `Program.train`. */
export function trainProgram(
  program: Trainable,
  rows: Batch,
  options: ProgramTrainOptions,
): ProgramTraining {
  return runHere(program, trainingSteps(program, rows, options, "Program.train"));
}

/** The same, for whoever makes the calls himself. */
export function* trainingSteps(
  program: Trainable,
  rows: Batch,
  options: ProgramTrainOptions,
  where: string,
): Steps<ProgramTraining> {
  const known = ["optimizer", "steps", "batch", "schedule", "random"];
  expectOptions(options, known, where);
  const { optimizer, steps, schedule, random = pythonRandom(0) } = options;
  if (typeof optimizer?.step !== "function" || typeof optimizer.zeroGrad !== "function") {
    throw new TypeError(
      `${where}, optimizer: expected one such as new SGD(parameters), got ${describe(optimizer)}`,
    );
  }
  expectCount(steps, 0, `${where}, steps`);
  if (options.batch !== undefined) expectCount(options.batch, 1, `${where}, batch`);
  if (schedule !== undefined && typeof schedule !== "function") {
    throw new TypeError(`${where}, schedule: expected a function, got ${describe(schedule)}`);
  }
  if (typeof random?.shuffle !== "function") {
    throw new TypeError(`${where}, random: expected a generator, got ${describe(random)}`);
  }
  const batch = Math.min(options.batch ?? rows.count, rows.count);
  const order = Int32Array.from({ length: rows.count }, (_, i) => i);
  const loop = new TrainingLoop(program, rows, optimizer, batch);
  const losses = new Float64Array(steps);
  let done = 0;
  let problem: string | undefined;
  while (done < steps && problem === undefined) {
    // A new order needs a new call; otherwise as many steps at once as there is room for.
    const stepsInEpoch = Math.ceil(rows.count / batch);
    const most = batch < rows.count ? stepsInEpoch : LONGEST_RUN;
    if (batch < rows.count) {
      shuffle(order, random);
      loop.setOrder(order);
    }
    const count = Math.min(most, steps - done);
    const outcome = yield* loop.steps({
      steps: count,
      first: done,
      schedule,
      hold: false,
      low: -Infinity,
    });
    losses.set(outcome.stepLosses.subarray(0, outcome.losses), done);
    done += outcome.steps;
    if (outcome.problem !== undefined) {
      problem = `step ${done}: ${outcome.problem}`;
    }
  }
  loop.finish();
  return {
    losses: problem === undefined ? losses : losses.slice(0, done + 1),
    steps: done,
    problem,
  };
}

/** Steps in one call: their losses and rates take that many places in memory. */
export const LONGEST_RUN = 4096;

/** Shuffles as `Random.shuffle` does an array. */
function shuffle(order: Int32Array, random: Random): void {
  const numbers = Array.from(order);
  random.shuffle(numbers);
  order.set(numbers);
}

/** What {@link TrainingLoop.run} is to do. */
export interface RunRequest {
  /** At most {@link LONGEST_RUN}. */
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
  /** Why it ended. */
  readonly end: "done" | "low" | "held" | "not finite";
  /** How many steps were made. */
  readonly steps: number;
  /** How many losses of steps there are: that of a step that was not made is one of them. */
  readonly losses: number;
  readonly stepLosses: Float64Array;
  /** The mean loss of each epoch that ended. */
  readonly epochLosses: Float64Array;
  /** What was not finite, in words. */
  readonly problem: string | undefined;
}

/**
 * Examples, an optimizer and a program, to be run for some steps at a time.
 *
 * While it runs, parameters and the optimizer's memory are in the module's memory; `finish` or
 * `store` bring them back.
 */
export class TrainingLoop {
  readonly #program: Trainable;
  readonly #rows: Batch;
  readonly #optimizer: Optimizer;
  readonly #updates: Updates | undefined;
  readonly #batch: number;
  #order: Int32Array;
  /** Of the optimizer: the steps made so far. */
  #t = 0;
  #position = 0;
  #total = 0;
  #at = { stepLosses: 0, epochLosses: 0, scalars: 0, kept: 0, copy: 0, results: 0 };
  #scalarCount = 0;

  constructor(program: Trainable, rows: Batch, optimizer: Optimizer, batch: number) {
    this.#program = program;
    this.#rows = rows;
    this.#optimizer = optimizer;
    this.#batch = batch;
    this.#order = Int32Array.from({ length: rows.count }, (_, i) => i);
    this.#updates = this.#usableUpdates();
    if (this.#updates !== undefined) this.#prepare(this.#updates);
  }

  /** Does everything happen in WebAssembly? */
  get compiled(): boolean {
    return this.#updates !== undefined;
  }

  /** The order in which the examples of the next epoch are taken. */
  setOrder(order: Int32Array): void {
    this.#order = order.slice();
    const { runner } = this.#program;
    if (runner === undefined) return;
    new Int32Array(runner.memory.buffer, runner.at.order, order.length).set(order);
  }

  run(request: RunRequest): RunOutcome {
    return runHere(this.#program, this.steps(request));
  }

  /** The same, for whoever makes the calls himself. */
  *steps(request: RunRequest): Steps<RunOutcome> {
    return this.compiled ? yield* this.#runInside(request) : this.#runOutside(request);
  }

  // ---- Inside ------------------------------------------------------------------------------

  /** The optimizer's updates, if they move just the parameters of the program, all in step. */
  #usableUpdates(): Updates | undefined {
    const { parameters, runner } = this.#program;
    const updates = runner === undefined ? undefined : updatesOf(this.#optimizer);
    if (updates === undefined || updates.parameters.length !== parameters.length) return undefined;
    const own = new Set(parameters);
    if (!updates.parameters.every((parameter) => own.has(parameter))) return undefined;
    const states = updates.read(parameters);
    return states.every(({ t }) => t === states[0].t) ? updates : undefined;
  }

  #prepare(updates: Updates): void {
    const { parameters } = this.#program;
    const runner = this.#program.runner!; // usableUpdates asked for it
    const { rule } = updates;
    const count = parameters.length;
    this.#scalarCount = rule.scalars(0.5, 1).length;
    const sizes = {
      stepLosses: 8 * LONGEST_RUN,
      epochLosses: 8 * LONGEST_RUN,
      scalars: 8 * LONGEST_RUN * this.#scalarCount,
      kept: 8 * count * rule.kept,
      copy: 8 * count,
      results: RESULTS,
    };
    const total = Object.values(sizes).reduce((sum, bytes) => sum + 16 + bytes, 0);
    runner.load(this.#rows, total);
    let end = runner.at.end;
    for (const name of Object.keys(sizes) as (keyof typeof sizes)[]) {
      this.#at[name] = end;
      end += 16 * Math.ceil(sizes[name] / 16);
    }
    const states = updates.read(parameters);
    this.#t = states[0].t;
    const kept = runner.numbers(this.#at.kept, count * rule.kept);
    runner.compiled.parameterAt.forEach((at, i) => {
      states[i].kept.forEach((x, k) => {
        kept[k * count + (at - PARAMETERS) / 8] = x;
      });
    });
  }

  *#runInside(request: RunRequest): Steps<RunOutcome> {
    const runner = this.#program.runner!; // inside only
    const { rule } = this.#updates!; // inside only
    const { steps, hold, low } = request;
    const scalarBytes = this.#fillScalars(request);
    let made = 0;
    let epochs = 0;
    let pending = 0;
    let code: number = status.done;
    let problem: string | undefined;
    const { at } = runner;
    const stepLosses = runner.numbers(this.#at.stepLosses, LONGEST_RUN);
    const epochLosses = runner.numbers(this.#at.epochLosses, LONGEST_RUN);
    const integers = new Int32Array(runner.memory.buffer, this.#at.results, RESULTS / 4);
    const totals = runner.numbers(this.#at.results, RESULTS / 8);
    while (true) {
      integers[POSITION / 4] = this.#position;
      totals[TOTAL / 8] = this.#total;
      const { inputs, targets, order, gradients, workspace, results } = at;
      const numbers: RunNumbers = {
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
      };
      code = yield { rule, numbers };
      const before = this.#position;
      made += integers[STEPS / 4];
      this.#t += integers[STEPS / 4];
      this.#position = integers[POSITION / 4];
      this.#total = totals[TOTAL / 8];
      epochs += integers[EPOCHS / 4];
      if (code !== status.badGradient) break;
      // The engine lets nothing through where nothing was chosen, not even 0·Infinity: ask it.
      const start = integers[STEPS / 4] === 0 ? before : this.#startOfStep();
      problem = this.#askEngine(start);
      if (problem !== undefined) {
        if (this.#position === 0) epochs -= 1; // that epoch came to no end
        break;
      }
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
    if (code === status.badLoss) problem = this.#badLoss();
    if (code === status.badParameter) {
      problem = `after the step, ${this.#badParameter()}`;
      const copy = runner.numbers(this.#at.copy, this.#program.parameters.length);
      runner.numbers(PARAMETERS, copy.length).set(copy);
    }
    return {
      end:
        problem !== undefined
          ? "not finite"
          : code === status.low
            ? "low"
            : code === status.held
              ? "held"
              : "done",
      steps: made,
      losses: Math.min(
        steps,
        made + (code === status.done || code === status.badParameter ? 0 : 1),
      ),
      stepLosses,
      epochLosses: epochLosses.subarray(0, epochs),
      problem,
    };
  }

  /** Where the step that has just been measured began in the epoch. */
  #startOfStep(): number {
    const { count } = this.#rows;
    const end = this.#position === 0 ? count : this.#position;
    return this.#batch * Math.floor((end - 1) / this.#batch);
  }

  /** Puts the numbers of each step that are the same for all parameters into memory. */
  #fillScalars({ steps, first, schedule }: RunRequest): number {
    const { rule } = this.#updates!; // inside only
    const runner = this.#program.runner!; // inside only
    const scalars = runner.numbers(this.#at.scalars, LONGEST_RUN * this.#scalarCount);
    const constant = schedule === undefined && isConstant(rule);
    for (let i = 0; i < (constant ? 1 : steps); i++) {
      if (schedule !== undefined)
        this.#optimizer.rate = checkedRate(schedule(first + i), first + i);
      const row = rule.scalars(checkedRate(this.#optimizer.rate, first + i), this.#t + i + 1);
      for (let k = 0; k < row.length; k++) scalars[i * row.length + k] = row[k];
    }
    return constant ? 0 : 8 * this.#scalarCount;
  }

  /** What the engine says of a step whose gradients are not all finite; undefined: they are. */
  #askEngine(start: number): string | undefined {
    const runner = this.#program.runner!; // inside only
    const { interpreter, parameters } = this.#program;
    this.store();
    const examples = this.#order.subarray(start, Math.min(start + this.#batch, this.#rows.count));
    interpreter.gradient(this.#rows, examples);
    const bad = parameters.findIndex(({ grad }) => !Number.isFinite(grad));
    if (bad >= 0) return `the gradient of ${nameOf(parameters, bad)} is ${parameters[bad].grad}`;
    const gradients = runner.numbers(runner.at.gradients, parameters.length);
    runner.compiled.parameterAt.forEach((at, i) => {
      gradients[(at - PARAMETERS) / 8] = parameters[i].grad;
    });
    return undefined;
  }

  #badLoss(): string {
    const { interpreter } = this.#program;
    const runner = this.#program.runner!; // inside only
    this.store();
    const size = Math.min(this.#batch, this.#rows.count - this.#position);
    const losses = runner.numbers(runner.at.results, size);
    const bad = losses.findIndex((loss) => !Number.isFinite(loss));
    if (bad < 0) return "the loss is not finite";
    const example = this.#order[this.#position + bad];
    return firstNotFinite([interpreter.lossOf(this.#rows, example)]);
  }

  #badParameter(): string {
    this.store();
    const { parameters } = this.#program;
    const bad = parameters.findIndex(({ data }) => !Number.isFinite(data));
    return `${nameOf(parameters, bad)} is ${parameters[bad]?.data}`;
  }

  /** Brings the parameters back, as they are now. */
  store(): void {
    const { runner, parameters } = this.#program;
    if (runner === undefined || this.#updates === undefined) return;
    const memory = runner.numbers(0, runner.compiled.end / 8);
    runner.compiled.parameterAt.forEach((at, i) => {
      parameters[i].data = memory[at / 8];
    });
  }

  /** Brings back everything: parameters, their gradients of the last step, the optimizer's memory. */
  finish(): void {
    const { runner, parameters } = this.#program;
    if (runner === undefined || this.#updates === undefined) return;
    this.store();
    if (this.#t > 0) Value.writeGradients(parameters, runner.gradients());
    const count = parameters.length;
    const { kept: keptCount } = this.#updates.rule;
    const kept = runner.numbers(this.#at.kept, count * keptCount);
    const states = runner.compiled.parameterAt.map((at) => ({
      t: this.#t,
      kept: Array.from({ length: keptCount }, (_, k) => kept[k * count + (at - PARAMETERS) / 8]),
    }));
    this.#updates.write(parameters, states);
  }

  // ---- Outside -----------------------------------------------------------------------------

  /** The same, step by step, for optimizers that only know Values, and where nothing is compiled. */
  #runOutside({ steps, first, schedule, hold, low }: RunRequest): RunOutcome {
    throw new Error(`not yet ${steps} ${first} ${schedule} ${hold} ${low}`);
  }
}

const trainers = new WeakMap<Runner, WeakMap<UpdateRule, WasmExports["run"]>>();

/** The training loop for a rule, made once for each module at work. */
export function trainerOf(runner: Runner, rule: UpdateRule, count: number): WasmExports["run"] {
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

/** Are the scalars the same in every step, as far as the rule uses them, if the rate is? */
function isConstant(rule: UpdateRule): boolean {
  const [one, two, three] = [1, 2, 3].map((t) => rule.scalars(0.5, t));
  const { results } = formulasOf(rule);
  const used = new Set(results);
  for (const formula of used) for (const input of formula.inputs) used.add(input); // grows as it runs
  const variables = new Set(
    [...used].filter(({ name }) => name === "variable").map(({ number }) => number),
  );
  return one.every((x, k) => !variables.has(2 + rule.kept + k) || (x === two[k] && x === three[k]));
}

const nameOf = (parameters: readonly Value[], i: number): string => {
  const label = parameters[i]?.label;
  return label ? JSON.stringify(label) : `parameter number ${i}`;
};

function checkedRate(rate: number, step: number): number {
  if (expectFinite(rate, `Program.train, the rate of step ${step}`) >= 0) return rate;
  throw new RangeError(`Program.train, the rate of step ${step}: expected at least 0, got ${rate}`);
}

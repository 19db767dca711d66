/**
 * `compile` and what it returns: a program, to be asked for gradients, losses and predictions, and
 * to be trained. Read module.ts first.
 */

import { describe, expectCount, expectOneOf, expectOptions } from "../errors.ts";
import { Module } from "../nn.ts";
import { Value } from "../value.ts";
import { C, type Dialect, inComment, JavaScript } from "./dialects.ts";
import { Interpreter } from "./interpreter.ts";
import { hasFused, whatIsMissing } from "./machine.ts";
import { type Compiled, compileModule, type Mode, modes, type Path } from "./module.ts";
import { type Batch, type Rows, toRows } from "./rows.ts";
import { Runner } from "./runner.ts";
import { type Trace, trace } from "./trace.ts";
import { type ProgramTraining, type ProgramTrainOptions, trainProgram } from "./training.ts";
import { type Viewed, writeProgram } from "./view.ts";
import { print } from "./wat.ts";

/** The loss of one example, made of its inputs and targets as Values. */
export type Loss = (inputs: Value[], targets: Value[]) => Value;

/** What {@link compile} has to know besides the loss. */
export interface CompileOptions {
  /** A module, or its parameters: leaves that the loss depends on, each once. */
  readonly parameters: Module | readonly Value[];
  /** How many inputs an example has. */
  readonly inputs: number;
  /** How many targets an example has: 1 unless said otherwise. */
  readonly targets?: number;
  /** What is predicted for an example, for `predict`. */
  readonly predict?: (inputs: Value[]) => Value | readonly Value[];
  /** What is added to the mean loss once a step, made of parameters alone, such as weight decay. */
  readonly regularizer?: (parameters: Value[]) => Value;
  /** "exact" unless said otherwise. */
  readonly mode?: Mode;
}

/**
 * Compiles the loss of one example: traces it once, derives its gradient, recovers the layers, and
 * writes everything as WebAssembly.
 *
 * The function has to do the same operations for every example, whatever its numbers are. In the
 * mode "exact" the results are the engine's to the last bit.
 *
 * What cannot be compiled, here or at all, is computed by the engine, with the same results:
 * {@link Program.path} and {@link Program.reason} say so.
 *
 * @example
 * const model = new MLP(2, [16, 16, 1], { activation: "relu" });
 * const program = compile((x, t) => hinge(model.forward(x), t), { parameters: model, inputs: 2 });
 * program.gradient(points, sides); // the mean loss; each parameter has its grad
 *
 * @throws TypeError or RangeError if an option is not what it has to be; Error if the loss looks at
 * numbers while it is traced, or does not depend on one of its inputs, targets or parameters
 */
export function compile(loss: Loss, options: CompileOptions): Program {
  if (typeof loss !== "function") {
    throw new TypeError(`compile: expected the loss to be a function, got ${describe(loss)}`);
  }
  expectOptions(options, optionNames, "compile");
  const { inputs, targets = 1, predict, regularizer, mode = "exact" } = options;
  expectCount(inputs, 1, "compile, inputs");
  expectCount(targets, 0, "compile, targets");
  expectOneOf(mode, modes, "compile, mode");
  const parameters = parametersOf(options.parameters);
  for (const [name, f] of Object.entries({ predict, regularizer })) {
    if (f !== undefined && typeof f !== "function") {
      throw new TypeError(`compile, ${name}: expected a function, got ${describe(f)}`);
    }
  }

  const tracedLoss = trace({
    where: "compile, loss",
    make: (x, t) => [loss(x, t)],
    inputs,
    targets,
    parameters,
  });
  expectComplete(tracedLoss, { inputs, targets, parameters });
  const tracedPredict =
    predict &&
    trace({
      where: "compile, predict",
      make: (x) => {
        const outputs = predict(x);
        return outputs instanceof Value ? [outputs] : outputs;
      },
      inputs,
      targets: 0,
      parameters,
    });
  const tracedRegularizer =
    regularizer &&
    trace({
      where: "compile, regularizer",
      make: () => [regularizer([...parameters])],
      inputs: 0,
      targets: 0,
      parameters,
    });
  const outputs = tracedPredict?.outputs.length ?? 0;
  if (predict !== undefined && outputs === 0) {
    throw new RangeError("compile, predict: expected at least one prediction, got none");
  }
  const interpreter = new Interpreter({ loss, predict, regularizer, parameters, inputs, targets });
  const actual = mode === "fused" && !hasFused() ? "fast" : mode;
  const made =
    whatIsMissing() ??
    compileModule({
      loss: tracedLoss,
      predict: tracedPredict,
      regularizer: tracedRegularizer,
      inputs,
      targets,
      parameters,
      mode: actual,
    });
  const viewed = {
    loss: tracedLoss,
    predict: tracedPredict,
    regularizer: tracedRegularizer,
    inputs,
    targets,
    parameters,
  };
  const parts = { interpreter, inputs, targets, outputs, parameters, mode: actual, viewed };
  return new Program(made, parts);
}

const optionNames = ["parameters", "inputs", "targets", "predict", "regularizer", "mode"];

function parametersOf(given: Module | readonly Value[]): readonly Value[] {
  const parameters = given instanceof Module ? given.parameters() : given;
  if (!Array.isArray(parameters)) {
    throw new TypeError(
      `compile, parameters: expected a module or an array of Values, got ${describe(given)}`,
    );
  }
  if (parameters.length === 0) {
    throw new RangeError("compile, parameters: expected at least one, got none");
  }
  const seen = new Set<Value>();
  parameters.forEach((parameter, i) => {
    if (!(parameter instanceof Value) || parameter.op !== "" || seen.has(parameter)) {
      const got = seen.has(parameter) ? "the same one again" : describe(parameter);
      throw new TypeError(
        `compile, parameters: expected a leaf, each once, got ${got} as number ${i}`,
      );
    }
    seen.add(parameter);
  });
  return parameters;
}

/** @throws RangeError if the loss leaves something out */
function expectComplete(
  { nodes }: Trace,
  {
    inputs,
    targets,
    parameters,
  }: { inputs: number; targets: number; parameters: readonly Value[] },
): void {
  const used = {
    input: new Set<number>(),
    target: new Set<number>(),
    parameter: new Set<number>(),
  };
  for (const { role, index } of nodes) if (role in used) used[role as keyof typeof used].add(index);
  const expectUsed = (role: keyof typeof used, count: number, name: (i: number) => string) => {
    const missing = Array.from({ length: count }, (_, i) => i).find((i) => !used[role].has(i));
    if (missing === undefined) return;
    throw new RangeError(
      `compile, loss: expected it to depend on every ${role}, but it ignores ${name(missing)}`,
    );
  };
  expectUsed("input", inputs, (i) => `input ${i} (of ${inputs})`);
  expectUsed("target", targets, (i) => `target ${i} (of ${targets})`);
  expectUsed("parameter", parameters.length, (i) => {
    const { label } = parameters[i];
    return label === "" ? `parameter number ${i}` : `the parameter ${JSON.stringify(label)}`;
  });
}

/** What a program is made of, besides its module. */
interface Parts {
  readonly interpreter: Interpreter;
  readonly inputs: number;
  readonly targets: number;
  readonly outputs: number;
  readonly parameters: readonly Value[];
  readonly mode: Mode;
  readonly viewed: Viewed;
}

/** A compiled loss; made by {@link compile}. */
export class Program {
  /** How it is carried out: as loops over layers, number by number, or by the engine. */
  readonly path: Path;
  /** Why the engine does it; undefined if it does not. */
  readonly reason: string | undefined;
  /** How sums are added up. "fused" has become "fast" where the machine has no such operation. */
  readonly mode: Mode;
  /** The module; empty if the engine does it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many inputs and targets an example has, and how many predictions there are for one. */
  readonly inputs: number;
  readonly targets: number;
  readonly outputs: number;
  readonly parameters: readonly Value[];
  /** @internal */
  readonly interpreter: Interpreter;
  /** @internal What runs; undefined if the engine does it. */
  readonly runner: Runner | undefined;
  readonly #viewed: Viewed;

  /** @internal */
  constructor(made: Compiled | string, parts: Parts) {
    const { interpreter, inputs, targets, outputs, parameters, mode, viewed } = parts;
    this.interpreter = interpreter;
    this.inputs = inputs;
    this.targets = targets;
    this.outputs = outputs;
    this.parameters = parameters;
    this.mode = mode;
    this.#viewed = viewed;
    let runner: Runner | undefined;
    let reason = typeof made === "string" ? made : undefined;
    if (typeof made !== "string") {
      try {
        runner = new Runner(made, parameters);
      } catch (error) {
        // A page may forbid WebAssembly, or there may be no memory left.
        reason = error instanceof Error ? error.message : String(error);
      }
    }
    this.runner = runner;
    this.reason = reason;
    this.path = runner?.compiled.path ?? "engine";
    this.bytes = runner?.bytes ?? new Uint8Array(0);
  }

  /**
   * The mean loss of these examples, plus the regularizer. Each parameter gets its gradient as
   * `grad`, as after `zeroGrad` and then `backward` of the mean loss and of the regularizer.
   *
   * @param inputs one row for each example
   * @param targets likewise
   * @throws RangeError or TypeError if there are not as many of both, or none, or a row is not
   * what it has to be; the message names the row and column
   */
  gradient(inputs: Rows, targets: Rows = []): number {
    const batch = this.#batch(inputs, targets, "Program.gradient");
    const { runner, interpreter } = this;
    if (runner === undefined) return interpreter.gradient(batch);
    runner.load(batch);
    return this.takeGradients(batch, runner, runner.gradient());
  }

  /** @internal Takes the gradients that a runner has computed together with this loss. */
  takeGradients(batch: Batch, runner: Runner, loss: number): number {
    const gradients = runner.gradients();
    // Not finite: the engine knows best, for it lets nothing through where nothing was chosen.
    if (!Number.isFinite(loss) || !gradients.every(Number.isFinite))
      return this.interpreter.gradient(batch);
    Value.writeGradients(this.parameters, gradients);
    return loss;
  }

  /** The mean loss of these examples, plus the regularizer; throws as {@link gradient}. */
  loss(inputs: Rows, targets: Rows = []): number {
    const batch = this.#batch(inputs, targets, "Program.loss");
    if (this.runner === undefined) return this.interpreter.loss(batch);
    this.runner.load(batch);
    return this.runner.loss();
  }

  /** The loss of each of these examples; throws as {@link gradient}. */
  losses(inputs: Rows, targets: Rows = []): Float64Array {
    const batch = this.#batch(inputs, targets, "Program.losses");
    if (this.runner === undefined) return this.interpreter.losses(batch);
    this.runner.load(batch);
    return this.runner.losses();
  }

  /**
   * What is predicted for these examples, row after row, {@link outputs} numbers in each.
   *
   * @throws Error if `compile` was not told how to predict
   */
  predict(inputs: Rows): Float64Array {
    if (this.outputs === 0) {
      throw new Error("Program.predict: expected compile to be given the option predict");
    }
    const rows = toRows(inputs, this.inputs, "Program.predict, inputs");
    const batch = { inputs: rows, targets: new Float64Array(0), count: rows.length / this.inputs };
    if (batch.count === 0) return new Float64Array(0);
    if (this.runner === undefined) return this.interpreter.predict(batch);
    this.runner.load(batch);
    return this.runner.predict(this.outputs);
  }

  /**
   * Trains: makes steps of an optimizer, each with the gradient of a batch, until all are made or
   * something is not finite. The parameters and the optimizer are left as if the optimizer had made
   * the steps itself.
   *
   * With an SGD, Adam or AdamW of this library everything happens within WebAssembly.
   *
   * @throws RangeError or TypeError if the data or an option is not what it has to be
   */
  train(inputs: Rows, targets: Rows, options: ProgramTrainOptions): ProgramTraining {
    return trainProgram(this, this.#batch(inputs, targets, "Program.train"), options);
  }

  /**
   * The program as a JavaScript module, to be read or to be run elsewhere, with the bits of the mode
   * "exact". It exports `gradient(parameters, inputs, targets, count, gradients)`, which fills in
   * the gradients and returns the mean loss, and `predict(parameters, inputs, count, predictions)`
   * if `compile` was told how to predict: Float64Arrays with one row after the other. Leaves that
   * are no parameters are in it as numbers.
   *
   * @throws RangeError if there are too many operations that are in no layer; Error if an operation
   * of your own decides in JavaScript
   */
  toJavaScript(): string {
    return this.#write(JavaScript, "Program.toJavaScript");
  }

  /** The same functions in C11, to be compiled with -ffp-contract=off; see {@link toJavaScript}. */
  toC(): string {
    return this.#write(C, "Program.toC");
  }

  /** The module in the text format of WebAssembly; an empty one if the engine does it. */
  toWat(): string {
    if (this.runner !== undefined) return print(this.runner.compiled.module);
    return `;; There is no module, the engine does it: ${inComment(this.reason ?? "")}\n(module)\n`;
  }

  #write(dialect: Dialect, where: string): string {
    return writeProgram(this.#viewed, dialect, where);
  }

  #batch(inputs: Rows, targets: Rows, where: string): Batch {
    return batchOf(this, inputs, targets, where);
  }
}

/** @throws RangeError or TypeError if the rows do not fit the program */
export function batchOf(program: Program, inputs: Rows, targets: Rows, where: string): Batch {
  const x = toRows(inputs, program.inputs, `${where}, inputs`);
  const t = toRows(targets, program.targets, `${where}, targets`);
  const count = x.length / program.inputs;
  if (count === 0) throw new RangeError(`${where}: expected at least one example, got none`);
  if (program.targets > 0 && t.length / program.targets !== count) {
    throw new RangeError(
      `${where}: expected as many rows of targets as of inputs, got ${t.length / program.targets} ` +
        `and ${count}`,
    );
  }
  return { inputs: x, targets: t, count };
}

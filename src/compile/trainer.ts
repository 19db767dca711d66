/**
 * The training loop as a module of its own, which works on the memory of a program's module and
 * calls its functions: batch after batch, gradient and update, until something is not finite or
 * all steps are done. Read emit.ts and optim.ts first.
 *
 * What moves the parameters is the optimizer's own statement, {@link UpdateRule}, two parameters
 * at a time.
 */

import type { UpdateRule } from "../optim.ts";
import { PARAMETERS } from "./emit.ts";
import { type Formula, Sheet } from "./formula.ts";
import { advance, repeat } from "./kernels.ts";
import { emitFormulas, mathGlobals } from "./math-wasm.ts";
import { type Import, type Local, type Module, WasmFunction } from "./wasm.ts";

/** Why `run` came back. */
export const status = {
  /** All steps were made. */
  done: 0,
  /** The loss of a step is not finite; the parameters are those it was found with. */
  badLoss: 1,
  /** A gradient is not finite; no parameter was moved in this step. */
  badGradient: 2,
  /** A parameter is not finite after a step; the copy has those from before. */
  badParameter: 3,
  /** The loss of an epoch is low enough; its last step was not made. */
  low: 4,
  /** The gradients of the last step are there, and it is to be decided whether to make it. */
  held: 5,
} as const;

/** The results of `run` in memory: the steps made, the place in the epoch, the epochs ended. */
export const STEPS = 0;
export const POSITION = 4;
export const EPOCHS = 8;
/** The sum of the losses of the epoch so far. */
export const TOTAL = 16;
/** Bytes of these results. */
export const RESULTS = 32;

/** The parameters of `run`, in their order: i32 unless said otherwise. */
export const runParameters = [
  "steps",
  "batch",
  "count",
  "hold", // end with `held` instead of the last step?
  "pending", // begin with making a step whose gradients are there?
  "inputs",
  "targets",
  "order",
  "gradients",
  "workspace",
  "losses", // of examples
  "stepLosses",
  "epochLosses",
  "scalars",
  "scalarBytes", // from those of a step to those of the next
  "kept", // first of all parameters, then second
  "copy", // of the parameters before the step
  "results",
] as const;

/** What `run` is called with, by name. */
export type RunNumbers = Readonly<Record<(typeof runParameters)[number] | "low", number>>;

/** The same as a list. */
export const argumentsOf = (numbers: RunNumbers): number[] =>
  [...runParameters, "low" as const].map((name) => numbers[name]);

/**
 * The module of a training loop.
 *
 * It exports `run(...runParameters, low: f64)` and imports `gradient` and, if there is one,
 * `regularizer` of the program.
 *
 * @param count how many parameters there are
 */
export function trainerModule(rule: UpdateRule, count: number, regularizer: boolean): Module {
  const imports: Import[] = [
    {
      name: "gradient",
      parameters: ["i32", "i32", "i32", "i32", "f64", "i32", "i32", "i32"],
      results: [],
    },
  ];
  if (regularizer) imports.push({ name: "regularizer", parameters: ["i32"], results: ["f64"] });
  const functions = [
    updateFunction(rule, count),
    finiteFunction(),
    runFunction(count, regularizer),
  ];
  return { functions, imports, globals: mathGlobals(functions), exports: ["run"] };
}

const i32 = (name: string): Local => ({ type: "i32", name });

/**
 * Are `count` numbers from `at` all finite? x - x is 0 for those, all bits 0, and NaN for others;
 * bits are gathered, as that is faster than adding up.
 */
function finiteFunction(): WasmFunction {
  const f = new WasmFunction("finite", [i32("at"), i32("count")], ["i32"]);
  f.about = "Are these numbers all finite?";
  const [at, count] = [0, 1];
  const end = f.local("i32", "end");
  const bits = f.local("v128", "bits");
  const pair = f.local("v128", "pair");
  f.get(at).get(count).i32(-2).emit("i32.and").i32(8).emit("i32.mul").emit("i32.add").set(end);
  f.emit("block").get(at).get(end).emit("i32.ge_u").emit("br_if", 0);
  repeat(f, () => {
    f.get(bits).get(at).emit("v128.load").tee(pair).get(pair).emit("f64x2.sub");
    f.emit("v128.or").set(bits);
    f.get(at).i32(16).emit("i32.add").tee(at).get(end).emit("i32.lt_u");
  });
  f.emit("end");
  f.get(count).i32(1).emit("i32.and").emit("if");
  f.get(bits).get(at).emit("v128.load64_splat").tee(pair).get(pair).emit("f64x2.sub");
  f.emit("v128.or").set(bits);
  f.emit("end");
  f.get(bits).emit("v128.any_true").emit("i32.eqz");
  return f;
}

/**
 * Moves all parameters, of which it leaves a copy from before, and says whether all are finite:
 * (gradients, kept, scalars, copy).
 */
function updateFunction(rule: UpdateRule, count: number): WasmFunction {
  const parameters = ["gradients", "kept", "scalars", "copy"].map(i32);
  const f = new WasmFunction("update", parameters, ["i32"]);
  f.about = "A step of the optimizer: are all numbers finite after it?";
  const [gradients, kept, scalars, copy] = parameters.keys();
  const at = f.local("i32", "at");
  const bits = f.local("v128", "bits"); // as in finiteFunction
  const { results, scalarCount } = formulasOf(rule);

  /** Moves the parameters at offset `at`: two of them, or one. */
  const move = (width: "v128" | "f64") => {
    const variables: number[] = [];
    const variable = (push: () => void, name: string) => {
      const local = f.local(width, name);
      push();
      f.set(local);
      variables.push(local);
    };
    variable(() => f.get(at).emit(`${width}.load`, PARAMETERS), "w");
    variable(() => f.get(gradients).get(at).emit("i32.add").emit(`${width}.load`), "g");
    for (let k = 0; k < rule.kept; k++) {
      const load = () =>
        f
          .get(kept)
          .get(at)
          .emit("i32.add")
          .emit(`${width}.load`, 8 * count * k);
      variable(load, `kept${k}`);
    }
    const splat = width === "v128" ? "v128.load64_splat" : "f64.load";
    for (let k = 0; k < scalarCount; k++) {
      variable(() => f.get(scalars).emit(splat, 8 * k), `scalar${k}`);
    }
    f.get(copy).get(at).emit("i32.add").get(variables[0]).emit(`${width}.store`);
    const [w, ...keep] = emitFormulas(f, results, (i) => variables[i], width);
    f.get(at).get(w).emit(`${width}.store`, PARAMETERS);
    f.get(bits);
    f.get(w)
      .get(w)
      .emit(width === "v128" ? "f64x2.sub" : "f64.sub");
    if (width === "f64") f.emit("f64x2.splat");
    f.emit("v128.or").set(bits);
    keep.forEach((local, k) => {
      f.get(kept)
        .get(at)
        .emit("i32.add")
        .get(local)
        .emit(`${width}.store`, 8 * count * k);
    });
  };
  if (count > 1) {
    repeat(f, () => {
      move("v128");
      f.get(at)
        .i32(16)
        .emit("i32.add")
        .tee(at)
        .i32(8 * (count - 1))
        .emit("i32.lt_u");
    });
  }
  if (count % 2 === 1) move("f64");
  f.get(bits).emit("v128.any_true").emit("i32.eqz");
  return f;
}

/** The rule as formulas of w, g, what is kept, and the scalars, numbered in this order. */
export function formulasOf(rule: UpdateRule): { results: Formula[]; scalarCount: number } {
  const sheet = new Sheet();
  const w = sheet.variable(0);
  const g = sheet.variable(1);
  const scalarCount = rule.scalars(0.5, 1).length;
  const kept: (Formula | number)[] = [];
  for (let k = 0; k < rule.kept; k++) kept.push(sheet.variable(2 + k));
  const scalars = Array.from({ length: scalarCount }, (_, k) => sheet.variable(2 + rule.kept + k));
  const moved = rule.update<Formula>(sheet.arithmetic, w, g, kept, scalars);
  const results = [moved, ...kept].map((x) => (typeof x === "number" ? sheet.number(x) : x));
  return { results, scalarCount };
}

function runFunction(count: number, regularizer: boolean): WasmFunction {
  const parameters: Local[] = [...runParameters.map(i32), { type: "f64", name: "low" }];
  const f = new WasmFunction("run", parameters, ["i32"]);
  f.about = "The loop over the steps.";
  const local = Object.fromEntries(parameters.map(({ name }, i) => [name, i]));
  const step = f.local("i32", "step");
  const position = f.local("i32", "position");
  const epochs = f.local("i32", "epochs");
  const size = f.local("i32", "size");
  const at = f.local("i32", "at");
  const end = f.local("i32", "end");
  const sum = f.local("f64", "sum");
  const total = f.local("f64", "total");

  const leave = (code: number) => {
    f.get(local.results).get(step).emit("i32.store", STEPS);
    f.get(local.results).get(position).emit("i32.store", POSITION);
    f.get(local.results).get(epochs).emit("i32.store", EPOCHS);
    f.get(local.results).get(total).emit("f64.store", TOTAL);
    f.i32(code).emit("return");
  };
  const element = (array: number, index: number) => {
    f.get(array).get(index).i32(8).emit("i32.mul").emit("i32.add");
  };

  f.get(local.results).emit("i32.load", POSITION).set(position);
  f.get(local.results).emit("f64.load", TOTAL).set(total);
  repeat(f, () => {
    f.get(local.pending).emit("i32.eqz").emit("if");

    // 1. The batch: what is left of the epoch, but not too much.
    f.get(local.batch).get(local.count).get(position).emit("i32.sub");
    f.get(local.batch).get(local.count).get(position).emit("i32.sub").emit("i32.lt_u");
    f.emit("select").set(size);
    f.get(local.inputs).get(local.targets);
    f.get(local.order).get(position).i32(4).emit("i32.mul").emit("i32.add").get(size);
    f.f64(1).get(size).emit("f64.convert_i32_u").emit("f64.div");
    f.get(local.gradients).get(local.workspace).get(local.losses).emit("call", "gradient");

    // 2. Its loss, added up from the first example to the last.
    f.get(local.losses).emit("f64.load").set(sum);
    f.get(total).get(sum).emit("f64.add").set(total);
    element(local.losses, size);
    f.set(end);
    f.get(local.losses).i32(8).emit("i32.add").set(at);
    f.emit("block").get(size).i32(1).emit("i32.eq").emit("br_if", 0);
    repeat(f, () => {
      f.get(sum).get(at).emit("f64.load").emit("f64.add").set(sum);
      f.get(total).get(at).emit("f64.load").emit("f64.add").set(total);
      f.get(at).i32(8).emit("i32.add").tee(at).get(end).emit("i32.ne");
    });
    f.emit("end");
    f.get(sum).get(size).emit("f64.convert_i32_u").emit("f64.div");
    if (regularizer) f.get(local.gradients).emit("call", "regularizer").emit("f64.add");
    f.set(sum);
    element(local.stepLosses, step);
    f.get(sum).emit("f64.store");
    f.get(sum).get(sum).emit("f64.sub").f64(0).emit("f64.ne").emit("if");
    leave(status.badLoss);
    f.emit("end");
    // 3. At the end of an epoch, its loss.
    f.get(position).get(size).emit("i32.add").tee(position).get(local.count);
    f.emit("i32.ge_u").emit("if").i32(0).set(position);
    f.get(total).get(local.count).emit("f64.convert_i32_u").emit("f64.div").set(sum);
    f.f64(0).set(total);
    element(local.epochLosses, epochs);
    f.get(sum).emit("f64.store");
    advance(f, epochs, 1);
    f.emit("else").f64(Infinity).set(sum).emit("end");

    // 4. Reasons not to make the step.
    f.get(local.gradients).i32(count).emit("call", "finite").emit("i32.eqz").emit("if");
    leave(status.badGradient);
    f.emit("end");
    f.get(sum).get(local.low).emit("f64.lt").emit("if");
    leave(status.low);
    f.emit("end");
    f.get(step).get(local.steps).i32(1).emit("i32.sub").emit("i32.eq");
    f.get(local.hold).emit("i32.and").emit("if");
    leave(status.held);
    f.emit("end");

    f.emit("end").i32(0).set(local.pending);

    // 5. The step.
    f.get(local.gradients).get(local.kept);
    f.get(local.scalars).get(step).get(local.scalarBytes).emit("i32.mul").emit("i32.add");
    f.get(local.copy).emit("call", "update");
    advance(f, step, 1);
    f.emit("i32.eqz").emit("if");
    leave(status.badParameter);
    f.emit("end");
    f.get(step).get(local.steps).emit("i32.lt_u");
  });
  leave(status.done);
  f.emit("unreachable");
  return f;
}

/**
 * All four passes, one after the other: from a function over Values to the bytes of a module. Read
 * trace.ts, reverse.ts, layers.ts and emit.ts first.
 */

import type { Operation } from "../operations.ts";
import type { Value } from "../value.ts";
import { type Analysis, Emitter, isSimple, PARAMETERS, type Target } from "./emit.ts";
import { whatFormulasMiss } from "./formula.ts";
import { computedNodes, type Plan, recoverLayers, withoutLayers } from "./layers.ts";
import { mathGlobals, scalarMath, vectorMath } from "./math-wasm.ts";
import { emitRegularizer } from "./regularizer.ts";
import { reverse } from "./reverse.ts";
import type { Trace } from "./trace.ts";
import type { Module } from "./wasm.ts";

/**
 * How sums over examples are added up.
 *
 * - `exact`: as the engine does, bit for bit
 * - `fast`: even and odd examples apart: other bits than the engine's, the same ones everywhere
 * - `fused`: like fast, and a·b + c is rounded once where the machine can do that
 */
export type Mode = "exact" | "fast" | "fused";

/** The names of all modes. */
export const modes: readonly Mode[] = ["exact", "fast", "fused"];

/**
 * How a program is carried out.
 *
 * - `layers`: as loops over recovered layers
 * - `straight`: number by number, two examples at a time or, where the order asks for it, one
 * - `engine`: not compiled at all
 */
export type Path = "layers" | "straight" | "engine";

/** A module and where in memory its numbers are. */
export interface Compiled {
  readonly path: Exclude<Path, "engine">;
  readonly module: Module;
  /** Bytes, from the start of the memory. */
  readonly parameterAt: readonly number[];
  readonly frozen: readonly Value[];
  readonly frozenAt: readonly number[];
  /** The first byte that is free for the data. */
  readonly end: number;
  readonly workspaceBytes: number;
  /** How many predictions there are for an example. */
  readonly outputs: number;
  /** What the passes found out, for those who want to look. */
  readonly loss: Analysis;
}

/** Code beyond so many nodes of an example is slower than the engine, or refused by V8. */
const LARGEST = 12_000;

/** Nodes that one function computes: more take V8 too long. */
const LARGEST_BLOCK = 1000;

/** Examples in a chunk: their numbers in a net of 16 + 16 neurons fit in 32 kB. */
const CHUNK = 52;

/** What can be compiled: the traces of a loss and, perhaps, of predictions. */
export interface Source {
  readonly loss: Trace;
  readonly predict: Trace | undefined;
  readonly regularizer: Trace | undefined;
  readonly inputs: number;
  readonly targets: number;
  readonly parameters: readonly Value[];
  readonly mode: Mode;
  /** Memory that workers share may grow to so many pages. */
  readonly shared?: { readonly pages: number };
}

/**
 * Compiles.
 *
 * @returns the module; or, if the engine is the better choice, the reason in words
 */
export function compileModule(source: Source): Compiled | string {
  const { loss, predict, regularizer, inputs, targets, parameters, mode, shared } = source;
  const traces = [loss, predict, regularizer].flatMap((trace) => trace ?? []);
  const operations = new Set<Operation>();
  for (const { nodes } of traces) for (const { operation } of nodes) operations.add(operation);
  for (const operation of operations) {
    const missing = whatFormulasMiss(operation);
    if (missing !== undefined) return missing;
  }
  const count = parameters.length;
  const lossAnalysis = analyse(loss, mode, true, (plan) => placesOf([plan], count) !== undefined);
  if (typeof lossAnalysis === "string") return lossAnalysis;
  const { plan, width } = lossAnalysis;
  const canStandBeside = (own: Plan) => placesOf([plan, own], count) !== undefined;
  const predictAnalysis = predict && analyse(predict, mode, false, canStandBeside);
  if (typeof predictAnalysis === "string") return predictAnalysis;
  const plans = [plan, ...(predictAnalysis === undefined ? [] : [predictAnalysis.plan])];
  const parameterAt = placesOf(plans, count)!; // what has no places has not come so far
  const after = PARAMETERS + 8 * parameters.length;
  // Frozen leaves: those of the loss, of the predictions, of the regularizer.
  const frozen = [loss, predict, regularizer].flatMap((trace) => trace?.frozen ?? []);
  const frozenAt = frozen.map((_, i) => after + 8 * i);
  const frozenOfPredict = frozenAt.slice(loss.frozen.length);
  const frozenOfRegularizer = frozenOfPredict.slice(predict?.frozen.length ?? 0);
  const target: Target = {
    width,
    chunk: width === "f64" ? 1 : CHUNK,
    ordered: mode === "exact",
    fused: mode === "fused",
    parameterAt,
  };
  const emitter = new Emitter(target);
  const sizes = { inputs, targets };
  const bytes = [emitter.program(lossAnalysis, sizes, frozenAt)];
  if (predictAnalysis !== undefined) {
    bytes.push(emitter.program(predictAnalysis, sizes, frozenOfPredict));
  }
  const added =
    regularizer && emitRegularizer(regularizer, parameterAt, frozenOfRegularizer, mode === "exact");
  if (typeof added === "string") return added;
  const used = new Set([...emitter.math, ...(added?.math ?? [])]);
  const scalar = scalarMath(used);
  const vector = width === "v128" || added !== undefined ? vectorMath(used) : [];
  const math = [...new Map([...scalar, ...vector].map((f) => [f.name, f])).values()];
  const functions = [...math, ...emitter.functions, ...(added?.functions ?? [])];
  const module: Module = {
    functions,
    globals: mathGlobals(functions),
    exports: ["gradient", "loss"]
      .concat(predict === undefined ? [] : "predict")
      .concat(regularizer === undefined ? [] : "regularizer"),
    ...(shared && { shared }),
  };
  return {
    path: plan.blocks.some(({ kind }) => kind !== "scalars") ? "layers" : "straight",
    module,
    parameterAt,
    frozen,
    frozenAt,
    end: 16 * Math.ceil((after + 8 * frozen.length) / 16),
    workspaceBytes: Math.max(...bytes),
    outputs: predict?.outputs.length ?? 0,
    loss: lossAnalysis,
  };
}

/** Runs the second and third pass, and chooses a path; `hasPlaces` tells which plans can be. */
function analyse(
  trace: Trace,
  mode: Mode,
  gradients: boolean,
  hasPlaces: (plan: Plan) => boolean,
): (Analysis & { width: "v128" | "f64" }) | string {
  const terms = gradients ? reverse(trace) : trace.nodes.map(() => []);
  const plan = layersOf(trace, terms, mode);
  if (plan !== undefined && hasPlaces(plan)) {
    return { trace, terms, gradients, plan, width: "v128" };
  }
  const computed = computedNodes(trace).length;
  if (computed > LARGEST) {
    return `expected at most ${LARGEST} operations for an example that are not in layers, got ${computed}`;
  }
  if (computed <= LARGEST_BLOCK) {
    return { trace, terms, gradients, plan: withoutLayers(trace), width: "v128" };
  }
  const blocks = withoutLayers(trace, LARGEST_BLOCK);
  return { trace, terms, gradients, plan: blocks, width: mode === "exact" ? "f64" : "v128" };
}

/** The plan with layers, if it has some, keeps the order that is asked for, and leaves little over. */
function layersOf(trace: Trace, terms: Analysis["terms"], mode: Mode): Plan | undefined {
  const plan = recoverLayers(trace, terms, isSimple);
  const rest = plan.blocks.flatMap((block) => (block.kind === "scalars" ? block.nodes : []));
  const largest = Math.max(
    0,
    ...plan.blocks.map((block) => (block.kind === "scalars" ? block.nodes.length : 0)),
  );
  const layered = plan.blocks.some(({ kind }) => kind !== "scalars");
  const good = layered && largest <= LARGEST_BLOCK && rest.length <= LARGEST;
  return good && (plan.ordered || mode !== "exact") ? plan : undefined;
}

/**
 * Where each parameter is: the weights of each neuron lie side by side, and neurons and biases
 * follow each other evenly. In the order in which they were given, if they do so then; otherwise
 * layer by layer; undefined if they cannot, because layers share weights in different ways.
 */
function placesOf(plans: readonly Plan[], count: number): number[] | undefined {
  const given = Array.from({ length: count }, (_, i) => PARAMETERS + 8 * i);
  const dense = plans.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === "dense" ? [block] : [])),
  );
  const isEven = (at: readonly number[]) =>
    dense.every(({ weights, biases }) => {
      const [first, second] = weights;
      const length = 8 * first.length;
      const row = second === undefined ? length : at[second[0]] - at[first[0]];
      const bias = biases === undefined || biases.length < 2 ? 8 : at[biases[1]] - at[biases[0]];
      if (row < length || bias < 8) return false; // kernels go up, and no weight has two places
      return weights.every(
        (own, r) =>
          own.every((weight, c) => at[weight] === at[first[0]] + r * row + 8 * c) &&
          (biases === undefined || at[biases[r]] === at[biases[0]] + r * bias),
      );
    });
  if (isEven(given)) return given;
  const order = new Set(
    dense.flatMap(({ weights, biases = [] }) => [...weights.flat(), ...biases]),
  );
  for (let i = 0; i < count; i++) order.add(i);
  const packed: number[] = [];
  [...order].forEach((parameter, i) => {
    packed[parameter] = PARAMETERS + 8 * i;
  });
  return isEven(packed) ? packed : undefined;
}

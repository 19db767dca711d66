/**
 * The first pass, *trace*: runs a function over Values once, with placeholders for its inputs, and
 * reads off the graph that it built: the scalar program. Read value.ts first.
 *
 * Nothing but the graph is known of the function afterwards, so it has to build the same graph for
 * every example: one that looks at numbers and decides by them is refused.
 */

import { describe, quote } from "../errors.ts";
import { leaf, type Operation } from "../operations.ts";
import { Value, watching } from "../value.ts";

/**
 * Where a number of the program comes from.
 *
 * - `input`, `target`: from the example
 * - `parameter`: one of those to be trained
 * - `frozen`: a leaf that was there before, whose number is looked up at each run
 * - `constant`: a number that the function made itself
 * - `computed`: by an operation from others
 */
export type Role = "input" | "target" | "parameter" | "frozen" | "constant" | "computed";

/** A number of the program. */
export interface TracedNode {
  readonly role: Role;
  /** Which input, target, parameter or frozen leaf, counted from 0; 0 for the others. */
  readonly index: number;
  readonly operation: Operation;
  /** The numbers it is computed from, by their places in `nodes`. */
  readonly inputs: readonly number[];
  /** The Value that was traced, with its label and origin. */
  readonly value: Value;
}

/** A scalar program. */
export interface Trace {
  /** Leaves first, then what is computed in the order in which it was: inputs before consumers. */
  readonly nodes: readonly TracedNode[];
  /** The places of what the function returned. */
  readonly outputs: readonly number[];
  readonly frozen: readonly Value[];
}

/** What is to be traced, and what its placeholders are. */
export interface Request {
  /** Names the function in messages: "compile, loss". */
  readonly where: string;
  /** Makes the outputs from the placeholders. */
  readonly make: (inputs: Value[], targets: Value[]) => readonly Value[];
  readonly inputs: number;
  readonly targets: number;
  readonly parameters: readonly Value[];
}

/**
 * Traces a function, twice, with different numbers in the placeholders.
 *
 * @throws Error if it looks at the number of a Value, or builds another graph the second time, or
 * uses what was computed before; TypeError if it does not return Values
 */
export function trace(request: Request): Trace {
  const first = read(call(request, 0.25), request);
  const again = call(request, -0.75);
  if (!isCopy(again, first)) expectSame(first, read(again, request), request.where);
  return first;
}

// ---- Calling the function --------------------------------------------------------------------

/** One call of the function. */
interface Call {
  readonly inputs: readonly Value[];
  readonly targets: readonly Value[];
  readonly outputs: readonly Value[];
  /** What it made is younger than this; placeholders are older. */
  readonly before: number;
}

function call({ where, make, ...counts }: Request, start: number): Call {
  // Numbers that are all different and neither 0 nor 1: nothing special about any of them.
  const placeholders = (count: number, name: string) =>
    Array.from({ length: count }, (_, i) => new Value(start + i / (count + 1), `${name}[${i}]`));
  const inputs = placeholders(counts.inputs, "input");
  const targets = placeholders(counts.targets, "target");
  const before = new Value(0).time;
  const made = watching(
    (node, asked) => {
      throw new Error(
        `${where}: expected only operations on Values, which are the same for every example, but it ` +
          `asked for ${asked} of ${describeValue(node)}; a compiled program has no branches: use max, relu, ` +
          "abs, clamp or an operation of your own",
      );
    },
    () => make([...inputs], [...targets]),
  );
  return { inputs, targets, outputs: expectValues(made, where), before };
}

// ---- Reading its graph -----------------------------------------------------------------------

/** Values, each with its inputs. */
type Graph = ReadonlyMap<Value, readonly Value[]>;

const noInputs: readonly number[] = [];

function read({ inputs, targets, outputs, before }: Call, { where, parameters }: Request): Trace {
  const graph = graphOf(outputs);
  const order = inOrder(graph);
  const constants = findConstants(graph, order, before);
  const hidden = hiddenBy(constants, graph, outputs);

  const leaves = new Map<Value, TracedNode>();
  const leafNode = (role: Role, index: number, value: Value): TracedNode => ({
    role,
    index,
    operation: leaf,
    inputs: noInputs,
    value,
  });
  for (const [i, value] of parameters.entries()) leaves.set(value, leafNode("parameter", i, value));
  for (const [i, value] of inputs.entries()) leaves.set(value, leafNode("input", i, value));
  for (const [i, value] of targets.entries()) leaves.set(value, leafNode("target", i, value));

  const nodes: TracedNode[] = [];
  const places = new Map<Value, number>();
  const frozen: Value[] = [];
  const placeOf = (value: Value): number => places.get(value)!; // inputs come before
  const nodeOf = (value: Value): TracedNode => {
    if (constants.has(value)) return leafNode("constant", 0, value);
    const known = leaves.get(value);
    if (known !== undefined) return known;
    const { operation } = value;
    if (operation === leaf) return leafNode("frozen", frozen.push(value) - 1, value);
    if (value.time < before) {
      throw new Error(
        `${where}: expected it to compute all it needs from leaves, but it uses ` +
          `${describeValue(value)}, which was computed before; compute it inside`,
      );
    }
    const own = graph.get(value)!.map(placeOf); // it is one of the graph
    return { role: "computed", index: 0, operation, inputs: own, value };
  };
  for (const value of order) {
    if (hidden.has(value)) continue;
    const node = nodeOf(value);
    places.set(value, nodes.length);
    nodes.push(node);
  }
  return { nodes, outputs: outputs.map(placeOf), frozen };
}

/** The graphs of several outputs as one. */
function graphOf(outputs: readonly Value[]): Graph {
  const graph = new Map<Value, readonly Value[]>();
  const visit = (value: Value) => {
    if (!graph.has(value)) graph.set(value, Value.inputsOf(value));
  };
  outputs.forEach(visit);
  for (const inputs of graph.values()) inputs.forEach(visit); // grows as it runs
  return graph;
}

/** Leaves, then the computed ones, both from the oldest. */
function inOrder(graph: Graph): Value[] {
  const leaves = new Map<number, Value>();
  const computed = new Map<number, Value>();
  for (const [value, inputs] of graph)
    (inputs.length === 0 ? leaves : computed).set(value.time, value);
  // No two Values have the same time, and numbers are sorted much faster than Values.
  return [leaves, computed].flatMap((values) =>
    Array.from(Float64Array.from(values.keys()).sort(), (time) => values.get(time)!),
  );
}

/** What is computed from the function's own constants alone, and these. */
function findConstants(graph: Graph, order: readonly Value[], before: number): Set<Value> {
  const constants = new Set<Value>();
  const isConstant = (value: Value) => constants.has(value);
  for (const value of order) {
    const inputs = graph.get(value)!; // the order is that of the graph
    if (inputs.length === 0 ? value.time > before : inputs.every(isConstant)) constants.add(value);
  }
  return constants;
}

/** The constants that only other constants use: those are known without them. */
function hiddenBy(constants: ReadonlySet<Value>, graph: Graph, outputs: readonly Value[]) {
  const hidden = new Set<Value>();
  if (Array.from(constants).every(({ op }) => op === "")) return hidden; // nothing can hide them
  for (const constant of constants) hidden.add(constant);
  for (const output of outputs) hidden.delete(output);
  for (const [value, inputs] of graph) {
    if (!constants.has(value)) for (const input of inputs) hidden.delete(input);
  }
  return hidden;
}

// ---- Comparing it with another call ----------------------------------------------------------

/**
 * Did a call surely make the graph that was traced? Goes through it with the trace side by side,
 * which takes much less time than to trace it. Says no where constants were computed.
 */
function isCopy({ inputs, targets, outputs, before }: Call, { nodes, ...traced }: Trace): boolean {
  if (outputs.length !== traced.outputs.length) return false;
  const twins: (Value | undefined)[] = nodes.map(() => undefined);
  /** Takes a Value as the twin of a node, which can have but one. */
  const pair = (place: number, value: Value): boolean => {
    const known = twins[place];
    twins[place] = value;
    return known === undefined || known === value;
  };
  if (!outputs.every((output, i) => pair(traced.outputs[i], output))) return false;
  const younger = { computed: Infinity, constant: Infinity }; // times of those before
  for (let place = nodes.length - 1; place >= 0; place--) {
    const { role, index, value, inputs: places } = nodes[place];
    const twin = twins[place];
    if (twin === undefined || twin.operation !== value.operation) return false;
    if (role === "input" && twin !== inputs[index]) return false;
    if (role === "target" && twin !== targets[index]) return false;
    if ((role === "parameter" || role === "frozen") && twin !== value) return false;
    if (role !== "computed" && role !== "constant") continue;
    // These are its own, in the same order.
    const { time } = twin;
    if (time < before || time >= younger[role]) return false;
    younger[role] = time;
    if (role === "constant") {
      if (value.operation !== leaf || !Object.is(twin.data, value.data)) return false;
      continue;
    }
    const own = Value.inputsOf(twin);
    if (own.length !== places.length) return false;
    for (let i = 0; i < own.length; i++) if (!pair(places[i], own[i])) return false;
  }
  return true;
}

/** @throws Error if another call made another graph */
function expectSame(first: Trace, second: Trace, where: string): void {
  const changed = first.nodes.findIndex((node, i) => !isSame(node, second.nodes[i]));
  if (changed < 0 && first.nodes.length === second.nodes.length) return;
  const node = first.nodes[changed] ?? second.nodes[first.nodes.length];
  throw new Error(
    `${where}: expected the same graph at every call, but the second call made another one, ` +
      `beginning at ${nameOf(node)}`,
  );
}

function isSame(a: TracedNode, b: TracedNode | undefined): boolean {
  return (
    b !== undefined &&
    a.role === b.role &&
    a.index === b.index &&
    a.operation === b.operation &&
    (a.role !== "constant" || Object.is(a.value.data, b.value.data)) &&
    a.inputs.length === b.inputs.length &&
    a.inputs.every((input, i) => input === b.inputs[i])
  );
}

// ---- Words -----------------------------------------------------------------------------------

function expectValues(made: readonly Value[], where: string): readonly Value[] {
  if (!Array.isArray(made)) {
    throw new TypeError(`${where}: expected it to return Values, got ${describe(made)}`);
  }
  for (const output of made) {
    if (!(output instanceof Value)) {
      throw new TypeError(`${where}: expected it to return a Value, got ${describe(output)}`);
    }
  }
  return made;
}

/** A node in words, for messages. */
function describeValue(value: Value): string {
  if (value.label !== "") return quote(value.label);
  const { layer, neuron } = value.origin;
  const place = layer === undefined ? "" : ` in layers.${layer}.neurons.${neuron}`;
  return value.op === "" ? "an unlabelled leaf" : `the result of ${value.op}${place}`;
}

const nameOf = (node: TracedNode): string =>
  node.role === "constant" ? `a constant ${node.value.data}` : describeValue(node.value);

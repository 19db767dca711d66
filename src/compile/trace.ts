/**
 * The first pass, *trace*: runs a function over Values once, with placeholders for its inputs, and
 * reads off the graph that it built: the scalar program. Read value.ts first.
 *
 * Nothing but the graph is known of the function afterwards, so it has to build the same graph for
 * every example: one that looks at numbers and decides by them is refused.
 */

import { describe, quote } from "../errors.ts";
import { leaf, type Operation } from "../operations.ts";
import { graphOf, Value, watching } from "../value.ts";

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
  const first = traceOnce(request, 0.25);
  const second = traceOnce(request, -0.75);
  const changed = first.nodes.findIndex((node, i) => !isSame(node, second.nodes[i]));
  if (changed >= 0 || first.nodes.length !== second.nodes.length) {
    const node = first.nodes[changed] ?? second.nodes[first.nodes.length];
    throw new Error(
      `${request.where}: expected the same graph at every call, but the second call made another ` +
        `one, beginning at ${nameOf(node)}`,
    );
  }
  return first;
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

function traceOnce(request: Request, start: number): Trace {
  const { where, make, parameters } = request;
  // Numbers that are all different and neither 0 nor 1: nothing special about any of them.
  const placeholders = (count: number, name: string) =>
    Array.from({ length: count }, (_, i) => new Value(start + i / (count + 1), `${name}[${i}]`));
  const inputs = placeholders(request.inputs, "input");
  const targets = placeholders(request.targets, "target");
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
  const outputs = expectValues(made, where);

  const graph = withConstantsFolded(reachable(outputs), new Set(outputs), before);
  const places = new Map<Value, number>();
  const frozen: Value[] = [];
  const roles = new Map<Value, { role: Role; index: number }>();
  const declare = (values: readonly Value[], role: Role) => {
    values.forEach((value, index) => {
      roles.set(value, { role, index });
    });
  };
  declare(parameters, "parameter");
  declare(inputs, "input");
  declare(targets, "target");
  const nodes = graph.map(({ value, constant }, place): TracedNode => {
    places.set(value, place);
    if (constant) return { role: "constant", index: 0, operation: leaf, inputs: [], value };
    const known = roles.get(value);
    if (known !== undefined) return { ...known, operation: leaf, inputs: [], value };
    if (value.op === "") {
      frozen.push(value);
      return { role: "frozen", index: frozen.length - 1, operation: leaf, inputs: [], value };
    }
    if (value.time < before) {
      throw new Error(
        `${where}: expected it to compute all it needs from leaves, but it uses ` +
          `${describeValue(value)}, which was computed before; compute it inside`,
      );
    }
    const { operation } = value;
    return {
      role: "computed",
      index: 0,
      operation,
      inputs: value.inputs.map((input) => places.get(input)!),
      value,
    }; // inputs come before
  });
  return { nodes, outputs: outputs.map((output) => places.get(output)!), frozen }; // all are there
}

/** The graphs of several outputs as one: leaves, then the computed ones from the oldest. */
function reachable(outputs: readonly Value[]): Value[] {
  const all = [...new Set(outputs.flatMap((output) => graphOf(output)))];
  all.sort((p, q) => p.time - q.time);
  return all.filter(({ op }) => op === "").concat(all.filter(({ op }) => op !== ""));
}

/** Marks what is computed from the function's own constants alone, and leaves out what that hides. */
function withConstantsFolded(
  graph: readonly Value[],
  outputs: ReadonlySet<Value>,
  before: number,
): { value: Value; constant: boolean }[] {
  const constants = new Set<Value>();
  for (const value of graph) {
    const constant =
      value.op === "" ? value.time > before : value.inputs.every((input) => constants.has(input));
    if (constant) constants.add(value);
  }
  const used = new Set(outputs);
  for (const value of graph) {
    if (!constants.has(value)) for (const input of value.inputs) used.add(input);
  }
  return graph
    .filter((value) => !constants.has(value) || used.has(value))
    .map((value) => ({ value, constant: constants.has(value) }));
}

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

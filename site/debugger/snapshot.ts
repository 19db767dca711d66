/**
 * The graph of a lesson's cell, carried to the debugger in an address: what the reader's engine had
 * found, beside the same graph made by the right one. Read ../kernel/take-graph.ts first.
 */

import { clamp, defineOperation, elu, graphOf, leakyRelu, Value } from "chainrule";
import { nameOf, shownNumber, Walk } from "chainrule/explain";
import { unpackText } from "../cells/share-link.ts";
import { agree } from "./agree.ts";

/** A graph from a cell, made anew with the library's operations. */
export interface Snapshot {
  /** Where it comes from: "Step 5, cell 12"; empty if the address does not say. */
  readonly from: string;
  /** What it is called in the cell: "L"; empty if it was the value of the cell's last expression. */
  readonly name: string;
  /** The graph's output, by the right engine, whose backward pass is done. */
  readonly output: Value;
  /** The gradient that the cell had found for this node; undefined if it had none. */
  readonly theirs: (node: Value) => number | undefined;
  /**
   * Is the cell's gradient of this node another one than the right one? False where the cell had none, and
   * everywhere if the two cannot be compared; a note then says why.
   */
  readonly isWrong: (node: Value) => boolean;
  /** Can the two be compared? Not if the cell's numbers do not follow from one another. */
  readonly isComparable: boolean;
  /** Sentences about what could not be carried over as it was, and what else the reader should know. */
  readonly notes: readonly string[];
}

/** A sentence for the reader about an address that carries no graph that can be shown. */
export class SnapshotError extends Error {}

/** Nodes of a graph, edges, edges into one node, characters of the text, and of its packed form. */
const MOST = { nodes: 5_000, edges: 20_000, inputs: 1_000, text: 3_000_000, packed: 1_500_000 };
const damaged =
  "The graph in this address is damaged, so it cannot be shown. Perhaps the address was cut off.";

/**
 * Reads the part of an address after #, such as `#graph=…&from=Step%205%2C%20cell%2012`.
 *
 * @returns undefined if it carries no graph
 * @throws SnapshotError if it is damaged or too large
 */
export async function readSnapshot(fragment: string): Promise<Snapshot | undefined> {
  const asked = new URLSearchParams(fragment.replace(/^#/, ""));
  const packed = asked.get("graph");
  if (packed === null) return undefined;
  const tooLarge = "The graph in this address is too large: the debugger takes 5,000 nodes.";
  if (packed.length > MOST.packed) throw new SnapshotError(tooLarge);
  let text: string;
  try {
    text = await unpackText(packed, MOST.text);
  } catch (error) {
    throw new SnapshotError(error instanceof RangeError ? tooLarge : damaged);
  }
  return { ...revive(text), from: (asked.get("from") ?? "").slice(0, 60) };
}

/** A node as the text tells it. */
interface Told {
  readonly data: number;
  readonly grad: number | undefined;
  readonly op: string;
  readonly label: string;
  readonly inputs: readonly number[];
  readonly parameters: readonly number[];
  readonly locals: readonly number[];
}

/**
 * Makes a graph anew from its text.
 *
 * @throws SnapshotError if the text is no graph
 */
export function revive(text: string): Snapshot {
  const { name, nodes } = read(text);
  const notes: string[] = [];
  const values: Value[] = [];
  const standIns: string[] = [];
  const cut: string[] = [];
  const changed: { readonly node: Told; readonly right: number }[] = [];
  for (const node of nodes) {
    const inputs = node.inputs.map((place) => at(values, place));
    const numbers = node.inputs.map((place) => at(nodes, place).data);
    const made = make(node, inputs, numbers);
    if (made.kind === "stand-in") standIns.push(node.op);
    if (made.kind === "cut") cut.push(node.op);
    if (made.right !== undefined && !agree(made.right, node.data)) {
      changed.push({ node, right: made.right });
    }
    if (node.label !== "") made.value.label = node.label;
    values.push(made.value);
  }
  const output = at(values, values.length - 1);
  if (output.label === "") output.label = name; // as the cell's variable
  output.backward();

  const isNumber = (node: Told) => node.grad !== undefined;
  const has = nodes.some(({ grad }) => grad !== undefined && grad !== 0);
  const places = new Map(values.map((value, i) => [value, i]));
  const theirs = (node: Value) => {
    const place = has ? places.get(node) : undefined;
    return place === undefined ? undefined : at(nodes, place).grad;
  };
  if (!has && nodes.some(isNumber)) {
    notes.push("All gradients of the cell's graph are 0: no backward pass has reached it yet.");
  } else if (!has) notes.push("The cell's graph has no gradients yet.");
  const [first] = changed;
  if (first !== undefined) {
    notes.push(
      `${
        changed.length === 1
          ? "A node of the cell holds another number than its operation gives"
          : `${changed.length} nodes of the cell hold other numbers than their operations give`
      }: ${first.node.label || first.node.op} holds ${shownNumber(first.node.data)}, and its inputs make ${shownNumber(first.right)}. Perhaps a ` +
        "leaf was written after the graph was computed. The graph below is computed anew, so its gradients " +
        "cannot be compared with the cell's.",
    );
  }
  const known = at(nodes, nodes.length - 1).grad;
  if (has && known !== undefined && !agree(known, 1)) {
    notes.push(
      `The output's own gradient is ${shownNumber(known)} in the cell. A backward pass that begins here sets it ` +
        "to 1. Perhaps the pass began at another node, or ran more than once.",
    );
  }
  if (standIns.length > 0) {
    notes.push(
      `The debugger does not know the operation ${list(standIns)}. It takes the local derivatives that the ` +
        "cell noted as they are, right or wrong.",
    );
  }
  if (cut.length > 0) {
    notes.push(
      `The debugger does not know the operation ${list(cut)}, and the cell noted no local derivatives for it. ` +
        "Its result is shown as a leaf, without what it was made from.",
    );
  }
  const isWrong = (node: Value) => {
    const grad = theirs(node);
    return grad !== undefined && first === undefined && !agree(grad, node.grad);
  };
  const guess = guessAt(output, theirs, isWrong);
  if (guess !== undefined) notes.push(guess);
  return { from: "", name, output, theirs, isWrong, isComparable: first === undefined, notes };
}

/**
 * What the reader's engine may have done to the first wrong gradient, seen from the output: all that it was
 * made from was still right. Undefined if nothing typical fits.
 */
function guessAt(
  output: Value,
  theirs: Snapshot["theirs"],
  isWrong: Snapshot["isWrong"],
): string | undefined {
  const first = graphOf(output).reverse().find(isWrong);
  const found = first && theirs(first);
  if (first === undefined || found === undefined) return undefined;
  const walk = new Walk(output);
  const { terms } = walk.receipt(first, walk.steps.length);
  const where = `${nameOf(first)} has ${shownNumber(found)} in the cell`;
  if (terms.length > 1 && terms.some(({ product = 0 }) => agree(product, found))) {
    return (
      `${where}, which is one term of its sum of ${terms.length}. Was = written where += is needed, or did the ` +
      "node pass its gradient on before the rest had come?"
    );
  }
  const times = found / first.grad;
  if (times > 1.5 && agree(times, Math.round(times))) {
    return `${where}, which is ${Math.round(times)} times the right one. Did backward run again, with nothing zeroed?`;
  }
  if (agree(found, -first.grad)) return `${where}: the right number with the wrong sign.`;
  if (agree(found, 0)) return `${where}: nothing has come to it.`;
  return undefined;
}

/** A node made by the right engine, and what its operation gives for the cell's own numbers. */
interface Made {
  readonly value: Value;
  readonly kind: "known" | "stand-in" | "cut";
  readonly right?: number;
}

function make(node: Told, inputs: readonly Value[], numbers: readonly number[]): Made {
  if (inputs.length === 0) return { value: new Value(node.data), kind: "known" };
  // An engine that keeps its inputs in a Set has lost the second of x * x.
  const [first] = inputs;
  const twice = inputs.length === 1 && first !== undefined ? [first, first] : inputs;
  for (const operands of [inputs, twice]) {
    const apply = operationOf(node, operands.length);
    if (apply === undefined) continue;
    const all = operands === inputs ? numbers : [...numbers, ...numbers];
    try {
      const right = apply(all.map((data) => new Value(data))).data;
      return { value: apply(operands), kind: "known", right };
    } catch {
      // It has the name of ours and parameters that ours refuses, as a clamp from 5 to 1.
    }
  }
  if (node.locals.length !== inputs.length) return { value: new Value(node.data), kind: "cut" };
  return { value: standIn(node, numbers)(...inputs), kind: "stand-in" };
}

/** One of the library's operations, applied to Values. */
type Apply = (operands: readonly Value[]) => Value;

type BinaryName = "add" | "sub" | "mul" | "div" | "pow" | "max" | "min";

/** What names and symbols stand for, with two inputs and with one. */
const binary: Readonly<Record<string, BinaryName>> = {
  "+": "add",
  "-": "sub",
  "−": "sub",
  "*": "mul",
  "×": "mul",
  "/": "div",
  "÷": "div",
  "^": "pow",
  "**": "pow",
  add: "add",
  sub: "sub",
  mul: "mul",
  div: "div",
  pow: "pow",
  max: "max",
  min: "min",
};
const unary = [
  ...(["neg", "exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "tanh", "sigmoid"] as const),
  ...([
    "softplus",
    "silu",
    "gelu",
    "geluTanh",
    "relu",
    "abs",
    "sin",
    "cos",
    "tan",
    "atan",
  ] as const),
  ...(["sinh", "cosh", "asinh", "erf", "erfc", "square", "reciprocal", "detach"] as const),
];
const otherNames: Readonly<Record<string, (typeof unary)[number]>> = {
  "-": "neg",
  "−": "neg",
  "^2": "square",
  "1/": "reciprocal",
};

/** The library's operation of this name; undefined if there is none. */
function operationOf({ op, parameters }: Told, count: number): Apply | undefined {
  const word = op.trim();
  if (count === 2) {
    const method = Object.hasOwn(binary, word) ? binary[word] : undefined;
    return method && (([a, b]) => (a as Value)[method](b as Value)); // there are two
  }
  if (count !== 1) return undefined;
  const on =
    (apply: (x: Value) => Value): Apply =>
    ([x]) =>
      apply(x as Value); // there is one
  const [one, two] = parameters;
  const lower = word.toLowerCase();
  const method = Object.hasOwn(otherNames, word)
    ? otherNames[word]
    : unary.find((name) => name.toLowerCase() === lower);
  if (method !== undefined) return on((x) => x[method]());
  const exponent = /^(?:\^|\*\*|pow) ?\(?(-?\d+(?:\.\d+)?)\)?$/.exec(word)?.[1];
  if (exponent !== undefined) return on((x) => x.pow(Number(exponent)));
  if (one === undefined) return undefined;
  if (word === "pow") return on((x) => x.pow(one));
  if (word === "leakyRelu") return on((x) => leakyRelu(x, one));
  if (word === "elu") return on((x) => elu(x, one));
  if (word === "clamp" && two !== undefined) return on((x) => clamp(x, one, two));
  return undefined;
}

/**
 * In place of an operation that only the cell knows: its tangent. Data and local derivatives are the cell's;
 * a nudge moves it by local derivative times nudge.
 */
function standIn({ op, data, locals }: Told, numbers: readonly number[]) {
  return defineOperation({
    name: op.trim() || "unknown",
    value: (m, ...inputs) => {
      const moves = inputs.map((x, i) => m.mul(at(locals, i), m.sub(x, at(numbers, i))));
      return moves.reduce((sum, move) => m.add(sum, move), m.add(data, m.mul(0, at(inputs, 0))));
    },
    localDerivatives: locals.map((local) => () => local),
  });
}

/** `"f", "g" and 3 more`. */
function list(words: readonly string[]): string {
  const unique = [...new Set(words.map((word) => word || "without a name"))];
  const shown = unique.slice(0, 5).join(", ");
  return unique.length > 5 ? `${shown} and ${unique.length - 5} more` : shown;
}

// --- The text -----------------------------------------------------------------------------------

/** Reads what take-graph.ts wrote, or somebody else. */
function read(text: string): { readonly name: string; readonly nodes: readonly Told[] } {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    throw new SnapshotError(damaged);
  }
  if (!isRecord(told)) throw new SnapshotError(damaged);
  if (typeof told.problem === "string") throw new SnapshotError(told.problem.slice(0, 300));
  if (told.version !== 1) {
    throw new SnapshotError(
      "The graph in this address was made by another version of these pages.",
    );
  }
  const { nodes, name } = told;
  if (!Array.isArray(nodes) || nodes.length === 0) throw new SnapshotError(damaged);
  if (nodes.length > MOST.nodes) {
    throw new SnapshotError(
      `The graph in this address has ${nodes.length} nodes; the debugger takes ${MOST.nodes}.`,
    );
  }
  const read = nodes.map(nodeOf);
  if (read.reduce((sum, { inputs }) => sum + inputs.length, 0) > MOST.edges) {
    throw new SnapshotError(`The graph in this address has more than ${MOST.edges} edges.`);
  }
  const most = Math.max(...read.map(({ inputs }) => inputs.length));
  if (most > MOST.inputs) {
    throw new SnapshotError(
      `A node of the graph in this address has ${most} inputs; the debugger takes ${MOST.inputs} of a node.`,
    );
  }
  return { name: textOf(name), nodes: read };
}

function nodeOf(node: unknown, place: number): Told {
  if (!Array.isArray(node)) throw new SnapshotError(damaged);
  const [data, grad, op, label, inputs, parameters, locals]: unknown[] = node;
  const number = numberOf(data);
  if (number === undefined) throw new SnapshotError(damaged);
  const places = Array.isArray(inputs) ? inputs : [];
  if (!places.every((input) => Number.isInteger(input) && input >= 0 && input < place)) {
    throw new SnapshotError(damaged);
  }
  return {
    data: number,
    grad: numberOf(grad),
    op: textOf(op),
    label: textOf(label),
    inputs: places,
    parameters: numbersOf(parameters),
    locals: numbersOf(locals),
  };
}

function numberOf(x: unknown): number | undefined {
  if (typeof x === "number") return x;
  return x === "NaN" || x === "Infinity" || x === "-Infinity" ? Number(x) : undefined;
}

const numbersOf = (list: unknown): readonly number[] =>
  Array.isArray(list) ? list.map(numberOf).filter((x) => x !== undefined) : [];
const textOf = (text: unknown): string => (typeof text === "string" ? text.slice(0, 60) : "");
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** An item that is there. */
function at<T>(items: readonly T[], place: number): T {
  const item = items[place];
  if (item === undefined) throw new SnapshotError(damaged);
  return item;
}

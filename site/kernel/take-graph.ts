/**
 * The graph that a cell made, as text for the debugger: of the library's Values or of objects of the
 * reader's own class. Nothing to read first; ../debugger/snapshot.ts reads the text.
 *
 * The objects are the reader's: whatever they say is copied with limits, and trusted by nobody.
 */

/** Nodes that the debugger takes, edges between them, edges into one, and characters of a label. */
const MOST = { nodes: 5_000, edges: 20_000, inputs: 1_000, label: 60 };
/** Names of a cell that are looked at, and nodes that are visited for all of them. */
const MOST_NAMES = 60;
const MOST_VISITS = 60_000;

/** A node: data, gradient (null for none), operation, label, inputs (places before its own), and… */
export type TakenNode = readonly [
  data: TakenNumber,
  grad: TakenNumber | null,
  op: string,
  label: string,
  inputs: readonly number[],
  /** the fixed numbers of its operation, [3] for the third power */
  parameters: readonly TakenNumber[],
  /** and the local derivatives that it noted, if it did. */
  locals: readonly TakenNumber[],
];

/** A number; JSON has none of these three. */
export type TakenNumber = number | "NaN" | "Infinity" | "-Infinity";

/** What the text says, as JSON. */
export type TakenGraph =
  | {
      readonly version: 1;
      /** What the graph is called in the cell: "L"; empty for the value of its last expression. */
      readonly name: string;
      /** Inputs before their consumers, the output last. */
      readonly nodes: readonly TakenNode[];
    }
  /** A sentence about why there is none. */
  | { readonly problem: string };

/**
 * The graph of a cell: that of its value if it is one; else, of the variables that its text names, the
 * largest graph, and among equals the one named last.
 *
 * @returns undefined if there is none
 */
export function takeGraph(source: string, value: unknown): string | undefined {
  try {
    const taken = graphIn(source, value);
    return taken && JSON.stringify(taken);
  } catch {
    return undefined; // an object of the cell threw when it was looked at
  }
}

function graphIn(source: string, value: unknown): TakenGraph | undefined {
  if (isNode(value)) {
    const nodes = nodesOf(value);
    return typeof nodes === "string" ? { problem: nodes } : graphOf("", nodes);
  }
  let best: { readonly name: string; readonly nodes: readonly object[] } | undefined;
  let problem: string | undefined;
  let visits = 0;
  for (const name of namesIn(source)) {
    const found: unknown = Object.getOwnPropertyDescriptor(globalThis, name)?.value;
    if (!isNode(found) || inputsOf(found).length === 0) continue;
    const nodes = nodesOf(found);
    visits += typeof nodes === "string" ? MOST.nodes : nodes.length;
    if (typeof nodes === "string") problem ??= `${name}: ${nodes}`;
    else if (best === undefined || nodes.length >= best.nodes.length) best = { name, nodes };
    if (visits > MOST_VISITS) break;
  }
  if (best === undefined) return problem === undefined ? undefined : { problem };
  return graphOf(best.name, best.nodes);
}

/** The names in a text, those that come last first named last; words in strings do no harm. */
function namesIn(source: string): readonly string[] {
  const names = new Set<string>();
  for (const [name] of source.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) {
    names.delete(name);
    names.add(name);
  }
  return [...names].slice(-MOST_NAMES);
}

/** What engines call the same thing; micrograd's names last. */
const names = {
  inputs: ["inputs", "prev", "_prev", "children", "_children"],
  op: ["op", "_op"],
  label: ["label", "_label", "name"],
  locals: ["localDerivatives", "_localDerivatives", "localGrads", "_local_grads"],
};

function fieldOf(node: object, which: keyof typeof names): unknown {
  const name = names[which].find((name) => name in node);
  return name === undefined ? undefined : Reflect.get(node, name);
}

/** Is it a node of a graph: an object with a number and a list of inputs? */
function isNode(thing: unknown): thing is object {
  if (typeof thing !== "object" || thing === null) return false;
  const inputs = fieldOf(thing, "inputs");
  return (
    typeof Reflect.get(thing, "data") === "number" &&
    (Array.isArray(inputs) || inputs instanceof Set)
  );
}

/** The inputs of a node that are nodes themselves. A list that never ends is left at the limit. */
function inputsOf(node: object): readonly object[] {
  const inputs = fieldOf(node, "inputs");
  const list: object[] = [];
  if (!Array.isArray(inputs) && !(inputs instanceof Set)) return list;
  let seen = 0;
  for (const input of inputs as Iterable<unknown>) {
    if (seen > MOST.inputs) break;
    seen += 1;
    if (isNode(input)) list.push(input);
  }
  return list;
}

/** The nodes of a graph, inputs before their consumers; a sentence if they are too many or a circle. */
function nodesOf(output: object): readonly object[] | string {
  const order: object[] = [];
  const state = new Map<object, "open" | "done">();
  const stack: { readonly node: object; readonly inputs: readonly object[]; next: number }[] = [];
  let edges = 0;
  const open = (node: object) => {
    state.set(node, "open");
    const inputs = inputsOf(node);
    edges += inputs.length;
    stack.push({ node, inputs, next: 0 });
  };
  open(output);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const input = top.inputs[top.next];
    top.next += 1;
    if (input === undefined) {
      state.set(top.node, "done");
      order.push(top.node);
      stack.pop();
    } else if (state.get(input) === "open") {
      return "the graph goes in a circle: a node is among its own inputs, or among theirs.";
    } else if (!state.has(input)) open(input);
    if (top.inputs.length > MOST.inputs) {
      return "a node has more than 1,000 inputs, which is more than the debugger takes.";
    }
    if (state.size > MOST.nodes || edges > MOST.edges) {
      return "the graph has more than 5,000 nodes, or 20,000 edges, which is more than the debugger takes.";
    }
  }
  return order;
}

function graphOf(name: string, nodes: readonly object[]): TakenGraph {
  const places = new Map(nodes.map((node, i) => [node, i]));
  return {
    version: 1,
    name: name.slice(0, MOST.label),
    nodes: nodes.map((node) => {
      const inputs = inputsOf(node).map((input) => places.get(input) ?? 0); // all have a place
      return [
        taken(Reflect.get(node, "data")) ?? "NaN", // it is a number
        Reflect.get(node, "hasGrad") === false ? null : taken(Reflect.get(node, "grad")),
        textOf(fieldOf(node, "op")),
        textOf(fieldOf(node, "label")),
        inputs,
        parametersOf(node),
        localsOf(node, inputs.length),
      ] satisfies TakenNode;
    }),
  };
}

const textOf = (text: unknown): string =>
  typeof text === "string" ? [...text.slice(0, 2 * MOST.label)].slice(0, MOST.label).join("") : "";

function taken(x: unknown): TakenNumber | null {
  if (typeof x !== "number") return null;
  return Number.isFinite(x) ? x : (String(x) as TakenNumber); // one of the three
}

/** Of the library's Values. */
function parametersOf(node: object): readonly TakenNumber[] {
  const operation: unknown = Reflect.get(node, "operation");
  if (typeof operation !== "object" || operation === null) return [];
  return numbersOf(Reflect.get(operation, "parameters"), 4);
}

/** What the node noted; the library's Values tell when they are asked. */
function localsOf(node: object, count: number): readonly TakenNumber[] {
  const ask: unknown = Reflect.get(node, "localDerivative");
  const list =
    typeof ask === "function"
      ? Array.from({ length: count }, (_, slot): unknown => Reflect.apply(ask, node, [slot]))
      : fieldOf(node, "locals");
  const locals = numbersOf(list, count);
  return locals.length === count ? locals : [];
}

function numbersOf(list: unknown, most: number): readonly TakenNumber[] {
  if (!Array.isArray(list)) return [];
  const numbers = list.slice(0, most).map(taken);
  return numbers.filter((x) => x !== null);
}

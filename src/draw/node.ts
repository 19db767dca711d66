/**
 * What a picture of a graph is made from: nodes of the library or of a reader's own class, read in
 * an order in which inputs come first. Read value.ts first.
 */

import { describe, quote } from "../errors.ts";
import { Value } from "../value.ts";

/**
 * A node that can be drawn: a Value, or an object of a class of one's own.
 *
 * Only `data` and `inputs` must be there. If it has `hasGrad`, that decides whether there is a
 * gradient to show.
 */
export interface DrawableNode {
  readonly data: number;
  /** The nodes it was made from, in order; twice the same node if it was used twice. */
  readonly inputs: Iterable<DrawableNode>;
  readonly grad?: number | null;
  readonly hasGrad?: boolean;
  /** The operation, such as "+"; nothing for a leaf. */
  readonly op?: string | null;
  readonly label?: string | null;
}

/** A graph that was read. */
export interface Graph {
  /** Every node once, inputs before their consumers. */
  readonly nodes: readonly DrawableNode[];
  /** For each node, the places of its inputs in `nodes`. */
  readonly inputs: readonly (readonly number[])[];
  /** The places of the nodes that the graph was read from. */
  readonly roots: readonly number[];
}

/** Beyond so many edges, something makes new nodes as long as it is asked for them. */
const MOST_EDGES = 3_000_000;

/**
 * Reads every node that the roots were made from. There is no recursion: a million nodes in a row
 * are no problem.
 *
 * @param where the call to name in messages
 * @throws TypeError if something is not a node; Error if a node depends on itself
 */
export function readGraph(roots: DrawableNode | readonly DrawableNode[], where: string): Graph {
  const list: readonly DrawableNode[] = isArray(roots) ? roots : [roots];
  if (list.length === 0) throw new RangeError(`${where}: expected at least one node, got none`);

  const nodes: DrawableNode[] = [];
  const inputs: number[][] = [];
  const places = new Map<DrawableNode, number>(); // -1 for those whose inputs are being read
  let edges = 0;

  const tooMany = () => new RangeError(`${where}: expected at most ${MOST_EDGES} edges, got more`);

  const open = (node: DrawableNode) => {
    let own: readonly DrawableNode[];
    if (node instanceof Value) own = Value.inputsOf(node);
    else {
      expectNode(node, where);
      const read: DrawableNode[] = [];
      for (const input of node.inputs) {
        read.push(input);
        if (edges + read.length > MOST_EDGES) throw tooMany();
      }
      own = read;
    }
    edges += own.length;
    if (edges > MOST_EDGES) throw tooMany();
    places.set(node, -1);
    return { node, own, read: 0 };
  };

  for (const root of list) {
    if (places.has(root)) continue;
    // From the root down to the node whose inputs are being read.
    const path = [open(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      if (top.read === top.own.length) {
        places.set(top.node, nodes.length);
        nodes.push(top.node);
        inputs.push(top.own.map((input) => places.get(input) ?? -1));
        path.pop();
        continue;
      }
      const input = top.own[top.read];
      top.read += 1;
      const place = places.get(input);
      if (place === undefined) path.push(open(input));
      else if (place < 0) throw dependsOnItself(input, where);
    }
  }
  return { nodes, inputs, roots: list.map((root) => places.get(root) ?? -1) };
}

/** `Array.isArray`, which by itself does not see that a readonly array is one. */
const isArray: (thing: unknown) => thing is readonly DrawableNode[] = Array.isArray;

/** @throws TypeError unless it is a node */
export function expectNode(node: DrawableNode, where: string): void {
  if (node === null || typeof node !== "object" || !("data" in node || "inputs" in node)) {
    throw new TypeError(`${where}: expected a node with data and inputs, got ${describe(node)}`);
  }
  const { data, inputs, label, op, grad } = node;
  const name = typeof label === "string" && label !== "" ? quote(label) : "a node";
  const wrong = (part: string, expected: string, thing: unknown) =>
    new TypeError(
      `${where}: expected ${part} of ${name} to be ${expected}, got ${describe(thing)}`,
    );
  if (typeof data !== "number") throw wrong("data", "a number", data);
  if (typeof Object(inputs)[Symbol.iterator] !== "function") {
    throw wrong("inputs", "an array of nodes", inputs);
  }
  if (typeof (label ?? "") !== "string") throw wrong("label", "a string", label);
  if (typeof (op ?? "") !== "string") throw wrong("op", "a string", op);
  if (typeof (grad ?? 0) !== "number") throw wrong("grad", "a number", grad);
}

function dependsOnItself(node: DrawableNode, where: string): Error {
  const name = shownText(node.label ?? "");
  return new Error(
    `${where}: expected a graph without circles, but ` +
      `${name === "" ? `a node (data ${node.data})` : quote(name)} depends on itself`,
  );
}

/** What stands for a number that is not computed yet. It is never 0.0000. */
export const DASH = "–";

/**
 * The gradient of each node of a graph, undefined if it is not computed yet.
 *
 * A Value knows whether a backward pass has reached it. Nodes of a reader's class may start with a
 * `grad` of 0: for them a pass has happened if the gradient of a root, which is 1 then, is not 0.
 */
export function gradientIn(graph: Graph): (node: DrawableNode) => number | undefined {
  const gradients = graph.roots.map((place) => graph.nodes[place].grad);
  const passed = !gradients.every((gradient) => gradient === 0);
  return ({ grad, hasGrad }) => ((hasGrad ?? passed) ? (grad ?? undefined) : undefined);
}

/**
 * What a picture writes as the gradient of each node of a graph, a dash if it is not computed yet.
 */
export function gradientText(graph: Graph): (node: DrawableNode) => string {
  const gradientOf = gradientIn(graph);
  return (node) => {
    const gradient = gradientOf(node);
    return gradient === undefined ? DASH : numberText(gradient);
  };
}

/**
 * A number as pictures write it: with four decimals, as micrograd does, or with an exponent if it
 * is so large or so small that these would be too many digits or only zeros.
 *
 * @example numberText(2) // "2.0000"
 * @example numberText(-12345678) // "-1.235e+7"
 */
export function numberText(x: number): string {
  if (x === 0) return "0.0000"; // -0 too
  const size = Math.abs(x);
  if (!Number.isFinite(x)) return String(x);
  return size < 0.00005 || size >= 999_999.99995 ? x.toExponential(3) : x.toFixed(4);
}

/** How many characters {@link briefNumber} has at most: as many as -999.9999. */
export const LONGEST_NUMBER = 9;

/**
 * A number as it stands in a box, where the room is the same for every number: with as many of the
 * digits of {@link numberText} as nine characters allow.
 *
 * @example briefNumber(-12345.678) // "-12345.68"
 * @example briefNumber(-5.55e-17) // "-5.55e-17"
 */
export function briefNumber(x: number): string {
  let text = numberText(x);
  const exponent = text.includes("e");
  for (let digits = exponent ? 2 : 3; text.length > LONGEST_NUMBER; digits--) {
    text = exponent ? x.toExponential(digits) : x.toFixed(digits);
  }
  return text;
}

/** What a picture writes into an operation's node: "+" for add. "" for a leaf. */
export function operationText(node: DrawableNode): string {
  return shownText(node instanceof Value ? node.operation.symbol : (node.op ?? ""));
}

/** What a picture writes as the name of a node. "" if it has none. */
export const labelText = (node: DrawableNode): string => shownText(node.label ?? "");

/**
 * A text as a picture shows it, whatever is in it. It is one line; what cannot be seen or would
 * disturb its surroundings is replaced by a character that can be seen.
 *
 * @param longest how many characters it may have; the end of a longer text becomes …
 * @example shownText("a\nb") // "a␊b"
 */
export function shownText(text: string, longest = 40): string {
  if (text.length <= longest && /^[!-~]*$/.test(text)) return text; // nothing to replace, and soon seen
  const start = Array.from(text.slice(0, 2 * longest + 2)); // code points: none is cut in two
  const short = start.length > longest ? [...start.slice(0, longest - 1), "…"] : start;
  return short
    .map(visible)
    .join("")
    .replace(/^ | (?= )| $/g, "\u00a0"); // lest they be dropped
}

/** The character, or what stands for one that is not to be seen (joiners apart: emoji have them). */
function visible(character: string): string {
  if (character < " ") return String.fromCharCode(0x2400 + character.charCodeAt(0));
  if (character === "\x7f") return "␡";
  const invisible = /^[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]$/u;
  return invisible.test(character) && !/^[\u200c\u200d]$/.test(character) ? "\ufffd" : character;
}

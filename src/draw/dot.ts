/**
 * A graph as DOT, the language of Graphviz, drawn as micrograd draws it: a box with label, data
 * and gradient for each node, a small circle for the operation that made it. Read node.ts first.
 */

import { describe, expectBoolean, expectOptions } from "../errors.ts";
import {
  type DrawableNode,
  gradientText,
  labelText,
  numberText,
  operationText,
  readGraph,
  shownText,
} from "./node.ts";

/** What {@link toDot} may be told. */
export interface DotOptions {
  /** Shall gradients be shown? Yes, if left out. */
  readonly gradients?: boolean;
  /** What the picture is called; if left out, after the label of the root. */
  readonly title?: string;
  /** What the picture shows, for those who cannot see it. */
  readonly description?: string;
}

/** Graphviz needs seconds for so many nodes, and nobody can read the picture. */
export const MOST_NODES = 2000;

/**
 * The graph of all that the roots were made from, as text in DOT. Edges point the way that data
 * flows: from the inputs, on the left, to the roots.
 *
 * @param root a Value, a node of a class of your own, or several of them
 * @returns the same text for the same graph, everywhere; `renderDot` makes a picture of it
 * @throws TypeError if something is not a node; RangeError for more than 2,000 nodes; Error if a
 * node depends on itself
 * @example toDot(new Value(2, "a").mul(3))
 * @see https://graphviz.org/doc/info/lang.html
 */
export function toDot(
  root: DrawableNode | readonly DrawableNode[],
  options: DotOptions = {},
): string {
  expectOptions(options, ["gradients", "title", "description"], "toDot");
  const { gradients = true, title, description } = options;
  expectBoolean(gradients, "toDot: gradients");
  const graph = readGraph(root, "toDot");
  if (graph.nodes.length > MOST_NODES) {
    throw new RangeError(
      `toDot: expected at most ${MOST_NODES} nodes, got ${graph.nodes.length}; draw a part of it ` +
        "(a node that it was made from), or try drawGraph: networks, data points and long chains, " +
        "which it folds, need few boxes",
    );
  }
  const gradientOf = gradientText(graph);
  const name = title ?? titleFor(graph.nodes[graph.roots[0]]);
  const lines = [
    `digraph "${graphName(expectText(name, "title"))}" {`,
    "  rankdir=LR; ranksep=0.25;",
    '  node [shape=ellipse, width=0.4, height=0.4, margin="0.05,0.02"];',
  ];
  if (description !== undefined) {
    lines.push(`  tooltip="${escaped(expectText(description, "description"))}";`);
  }
  graph.nodes.forEach((node, i) => {
    const fields = [labelText(node), `data ${numberText(node.data)}`];
    if (gradients) fields.push(`grad ${gradientOf(node)}`);
    const record = fields.filter((field) => field !== "").map(recordField);
    lines.push(`  n${i} [shape=record, label="{ ${record.join(" | ")} }"];`);

    const inputs = graph.inputs[i];
    const operation = operationText(node);
    const end = operation === "" ? `n${i}` : `op${i}`; // where the edges from the inputs go
    if (operation !== "" && inputs.length > 0) {
      lines.push(`  op${i} [label="${escaped(operation)}"];`, `  op${i} -> n${i};`);
    }
    for (const input of inputs) lines.push(`  n${input} -> ${end};`);
  });
  return `${[...lines, "}"].join("\n")}\n`;
}

/** What a picture of the graph of a node is called if nobody says it. */
export function titleFor(root: DrawableNode): string {
  const label = labelText(root);
  return label === "" ? "Expression graph" : `Expression graph of ${label}`;
}

function expectText(text: string, option: string): string {
  if (typeof text === "string") return shownText(text, 1000);
  throw new TypeError(`toDot: expected ${option} to be a string, got ${describe(text)}`);
}

/** A text as the label of a node or as a tooltip, where Graphviz knows \\N, \\n and HTML's &amp;. */
function escaped(text: string): string {
  return text.replace(/[\\"]/g, "\\$&").replace(/&/g, "&amp;");
}

/** A text as a field of a record, where these characters besides make fields and ports. */
function recordField(text: string): string {
  return escaped(text).replace(/[{}|<>]/g, "\\$&");
}

/** A text as the name of a graph: of what Graphviz knows in labels, it knows here only &amp;. */
function graphName(text: string): string {
  const entity = (character: string) => `&#${character.charCodeAt(0)};`; // % at first: no name
  return text.replace(/[&\\]|^%/g, entity).replace(/"/g, '\\"');
}

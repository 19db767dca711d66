/** Finding nodes of a graph by name, operation or number. Read reading.ts first. */

import { type DrawableNode, operationText } from "../../dist/draw/node.js";
import type { FoldedGraph } from "./folded-graph.ts";
import type { Reading } from "./reading.ts";

/** More would not be gone through. */
const MOST_HITS = 1000;

/**
 * The places of the nodes whose name contains a text, whose operation it is, or whose data or
 * gradient are that number as far as its digits say. Those of the data point that is shown come first.
 */
export function find(folded: FoldedGraph, reading: Reading, text: string): number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const isThatNumber = numberTest(wanted);
  const { nodes } = folded.graph;
  const shown = folded.examples[folded.example];
  const here: number[] = [];
  const elsewhere: number[] = [];
  for (let i = 0; i < nodes.length && here.length < MOST_HITS; i++) {
    if (!isNamed(nodes[i], folded.nameOf(i), wanted)) {
      if (isThatNumber === undefined) continue;
      const { data, grad } = reading.numbersOf(nodes[i]);
      if (!isThatNumber(data) && !isThatNumber(grad)) continue;
    }
    const example = folded.places.example[i];
    if (example < 0 || example === shown) here.push(i);
    else if (elsewhere.length < MOST_HITS) elsewhere.push(i);
  }
  return [...here, ...elsewhere].slice(0, MOST_HITS);
}

function isNamed(node: DrawableNode, name: string, wanted: string): boolean {
  if (name.toLowerCase().includes(wanted)) return true;
  if ((node.op ?? "") === "") return false;
  return node.op?.toLowerCase() === wanted || operationText(node).toLowerCase() === wanted;
}

/** Is a number the wanted one, rounded to as many decimals? Undefined if no number is wanted. */
function numberTest(wanted: string): ((x: number | undefined) => boolean) | undefined {
  const text = wanted.replace("−", "-");
  const number = Number(text);
  if (Number.isNaN(number)) return undefined;
  const [, decimals = "", exponent = "0"] = /^[^.e]*(?:\.(\d*))?(?:e(.*))?$/.exec(text) ?? [];
  const half = 0.5 * 10 ** (Number(exponent) - decimals.length);
  return (x) => x !== undefined && Math.abs(x - number) <= half * (1 + 1e-9);
}

/**
 * What the boxes and lines of a folded graph say at this moment: numbers, marks, sentences. Read
 * folded-graph.ts first.
 */

import type { Value } from "chainrule";
import { briefText, type NumbersOf, ownNumbers, titlesOf } from "../../dist/draw/card.js";
import { type Stroke, strokesOf } from "../../dist/draw/edge.js";
import type { DrawableNode } from "../../dist/draw/node.js";
import type { FoldedGraph } from "./folded-graph.ts";
import type { GraphLook } from "./live-graph.ts";

/** What a box shows. */
export interface BoxReading {
  readonly data: string;
  readonly gradient: string;
  /** Words with spaces between them, as `nodeState` gives them. */
  readonly state: string;
}

/** What a line shows. */
export interface LineReading {
  readonly stroke: Stroke;
  readonly state: string;
}

/** How the nodes of a graph are looked at. */
export class Reading {
  readonly #folded: FoldedGraph;
  readonly #numbersOf: NumbersOf;
  readonly #nodeState: ((node: DrawableNode) => string) | undefined;
  readonly #edgeState: GraphLook["edgeState"];

  constructor(folded: FoldedGraph, { numbers, nodeState, edgeState }: GraphLook) {
    this.#folded = folded;
    // A look is asked about the nodes of the graph that is shown, and these are Values.
    this.#numbersOf = (numbers as NumbersOf | undefined) ?? ownNumbers(folded.graph);
    this.#nodeState = nodeState as ((node: DrawableNode) => string) | undefined;
    this.#edgeState = edgeState;
  }

  get numbersOf(): NumbersOf {
    return this.#numbersOf;
  }

  /** What all boxes show. */
  boxes(): BoxReading[] {
    const { scene, graph } = this.#folded;
    const members = this.#nodeState === undefined ? [] : this.#folded.members;
    return scene.items.map(({ node, count }, item) => {
      const state = this.#stateOf(node, count, members[item]);
      if (node === undefined) return { data: "", gradient: "", state };
      const { data, grad } = this.#numbersOf(graph.nodes[node]);
      return { data: briefText(data), gradient: briefText(grad), state };
    });
  }

  /** A folded box has the marks of all that is in it; it is pending if what it shows is. */
  #stateOf(node: number | undefined, count: number, members: readonly number[] | undefined) {
    const stateOf = this.#nodeState;
    if (stateOf === undefined) return "";
    const { nodes } = this.#folded.graph;
    const own = node === undefined ? "" : stateOf(nodes[node]);
    if (count === 1 || members === undefined) return own;
    const words = new Set(members.flatMap((member) => stateOf(nodes[member]).split(" ")));
    if (!own.split(" ").includes("pending")) words.delete("pending");
    return [...words].filter(Boolean).join(" ");
  }

  /** What all lines show. */
  lines(): LineReading[] {
    const { scene, graph } = this.#folded;
    const dataOf = (node: DrawableNode) => this.#numbersOf(node).data ?? Number.NaN;
    const strokes = strokesOf(graph.nodes, scene, dataOf);
    const stateOf = this.#edgeState;
    if (stateOf === undefined) return strokes.map((stroke) => ({ stroke, state: "" }));
    return this.#folded.links.map((links, edge) => {
      const words = new Set(
        links.flatMap(({ consumer, slot }) =>
          stateOf(graph.nodes[consumer] as Value, slot).split(" "),
        ),
      );
      return { stroke: strokes[edge], state: [...words].filter(Boolean).join(" ") };
    });
  }

  /** What a screen reader is told of a box: "tanh: data 0.7071, gradient 1.0000". */
  title(item: number): string {
    const { graph, scene } = this.#folded;
    const [title] = titlesOf(graph, scene, [item], true, this.#numbersOf);
    const { node, count } = scene.items[item];
    const members = this.#nodeState === undefined ? undefined : this.#folded.members[item];
    const state = this.#stateOf(node, count, members).split(" ");
    const words = state.flatMap((word) => (told.has(word) ? [told.get(word)] : []));
    return [title, ...words].join("; ");
  }
}

/** The marks that are not about the step of the walk, which has a sentence of its own. */
const told: ReadonlyMap<string, string> = new Map([
  ["wrong", "wrong"],
  ["path", "on the path"],
]);

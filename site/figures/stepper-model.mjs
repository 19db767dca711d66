// What the stepper shows after so many steps: picture, sentence, receipts, lists, as strings. The
// build and the page share it. Read src/explain/steps.ts first.

import { drawGraph } from "../../dist/draw/index.js";
import { numberText, readGraph } from "../../dist/draw/node.js";
import {
  gradientsAfter,
  nameOf,
  receiptOf,
  receiptText,
  sentence,
  stepsOf,
} from "../../dist/explain/index.js";
import { parseExpression } from "../../dist/index.js";

/**
 * @typedef {import("../../dist/index.js").Value} Value
 * @typedef {import("../../dist/draw/index.js").DrawableNode} DrawableNode
 * @typedef {{ formula: string, values: Readonly<Record<string, number>>, position: number }} State
 *   `position`: how many steps have been taken
 * @typedef {{ readonly text: string, readonly inputs: readonly Entry[] }} Entry of the nested list
 * @typedef {object} View
 * @property {string} picture SVG without a style of its own
 * @property {string} where such as "Backward pass, step 6 of 10"
 * @property {string} sentence
 * @property {ReadonlyMap<string, string>} receipts by the node's key in the picture
 * @property {Entry} list the graph as a nested list
 */

/** What the figure shows before it is touched: two nodes have got their gradients. */
export const beginning = Object.freeze({
  formula: "L = (a*b + c) * f",
  values: Object.freeze({ a: 2, b: -3, c: 10, f: -2 }),
  position: 6,
});

/** A formula that makes more nodes is too much to be looked at step by step. */
export const MOST_NODES = 40;
const LONGEST_FORMULA = 400;

/** A formula that cannot be shown; the message is a sentence for the reader. */
export class FormulaError extends Error {}

/**
 * Reads a formula.
 * @param {string} formula
 * @throws {FormulaError}
 */
export function readFormula(formula) {
  if (formula.length > LONGEST_FORMULA) {
    throw new FormulaError(
      `This formula has ${formula.length} characters; the figure reads at most ${LONGEST_FORMULA}.`,
    );
  }
  try {
    return parseExpression(formula);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new FormulaError(`${capital(message.replace(/^expression: /, ""))}.`);
  }
}

/** All that is to be seen of a formula at some numbers, step by step. */
export class Walk {
  /** @type {readonly string[]} */ names;
  /** The number of each name; 1 where none was given. */
  /** @type {Readonly<Record<string, number>>} */ values;
  /** How many steps there are. */
  /** @type {number} */ length;
  /** How many of them belong to the forward pass. */
  /** @type {number} */ forward;
  /** @type {readonly string[]} */ sentences;
  #output;
  #steps;

  /**
   * @param {string} formula
   * @param {Readonly<Record<string, number>>} values a name without a value gets 1
   * @throws {FormulaError}
   */
  constructor(formula, values) {
    const expression = readFormula(formula);
    this.names = expression.names;
    // fromEntries: a name may be __proto__
    this.values = Object.fromEntries(
      expression.names.map((name) => [name, ownNumber(values, name) ?? 1]),
    );
    this.#output = expression.evaluate(this.values);
    const { nodes } = readGraph(this.#output, "stepper");
    if (nodes.length > MOST_NODES) {
      throw new FormulaError(
        `This formula makes a graph of ${nodes.length} nodes; the figure walks through at most ` +
          `${MOST_NODES}.`,
      );
    }
    this.#steps = stepsOf(this.#output);
    this.length = this.#steps.length;
    this.forward = this.#steps.findIndex(({ kind }) => kind === "start");
    this.sentences = this.#steps.map(sentence);
  }

  /** The gradients of the leaves that have a name, after the last step. */
  get results() {
    const { nodes } = readGraph(this.#output, "stepper");
    return nodes
      .filter(({ inputs, label }) => [...inputs].length === 0 && label)
      .map((node) => this.#receipt(/** @type {Value} */ (node), this.length)); // they are Values
  }

  /**
   * @param {number} position
   * @returns {View}
   */
  at(position) {
    const done = this.#steps.slice(0, position);
    const gradients = gradientsAfter(done);
    const computed = new Set(done.flatMap((step) => (step.kind === "compute" ? [step.node] : [])));
    const graph = readGraph(this.#output, "stepper");
    const nodes = /** @type {Value[]} */ (graph.nodes); // all were made from Values
    const isKnown = (/** @type {Value} */ node) => node.op === "" || computed.has(node);

    const texts = nodes.map((node) => {
      const symbol = node.operation.symbol;
      const name =
        nameOf(node) === symbol || symbol === "" ? nameOf(node) : `${nameOf(node)} = ${symbol}`;
      if (!isKnown(node)) return `${name}: not computed yet`;
      const gradient = gradients.get(node);
      const known = gradient === undefined ? "no gradient yet" : `gradient ${numberText(gradient)}`;
      return `${name}: data ${numberText(node.data)}, ${known}`;
    });
    const receipts = nodes.map((node) => this.#receipt(node, position));
    return {
      picture: this.#picture(graph, position, gradients, isKnown, texts, receipts),
      where: this.#where(position),
      sentence: this.sentences[position - 1] ?? given(this.names.length),
      receipts: new Map(receipts.map((text, i) => [`#${i}`, text])),
      list: listOf(graph, texts),
    };
  }

  /** @param {number} position */
  #where(position) {
    if (position === 0) return `Before the first of ${this.length} steps`;
    const pass = position > this.forward ? "Backward" : "Forward";
    return `${pass} pass, step ${position} of ${this.length}`;
  }

  /** @param {Value} node @param {number} position */
  #receipt(node, position) {
    const text = receiptText(receiptOf(this.#steps, node, position), this.#output);
    return text.replace(/ = –$/, ": not known yet");
  }

  /**
   * The picture of `drawGraph`, in which what is not computed yet is a dash, and what the step is
   * about is marked by `data-state`. Boxes and edges stand in the order of the graph.
   * @param {{ nodes: readonly DrawableNode[], inputs: readonly (readonly number[])[] }} graph
   * @param {number} position
   * @param {ReadonlyMap<Value, number>} gradients
   * @param {(node: Value) => boolean} isKnown
   * @param {readonly string[]} texts what each box says
   * @param {readonly string[]} receipts
   */
  #picture(graph, position, gradients, isKnown, texts, receipts) {
    const nodes = /** @type {Value[]} */ (graph.nodes);
    /** @type {DrawableNode[]} */
    const copies = [];
    nodes.forEach((node, i) => {
      const gradient = gradients.get(node);
      copies.push({
        data: isKnown(node) ? node.data : Number.NaN,
        inputs: graph.inputs[i].map((input) => copies[input]),
        grad: gradient ?? null,
        hasGrad: gradient !== undefined,
        op: node.operation.symbol,
        label: node.label,
      });
    });
    const svg = drawGraph(copies[copies.length - 1], { open: "all" });

    const step = this.#steps[position - 1];
    const past = this.#steps.slice(0, Math.max(0, position - 1));
    const edges = graph.inputs.flatMap((own, i) => own.map((_, slot) => ({ to: nodes[i], slot })));
    const stateOfEdge = (/** @type {{ to: Value, slot: number }} */ { to, slot }) => {
      const passes = (/** @type {any} */ { kind, node, slot: own }) =>
        kind === "pass" && node === to && own === slot;
      if (step?.kind === "compute") return step.node === to ? "forward" : "";
      if (step !== undefined && passes(step)) return "backward";
      return past.some(passes) ? "past" : "";
    };
    const stateOfNode = (/** @type {Value} */ node) => {
      if (!isKnown(node)) return "pending";
      if (step?.kind === "pass" && step.input === node) return "to";
      if (step?.node === node) {
        return { compute: "computes", start: "to", pass: "from" }[step.kind];
      }
      return "";
    };
    let paths = 0; // each edge has two: its line and its head
    return svg
      .replace(/<style>[^<]*<\/style>/, "")
      .replace(/ width="(\d+)" height="\d+"/, `$& style="--drawn:$1px"`)
      .replace(
        / role="img"(.*?)<title>([^<]*)<\/title><desc>[^<]*<\/desc>/,
        ' role="group" aria-label="$2"$1',
      )
      .replace(/<path d=/g, () => {
        const edge = Math.floor(paths++ / 2);
        return `<path data-edge="${edge}" data-state="${stateOfEdge(edges[edge])}" d=`;
      })
      .replace(/<g data-key="#(\d+)"><title>[^<]*<\/title>(.*?)<\/g>/g, (_, place, box) => {
        const i = Number(place);
        const text = receipts[i].includes(" = ") ? `${texts[i]}; ${receipts[i]}` : texts[i];
        const last = i === nodes.length - 1;
        const shown = isKnown(nodes[i])
          ? box
          : box.replace(/(>data<\/text><text [^>]*>)NaN</, "$1–<");
        return (
          `<g data-key="#${i}" data-state="${stateOfNode(nodes[i])}" role="img" ` +
          `tabindex="${last ? 0 : -1}" aria-label="${escapeText(text)}">${shown}</g>`
        );
      });
  }
}

/** The graph as a nested list; what is used twice is told once. @returns {Entry} */
function listOf(
  /** @type {{ inputs: readonly (readonly number[])[] }} */ { inputs },
  /** @type {readonly string[]} */ texts,
) {
  const told = new Set();
  /** @param {number} place @returns {Entry} */
  const entry = (place) => {
    const again = told.has(place) && inputs[place].length > 0;
    told.add(place);
    return {
      text: again ? `${texts[place]} (its inputs are listed above)` : texts[place],
      inputs: again ? [] : inputs[place].map(entry), // at most as deep as the graph has nodes
    };
  };
  return entry(texts.length - 1);
}

const given = (/** @type {number} */ names) =>
  names === 0
    ? "The numbers are given; nothing is computed yet."
    : "The numbers of the leaves are given; nothing is computed yet.";

/** The finite number that an object holds under a name of its own. */
export function ownNumber(
  /** @type {Readonly<Record<string, number>>} */ values,
  /** @type {string} */ name,
) {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** The finite number that a text stands for, with a point or a comma; undefined for another text. */
export function numberOf(/** @type {string} */ text) {
  const number = text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));
  return Number.isFinite(number) ? number : undefined;
}

const capital = (/** @type {string} */ text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Text in HTML. */
export const escapeText = (/** @type {string} */ text) =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

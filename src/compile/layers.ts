/**
 * The third pass, *recover layers*: finds, among single numbers, neurons that do the same thing
 * side by side. Read trace.ts and reverse.ts first.
 *
 * Written out number by number, a program is fetched from memory rather than computed once it has
 * a few thousand operations. A loop is fetched once. So the weighted sums
 *
 *     b + w0·x0 + w1·x1 + …
 *
 * are recognised in the graph, sums of the same x become a *dense* block, with the activation that
 * follows if it is the same for all, and what is left becomes *scalars* blocks in between.
 */

import { type Operation, operations } from "../operations.ts";
import type { Terms } from "./reverse.ts";
import type { Trace, TracedNode } from "./trace.ts";

/** Neurons side by side: sums[j] = biases[j] + sum over i of weights[j][i] · inputs[i]. */
export interface Dense {
  readonly kind: "dense";
  /** Nodes. */
  readonly inputs: readonly number[];
  /** Which parameters; a row for each neuron, a column for each input. */
  readonly weights: readonly (readonly number[])[];
  /** Which parameters. */
  readonly biases: readonly number[] | undefined;
  /** Is the bias added after the products? Before them otherwise. */
  readonly biasLast: boolean;
  /** Nodes. */
  readonly sums: readonly number[];
  readonly activation: Operation | undefined;
  /** Nodes: the sums after the activation. */
  readonly outputs: readonly number[];
  /** Nodes within: the products and the sums on the way. */
  readonly inner: readonly number[];
}

/**
 * An operation of one input, applied to numbers side by side: an activation that takes long, so
 * that its code shall be there only once and always have several numbers to work on.
 */
export interface Elementwise {
  readonly kind: "elementwise";
  readonly operation: Operation;
  /** Nodes; nobody else consumes them. */
  readonly inputs: readonly number[];
  /** Nodes. */
  readonly outputs: readonly number[];
}

/** Numbers that are computed one by one. */
export interface Scalars {
  readonly kind: "scalars";
  readonly nodes: readonly number[];
}

export type Block = Dense | Elementwise | Scalars;

/** What is computed, in this order; gradients in the opposite one. */
export interface Plan {
  readonly blocks: readonly Block[];
  /** Which block computes a node; -1 for leaves. */
  readonly blockOf: readonly number[];
  /** Are all gradients added up in the engine's order, if the blocks are gone through backwards? */
  readonly ordered: boolean;
}

/** Layers with no more neurons and no more inputs than this are computed faster one by one. */
const TINY = 4;

/** The whole program as scalars blocks of at most `size` nodes: always in the engine's order. */
export function withoutLayers(trace: Trace, size = Number.POSITIVE_INFINITY): Plan {
  const computed = computedNodes(trace);
  const blocks: Scalars[] = [];
  for (let start = 0; start < computed.length; start += size) {
    blocks.push({ kind: "scalars", nodes: computed.slice(start, start + size) });
  }
  return { blocks, blockOf: blocksOfNodes(trace, blocks), ordered: true };
}

/**
 * Finds dense and elementwise blocks and puts everything in order.
 *
 * @param isSimple is an operation so short that it may be a part of the loops of a dense block?
 * @param tiny a dense block has more neurons or more inputs than this
 */
export function recoverLayers(
  trace: Trace,
  terms: Terms,
  isSimple: (operation: Operation) => boolean,
  tiny = TINY,
): Plan {
  const layers = findLayers(trace, isSimple, tiny);
  const blocks = schedule(trace, layers);
  const blockOf = blocksOfNodes(trace, blocks);
  return { blocks, blockOf, ordered: isOrdered(trace, terms, blocks, blockOf) };
}

/** The nodes that are no leaves. */
export function computedNodes({ nodes }: Trace): number[] {
  const computed: number[] = [];
  for (let i = 0; i < nodes.length; i++) if (nodes[i].role === "computed") computed.push(i);
  return computed;
}

function blocksOfNodes({ nodes }: Trace, blocks: readonly Block[]): number[] {
  const blockOf = nodes.map(() => -1);
  blocks.forEach((block, number) => {
    for (const node of nodesOf(block)) blockOf[node] = number;
  });
  return blockOf;
}

/** The nodes that a block computes. */
export function nodesOf(block: Block): readonly number[] {
  if (block.kind === "scalars") return block.nodes;
  if (block.kind === "elementwise") return block.outputs;
  return [...block.inner, ...block.sums, ...block.outputs];
}

// ---- Neurons and layers ----------------------------------------------------------------------

/** A weighted sum. */
interface Neuron {
  readonly sum: number;
  readonly inputs: readonly number[];
  readonly weights: readonly number[];
  readonly bias: number | undefined;
  readonly biasLast: boolean;
  readonly inner: readonly number[];
}

function findLayers(
  trace: Trace,
  isSimple: (operation: Operation) => boolean,
  tiny: number,
): (Dense | Elementwise)[] {
  const consumers = consumersOf(trace);
  const groups = new Map<string, Neuron[]>();
  for (const neuron of findNeurons(trace, consumers)) {
    const bias = neuron.bias === undefined ? "none" : neuron.biasLast ? "last" : "first";
    const key = `${bias} ${neuron.inputs.join(" ")}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [neuron]);
    else group.push(neuron);
  }
  const found: (Dense | Elementwise)[] = [];
  for (const neurons of groups.values()) {
    const sums = neurons.map(({ sum }) => sum);
    const after = operationAfter(trace, consumers, sums);
    const isWithin = after !== undefined && isSimple(after.operation);
    const { inputs, biasLast } = neurons[0];
    if (Math.max(neurons.length, inputs.length) > tiny) {
      const biases = neurons.flatMap(({ bias }) => (bias === undefined ? [] : [bias]));
      found.push({
        kind: "dense",
        inputs,
        weights: neurons.map(({ weights }) => weights),
        biases: biases.length === 0 ? undefined : biases,
        biasLast,
        sums,
        activation: isWithin ? after.operation : undefined,
        outputs: isWithin ? after.outputs : sums,
        inner: neurons.flatMap(({ inner }) => inner),
      });
    }
    if (after !== undefined && !isWithin)
      found.push({ kind: "elementwise", inputs: sums, ...after });
  }
  return found;
}

/** The consumers of each node, and one more for an output, which somebody outside consumes. */
function consumersOf({ nodes, outputs }: Trace): number[][] {
  const consumers: number[][] = nodes.map(() => []);
  for (let consumer = 0; consumer < nodes.length; consumer++) {
    for (const input of nodes[consumer].inputs) consumers[input].push(consumer);
  }
  for (const output of outputs) consumers[output].push(-1);
  return consumers;
}

/** Walks down each chain of additions from its end, and takes the part that is a weighted sum. */
function findNeurons(trace: Trace, consumers: readonly number[][]): Neuron[] {
  const { nodes } = trace;
  const found: Neuron[] = [];
  const isAdd = (i: number) => nodes[i].operation === operations.add;
  const goesOn = (i: number) => {
    if (consumers[i].length !== 1) return false;
    const consumer = consumers[i][0];
    return consumer >= 0 && isAdd(consumer) && nodes[consumer].inputs[0] === i;
  };
  for (const end of computedNodes(trace)) {
    if (!isAdd(end) || goesOn(end)) continue;
    const sums: number[] = []; // from the end to the start
    let first = end;
    while (isAdd(first) && (first === end || goesOn(first))) {
      sums.push(first);
      first = nodes[first].inputs[0];
    }
    sums.reverse();
    const neuron = weightedSum(nodes, consumers, first, sums);
    if (neuron !== undefined) found.push(neuron);
  }
  return found;
}

/** The longest weighted sum at the start of first + … + …, whose partial sums are given. */
function weightedSum(
  nodes: readonly TracedNode[],
  consumers: readonly number[][],
  first: number,
  sums: readonly number[],
): Neuron | undefined {
  const inputs: number[] = [];
  const weights: number[] = [];
  const inner: number[] = [];
  let bias: number | undefined;
  let biasLast = false;
  /** Adds a term, if it is a product with a parameter, or the bias at one of the ends. */
  const take = (term: number): boolean => {
    const node = nodes[term];
    if (biasLast) return false;
    if (node.role === "parameter" && bias === undefined && consumers[term].length === 1) {
      bias = node.index;
      biasLast = weights.length > 0;
      return true;
    }
    if (node.operation !== operations.mul || consumers[term].length !== 1) return false;
    const [a, b] = node.inputs;
    const weight = nodes[a].role === "parameter" ? a : b;
    const input = weight === a ? b : a;
    if (nodes[weight].role !== "parameter" || !varies(nodes[input])) return false;
    inputs.push(input);
    weights.push(nodes[weight].index);
    inner.push(term);
    return true;
  };
  if (!take(first)) return undefined;
  let taken = 0;
  while (taken < sums.length && take(nodes[sums[taken]].inputs[1])) taken += 1;
  if (taken === 0 || weights.length === 0 || new Set(inputs).size < inputs.length) return undefined;
  for (const sum of sums.slice(0, taken - 1)) inner.push(sum);
  return { sum: sums[taken - 1], inputs, weights, bias, biasLast, inner };
}

/** Does this differ from example to example? */
const varies = ({ role }: TracedNode): boolean =>
  role === "input" || role === "target" || role === "computed";

/** The operation that follows each of the sums and nothing else does, if it is always the same. */
function operationAfter(
  { nodes }: Trace,
  consumers: readonly number[][],
  sums: readonly number[],
): { operation: Operation; outputs: number[] } | undefined {
  const outputs = sums.map((sum) => (consumers[sum].length === 1 ? consumers[sum][0] : -1));
  if (outputs.some((output) => output < 0)) return undefined;
  const { operation } = nodes[outputs[0]];
  const same = outputs.every((output) => nodes[output].operation === operation);
  const open = operation.arity === 1 && operation.kind !== "cut";
  return same && open ? { operation, outputs } : undefined;
}

// ---- Order -----------------------------------------------------------------------------------

/** Everything in an order in which inputs come before consumers, with as few blocks as possible. */
function schedule(trace: Trace, layers: readonly (Dense | Elementwise)[]): Block[] {
  const { nodes } = trace;
  const owned = new Set(layers.flatMap(nodesOf));
  const done = nodes.map(({ role }) => role !== "computed");
  const isReady = (block: Dense | Elementwise) => block.inputs.every((input) => done[input]);
  const blocks: Block[] = [];
  let single = computedNodes(trace).filter((node) => !owned.has(node));
  let waiting = [...layers];
  while (single.length + waiting.length > 0) {
    const ready = waiting.filter(isReady);
    for (const block of ready) {
      blocks.push(block);
      for (const node of nodesOf(block)) done[node] = true;
    }
    waiting = waiting.filter((block) => !ready.includes(block));
    const now: number[] = [];
    const later: number[] = [];
    for (const node of single) {
      if (nodes[node].inputs.every((input) => done[input])) {
        done[node] = true;
        now.push(node);
      } else {
        later.push(node);
      }
    }
    if (now.length > 0) blocks.push({ kind: "scalars", nodes: now });
    single = later;
  }
  return blocks;
}

/**
 * Is every gradient added up in the order of its terms? Blocks are gone through from the last to
 * the first; a dense block goes through its neurons from the last to the first; and a parameter
 * may get its terms from one block only, since each block takes many examples at a time.
 */
function isOrdered(
  { nodes }: Trace,
  terms: Terms,
  blocks: readonly Block[],
  blockOf: readonly number[],
): boolean {
  const rows = new Map<number, number>(); // products, by their places within their block
  for (const block of blocks) {
    if (block.kind === "dense") for (const [i, node] of block.inner.entries()) rows.set(node, i);
  }
  return nodes.every((node, i) => {
    const own = terms[i];
    if (node.role === "parameter") {
      if (own.length <= 1) return true;
      const users = new Set(own.map(({ consumer }) => blockOf[consumer]));
      return users.size === 1 && blocks[[...users][0]].kind === "scalars";
    }
    if (own.length <= 1) return true;
    return own.every(({ consumer }, k) => {
      if (k === 0) return true;
      const younger = own[k - 1].consumer;
      if (blockOf[younger] !== blockOf[consumer]) return blockOf[younger] > blockOf[consumer];
      const [a, b] = [rows.get(younger), rows.get(consumer)];
      return a === undefined || b === undefined || a > b;
    });
  });
}

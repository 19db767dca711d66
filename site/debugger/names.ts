/** What the nodes of a graph are called. Read src/explain/names.ts first. */

import { graphOf, type Value } from "chainrule";
import { type NameOf, nameOf } from "chainrule/explain";

/** A longer expression is not a name. */
const LONGEST = 16;
/** So many operations within one another may be part of a name. */
const DEEPEST = 2;

/** The last part of the label of a weight, with its number. */
const WEIGHT = /^layers\.(\d+)\.neurons\.(\d+)\.weights\.(\d+)$/;
const BIAS = /^layers\.(\d+)\.neurons\.(\d+)\.bias$/;

/**
 * The names of a network's nodes: of each its label, or its operation and where it belongs. A number
 * that goes into the network is called after the weights that it is multiplied by, as in the picture.
 *
 * @example namesOfRun(loss)(node) // "tanh of layers.0.neurons.1, point 3", "x2 of point 3"
 */
export function namesOfRun(output: Value): NameOf {
  const inputs = new Map<Value, string>();
  for (const { inputs: own } of graphOf(output)) {
    own.forEach((weight, slot) => {
      const input = own[1 - slot];
      const number = WEIGHT.exec(weight.label)?.[3];
      if (number === undefined || input === undefined) return;
      if (input.op === "" && input.label === "") inputs.set(input, `x${number}`);
    });
  }
  return (node) => {
    if (node.label !== "") return nameOf(node);
    const { layer, neuron, example } = node.origin;
    const within = [];
    if (layer !== undefined && neuron !== undefined) {
      within.push(`layers.${layer}.neurons.${neuron}`);
    }
    if (example !== undefined) within.push(`point ${example + 1}`);
    const name = inputs.get(node) ?? (node.op === "" ? `number ${nameOf(node)}` : nameOf(node));
    return within.length === 0 ? name : `${name} of ${within.join(", ")}`;
  };
}

/**
 * The names of a formula's nodes. Of several products each is called by what it multiplies: "3*x"
 * says more than "* (2nd)".
 */
export function namesOfFormula(output: Value): NameOf {
  const uses = new Map<string, number>();
  for (const node of graphOf(output)) uses.set(nameOf(node), (uses.get(nameOf(node)) ?? 0) + 1);
  return (node) => {
    if (node.label !== "") return nameOf(node);
    if (node.op === "") return `number ${nameOf(node)}`;
    const isOne = uses.get(nameOf(node)) === 1;
    return (isOne ? undefined : expressionOf(node)) ?? nameOf(node);
  };
}

/** "3*x", "tanh(n)", "(a + b)*c"; undefined if that would be long. */
function expressionOf(node: Value, depth = DEEPEST): string | undefined {
  const { op, inputs, operation } = node;
  const { symbol } = operation;
  const isInfix = inputs.length === 2 && /^[-+*/^]$/.test(symbol);
  const isPower = symbol.startsWith("^") && !isInfix;
  const parts = inputs.map((input) => {
    if (input.label !== "") return nameOf(input);
    if (input.op === "") return String(Number(input.data.toPrecision(4)));
    const part = depth === 0 ? undefined : expressionOf(input, depth - 1);
    if (part === undefined || !(isInfix || isPower)) return part;
    const isTerm = symbol === "+" && /^[-+*/]$/.test(input.operation.symbol);
    const isCall = /^\w+\([^()]*\)$/.test(part);
    return isTerm || isCall ? part : `(${part})`;
  });
  if (parts.includes(undefined)) return undefined;
  const sign = /^[-+]$/.test(symbol) ? ` ${symbol} ` : symbol;
  const call = `${op}(${parts.join(", ")})`;
  const text = isInfix ? parts.join(sign) : isPower ? `${parts[0]}${symbol}` : call;
  return text.length > LONGEST ? undefined : text;
}

/**
 * Where a parameter of a network belongs, in words; "" for anything else.
 *
 * @example placeInWords("layers.2.neurons.0.weights.3")
 * // "A weight: neuron 0 of layer 2 multiplies what neuron 3 of layer 1 gives by it. Counted from 0."
 */
export function placeInWords(name: string): string {
  const bias = BIAS.exec(name);
  if (bias !== null) {
    return `A bias: neuron ${bias[2]} of layer ${bias[1]} adds it to its sum. Counted from 0.`;
  }
  const weight = WEIGHT.exec(name);
  if (weight === null) return "";
  const [, layer, neuron, input] = weight;
  const from =
    layer === "0"
      ? `the input x${input}`
      : `what neuron ${input} of layer ${Number(layer) - 1} gives`;
  return `A weight: neuron ${neuron} of layer ${layer} multiplies ${from} by it. Counted from 0.`;
}

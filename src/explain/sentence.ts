/**
 * A step in plain words, with the numbers of this example. Read steps.ts first.
 */

import { labelText, numberText, operationText } from "../draw/node.ts";
import type { Value } from "../value.ts";
import type { PassStep, Step } from "./steps.ts";

/** What a node is called. */
export type NameOf = (node: Value) => string;

/**
 * The step as one sentence of plain text: whoever puts it into a page must escape it, as labels may
 * hold anything.
 *
 * @param naming what a node is called: its label or its symbol, such as `*`, unless a function says
 * otherwise; `steps.map(sentence)` gives a number here, which is not looked at
 * @example sentence(step) // "* passes 4.0000 × -2.0000 = -8.0000 to d."
 */
export function sentence(step: Step, naming?: NameOf | number): string {
  const name = typeof naming === "function" ? naming : nameOf;
  const node = name(step.node);
  if (step.kind === "compute") {
    return `${node} computes ${computation(step.node)} = ${shownNumber(step.node.data)}.`;
  }
  if (step.kind === "start") return `The gradient of ${node} with respect to itself is 1.`;
  const input = name(step.input);
  if (step.product === undefined) return `${node} passes nothing to ${input}: ${reason(step)}.`;
  const { upstream, local, product, before, after = product } = step;
  const factors = `${shownNumber(upstream)} × ${shownNumber(local)}`;
  const sum =
    before === undefined
      ? ""
      : `: ${shownNumber(before)} + ${inBrackets(product)} = ${shownNumber(after)}`;
  return `${node} passes ${factors} = ${shownNumber(product)} to ${input}${sum}.`;
}

/** What a sentence calls a node: its label, else the symbol of its operation, else its number. */
export const nameOf = (node: Value): string =>
  labelText(node) || operationText(node) || shownNumber(node.data);

/**
 * A number as sentences write it: as pictures do, with four decimals, but never with fewer than
 * four significant digits, so that products can be checked by hand.
 *
 * @example shownNumber(0.00123456) // "0.001235"
 */
export function shownNumber(x: number): string {
  const size = Math.abs(x);
  return size >= 0.00005 && size < 0.1 ? x.toPrecision(4) : numberText(x);
}

const signs = new Map([
  ["add", "+"],
  ["sub", "-"],
  ["mul", "×"],
  ["div", "/"],
]);

/** "2.0000 × -3.0000", "tanh(0.5000)", "pow(2.0000, 3)". */
function computation({ op, operation, inputs }: Value): string {
  const numbers = inputs.map(({ data }) => data);
  const sign = signs.get(op);
  if (sign !== undefined && numbers.length === 2) {
    const second = sign === "×" ? shownNumber(numbers[1]) : inBrackets(numbers[1]);
    return `${shownNumber(numbers[0])} ${sign} ${second}`;
  }
  const all = [...numbers.map(shownNumber), ...operation.parameters.map(String)];
  return `${op}(${all.join(", ")})`;
}

/** The number, in parentheses if it has a minus: "4.0000 + (-1.0000)". */
export function inBrackets(x: number): string {
  const text = shownNumber(x);
  return text.startsWith("-") ? `(${text})` : text;
}

function reason({ node, because }: PassStep): string {
  if (because === "cut") return `${node.op} cuts the graph here`;
  if (because === "nothing came") return "nothing came to it";
  return "its result does not depend on it here";
}

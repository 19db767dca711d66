/**
 * Where a local derivative comes from, in words for somebody who knows no calculus. Read sentence.ts
 * first.
 */

import { labelText, operationText } from "../draw/node.ts";
import { isNotChosen, numbers } from "../operations.ts";
import { Value } from "../value.ts";
import { inBrackets, type NameOf, nameOf, shownNumber } from "./sentence.ts";

/** Why a local derivative is what it is. */
export interface LocalReason {
  /** What to know of the operation: enough to find the number. */
  readonly rule: string;
  /** What that makes of the numbers of this example; "" if the rule says it all. */
  readonly here: string;
}

/** Steps to both sides to measure a slope with, the first that is small enough. */
const NUDGES = [0.01, 0.001, 0.0001];
/** So far a measured slope may be from the local derivative. */
const CLOSE = 0.002;

/**
 * Why the local derivative of an operation to one of its inputs is what it is. Sums and products
 * speak for themselves; the slope of everything else is measured, by a little less and a little
 * more of the input: no derivative is stated here.
 *
 * @param slot which input: its place in `consumer.inputs`
 * @param name what a node is called: its label or its symbol unless said otherwise
 * @example whyLocal(product, 0) // for a*b
 * // { rule: "* multiplies: 1 more of one factor changes the product by the other factor.",
 * //   here: "The other factor is b, -3.0000." }
 */
export function whyLocal(consumer: Value, slot: number, name: NameOf = nameOf): LocalReason {
  const { operation } = consumer;
  const inputs = Value.inputsOf(consumer);
  const symbol = operationText(consumer) || operation.name;
  const local = consumer.localDerivative(slot);
  if (operation.kind === "cut") return { rule: `${symbol} lets nothing back.`, here: "" };
  if (isNotChosen(local)) {
    return {
      rule: `What ${symbol} does not choose does not count: a little more of it changes nothing.`,
      here: "It is not chosen here.",
    };
  }
  if (operation.kind === "product") {
    const other = inputs[1 - slot];
    const own = inputs[slot];
    const isNamed = labelText(other) !== "";
    const isNumber = other.op === "" && !isNamed && other !== own;
    const gives = isNamed || other.op === "" ? name(other) : `what ${name(other)} gives`;
    const which = other === own ? `${name(other)} too` : gives;
    return {
      rule: `${symbol} multiplies: 1 more of one factor changes the product by the other factor.`,
      here: `The other factor is ${isNumber ? "" : `${which}, `}${shownNumber(other.data)}.`,
    };
  }
  if (operation.kind === "linear") {
    const [does, what] = {
      "+": ["+ adds", "either number"],
      "-": ["- subtracts", `the ${slot === 0 ? "first" : "second"} number`],
    }[symbol] ?? [symbol, "its input"];
    const size = Math.abs(local) === 1 ? "1" : shownNumber(Math.abs(local));
    const effect = `makes the result ${size} ${local < 0 ? "less" : "more"}`;
    return { rule: `${does}: 1 more of ${what} ${effect}.`, here: "" };
  }
  return measured(consumer, slot, local, symbol);
}

function measured(consumer: Value, slot: number, local: number, symbol: string): LocalReason {
  const data = Value.inputsOf(consumer).map((input) => input.data);
  const at = (x: number) =>
    consumer.operation.value(numbers, ...data.map((own, i) => (i === slot ? x : own)));
  for (const nudge of NUDGES) {
    const change = at(data[slot] + nudge) - at(data[slot] - nudge);
    const way = 2 * nudge;
    if (!(Math.abs(change / way - local) <= CLOSE * Math.abs(local))) continue;
    const moves = change > 0 ? "grows" : change < 0 ? "falls" : "stays the same";
    const by = change === 0 ? "" : ` by ${shownNumber(Math.abs(change))}`;
    return {
      rule:
        `How steep is ${symbol} here? From ${nudge} less to ${nudge} more of its input, a way of ` +
        `${way}, it ${moves}${by}.`,
      here: `That is ${inBrackets(change)} / ${way} = ${shownNumber(local)} for each 1.`,
    };
  }
  return { rule: `It is how steep ${symbol} is at ${shownNumber(data[slot])}.`, here: "" };
}

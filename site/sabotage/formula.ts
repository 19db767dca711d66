/** The formula whose gradients are broken. Read src/expression.ts first. */

import { type Expression, graphOf, parseExpression, type Value } from "chainrule";

const LONGEST = 400;
const MOST_NODES = 300;
export const MOST_NAMES = 40;

/** A formula that cannot be shown; the message is a sentence for the reader. */
export class FormulaError extends Error {}

/** @throws FormulaError */
export function readFormula(text: string): Expression {
  if (text.length > LONGEST) {
    throw new FormulaError(
      `A formula here has at most ${LONGEST} characters; this one has ${text.length}.`,
    );
  }
  let expression: Expression;
  try {
    expression = parseExpression(text);
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).replace(
      /^expression: /,
      "",
    );
    throw new FormulaError(`${message.charAt(0).toUpperCase()}${message.slice(1)}.`);
  }
  if (expression.names.length > MOST_NAMES) {
    throw new FormulaError(`A formula here has at most ${MOST_NAMES} names.`);
  }
  return expression;
}

/**
 * The graph of a formula; a name without a number gets 1.
 *
 * @throws FormulaError if it has too many nodes
 */
export function graphOfFormula(
  expression: Expression,
  values: Readonly<Record<string, number>>,
): Value {
  const all = expression.names.map((name) => [name, numberFor(values, name)]);
  const output = expression.evaluate(Object.fromEntries(all));
  const count = graphOf(output).length;
  if (count <= MOST_NODES) return output;
  throw new FormulaError(
    `A formula here makes at most ${MOST_NODES} nodes; this one makes ${count}.`,
  );
}

/** The number of a name. */
export const numberFor = (values: Readonly<Record<string, number>>, name: string): number =>
  (Object.hasOwn(values, name) ? values[name] : undefined) ?? 1;

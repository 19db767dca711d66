/** A typed formula as something to walk through. Read src/expression.ts first. */

import { graphOf, parseExpression, type Value } from "chainrule";

/** A formula with numbers for its names. */
export interface Formula {
  readonly text: string;
  /** The number of each name, in the order in which they occur. */
  readonly values: ReadonlyMap<string, number>;
  /** The last node of the graph. */
  readonly output: Value;
}

/** A formula that cannot be walked through; the message is a sentence for the reader. */
export class FormulaError extends Error {}

/** A larger graph takes longer to read than to understand. */
export const MOST_NODES = 2_000;
const LONGEST = 20_000;

/** What the page shows before it is touched: two leaves have their gradients, two are to come. */
export const beginning = {
  text: "L = (a*b + c) * f",
  values: new Map([
    ["a", 2],
    ["b", -3],
    ["c", 10],
    ["f", -2],
  ]),
  position: 6,
};

/** Formulas to try, each with something of its own to be seen. */
export const examples: readonly {
  readonly title: string;
  readonly text: string;
  readonly values: Readonly<Record<string, number>>;
}[] = [
  {
    title: "Products and a sum",
    text: beginning.text,
    values: Object.fromEntries(beginning.values),
  },
  { title: "A number used twice", text: "d = a*b; L = d*d + a", values: { a: 2, b: -1.5 } },
  {
    title: "One neuron",
    text: "o = tanh(w1*x1 + w2*x2 + b)",
    values: { w1: -3, x1: 2, w2: 1, x2: 0, b: 6.8813735870195432 },
  },
  {
    title: "A neuron and its error",
    text: "o = tanh(w*x + b); L = (o - y)^2",
    values: { w: 0.5, x: 1.5, b: -0.25, y: 1 },
  },
  // L = 16 at w = 1, and 0 at w = 3; from rate 0.25 on a step goes too far.
  {
    title: "A valley to overshoot",
    text: "L = (w*x - y)^2",
    values: { w: 1, x: 2, y: 6 },
  },
  { title: "A switch", text: "L = relu(a*x) + max(a, b)", values: { a: -0.5, x: 2, b: 1 } },
];

/**
 * Reads a formula and computes it.
 *
 * @param values a name without a number gets 1
 * @throws FormulaError that says where, what was expected and what came
 */
export function computeFormula(text: string, values: ReadonlyMap<string, number>): Formula {
  if (text.length > LONGEST) {
    throw new FormulaError(
      `This formula has ${text.length} characters; at most ${LONGEST} can be read.`,
    );
  }
  try {
    const expression = parseExpression(text);
    const own = new Map(expression.names.map((name) => [name, values.get(name) ?? 1]));
    const output = expression.evaluate(Object.fromEntries(own)); // own properties, even __proto__
    const { length } = graphOf(output);
    if (length > MOST_NODES) {
      throw new FormulaError(
        `This formula makes a graph of ${length} nodes; the debugger walks through at most ` +
          `${MOST_NODES} of a formula.`,
      );
    }
    return { text, values: own, output };
  } catch (error) {
    if (error instanceof FormulaError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const sentence = message.replace(/^expression: /, "");
    throw new FormulaError(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`);
  }
}

/** The finite number that a text stands for, with a point or a comma; undefined for another text. */
export function numberOf(text: string): number | undefined {
  const plain = text.trim().replace(",", ".").replace("−", "-");
  const number = plain === "" ? Number.NaN : Number(plain);
  return Number.isFinite(number) ? number : undefined;
}

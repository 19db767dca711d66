/**
 * Four mistakes that engines are written with, each of which this one can make on purpose, to be
 * looked at. The engine itself stays right. Read steps.ts first.
 */

import { describe, expectOneOf, quote } from "../errors.ts";
import { exp } from "../math.ts";
import { isNotChosen } from "../operations.ts";
import { graphOf, Value } from "../value.ts";
import { flowsTo } from "./steps.ts";

/** What an engine can do wrong. */
export type Mistake = "assign" | "noZeroGrad" | "wrongOrder" | "wrongDerivative";

/** A mistake in words. */
export interface Sabotage {
  readonly name: Mistake;
  readonly title: string;
  /** What it does, and where it shows. */
  readonly sentence: string;
}

/** The mistakes, in the order in which the course makes them. */
export const sabotages: readonly Sabotage[] = [
  {
    name: "assign",
    title: "= instead of +=",
    sentence:
      "Each node keeps only what it was passed last. All that was used once is right; what was " +
      "used several times has lost the rest of its sum.",
  },
  {
    name: "wrongOrder",
    title: "Wrong order",
    sentence:
      "Each node passes its gradient on as soon as it is reached, before all its consumers have " +
      "passed on theirs. What comes later stays where it is.",
  },
  {
    name: "noZeroGrad",
    title: "zeroGrad forgotten",
    sentence:
      "Gradients of earlier steps are still there, and new ones are added to them. The first step " +
      "is right; after that, parameters run past the lowest point.",
  },
  {
    name: "wrongDerivative",
    title: "Wrong derivative",
    sentence:
      "One operation multiplies by a wrong local derivative. All that lies behind it is wrong; the " +
      "output and its data are right, so nobody notices.",
  },
];

/** A local derivative as somebody might get it wrong. */
export interface WrongDerivative {
  /** The wrong formula beside the right one. */
  readonly sentence: string;
  /** What the wrong formula says for an input of a node. */
  local(node: Value, slot: number): number;
}

// None of these is a derivative. They are wrong on purpose; the right ones are in operations.ts.
const wrongFormulas: Readonly<Record<string, WrongDerivative>> = {
  tanh: {
    sentence: "1 - tanh(x) instead of 1 - tanh(x)²",
    local: (y) => 1 - y.data,
  },
  relu: {
    sentence: "1 everywhere instead of 0 below zero",
    local: () => 1,
  },
  sigmoid: {
    sentence: "1 - s instead of s (1 - s), s the sigmoid",
    local: (y) => 1 - y.data,
  },
  exp: {
    sentence: "x exp(x - 1) instead of exp(x), as if it were a power",
    local: ({ inputs: [x] }) => x.data * exp(x.data - 1),
  },
  log: {
    sentence: "log(x) instead of 1/x",
    local: (y) => y.data,
  },
  square: {
    sentence: "x instead of 2x",
    local: ({ inputs: [x] }) => x.data,
  },
  pow: {
    sentence: "n x^n instead of n x^(n - 1); to an exponent that is an input, x^n without log(x)",
    local: ({ data, operation, inputs }, slot) =>
      slot === 0 ? (operation.parameters[0] ?? inputs[1].data) * data : data,
  },
  div: {
    sentence: "-a/b instead of -a/b² to the divisor",
    local: ({ data, inputs: [, b] }, slot) => (slot === 0 ? 1 / b.data : -data),
  },
  mul: {
    sentence: "the factor itself instead of the other one",
    local: ({ inputs }, slot) => inputs[slot].data,
  },
  sub: {
    sentence: "1 instead of -1 to what is subtracted",
    local: () => 1,
  },
  add: {
    sentence: "1/2 instead of 1 to each, as if the gradient had to be shared",
    local: () => 0.5,
  },
};

/** For any other operation. */
const forgotten: WrongDerivative = {
  sentence: "1: the local derivative is forgotten",
  local: () => 1,
};

/**
 * The wrong derivative that {@link brokenBackward} has for an operation.
 *
 * @param op the operation's name, such as "tanh"
 */
export const wrongDerivative = (op: string): WrongDerivative =>
  Object.hasOwn(wrongFormulas, op) ? wrongFormulas[op] : forgotten;

/**
 * The operation of a graph that gets a wrong derivative unless another one is named; undefined if the
 * graph has no operation.
 */
export function operationToBreak(output: Value): string | undefined {
  const ops = new Set(graphOf(output).map(({ op }) => op));
  ops.delete("");
  return Object.keys(wrongFormulas).find((op) => ops.has(op)) ?? [...ops][0];
}

/** How {@link brokenBackward} is to be wrong. */
export interface BrokenOptions {
  readonly mistakes: ReadonlySet<Mistake>;
  /** The gradients that an earlier pass left behind. They count if `zeroGrad` is forgotten. */
  readonly before?: ReadonlyMap<Value, number>;
  /** The name of the operation whose derivative is wrong; see {@link operationToBreak}. */
  readonly wrong?: string;
}

const mistakeNames = sabotages.map(({ name }) => name);

/**
 * The gradients that an engine with these mistakes would find; without any, those of `backward`.
 * The graph stays as it is.
 *
 * @throws TypeError unless the output is a Value and the mistakes are a Set; RangeError for a mistake
 * that there is not, or if the graph has no operation of the name `wrong`
 * @example
 * const a = new Value(3, "a");
 * brokenBackward(a.add(a), { mistakes: new Set(["assign"]) }).get(a); // 1, and 2 is right
 */
export function brokenBackward(output: Value, options: BrokenOptions): Map<Value, number> {
  if (!(output instanceof Value)) {
    throw new TypeError(`brokenBackward: expected a Value, got ${describe(output)}`);
  }
  const { mistakes, before = new Map(), wrong } = options;
  if (!(mistakes instanceof Set)) {
    throw new TypeError(`brokenBackward: expected a Set of mistakes, got ${describe(mistakes)}`);
  }
  for (const mistake of mistakes) expectOneOf(mistake, mistakeNames, "brokenBackward");
  const broken = mistakes.has("wrongDerivative") ? (wrong ?? operationToBreak(output)) : undefined;
  const order = mistakes.has("wrongOrder") ? tooEarly(output) : youngestFirst(output);
  if (wrong !== undefined && broken !== undefined && !order.some(({ op }) => op === broken)) {
    throw new RangeError(`brokenBackward: expected an operation of the graph, got ${quote(wrong)}`);
  }

  const gradients = new Map<Value, number>();
  const came = new Set([output]); // nodes to which something has come, if only a 0
  if (mistakes.has("noZeroGrad")) {
    for (const node of order) {
      const left = before.get(node);
      if (left === undefined) continue;
      gradients.set(node, left);
      came.add(node);
    }
  }
  gradients.set(output, output.op === "" ? (gradients.get(output) ?? 0) + 1 : 1);

  for (const node of order) {
    const upstream = gradients.get(node) ?? 0;
    flowsTo(node).forEach((input, slot) => {
      const local =
        node.op === broken
          ? wrongDerivative(node.op).local(node, slot)
          : node.localDerivative(slot);
      const nothing = !came.has(node) || (node.operation.masked && isNotChosen(local));
      const product = nothing ? 0 : local * upstream + 0;
      const sum = mistakes.has("assign") ? 0 : (gradients.get(input) ?? 0);
      gradients.set(input, sum + product);
      if (!nothing) came.add(input);
    });
  }
  return gradients;
}

/** The right order: each node after all its consumers. */
const youngestFirst = (output: Value): Value[] => graphOf(output, flowsTo).reverse();

/**
 * An order in which a node comes as soon as one of its consumers has: each node once, before its
 * inputs, the first input with all that is behind it before the second.
 */
function tooEarly(output: Value): Value[] {
  const seen = new Set<Value>();
  const waiting = [output];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    waiting.push(...[...flowsTo(node)].reverse());
  }
  return [...seen];
}

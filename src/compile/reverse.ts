/**
 * The second pass, *reverse*: finds how the gradient of every number of a program is put together.
 * Read trace.ts first.
 *
 * The engine's `backward` goes from consumers to inputs and hands out. A program that is written
 * down beforehand can do the reverse: each number gathers, from all its consumers, local
 * derivative × the consumer's gradient. It is the same sum, and it is kept in the engine's order.
 */

import type { Trace } from "./trace.ts";

/** One term of a gradient: the local derivative of `consumer` to its input number `input`. */
export interface Term {
  readonly consumer: number;
  readonly input: number;
}

/**
 * The terms of the gradient of each node, the youngest consumer first; none for a node whose
 * gradient is of no use, because no parameter is behind it or nothing of it reaches the output.
 */
export type Terms = readonly (readonly Term[])[];

/** Does anything flow back through this node? */
const isOpen = ({ operation }: Trace["nodes"][number]): boolean => operation.kind !== "cut";

/** Gathers the terms of all gradients, for the program's only output. */
export function reverse({ nodes, outputs }: Trace): Terms {
  // 1. Forwards: which nodes depend on a parameter, through operations that let gradients pass?
  const depends: boolean[] = [];
  const isDependent = (node: number) => depends[node];
  for (const node of nodes) {
    const own = node.role === "parameter";
    depends.push(own || (isOpen(node) && node.inputs.some(isDependent)));
  }
  // 2. Backwards, as the engine goes: a node that is reached is a term in the gradients of its inputs.
  const terms: Term[][] = nodes.map(() => []);
  const reached: boolean[] = [];
  for (const output of outputs) reached[output] = true;
  for (let consumer = nodes.length - 1; consumer >= 0; consumer--) {
    if (!reached[consumer] || !isOpen(nodes[consumer])) continue;
    const { inputs } = nodes[consumer];
    for (let input = 0; input < inputs.length; input++) {
      const node = inputs[input];
      if (!depends[node]) continue;
      reached[node] = true;
      terms[node].push({ consumer, input });
    }
  }
  return terms;
}

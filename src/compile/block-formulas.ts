/**
 * The formulas of a block: what its numbers are and what they pass back, over those that come from
 * elsewhere. Read formula.ts and trace.ts first.
 */

import { type Formula, localTimes, Sheet } from "./formula.ts";
import type { TracedNode } from "./trace.ts";

/** What a variable stands for: something of a node, or the gradient of the loss. */
export type VariableKind = "value" | "gradient" | "local" | "seed";

/** Formulas over the numbers of a block. */
export class BlockFormulas {
  readonly sheet = new Sheet();
  readonly #nodes: readonly TracedNode[];
  readonly #inside: ReadonlySet<number>;
  readonly #values = new Map<number, Formula>();
  readonly #variables: { kind: VariableKind; node: number }[] = [];
  readonly #known = new Map<string, Formula>();

  /** @param inside the nodes that are computed here; all others are variables */
  constructor(nodes: readonly TracedNode[], inside: readonly number[]) {
    this.#nodes = nodes;
    this.#inside = new Set(inside);
    for (const node of inside) this.value(node); // inputs first, so that nothing recurses
  }

  value(node: number): Formula {
    const known = this.#values.get(node);
    if (known !== undefined) return known;
    const { role, operation, inputs, value } = this.#nodes[node];
    const made =
      role === "constant"
        ? this.sheet.number(value.data)
        : this.#inside.has(node)
          ? this.sheet.apply(operation.value, ...inputs.map((input) => this.value(input)))
          : this.#variable("value", node);
    this.#values.set(node, made);
    return made;
  }

  gradient(node: number): Formula {
    return this.#variable("gradient", node);
  }

  /** The local derivative to this node of the elementwise operation that follows. */
  local(node: number): Formula {
    return this.#variable("local", node);
  }

  seed(): Formula {
    return this.#variable("seed", 0);
  }

  /** What a node passes to its input number i. */
  passed(node: number, i: number, gradient: Formula): Formula {
    const { operation, inputs } = this.#nodes[node];
    const values = inputs.map((input) => this.value(input));
    const rule = operation.localDerivatives[i];
    const local = this.sheet.apply(rule, ...values, this.value(node));
    return localTimes(this.sheet, local, gradient, operation.masked);
  }

  #variable(kind: VariableKind, node: number): Formula {
    const key = `${kind} ${node}`;
    let found = this.#known.get(key);
    if (found === undefined) {
      found = this.sheet.variable(this.#variables.length);
      this.#variables.push({ kind, node });
      this.#known.set(key, found);
    }
    return found;
  }

  variable(i: number): { kind: VariableKind; node: number } {
    return this.#variables[i];
  }

  variablesIn(formulas: readonly Formula[]): number[] {
    return variablesOf(formulas);
  }
}

/** The variables in formulas. */
export function variablesOf(formulas: readonly Formula[]): number[] {
  const seen = new Set(formulas);
  for (const formula of seen) for (const input of formula.inputs) seen.add(input); // grows as it runs
  const found = [...seen].filter(({ name }) => name === "variable").map(({ number }) => number);
  return found.sort((a, b) => a - b);
}

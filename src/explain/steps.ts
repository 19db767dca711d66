/**
 * The forward and the backward pass of a graph as a list of steps, small enough to be looked at one
 * after the other. Read value.ts first.
 *
 * Nothing is derived here. The gradient that a node passes on comes from `backward`, the local
 * derivative from the statement of its operation; a step shows the one product of the two that an
 * edge of the graph contributes, and the sum as it grows.
 */

import { describe } from "../errors.ts";
import { isNotChosen } from "../operations.ts";
import { graphOf, Value } from "../value.ts";
import { placesIn } from "./places.ts";

/** One step of {@link stepsOf}. */
export type Step = ComputeStep | StartStep | PassStep;

/** Forward: a node computes its data from its inputs. */
export interface ComputeStep {
  readonly kind: "compute";
  readonly node: Value;
}

/** Backward begins: the gradient of the output with respect to itself is 1. */
export interface StartStep {
  readonly kind: "start";
  readonly node: Value;
  /** Its gradient from now on: 1. */
  readonly after: number;
}

/** Backward: a node passes its gradient × the local derivative to one of its inputs. */
export interface PassStep {
  readonly kind: "pass";
  readonly node: Value;
  /** Which of the node's inputs it is, counted from 0: `a.add(a)` passes to a twice. */
  readonly slot: number;
  readonly input: Value;
  /** The gradient of the node, which is complete: all its consumers have passed on theirs. */
  readonly upstream: number;
  /** d node / d input, the other inputs held still. */
  readonly local: number;
  /** upstream × local; undefined if nothing is passed, and then `because` says why. */
  readonly product: number | undefined;
  /**
   * Why nothing is passed. "not chosen": by relu, max, clamp, …; "cut": by detach; "nothing came":
   * none of the node's consumers passed anything to it.
   */
  readonly because: "not chosen" | "cut" | "nothing came" | undefined;
  /** The gradient of the input before and after the step; undefined while there is none. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/**
 * The passes of a graph as steps: forward, one for each operation from the oldest to the youngest;
 * then backward, from the output on, one for each edge, in the order of `backward`. The gradients
 * after the last step are those of `output.backward()` to the last bit; those of the graph itself
 * stay as they are.
 *
 * @throws TypeError unless the output is a Value; Error if a leaf was written since the forward pass
 * @example
 * const a = new Value(3, "a");
 * stepsOf(a.mul(a)).map(sentence);
 * // ["* computes 3.0000 × 3.0000 = 9.0000.",
 * //  "The gradient of * with respect to itself is 1.",
 * //  "* passes 1.0000 × 3.0000 = 3.0000 to a.",
 * //  "* passes 1.0000 × 3.0000 = 3.0000 to a: 3.0000 + 3.0000 = 6.0000."]
 */
export function stepsOf(output: Value): readonly Step[] {
  if (!(output instanceof Value)) {
    throw new TypeError(`stepsOf: expected a Value, got ${describe(output)}`);
  }
  const { nodes, places } = placesIn(output);
  const steps: Step[] = [];
  for (const node of nodes) if (node.op !== "") steps.push({ kind: "compute", node });

  // Nodes that only lead into a cut have no gradient, and pass nothing on.
  const reached = nodes.some(isCut) ? graphOf(output, flowsTo) : nodes;
  const gradients = gradientsFor(output, reached);
  const sums: (number | undefined)[] = new Array(nodes.length).fill(undefined); // by place
  const came = new Uint8Array(nodes.length);
  const placeOf = (node: Value): number => places.get(node) ?? -1; // all are among them
  sums[placeOf(output)] = 1;
  came[placeOf(output)] = 1;
  steps.push({ kind: "start", node: output, after: 1 });
  for (let i = reached.length - 1; i >= 0; i--) {
    const node = reached[i];
    if (node.op === "") break; // leaves stand first
    const upstream = gradients[i];
    const hasGradient = came[placeOf(node)] === 1;
    const inputs = Value.inputsOf(node);
    for (let slot = 0; slot < inputs.length; slot++) {
      const input = inputs[slot];
      const place = placeOf(input);
      const local = node.localDerivative(slot);
      const because = whyNothing(node, local, hasGradient);
      const product = because === undefined ? local * upstream + 0 : undefined; // + 0: never -0
      const before = sums[place];
      const after = because === "cut" ? before : (before ?? 0) + (product ?? 0);
      const kind = "pass";
      steps.push({ kind, node, slot, input, upstream, local, product, because, before, after });
      sums[place] = after;
      if (product !== undefined) came[place] = 1;
    }
  }
  return steps;
}

/** The gradients that are known after these steps, the first ones of {@link stepsOf}. */
export function gradientsAfter(steps: readonly Step[]): Map<Value, number> {
  const gradients = new Map<Value, number>();
  for (const step of steps) {
    if (step.kind === "compute" || step.after === undefined) continue;
    gradients.set(step.kind === "pass" ? step.input : step.node, step.after);
  }
  return gradients;
}

const isCut = (node: Value): boolean => node.operation.kind === "cut";

/** The inputs of a node to which a gradient flows: all, unless it cuts the graph. */
export const flowsTo = (node: Value): readonly Value[] => (isCut(node) ? [] : Value.inputsOf(node));

/** Why a node passes nothing to an input, whose local derivative this is; undefined if it does. */
function whyNothing(node: Value, local: number, came: boolean): PassStep["because"] {
  if (isCut(node)) return "cut";
  if (!came) return "nothing came";
  return node.operation.masked && isNotChosen(local) ? "not chosen" : undefined;
}

/**
 * What `output.backward()` finds for each node that it reaches, leaves that had a gradient before
 * included. The gradients of the graph itself stay as they are.
 *
 * @throws TypeError unless the output is a Value; Error if a leaf was written since the forward pass
 */
export function gradientsOf(output: Value): Map<Value, number> {
  const nodes = graphOf(output, flowsTo);
  const gradients = gradientsFor(output, nodes);
  return new Map(nodes.map((node, place) => [node, gradients[place]]));
}

/** The same for each of these nodes: all that a pass reaches. */
function gradientsFor(output: Value, nodes: readonly Value[]): number[] {
  const putBack = Value.rememberGradients(nodes);
  try {
    for (const node of nodes) node.zeroGrad();
    output.backward();
    return nodes.map((node) => node.grad);
  } finally {
    putBack();
  }
}

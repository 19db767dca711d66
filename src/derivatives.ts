/**
 * Derivatives beyond `backward`: gradients that are Values and can be differentiated again, second
 * derivatives, and derivatives carried forward along the graph. All of them read the same local
 * derivatives. Read value.ts and functions.ts first.
 */

import { describe, expectNumber } from "./errors.ts";
import { values } from "./functions.ts";
import { isNotChosen } from "./operations.ts";
import { changedLeaf, graphOf, Value } from "./value.ts";

/**
 * d output / d input for each input, as Values made from the same leaves: they can be
 * differentiated again. No node's `grad` changes. An input that the output does not depend on has
 * the gradient 0. (PyTorch: `torch.autograd.grad(..., create_graph=True)`.)
 *
 * @example
 * const x = new Value(2);
 * const [slope] = grad(x.pow(3), [x]); //  12
 * const [bend] = grad(slope, [x]); //      12, the second derivative 6x
 *
 * @throws TypeError if something is not a Value; Error if a leaf was written since the forward pass
 */
export function grad(output: Value, inputs: readonly Value[]): Value[] {
  expectValues(output, inputs, "grad");
  const nodes = freshGraphOf(output, "grad");
  const needed = dependents(nodes, inputs);

  // As in `backward`, but gradients are Values, and only paths that end at an input are followed.
  const gradients = new Map<Value, Value>([[output, new Value(1)]]);
  for (const node of nodes.reverse()) {
    const upstream = gradients.get(node);
    if (upstream === undefined || !needed.has(node)) continue;
    const nodeInputs = live(node);
    nodeInputs.forEach((input, i) => {
      if (!needed.has(input)) return;
      const local = node.operation.localDerivatives[i](values, ...nodeInputs, node);
      if (node.operation.masked && isNotChosen(local)) return; // nothing arrives
      const passed = local === 1 ? upstream : upstream.mul(local);
      const before = gradients.get(input);
      gradients.set(input, before === undefined ? passed : before.add(passed));
    });
  }
  return inputs.map((input) => gradients.get(input) ?? new Value(0));
}

/**
 * The second derivatives d² output / (d inputs[i] d inputs[j]), as numbers in rows.
 *
 * @example hessian(a.mul(a).mul(b), [a, b]) // [[2b, 2a], [2a, 0]]
 * @throws what {@link grad} throws
 */
export function hessian(output: Value, inputs: readonly Value[]): number[][] {
  expectValues(output, inputs, "hessian");
  freshGraphOf(output, "hessian");
  return grad(output, inputs).map((slope) => grad(slope, inputs).map((second) => second.data));
}

/**
 * Forward mode: how fast the output changes when the inputs change at the rates `tangents`. It is
 * the sum of d output / d inputs[i] · tangents[i], computed along the graph from the inputs to the
 * output in one pass. (The name is JAX's: Jacobian-vector product.)
 *
 * @example jvp(a.mul(b), [a, b], [1, 0]) // d(a b)/da = b
 * @throws RangeError if there are more or fewer tangents than inputs; what {@link grad} throws
 */
export function jvp(output: Value, inputs: readonly Value[], tangents: readonly number[]): number {
  expectValues(output, inputs, "jvp");
  if (!Array.isArray(tangents)) {
    throw new TypeError(`jvp: expected an array of tangents, got ${describe(tangents)}`);
  }
  if (tangents.length !== inputs.length) {
    throw new RangeError(
      `jvp: expected ${inputs.length} tangents, one for each input, got ${tangents.length}`,
    );
  }
  // A node that no input with a tangent leads to has no entry; that is not the same as a tangent
  // of 0 where a local derivative is infinite.
  const rates = new Map<Value, number>();
  inputs.forEach((input, i) => {
    const rate = expectNumber(tangents[i], "jvp");
    if (rate !== 0) rates.set(input, rate + (rates.get(input) ?? 0));
  });
  for (const node of freshGraphOf(output, "jvp")) {
    live(node).forEach((input, i) => {
      const rate = rates.get(input);
      if (rate === undefined) return;
      const local = node.localDerivative(i);
      if (node.operation.masked && isNotChosen(local)) return;
      rates.set(node, (rates.get(node) ?? 0) + local * rate);
    });
  }
  return rates.get(output) ?? 0;
}

/** The inputs through which derivatives flow. */
const live = (node: Value): readonly Value[] => (node.operation.kind === "cut" ? [] : node.inputs);

/** The graph, inputs first, checked for leaves written since the forward pass. */
function freshGraphOf(output: Value, where: string): Value[] {
  const nodes = graphOf(output, live);
  for (const node of nodes) {
    for (const input of live(node)) {
      if (input.time > node.time) throw changedLeaf(where, input);
    }
  }
  return nodes;
}

/** The inputs, and those of the nodes (inputs first) that depend on one of them. */
function dependents(nodes: readonly Value[], inputs: readonly Value[]): Set<Value> {
  const found = new Set(inputs);
  for (const node of nodes) {
    if (live(node).some((input) => found.has(input))) found.add(node);
  }
  return found;
}

function expectValues(output: Value, inputs: readonly Value[], where: string): void {
  if (!(output instanceof Value)) {
    throw new TypeError(`${where}: expected the output to be a Value, got ${describe(output)}`);
  }
  if (!Array.isArray(inputs)) {
    throw new TypeError(`${where}: expected an array of inputs, got ${describe(inputs)}`);
  }
  for (const input of inputs) {
    if (!(input instanceof Value)) {
      throw new TypeError(`${where}: expected every input to be a Value, got ${describe(input)}`);
    }
  }
}

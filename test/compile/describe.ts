// What the passes of the compiler find, in words and columns, for docs/compiler.md.

import { BlockFormulas } from "../../src/compile/block-formulas.ts";
import { JavaScript, writeFormulas } from "../../src/compile/dialects.ts";
import type { Formula } from "../../src/compile/formula.ts";
import { nodesOf, type Plan } from "../../src/compile/layers.ts";
import type { Terms } from "../../src/compile/reverse.ts";
import type { Trace } from "../../src/compile/trace.ts";
import type { Value } from "../../src/value.ts";

/** Numbers in a row: 3, 4, 5 as 3…5. */
function span(numbers: readonly number[]): string {
  const runs: number[][] = [];
  for (const n of numbers) {
    const last = runs.at(-1);
    if (last?.at(-1) === n - 1) last.push(n);
    else runs.push([n]);
  }
  return runs.map((run) => (run.length < 3 ? run.join(" ") : `${run[0]}…${run.at(-1)}`)).join(" ");
}

const placeOf = ({ nodes }: Trace, node: number): string => {
  const { layer, neuron } = nodes[node]!.value.origin;
  return layer === undefined ? "" : `layers.${layer}.neurons.${neuron}`;
};

/** The numbers of a program, one a line: which, what it is, from what. */
export function describeTrace(trace: Trace): string {
  const { nodes, outputs } = trace;
  const lines: string[] = [];
  let place = "";
  nodes.forEach(({ role, operation, inputs, value }, node) => {
    const here = placeOf(trace, node);
    if (role === "computed" && here !== place) lines.push(here === "" ? "the loss" : here);
    if (role === "computed") place = here;
    const what = role === "computed" ? operation.name.padEnd(7) + inputs.join(" ") : role;
    const label = role === "computed" || value.label === "" ? "" : `  ${value.label}`;
    const is = outputs.includes(node) ? "  <- the output" : "";
    lines.push(`${String(node).padStart(4)}  ${what}${label}${is}`);
  });
  return lines.join("\n");
}

/**
 * How each gradient is put together: dN is the gradient of number N, vN its value. Beside it both, as
 * the engine finds them for an example: Values in the order of the trace.
 */
export function describeTerms({ nodes, outputs }: Trace, terms: Terms, example: Value[]): string {
  const lines = [`${"".padEnd(26)}   value  gradient`];
  const write = (text: string, node: number, label = "") => {
    const { data, grad } = example[node]!;
    const columns = String(data).padStart(8) + String(grad).padStart(10);
    lines.push(`${`  ${text}`.padEnd(26)}${columns}  ${label}`.trimEnd());
  };
  for (let node = nodes.length - 1; node >= 0; node--) {
    if (outputs.includes(node)) write(`d${node} = 1`, node);
    if (terms[node]!.length === 0) continue;
    const formulas = new BlockFormulas(nodes, []);
    const passed = terms[node]!.map(({ consumer, input }) =>
      formulas.passed(consumer, input, formulas.gradient(consumer)),
    );
    const sum = passed.reduce((a, b) => formulas.sheet.arithmetic.add(a, b) as Formula);
    const name = (i: number) => {
      const { kind, node: of } = formulas.variable(i);
      return `${kind === "value" ? "v" : "d"}${of}`;
    };
    const [text] = writeFormulas(JavaScript, [sum], name, () => "part").texts;
    const { role, value } = nodes[node]!;
    const label = role === "parameter" ? value.label : "";
    write(`d${node} = ${text}`, node, label);
  }
  return lines.join("\n");
}

/** The blocks of a plan. */
export function describePlan(trace: Trace, plan: Plan): string {
  const lines = plan.blocks.map((block, i) => {
    const title = `block ${i}  ${block.kind}`;
    if (block.kind !== "dense") return `${title}: numbers ${span(nodesOf(block))}`;
    const { inputs, weights, biases = [], outputs, activation } = block;
    const place = placeOf(trace, outputs[0]!).replace(/\.neurons.*/, "");
    return [
      `${title}: ${place}, ${weights.length} by ${inputs.length}, ${activation?.name ?? "linear"}`,
      `    inputs   numbers ${span(inputs)}`,
      `    weights  parameters ${weights.map(span).join(" | ")}`,
      `    biases   parameters ${biases.join(" ")}`,
      `    outputs  numbers ${span(outputs)}`,
      `    within   numbers ${span([...nodesOf(block)].filter((n) => !outputs.includes(n)).sort((a, b) => a - b))}`,
    ].join("\n");
  });
  return [...lines, `in the engine's order: ${plan.ordered ? "yes" : "no"}`].join("\n");
}

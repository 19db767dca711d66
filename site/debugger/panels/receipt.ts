/**
 * The receipt of the selected node: its gradient as a sum with one line for each consumer. Read
 * sum-table.ts first.
 */

import "../../styles/panels.css";
import type { Value } from "chainrule";
import { shownNumber, slopeText, whyLocal } from "chainrule/explain";
import { isSecret, type Moment, type Panel } from "../panel.ts";
import { counted, inSentence, make, WhenSeen, write } from "./parts.ts";
import { passesTo, SumTable } from "./sum-table.ts";

/** A formula with more characters is said in words. */
const LONGEST = 90;
/** So many local derivatives are explained one by one. */
const FEW = 3;

/** How the gradient of the selected node is made up. */
export function receiptPanel(): Panel {
  const note = make("p.panel-note");
  const formula = make("p.panel-formula");
  const sum = new SumTable();
  sum.element.hidden = true; // until it is drawn
  const meaning = make("p.panel-meaning");
  const words = make("ul.panel-reasons");
  const element = make("div.panel", note, formula, sum.element, meaning, words);

  let moment: Moment | undefined;
  const seen = new WhenSeen(element, () => {
    if (moment === undefined) return;
    const { node } = moment;
    const why = whyNothing(moment);
    write(note, why ?? "");
    note.hidden = why === undefined;
    const hasTerms = node !== undefined && passesTo(moment.walk, node).length > 0;
    for (const part of [formula, meaning]) part.hidden = why !== undefined;
    for (const part of [sum.element, words]) part.hidden = why !== undefined || !hasTerms;
    if (why !== undefined || node === undefined) return;
    write(formula, formulaOf(node, moment));
    write(meaning, meaningOf(node, moment));
    if (!hasTerms) return;
    sum.show(node, moment);
    const reasons = reasonsFor(node, moment);
    if (words.textContent !== reasons.join("")) {
      words.replaceChildren(...reasons.map((reason) => make("li", reason)));
    }
  });
  return {
    name: "receipt",
    title: "What its gradient is made of",
    element,
    show(next) {
      moment = next;
      seen.changed();
    },
  };
}

/** Why there is no receipt to be shown; undefined if there is. */
function whyNothing(moment: Moment): string | undefined {
  const { node } = moment;
  if (node === undefined) return "Select a node of the graph to see what its gradient is made of.";
  if (!isSecret(moment, node)) return undefined;
  return "The quiz is on: this receipt is shown once you have answered.";
}

/** "dL/da = dL/d(*) × d(*)/da": the chain rule for this node. */
export function formulaOf(node: Value, { walk, nameOf }: Moment): string {
  const { output } = walk;
  const left = slopeText(output, node, nameOf);
  if (node === output) return `${left} = 1`;
  const passes = passesTo(walk, node);
  if (passes.length === 0) {
    return `${left}: no path leads from ${nameOf(output)} to ${nameOf(node)}`;
  }
  // dL/df = dL/dL × dL/df would say nothing.
  const products = passes.map(([{ node: consumer }]) =>
    consumer === output
      ? `1 × local derivative of ${nameOf(output)}`
      : `${slopeText(output, consumer, nameOf)} × ${slopeText(consumer, node, nameOf)}`,
  );
  const text = `${left} = ${products.join(" + ")}`;
  if (text.length <= LONGEST) return text;
  const consumers = counted(passes.length, "consumer");
  return `${left} = the sum over ${consumers} of gradient × local derivative`;
}

/** Where the local derivatives of the lines come from: of a few each, of many each rule. */
function reasonsFor(node: Value, { walk, nameOf }: Moment): string[] {
  const passes = passesTo(walk, node).map(([step]) => step);
  const isFew = passes.length <= FEW;
  const reasons = passes.map((step) => {
    const { rule, here } = whyLocal(step.node, step.slot, nameOf);
    return isFew ? `${shownNumber(step.local)}: ${rule} ${here}`.trimEnd() : rule;
  });
  const rules = [...new Set(reasons)].slice(0, FEW);
  const several =
    passes.length > 1
      ? [
          `Why a sum: ${nameOf(node)} is used ${passes.length} times. When it grows, each use changes ` +
            `${inSentence(nameOf(walk.output))} by its share, and the changes add up.`,
        ]
      : [];
  return [
    ...several,
    "A local derivative: by how much the box on the left changes for each 1 that this number " +
      "grows, while its other inputs stay as they are.",
    ...rules,
  ];
}

/** What the gradient says of small changes, in plain words. */
export function meaningOf(node: Value, { walk, position, nameOf }: Moment): string {
  const name = nameOf(node);
  const output = inSentence(nameOf(walk.output));
  const gradient = walk.gradient(node, position);
  if (!walk.receipt(node, position).complete) {
    return gradient === undefined
      ? `Backward has not come to ${name} yet.`
      : `This is not all yet: more is still to come to ${name}.`;
  }
  if (node === walk.output) return `${name} grows exactly as much as itself. Here backward begins.`;
  if (gradient === undefined) return `Nothing comes here: ${output} does not depend on ${name}.`;
  if (!Number.isFinite(gradient)) return `This is no finite number: no step can be made with it.`;
  if (gradient === 0) return `A little more or less of ${name} does not change ${output}.`;
  const verb = gradient > 0 ? "grows" : "falls";
  const size = Math.abs(gradient);
  const change = shownNumber(0.01 * size);
  return `If ${name} grows by 0.01, ${output} ${verb} by about 0.01 × ${shownNumber(size)} = ${change}.`;
}

/** Gradients of two engines side by side, the wrong ones first. Read comparison.ts first. */

import type { Value } from "chainrule";
import { shownNumber } from "chainrule/explain";
import type { Comparison } from "./comparison.ts";

/** Rows that are shown before the reader asks for all. */
const FIRST = 12;

/**
 * Fills the body of a table: node, right gradient, gradient of the broken engine.
 *
 * @returns how many rows were left out
 */
export function fillTable(
  body: HTMLElement,
  nodes: readonly Value[],
  { wrong, right, broken }: Comparison,
  nameOf: (node: Value) => string,
  isWhole: boolean,
): number {
  const isWrong = new Set(wrong);
  const sorted = [
    ...nodes.filter((node) => isWrong.has(node)),
    ...nodes.filter((node) => !isWrong.has(node)),
  ];
  const shown = isWhole ? sorted : sorted.slice(0, FIRST);
  body.replaceChildren(
    ...shown.map((node) => {
      const row = document.createElement("tr");
      row.toggleAttribute("data-wrong", isWrong.has(node));
      const name = document.createElement("th");
      name.scope = "row";
      // A long name, "layers.0.neurons.1.bias", goes to the next line after a dot.
      for (const part of nameOf(node).split(/(?<=\.)/))
        name.append(part, document.createElement("wbr"));
      row.append(name, cell(numberText(right(node))), cell(numberText(broken(node))));
      row.append(verdict(isWrong.has(node)));
      return row;
    }),
  );
  return sorted.length - shown.length;
}

function cell(text: string): HTMLElement {
  const element = document.createElement("td");
  element.textContent = text;
  return element;
}

/** A sign, and for who does not see it a word. */
function verdict(isWrong: boolean): HTMLElement {
  const element = cell(isWrong ? "✗" : "✓");
  element.setAttribute("aria-label", isWrong ? "wrong" : "right");
  return element;
}

const numberText = (x: number | undefined) => (x === undefined ? "–" : shownNumber(x));

/**
 * What is said of a graph that came from a lesson's cell: where it comes from, and which gradients
 * the reader's engine had found differently. Read snapshot.ts first.
 */

import { graphOf, type Value } from "chainrule";
import { shownNumber } from "chainrule/explain";
import { make } from "./make.ts";
import type { Snapshot } from "./snapshot.ts";

/** So many wrong nodes are listed. */
const MOST = 12;

/** The words above a cell's graph. `choose` is told of a node that the reader wants to see. */
export class CellGraph {
  readonly element = make("div", { class: "debugger-cell" });
  readonly #choose: (node: Value) => void;

  constructor(choose: (node: Value) => void) {
    this.#choose = choose;
  }

  show(snapshot: Snapshot, nameOf: (node: Value) => string): void {
    const { from, name, output, isWrong, notes } = snapshot;
    const nodes = graphOf(output);
    const what = name === "" ? "The graph of a cell's result" : `The graph of ${name}`;
    const where = from === "" ? "" : `, from ${from}`;
    const parts: HTMLElement[] = [make("p", {}, `${what}${where}: ${counted(nodes.length)}.`)];
    const wrong = nodes.filter(isWrong).reverse(); // the first that backward came to
    if (wrong.length > 0) {
      const many =
        wrong.length === 1
          ? "One gradient is not what the chain rule gives. It is marked red: "
          : `${wrong.length} gradients are not what the chain rule gives. They are marked red. Nearest to the result: `;
      const line = make("p", { class: "debugger-theirs" });
      line.append(many);
      for (const node of wrong.slice(0, MOST)) {
        const button = make("button", { type: "button" }, nameOf(node));
        button.addEventListener("click", () => this.#choose(node));
        line.append(button, " ");
      }
      if (wrong.length > MOST) line.append(`and ${wrong.length - MOST} more.`);
      parts.push(line);
    } else if (snapshot.isComparable && nodes.some((node) => snapshot.theirs(node) !== undefined)) {
      parts.push(make("p", {}, "All gradients that the cell had found are right."));
    }
    parts.push(...notes.map((note) => make("p", { class: "debugger-note" }, note)));
    this.element.replaceChildren(...parts);
  }
}

const counted = (nodes: number) => (nodes === 1 ? "1 node" : `${nodes} nodes`);

/** Both gradients of a node, the cell's and the right one; "" if the cell had none. */
export function compared(snapshot: Snapshot, node: Value): string {
  const { theirs, isWrong, isComparable } = snapshot;
  const found = theirs(node);
  if (found === undefined) return "";
  if (!isComparable) return `The cell had found ${shownNumber(found)}, from its own numbers.`;
  if (!isWrong(node)) return `The cell had found ${shownNumber(found)}, too.`;
  return `The cell had found ${shownNumber(found)}. The right gradient is ${shownNumber(node.grad)}.`;
}

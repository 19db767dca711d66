/**
 * From a cell to the debugger: a link below the outputs of a cell that made a graph. Loaded when a cell
 * has made one. Read ../kernel/take-graph.ts and ../debugger/snapshot.ts first.
 */

import { announce, notice } from "../shell/announce.ts";
import { packText } from "./share-link.ts";

/** What a cell must show of itself. */
interface GraphCell extends HTMLElement {
  readonly number: number;
  run(): Promise<void>;
}

const selector = ":scope > .cell-graph";

/** Puts the link below the outputs of a cell, given the text of its graph. */
export async function offerDebugger(cell: GraphCell, graph: string): Promise<void> {
  const { name, problem } = headOf(graph);
  const line = document.createElement("p");
  line.className = "cell-graph";
  if (problem === undefined) {
    const link = document.createElement("a");
    const [step = ""] = (document.querySelector("h1")?.textContent ?? "").split(":");
    const from = encodeURIComponent(`${step.slice(0, 40)}, cell ${cell.number}`);
    link.href = `./debugger.html#graph=${await packText(graph)}&from=${from}`;
    link.target = "_blank";
    link.textContent = name === "" ? "Open in debugger" : `Open ${name} in debugger`;
    line.append(link);
  } else line.textContent = `For the debugger: ${problem}`;
  cell.querySelector(selector)?.remove();
  cell.querySelector(":scope > .outputs")?.after(line);
}

/** Opens the graph of a cell; runs the cell before if it has not run. */
export async function openInDebugger(cell: GraphCell): Promise<void> {
  const before = cell.querySelector<HTMLAnchorElement>(`${selector} a`);
  if (before !== null) return before.click();
  await cell.run();
  for (let i = 0; i < 50 && cell.querySelector(selector) === null; i++) {
    await new Promise((later) => setTimeout(later, 10)); // the link is being made
  }
  const line = cell.querySelector(selector);
  const link = line?.querySelector("a");
  if (link) {
    link.focus(); // not opened by itself: after a while browsers take that for an advertisement
    announce("The cell has run, and its graph is ready.");
  } else notice(line?.textContent ?? nothing);
}

const nothing =
  "This cell has no graph to open: neither its value nor a variable that it names is a Value with inputs.";

function headOf(graph: string): { readonly name: string; readonly problem: string | undefined } {
  try {
    const { name, problem } = JSON.parse(graph);
    const text = (x: unknown) => (typeof x === "string" ? x.slice(0, 200) : "");
    return { name: text(name), problem: problem === undefined ? undefined : text(problem) };
  } catch {
    return { name: "", problem: "its graph could not be read." };
  }
}

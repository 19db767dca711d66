/**
 * DOT as a picture: Graphviz itself, as WebAssembly, decides where everything goes; nothing has to
 * be installed on the machine. Read dot.ts and graphviz-svg.ts first.
 */

import { describe, quote } from "../errors.ts";
import { redraw } from "./graphviz-svg.ts";
import { peer } from "./peers.ts";

type Graphviz = Awaited<ReturnType<typeof import("@viz-js/viz").instance>>;

let started: Promise<Graphviz> | undefined;

/** Graphviz, started when it is needed for the first time. */
function graphviz(): Promise<Graphviz> {
  started ??= peer("@viz-js/viz", import("@viz-js/viz")).then((found) => found().instance());
  return started.catch((error) => {
    started = undefined; // it may be there the next time
    throw error;
  });
}

/** In Graphviz's Arial all of our text has room, since it is drawn smaller than it is measured. */
const font = { fontname: "Arial" };

/**
 * The picture that Graphviz makes of a text in DOT, as SVG. Links, images and scripts are left out,
 * whoever wrote the text.
 *
 * @param dot as `toDot` writes it, or one of your own: `digraph { a -> b }`
 * @throws Error with Graphviz's words and the line if the text is not DOT, and with the command to
 * install it if the package @viz-js/viz is missing
 * @example show(await renderDot("digraph { rankdir=LR; a -> b }"))
 * @see https://graphviz.org/doc/info/lang.html
 */
export async function renderDot(dot: string): Promise<string> {
  if (typeof dot !== "string") {
    throw new TypeError(`renderDot: expected text in DOT, got ${describe(dot)}`);
  }
  const viz = await graphviz();
  const options = { graphAttributes: font, nodeAttributes: font, edgeAttributes: font };
  let result: ReturnType<Graphviz["render"]>;
  try {
    result = viz.render(dot.replaceAll("\0", "\ufffd"), { ...options, format: "svg" });
  } catch (error) {
    started = undefined; // it has crashed, and would go on from where that left it
    throw new Error(`renderDot: Graphviz could not draw it: ${message(error)}`, { cause: error });
  }
  const wrong = result.errors.filter(({ level }) => level !== "warning");
  if (result.output === undefined || wrong.length > 0) throw new Error(complaint(dot, wrong));
  return redraw(result.output);
}

function complaint(dot: string, errors: readonly { message: string }[]): string {
  const words = errors.map((error) => error.message.trim()).join(" ");
  const where = "renderDot: expected a graph in DOT";
  if (words === "") return `${where}, such as digraph { a -> b }, got ${describe(dot)}`;
  const [found, number] = /\bline (\d+)/.exec(words) ?? [];
  const line = found === undefined ? undefined : dot.split(/\r?\n/)[Number(number) - 1]?.trim();
  const shown = line === undefined || line === "" ? "" : `; that line is ${quote(line)}`;
  return `${where}, but Graphviz says: ${words}${shown}`;
}

const message = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);

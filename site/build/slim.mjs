// Leaves out of the cell worker what cells never reach: parts of Sucrase and of d3. Read bundle.mjs
// first.

import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../../scripts/set-up.mjs";

const index = path.join(root, "dist/draw/index.js");

/** What pictures use of d3, by package. @type {Record<string, string>} */
const used = { "d3-scale": "scaleLinear", "d3-shape": "line", "d3-contour": "contours" };

/** Cells are TypeScript that stays a module: no JSX, no Flow, no CommonJS, no source maps. */
const unused = new RegExp(
  "/sucrase/dist/esm/(CJSImportProcessor|computeSourceMap|util/formatTokens|" +
    "parser/plugins/(flow|jsx/index)|transformers/(CJSImport|JSX|Flow|JestHoist|ReactDisplayName|" +
    "ReactHotLoader|NumericSeparator|OptionalCatchBinding|OptionalChainingNullish)(Transformer)?)\\.js$",
);

/** @returns {import("vite").Plugin} */
export const slim = () => ({
  name: "slim",
  enforce: "pre",
  resolveId: (id) => (id in used ? `\0${id}` : undefined),
  async load(id) {
    const name = id.slice(1);
    const part = id.startsWith("\0") ? used[name] : undefined;
    if (part) {
      const whole = await this.resolve(name, index, { skipSelf: true });
      return `export { ${part} } from ${JSON.stringify(whole?.id ?? name)};`;
    }
    if (unused.test(id)) return emptied(fs.readFileSync(id, "utf8"));
    // The options are always the same two.
    if (id.endsWith("/sucrase/dist/esm/Options.js")) return "export function validateOptions() {}";
    return undefined;
  },
  transform(code, id) {
    if (!id.endsWith("/compile/workers.js")) return undefined;
    // No cell can start a worker: Vite need not build one for openTeam.
    return code.replaceAll('"./worker.js"', '("./worker.js")');
  },
});

/** A module that has the exports of another one and nothing in them. @param {string} text */
function emptied(text) {
  const names = [...text.matchAll(/^export (?:function|const|class) (\w+)/gm)];
  const exports = names.map(([, name]) => `export const ${name} = undefined;`);
  return ["export default class {}", ...exports].join("\n");
}

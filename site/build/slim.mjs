// Leaves out of the cell worker what cells never reach, parts of Sucrase and of d3, and has `train` take
// the compiler when it has come. Read bundle.mjs first.

import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../../scripts/set-up.mjs";

/**
 * What the worker uses of the packages that are imported when they are needed.
 * @type {Record<string, string>}
 */
const used = {
  "d3-scale": "scaleLinear",
  "d3-shape": "line",
  "d3-contour": "contours",
  "@viz-js/viz": "instance",
  "@resvg/resvg-wasm": "initWasm",
  acorn: "parse",
  sucrase: "transform",
};

/** No picture has a scale write its numbers. */
const noFormat = "formatSpecifier precisionFixed precisionRound precisionPrefix formatPrefix format"
  .split(" ")
  .map((name) => `export const ${name} = undefined;`)
  .join("\n");

const dist = path.join(root, "dist/");
const trainCompiler = JSON.stringify(path.join(root, "site/kernel/train-compiler.ts"));

/** Cells are TypeScript that stays a module: no JSX, no Flow, no CommonJS, no source maps. */
const unused = new RegExp(
  "/sucrase/dist/esm/(CJSImportProcessor|computeSourceMap|util/formatTokens|" +
    "parser/plugins/(flow|jsx/index)|transformers/(CJSImport|JSX|Flow|JestHoist|ReactDisplayName|" +
    "ReactHotLoader|NumericSeparator|OptionalCatchBinding|OptionalChainingNullish)(Transformer)?)\\.js$",
);

/** Code that runs nowhere but in syntax that is left as it is. */
const noHelpers = `export class HelperManager {
  emitHelpers() { return ""; }
}`;

/** @returns {import("vite").Plugin} */
export const slim = () => ({
  name: "slim",
  enforce: "pre",
  resolveId: (id) => (id === "d3-format" || id === "d3-interpolate" ? `\0${id}` : undefined),
  async load(id) {
    if (id === "\0d3-format") return noFormat;
    if (id === "\0d3-interpolate") {
      const whole = await this.resolve("d3-interpolate", dist, { skipSelf: true });
      return `export { interpolateNumber as interpolate, interpolateNumber, interpolateRound,
        piecewise } from ${JSON.stringify(whole?.id)};`; // scales of pictures have numbers
    }
    if (unused.test(id)) return emptied(fs.readFileSync(id, "utf8"));
    if (id.endsWith("/sucrase/dist/esm/HelperManager.js")) return noHelpers;
    // The options are always the same two.
    if (id.endsWith("/sucrase/dist/esm/Options.js")) return "export function validateOptions() {}";
    return undefined;
  },
  transform(code, id) {
    if (!id.startsWith(dist)) return undefined;
    if (id.endsWith("/train.js")) {
      return code.replaceAll(/"\.\/compile\/(epochs|program)\.js"/g, trainCompiler);
    }
    if (id.endsWith("/compile/workers.js")) return undefined; // see withoutTeam
    return withoutLaterImports(code);
  },
});

/**
 * Nothing in the site trains with several workers: Vite need not build those of openTeam.
 * @returns {import("vite").Plugin}
 */
export const withoutTeam = () => ({
  name: "without-team",
  enforce: "pre",
  transform: (code, id) =>
    id.startsWith(dist) && id.endsWith("/compile/workers.js")
      ? code.replaceAll('"./worker.js"', '("./worker.js")')
      : undefined,
});

/**
 * Imports at once what a module would import when it needs it: all is in one chunk.
 * @param {string} code
 */
function withoutLaterImports(code) {
  /** @type {string[]} */
  const imports = [];
  const changed = code.replaceAll(/\bimport\("([^"]+)"\)/g, (whole, name) => {
    const part = used[name];
    if (part === undefined) return whole;
    imports.push(`import { ${part} as ${part}Part } from "${name}";`);
    return `Promise.resolve({ ${part}: ${part}Part })`;
  });
  return imports.length > 0 ? `${imports.join(" ")} ${changed}` : undefined;
}

/** A module that has the exports of another one and nothing in them. @param {string} text */
function emptied(text) {
  const names = [...text.matchAll(/^export (?:function|const|class) (\w+)/gm)];
  const exports = names.map(([, name]) => `export const ${name} = undefined;`);
  return ["export default class {}", ...exports].join("\n");
}

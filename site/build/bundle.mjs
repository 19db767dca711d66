// Bundles what runs in the browser with Vite: the frame's script, the cell worker, the client. Read
// build.mjs first.

import { createHash } from "node:crypto";
import * as path from "node:path";
import { build } from "vite";
import { root } from "../../scripts/set-up.mjs";

const site = path.join(root, "site");

/** The built package: the page runs what is published. */
const alias = [
  { find: /^chainrule$/, replacement: path.join(root, "dist/index.js") },
  { find: /^chainrule\/(draw|cells|compile)$/, replacement: path.join(root, "dist/$1/index.js") },
];

/** @type {import("vite").InlineConfig} */
const common = {
  root: site,
  configFile: false,
  logLevel: "warn",
  resolve: { alias },
  base: "./",
};

/** The first characters of a content's hash, for the name of its file. */
export const shortHash = (/** @type {string | Uint8Array} */ content) =>
  createHash("sha256").update(content).digest("hex").slice(0, 10);

/**
 * Bundles a module and all it needs into one classic script.
 * @param {string} entry path from site/
 * @returns {Promise<string>}
 */
export async function classicScript(entry) {
  const result = await build({
    ...common,
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      lib: { entry: path.join(site, entry), formats: ["iife"], name: "chainruleScript" },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (output === undefined || !("output" in output)) throw new Error(`${entry}: nothing was built`);
  return output.output[0].code;
}

/**
 * Bundles the client's entries.
 * @param {string} out folder of the site
 * @param {Record<string, string>} entries name to path from site/
 * @param {string} virtual text of the module `virtual:site`
 * @returns {Promise<Record<string, { script: string, styles: string[], preloads: string[] }>>} files by entry, as
 *   paths from `out`
 */
export async function clientScripts(out, entries, virtual) {
  const result = await build({
    ...common,
    plugins: [virtualModule("virtual:site", virtual)],
    build: {
      outDir: out,
      emptyOutDir: false,
      target: "es2022",
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rollupOptions: {
        input: Object.fromEntries(
          Object.entries(entries).map(([name, entry]) => [name, path.join(site, entry)]),
        ),
      },
    },
  });
  const [{ output }] = /** @type {any[]} */ (Array.isArray(result) ? result : [result]);
  /** @type {Record<string, { script: string, styles: string[], preloads: string[] }>} */
  const files = {};
  const chunks = new Map(output.map((/** @type {any} */ chunk) => [chunk.fileName, chunk]));
  for (const chunk of output) {
    if (chunk.type !== "chunk" || !chunk.isEntry) continue;
    const all = [chunk, ...chunk.imports.map((/** @type {string} */ name) => chunks.get(name))];
    files[chunk.name] = {
      script: chunk.fileName,
      styles: [...new Set(all.flatMap((chunk) => [...(chunk.viteMetadata?.importedCss ?? [])]))],
      preloads: chunk.imports,
    };
  }
  return files;
}

/** @param {string} name @param {string} text @returns {import("vite").Plugin} */
function virtualModule(name, text) {
  return {
    name,
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => (id === `\0${name}` ? text : undefined),
  };
}

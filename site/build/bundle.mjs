// Bundles what runs in the browser with Vite: the frame's script, the cell worker, the client. Read
// build.mjs first.

import { createHash } from "node:crypto";
import * as path from "node:path";
import { build } from "vite";
import { root } from "../../scripts/set-up.mjs";
import { slim } from "./slim.mjs";

const site = path.join(root, "site");

/** The built package: the page runs what is published. */
const alias = [
  { find: /^chainrule$/, replacement: path.join(root, "dist/index.js") },
  {
    find: /^chainrule\/(draw|cells|compile|explain)$/,
    replacement: path.join(root, "dist/$1/index.js"),
  },
];

/** Packages that are too large for the cell worker. */
const inWorker = [
  { find: "@viz-js/viz", replacement: path.join(site, "kernel/graphviz.ts") },
  { find: "@resvg/resvg-wasm", replacement: path.join(site, "kernel/no-png.ts") },
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
export const classicScript = (entry) => oneScript(entry, "iife");

/**
 * Bundles a module and all it needs into one module.
 * @param {string} entry path from site/
 */
export const moduleScript = (entry) => oneScript(entry, "es");

/** @param {string} entry @param {"iife" | "es"} format @returns {Promise<string>} */
async function oneScript(entry, format) {
  const result = await build({
    ...common,
    resolve: { alias: [...alias, ...inWorker] },
    plugins: [slim()],
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: {
        checks: { pluginTimings: false }, // no advice on the build's speed
        input: path.join(site, entry),
        preserveEntrySignatures: "strict",
        output: {
          format,
          codeSplitting: false,
          // Names stay: cells print those of classes and functions.
          minify: { compress: true, mangle: { keepNames: true }, codegen: true },
        },
      },
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
      rolldownOptions: {
        checks: { pluginTimings: false }, // no advice on the build's speed
        input: Object.fromEntries(
          Object.entries(entries).map(([name, entry]) => [name, path.join(site, entry)]),
        ),
      },
    },
  });
  const [{ output }] = /** @type {any[]} */ (Array.isArray(result) ? result : [result]);
  /** @type {Record<string, { script: string, styles: string[], preloads: string[] }>} */
  const files = {};
  // What several entries import is in chunks of its own, which have style sheets, too.
  const chunkOf = (/** @type {string} */ name) =>
    output.find((/** @type {any} */ { fileName }) => fileName === name);
  /** @type {(name: string) => string[]} */
  const importedBy = (name) =>
    chunkOf(name).imports.flatMap((/** @type {string} */ each) => [...importedBy(each), each]);
  for (const chunk of output) {
    if (chunk.type !== "chunk" || !chunk.isEntry) continue;
    const preloads = unique(importedBy(chunk.fileName));
    files[chunk.name] = {
      script: chunk.fileName,
      styles: unique(
        [...preloads, chunk.fileName].flatMap((name) => [
          ...(chunkOf(name).viteMetadata?.importedCss ?? []),
        ]),
      ),
      preloads,
    };
  }
  return files;
}

const unique = (/** @type {string[]} */ names) => [...new Set(names)];

/** @param {string} name @param {string} text @returns {import("vite").Plugin} */
function virtualModule(name, text) {
  return {
    name,
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => (id === `\0${name}` ? text : undefined),
  };
}

// Bundles what runs in the browser with Vite: the frame's script, the cell worker, the client. Read
// build.mjs first.

import { createHash } from "node:crypto";
import * as path from "node:path";
import { build } from "vite";
import { root } from "../../scripts/set-up.mjs";
import { slim, withoutTeam } from "./slim.mjs";

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
 */
export const classicScript = (entry) => oneScript(entry, "iife");

/**
 * Bundles a module and all it needs into one module.
 * @param {string} entry path from site/
 */
export const moduleScript = (entry) => oneScript(entry, "es");

/** @param {string} entry @param {"iife" | "es"} format @returns {Promise<string>} */
async function oneScript(entry, format) {
  const [chunk] = await bundled({ script: entry }, [slim(), withoutTeam()], {
    format,
    codeSplitting: false,
    minify: true,
  });
  return chunk.code;
}

/**
 * Bundles the cell worker: what every cell needs in one module, and beside it what is asked for later.
 * Those import from the worker's module what they share with it, so that there is one `Value`.
 * @returns {Promise<{ worker: string, drawing: string, compiler: string }>}
 */
export async function workerScripts() {
  const entries = {
    worker: "kernel/worker.ts",
    drawing: "kernel/drawing.ts",
    compiler: "kernel/compiler.ts",
  };
  const parsers = await moduleScript("kernel/parsers.ts");
  const chunks = await bundled(entries, [slim(), withoutTeam(), builtParsers(parsers)], {
    format: "es",
    // Names stay: cells print those of classes and functions.
    minify: { compress: true, mangle: { keepNames: true }, codegen: true },
    minifyInternalExports: false, // a chunk exports what its entry does
    chunkFileNames: "cell-[name].js",
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        {
          name: "drawing",
          test: /\/dist\/(draw|explain)\/|\bd3-|\/kernel\/(drawing|graphviz|no-png)\./,
        },
        { name: "compiler", test: /\/kernel\/compiler\.ts$|\/dist\/compile\/(?!rows\.)/ },
        { name: "worker", test: /./ },
      ],
    },
  });
  /** The chunk that a module is in. @param {string} entry */
  const chunkOf = (entry) => {
    const chunk = chunks.find(({ moduleIds }) => moduleIds.includes(path.join(site, entry)));
    if (chunk === undefined) throw new Error(`${entry}: nothing was built`);
    const imported = chunk.imports.filter((name) => name !== "cell-worker.js");
    if (imported.length > 0) throw new Error(`${entry}: it must not import ${imported.join(", ")}`);
    return chunk.code;
  };
  const [worker, drawing, compiler] = Object.values(entries).map(chunkOf);
  return { worker, drawing, compiler };
}

/**
 * Puts the built parsers in the place of the packages: of their names none has to stay.
 * @param {string} text
 * @returns {import("vite").Plugin}
 */
const builtParsers = (text) => ({
  name: "parsers",
  enforce: "pre",
  resolveId: (id) => (id === "acorn" || id === "sucrase" ? "\0parsers" : undefined),
  load: (id) => (id === "\0parsers" ? text : undefined),
});

/**
 * @param {Record<string, string>} entries name to path from site/
 * @param {import("vite").Plugin[]} plugins
 * @param {import("vite").Rolldown.OutputOptions} output
 */
async function bundled(entries, plugins, output) {
  const input = Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, path.join(site, entry)]),
  );
  const result = await build({
    ...common,
    resolve: { alias: [...alias, ...inWorker] },
    plugins,
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: {
        checks: { pluginTimings: false }, // no advice on the build's speed
        input,
        preserveEntrySignatures: "allow-extension", // "strict" does not go with groups
        output,
      },
    },
  });
  const [built] = Array.isArray(result) ? result : [result];
  if (built === undefined || !("output" in built)) throw new Error("nothing was built");
  return built.output.filter((file) => file.type === "chunk");
}

/** What several entries share and every page needs: one file, rather than ten small ones. */
const onEveryPage =
  /\0virtual:site|vite\/preload-helper|\/shell\/(announce|copy|flags|navigation|offline|place|progress|reading|search|storage|store|terms|theme|scrolling)\.ts$/;

/** What playground and debugger share: in one file it is smaller than in five. */
const ofEveryRun =
  /\/dist\/(nn|random|losses|data|train|recipes)\.js$|\/site\/(runs\/(setup|graph|address)|playground\/views\/(loss-view|slow-text|text))\.ts$/;

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
    plugins: [virtualModule("virtual:site", virtual), withoutTeam(), bracketsAlone],
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
        preserveEntrySignatures: "allow-extension", // "strict" does not go with groups
        output: {
          codeSplitting: {
            includeDependenciesRecursively: false,
            groups: [
              { name: "every", test: onEveryPage },
              { name: "network", test: ofEveryRun },
            ],
          },
        },
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

/**
 * The editor closes brackets, and completes names only when type hints are on. Both are in one package, so
 * the editor gets a copy of it in which nothing but the brackets is left.
 * @type {import("vite").Plugin}
 */
const bracketsAlone = {
  name: "brackets",
  enforce: "pre",
  async resolveId(id, importer) {
    if (id !== "@codemirror/autocomplete" || !importer?.endsWith("/editor.ts")) return undefined;
    const whole = await this.resolve(id, importer, { skipSelf: true });
    return whole && `${whole.id}?brackets`;
  },
};

/** @param {string} name @param {string} text @returns {import("vite").Plugin} */
function virtualModule(name, text) {
  return {
    name,
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => (id === `\0${name}` ? text : undefined),
  };
}

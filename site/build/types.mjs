// What type hints are made with: TypeScript itself, and the declarations of the language and the package.
// Nobody loads it who has not asked for hints. Read editor/types-worker.ts first.

import * as fs from "node:fs";
import * as path from "node:path";
import { minify } from "vite";
import { root } from "../../scripts/set-up.mjs";

const library = path.join(root, "site/node_modules/typescript");

/** TypeScript as one classic script, smaller, with its licence; made once for each version. */
export async function typesCompiler() {
  const { version } = JSON.parse(fs.readFileSync(path.join(library, "package.json"), "utf8"));
  const kept = path.join(root, ".cache", `typescript-${version}.min.js`);
  if (fs.existsSync(kept)) return fs.readFileSync(kept, "utf8");
  const text = fs.readFileSync(path.join(library, "lib/typescript.js"), "utf8");
  const licence = text.slice(0, text.indexOf("*/") + 2);
  const { code } = await minify("typescript.js", text);
  fs.mkdirSync(path.dirname(kept), { recursive: true });
  fs.writeFileSync(`${kept}.${process.pid}`, `${licence}\n${code}`);
  fs.renameSync(`${kept}.${process.pid}`, kept); // whole or not at all
  return fs.readFileSync(kept, "utf8");
}

/** What a cell may use besides what it imports, as in scripts/lessons/checks/types.mjs. */
const globals = `interface Console {
  log(...things: unknown[]): void;
}
declare const console: Console;
`;

/** The declaration files as JSON: text by name. */
export function typesLibraries() {
  /** @type {Record<string, string>} */
  const files = { "/globals.d.ts": globals };
  addLanguage("es2022", files);
  const dist = path.join(root, "dist");
  for (const name of fs.readdirSync(dist, { recursive: true, encoding: "utf8" }).sort()) {
    if (!name.endsWith(".d.ts")) continue;
    const text = fs.readFileSync(path.join(dist, name), "utf8");
    files[`/chainrule/${name.replaceAll("\\", "/")}`] = text.replace(
      /\/\/# sourceMappingURL.*/,
      "",
    );
  }
  return JSON.stringify(files);
}

/** Adds a library of the language and those that it refers to. @param {string} name @param {Record<string, string>} files */
function addLanguage(name, files) {
  const file = `/lib/lib.${name}.d.ts`;
  if (Object.hasOwn(files, file)) return;
  const text = fs.readFileSync(path.join(library, file), "utf8");
  files[file] = text;
  for (const [, next] of text.matchAll(/^\/\/\/ <reference lib="([^"]+)"/gm)) {
    addLanguage(next, files);
  }
}

// Builds the site: pages from lessons/ and the outputs in notebooks/, and what runs in them. Read
// scripts/site.mjs first, then bundle.mjs and article.mjs.

import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../../scripts/set-up.mjs";
import { allPages } from "../pages/all.mjs";
import { classicScript, clientScripts, shortHash } from "./bundle.mjs";
import { readCourse } from "./course.mjs";
import { glossaryJSON } from "./glossary.mjs";
import { buildKernel } from "./kernel.mjs";
import { lazyAssets, writeOffline } from "./offline.mjs";
import { searchIndex } from "./search-index.mjs";
import { typesCompiler, typesLibraries } from "./types.mjs";

/**
 * Builds the site into a folder, which is emptied first.
 * @param {string} out
 */
export async function buildSite(out) {
  fs.rmSync(out, { recursive: true, force: true });
  fs.mkdirSync(path.join(out, "assets"), { recursive: true });
  /** Writes a file under a name with its hash. @param {string} name @param {string} content */
  const asset = (name, content) => {
    const { name: stem, ext } = path.parse(name);
    const file = `assets/${stem}-${shortHash(content)}${ext}`;
    fs.writeFileSync(path.join(out, file), content);
    return file;
  };

  const course = readCourse();
  const kernel = await buildKernel(asset);
  const files = {
    ...kernel.files,
    search: asset("search.json", searchIndex(course)),
    glossary: asset("glossary.json", glossaryJSON(course.glossary)),
    runWorker: asset("run-worker.js", await classicScript("runs/worker.ts")),
    typesWorker: asset("type-worker.js", await classicScript("editor/types-worker.ts")),
    typesCompiler: asset(`${lazyAssets}compiler.js`, await typesCompiler()),
    typesLibraries: asset(`${lazyAssets}libraries.json`, typesLibraries()),
  };
  const virtual = `export const frameDocument = ${JSON.stringify(kernel.frameDocument)};
export const files = ${JSON.stringify(files)};`;
  const entries = await clientScripts(
    out,
    {
      shell: "shell/main.ts",
      reading: "shell/reading.ts",
      lesson: "cells/main.ts",
      front: "figures/front.ts",
      progress: "shell/progress-page.ts",
      figure: "figures/figure.ts",
      debugger: "debugger/main.ts",
      playground: "playground/main.ts",
      sabotage: "sabotage/main.ts",
    },
    virtual,
  );
  const early = asset("early.js", await classicScript("shell/early.ts"));
  const { policy } = kernel;
  const notFoundScript = await classicScript("shell/not-found.ts");
  const shellStyles = entries.shell.styles
    .map((file) => fs.readFileSync(path.join(out, file), "utf8"))
    .join("");
  const built = { entries, early, policy, notFoundScript, shellStyles };
  for (const page of allPages(course, built)) {
    fs.writeFileSync(path.join(out, page.file), page.html);
  }
  const folder = path.join(root, "site", "static");
  for (const name of fs.readdirSync(folder)) {
    fs.copyFileSync(path.join(folder, name), path.join(out, name));
  }
  await writeOffline(out);
}

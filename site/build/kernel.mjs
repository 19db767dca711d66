// Builds what runs cells: the frame, the worker, and what the worker asks for later. Read bundle.mjs
// and policy.mjs first.

import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../../scripts/set-up.mjs";
import { classicScript, workerScripts } from "./bundle.mjs";
import { frameDocument, securityPolicy } from "./policy.mjs";

/** Graphviz as one module, its WebAssembly included. */
const graphviz = path.join(root, "node_modules/@viz-js/viz/dist/viz.js");

/**
 * @param {(name: string, content: string) => string} asset writes a file, gives its address
 * @returns what `virtual:site` says of it, and the policy of every page
 */
export async function buildKernel(asset) {
  const frameScript = await classicScript("kernel/frame.ts");
  const scripts = await workerScripts();
  const files = {
    cellWorker: asset("cell-worker.js", scripts.worker),
    drawing: asset("cell-drawing.js", scripts.drawing),
    compiler: asset("cell-compiler.js", scripts.compiler),
    graphviz: asset("graphviz.js", fs.readFileSync(graphviz, "utf8")),
  };
  return {
    frameDocument: frameDocument(frameScript),
    files,
    policy: securityPolicy(frameScript),
  };
}

// A bare page with site/runs, under the policy of the site's pages. Read runs-entry.ts first.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launchBrowser } from "../../scripts/browsers.mjs";
import { serve } from "../../scripts/serve.mjs";
import { ensureBuilt, ensureInstalled, root } from "../../scripts/set-up.mjs";

export type RunsSite = Awaited<ReturnType<typeof openRunsSite>>;

export interface Options {
  /** Runs in the page before its own scripts. */
  readonly before?: string;
  /** Does the page's policy allow WebAssembly? */
  readonly wasm?: boolean;
}

/** Builds the page and serves it. */
export async function openRunsSite(name: "chromium" | "firefox") {
  await ensureBuilt("the tests");
  await ensureInstalled("site", "the tests");
  const { classicScript, clientScripts } = await import("../../site/build/bundle.mjs");
  const { securityPolicy } = await import("../../site/build/policy.mjs");
  const cache = join(root, "test/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "runs-"));
  writeFileSync(join(folder, "run-worker.js"), await classicScript("runs/worker.ts"));
  const virtual = `export const files = { runWorker: "run-worker.js" };`;
  const entries = await clientScripts(folder, { test: "../test/site/runs-entry.ts" }, virtual);
  const policy = securityPolicy("").replaceAll('"', "&quot;");
  const document = (allowed: string) => `<!doctype html><meta charset="utf-8"><title>runs</title>
<meta http-equiv="Content-Security-Policy" content="${allowed}"><link rel="icon" href="data:,">
<script type="module" src="./${entries.test!.script}"></script><body></body>`;
  writeFileSync(join(folder, "index.html"), document(policy));
  const without = policy.replace("'wasm-unsafe-eval'", "");
  writeFileSync(join(folder, "without.html"), document(without));
  const server = await serve(folder);
  const browser = await launchBrowser(name);
  return {
    async open({ before, wasm = true }: Options = {}) {
      const page = await browser.newPage();
      if (before !== undefined) await page.evaluateOnNewDocument(before);
      await page.goto(new URL(wasm ? "index.html" : "without.html", server.url).href);
      await page.waitForFunction(() => "testbed" in window);
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

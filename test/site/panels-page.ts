// A bare page with the debugger's panels, under the policy of the site's pages. Read panels-entry.ts
// first.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { launchBrowser } from "../../scripts/browsers.mjs";
import { serve } from "../../scripts/serve.mjs";
import { ensureBuilt, ensureInstalled, root } from "../../scripts/set-up.mjs";
import { type Look, lookAt } from "./browser.ts";

/** Builds the page and serves it; opens it in a browser. */
export async function openPanelsPage(name: "chromium" | "firefox") {
  await ensureBuilt("the tests");
  await ensureInstalled("site", "the tests");
  const { clientScripts } = await import("../../site/build/bundle.mjs");
  const { securityPolicy } = await import("../../site/build/policy.mjs");
  const cache = join(root, "test/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "panels-"));
  const { test } = await clientScripts(folder, { test: "../test/site/panels-entry.ts" }, "");
  const { script, styles, preloads } = test!; // the entry that was asked for
  const head = [
    `<meta http-equiv="Content-Security-Policy" content="${securityPolicy("").replaceAll('"', "&quot;")}">`,
    '<link rel="icon" href="data:,">',
    '<meta name="viewport" content="width=device-width">',
    ...styles.map((file) => `<link rel="stylesheet" href="./${file}">`),
    ...preloads.map((file) => `<link rel="modulepreload" href="./${file}">`),
    `<script type="module" src="./${script}"></script><title>Panels</title>`,
  ];
  writeFileSync(
    join(folder, "index.html"),
    `<!doctype html><html lang="en" class="js">${head.join("")}<main style="padding: 0 8px"><h1>Panels</h1></main></html>`,
  );
  const server = await serve(folder);
  const browser = await launchBrowser(name);
  const page: Page = await browser.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await lookAt(page, {});
  await page.goto(server.url);
  await page.waitForFunction(() => "bed" in window);
  return {
    page,
    problems,
    look: (look: Look) => lookAt(page, look),
    async close() {
      await browser.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

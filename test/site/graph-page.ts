// A bare page with a live graph, under the policy and with the styles of the site's pages. Read
// graph-entry.ts first.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launchBrowser } from "../../scripts/browsers.mjs";
import { serve } from "../../scripts/serve.mjs";
import { ensureBuilt, ensureInstalled, root } from "../../scripts/set-up.mjs";
import { type Look, lookAt } from "./browser.ts";

export type GraphPage = Awaited<ReturnType<Awaited<ReturnType<typeof openGraphSite>>["open"]>>;

/** Builds the page, serves it and starts a browser. */
export async function openGraphSite(name: "chromium" | "firefox" = "chromium") {
  await ensureBuilt("the tests");
  await ensureInstalled("site", "the tests");
  const { clientScripts } = await import("../../site/build/bundle.mjs");
  const { securityPolicy } = await import("../../site/build/policy.mjs");
  const { pictureStyle } = await import("../../site/pages/picture.mjs");
  const cache = join(root, "test/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "graph-"));
  const entries = await clientScripts(folder, { test: "../test/site/graph-entry.ts" }, "");
  const { script, styles, preloads } = entries.test!;
  const policy = securityPolicy("").replaceAll('"', "&quot;");
  writeFileSync(
    join(folder, "index.html"),
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>live graph</title><link rel="icon" href="data:,">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${pictureStyle}</style>
${styles.map((file) => `<link rel="stylesheet" href="./${file}">`).join("")}
${preloads.map((file) => `<link rel="modulepreload" href="./${file}">`).join("")}
<script type="module" src="./${script}"></script>
<main style="padding: 1rem"><h1>live graph</h1><live-graph></live-graph></main>`,
  );
  const server = await serve(folder);
  const browser = await launchBrowser(name);
  return {
    browser,
    async open(look: Look = {}) {
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(message.text());
      });
      await lookAt(page, look);
      await page.goto(server.url);
      await page.waitForFunction(() => "testbed" in window);
      return Object.assign(page, { problems });
    },
    async close() {
      await browser.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

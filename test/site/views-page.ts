// A page of its own for the playground's views, under the policy of the site's pages. Read views-entry.ts first.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launchBrowser } from "../../scripts/browsers.mjs";
import { serve } from "../../scripts/serve.mjs";
import { ensureBuilt, ensureInstalled, root } from "../../scripts/set-up.mjs";

export type ViewsPage = Awaited<ReturnType<typeof openViewsPage>>;

/** Builds the page, serves it and opens it. */
export async function openViewsPage(name: "chromium" | "firefox") {
  await ensureBuilt("the tests");
  await ensureInstalled("site", "the tests");
  const { clientScripts } = await import("../../site/build/bundle.mjs");
  const cache = join(root, "test/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "views-"));
  const { test } = await clientScripts(folder, { test: "../test/site/views-entry.ts" }, "");
  const styles = test!.styles.map((file) => `<link rel="stylesheet" href="./${file}">`).join("");
  writeFileSync(
    join(folder, "index.html"),
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Views</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<meta http-equiv="Content-Security-Policy" content="default-src 'self' data:; style-src 'self' 'unsafe-inline'">
${styles}<main><h1>Views</h1></main><div id="announcer" role="log" class="visually-hidden"></div>
<script type="module" src="./${test!.script}"></script></html>`,
  );
  const server = await serve(folder);
  const browser = await launchBrowser(name);
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(server.url);
  await page.waitForFunction(() => "bench" in window);
  return {
    page,
    problems,
    async close() {
      await browser.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

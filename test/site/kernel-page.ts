// A bare page with a kernel, under the policy of the site's pages. Read kernel-entry.ts first.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, launch, type Page } from "puppeteer-core";
import { findBrowser } from "../../scripts/browsers.mjs";
import { serve } from "../../scripts/serve.mjs";
import { ensureBuilt, ensureInstalled, root } from "../../scripts/set-up.mjs";
import type { Ended } from "../../site/kernel/kernel.ts";
import type { Output } from "../../src/cells/index.ts";
import type { Testbed } from "./kernel-entry.ts";

/** What came of a cell. */
export interface Ran {
  readonly ended: Ended;
  readonly message: string | undefined;
  readonly outputs: readonly Output[];
  /** How long it took, with the start of the kernel. */
  readonly milliseconds: number;
  /** How long the page did not answer at worst, in ms. */
  readonly pause: number;
}

export interface RunOptions {
  readonly id?: string;
  readonly limit?: number;
  /** Stop after so many ms. */
  readonly stopAfter?: number;
}

export type KernelPage = Awaited<ReturnType<typeof openKernelPage>>;

/** Builds the page and serves it; each browser has one of its own. */
export async function openKernelPage(name: "chromium" | "firefox") {
  await ensureBuilt("the tests");
  await ensureInstalled("site", "the tests");
  const { clientScripts, shortHash } = await import("../../site/build/bundle.mjs");
  const { buildKernel } = await import("../../site/build/kernel.mjs");
  const cache = join(root, "test/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "kernel-"));
  mkdirSync(join(folder, "assets"));
  const sizes: Record<string, string> = {};
  const asset = (file: string, content: string) => {
    const path = `assets/${shortHash(content)}-${file}`;
    writeFileSync(join(folder, path), content);
    sizes[file] = content;
    return path;
  };
  const { frameDocument, files, policy } = await buildKernel(asset);
  const virtual = `export const frameDocument = ${JSON.stringify(frameDocument)};
export const files = ${JSON.stringify(files)};`;
  const entries = await clientScripts(folder, { test: "../test/site/kernel-entry.ts" }, virtual);
  const escaped = policy.replaceAll('"', "&quot;");
  writeFileSync(
    join(folder, "index.html"),
    `<!doctype html><meta http-equiv="Content-Security-Policy" content="${escaped}">
<title>kernel</title><script type="module" src="./${entries.test!.script}"></script><body></body>`,
  );
  const server = await serve(folder);
  const { path, reason } = await findBrowser(name);
  if (path === undefined) throw new Error(`${name}: ${reason}`);
  // Puppeteer turns off that sandboxed frames have processes of their own, which Chrome's users have.
  process.env.PUPPETEER_TEST_EXPERIMENTAL_CHROME_FEATURES = "true";
  const browser: Browser = await launch(
    name === "firefox"
      ? { browser: "firefox", executablePath: path }
      : { executablePath: path, args: ["--no-sandbox", "--disable-dev-shm-usage"] },
  );
  const page = await browser.newPage();
  const requests: string[] = [];
  const problems: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(server.url);
  await page.waitForFunction(() => "kernel" in window);
  return {
    page,
    browser,
    url: server.url,
    requests,
    problems,
    texts: sizes,
    run: (source: string, options?: RunOptions) => run(page, source, options),
    async close() {
      await browser.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a cell and collects what it puts out. */
function run(page: Page, source: string, options: RunOptions = {}): Promise<Ran> {
  return page.evaluate(
    async (source, { id = "1", limit, stopAfter }) => {
      const { kernel, longestPause } = window as unknown as Testbed; // by kernel-entry.ts
      const outputs: Output[] = [];
      const start = performance.now();
      const { value, pause } = await longestPause(() => {
        if (stopAfter !== undefined) setTimeout(() => kernel.stop(), stopAfter);
        const limited = limit === undefined ? {} : { limit };
        return kernel.run({ id, source }, (output) => outputs.push(output), limited);
      });
      const milliseconds = performance.now() - start;
      return { ended: value.ended, message: value.message, outputs, milliseconds, pause };
    },
    source,
    options,
  );
}

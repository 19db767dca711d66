// Teams of workers in Chromium: on pages that may share memory, on pages of an ordinary host, and on
// one that forbids workers. Read workers.test.ts first.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { launch } from "puppeteer-core";
import { expect, test } from "vitest";
import { findBrowser } from "../../scripts/browsers.mjs";
import { ensureBuilt, root } from "../../scripts/set-up.mjs";
import type * as Compiler from "../../src/compile/index.ts";

await ensureBuilt("the test of workers");
const { path, reason } = await findBrowser("chromium", { install: process.env.CI === "true" });

/** The headers of each kind of page, by its folder. */
const pages: Record<string, Record<string, string>> = {
  isolated: {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  },
  plain: {},
  strict: { "content-security-policy": "worker-src 'none'" },
};

/** Runs in the page, and in Node: a way, a reason, and the losses and parameters of 30 steps. */
const train = `async (base) => {
  const { hinge, MLP, AdamW, pythonRandom } = await import(base + "index.js");
  const { compile, openTeam } = await import(base + "compile/index.js");
  const model = new MLP(2, [8, 8, 1], { random: pythonRandom(1) });
  const program = compile((x, t) => hinge(model.forward(x), t), {
    parameters: model, inputs: 2, mode: "fast",
  });
  const points = Array.from({ length: 101 }, (_, i) => [i / 100, (i % 7) / 7]);
  const sides = points.map(([x, y]) => (x > y ? 1 : -1));
  const team = await openTeam(program, 2);
  const optimizer = new AdamW(model.parameters(), { rate: 0.01 });
  const { losses } = await team.train(points, sides, { optimizer, steps: 30, batch: 30 });
  team.close();
  const numbers = [...losses, ...model.parameters().map(({ data }) => data)];
  return { way: team.way, reason: team.reason ?? "", numbers };
}`;
type Result = { way: Compiler.Way; reason: string; numbers: number[] };

test.skipIf(path === undefined)(
  `openTeam: pages share memory if they may, and all give Node's bits ${reason ?? ""}`,
  async () => {
    const server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url ?? "/", "http://localhost"); // resolves any ".."
      const [, kind = "", ...rest] = pathname.split("/");
      for (const [name, value] of Object.entries(pages[kind] ?? {}))
        response.setHeader(name, value);
      const file = rest.join("/");
      response.setHeader("content-type", file === "" ? "text/html" : "text/javascript");
      try {
        response.end(file === "" ? "<!doctype html>" : await readFile(join(root, "dist", file)));
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
    const browser = await launch({
      executablePath: path!, // not skipped
      headless: true,
      // Chromium's sandbox refuses to run as root, as it would in most containers.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    });
    try {
      const found: Record<string, Result> = {};
      for (const kind of Object.keys(pages)) {
        const page = await browser.newPage();
        await page.goto(`http://127.0.0.1:${port}/${kind}/`);
        found[kind] = (await page.evaluate(`(${train})("/${kind}/")`)) as Result;
        await page.close();
      }
      const here = new URL("../../dist/", import.meta.url).href;
      const text = `console.log(JSON.stringify((await (${train})(${JSON.stringify(here)})).numbers))`;
      const args = ["--input-type=module", "--eval", text];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      const numbers: number[] = JSON.parse(stdout);
      expect(numbers.length).toBeGreaterThan(30);
      expect(found).toEqual({
        isolated: { way: "shared", reason: "", numbers },
        plain: {
          way: "transferred",
          reason: expect.stringMatching(/crossOriginIsolated/),
          numbers,
        },
        strict: { way: "alone", reason: expect.stringMatching(/worker 0 failed/), numbers },
      });
    } finally {
      await browser.close();
      server.close();
    }
  },
);

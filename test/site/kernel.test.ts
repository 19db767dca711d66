// The kernel: cells put out what they do elsewhere, and whatever a cell does, the page answers and the
// next cell runs.

import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { CellWorker, outputText } from "../../scripts/lessons/cells.mjs";
import { root } from "../../scripts/set-up.mjs";
import type { Testbed } from "./kernel-entry.ts";
import { openKernelPage, type Ran } from "./kernel-page.ts";

/** The page has to answer within 100 ms; on a busy machine three times the bar is asserted. */
const BAR = 300;

/** A server elsewhere, which nobody may reach. */
let hits = 0;
const elsewhere = createServer((_request, response) => {
  hits += 1;
  response.writeHead(200, { "access-control-allow-origin": "*" }).end("export default 1");
});
await new Promise<void>((listening) => elsewhere.listen(0, "127.0.0.1", listening));
const there = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;

const chromium = await openKernelPage("chromium");
const firefox = await openKernelPage("firefox");
afterAll(async () => {
  await Promise.all([chromium.close(), firefox.close()]);
  elsewhere.close();
});

/** All that a cell put out, as text. */
const textOf = ({ outputs }: Ran) =>
  outputs
    .map((output) => {
      if (output.output_type === "stream") return output.text;
      if (output.output_type === "error") return `${output.ename}: ${output.evalue}\n`;
      return `${output.data["text/plain"] ?? Object.keys(output.data)}\n`;
    })
    .join("");

/** Starts with an empty session. */
const stop = (page: typeof chromium) =>
  page.page.evaluate(() => (window as unknown as Testbed).kernel.stop());

describe("Kernel.run: the outputs of src/cells in Node", () => {
  const folder = `${root}/test/cells/fixtures`;
  for (const file of readdirSync(folder).sort()) {
    const text = readFileSync(`${folder}/${file}`, "utf8");
    const cells = [...text.matchAll(/^```ts\n(.*?)\n```$/gms)].map(([, source]) => source!);
    for (const [name, page] of [
      ["Chromium", chromium],
      ["Firefox", firefox],
    ] as const) {
      if (name === "Firefox" && file === "hostile.md") continue; // engines name errors differently
      test(`${name}: ${text.split("\n")[0]!.slice(2)}`, async () => {
        await stop(page);
        const worker = new CellWorker();
        const different: string[] = [];
        for (const [i, source] of cells.entries()) {
          const wanted = outputText([...(await worker.execute(source))]);
          const { outputs } = await page.run(source, { id: String(i + 1) });
          const got = outputText([...outputs]);
          if (got !== wanted) different.push(`${source}\n got ${got}\n wanted ${wanted}`);
        }
        await worker.stop();
        expect(different.join("\n\n")).toBe("");
      });
    }
  }
});

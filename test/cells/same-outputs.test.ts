// The promise of src/cells: a cell puts out the same in Deno's notebook kernel and in a page. Each
// file of fixtures/ is run as one notebook in both.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CellWorker, outputText } from "../../scripts/lessons/cells.mjs";
import { setUpKernel, withKernel } from "../../scripts/lessons/run.mjs";
import { root } from "../../scripts/set-up.mjs";

await setUpKernel("the tests");
const folder = `${root}/test/cells/fixtures`;

for (const file of readdirSync(folder).sort()) {
  const text = readFileSync(`${folder}/${file}`, "utf8");
  const cells = [...text.matchAll(/^```ts\n(.*?)\n```$/gms)].map(([, source]) => source!);
  const [title] = text.split("\n");

  test(`Session.run: the outputs of Deno's kernel: ${title!.slice(2)}`, async () => {
    expect(cells.length).toBeGreaterThan(5);
    const worker = new CellWorker();
    try {
      await withKernel(async (kernel) => {
        for (const source of cells) {
          const [wanted, got] = [
            await kernel.execute(source, 30_000),
            await worker.execute(source),
          ];
          expect(`${source}\n${outputText(got)}`).toBe(`${source}\n${outputText(wanted)}`);
        }
      });
    } finally {
      await worker.stop();
    }
  });
}

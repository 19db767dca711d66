// The promise of the course: every cell of every lesson puts out the same in the page and in the
// notebook. Read browser.ts first.

import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outputText } from "../../scripts/lessons/cells.mjs";
import type { Output } from "../../scripts/lessons/kernel.mjs";
import { joined } from "../../scripts/lessons/notebook.mjs";
import { root } from "../../scripts/set-up.mjs";
import { openSite, type Site, type SitePage } from "./browser.ts";

const lessons = readdirSync(`${root}/notebooks`)
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => name.replace(".ipynb", ""))
  .sort();

/** What each cell of a notebook puts out, as text. */
function notebookOutputs(lesson: string): string[] {
  const text = readFileSync(`${root}/notebooks/${lesson}.ipynb`, "utf8");
  const { cells } = JSON.parse(text) as { cells: { cell_type: string; outputs?: Output[] }[] };
  return cells.flatMap(({ outputs }) => (outputs ? [outputText(outputs.map(whole))] : []));
}

/** An output of a notebook's file with its texts in one piece each. */
function whole(output: Output): Output {
  if (output.output_type === "stream") return { ...output, text: joined(output.text) };
  if (!("data" in output)) return output;
  const data = Object.entries(output.data).map(([type, content]) => [
    type,
    joined(content as string | string[]),
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

/** Runs all cells of a page. */
async function runAll(page: SitePage) {
  await page.click('[data-do="run-all"]');
  const done = () =>
    /ran, in|did not run/.test(document.querySelector(".lesson-status")?.textContent ?? "");
  await page.waitForFunction(done, { timeout: 100_000, polling: 100 });
  return page.evaluate(() => ({
    status: document.querySelector(".lesson-status")?.textContent?.replace(/, in .*/, ""),
    outputs: [...document.querySelectorAll("lesson-cell")].map(
      (cell) => (cell as unknown as { outputs: unknown[] }).outputs,
    ),
    // Outputs that were the lesson's already are left alone: the same picture, not an image of it.
    drawnAgain: [...document.querySelectorAll(".outputs img")].map(
      (image) => image.closest("lesson-cell")?.id,
    ),
  }));
}

describe.each(["chromium", "firefox"] as const)("%s", (name) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite(name);
  });
  afterAll(() => site.close());

  const some = name === "chromium" ? lessons : lessons.slice(0, 3);
  test.each(some)("%s: all cells put out what they do in the notebook", async (lesson) => {
    const page = await site.open(`${lesson}.html`);
    const wanted = notebookOutputs(lesson);
    const { status, outputs, drawnAgain } = await runAll(page);
    expect(status).toBe(`All ${wanted.length} cells ran`);
    expect((outputs as Output[][]).map(outputText)).toEqual(wanted);
    expect(drawnAgain).toEqual([]);
    expect(page.problems).toEqual([]);
  });
});

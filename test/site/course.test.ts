// The promise of the course: every cell of every lesson puts out the same in the page and in the
// notebook. Read browser.ts first.

import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outputText } from "../../scripts/lessons/cells.mjs";
import type { Output } from "../../scripts/lessons/kernel.mjs";
import { parseLesson } from "../../scripts/lessons/lesson.mjs";
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

/** A cell of the page, as far as this test uses it. */
type Cell = HTMLElement & { source: string; outputs: Output[]; run(): Promise<void> };

/** The first solution of each exercise of a lesson. */
function solutionsOf(name: string): { number: string; source: string }[] {
  const file = `lessons/${name}/lesson.md`;
  const { lesson } = parseLesson(readFileSync(`${root}/${file}`, "utf8"), file);
  return lesson.exercises.map(({ number, solutions: [first] }) => {
    if (first === undefined) throw new Error(`${file}: exercise ${number} has no solution`);
    return { number, source: first.source };
  });
}

/** Writes each solution into its cell, runs it, and gives the verdicts. */
function solveAll(page: SitePage, solutions: { number: string; source: string }[]) {
  return page.evaluate(async (solutions) => {
    const verdicts: { number: string; verdict: string | undefined }[] = [];
    for (const { number, source } of solutions) {
      const section = document.querySelector(`[data-exercise="${number}"]`);
      const hole = section?.querySelector<Cell>('[data-mode="exercise"]');
      const check = section?.querySelector('[data-mode="check"]');
      if (!hole || !check) throw new Error(`exercise ${number}: not on the page`);
      const checked = new Promise((resolve) => check.addEventListener("cell-run", resolve));
      hole.source = source;
      await hole.run();
      await checked;
      const verdict = section?.querySelector<HTMLElement>(".verdict")?.dataset.kind;
      verdicts.push({ number, verdict });
    }
    return verdicts;
  }, solutions);
}

/** Adds a line to the first cell that prints, and runs it. */
function editOne(page: SitePage) {
  return page.evaluate(async () => {
    const cells = [...document.querySelectorAll<Cell>('lesson-cell[data-mode="run"]')];
    const cell = cells.find((cell) => cell.querySelector(".outputs pre"));
    if (!cell) throw new Error("no cell prints");
    cell.source += '\nconsole.log("added by a test");';
    await cell.run();
    const output = cell.querySelector(".outputs")?.textContent;
    return { cell: Number(cell.dataset.number), source: cell.source, output };
  });
}

describe.each(["chromium", "firefox"] as const)("%s", (name) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite(name);
  });
  afterAll(() => site.close());

  const some = name === "chromium" ? lessons : lessons.slice(0, 3);
  test.each(some)(
    "%s: cells put out what they do in the notebook; answers and changes are kept",
    async (lesson) => {
      const page = await site.open(`${lesson}.html`);
      const wanted = notebookOutputs(lesson);
      const { status, outputs, drawnAgain } = await runAll(page);
      expect(status).toBe(`All ${wanted.length} cells ran`);
      expect((outputs as Output[][]).map(outputText)).toEqual(wanted);
      expect(drawnAgain).toEqual([]);
      expect(page.problems).toEqual([]);

      const solved = await solveAll(page, solutionsOf(lesson));
      expect(solved).toEqual(solved.map(({ number }) => ({ number, verdict: "right" })));
      const edited = await editOne(page);
      expect(edited.output).toContain("added by a test");
      await page.reload();
      const kept = await page.evaluate(() =>
        [...document.querySelectorAll("lesson-cell")].map((cell) => (cell as Cell).source),
      );
      expect(kept[edited.cell - 1]).toBe(edited.source);
      const marks = await page.$$eval(".exercise .verdict", (verdicts) =>
        verdicts.map((verdict) => (verdict as HTMLElement).dataset.kind),
      );
      expect(marks).toEqual(solved.map(() => "right"));
      const output = await page.$eval(`#cell-${edited.cell} .outputs`, (box) => box.textContent);
      expect(output).toContain("added by a test");
    },
  );
});

// Type hints in the editor, off until asked for: errors, completion and explanations from TypeScript.

import { readdirSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { ensureSite } from "../../scripts/set-up.mjs";
import type { Answer } from "../../site/editor/types-worker.ts";
import { violations } from "./axe.ts";
import { openSite, type SitePage } from "./browser.ts";

const assets = readdirSync(`${await ensureSite("the tests")}/assets`);
const site = await openSite();
afterAll(() => site.close());

const patience = { timeout: 30_000 }; // TypeScript has to be read first
const on = 'localStorage.setItem("chainrule:setting:types", "on");';

/** Opens the editor of a cell of step 5, with its text replaced. */
async function edit(page: SitePage, cell: number, text: string): Promise<void> {
  await page.waitForSelector(`#cell-${cell} [data-do="edit"]`);
  await page.$eval(
    `#cell-${cell}`,
    (element, text) => {
      (element as HTMLElement & { source: string }).source = text; // a LessonCell
    },
    text,
  );
  await page.click(`#cell-${cell} [data-do="edit"]`);
  await page.waitForSelector(`#cell-${cell} .cm-content`);
}

const typed = (page: SitePage) => page.requests.filter((url) => /\/type(s|-worker)-/.test(url));

test("type hints: nothing of them is loaded unless they are asked for, in the cell's menu", async () => {
  const page = await site.open("03-object-expressions.html");
  await edit(page, 2, "const n: number = 'two';\n");
  await page.keyboard.type("1;");
  await new Promise((resolve) => setTimeout(resolve, 1000)); // longer than a check waits
  expect(typed(page)).toEqual([]);
  await page.click('#cell-2 [data-do="more"]');
  await page.click("::-p-text(Type hints: off)");
  await page.waitForSelector("#cell-2 .cm-lintRange-error", patience);
  expect(typed(page).length).toBeGreaterThanOrEqual(3);
  await page.click('#cell-2 [data-do="more"]');
  await page.click("::-p-text(Type hints: on)");
  await page.waitForSelector("#cell-2 .cm-lintRange-error", { hidden: true });
  expect(page.problems).toEqual([]);
});

test("type hints: an error is underlined with TypeScript's message, and goes when it is mended", async () => {
  const page = await site.open("03-object-expressions.html", { before: on });
  // Cell 4 makes the class with add and mul; cell 5 uses it.
  await edit(page, 5, 'const first: number = new Value(2).mul("5");\n');
  const error = await page.waitForSelector("#cell-5 .cm-lintRange-error", patience);
  const messages = () =>
    page.$$eval("#cell-5 .cm-lintRange-error", (marks) => marks.map((mark) => mark.textContent));
  expect(await messages()).toContain('"5"');
  await error?.hover();
  await page.waitForSelector(".cm-diagnostic");
  expect(await violations(page)).toEqual([]);
  await page.$eval("#cell-5", (element) => {
    (element as HTMLElement & { source: string }).source =
      "const first: number = new Value(2).mul(new Value(5)).data;\n"; // a LessonCell
  });
  await page.waitForSelector("#cell-5 .cm-lintRange-error", { hidden: true });
  expect(page.problems).toEqual([]);
});

test("type hints: a point after a Value lists its methods, and the library's Value is explained", async () => {
  const page = await site.open("03-object-expressions.html", { before: on });
  await edit(page, 5, 'import { Value } from "chainrule";\nconst a: Value = new Value(2);\na');
  await page.keyboard.down("Control");
  await page.keyboard.press("End");
  await page.keyboard.up("Control");
  await page.keyboard.type(".");
  await page.waitForSelector(".cm-tooltip-autocomplete", patience);
  const names = await page.$$eval(".cm-completionLabel", (all) =>
    all.map((one) => one.textContent),
  );
  expect(names).toEqual(expect.arrayContaining(["add", "mul", "tanh", "backward"]));
  await page.keyboard.press("Escape");
  const token = await page.waitForSelector("#cell-5 .cm-line:nth-child(2) ::-p-text(Value)");
  await token?.hover();
  await page.waitForSelector(".type-hint", patience);
  const hint = await page.$eval(".type-hint", (element) => element.textContent);
  expect(hint).toContain("Value");
  expect(hint.length).toBeGreaterThan(60); // its documentation, and not the name alone

  // The same by keyboard, and aloud.
  await page.mouse.move(0, 0);
  await page.waitForSelector(".type-hint", { hidden: true });
  for (const key of ["ArrowUp", "End", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft"] as const)
    await page.keyboard.press(key); // a: Value = new Val|ue(2);
  for (const key of ["ArrowLeft", "ArrowLeft"] as const) await page.keyboard.press(key);
  await page.keyboard.press("F1");
  await page.waitForSelector(".type-hint", patience);
  expect(await page.$eval("#announcer", (region) => region.textContent)).toContain("Value");
  await page.keyboard.press("ArrowLeft");
  await page.waitForSelector(".type-hint", { hidden: true });
  expect(page.problems).toEqual([]);
});

test.each(["05-automating-the-gradient"])(
  "type hints: no cell of %s has an error, those with a hole or an error on purpose included",
  async (lesson) => {
    const page = await site.open(`${lesson}.html`);
    const [worker, compiler, libraries] = [
      "type-worker-",
      "types-compiler-",
      "types-libraries-",
    ].map(
      (start) => new URL(`assets/${assets.find((name) => name.startsWith(start))}`, site.url).href,
    );
    const faults = await page.evaluate(
      async ({ worker, ...sources }) => {
        const types = new Worker(worker);
        const ask = (message: object) =>
          new Promise<Answer>((resolve) => {
            types.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
            types.postMessage(message);
          });
        await ask(sources);
        const codes = [...document.querySelectorAll("lesson-cell pre.code code")];
        const cells = codes.map((code) => code.textContent ?? "");
        const found: string[] = [];
        for (const i of cells.keys()) {
          const { failure, faults = [] } = await ask({
            id: i + 1,
            kind: "check",
            cells: cells.slice(0, i + 1),
            at: 0,
          });
          if (failure !== undefined) found.push(failure);
          for (const { message } of faults) found.push(`cell ${i + 1}: ${message}`);
        }
        return found;
      },
      { worker, compiler, libraries },
    );
    expect(faults).toEqual([]);
  },
  120_000,
);

test("type hints: without a network the first time, a sentence says so", async () => {
  const page = await site.open("03-object-expressions.html", {
    before: on,
  });
  await page.waitForSelector('[data-do="edit"]');
  await page.evaluate(() => {
    const Real = Worker;
    // A worker whose files cannot be had.
    window.Worker = class extends Real {
      override postMessage(message: unknown): void {
        const isFirst = typeof message === "object" && message !== null && "compiler" in message;
        super.postMessage(isFirst ? { compiler: "/gone.js", libraries: "/gone.json" } : message);
      }
    };
  });
  await page.click('#cell-5 [data-do="edit"]');
  await page.waitForFunction(
    () => document.body.textContent?.includes("Type hints need a connection the first time."),
    patience,
  );
}, 60_000);

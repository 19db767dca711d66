// Cells in the page: run, stop, edit, keep, share, exercises. Read browser.ts first.

import { readFileSync } from "node:fs";
import type { KeyInput } from "puppeteer-core";
import { afterAll, describe, expect, test } from "vitest";
import { parseLesson } from "../../scripts/lessons/lesson.mjs";
import { parseNotebook } from "../../scripts/lessons/notebook.mjs";
import { violations } from "./axe.ts";
import { openSite, type SitePage } from "./browser.ts";

const file = "lessons/01-understanding-gradients/lesson.md";
const address = "01-understanding-gradients.html";
const source = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const { lesson } = parseLesson(source(file), file);
const [first] = lesson.exercises;
if (first === undefined) throw new Error(`${file}: expected an exercise`);
const cells = lesson.blocks.filter((block) => block.kind === "cell");
const holeNumber = cells.indexOf(first.hole) + 1;

const site = await openSite();
afterAll(() => site.close());

// --- What a reader does and sees ----------------------------------------------------------------

const textOf = (page: SitePage, selector: string) =>
  page.$eval(selector, (element) => (element as HTMLElement).innerText.trim());

const outputs = (page: SitePage, cell: number) => textOf(page, `#cell-${cell} .outputs`);

/** What the page has told screen readers, the last four sentences at most. */
const said = (page: SitePage): Promise<(string | null)[]> =>
  page.$$eval("#announcer p", (lines) => lines.map((line) => line.textContent));

/** Waits until something in the page is true. */
async function until(page: SitePage, condition: string): Promise<void> {
  await page.waitForFunction(condition, { timeout: 20_000, polling: 20 });
}

/** Waits until a cell has run: its status says how it ended. */
const settled = (page: SitePage, cell: number) =>
  until(
    page,
    `/^(ran|ended|not done|stopped|took)/.test(document.querySelector("#cell-${cell} .cell-status").textContent) &&
     !document.querySelector("#cell-${cell}").dataset.state`,
  );

async function press(page: SitePage, cell: number, action: string): Promise<void> {
  await page.$eval(`#cell-${cell}`, (element) => element.scrollIntoView({ block: "center" }));
  await page.click(`#cell-${cell} [data-do="${action}"]`);
}

async function run(page: SitePage, cell: number): Promise<void> {
  await page.$eval(`#cell-${cell} .cell-status`, (status) => status.replaceChildren());
  await press(page, cell, "run");
  await settled(page, cell);
}

/** Opens the editor of a cell and types a text in place of what stands there. */
async function write(page: SitePage, cell: number, text: string): Promise<void> {
  if ((await page.$(`#cell-${cell} .cm-content`)) === null) await press(page, cell, "edit");
  else await page.focus(`#cell-${cell} .cm-content`);
  await page.waitForSelector(`#cell-${cell} .cm-content:focus`);
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  // As if pasted: typed letter by letter, CodeMirror would add brackets and spaces.
  await page.evaluate((text) => document.execCommand("insertText", false, text), text);
}

const codeOf = (page: SitePage, cell: number) =>
  page.$eval(`#cell-${cell}`, (element) => (element as HTMLElement & { source: string }).source);

const shown = (page: SitePage, cell: number) =>
  page.$eval(`#cell-${cell}`, (element) => {
    const lines = [...element.querySelectorAll(".cm-line")].map((line) => line.textContent);
    return lines.length > 0 ? lines.join("\n") : element.querySelector("pre.code")?.textContent;
  });

const isSaved = (page: SitePage, text: string) =>
  until(
    page,
    `Object.values(localStorage).some((value) => value.includes(${JSON.stringify(text)}))`,
  );

/** A page that shares its storage with another one, as a second tab does. */
async function openBeside(page: SitePage, path = address): Promise<SitePage> {
  const other = (await page.browserContext().newPage()) as SitePage;
  await other.goto(new URL(path, site.url).href);
  return other;
}

// --- Running ------------------------------------------------------------------------------------

describe("run", () => {
  test("opening a page runs nothing and loads neither kernel nor editor", async () => {
    const page = await site.open(address);
    const lazy = page.requests.filter((url) => /kernel|worker|editor/.test(url));
    expect(lazy).toEqual([]);
    expect(page.problems).toEqual([]);
  });

  test("a cell runs the cells above first, and an equal output stays the very element it was", async () => {
    const page = await site.open(address);
    await page.$eval("#cell-3 .outputs", (element) => {
      Object.assign(window, { before: element.firstElementChild });
    });
    await run(page, 3);
    expect(await outputs(page, 3)).toBe("0.014003\n14.003000");
    const kept = "window.before === document.querySelector('#cell-3 .outputs').firstElementChild";
    expect(await page.evaluate(kept)).toBe(true);
    expect(await textOf(page, "#cell-1 .cell-status")).toContain("ran for a cell below");
    expect(page.problems).toEqual([]);
  });

  test("a changed cell prints something else, and what it declares reaches the cells below", async () => {
    const page = await site.open(address);
    await write(page, 1, "const f = (x: number) => 100 * x;\nconsole.log(f(2));");
    await run(page, 1);
    expect(await outputs(page, 1)).toBe("200");
    await run(page, 2);
    expect(await outputs(page, 2)).toBe("300.100000");
    expect(await textOf(page, "#cell-1 .cell-mark")).toBe("changed by you");
  });

  test("a change above runs again all cells from there down to the one that is run", async () => {
    const page = await site.open(address);
    await write(page, 1, 'let made = "a";');
    await write(page, 2, 'made += "b";');
    await write(page, 3, "made");
    await run(page, 3);
    expect(await outputs(page, 3)).toBe('"ab"');
    await write(page, 1, 'let made = "c";');
    await run(page, 3);
    expect(await outputs(page, 3)).toBe('"cb"');
  });

  test("a cell says which cell above failed, and leads there", async () => {
    const page = await site.open(address);
    await write(page, 1, "missing();\nconst f = (x: number) => x;");
    await run(page, 2);
    await page.waitForSelector("#cell-2 .cell-bar");
    expect(await textOf(page, "#cell-2 .cell-bar p")).toBe(
      "Above, cell 1 ended with an error, so what it declares may be missing here.",
    );
    expect(await textOf(page, "#cell-1 .cell-status")).toBe("ended with an error");
    await page.click("#cell-2 .cell-bar button");
    expect(await page.$eval("#cell-1", (cell) => cell.getBoundingClientRect().top >= 0)).toBe(true);
    await write(page, 1, "const f = (x: number) => x;");
    await run(page, 2);
    expect(await page.$("#cell-2 .cell-bar")).toBe(null);
  });

  test("run all gives the outputs of the notebook, with its pictures as they stand in the page", async () => {
    const page = await site.open(address);
    const before = await page.$$eval(".outputs", (all) => all.map((outputs) => outputs.innerHTML));
    await page.click('[data-do="run-all"]');
    await until(
      page,
      "/^All \\d+ cells ran/.test(document.querySelector('.lesson-status').textContent)",
    );
    const after = await page.$$eval(".outputs", (all) => all.map((outputs) => outputs.innerHTML));
    expect(after).toEqual(before);
    const { cells } = parseNotebook(source("notebooks/01-understanding-gradients.ipynb"));
    const code = cells.filter((cell) => cell.cell_type === "code");
    expect(after).toHaveLength(code.length);
    const statuses = await page.$$eval(".cell-status", (all) => all.map((one) => one.textContent));
    expect(statuses.filter((status) => status?.startsWith("ran in"))).toHaveLength(code.length);
  });

  test("an error names the cell and the line, its link opens that line in the editor", async () => {
    const page = await site.open(address);
    await write(page, 1, "const f = (x: number) => {\n  return missing * x;\n};\nconst ready = 1;");
    await run(page, 2);
    expect(await outputs(page, 2)).toBe("ReferenceError: missing is not defined (cell 1, line 2)");
    await page.$eval("#cell-1", () => (document.activeElement as HTMLElement).blur());
    await page.click("#cell-2 .error-place a");
    await page.waitForSelector("#cell-1 .cm-content:focus");
    const line = await page.evaluate(() => getSelection()?.anchorNode?.parentElement?.textContent);
    expect(line).toContain("missing");
  });

  test("ten thousand lines come into a box that scrolls, and the page answers all the while", {
    retry: 2,
  }, async () => {
    const page = await site.open(address);
    await write(page, 1, "for (let i = 0; i < 9_990; i++) console.log('line ' + i);");
    await page.evaluate(() => {
      let last = performance.now();
      Object.assign(window, { longest: 0 });
      setInterval(() => {
        const now = performance.now();
        const w = window as unknown as { longest: number };
        w.longest = Math.max(w.longest, now - last);
        last = now;
      }, 10);
    });
    await run(page, 1);
    expect(await page.evaluate("longest")).toBeLessThan(1_000);
    expect((await outputs(page, 1)).startsWith("line 0\nline 1\n")).toBe(true);
    expect(await page.$eval("#cell-1 .outputs pre", (pre) => pre.clientHeight)).toBeLessThan(600);
    await page.click("#cell-1 .show-all");
    expect(await page.$eval("#cell-1 .outputs pre", (pre) => pre.clientHeight)).toBeGreaterThan(
      9_000,
    );
  });
});

/** Presses Stop at cell 2, in the page; how many milliseconds until the page says so. */
function timeOfStop(): Promise<number> {
  const start = performance.now();
  document.querySelector<HTMLElement>("#cell-2 [data-do=stop]")?.click();
  return new Promise((resolve) => {
    const look = () => {
      if (document.querySelector("#cell-2 .cell-bar")) resolve(performance.now() - start);
      else requestAnimationFrame(look);
    };
    look();
  });
}

describe("stop", () => {
  test("an endless loop leaves the page alive; Stop ends it at once, and the cells above are there again", async () => {
    const page = await site.open(address);
    await run(page, 1);
    await write(page, 2, "while (true);");
    const times = [];
    // The best of three, because the machine has other tests to run.
    for (let i = 0; i < 3; i++) {
      await press(page, 2, "run");
      await until(
        page,
        "/Stop \\(\\d+ s\\)/.test(document.querySelector('#cell-2 [data-do=stop]').textContent)",
      );
      times.push(await page.evaluate(timeOfStop));
    }
    expect(Math.min(...times)).toBeLessThan(300); // three times the bar
    await until(
      page,
      "document.querySelector('#cell-2 .cell-bar')?.textContent.includes('were run again')",
    );
    expect(await textOf(page, "#cell-2 .cell-bar")).toBe(
      "Stopped. The cells above were run again.",
    );
    await write(page, 2, "f(3)");
    await run(page, 2);
    expect(await outputs(page, 2)).toBe("20");
    expect(await textOf(page, "#cell-1 .cell-status")).not.toContain("for a cell below");
  });

  test("the cells below a stopped one are marked as not run", async () => {
    const page = await site.open(address);
    await run(page, 3);
    await write(page, 1, "while (true);");
    await press(page, 1, "run");
    await page.waitForSelector("#cell-1 [data-do=stop]", { visible: true });
    await press(page, 1, "stop");
    await until(
      page,
      "/^not run$/.test(document.querySelector('#cell-3 .cell-status').textContent)",
    );
  });
});

describe("stop among the cells above", () => {
  test("the cells above are counted, and a stop there lets all rest until the next run", async () => {
    const page = await site.open(address);
    await write(page, 2, "while (true);");
    await press(page, 3, "run");
    await page.waitForSelector("#cell-3 [data-do=stop]", { visible: true });
    await until(
      page,
      "/cells above first: 2 of 2/.test(document.querySelector('#cell-3 .cell-status').textContent)",
    );
    await press(page, 3, "stop");
    await page.waitForSelector("#cell-3 .cell-bar");
    expect(await textOf(page, "#cell-3 .cell-bar")).toBe(
      "Stopped. The cells above run again with the next cell that you run.",
    );
    expect(await textOf(page, "#cell-1 .cell-status")).toBe("not run");
    await write(page, 2, "f(4)");
    await run(page, 2);
    expect(await textOf(page, "#cell-1 .cell-status")).toContain("for a cell below");
  });
});

// --- Keeping ------------------------------------------------------------------------------------

describe("keep", () => {
  test("what is typed is there after a reload with its outputs, and nothing has run", async () => {
    const page = await site.open(address);
    await write(page, 1, "const kept = 7;\nkept * 6");
    await run(page, 1);
    await page.reload();
    expect(await shown(page, 1)).toBe("const kept = 7;\nkept * 6");
    expect(await outputs(page, 1)).toBe("42");
    await write(page, 1, "const kept = 8;");
    await isSaved(page, "kept = 8");
    page.requests.length = 0;
    await page.reload();
    expect(await shown(page, 1)).toBe("const kept = 8;");
    expect(await textOf(page, "#cell-1 .cell-status")).toBe("not run since you changed it");
    expect(page.requests.filter((url) => /kernel|worker/.test(url))).toEqual([]);
  });

  test("what was typed a moment ago is saved when the page goes away", async () => {
    const page = await site.open(address);
    await write(page, 1, "// just now");
    await page.reload();
    expect(await shown(page, 1)).toBe("// just now");
  });

  test("Reset brings back the lesson's text and outputs, Undo brings back the reader's", async () => {
    const page = await site.open(address);
    await write(page, 1, "1 + 1");
    await run(page, 1);
    await press(page, 1, "reset");
    expect(await shown(page, 1)).toBe(cells[0]?.source);
    expect(await outputs(page, 1)).toBe("20");
    await page.click("#cell-1 .cell-bar button");
    expect(await shown(page, 1)).toBe("1 + 1");
    await page.reload();
    expect(await shown(page, 1)).toBe("1 + 1");
  });

  test("what is said after a reset goes when the code is changed again", async () => {
    const page = await site.open(address);
    await write(page, 1, "1 + 1");
    await press(page, 1, "reset");
    await page.waitForSelector("#cell-1 .cell-bar");
    await write(page, 1, "2 + 2");
    expect(await page.$("#cell-1 .cell-bar")).toBeNull();
  });

  test("outputs from before a cell above changed say so, until they are up to date", async () => {
    const page = await site.open(address);
    const status = (cell: number) => textOf(page, `#cell-${cell} .cell-status`);
    await run(page, 2);
    await write(page, 1, "function f(x: number): number {\n  return x;\n}");
    await run(page, 1);
    expect([await status(2), await status(3)]).toEqual(Array(2).fill("from before cell 1 changed"));
    await run(page, 2);
    expect(await status(2)).toContain("ran in");
    await press(page, 1, "reset");
    expect([await status(2), await status(3)]).toEqual(["from before cell 1 changed", ""]);
  });

  test("Reset lesson brings back all cells, and Undo all of the reader's", async () => {
    const page = await site.open(address);
    await write(page, 1, "1 + 1");
    await write(page, 2, "2 + 2");
    await page.click('[data-do="reset-lesson"]');
    expect([await codeOf(page, 1), await codeOf(page, 2)]).toEqual([
      cells[0]?.source,
      cells[1]?.source,
    ]);
    await page.click(".lesson-status button");
    expect([await codeOf(page, 1), await codeOf(page, 2)]).toEqual(["1 + 1", "2 + 2"]);
  });

  test("an earlier version comes back from the menu", async () => {
    const page = await site.open(address);
    await write(page, 1, "// the first");
    await isSaved(page, "// the first");
    await press(page, 1, "reset");
    await press(page, 1, "more");
    await page.click("#cell-1 .cell-menu p + button");
    expect(await shown(page, 1)).toBe("// the first");
  });

  test("a change in another tab is taken over; while one types, it is offered, and nothing is lost", async () => {
    const page = await site.open(address);
    const other = await openBeside(page);
    await write(other, 1, "// from the other tab");
    await isSaved(other, "from the other tab");
    await until(page, "document.querySelector('#cell-1').source === '// from the other tab'");
    await page.bringToFront();
    await write(page, 1, "// mine");
    // The other tab saves while the text here is not saved yet.
    await page.evaluate(() => {
      const key = Object.keys(localStorage).find((key) => key.startsWith("chainrule:cell:")) ?? "";
      const newValue = JSON.stringify({ source: "// theirs", saved: Date.now() });
      localStorage.setItem(key, newValue);
      dispatchEvent(new StorageEvent("storage", { key, newValue }));
    });
    expect(await textOf(page, "#cell-1 .cell-bar p")).toBe("This cell was changed in another tab.");
    expect(await shown(page, 1)).toBe("// mine");
    await page.click("#cell-1 .cell-bar button");
    expect(await shown(page, 1)).toBe("// theirs");
    await press(page, 1, "more");
    const titles = await page.$$eval("#cell-1 .cell-menu button[title]", (all) =>
      all.map((one) => (one as HTMLElement).title),
    );
    expect(titles).toContain("// mine");
  });
});

// --- Exercises ----------------------------------------------------------------------------------

describe("exercise", () => {
  const verdict = (page: SitePage) => textOf(page, `#cell-${holeNumber} .verdict`);
  const judged = (page: SitePage) =>
    page.waitForSelector(`#cell-${holeNumber} .verdict:not([hidden])`, { timeout: 20_000 });

  test("the editor of a hole opens with the todo selected", async () => {
    const page = await site.open(address);
    await press(page, holeNumber, "edit");
    await page.waitForSelector(`#cell-${holeNumber} .cm-content:focus`);
    const selected = await page.evaluate(() => getSelection()?.toString().replace(/\s+/g, " "));
    expect(selected).toMatch(/^todo\( ?"say whether .* agree", ?\)$/);
  });

  test("a hole that is not filled is not done yet, and no error", async () => {
    const page = await site.open(address);
    await run(page, holeNumber);
    await judged(page);
    expect(await verdict(page)).toMatch(/^Not done yet\./);
    expect(await page.$(`#cell-${holeNumber} .error`)).toBe(null);
  });

  test("the lesson's own solution is right; that is kept, and the way on is shown", async () => {
    const page = await site.open(address);
    await write(page, holeNumber, first.solutions[0]?.source ?? "");
    await run(page, holeNumber);
    await judged(page);
    expect(await verdict(page)).toMatch(
      /^✓ Exercise 1\.1 is solved\. 7 checks pass\.\s+Next: Exercise 1\.2/,
    );
    await page.reload();
    expect(await verdict(page)).toMatch(/^✓ Exercise 1\.1 is solved\./);
    await page.click(`#cell-${holeNumber} .verdict a`);
    expect(await page.evaluate(() => location.hash)).toBe("#exercise-12-walk-to-the-bottom");
  });

  test("every typical mistake is refused, with what was expected and got", async () => {
    const page = await site.open(address);
    expect(first.mistakes.length).toBeGreaterThan(0);
    for (const mistake of first.mistakes) {
      await write(page, holeNumber, mistake.source);
      await run(page, holeNumber);
      await judged(page);
      expect(await verdict(page)).toMatch(
        /^✗ Not right yet\.[\s\S]*expected\s+(true|false)\s+got\s+(true|false)$/,
      );
    }
  });

  test("an error in the reader's code comes with its place, a loop without end with a question", async () => {
    const page = await site.open(address);
    await write(page, holeNumber, "function isSmooth(): boolean {\n  return missing;\n}");
    await run(page, holeNumber);
    await judged(page);
    expect(await verdict(page)).toMatch(
      new RegExp(
        `^✗ Not right yet\\. ReferenceError: missing is not defined \\(cell ${holeNumber}, line 2\\)`,
      ),
    );
    await write(page, holeNumber, "function isSmooth(): boolean {\n  while (true);\n}");
    await run(page, holeNumber);
    await until(
      page,
      `document.querySelector("#cell-${holeNumber} .verdict").textContent.startsWith("Checking")`,
    );
    await press(page, holeNumber + 1, "stop");
    await until(
      page,
      `document.querySelector("#cell-${holeNumber} .verdict").textContent.includes("loop that never ends")`,
    );
  });

  test("a line that only looks like the check's own does not count", async () => {
    const page = await site.open(address);
    const fake = `function isSmooth(): boolean {\n  console.log("✓ Exercise 1.1 A corner: 7 checks pass");\n  return true;\n}`;
    await write(page, holeNumber, fake);
    await run(page, holeNumber);
    await judged(page);
    expect(await verdict(page)).toMatch(/^✗ Not right yet\./);
    expect(
      await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("mark:"))),
    ).toEqual([]);
  });

  test("the solution can be put into the cell, and taken back", async () => {
    const page = await site.open(address);
    await page.$eval(".exercise details.solution", (details) => details.setAttribute("open", ""));
    await page.click(".exercise details.solution pre + button");
    expect(await codeOf(page, holeNumber)).toBe(first.solutions[0]?.source);
    await page.click(`#cell-${holeNumber} .cell-bar button`);
    expect(await codeOf(page, holeNumber)).toBe(first.hole.source);
  });
});

// --- Links --------------------------------------------------------------------------------------

/** Makes a link to a code through the page's own menu. */
async function linkTo(page: SitePage, cell: number): Promise<string> {
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => void Object.assign(window, { copied: text });
  });
  await press(page, cell, "more");
  await page.click(`#cell-${cell} .cell-menu button`);
  await until(page, "window.copied !== undefined");
  const link = await page.evaluate("window.copied");
  return String(link);
}

describe("link", () => {
  const hostile =
    'const text = "</script><img src=x onerror=alert(1)>\u202e\0";\nconsole.log("ran");';

  test("code in a link is shown and not run; the reader's own stays until they take it", async () => {
    const author = await site.open(address);
    await write(author, 2, hostile);
    const link = await linkTo(author, 2);
    expect(link).toMatch(/#cell-2&code=[\w-]+$/);

    const page = await site.open(address);
    await write(page, 2, "// my own");
    await isSaved(page, "// my own");
    const reader = await openBeside(page, link.slice(site.url.length));
    await reader.waitForSelector("#cell-2 .cell-bar");
    expect(await textOf(reader, "#cell-2 .cell-bar p")).toBe(
      "This code came with the link. It has not been run.",
    );
    expect(await codeOf(reader, 2)).toBe("// my own");
    expect(await shown(reader, 2)).toContain("</script>");
    expect(await reader.$("#cell-2 img[src]")).toBe(null);
    expect(await outputs(reader, 2)).not.toContain("ran");
    const [runIt, keepMine] = await reader.$$("#cell-2 .cell-bar button");
    expect(await runIt?.evaluate((button) => button.textContent)).toBe("Run it");
    await keepMine?.click();
    expect(await shown(reader, 2)).toBe("// my own");
    expect(await reader.evaluate(() => location.hash)).toBe("#cell-2");
  });

  test("Run it takes the link's code; the reader's own is among the earlier versions", async () => {
    const author = await site.open(address);
    await write(author, 2, 'console.log("from the link")');
    const link = await linkTo(author, 2);
    const page = await site.open(address);
    await write(page, 2, "// my own");
    await isSaved(page, "// my own");
    const reader = await openBeside(page, link.slice(site.url.length));
    await reader.waitForSelector("#cell-2 .cell-bar");
    await reader.click("#cell-2 .cell-bar button");
    await until(
      reader,
      "document.querySelector('#cell-2 .outputs').textContent.includes('from the link')",
    );
    await press(reader, 2, "more");
    const titles = await reader.$$eval("#cell-2 .cell-menu button[title]", (all) =>
      all.map((one) => (one as HTMLElement).title),
    );
    expect(titles).toContain("// my own");
  });

  test.each([
    ["cut off", "#cell-2&code=S8lMLVYoyczPy", /damaged/],
    ["not base64", "#cell-2&code=%%%", /damaged/],
    ["empty", "#cell-2&code=", /damaged|no code/],
    [
      "for a cell that is not there",
      "#cell-99&code=q1YqS8wpTlWyUqpQ0lFQslIqSS0uUaoFAA",
      /damaged|does not have/,
    ],
    ["without a cell", "#&code=abc", /names no cell/],
    ["far too long", `#cell-2&code=${"A".repeat(90_000)}`, /too long/],
  ])("a link that is %s gives a sentence and a page that works", async (_, fragment, sentence) => {
    const page = await site.open(address + fragment);
    await page.waitForSelector("#notices .notice");
    expect(await textOf(page, "#notices .notice p")).toMatch(sentence);
    await run(page, 1);
    expect(await outputs(page, 1)).toBe("20");
    expect(page.problems).toEqual([]);
  });

  test("a link that unpacks to far more than it may is not unpacked", async () => {
    const page = await site.open(address);
    const fragment = await page.evaluate(async () => {
      const stream = new Blob(["x".repeat(30_000_000)]).stream();
      const packed = stream.pipeThrough(new CompressionStream("deflate-raw"));
      const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
      const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
      return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    });
    await page.evaluate((code) => {
      location.hash = `#cell-2&code=${code}`;
    }, fragment);
    await page.waitForSelector("#notices .notice");
    expect(await textOf(page, "#notices .notice p")).toMatch(/too long/);
  });
});

// --- Without a mouse ----------------------------------------------------------------------------

/** Presses a key while others are held. */
async function chord(page: SitePage, ...keys: KeyInput[]): Promise<void> {
  for (const key of keys) await page.keyboard.down(key);
  for (const key of keys.reverse()) await page.keyboard.up(key);
}

/** Where the focus is: "" if it is lost. */
const focused = (page: SitePage): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement ?? document.body;
    return element.getAttribute("aria-label") ?? (element === document.body ? "" : element.tagName);
  });

describe("keyboard", () => {
  test("the tools of a cell are one stop of the Tab key, with arrow keys between them", async () => {
    const page = await site.open(address);
    await page.focus("#cell-1 .cell-name");
    const went = [];
    const keys = ["Tab", "ArrowRight", "End", "ArrowRight", "ArrowLeft", "Tab"] as const;
    for (const key of keys) {
      await page.keyboard.press(key);
      went.push(await focused(page));
    }
    const [run, edit, more] = ["Run cell 1", "Edit cell 1", "More for cell 1"];
    expect(went).toEqual([run, edit, more, run, more, "Code of cell 1"]);
    await page.keyboard.down("Shift");
    await page.keyboard.press("Tab");
    await page.keyboard.up("Shift");
    expect(await focused(page)).toBe(run);
  });

  test("the focus comes back from a menu, a notice and a bar that go away", async () => {
    const page = await site.open(address);
    await page.focus('#cell-1 [data-do="more"]');
    await page.keyboard.press("Enter");
    for (const key of ["ArrowDown", "ArrowDown", "Enter"] as const) await page.keyboard.press(key);
    await page.waitForSelector("#notices .notice"); // type hints are on
    expect(await focused(page)).toBe("More for cell 1");
    await page.focus("#notices button");
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("More for cell 1");
    await page.goto(`${site.url}${address}#cell-2&code=S8zT0NRUqAUA`); // another page: no reload for a fragment
    await page.waitForSelector("#cell-2 .cell-bar");
    await page.focus("#cell-2 .cell-bar button:last-child"); // Keep mine
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("Code of cell 2");
  });

  test("axe finds nothing wrong in a page full of states, in light and dark", async () => {
    const page = await site.open(address, { theme: "light" });
    const set = (cell: number, text: string) =>
      page.evaluate(
        (cell, text) =>
          Object.assign(document.querySelector(`#cell-${cell}`) ?? {}, { source: text }),
        cell,
        text,
      );
    await page.click(".predict-answer .primary"); // a prediction is revealed
    await settled(page, 2);
    await set(holeNumber, first.solutions[0]?.source ?? ""); // an exercise is solved
    await run(page, holeNumber);
    await page.waitForSelector('.verdict[data-kind="right"]');
    await write(page, 1, "const one: number = missing;"); // an error, in the editor
    await run(page, 1);
    await press(page, 1, "more");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter"); // a notice: type hints are on
    await page.focus("#cell-1 .cm-content");
    await page.waitForSelector(".cm-lintRange-error");
    await chord(page, "Control", "Shift", "M"); // the list of errors
    await page.waitForSelector(".cm-panel-lint");
    await press(page, 1, "more"); // the menu
    const contrast = { runOnly: "color-contrast" };
    const states = "#cell-1, predict-question, .exercise:has(.verdict:not([hidden])), #notices";
    expect(await page.$$eval(states, (all) => all.length)).toBeGreaterThan(3);
    expect(await violations(page)).toEqual([]);
    await page.evaluate(() => document.documentElement.setAttribute("data-theme", "dark"));
    expect(await violations(page, "html", contrast)).toEqual([]);
  }, 120_000);

  test("Enter edits, Control+Enter runs, Shift+Enter goes on, Escape and Tab leave", async () => {
    const page = await site.open(address);
    await page.focus("#cell-1 pre.code");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#cell-1 .cm-content:focus");
    expect(
      await page.$eval("#cell-1 .cm-content", (element) => element.getAttribute("aria-label")),
    ).toBe("Code of cell 1");
    await page.keyboard.type("2 + 3;");
    await page.keyboard.down("Control");
    await page.keyboard.press("Enter");
    await page.keyboard.up("Control");
    await settled(page, 1);
    await page.keyboard.press("Tab");
    expect(await codeOf(page, 1)).toMatch(/^2 \+ 3; {2,}|^ +2/);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    expect(await page.$("#cell-1 .cm-content:focus")).toBe(null);
    await page.focus("#cell-1 .cm-content");
    await page.keyboard.down("Shift");
    await page.keyboard.press("Enter");
    await page.keyboard.up("Shift");
    expect(await page.evaluate(() => document.activeElement?.closest("lesson-cell")?.id)).toBe(
      "cell-2",
    );
    await settled(page, 1);
  });

  test("the end of a run is said to screen readers", async () => {
    const page = await site.open(address);
    await run(page, 1);
    expect(await page.$$eval("[aria-live], [role=status]", (all) => all.length)).toBe(1);
    // A run of more than a second is told of before.
    expect((await said(page)).filter((sentence) => !/is running/.test(sentence ?? ""))).toEqual([
      "Cell 1 finished, 1 line of output.",
    ]);
  });

  test("opening the editor moves nothing", async () => {
    const page = await site.open(address);
    const heights = () =>
      page.$eval("#cell-4", (cell) => [
        cell.getBoundingClientRect().height,
        cell.querySelector(".code")?.clientHeight,
      ]);
    const before = await heights();
    await press(page, 4, "edit");
    await page.waitForSelector("#cell-4 .cm-content:focus");
    expect(await heights()).toEqual(before);
  });
});

describe("Firefox", () => {
  test("edits, runs, stops and keeps cells too", async () => {
    const firefox = await openSite("firefox");
    try {
      const page = await firefox.open(address);
      await write(page, 1, "const f = (x: number) => 100 * x;\nconsole.log(f(2));");
      await run(page, 1);
      expect(await outputs(page, 1)).toBe("200");
      await write(page, 2, "while (true);");
      await press(page, 2, "run");
      await page.waitForSelector("#cell-2 [data-do=stop]", { visible: true });
      await press(page, 2, "stop");
      await until(
        page,
        "/were run again/.test(document.querySelector('#cell-2 .cell-bar')?.textContent)",
      );
      await write(page, 2, "f(3)");
      await run(page, 2);
      expect(await outputs(page, 2)).toBe("300");
      await page.reload();
      expect(await shown(page, 2)).toBe("f(3)");
      expect(await outputs(page, 2)).toBe("300");
    } finally {
      await firefox.close();
    }
  });
});

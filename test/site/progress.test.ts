// Progress and the reader's code in real browsers: kept, shown, saved to a file, loaded, forgotten. Read
// browser.ts first.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { ElementHandle } from "puppeteer-core";
import { afterAll, describe, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { openSite, type SitePage } from "./browser.ts";

const site = await openSite();
afterAll(() => site.close());

const first = "01-understanding-gradients";
/** The ids of the first lesson's cells, by their number less one. */
const cells = await (async () => {
  const page = await site.open("progress.html");
  const ids = await page.$eval(".lesson-progress", (lesson) => lesson.getAttribute("data-cells"));
  await page.browserContext().close();
  return (ids ?? "").split(" ");
})();

/** A script that puts entries into local storage, once in the life of the storage. */
function storing(entries: Record<string, unknown>): string {
  return `if (localStorage.getItem("filled") === null) {
    localStorage.setItem("filled", "yes");
    for (const [key, value] of Object.entries(${JSON.stringify(entries)})) {
      localStorage.setItem("chainrule:" + key, typeof value === "string" ? value : JSON.stringify(value));
    }
  }`;
}

const someProgress = {
  [`mark:${first}:exercise 1.1`]: 1_790_000_000_000,
  [`mark:${first}:exercise 1.3`]: 1_790_000_000_000,
  [`mark:${first}:predict ${cells[0]}`]: 1_790_000_000_000,
  "mark:02-visualizing-graphs:read": 1_790_000_000_000,
  [`cell:${first}:${cells[2]}`]: { source: "const here = 1;", saved: 1_790_000_000_000 },
  [`guess:${first}:${cells[0]}`]: JSON.stringify("up"),
};

/** Everything of the site in local storage. */
const stored = (page: SitePage): Promise<Record<string, string>> =>
  page.evaluate(() => {
    const entries = Object.entries(localStorage).filter(([key]) => key.startsWith("chainrule:"));
    return Object.fromEntries(entries.sort());
  });

/** The same without what only this machine is concerned with. */
const progressIn = async (page: SitePage): Promise<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(await stored(page)).filter(
      ([key]) => !/^chainrule:(setting|outputs):/.test(key),
    ),
  );

/** The words of an element, as they are seen. */
const words = (page: SitePage, selector: string): Promise<string> =>
  page.$eval(selector, (element) => (element as HTMLElement).innerText.replace(/\s+/g, " ").trim());

const file = (entries: Record<string, unknown>): string =>
  JSON.stringify({ format: "chainrule progress", version: 1, entries });

async function paste(page: SitePage, text: string): Promise<void> {
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
  }, text);
}

describe("progress on every page", () => {
  test("is beside each lesson, in words, and in the headings of solved exercises", async () => {
    const page = await site.open(`${first}.html`, { before: storing(someProgress) });
    const slot = (lesson: string) => words(page, `.rail .progress[data-lesson="${lesson}"]`);
    expect(await slot(first)).toMatch(/^2 of 4/);
    expect(await slot("02-visualizing-graphs")).toMatch(/^read/);
    expect(await slot("03-object-expressions")).toBe("");
    const solved = await page.$$eval("[data-exercise]", (exercises) =>
      exercises.map((exercise) => exercise.querySelector(":is(h2, h3) .solved")?.textContent ?? ""),
    );
    expect(solved).toEqual(["✓ solved", "", "✓ solved", ""]);
    expect(page.problems).toEqual([]);

    await page.goto(new URL("index.html", site.url).href);
    expect(await words(page, `.course-list .progress[data-lesson="${first}"]`)).toMatch(/^2 of 4/);
    await page.browserContext().close();
  });

  test("a mark from another tab is shown, and all four make a tick", async () => {
    const page = await site.open(`${first}.html`, { before: storing(someProgress) });
    const other = await page.browserContext().newPage();
    await other.goto(new URL("progress.html", site.url).href);
    await other.evaluate((first) => {
      for (const number of ["1.2", "1.4"]) {
        localStorage.setItem(`chainrule:mark:${first}:exercise ${number}`, "1");
      }
    }, first);
    const selector = `.rail .progress[data-lesson="${first}"]`;
    await page.waitForFunction(
      (selector) => document.querySelector(selector)?.textContent === "✓, all exercises solved",
      {},
      selector,
    );
    expect(await page.$$eval("h3 .solved", (marks) => marks.length)).toBe(4);
    await page.browserContext().close();
  });

  test("a lesson counts as read once its end was on the screen, not before", async () => {
    const page = await site.open(`${first}.html`);
    const isRead = () =>
      page.evaluate(
        (first) => localStorage.getItem(`chainrule:mark:${first}:read`) !== null,
        first,
      );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await isRead()).toBe(false);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForFunction(
      (first) => localStorage.getItem(`chainrule:mark:${first}:read`) !== null,
      {},
      first,
    );
    expect(await words(page, `.rail .progress[data-lesson="${first}"]`)).toMatch(/^read/);
    await page.browserContext().close();
  });

  test("the front page leads back to the section where the reader was", async () => {
    const page = await site.open(`${first}.html`);
    await page.evaluate(() => document.getElementById("the-nudge-shrinks")?.scrollIntoView());
    await page.waitForFunction(() =>
      localStorage.getItem("chainrule:setting:place")?.includes("the-nudge-shrinks"),
    );
    await page.goto(new URL("index.html", site.url).href);
    expect(await words(page, "a[data-continue]")).toBe(
      "Continue with Step 1: Understanding gradients, “The nudge shrinks”",
    );
    await Promise.all([page.waitForNavigation(), page.click("a[data-continue]")]);
    expect(new URL(page.url()).hash).toBe("#the-nudge-shrinks");
    await page.browserContext().close();
  });
});

describe("storage with faults", () => {
  const blocked = `Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("The operation is insecure.", "SecurityError"); },
  });`;

  test.each(["index.html", `${first}.html`, "progress.html"])("blocked: %s works", async (name) => {
    const page = await site.open(name, { before: blocked });
    expect(page.problems).toEqual([]);
    expect(await words(page, "h1")).not.toBe("");
    await page.browserContext().close();
  });

  test("blocked: what is loaded lasts as long as the page, and a notice says so, once", async () => {
    const page = await site.open("progress.html", { before: blocked });
    await paste(page, file({ [`mark:${first}:read`]: 1, [`mark:${first}:exercise 1.1`]: 1 }));
    await page.waitForSelector("#take", { visible: true });
    await page.click("#take");
    expect(await words(page, "#sum")).toContain("read 1 of 9 pages, solved 1 of");
    expect(await page.$$eval("#notices .notice p", (all) => all.map((p) => p.textContent))).toEqual(
      [expect.stringContaining("The browser keeps nothing for this site")],
    );
    expect(page.problems).toEqual([]);
    await page.browserContext().close();
  });

  test("full to the last letter: a notice with an export, and nothing is thrown", async () => {
    const fill = `{
      let size = 4_000_000;
      for (let i = 0; size >= 1; i += 1) {
        try { localStorage.setItem("other " + i, "x".repeat(size)); } catch { size = Math.floor(size / 2); }
      }
    }`;
    const page = await site.open(`${first}.html`, { before: fill });
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForSelector("#notices .notice");
    expect(await words(page, "#notices")).toContain("The browser’s room for this site is full");
    expect(await words(page, `.rail .progress[data-lesson="${first}"]`)).toMatch(/^read/);
    expect(page.problems).toEqual([]);

    const text = await downloaded(page, () => page.click("#notices button"));
    expect(Object.keys(JSON.parse(text).entries)).toEqual([`mark:${first}:read`]);
    await page.browserContext().close();
  });

  test("damaged: set aside, told of, listed with a button to copy", async () => {
    const before = storing({ ...someProgress, [`cell:${first}:${cells[4]}`]: '{"source":"half' });
    const page = await site.open("progress.html", { before });
    expect(page.problems).toEqual([]);
    await page.waitForSelector("#damaged", { visible: true });
    expect(await words(page, "#notices")).toContain("could not be read");
    expect(await page.$eval("#damaged pre", (pre) => pre.textContent)).toBe('{"source":"half');
    expect(await words(page, ".lesson-progress .facts")).toContain("changed: cell 3");
    await page.reload();
    expect(await page.$$("#damaged details")).toHaveLength(1);
    expect(await page.$("#notices .notice")).toBeNull();
    await page.browserContext().close();
  });
});

/** The text of the file that the page gives the reader. */
async function downloaded(page: SitePage, start: () => Promise<void>): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "chainrule-download-"));
  try {
    const client = await page.createCDPSession();
    await client.send("Browser.setDownloadBehavior", {
      behavior: "allow",
      downloadPath: folder,
      eventsEnabled: true,
      browserContextId: page.browserContext().id,
    });
    const done = new Promise<void>((resolve) => {
      client.on("Browser.downloadProgress", ({ state }) => {
        if (state === "completed") resolve();
      });
    });
    await start();
    await done;
    const [name = ""] = readdirSync(folder);
    expect(name).toMatch(/^chainrule-progress-\d{4}-\d\d-\d\d\.json$/);
    return readFileSync(path.join(folder, name), "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("progress.html", () => {
  test("shows all that is stored, with links, and keeps it over a reload", async () => {
    const page = await site.open("progress.html", { before: storing(someProgress) });
    const look = async () => [
      await words(page, "#sum"),
      await words(page, ".lesson-progress .facts"),
      await words(page, ".lesson-progress li"),
    ];
    const seen = await look();
    expect(seen[0]).toMatch(
      /^You have read 1 of 9 pages, solved 2 of \d+ exercises, made 1 of \d+ predictions and changed 1 cell\.$/,
    );
    expect(seen[1]).toMatch(/^Not read to the end · 1 of \d+ predictions made · changed: cell 3$/);
    expect(seen[2]).toBe("1.1 A corner ✓ solved");
    await page.reload();
    expect(await look()).toEqual(seen);

    const links = await page.$$eval(".lesson-progress a", (links) =>
      links.map((link) => (link as HTMLAnchorElement).href),
    );
    expect(links).toContain(new URL(`${first}.html#cell-3`, site.url).href);
    await page.goto(links.find((link) => link.includes("exercise-11")) ?? "missing");
    expect(await page.$eval(":target", (heading) => heading.textContent)).toContain("A corner");
    await page.browserContext().close();
  });

  test("export, forget, import: everything is back byte for byte, also after undoing and doing again", async () => {
    const page = await site.open("progress.html", { before: storing(someProgress) });
    const before = await progressIn(page);
    const text = await downloaded(page, () => page.click("#save"));

    await page.click("#forget");
    await page.click('#forget-dialog [value="keep"]');
    expect(await progressIn(page)).toEqual(before);
    await page.click("#forget");
    await page.click('#forget-dialog [value="forget"]');
    await page.waitForSelector("#undo", { visible: true });
    expect(await stored(page)).toEqual({});
    expect(await words(page, "#sum")).toContain("Nothing yet");
    await page.click("#undo");
    expect(await progressIn(page)).toEqual(before);
    await page.click("#forget");
    await page.click('#forget-dialog [value="forget"]');

    const folder = mkdtempSync(path.join(tmpdir(), "chainrule-upload-"));
    writeFileSync(path.join(folder, "mine.json"), text);
    const input = await page.$("input#file");
    await (input as ElementHandle<HTMLInputElement>).uploadFile(path.join(folder, "mine.json"));
    await page.waitForSelector("#incoming", { visible: true });
    rmSync(folder, { recursive: true });
    expect(await words(page, "#incoming")).toMatch(
      /^What is in mine.json It was saved on .+ and holds 1 changed cell, 4 marks and 1 guess. /,
    );
    expect(await stored(page)).toEqual({});
    await page.click("#take");
    expect(await progressIn(page)).toEqual(before);
    await page.click("#undo");
    expect(await stored(page)).toEqual({});
    expect(page.problems).toEqual([]);
    await page.browserContext().close();
  });

  test("a foreign, damaged or hostile file: a sentence, and nothing changes", async () => {
    const page = await site.open("progress.html", { before: storing(someProgress) });
    const before = await stored(page);
    for (const [text, sentence] of [
      ["hello", "The pasted text: expected a file saved on this page, got something else"],
      ['{"cells":[]}', 'got an object with "cells". Nothing was changed.'],
      [file({ "cell:a:b": 5, [`mark:${first}:read`]: 1 }), 'entry "cell:a:b": expected a "source"'],
      [
        '{"format":"chainrule progress","version":1,"entries":{"__proto__":{"a":1}}}',
        '"__proto__"',
      ],
      [file({ '<img src=x onerror="alert(1)">': 1 }), "<img src=x"],
    ] as const) {
      await paste(page, text);
      await page.waitForFunction(
        (sentence) => document.getElementById("outcome-text")?.textContent?.includes(sentence),
        {},
        sentence,
      );
      expect(await page.$eval("#incoming", (section) => (section as HTMLElement).hidden)).toBe(
        true,
      );
    }
    expect(await page.$("#outcome img")).toBeNull();
    expect(await stored(page)).toEqual(before);
    expect(page.problems).toEqual([]);
    await page.browserContext().close();
  });

  test("a dropped file is looked at, and a file of the same state has nothing to take over", async () => {
    const page = await site.open("progress.html", { before: storing(someProgress) });
    await page.evaluate(
      (text) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text], "dropped.json"));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
      },
      file({ [`mark:${first}:exercise 1.1`]: 1 }),
    );
    await page.waitForSelector("#incoming", { visible: true });
    expect(await words(page, "#incoming")).toContain("nothing that is not here already");
    expect(await page.$eval("#take", (button) => (button as HTMLElement).hidden)).toBe(true);
    await page.click("#leave");
    expect(await page.$eval("#load", (button) => button === document.activeElement)).toBe(true);
    await page.browserContext().close();
  });

  test("code of a cell that no lesson has any more is listed, as text", async () => {
    const source = "<b>const gone = 1;</b>";
    const page = await site.open("progress.html", {
      before: storing({ [`cell:${first}:cell-gone`]: { source, saved: 1_790_000_000_000 } }),
    });
    await page.waitForSelector("#homeless", { visible: true });
    expect(await page.$eval("#homeless pre", (pre) => pre.textContent)).toBe(source);
    expect(await words(page, "#homeless summary")).toBe(
      "Step 1: Understanding gradients: cell-gone, 21 September 2026",
    );
    await page.browserContext().close();
  });

  test("without JavaScript it says what it would show, and has no dead buttons", async () => {
    const page = await site.open("progress.html", { javaScript: false });
    const text = await page.$eval("main", (main) => (main as HTMLElement).innerText);
    expect(text).toContain("With JavaScript, this page shows what you have read");
    expect(text).toContain("1.1 A corner");
    expect(text).not.toContain("Save everything");
    await page.browserContext().close();
  });

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
    ["dark", 390],
  ] as const)("axe finds nothing: %s, %i px, with all that can be shown", async (theme, width) => {
    const before = storing({
      ...someProgress,
      [`cell:${first}:cell-gone`]: { source: "const gone = 1;", saved: 1_790_000_000_000 },
      [`cell:${first}:${cells[4]}`]: "{",
    });
    const page = await site.open("progress.html", { theme, width, before });
    await page.waitForSelector("#homeless", { visible: true });
    await page.$$eval("details:not(.course-menu)", (all) => {
      for (const details of all) details.setAttribute("open", "");
    });
    await paste(page, file({ "mark:a:b": 1 }));
    await page.waitForSelector("#incoming", { visible: true });
    expect(await violations(page)).toEqual([]);
    await page.click("#take");
    expect(await violations(page)).toEqual([]);
    await paste(page, "hello");
    await page.waitForSelector("#outcome.failure");
    expect(await violations(page)).toEqual([]);
    await page.click("#forget");
    expect(await violations(page)).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wide).toBe(false);
    await page.browserContext().close();
  });
});

test("two tabs: the page of progress shows what the other tab saves", async () => {
  const page = await site.open("progress.html");
  const other = await page.browserContext().newPage();
  await other.goto(new URL("progress.html", site.url).href);
  await paste(
    other as SitePage,
    file({ [`cell:${first}:${cells[0]}`]: { source: "a", saved: 1 } }),
  );
  await other.waitForSelector("#take", { visible: true });
  await other.click("#take");
  await page.waitForFunction(() =>
    document.querySelector(".facts")?.textContent?.includes("cell 1"),
  );
  await page.browserContext().close();
});

test("two tabs of a lesson: cells do not touch each other, and of one cell both texts are kept", async () => {
  const left = await site.open(`${first}.html`);
  const right = (await left.browserContext().newPage()) as SitePage;
  await right.goto(new URL(`${first}.html`, site.url).href);
  const write = (page: SitePage, number: number, source: string) =>
    page.evaluate(
      (number, source) =>
        Object.assign(document.getElementById(`cell-${number}`) ?? {}, { source }),
      number,
      source,
    );
  await Promise.all([write(left, 1, "const left = 1;"), write(right, 2, "const right = 2;")]);
  await Promise.all([write(left, 3, "const left = 3;"), write(right, 3, "const right = 3;")]);
  const texts = async () => {
    const entries = Object.entries(await progressIn(right));
    const all = entries.map(([key, text]) => `${key.split(":")[3]} ${JSON.parse(text).source}`);
    return [...new Set(all)].sort(); // one of the two may be the present text and a version, too
  };
  const expected = [
    `${cells[0]} const left = 1;`,
    `${cells[1]} const right = 2;`,
    `${cells[2]} const left = 3;`,
    `${cells[2]} const right = 3;`,
  ].sort();
  await expect.poll(texts, { timeout: 20_000 }).toEqual(expected);
  await left.browserContext().close();
});

test("two tabs: a cell of any lesson shows what the other tab saves", async () => {
  const page = await site.open("02-visualizing-graphs.html");
  const other = await page.browserContext().newPage();
  await other.goto(new URL("progress.html", site.url).href);
  const id = await page.$eval("#cell-1", (cell) => cell.getAttribute("data-cell"));
  await other.evaluate((id) => {
    const text = JSON.stringify({ source: "const other = 1;", saved: 1 });
    localStorage.setItem(`chainrule:cell:02-visualizing-graphs:${id}`, text);
  }, id);
  await page.waitForFunction(() =>
    document.querySelector("#cell-1 .cell-code")?.textContent?.includes("const other = 1;"),
  );
  await page.browserContext().close();
});

test("Firefox: what is loaded is there after a reload", async () => {
  const firefox = await openSite("firefox");
  try {
    const page = await firefox.open("progress.html");
    await page.click(".paste summary");
    await page.type("#pasted", file({ [`cell:${first}:${cells[0]}`]: { source: "a", saved: 1 } }));
    await page.click("#read-pasted");
    await page.waitForSelector("#take", { visible: true });
    await page.click("#take");
    await page.reload();
    expect(await words(page, ".facts")).toContain("changed: cell 1");
    expect(page.problems).toEqual([]);
  } finally {
    await firefox.close();
  }
});

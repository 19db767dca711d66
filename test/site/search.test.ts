// The search, by mouse, by keyboard, and when things go wrong.

import { afterAll, expect, test } from "vitest";
import { openSite, type SitePage } from "./browser.ts";

const site = await openSite();
afterAll(() => site.close());

const lesson = "04-gradients-by-the-chain-rule.html";

/** Types into the search and waits for its sentence. */
async function search(page: SitePage, words: string): Promise<string> {
  await page.waitForSelector("dialog.search[open]");
  await page.$eval("dialog.search input", (field) => (field.value = ""));
  await page.type("dialog.search input", words);
  await page.waitForFunction(
    () =>
      !/Loading|Type a word/.test(
        document.querySelector(".search [role=status]")?.textContent ?? "",
      ),
  );
  return page.$eval(".search [role=status]", (status) => status.textContent ?? "");
}

const active = (page: SitePage) =>
  page.$eval("dialog.search input", (field) => {
    const option = document.getElementById(field.getAttribute("aria-activedescendant") ?? "");
    return {
      title: option?.querySelector(".search-title")?.textContent,
      href: option?.getAttribute("href"),
    };
  });

test("the search's code comes when it is asked for, not before", async () => {
  const page = await site.open(lesson);
  const asked = () => page.requests.filter((url) => /search-dialog|search-[\w-]+\.json/.test(url));
  expect(asked()).toEqual([]);
  await page.click("[data-search]");
  await search(page, "nudge");
  expect(asked().length).toBeGreaterThan(0);
});

test("the button opens it; arrow keys choose, Enter opens the section and marks the words", async () => {
  const page = await site.open(lesson);
  await page.click("[data-search]");
  expect(await search(page, "topological order")).toMatch(/place/);
  const first = await active(page);
  await page.keyboard.press("ArrowDown");
  const second = await active(page);
  expect(second.href).not.toBe(first.href);
  await page.keyboard.press("ArrowUp");
  expect(await active(page)).toEqual(first);
  const marks = await page.$$eval(".search mark", (found) => found.map((mark) => mark.textContent));
  expect(marks.map((mark) => mark?.toLowerCase())).toContain("topological");

  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  expect(page.url()).toBe(new URL(first.href ?? "", site.url).href);
  await page.waitForFunction(() => (CSS.highlights.get("found")?.size ?? 0) > 0);
});

test("a slash and Ctrl+K open it, Escape closes it and gives the focus back", async () => {
  const page = await site.open(lesson);
  await page.focus("[data-search]");
  for (const keys of [["/"], ["Control", "k"]] as const) {
    for (const key of keys) await page.keyboard.down(key);
    for (const key of keys) await page.keyboard.up(key);
    await page.waitForSelector("dialog.search[open]");
    await page.keyboard.press("Escape");
    expect(await page.$("dialog.search[open]")).toBe(null);
    expect(await page.evaluate(() => document.activeElement?.hasAttribute("data-search"))).toBe(
      true,
    );
  }
});

test("a result on the page that is open goes there and marks the words", async () => {
  const page = await site.open("glossary.html");
  await page.keyboard.press("/");
  await search(page, "saturated");
  const { href } = await active(page);
  expect(href).toBe("./glossary.html#saturated");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash === "#saturated" && CSS.highlights.has("found"));
  expect(await page.$("dialog.search[open]")).toBe(null);
});

test("names in the code of cells are found", async () => {
  const page = await site.open("index.html");
  await page.keyboard.press("/");
  await search(page, "centralSlope");
  expect((await active(page)).href).toMatch(/^\.\/0\d-/);
});

test("a sentence says that nothing is found, and that the index could not be loaded", async () => {
  const page = await site.open(lesson);
  await page.keyboard.press("/");
  expect(await search(page, "xyzzy")).toMatch(/^Nothing is found for “xyzzy”/);

  const offline = await site.open(lesson, {
    before: "window.fetch = () => Promise.reject(new TypeError('offline'));",
  });
  await offline.keyboard.press("/");
  await offline.waitForFunction(() =>
    /could not be loaded/.test(document.querySelector(".search [role=status]")?.textContent ?? ""),
  );
});

test("words are text: what looks like HTML does nothing", async () => {
  const page = await site.open(lesson);
  await page.keyboard.press("/");
  expect(await search(page, "<img src=x>")).toContain("<img src=x>");
  expect(await page.$(".search img")).toBe(null);
});

test("without scripts there is no button", async () => {
  const page = await site.open(lesson, { javaScript: false });
  const height = await page.$eval(
    "[data-search]",
    (button) => button.getBoundingClientRect().height,
  );
  expect(height).toBe(0);
});

// How much a page of the site may weigh and how soon its first picture is there: the budgets of the
// course. npm run bench:site measures the times exactly; here they may be three times as long.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { loadTimes, watchFirstPicture } from "../../bench/page-times.mjs";
import { ensureSite } from "../../scripts/set-up.mjs";
import { openSite, type SitePage } from "./browser.ts";

const folder = await ensureSite("the tests");
const site = await openSite();
afterAll(() => site.close());

const gzip = (name: string) => gzipSync(readFileSync(join(folder, name))).length / 1024;
const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
const table: string[] = [];
afterAll(() => console.log(table.join("\n")));

/** What a page has asked for, as names of files of the site. */
const asked = (page: SitePage) => [
  ...new Set(page.requests.map((url) => url.slice(site.url.length).split("?")[0]!)), // a part before any "?"
];
const scriptsOf = (page: SitePage) => asked(page).filter((name) => name.endsWith(".js"));

const laterParts = /cell-drawing|cell-compiler|graphviz/;
const isLesson = (name: string) => /^(\d\d-.*|appendix)\.html$/.test(name);
const pages = readdirSync(folder).filter((name) => /\.html$/.test(name) && !/^source-/.test(name));

test.each(pages)("%s: its scripts and its first picture stay within the budget", async (name) => {
  const pictures = [];
  // A machine that does much else at the same time is slow once, seldom three times.
  for (let i = 0; i < 3 && !(pictures.at(-1)! < 300); i++) {
    const page = await site.open(name, { before: watchFirstPicture });
    await page.waitForNetworkIdle({ idleTime: 200 });
    const scripts = sum(scriptsOf(page).map(gzip));
    const { picture } = await loadTimes(page);
    const hasPicture = (await page.$("svg.cr-picture")) !== null;
    await page.browserContext().close();
    pictures.push(hasPicture ? picture! : 0); // a page without one has none to wait for
    if (i > 0) continue;
    const sizes = `${gzip(name).toFixed(1).padStart(7)} KB HTML ${scripts.toFixed(1).padStart(7)} KB JS`;
    table.push(
      `${name.padEnd(34)}${sizes}${hasPicture ? `${picture!.toFixed(0).padStart(7)} ms` : ""}`,
    );
    if (isLesson(name)) expect(scripts).toBeGreaterThan(1);
    expect(scripts).toBeLessThan(isLesson(name) ? 25 : 60);
  }
  expect(Math.min(...pictures)).toBeLessThan(3 * 100);
});

test("a lesson: editor and cell worker come when they are asked for, within their budget; Graphviz later", async () => {
  const page = await site.open("01-understanding-gradients.html");
  await page.waitForNetworkIdle({ idleTime: 200 });
  const before = asked(page);
  const cell = "lesson-cell[data-mode=run]";
  await page.click(`${cell} [data-do=edit]`);
  await page.waitForSelector(`${cell} .cm-content`);
  const ran = page.evaluate(
    () => new Promise((done) => addEventListener("cell-run", () => done(true), { once: true })),
  );
  await page.click(`${cell} [data-do=run]`);
  expect(await ran).toBe(true);
  const lazy = asked(page).filter((name) => name.endsWith(".js") && !before.includes(name));
  table.push(
    `editor and cells: ${lazy.map((name) => `${name} ${gzip(name).toFixed(1)} KB`).join(", ")}`,
  );
  expect(lazy.some((name) => name.includes("cell-worker"))).toBe(true);
  expect(sum(lazy.map(gzip))).toBeLessThan(250);
  // What draws, compiles and lays out with Graphviz: only a cell that needs it asks for it.
  const later = readdirSync(join(folder, "assets")).filter((name) => laterParts.test(name));
  expect(later).toHaveLength(3);
  table.push(`later: ${later.map((name) => `${name} ${gzip(`assets/${name}`).toFixed(1)} KB`)}`);
  expect(asked(page).filter((name) => laterParts.test(name))).toEqual([]);
});

// How much a page of the site may weigh and how soon its first picture is there: the budgets of the
// course. npm run bench:site measures the times exactly; here they may be three times as long.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import {
  fourPoints,
  fourPointsInTraining,
  openGraph,
  timeOfDebugger,
  timesOfPlay,
  timesWithoutPage,
} from "../../bench/live-times.mjs";
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

/** The scripts of a page, in KB: of a lesson, of those that are more than a lesson, and of all others. */
const largest: Readonly<Record<string, number>> = { "debugger.html": 145, "sabotage.html": 70 };
const budgetOf = (name: string) => (isLesson(name) ? 25 : (largest[name] ?? 60));

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
    const hasPicture = await page.$$eval("svg.cr-picture", (all) =>
      all.some((picture) => picture.checkVisibility()),
    );
    await page.browserContext().close();
    pictures.push(hasPicture ? picture! : 0); // a page without one has none to wait for
    if (i > 0) continue;
    const sizes = `${gzip(name).toFixed(1).padStart(7)} KB HTML ${scripts.toFixed(1).padStart(7)} KB JS`;
    table.push(
      `${name.padEnd(34)}${sizes}${hasPicture ? `${picture!.toFixed(0).padStart(7)} ms` : ""}`,
    );
    if (isLesson(name)) expect(scripts).toBeGreaterThan(1);
    expect(scripts).toBeLessThan(budgetOf(name));
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

/** Tries again as long as it was slow, at most three times; what was best. */
async function best(bar: number, measure: () => Promise<number>): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < 3 && !(least < bar); i++) least = Math.min(least, await measure());
  return least;
}

test("the debugger: shows the four-point net soon after its scripts start, and steps as fast as keys repeat", async () => {
  const shown = await best(3 * 100, async () => {
    const page = await site.open(fourPoints);
    const time = await timeOfDebugger(page);
    await page.browserContext().close();
    return time;
  });
  const page = await site.open(fourPoints);
  await timeOfDebugger(page);
  const step = await best(3 * 16, () =>
    page.evaluate(async () => {
      const range = document.querySelector<HTMLInputElement>(".debugger-scrubber input");
      if (range === null) throw new Error("there is no scrubber");
      const took: number[] = [];
      for (let position = 300; position < 340; position++) {
        const began = performance.now();
        range.value = String(position);
        range.dispatchEvent(new Event("input"));
        took.push(performance.now() - began);
        await new Promise(requestAnimationFrame);
      }
      return took.sort((a, b) => a - b)[20] ?? Number.NaN;
    }),
  );
  table.push(`debugger: shown after ${shown.toFixed(0)} ms, a step takes ${step.toFixed(1)} ms`);
  expect(shown).toBeLessThan(3 * 100);
  expect(step).toBeLessThan(3 * 16);
});

test("the playground: worker and graph come when they are asked for; 50 frames a second with the graph open; stops at once", async () => {
  const page = await site.open(fourPointsInTraining);
  await page.waitForNetworkIdle({ idleTime: 200 });
  const early = asked(page);
  const later = /run-worker|live-graph|graph-panel|files-panel/;
  expect(early.filter((name) => later.test(name))).toEqual([]);
  await openGraph(page);
  // A third of the frames, three times the pause. A machine that does much else draws fewer frames: what
  // counts then is the time that one takes.
  const found = { first: Infinity, frames: 0, updates: 0, pause: Infinity, busy: Infinity };
  const isSmooth = () => found.frames > 50 / 3 || found.busy < 1000 / 50;
  const isFollowed = () => found.updates > found.frames / 4; // by the graph
  const isQuick = () => isSmooth() && isFollowed() && found.pause < 3 * 50;
  for (let i = 0; i < 3 && !isQuick(); i++) {
    const { first, frames, updates, pause, busy } = await timesOfPlay(page, 1000);
    found.first = Math.min(found.first, first);
    found.frames = Math.max(found.frames, frames);
    found.updates = Math.max(found.updates, updates);
    found.pause = Math.min(found.pause, pause);
    found.busy = Math.min(found.busy, busy);
  }
  const [first, frames, updates, pause, busy] = Object.values(found).map((x) => x.toFixed(0));
  const words = `a step after ${first} ms, ${frames} frames and ${updates} graphs a second`;
  table.push(`playground: ${words}, a frame takes ${busy} ms, a pause ${pause} ms`);
  expect(isSmooth(), table.at(-1)).toBe(true);
  expect(isFollowed(), table.at(-1)).toBe(true);
  expect(found.pause).toBeLessThan(3 * 50);
  const worker = asked(page).find((name) => name.includes("run-worker"));
  table.push(`run worker: ${worker} ${gzip(worker ?? "").toFixed(1)} KB`);
});

test("a heat-map and the layout of graphs take a part of a frame, and of a second", async () => {
  const { heatMap, small, large } = await timesWithoutPage(15);
  table.push(`heat-map ${heatMap.toFixed(1)} ms`);
  for (const { nodes, time } of [small, large]) {
    table.push(`layout of ${nodes} boxes: ${time.toFixed(1)} ms`);
  }
  expect(heatMap).toBeLessThan(3 * 3);
  expect(small.time).toBeLessThan(3 * 20);
  expect(large.time).toBeLessThan(3 * 200);
});

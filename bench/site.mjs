// npm run bench:site: how big the pages of the site are, and how fast in Chromium. Read page-times.mjs
// and live-times.mjs first.

import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism, cpus, release, type } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { launchBrowser } from "../scripts/browsers.mjs";
import { serve } from "../scripts/serve.mjs";
import {
  ensureInstalled,
  ensureSite,
  main,
  readArguments,
  SetUpError,
} from "../scripts/set-up.mjs";
import {
  fourPoints,
  fourPointsInTraining,
  moons,
  openGraph,
  timeOfDebugger,
  timesOfGraph,
  timesOfPlay,
  timesWithoutPage,
} from "./live-times.mjs";
import { loadTimes, timeOfRun, timeOfStop, timeUntil, watchFirstPicture } from "./page-times.mjs";

const usage = `npm run bench:site                    the tables, about two minutes
npm run bench:site -- --rounds 11     the median of so many loads (5)

Each load has a browser context of its own, with nothing kept, at 1280 x 900. Milliseconds, medians:

  html, js       KB (gzip) of the page, and of the scripts that it loads by itself
  paint, ready   first contentful paint and DOM ready, from the request on
  picture        from the start of the scripts until the first picture has its place; 0: before
  scripts        all time in scripts until both
  run cold       click on Run to the output of the first cell, frame and worker started for it
  run warm       the same once more
  stop           click on Stop while a cell loops for ever, until the page says that it has ended
  editor         click on Edit until the editor is there
  search         click on Search until its field is there

Of the debugger, the playground and their graphs, what is asked for (.ci allows three times as long):

  debugger       from the start of its scripts until the graph is shown
  graph          from nothing until every box has its place; "all": everything unfolded
  play           from the click to the first step that is drawn; frames and new graphs a second, with the
                 four-point net in training and its graph open; from the click until it has stopped`;

const pages = [
  "index.html",
  "01-understanding-gradients.html",
  "05-automating-the-gradient.html",
  "08-training.html",
];
const livePages = ["playground.html", "debugger.html", "sabotage.html"];
const firstCell = "lesson-cell[data-mode=run]";

/** @param {(number | undefined)[]} numbers */
function median(numbers) {
  const sorted = numbers.filter((number) => number !== undefined).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/**
 * One load of a page, and for a lesson what its first cell does.
 * @param {import("../scripts/browsers.mjs").Browser} browser
 * @param {string} address
 * @returns {Promise<{ times: Record<string, number | undefined>, scripts: string[] }>}
 */
async function measure(browser, address) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  /** @type {string[]} */
  const scripts = [];
  page.on("request", (request) => {
    if (request.resourceType() === "script") scripts.push(request.url());
  });
  await page.setViewport({ width: 1280, height: 900 });
  await page.evaluateOnNewDocument(watchFirstPicture);
  await page.goto(address, { waitUntil: "networkidle0" });
  const { firstPaint, ready, picture, scripts: scripting } = await loadTimes(page);
  /** @type {Record<string, number | undefined>} */
  const times = { paint: firstPaint, ready, picture, scripts: scripting };
  const atFirst = [...scripts];
  await page.evaluate(async () => void (await navigator.serviceWorker.ready)); // it has work to do first
  times.search = await timeUntil(page, "[data-search]", "dialog input");
  await page.keyboard.press("Escape");
  if ((await page.$(firstCell)) !== null) {
    times["run cold"] = await timeOfRun(page, firstCell, "run");
    times["run warm"] = await timeOfRun(page, firstCell, "run");
    times.editor = await timeUntil(page, `${firstCell} [data-do=edit]`, `${firstCell} .cm-content`);
    times.stop = await timeOfStop(page, firstCell);
  }
  await context.close();
  return { times, scripts: atFirst };
}

/**
 * What the debugger, the playground and their graphs take, a line for each.
 * @param {import("../scripts/browsers.mjs").Browser} browser
 * @param {string} url of the front page
 * @param {number} rounds
 */
async function measureLive(browser, url, rounds) {
  /** @param {string} address @param {(page: import("./page-times.mjs").Page) => Promise<any>} look */
  const looks = async (address, look) => {
    const found = [];
    for (let i = 0; i < rounds; i++) {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      await page.setViewport({ width: 1280, height: 900 });
      await page.goto(url + address, { waitUntil: "networkidle0" });
      found.push(await look(page));
      await context.close();
    }
    return (/** @type {string} */ name) => median(found.map((each) => each[name]));
  };
  const inDebugger = async (/** @type {import("./page-times.mjs").Page} */ page) => ({
    shown: await timeOfDebugger(page),
    ...(await timesOfGraph(page, 3)),
  });
  const few = await looks(fourPoints, inDebugger);
  const many = await looks(moons, inDebugger);
  const play = await looks(fourPointsInTraining, async (page) => {
    await openGraph(page);
    return timesOfPlay(page, 1000); // in three seconds it would be at the last of a million steps
  });
  const { heatMap, small, large } = await timesWithoutPage(50);
  /** @type {[string, number | undefined, string, string?][]} */
  const lines = [
    ["debugger, four points", few("shown"), "ms", "100"],
    ["debugger, 2-16-16-1 on 100 points", many("shown"), "ms"],
    ["graph, four points", few("open"), "ms", "100"],
    ["graph, four points, all", few("openAll"), "ms"],
    ["graph, 2-16-16-1 on 100 points", many("open"), "ms", "200"],
    ["graph, 2-16-16-1 on 100 points, all", many("openAll"), "ms", "200"],
    ["play", play("first"), "ms"],
    ["frames", play("frames"), "a second", "at least 50"],
    ["new graphs", play("updates"), "a second", "at least 50"],
    ["a frame, time of the page's thread", play("busy"), "ms", "20"],
    ["pause", play("pause"), "ms", "50"],
    ["heat-map, 50 x 50 of 2-16-16-1", heatMap, "ms", "3"],
    [`layout, ${small.nodes} boxes`, small.time, "ms", "20"],
    [`layout, ${large.nodes} boxes`, large.time, "ms", "200"],
  ];
  for (const [what, number, unit, bar] of lines) {
    const asked = bar === undefined ? "" : `   asked: ${bar}`;
    console.log(`${what.padEnd(38)}${(number?.toFixed(1) ?? "-").padStart(10)} ${unit}${asked}`);
  }
}

await main(async () => {
  const { values } = readArguments(
    {
      options: {
        rounds: { type: "string", default: "5" },
        help: { type: "boolean", short: "h" },
      },
    },
    usage,
  );
  if (values.help) return console.log(usage);
  const rounds = Number(values.rounds);
  if (!(rounds >= 1))
    throw new SetUpError(`--rounds: expected a number from 1, got "${values.rounds}"`);
  await ensureInstalled("test", "npm run bench:site");
  const folder = await ensureSite("npm run bench:site");
  const gzip = (/** @type {string} */ name) =>
    gzipSync(readFileSync(join(folder, name))).length / 1024;
  const server = await serve(folder);
  const browser = await launchBrowser("chromium");
  try {
    console.log(
      `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${type()} ${release()}, ${await browser.version()}\n`,
    );
    const columns = ["html", "js", "paint", "ready", "picture", "scripts"];
    columns.push("run cold", "run warm", "stop", "editor", "search");
    console.log(`${"".padEnd(33)}${columns.map((name) => name.padStart(10)).join("")}`);
    for (const name of pages) {
      const loads = [];
      for (let i = 0; i < rounds; i++) loads.push(await measure(browser, server.url + name));
      const scripts = loads[0].scripts.map((url) => url.slice(server.url.length));
      /** @type {Record<string, number | undefined>} */
      const row = {
        html: gzip(name),
        js: scripts.map(gzip).reduce((sum, size) => sum + size, 0),
      };
      const cells = columns.map((column) => {
        const number = row[column] ?? median(loads.map(({ times }) => times[column]));
        return (number?.toFixed(1) ?? "-").padStart(10);
      });
      console.log(`${name.padEnd(33)}${cells.join("")}`);
    }
    console.log("");
    for (const name of livePages) {
      const { scripts } = await measure(browser, server.url + name);
      const sizes = scripts.map((script) => gzip(script.slice(server.url.length)));
      const size = sizes.reduce((sum, each) => sum + each, 0);
      console.log(`${name.padEnd(38)}${size.toFixed(1).padStart(10)} KB of JavaScript`);
    }
    for (const name of readdirSync(join(folder, "assets"))) {
      if (!/run-worker/.test(name)) continue;
      console.log(`${"run worker".padEnd(38)}${gzip(`assets/${name}`).toFixed(1).padStart(10)} KB`);
    }
    console.log("");
    await measureLive(browser, server.url, rounds);
  } finally {
    await browser.close();
    await server.close();
  }
});

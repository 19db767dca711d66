// npm run bench:site: how big the pages of the site are, and how fast in Chromium. Read page-times.mjs
// first.

import { readFileSync } from "node:fs";
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
import { loadTimes, timeOfRun, timeOfStop, timeUntil, watchFirstPicture } from "./page-times.mjs";

const usage = `npm run bench:site                    the table, about a minute
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
  search         click on Search until its field is there`;

const pages = [
  "index.html",
  "01-understanding-gradients.html",
  "05-automating-the-gradient.html",
  "08-training.html",
];
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
  } finally {
    await browser.close();
    await server.close();
  }
});

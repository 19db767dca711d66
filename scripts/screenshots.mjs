// node scripts/screenshots.mjs: pictures of the site's pages, to look at. Read serve.mjs first.

import * as fs from "node:fs";
import * as path from "node:path";
import { launchBrowser } from "./browsers.mjs";
import { serve } from "./serve.mjs";
import {
  ensureInstalled,
  ensureSite,
  main,
  readArguments,
  root,
  SetUpError,
  say,
} from "./set-up.mjs";

const usage = `node scripts/screenshots.mjs                 every page
node scripts/screenshots.mjs index 01 07     the pages whose names begin so; 01?projector for a flag

  --width 390        only these widths (also 360, or 820,1280); default: 1280, 820 and 390
  --theme dark       only this theme; default: light and dark
  --no-scripts       as with JavaScript off
  --wait 2000        milliseconds to wait before the picture; default: 300

The pictures go to .cache/screenshots/. A page is cut into pieces of 1180 pixels, and narrow pieces
stand side by side: 01-understanding-gradients-390-dark-2.png is to be read after …-1.png.`;

const pieceHeight = 1180;
const pictureWidth = 1300;

/**
 * A page of the site from top to bottom.
 * @param {import("./browsers.mjs").Page} page
 * @param {number} width
 * @returns {Promise<string[]>} its pieces as PNG in base64
 */
async function pieces(page, width) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const taken = [];
  for (let y = 0; y < height; y += pieceHeight) {
    const clip = { x: 0, y, width, height: Math.min(pieceHeight, height - y) };
    taken.push(await page.screenshot({ clip, encoding: "base64", captureBeyondViewport: true }));
  }
  return taken;
}

/**
 * Puts pieces side by side.
 * @param {import("./browsers.mjs").Page} page
 * @param {string[]} pieces
 * @param {number} width of one
 */
async function sideBySide(page, pieces, width) {
  const images = pieces.map(
    (piece) => `<img src="data:image/png;base64,${piece}" width="${width}">`,
  );
  await page.setViewport({ width: (width + 20) * pieces.length, height: pieceHeight });
  await page.setContent(
    `<body style="margin:0;display:flex;gap:20px;align-items:start;background:#888">${images.join("")}`,
  );
  return page.screenshot();
}

await main(async () => {
  const { values, positionals } = readArguments(
    {
      allowPositionals: true,
      options: {
        width: { type: "string", default: "1280,820,390" },
        theme: { type: "string", default: "light,dark" },
        wait: { type: "string", default: "300" },
        "no-scripts": { type: "boolean", default: false },
        help: { type: "boolean", short: "h" },
      },
    },
    usage,
  );
  if (values.help) return console.log(usage);
  const folder = await ensureSite("screenshots");
  await ensureInstalled("test", "screenshots");
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(".html"));
  const wanted = positionals.length === 0 ? files : positionals;
  const pages = wanted.flatMap((name) => {
    const [start, query] = name.split("?");
    const found = files.filter((file) => file.startsWith(start));
    if (found.length === 0)
      throw new SetUpError(`no page begins with "${start}": ${files.join(" ")}`);
    return found.map((file) => ({ file, query: query === undefined ? "" : `?${query}` }));
  });

  const server = await serve(folder);
  const browser = await launchBrowser("chromium", ["--hide-scrollbars"]);
  const out = path.join(root, ".cache", "screenshots");
  fs.mkdirSync(out, { recursive: true });
  try {
    for (const { file, query } of pages) {
      for (const width of values.width.split(",").map(Number)) {
        for (const theme of values.theme.split(",")) {
          const context = await browser.createBrowserContext();
          const page = await context.newPage();
          page.on("pageerror", (error) => say(`${file}: ${error}`));
          page.on("console", (message) => {
            if (message.type() === "error") say(`${file}: ${message.text()}`);
          });
          await page.evaluateOnNewDocument("delete Navigator.prototype.serviceWorker"); // keeps nothing
          await page.setJavaScriptEnabled(!values["no-scripts"]);
          await page.setViewport({ width, height: width < 500 ? 844 : 900 });
          await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
          await page.goto(server.url + file + query, { waitUntil: "networkidle0" });
          await new Promise((resolve) => setTimeout(resolve, Number(values.wait)));
          const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
          if (scrolled > width) say(`${file} is ${scrolled} wide at ${width}: it scrolls sideways`);
          const all = await pieces(page, width);
          const abreast = Math.max(1, Math.floor(pictureWidth / width));
          const table = await context.newPage();
          const stem = `${path.parse(file).name}${query.replace(/\W+/g, "-")}-${width}-${theme}`;
          for (const old of fs.readdirSync(out)) {
            if (old.startsWith(`${stem}-`)) fs.rmSync(path.join(out, old));
          }
          for (let i = 0; i < all.length; i += abreast) {
            const picture = await sideBySide(table, all.slice(i, i + abreast), width);
            const name = path.join(out, `${stem}-${i / abreast + 1}.png`);
            fs.writeFileSync(name, picture);
            console.log(path.relative(process.cwd(), name));
          }
          await context.close();
        }
      }
    }
  } finally {
    await browser.close();
    await server.close();
  }
});

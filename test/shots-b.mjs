import { launch } from "puppeteer-core";
import { findBrowser } from "../scripts/browsers.mjs";
import { serve } from "../scripts/serve.mjs";

// node test/shots-b.mjs page width theme [browser] [js] [slice height]
const [page, width, theme, name = "chromium", js = "js", slice = "2200", only] =
  process.argv.slice(2);
const { path } = await findBrowser(name);
const server = await serve("site/dist");
const browser = await launch(
  name === "firefox"
    ? { browser: "firefox", executablePath: path }
    : { executablePath: path, args: ["--no-sandbox", "--disable-dev-shm-usage"] },
);
try {
  const tab = await browser.newPage();
  await tab.setViewport({ width: +width, height: 900 });
  if (name !== "firefox")
    await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  if (js === "nojs") await tab.setJavaScriptEnabled(false);
  await tab.goto(new URL(page, server.url).href);
  if (name === "firefox")
    await tab.evaluate((t) => {
      document.documentElement.dataset.theme = t;
    }, theme);
  const height = await tab.evaluate(() => document.documentElement.scrollHeight);
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
  console.log(page, width, "height", height, "scrollWidth", wide);
  const h = +slice;
  for (let i = 0; i * h < height; i++) {
    if (only !== undefined && !only.split(",").includes(String(i))) continue;
    await tab.screenshot({
      path: `/tmp/shots-B/${page.replace(".html", "")}-${width}-${theme}-${i}.png`,
      clip: { x: 0, y: i * h, width: +width, height: Math.min(h, height - i * h) },
      captureBeyondViewport: true,
    });
  }
} finally {
  await browser.close();
  await server.close();
}

// The site without a network, and with a new build while pages of the old one are open.

import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { afterAll, expect, test } from "vitest";
import { launchBrowser } from "../../scripts/browsers.mjs";
import { ensureSite } from "../../scripts/set-up.mjs";
import { lazyAssets } from "../../site/build/offline.mjs";
import { openSite, type Site } from "./browser.ts";

const built = await ensureSite("the tests");
const browsers = {
  chromium: await launchBrowser("chromium"),
  firefox: await launchBrowser("firefox"),
};
afterAll(async () => {
  for (const browser of Object.values(browsers)) await browser.close();
});
const temporary = mkdtempSync(join(tmpdir(), "chainrule-offline-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** A copy of the site in which some files are different, as a build would have made it. */
function nextBuild(name: string, changes: (folder: string) => void): string {
  const folder = join(temporary, name);
  cpSync(built, folder, { recursive: true });
  changes(folder);
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(folder.length + 1).replaceAll("\\", "/");
    if (!entry.isFile() || path === "sw.js" || path === "files.json") continue;
    files[path] = createHash("sha256").update(readFileSync(file)).digest("hex");
  }
  const worker = readFileSync(join(folder, "sw.js"), "utf8");
  const first = `self.course = ${JSON.stringify({ version: name, files })};`;
  expect(worker).toMatch(/^self\.course = .*;\n/);
  writeFileSync(join(folder, "sw.js"), worker.replace(/^.*\n/, `${first}\n`));
  return folder;
}

/** Waits until the browser has kept the site. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    while (active!.state !== "activated") await new Promise((done) => setTimeout(done, 10)); // ready has one
    while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 10));
  });

/** The same address under a name that the worker does not take for a developer's own machine. */
const elsewhere = (site: Site, path = "") =>
  site.url.replace("localhost", "course.localhost") + path;

const title = (page: Page) =>
  page.evaluate(() => document.querySelector("h1, article")?.textContent?.slice(0, 60));

const under = "/some/where/else/";

test.each([
  { browser: "chromium", host: "course.localhost" },
  { browser: "firefox", host: "course.localhost" },
  { browser: "chromium", host: "localhost" },
] as const)(
  "offline: after one visit every page opens in $browser at $host without the server",
  async ({ browser, host }) => {
    const site = await openSite(browser, { under, shared: browsers[browser], offline: true });
    try {
      const address = (path: string) => site.url.replace("localhost", host) + path;
      const page = await site.open(address(""));
      const front = await title(page);
      await kept(page);
      await site.server.close();
      await page.reload();
      expect(await title(page)).toBe(front);
      for (const path of [
        "index.html",
        "index.html?projector",
        "05-automating-the-gradient",
        "07-neural-network.html?x=1#cell-3",
      ]) {
        await page.goto(address(path));
        expect(await page.evaluate(() => document.querySelectorAll("main").length), path).toBe(1);
      }
      // Everything that is loaded later is there too, but for TypeScript.
      const names = Object.keys(JSON.parse(readFileSync(join(built, "files.json"), "utf8"))).filter(
        (name) => !name.startsWith(`assets/${lazyAssets}`),
      );
      expect(names.length).toBeGreaterThan(15);
      const lengths = await page.evaluate(
        (names) =>
          Promise.all(
            names.map(async (name) => (await (await fetch(`./${name}`)).arrayBuffer()).byteLength),
          ),
        names,
      );
      expect(lengths).toEqual(names.map((name) => readFileSync(join(built, name)).length));
      // Cells run, also one that draws with Graphviz, and the search finds.
      await page.goto(address("02-visualizing-graphs.html"));
      const ran = page.evaluate(
        () =>
          new Promise((done) =>
            addEventListener("cell-run", (event) => done((event as CustomEvent).detail.ok), {
              once: true,
            }),
          ),
      );
      await page.click("lesson-cell [data-do=run]");
      expect(await ran).toBe(true);
      expect(await page.$("lesson-cell figure.picture")).not.toBe(null);
      await page.click("[data-search]");
      await page.waitForSelector("dialog input");
      await page.type("dialog input", "chain rule");
      await page.waitForSelector("dialog a[href*=html]");
      // Firefox complains about what a page that was left had asked for, and names no address.
      expect(page.problems.filter((problem) => !problem.includes("load ‘’"))).toEqual([]);
      const outside = await page.evaluate(() => fetch("/other.txt").catch(() => "no answer"));
      expect(outside).toBe("no answer");
    } finally {
      await site.close();
    }
  },
);

test.each(["chromium", "firefox"] as const)(
  "offline: pages of an old build keep its files in %s, and the next visit has the new build",
  async (browser) => {
    const old = nextBuild(`old-${browser}`, (folder) => {
      writeFileSync(join(folder, "assets", "lazy-old.json"), '"old"');
    });
    const fresh = nextBuild(`fresh-${browser}`, (folder) => {
      writeFileSync(join(folder, "assets", "lazy-fresh.json"), '"fresh"');
      for (const name of ["index.html", "01-understanding-gradients.html"]) {
        const file = join(folder, name);
        writeFileSync(file, readFileSync(file, "utf8").replace("<main", "<main data-build=fresh"));
      }
    });
    const site = await openSite(browser, { under, shared: browsers[browser], offline: true });
    try {
      site.server.show(old);
      const build = (page: Page) =>
        page.evaluate(() => document.querySelector("main")!.dataset.build ?? "old"); // each page has one
      const lazy = (page: Page, name: string) =>
        page.evaluate(async (name) => (await fetch(`./assets/lazy-${name}.json`)).json(), name);
      const page = await site.open(elsewhere(site));
      await kept(page);
      const other = await page.browserContext().newPage();
      await other.goto(elsewhere(site, "02-visualizing-graphs.html"));

      site.server.show(fresh);
      await page.reload();
      await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        await registration.update();
        while (!registration.waiting) await new Promise((done) => setTimeout(done, 10));
      });
      await page.reload();
      await page.goto(elsewhere(site, "01-understanding-gradients.html"));
      expect(await build(page)).toBe("old"); // the other page is open
      expect(await lazy(page, "old")).toBe("old");
      expect(await lazy(other, "old")).toBe("old");

      await other.close();
      // It takes the browser a moment to know that the page is gone.
      const visit = async () => {
        await page.goto(elsewhere(site, "index.html"));
        await page.waitForSelector("main[data-build=fresh]", { timeout: 2000 });
      };
      await expect
        .poll(() => visit().then(() => "fresh", String), { timeout: 30_000 })
        .toBe("fresh");
      await kept(page);
      await site.server.close();
      await page.goto(elsewhere(site, "01-understanding-gradients.html"));
      expect(await build(page)).toBe("fresh");
      expect(await lazy(page, "fresh")).toBe("fresh");
      expect(await page.evaluate(() => caches.keys())).toEqual([
        `chainrule ${under} fresh-${browser}`,
      ]);
    } finally {
      await site.close();
    }
  },
);

test("offline: half a build, a full storage or none: the page works, and nothing is kept", async () => {
  const half = nextBuild("half", () => {});
  const lesson = join(half, "02-visualizing-graphs.html");
  writeFileSync(lesson, `${readFileSync(lesson, "utf8")}<!-- of another build -->`);
  const site = await openSite("chromium", { shared: browsers.chromium, offline: true });
  try {
    const ending = async (page: Page) => {
      const states = await page.evaluate(async () => {
        const registration = await navigator.serviceWorker
          .register("./sw.js")
          .catch(() => undefined);
        const worker = registration?.installing;
        if (!worker) return "none";
        while (worker.state === "installing") await new Promise((done) => setTimeout(done, 10));
        return worker.state;
      });
      return [states, await page.evaluate(() => caches.keys())];
    };
    site.server.show(half);
    const page = await site.open("index.html");
    expect(await ending(page)).toEqual(["redundant", []]);
    await page.goto(`${site.url}02-visualizing-graphs.html`);
    expect(page.problems).toEqual([]);
    await page.browserContext().close();

    site.server.show(built);
    const full = await site.open("404.html"); // which keeps nothing
    const session = await full.createCDPSession();
    const origin = new URL(site.url).origin;
    await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1000 });
    await full.goto(site.url);
    expect(await ending(full)).toEqual(["redundant", []]);
    expect(full.problems).toEqual([]);

    for (const before of [
      `delete Navigator.prototype.serviceWorker`,
      `ServiceWorkerContainer.prototype.register = () => Promise.reject(new Error("blocked"))`,
    ]) {
      const without = await site.open("index.html", { before });
      expect(without.problems).toEqual([]);
      await without.browserContext().close();
    }
  } finally {
    await site.close();
  }
});

test("offline: the worker is asked for only once the page is there", async () => {
  const site = await openSite("chromium", { shared: browsers.chromium, offline: true });
  try {
    const page = await site.open("08-training.html", {
      before: `const { register } = ServiceWorkerContainer.prototype;
ServiceWorkerContainer.prototype.register = function (...given) {
  window.stateThen = document.readyState;
  return register.apply(this, given);
};`,
    });
    await kept(page);
    expect(await page.evaluate("stateThen")).toBe("complete");
  } finally {
    await site.close();
  }
});

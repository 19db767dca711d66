// What every page has around its text: themes, navigation, keyboard, flags, messages. Read browser.ts first.

import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import type { ElementHandle } from "puppeteer-core";
import { afterAll, describe, expect, test } from "vitest";
import { ensureSite } from "../../scripts/set-up.mjs";
import { moduleScript } from "../../site/build/bundle.mjs";
import * as chainrule from "../../src/index.ts";
import { violations } from "./axe.ts";
import { lookAt, openSite, type SitePage } from "./browser.ts";

const folder = await ensureSite("the tests");
const site = await openSite();
afterAll(() => site.close());

const pages = readdirSync(folder).filter((name) => name.endsWith(".html"));
const lesson = "01-understanding-gradients.html";

/** The color of the page as the reader sees it. */
const ground = (page: SitePage): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

const themeOf = (page: SitePage): Promise<string | undefined> =>
  page.evaluate(() => document.documentElement.dataset.theme);

/** What has the focus, in a word or two. */
const focused = (page: SitePage): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "nothing";
  });

const paper = "rgb(251, 250, 247)";
const night = "rgb(16, 19, 24)";
const blocked = `Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });`;

describe("theme", () => {
  test("without a choice, it is the system's, while the page is open too", async () => {
    const page = await site.open("index.html", { theme: "dark" });
    expect(await ground(page)).toBe(night);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
    expect(await ground(page)).toBe(paper);
  });

  test("each press of the switch goes on: the other theme, the system's as a choice, the system's", async () => {
    const page = await site.open("index.html", { theme: "dark" });
    const seen = [];
    for (let press = 0; press < 3; press++) {
      await page.click("[data-theme-switch]");
      seen.push([await themeOf(page), await ground(page)]);
    }
    expect(seen).toEqual([
      ["light", paper],
      ["dark", night],
      [undefined, night],
    ]);
    expect(await page.$eval("#announcer", (region) => region.textContent)).toContain(
      "Theme: as the system.",
    );
  });

  test("a choice holds on the next page, and stands before anything of it is painted", async () => {
    const page = await site.open("index.html", { theme: "light" });
    await page.click("[data-theme-switch]");
    await page.evaluateOnNewDocument(() => {
      new MutationObserver((_, observer) => {
        if (document.body === null) return;
        observer.disconnect();
        Object.assign(window, { themeAtBody: document.documentElement.dataset.theme ?? "none" });
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(`${site.url}${lesson}`);
    expect(await page.evaluate("themeAtBody")).toBe("dark");
    expect(await ground(page)).toBe(night);
  });

  test("with storage blocked, the page opens and the switch works", async () => {
    const page = await site.open("index.html", { theme: "light", before: blocked });
    await page.click("[data-theme-switch]");
    expect(await ground(page)).toBe(night);
    expect(page.problems).toEqual([]);
  });

  test("on paper it is white, without header, footer and buttons", async () => {
    const page = await site.open("index.html", { theme: "dark" });
    await page.emulateMediaType("print");
    expect(await ground(page)).toBe("rgb(255, 255, 255)");
    const shown = await page.$$eval(".site-head, .site-foot, button", (elements) =>
      elements.filter((element) => element.checkVisibility()).map((element) => element.className),
    );
    expect(shown).toEqual([]);
  });
});

describe("navigation", () => {
  test("without JavaScript, the course menu opens on a small screen and leads to a lesson", async () => {
    const page = await site.open("index.html", { width: 390, javaScript: false });
    await page.click(".course-menu summary");
    await Promise.all([
      page.waitForNavigation(),
      page.click(`.course-panel a[href="./${lesson}"]`),
    ]);
    expect(page.url()).toBe(`${site.url}${lesson}`);
    expect(await page.$eval(".turn-page .next", (link) => (link as HTMLAnchorElement).href)).toBe(
      `${site.url}02-visualizing-graphs.html`,
    );
  });

  test("without JavaScript, no button stands there that would do nothing", async () => {
    const page = await site.open("teachers.html", { javaScript: false });
    const shown = [];
    for (const button of await page.$$("button")) if (await button.isVisible()) shown.push(button);
    expect(shown).toEqual([]);
  });

  test("Escape closes the menu and gives the focus back to its button", async () => {
    const page = await site.open("index.html", { width: 390 });
    await page.click(".course-menu summary");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toContain("Understanding gradients");
    await page.keyboard.press("Escape");
    expect(await focused(page)).toBe("Course");
    expect(await page.$eval(".course-menu", (menu) => (menu as HTMLDetailsElement).open)).toBe(
      false,
    );
  });

  test("on a wide screen, the rail marks the section that is being read", async () => {
    const page = await site.open(lesson);
    const current = (): Promise<(string | null)[]> =>
      page.$$eval(".sections [aria-current]", (links) => links.map((link) => link.textContent));
    expect(await current()).toEqual([]);
    await page.click(".sections li:nth-child(3) a");
    const third = await page.$eval(".sections li:nth-child(3) a", (link) => link.textContent);
    await page.waitForFunction(() => document.querySelector(".sections [aria-current]") !== null);
    expect(await current()).toEqual([third]);
  });

  test("the front page leads back to the lesson that was open last", async () => {
    const page = await site.open("03-object-expressions.html");
    await page.goto(`${site.url}index.html`);
    const link = await page.waitForSelector("a[data-continue]", { visible: true });
    expect(await link?.evaluate(({ href, textContent }) => [href, textContent])).toEqual([
      `${site.url}03-object-expressions.html`,
      "Continue with Step 3: Object expressions",
    ]);
  });

  test("390 and 320 px wide: no page scrolls sideways", async () => {
    const page = await site.open("index.html", { width: 390 });
    for (const name of pages) {
      await page.goto(`${site.url}${name}`);
      for (const width of [320, 390]) {
        await lookAt(page, { width });
        const overflow = await page.evaluate(() => {
          const wide = document.documentElement.scrollWidth - innerWidth;
          if (wide <= 0) return "";
          const out = [...document.querySelectorAll("main *")].find(
            (element) => element.getBoundingClientRect().right > innerWidth + 1,
          );
          return `${wide} px: ${out?.outerHTML.slice(0, 120)}`;
        });
        expect(overflow, `${name}, ${width} px wide`).toBe("");
      }
    }
  });
});

describe("keyboard", () => {
  test("the order is: skip link, name, course, tools, search, theme, text", async () => {
    const page = await site.open("index.html");
    const order = [];
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press("Tab");
      order.push((await focused(page)).replace(/\s+/g, " "));
    }
    expect(order).toEqual([
      "Skip to the text",
      "chainrule",
      "Course",
      "Debugger",
      "Playground",
      "Break backward()",
      "Search/",
      "Theme: as the system",
    ]);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(true);
  });

  test("the skip link shows when it has the focus, and leads into the text", async () => {
    const page = await site.open("index.html");
    await page.keyboard.press("Tab");
    const box = await (await page.$(".skip"))?.boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
  });

  test.each(["index.html", "teachers.html"])(
    "%s: whatever gets the focus has an outline, and the header does not cover it",
    async (name) => {
      const page = await site.open(name, { height: 500 });
      const count = await page.$$eval(
        "main a, main button, main [tabindex='0']",
        (all) => all.length,
      );
      await page.focus(".site-foot li:last-child a");
      const covered = [];
      for (let i = 0; i < count; i++) {
        await page.keyboard.down("Shift");
        await page.keyboard.press("Tab");
        await page.keyboard.up("Shift");
        const trouble = await page.evaluate(() => {
          const element = document.activeElement;
          if (element?.closest("main, footer") === null || element === null) return undefined;
          const { top } = element.getBoundingClientRect();
          const head = document.querySelector(".site-head")?.getBoundingClientRect().bottom ?? 0;
          const { outlineStyle } = getComputedStyle(element);
          return top < head || outlineStyle === "none" ? `${top}: ${element.outerHTML}` : undefined;
        });
        if (trouble) covered.push(trouble);
      }
      expect(count).toBeGreaterThan(5);
      expect(covered).toEqual([]);
    },
    30_000,
  );

  test("a link to a section leads to its heading, below the header", async () => {
    const page = await site.open("teachers.html#projector", { height: 500 });
    const top = await page.$eval("#projector", (heading) => heading.getBoundingClientRect().top);
    expect(top).toBeGreaterThan(52);
    expect(top).toBeLessThan(120);
  });
});

describe("flags of the address", () => {
  const flags = "?projector&solutions=hide";

  test("links within the site keep them, those that come later too", async () => {
    const page = await site.open(`index.html${flags}`);
    await page.evaluate(() => {
      const later = document.createElement("a");
      later.id = "later";
      later.href = "./glossary.html#slope";
      later.textContent = "later";
      document.querySelector("main")?.prepend(later);
    });
    await page.focus("#later");
    expect(await page.$eval("#later", (link) => (link as HTMLAnchorElement).href)).toBe(
      `${site.url}glossary.html${flags}#slope`,
    );
    await Promise.all([page.waitForNavigation(), page.click(".course-list li:nth-child(2) a")]);
    expect(page.url()).toBe(`${site.url}02-visualizing-graphs.html${flags}`);
    expect(await page.evaluate(() => document.documentElement.className)).toBe(
      "js hide-solutions projector",
    );
  });

  test("links that lead elsewhere stay as they are", async () => {
    const page = await site.open(`index.html${flags}`);
    const link = (await page.$(".hero a")) as ElementHandle<HTMLAnchorElement>; // there is a button to start
    await link.evaluate((link) => {
      link.href = "https://example.org/";
    });
    await link.focus();
    expect(await link.evaluate(({ href }) => href)).toBe("https://example.org/");
  });

  test("?projector: larger type, no rail, and a way back", async () => {
    const page = await site.open(`${lesson}?projector`);
    expect(await page.$eval("main p", (p) => getComputedStyle(p).fontSize)).toBe("22px");
    expect(await page.$eval(".rail", (rail) => rail.checkVisibility())).toBe(false);
    await Promise.all([page.waitForNavigation(), page.click(".leave-projector")]);
    expect(await page.evaluate(() => document.documentElement.className)).toBe("js");
  });
});

describe("messages", async () => {
  const script = await moduleScript("shell/announce.ts");
  /** A page with announce.ts in reach. */
  async function open(): Promise<SitePage> {
    const page = await site.open("teachers.html", { height: 500 });
    const blob = `new Blob([${JSON.stringify(script)}], { type: "text/javascript" })`;
    await page.evaluate(
      `import(URL.createObjectURL(${blob})).then((module) => void Object.assign(window, module))`,
    );
    return page;
  }

  test("announce: the sentence stands in the one live region, each time anew", async () => {
    const page = await open();
    await page.evaluate('announce("Cell 3 has run.")');
    await page.evaluate('announce("Cell 3 has run.")');
    const said = await page.$$eval("[aria-live] p", (lines) =>
      lines.map((line) => line.textContent),
    );
    expect(said).toEqual(["Cell 3 has run.", "Cell 3 has run."]);
  });

  test("notice: a bar that text can be scrolled clear of, once for the same sentence", async () => {
    const page = await open();
    await page.evaluate('notice("The storage is full.")');
    await page.evaluate('notice("The storage is full.")');
    expect((await page.$$(".notice")).length).toBe(1);
    expect(await page.$eval("#announcer", (region) => region.textContent)).toContain("full");
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    const [foot, bar] = await page.$$eval(".site-foot, #notices", (elements) =>
      elements.map((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        return { top, bottom };
      }),
    );
    expect(foot.bottom).toBeLessThanOrEqual(bar.top + 1); // scrolling stops at whole pixels
    expect(await violations(page)).toEqual([]);
  });

  test("notice: of many sentences the last three stay, and one that asks something stays with them", async () => {
    const page = await open();
    await page.evaluate(
      'notice("Asked.", { action: { label: "Mend", run() {} } });' +
        'for (let i = 1; i <= 9; i++) notice("Sentence " + i + ".");',
    );
    const said = await page.$$eval(".notice p", (lines) => lines.map((line) => line.textContent));
    expect(said).toEqual(["Asked.", "Sentence 7.", "Sentence 8.", "Sentence 9."]);
  });

  test("notice: the bar does not cover what gets the focus", async () => {
    const page = await open();
    await page.evaluate('notice("The storage is full.")');
    const covered = [];
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press("Tab");
      const trouble = await page.evaluate(() => {
        const element = document.activeElement;
        const bar = document.querySelector("#notices");
        if (!element || element === document.body || !bar || bar.contains(element)) return "";
        const { bottom } = element.getBoundingClientRect();
        return bottom > bar.getBoundingClientRect().top ? element.outerHTML : "";
      });
      if (trouble) covered.push(trouble);
    }
    expect(covered).toEqual([]);
  });

  test("notice: its action runs, and the bar goes", async () => {
    const page = await open();
    await page.evaluate(
      'notice("Full.", { action: { label: "Mend", run() { document.title = "mended"; } } })',
    );
    await page.click(".notice button");
    expect(await page.title()).toBe("mended");
    expect(await page.$eval("#notices", (bar) => bar.checkVisibility())).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
  });
});

describe("snippets", () => {
  test("the Enter key on its button copies a snippet, with the address of this site", async () => {
    const page = await site.open("teachers.html");
    await page
      .browserContext()
      .overridePermissions(new URL(site.url).origin, [
        "clipboard-read",
        "clipboard-write",
        "clipboard-sanitized-write",
      ]);
    await page.focus(".snippet button");
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      () => document.querySelector("#announcer")?.textContent === "Copied.",
    );
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain(`<iframe src="${site.url}figure.html?L=(a*b%2Bc)*f&amp;a=2&amp;b=-3`);
    expect(copied).toContain("</iframe>");
  });

  test("where there is no clipboard, the snippet is selected", async () => {
    const page = await site.open("teachers.html", {
      before: 'Object.defineProperty(navigator, "clipboard", { value: undefined });',
    });
    await page.click(".snippet button");
    expect(await page.evaluate(() => String(getSelection()))).toContain("<iframe");
  });

  test("the front page's example prints what its comments say", async () => {
    const page = await site.open("index.html", { javaScript: false });
    const snippets = await page.$$eval(".snippet code", (all) =>
      all.map((code) => code.textContent),
    );
    const example = snippets.find((code) => code.startsWith("import")) ?? "";
    const names = /\{ (.*) \}/.exec(example)?.[1].split(", ") ?? [];
    const expected = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(
      ([, said]) => said,
    );
    const printed: string[] = [];
    const body = example.replace(/import .*/, "").replaceAll("console.log", "log");
    const exported = new Map<string, unknown>(Object.entries(chainrule));
    const things = names.map((name) => exported.get(name));
    const log = (...words: unknown[]): number => printed.push(words.join(" "));
    new Function("log", ...names, body)(log, ...things);
    expect(expected.length).toBeGreaterThan(1);
    expect(printed).toEqual(expected);
  });
});

test("404.html: wherever the host serves it, its links lead into the site", async () => {
  const host = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    try {
      const name = /^\/some\/path\/([^/]+)$/.exec(pathname)?.[1] ?? "none";
      response.end(readFileSync(join(folder, name)));
    } catch {
      response.writeHead(404, { "content-type": "text/html" });
      response.end(readFileSync(join(folder, "404.html")));
    }
  });
  await new Promise<void>((done) => host.listen(0, "127.0.0.1", done));
  try {
    const { port } = host.address() as import("node:net").AddressInfo; // it listens on a port
    const root = `http://localhost:${port}/some/path/`;
    const page = await site.open(`${root}no/such/page.html`, { theme: "dark" });
    await page.waitForSelector("html.found");
    const links = await page.$$eval("a[data-page]", (all) =>
      all.map((link) => (link as HTMLAnchorElement).href),
    );
    expect(links).toContain(`${root}index.html`);
    expect(links).toContain(`${root}${lesson}`);
    expect(links.every((link) => link.startsWith(root))).toBe(true);
    expect(await ground(page)).toBe(night);
  } finally {
    host.closeAllConnections();
    host.close();
  }
});

describe("axe", () => {
  const looks = [
    { name: "light", width: 1280, theme: "light" },
    { name: "dark", width: 1280, theme: "dark" },
    { name: "390 px", width: 390, theme: "light" },
    { name: "390 px, dark", width: 390, theme: "dark" },
  ] as const;
  test.each(["index.html", "teachers.html", "404.html", "teachers.html?projector"])(
    "%s: nothing to complain about, light or dark, wide or narrow",
    async (name) => {
      const page = await site.open(name);
      for (const look of looks) {
        await lookAt(page, look);
        expect(await violations(page), look.name).toEqual([]);
      }
    },
  );

  test("the open course menu: nothing to complain about", async () => {
    const page = await site.open(lesson, { width: 390 });
    await page.click(".course-menu summary");
    expect(await violations(page, ".site-head")).toEqual([]);
  });
});

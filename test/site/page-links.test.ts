// Links of lessons, front page and teachers page into debugger, playground and sabotage page: each address
// is read as its page reads it, and shown in place. Read lessons/AUTHORS.md and site/figures/in-place.ts first.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addresses } from "chainrule/explain";
import type { ElementHandle, Frame, Page } from "puppeteer-core";
import { afterAll, describe, expect, test } from "vitest";
import { ensureSite } from "../../scripts/set-up.mjs";
import { readFormulaAddress, readRunFragment } from "../../site/debugger/address.ts";
import { computeFormula } from "../../site/debugger/formula.ts";
import { parts } from "../../site/debugger/parts.mjs";
import { readRun } from "../../site/runs/address.ts";
import { readLab } from "../../site/sabotage/address.ts";
import { graphOfFormula, readFormula } from "../../site/sabotage/formula.ts";
import { violations } from "./axe.ts";
import { lookAt, openSite } from "./browser.ts";

const folder = await ensureSite("the tests");
const lessons = readdirSync(folder).filter((name) => /^0\d-.*\.html$/.test(name));

/** HTML without its entities. */
const decode = (html: string): string =>
  html
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replaceAll("&amp;", "&");

/** The links of a page into the three others, as addresses, and those of its buttons "Show it here". */
function linksOf(name: string, attribute: "href" | "data-here" = "href"): URL[] {
  const html = readFileSync(join(folder, name), "utf8");
  const targets = html.matchAll(
    new RegExp(`${attribute}="\\./((?:debugger|playground|sabotage)\\.html[?#][^"]*)"`, "g"),
  );
  return [...targets].map(([, target]) => new URL(decode(target!), "https://example.org/")); // its group
}

/** The words of an address that leave something out. */
const hiddenIn = ({ searchParams }: URL): string[] => (searchParams.get("hide") ?? "").split(",");

/** What the page would complain about. */
async function problemsOf({ pathname, search, hash }: URL): Promise<readonly string[]> {
  if (pathname === "/sabotage.html") {
    const { state, problems } = readLab(search);
    graphOfFormula(readFormula(state.formula), state.values);
    return problems;
  }
  if (pathname === "/playground.html") return (await readRun(hash.slice(1))).problems;
  if (hash !== "") {
    expect(hash).toMatch(/^#run&/);
    readRunFragment(hash);
    return (await readRun(hash.slice("#run&".length))).problems;
  }
  const { text, values, node, problems } = readFormulaAddress(search);
  const { output } = computeFormula(text, values);
  if (node !== undefined) expect(addresses(output).node(node), node).toBeDefined();
  return problems;
}

test("teachers.html: its links and the addresses in its snippets are understood, and each page is among them", async () => {
  const decoded = decode(readFileSync(join(folder, "teachers.html"), "utf8"));
  const targets = decoded.match(/\b(?:debugger|playground|sabotage)\.html[?#][^"\s<]*/g) ?? [];
  const links = targets.map((target) => new URL(target, "https://example.org/"));
  for (const link of links) expect(await problemsOf(link), link.href).toEqual([]);
  const pages = new Set(links.map(({ pathname }) => pathname));
  expect(pages).toEqual(new Set(["/debugger.html", "/playground.html", "/sabotage.html"]));
});

test("teachers.html: what can be hidden in the debugger is what the debugger hides", () => {
  const html = readFileSync(join(folder, "teachers.html"), "utf8");
  const listed = parts.map((part) => `<code>${part}</code>`).join(", ");
  expect(html).toContain(`Of the debugger these are ${listed};`);
});

describe.each(lessons)("%s", (name) => {
  test("links to a state of the debugger, the playground or the sabotage page", () => {
    expect(linksOf(name).length).toBeGreaterThan(0);
  });

  test("has only links that those pages understand", async () => {
    for (const link of linksOf(name)) expect(await problemsOf(link), link.href).toEqual([]);
  });

  test("can show each of them in place, without a part that the page does not have", async () => {
    const places = linksOf(name, "data-here");
    const whole = places.map((place) => {
      const { pathname, searchParams, hash } = new URL(place);
      searchParams.delete("hide");
      return [pathname, searchParams.toString(), hash];
    });
    const linked = linksOf(name).map(({ pathname, searchParams, hash }) => {
      return [pathname, searchParams.toString(), hash];
    });
    expect(linked).toEqual(expect.arrayContaining(whole));
    expect(whole.length).toBe(new Set(linked.map(String)).size);
    for (const place of places) {
      const page = place.pathname.slice(1).replace(".html", "") as keyof typeof promised;
      expect(promised[page], place.href).toEqual(expect.arrayContaining(hiddenIn(place)));
    }
  });
});

/** What the teachers page says can be hidden. */
const promised = (() => {
  const html = readFileSync(join(folder, "teachers.html"), "utf8");
  const [, ...lists] =
    /Of the debugger these are (.*?); of the playground (.*?); of the broken engines (.*?)\. In a tab/.exec(
      html,
    ) ?? [];
  const [inDebugger, inPlayground, inSabotage] = lists.map((list) =>
    [...list.matchAll(/<code>(\w+)<\/code>/g)].map(([, word]) => word!),
  );
  return { debugger: inDebugger!, playground: inPlayground!, sabotage: inSabotage! };
})();

const site = await openSite();
afterAll(() => site.close());

/** Which of these words of an address hide something of a page. */
async function hiding(path: string, element: string, words: readonly string[]): Promise<string[]> {
  const page = await site.open(`${path}hide=${words.join(",")}`);
  await page.waitForSelector(`${element}[data-hide="${words.join(" ")}"]`);
  await page.waitForSelector(`${element} canvas, ${element} .graph-stage`);
  return page.evaluate(
    (element, words) => {
      const shown = document.querySelector<HTMLElement>(element)!; // as above
      const main = document.querySelector("main")!; // every page has it
      const visible = (word: string): number => {
        shown.dataset.hide = word;
        return [...main.querySelectorAll("*")].filter((inside) => inside.checkVisibility()).length;
      };
      return words.filter((word) => visible(word) < visible(""));
    },
    element,
    words,
  );
}

test.each([
  ["debugger", "backprop-debugger", ["debugger.html?"]],
  ["playground", "training-playground", ["playground.html?"]],
  ["sabotage", "sabotage-lab", ["sabotage.html?", "sabotage.html?net&"]],
] as const)(
  "%s.html: each word that the teachers page promises hides something",
  async (name, element, paths) => {
    const words = promised[name];
    expect(words.length).toBeGreaterThan(7);
    const found = await Promise.all(paths.map((path) => hiding(path, element, words)));
    expect(words.filter((word) => !found.flat().includes(word))).toEqual([]);
  },
);

/** Presses a button that is in view: a frame far from it would wait. */
const press = (button: ElementHandle) =>
  button.evaluate((own) => {
    own.scrollIntoView({ block: "center" });
    (own as HTMLElement).click();
  });

/** The frame that is open on a page, when what it shows is there. */
async function frameOf(page: Page, made: string): Promise<Frame> {
  const handle = await page.waitForSelector(".in-place-figure iframe");
  const frame = await handle!.contentFrame();
  await frame.waitForSelector(made);
  await fits(page);
  return frame;
}

/** Waits until the frame is as tall as what is in it. */
const fits = (page: Page) =>
  page.waitForFunction(() => {
    const frame = document.querySelector<HTMLIFrameElement>(".in-place-figure iframe");
    const inside = frame?.contentDocument?.documentElement;
    if (!frame || !inside?.classList.contains("in-place")) return false;
    const body = inside.querySelector("body")!; // every document has one
    return (
      Math.abs(frame.clientHeight - body.getBoundingClientRect().height) <= 1 &&
      inside.scrollHeight <= frame.clientHeight &&
      inside.scrollWidth <= frame.clientWidth
    );
  });

describe("a page in place", () => {
  test("comes when its button is pressed, fits, keeps the theme, and closes", async () => {
    const page = await site.open("04-gradients-by-the-chain-rule.html", { theme: "light" });
    await page.waitForNetworkIdle({ idleTime: 200 });
    const asked = () => page.requests.filter((url) => /in-place|debugger|sabotage/.test(url));
    expect(asked()).toEqual([]);
    expect(await page.$("iframe[data-in-place]")).toBeNull();
    const pressSwitch = () => page.click("[data-theme-switch]");
    await pressSwitch(); // from the system's light to dark

    // By keyboard; the focus stays, and the frame is the next thing that Tab comes to.
    const button = (await page.$("[data-here]"))!; // a lesson has one
    const words = () => button.evaluate((own) => [own.textContent, own.ariaExpanded]);
    expect(await words()).toEqual(["Show it here", "false"]);
    await button.focus();
    await page.keyboard.press("Enter");
    const frame = await frameOf(page, "live-graph .graph-stage svg");
    expect(await words()).toEqual(["Close it", "true"]);
    expect(await button.evaluate((own) => document.activeElement === own)).toBe(true);
    const iframe = (await page.$(".in-place-figure iframe"))!; // it is open
    expect(await iframe.evaluate(({ title, loading }) => [title, loading])).toEqual([
      "this graph in the debugger",
      "lazy",
    ]);
    const theme = () => frame.evaluate(() => document.documentElement.dataset.theme);
    expect(await theme()).toBe("dark");
    await pressSwitch();
    await page.waitForFunction(
      () =>
        document.querySelector("iframe")?.contentDocument?.documentElement.dataset.theme ===
        "light",
    );

    // What stands around it is gone, and a step keeps the address that a tab opens.
    expect(await frame.$eval(".site-head", (head) => head.checkVisibility())).toBe(false);
    expect(await frame.$eval(".debugger-help", (help) => help.checkVisibility())).toBe(false);
    expect(await frame.$eval("[data-panel=quiz]", (quiz) => quiz.checkVisibility())).toBe(true);
    await frame.click('[data-go="next"]');
    await frame.waitForFunction(() => location.search.includes("step=5"));
    await page.focus(".in-place-figure figcaption a");
    const address = new URL(await page.$eval(".in-place-figure figcaption a", ({ href }) => href));
    expect([...address.searchParams.keys()].sort()).toEqual(["L", "step", "v1", "v2", "v3", "v4"]);
    expect(address.searchParams.get("step")).toBe("5");

    for (const width of [820, 390]) {
      await lookAt(page, { width });
      await fits(page);
    }
    await page.focus(".in-place-figure figcaption button");
    await page.keyboard.press("Enter");
    expect(await page.$(".in-place-figure")).toBeNull();
    expect(await words()).toEqual(["Show it here", "false"]);
    expect(await button.evaluate((own) => document.activeElement === own)).toBe(true);
    expect(page.problems).toEqual([]);
  });

  test("takes the place of the one that its box has open, and does not begin to play", async () => {
    const page = await site.open("07-neural-network.html");
    const [first, second] = await page.$$(".look [data-here]");
    await press(first!);
    await frameOf(page, "live-graph .graph-stage");
    await press(second!);
    await page.waitForFunction(() => document.querySelector("iframe")?.src.includes("playground"));
    expect(await page.$$(".in-place-figure")).toHaveLength(1);
    const frame = await frameOf(page, "training-playground[data-state=paused]");
    expect(await frame.$eval("[data-show=step]", (step) => step.textContent)).toBe("0");
    expect(page.problems).toEqual([]);
  });

  test("has no violations that axe knows, in light, dark and at 390 px, with what is in the frame", async () => {
    const page = await site.open("02-visualizing-graphs.html", { theme: "light" });
    await press((await page.$("[data-here]"))!);
    const frame = await frameOf(page, "live-graph .graph-stage svg");
    for (const look of [{ theme: "light" }, { theme: "dark", width: 390 }] as const) {
      await lookAt(page, look);
      await fits(page);
      expect(await violations(page, ".look, .in-place-figure", { iframes: false })).toEqual([]);
      expect(await violations(frame)).toEqual([]);
    }
  });

  test("needs JavaScript; without it there is the link alone", async () => {
    const page = await site.open("05-automating-the-gradient.html", { javaScript: false });
    expect(await page.$eval("[data-here]", (button) => button.checkVisibility())).toBe(false);
    expect(await page.$eval(".look a", (link) => link.checkVisibility())).toBe(true);
  });

  test("teachers.html: each frame to copy can be seen, and is tall enough for what is in it", async () => {
    const page = await site.open("teachers.html");
    const buttons = await page.$$(".snippet [data-here]");
    const snippets = await page.$$eval(".snippet code", (all) =>
      all.map(({ textContent }) => textContent).filter((text) => text.startsWith("<iframe")),
    );
    expect(buttons).toHaveLength(snippets.length);
    for (const [i, button] of buttons.entries()) {
      await press(button);
      const iframe = await page.waitForSelector(".in-place-figure iframe");
      const frame = await iframe!.contentFrame();
      await frame.waitForSelector(".graph-stage, .stepper-stage, [data-view=plane] canvas");
      const { source, height } = await iframe!.evaluate(({ src, height }) => ({
        source: src,
        height,
      }));
      expect(snippets[i]!.replaceAll("&amp;", "&")).toContain(`src="${source}"`);
      expect(snippets[i]).toContain(`height="${height}"`);
      await frame.waitForFunction(
        () => document.documentElement.scrollHeight <= document.documentElement.clientHeight,
      );
      await press(button);
    }
    expect(page.problems).toEqual([]);
  });
});

// Terms of the glossary in the text: where they are linked, and their definitions beside them.

import { readFileSync } from "node:fs";
import * as path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ensureSite, root } from "../../scripts/set-up.mjs";
import { formsOf, markTerms, readGlossary } from "../../site/build/glossary.mjs";
import { markdown } from "../../site/build/markdown.mjs";
import { openSite } from "./browser.ts";

const folder = await ensureSite("the tests");
const site = await openSite();
afterAll(() => site.close());

const glossary = readGlossary(readFileSync(path.join(root, "lessons/glossary.md"), "utf8"));

/** A text as step 5 of the course would show it. */
function shown(text: string): string {
  const tokens = markdown.parse(text, {});
  const slugs = glossary.map(({ slug }) => slug).filter((slug) => slug < "05");
  markTerms(tokens, glossary, {
    slug: "05-automating-the-gradient",
    earlier: new Set(slugs),
  });
  return markdown.renderer.render(tokens, markdown.options, {});
}

const link = (anchor: string, words: string): string =>
  `<a class="term" href="./glossary.html#${anchor}">${words}</a>`;

describe("markTerms", () => {
  test("links the first use in each section, and no other", () => {
    const html = shown("A slope, a slope.\n\n## Next\n\nA slope.");
    expect(html.split(link("slope", "slope"))).toHaveLength(3);
    expect(html).toContain(`${link("slope", "slope")}, a slope.`);
  });

  test("finds plurals, capitals, and terms that run over the end of a line", () => {
    expect(shown("Leaves and local\nderivatives.")).toContain(
      `${link("leaf", "Leaves")} and ${link("local-derivative", "local\nderivatives")}`,
    );
    expect(formsOf("bias")).toContain("biases");
    expect(formsOf("weights")).toContain("weight");
    expect(formsOf("decision boundary")).toContain("decision boundaries");
  });

  test("leaves headings, code, links, formulas, parts of words and verbs alone", () => {
    expect(shown("It leaves 3.")).toBe("<p>It leaves 3.</p>\n");
    const text = "## A slope\n\n`slope` [slope](#x) $slope$ slope-like unsloped";
    expect(shown(text)).not.toContain("glossary.html");
  });

  test("gives a definition its place, and links the term only after it", () => {
    const html = shown("A consumer.\n\nIt is a **consumer** of it.\n\n## Next\n\nIts consumers.");
    expect(html).toContain("<p>A consumer.</p>");
    expect(html).toContain('a <dfn id="term-consumer">consumer</dfn> of');
    expect(html).toContain(`Its ${link("consumer", "consumers")}.`);
  });

  test("does not link what only a later step defines", () => {
    expect(shown("The loss of a neuron.")).toBe("<p>The loss of a neuron.</p>\n");
  });
});

test("every term of the glossary has its place in the step that it names", () => {
  for (const { slug, anchor, name } of glossary) {
    const html = readFileSync(path.join(folder, `${slug}.html`), "utf8");
    expect(html, name).toContain(`<dfn id="term-${anchor}">`);
  }
});

const lesson = "04-gradients-by-the-chain-rule.html";
const term = "article a.term";
const definition = ".definition:popover-open";

test("hover shows the definition, which stays under the pointer and goes with Escape", async () => {
  const page = await site.open(lesson);
  await page.hover(term);
  await page.waitForSelector(definition);
  const text = await page.$eval(definition, (box) => box.textContent);
  expect(text).toContain("The slopes of a result for each of its inputs");
  const described = await page.$eval(term, (link) => link.getAttribute("aria-describedby"));
  expect(await page.$eval(definition, (box) => box.id)).toBe(described);

  await page.hover(definition);
  await new Promise((resolve) => setTimeout(resolve, 600)); // longer than a pointer may be away
  expect(await page.$(definition)).not.toBe(null);
  await page.keyboard.press("Escape");
  expect(await page.$(definition)).toBe(null);

  await page.hover(term);
  await page.waitForSelector(definition);
  await page.mouse.move(2, 2);
  await page.waitForSelector(definition, { hidden: true });
});

test("the Tab key shows the definition, goes on into it and leaves it", async () => {
  const page = await site.open(lesson);
  // From what takes the focus before the first term, as a reader would come.
  await page.evaluate((selector) => {
    const link = document.querySelector(selector);
    const before = document.createElement("button");
    link?.before(before);
    before.focus();
  }, term);
  await page.keyboard.press("Tab");
  await page.waitForSelector(definition);
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
    "Introduced in step 1",
  );
  await page.keyboard.press("Tab"); // perhaps to the next term, which has a definition, too
  await page.waitForFunction(
    (selector) => !document.querySelector(selector)?.hasAttribute("aria-describedby"),
    {},
    term,
  );
});

test("a tap shows the definition, a second one goes to the glossary", async () => {
  const page = await site.open(lesson, { width: 390 });
  await page.setViewport({ width: 390, height: 800, hasTouch: true, isMobile: true });
  await page.tap(term);
  const box = await page.waitForSelector(definition);
  const { left, right } = (await box?.evaluate((element) => {
    const { left, right } = element.getBoundingClientRect();
    return { left, right };
  })) ?? { left: -1, right: -1 };
  expect(left).toBeGreaterThanOrEqual(0);
  expect(right).toBeLessThanOrEqual(390);
  await Promise.all([page.waitForNavigation(), page.tap(term)]);
  expect(page.url()).toContain("glossary.html#gradient");
});

// Predictions in a real browser: what the next cell puts out is hidden until the reader has guessed.

import { afterAll, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { openSite, type SitePage } from "./browser.ts";

const site = await openSite();
afterAll(() => site.close());

const lesson = "01-understanding-gradients.html";
/** The first prediction of step 1, about cell 2. */
const question = 'predict-question[data-cells="cell-2"]';
const output = "#cell-2 .outputs > *";

const isShown = (page: SitePage) =>
  page.$eval(output, (element) => getComputedStyle(element).visibility === "visible");
const noteOf = (page: SitePage) =>
  page.$eval("#cell-2 .outputs", (element) => getComputedStyle(element, "::before").content);
const press = (page: SitePage, label: string) => page.click(`${question} ::-p-text(${label})`);

test("predict-question: hides the output, though not on paper, until the reader guesses, then shows the guess beside it", async () => {
  const page = await site.open(lesson);
  await page.waitForSelector(`${question} input`);
  expect(await isShown(page)).toBe(false);
  expect(await noteOf(page)).toBe('"Hidden until you have guessed"');
  await page.emulateMediaType("print");
  expect(await isShown(page)).toBe(true);
  await page.emulateMediaType("screen");
  await page.type(`${question} input`, "up by 0.01");
  await press(page, "Show the answer");
  expect(await isShown(page)).toBe(true);
  expect(await page.$eval(question, (element) => element.textContent)).toContain(
    "You guessed: up by 0.01",
  );
  expect(await noteOf(page)).toContain("You guessed");
  expect(
    await page.$eval("#cell-2 .outputs", (element) => (element as HTMLElement).dataset.guess),
  ).toBe("up by 0.01");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Guess again");
  expect(page.problems).toEqual([]);
});

test("predict-question: remembers the guess, and hides the output again when asked", async () => {
  const page = await site.open(lesson);
  await page.waitForSelector(`${question} input`);
  await page.type(`${question} input`, "more");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() =>
    document.querySelector("#cell-2 .cell-status")?.textContent?.includes("ran in"),
  );
  await page.reload();
  await page.waitForSelector(`${question}[revealed]`);
  expect(await isShown(page)).toBe(true);
  expect(
    await page.$eval("#cell-2 .outputs", (element) => (element as HTMLElement).dataset.guess),
  ).toBe("more");
  await press(page, "Guess again");
  expect(await isShown(page)).toBe(false);
  await page.reload();
  await page.waitForSelector(`${question} input`);
  expect(await isShown(page)).toBe(false);
});

test("predict-question: runs the cell when asked; a run of the cell itself shows its output too", async () => {
  const page = await site.open(lesson);
  await page.waitForSelector(`${question} input`);
  await press(page, "Run it and see");
  await page.waitForFunction(() =>
    document.querySelector("#cell-2 .cell-status")?.textContent?.includes("ran in"),
  );
  expect(await isShown(page)).toBe(true);

  const other = await site.open(lesson);
  await other.waitForSelector(`${question} input`);
  await other.click('#cell-2 [data-do="run"]');
  await other.waitForSelector(`${question}[revealed]`);
  expect(await isShown(other)).toBe(true);
});

test("predict-question: without JavaScript everything is shown", async () => {
  const page = await site.open(lesson, { javaScript: false });
  expect(await isShown(page)).toBe(true);
  expect(await noteOf(page)).toBe("none");
});

test.each([1280, 390])(
  "predict-question: at %i pixels nothing below it moves when scripts come",
  async (width) => {
    // How far the page has shifted, as the browser counts it.
    const page = await site.open(lesson, {
      width,
      before: `window.shifts = 0; new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shifts += entry.value;
    }).observe({ type: "layout-shift", buffered: true });`,
    });
    await page.waitForSelector(`${question} input`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const top = await page.$eval("#cell-4", (element) => element.getBoundingClientRect().top);
    const still = await site.open(lesson, { width, before: "customElements.define = () => {};" });
    const before = await still.$eval("#cell-4", (element) => element.getBoundingClientRect().top);
    expect(Math.abs(top - before)).toBeLessThan(1);
    expect(await page.evaluate("shifts")).toBeLessThan(0.01);
  },
);

test.each(["light", "dark"] as const)(
  "predict-question: has no axe violations, %s",
  async (theme) => {
    const page = await site.open(lesson, { theme, width: 390 });
    await page.waitForSelector(`${question} input`);
    expect(await violations(page)).toEqual([]);
  },
);

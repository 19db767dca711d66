// Live texts: numbers in text and formulas that the reader changes, and numbers in code.

import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { lessonFiles } from "../../scripts/lessons/lesson.mjs";
import { root } from "../../scripts/set-up.mjs";
import { withLiveTexts } from "../../site/build/live.mjs";
import { replaced, stepOf, stepped, withSign } from "../../site/figures/number-steps.ts";
import { openSite, type SitePage } from "./browser.ts";

const lesson = (comment: string, text: string) => `# Title\n\n<!-- live ${comment}\n-->\n${text}\n`;

describe("withLiveTexts", () => {
  test("marks the numbers of the text below, in prose, formulas and code, and keeps every line", () => {
    const text = lesson(
      "x = 3 from 0 to 5 by 0.1\nlive y = x^2\nAt {{x}}, it is\n$x^2 = {{y}}$, and `d = {{d(y, x)}}`.",
      "Look. At 3,\nit is $x^2 = 9$, and `d = 6`.",
    );
    const marked = withLiveTexts(text, "a.md");
    expect(marked).toContain('Look. At <span class="live b0 n0 handle">3</span>,\n');
    expect(marked).toContain("$x^2 = \\class{live b0 n1}{9}$");
    expect(marked).toContain('<code>d &#61; <span class="live b0 n2">6</span></code>');
    expect(marked.split("\n").length).toBe(text.split("\n").length);
  });

  test.each([
    [
      "x = 3 from 0 to 5 by 1\nAt {{x}} it is {{x^2}}.",
      "At 3 it is 10.",
      'does not say "At 3 it is 9."',
    ],
    ["x = 3 from 4 to 5 by 1\nAt {{x}}", "At 3", "expected a number within its range"],
    ["x = 3 from 0 to 5 by 1\nAt {{x}}, {{x +}}", "At 3, 3", "expected a number or a name"],
    ["x = 3 from 0 to 5 by 1\nAt {{d(z, x)}}, {{x}}", "At 3", "got z"],
    ["x = 3 from 0 to 5 by 1\nAt {{x * 1}}", "At 3", "no {{x}} to change"],
    ["x = 3 from 0 to 5 by 1", "At 3", "expected a text below"],
  ])("names file and line of a comment that does not fit: %s", (comment, text, message) => {
    expect(() => withLiveTexts(lesson(comment, text), "a.md")).toThrow(`a.md:3: `);
    expect(() => withLiveTexts(lesson(comment, text), "a.md")).toThrow(message);
  });

  test("leaves a text without live comments as it is", () => {
    const text = "# Title\n\n<!-- fact 41: a source --> 41\n";
    expect(withLiveTexts(text, "a.md")).toBe(text);
  });

  test.each(lessonFiles(root).filter((file) => !file.includes("appendix")))(
    "%s: has at least two live texts",
    (file) => {
      const marked = withLiveTexts(readFileSync(`${root}/${file}`, "utf8"), file);
      expect(marked.split("<live-text").length - 1).toBeGreaterThanOrEqual(2);
    },
  );
});

describe("numbers in code", () => {
  test.each([
    ["0.01", 0.001, 1, "0.011"],
    ["500", 10, -3, "470"],
    ["3", 1, -5, "-2"],
    ["3.001", 0.001, 2, "3.003"],
    ["1e-6", 0.1, 3, "1.3e-6"],
    ["2.5E3", 0.1, -1, "2.4E3"],
    ["-0.5", 0.01, 50, "0.00"],
    ["0", 1, 1, "1"],
  ])("%s steps by %d; %i steps on it is %s", (literal, step, steps, expected) => {
    expect(stepOf(literal.replace("-0", "0"))).toBeCloseTo(step, 12);
    expect(stepped(literal, step, steps)).toBe(expected);
  });

  test.each(["0x1f", "5n", "1_000", "x"])("%s is left alone", (literal) => {
    expect(stepOf(literal)).toBeUndefined();
  });

  test.each([
    ["3 * -2", 5, 4],
    ["f(-2)", 3, 2],
    ["return -2", 8, 7],
    ["x - 2", 4, 4],
    ["x-2", 2, 2],
    ["-2", 1, 0],
  ])("%s: the minus is a sign, or not", (text, from, expected) => {
    expect(withSign(text, { from, to: from + 1 }).from).toBe(expected);
  });

  test("a minus right after a minus gets parentheses", () => {
    expect(replaced("x-2", { from: 2, to: 3 }, "-1")).toBe("x-(-1)");
  });
});

describe("in Chromium", async () => {
  const site = await openSite();
  afterAll(() => site.close());

  /** The first live text of step 1: "At x = 3 it gives 3·3·3 − 4·3 + 5 = 20." */
  const number = ".live.b0.n0";
  /** Beside the formula: what the keyboard reaches. */
  const slider = ".live-slider";
  const result = ".live.b0.n4";
  const textOf = (page: SitePage, selector: string) =>
    page.$eval(selector, (element) => element.textContent);
  const becomes = (page: SitePage, selector: string, text: string) =>
    page.waitForFunction(
      (selector, text) => document.querySelector(selector)?.textContent?.trim() === text,
      { timeout: 5000 },
      selector,
      text,
    );
  const drag = async (page: SitePage, selector: string, pixels: number) => {
    const element = await page.waitForSelector(selector);
    await element?.scrollIntoView();
    const box = await element?.boundingBox();
    if (!box) throw new Error(`${selector}: is not shown`);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + pixels / 2, y, { steps: 3 });
    await page.mouse.move(x + pixels, y, { steps: 3 });
    await page.mouse.up();
  };

  test("live-text: dragging a number changes it and those that depend on it; two taps bring it back", async () => {
    const page = await site.open("01-understanding-gradients.html");
    await page.waitForSelector(`${slider}[role="slider"]`);
    await drag(page, number, 40); // ten steps of 0.1, 4 pixels each
    await becomes(page, result, "37"); // 3·4·4 - 4·4 + 5
    expect(await textOf(page, ".live.b0.n1")).toBe("4");
    await page.click(number, { count: 2 });
    await becomes(page, result, "20");
    expect(page.problems).toEqual([]);
  });

  test("live-text: arrow keys, Home, a typed number and Escape do the same without a mouse", async () => {
    const page = await site.open("01-understanding-gradients.html");
    const element = await page.waitForSelector(`${slider}[role="slider"]`);
    await element?.focus();
    await page.keyboard.press("ArrowRight");
    await becomes(page, result, "21.43"); // 3·3.1² - 4·3.1 + 5 = 28.83 - 12.4 + 5
    const spoken = await page.$eval(slider, (element) =>
      ["aria-label", "aria-valuenow", "aria-valuetext"].map((name) => element.getAttribute(name)),
    );
    expect(spoken).toEqual(["x", "3.1", "3.1"]);
    await page.keyboard.press("Home");
    await becomes(page, result, "100"); // 3·25 + 20 + 5
    expect(await textOf(page, ".live.b0.n1")).toBe("(−5)"); // a factor
    await page.keyboard.press("Enter");
    await page.keyboard.type("0.5");
    await page.keyboard.press("Enter");
    await becomes(page, result, "3.75"); // 0.75 - 2 + 5
    expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("slider");
    await page.keyboard.press("Escape");
    await becomes(page, result, "20");
    await page.waitForFunction(() =>
      document.querySelector("[aria-live]")?.textContent?.includes("it gives 3⋅3⋅3−4⋅3+5=20"),
    );
    expect(page.problems).toEqual([]);
  });

  test("live-text: the engine is loaded when a number is touched, not before", async () => {
    const page = await site.open("01-understanding-gradients.html");
    const element = await page.waitForSelector(`${slider}[role="slider"]`);
    const engines = () => page.requests.filter((url) => url.includes("live-engine"));
    expect(engines()).toEqual([]);
    await element?.focus();
    await page.keyboard.press("ArrowUp");
    await becomes(page, result, "21.43");
    expect(engines().length).toBe(1);
  });

  test("numbers in code: a drag changes the cell and runs it when let go, Reset brings it back", async () => {
    const page = await site.open("01-understanding-gradients.html");
    await page.waitForSelector('#cell-1 [data-do="run"]');
    const code = "#cell-1 .cell-code code";
    const number = `${code} .tok-number::-p-text(5)`;
    await page.hover(number);
    await page.waitForNetworkIdle(); // what it takes to drag is loaded now
    await drag(page, number, 10); // two steps of 1
    expect(await textOf(page, code)).toContain("4 * x + 7;");
    await becomes(page, "#cell-1 .outputs .stdout", "22"); // 20 + 2
    await page.click('#cell-1 [data-do="reset"]');
    expect(await textOf(page, code)).toContain("4 * x + 5;");
    expect(page.problems).toEqual([]);
  });

  test("numbers in the editor: Alt with an arrow key changes the one at the caret, Ctrl+Z undoes it", async () => {
    const page = await site.open("01-understanding-gradients.html");
    await page.click('#cell-2 [data-do="edit"]');
    const editor = "#cell-2 .cm-content";
    await page.waitForSelector(editor);
    await page.focus(editor);
    await page.keyboard.press("Home");
    for (let i = 0; i < "console.log(f(3".length; i++) await page.keyboard.press("ArrowRight");
    await page.keyboard.down("Alt");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.up("Alt");
    expect(await textOf(page, editor)).toBe("console.log(f(3.003).toFixed(6));");
    await becomes(page, "#cell-2 .outputs .stdout", "20.042027"); // 20 + 14·0.003 + 3·0.003²
    await page.keyboard.down("Control");
    await page.keyboard.press("z");
    await page.keyboard.press("z");
    await page.keyboard.up("Control");
    expect(await textOf(page, editor)).toBe("console.log(f(3.001).toFixed(6));");
    await page.keyboard.down("Alt");
    await drag(page, `${editor} .tok-number::-p-text(3.001)`, -10); // two steps of 0.001
    await page.keyboard.up("Alt");
    expect(await textOf(page, editor)).toBe("console.log(f(2.999).toFixed(6));");
    await becomes(page, "#cell-2 .outputs .stdout", "19.986003"); // 20 - 14·0.001 + 3·0.001²
    expect(page.problems).toEqual([]);
  });
});

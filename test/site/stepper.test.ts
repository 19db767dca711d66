// The figure of the front page and of figure.html: every step forwards and backwards, numbers and
// formula to change, with mouse and keyboard, and without JavaScript.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureSite } from "../../scripts/set-up.mjs";
import { violations } from "./axe.ts";
import { openSite, type Site, type SitePage } from "./browser.ts";

const folder = await ensureSite("the tests");
const { readAddress } = await import("../../site/figures/address.ts");

/** What each step says, worked by hand: see the comments in test/explain/steps.test.ts. */
const sentences = [
  "The numbers of the leaves are given; nothing is computed yet.",
  "* computes 2.0000 × -3.0000 = -6.0000.",
  "+ computes -6.0000 + 10.0000 = 4.0000.",
  "L computes 4.0000 × -2.0000 = -8.0000.",
  "The gradient of L with respect to itself is 1.",
  "L passes 1.0000 × -2.0000 = -2.0000 to +.",
  "L passes 1.0000 × 4.0000 = 4.0000 to f.",
  "+ passes -2.0000 × 1.0000 = -2.0000 to *.",
  "+ passes -2.0000 × 1.0000 = -2.0000 to c.",
  "* passes -2.0000 × -3.0000 = 6.0000 to a.",
  "* passes -2.0000 × 2.0000 = -4.0000 to b.",
];

/** The nodes in the order of the picture: its data from which step on, its gradient from which. */
const nodes = [
  ["2.0000", 0, "6.0000", 9], // a
  ["-3.0000", 0, "-4.0000", 10], // b
  ["-6.0000", 1, "-2.0000", 7], // *
  ["10.0000", 0, "-2.0000", 8], // c
  ["4.0000", 2, "-2.0000", 5], // +
  ["-2.0000", 0, "4.0000", 6], // f
  ["-8.0000", 3, "1.0000", 4], // L
] as const;
const numbersAt = (step: number) =>
  nodes.map(([data, computed, gradient, known]) => [
    step >= computed ? data : "–",
    step >= known ? gradient : "–",
  ]);

/** What the figure shows. */
const look = (page: SitePage) =>
  page.evaluate(() => {
    const text = (selector: string) => document.querySelector(selector)?.textContent ?? "";
    const boxes = [...document.querySelectorAll(".stepper-stage [data-key]")];
    return {
      where: text(".stepper-where"),
      sentence: text(".stepper-sentence"),
      receipt: text(".stepper-receipt"),
      error: text(".stepper-error"),
      /** Of each node, data and gradient. */
      numbers: boxes.map((box) => {
        const texts = [...box.querySelectorAll("text")].map(({ textContent }) => textContent);
        return [texts.at(-3), texts.at(-1)];
      }),
      places: [...document.querySelectorAll(".stepper-stage svg")].map((picture) => {
        const { top, left, width } = picture.getBoundingClientRect();
        const rects = boxes.map((box) => box.querySelector("rect"));
        const sides = ["x", "y", "width", "height"];
        return [top, left, width, ...rects.map((rect) => sides.map((n) => rect?.getAttribute(n)))];
      }),
      names: [...document.querySelectorAll(".stepper-number span")].map((e) => e.textContent),
      focus: (document.activeElement as HTMLElement | null)?.dataset.key,
    };
  });

const press = async (page: SitePage, button: string) => page.click(`[data-go="${button}"]`);
const field = (name: string) => `.stepper-number input[data-name="${name}"]`;

async function write(page: SitePage, selector: string, text: string): Promise<void> {
  await page.click(selector, { count: 3 });
  await page.keyboard.type(text);
}

describe.each(["chromium", "firefox"] as const)("%s", (name) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite(name);
  });
  afterAll(() => site.close());

  test("the stepper: each step forwards and backwards, with its numbers and sentence", async () => {
    const page = await site.open("index.html");
    expect((await look(page)).sentence).toBe(sentences[6]);
    const { places } = await look(page);
    await press(page, "first");
    for (let step = 0; step <= 10; step++) {
      const { sentence, where, ...shown } = await look(page);
      expect(sentence).toBe(sentences[step]);
      expect(shown.numbers).toEqual(numbersAt(step));
      expect(shown.places).toEqual(places); // no node moves
      const pass = step > 3 ? "Backward" : "Forward";
      if (step > 0) expect(where).toBe(`${pass} pass, step ${step} of 10`);
      await press(page, "next");
    }
    expect((await look(page)).sentence).toBe(sentences[10]); // there is none after the last
    for (let step = 9; step >= 0; step--) {
      await press(page, "back");
      const { sentence, numbers } = await look(page);
      expect(sentence).toBe(sentences[step]);
      expect(numbers).toEqual(numbersAt(step));
    }
    await press(page, "last");
    expect((await look(page)).numbers).toEqual(numbersAt(10));
    expect(page.problems).toEqual([]);
  });

  test("the stepper: a number is typed, and the graph follows at once, at the same step", async () => {
    const page = await site.open("figure.html");
    await write(page, field("a"), "3");
    // L = (3 · -3 + 10) · -2 = -2; dL/df = 3 · -3 + 10 = 1
    const { sentence, where } = await look(page);
    expect(sentence).toBe("L passes 1.0000 × 1.0000 = 1.0000 to f.");
    expect(where).toBe("Backward pass, step 6 of 10");
  });
});

describe("in Chromium", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  test("keys: arrows, Home and End step; up and down go from node to node", async () => {
    const page = await site.open("figure.html");
    await page.$eval('[data-key="#6"]', (node) => (node as SVGElement).focus());
    await page.keyboard.press("ArrowRight");
    expect((await look(page)).sentence).toBe(sentences[7]);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft"); // there is nothing before
    expect((await look(page)).sentence).toBe(sentences[0]);
    await page.keyboard.press("End");
    const end = await look(page);
    expect(end.sentence).toBe(sentences[10]);
    expect(end.receipt).toBe("dL/dL = 1"); // of the node that has the focus, which it kept
    expect(end.focus).toBe("#6");
    await page.keyboard.press("ArrowUp");
    const up = await look(page);
    expect(up.focus).toBe("#5");
    expect(up.receipt).toBe("dL/df = 1.0000 × 4.0000 = 4.0000");
    const stops = await page.$$eval('[data-key][tabindex="0"]', (all) =>
      all.map((node) => node.getAttribute("data-key")),
    );
    expect(stops).toEqual(["#5"]); // Tab comes back to where the reader was
  });

  test("the scrubber: leads to any step, and says which", async () => {
    const page = await site.open("figure.html");
    await page.focus(".stepper-scrubber input");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    expect((await look(page)).sentence).toBe(sentences[1]);
    const said = await page.$eval(".stepper-scrubber input", (e) => e.ariaValueText);
    expect(said).toBe("Forward pass, step 1 of 10");
  });

  test("a receipt: shown for the node pointed at, and follows the steps", async () => {
    const page = await site.open("figure.html");
    await page.hover('[data-key="#0"]');
    expect((await look(page)).receipt).toBe("dL/da: not known yet");
    await press(page, "last");
    expect((await look(page)).receipt).toBe("dL/da = -2.0000 × -3.0000 = 6.0000");
  });

  test("a number: dragged, moved by arrow keys, and refused if it is none", async () => {
    const page = await site.open("figure.html");
    const value = () => page.$eval(field("b"), (input) => (input as HTMLInputElement).value);
    await page.focus(field("b"));
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    expect(await value()).toBe("-2.8"); // not -2.8000000000000003
    await page.keyboard.press("PageDown");
    expect(await value()).toBe("-3.8");
    await page.keyboard.down("Shift");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.up("Shift");
    expect(await value()).toBe("-4.8");
    expect((await look(page)).numbers[1]?.[0]).toBe("-4.8000");
    expect((await look(page)).sentence).toContain("to f."); // the step stayed

    const box = await (await page.$(field("b")))?.boundingBox();
    if (!box) throw new Error("the number has no box");
    await page.mouse.move(box.x + 20, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 60, box.y + 10, { steps: 4 });
    await page.mouse.up();
    expect(await value()).toBe("-3.8"); // 40 pixels are 10 steps of 0.1

    await write(page, field("b"), "x");
    await page.waitForFunction(() => document.querySelector(".stepper-error")?.textContent);
    expect((await look(page)).error).toBe("Expected a number for b, such as -2.5.");
    expect((await look(page)).numbers[1]?.[0]).toBe("-3.8000"); // the last good one
    await write(page, field("b"), "0,5");
    await page.waitForFunction(() => document.querySelector(".stepper-error")?.textContent === "");
    expect((await look(page)).numbers[1]?.[0]).toBe("0.5000");
  });

  test("a formula: typed, its names become numbers to change; numbers of kept names stay", async () => {
    const page = await site.open("figure.html");
    await write(page, ".stepper-formula input", "y = a * tanh(w)");
    const typed = await look(page);
    expect(typed.names).toEqual(["a =", "w ="]);
    // tanh 1 = 0.761594; y = 2 · 0.761594 = 1.523188. Six steps: 2 forward, the start, 3 edges.
    expect(typed.where).toBe("Backward pass, step 6 of 6");
    expect(typed.numbers[3]).toEqual(["1.5232", "1.0000"]);
    await write(page, ".stepper-formula input", "a + a");
    expect((await look(page)).sentence).toBe(
      "+ passes 1.0000 × 1.0000 = 1.0000 to a: 1.0000 + 1.0000 = 2.0000.",
    );
    expect(page.problems).toEqual([]);
  });

  test("a formula: a bad one is told where it is bad, and the figure keeps the last good one", async () => {
    const page = await site.open("figure.html");
    await write(page, ".stepper-formula input", "a * (b + ");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector(".stepper-error")?.textContent);
    expect((await look(page)).error).toMatch(
      /^Expected a number or a name at character \d+, got the end/,
    );
    const long = Array.from({ length: 30 }, (_, i) => `x${i}`).join("+");
    for (const [formula, message] of [
      [long, "This formula makes a graph of 59 nodes; the figure walks through at most 40."],
      ["x+".repeat(300), "This formula has 600 characters; the figure reads at most 400."],
    ] as const) {
      await page.$eval(
        ".stepper-formula input",
        (input, text) => {
          (input as HTMLInputElement).value = text;
          input.dispatchEvent(new Event("change", { bubbles: true }));
        },
        formula,
      );
      await page.waitForFunction(
        (text) => document.querySelector(".stepper-error")?.textContent === text,
        { timeout: 5000 },
        message,
      );
    }
    expect(page.problems).toEqual([]);
  });

  test("a formula: hostile names and texts are text", async () => {
    const page = await site.open("figure.html");
    for (const formula of ["__proto__ * constructor", "toString + hasOwnProperty", "日本 * ñ"]) {
      await write(page, ".stepper-formula input", formula);
      const [first, second] = formula.split(/ [*+] /);
      expect((await look(page)).names).toEqual([`${first} =`, `${second} =`]);
      await write(page, field(first ?? ""), "7");
      expect((await look(page)).numbers[0]?.[0]).toBe("7.0000");
    }
    await write(page, ".stepper-formula input", "<img src=x onerror=alert(1)>");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector(".stepper-error")?.textContent);
    expect((await look(page)).error).toContain('got "<"');
    expect(await page.$$("img, script:not([src])")).toEqual([]);
    expect(page.problems).toEqual([]);
  });

  test("without JavaScript: picture, sentence, all steps and the final gradients can be read", async () => {
    const page = await site.open("index.html", { javaScript: false });
    const { numbers, sentence } = await look(page);
    expect(sentence).toBe(sentences[6]);
    expect(numbers).toEqual(numbersAt(6));
    const words = await page.$$eval(".stepper-words li", (all) => all.map((e) => e.textContent));
    expect(words.slice(0, 10)).toEqual(sentences.slice(1));
    expect(words).toContain("dL/da = -2.0000 × -3.0000 = 6.0000");
    const visible = await page.$$eval(".stepper :is(button, input)", (all) =>
      all.filter((element) => element.checkVisibility()).map(({ outerHTML }) => outerHTML),
    );
    expect(visible).toEqual([]); // nothing that would not work
  });

  test("the front page: live soon after its script is there, without a jump, under 48 KB", {
    retry: 2,
  }, async () => {
    const page = await site.open("index.html", {
      before: `globalThis.shifts = 0;
        new PerformanceObserver((list) => {
          for (const { value } of list.getEntries()) shifts += value;
        }).observe({ type: "layout-shift", buffered: true });`,
    });
    const { took, shifts, scripts } = await page.evaluate(() => {
      const loaded = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      const own = loaded.filter(({ name }) => name.endsWith(".js"));
      const last = Math.max(...own.map(({ responseEnd }) => responseEnd));
      const [live] = performance.getEntriesByName("stepper-live");
      return {
        took: (live?.startTime ?? Number.NaN) - last,
        shifts: (globalThis as { shifts?: number }).shifts,
        scripts: own.map(({ name }) => new URL(name).pathname),
      };
    });
    expect(took).toBeLessThan(300); // three times the 100 ms that are promised
    expect(shifts).toBeLessThan(0.01);
    const bytes = scripts.reduce(
      (sum, file) => sum + gzipSync(readFileSync(folder + file)).length,
      0,
    );
    expect(scripts.length).toBeGreaterThan(1);
    expect(bytes).toBeLessThan(48 * 1024);
  });

  test("a narrow page: the picture scrolls in its box to where the step happens, at once if motion is unwanted", async () => {
    const page = await site.open("index.html", { width: 390 });
    await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
    const inView = (key: string) =>
      page.$eval(`[data-key="${key}"]`, (node) => {
        const { left, right } = node.getBoundingClientRect();
        const stage = node.closest(".stepper-stage")?.getBoundingClientRect();
        return stage !== undefined && right > stage.left + 20 && left < stage.right - 20;
      });
    expect(await inView("#6")).toBe(true);
    expect(await inView("#0")).toBe(false);
    await press(page, "last");
    expect(await inView("#1")).toBe(true);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBe(390);
  });

  test.each([
    ["index.html", "light", 1280],
    ["index.html", "dark", 390],
    ["figure.html", "light", 390],
    ["figure.html", "dark", 1280],
    ["figure.html?L=a*b c&theme=dark", "light", 820],
  ] as const)("%s in %s, %i wide: nothing that axe complains about", async (path, theme, width) => {
    const page = await site.open(path, { theme, width });
    await page.click(".stepper-words summary");
    await page.click(".stepper-list summary");
    await press(page, "first");
    expect(await violations(page)).toEqual([]);
  });

  test("figure.html: shows what its address asks for, in a frame of 320 by 240", async () => {
    const path = "figure.html?L=a*b%2Bc&a=4&b=0.5&c=-1&step=2&theme=dark&hide=controls,list";
    const page = await site.open(path, { width: 320, height: 240, theme: "light" });
    const { sentence, numbers } = await look(page);
    expect(sentence).toBe("L computes 2.0000 + (-1.0000) = 1.0000.");
    expect(numbers.map(([data]) => data)).toEqual([
      "4.0000",
      "0.5000",
      "2.0000",
      "-1.0000",
      "1.0000",
    ]);
    const { dark, wide, shown } = await page.evaluate(() => ({
      dark: getComputedStyle(document.body).colorScheme,
      wide: document.documentElement.scrollWidth,
      shown: [
        ...document.querySelectorAll(".stepper :is(button, input, details, .stepper-receipt)"),
      ]
        .filter((element) => element.checkVisibility())
        .map(({ className }) => className),
    }));
    expect(dark).toBe("dark");
    expect(wide).toBe(320);
    expect(shown).toEqual(["stepper-receipt needs-scripts"]);
    expect(page.problems).toEqual([]);
  });

  test("figure.html: says what is wrong with its address, as text, and shows the usual figure", async () => {
    const page = await site.open(
      `figure.html?L=${encodeURIComponent("<img src=x onerror=alert(1)>")}`,
    );
    const problem = await page.$eval(".figure-problems", (e) => e.textContent);
    expect(problem).toMatch(
      /^The formula in this address cannot be read\. Expected .* usual figure\.$/,
    );
    expect((await look(page)).numbers).toEqual(numbersAt(6));
    expect(await page.$$("img")).toEqual([]);
    expect(page.problems).toEqual([]);
  });
});

test("teachers.html: the addresses of figures that it offers can be read", () => {
  const page = readFileSync(`${folder}/teachers.html`, "utf8").replaceAll(/&#(\d+);/g, (_, code) =>
    String.fromCharCode(Number(code)),
  );
  const addresses = [...page.matchAll(/figure\.html(\?[^\s"<]*)/g)].map(
    ([, search = ""]) => search,
  );
  expect(addresses.length).toBeGreaterThan(1);
  for (const address of addresses) {
    expect(readAddress(address.replaceAll("&amp;", "&")).problems, address).toEqual([]);
  }
});

describe("readAddress", () => {
  const usual = {
    formula: "L = (a*b + c) * f",
    values: { a: 2, b: -3, c: 10, f: -2 },
    position: 6,
    hide: [],
    theme: undefined,
    problems: [],
  };

  test("readAddress: nothing asked for is the usual figure", () => {
    expect(readAddress("")).toEqual(usual);
    expect(readAddress("?theme=dark&hide=list,controls")).toEqual({
      ...usual,
      theme: "dark",
      hide: ["controls", "list"],
    });
  });

  test("readAddress: formula, numbers and step; numbers of the usual formula stay", () => {
    expect(readAddress("?L=x%2By&x=-2.5&step=0&projector")).toEqual({
      ...usual,
      formula: "L = x+y",
      values: { x: -2.5 },
      position: 0,
    });
    expect(readAddress("?a=5").values).toEqual({ a: 5, b: -3, c: 10, f: -2 });
    expect(readAddress("?L=e%3Da*a;y%3De*3").formula).toBe("e=a*a;y=e*3");
  });

  test("readAddress: a plus sign may stand as it is, and for a space", () => {
    expect(readAddress("?L=x+y").formula).toBe("L = x+y");
    expect(readAddress("?L=x+%2B+y").formula).toBe("L = x + y");
  });

  test.each([
    ["?L=a*(b", "The formula in this address cannot be read. Expected"],
    ["?a=two", "Expected a number for a in this address."],
    ["?a=Infinity", "Expected a number for a in this address."],
    ["?g=3", "There is no g in the formula."],
    ["?step=11", "Expected a step from 0 to 10 in this address."],
    ["?step=-1", "Expected a step from 0 to 10 in this address."],
    ["?step=1e1", "Expected a step from 0 to 10 in this address."],
    ["?theme=pink", "The theme is light or dark."],
    ["?hide=controls,all", "What can be hidden is controls, receipt, list."],
    [`?L=${"x".repeat(5000)}`, "This address has more than 4000 characters."],
    ["?L=%E0%A4%A", "The formula in this address cannot be read. Expected"],
  ])("readAddress: %s: a sentence, and the usual figure", (search, problem) => {
    const { problems, formula, values, position } = readAddress(search);
    expect(problems.length).toBe(1);
    expect(problems[0]).toContain(problem);
    expect({ formula, values, position }).toEqual({
      formula: usual.formula,
      values: usual.values,
      position: usual.position,
    });
  });

  test("readAddress: names that objects have are names like others", () => {
    const { values, problems } = readAddress("?L=__proto__*constructor&__proto__=3&constructor=4");
    expect(problems).toEqual([]);
    expect(Object.entries(values)).toEqual([
      ["__proto__", 3],
      ["constructor", 4],
    ]);
  });
});

// The sabotage lab: wrong gradients beside the right ones, on a formula and on the four-point network in
// training. Read browser.ts and site/sabotage/sabotage-lab.ts first.

import { parseExpression } from "chainrule";
import { type Mistake, sabotages } from "chainrule/explain";
import { afterAll, describe, expect, test } from "vitest";
import { beginning, readLab, writeLab } from "../../site/sabotage/address.ts";
import { compareTwice } from "../../site/sabotage/comparison.ts";
import { STEPS } from "../../site/sabotage/limits.ts";
import { angleOf, TwoRuns } from "../../site/sabotage/two-runs.ts";
import { violations } from "./axe.ts";
import { lookAt, openSite, type SitePage } from "./browser.ts";

const site = await openSite();
afterAll(() => site.close());

const only = (...names: Mistake[]) => ({ names: new Set(names), wrong: undefined });

describe("compareTwice", () => {
  const wrongOf = (formula: string, values: Record<string, number>, name: Mistake) => {
    const build = () => parseExpression(formula).evaluate(values);
    const { wrong, right, broken } = compareTwice(build, only(name));
    return wrong.map((node) => [node.label, right(node), broken(node)]);
  };

  test("= in place of +=: x*x at 3 keeps one of 3 + 3", () => {
    expect(wrongOf("y = x*x", { x: 3 }, "assign")).toEqual([["x", 6, 3]]);
  });

  test("wrong order: b passes on 1 before the second 1 has come, so a has 3 where 5 is right", () => {
    // d = b + c, c = b + a, b = a + a: b has 1 + 1, a has 2 + 2 + 1.
    const wrong = wrongOf("b = a + a; c = b + a; d = b + c", { a: 1 }, "wrongOrder");
    expect(wrong).toEqual([["a", 5, 3]]);
  });

  test("zeroGrad forgotten: after two passes leaves have twice their gradient, and inner nodes do not", () => {
    const wrong = wrongOf("L = (a + b)*b", { a: 1, b: 2 }, "noZeroGrad");
    // dL/da = b = 2, dL/db = b + (a + b) = 5.
    expect(wrong.sort()).toEqual([
      ["a", 2, 4],
      ["b", 5, 10],
    ]);
  });

  test("a formula in which nothing is used twice hides = and the wrong order", () => {
    const values = { a: 2, b: -3, c: 10, f: -2 };
    expect(wrongOf("L = (a*b + c)*f", values, "assign")).toEqual([]);
    expect(wrongOf("L = (a*b + c)*f", values, "wrongOrder")).toEqual([]);
  });
});

describe("TwoRuns", () => {
  test("the right engine begins and ends with the losses of step 8, and so does an engine without mistakes", async () => {
    const runs = new TwoRuns(only(), 1337);
    expect(await runs.train()).toBe(true);
    // Step 8: step 0 has 1.241551, step 100 has 0.002337.
    expect(runs.right[0]?.toFixed(6)).toBe("1.241551");
    expect(runs.right[100]?.toFixed(6)).toBe("0.002337");
    expect(runs.right).toHaveLength(STEPS + 1);
    expect(runs.broken).toEqual(runs.right);
  });

  test.each(["wrongOrder", "noZeroGrad", "wrongDerivative"] as const)(
    "%s: gradients are wrong, and the loss falls all the same",
    async (name) => {
      const runs = new TwoRuns(only(name), 1337);
      await runs.train();
      const { comparison, parameters } = runs.at(10);
      expect(comparison.wrong.length).toBeGreaterThan(0);
      expect(runs.broken.at(-1)).toBeLessThan(0.01);
      expect(angleOf(comparison, parameters)).toBeGreaterThan(0);
    },
  );

  test("assign: the step goes uphill, and the loss rises", async () => {
    const runs = new TwoRuns(only("assign"), 1337);
    await runs.train();
    const { comparison, parameters } = runs.at(10);
    expect(angleOf(comparison, parameters)).toBeGreaterThan(90);
    expect(runs.broken.at(-1)).toBeGreaterThan(runs.broken[0]!); // the first of 301
  });
});

describe("an address of the lab", () => {
  test("holds the state", () => {
    const state = {
      ...beginning,
      formula: "y = x*x + 2",
      values: { x: -3 },
      mistakes: new Set<Mistake>(["assign", "wrongDerivative"]),
      wrong: "mul",
    };
    const address = writeLab(state);
    expect(address).toBe("?L=y+=+x*x+%2B+2&x=-3&mistakes=assign,wrongDerivative&wrong=mul");
    expect(readLab(address)).toEqual({ state, problems: [] });
    const net = { ...beginning, view: "net" as const, step: 120, seed: 7 };
    const { view, step, seed } = readLab(writeLab(net)).state;
    expect([view, step, seed]).toEqual(["net", 120, 7]);
  });

  test("that asks for what there is not is told so, and gives the usual", () => {
    for (const search of [
      "?mistakes=all",
      "?L=(a",
      "?L=x&x=wide",
      "?L=x&y=2",
      "?net&step=301",
      "?net&seed=-1",
      `?L=${"x".repeat(5_000)}`,
    ]) {
      const { state, problems } = readLab(search);
      expect(problems, search).toHaveLength(1);
      expect(state.step).toBe(beginning.step);
    }
  });
});

// --- In the page --------------------------------------------------------------------------------

const until = (page: SitePage, condition: string) =>
  page.waitForFunction(condition, { timeout: 30_000, polling: 20 });

/** The rows of the table, a line of text each. */
const rows = (page: SitePage) =>
  page.$$eval('[data-part="rows"] tr', (rows) =>
    rows.map((row) => [...row.cells].map((cell) => cell.textContent).join(" ")),
  );

const why = (page: SitePage) =>
  page.$eval('[data-part="why"]', (box) => (box as HTMLElement).innerText);

test("the page shows a mistake before it is touched, also without scripts", async () => {
  const page = await site.open("sabotage.html", { javaScript: false });
  // h = x*w = 0.5; dL/dh = w + 1 - tanh(0.5)² = 0.5 + 0.7864; = keeps the last, 0.7864.
  expect(await rows(page)).toContain("h 1.2864 0.7864 ✗");
  for (const { title } of sabotages) {
    expect(await page.$eval("main", (main) => main.textContent)).toContain(title);
  }
});

test("a formula: switches, numbers and address change what is wrong, by keyboard alone", async () => {
  const page = await site.open("sabotage.html?L=y=x*x&x=3&mistakes=assign");
  await page.waitForSelector('live-graph [data-state~="wrong"]');
  expect(await rows(page)).toEqual(["x 6.0000 3.0000 ✗", "y 1.0000 1.0000 ✓"]);
  expect(await why(page)).toContain("1 of 2 gradients is wrong.");
  expect(await why(page)).toContain("dy/dx = 1.0000 × 3.0000 + 1.0000 × 3.0000 = 6.0000");

  await page.focus('[name="mistake"][value="assign"]');
  await page.keyboard.press("Space");
  await until(page, `!document.querySelector('live-graph [data-state~="wrong"]')`);
  expect(await why(page)).toContain("No mistake is switched on");
  expect(new URL(page.url()).search).toBe("?L=y=x*x&x=3&mistakes=");

  await page.focus('[name="mistake"][value="noZeroGrad"]');
  await page.keyboard.press("Space");
  await page.focus('[data-name="x"]');
  await page.keyboard.press("ArrowUp"); // 3.1: dy/dx = 6.2, twice 12.4
  expect(await rows(page)).toContain("x 6.2000 12.4000 ✗");
  expect(await why(page)).toContain("backward() has run twice");
  expect(new URL(page.url()).search).toBe("?L=y=x*x&x=3.1&mistakes=noZeroGrad");
  expect(page.problems).toEqual([]);
});

test("the network: two curves, both gradients of 41 parameters, and a sentence on why the loss falls", async () => {
  const page = await site.open("sabotage.html?net&seed=1337&step=10&mistakes=wrongOrder");
  await until(
    page,
    `document.querySelectorAll(".lab-curves path.broken, .lab-curves path.right").length === 2`,
  );
  expect(await why(page)).toMatch(/Before step 11, \d+ of the 41 parameters have a wrong gradient/);
  expect(await why(page)).toMatch(/angle .* is \d+°\. Below 90° a small step still goes downhill/);
  expect(await why(page)).toMatch(/The loss falls\. Who looks at it alone finds nothing wrong/);
  await page.waitForSelector('live-graph [data-state~="wrong"]');
  await page.click('[data-do="all"]');
  expect(await rows(page)).toHaveLength(41);

  await page.focus('[name="step"]');
  await page.keyboard.press("ArrowRight");
  await until(page, `location.search.includes("step=11")`);
  expect(await why(page)).toContain("Before step 12");

  // Another mistake trains anew; the loss rises with this one.
  await page.click('[name="mistake"][value="wrongOrder"]');
  await page.click('[name="mistake"][value="assign"]');
  await until(
    page,
    `document.querySelector('[data-part="why"]').innerText.includes("this mistake shows")`,
  );
  expect(page.problems).toEqual([]);
});

test("hostile formulas and addresses are told of in a sentence", async () => {
  const page = await site.open(
    `sabotage.html?L=${encodeURIComponent("<img src=x onerror=alert(1)>")}`,
  );
  const problem = await page.$eval('[data-part="problems"]', (line) => line.textContent);
  expect(problem).toMatch(/The formula in this address cannot be read/);
  await page.$eval('[data-part="formula"]', (input) => {
    (input as HTMLInputElement).value = "x".repeat(401);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  expect(await page.$eval('[data-part="problems"]', (line) => line.textContent)).toMatch(
    /at most 400 characters/,
  );
  expect(page.problems).toEqual([]);
});

test("nothing is wrong with the page for axe, in light, dark and at 390 px, nor does it scroll sideways", async () => {
  const page = await site.open("sabotage.html?net&mistakes=noZeroGrad");
  await until(page, `document.querySelector(".lab-curves svg") !== null`);
  for (const look of [
    { theme: "light" },
    { theme: "dark" },
    { theme: "light", width: 390 },
  ] as const) {
    await lookAt(page, look);
    expect(await violations(page), JSON.stringify(look)).toEqual([]);
  }
  await page.click('[name="view"][value="formula"]');
  await page.click('[name="mistake"][value="wrongDerivative"]');
  expect(await violations(page)).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
});

test("in a frame, or with ?embed, there is neither header nor footer, and the address may choose the theme", async () => {
  const page = await site.open("sabotage.html?embed&theme=dark&L=y=x*x&x=3&mistakes=assign");
  await page.waitForSelector("sabotage-lab[data-live]");
  const seen = await page.$$eval(
    ".site-head, .site-foot",
    (parts) => parts.filter((part) => part.checkVisibility()).length,
  );
  expect(seen).toBe(0);
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  expect(await page.$eval('[data-part="problems"]', (line) => line.textContent)).toBe("");
  await page.click('[name="mistake"][value="wrongOrder"]');
  expect(new URL(page.url()).searchParams.has("embed")).toBe(true);
  await page.goto(new URL("sabotage.html", site.url).href);
  await page.evaluate((address) => {
    document.body.innerHTML = "";
    const frame = document.createElement("iframe");
    frame.src = address;
    document.body.append(frame);
  }, `${site.url}sabotage.html?L=y=x*x&x=3`);
  await until(page, `frames[0]?.document.documentElement.classList.contains("embedded")`);
});

// The panels of the debugger on a bare page: receipts that can be added up by hand, proofs that
// agree, the curve along a parameter, the quiz. The sums are worked in comments. Read panels-page.ts
// first.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { violations } from "./axe.ts";
import type { Bed } from "./panels-entry.ts";
import { openPanelsPage } from "./panels-page.ts";

type PanelsPage = Awaited<ReturnType<typeof openPanelsPage>>;
type Name = "receipt" | "proofs" | "curve" | "quiz";
const places: Record<Name, number> = { receipt: 1, proofs: 2, curve: 3, quiz: 4 };
const within = (name: Name) => `section:nth-of-type(${places[name]})`;

/** Calls something on the page's test bed. */
function call<Key extends keyof Bed>(
  { page }: PanelsPage,
  name: Key,
  ...given: Parameters<Bed[Key]>
): Promise<ReturnType<Bed[Key]>> {
  const run = (name: string, given: unknown[]) => {
    const { bed } = window as unknown as { bed: Record<string, (...given: unknown[]) => unknown> };
    return bed[name](...given);
  };
  return page.evaluate(run, name as string, given) as Promise<ReturnType<Bed[Key]>>;
}

/** The text of what is to be seen of an element; of a table, a line for each row. */
const textOf = ({ page }: PanelsPage, selector: string): Promise<string> =>
  page.$eval(selector, (element) => (element as HTMLElement).innerText);

/** The rows of the first table of a panel that is to be seen, as the texts of their cells. */
const rowsOf = ({ page }: PanelsPage, name: Name): Promise<string[][]> =>
  page.$eval(within(name), (section) => {
    const table = [...section.querySelectorAll("table")].find((each) => each.checkVisibility());
    return [...(table?.rows ?? [])]
      .filter((row) => row.checkVisibility())
      .map((row) => [...row.cells].map((cell) => cell.innerText.trim().replace(/\s+/g, " ")));
  });

/** Waits until the panel says something; fails with what it says instead. */
async function says(on: PanelsPage, name: Name, text: string): Promise<void> {
  const isThere = (selector: string, text: string) =>
    (document.querySelector(selector) as HTMLElement).innerText.includes(text);
  try {
    await on.page.waitForFunction(isThere, { timeout: 10_000 }, within(name), text);
  } catch {
    expect(await textOf(on, within(name))).toContain(text);
  }
}

/** Presses a button of a panel. */
const press = async ({ page }: PanelsPage, name: Name, label: string) => {
  const found = await page.$$(`${within(name)} button`);
  for (const button of found) {
    const fits = (element: Element, label: string) =>
      element.checkVisibility() && element.textContent === label;
    if (!(await button.evaluate(fits, label))) continue;
    await button.focus();
    await page.keyboard.press("Enter");
    return;
  }
  throw new Error(
    `There is no button ${label} in: ${await textOf({ page } as PanelsPage, within(name))}`,
  );
};

/** Types into a field in the place of what is there. */
async function type({ page }: PanelsPage, selector: string, text: string): Promise<void> {
  await page.$eval(selector, (field) => (field as HTMLInputElement).select());
  await page.focus(selector);
  await page.keyboard.type(text);
}

const head = ["It goes into", "gradient there", "× local derivative", "= share"];
const rateField = `${within("curve")} input[type=text]`;
const slider = `${within("curve")} input[type=range]`;
const answerField = `${within("quiz")} input`;

/** Types an answer to the quiz and presses Enter. */
async function answer(on: PanelsPage, text: string): Promise<void> {
  await type(on, answerField, text);
  await on.page.keyboard.press("Enter");
}

describe.each(["chromium", "firefox"] as const)("%s", (name) => {
  let on: PanelsPage;
  beforeAll(async () => {
    on = await openPanelsPage(name);
  });
  afterAll(() => on.close());

  // L = (a*b + c) * f at a = 2, b = -3, c = 10, f = -2: * = -6, + = 4, L = -8.
  // dL/d+ = f = -2; dL/d* = -2 · 1 = -2; dL/da = -2 · b = 6.
  test("the receipt: has a line for each consumer, and the sum is the gradient", async () => {
    await call(on, "open", "formula");
    await says(on, "receipt", "Select a node of the graph");
    await call(on, "select", "a");
    await says(on, "receipt", "dL/da = dL/d(*) × d(*)/da");
    expect(await rowsOf(on, "receipt")).toEqual([
      head,
      ["*", "-2.0000", "-3.0000", "6.0000"],
      ["Sum", "", "6.0000"],
    ]);
    await says(on, "receipt", "If a grows by 0.01, L grows by about 0.01 × 6.0000 = 0.06000.");
    await says(on, "receipt", "The other factor is b, -3.0000.");
    await call(on, "select", "L");
    await says(on, "receipt", "dL/dL = 1");
  });

  // d = a + a at 3: two edges to the same consumer, 1 · 1 + 1 · 1 = 2.
  test("the receipt: has a line for each of two edges to the same consumer", async () => {
    await call(on, "open", "twice");
    await call(on, "select", "a");
    await says(on, "receipt", "dd/da = 1 × local derivative of d + 1 × local derivative of d");
    await says(on, "receipt", "Why a sum: a is used 2 times.");
    expect(await rowsOf(on, "receipt")).toEqual([
      head,
      ["d", "1.0000", "1.0000", "1.0000"],
      ["d", "1.0000", "1.0000", "1.0000"],
      ["Sum", "", "2.0000"],
    ]);
  });

  test("the receipt: shows a dash for what has not come yet, and the sum as it grows", async () => {
    await call(on, "open", "formula");
    await call(on, "select", "a");
    const { steps } = await call(on, "state");
    await call(on, "go", 0);
    await says(on, "receipt", "Backward has not come to a yet.");
    const dashes = [head, ["*", "–", "–", "–"], ["Sum so far", "", "–"]];
    expect(await rowsOf(on, "receipt")).toEqual(dashes);
    await call(on, "go", steps - 2); // a and b get theirs in the last two steps
    expect(await rowsOf(on, "receipt")).toEqual(dashes);
    await call(on, "go", steps - 1);
    expect((await rowsOf(on, "receipt"))[2]).toEqual(["Sum", "", "6.0000"]);

    await call(on, "open", "twice");
    await call(on, "select", "a");
    await call(on, "go", 3); // d is computed, begins, and has passed once
    await says(on, "receipt", "more is still to come to a");
    expect((await rowsOf(on, "receipt")).slice(2)).toEqual([
      ["d", "–", "–", "–"],
      ["Sum so far", "", "1.0000"],
    ]);
  });

  test("the receipt: of a shared parameter has a line for each data point, which add up to its grad", async () => {
    await call(on, "open", "network");
    await call(on, "select", "layers.0.neurons.1.weights.2");
    await says(on, "receipt", "the sum over 4 consumers of gradient × local derivative");
    const rows = await rowsOf(on, "receipt");
    expect(rows.slice(1, -1).map(([name]) => name.replace(/^.* data/, "data"))).toEqual([
      "data point 1",
      "data point 2",
      "data point 3",
      "data point 4",
    ]);
    let sum = 0;
    for (const [, upstream, local, share] of rows.slice(1, -1).map((row) => row.map(Number))) {
      expect(upstream * local).toBeCloseTo(share, 3);
      sum += share;
    }
    const { gradient } = await call(on, "state");
    expect(sum).toBeCloseTo(gradient ?? Number.NaN, 3);
    expect(Number(rows.at(-1)?.[2])).toBeCloseTo(sum, 3);
  });

  test("the proofs: all three ways agree, and what agrees is underlined", async () => {
    await call(on, "open", "formula");
    await call(on, "select", "a");
    // The product along L → + → * → a is f · 1 · b = -2 · 1 · -3 = 6. Nudged by 0.01 to either side:
    // (2.01 · -3 + 10) · -2 = -7.94 and (1.99 · -3 + 10) · -2 = -8.06, and 0.12 / 0.02 = 6.
    await says(on, "proofs", "All three agree, in every digit shown.");
    await says(on, "proofs", "(-7.94");
    await says(on, "proofs", " / (2 × 0.01).");
    const underlined = `${within("proofs")} u`;
    const texts = await on.page.$$eval(underlined, (all) =>
      all.map(({ textContent }) => textContent),
    );
    expect(texts).toEqual(["6.00000000000", "6.00000000000", "6.00000000000"]);

    await press(on, "proofs", "Show the path");
    const path = `${within("proofs")} .proofs-path`;
    expect(await textOf(on, path)).toMatch(
      /^L → \+ → \* → a\s+\(-2.0000\) × \(-3.0000\) × 1 = 6.0000$/,
    );
    await on.page.focus(path);
    expect((await call(on, "state")).lit).toEqual({ names: ["L", "+", "*"], product: 6 });
    await on.page.focus(rateField);
    expect((await call(on, "state")).lit).toBeUndefined();
  });

  test("the curve: says whether the step goes down or overshoots, by slider and by typing", async () => {
    await call(on, "setRate", 0.1);
    await call(on, "open", "valley");
    await call(on, "select", "w");
    // L = (w - 1)² at w = 3: L = 4, slope 2 · 2 = 4. With rate 0.1 the step is -0.4, and at 2.6
    // L = 1.6² = 2.56. It is as high again at w = -1, a step of -4: from rate 1 on it overshoots.
    await says(
      on,
      "curve",
      "With rate 0.1, L falls from 4.0000 to 2.5600; with 1.1 it would rise: overshoot.",
    );
    await says(on, "curve", "step = -rate × gradient = -0.1 × 4.0000 = -0.4000");
    await says(on, "curve", "w: 3.0000 + (-0.4000) = 2.6000");
    await type(on, rateField, "1,2"); // to 3 - 4.8 = -1.8, where L = 2.8² = 7.84
    await says(
      on,
      "curve",
      "With rate 1.2, L rises from 4.0000 to 7.8400: the step overshoots. Below about 1 it falls.",
    );
    expect((await call(on, "state")).rate).toBe(1.2);
    await on.page.focus(slider);
    await on.page.keyboard.press("ArrowLeft");
    await on.page.keyboard.press("ArrowLeft"); // 10^(1/40) = 1.059 times less each
    const { rate } = await call(on, "state");
    expect(rate).toBeGreaterThan(1);
    expect(rate).toBeLessThan(1.15);
    await type(on, rateField, "fast");
    expect(await on.page.$eval(rateField, (field) => field.getAttribute("aria-invalid"))).toBe(
      "true",
    );
    expect((await call(on, "state")).rate).toBe(rate);
    await call(on, "setRate", 0.1);
  });

  // The gradients in the order of backward: L 1; + and f: 1 · -2 = -2, 1 · 4 = 4; * and c: -2 · 1 = -2
  // each; a and b: -2 · -3 = 6, -2 · 2 = -4.
  test("the quiz: asks for one gradient after the other, hides it, and then shows the receipt", async () => {
    await on.page.evaluate(() => sessionStorage.clear());
    await call(on, "open", "formula");
    await call(on, "go", 0);
    await call(on, "select", "a");
    await press(on, "quiz", "Start the quiz");
    await says(on, "quiz", "What is the gradient of L?");
    expect(await call(on, "state")).toMatchObject({ hidden: "L", selected: "L", position: 0 });
    expect(await textOf(on, within("quiz"))).not.toContain("Which rule?"); // it would be the answer
    await answer(on, "1");
    await says(on, "quiz", "Right");
    await press(on, "quiz", "Next gradient");

    await says(on, "quiz", "What is the gradient of +?");
    await says(on, "quiz", "By how much does L change for each unit that + grows?");
    expect(await rowsOf(on, "quiz")).toEqual([
      ["It goes into", "which is", "gradient there"],
      ["L", "4.0000 × -2.0000 = -8.0000", "1.0000"],
    ]);
    for (const panel of ["receipt", "proofs", "curve"] as const) {
      await says(on, panel, "The quiz is on");
    }
    await call(on, "select", "a"); // its gradient would come later
    for (const panel of ["receipt", "proofs", "curve"] as const) {
      await says(on, panel, "The quiz is on");
    }
    await answer(on, "two");
    await says(on, "quiz", "Expected a number");
    await answer(on, "2");
    await says(on, "quiz", "the sign is not");
    await answer(on, "−2,0");
    await says(on, "quiz", "Right: dL/d(+) = -2.0000.");
    const receipt = [head, ["L", "1.0000", "-2.0000", "-2.0000"], ["Sum", "", "-2.0000"]];
    expect(await rowsOf(on, "quiz")).toEqual(receipt);
    // L has passed to +; f is the next, and hidden already.
    expect(await call(on, "state")).toMatchObject({ hidden: "f", position: 5 });
    await says(on, "quiz", "1 of 2 gradients right at the first try, 1 later.");

    await press(on, "quiz", "Next gradient");
    await answer(on, "8/2");
    await says(on, "quiz", "Right: dL/df = 4.0000.");
    await press(on, "quiz", "Next gradient");
    await says(on, "quiz", "What is the gradient of *?");
    await press(on, "quiz", "Show me");
    expect((await rowsOf(on, "quiz"))[1]).toEqual(["+", "-2.0000", "1.0000", "-2.0000"]);
    await press(on, "quiz", "Next gradient");
    await says(on, "quiz", "What is the gradient of c?");

    // The last two out of turn: b, then a.
    await call(on, "select", "b");
    await press(on, "quiz", "Ask me for b");
    expect(await call(on, "state")).toMatchObject({ hidden: "b", position: 9 });
    await answer(on, "-4");
    await says(on, "quiz", "3 of 5 gradients right at the first try, 1 later, 1 shown.");
    expect((await call(on, "state")).hidden).toBeUndefined(); // all are known
    await says(on, "receipt", "dL/db = dL/d(*) × d(*)/db");
    await press(on, "quiz", "End the quiz");
    await says(on, "quiz", "Find the gradients yourself.");
  });

  test("the panels: nothing goes wrong on the page", () => {
    expect(on.problems).toEqual([]);
  });
});

describe("in depth", () => {
  let on: PanelsPage;
  beforeAll(async () => {
    on = await openPanelsPage("chromium");
  });
  afterAll(() => on.close());

  test("the proofs: agree for every one of the 41 parameters of the four-point network", async () => {
    await call(on, "open", "network");
    const parameters = await call(on, "parameters");
    expect(parameters).toHaveLength(41);
    for (const parameter of parameters) {
      await call(on, "select", parameter);
      await says(on, "proofs", "All three agree");
      const digits = await on.page.$$eval(`${within("proofs")} u`, (all) =>
        all.map(({ textContent }) => textContent?.replace(/^-?[0.]*|\D/g, "").length ?? 0),
      );
      expect(digits).toHaveLength(3);
      expect(Math.min(...digits)).toBeGreaterThan(6);
    }
  });

  test("the proofs: list the paths, which add up, and name each by its neurons", async () => {
    await call(on, "open", "network");
    await call(on, "select", "layers.2.neurons.0.weights.1");
    // One path for each data point: the output neuron's weight is used once in each.
    await says(on, "proofs", "4 paths lead from the loss to layers.2.neurons.0.weights.1");
    await press(on, "proofs", "Show the 4 paths");
    const paths = await on.page.$$eval(`${within("proofs")} .proofs-path`, (all) =>
      all.map((path) => (path as HTMLElement).innerText),
    );
    expect(paths).toHaveLength(4);
    const products = paths.map((text) => Number(text.split(" = ")[1]));
    const { gradient } = await call(on, "state");
    expect(products.reduce((sum, product) => sum + product)).toBeCloseTo(gradient ?? Number.NaN, 3);
    expect(paths[0]).toMatch(
      /^data point \d: loss → .* → layers.2.neurons.0 → layers.2.neurons.0.weights.1/,
    );
    await says(on, "proofs", "Sum of all products:");
  });

  test("the proofs: count the paths if they are too many to walk", async () => {
    await call(on, "open", "doubling");
    await call(on, "select", "x"); // 20 times two edges: 2^20 paths, and the gradient is 2^20
    await says(on, "proofs", "1,048,576 paths lead from y to x. Too many to walk");
    await says(on, "proofs", "found in one pass over 40 edges");
    await says(on, "proofs", "Both agree");
    expect(await textOf(on, within("proofs"))).not.toContain("Show");
  });

  test("the receipt: folds a hundred terms to the largest, and tells the sum of the others", async () => {
    await call(on, "open", "shared");
    await call(on, "select", "w");
    // 1 + 2 + … + 100 = 5050; the largest five are 100 + 99 + 98 + 97 + 96 = 490, and 4560 is left.
    await says(on, "receipt", "… 95 more");
    const rows = await rowsOf(on, "receipt");
    expect(rows.map((row) => row.at(-1))).toEqual([
      "= share",
      "100.0000",
      "99.0000",
      "98.0000",
      "97.0000",
      "96.0000",
      "4560.0000",
      "5050.0000",
    ]);
    await press(on, "receipt", "Show all of the 100 terms");
    const all = await rowsOf(on, "receipt");
    expect(all).toHaveLength(102);
    expect(all[1].at(-1)).toBe("1.0000"); // of data point 1
  });

  test("the receipt: a press selects the consumer, and pointing at it lights up the edge", async () => {
    await call(on, "open", "formula");
    await call(on, "select", "a");
    await says(on, "receipt", "dL/da");
    await on.page.hover(`${within("receipt")} tbody tr`);
    expect((await call(on, "state")).lit).toEqual({ names: ["*"], product: -3 });
    await on.page.hover("h1");
    expect((await call(on, "state")).lit).toBeUndefined();
    await on.page.click(`${within("receipt")} tbody button`);
    expect((await call(on, "state")).selected).toBe("*");
  });

  test("the receipt: keeps its lines, and the focus, while a number is dragged", async () => {
    await call(on, "open", "formula");
    await call(on, "select", "a");
    await says(on, "receipt", "dL/da");
    await on.page.focus(`${within("receipt")} tbody button`);
    await call(on, "write", { b: 5 }); // dL/da = -2 · 5 = -10
    await says(on, "receipt", "-10.0000");
    const focus = () => document.activeElement?.closest("tr")?.innerText.replace(/\s+/g, " ");
    expect(await on.page.evaluate(focus)).toBe("* -2.0000 5.0000 -10.0000");
  });

  test("the curve: the arrow's tip can be dragged to where the step shall lead", async () => {
    await call(on, "setRate", 0.1);
    await call(on, "open", "valley");
    await call(on, "select", "w");
    await says(on, "curve", "With rate 0.1, L falls");
    const handle = await on.page.waitForSelector(`${within("curve")} .curve-handle`);
    await handle?.scrollIntoView();
    const { x, y, width, height } = (await handle?.boundingBox()) ?? expect.fail("no handle");
    const [tip, line] = [x + width / 2, y + height / 2];
    const here = await on.page.$eval(`${within("curve")} .curve-here`, (dot) => {
      const { left, width } = dot.getBoundingClientRect();
      return left + width / 2;
    });
    // From 3 to 2.6 it is so many pixels for 0.4; five times as far is a step of -2, to the bottom
    // of the valley at 1: rate 0.5.
    await on.page.mouse.move(tip, line);
    await on.page.mouse.down();
    await on.page.mouse.move(tip - 10, line);
    await on.page.mouse.move(here + 5 * (tip - here), line);
    await on.page.mouse.up();
    const { rate } = await call(on, "state");
    expect(rate).toBeCloseTo(0.5, 1);
    await says(on, "curve", `With rate ${rate}, L falls from 4.0000 to 0.0`);
    await call(on, "setRate", 0.1);
  });

  test("the curve: looks closer, where every curve becomes its tangent", async () => {
    await call(on, "open", "valley");
    await call(on, "select", "w");
    await says(on, "curve", "With rate 0.1");
    const picture = `${within("curve")} svg[role=img]`;
    const before = await on.page.$eval(picture, (svg) => svg.getAttribute("aria-label"));
    for (let i = 0; i < 5; i++) await press(on, "curve", "Closer");
    await says(on, "curve", "The step leads out of the picture: look wider.");
    const after = await on.page.$eval(picture, (svg) => svg.getAttribute("aria-label"));
    const ends = (label: string | null) =>
      /from (\S+) to (\S+)\./
        .exec(label ?? "")
        ?.slice(1)
        .map(Number);
    const [from = 0, to = 0] = ends(before) ?? [];
    const [closeFrom = 0, closeTo = 0] = ends(after) ?? [];
    expect((to - from) / (closeTo - closeFrom)).toBeCloseTo(32, 1);
  });

  test("the curve: of a number that is computed has no step", async () => {
    await call(on, "open", "formula");
    await call(on, "select", "*");
    await says(on, "curve", "Training does not move *: it is computed.");
    await says(on, "curve", "To the right the curve goes down, with a slope of -2.0000.");
    expect(await textOf(on, within("curve"))).not.toContain("Learning rate");
    await call(on, "select", "L");
    await says(on, "curve", "L is the output itself.");
  });

  test("the quiz: keeps a question while its numbers change, and asks another when the walk moves", async () => {
    await call(on, "open", "formula");
    await call(on, "go", 6); // + and f have theirs
    await press(on, "quiz", "Start the quiz");
    await says(on, "quiz", "What is the gradient of *?");
    await call(on, "write", { f: 7 });
    await says(on, "quiz", "+\t-6.0000 + 10.0000 = 4.0000\t7.0000");
    await answer(on, "7");
    await says(on, "quiz", "Right: dL/d(*) = 7.0000.");
    await call(on, "go", 8);
    await says(on, "quiz", "What is the gradient of a?");
    expect((await call(on, "state")).hidden).toBe("a");
    await call(on, "go", 4);
    await says(on, "quiz", "What is the gradient of +?");
    await press(on, "quiz", "End the quiz");
    expect((await call(on, "state")).hidden).toBeUndefined();
    await call(on, "select", "a");
    await says(on, "proofs", "All three agree");
  });

  test("the panels: compute nothing while they are not to be seen, and do as soon as they are", async () => {
    await call(on, "open", "formula");
    await call(on, "select", "a");
    await says(on, "proofs", "dL/da");
    const hide = (hidden: boolean) =>
      on.page.$eval(
        within("proofs"),
        (section, hidden) => {
          (section as HTMLElement).hidden = hidden;
        },
        hidden,
      );
    await hide(true);
    // The observer tells of it with the next frame but one at the latest.
    await on.page.evaluate(
      () =>
        new Promise((done) =>
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))),
        ),
    );
    await call(on, "select", "b");
    const number = `${within("proofs")} .proofs-number`;
    expect(await on.page.$eval(number, ({ textContent }) => textContent)).toBe("6.00000000000");
    await hide(false);
    await says(on, "proofs", "-4.00000000000");
  });

  test("the panels: of 65,236 nodes prove only what is asked for, and let the page answer meanwhile", async () => {
    await call(on, "open", "large");
    expect(await call(on, "state")).toMatchObject({ forward: 64_400 }); // the others are leaves
    const pauses: number[] = [];
    for (const neuron of [0, 1, 2]) {
      pauses.push(await call(on, "pauseBySelecting", `layers.0.neurons.${neuron}.weights.0`));
    }
    expect(Math.min(...pauses)).toBeLessThan(3 * 50);
    await says(on, "curve", "With rate 0.1");
    await says(on, "proofs", "it takes a moment");
    await press(on, "proofs", "Prove it");
    await says(on, "proofs", "paths lead from");
    await says(on, "proofs", "agree");
  });

  test("the panels: axe finds nothing in light and dark, wide and narrow; nothing is cut off at 360", async () => {
    await call(on, "open", "network");
    await call(on, "select", "layers.0.neurons.1.weights.2");
    await says(on, "proofs", "All three agree");
    await press(on, "proofs", "Show the 16 paths");
    await call(on, "go", 400);
    await says(on, "quiz", "Start the quiz");
    for (const look of [
      { theme: "light" },
      { theme: "dark" },
      { theme: "light", width: 390 },
    ] as const) {
      await on.look(look);
      expect(await violations(on.page)).toEqual([]);
    }
    await press(on, "quiz", "Start the quiz");
    await says(on, "quiz", "What is the gradient of");
    expect(await violations(on.page)).toEqual([]);
    await press(on, "quiz", "Show me");
    await on.look({ width: 360 });
    const overflow = () => document.documentElement.scrollWidth - innerWidth;
    expect(await on.page.evaluate(overflow)).toBeLessThanOrEqual(0);
    await press(on, "quiz", "End the quiz");
    await says(on, "proofs", "All three agree");
    expect(await on.page.evaluate(overflow)).toBeLessThanOrEqual(0);
    await on.look({});
    expect(on.problems).toEqual([]);
  });
});

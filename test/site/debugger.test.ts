// The debugger: every step of a formula forwards and back, moments of a training run bit for bit,
// links, hostile input, the keyboard, and how soon it is there. Numbers are worked in comments.

import {
  evenOdd,
  graphOf,
  MLP,
  mean,
  meanSquaredError,
  pythonRandom,
  SGD,
  withOrigin,
} from "chainrule";
import type { Walk } from "chainrule/explain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { lookAt, openSite, type Site, type SitePage } from "./browser.ts";

/** The element, as tests in the page see it. */
interface Debugger extends HTMLElement {
  readonly walk: Walk;
  readonly position: number;
}

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
  ["2.0000", 0, "6.0000", 9], // a: -2 · -3
  ["-3.0000", 0, "-4.0000", 10], // b: -2 · 2
  ["-6.0000", 1, "-2.0000", 7], // *: -2 · 1
  ["10.0000", 0, "-2.0000", 8], // c: -2 · 1
  ["4.0000", 2, "-2.0000", 5], // +: 1 · f
  ["-2.0000", 0, "4.0000", 6], // f: 1 · (a·b + c)
  ["-8.0000", 3, "1.0000", 4], // L
] as const;
const numbersAt = (step: number) =>
  nodes.map(([data, computed, gradient, known]) => [
    step >= computed ? data : "–",
    step >= known ? gradient : "–",
  ]);

/** What the page shows. */
const look = (page: SitePage) =>
  page.evaluate(() => {
    const text = (selector: string) => document.querySelector(selector)?.textContent ?? "";
    const boxes = [...document.querySelectorAll("live-graph [data-item]")];
    return {
      where: text(".debugger-where"),
      sentence: text(".debugger-sentence"),
      node: text(".debugger-card h2"),
      card: [...document.querySelectorAll(".debugger-card dd")].map((e) => e.textContent),
      why: text(".debugger-why"),
      lit: text(".debugger-lit"),
      error: text(".debugger-error"),
      problems: text(".debugger-problems"),
      numbers: boxes.map((box) => {
        const texts = [...box.querySelectorAll("text:not(.graph-far)")];
        return [texts.at(-3)?.textContent, texts.at(-1)?.textContent];
      }),
      places: boxes.map((box) =>
        ["x", "y", "width"].map((side) => box.querySelector("rect")?.getAttribute(side)),
      ),
      path: boxes.map((box) => /\bpath\b/.test((box as SVGElement).dataset.state ?? "")),
      address: location.search + location.hash,
    };
  });

const press = (page: SitePage, button: string) => page.click(`[data-go="${button}"]`);

/** Waits until something is so in the page. */
const until = (page: SitePage, condition: string) =>
  page.waitForFunction(condition, { timeout: 15_000 });

/** Waits until something can be seen without scrolling, below the header and above the walk. */
const inView = (page: SitePage, selector: string) =>
  page.waitForFunction(
    (selector) => {
      const element = document.querySelector(selector);
      if (element === null || !element.checkVisibility()) return false;
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      return there === element;
    },
    { timeout: 15_000 },
    selector,
  );

const opened = (page: SitePage) =>
  until(page, `performance.getEntriesByName("debugger-shown").length > 0`);

async function open(site: Site, path: string, options: Parameters<Site["open"]>[1] = {}) {
  const page = await site.open(path, options);
  await opened(page);
  return page;
}

/** The receipt of the selected node: the lines of its table, as texts. */
async function receipt(page: SitePage): Promise<string[][]> {
  await page.$eval(".sum-table", (table) => table.scrollIntoView({ block: "center" }));
  // A panel is drawn when it is seen.
  await until(page, `document.querySelector(".sum-total")?.textContent !== ""`);
  return page.$$eval(".sum-table :is(tbody, tfoot) tr", (rows) =>
    rows
      .filter((row) => row.checkVisibility())
      .map((row) => [...row.querySelectorAll("td, th")].map((cell) => cell.textContent.trim()))
      .map((cells) => cells.filter((text) => text !== "")),
  );
}

/** Writes a formula at once, as by pasting. */
const writeFormula = (page: SitePage, text: string) =>
  page.$eval(
    ".debugger-formula-field input",
    (input, text) => {
      (input as HTMLInputElement).value = text;
      for (const type of ["input", "change"]) input.dispatchEvent(new Event(type));
    },
    text,
  );

/** Goes to a training step by its field. */
async function toTrainingStep(page: SitePage, step: number): Promise<void> {
  await page.click(".debugger-run-step input", { count: 3 });
  await page.keyboard.type(String(step));
  await page.keyboard.press("Enter");
  await until(page, `document.querySelector(".loss-view .cursor").ariaValueNow === "${step}"`);
}

/** The bits of numbers; JSON would lose -0. */
const bitsOf = (numbers: readonly number[]): string[] =>
  [...new BigUint64Array(new Float64Array(numbers).buffer)].map(String);

/**
 * Data and gradient of all nodes of the graph, leaves where they are used first, as the page has
 * them, to the last bit.
 */
const numbersOf = (page: SitePage): Promise<string[]> =>
  page.$eval("backprop-debugger", (element) => {
    const { walk } = element as Debugger;
    const told = new Set<unknown>();
    const numbers: number[] = [];
    for (const step of walk.steps.slice(0, walk.forward)) {
      for (const node of [...step.node.inputs, step.node]) {
        if (told.has(node)) continue;
        told.add(node);
        numbers.push(node.data, walk.gradient(node, walk.steps.length) ?? 0);
      }
    }
    return [...new BigUint64Array(new Float64Array(numbers).buffer)].map(String);
  });

/** The lecture's net, trained straight on by the engine, without anything of the site. */
function straight(steps: number): string[] {
  const random = pythonRandom(1337);
  const options = { activation: "tanh", output: "tanh", init: "uniform", random } as const;
  const model = new MLP(3, [4, 4, 1], options);
  const optimizer = new SGD(model.parameters(), { rate: 0.1 });
  const { inputs, targets } = evenOdd();
  const graph = () => {
    const loss = mean(
      inputs.map((x, example) =>
        withOrigin({ example }, () => meanSquaredError(model.forward(x), targets[example] ?? [])),
      ),
    );
    model.zeroGrad();
    loss.backward();
    return loss;
  };
  for (let step = 0; step < steps; step++) {
    graph();
    optimizer.step();
  }
  const told = new Set<unknown>();
  const numbers = graphOf(graph())
    .filter(({ op }) => op !== "")
    .flatMap((node) => [...node.inputs, node])
    .flatMap((node) => {
      if (told.has(node)) return [];
      told.add(node);
      return [node.data, node.grad];
    });
  return bitsOf(numbers);
}

describe.each(["chromium", "firefox"] as const)("%s", (name) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite(name);
  });
  afterAll(() => site.close());

  test("a formula: each step forwards and back, with its numbers and sentence; no node moves", async () => {
    const page = await open(site, "debugger.html");
    expect((await look(page)).sentence).toBe(sentences[6]);
    await press(page, "first");
    const { places } = await look(page);
    for (let step = 0; step <= 10; step++) {
      const { sentence, where, numbers, ...shown } = await look(page);
      expect(sentence).toBe(sentences[step]);
      expect(numbers).toEqual(numbersAt(step));
      expect(shown.places).toEqual(places);
      const pass = step > 3 ? "Backward" : "Forward";
      if (step > 0) expect(where).toContain(`${pass} pass, step ${step} of 10`);
      await press(page, "next");
    }
    expect((await look(page)).sentence).toBe(sentences[10]); // there is none after the last
    for (let step = 9; step >= 0; step--) {
      await press(page, "back");
      const { sentence, numbers } = await look(page);
      expect(sentence).toBe(sentences[step]);
      expect(numbers).toEqual(numbersAt(step));
    }
    expect(page.problems).toEqual([]);
  });

  test("a run: a click on the loss curve opens that training step", async () => {
    const page = await open(site, "debugger.html#run&data=even-odd&step=3");
    await until(page, `document.querySelector(".loss-view .cursor").ariaValueMax === "500"`);
    const before = await numbersOf(page);
    const stage = await page.$(".loss-view svg");
    const box = await stage?.boundingBox();
    if (!box) throw new Error("there is no curve");
    await page.mouse.click(box.x + 52 + (box.width - 64) * 0.5, box.y + 90); // the middle of 500 steps
    await until(page, `document.querySelector(".loss-view .cursor").ariaValueNow !== "3"`);
    const step = Number(
      await page.$eval(".debugger-run-step input", (e) => (e as HTMLInputElement).value),
    );
    expect(Math.abs(step - 250)).toBeLessThan(5);
    const numbers = await numbersOf(page);
    expect(numbers).not.toEqual(before);
    expect(numbers).toEqual(straight(step));
    expect(page.problems).toEqual([]);
  });
});

describe("in Chromium", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  test("the quiz: the button above the graph starts it, and it comes into view", async () => {
    const page = await open(site, "debugger.html");
    await page.click(".debugger-begin");
    await inView(page, ".quiz-form input");
    // A sum passes on what it has: the gradient of + is -2, and so is that of a*b.
    await page.type(".quiz-form input", "-2");
    await page.keyboard.press("Enter");
    await until(page, `document.querySelector(".quiz-verdict").textContent.includes("Right")`);
    const narrow = await open(site, "debugger.html", { width: 390, height: 844 });
    await narrow.focus(".debugger-begin"); // the walk may cover it, where it would be clicked
    await narrow.keyboard.press("Enter");
    await inView(narrow, ".quiz-form input");
    expect([...page.problems, ...narrow.problems]).toEqual([]);
  });

  test("a run: finds the step in which the loss falls most, and says what comes of the next", async () => {
    const page = await open(site, "debugger.html#run&data=even-odd&step=10");
    const fastest = await page.waitForSelector("::-p-text(Fastest fall)");
    await fastest?.click();
    await until(page, `document.querySelector(".debugger-run-step input").value === "0"`);
    // The losses at steps 0 and 1: 1.2416 - 0.6741 = 0.5675
    const change = await page.$eval(".debugger-run-change", (e) => e.textContent);
    expect(change).toBe("The next one: loss 0.6741, 0.5675 less.");
  });

  test("a formula: the receipts of all leaves are the sums worked by hand, and say what they mean", async () => {
    // L = (a·b + c) · f at a = 2, b = -3, c = 10, f = -2
    const page = await open(site, "debugger.html?L=(a*b%2Bc)*f&a=2&b=-3&c=10&f=-2&node=a");
    expect(await look(page)).toMatchObject({ node: "a", card: ["2.0000", "6.0000"] });
    // dL/da = dL/d(a·b) × b = -2 × -3 = 6
    expect(await receipt(page)).toEqual([
      ["*", "-2.0000", "-3.0000", "6.0000"],
      ["Sum", "6.0000"],
    ]);
    const { lit, path, why } = await look(page);
    // dL/d+ × d+/d* × d*/da = f × 1 × b
    expect(lit).toContain("-2.0000 × 1.0000 × -3.0000 = 6.0000");
    expect(path).toEqual([true, false, true, false, true, false, true]);
    // 2 − 0.1 × 6 = 1.4
    expect(why).toContain("make a smaller");
    expect(why).toContain("2.0000 − 0.1 × 6.0000 = 1.4000");

    // d·d + a at d = a·b = 2 · -1.5 = -3: dL/dd = d + d = -6; dL/da = 1 + dL/dd × b = 1 + 9 = 10
    await page.select(".debugger-formula-line select", "1");
    await page.keyboard.press("Home");
    await page.evaluate(() => scrollTo(0, 0));
    await press(page, "last");
    expect(await look(page)).toMatchObject({ node: "a", card: ["2.0000", "10.0000"] });
    const sums = await receipt(page);
    expect(sums.map((cells) => cells.at(-1)).sort()).toEqual(["1.0000", "10.0000", "9.0000"]);
    expect(page.problems).toEqual([]);
  });

  test("a formula: numbers are dragged, stepped and typed; the graph follows at the same step", async () => {
    const page = await open(site, "debugger.html");
    const field = ".debugger-number input[data-name=a]";
    const { places } = await look(page);
    await page.focus(field);
    await page.keyboard.press("ArrowUp"); // 2.1
    await page.keyboard.press("PageUp"); // 3.1
    expect((await look(page)).numbers[0]?.[0]).toBe("3.1000");
    const box = await (await page.$(field))?.boundingBox();
    if (!box) throw new Error("there is no field");
    await page.mouse.move(box.x + 20, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 16, box.y + 10, { steps: 4 }); // 4 pixels: a tenth
    await page.mouse.up();
    await page.click(field, { count: 3 });
    expect(await page.$eval(field, (e) => (e as HTMLInputElement).value)).toBe("3");
    await page.keyboard.type("-1,5");
    const shown = await look(page);
    expect(shown.numbers[0]?.[0]).toBe("-1.5000");
    // f's gradient is a·b + c = 4.5 + 10
    expect(shown.sentence).toBe("L passes 1.0000 × 14.5000 = 14.5000 to f.");
    expect(shown.places).toEqual(places);
    await page.keyboard.type("x");
    await until(page, `document.querySelector(".debugger-error").textContent !== ""`);
    expect((await look(page)).error).toBe('Expected a number for a, such as -2.5, got "-1,5x".');
  });

  test("a formula: an error says where, what was expected and what came; the last graph stays", async () => {
    const page = await open(site, "debugger.html");
    const { numbers } = await look(page);
    for (const [text, message] of [
      ["L = (a*b", 'Expected ")" at character 9, got the end (at ▸ in "L = (a*b▸").'],
      ["<img src=x onerror=alert(1)>", 'Expected a number or a name at character 1, got "<"'],
    ] as const) {
      await writeFormula(page, text);
      await until(page, `document.querySelector(".debugger-error").textContent.includes("got")`);
      const shown = await look(page);
      expect(shown.error).toContain(message);
      expect(shown.numbers).toEqual(numbers);
      await writeFormula(page, "L = (a*b + c) * f");
      await until(page, `document.querySelector(".debugger-error").textContent === ""`);
    }
    expect(await page.$$("main img")).toEqual([]);
    expect(page.problems).toEqual([]);
  });

  test("hostile addresses: names and texts are text, limits hold, and what is wrong is told", async () => {
    const page = await open(site, "debugger.html?L=__proto__*constructor&__proto__=3&step=0");
    expect((await look(page)).numbers.map(([data]) => data)).toEqual(["3.0000", "1.0000", "–"]);
    for (const [address, problem] of [
      ["?L=<img src=x onerror=alert(1)>", "The formula in this address cannot be read. Expected"],
      ["?L=a*b&a=two", 'Expected a number for a in this address, got "two".'],
      ["?L=a*b&g=2", "There is no g in the formula."],
      ["?L=a*b&step=-1", 'Expected a step in this address, such as 6, got "-1".'],
      ["?L=a*b&node=<b>q", 'There is no node "<b>q" in this graph.'],
      [`?L=${"a*b%2B".repeat(1200)}c`, "at most 2000"],
      ["#run&data=<b>moons&hidden=1e9&step=-3", "data: expected one of"],
      ["#run&own=AAAA&changes=%00&at=x", "Expected a step of the walk in this address"],
      ["#run&data=nix&node=q", 'got "nix".There is no node "q" in this graph.'],
      ["#graph=AAAA", "damaged"],
    ] as const) {
      await page.goto(new URL(`debugger.html${address}`, site.url).href);
      const told = `document.querySelector(".debugger-problems").textContent.includes`;
      await until(page, `${told}(${JSON.stringify(problem)})`).catch(() => {}); // what is told, is below
      expect((await look(page)).problems, address).toContain(problem);
      expect(await page.$$("main img, main b"), address).toEqual([]);
      expect(page.problems, address).toEqual([]);
    }
  });

  test("a run that is too large to be walked through is refused with a number of points that is not", async () => {
    // 2·16 + 16 + 16·16 + 16 + 16 + 1 = 337 weights: 2 · 337 · 2000 nodes; 150000 / 674 = 222 points.
    const address = "debugger.html#run&data=moons&points=2000";
    const page = await site.open(address);
    await until(page, `document.querySelector(".debugger-problems").textContent !== ""`);
    const { problems } = await look(page);
    expect(problems).toContain("about 1,348,000 nodes; the debugger walks through at most 150,000");
    expect(problems).toContain("with this network, 222 points");
    expect(await page.$eval(".debugger-board", (board) => board.checkVisibility())).toBe(false);
    await page.select(".debugger-run select", "xor");
    await opened(page);
    expect(await page.$eval(".debugger-board", (board) => board.checkVisibility())).toBe(true);
    expect(page.problems).toEqual([]);
  });

  test("a long way to a training step: it can be stopped, and another step or a formula asked for meanwhile", async () => {
    const page = await site.open("debugger.html#run&data=even-odd&step=1000000");
    const training = `document.querySelector(".debugger-run-progress").textContent.startsWith("Training")`;
    const stop = ".debugger-run-controls button:not([hidden])::-p-text(Stop here)";
    await page.waitForSelector(stop, { visible: true });
    await toTrainingStep(page, 5); // while it trains
    expect(await page.evaluate(training)).toBe(false);
    await until(page, `location.hash.includes("step=5&")`);

    await page.$eval(".debugger-run-step input", (field) => {
      (field as HTMLInputElement).value = "900000";
      field.dispatchEvent(new Event("change"));
    });
    await page.waitForSelector(stop, { visible: true });
    await page.click(stop);
    await until(page, `!${training}`);
    const step = Number(await page.$eval(".debugger-run-step input", (input) => input.value));
    expect(step).toBeGreaterThan(5);
    expect(step).toBeLessThan(900_000);

    await page.$eval(".debugger-run-step input", (field) => {
      (field as HTMLInputElement).value = "900000";
      field.dispatchEvent(new Event("change"));
    });
    await until(page, training);
    await page.click(".debugger-choice button:nth-child(1)");
    await until(page, `location.search.startsWith("?L=") || location.hash === ""`);
    const { sentence } = await look(page);
    expect(sentence).toContain("to f.");
    const before = await page.$eval(".debugger-run-progress", (line) => line.textContent);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
    expect(await page.$eval(".debugger-run-progress", (line) => line.textContent)).toBe(before);
    expect(page.problems).toEqual([]);
  });

  test("a long formula stands after # in the address, which no server sees, and comes back", async () => {
    const page = await open(site, "debugger.html?hide=help");
    await writeFormula(page, `L = ${"a*b + ".repeat(400)}a`);
    await until(page, `location.hash.startsWith("#L=")`);
    expect(await page.evaluate("location.search")).toBe("?hide=help");
    await page.reload();
    await opened(page);
    const formula = await page.$eval(".debugger-formula-field input", (input) => input.value);
    expect(formula).toBe(`L = ${"a*b + ".repeat(400)}a`);
    expect(page.problems).toEqual([]);
  });

  test("a run: each parameter's receipt has a term for each data point, whose sum is its gradient", async () => {
    const page = await open(site, "debugger.html#run&data=even-odd&step=120");
    const wrong = await page.$eval("backprop-debugger", (element) => {
      const { walk } = element as Debugger;
      const leaves = new Set(walk.steps.flatMap(({ node }) => [...node.inputs]));
      const parameters = [...leaves].filter(({ label }) => /^layers\./.test(label));
      const bad = parameters.filter((parameter) => {
        const { terms, gradient } = walk.receipt(parameter, walk.steps.length);
        const points = terms.map(({ node }) => node.origin.example).sort();
        const sum = terms.reduce((sum, { product }) => sum + (product ?? 0), 0);
        return points.join() !== "0,1,2,3" || sum !== gradient;
      });
      return { count: parameters.length, bad: bad.map(({ label }) => label) };
    });
    expect(wrong).toEqual({ count: 41, bad: [] });

    // What is shown of one of them: four lines, and why it moves.
    const lines = await receipt(page);
    expect(lines.length).toBe(5);
    const [data = 0, gradient = 0] = (await look(page)).card.map(Number);
    expect(Number(lines[4]?.at(-1))).toBe(gradient);
    const { why } = await look(page);
    const moved = data - 0.1 * gradient;
    expect(why).toContain(gradient > 0 ? "moves it down by" : "moves it up by");
    expect(why).toContain(gradient > 0 ? "is positive, so a smaller" : "is negative, so a larger");
    expect(Number(/ to (-?[\d.]+)\. Why/.exec(why)?.[1])).toBeCloseTo(moved, 3);
    expect(page.problems).toEqual([]);
  });

  test("a run: every step that is gone to is that of a straight training, bit for bit, whatever the way", async () => {
    const page = await open(site, "debugger.html#run&data=even-odd&step=40");
    expect(await numbersOf(page)).toEqual(straight(40));
    for (const step of [333, 1, 120, 0, 700]) {
      await toTrainingStep(page, step);
      expect(await numbersOf(page), `step ${step}`).toEqual(straight(step));
    }
    expect(page.problems).toEqual([]);
  });

  test("a run: from one training step to the next nothing moves, and position and selection stay", async () => {
    const address = "debugger.html#run&data=even-odd&step=5&at=700&node=layers.1.neurons.2.bias";
    const page = await open(site, address);
    const before = await look(page);
    await page.click('.debugger-run-controls button[title="One training step on"]');
    await until(page, `location.hash.includes("step=6&")`);
    const after = await look(page);
    expect(after.places).toEqual(before.places);
    expect(after.where).toBe(before.where);
    expect(after.node).toBe(before.node);
    expect(after.numbers).not.toEqual(before.numbers);
  });

  test("a link to a node of a step of a run opens exactly there in another browser", async () => {
    const page = await open(site, "debugger.html#run&data=xor&step=7");
    await toTrainingStep(page, 33);
    await page.$eval(".debugger-scrubber input", (range) => {
      (range as HTMLInputElement).value = "500";
      range.dispatchEvent(new Event("input"));
    });
    await page.click(`.debugger-card .debugger-actions button:not([hidden])`);
    await page.mouse.move(0, 0); // a line of the receipt that is pointed at lights up its own edge
    await page.$eval("live-graph [aria-label='Data point that is shown']", (field) => {
      (field as HTMLInputElement).value = "3";
      field.dispatchEvent(new Event("change"));
    });
    await page.mouse.move(0, 0); // what it points at may be lit
    await until(page, `location.hash.includes("step=33&")`);
    await until(page, `location.hash.endsWith("&point=3")`);
    await until(
      page,
      `location.hash.includes("at=" + document.querySelector("backprop-debugger").position)`,
    );
    const first = { ...(await look(page)), all: await numbersOf(page) };
    const other = await open(site, `debugger.html${first.address}`);
    const second = { ...(await look(other)), all: await numbersOf(other) };
    expect(second).toEqual(first);
    expect(first.node).toMatch(/^layers\./);
    expect(first.lit).toContain("through data point 3");
    expect(other.problems).toEqual([]);
  });

  test("from a formula to a run and back: each is as it was left, and the button Back works", async () => {
    const page = await open(site, "debugger.html?L=x*x&x=3&step=1&node=x");
    const formula = await look(page);
    await page.click(".debugger-choice button:nth-child(2)");
    await until(page, `location.hash.startsWith("#run&data=even-odd")`);
    await toTrainingStep(page, 12);
    await page.click(".debugger-choice button:nth-child(1)");
    await until(page, `location.search.startsWith("?L=x*x")`);
    const again = await look(page);
    expect([again.sentence, again.node]).toEqual([formula.sentence, formula.node]);
    await page.click(".debugger-choice button:nth-child(2)");
    await until(page, `location.hash.includes("step=12&")`);
    await page.goBack();
    await until(page, `location.search.startsWith("?L=x*x")`);
    await until(page, `document.querySelector(".debugger-card h2").textContent === "x"`);
    expect(page.problems).toEqual([]);
  });

  test("by keyboard alone: choose a run, a training step, a step of the walk, a node", async () => {
    const page = await open(site, "debugger.html");
    await page.focus(".debugger-choice button:nth-child(2)");
    await page.keyboard.press("Enter");
    await until(page, `document.querySelector("backprop-debugger").dataset.kind === "run"`);
    await page.keyboard.press("]");
    await until(page, `document.querySelector(".debugger-run-step input").value === "11"`);
    await page.keyboard.press("[");
    await until(page, `document.querySelector(".debugger-run-step input").value === "10"`);
    await page.keyboard.press("Home");
    expect((await look(page)).where).toMatch(/^Before the first of/);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("n");
    await page.keyboard.press("b");
    expect((await look(page)).where).toMatch(/^Forward pass, step 1 of/);
    await page.keyboard.press("End");
    // In the graph, arrows walk along edges, and letters still step.
    await page.$eval('live-graph [data-item][tabindex="0"]', (box) => (box as SVGElement).focus());
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    const chosen = (await look(page)).node;
    await page.keyboard.press("b");
    const { where, node } = await look(page);
    expect(node).toBe(chosen);
    expect(where).toMatch(/step 884 of 885/);
    expect(page.problems).toEqual([]);
  });

  test("without JavaScript: the walk through the usual formula can be read", async () => {
    const page = await site.open("debugger.html", { javaScript: false });
    const words = await page.$$eval(".stepper-words li", (all) => all.map((e) => e.textContent));
    expect(words.slice(0, 10)).toEqual(sentences.slice(1));
    const visible = await page.$$eval("main :is(button, input, select)", (all) =>
      all.filter((element) => element.checkVisibility()).map(({ outerHTML }) => outerHTML),
    );
    expect(visible).toEqual([]);
  });

  test.each(["debugger.html", "debugger.html#run&data=even-odd&step=20"])(
    "%s in light and dark, wide and narrow: nothing that axe complains about",
    async (path) => {
      const page = await open(site, path);
      await page.$eval(".debugger-list", (list) => {
        (list as HTMLDetailsElement).open = true;
      });
      const across = () => page.evaluate(() => document.documentElement.scrollWidth);
      for (const [theme, width] of [
        ["light", 1280],
        ["dark", 390],
      ] as const) {
        await lookAt(page, { theme, width, height: 844 });
        expect(await across()).toBe(width);
        expect(await violations(page)).toEqual([]);
      }
      await lookAt(page, { width: 360, height: 700 });
      expect(await across()).toBe(360);
    },
  );

  test.each([
    // A sum over data points, some of which pass nothing and say why; and a graph drawn on a canvas.
    ["data=moons&points=10&hidden=4,4,4,4,4,4&step=3", false],
    ["data=moons&points=20&hidden=16,16&step=3", true],
  ] as const)(
    "a large network, %s: axe finds nothing, and nothing is wider than the page",
    async (run, isOpen) => {
      const page = await open(site, `debugger.html#run&${run}`, { width: 390, height: 844 });
      await receipt(page);
      if (isOpen) {
        await page.$eval(".graph-folds button", (button) => (button as HTMLElement).click());
        await until(page, `document.querySelector("live-graph canvas") !== null`);
      }
      expect(await violations(page)).toEqual([]);
      for (const width of [1280, 390, 320]) {
        await lookAt(page, { width, height: 844 });
        // Pictures follow in a frame or two.
        await until(page, `document.documentElement.scrollWidth === ${width}`);
      }
    },
  );

  test("the focus goes on to what is nearest when a button that was pressed is gone", async () => {
    const page = await open(site, "debugger.html?L=a*b&a=2&b=-3&step=1&node=a");
    const focused = () =>
      page.evaluate(() => {
        const { activeElement } = document;
        return activeElement?.getAttribute("aria-label") ?? activeElement?.textContent;
      });
    const enter = async (selector: string) => {
      await page.focus(selector);
      await page.keyboard.press("Enter");
    };
    await page.$eval(".debugger-list", (list) => {
      (list as HTMLDetailsElement).open = true;
    });
    await enter(".debugger-list li:nth-child(2) button");
    expect(await focused()).toBe("The gradient of L with respect to itself is 1.");
    expect((await look(page)).where).toContain("step 2 of 4");
    await enter(".debugger-actions button:first-child"); // to where the gradient is complete
    expect(await focused()).toBe("Follow the steps");
    await page.keyboard.press("Enter"); // which is gone then, and nothing else is there to be pressed
    expect(await focused()).toBe("The selected node");
  });

  test("a screen reader is told a sentence a step, and one a second while the reader hurries", async () => {
    const page = await open(site, "debugger.html");
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(window, { told });
      new MutationObserver((records) => {
        for (const { target } of records) {
          const region = (target as Element).closest("[aria-live], [role=status], [role=alert]");
          if (region?.textContent) told.push(region.textContent);
        }
      }).observe(document.body, { subtree: true, childList: true });
    });
    const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);
    await page.focus('[data-go="next"]');
    await page.keyboard.press("Enter");
    await until(page, "told.length > 0");
    expect(await told()).toEqual([sentences[7]]);
    const began = Date.now();
    for (const key of ["b", "b", "b", "n", "n", "n", "n"] as const) await page.keyboard.press(key);
    await until(page, `told.at(-1) === ${JSON.stringify(sentences[8])}`);
    expect((await told()).length).toBeLessThanOrEqual(2 + Math.ceil((Date.now() - began) / 1000));
  });

  test("hide= leaves parts out, and a frame shows the debugger alone", async () => {
    const page = await open(site, "debugger.html?L=a*b&hide=choice,source,panels,words,help&embed");
    const shown = await page.$$eval(
      ".debugger-choice, .debugger-source, .debugger-side, .debugger-list, .debugger-help, .site-head",
      (all) => all.filter((element) => element.checkVisibility()).map(({ className }) => className),
    );
    expect(shown).toEqual([]);
    expect((await look(page)).sentence).toMatch(/passes/);
    await press(page, "first");
    await until(page, `location.search.includes("step=0")`);
    expect((await look(page)).address).toContain("hide=choice,source,panels,words,help");
  });
});

// The playground in a browser: it trains, is changed while it trains, goes back, is shared, and says
// what went wrong.

import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Snapshot } from "../../site/runs/client.ts";
import { violations } from "./axe.ts";
import { lookAt, type OpenOptions, openSite, type Site, type SitePage } from "./browser.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

type Playground = HTMLElement & { snapshot: Snapshot | undefined };

/** Keeps what the page saves, by its type. */
const keepFiles = `globalThis.saved = {};
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    blob.text().then((text) => { saved[blob.type] = text; });
    return make.call(URL, blob);
  };`;

/** The playground with what is after # in its address. */
async function open(hash = "", options: OpenOptions = {}, from = site): Promise<SitePage> {
  const page = await from.open(`playground.html${hash}`, options);
  await page.waitForFunction(
    () => document.querySelector<Playground>("training-playground")?.snapshot !== undefined,
  );
  await frames(page);
  return page;
}

/** Waits until what is to be shown has been drawn. */
const frames = (page: SitePage, count = 3) =>
  page.evaluate(
    (count) =>
      new Promise<void>((resolve) => {
        const next = (left: number): unknown =>
          left === 0 ? resolve() : requestAnimationFrame(() => next(left - 1));
        next(count);
      }),
    count,
  );

/** The moment that the page shows, with the bits of its numbers. */
const moment = (page: SitePage) =>
  page.evaluate(() => {
    const { snapshot } = document.querySelector<Playground>("training-playground")!;
    if (snapshot === undefined) throw new Error("no run is open");
    const { state, step, loss, accuracy, weights, losses, data, heldOut, isPlaying } = snapshot;
    return {
      state,
      step,
      loss,
      accuracy,
      isPlaying,
      weights: [...weights],
      losses: [...losses],
      inputs: data.inputs,
      targets: data.targets,
      heldOut: heldOut?.inputs,
      problem: snapshot.problem,
    };
  });

/** Waits for a moment `now` of which an expression is true. (The page itself forbids eval.) */
async function until(page: SitePage, expression: string): Promise<void> {
  const fits = `((now) => ${expression})(document.querySelector("training-playground").snapshot)`;
  const end = Date.now() + 30_000;
  while (!(await page.evaluate(fits))) {
    if (Date.now() > end) throw new Error(`waited for ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const press = (page: SitePage, action: string) =>
  page.$eval(`[data-do="${action}"]`, (button) => (button as HTMLElement).click());
const text = (page: SitePage, selector: string) =>
  page.$eval(selector, (element) => element.textContent.trim());
const chooseData = (page: SitePage, data: string) =>
  page.$eval(`[name=pg-data][value="${data}"]`, (radio) => (radio as HTMLElement).click());
const choose = (page: SitePage, field: string, value: string) =>
  page.select(`[data-field="${field}"]`, value);

/** Writes a number into a field, as someone who types does. */
async function type(page: SitePage, field: string, value: string): Promise<void> {
  await page.click(`[data-field="${field}"]`, { count: 3 });
  await page.keyboard.type(value);
  await page.keyboard.press("Tab");
}

/** Opens a part that is folded. */
const unfold = async (page: SitePage, part: string) => {
  await page.$eval(`.pg-${part}`, (details) => {
    (details as HTMLDetailsElement).open = true;
  });
  await frames(page);
};

/** Middle of the plane's stage and the pixels of a place in it, in shares of its picture. */
async function place(page: SitePage, across: number, up: number): Promise<[number, number]> {
  const box = await page.$eval(".plane-view canvas", (canvas) => {
    canvas.scrollIntoView({ block: "center" });
    const { x, y, width, height } = canvas.getBoundingClientRect();
    return { x, y, width, height };
  });
  return [box.x + across * box.width, box.y + (1 - up) * box.height];
}

describe.each(["chromium", "firefox"] as const)("%s", (name) => {
  let here: Site;
  beforeAll(async () => {
    here = name === "chromium" ? site : await openSite(name);
  });
  afterAll(async () => {
    if (name !== "chromium") await here.close();
  });

  test("the playground: rests until Play is pressed; Pause, Step and Reset go where they say", async () => {
    const page = await open("", {}, here);
    await frames(page, 20);
    expect(await moment(page)).toMatchObject({ step: 0, isPlaying: false });
    await press(page, "step");
    await until(page, "now.step === 1");
    await press(page, "play");
    await until(page, "now.step > 20");
    await press(page, "play");
    await until(page, "!now.isPlaying");
    const { step, losses, weights } = await moment(page);
    await frames(page, 10);
    expect((await moment(page)).step).toBe(step);

    await press(page, "reset");
    await until(page, "now.step === 0");
    await choose(page, "speed", "full speed");
    await press(page, "play");
    await until(page, `now.step > ${step}`);
    await press(page, "play");
    await until(page, "!now.isPlaying");
    expect((await moment(page)).losses.slice(0, step + 1)).toEqual(losses); // the same bits
    // The loss curve leads back to that step, with its weights.
    await page.$eval(
      ".loss-view",
      (view, step) => {
        const detail = { step };
        view.dispatchEvent(new CustomEvent("loss-seek", { detail, bubbles: true }));
      },
      step,
    );
    await until(page, `now.step === ${step}`);
    expect((await moment(page)).weights).toEqual(weights);
    expect(page.problems).toEqual([]);
  });

  test("a shared address: restores weights, losses, points, changes and selection to the last bit elsewhere", async () => {
    const page = await open("#data=moons&held-out=0.2&points=40&hidden=6,5", {}, here);
    await press(page, "step");
    await until(page, "now.step === 1");
    await page.$eval(".plane-view", (view) => {
      const point = { x: [0.1, 0.25], target: -1 };
      view.dispatchEvent(new CustomEvent("point-add", { detail: point, bubbles: true }));
    });
    await until(page, "now.data.inputs.length === 33");
    await press(page, "play");
    await until(page, "now.step > 30");
    await press(page, "play");
    await until(page, "!now.isPlaying");
    await page.$eval(".network-view", (view) => {
      const detail = { address: "layers.1.neurons.3.bias" };
      view.dispatchEvent(new CustomEvent("network-select", { detail, bubbles: true }));
    });
    const shown = await moment(page);
    await page.waitForFunction(
      (step) =>
        location.hash.includes(`step=${step}`) && location.hash.includes("layers.1.neurons.3.bias"),
      {},
      shown.step,
    );
    const other = await open(await page.evaluate(() => location.hash), {}, here);
    await until(other, `now.step === ${shown.step}`);
    await frames(other);
    expect(await moment(other)).toEqual(shown);
    expect(await text(other, ".pg-selected-body code")).toBe("layers.1.neurons.3.bias");
    expect([...page.problems, ...other.problems]).toEqual([]);
  });
});

describe("training", () => {
  describe("each data set", () => {
    let page: SitePage;
    beforeAll(async () => {
      page = await open();
    });
    afterAll(() => page.browserContext().close());

    /** What `chainrule train` comes to with the recipe of each data set, and a little less. */
    test.each([
      ["even-odd", "now.accuracy === 1 && now.loss < 0.01"],
      ["cube", "now.accuracy === 1"],
      ["xor", "now.accuracy === 1"],
      ["moons", "now.accuracy === 1"],
      ["circles", "now.accuracy >= 0.95"],
      ["spirals", "now.accuracy >= 0.95"],
      ["sine", "now.accuracy === undefined && now.loss < 0.02"], // noise of 0.1: its square is 0.01
      ["own", "now.accuracy === 1"],
    ])("%s: trains by pressing Play until %s", async (data, expected) => {
      await chooseData(page, data);
      await press(page, "reset");
      await until(page, `now.state.setup.data === "${data}" && now.step === 0`);
      await choose(page, "speed", "full speed");
      await press(page, "play");
      await until(page, expected);
      await press(page, "play");
      await until(page, "!now.isPlaying");
      await frames(page);
      expect(await text(page, "[data-show=step]")).toBe(
        (await moment(page)).step.toLocaleString("en"),
      );
      expect(page.problems).toEqual([]);
    });
  });

  test("points: one added, moved and deleted by mouse and by keys changes the running training", async () => {
    const page = await open("#data=xor");
    await press(page, "play");
    await until(page, "now.step > 5");
    const [x, y] = await place(page, 0.5, 0.5);
    await page.keyboard.down("Shift");
    await page.mouse.click(x, y);
    await page.keyboard.up("Shift");
    await until(page, "now.data.inputs.length === 5");
    const added = await moment(page);
    expect(added.isPlaying).toBe(true);
    expect(added.targets.map(([t]) => t)).toEqual([-1, 1, 1, -1, -1]);
    expect(added.inputs[4]!.map((x) => Math.abs(x - 0.5) < 0.1)).toEqual([true, true]);

    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 40, y, { steps: 5 });
    await page.mouse.up();
    await until(page, "now.data.inputs[4]?.[0] > 0.6");
    await page.keyboard.press("Delete");
    await until(page, "now.data.inputs.length === 4");
    const { step } = await moment(page);
    await until(page, `now.step > ${step}`); // it went on all the while
    await press(page, "play");
    await until(page, "!now.isPlaying");
    const { state } = await moment(page);
    expect(state.edits.map(({ kind }) => kind)).toContain("move");
    // Undo takes back one change after the other, a drag as one.
    for (const points of [5, 5, 4]) {
      await press(page, "undo");
      await until(page, `now.data.inputs.length === ${points}`);
    }
    expect((await moment(page)).state.edits).toEqual([]);
    expect(page.problems).toEqual([]);
  });

  test("a huge learning rate: the number that is not finite is named, undone, and a smaller rate offered", async () => {
    const page = await open("#data=sine&optimizer=sgd&seed=5");
    await press(page, "play");
    await until(page, "now.step > 1");
    await type(page, "rate", "1e9"); // while it plays, digit by digit
    await until(page, "now.rate === 1e9");
    await until(page, "now.problem !== undefined");
    await frames(page);
    const { problem } = await moment(page);
    const said = await text(page, ".pg-problem");
    expect(said).toContain("Training stopped");
    expect(said).toMatch(/square\(-?\d\.\d{0,4}e\+\d+\) = Infinity, for point [1-9]\d*/);
    expect(said).toContain(`at step ${problem!.step}`);
    const link = await page.$eval(".pg-problem a", (a) => a.getAttribute("href"));
    expect(link).toContain("debugger.html#run&data=sine");
    expect(await violations(page)).toEqual([]);
    await page.focus(".pg-problem button");
    await page.keyboard.press("Enter");
    await until(page, "now.problem === undefined && Number.isFinite(now.loss)");
    await frames(page);
    expect(await text(page, ".pg-problem")).toMatch(/Back at step \d+/);
    // The button is gone, and the focus is with what can be done now.
    expect(await page.$eval(":focus", (focused) => focused.textContent)).toMatch(/^Go on with/);
    await page.click(".pg-problem button");
    await until(page, "now.rate === 0.1");
    await press(page, "play");
    await until(page, "now.step > 10 && now.problem === undefined");
    expect(page.problems).toEqual([]);
  });

  test("a page that is hidden: pauses, and does not go on by itself", async () => {
    const page = await open();
    await press(page, "play");
    await until(page, "now.step > 3");
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { get: () => true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await until(page, "!now.isPlaying");
    const { step } = await moment(page);
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { get: () => false });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await frames(page, 20);
    expect((await moment(page)).step).toBe(step);
    expect(await text(page, "#notices")).toContain("Paused");
  });

  test("layers, choices and seeds: begin anew with the points of now, and Undo brings back what was", async () => {
    const page = await open("#data=circles&step=12");
    await until(page, "now.step === 12");
    const before = await moment(page);
    await page.click("[data-shape=add]");
    await until(page, "now.state.setup.hidden.join() === '8,8,8' && now.step === 0");
    await press(page, "new-seed");
    await until(page, "now.state.setup.seed === 1338");
    await choose(page, "activation", "relu");
    await until(page, "now.state.setup.activation === 'relu'");
    await choose(page, "optimizer", "sgd");
    await until(page, "now.state.setup.optimizer === 'sgd' && now.rate === 0.1"); // its usual rate
    await choose(page, "loss", "binaryCrossEntropy");
    await until(page, "now.state.setup.loss === 'binaryCrossEntropy'");
    for (let i = 0; i < 5; i++) {
      await press(page, "undo");
      await frames(page);
    }
    await until(page, "now.step === 12");
    expect(await moment(page)).toEqual(before);
    expect(await page.$eval("[data-do=undo]", (b) => (b as HTMLButtonElement).disabled)).toBe(true);
    expect(page.problems).toEqual([]);
  });
});

describe("what is shown", () => {
  test("the loss: its formula with the numbers of this run, worked out, comes to the loss", async () => {
    const page = await open("#data=even-odd&step=3");
    await until(page, "now.step === 3");
    await frames(page);
    const sum = await text(page, ".pg-formula-numbers");
    const terms = [...sum.matchAll(/\((−?[\d.]+) − \(?(−?[\d.]+)\)?\)²/g)];
    const number = (text = "") => Number(text.replace("−", "-"));
    const total = terms.reduce((sum, [, p, t]) => sum + (number(p) - number(t)) ** 2, 0);
    expect(terms).toHaveLength(4);
    expect(total / 4).toBeCloseTo((await moment(page)).loss, 3);
    expect(await page.$eval(".pg-formula [data-loss]:not([hidden])", (e) => e.innerHTML)).toContain(
      "<math",
    );
  });

  test("the table: every parameter with number and gradient; a selected weight says why it moves", async () => {
    const page = await open("#data=even-odd&step=5");
    await until(page, "now.step === 5");
    await unfold(page, "parameters");
    const rows = await page.$$eval(".pg-parameters tbody tr", (all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent.replace("−", "-"))),
    );
    expect(rows).toHaveLength(41); // (3 + 1) 4 + (4 + 1) 4 + (4 + 1)
    const { weights } = await moment(page);
    for (const [i, [, data]] of rows.entries()) expect(Number(data)).toBeCloseTo(weights[i]!, 3);
    await page.$eval(".pg-parameters [data-name='layers.2.neurons.0.bias']", (button) =>
      (button as HTMLElement).click(),
    );
    await frames(page);
    const words = await text(page, ".pg-selected-body");
    const [, , gradient = ""] = rows.at(-1)!;
    expect(words).toContain("The bias of the last neuron");
    expect(words).toContain(`its gradient is ${gradient.replace("-", "−")}`);
    expect(words).toContain(
      Number(gradient) > 0 ? "the loss larger, so its gradient moves it down" : "moves it up",
    );
    const link = await page.$eval("[data-link=debugger]", (a) => a.getAttribute("href"));
    expect(link).toBe("./debugger.html#run&data=even-odd&step=5&node=layers.2.neurons.0.bias");
  });

  test("a neuron: its map stands large in the plane, and its sum for a point comes to its output", async () => {
    const page = await open("#data=even-odd&step=20&node=layers.2.neurons.0");
    await until(page, "now.step === 20");
    await frames(page);
    const words = await text(page, ".pg-selected-body");
    // For point 1 (...), the bias last: tanh(0.7956 × (−0.7756) + ... + (−0.09612)) = tanh(−1.3367) = −0.8709.
    const number = (text = "") => Number(text.replace(/[()]/g, "").replace("−", "-"));
    const [, inside = "", sum, output] = words.match(
      /the bias last: tanh\((.*)\) = tanh\((.*?)\) = (−?[\d.]+\d)/,
    )!;
    const terms = inside.split(" + ").map((term) => term.split(" × ").map(number));
    expect(terms.map(({ length }) => length)).toEqual([2, 2, 2, 2, 1]);
    const total = terms.reduce((sum, [a = 0, b = 1]) => sum + a * b, 0);
    expect(total).toBeCloseTo(number(sum), 3);
    expect(Math.tanh(total)).toBeCloseTo(number(output), 3);
    expect(await text(page, ".pg-formula-numbers")).toContain(`((${output} − `); // its prediction

    await page.hover(".network-view .neuron[data-layer='0'][data-neuron='1']");
    await page.waitForFunction(() =>
      document
        .querySelector(".pg-plane h2")
        ?.textContent.includes("What neuron 2 of hidden layer 1 says"),
    );
    await page.hover(".pg-bar [data-show=step]");
    await page.waitForFunction(() =>
      document.querySelector(".pg-plane h2")?.textContent.includes("What the last neuron says"),
    );
    await press(page, "unselect");
    await page.waitForFunction(() =>
      document.querySelector(".pg-plane h2")?.textContent.includes("What the network says"),
    );
    expect(page.problems).toEqual([]);
  });

  test("an address: has the slice of three inputs and the scale of the losses; what is no slice is left out", async () => {
    const page = await open("#data=cube&slice=1,3,0.25&scale=log");
    const axes = () =>
      page.$$eval(".plane-view .slice :is(select, output)", (all) =>
        all
          .filter((element) => element.checkVisibility())
          .map((element) =>
            element instanceof HTMLSelectElement ? element.value : element.textContent,
          ),
      );
    await frames(page);
    expect(await axes()).toEqual(["0", "2", "0.25"]);
    expect(await page.$eval(".loss-view input", (box) => (box as HTMLInputElement).checked)).toBe(
      true,
    );
    await page.select(".plane-view .slice [name=up]", "1");
    await page.waitForFunction(() => location.hash === "#data=cube&slice=1,2,0&scale=log");
    await press(page, "step");
    await page.waitForFunction(() => location.hash === "#data=cube&step=1&slice=1,2,0&scale=log");
    expect(page.problems).toEqual([]);
    const other = await open("#data=cube&slice=2,2,x"); // no slice
    await frames(other);
    expect(
      await other.$$eval(".plane-view .slice select", (all) => all.map((s) => s.value)),
    ).toEqual(["0", "1"]);
    expect(other.problems).toEqual([]);
  });

  test("hide: leaves out parts of the page, in a frame as well", async () => {
    const page = await site.open("teachers.html");
    await page.evaluate((url) => {
      document.body.innerHTML = `<iframe title="playground" width="700" height="600" src="${url}"></iframe>`;
    }, `${site.url}playground.html?hide=files,graph,parameters,training,words#data=xor`);
    const frame = await page.waitForFrame((frame) => frame.url().includes("playground.html"));
    await frame.waitForSelector(".plane-view canvas");
    const seen = await frame.$$eval(".pg-panel", (all) =>
      all
        .filter((panel) => panel.checkVisibility())
        .map(({ className }) => className.split(" ")[1]),
    );
    expect(seen).toEqual([
      "pg-data",
      "pg-net",
      "pg-selected",
      "pg-formula",
      "pg-curve",
      "pg-plane",
    ]);
  });

  test("without JavaScript: a trained boundary and words stand there, and nothing that would not work", async () => {
    const page = await site.open("playground.html", { javaScript: false });
    expect(await page.$eval(".playground-still svg", (svg) => svg.checkVisibility())).toBe(true);
    expect(await text(page, ".playground-still p")).toContain("337 parameters");
    const useless = await page.$$eval("main :is(button, input, select)", (all) =>
      all.filter((element) => element.checkVisibility()).map(({ outerHTML }) => outerHTML),
    );
    expect(useless).toEqual([]);
  });
});

describe("files", () => {
  const saved = async (page: SitePage, kind: string) => {
    await page.waitForFunction(
      (kind) => (globalThis as unknown as { saved: Record<string, string> }).saved[kind],
      {},
      kind,
    );
    return page.evaluate(
      (kind) => (globalThis as unknown as { saved: Record<string, string> }).saved[kind]!,
      kind,
    );
  };
  const said = (page: SitePage) => text(page, ".pg-files-said");
  const openFile = async (page: SitePage, name: string, content: string) => {
    const file = join(tmpdir(), `playground-${process.pid}-${name}`);
    writeFileSync(file, content);
    const field = await page.$("[data-do=open]");
    await (field as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(file);
  };

  test("CSV: comes out, and goes in by paste, by file and by drop, the same to the last bit", async () => {
    const page = await open("#data=moons&points=20", { before: keepFiles });
    await unfold(page, "files");
    await press(page, "save-csv");
    const csv = await saved(page, "text/csv");
    const before = await moment(page);
    expect(csv.split("\n")).toHaveLength(22); // header, 20 points, the end
    // 1. Paste.
    await page.$eval("#pg-csv", (field, csv) => ((field as HTMLTextAreaElement).value = csv), csv);
    await press(page, "read-csv");
    await until(page, "now.state.setup.data === 'own'");
    const pasted = await moment(page);
    expect([pasted.inputs, pasted.targets]).toEqual([before.inputs, before.targets]);
    expect(pasted.loss).toBe(before.loss); // the same net and seed
    expect(await said(page)).toContain("Read 20 points with 2 inputs.");
    // 2. A file.
    await openFile(page, "wave.csv", "x,y\n-1,0.5\n0,0\n1,-0.5\n2,7.25\n");
    await until(page, "now.data.inputs.length === 4");
    expect((await moment(page)).state.setup.loss).toBe("meanSquaredError"); // hinge knows no 7.25
    // 3. Dropped.
    await page.$eval(
      "main",
      (main, csv) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([csv], "points.csv", { type: "text/csv" }));
        const drop = { dataTransfer, bubbles: true, cancelable: true };
        main.dispatchEvent(new DragEvent("drop", drop));
      },
      csv,
    );
    await until(page, "now.data.inputs.length === 20");
    expect((await moment(page)).inputs).toEqual(before.inputs);
    expect(page.problems).toEqual([]);
  });

  test("what cannot be read: a sentence says where, what was expected and what came, and nothing is lost", async () => {
    const page = await open("#data=xor");
    await unfold(page, "files");
    const before = await moment(page);
    const points = Array.from({ length: 2001 }, (_, i) => `${i},0,1`).join("\n");
    for (const [content, expected] of [
      ["x1,x2,y\n0,NaN,1\n", 'The CSV, line 2, column 2 ("x2"): expected a number, got "NaN".'],
      ["", "The CSV, expected lines of numbers, got empty text."],
      ["1,2,1\n1,2\n", "The CSV, line 2: expected 3 fields as in line 1, got 2."],
      ["1,2,3,4,1\n", "The CSV, line 1: expected 2 to 4 columns"],
      [points, "The CSV: expected at most 2000 points, got 2001."],
      ['{"format": "chainrule-model"', "The model file: "],
      ['{"format":"other"}', 'The model file: format: expected "chainrule-model"'],
      ["<svg xmlns='http://www.w3.org/2000/svg'></svg>", "Expected a picture that was saved on"],
    ] as const) {
      await page.$eval(
        "#pg-csv",
        (field, text) => {
          (field as HTMLTextAreaElement).value = text;
        },
        content,
      );
      await press(page, "read-csv");
      await page.waitForFunction(
        (expected) => document.querySelector(".pg-files-said")?.textContent.includes(expected),
        {},
        expected,
      );
      expect(await said(page)).toContain("Nothing was changed.");
    }
    await openFile(page, "large.csv", "1,2,1\n".repeat(400_000));
    await page.waitForFunction(() =>
      document.querySelector(".pg-files-said")?.textContent.includes("at most 2,000,000 bytes"),
    );
    expect(await moment(page)).toEqual(before);
    // Points that are read take the place of others: Undo brings those back.
    await openFile(page, "one.csv", "3,4,1\n");
    await until(page, "now.data.inputs.length === 1");
    await press(page, "undo");
    await until(page, "now.data.inputs.length === 4");
    expect(await moment(page)).toEqual(before);
    expect(page.problems).toEqual([]);
  });

  test("the model file: the net comes back with its shape and its weights, and its address keeps them", async () => {
    const page = await open("#data=circles&hidden=5,3&step=40", { before: keepFiles });
    await until(page, "now.step === 40");
    const before = await moment(page);
    await unfold(page, "files");
    await press(page, "save-model");
    const model = await saved(page, "application/json");
    const other = await open("#data=circles&hidden=4");
    await openFile(other, "model.json", model);
    await until(other, "now.state.setup.hidden.join() === '5,3'");
    const read = await moment(other);
    expect(read.weights).toEqual(before.weights);
    expect(read.loss).toBe(before.loss);
    // A file for other inputs brings its own data, as its training names it.
    await chooseData(other, "sine");
    await until(other, "now.state.setup.data === 'sine'");
    await openFile(other, "model.json", model);
    await until(other, "now.state.setup.data === 'circles'");
    expect((await moment(other)).weights).toEqual(before.weights);
    await other.waitForFunction(() => location.hash.includes("weights="));
    const third = await open(await other.evaluate(() => location.hash));
    expect((await moment(third)).weights).toEqual(before.weights);
  });

  test("SVG and DOT: come out, and opened again they bring back the run they are pictures of", async () => {
    const page = await open("#data=even-odd&step=30", { before: keepFiles });
    await until(page, "now.step === 30");
    const before = await moment(page);
    await unfold(page, "files");
    await press(page, "save-plane");
    const svg = await saved(page, "image/svg+xml");
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>$/);
    await press(page, "save-dot");
    const dot = await saved(page, "text/vnd.graphviz");
    expect(dot).toContain("digraph");
    expect(dot).toContain("layers.0.neurons.0.weights.0");
    const other = await open("#data=moons");
    for (const picture of [svg, dot]) {
      await chooseData(other, "moons");
      await until(other, "now.state.setup.data === 'moons'");
      await openFile(other, "picture.txt", picture);
      await until(other, "now.state.setup.data === 'even-odd' && now.step === 30");
      expect((await moment(other)).weights).toEqual(before.weights);
    }
    await page.evaluate(() => {
      (globalThis as unknown as { saved: object }).saved = {};
    });
    await press(page, "save-graph");
    expect(await saved(page, "image/svg+xml")).toContain("chainrule-run:data=even-odd");
    expect(page.problems).toEqual([]);
  });
});

describe("for everyone", () => {
  test("two thousand points: their graph is refused with a number that can be shown; DOT is that of one point", async () => {
    // 337 weights: 2 · 337 · 2000 nodes; 150000 / 674 = 222 points.
    const page = await open("#data=moons&points=2000", { before: keepFiles });
    await unfold(page, "graph");
    await until(page, `document.querySelector(".pg-graph").textContent.includes("222 points")`);
    expect(await text(page, ".pg-graph > div")).toContain("about 1,348,000 nodes");
    await unfold(page, "files");
    await press(page, "save-graph");
    await until(page, `document.querySelector(".pg-files-said").textContent.includes("no graph")`);
    await press(page, "save-dot");
    await until(
      page,
      `document.querySelector(".pg-files-said").textContent.includes("first point")`,
    );
    await press(page, "step");
    await until(page, "now.step === 1");
    expect(page.problems).toEqual([]);
  });

  test("another address in the same tab: opens, and Undo brings back the run of before", async () => {
    const page = await open("#data=xor&seed=77&step=4");
    await page.evaluate(() => {
      location.hash = "#data=moons";
    });
    await until(page, `now.state.setup.data === "moons"`);
    await press(page, "undo");
    await until(page, `now.state.setup.data === "xor" && now.step === 4`);
    expect((await moment(page)).state.setup.seed).toBe(77);
    expect(page.problems).toEqual([]);
  });

  test("axe: complains about nothing, in light, in dark and narrow, with all parts open", async () => {
    const page = await open("#data=even-odd&step=10&node=layers.0.neurons.1.weights.2");
    await until(page, "now.step === 10");
    for (const part of ["parameters", "files"]) await unfold(page, part);
    for (const look of [
      { width: 1280, theme: "light" },
      { width: 390, theme: "dark" },
      { width: 820, theme: "dark" },
    ] as const) {
      await lookAt(page, look);
      await frames(page);
      expect(await violations(page)).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBe(look.width);
    }
  });

  test("keys: data is chosen, a step made, training played and paused, a point added and deleted", async () => {
    const page = await open("#data=even-odd");
    const focus = (selector: string) =>
      page.$eval(selector, (element) => (element as HTMLElement).focus());
    await focus("[name=pg-data]:checked");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await until(page, "now.state.setup.data === 'xor'");
    await focus("[data-do=step]");
    await page.keyboard.press("Enter");
    await until(page, "now.step === 1");
    await focus("[data-do=play]");
    await page.keyboard.press("Space");
    await until(page, "now.step > 5");
    await page.keyboard.press("Space");
    await until(page, "!now.isPlaying");
    await focus(".plane-view .crosshair");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await until(page, "now.data.inputs.length === 5");
    await focus(".loss-view [role=slider]");
    await page.keyboard.press("Home");
    await until(page, "now.step === 0");
    // Every control can be reached, and none holds the focus.
    await focus("[data-do=play]");
    const reached = new Set<string>();
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const { activeElement } = document;
        const { dataset } = activeElement as HTMLElement;
        return dataset.do ?? dataset.field ?? dataset.shape ?? activeElement?.className ?? "";
      });
      reached.add(String(at));
      if (await page.evaluate(() => document.activeElement?.closest(".site-foot") !== null)) break;
    }
    for (const name of ["step", "reset", "new-seed", "speed", "undo", "rate", "seed", "add"]) {
      expect([...reached]).toContain(name);
    }
    expect(await page.evaluate(() => document.activeElement?.closest(".site-foot") !== null)).toBe(
      true,
    );
    expect(page.problems).toEqual([]);
  });
});

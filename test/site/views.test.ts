// The playground's views in real browsers, on a page of their own. Read views-page.ts first.

import type { KeyInput } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { lookAt } from "./browser.ts";
import type { Bench } from "./views-entry.ts";
import { openViewsPage, type ViewsPage } from "./views-page.ts";

declare const bench: Bench; // in the page, by views-entry.ts

let views: ViewsPage;

beforeAll(async () => {
  views = await openViewsPage("chromium");
});

afterAll(() => views?.close());

/** Where a place of the plane is in the window: shares of the way across and up. */
const placeInPlane = ({ page } = views, across: number, up: number) =>
  page.evaluate(
    (across, up) => {
      const stage = document.querySelector(".plane-view .stage")!;
      stage.scrollIntoView({ block: "center" });
      const { left, top, width, height } = stage
        .querySelector(".crosshair")!
        .getBoundingClientRect();
      return { x: left + across * width, y: top + (1 - up) * height };
    },
    across,
    up,
  );

/** Where the middle of an element is in the window. */
const middleOf = (selector: string, index = 0) =>
  views.page.evaluate(
    (selector, index) => {
      const element = document.querySelectorAll(selector)[index]!;
      element.scrollIntoView({ block: "center" });
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    },
    selector,
    index,
  );

const textOf = (selector: string, { page } = views) =>
  page.$eval(selector, (element) => element.textContent);

/** How many pieces a path has. */
const countPieces = (selector: string) =>
  views.page.$eval(selector, (path) => path.getAttribute("d")!.split("M").length - 1);

const lastEvent = ({ page } = views) => page.evaluate(() => bench.events.at(-1));

/** Expects what is drawn as soon as its turn comes: views leave most of the time to others. */
const soon = <Found>(look: () => Promise<Found>) => expect.poll(look, { timeout: 20_000 });

/** Opens a data set with a network that says x₁ - 0.5. */
const openPlain = ({ page } = views) =>
  page.evaluate(() => {
    bench.open("xor", [], { output: "linear" });
    bench.predictor.weights = [1, 0, -0.5];
    bench.show();
    bench.events.length = 0;
  });

test("PlaneView: the map has the colours of the two classes, and the zero line between them", async () => {
  await openPlain();
  const look = () =>
    views.page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".plane-view canvas")!;
      const { data } = canvas.getContext("2d")!.getImageData(0, canvas.height / 2, canvas.width, 1);
      const line = document.querySelector(".plane-view .stage .zero-line")!.getAttribute("d")!;
      const box = document.querySelector(".plane-view .axes rect")!;
      const number = (name: string) => Number(box.getAttribute(name));
      const middle = number("x") + number("width") / 2;
      const across = line.match(/[\d.]+ /g)?.map(Number) ?? [];
      const last = data.length - 4;
      return {
        isOrangeAtTheLeft: data[0]! > data[2]! + 40,
        isBlueAtTheRight: data[last + 2]! > data[last]! + 40,
        hasManyPieces: across.length > 40,
        // The points of xor are from 0 to 1 in both inputs: 0.5 is the middle.
        isInTheMiddle: across.every((x) => Math.abs(x - middle) < 0.2),
      };
    });
  await soon(look).toEqual({
    isOrangeAtTheLeft: true,
    isBlueAtTheRight: true,
    hasManyPieces: true,
    isInTheMiddle: true,
  });
});

test("PlaneView: points differ by shape; rings are around those on the wrong side", async () => {
  await openPlain();
  const shapes = await views.page.$$eval(".plane-view .points [role=button]", (points) =>
    points.map((point) => [
      point.getAttribute("class"),
      point.getAttribute("d")!.includes("a") ? "round" : "square",
    ]),
  );
  // xor: (0,0) -1, (0,1) 1, (1,0) 1, (1,1) -1
  expect(shapes).toEqual([
    ["point negative", "square"],
    ["point positive", "round"],
    ["point positive", "round"],
    ["point negative", "square"],
  ]);
  // x₁ - 0.5 is above 0 at (1,0) and (1,1), so it is wrong about (0,1) and (1,1).
  await soon(() => countPieces(".plane-view .stage .rings")).toBe(2);
});

test("PlaneView: held-out points are hollow, and only those trained on can be focused", async () => {
  await views.page.evaluate(() => bench.open("moons", [4], { heldOut: 0.2 }));
  const seen = await views.page.evaluate(() => {
    const held = [...document.querySelectorAll(".plane-view .points .held-out")];
    const panel = document.createElement("i");
    panel.style.color = "var(--panel)";
    document.body.append(panel);
    return {
      count: held.length,
      hollow: held.every((point) => getComputedStyle(point).fill === getComputedStyle(panel).color),
      focusable: document.querySelectorAll(".plane-view .points [role=button]").length,
      byTab: document.querySelectorAll(".plane-view .points [tabindex='0']").length,
    };
  });
  expect(seen).toEqual({ count: 20, hollow: true, focusable: 80, byTab: 1 });
});

test("PlaneView: a click adds a point, with Shift of the other class; the choice turns both around", async () => {
  await openPlain();
  const { page } = views;
  const { x, y } = await placeInPlane(views, 0.75, 0.5);
  await page.mouse.click(x, y);
  const added = await page.evaluate(() => bench.events.find(({ name }) => name === "point-add"));
  const detail = added!.detail as { x: number[]; target: number };
  expect(detail.target).toBe(1);
  expect(detail.x[0]).toBeCloseTo(-0.15 + 0.75 * 1.3, 1); // the plane is from -0.15 to 1.15
  expect(detail.x[1]).toBeCloseTo(0.5, 1);
  await page.keyboard.down("Shift");
  await page.mouse.click(x, y - 60);
  await page.keyboard.up("Shift");
  await page.click(".plane-view .tools label:nth-of-type(2)"); // class -1
  const again = await placeInPlane(views, 0.25, 0.5);
  await page.mouse.click(again.x, again.y);
  expect(await page.evaluate(() => bench.data.targets.flat())).toEqual([-1, 1, 1, -1, 1, -1, -1]);
});

test("PlaneView: dragging moves a point with the pointer, and does not add one", async () => {
  await openPlain();
  const { page } = views;
  const { x, y } = await middleOf(".plane-view .points [role=button]", 3); // (1, 1)
  const to = await placeInPlane(views, 0.5, 0.5);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 30, y + 30, { steps: 3 });
  await page.mouse.move(to.x, to.y, { steps: 3 });
  await page.mouse.up();
  const inputs = await page.evaluate(() => bench.data.inputs);
  expect(inputs.length).toBe(4);
  expect(inputs[3]![0]).toBeCloseTo(0.5, 1);
  expect(inputs[3]![1]).toBeCloseTo(0.5, 1);
  expect(await page.evaluate(() => bench.selectedPoint)).toBe(3);
  await page.click(".plane-view .tools button:last-of-type"); // Delete point
  expect(await page.evaluate(() => bench.data.inputs.length)).toBe(3);
});

test("PlaneView: a finger drags a point up without scrolling the page; a tap adds one", async () => {
  await openPlain();
  const { page } = views;
  const { x, y } = await middleOf(".plane-view .points [role=button]", 0); // (0, 0)
  const scrolled = await page.evaluate(() => scrollY);
  const finger = await page.touchscreen.touchStart(x + 8, y); // beside it, as fingers do
  for (const part of [0.25, 0.5, 0.75, 1]) await finger.move(x + 8, y - 100 * part);
  await finger.end();
  const [moved] = await page.evaluate(() => bench.data.inputs);
  expect(moved![0]).toBeCloseTo(0, 1);
  expect(moved![1]).toBeGreaterThan(0.2); // 100 of about 500 pixels, for 1.3
  expect(await page.evaluate(() => scrollY)).toBe(scrolled);
  const free = await placeInPlane(views, 0.5, 0.8);
  await page.touchscreen.tap(free.x, free.y);
  expect(await page.evaluate(() => bench.data.inputs.length)).toBe(5);
});

/** What is done by keyboard alone: the same in every browser. */
async function editByKeys({ page }: ViewsPage) {
  await page.focus(".plane-view .crosshair");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.keyboard.down("Shift");
  await page.keyboard.press("Enter");
  await page.keyboard.up("Shift");
  const targets = await page.evaluate(() => bench.data.targets.flat());
  await page.$eval(".plane-view .points [tabindex='0']", (point) => (point as SVGElement).focus());
  await page.keyboard.press("Home");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("ArrowUp"); // point 1, (0, 1): up by 0.02 of 1.3
  await page.keyboard.press("c");
  const moved = await page.evaluate(() => ({
    x: bench.data.inputs[1],
    target: bench.data.targets[1],
  }));
  await page.keyboard.press("End");
  await page.keyboard.press("Delete");
  // The focus does not get lost with the last point.
  expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("button");
  return { targets, moved, left: await page.evaluate(() => bench.data.inputs.length) };
}

const editedByKeys = {
  targets: [-1, 1, 1, -1, 1, -1],
  moved: { x: [0, 1.026], target: [-1] },
  left: 5,
};

test("PlaneView: by keyboard a crosshair adds points; arrows move a point, c gives it the other class, Delete removes it", async () => {
  await openPlain();
  await views.page.reload();
  await views.page.waitForFunction(() => "bench" in window);
  await openPlain();
  expect(await editByKeys(views)).toEqual(editedByKeys);
});

test("PlaneView: reads out the network's output under the pointer, at the crosshair and at a point", async () => {
  await openPlain();
  const { page } = views;
  const { x, y } = await placeInPlane(views, 0.9, 0.5);
  await page.mouse.move(x, y);
  const text = await textOf(".plane-view .read-out");
  expect(text).toMatch(/^x₁ = 1\.0[12]\d*, x₂ = 0\.5\d* → output 0\.5[12]\d\d \(class 1\)$/);
  await page.mouse.move(0, 0);
  await page.focus(".plane-view .crosshair");
  await page.keyboard.press("ArrowLeft");
  expect(await textOf(".plane-view .read-out")).toMatch(/^x₁ = .* → output .* \(class −?1\)$/);
  await page.$eval(".plane-view .points [tabindex='0']", (point) => (point as SVGElement).focus());
  await page.keyboard.press("Home");
  expect(await textOf(".plane-view .read-out")).toBe(
    "Point 1: x₁ = 0, x₂ = 0, class −1 → output −0.5000 (class −1)",
  );
});

test("PlaneView: of three inputs it shows a slice that the reader chooses, points by their nearness", async () => {
  const { page } = views;
  await page.evaluate(() => bench.open("cube"));
  const sizes = () =>
    page.$$eval(
      ".plane-view .points [role=button]",
      (points) =>
        points.filter((point) => point.getAttribute("transform")!.includes("scale")).length,
    );
  expect(await sizes()).toBe(4); // the corners with x₃ = 1; the others are in the slice x₃ = 0
  await page.select(".plane-view [name=across]", "2");
  expect(await page.evaluate(() => [bench.plane.plane!.across, bench.plane.plane!.up])).toEqual([
    2, 1,
  ]);
  await page.$eval(".plane-view [data-held='0'] input", (slider) => {
    slider.value = "0.5";
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  });
  expect(await page.evaluate(() => bench.plane.plane!.held[0])).toBe(0.5);
  expect(await sizes()).toBe(8); // all are half a cube away
  expect(await page.evaluate(() => bench.events.some(({ name }) => name === "plane-change"))).toBe(
    true,
  );
});

test("PlaneView: of one input it shows the curve, and what is missing from each point", async () => {
  const { page } = views;
  await page.evaluate(() => {
    bench.open("sine", [4], { output: "linear" });
  });
  const points = await page.evaluate(() => bench.data.inputs.length);
  await soon(() => countPieces(".plane-view .stage .residuals")).toBe(points);
  const curve = await page.$eval(".plane-view .stage .curve", (path) => path.getAttribute("d")!);
  expect([200, 800]).toContain(curve.split("L").length); // places from left to right; 800 once it rests
});

test("NetworkView: every bias is written, and weights have their exact numbers under the pointer", async () => {
  const { page } = views;
  await page.evaluate(() => {
    bench.open("even-odd");
    bench.train(3);
  });
  const expected = await page.evaluate(() =>
    bench.model
      .namedParameters()
      .filter(([name]) => name.endsWith("bias"))
      .map(([, { data }]) =>
        data
          .toFixed(2)
          .replace(/^-0\.00$/, "0.00")
          .replace("-", "−"),
      ),
  );
  const biases = () =>
    page.$$eval(".network-view .bias", (all) => all.map((one) => one.textContent));
  await soon(biases).toEqual(expected);
  // A third of the way from x₁ to the first neuron; the line is level there at first.
  const from = await middleOf(".network-view .input", 0);
  await page.mouse.move(from.x + 24, from.y);
  await page.waitForFunction(() =>
    document.querySelector(".network-view .read-out")!.textContent.startsWith("layers.0.neurons."),
  );
  const text = (await textOf(".network-view .read-out"))!;
  const [name] = text.split(" = ");
  const numbers = await page.evaluate((name) => {
    const [, parameter] = bench.model.namedParameters().find(([one]) => one === name)!;
    return [parameter.data, parameter.grad].map((x) => x.toFixed(4).replace("-", "−"));
  }, name!);
  expect(text).toBe(`${name} = ${numbers[0]}, gradient ${numbers[1]}`);
  await page.mouse.click(from.x + 24, from.y);
  expect(await lastEvent()).toEqual({ name: "network-select", detail: { address: name } });
});

test("NetworkView: arrow keys walk from neuron to neuron, Enter selects; its parameters are then in a table", async () => {
  const { page } = views;
  await page.evaluate(() => bench.open("even-odd"));
  await page.focus(".network-view .neuron[tabindex='0']");
  const keys: KeyInput[] = ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp"];
  for (const key of keys) await page.keyboard.press(key);
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(
    "layers.1.neurons.1",
  );
  await page.keyboard.press("Enter");
  await page.waitForSelector(".network-view .detail tr[data-address]");
  const rows = await page.$$eval(".network-view .detail tr[data-address]", (all) =>
    all.map((row) => row.getAttribute("data-address")),
  );
  expect(rows).toEqual([
    ...[0, 1, 2, 3].map((i) => `layers.1.neurons.1.weights.${i}`),
    "layers.1.neurons.1.bias",
  ]);
  await page.click(".network-view .detail [data-address$='bias'] button");
  expect(await lastEvent()).toEqual({
    name: "network-select",
    detail: { address: "layers.1.neurons.1.bias" },
  });
});

test("NetworkView.show: a selected neuron can be looked at in the plane, with its own numbers", async () => {
  const { page } = views;
  await page.evaluate(() => {
    bench.open("moons", [4]);
    bench.selected = "layers.0.neurons.2.weights.1";
    bench.show();
  });
  await page.waitForFunction(() =>
    document.querySelector(".plane-view .legend")!.textContent.startsWith("layers.0.neurons.2"),
  );
  await page.$eval(".plane-view .crosshair", (crosshair) => (crosshair as HTMLElement).focus());
  await page.keyboard.press("ArrowUp");
  const [, x1, x2, said] = /x₁ = (.*), x₂ = (.*) → layers\.0\.neurons\.2 (.*)$/.exec(
    (await textOf(".plane-view .read-out"))!,
  )!;
  const number = (text: string) => Number(text.replace("−", "-"));
  const output = await page.evaluate(
    (x) => bench.predictor.layersAt(x)[0]![2]!,
    [number(x1!), number(x2!)],
  );
  expect(number(said!)).toBeCloseTo(output, 2); // the place was read with three digits
});

test("LossView: arrow keys, Home, End and the pointer go to other steps; pointing says step and loss", async () => {
  const { page } = views;
  await page.evaluate(() => {
    bench.open("even-odd");
    bench.train(50);
    bench.edits = [{ at: 20, kind: "move" }];
    bench.show();
    bench.events.length = 0;
  });
  const seek = async (key: KeyInput) => {
    await page.keyboard.press(key);
    const event = await lastEvent();
    expect(event?.name).toBe("loss-seek");
    return (event!.detail as { step: number }).step;
  };
  await page.focus(".loss-view [role=slider]");
  expect(await seek("ArrowLeft")).toBe(49);
  expect(await seek("PageDown")).toBe(45);
  expect(await seek("Home")).toBe(0);
  const stage = await page.evaluate(() => {
    const stage = document.querySelector(".loss-view .stage")!;
    stage.scrollIntoView({ block: "center" });
    const { left, top, width } = stage.getBoundingClientRect();
    return { left: left + 52, top, width: width - 64 }; // without the margins
  });
  await page.mouse.move(stage.left + stage.width * 0.4, stage.top + 60);
  const losses = await page.evaluate(() => bench.losses.map((loss) => loss.toFixed(4)));
  expect(await textOf(".loss-view .read-out")).toBe(
    `Step 20: loss ${losses[20]}; a point was moved`,
  );
  await page.mouse.down();
  await page.mouse.move(stage.left + stage.width * 0.6, stage.top + 60);
  await page.mouse.up();
  expect(((await lastEvent())!.detail as { step: number }).step).toBe(30);
});

test("LossView: the scale may be logarithmic; an end that is no finite number is marked", async () => {
  const { page } = views;
  const labels = () =>
    page.$$eval(".loss-view .axes text[text-anchor=end]", (all) =>
      all.map((text) => text.textContent),
    );
  await page.mouse.move(0, 0);
  await page.evaluate(() => {
    bench.heldOutLosses = undefined;
    bench.losses = [100, 10, 1, 0.1, 0.01, NaN];
    bench.step = 5;
    bench.loss.log = true;
    bench.show();
  });
  await page.waitForFunction(
    () => document.querySelector(".loss-view .bad")!.getAttribute("d") !== "",
  );
  expect(await labels()).toEqual(expect.arrayContaining(["100", "10", "1", "0.1", "0.01"]));
  expect(await textOf(".loss-view .read-out")).toBe("Step 5: loss NaN");
  await page.click(".loss-view input[type=checkbox]");
  await soon(labels).toContain("0");
});

test("LossView: a million steps are drawn with few points, and each new one soon", async () => {
  const { path, best } = await views.page.evaluate(async () => {
    bench.losses = Array.from({ length: 1_000_000 }, (_, step) => 1 / (1 + step / 1000));
    bench.step = 999_999;
    bench.show();
    let best = Infinity;
    for (let i = 0; i < 5; i++) {
      bench.losses.push(0.0009);
      bench.step += 1;
      const start = performance.now();
      bench.loss.log = i % 2 === 0; // draws at once
      best = Math.min(best, performance.now() - start);
    }
    const path = document.querySelector(".loss-view .curve:not(.held-out)")!.getAttribute("d")!;
    return { path: path.split("L").length, best };
  });
  expect(path).toBeGreaterThan(100);
  expect(path).toBeLessThan(5000); // four for each column of pixels, at most
  expect(best).toBeLessThan(50); // three frames
});

test("views: all three take a fraction of a frame on the four-point net", async () => {
  const best = await views.page.evaluate(async () => {
    bench.open("even-odd");
    bench.fine = false;
    let best = Infinity;
    for (let i = 0; i < 30; i++) {
      bench.predictor.weights = Array.from(bench.predictor.weights, (weight) => weight * 1.001);
      await new Promise((done) => setTimeout(done, 20)); // so that each has its turn
      const start = performance.now();
      bench.show();
      best = Math.min(best, performance.now() - start);
    }
    bench.fine = true;
    return best;
  });
  expect(best).toBeLessThan(18); // three times 6 ms, of the 20 that a frame has
});

test("views: each has a role, a name and a description in words", async () => {
  const { page } = views;
  await page.evaluate(() => {
    bench.open("moons", [8, 8], { heldOut: 0.2 });
    bench.train(5);
  });
  await page.waitForFunction(() =>
    document
      .querySelector(".network-view")!
      .textContent.includes("with 2 inputs: layers.0 with 8 neurons"),
  );
  await page.waitForFunction(() =>
    document.querySelector(".plane-view")!.textContent.includes("of 80"),
  );
  const canvas = await page.$(".plane-view canvas[role=img]");
  const description = (element: Element) =>
    document.getElementById(element.getAttribute("aria-describedby")!)!.textContent;
  expect(await canvas!.evaluate(description)).toMatch(
    /^The network's output for x₁ from .* It is above 0 in \d+ % of the picture; .* of 80 points are on the right side, and \d+ of 20 held out\.$/,
  );
  expect(await page.$eval(".network-view[role=group][aria-label]", description)).toMatch(
    /^A network with 2 inputs: layers\.0 with 8 neurons \(tanh\), .* The largest weight is layers/,
  );
  expect(await page.$eval(".loss-view[role=group][aria-label]", description)).toMatch(
    /^The loss at steps 0 to \d+: it begins at/,
  );
});

describe("views: nothing is wrong for assistive technology, and nothing is wider than the page", () => {
  for (const theme of ["light", "dark"] as const) {
    for (const width of [1280, 390]) {
      test(`in ${theme} at ${width} pixels`, async () => {
        const { page } = views;
        await lookAt(page, { width, theme });
        for (const [name, hidden, neuron] of [
          ["even-odd", [4, 4], "layers.0.neurons.1"],
          ["moons", [32, 32], undefined],
          ["sine", [8, 8, 8, 8, 8, 8], "layers.5.neurons.7.weights.1"],
        ] as const) {
          await page.evaluate(
            (name, hidden, neuron) => {
              bench.open(name, hidden, { output: "linear", heldOut: name === "moons" ? 0.2 : 0 });
              bench.selected = neuron;
              bench.show();
            },
            name,
            [...hidden],
            neuron,
          );
          expect(await violations(page, "main")).toEqual([]);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          expect(wide).toBeLessThanOrEqual(width);
        }
        await lookAt(page, { width: 1280, theme: "light" });
      });
    }
  }
});

test("views: no errors", () => {
  expect(views.problems).toEqual([]);
});

test("views in Firefox: the map is drawn, points are edited by keyboard, the cursor moves", async () => {
  const firefox = await openViewsPage("firefox");
  try {
    const { page } = firefox;
    await openPlain(firefox);
    expect(await editByKeys(firefox)).toEqual(editedByKeys);
    await page.evaluate(() => {
      bench.open("even-odd");
      bench.train(20);
    });
    await page.focus(".loss-view [role=slider]");
    await page.keyboard.press("ArrowLeft");
    expect(await lastEvent(firefox)).toEqual({ name: "loss-seek", detail: { step: 19 } });
    const colors = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".plane-view canvas")!;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    expect(colors).toBeGreaterThan(20);
    expect(firefox.problems).toEqual([]);
  } finally {
    await firefox.close();
  }
});

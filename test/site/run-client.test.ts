// site/runs: the worker that trains and the page that follows it. Read site/runs/client.ts first.

import { compile } from "chainrule/compile";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Run } from "../../site/runs/run.ts";
import { type DataName, presets } from "../../site/runs/setup.ts";
import type { Testbed } from "./runs-entry.ts";
import { type Options, openRunsSite, type RunsSite } from "./runs-page.ts";

declare const testbed: Testbed; // in the page

const bitsOf = (numbers: Float64Array) => [...new BigUint64Array(numbers.slice().buffer)].join();

/** What a run comes to in this process. */
function expected(data: DataName, step: number) {
  const run = new Run(presets[data], { compile });
  run.advance(step);
  const { loss } = run.measure();
  return { step, loss, weights: bitsOf(run.weights()), losses: bitsOf(run.losses) };
}

/** Trains in the page, 20 steps and back to the 12th. */
const trainAndGoBack = (page: Page, data: DataName) =>
  page.evaluate(async (data) => {
    const client = new testbed.RunClient();
    await client.open(testbed.stateOf(data));
    await client.step(20);
    const { losses } = client.snapshot!;
    const all = testbed.bitsOf(losses);
    await client.goTo(12);
    const { step, loss, weights, engine, reason, isLocal } = client.snapshot!;
    client.close();
    return { step, loss, weights: testbed.bitsOf(weights), all, engine, reason, isLocal };
  }, data);

let site: RunsSite;

/** A page that is closed after the test. */
async function open(options?: Options): Promise<Page> {
  const page = await site.open(options);
  onTestFinished(() => page.close());
  return page;
}

describe("RunClient in Chromium", () => {
  beforeAll(async () => {
    site = await openRunsSite("chromium");
  });
  afterAll(() => site.close());

  test("trains in the worker by the compiler's program, with the bits of this process", async () => {
    const found = await trainAndGoBack(await open(), "moons");
    const { weights, loss } = expected("moons", 12);
    expect(found).toEqual({
      step: 12,
      loss,
      weights,
      all: expected("moons", 20).losses,
      engine: "compiled",
      reason: undefined,
      isLocal: false,
    });
  });

  test("open: a moment with changes is as in this process, gradients included", async () => {
    const run = new Run({ ...presets.circles, heldOut: 0.2 }, { compile });
    run.advance(30);
    run.edit({ kind: "add", point: { x: [0, 0], target: -1 } });
    run.advance(200);
    run.goTo(100);
    const page = await open();
    const found = await page.evaluate(async (state) => {
      const client = new testbed.RunClient();
      await client.open(state);
      const { weights, gradients, data, heldOut, heldOutLosses, accuracy } = client.snapshot!;
      const numbers = { weights: testbed.bitsOf(weights), gradients: testbed.bitsOf(gradients) };
      return { ...numbers, data, heldOut, accuracy, measured: heldOutLosses.steps.length };
    }, run.state);
    expect(found).toEqual({
      weights: bitsOf(run.weights()),
      gradients: bitsOf(run.gradients()),
      data: run.data,
      heldOut: run.heldOut,
      accuracy: run.measure().accuracy,
      measured: 101,
    });
  });

  test("play: goes on by itself, one snapshot a frame at most, and pauses within 50 ms", async () => {
    const page = await open();
    const found = await page.evaluate(async () => {
      const client = new testbed.RunClient();
      const { setup } = testbed.stateOf("moons");
      await client.open({ setup, edits: [], step: 0 });
      let snapshots = 0;
      client.subscribe(() => (snapshots += 1));
      let frames = 0;
      const frame = () => {
        frames += 1;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      const pauses = [];
      const steps = [];
      for (let i = 0; i < 3; i++) {
        const before = client.snapshot!.step;
        await client.play("full speed");
        while (client.snapshot!.step < before + 500) await testbed.wait(5);
        const start = performance.now();
        await client.pause();
        pauses.push(performance.now() - start);
        steps.push(client.snapshot!.step);
        await testbed.wait(50);
        steps.push(client.snapshot!.step);
      }
      const areFinite = client.snapshot!.losses.every(Number.isFinite);
      const isComplete = client.snapshot!.losses.length === client.snapshot!.step + 1;
      return { snapshots, frames, pauses, steps, areFinite, isComplete };
    });
    expect(Math.min(...found.pauses)).toBeLessThan(3 * 50);
    expect(found.steps[1]).toBe(found.steps[0]);
    expect(found.steps[3]).toBe(found.steps[2]);
    // One each for subscribing, playing and pausing; the others wait for a frame.
    expect(found.snapshots).toBeLessThanOrEqual(found.frames + 8);
    expect([found.areFinite, found.isComplete]).toEqual([true, true]);
  });

  test("play: stays with the steps a second that it is told", async () => {
    const page = await open();
    const found = await page.evaluate(async () => {
      const client = new testbed.RunClient();
      await client.open(testbed.stateOf("even-odd"));
      const start = performance.now();
      await client.play(50);
      await testbed.wait(1000);
      await client.pause();
      return { step: client.snapshot!.step, seconds: (performance.now() - start) / 1000 };
    });
    expect(found.step).toBeGreaterThan(5); // a loaded machine gets less
    expect(found.step).toBeLessThanOrEqual(50 * found.seconds + 1);
  });

  test("play: a page that draws nothing, as its tab is hidden, pauses by itself", async () => {
    const page = await open();
    const found = await page.evaluate(async () => {
      const client = new testbed.RunClient();
      await client.open(testbed.stateOf("even-odd"));
      const { requestAnimationFrame: draw } = window;
      const waiting: FrameRequestCallback[] = [];
      window.requestAnimationFrame = (call) => waiting.push(call); // nothing is drawn
      await client.play(100);
      await testbed.wait(1500);
      window.requestAnimationFrame = draw;
      const before = client.snapshot!.step;
      for (const call of waiting) call(0);
      while (client.snapshot!.step <= before) await testbed.wait(5);
      const seen = client.snapshot!.step;
      while (client.snapshot!.step < seen + 20) await testbed.wait(5); // and it goes on
      return seen;
    });
    expect(found).toBeLessThan(75); // of 150
  });

  test("edit: points that are dragged, added and deleted while it plays change the run", async () => {
    const page = await open();
    const found = await page.evaluate(async () => {
      const client = new testbed.RunClient();
      await client.open(testbed.stateOf("circles"));
      await client.play("full speed");
      while (client.snapshot!.step < 100) await testbed.wait(5);
      for (let i = 0; i < 30; i++) {
        await client.edit({ kind: "move", index: 3, x: [i, -i], target: 1 });
      }
      await client.edit({ kind: "add", point: { x: [9, 9], target: -1 } });
      await client.edit({ kind: "delete", index: 0 });
      const refused = await client
        .edit({ kind: "delete", index: 5000 })
        .catch((error: Error) => error.message);
      const { isPlaying } = client.snapshot!;
      const { step } = client.snapshot!;
      while (client.snapshot!.step < step + 50) await testbed.wait(5);
      await client.pause();
      const { state, losses, weights } = client.snapshot!;
      return {
        refused,
        isPlaying,
        state,
        losses: testbed.bitsOf(losses),
        weights: testbed.bitsOf(weights),
      };
    });
    expect(found.refused).toMatch(/no point number 5001/);
    expect(found.isPlaying).toBe(true);
    const run = new Run(found.state, { compile });
    expect(run.data.inputs.at(-1)).toEqual([9, 9]);
    expect(run.data.inputs[2]).toEqual([29, -29]); // 3, and the first one is gone
    expect(found.losses).toBe(bitsOf(run.losses));
    expect(found.weights).toBe(bitsOf(run.weights()));
  });

  test("a number that is not finite stops it, is named, and is undone; reset and a new seed", async () => {
    const page = await open();
    const found = await page.evaluate(async () => {
      const client = new testbed.RunClient();
      const setup = { activation: "relu", optimizer: "sgd", rate: 1e6 } as const;
      await client.open(testbed.stateOf("sine", setup));
      await client.play("full speed");
      while (client.snapshot!.problem === undefined) await testbed.wait(5);
      const { isPlaying, problem, step } = client.snapshot!;
      const undone = await client.undo();
      const after = client.snapshot!;
      await client.edit({ kind: "rate", rate: 0.01 });
      await client.step(30);
      const first = testbed.bitsOf(client.snapshot!.losses);
      await client.reset();
      const reset = client.snapshot!.step;
      await client.step(30);
      const again = testbed.bitsOf(client.snapshot!.losses);
      await client.newSeed();
      const { seed } = client.snapshot!.state.setup;
      return { isPlaying, problem, step, undone, after: after.problem, first, reset, again, seed };
    });
    expect(found.isPlaying).toBe(false);
    expect(found.problem?.step).toBe(found.step);
    expect(found.problem?.sentence).toMatch(/^Training stopped: .*(Infinity|NaN)/);
    expect(found.undone).toMatchObject({ step: 0, cause: found.problem?.sentence });
    expect(found.after).toBeUndefined();
    expect(found.again).toBe(found.first);
    expect([found.reset, found.seed]).toEqual([0, 1338]);
  });

  test("a long way is left when another step is asked for", async () => {
    const page = await open();
    const found = await page.evaluate(async () => {
      const client = new testbed.RunClient();
      await client.open(testbed.stateOf("moons"));
      const long = client.goTo(1_000_000);
      const start = performance.now();
      await client.goTo(5);
      await long;
      return { step: client.snapshot!.step, took: performance.now() - start };
    });
    expect(found.step).toBe(5);
    expect(found.took).toBeLessThan(5000);
  });

  test("where no worker can be started the page trains itself, with the same bits", async () => {
    for (const before of [
      "delete window.Worker",
      // One that cannot be loaded.
      "const Real = Worker; window.Worker = class extends Real { constructor() { super('none.js'); } };",
    ]) {
      const found = await trainAndGoBack(await open({ before }), "even-odd");
      const { weights, loss } = expected("even-odd", 12);
      expect(found).toMatchObject({ step: 12, loss, weights, engine: "compiled", isLocal: true });
    }
  });

  test("where WebAssembly is refused the engine trains, with the same bits, and says why", async () => {
    // By the policy of the page; workers have one of their own.
    const page = await open({ before: "delete window.Worker", wasm: false });
    const refused = await trainAndGoBack(page, "even-odd");
    const { weights, loss } = expected("even-odd", 12);
    expect(refused).toMatchObject({ step: 12, loss, weights, engine: "engine", isLocal: true });
    expect(refused.reason).toMatch(/Content Security Policy|wasm-unsafe-eval/i);

    // In the worker.
    const before = `const Real = Worker;
      window.Worker = class extends Real {
        constructor(url) {
          const text = "delete self.WebAssembly; importScripts(" + JSON.stringify(url) + ")";
          super(URL.createObjectURL(new Blob([text])));
        }
      };`;
    const without = await trainAndGoBack(await open({ before }), "even-odd");
    expect(without).toMatchObject({ step: 12, loss, weights, engine: "engine", isLocal: false });
    expect(without.reason).toBe("there is no WebAssembly here");
  });
});

describe("RunClient in Firefox", () => {
  let firefox: RunsSite;
  beforeAll(async () => {
    firefox = await openRunsSite("firefox");
  });
  afterAll(() => firefox.close());

  test("trains, plays and pauses in the worker, with the bits of this process", async () => {
    const page = await firefox.open();
    const found = await trainAndGoBack(page, "moons");
    const { weights, loss } = expected("moons", 12);
    const all = expected("moons", 20).losses;
    expect(found).toMatchObject({ step: 12, loss, weights, all, engine: "compiled" });
    const pauses = await page.evaluate(async () => {
      const client = new testbed.RunClient();
      await client.open(testbed.stateOf("moons"));
      const pauses = [];
      for (const goal of [300, 600, 900]) {
        await client.play("full speed");
        while (client.snapshot!.step < goal) await testbed.wait(5);
        const start = performance.now();
        await client.pause();
        pauses.push(performance.now() - start);
      }
      return pauses;
    });
    expect(Math.min(...pauses)).toBeLessThan(3 * 50);
  });
});

// How quick the debugger and the playground are, in Chromium: to show a graph, to train, to stop. Read
// page-times.mjs first.

/** @typedef {import("../scripts/browsers.mjs").Page} Page */

// What these elements have, as far as it is needed here.
/** @typedef {{ inputs: readonly Value[] }} Value */
/** @typedef {HTMLElement & { walk: { output: Value, steps: readonly { node: Value }[] } }} Debugger */
/** @typedef {HTMLElement & { show: (root: Value) => void }} Graph */
/** @typedef {HTMLElement & { snapshot?: { step: number, isPlaying: boolean } }} Playground */

/** The lecture's net on its four points, and 2-16-16-1 on a hundred, in the debugger. */
export const fourPoints = "debugger.html#run&data=even-odd&step=20";
export const moons = "debugger.html#run&data=moons&step=0";
/** The lecture's net in the playground. */
export const fourPointsInTraining = "playground.html#data=even-odd";

/**
 * How long a page of the debugger takes from the start of its scripts until its graph is shown, in ms.
 * @param {Page} page
 * @returns {Promise<number>}
 */
export async function timeOfDebugger(page) {
  await page.waitForFunction(() => performance.getEntriesByName("debugger-shown").length > 0);
  return page.evaluate(() => {
    const [start, shown] = ["debugger-start", "debugger-shown"].map(
      (name) => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN,
    );
    return (shown ?? Number.NaN) - (start ?? Number.NaN);
  });
}

/**
 * How long the live graph of such a page takes to show its graph from nothing, and to open all that is
 * folded in it, with the place of every box; the least of some tries, in ms.
 * @param {Page} page
 * @param {number} tries
 * @returns {Promise<{ open: number, openAll: number }>}
 */
export function timesOfGraph(page, tries) {
  return page.evaluate(async (tries) => {
    const { walk } = /** @type {Debugger} */ (document.querySelector("backprop-debugger"));
    const graph = /** @type {Graph} */ (document.querySelector("live-graph"));
    const [leaf] = walk.steps[0]?.node.inputs ?? [];
    const all = /** @type {HTMLElement} */ (document.querySelector(".graph-folds button"));
    if (leaf === undefined) throw new Error("the graph has no leaf");
    /** @param {() => void} act */
    const time = async (act) => {
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const start = performance.now();
      act();
      graph.getBoundingClientRect();
      return performance.now() - start;
    };
    const least = { open: Number.POSITIVE_INFINITY, openAll: Number.POSITIVE_INFINITY };
    for (let i = 0; i < tries; i++) {
      graph.show(leaf);
      least.open = Math.min(least.open, await time(() => graph.show(walk.output)));
      least.openAll = Math.min(least.openAll, await time(() => all.click()));
    }
    return least;
  }, tries);
}

/** Opens the live graph of a page of the playground, to be trained as fast as it can. @param {Page} page */
export async function openGraph(page) {
  await page.$eval(".pg-graph", (part) => {
    /** @type {HTMLDetailsElement} */ (part).open = true;
  });
  await page.waitForSelector("live-graph [data-item]");
  await page.select("[data-field=speed]", "full speed");
}

/**
 * Plays in a page of the playground: how long until the first step is drawn, how many frames a second
 * there are then, how many graphs of a new step the live graph has shown a second, how long the page is
 * busy with a frame, whatever else the machine does, and how long a pause takes to be one.
 * @param {Page} page
 * @param {number} milliseconds that are watched
 */
export async function timesOfPlay(page, milliseconds) {
  const session = await page.createCDPSession();
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
  };
  const before = await busy();
  const { drawn, seconds, ...times } = await play(page, milliseconds);
  const after = await busy();
  await session.detach();
  return { ...times, frames: drawn / seconds, busy: (after - before) / drawn };
}

/** @param {Page} page @param {number} milliseconds */
function play(page, milliseconds) {
  return page.evaluate(async (milliseconds) => {
    const playground = /** @type {Playground} */ (document.querySelector("training-playground"));
    const play = /** @type {HTMLElement} */ (document.querySelector("[data-do=play]"));
    const graph = /** @type {Graph | null} */ (document.querySelector("live-graph"));
    const frame = () => new Promise(requestAnimationFrame);
    const now = () => playground.snapshot ?? { step: 0, isPlaying: false };

    const from = now().step;
    const clicked = performance.now();
    play.click();
    while (now().step === from) await frame();
    const first = performance.now() - clicked;

    let updates = 0;
    const show = graph?.show;
    if (graph !== null) {
      graph.show = (root) => {
        updates += 1;
        show?.call(graph, root);
      };
    }
    const start = performance.now();
    let frames = 0;
    while (performance.now() - start < milliseconds) {
      await frame();
      frames += 1;
    }
    const seconds = (performance.now() - start) / 1000;
    if (graph !== null && show !== undefined) graph.show = show;

    if (!now().isPlaying) throw new Error(`it plays no longer, from step ${now().step} on`);
    const asked = performance.now();
    play.click();
    while (now().isPlaying) await new Promise((resolve) => setTimeout(resolve));
    const pause = performance.now() - asked;
    return { first, drawn: frames, seconds, updates: updates / seconds, pause };
  }, milliseconds);
}

/**
 * How long it takes to work out a heat-map of 50 by 50 for 2-16-16-1, and the places of the boxes in graphs
 * of 400 and of 5,000 nodes; the least of some tries, in ms. This needs no page.
 * @param {number} tries
 */
export async function timesWithoutPage(tries) {
  const { moduleScript } = await import("../site/build/bundle.mjs");
  const code = await moduleScript("playground/views/predictor.ts");
  const { Predictor } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const { MLP, pythonRandom, squaredError } = await import("../dist/index.js");
  const { facesOf } = await import("../dist/draw/card.js");
  const { layOut } = await import("../dist/draw/layout.js");
  const { readGraph } = await import("../dist/draw/node.js");
  const { examplesIn, foldScene } = await import("../dist/draw/scene.js");
  const { placesOf } = await import("../dist/draw/places.js");

  /** @param {() => void} act */
  const least = (act) => {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < tries; i++) {
      const start = performance.now();
      act();
      best = Math.min(best, performance.now() - start);
    }
    return best;
  };

  const network = new MLP(2, [16, 16, 1], { random: pythonRandom(1) });
  const weights = Float64Array.from(network.parameters(), ({ data }) => data);
  const predictor = new Predictor([2, 16, 16, 1], "tanh", "linear", weights);
  const middle = (/** @type {number} */ i) => -2 + (4 * (i + 0.5)) / 50;
  const grid = [
    Float64Array.from({ length: 2500 }, (_, cell) => middle(cell % 50)),
    Float64Array.from({ length: 2500 }, (_, cell) => middle(Math.floor(cell / 50))),
  ];
  const heatMap = least(() => {
    predictor.weights = weights.slice(); // else what is known would be taken
    predictor.over(grid);
  });

  /** The time for a network with so many hidden neurons, everything open. @param {number} hidden */
  const layout = (hidden) => {
    const model = new MLP(3, [hidden, hidden, 1], { random: pythonRandom(1) });
    const [output] = model.forward([1, 2, 3]);
    if (output === undefined) throw new Error("the network has an output");
    const graph = readGraph(squaredError(output, 1), "bench");
    const places = placesOf(graph);
    const scene = foldScene(graph, places, examplesIn(places), 0, "all");
    const faces = facesOf(graph, scene, true);
    return { nodes: scene.items.length, time: least(() => void layOut(scene, faces)) };
  };
  return { heatMap, small: layout(9), large: layout(38) };
}

// site/runs: setups, addresses and runs, without a browser. Read those files first.

import { compile } from "chainrule/compile";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { root, run as runProgram } from "../../scripts/set-up.mjs";
import { packText } from "../../site/cells/share-link.ts";
import { readRun, writeRun } from "../../site/runs/address.ts";
import { Checkpoints } from "../../site/runs/checkpoints.ts";
import { graphOf } from "../../site/runs/graph.ts";
import { Run } from "../../site/runs/run.ts";
import {
  activationNames,
  type Change,
  checkEdits,
  checkSetup,
  type DataName,
  dataNames,
  expectations,
  initializationNames,
  inputsOf,
  keepingPoints,
  limits,
  optimizerNames,
  parametersOf,
  presets,
  type RunState,
  type Setup,
  trainedPoints,
} from "../../site/runs/setup.ts";

/** A network that is quick, whatever the data. */
const small = (data: DataName, more: Partial<Setup> = {}): Setup => ({
  ...presets[data],
  points: 12,
  hidden: [3],
  ...more,
});

/** The bits of numbers, so that 0 is not -0 and NaN is NaN. */
const bits = (numbers: Iterable<number>) => new BigUint64Array(Float64Array.from(numbers).buffer);

/** A run that was trained straight to a step, every change made on the way. */
function straight({ setup, edits, step }: RunState): Run {
  const run = new Run(setup, { compile });
  for (const { at, ...change } of edits.filter((edit) => edit.at <= step)) {
    run.advance(at - run.step);
    run.edit(change);
  }
  run.advance(step - run.step);
  return run;
}

function expectSame(a: Run, b: Run): void {
  expect(a.step).toBe(b.step);
  expect(bits(a.weights())).toEqual(bits(b.weights()));
  expect(bits(a.losses.slice(0, a.step + 1))).toEqual(bits(b.losses.slice(0, b.step + 1)));
  expect(bits(a.gradients())).toEqual(bits(b.gradients()));
  expect(a.data).toEqual(b.data);
  expect(a.rate).toBe(b.rate);
}

describe("presets", () => {
  test.each(dataNames)("%s: five networks come to what is expected of it", (name) => {
    const { steps, accuracy, loss } = expectations[name];
    for (let seed = 1337; seed < 1342; seed++) {
      const run = new Run({ ...presets[name], seed }, { compile });
      run.advance(steps);
      const measured = run.measure();
      expect(measured.accuracy).toBe(accuracy);
      if (loss !== undefined) expect(measured.loss).toBeLessThan(loss);
    }
  });

  test("each can be trained, and says how many inputs, points and parameters it has", () => {
    for (const name of dataNames) {
      const setup = presets[name];
      expect(checkSetup(setup)).toEqual([]);
      const run = new Run(setup);
      expect(run.data.inputs.length).toBe(trainedPoints(setup));
      expect(run.data.inputs[0]).toHaveLength(inputsOf(setup));
      expect(run.weights()).toHaveLength(parametersOf(setup));
    }
    expect(parametersOf(presets["even-odd"])).toBe(41);
    expect(parametersOf(presets.moons)).toBe(337); // 2·16 + 16 + 16·16 + 16 + 16 + 1
  });

  test("the numbers are those of chainrule train", async () => {
    const options = ["--data", "moons", "--held-out", "0.2", "--epochs", "30", "--json"];
    const { code, output } = await runProgram(process.execPath, [
      `${root}/dist/cli/main.js`,
      "train",
      ...options,
    ]);
    expect(code).toBe(0);
    const told = JSON.parse(output) as Readonly<Record<"lastLoss" | "heldOutLoss", number>> & {
      losses: number[];
    };
    const run = new Run({ ...presets.moons, heldOut: 0.2 }, { compile });
    run.advance(30);
    expect(bits(run.losses)).toEqual(bits([...told.losses, told.lastLoss]));
    expect(run.measure().heldOutLoss).toBe(told.heldOutLoss);
  });
});

describe("checkSetup", () => {
  test.each<[Partial<Setup>, RegExp]>([
    [{ points: 1 }, /number of points.*from 2 to 2000, not 1/],
    [{ points: 2.5 }, /whole number/],
    [{ noise: Number.NaN }, /noise.*NaN/],
    [{ heldOut: 0.6 }, /held out.*0\.5/],
    [{ hidden: [0] }, /hidden layer 1/],
    [{ hidden: [1, 1, 1, 1, 1, 1, 1] }, /hidden layers.*6, not 7/],
    [{ hidden: [100, 100] }, /10,501 weights; 10,000 weights are the most/],
    [{ points: 2000, hidden: [60, 60] }, /2,000 points are too many/],
    [{ rate: -1 }, /learning rate/],
    [{ rate: Number.POSITIVE_INFINITY }, /learning rate/],
    [{ seed: 2 ** 32 }, /seed/],
    [{ data: "sine", loss: "hinge" }, /hinge is for targets of -1 and 1/],
    [{ data: "sine", loss: "binaryCrossEntropy" }, /from 0 to 1/],
    [{ loss: "crossEntropy" }, /loss must be one of/],
    [{ loss: "binaryCrossEntropy", output: "sigmoid" }, /its own sigmoid/],
    [{ data: "own", own: undefined }, /at least one point/],
    [{ data: "own", own: [{ x: [], target: 1 }] }, /number of inputs.*not 0/],
    [
      {
        data: "own",
        own: [
          { x: [1, 2], target: 1 },
          { x: [1], target: 1 },
        ],
      },
      /Point 2.*2 inputs/,
    ],
    [{ data: "own", own: [{ x: [1, 1e9], target: 1 }] }, /Point 1.*1000000/],
    [{ data: "own", heldOut: 0.5, own: [{ x: [1], target: 1 }] }, /at least two points/],
  ])("%j is refused in words", (change, words) => {
    const setup = { ...presets.moons, ...change };
    expect(checkSetup(setup).join(" ")).toMatch(words);
    expect(() => new Run(setup)).toThrow(words);
  });
});

describe("Run", () => {
  test.each([...dataNames])("%s: compiled and by the engine it has the same bits", (data) => {
    const setup = small(data, { heldOut: 0.25 });
    const [compiled, engine] = [new Run(setup, { compile }), new Run(setup)];
    expect([compiled.engine, engine.engine]).toEqual(["compiled", "engine"]);
    for (const run of [compiled, engine]) {
      run.advance(20);
      run.edit({ kind: "add", point: { x: Array(inputsOf(setup)).fill(0.5), target: 1 } });
      run.edit({ kind: "rate", rate: 0.03 });
      run.advance(20);
    }
    expectSame(compiled, engine);
    expect(compiled.measure()).toEqual(engine.measure());
    expect(compiled.heldOutLosses).toEqual(engine.heldOutLosses);
  });

  test.each([...optimizerNames])(
    "%s: goTo gives the bits of training straight to there",
    (name) => {
      const setup = small("moons", { optimizer: name, rate: 0.05, heldOut: 0.25 });
      const run = new Run(setup, { compile });
      run.advance(150);
      run.edit({ kind: "move", index: 2, x: [0.3, -0.4], target: 1 });
      run.advance(75);
      run.edit({ kind: "rate", rate: 0.01 });
      run.edit({ kind: "delete", index: 0 });
      run.advance(275);
      const { edits } = run;
      const known = run.losses.slice();
      // Across changes, to checkpoints (multiples of 64) and beside them, forward, back, to the very end.
      for (const step of [499, 500, 150, 149, 151, 0, 225, 224, 64, 63, 448, 450, 447, 3, 600]) {
        run.goTo(step);
        expectSame(run, straight({ setup, edits, step }));
        expect(bits(run.losses.slice(0, 501))).toEqual(bits(known));
      }
    },
  );

  test("any run: compiled and by the engine it has the same bits, and so has any way to a step", () => {
    const setups = fc.record({
      data: fc.constantFrom<DataName>("xor", "cube", "sine", "moons", "own"),
      hidden: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
      activation: fc.constantFrom(...activationNames),
      output: fc.constantFrom(...activationNames),
      init: fc.constantFrom(...initializationNames),
      loss: fc.constantFrom<Setup["loss"]>(
        "meanSquaredError",
        "squaredError",
        "huber",
        "absoluteError",
      ),
      optimizer: fc.constantFrom(...optimizerNames),
      rate: fc.constantFrom(0, 0.01, 0.3, 50, 1e7),
      seed: fc.integer({ min: 0, max: 1e6 }),
    });
    const ways = fc.array(fc.integer({ min: 0, max: 80 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(setups, ways, ({ data, ...more }, way) => {
        const setup = small(data, { points: 5, ...more });
        const [compiled, engine] = [new Run(setup, { compile }), new Run(setup)];
        expect(compiled.engine).toBe("compiled");
        for (const step of way) {
          for (const run of [compiled, engine]) run.goTo(step);
          expectSame(compiled, engine);
          expect(compiled.problem).toEqual(engine.problem);
        }
        const { step } = compiled;
        expectSame(compiled, straight({ setup, edits: [], step }));
      }),
      { numRuns: 60 },
    );
  });

  test("goTo: the same by the engine alone", () => {
    const setup = small("moons", { optimizer: "adam" });
    const run = new Run(setup);
    run.advance(70);
    run.edit({ kind: "delete", index: 0 });
    run.advance(30);
    for (const step of [80, 69, 70, 66, 1]) {
      run.goTo(step);
      expectSame(run, straight({ setup, edits: run.edits, step }));
    }
  });

  test("goTo: after many steps only every other checkpoint is kept, and all steps can be had", () => {
    const setup = small("xor");
    const run = new Run(setup, { compile });
    run.advance(140_000); // 1,024 checkpoints with 64 steps between reach to 65,472
    const last = run.weights();
    run.goTo(99_999);
    const there = run.weights();
    run.goTo(99_998);
    run.advance(1);
    expect(bits(run.weights())).toEqual(bits(there));
    run.goTo(140_000);
    expect(bits(run.weights())).toEqual(bits(last));
  });

  test("reset: the same losses come again, changes included", () => {
    const run = new Run(small("moons"), { compile });
    run.advance(30);
    run.edit({ kind: "add", point: { x: [0, 0], target: -1 } });
    run.advance(30);
    const losses = run.losses.slice();
    const weights = run.weights();
    run.reset();
    expect(run.step).toBe(0);
    run.advance(60);
    expect(bits(run.losses)).toEqual(bits(losses));
    expect(bits(run.weights())).toEqual(bits(weights));
  });

  test("graph: the loss has the bits of losses[step], backward those of the step's gradients", () => {
    for (const options of [{ compile }, {}]) {
      const setup = small("moons", { optimizer: "momentum", rate: 0.05 });
      const run = new Run(setup, options);
      let velocities: number[] = [];
      for (let step = 0; step < 20; step++) {
        const { model, loss } = run.graph();
        expect(bits([loss.data])).toEqual(bits([run.losses[step]!]));
        loss.backward();
        const parameters = model.parameters();
        const gradients = parameters.map(({ grad }) => grad);
        expect(bits(run.gradients())).toEqual(bits(gradients));

        // By these gradients the weights of the next step come about: w -= 0.05 v.
        velocities = gradients.map((g, i) => (step === 0 ? g : 0.9 * velocities[i]! + g));
        run.advance(1);
        const weights = parameters.map(({ data }, i) => data - 0.05 * velocities[i]!);
        expect(bits(run.weights())).toEqual(bits(weights));
      }
    }
  });

  test("graph: parameters are called as in namedParameters, and nodes know their point", () => {
    const run = new Run(presets["even-odd"], { compile });
    run.advance(3);
    const { model, loss } = run.graph();
    expect(model.namedParameters().map(([name, { label }]) => name === label)).not.toContain(false);
    const { origin } = loss.inputs[0]!.inputs[1]!; // the mean is a sum divided; the last one added
    expect(origin.example).toBe(3);
    const again = graphOf(run.state, run.weights());
    expect(bits([again.loss.data])).toEqual(bits([loss.data]));
  });

  test("edit: a point counts from its step on and not before", () => {
    const changes: Change[] = [
      { kind: "add", point: { x: [0.1, 0.2], target: 1 } },
      { kind: "move", index: 3, x: [1.5, -0.5], target: -1 },
      { kind: "delete", index: 5 },
      { kind: "rate", rate: 0.2 },
    ];
    const setup = small("moons", { loss: "meanSquaredError", activation: "tanh" });
    for (const change of changes) {
      const untouched = new Run(setup, { compile });
      untouched.advance(40);
      const run = new Run(setup, { compile });
      run.advance(20);
      run.edit(change);
      run.advance(20);
      const same = [...run.losses].map((loss, i) => Object.is(loss, untouched.losses[i]));
      // A point changes the loss at its step; the rate changes the step, and so the loss after it.
      const first = change.kind === "rate" ? 21 : 20;
      expect(same.slice(0, first)).not.toContain(false);
      expect(same.slice(first)).not.toContain(true);
      run.goTo(19);
      expect(run.data).toEqual(untouched.data);
    }
  });

  test("edit: forgets what came later, and what was changed later", () => {
    const run = new Run(small("moons"), { compile });
    run.advance(200);
    run.edit({ kind: "delete", index: 0 });
    run.advance(100);
    run.goTo(100);
    expect(run.losses).toHaveLength(301);
    expect(run.edits).toHaveLength(1);
    run.edit({ kind: "rate", rate: 0.01 });
    expect(run.losses).toHaveLength(101);
    expect(run.edits).toEqual([{ at: 100, kind: "rate", rate: 0.01 }]);
    run.advance(150);
    expectSame(run, straight(run.state));
    run.goTo(130); // from the checkpoint at 128, which is not that of before
    expectSame(run, straight(run.state));
  });

  test("edit: a point that is dragged within one step is one change, and so is a rate", () => {
    const run = new Run(small("moons"), { compile });
    run.advance(5);
    for (let i = 0; i < 50; i++) run.edit({ kind: "move", index: 1, x: [i, 0], target: 1 });
    for (const rate of [0.1, 0.2, 0.3]) run.edit({ kind: "rate", rate });
    run.edit({ kind: "move", index: 2, x: [0, 1], target: 1 });
    expect(run.edits).toEqual([
      { at: 5, kind: "move", index: 1, x: [49, 0], target: 1 },
      { at: 5, kind: "rate", rate: 0.3 },
      { at: 5, kind: "move", index: 2, x: [0, 1], target: 1 },
    ]);
    expect(run.data.inputs[1]).toEqual([49, 0]);
  });

  test("edit: what cannot be is refused with a sentence, and changes nothing", () => {
    const run = new Run(small("xor"), { compile });
    const before = run.losses[0];
    const wrong: [Change, RegExp][] = [
      [{ kind: "add", point: { x: [1], target: 1 } }, /2 inputs, not 1/],
      [{ kind: "add", point: { x: [1, Number.NaN], target: 1 } }, /NaN/],
      [{ kind: "add", point: { x: [1, 1], target: 0.5 } }, /-1 or 1/],
      [{ kind: "move", index: 4, x: [0, 0], target: 1 }, /no point number 5.*from 1 to 4/],
      [{ kind: "delete", index: -1 }, /no point number 0/],
      [{ kind: "rate", rate: -0.1 }, /learning rate/],
    ];
    for (const [change, words] of wrong) expect(() => run.edit(change)).toThrow(words);
    expect([run.edits, run.losses[0]]).toEqual([[], before]);
    for (const _ of [1, 2, 3]) run.edit({ kind: "delete", index: 0 });
    expect(() => run.edit({ kind: "delete", index: 0 })).toThrow(/last point has to stay/);
  });

  test("newSeed: other weights, the same points and the rate of now", () => {
    const run = new Run(small("moons", { heldOut: 0.25 }), { compile });
    run.advance(10);
    run.edit({ kind: "add", point: { x: [7, 7], target: 1 } });
    run.edit({ kind: "rate", rate: 0.02 });
    const all = ({ data, heldOut }: Run) => [...data.inputs, ...(heldOut?.inputs ?? [])].sort();
    const before = all(run);
    run.newSeed();
    expect([run.step, run.setup.seed, run.rate]).toEqual([0, 1338, 0.02]);
    expect(all(run)).toEqual(before);
    run.advance(100);
    expectSame(run, straight(run.state));
  });

  test("keepingPoints: without changed points the setup stays as it is", () => {
    const setup = small("moons");
    const { data } = new Run(setup);
    expect(keepingPoints(setup, [{ at: 3, kind: "rate", rate: 1 }], data, undefined)).toBe(setup);
  });

  test("advance: stops at the first number that is not finite, which is named; undo goes back", () => {
    for (const options of [{ compile }, {}]) {
      const setup = small("sine", { activation: "relu", optimizer: "sgd", rate: 0.05 });
      const run = new Run(setup, options);
      run.advance(5);
      run.edit({ kind: "rate", rate: 1e6 });
      const made = run.advance(1000);
      expect(made).toBeLessThan(200);
      const { problem } = run;
      expect(problem?.step).toBe(run.step);
      expect(problem?.sentence).toMatch(/Infinity|NaN/);
      expect(problem?.sentence).toContain(`at step ${run.step}`);
      expect(run.advance(1)).toBe(0);

      // The node that it names is the first of this graph that is not finite.
      const { loss } = run.graph();
      expect(Number.isFinite(loss.data)).toBe(false);
      const bad = everyNode(loss).filter(({ data }) => !Number.isFinite(data));
      const first = bad.find(({ inputs }) => inputs.every(({ data }) => Number.isFinite(data)))!;
      expect(problem?.sentence).toContain(`${first.op}(`);
      expect(problem?.node).toMatch(/^#\d+$/);

      // Back to where the loss began to grow, which is where the rate was changed.
      const undone = run.undo();
      expect(run.problem).toBeUndefined();
      expect(undone?.cause).toBe(problem?.sentence);
      expect(undone?.step).toBe(run.step);
      expect(run.step).toBeLessThanOrEqual(5);
      expect(undone?.rate).toBeLessThanOrEqual(0.05);
      run.edit({ kind: "rate", rate: undone!.rate });
      expect(run.advance(50)).toBe(50);
    }
  });

  test("advance: the same problem compiled and by the engine, at the same step", () => {
    const problems = (setup: Setup) =>
      [{ compile }, {}].map((options) => {
        const run = new Run(setup, options);
        run.advance(300);
        return [run.problem, bits(run.losses), bits(run.weights())];
      });
    for (const rate of [1e3, 1e6, 1e12]) {
      for (const optimizer of optimizerNames) {
        for (const activation of ["relu", "tanh", "softplus"] as const) {
          const setup = small("sine", { optimizer, rate, activation, points: 4 });
          const [compiled, engine] = problems(setup);
          expect(compiled).toEqual(engine);
        }
      }
    }
  });

  test("advance: a weight that is not finite is named, and the step is not made", () => {
    // The gradient of 1e6 squared is about 1e6 · 1e6; times a rate of 1e12, twice, it goes on growing.
    const own = [{ x: [1e6], target: 1e6 }];
    const setup: Setup = { ...presets.own, own, hidden: [], loss: "squaredError", rate: 1e12 };
    const run = new Run({ ...setup, optimizer: "sgd" }, { compile });
    run.advance(100);
    expect(run.problem?.sentence).toMatch(/Infinity|NaN/);
    expect([...run.weights()].every(Number.isFinite)).toBe(true);
    run.undo();
    expect(run.losses[run.step]).toBeLessThan(Number.POSITIVE_INFINITY);
  });

  test("reason: says why the engine makes the steps where WebAssembly is refused", () => {
    const { WebAssembly } = globalThis;
    try {
      Reflect.deleteProperty(globalThis, "WebAssembly");
      const run = new Run(small("xor"), { compile });
      expect([run.engine, run.reason]).toEqual(["engine", "there is no WebAssembly here"]);
      run.advance(10);
      const engine = new Run(small("xor"));
      engine.advance(10);
      expectSame(run, engine);
    } finally {
      Object.assign(globalThis, { WebAssembly });
    }
  });

  test("heldOutLosses: measured at every step at first, then at about every hundredth of all", () => {
    const run = new Run(small("moons", { heldOut: 0.25 }), { compile });
    run.advance(1000);
    const { steps, losses } = run.heldOutLosses;
    expect(steps.slice(0, 257)).toEqual(Array.from({ length: 257 }, (_, i) => i));
    expect(steps.slice(257, 260)).toEqual([258, 260, 262]); // then 512, 516, …
    expect(steps.at(-1)).toBe(1000);
    expect(steps).toHaveLength(257 + 128 + 122);
    run.goTo(steps[300]!);
    expect(run.measure().heldOutLoss).toBe(losses[300]);
  });
});

describe("Checkpoints", () => {
  const at = (step: number) => ({ step, numbers: new Float64Array(0) });

  test("every 64th step is kept; when there are too many, every other one of them goes", () => {
    const checkpoints = new Checkpoints(1e6); // 8 MB each: as few as there may be, 32
    for (let step = 0; step <= 32 * 64; step++) {
      if (checkpoints.wants(step)) checkpoints.keep(at(step));
      if (step === 31 * 64 + 1) expect(checkpoints.before(step).step).toBe(31 * 64);
    }
    expect(checkpoints.before(191).step).toBe(128);
    expect([0, 127, 128].map((step) => checkpoints.next(step))).toEqual([128, 128, 256]);
    checkpoints.cut(300);
    expect(checkpoints.before(1e6).step).toBe(256);
  });

  test("the last forty steps near another one are kept beside", () => {
    const checkpoints = new Checkpoints(10);
    checkpoints.keep(at(0));
    for (let step = 1; step <= 50; step++) checkpoints.keepNear(at(step));
    expect([9, 10, 11, 50, 60].map((step) => checkpoints.before(step).step)).toEqual([
      0, 0, 11, 50, 50,
    ]);
    checkpoints.cut(20);
    expect(checkpoints.before(60).step).toBe(20);
  });
});

describe("writeRun and readRun", () => {
  const roundTrip = async (state: RunState) => {
    const { state: read, problems } = await readRun(`#run&${await writeRun(state)}&at=3&node=x`);
    expect(problems).toEqual([]);
    return read;
  };

  test("what is as in the preset is left out", async () => {
    const state = { setup: presets.moons, edits: [], step: 0 };
    expect(await writeRun(state)).toBe("data=moons");
    const other = { ...presets.moons, hidden: [8, 8], seed: 7, heldOut: 0.2 };
    expect(await writeRun({ setup: other, edits: [], step: 250 })).toBe(
      "data=moons&held-out=0.2&hidden=8,8&seed=7&step=250",
    );
    const linear = { ...presets.xor, hidden: [], optimizer: "adam", rate: 0.05 } as const;
    expect(await writeRun({ setup: linear, edits: [], step: 0 })).toBe(
      "data=xor&hidden=none&optimizer=adam", // its usual rate is 0.05
    );
  });

  test("a moment of a run opens as it was, in a fresh run, to the last bit", async () => {
    const run = new Run(small("moons", { heldOut: 0.25, optimizer: "nesterov" }), { compile });
    run.advance(30);
    run.edit({ kind: "add", point: { x: [0.1 + 0.2, -1e-300], target: -1 } });
    run.edit({ kind: "rate", rate: 0.1 / 3 });
    run.advance(30);
    run.edit({ kind: "delete", index: 1 });
    run.advance(17);
    const state = await roundTrip(run.state);
    expect(state).toEqual(run.state);
    expectSame(new Run(state, { compile }), run);
  });

  test("own points come back as they were", async () => {
    const own = Array.from({ length: 300 }, (_, i) => ({ x: [i / 7, -i], target: i / 3 }));
    const setup: Setup = { ...presets.own, own, loss: "huber" };
    expect(await roundTrip({ setup, edits: [], step: 0 })).toEqual({ setup, edits: [], step: 0 });
  });

  test("any setup comes back as it was", async () => {
    const setups = fc.record({
      data: fc.constantFrom(...dataNames),
      hidden: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 3 }),
      rate: fc.double({ min: 0, max: 10, noNaN: true }),
      noise: fc.double({ min: 0, max: 3, noNaN: true }),
      optimizer: fc.constantFrom(...optimizerNames),
      seed: fc.integer({ min: 0, max: limits.seed }),
      points: fc.integer({ min: 2, max: 200 }),
    });
    await fc.assert(
      fc.asyncProperty(setups, async ({ data, points, noise, ...others }) => {
        const drawn = data === "moons" || data === "sine" ? { points, noise } : {};
        const setup = { ...presets[data], ...others, ...drawn };
        const { setup: read } = await roundTrip({ setup, edits: [], step: 9 });
        expect(bits([read.rate, read.noise])).toEqual(bits([setup.rate, setup.noise]));
        expect(read).toEqual(setup);
      }),
      { numRuns: 200 },
    );
  });

  test.each<[string, RegExp]>([
    ["data=mnist", /data: expected one of even-odd.*got "mnist"/],
    ["data=moons&points=1e99", /points: expected a whole number from 2 to 2000/],
    ["data=moons&points=-5", /points/],
    ["data=moons&points=0x10", /points/],
    ["data=moons&hidden=1,,2", /hidden/],
    [`data=moons&hidden=${"9,".repeat(5000)}9`, /hidden: .*…"/],
    ["data=moons&hidden=100,100", /10,501 weights/],
    ["data=moons&rate=Infinity", /rate: expected a number/],
    ["data=moons&rate=1e999", /rate/],
    ["data=moons&activation=__proto__", /activation: expected one of/],
    ["data=moons&loss=constructor", /loss/],
    ["data=sine&loss=hinge", /hinge/],
    ["data=moons&step=99999999", /step: expected a whole number from 0 to 1000000/],
    ["data=moons&step=%00", /step/],
    ["data=own&own=%%%", /own: this part of the address is damaged/],
    ["data=own&own=AAAA", /own/],
    ["data=moons&changes=!", /changes: this part of the address is damaged/],
    ["data=moons&seed=<script>alert(1)</script>", /seed: .*"<script>/],
  ])("%.60s: is told, and there is a run all the same", async (text, words) => {
    const { state, problems } = await readRun(text);
    expect(problems.join(" ")).toMatch(words);
    expect(problems.join(" ").length).toBeLessThan(600);
    expect(() => new Run({ ...state, step: 0 })).not.toThrow();
  });

  test.each<[string, unknown]>([
    ["no list", { length: 3 }],
    ["rows that are none", [1, 2, 3]],
    ["too long rows", [Array(99).fill(1)]],
    ["objects", [[{ valueOf: 1 }]]],
    ["no such kind", [[0, "explode", 1]]],
    [
      "a step before the last",
      [
        [5, "delete", 0],
        [4, "delete", 0],
      ],
    ],
    ["no such point", [[0, "delete", 12]]],
    ["a step that is none", [["0", "delete", 0]]],
    ["a point without numbers", [[0, "add"]]],
    ["texts for numbers", [[0, "add", "1", "2", "3"]]],
    ["more points than there may be", Array(2001).fill([0, "add", 0, 0, 1])],
    [
      "half of them right",
      [
        [0, "delete", 0],
        [0, "rate", -1],
      ],
    ],
  ])("changes: %s are told, and there is a run all the same", async (_, rows) => {
    const packed = await packText(JSON.stringify(rows));
    const { state, problems } = await readRun(`data=moons&points=12&changes=${packed}`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^changes: /);
    expect(checkEdits(state.setup, state.edits).problem).toBeUndefined();
    expect(() => new Run(state)).not.toThrow();
  });

  test("a packed part that unpacks to a hundred times its size is not unpacked", async () => {
    const packed = await packText(`[${"[0,0,1],".repeat(100_000)}[0,0,1]]`);
    expect(packed.length).toBeLessThan(4000);
    const { problems } = await readRun(`data=own&own=${packed}`);
    expect(problems.join()).toMatch(/more of them than an address may carry/);
  });

  test("any text at all is survived", async () => {
    const words = fc.constantFrom(
      "data",
      "own",
      "changes",
      "hidden",
      "=",
      "&",
      "%",
      "moons",
      "9",
      ",",
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(words).map((parts) => parts.join("")),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const { state } = await readRun(text);
        expect(checkSetup(state.setup)).toEqual([]);
      }),
    );
  });
});

interface Node {
  readonly op: string;
  readonly data: number;
  readonly inputs: readonly Node[];
}

function everyNode(root: Node): Node[] {
  const found = new Set([root]);
  for (const { inputs } of found) for (const input of inputs) found.add(input);
  return [...found];
}

// Exact mode is the engine, bit for bit: two nets over many steps, random graphs of all operations
// at all awkward points, and random nets whose layers are recovered or not.

import fc from "fast-check";
import { expect, test } from "vitest";
import { compile, type Program } from "../../src/compile/program.ts";
import { mean, sum } from "../../src/functions.ts";
import { hinge, squaredError } from "../../src/losses.ts";
import { MLP } from "../../src/nn.ts";
import { SGD } from "../../src/optim.ts";
import { pythonRandom } from "../../src/random.ts";
import { Value } from "../../src/value.ts";
import {
  allFinite,
  bricks,
  byEngine,
  byModule,
  byProgram,
  drawnGraph,
  drawnNet,
  type Findings,
  graphSpecimen,
  netSpecimen,
  type Specimen,
} from "./zoo.ts";

const STEPS = 256;
const GRAPHS = 1300;
const NETS = 200;

/** Where two lists of numbers differ in their bits, NaN being NaN; "" if nowhere. */
function difference(got: readonly number[], wanted: readonly number[]): string {
  if (got.length !== wanted.length) return `${got.length} numbers instead of ${wanted.length}`;
  const i = wanted.findIndex((x, k) => !Object.is(x, got[k]));
  return i < 0 ? "" : `number ${i} is ${got[i]} instead of ${wanted[i]}`;
}

function expectSame(got: Findings, wanted: Findings, whose: string): void {
  expect(difference(got.losses, wanted.losses), `${whose}: losses`).toBe("");
  expect(difference([got.loss], [wanted.loss]), `${whose}: mean loss`).toBe("");
  expect(difference(got.gradients, wanted.gradients), `${whose}: gradients`).toBe("");
}

const penalty = (ps: Value[]) => sum(ps.map((p) => p.mul(p))).mul(1e-4);
const nets = [
  {
    title: "moons, 2-16-16-1, relu, hinge, regularizer",
    make: () => new MLP(2, [16, 16, 1], { activation: "relu", random: pythonRandom(1) }),
    inputs: 2,
    loss: hinge,
    regularizer: penalty,
    count: 53,
  },
  {
    title: "four points, 3-4-4-1, tanh, squared error",
    make: () =>
      new MLP(3, [4, 4, 1], { activation: "tanh", output: "tanh", random: pythonRandom(2) }),
    inputs: 3,
    loss: squaredError,
    regularizer: undefined,
    count: 4,
  },
] as const;

for (const { title, make, inputs, loss, regularizer, count } of nets) {
  test(`Program.gradient, Program.train: ${STEPS} steps of ${title} are the engine's`, () => {
    const random = pythonRandom(3);
    const xs = Array.from({ length: count }, () =>
      Array.from({ length: inputs }, () => random.uniform(-1, 1)),
    );
    const ts = xs.map(([a, b]) => (a * b > 0 ? 1 : -1));
    const [byHand, stepped, trained] = [make(), make(), make()];
    const programs = [stepped, trained].map((model) =>
      compile((x, t) => loss(model.forward(x), t), { parameters: model, inputs, regularizer }),
    );
    expect(programs[0].reason).toBeUndefined();
    expect(programs.map(({ path }) => path)).toEqual(["layers", "layers"]);
    const [engine, compiled, inside] = [byHand, stepped, trained].map(
      (model) => new SGD(model.parameters(), { rate: 0.05 }),
    );
    const losses: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      byHand.zeroGrad();
      const whole = mean(xs.map((x, i) => loss(byHand.forward(x), ts[i])));
      whole.backward();
      const more = regularizer?.(byHand.parameters());
      more?.backward();
      losses.push(more === undefined ? whole.data : whole.data + more.data);
      engine.step();

      const got = programs[0].gradient(xs, ts);
      compiled.step();
      expect(difference([got], losses.slice(-1)), `the loss of step ${step}`).toBe("");
      expect(difference(numbersOf(stepped), numbersOf(byHand)), `step ${step}`).toBe("");
    }
    const training = programs[1].train(xs, ts, { optimizer: inside, steps: STEPS });
    expect(difference([...training.losses], losses)).toBe("");
    expect(difference(numbersOf(trained), numbersOf(byHand))).toBe("");
    expect(new Set(losses).size).toBeGreaterThan(STEPS / 2); // it did learn
  });
}

const numbersOf = (model: MLP): number[] => model.parameters().map(({ data }) => data);

const graphs = { finite: 0, infinite: 0, asked: 0, titles: new Map<string, number>() };

/** Compares the program and its module with the engine, whose findings it returns. */
function compareGraph(program: Program, specimen: Specimen): Findings {
  const wanted = byEngine(specimen);
  expectSame(byProgram(program, specimen), wanted, "program");
  const rows = program.targets === 0 ? [] : specimen.targets;
  const loss = program.loss(specimen.inputs, rows);
  expect(difference([loss], [wanted.loss]), "loss").toBe("");
  const raw = byModule(program, specimen)!; // it is compiled
  expect(difference(raw.losses, wanted.losses), "module: losses").toBe("");
  if (allFinite(raw)) expectSame(raw, wanted, "module");
  else if (allFinite(wanted)) graphs.asked += 1;
  return wanted;
}

test(`Program.gradient: the engine's bits in ${GRAPHS} random graphs of all operations`, () => {
  fc.assert(
    fc.property(drawnGraph, (drawn) => {
      const titles = new Set<string>();
      const specimen = graphSpecimen(drawn, (title) => titles.add(title));
      const program = compile(specimen.loss, specimen.options);
      expect(program.reason).toBeUndefined(); // it is compiled, one way or another
      const wanted = compareGraph(program, specimen);
      if (!allFinite(wanted)) graphs.infinite += 1;
      // Once more with the examples whose numbers are all finite.
      const finite = specimen.inputs.flatMap((x, i) => {
        const only = { ...specimen, inputs: [x], targets: [specimen.targets[i]] };
        return allFinite(byEngine(only)) ? [i] : [];
      });
      if (finite.length === 0) return;
      const inputs = finite.map((i) => specimen.inputs[i]);
      const targets = finite.map((i) => specimen.targets[i]);
      if (!allFinite(compareGraph(program, { ...specimen, inputs, targets }))) return;
      graphs.finite += 1;
      for (const title of titles) graphs.titles.set(title, (graphs.titles.get(title) ?? 0) + 1);
    }),
    { seed: 20260401, numRuns: GRAPHS },
  );
});

test("random graphs: at least 1,000 are finite, and of these few had to ask the engine", () => {
  expect(graphs.finite).toBeGreaterThanOrEqual(1000);
  expect(graphs.infinite).toBeGreaterThanOrEqual(50);
  expect(graphs.asked).toBeLessThan(0.03 * graphs.finite);
});

test.each(bricks)("random graphs: $title is in at least 25 of the finite ones", ({ title }) => {
  expect(graphs.titles.get(title) ?? 0).toBeGreaterThanOrEqual(25);
});

const paths = new Map<string, number>();

test(`Program.gradient, Program.predict: the engine's bits in ${NETS} random nets`, () => {
  fc.assert(
    fc.property(drawnNet, (drawn) => {
      const specimen = netSpecimen(drawn);
      const program = compile(specimen.loss, specimen.options);
      expect(program.reason).toBeUndefined();
      paths.set(program.path, (paths.get(program.path) ?? 0) + 1);
      const wanted = byEngine(specimen);
      expect(allFinite(wanted)).toBe(true);
      expectSame(byProgram(program, specimen), wanted, "program");
      const raw = byModule(program, specimen);
      if (raw !== undefined) expectSame(raw, wanted, "module");
      const outputs = specimen.inputs.flatMap((x) => specimen.options.predict!(toValues(x)));
      const predictions = program.predict(specimen.inputs);
      const numbers = outputs.map((output) => (output as Value).data);
      expect(difference([...predictions], numbers), "predictions").toBe("");
    }),
    { seed: 20260402, numRuns: NETS },
  );
});

test("random nets: layers are recovered in at least a third of them", () => {
  expect(paths.get("layers") ?? 0).toBeGreaterThanOrEqual(NETS / 3);
  expect(paths.get("straight") ?? 0).toBeGreaterThanOrEqual(NETS / 10);
});

const toValues = (numbers: readonly number[]) => numbers.map((x) => new Value(x));

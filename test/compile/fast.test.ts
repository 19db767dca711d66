// Fast mode adds up in another order than the engine: within 1e-12 of the sum of the sizes of all
// terms. Fused multiply-add is nearer to the truth, and so a little further from the engine.

import fc from "fast-check";
import { expect, test } from "vitest";
import { hasFused } from "../../src/compile/machine.ts";
import { compile, type Program } from "../../src/compile/program.ts";
import {
  allFinite,
  byEngine,
  byProgram,
  drawnGraph,
  drawnNet,
  type Findings,
  graphSpecimen,
  netSpecimen,
  type Specimen,
  sizesOfGradients,
} from "./zoo.ts";

const GRAPHS = 300;
const NETS = 100;
const counts = { finite: 0, other: 0, layers: 0, fused: 0 };

/** Compares with the engine; returns whether any bit differs. */
function compare(program: Program, specimen: Specimen, wanted: Findings, share: number): boolean {
  const got = byProgram(program, specimen);
  const sizes = sizesOfGradients(specimen);
  got.gradients.forEach((gradient, i) => {
    const apart = Math.abs(gradient - wanted.gradients[i]);
    if (!(apart <= share * sizes[i])) {
      expect.fail(
        `gradient ${i} is ${gradient}, not ${wanted.gradients[i]}: ${apart / sizes[i]} of its terms`,
      );
    }
  });
  const sum = wanted.losses.reduce((total, loss) => total + Math.abs(loss), Math.abs(wanted.loss));
  expect(Math.abs(got.loss - wanted.loss)).toBeLessThanOrEqual(share * sum);
  got.losses.forEach((loss, i) => {
    const size = 1 + Math.abs(wanted.losses[i]);
    // each loss is computed as the engine does, unless multiply-adds are fused
    if (program.mode === "fast") expect(Object.is(loss, wanted.losses[i])).toBe(true);
    else expect(Math.abs(loss - wanted.losses[i])).toBeLessThanOrEqual(share * size);
  });
  return got.gradients.some((gradient, i) => gradient !== wanted.gradients[i]);
}

test(`Program.gradient: fast mode is near the engine in ${GRAPHS} random graphs`, () => {
  fc.assert(
    fc.property(drawnGraph, (drawn) => {
      const specimen = graphSpecimen(drawn, () => {});
      const wanted = byEngine(specimen);
      const program = compile(specimen.loss, { ...specimen.options, mode: "fast" });
      if (allFinite(wanted) && sizesOfGradients(specimen).every(Number.isFinite)) {
        counts.finite += 1;
        if (compare(program, specimen, wanted, 1e-12)) counts.other += 1;
      } else if (!wanted.losses.every(Number.isFinite)) {
        // not finite: the same numbers, since the engine is asked
        expect(byProgram(program, specimen)).toEqual(wanted);
      }
    }),
    { seed: 20260403, numRuns: GRAPHS },
  );
  expect(counts.finite).toBeGreaterThan(GRAPHS / 4);
  expect(counts.other).toBeGreaterThan(20);
});

test(`Program.gradient: fast mode is near the engine in ${NETS} random nets`, () => {
  fc.assert(
    fc.property(drawnNet, (drawn) => {
      const specimen = netSpecimen(drawn);
      const wanted = byEngine(specimen);
      const program = compile(specimen.loss, { ...specimen.options, mode: "fast" });
      expect(program.reason).toBeUndefined();
      expect(program.mode).toBe("fast");
      if (program.path === "layers") counts.layers += 1;
      compare(program, specimen, wanted, 1e-12);
    }),
    { seed: 20260404, numRuns: NETS },
  );
  expect(counts.layers).toBeGreaterThan(NETS / 3);
});

test(`Program.gradient: fused multiply-add is near the engine in ${NETS} random nets`, () => {
  fc.assert(
    fc.property(drawnNet, (drawn) => {
      const smooth = { ...drawn, activation: "tanh", output: "tanh", regularizer: "all" } as const;
      const specimen = netSpecimen({ ...smooth, loss: "squared" });
      const wanted = byEngine(specimen);
      const program = compile(specimen.loss, { ...specimen.options, mode: "fused" });
      expect(program.reason).toBeUndefined();
      expect(program.mode).toBe(hasFused() ? "fused" : "fast");
      if (compare(program, specimen, wanted, 1e-9) && program.path === "layers") counts.fused += 1;
    }),
    { seed: 20260405, numRuns: NETS },
  );
  expect(counts.fused).toBeGreaterThan(10);
});

test("Program.gradient: fast mode gives the same bits at every call", () => {
  const [drawn] = fc.sample(drawnNet, { seed: 20260406, numRuns: 1 });
  const specimen = netSpecimen({ ...drawn!, sizes: [9, 9, 9], count: 105 });
  const [one, two] = [1, 2].map(() =>
    compile(specimen.loss, { ...specimen.options, mode: "fast" }),
  );
  const first = byProgram(one, specimen);
  expect(byProgram(one, specimen)).toEqual(first);
  expect(byProgram(two, specimen)).toEqual(first);
});

// What lesson 8 says of many seeds, with fewer seeds: the intervals are wide enough for chance, and
// narrow enough to notice that a statement is wrong.

import { beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "../../scripts/set-up.mjs";

let experiments: typeof import("../../scripts/experiments.mjs")["experiments"];

beforeAll(async () => {
  await ensureBuilt("npm test"); // they use the package as its users do
  ({ experiments } = await import("../../scripts/experiments.mjs"));
});

/** Expects a number to be in an interval, ends included. */
function expectBetween(found: number, low: number, high: number): void {
  expect(found).toBeGreaterThanOrEqual(low);
  expect(found).toBeLessThanOrEqual(high);
}

describe("even or odd", () => {
  test("evenOdd: four points are learned by every network, and 729 are right about half of the time", () => {
    const found = experiments.evenOdd(20);
    expect(found["share of seeds with all four right"]).toBe(1);
    expect(found["largest last loss"]).toBeLessThan(0.01);
    expectBetween(found["lattice, smallest share right"], 0.47, 0.5);
    expectBetween(found["lattice, mean share right"], 0.497, 0.503);
    expectBetween(found["lattice, largest share right"], 0.5, 0.53);
  });

  test("evenOddOneNeuron: one neuron is enough for the four points, from most seeds", () => {
    expect(experiments.evenOddOneNeuron(50)["share of seeds with all four right"]).toBeGreaterThan(
      0.8,
    );
  });

  test("starts: networks that begin with positive numbers are often not done, ours always", () => {
    const found = experiments.starts(40);
    expect(found["network, weights from -1 to 1"]).toBe(0);
    expect(found["network, weights and biases from 0 to 1"]).toBeGreaterThan(4);
  });
});

describe("the corners of the cube", () => {
  test("cube: hidden layers learn all eight, one neuron six of them", () => {
    const found = experiments.cube(10);
    expect(found["share of seeds with all eight right"]).toBeGreaterThanOrEqual(0.8);
    expect(found["one neuron, most corners right"]).toBe(6);
  });

  test("cubeOneLeftOut: a corner that is left out mostly comes out wrong", () => {
    expect(experiments.cubeOneLeftOut(4)["mean share right"]).toBeLessThan(0.4);
  });
});

describe("x + y - z", () => {
  test("sumTanh: with a tanh output no loss gets below the floor of 0.25", () => {
    const found = experiments.sumTanh(20);
    expectBetween(found.smallest, 0.25, 0.252);
    expect(found.largest).toBeLessThan(0.26);
  });

  test("sumLinear: with a linear output most losses are 0 to many digits, and one neuron learns the sum", () => {
    const found = experiments.sumLinear(20);
    expect(found.median).toBeLessThan(1e-10);
    expect(found["one linear neuron, 5,000 epochs, largest"]).toBeLessThan(1e-6);
  });
});

describe("(x^2 + y)(z + 1)", () => {
  test("productTanh: with a tanh output losses stop at 232.75, or at 233 where all answers saturate", () => {
    const found = experiments.productTanh(20);
    expect(found["rate 1, share at 233"]).toBeGreaterThan(0.7);
    expect(found["rate 1, smallest"]).toBeGreaterThanOrEqual(232.75);
    expectBetween(found["rate 0.1, share at 232.75"], 0.2, 0.8);
    expectBetween(found["rate 0.1, share at 232.75"] + found["rate 0.1, share at 233"], 0.9, 1);
    expect(found["rate 0.1, smallest"]).toBeGreaterThanOrEqual(232.75);
  });

  test("productLinear: with a linear output most losses get near 0, some stay above 1", () => {
    const found = experiments.productLinear(20);
    expect(found.median).toBeLessThan(0.001);
    expectBetween(found["share above 1"], 0, 0.3);
  });
});

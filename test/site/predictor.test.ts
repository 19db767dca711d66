// What neurons say on plain floats, against the networks themselves. Read site/playground/views/predictor.ts
// first.

import { expect, test } from "vitest";
import { ensureBuilt } from "../../scripts/set-up.mjs";
import { activations, MLP, pythonRandom } from "../../src/index.ts";

await ensureBuilt("the tests");
const { Predictor } = await import("../../site/playground/views/predictor.ts");
const { Plane } = await import("../../site/playground/views/plane.ts");

const plane = new Plane(
  [
    [-2, 2],
    [-3, 1],
  ],
  0,
  1,
  [0, 0],
);

for (const activation of activations) {
  test(`Predictor: with ${activation} it has the bits of the network, at a point and over a grid`, () => {
    const random = pythonRandom(7);
    const model = new MLP(2, [5, 3, 2], { activation, output: "linear", init: "lecture", random });
    const weights = model.parameters().map(({ data }) => data);
    const predictor = new Predictor([2, 5, 3, 2], activation, "linear", weights);
    const grid = plane.grid(9);
    const outputs = predictor.over(grid);
    expect(outputs.map((layer) => layer.length)).toEqual([5, 3, 2]);
    for (let cell = 0; cell < 81; cell++) {
      const x = grid.map((numbers) => numbers[cell]!);
      let expected: readonly number[] = x;
      const layersAt = predictor.layersAt(x);
      for (const [i, layer] of model.layers.entries()) {
        expected = layer.predict(expected);
        expect(outputs[i]!.map((numbers) => numbers[cell])).toEqual(expected);
        expect(layersAt[i]).toEqual(expected);
      }
      expect(predictor.at(x)).toBe(model.predict(x)[0]);
    }
  });
}

test("Predictor: the last layer has the activation of the output", () => {
  // tanh(2 x + 1) at x = 0.5 is tanh(2) = 0.9640...
  expect(new Predictor([1, 1], "linear", "tanh", [2, 1]).at([0.5])).toBeCloseTo(0.964, 4);
});

test("Predictor.weights: new weights are seen on a grid that was computed before", () => {
  const predictor = new Predictor([2, 1], "tanh", "linear", [1, 0, 0]);
  const grid = plane.grid(3);
  expect(predictor.over(grid)[0]![0]![0]).toBeCloseTo(-4 / 3); // -2 to 2 in three cells: their middles
  predictor.weights = [0, 0, 5];
  expect(predictor.over(grid)[0]![0]![0]).toBe(5);
});

test("Predictor.weights: more or fewer than the network has are refused with both counts", () => {
  const expected = "Predictor: expected 9 parameters for a network of 2-2-1, got 8";
  expect(() => new Predictor([2, 2, 1], "tanh", "tanh", new Array(8).fill(0))).toThrow(expected);
});

test("Predictor.over: 50 times 50 points of 2-16-16-1 take a few milliseconds", () => {
  const model = new MLP(2, [16, 16, 1], { random: pythonRandom(1) });
  const weights = new Float64Array(model.parameters().map(({ data }) => data));
  const predictor = new Predictor([2, 16, 16, 1], "tanh", "linear", weights);
  const grid = plane.grid(50);
  let best = Infinity;
  for (let i = 0; i < 30; i++) {
    predictor.weights = weights;
    const start = performance.now();
    predictor.over(grid);
    best = Math.min(best, performance.now() - start);
  }
  expect(best).toBeLessThan(9); // three times what is allowed
});

// What the playground's views are made of, without a page. Read site/playground/views/index.ts first.

import { expect, test } from "vitest";
import { addressOf, firstOf, placeOf } from "../../site/playground/views/addresses.ts";
import { alongWire, diagramOf, nearestWire } from "../../site/playground/views/diagram.ts";
import { LossHistory } from "../../site/playground/views/loss-history.ts";
import { Plane, rangesOf } from "../../site/playground/views/plane.ts";
import { planeText } from "../../site/playground/views/plane-words.ts";
import { numberText, shortText, ticks } from "../../site/playground/views/text.ts";
import { zeroLine } from "../../site/playground/views/zero-line.ts";
import { MLP } from "../../src/index.ts";

const unit = { left: 0, top: 0, width: 100, height: 100 };

/** The numbers of a path, by its pieces. */
const pieces = (path: string) =>
  path
    .split("M")
    .slice(1)
    .map((piece) => piece.split(/[L ]/).map(Number));

test("zeroLine: a map that grows from left to right is cut where it is zero, from edge to edge", () => {
  // 4 columns with the middles 12.5, 37.5, 62.5, 87.5; numbers -3 -1 1 3: zero at 50.
  const map = Array.from({ length: 16 }, (_, cell) => 2 * (cell % 4) - 3);
  const lines = pieces(zeroLine(map, 4, unit));
  expect(lines.flatMap(([x0, , x1]) => [x0, x1]).every((x) => x === 50)).toBe(true);
  const heights = lines.flatMap(([, y0, , y1]) => [y0, y1]);
  expect([Math.min(...heights), Math.max(...heights)]).toEqual([0, 100]);
});

test("zeroLine: a slanted plane gives a straight line, also in the half cells at the edges", () => {
  // x + y - 0.8 over the unit square, y downwards
  const size = 10;
  const map = Array.from({ length: size * size }, (_, cell) => {
    const [x, y] = [((cell % size) + 0.5) / size, (Math.floor(cell / size) + 0.5) / size];
    return x + y - 0.8;
  });
  const points = pieces(zeroLine(map, size, unit)).flatMap(([a, b, c, d]) => [a! + b!, c! + d!]);
  expect(points.length).toBeGreaterThan(10);
  for (const sum of points) expect(Math.abs(sum - 80)).toBeLessThan(0.21); // one digit is written
});

test("zeroLine: there is none where all numbers have one sign, or are none", () => {
  expect(zeroLine([9, 8, 9, 8], 2, unit)).toBe("");
  expect(zeroLine([NaN, NaN, NaN, NaN], 2, unit)).toBe("");
});

test("Plane.grid: the middles of the cells, row by row from the top left, the others held", () => {
  const plane = new Plane(
    [
      [0, 1],
      [0, 4],
      [-1, 1],
    ],
    2,
    1,
    [0.25, 9, 9],
  );
  // across is input 2 from -1 to 1, up is input 1 from 0 to 4
  expect(plane.grid(2).map((numbers) => [...numbers])).toEqual([
    [0.25, 0.25, 0.25, 0.25],
    [3, 3, 1, 1],
    [-0.5, 0.5, -0.5, 0.5],
  ]);
  expect(plane.pointAt(0.5, 0.25)).toEqual([0.25, 1, 0]);
  expect(plane.placeOf([7, 3, 1])).toEqual([1, 0.75]);
});

test("Plane.nearness: 1 in the plane, less on either side of it; behind has a sign", () => {
  const plane = new Plane(
    [
      [0, 1],
      [0, 1],
      [0, 2],
    ],
    0,
    1,
    [0, 0, 0.5],
  );
  expect(plane.nearness([0, 0, 0.5])).toBe(1);
  expect(plane.nearness([0, 0, 1.5])).toBe(0.5); // 1 of 2
  expect(plane.behind([0, 0, 1.5])).toBe(0.5);
  expect(plane.behind([0, 0, 0])).toBe(-0.25);
});

test("rangesOf: all ranges are equally long and hold every point, also one or none", () => {
  // x from 0 to 4, y from 1 to 2: 4 long, and 0.15 of it more on each side
  const ranges = rangesOf(
    [
      [0, 1],
      [4, 2],
    ],
    2,
  );
  expect(ranges.flat().map((x) => Number(x.toFixed(9)))).toEqual([-0.6, 4.6, -1.1, 4.1]);
  for (const [from, to] of rangesOf([[1e12, 1e12]], 2)) expect(to).toBeGreaterThan(from);
  expect(rangesOf([], 1)[0]![0]).toBeLessThan(0);
});

test("planeText: says in words where the map is high, low and above zero", () => {
  const plane = new Plane(
    [
      [0, 2],
      [0, 2],
      [0, 1],
    ],
    0,
    1,
    [0, 0, 0.5],
  );
  expect(planeText("output", plane, [-1, 2, -3, 1], 2)).toBe(
    "The network's output for x₁ from 0 to 2 across and x₂ from 0 to 2 up, with x₃ held at 0.5. " +
      "It is above 0 in 50 % of the picture; lowest, −3, near x₁ = 0.5, x₂ = 0.5; " +
      "highest, 2, near x₁ = 1.5, x₂ = 1.5.",
  );
  expect(planeText("output", plane, [1, NaN, 1, 1], 2)).toContain("no finite number");
});

test("addressOf and placeOf: the names are those of namedParameters, in their order", () => {
  const sizes = [3, 4, 2, 1];
  const names = new MLP(3, sizes.slice(1)).namedParameters().map(([name]) => name);
  const places = names.map((name) => placeOf(name, sizes)!);
  expect(places.map(addressOf)).toEqual(names);
  for (const [index, { layer, neuron, input }] of places.entries()) {
    const last = input === "bias" ? sizes[layer]! : input!;
    expect(firstOf(sizes, layer, neuron) + last).toBe(index);
  }
  expect(placeOf("layers.1.neurons.1", sizes)).toEqual({ layer: 1, neuron: 1, input: undefined });
});

test("placeOf: what this network does not have, or is no address, has no place", () => {
  const wrong = ["layers.3.neurons.0", "layers.0.neurons.4.bias", "layers.0.neurons.0.weights.3"];
  for (const address of [...wrong, "", "x", "layers.0.neurons.0.weights.-1", undefined]) {
    expect(placeOf(address, [3, 4, 2, 1])).toBeUndefined();
  }
});

test("diagramOf: no two neurons of a layer touch, whatever the size and the room", () => {
  for (const sizes of [
    [2, 32, 32, 1],
    [3, 4, 4, 1],
    [1, 8, 8, 8, 8, 8, 8, 1],
    [2, 1],
  ]) {
    for (const room of [320, 600, 1200]) {
      const { columns, sides, width, height, wires } = diagramOf(sizes, room);
      for (const [column, boxes] of columns.entries()) {
        for (const [i, { x, y }] of boxes.entries()) {
          const half = sides[column]! / 2;
          expect(half).toBeGreaterThanOrEqual(8);
          if (i > 0) expect(y - boxes[i - 1]!.y).toBeGreaterThan(2 * half);
          expect(x - half).toBeGreaterThan(0);
          expect(x + half).toBeLessThan(width);
          expect(y + half).toBeLessThan(height);
        }
      }
      const weights = sizes.slice(1).reduce((sum, size, i) => sum + size * sizes[i]!, 0);
      expect(wires.length).toBe(weights);
    }
  }
});

test("nearestWire: finds the line under the pointer, and none where there is none", () => {
  const diagram = diagramOf([2, 3, 1], 500);
  const wire = diagram.wires.find(
    ({ layer, neuron, input }) => layer === 0 && neuron === 2 && input === 1,
  )!;
  expect(nearestWire(diagram, alongWire(wire, 0.8), 5)).toBe(wire);
  expect(nearestWire(diagram, [2, 2], 5)).toBeUndefined();
});

test("LossHistory: a million losses are a few thousand steps, and no peak is lost", () => {
  const losses = Float64Array.from({ length: 1_000_000 }, (_, step) => 1 + 1 / (step + 1));
  losses[123_456] = 50;
  losses[654_321] = 0.001;
  const history = new LossHistory();
  // Grown by and by, as in training.
  for (let length = 1000; length <= losses.length; length += 33_300) {
    history.update(losses.subarray(0, length));
  }
  history.update(losses);
  const steps = history.steps();
  expect(steps.length).toBeLessThan(8200); // four of each of 2048 runs
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  expect(steps).toContain(123_456);
  expect(steps).toContain(654_321);
  expect([steps[0], steps.at(-1)]).toEqual([0, 999_999]);
  expect(history.extremes()).toEqual({ lowest: 654_321, highest: 123_456 });
});

test("LossHistory: what was cut and went another way is looked at again", () => {
  const history = new LossHistory();
  history.update([5, 4, 3, 2, 1]);
  history.update([5, 4]); // cut
  expect(history.extremes()).toEqual({ lowest: 1, highest: 0 });
  history.update([5, 4, 3, 2, 1]);
  history.update([5, 6, 7, 8, 9, 10]); // cut and grown between two looks
  expect(history.extremes()).toEqual({ lowest: 0, highest: 5 });
});

test("LossHistory: losses that are no finite numbers are neither low nor high", () => {
  const history = new LossHistory();
  history.update([NaN, 3, Infinity, 2, -Infinity]);
  expect(history.extremes()).toEqual({ lowest: 3, highest: 1 });
  history.update([NaN, NaN]);
  expect(history.extremes()).toBeUndefined();
});

test("ticks: round numbers within the range, about as many as asked for", () => {
  expect(ticks([-1.5, 2.6], 4)).toEqual([-1, 0, 1, 2]);
  expect(ticks([0, 0.35], 4)).toEqual([0, 0.1, 0.2, 0.3]);
  expect(ticks([1, 1], 4)).toEqual([]);
});

test("numberText and shortText: a minus is a minus, and large and small numbers have powers of ten", () => {
  expect([0.5, -0.12345, 0, 1e-7, NaN].map(numberText)).toEqual([
    "0.5000",
    "−0.1235",
    "0.0000",
    "1.000e−7",
    "NaN",
  ]);
  expect([0.5, -1.2345, 123456, 0].map(shortText)).toEqual(["0.5", "−1.23", "1.2e5", "0"]);
});

// One chart of each kind, for what must be true of all; and charts that are hard to draw.

import {
  boundaryChart,
  type ChartOptions,
  functionChart,
  histogram,
  lineChart,
  lossChart,
  scatterChart,
  stepErrorChart,
} from "../../src/draw/index.ts";

const moons = {
  inputs: [
    [0, 1],
    [1, -0.5],
    [2, 0.3],
    [-1, 0.4],
  ],
  targets: [[-1], [1], [1], [-1]],
};
const steps = [1, 1e-2, 1e-4, 1e-8, 1e-12, 1e-16].map((h) => ({
  h,
  forward: 3 * h + 1e-16 / h,
  central: h * h + 1e-16 / h,
}));
const numbers = Array.from({ length: 300 }, (_, i) => Math.sin(i * i));

export const charts: Readonly<Record<string, (options: ChartOptions) => string>> = {
  lineChart: (options) =>
    lineChart({
      ...options,
      series: [
        { name: "first", points: numbers.map((y, x) => [x, y]) },
        {
          name: "second",
          points: [
            [0, 1],
            [300, -1],
          ],
          dashed: true,
          dots: true,
        },
      ],
    }),
  lossChart: (options) =>
    lossChart(
      numbers.map((x, i) => (x + 1.1) / (i + 1)),
      options,
    ),
  scatterChart: (options) =>
    scatterChart({
      ...options,
      points: numbers.map((y, x) => [x, y]),
      classes: numbers.map((_, i) => i % 5),
    }),
  boundaryChart: (options) => boundaryChart(([x, y]) => x - y, moons, options),
  "boundaryChart of classes": (options) =>
    boundaryChart(([x, y]) => [x, y, 0.2], { ...moons, targets: [[0], [1], [2], [1]] }, options),
  stepErrorChart: (options) => stepErrorChart([...steps, { h: 1e-5, central: 0 }], options),
  histogram: ({ x: _, y: __, ...options }) => histogram(numbers, options),
  functionChart: (options) =>
    functionChart((x) => 3 * x * x - 4 * x + 5, {
      ...options,
      name: "3x² - 4x + 5",
      from: -5,
      to: 5,
      tangents: [3, -3, 2 / 3].map((x) => ({ x, slope: 6 * x - 4 })),
      points: [[0, 5]],
    }),
};

/** Points that break naive scales. */
export const hardPoints: Readonly<Record<string, [number, number][]>> = {
  none: [],
  one: [[3, 7]],
  equal: [
    [0, 7],
    [1, 7],
    [2, 7],
  ],
  "at one x": [
    [5, 1],
    [5, 2],
  ],
  zeros: [
    [0, 0],
    [0, 0],
  ],
  huge: [
    [-1e308, -1.7e308],
    [1e308, 1.7e308],
  ],
  "huge and equal": [
    [0, 1.7e308],
    [1, 1.7e308],
  ],
  denormal: [
    [0, 0],
    [5e-324, 1e-323],
    [1e-322, 5e-323],
  ],
  "an ulp apart": [
    [0, 1],
    [1, 1 + Number.EPSILON],
  ],
  negative: [
    [-3, -1],
    [-2, -2],
  ],
  "not finite": [
    [0, Number.NaN],
    [Number.POSITIVE_INFINITY, 1],
    [1, Number.NEGATIVE_INFINITY],
  ],
  "partly not finite": [
    [0, 1],
    [1, Number.NaN],
    [2, 3],
    [Number.NaN, 4],
    [4, 5],
  ],
  "from tiny to huge": [
    [0, 1e-320],
    [1, 1],
    [2, 1e300],
  ],
};

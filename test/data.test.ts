// Data sets against scikit-learn, EurekaLabs' micrograd and plain geometry.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkDataSet,
  cube,
  type DataSet,
  evenOdd,
  makeCircles,
  makeMoons,
  makeSine,
  makeSpirals,
  makeYinYang,
  split,
  xor,
} from "../src/data.ts";
import { numpyRandom, pythonRandom, xorshiftRandom } from "../src/random.ts";
import "./closeness.ts";

// Equal but for the last digits, which depend on whose sine, cosine and logarithm it was.
const lastDigits = { relative: 0, absolute: 1e-14 };

const rowsOf = (data: DataSet) => data.inputs.map((row, i) => [...row, ...data.targets[i]!]);
const length = (x: number, y: number) => Math.sqrt(x * x + y * y);

// Sets that are written out.

test("evenOdd: the original's four points, +1 where the sum is even", () => {
  expect(rowsOf(evenOdd())).toEqual([
    [1, 1, 1, -1],
    [0, 2, 4, 1],
    [-2, 4, 2, 1],
    [3, 1, 3, -1],
  ]);
});

test("cube: all eight corners, and the target is the product of 1 - 2x over x, y, z", () => {
  const { inputs, targets } = cube();
  expect(new Set(inputs.map((corner) => corner.join(""))).size).toBe(8);
  for (const [i, corner] of inputs.entries()) {
    expect(corner.every((x) => x === 0 || x === 1)).toBe(true);
    expect(targets[i]).toEqual([corner.reduce((product, x) => product * (1 - 2 * x), 1)]);
  }
});

test("xor: +1 where the two inputs differ", () => {
  expect(rowsOf(xor())).toEqual([
    [0, 0, -1],
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, -1],
  ]);
});

test("evenOdd, cube, xor: every call gives new rows, so that nobody can spoil them", () => {
  for (const make of [evenOdd, cube, xor]) {
    const spoilt = make();
    spoilt.inputs[0]![0] = 99;
    spoilt.targets[0]![0] = 99;
    expect(make().inputs[0]![0]).not.toBe(99);
    expect(make().targets[0]![0]).not.toBe(99);
  }
});

// Sets that are drawn.

test("makeMoons: by default the points of Karpathy's demo", () => {
  // python3 -c "from sklearn.datasets import make_moons
  // X, y = make_moons(100, noise=0.1, random_state=1337)
  // print([[*X[i].tolist(), y[i]*2-1] for i in (0, 1, 2, 98, 99)])"
  const rows = rowsOf(makeMoons());
  expect(rows.length).toBe(100);
  expect([0, 1, 2, 98, 99].map((i) => rows[i]!)).toBeNear(
    [
      [1.1221146075409683, 0.08147717341718697, -1],
      [-0.8188294130836691, 0.058790063907949996, -1],
      [1.613709660987544, -0.12464590012238608, 1],
      [0.18078955117509066, -0.00029541761916440645, 1],
      [0.12108297264758441, 1.0655522522437006, -1],
    ],
    lastDigits,
  );
});

test("makeMoons: without noise three points on one half circle, four on the other", () => {
  // Worked by hand: angles 0, 90, 180 degrees, then 0, 60, 120, 180 of the shifted half circle.
  const rows = rowsOf(makeMoons({ points: 7, noise: 0, shuffle: false }));
  const half = Math.sqrt(3) / 2;
  expect(rows).toBeNear(
    [
      [1, 0, -1],
      [0, 1, -1],
      [-1, 0, -1],
      [0, 0.5, 1],
      [0.5, 0.5 - half, 1],
      [1.5, 0.5 - half, 1],
      [2, 0.5, 1],
    ],
    lastDigits,
  );
});

test("makeCircles: the points of scikit-learn", () => {
  // python3 -c "from sklearn.datasets import make_circles
  // X, y = make_circles(7, noise=0.2, factor=0.3, random_state=5)
  // print(X.tolist(), (y*2-1).tolist())"
  const options = { points: 7, noise: 0.2, factor: 0.3, random: numpyRandom(5) };
  expect(rowsOf(makeCircles(options))).toBeNear(
    [
      [0.27351710483345465, -0.1850584624741966, 1],
      [-0.8771524815451676, -0.8318403300749428, -1],
      [-0.08061866236682165, 0.6275256979445285, 1],
      [-0.6210595696380787, 0.5471423889035403, -1],
      [1.182374728412011, -0.28876831069802783, -1],
      [0.06488803309506846, 0.291525024823386, 1],
      [0.11794836980103235, -0.19800378879511574, 1],
    ],
    lastDigits,
  );
});

test("makeCircles: without noise the outer points have radius 1, the inner ones `factor`", () => {
  const { inputs, targets } = makeCircles({ points: 21, noise: 0, factor: 0.25 });
  for (const [i, point] of inputs.entries()) {
    const radius = targets[i]![0] === -1 ? 1 : 0.25;
    expect(length(point[0]!, point[1]!)).toBeNear(radius, lastDigits);
  }
  expect(targets.filter(([target]) => target === -1).length).toBe(10);
});

test("makeMoons, makeCircles: the shuffle changes the order only, before the noise", () => {
  for (const make of [makeMoons, makeCircles]) {
    const texts = (data: DataSet) => rowsOf(data).map((row) => row.join(" "));
    const inOrder = texts(make({ noise: 0, shuffle: false }));
    const shuffled = texts(make({ noise: 0 }));
    expect(shuffled).not.toEqual(inOrder);
    expect(shuffled.sort()).toEqual(inOrder.sort());
  }
});

test("makeSpirals: point i lies on arm i modulo classes, the angle grows with the radius", () => {
  const turns = 1.5;
  const classes = 3;
  const { inputs, targets } = makeSpirals({ points: 30, noise: 0, turns, classes });
  for (const [i, [x, y]] of inputs.entries()) {
    expect(targets[i]).toEqual([i % 3]);
    const radius = (Math.floor(i / 3) + 1) / 10;
    expect(length(x!, y!)).toBeNear(radius, lastDigits);
    const angle = 2 * Math.PI * (turns * radius + (i % 3) / 3);
    expect(x).toBeNear(radius * Math.cos(angle), lastDigits);
    expect(y).toBeNear(radius * Math.sin(angle), lastDigits);
  }
});

test("makeSpirals: two arms are told apart by a sign, more by the number of a class", () => {
  expect(makeSpirals({ points: 4 })).toMatchObject({
    task: "sign",
    targets: [[-1], [1], [-1], [1]],
  });
  expect(makeSpirals({ points: 4 }).classes).toBe(undefined);
  expect(makeSpirals({ points: 5, classes: 4 })).toMatchObject({
    task: "classes",
    classes: 4,
    targets: [[0], [1], [2], [3], [0]],
  });
});

test("makeSine: x goes evenly from -pi to pi, and without noise the target is sin(x)", () => {
  const { task, inputs, targets } = makeSine({ points: 9, noise: 0 });
  expect(task).toBe("regression");
  expect(inputs[0]).toEqual([-Math.PI]);
  expect(inputs[8]).toEqual([Math.PI]);
  for (const [i, [x]] of inputs.entries()) {
    expect(x).toBeNear((i - 4) * (Math.PI / 4), lastDigits);
    expect(targets[i]![0]).toBeNear(Math.sin(x!), lastDigits);
  }
});

test("makeSine: the last x is pi itself, where 25 steps of 2 pi / 25 would miss it", () => {
  expect(25 * ((2 * Math.PI) / 25) - Math.PI).not.toBe(Math.PI);
  expect(makeSine({ points: 26 }).inputs[25]).toEqual([Math.PI]);
});

test("makeSine: the noise is as wide as asked", () => {
  const { inputs, targets } = makeSine({ points: 10_000, noise: 0.5 });
  const square = inputs.map(([x], i) => (targets[i]![0]! - Math.sin(x!)) ** 2);
  const variance = square.reduce((sum, s) => sum + s, 0) / square.length;
  expect(Math.sqrt(variance)).toBeNear(0.5, { absolute: 0.014 }); // four standard errors
});

test("makeYinYang: by default the points of EurekaLabs' run, to the last bit", () => {
  // with utils.py of EurekaLabs' micrograd: python3 -c "from utils import RNG, gen_data_yinyang
  // tr, val, te = gen_data_yinyang(RNG(42), n=100); print(tr[:4], te[-1])"
  const rows = rowsOf(makeYinYang());
  expect([...rows.slice(0, 4), rows[99]]).toEqual([
    [-0.6436591148376465, 1.1290233135223389, 0],
    [1.502126693725586, -1.2461860179901123, 1],
    [1.0598013401031494, 0.09119725227355957, 2],
    [0.07363224029541016, 0.7329816818237305, 0],
    [0.21432042121887207, 1.640775442123413, 0],
  ]);
  expect(rows.length).toBe(100);
});

test("makeYinYang: the dots are round, the disc is, and yin becomes yang by half a turn", () => {
  const { inputs, targets } = makeYinYang({ points: 3000, random: pythonRandom(3) });
  for (const [i, [x, y]] of inputs.entries()) {
    const kind = targets[i]![0];
    expect(length(x!, y!)).toBeLessThanOrEqual(2);
    // In the disc of radius 2 the dots have radius 0.4 and sit at (-1, 0) and (1, 0).
    const inDot = length(x! - 1, y!) < 0.4 || length(x! + 1, y!) < 0.4;
    expect(kind === 2).toBe(inDot);
    // A yin point is in the left head, or above the middle and not in the right head.
    const inYin = length(x! + 1, y!) <= 1 || (y! > 0 && length(x! - 1, y!) > 1);
    if (!inDot) expect(kind).toBe(inYin ? 0 : 1);
  }
});

test("makeYinYang: a point just on the edge of the right dot is yin", () => {
  // The dot has radius 0.1 and sits at (0.75, 0.5); 0.08, 0.06 and 0.1 make a right triangle.
  expect(length(0.83 - 0.75, 0.56 - 0.5)).toBe(0.1);
  const coordinates = [0.83, 0.56];
  const random = { ...xorshiftRandom(1), uniform: () => coordinates.shift()! };
  expect(makeYinYang({ points: 1, random }).targets).toEqual([[0]]);
});

test("makeYinYang: a generator that never finds a point is an error, not a hang", () => {
  const stuck = { ...xorshiftRandom(1), uniform: () => 0.5 };
  expect(() => makeYinYang({ random: stuck })).toThrow(
    "makeYinYang: expected random to reach class 1, got no such point in 10,000 tries",
  );
});

const drawn = { makeMoons, makeCircles, makeSpirals, makeSine, makeYinYang };

describe.each(Object.entries(drawn))("%s", (name, make) => {
  test(`${name}: gives as many points as asked for, a proper data set, the same every time`, () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), (points, seed) => {
        const data = make({ points, random: pythonRandom(seed) });
        expect(data.inputs.length).toBe(points);
        checkDataSet("test", data);
        expect(make({ points, random: pythonRandom(seed) })).toEqual(data);
      }),
      { seed: 4, numRuns: 50 },
    );
    expect(make()).toEqual(make({ points: 100 }));
    expect(make({ random: pythonRandom(8) })).not.toEqual(make());
  });

  test(`${name}: wrong options are refused by name`, () => {
    const wrong = (options: unknown) => () => make(options as { points?: number });
    expect(wrong({ point: 5 })).toThrow(TypeError);
    expect(wrong({ point: 5 })).toThrow(
      /^make\w+: expected one of the options points.*got "point"$/,
    );
    expect(wrong(JSON.parse('{ "__proto__": 1 }'))).toThrow(TypeError);
    for (const points of [0, -1, 2.5, Number.NaN, 1_000_001]) {
      expect(wrong({ points })).toThrow(RangeError);
      expect(wrong({ points })).toThrow(`${name}: expected points to be a whole number from `);
    }
    expect(wrong({ points: "100" })).toThrow(TypeError);
    expect(wrong({ points: null })).toThrow(TypeError);
    for (const random of [null, 1337, Math.random, { next: Math.random }]) {
      expect(wrong({ random })).toThrow(TypeError);
      expect(wrong({ random })).toThrow(
        `${name}: expected random to be such as pythonRandom(1337)`,
      );
    }
    for (const options of [null, 100, "moons", [100]]) expect(wrong(options)).toThrow(TypeError);
  });
});

test.each([
  ["makeMoons", "noise", -0.1, RangeError, () => makeMoons({ noise: -0.1 })],
  ["makeMoons", "noise", Number.NaN, RangeError, () => makeMoons({ noise: Number.NaN })],
  ["makeMoons", "points", 1, RangeError, () => makeMoons({ points: 1 })],
  ["makeMoons", "shuffle", 1, TypeError, () => makeMoons({ shuffle: 1 as unknown as boolean })],
  ["makeCircles", "factor", 1, RangeError, () => makeCircles({ factor: 1 })],
  ["makeCircles", "factor", -1, RangeError, () => makeCircles({ factor: -1 })],
  ["makeCircles", "shuffle", 1, TypeError, () => makeCircles({ shuffle: 1 as unknown as boolean })],
  ["makeSpirals", "turns", Infinity, RangeError, () => makeSpirals({ turns: Infinity })],
  ["makeSpirals", "classes", 1, RangeError, () => makeSpirals({ classes: 1 })],
  ["makeSpirals", "points", 2, RangeError, () => makeSpirals({ points: 2, classes: 3 })],
  ["makeSine", "noise", 1e9, RangeError, () => makeSine({ noise: 1e9 })],
])("%s: %s %s is refused", (name, option, value, kind, call) => {
  expect(call).toThrow(kind);
  expect(call).toThrow(new RegExp(`^${name}: expected ${option} .*, got ${value}$`));
});

// Division.

const numbered = (count: number): DataSet => ({
  name: "numbered",
  task: "regression",
  inputs: Array.from({ length: count }, (_, i) => [i]),
  targets: Array.from({ length: count }, (_, i) => [-i]),
});

test("split: no point is lost or doubled, each keeps its target, and the order stays", () => {
  const shares = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 200 }), shares, fc.nat(), (count, share, seed) => {
      const data = numbered(count);
      const { train, heldOut } = split(data, { heldOut: share, random: pythonRandom(seed) });
      const inOrder = (rows: number[][]) => rows.map(([x]) => x!).sort((a, b) => a - b);
      expect(inOrder([...train.inputs, ...heldOut.inputs])).toEqual(inOrder(data.inputs));
      for (const part of [train, heldOut]) {
        expect(part.targets).toEqual(part.inputs.map(([x]) => [-x!]));
        expect(part.inputs.map(([x]) => x)).toEqual(inOrder(part.inputs));
      }
      const wanted = Math.min(Math.max(Math.round(share * count), 1), count - 1);
      expect(heldOut.inputs.length).toBe(share === 0 ? 0 : wanted);
    }),
    { seed: 5, numRuns: 300 },
  );
});

test("split: a share above 0 leaves points on both sides", () => {
  for (const [count, share] of [
    [2, 1e-9],
    [2, 0.999],
    [100, 0.001],
    [100, 0.9999],
  ] as const) {
    const { train, heldOut } = split(numbered(count), { heldOut: share });
    expect(train.inputs.length).toBeGreaterThan(0);
    expect(heldOut.inputs.length).toBeGreaterThan(0);
  }
});

test("split: every point is held out as often as every other", () => {
  const random = pythonRandom(6);
  const counts = new Array(10).fill(0);
  for (let i = 0; i < 2000; i++) {
    for (const [x] of split(numbered(10), { heldOut: 0.3, random }).heldOut.inputs) counts[x!]++;
  }
  // 600 each; the standard deviation of one count is sqrt(2000 * 0.3 * 0.7) = 20.
  for (const count of counts) expect(Math.abs(count - 600)).toBeLessThan(90);
});

test("split: is the same every time, and both parts know their task", () => {
  const data = makeYinYang();
  const parts = split(data, { heldOut: 0.2 });
  expect(split(data, { heldOut: 0.2 })).toEqual(parts);
  expect(parts.train).toMatchObject({ name: "yin-yang", task: "classes", classes: 3 });
  expect(parts.heldOut).toMatchObject({ name: "yin-yang", task: "classes", classes: 3 });
  expect(parts.heldOut.inputs.length).toBe(20);
});

test("split: at share 0 nothing is drawn and nothing held out", () => {
  const random = pythonRandom(1);
  const { train, heldOut } = split(numbered(5), { heldOut: 0, random });
  expect(train).toEqual(numbered(5));
  expect(heldOut.inputs).toEqual([]);
  expect(random.next()).toBe(pythonRandom(1).next());
});

test("split: what cannot be divided so is refused", () => {
  expect(() => split(numbered(1), { heldOut: 0.5 })).toThrow(
    new RangeError("split: expected at least 2 points to hold one out, got 1"),
  );
  for (const heldOut of [1, -0.1, 20, Number.NaN]) {
    expect(() => split(numbered(5), { heldOut })).toThrow(RangeError);
    expect(() => split(numbered(5), { heldOut })).toThrow(/^split: expected heldOut from 0 to /);
  }
  const options = {} as { heldOut: number };
  expect(() => split(numbered(5), options)).toThrow(/heldOut to be a number, got undefined$/);
  expect(() => split(null as unknown as DataSet, { heldOut: 0.5 })).toThrow(TypeError);
});

test.each([
  ["no points", { inputs: [], targets: [] }, /^here: expected inputs of points, got none$/],
  ["rows missing", { targets: [[1]] }, /^here: expected 2 rows of targets, as of inputs, got 1$/],
  ["a ragged row", { inputs: [[1], [1, 2]] }, /inputs\[1\] to have 1 number, got 2$/],
  ["an empty row", { inputs: [[], []] }, /inputs\[0\] to have at least 1 number, got 0$/],
  ["no row", { inputs: [[1], 2] }, /inputs\[1\] to be a row, got 2$/],
  ["no rows", { inputs: "12" }, /inputs to be rows of numbers, got "12"/],
  ["a text", { inputs: [[1], ["2"]] }, /inputs\[1\]\[0\] to be a number, got "2"/],
  ["a hole", { inputs: [[1], new Array(1)] }, /inputs\[1\]\[0\] to be a number, got undefined$/],
  ["NaN", { targets: [[1], [Number.NaN]] }, /targets\[1\]\[0\] finite, got NaN$/],
  ["an unknown task", { task: "guess" }, /^here, task: expected one of regression, sign, classes/],
  ["a sign of 0", { task: "sign", targets: [[1], [0]] }, /targets\[1\] to fit the task "sign"/],
  [
    "classes uncounted",
    { task: "classes", targets: [[1], [0]] },
    /expected classes to be a number/,
  ],
  ["class 2 of 2", { task: "classes", classes: 2, targets: [[0], [2]] }, /targets\[1\] to fit/],
])("checkDataSet: %s is refused, and the place named", (_, damage, message) => {
  const data = { ...numbered(2), ...damage } as unknown as DataSet;
  expect(() => checkDataSet("here", data)).toThrow(message);
});

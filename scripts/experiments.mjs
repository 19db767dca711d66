// The experiments of lessons 7 and 8 over many seeds: the source of what they say of thousands of
// runs. The package has to be built.
//
//   node scripts/experiments.mjs                 all of them with 1,000 seeds, about half an hour
//   node scripts/experiments.mjs cube            one of them
//   node scripts/experiments.mjs starts 10000    with more seeds

import { pathToFileURL } from "node:url";
import { cube, evenOdd, MLP, pythonRandom, SGD, train } from "chainrule";

/**
 * @import { Activation, DataSet } from "chainrule"
 * @typedef {"usual" | "positive weights" | "positive"} Start how the parameters begin: weights from
 *   -1 to 1 and biases 0; weights from 0 to 1 and biases 0; both from 0 to 1
 * @typedef {{ data: DataSet, sizes: number[], output: Activation, rate: number, epochs: number }} Run
 */

/**
 * Trains a network on a data set with the mean squared error, weights from `pythonRandom(seed)`.
 * @param {Run} run
 * @param {number} seed
 * @param {Start} start
 */
function trainOnce({ data, sizes, output, rate, epochs }, seed, start = "usual") {
  const random = pythonRandom(seed);
  const model = new MLP(data.inputs[0].length, sizes, { output, random });
  if (start !== "usual") {
    for (const [name, p] of model.namedParameters()) {
      if (start === "positive" || !name.endsWith("bias")) p.data = random.uniform(0, 1);
    }
  }
  const optimizer = new SGD(model.parameters(), { rate });
  return { model, ...train(model, data, { loss: "meanSquaredError", optimizer, epochs }) };
}

/** @param {MLP} model @param {readonly number[]} x */
const signOf = (model, x) => (model.predict(x)[0] > 0 ? 1 : -1);

/** On how many points the sign is right. @param {MLP} model @param {DataSet} data */
const rightOn = (model, data) =>
  data.inputs.filter((x, i) => signOf(model, x) === data.targets[i][0]).length;

/** @param {DataSet} data @param {number} corner */
function without(data, corner) {
  const others = (/** @type {number[][]} */ rows) => rows.filter((_, i) => i !== corner);
  return { ...data, inputs: others(data.inputs), targets: others(data.targets) };
}

/** All whole-numbered points from -3 to 5, with the parity of x + y + z. @returns {DataSet} */
function lattice() {
  const axis = Array.from({ length: 9 }, (_, i) => i - 3);
  const inputs = axis.flatMap((x) => axis.flatMap((y) => axis.map((z) => [x, y, z])));
  const targets = inputs.map(([x, y, z]) => [(x + y + z) % 2 === 0 ? 1 : -1]);
  return { name: "lattice", task: "sign", inputs, targets };
}

/** The original's second set: x + y - z. @type {DataSet} */
const sumData = {
  name: "x + y - z",
  task: "regression",
  inputs: [
    [1, 1, 1],
    [0, 2, 4],
    [-2, 4, 2],
    [3, 1, 5],
  ],
  targets: [[1], [-2], [0], [-1]],
};

/** The original's third set: (x^2 + y)(z + 1). @type {DataSet} */
const productData = {
  name: "(x^2 + y)(z + 1)",
  task: "regression",
  inputs: [
    [1, 1, 1],
    [0, 2, 4],
    [2, -4, 2],
    [3, 1, 2],
  ],
  targets: [[4], [10], [0], [30]],
};

/** @param {number[]} numbers @param {number} share from 0 (the smallest) to 1 (the largest) */
function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

const mean = (/** @type {number[]} */ numbers) =>
  numbers.reduce((a, b) => a + b, 0) / numbers.length;

/** @param {number[]} numbers @param {(x: number) => boolean} test */
const share = (numbers, test) => numbers.filter(test).length / numbers.length;

const sizes = [4, 4, 1];
const hidden = { sizes, output: /** @type {const} */ ("tanh") };

/**
 * The experiments, by name: each takes the number of seeds and gives what was found, numbers by
 * name.
 */
export const experiments = {
  /** How many networks are not done, a loss over 0.01 after 500 epochs, by how they began. */
  starts(/** @type {number} */ seeds) {
    const run = { ...hidden, data: evenOdd(), rate: 0.1, epochs: 500 };
    const one = { ...run, sizes: [1] };
    /** @param {Run} run @param {Start} start */
    const unfinished = (run, start) =>
      seedsOf(seeds).filter((seed) => trainOnce(run, seed, start).loss > 0.01).length;
    return {
      "network, weights from -1 to 1": unfinished(run, "usual"),
      "network, weights from 0 to 1": unfinished(run, "positive weights"),
      "network, weights and biases from 0 to 1": unfinished(run, "positive"),
      "one neuron, weights from -1 to 1": unfinished(one, "usual"),
      "one neuron, weights and biases from 0 to 1": unfinished(one, "positive"),
    };
  },

  /** Four points, learned; and what the network then says of 729. */
  evenOdd(/** @type {number} */ seeds) {
    const run = { ...hidden, data: evenOdd(), rate: 0.1, epochs: 500 };
    const trained = seedsOf(seeds).map((seed) => trainOnce(run, seed));
    const points = lattice();
    const shares = trained.map(({ model }) => rightOn(model, points) / points.inputs.length);
    return {
      "share of seeds with all four right": share(
        trained.map(({ model }) => rightOn(model, run.data)),
        (right) => right === 4,
      ),
      "largest last loss": Math.max(...trained.map(({ loss }) => loss)),
      "lattice, smallest share right": Math.min(...shares),
      "lattice, mean share right": mean(shares),
      "lattice, largest share right": Math.max(...shares),
    };
  },

  /** The same four points with a single neuron. */
  evenOddOneNeuron(/** @type {number} */ seeds) {
    const run = { ...hidden, sizes: [1], data: evenOdd(), rate: 0.1, epochs: 500 };
    const right = seedsOf(seeds).map((seed) => rightOn(trainOnce(run, seed).model, run.data));
    return { "share of seeds with all four right": share(right, (n) => n === 4) };
  },

  /** The parity of the cube's corners: the network, and a single neuron. */
  cube(/** @type {number} */ seeds) {
    const run = { ...hidden, data: cube(), rate: 0.2, epochs: 1000 };
    const right = seedsOf(seeds).map((seed) => rightOn(trainOnce(run, seed).model, run.data));
    const one = seedsOf(seeds).map((seed) =>
      rightOn(trainOnce({ ...run, sizes: [1] }, seed).model, run.data),
    );
    return {
      "share of seeds with all eight right": share(right, (n) => n === 8),
      "one neuron, most corners right": Math.max(...one),
    };
  },

  /** Seven corners to learn from; how often the eighth comes out right, corner by corner. */
  cubeOneLeftOut(/** @type {number} */ seeds) {
    const data = cube();
    const shares = data.inputs.map((corner, i) => {
      const run = { ...hidden, data: without(data, i), rate: 0.2, epochs: 1000 };
      const signs = seedsOf(seeds).map((seed) => signOf(trainOnce(run, seed).model, corner));
      return share(signs, (sign) => sign === data.targets[i][0]);
    });
    const named = shares.map((right, i) => [`corner ${data.inputs[i]}, share right`, right]);
    return { ...Object.fromEntries(named), "mean share right": mean(shares) };
  },

  /** x + y - z with a tanh output. */
  sumTanh(/** @type {number} */ seeds) {
    const run = { ...hidden, data: sumData, rate: 0.1, epochs: 500 };
    const losses = seedsOf(seeds).map((seed) => trainOnce(run, seed).loss);
    return { smallest: Math.min(...losses), largest: Math.max(...losses) };
  },

  /** x + y - z with a linear output. */
  sumLinear(/** @type {number} */ seeds) {
    const run = { data: sumData, sizes, output: /** @type {const} */ ("linear"), rate: 0.02 };
    const losses = seedsOf(seeds).map((seed) => trainOnce({ ...run, epochs: 500 }, seed).loss);
    const one = { ...run, sizes: [1], epochs: 5000 };
    const oneLosses = seedsOf(Math.min(seeds, 50)).map((seed) => trainOnce(one, seed).loss);
    return {
      median: quantile(losses, 0.5),
      "share above 0.001": share(losses, (x) => x > 0.001),
      "one linear neuron, 5,000 epochs, largest": Math.max(...oneLosses),
    };
  },

  /** (x^2 + y)(z + 1) with a tanh output: the floor, and the floor and a quarter. */
  productTanh(/** @type {number} */ seeds) {
    const at = (/** @type {number} */ rate) =>
      seedsOf(seeds).map(
        (seed) => trainOnce({ ...hidden, data: productData, rate, epochs: 500 }, seed).loss,
      );
    const [fast, slow] = [at(1), at(0.1)];
    return {
      "rate 1, share at 233": share(fast, (x) => Math.abs(x - 233) < 0.02),
      "rate 1, smallest": Math.min(...fast),
      "rate 0.1, share at 232.75": share(slow, (x) => Math.abs(x - 232.75) < 0.02),
      "rate 0.1, share at 233": share(slow, (x) => Math.abs(x - 233) < 0.02),
      "rate 0.1, smallest": Math.min(...slow),
    };
  },

  /** (x^2 + y)(z + 1) with a linear output. */
  productLinear(/** @type {number} */ seeds) {
    const run = { data: productData, sizes, output: /** @type {const} */ ("linear"), rate: 0.01 };
    const losses = seedsOf(seeds).map((seed) => trainOnce({ ...run, epochs: 500 }, seed).loss);
    return {
      median: quantile(losses, 0.5),
      "share above 1": share(losses, (x) => x > 1),
    };
  },
};

const seedsOf = (/** @type {number} */ count) => Array.from({ length: count }, (_, seed) => seed);

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const seeds = Number(process.argv.slice(2).find((text) => /^\d+$/.test(text)) ?? 1000);
  const names = process.argv.slice(2).filter((text) => Object.hasOwn(experiments, text));
  for (const [name, experiment] of Object.entries(experiments)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`${name}, ${seeds} seeds`);
    for (const [what, found] of Object.entries(experiment(seeds))) {
      console.log(`  ${what}: ${Number(found).toPrecision(6)}`);
    }
  }
}

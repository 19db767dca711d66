// Compiled programs as one hash, to compare runtimes: both nets of the specification, in exact and
// fast mode, and the functions of math.ts two numbers at a time. Read training.ts first.

import { compile } from "../../src/compile/index.ts";
import {
  hinge,
  MLP,
  makeMoons,
  mean,
  pythonRandom,
  SGD,
  squaredError,
  sum,
  Value,
} from "../../src/index.ts";
import { exp } from "../../src/math.ts";
import { Hash } from "./hash.ts";

const STEPS = 100;

const moons = makeMoons({ points: 60 });
const points = [
  [2, 3, -1],
  [3, -1, 0.5],
  [0.5, 1, 1],
  [1, 1, -1],
];
const penalty = (ps: Value[]) => sum(ps.map((p) => p.mul(p))).mul(1e-4);

/** The two nets, new each time. */
const nets = () => [
  {
    model: new MLP(2, [16, 16, 1], { activation: "relu", random: pythonRandom(1) }),
    inputs: moons.inputs.map((x) => [...x]),
    targets: moons.targets.map((t) => [...t]),
    loss: hinge,
    regularizer: penalty,
  },
  {
    model: new MLP(3, [4, 4, 1], { activation: "tanh", output: "tanh", random: pythonRandom(2) }),
    inputs: points,
    targets: [[1], [-1], [-1], [1]],
    loss: squaredError,
    regularizer: undefined,
  },
];

/** The losses of 100 steps and the parameters after them, of both nets, by the engine. */
function engineHash(): string {
  const hash = new Hash();
  for (const { model, inputs, targets, loss, regularizer } of nets()) {
    const sgd = new SGD(model.parameters(), { rate: 0.05 });
    for (let step = 0; step < STEPS; step++) {
      sgd.zeroGrad();
      const whole = mean(inputs.map((x, i) => loss(model.forward(x), targets[i])));
      whole.backward();
      const more = regularizer?.(model.parameters());
      more?.backward();
      hash.add(more === undefined ? whole.data : whole.data + more.data);
      sgd.step();
    }
    for (const parameter of model.parameters()) hash.add(parameter.data);
  }
  return hash.toString();
}

/** The same by compiled programs, half of the steps one by one and half within `train`. */
function compiledHash(mode: "exact" | "fast"): string {
  const hash = new Hash();
  for (const { model, inputs, targets, loss, regularizer } of nets()) {
    const optimizer = new SGD(model.parameters(), { rate: 0.05 });
    const program = compile((x, t) => loss(model.forward(x), t), {
      parameters: model,
      inputs: inputs[0].length,
      regularizer,
      mode,
    });
    if (program.path === "engine") throw new Error(`not compiled: ${program.reason}`);
    for (let step = 0; step < STEPS / 2; step++) {
      hash.add(program.gradient(inputs, targets));
      optimizer.step();
    }
    const { losses } = program.train(inputs, targets, { optimizer, steps: STEPS / 2 });
    for (const each of losses) hash.add(each);
    for (const parameter of model.parameters()) hash.add(parameter.data);
  }
  return hash.toString();
}

const functions = [
  ...(["exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan", "atan"] as const),
  ...(["sinh", "cosh", "asinh", "tanh", "erf", "erfc", "sigmoid", "softplus", "silu"] as const),
  ...(["gelu", "geluTanh", "sqrt"] as const),
];

/** The functions of math.ts at 4,000 numbers of all sizes, compiled, and in plain JavaScript. */
function mathHashes(): [compiled: string, engine: string] {
  const random = pythonRandom(7);
  const numbers = Array.from(
    { length: 4000 },
    (_, i) => random.uniform(-1, 1) * exp(random.uniform(-20, i % 3 === 0 ? 690 : 4)),
  );
  const p = new Value(1);
  const program = compile((x) => x[0].mul(p), {
    parameters: [p],
    inputs: 1,
    targets: 0,
    predict: ([x]) => functions.map((name) => x[name]()),
  });
  const [compiled, engine] = [new Hash(), new Hash()];
  for (const y of program.predict(numbers)) compiled.add(y);
  for (const number of numbers) {
    const x = new Value(number);
    for (const name of functions) engine.add(x[name]().data);
  }
  return [compiled.toString(), engine.toString()];
}

/**
 * The hashes of exact and fast mode and of the functions.
 *
 * @throws Error if exact mode or the functions are not the engine's here
 */
export function compiledBits(): string {
  const [exact, engine] = [compiledHash("exact"), engineHash()];
  if (exact !== engine) throw new Error(`exact mode gives ${exact}, the engine ${engine}`);
  const [compiled, stated] = mathHashes();
  if (compiled !== stated) throw new Error(`math gives ${compiled}, in JavaScript ${stated}`);
  return `${exact} ${compiledHash("fast")} ${compiled}`;
}

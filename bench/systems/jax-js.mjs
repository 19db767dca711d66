// npm @jax-js/jax: a whole step, gradient and descent, compiled by its jit for its WebAssembly
// backend. makeWorks() is for 32 and for 64 bits; see jax-js-f32.mjs and jax-js-f64.mjs.

import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { fourPointsSizes, moonsSizes, stepsInARun } from "../data.mjs";
import { layersOf } from "./dense-layers.mjs";

await init("wasm");
defaultDevice("wasm");

const RATE = 0.1;
const ALPHA = 1e-4;

// Its arrays are counted: a use consumes one, `.ref` keeps it for one use more.

function forward(layers, points, hidden, output) {
  let values = points;
  for (const [l, { weights, biases }] of layers.entries()) {
    const activate = l === layers.length - 1 ? output : hidden;
    values = activate(np.matmul(values, weights.ref).add(biases.ref));
  }
  return values;
}

/** One full gradient step over all points; reads the loss back, as a user does to watch it. */
function makeStep(start, points, targets, loss) {
  const step = jit((layers, x, y) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(layers), x, y);
    return [value, tree.map((p, gradient) => p.sub(gradient.mul(RATE)), layers, gradients)];
  });
  let layers = tree.ref(start);
  return (repetition) => {
    if (repetition % stepsInARun === 0) {
      tree.dispose(layers);
      layers = tree.ref(start);
    }
    const [value, next] = step(layers, points.ref, targets.ref);
    layers = next;
    return value.dataSync()[0];
  };
}

export function makeWorks(dtype) {
  const arrays = (start, sizes) =>
    layersOf(start, sizes).map(({ weights, biases, inputs, outputs }) => ({
      weights: np.array(weights, { dtype }).reshape([inputs, outputs]),
      biases: np.array(biases, { dtype }),
    }));

  function moons(data) {
    const n = data.moonsTargets.length;
    const points = np.array(data.moonsPoints, { dtype }).reshape([n, 2]);
    const targets = np.array(data.moonsTargets, { dtype }).reshape([n, 1]);
    const start = arrays(data.moonsParameters, moonsSizes);
    return makeStep(start, points, targets, (layers, x, y) => {
      const scores = forward(layers, x, nn.relu, (values) => values);
      const hinge = np.mean(nn.relu(y.mul(scores).mul(-1).add(1)));
      const squares = tree.leaves(layers).map((p) => np.sum(p.ref.mul(p)));
      return hinge.add(squares.reduce((total, square) => total.add(square)).mul(ALPHA));
    });
  }

  function fourPoints(data) {
    const points = np.array(data.fourPoints, { dtype }).reshape([4, 3]);
    const targets = np.array(data.fourTargets, { dtype }).reshape([4, 1]);
    const start = arrays(data.fourParameters, fourPointsSizes);
    return makeStep(start, points, targets, (layers, x, y) => {
      const error = forward(layers, x, np.tanh, np.tanh).sub(y);
      return np.mean(error.ref.mul(error));
    });
  }

  return { moons, "four-points": fourPoints };
}

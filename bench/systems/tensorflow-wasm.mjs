// TensorFlow.js on its WebAssembly backend, 32-bit floats, written as a user writes it: variables, a
// loss, variableGrads, and the descent.

import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-layers"; // brings the gradients of the operations: in Node nothing else does
import { fourPointsSizes, moonsSizes, stepsInARun } from "../data.mjs";
import { layersOf } from "./dense-layers.mjs";

await tf.setBackend("wasm");

const RATE = 0.1;
const ALPHA = 1e-4;

/** Each layer's weights (inputs x outputs) and biases, as tensors. */
const tensors = (start, sizes) =>
  layersOf(start, sizes).flatMap(({ weights, biases, inputs, outputs }) => [
    tf.tensor2d(weights, [inputs, outputs]),
    tf.tensor1d(biases),
  ]);

function forward(variables, points, hidden, output) {
  let values = points;
  for (let l = 0; l < variables.length; l += 2) {
    const activate = l === variables.length - 2 ? output : hidden;
    values = activate(tf.add(tf.matMul(values, variables[l]), variables[l + 1]));
  }
  return values;
}

/** One full gradient step over all points; reads the loss back, as a user does to watch it. */
function makeStep(start, makeLoss) {
  const variables = start.map((tensor) => tf.variable(tensor));
  return (repetition) => {
    if (repetition % stepsInARun === 0) {
      for (const [i, variable] of variables.entries()) variable.assign(start[i].clone());
    }
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => makeLoss(variables), variables);
      for (const variable of variables) {
        variable.assign(tf.sub(variable, tf.mul(grads[variable.name], RATE)));
      }
      return value.dataSync()[0];
    });
  };
}

function moons(data) {
  const points = tf.tensor2d(data.moonsPoints, [data.moonsTargets.length, 2]);
  const targets = tf.tensor2d(data.moonsTargets, [data.moonsTargets.length, 1]);
  return makeStep(tensors(data.moonsParameters, moonsSizes), (variables) => {
    const scores = forward(variables, points, tf.relu, (x) => x);
    const hinge = tf.mean(tf.relu(tf.sub(1, tf.mul(targets, scores))));
    const squares = variables.map((variable) => tf.sum(tf.square(variable)));
    return tf.add(hinge, tf.mul(ALPHA, tf.addN(squares)));
  });
}

function fourPoints(data) {
  const points = tf.tensor2d(data.fourPoints, [4, 3]);
  const targets = tf.tensor2d(data.fourTargets, [4, 1]);
  return makeStep(tensors(data.fourParameters, fourPointsSizes), (variables) =>
    tf.mean(tf.square(tf.sub(forward(variables, points, tf.tanh, tf.tanh), targets))),
  );
}

export const works = { moons, "four-points": fourPoints };

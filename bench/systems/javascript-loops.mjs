// The networks without any autograd: loops over typed arrays, derivatives worked out by hand.

import { batches, network, rows, stepsInARun, widths } from "../data.mjs";

const RATE = 0.1;
const ALPHA = 1e-4;

/** A layer's place in the flat parameters: each neuron's `nin` weights and then its bias. */
function makeLayers(sizes) {
  let start = 0;
  return sizes.slice(1).map((nout, l) => {
    const nin = sizes[l];
    const layer = { nin, nout, start, out: zeros(nout), gradOut: zeros(nout) };
    start += nout * (nin + 1);
    return layer;
  });
}

const zeros = (n) => new Float64Array(n);

/** out[j] = bias + sum of weight * input, and then the activation in place. */
function forward({ nin, nout, start, out }, parameters, inputs, activation) {
  for (let j = 0, p = start; j < nout; j++, p++) {
    let sum = 0;
    for (let i = 0; i < nin; i++) sum += parameters[p++] * inputs[i];
    out[j] = sum + parameters[p];
  }
  if (activation === "relu") for (let j = 0; j < nout; j++) out[j] = Math.max(out[j], 0);
  if (activation === "tanh") for (let j = 0; j < nout; j++) out[j] = Math.tanh(out[j]);
}

/** From d loss / d out: adds up d loss / d parameters and, if wanted, finds d loss / d inputs. */
function backward(layer, parameters, gradients, inputs, gradInputs, activation) {
  const { nin, nout, start, out, gradOut } = layer;
  if (activation === "relu") for (let j = 0; j < nout; j++) gradOut[j] *= out[j] > 0 ? 1 : 0;
  if (activation === "tanh") for (let j = 0; j < nout; j++) gradOut[j] *= 1 - out[j] * out[j];
  for (let j = 0, p = start; j < nout; j++) {
    for (let i = 0; i < nin; i++) gradients[p++] += gradOut[j] * inputs[i];
    gradients[p++] += gradOut[j];
  }
  if (gradInputs === null) return;
  gradInputs.fill(0);
  for (let j = 0, p = start; j < nout; j++, p++) {
    for (let i = 0; i < nin; i++) gradInputs[i] += gradOut[j] * parameters[p++];
  }
}

const hinge = {
  hidden: "relu",
  output: "linear",
  error: (score, y) => Math.max(0, 1 - y * score),
  slope: (score, y) => (1 - y * score > 0 ? -y : 0),
  alpha: ALPHA,
};

const squaredError = {
  hidden: "tanh",
  output: "tanh",
  error: (score, y) => (score - y) * (score - y),
  slope: (score, y) => 2 * (score - y),
  alpha: 0,
};

/** One full gradient step over all points; returns the loss before it. */
function makeStep(net, { hidden, output, error, slope, alpha }) {
  const { sizes, points, targets, parameters: start } = net;
  const [first, second, third] = makeLayers(sizes);
  const parameters = zeros(start.length);
  const gradients = zeros(start.length);
  const inputs = rows(points, sizes[0]).map((row) => Float64Array.from(row));
  const n = targets.length;
  return (repetition) => {
    if (repetition % stepsInARun === 0) parameters.set(start);
    let loss = 0;
    for (let i = 0; i < n; i++) {
      forward(first, parameters, inputs[i], hidden);
      forward(second, parameters, first.out, hidden);
      forward(third, parameters, second.out, output);
      loss += error(third.out[0], targets[i]) / n;
      third.gradOut[0] = slope(third.out[0], targets[i]) / n;
      backward(third, parameters, gradients, second.out, second.gradOut, output);
      backward(second, parameters, gradients, first.out, first.gradOut, hidden);
      backward(first, parameters, gradients, inputs[i], null, hidden);
    }
    for (let k = 0; k < parameters.length; k++) {
      const p = parameters[k];
      loss += alpha * p * p;
      parameters[k] = p - RATE * (gradients[k] + 2 * alpha * p);
      gradients[k] = 0;
    }
    return loss;
  };
}

/** The loss alone. */
function makeForward(net, { hidden, output, error, alpha }) {
  const [first, second, third] = makeLayers(net.sizes);
  const parameters = Float64Array.from(net.parameters);
  const inputs = rows(net.points, net.sizes[0]).map((row) => Float64Array.from(row));
  const n = net.targets.length;
  return () => {
    let loss = 0;
    for (let i = 0; i < n; i++) {
      forward(first, parameters, inputs[i], hidden);
      forward(second, parameters, first.out, hidden);
      forward(third, parameters, second.out, output);
      loss += error(third.out[0], net.targets[i]) / n;
    }
    for (const p of parameters) loss += alpha * p * p;
    return loss;
  };
}

const step = (work) => [work, (data) => makeStep(network(work, data), hinge)];

export const works = {
  moons: (data) => makeStep(network("moons", data), hinge),
  "forward-moons": (data) => makeForward(network("moons", data), hinge),
  "four-points": (data) => makeStep(network("four-points", data), squaredError),
  ...Object.fromEntries(widths.map((width) => step(`width-${width}`))),
  ...Object.fromEntries(batches.map((batch) => step(`batch-${batch}`))),
};

// chainrule itself, written as a user writes it: a model, a loss, backward, an optimizer's step.

import { add, hinge, MLP, meanSquaredError, mul, SGD, sum, Value } from "../../dist/index.js";
import { fourPointsSizes, moonsSizes, rows, stepsInARun } from "../data.mjs";
import { chainFactor, chainTerm } from "../works.mjs";

function makeModel(sizes, activation, output) {
  const [nin, ...layers] = sizes;
  const model = new MLP(nin, layers, { activation, output });
  return model;
}

/** Puts the starting weights back at the start of each run. */
function restart(repetition, parameters, start) {
  if (repetition % stepsInARun !== 0) return;
  for (const [i, p] of parameters.entries()) p.data = start[i];
}

function descend(optimizer, loss) {
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  return loss.data;
}

function moonsLoss(model, points, targets) {
  const scores = points.map((point) => model.forward(point)[0]);
  const penalty = mul(1e-4, sum(model.parameters().map((p) => p.mul(p))));
  return add(hinge(scores, targets), penalty);
}

function moons(data) {
  const model = makeModel(moonsSizes, "relu", "linear");
  const parameters = model.parameters();
  const optimizer = new SGD(parameters, { rate: 0.1 });
  const points = rows(data.moonsPoints, 2);
  return (repetition) => {
    restart(repetition, parameters, data.moonsParameters);
    return descend(optimizer, moonsLoss(model, points, data.moonsTargets));
  };
}

function forwardMoons(data) {
  const model = makeModel(moonsSizes, "relu", "linear");
  restart(0, model.parameters(), data.moonsParameters);
  const points = rows(data.moonsPoints, 2);
  return () => moonsLoss(model, points, data.moonsTargets).data;
}

function fourPoints(data) {
  const model = makeModel(fourPointsSizes, "tanh", "tanh");
  const parameters = model.parameters();
  const optimizer = new SGD(parameters, { rate: 0.1 });
  const points = rows(data.fourPoints, 3);
  return (repetition) => {
    restart(repetition, parameters, data.fourParameters);
    const scores = points.map((point) => model.forward(point)[0]);
    return descend(optimizer, meanSquaredError(scores, data.fourTargets));
  };
}

function tiny() {
  const a = new Value(-41);
  const b = new Value(2);
  const c = a.add(b);
  const d = a.mul(b).add(b.pow(3));
  const e = c.sub(d);
  const f = e.pow(2);
  const g = f.div(2);
  g.backward();
  return g.data + a.grad + b.grad;
}

function chain(n) {
  const start = new Value(1);
  const factor = new Value(chainFactor);
  const term = new Value(chainTerm);
  let x = start;
  for (let i = 0; i < n; i++) x = i % 2 === 0 ? x.mul(factor) : x.add(term);
  x.backward();
  return x.data + start.grad + factor.grad + term.grad;
}

export const works = {
  moons,
  "forward-moons": forwardMoons,
  start: moons,
  "four-points": fourPoints,
  tiny: () => tiny,
  "chain-1e4": () => () => chain(1e4),
  "chain-1e5": () => () => chain(1e5),
  "chain-1e6": () => () => chain(1e6),
  "chain-1e7": () => () => chain(1e7),
};

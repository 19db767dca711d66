// npm simplegrad: the graph is built once and compiled to JavaScript text, so it is not eager; it
// is here because it is the one other scalar engine that runs the same loss over and over.

import { ValueStorage, Variable } from "simplegrad";
import { fourPointsSizes, moonsSizes, rows, stepsInARun } from "../data.mjs";
import { score } from "./scalar-net.mjs";

const operations = (hidden, output) => ({
  add: (a, b) => a.add(b),
  mul: (a, b) => a.mul(b),
  hidden,
  output,
});

const sum = (variables) => variables.reduce((total, variable) => total.add(variable));

/** Builds and compiles the loss once; each step runs it forward and backward. */
function makeStep(start, makeLoss) {
  const storage = new ValueStorage();
  const parameters = start.map(() => new Variable(storage));
  const loss = makeLoss(parameters);
  loss.compile();
  return (repetition) => {
    if (repetition % stepsInARun === 0) {
      for (const [i, p] of parameters.entries()) p.setValue(start[i]);
    }
    loss.forward();
    storage.gv.fill(0);
    loss.setGradient(1);
    loss.backward();
    for (const p of parameters) p.gradientStep(0.1);
    return loss.getValue();
  };
}

function moons(data) {
  const points = rows(data.moonsPoints, 2);
  const net = operations(
    (x) => x.ReLU(),
    (x) => x,
  );
  return makeStep(data.moonsParameters, (parameters) => {
    const losses = points.map((point, i) => {
      const s = score(parameters, moonsSizes, point, net);
      return s.mul(-data.moonsTargets[i]).add(1).ReLU();
    });
    const penalty = sum(parameters.map((p) => p.mul(p))).mul(1e-4);
    return sum(losses).div(losses.length).add(penalty);
  });
}

function fourPoints(data) {
  const points = rows(data.fourPoints, 3);
  const net = operations(
    (x) => x.tanh(),
    (x) => x.tanh(),
  );
  return makeStep(data.fourParameters, (parameters) => {
    const errors = points.map((point, i) =>
      score(parameters, fourPointsSizes, point, net).sub(data.fourTargets[i]).pow(2),
    );
    return sum(errors).div(errors.length);
  });
}

export const works = { moons, "four-points": fourPoints };

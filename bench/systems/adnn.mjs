// npm adnn: a graph of scalar nodes, differentiated by node.backprop(). Plain numbers may stand
// beside nodes and make none. Its max and min have no derivative (a silent 0), so relu is a branch.

import ad from "adnn/ad/index.js";
import { fourPointsSizes, moonsSizes, rows, stepsInARun } from "../data.mjs";
import { chainFactor, chainTerm } from "../works.mjs";
import { score } from "./scalar-net.mjs";

const { add, sub, mul, div, pow, gt, tanh, sum } = ad.scalar;
const relu = (x) => (gt(x, 0) ? x : 0);
const linear = (x) => x;

/** Puts the starting weights back at the start of each run. */
function restart(repetition, parameters, start) {
  if (repetition % stepsInARun !== 0) return;
  for (const [i, p] of parameters.entries()) p.x = start[i];
}

function descend(parameters, loss) {
  for (const p of parameters) p.dx = 0;
  loss.backprop();
  for (const p of parameters) p.x -= 0.1 * p.dx;
  return ad.value(loss);
}

function moons(data) {
  const parameters = data.moonsParameters.map((value) => ad.lift(value));
  const points = rows(data.moonsPoints, 2);
  const operations = { add, mul, hidden: relu, output: linear };
  return (repetition) => {
    restart(repetition, parameters, data.moonsParameters);
    const losses = points.map((point, i) => {
      const s = score(parameters, moonsSizes, point, operations);
      return relu(sub(1, mul(data.moonsTargets[i], s)));
    });
    const penalty = mul(1e-4, sum(parameters.map((p) => mul(p, p))));
    return descend(parameters, add(div(sum(losses), losses.length), penalty));
  };
}

function fourPoints(data) {
  const parameters = data.fourParameters.map((value) => ad.lift(value));
  const points = rows(data.fourPoints, 3);
  const operations = { add, mul, hidden: tanh, output: tanh };
  return (repetition) => {
    restart(repetition, parameters, data.fourParameters);
    const errors = points.map((point, i) => {
      const s = score(parameters, fourPointsSizes, point, operations);
      return pow(sub(s, data.fourTargets[i]), 2);
    });
    return descend(parameters, div(sum(errors), errors.length));
  };
}

function tiny() {
  const a = ad.lift(-41);
  const b = ad.lift(2);
  const c = add(a, b);
  const d = add(mul(a, b), pow(b, 3));
  const e = sub(c, d);
  const f = pow(e, 2);
  const g = div(f, 2);
  g.backprop();
  return ad.value(g) + ad.derivative(a) + ad.derivative(b);
}

function chain(n) {
  const start = ad.lift(1);
  const factor = ad.lift(chainFactor);
  const term = ad.lift(chainTerm);
  let x = start;
  for (let i = 0; i < n; i++) x = i % 2 === 0 ? mul(x, factor) : add(x, term);
  x.backprop();
  const derivatives = [start, factor, term].map(ad.derivative);
  return derivatives.reduce((total, derivative) => total + derivative, ad.value(x));
}

export const works = {
  moons,
  "four-points": fourPoints,
  tiny: () => tiny,
  "chain-1e4": () => () => chain(1e4),
  "chain-1e5": () => () => chain(1e5),
  "chain-1e6": () => () => chain(1e6),
};

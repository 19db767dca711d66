// npm ad.js: a function of an array of numbers becomes the function that gives its gradient.
// It has no tanh, which is made of exp here; its max is a smooth approximation, so that relu is
// the branch that its macros would make of `x > 0 ? x : 0`.

import makeAd from "ad.js";
import { fourPointsSizes, moonsSizes, rows, stepsInARun } from "../data.mjs";
import { score } from "./scalar-net.mjs";

const ad = makeAd({ mode: "r", noHigher: true });
const { add, sub, mul, div, gt } = ad;
const { exp, pow } = ad.maths;
const relu = (x) => (gt(x, 0) ? x : 0);
const linear = (x) => x;

function tanh(x) {
  const e = exp(mul(2, x));
  return div(sub(e, 1), add(e, 1));
}

/** A step of descent on `loss`, a function of the array of parameters. */
function makeStep(start, loss) {
  let parameters = [];
  let value = 0;
  const gradient = ad.gradientR((values) => {
    const result = loss(values);
    value = ad.untapify(result);
    return result;
  });
  return (repetition) => {
    if (repetition % stepsInARun === 0) parameters = start.slice();
    const slopes = gradient(parameters);
    for (const [i, slope] of slopes.entries()) parameters[i] -= 0.1 * slope;
    return value;
  };
}

function moons(data) {
  const points = rows(data.moonsPoints, 2);
  const operations = { add, mul, hidden: relu, output: linear };
  return makeStep(data.moonsParameters, (parameters) => {
    let total = 0;
    for (const [i, point] of points.entries()) {
      const s = score(parameters, moonsSizes, point, operations);
      total = add(total, relu(sub(1, mul(data.moonsTargets[i], s))));
    }
    let squares = 0;
    for (const p of parameters) squares = add(squares, mul(p, p));
    return add(div(total, points.length), mul(1e-4, squares));
  });
}

function fourPoints(data) {
  const points = rows(data.fourPoints, 3);
  const operations = { add, mul, hidden: tanh, output: tanh };
  return makeStep(data.fourParameters, (parameters) => {
    let total = 0;
    for (const [i, point] of points.entries()) {
      const error = sub(score(parameters, fourPointsSizes, point, operations), data.fourTargets[i]);
      total = add(total, mul(error, error));
    }
    return div(total, points.length);
  });
}

function tiny() {
  let value = 0;
  const [slopeA, slopeB] = ad.gradientR(([a, b]) => {
    const c = add(a, b);
    const d = add(mul(a, b), pow(b, 3));
    const e = sub(c, d);
    const f = pow(e, 2);
    const g = div(f, 2);
    value = ad.untapify(g);
    return g;
  })([-41, 2]);
  return value + slopeA + slopeB;
}

export const works = { moons, "four-points": fourPoints, tiny: () => tiny };

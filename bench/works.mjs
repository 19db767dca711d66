// What every system is asked to do, and the right answers, which no autograd engine had a part in.

import { batches, widths } from "./data.mjs";
import { works as loops } from "./systems/javascript-loops.mjs";

/**
 * The chain's constants: x = x * factor and x = x + term in turn, from 1. They keep ten million
 * operations within ordinary numbers.
 */
export const chainFactor = 1 - 1e-6;
export const chainTerm = 1e-7;

/** How many times a check repeats a work, comparing every result. */
export const checkedRepetitions = 5;

/**
 * The end of a chain of n operations plus its derivatives to the start, the factor and the term,
 * by carrying the derivatives along (forward mode), since engines go backward.
 */
function chainAnswer(n) {
  let x = 1;
  let toStart = 1;
  let toFactor = 0;
  let toTerm = 0;
  for (let i = 0; i < n; i++) {
    if (i % 2 === 0) {
      toFactor = toFactor * chainFactor + x;
      toStart *= chainFactor;
      toTerm *= chainFactor;
      x *= chainFactor;
    } else {
      toTerm += 1;
      x += chainTerm;
    }
  }
  return x + toStart + toFactor + toTerm;
}

const same = (answer) => new Array(checkedRepetitions).fill(answer);

/** The losses of the first steps, by the loops without autograd; C must find the same. */
function losses(work, data) {
  const step = loops[work](data);
  return Array.from({ length: checkedRepetitions }, (_, k) => step(k));
}

/**
 * The floating-point operations of a gradient step over `points` examples, tanh and loss not
 * counted: a multiplication and an addition for each weight in each of three products, the one
 * forward, the one for the weights' gradients and (not in the first layer) that for the inputs'.
 */
function flop([first, ...rest], points) {
  let products = 0;
  let inputs = first;
  for (const [layer, outputs] of rest.entries()) {
    products += (layer === 0 ? 2 : 3) * inputs * outputs;
    inputs = outputs;
  }
  return 2 * products * points;
}

/** A work of the kind of moons. */
function step(name, about, sizes, points) {
  return { name, about, flop: flop(sizes, points), expected: (data) => losses(name, data) };
}

function chain(name, n, options) {
  return {
    name,
    about: `a chain of ${n.toLocaleString("en")} operations, forward and backward`,
    nodes: n,
    expected: () => same(chainAnswer(n)),
    ...options,
  };
}

/**
 * Each work: its name, what one repetition is, how many nodes micrograd makes for it (so that a
 * time for each node can be given) and the results that the first repetitions must have.
 * `flop`: its floating-point operations, so that operations in a cycle can be given.
 * `forward`: the work that is its forward part, so that a ratio to it can be given.
 * `fresh`: done once in each process, and every round has a process of its own.
 * `once`: too big to repeat; run a single time, and the process's peak memory is reported.
 */
export const works = [
  {
    name: "moons",
    about: "a full gradient step and update, 2-16-16-1 ReLU, 100 points, hinge loss",
    nodes: 65_818,
    flop: flop([2, 16, 16, 1], 100),
    forward: "forward-moons",
    expected: (data) => losses("moons", data),
  },
  {
    name: "forward-moons",
    about: "the loss of moons alone",
    flop: 2 * (2 * 16 + 16 * 16 + 16) * 100,
    expected: (data) => losses("forward-moons", data),
  },
  {
    name: "four-points",
    about: "a full gradient step and update, 3-4-4-1 tanh, 4 points, squared error",
    flop: flop([3, 4, 4, 1], 4),
    expected: (data) => losses("four-points", data),
  },
  {
    name: "start",
    about: "in a fresh process: compile moons and do the first step",
    fresh: true,
    expected: (data) => losses("moons", data),
  },
  {
    name: "tiny",
    about: "the eight-line graph of BurTorch's first experiment, built and differentiated",
    expected: () => same(612.5 - 35 + 1050),
  },
  ...widths.map((w) => step(`width-${w}`, `moons with a net 2-${w}-${w}-1`, [2, w, w, 1], 100)),
  ...batches.map((n) =>
    step(`batch-${n}`, `moons with ${n.toLocaleString("en")} points`, [2, 16, 16, 1], n),
  ),
  chain("chain-1e4", 1e4),
  chain("chain-1e5", 1e5),
  chain("chain-1e6", 1e6),
  chain("chain-1e7", 1e7, { once: true }),
];

/** Names for `--only` that stand for several works. */
export const groups = {
  widths: widths.map((width) => `width-${width}`),
  batches: batches.map((batch) => `batch-${batch}`),
  workers: ["batch-1000", "batch-10000"],
  linearity: ["chain-1e4", "chain-1e5", "chain-1e6", "chain-1e7"],
};

// The numbers that every system starts from: points, targets and weights, made here, in one file.

import { readFileSync, writeFileSync } from "node:fs";

/** Layer sizes of the two networks; works.mjs says what is done with them. */
export const moonsSizes = [2, 16, 16, 1];
export const fourPointsSizes = [3, 4, 4, 1];

/** Hidden widths of the nets 2-w-w-1 and numbers of points of the moons net that have a work. */
export const widths = [4, 8, 16, 32, 64, 128];
export const batches = [10, 100, 1000, 10_000, 100_000];

/**
 * Before repetition 0, 100, 200, ... of a network the starting weights are restored: the time is
 * that of micrograd's demo, a run of 100 steps. (A system that skips the examples whose loss is
 * already 0 would otherwise get faster the longer it trains, and its time mean nothing.)
 */
export const stepsInARun = 100;

/** A small linear congruential generator (Numerical Recipes): uniform in -1..1, always the same. */
function uniforms(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Points on two interleaved half circles, a little noise, targets -1 and 1 in turn. */
function moons(count, next, angleOf) {
  const points = [];
  const targets = [];
  for (let i = 0; i < count; i++) {
    const angle = Math.PI * angleOf(i);
    const upper = i % 2 === 0;
    const x = upper ? Math.cos(angle) : 1 - Math.cos(angle);
    const y = upper ? Math.sin(angle) : 0.5 - Math.sin(angle);
    points.push(x + 0.1 * next(), y + 0.1 * next());
    targets.push(upper ? -1 : 1);
  }
  return { points, targets };
}

/**
 * Weights and then the bias, neuron after neuron: the order of micrograd's parameters(). Weights
 * are in -scale..scale.
 */
function parameters(sizes, next, scale = () => 1) {
  const values = [];
  for (let layer = 1; layer < sizes.length; layer++) {
    const inputs = sizes[layer - 1];
    for (let neuron = 0; neuron < sizes[layer]; neuron++) {
      for (let i = 0; i < inputs; i++) values.push(scale(inputs) * next());
      values.push(0);
    }
  }
  return values;
}

/**
 * Writes the data as lines `name count value value ...`, which C, Python and JavaScript all read
 * in three lines of code and to the last bit.
 */
export function writeData(path) {
  const hundred = moons(100, uniforms(1), (i) => i / 99);
  // The points of the batches come in no order, so that the first n of them are a batch as well.
  const next = uniforms(4);
  const many = moons(Math.max(...batches), next, () => (1 + next()) / 2);
  // In -1..1 at any width, as micrograd has them, wide nets would blow up.
  const scale = (inputs) => 1 / Math.sqrt(inputs);
  const ofWidths = widths.map((w) => [
    `width${w}Parameters`,
    parameters([2, w, w, 1], uniforms(2), scale),
  ]);
  const arrays = {
    moonsPoints: hundred.points,
    moonsTargets: hundred.targets,
    moonsParameters: parameters(moonsSizes, uniforms(2)),
    fourPoints: [1, 1, 1, 0, 2, 4, -2, 4, 2, 3, 1, 3],
    fourTargets: [-1, 1, 1, -1],
    fourParameters: parameters(fourPointsSizes, uniforms(3)),
    ...Object.fromEntries(ofWidths),
    batchPoints: many.points,
    batchTargets: many.targets,
  };
  const lines = Object.entries(arrays).map(([name, a]) => `${name} ${a.length} ${a.join(" ")}\n`);
  writeFileSync(path, lines.join(""));
}

/** Reads the file back: `{ moonsPoints: number[], moonsTargets: number[], ... }`. */
export function readData(path) {
  const data = {};
  for (const line of readFileSync(path, "utf8").trim().split("\n")) {
    const [name, , ...values] = line.split(" ");
    data[name] = values.map(Number);
  }
  return data;
}

/** What a work with a network starts from: its name, its sizes, its points and its parameters. */
export function network(work, data) {
  const [kind, number] = work.split("-");
  const of = (sizes, points, parameters) => ({
    sizes,
    points: data[`${points}Points`],
    targets: data[`${points}Targets`],
    parameters: data[`${parameters}Parameters`],
  });
  if (kind === "four") return of(fourPointsSizes, "four", "four");
  if (kind === "width") return of([2, +number, +number, 1], "moons", `width${number}`);
  if (kind === "batch") {
    const net = of(moonsSizes, "batch", "moons");
    return {
      ...net,
      points: net.points.slice(0, 2 * number),
      targets: net.targets.slice(0, number),
    };
  }
  return of(moonsSizes, "moons", "moons");
}

/** The flat list of coordinates as one array for each point. */
export function rows(flat, width) {
  return Array.from({ length: flat.length / width }, (_, i) =>
    flat.slice(i * width, (i + 1) * width),
  );
}

/** Where neurons and weights of a network are drawn. Read addresses.ts first. */

import { firstOf } from "./addresses.ts";

/** A square for an input or a neuron: its middle, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
}

/** A weight: from one square to another, and its place among all parameters. */
export interface Wire {
  readonly layer: number;
  readonly neuron: number;
  readonly input: number;
  readonly index: number;
  readonly from: Box;
  readonly to: Box;
}

/** The diagram of a network. */
export interface Diagram {
  readonly width: number;
  readonly height: number;
  /** The side of the squares of each column. */
  readonly sides: readonly number[];
  /** The width of the line of the largest weight. */
  readonly thickest: number;
  /** Are biases written below their neurons, or to the right of them? */
  readonly biasBelow: boolean;
  /** By column: the inputs, then each layer. */
  readonly columns: readonly (readonly Box[])[];
  readonly wires: readonly Wire[];
}

const HEAD = 40; // for the names of the layers
const LEFT = 26; // for the names of the inputs
const RIGHT = 46; // for the last biases
const TALLEST = 390; // of all neurons of a layer, unless they are very many
const LABEL = 16; // a bias below a neuron
const BESIDE = 38; // a bias beside a neuron

/** The diagram for networks of these sizes in so much width; it is wider where that is too little. */
export function diagramOf(sizes: readonly number[], room: number): Diagram {
  const most = Math.max(...sizes);
  const least = Math.max(21, Math.min(TALLEST / most, 66)); // from one neuron of the largest layer to the next
  const biasBelow = least >= 44;
  const pitches = sizes.map((size) => Math.min(66, (least * most) / size));
  const sides = pitches.map((pitch) =>
    Math.min(biasBelow ? 40 : 30, Math.round(pitch - (biasBelow ? LABEL + 6 : 4))),
  );
  const widest = Math.max(...sides);
  const gaps = sizes.length - 1;
  const narrowest = widest + (biasBelow ? 34 : BESIDE + 22);
  const across = Math.min(190, Math.max(narrowest, (room - LEFT - RIGHT - widest) / gaps));
  const start = LEFT + widest / 2;
  const tall = Math.max(
    ...sizes.map((size, column) => (size - 1) * pitches[column] + sides[column]),
  );
  const columns = sizes.map((size, column) =>
    Array.from({ length: size }, (_, i) => ({
      x: start + column * across,
      y: HEAD + tall / 2 + (i - (size - 1) / 2) * pitches[column],
    })),
  );
  const wires: Wire[] = [];
  for (let layer = 0; layer < gaps; layer++) {
    for (const [neuron, box] of columns[layer + 1].entries()) {
      const first = firstOf(sizes, layer, neuron);
      for (const [input, source] of columns[layer].entries()) {
        const share = sizes[layer] === 1 ? 0 : input / (sizes[layer] - 1) - 0.5;
        const bias = layer > 0 && !biasBelow ? BESIDE : 0; // the line begins behind it: it is no minus
        const from = { x: source.x + sides[layer] / 2 + bias, y: source.y };
        const side = sides[layer + 1];
        const to = { x: box.x - side / 2, y: box.y + share * side * 0.6 };
        wires.push({ layer, neuron, input, index: first + input, from, to });
      }
    }
  }
  return {
    width: Math.ceil(start + gaps * across + widest / 2 + RIGHT),
    height: Math.ceil(HEAD + tall + (biasBelow ? LABEL : 4)),
    sides,
    thickest: Math.max(1.5, Math.min(5.5, 34 / most)),
    biasBelow,
    columns,
    wires,
  };
}

/** A point of a wire: t = 0 at its beginning, 1 at its end. The wire leaves and arrives level. */
export function alongWire({ from, to }: Wire, t: number): [x: number, y: number] {
  const middle = (from.x + to.x) / 2;
  const s = 1 - t;
  const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return [a * from.x + (b + c) * middle + d * to.x, (a + b) * from.y + (c + d) * to.y];
}

/** The wire nearest to a place, if one is no farther than so many pixels. */
export function nearestWire(
  { wires }: Diagram,
  [x, y]: readonly [number, number],
  most: number,
): Wire | undefined {
  let [best, found] = [most, undefined as Wire | undefined];
  for (const wire of wires) {
    if (x < wire.from.x - most || x > wire.to.x + most) continue;
    for (let t = 0; t <= 1; t += 1 / 24) {
      const [a, b] = alongWire(wire, t);
      const distance = Math.hypot(a - x, b - y);
      if (distance < best) [best, found] = [distance, wire];
    }
  }
  return found;
}

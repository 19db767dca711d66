// Graphs to draw: random ones, and the networks of the course.

import fc from "fast-check";
import { makeMoons } from "../../src/data.ts";
import type { Open } from "../../src/draw/folding.ts";
import { mean, sum } from "../../src/functions.ts";
import { hinge, squaredError } from "../../src/losses.ts";
import { MLP } from "../../src/nn.ts";
import { pythonRandom } from "../../src/random.ts";
import { Value } from "../../src/value.ts";

/** The lecture's network, and the mean loss of its first `count` data points. */
export function lecture(count = 4, seed = 1) {
  const options = { random: pythonRandom(seed), output: "tanh" } as const;
  const model = new MLP(3, [4, 4, 1], options);
  const inputs = [
    [2, 3, -1],
    [3, -1, 0.5],
    [0.5, 1, 1],
    [1, 1, -1],
  ];
  const targets = [1, -1, -1, 1];
  const forward = () => {
    const losses = inputs
      .slice(0, count)
      .map((x, i) => squaredError(model.forward(x), targets[i]!));
    return count === 1 ? losses[0]! : mean(losses);
  };
  return { model, forward, loss: forward() };
}

/** The moons demo: 2-16-16-1, a hundred data points, 65,000 nodes. */
export function moons(): Value {
  const model = new MLP(2, [16, 16, 1], { activation: "relu", random: pythonRandom(1) });
  const data = makeMoons({ points: 100, random: pythonRandom(1) });
  return mean(data.inputs.map((x, i) => hinge(model.forward(x), data.targets[i]!)));
}

/** (a*b + c) * f, as in the lecture. */
export function expression(): Value {
  const [a, b, c, f] = [
    new Value(2, "a"),
    new Value(-3, "b"),
    new Value(10, "c"),
    new Value(-2, "f"),
  ];
  const e = a.mul(b);
  e.label = "e";
  const d = e.add(c);
  d.label = "d";
  const loss = d.mul(f);
  loss.label = "L";
  return loss;
}

/** A graph without origin of so many nodes, in which edges reach back over about `reach` nodes. */
export function tangle(count: number, reach: number, seed: number): Value[] {
  const random = pythonRandom(seed);
  const below = (n: number) => Math.floor(random.uniform(0, n));
  const nodes: Value[] = [];
  let roots: Value[] = []; // what has no consumer yet
  const any = () => nodes[nodes.length - 1 - below(Math.min(nodes.length, reach))]!;
  while (nodes.length < count) {
    const kind = roots.length < reach ? below(5) : 1 + below(4);
    const input = roots[below(roots.length)];
    const other = kind === 0 || input === undefined ? undefined : any();
    let node = new Value(random.uniform(-1, 1), below(2) === 0 ? "a" : "");
    if (input !== undefined && other !== undefined) {
      node = kind === 1 ? input.tanh() : kind === 2 ? input.mul(other) : input.add(other);
      roots = roots.filter((root) => root !== input && (kind === 1 || root !== other));
    }
    nodes.push(node);
    roots.push(node);
  }
  return roots;
}

/** Networks of all shapes: several data points, skipped layers, shared weights, layers used twice, a second network. */
const network = fc
  .record({
    nin: fc.integer({ min: 1, max: 3 }),
    sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
    points: fc.integer({ min: 1, max: 4 }),
    skip: fc.boolean(),
    twice: fc.boolean(),
    decay: fc.boolean(),
    second: fc.boolean(),
  })
  .map(({ nin, sizes, points, skip, twice, decay, second }) => {
    const other = new MLP(nin, [2, nin]);
    const model = new MLP(nin, [...sizes, nin], { random: pythonRandom(nin) });
    const losses = Array.from({ length: points }, (_, p) => {
      const x = Array.from({ length: nin }, (_, i) => new Value(p - i));
      let y = model.forward(x);
      if (skip) y = y.map((each, i) => each.add(x[i]!));
      if (second) y = other.forward(y);
      if (twice) y = model.forward(y);
      return squaredError(
        y,
        y.map(() => 1),
      );
    });
    const penalty = sum(model.parameters().map((each) => each.square()));
    return [decay ? mean(losses).add(penalty) : mean(losses)];
  });

const tangled = fc
  .record({
    count: fc.integer({ min: 1, max: 60 }),
    reach: fc.integer({ min: 1, max: 12 }),
    seed: fc.nat(1000),
  })
  .map(({ count, reach, seed }) => tangle(count, reach, seed));

const anyLevel = fc.constantFrom<Open>("all", "neurons", "network", []);
const anyNames = fc.constantFrom<Open>(["layers.0"], ["layers.0.neurons.0", "layers.1"]);

/** The roots of a random graph, and what of it may be chosen to be open. */
export const anyGraph = fc.oneof(
  fc.tuple(network, fc.oneof(anyLevel, anyNames)),
  fc.tuple(tangled, anyLevel),
);

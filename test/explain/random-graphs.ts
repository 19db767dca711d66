// Random graphs of all operations, for property tests.

import fc from "fast-check";
import { defineOperation } from "../../src/functions.ts";
import { Value } from "../../src/value.ts";
import { catalogue } from "../catalogue.ts";

/** An operation of one's own with three inputs: a b + e^c. */
export const own = defineOperation({
  name: "fused",
  value: (m, a, b, c) => m.add(m.mul(a, b), m.exp(c)),
  localDerivatives: [(_m, _a, b) => b, (_m, a) => a, (m, _a, _b, c) => m.exp(c)],
});

const bricks = [
  ...catalogue.map(({ operation, method }) => ({ arity: operation.arity, apply: method })),
  { arity: 3, apply: own },
];

/** Outputs of graphs with up to 4 leaves, of these numbers, and up to 12 operations. */
export const randomGraphs = (leaf: fc.Arbitrary<number>): fc.Arbitrary<Value> =>
  fc
    .record({
      leaves: fc.array(leaf, { minLength: 1, maxLength: 4 }),
      picks: fc.array(fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), { maxLength: 12 }),
    })
    .map(({ leaves, picks }) => {
      const nodes = leaves.map((x) => new Value(x));
      for (const [first = 0, ...rest] of picks) {
        const brick = bricks[first % bricks.length]!; // there are bricks
        // The first input is a young node, so that graphs are deep.
        const places = rest.map((pick, i) =>
          i === 0 ? nodes.length - 1 - (pick % Math.min(3, nodes.length)) : pick % nodes.length,
        );
        const inputs = places.slice(0, brick.arity).flatMap((place) => nodes[place] ?? []);
        if (inputs.length === brick.arity) nodes.push(brick.apply(...inputs));
      }
      return nodes.at(-1)!; // there is a leaf
    });

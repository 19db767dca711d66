// Random graphs over all operations. At smooth points `backward` agrees with slopes by nudging and
// second derivatives with nudged gradients; at all points, awkward ones included, `backward`,
// `grad` and forward mode agree with each other.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { grad, hessian, jvp } from "../src/derivatives.ts";
import { defineOperation } from "../src/functions.ts";
import { numbers, type Rule } from "../src/operations.ts";
import { graphOf, type Operand, Value } from "../src/value.ts";
import { catalogue } from "./catalogue.ts";
import "./closeness.ts";

const RUNS = 2600;
const SMALLEST = 1e-3;
const LARGEST = 1e3;

/** An operation to build graphs with. */
interface Brick {
  readonly title: string;
  readonly arity: number;
  readonly apply: (...inputs: Value[]) => Value;
  readonly compute: (...inputs: number[]) => number;
  readonly smooth: (...inputs: number[]) => boolean;
}

/** A user's own operation, stated once more as a plain function. */
function ownBrick(
  name: string,
  localDerivatives: Rule[],
  value: Rule,
  compute: (...inputs: number[]) => number,
): Brick {
  const apply: (...operands: Operand[]) => Value = defineOperation({
    name,
    value,
    localDerivatives,
  });
  return { title: name, arity: localDerivatives.length, apply, compute, smooth: () => true };
}

const bricks: readonly Brick[] = [
  ...catalogue.map(
    ({ title, operation, method, smooth }): Brick => ({
      title,
      arity: operation.arity,
      apply: method,
      compute: (...inputs) => operation.value(numbers, ...inputs),
      smooth,
    }),
  ),
  ownBrick(
    "own: exp(-x^2)",
    [(m, x, y) => m.mul(m.mul(-2, x), y)],
    (m, x) => m.exp(m.neg(m.mul(x, x))),
    (x) => numbers.exp(-(x * x)),
  ),
  ownBrick(
    "own: a/(1 + b^2)",
    [
      (m, _a, b) => m.div(1, m.add(1, m.square(b))),
      (m, _a, b, y) => m.div(m.mul(-2, m.mul(b, y)), m.add(1, m.square(b))),
    ],
    (m, a, b) => m.div(a, m.add(1, m.square(b))),
    (a, b) => a / (1 + b * b),
  ),
  ownBrick(
    "own: a b + c",
    [(_m, _a, b) => b, (_m, a) => a, () => 1],
    (m, a, b, c) => m.add(m.mul(a, b), c),
    (a, b, c) => a * b + c,
  ),
];

/** pick has no slope to its first input: a nudged number is that of no candidate. */
const smoothBricks = bricks.filter(({ title }) => !title.startsWith("pick "));

/** A graph as a list: the leaves, then what each further node is made of. */
interface Program {
  readonly leaves: readonly number[];
  readonly steps: readonly { readonly brick: Brick; readonly inputs: readonly number[] }[];
}

/** The node of every place in the list; `cut` says what comes out of detach, if not its input. */
function build(program: Program, leaves: readonly number[], cut?: readonly number[]): Value[] {
  const nodes = leaves.map((x) => new Value(x));
  for (const { brick, inputs } of program.steps) {
    const detached = brick.title === "detach" && cut !== undefined;
    const node = detached
      ? new Value(cut[nodes.length])
      : brick.apply(...inputs.map((i) => nodes[i]));
    nodes.push(node);
  }
  return nodes;
}

/** The same in plain numbers. */
function compute(program: Program, leaves: readonly number[], cut?: readonly number[]): number[] {
  const all = [...leaves];
  for (const { brick, inputs } of program.steps) {
    const detached = brick.title === "detach" && cut !== undefined;
    all.push(detached ? cut[all.length] : brick.compute(...inputs.map((i) => all[i])));
  }
  return all;
}

/** For every node: the sum over all paths to the output of the sizes of their products. */
function sizesOfPaths(output: Value): Map<Value, number> {
  const sizes = new Map([[output, 1]]);
  for (const node of graphOf(output).reverse()) {
    const size = sizes.get(node) ?? 0;
    node.inputs.forEach((input, i) => {
      const more = size * Math.abs(node.localDerivative(i));
      sizes.set(input, (sizes.get(input) ?? 0) + more);
    });
  }
  return sizes;
}

/** How much the rounding of all nodes may move the output. */
function roundingOf(sizes: Map<Value, number>): number {
  let total = 0;
  for (const [node, size] of sizes) total += Math.abs(node.data) * size;
  return 4 * Number.EPSILON * total;
}

/** The slope of each number of f at 0 by nudging, the error in h^2 taken off (Richardson). */
function slopes(f: (nudge: number) => number[], h: number): number[] {
  const central = (step: number) => {
    const above = f(step);
    const below = f(-step);
    return above.map((y, i) => (y - below[i]) / (2 * step));
  };
  const wide = central(h);
  const narrow = central(h / 2);
  return narrow.map((slope, i) => (4 * slope - wide[i]) / 3);
}

const nudged = (leaves: readonly number[], i: number, by: number) =>
  leaves.map((x, k) => (k === i ? x + by : x));

/** What fast-check draws: numbers from which a program is made. */
const pick = fc.nat({ max: 1_000_000 });
const draw = <T>(leaf: fc.Arbitrary<T>, longest: number) =>
  fc.record({
    leaves: fc.array(leaf, { minLength: 2, maxLength: 4 }),
    picks: fc.array(fc.tuple(pick, pick, pick, pick), { minLength: 1, maxLength: longest }),
  });

describe("at smooth points", () => {
  /** Turns drawn numbers into a program whose nodes are all smooth and of moderate size. */
  function smoothProgram(leaves: number[], picks: number[][]): Program | undefined {
    const all = [...leaves];
    const steps: { brick: Brick; inputs: number[] }[] = [];
    for (const [first, ...others] of picks) {
      const brick = smoothBricks[first % smoothBricks.length];
      const inputs = findInputs(brick, all, others);
      if (inputs === undefined) return undefined;
      steps.push({ brick, inputs });
      all.push(brick.compute(...inputs.map((i) => all[i])));
    }
    return { leaves, steps };
  }

  /** Inputs at which the brick is smooth: the first that fits, starting from the drawn ones. */
  function findInputs(brick: Brick, all: number[], [p, q, r]: number[]): number[] | undefined {
    const n = all.length;
    for (let shift = 0; shift < n * n; shift++) {
      // the newest nodes first, so that most nodes lead to the output
      const a = (2 * n - 1 - (p % 2) - (shift % n)) % n;
      const b = (q + Math.floor(shift / n)) % n;
      const inputs = [a, b, r % n].slice(0, brick.arity);
      const at = inputs.map((i) => all[i]);
      const size = Math.abs(brick.compute(...at));
      if (brick.smooth(...at) && size >= SMALLEST && size <= LARGEST) return inputs;
    }
    return undefined;
  }

  const leaf = fc
    .tuple(fc.double({ min: 0.1, max: 4, noNaN: true }), fc.boolean())
    .map(([size, negative]) => (negative ? -size : size));

  const counts = { drawn: 0, kept: 0, perBrick: new Map<string, number>() };

  /** Compares everything about one program; false if nudging cannot tell. */
  function check(program: Program): boolean {
    const nodes = build(program, program.leaves);
    const output = nodes[nodes.length - 1];
    const leaves = nodes.slice(0, program.leaves.length);
    const cut = nodes.map((node) => node.data);
    const sizes = sizesOfPaths(output);
    const rounding = roundingOf(sizes);

    // the step in each leaf moves no node by more than 2e-5
    const steps = leaves.map((x) => {
      const rates = nodes.map((node) => Math.abs(jvp(node, [x], [1])));
      return 2e-5 / Math.max(1, ...rates);
    });
    const bounds = leaves.map((x, i) => 1e-5 * (sizes.get(x) ?? 0) + (4 * rounding) / steps[i]);
    if (bounds.some((bound, i) => bound > 1e-2 * (sizes.get(leaves[i]) ?? 0) && bound > 1e-6)) {
      return false;
    }

    const values = compute(program, program.leaves);
    expect(values).toBeNear(cut, { relative: 1e-15 });

    output.backward();
    const gradients = leaves.map((x) => x.grad);
    leaves.forEach((x, i) => {
      const f = (nudge: number) => [
        compute(program, nudged(program.leaves, i, nudge), cut).at(-1) ?? Number.NaN,
      ];
      const [slope] = slopes(f, steps[i]);
      expect(gradients[i], `slope to leaf ${i}`).toBeNear(slope, { absolute: bounds[i] });
      // The modes add up the same products in another order.
      const order = { absolute: 64 * Number.EPSILON * (sizes.get(x) ?? 0) };
      expect(jvp(output, [x], [1]), `jvp to leaf ${i}`).toBeNear(gradients[i], order);
      expect(grad(output, [x])[0].data, `grad to leaf ${i}`).toBeNear(gradients[i], order);
    });

    // all inputs in one direction
    const direction = leaves.map((_, i) => 0.5 + i);
    const along = gradients.reduce((sum, g, i) => sum + g * direction[i], 0);
    const size = leaves.reduce((sum, x, i) => sum + (sizes.get(x) ?? 0) * direction[i], 0);
    const order = { absolute: 64 * Number.EPSILON * size };
    expect(jvp(output, leaves, direction), "jvp along a direction").toBeNear(along, order);

    checkSecond(program, output, leaves, steps, cut);
    return true;
  }

  function checkSecond(
    program: Program,
    output: Value,
    leaves: Value[],
    steps: number[],
    cut: number[],
  ): void {
    const found = hessian(output, leaves);
    const slopeNodes = grad(output, leaves);
    const sizes = slopeNodes.map((slope) => sizesOfPaths(slope));
    const size = (i: number, j: number) => sizes[i].get(leaves[j]) ?? 0;
    leaves.forEach((_, j) => {
      // column j: how the gradient changes with leaf j
      const gradient = (nudge: number) => {
        const nodes = build(program, nudged(program.leaves, j, nudge), cut);
        nodes[nodes.length - 1].backward();
        return nodes.slice(0, leaves.length).map((x) => x.grad);
      };
      slopes(gradient, steps[j]).forEach((slope, i) => {
        const bound = 1e-4 * size(i, j) + (8 * roundingOf(sizes[i])) / steps[j];
        expect(found[i][j], `second derivative ${i}, ${j}`).toBeNear(slope, { absolute: bound });
        const both = Math.max(size(i, j), size(j, i));
        expect(found[i][j], `symmetry of ${i}, ${j}`).toBeNear(found[j][i], {
          absolute: 1e-13 * both,
        });
      });
    });
  }

  function count(program: Program): void {
    counts.kept += 1;
    // only what leads to the output has been checked
    const used = new Set([program.leaves.length + program.steps.length - 1]);
    const titles = new Set<string>();
    for (let i = program.steps.length - 1; i >= 0; i--) {
      if (!used.has(program.leaves.length + i)) continue;
      titles.add(program.steps[i].brick.title);
      for (const input of program.steps[i].inputs) used.add(input);
    }
    for (const title of titles) counts.perBrick.set(title, (counts.perBrick.get(title) ?? 0) + 1);
  }

  test(`Value.backward, grad, jvp, hessian: agree with slopes in ${RUNS} random graphs`, () => {
    fc.assert(
      fc.property(draw(leaf, 9), ({ leaves, picks }) => {
        counts.drawn += 1;
        const program = smoothProgram(leaves, picks);
        if (program !== undefined && check(program)) count(program);
      }),
      { seed: 20260101, numRuns: RUNS },
    );
  });

  test("random graphs: at most 20 % are discarded, and 2,000 are kept", () => {
    expect(counts.drawn).toBe(RUNS);
    expect(counts.kept).toBeGreaterThanOrEqual(0.8 * RUNS);
    expect(counts.kept).toBeGreaterThanOrEqual(2000);
  });

  test.each(smoothBricks)("random graphs: $title is in at least 100 of those kept", ({ title }) => {
    expect(counts.perBrick.get(title) ?? 0).toBeGreaterThanOrEqual(100);
  });
});

describe("at awkward points", () => {
  // What agreement means where derivatives are infinite or NaN. A path contributes the product of
  // its local derivatives, or nothing if one of them is a 0 that means "not chosen". The modes
  // multiply and add in different orders, so of 0, Infinity and NaN they may find different ones
  // (Infinity plus Infinity times 0 is NaN, Infinity times 1 plus 0 is not); but what is finite
  // for one is finite for all, and then the same but for the order of summation.
  const leaf = fc.constantFrom(0, -0, 1, -1, 0.5, -2, 3, 25, -40, NaN, Infinity, -Infinity);

  function anyProgram(leaves: number[], picks: number[][]): Program {
    const steps = picks.map(([first, p, q, r], k) => {
      const brick = bricks[first % bricks.length];
      const n = leaves.length + k;
      return { brick, inputs: [n - 1 - (p % Math.min(3, n)), q % n, r % n].slice(0, brick.arity) };
    });
    return { leaves, steps };
  }

  /** Would no product of local derivatives overflow or underflow, in whatever order? */
  function moderate(output: Value): boolean {
    return graphOf(output).every((node) =>
      node.inputs.every((_, i) => {
        const size = Math.abs(node.localDerivative(i));
        return size === 0 || !Number.isFinite(size) || (size >= 1e-30 && size <= 1e30);
      }),
    );
  }

  const counts = { kept: 0, infinite: 0, zero: 0, finite: 0 };

  test(`Value.backward, grad, jvp: agree with each other in ${RUNS} graphs of any kind`, () => {
    fc.assert(
      fc.property(draw(leaf, 7), ({ leaves, picks }) => {
        const program = anyProgram(leaves, picks);
        const nodes = build(program, leaves);
        const output = nodes[nodes.length - 1];
        if (!moderate(output)) return;
        counts.kept += 1;
        output.backward();
        const inputs = nodes.slice(0, leaves.length);
        const again = grad(output, inputs);
        const sizes = sizesOfPaths(output);
        inputs.forEach((x, i) => {
          const others = { jvp: jvp(output, [x], [1]), grad: again[i].data };
          for (const [name, other] of Object.entries(others)) {
            const message = `${name} ${other} and backward ${x.grad} to leaf ${i}`;
            expect(Number.isFinite(other), message).toBe(Number.isFinite(x.grad));
            if (!Number.isFinite(other)) continue;
            const size = sizes.get(x) ?? 0;
            const order = Number.isFinite(size) ? { absolute: 64 * Number.EPSILON * size } : {};
            expect(other, message).toBeNear(x.grad, order);
          }
          if (!Number.isFinite(x.grad)) counts.infinite += 1;
          else if (x.grad === 0) counts.zero += 1;
          else counts.finite += 1;
        });
      }),
      { seed: 20260102, numRuns: RUNS },
    );
  });

  test("random graphs: most are kept, and all kinds of gradients occur", () => {
    expect(counts.kept).toBeGreaterThan(0.8 * RUNS);
    expect(counts.infinite).toBeGreaterThan(100);
    expect(counts.zero).toBeGreaterThan(100);
    expect(counts.finite).toBeGreaterThan(100);
  });
});

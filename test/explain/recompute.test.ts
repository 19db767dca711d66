// Computing a graph again with other numbers, against graphs that are built again.

import fc from "fast-check";
import { expect, test } from "vitest";
import { outputAlong, Recomputer, recompute } from "../../src/explain/recompute.ts";
import { parseExpression } from "../../src/expression.ts";
import { graphOf, Value } from "../../src/value.ts";
import { fourPoints } from "./four-points.ts";
import { randomGraphs } from "./random-graphs.ts";

const lecture = () => {
  const L = parseExpression("e = a*b; d = e + c; L = d*f").evaluate({ a: 2, b: -3, c: 10, f: -2 });
  const node = (label: string) => graphOf(L).find((found) => found.label === label)!;
  return { L, node };
};

test("recompute: L = (a*b + c) * f with other numbers in leaves and in others", () => {
  const { L, node } = lecture();
  const L_ = (changed: Record<string, number>) =>
    recompute(L, new Map(Object.entries(changed).map(([label, x]) => [node(label), x])));
  expect(L_({})).toBe(-8);
  expect(L_({ a: 3 })).toBe(-2); // (3 · -3 + 10) · -2
  expect(L_({ e: 0 })).toBe(-20); // (0 + 10) · -2: a and b do not count any more
  expect(L_({ e: 0, a: 100, f: 1 })).toBe(10);
  expect(L_({ L: 5 })).toBe(5);
  expect([L.data, node("e").data]).toEqual([-8, -6]);
});

test("outputAlong: the output as a function of one number", () => {
  const { L, node } = lecture();
  // L = (-3 a + 10) · -2 = 6 a - 20
  expect([...outputAlong(L, node("a"), [0, 1, 2, -1.5])]).toEqual([-20, -14, -8, -29]);
  expect(outputAlong(L, node("a"), []).length).toBe(0);
});

test("recompute: detach is a function like others, unless its results are held", () => {
  const x = new Value(2);
  const y = x.detach().mul(x);
  expect(recompute(y, new Map([[x, 5]]))).toBe(25);
  const holding = new Recomputer(y, [x], { holdDetached: true });
  expect([holding.output([5]), holding.held]).toEqual([10, true]);
  expect(new Recomputer(y, [x]).held).toBe(false);
});

test("recompute: one Recomputer gives the same again and again", () => {
  const { L, node } = lecture();
  const again = new Recomputer(L, [node("a"), node("c")]);
  expect([again.output([3, 1]), again.output([2, 10]), again.output([3, 1])]).toEqual([16, -8, 16]);
});

test("recompute: in random graphs, the bits of a graph that is built with the other number", () => {
  const leaf = fc.constantFrom(0, -0, 1, -1, 0.5, -2, 3, 0.1, 25, NaN, Infinity);
  let moved = 0;
  fc.assert(
    fc.property(randomGraphs(leaf), leaf, fc.nat(), (output, x, pick) => {
      const nodes = graphOf(output);
      const node = nodes[pick % nodes.length]!;
      // Built again from the same operations, the node replaced by a leaf.
      const copies = new Map<Value, Value>();
      for (const old of nodes) {
        const inputs = old.inputs.map((input) => copies.get(input)!);
        const data = old === node ? x : old.data;
        const isLeaf = old === node || old.op === "";
        copies.set(old, isLeaf ? new Value(data) : Value.nary(old.operation, inputs));
      }
      const wanted = copies.get(output)!.data;
      expect(recompute(output, new Map([[node, x]]))).toBe(wanted);
      if (!Object.is(wanted, output.data)) moved += 1;
    }),
    { seed: 20260303, numRuns: 2000 },
  );
  expect(moved).toBeGreaterThan(500);
});

test("outputAlong: 200 numbers in a weight of the four-point net are quick, and no Value is made", () => {
  const { loss, parameters } = fourPoints();
  const before = new Value(0).time;
  const xs = Array.from({ length: 200 }, (_, i) => i / 100 - 1);
  let best = Infinity;
  for (let attempt = 0; attempt < 3; attempt++) {
    const start = performance.now();
    const losses = outputAlong(loss, parameters[0]!, xs);
    best = Math.min(best, performance.now() - start);
    expect(losses.every((y) => y > 0)).toBe(true);
  }
  expect(new Value(0).time).toBe(before + 1);
  expect(best).toBeLessThan(60); // about 2 ms on an idle machine
});

test("recompute: a hundred thousand nodes in a row are no problem", () => {
  const x = new Value(1);
  let y: Value = x;
  for (let i = 0; i < 100_000; i++) y = y.add(1);
  expect(recompute(y, new Map([[x, 5]]))).toBe(100_005);
});

test("Recomputer: expects Values of the graph, and numbers", () => {
  const { L, node } = lecture();
  const message = 'Recomputer: expected nodes of the graph, got "z"';
  expect(() => new Recomputer(L, [new Value(1, "z")])).toThrow(message);
  expect(() => recompute(L, new Map([[new Value(1), 1]]))).toThrow(RangeError);
  // @ts-expect-error a number is none
  expect(() => recompute(3, new Map())).toThrow("Recomputer: expected a Value, got 3");
  // @ts-expect-error a text is none
  const text = () => outputAlong(L, node("a"), ["3"]);
  expect(text).toThrow('Recomputer.output: expected a number, got "3" (a string)');
  const again = new Recomputer(L, [node("a"), node("b")]);
  expect(() => again.output([1])).toThrow("expected a number, got undefined");
});

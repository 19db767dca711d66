// Receipts: how a gradient is made up.

import { expect, test } from "vitest";
import { receiptOf, receiptText } from "../../src/explain/receipt.ts";
import { stepsOf } from "../../src/explain/steps.ts";
import { MLP } from "../../src/nn.ts";
import { pythonRandom } from "../../src/random.ts";
import { graphOf, Value } from "../../src/value.ts";

test("receiptText: one term for each edge to a consumer", () => {
  // y = a a + a at 3: dy/da = 3 + 3 + 1, the youngest consumer first
  const a = new Value(3, "a");
  const y = a.mul(a).add(a);
  y.label = "y";
  const receipt = receiptOf(stepsOf(y), a);
  expect(receipt.terms.length).toBe(3);
  expect(receiptText(receipt, y)).toBe(
    "dy/da = 1.0000 × 1.0000 + 1.0000 × 3.0000 + 1.0000 × 3.0000 = 7.0000",
  );
});

test("receiptText: says what is not known yet", () => {
  const a = new Value(3, "a");
  const y = a.mul(a);
  const steps = stepsOf(y); // * computes, start, * passes, * passes
  const texts = [0, 2, 3, 4].map((done) => receiptText(receiptOf(steps, a, done), y));
  expect(texts).toEqual([
    "d(*)/da = –",
    "d(*)/da = –",
    "d(*)/da = 1.0000 × 3.0000 = 3.0000, and more is to come",
    "d(*)/da = 1.0000 × 3.0000 + 1.0000 × 3.0000 = 6.0000",
  ]);
  expect(receiptText(receiptOf(steps, y), y)).toBe("d(*)/d(*) = 1");
});

test("receiptText: says where nothing comes", () => {
  const x = new Value(-2, "x");
  const y = x.relu();
  y.label = "y";
  expect(receiptText(receiptOf(stepsOf(y), x), y)).toBe("dy/dx = 0: nothing came");
  const z = x.detach();
  z.label = "z";
  expect(receiptText(receiptOf(stepsOf(z), x), z)).toBe("dz/dx: nothing comes here");
});

test("receiptOf: the sum of its terms is the gradient of every node of a network", () => {
  const model = new MLP(2, [4, 1], { random: pythonRandom(1) });
  const [out] = model.forward([0.5, -1]);
  const loss = (out ?? new Value(0)).square();
  const steps = stepsOf(loss);
  for (const node of graphOf(loss)) {
    if (node === loss) continue;
    const { terms, gradient, complete } = receiptOf(steps, node);
    expect(complete).toBe(true);
    expect(terms.reduce((sum, { product = NaN }) => sum + product, 0)).toBe(gradient);
  }
});

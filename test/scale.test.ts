// Large graphs and long runs: no recursion, linear time, and nothing that piles up.

import { describe, expect, test } from "vitest";
import { grad, hessian, jvp } from "../src/derivatives.ts";
import { logSumExp, max, mean, softmax, sum } from "../src/functions.ts";
import { meanSquaredError } from "../src/losses.ts";
import { MLP, Neuron } from "../src/nn.ts";
import { SGD } from "../src/optim.ts";
import { pythonRandom } from "../src/random.ts";
import { graphOf, Value } from "../src/value.ts";
import "./closeness.ts";

describe("deep", () => {
  test("Value.backward: a chain of 1,000,000 additions", () => {
    const x = new Value(1);
    let y = x;
    for (let i = 0; i < 1_000_000; i++) y = y.add(x);
    y.backward();
    expect(y.data).toBe(1_000_001);
    expect(x.grad).toBe(1_000_001);
    y.backward();
    expect(x.grad).toBe(2_000_002);
  });

  test("Value.backward: a chain of 300,000 of every kind of operation", () => {
    const x = new Value(0.5);
    let y = x;
    for (let i = 0; i < 100_000; i++) y = y.mul(-1).tanh().neg();
    y.backward();
    // tanh again and again from 0.5: the slope is the product of all 1 - tanh^2
    let [value, slope] = [0.5, 1];
    for (let i = 0; i < 100_000; i++) {
      value = Math.tanh(value);
      slope *= 1 - value * value;
    }
    expect(y.data).toBeNear(value, { relative: 1e-9 });
    expect(x.grad).toBeNear(slope, { relative: 1e-7 });
  });

  test("grad, jvp, graphOf: a chain of 200,000 nodes", () => {
    const x = new Value(1);
    let y = x;
    for (let i = 0; i < 100_000; i++) y = y.mul(1.00001).add(0.5);
    const slope = 1.00001 ** 100_000;
    expect(jvp(y, [x], [1])).toBeNear(slope, { relative: 1e-9 });
    const [first] = grad(y, [x]);
    expect(first.data).toBeNear(slope, { relative: 1e-9 });
    expect(graphOf(y)).toHaveLength(1 + 4 * 100_000);
    expect(hessian(y, [x])).toEqual([[0]]);
  });

  test("grad: again over the graph of a chain of 30,000", () => {
    const x = new Value(0.01);
    let y = x;
    for (let i = 0; i < 30_000; i++) y = y.add(y.square().mul(1e-5));
    const [first] = grad(y, [x]);
    expect(grad(first, [x])[0].data).toBeNear(0.6, { relative: 0.02 }); // 30,000 * 2e-5
  });

  test("Value.backward: a graph that doubles its paths at each of 1,000 levels", () => {
    const x = new Value(1);
    let y = x;
    for (let i = 0; i < 1000; i++) y = y.add(y);
    y.backward();
    expect(x.grad).toBe(2 ** 1000);
  });
});

describe("wide", () => {
  test("Neuron: 100,000 inputs, forward, predict and backward", () => {
    const n = 100_000;
    const neuron = new Neuron(n, { activation: "linear", init: "zero" });
    neuron.weights.forEach((w, i) => {
      w.data = i % 3;
    });
    const x = Array.from({ length: n }, (_, i) => (i % 5) - 2);
    const wanted = x.reduce((total, input, i) => total + (i % 3) * input, 0);
    const y = neuron.forward(x);
    expect(y.data).toBe(wanted);
    expect(neuron.predict(x)).toBe(wanted);
    y.backward();
    expect(neuron.weights.every((w, i) => w.grad === x[i])).toBe(true);
    expect(neuron.parameters()).toHaveLength(n + 1);
  });

  test("sum, mean, max, logSumExp, softmax: 100,000 terms", () => {
    const n = 100_000;
    const terms = Array.from({ length: n }, (_, i) => new Value(i % 7));
    expect(sum(terms).data).toBe(terms.reduce((total, t) => total + t.data, 0));
    const average = mean(terms);
    average.backward();
    expect(terms.every((t) => t.grad === 1 / n)).toBe(true);
    expect(terms.reduce((a, b) => max(a, b)).data).toBe(6);
    expect(logSumExp(terms.map(() => 0)).data).toBeNear(Math.log(n));
    expect(softmax(terms.map(() => 0))[5].data).toBeNear(1 / n, { relative: 1e-10 });
  });

  test("Value.backward: one Value that 300,000 others use", () => {
    const x = new Value(2);
    sum(Array.from({ length: 300_000 }, () => x.mul(3))).backward();
    expect(x.grad).toBe(900_000);
  });
});

describe("far apart", () => {
  test("Value.backward: one of 1,000 chains that were made in turns", () => {
    const starts = Array.from({ length: 1000 }, (_, i) => new Value(i));
    let chains = starts;
    for (let step = 0; step < 300; step++) chains = chains.map((y) => y.mul(1.01));
    chains[123].backward();
    expect(starts[123].grad).toBeNear(1.01 ** 300);
    expect(starts.filter((x) => x.hasGrad)).toEqual([starts[123]]);
    chains[124].backward();
    expect(starts[124].grad).toBeNear(1.01 ** 300);
    expect(starts[123].grad).toBeNear(1.01 ** 300);
  });

  test("Value.backward: nodes with millions of others made between them", () => {
    const x = new Value(2);
    const others = () => {
      for (let i = 0; i < 3_000_000; i++) new Value(0);
    };
    const a = x.mul(3);
    others();
    const b = a.mul(a); // 36
    others();
    const c = b.add(a).mul(x); // (9x^2 + 3x) x = 9x^3 + 3x^2: 27x^2 + 6x = 120
    c.backward();
    expect(c.data).toBe(84);
    expect(x.grad).toBe(120);
    expect(jvp(c, [x], [1])).toBe(120);
    expect(grad(c, [x])[0].data).toBe(120);
  });

  test("Value.backward: old nodes that depend on each other and are reached in any order", () => {
    // A ladder of old nodes, 20,000 creations apart; the new ones use them from the oldest up.
    const x = new Value(1);
    const old = [x.mul(1)];
    for (let i = 1; i < 30; i++) {
      for (let k = 0; k < 20_000; k++) new Value(0);
      old.push(old[i - 1].mul(2)); // old[i] = 2^i x
    }
    let y = new Value(0);
    for (const node of [...old].reverse().concat(old)) {
      for (let k = 0; k < 1000; k++) y = y.add(0);
      y = y.add(node);
    }
    y.backward();
    expect(x.grad).toBe(2 * (2 ** 30 - 1));
  });
});

describe("memory", () => {
  const MEGABYTE = 2 ** 20;
  const collect = globalThis.gc;

  /** What is in use after everything that nobody needs is gone. */
  async function used(): Promise<{ heap: number; outside: number }> {
    if (collect === undefined) throw new Error("the tests have to run with --expose-gc");
    for (let i = 0; i < 3; i++) {
      collect();
      await new Promise((done) => setTimeout(done, 10));
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return { heap: heapUsed, outside: arrayBuffers };
  }

  test("training: after 100,000 four-point steps the heap is as it was after 10,000", async () => {
    const inputs = [
      [1, 1, 1],
      [0, 2, 4],
      [-2, 4, 2],
      [3, 1, 3],
    ];
    const targets = [-1, 1, 1, -1];
    const model = new MLP(3, [4, 4, 1], { output: "tanh", random: pythonRandom(1) });
    const optimizer = new SGD(model.parameters(), { rate: 0.1, momentum: 0.5 });
    let last = 0;
    const train = (steps: number) => {
      for (let i = 0; i < steps; i++) {
        const outputs = inputs.map((x) => model.forward(x)[0]);
        const loss = meanSquaredError(outputs, targets);
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        last = loss.data;
      }
    };
    train(10_000);
    const before = await used();
    train(90_000);
    const after = await used();
    expect(last).toBeLessThan(1e-3);
    expect(Math.abs(after.heap - before.heap)).toBeLessThan(MEGABYTE);
    expect(Math.abs(after.outside - before.outside)).toBeLessThan(MEGABYTE);
  });

  test("Value: a kept leaf keeps nothing that was computed from it", async () => {
    const leaf = new Value(1);
    const kept = [leaf];
    const before = await used();
    for (let round = 0; round < 20; round++) {
      let y: Value = leaf;
      for (let i = 0; i < 50_000; i++) y = y.add(1);
      y.backward();
      kept.push(new Value(round));
    }
    const after = await used();
    expect(kept).toHaveLength(21);
    // one graph of 50,000 nodes is more than 5 MB
    expect(after.heap - before.heap).toBeLessThan(MEGABYTE);
    expect(after.outside - before.outside).toBeLessThan(MEGABYTE);
  });

  test("Value.backward: leaves nothing of a large graph behind", async () => {
    const before = await used();
    (() => {
      let y = new Value(1);
      for (let i = 0; i < 1_000_000; i++) y = y.add(1);
      y.backward();
    })();
    const after = await used();
    expect(after.heap - before.heap).toBeLessThan(4 * MEGABYTE); // the table for the next pass
    expect(after.outside - before.outside).toBeLessThan(MEGABYTE);
  });

  test("Value.backward: a pass that fails leaves nothing behind either", async () => {
    const x = new Value(1);
    const before = await used();
    for (let round = 0; round < 20; round++) {
      let y: Value = x.add(1);
      for (let i = 0; i < 50_000; i++) y = y.add(1);
      x.data = round;
      expect(() => y.backward()).toThrow(/written since/);
    }
    const after = await used();
    expect(after.heap - before.heap).toBeLessThan(2 * MEGABYTE);
  });

  test("pow, clamp, leakyRelu: 200,000 different parameters do not pile up", async () => {
    const x = new Value(1.5);
    const work = (from: number) => {
      for (let i = from; i < from + 100_000; i++) x.pow(i / 7).add(x.clamp(-i, i));
    };
    work(1);
    const before = await used();
    work(100_001);
    const after = await used();
    expect(after.heap - before.heap).toBeLessThan(MEGABYTE);
  });
});

// Every number of reference/numbers.json, and the two published runs in full: published results,
// recomputed with the programs that are quoted there, within 1e-12 of each.

import { describe, expect, test } from "vitest";
import { makeMoons, makeYinYang } from "../src/data.ts";
import { grad } from "../src/derivatives.ts";
import { add, mean, mul, sub, sum } from "../src/functions.ts";
import { crossEntropy, meanSquaredError } from "../src/losses.ts";
import { MLP } from "../src/nn.ts";
import { AdamW, linearRate, SGD } from "../src/optim.ts";
import { numpyRandom, pythonRandom, xorshiftRandom } from "../src/random.ts";
import { graphOf, Value } from "../src/value.ts";
import "./closeness.ts";
import moons from "./reference/moons.json" with { type: "json" };
import numbers from "./reference/numbers.json" with { type: "json" };
import yinyang from "./reference/yinyang.json" with { type: "json" };

const gradsOf = (nodes: Record<string, Value>) =>
  Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, node.grad]));

describe("the lecture", () => {
  const { lecture } = numbers;

  const f = (x: number) => mul(3, new Value(x).pow(2)).sub(mul(4, x)).add(5).data;
  const slope = (x: number, h: number) => (f(x + h) - f(x)) / h;
  const slopes = lecture.slopes_of_3x2_minus_4x_plus_5;

  test("Value: 3x^2 - 4x + 5 and its slopes by nudging", () => {
    expect(f(3)).toBe(slopes["f(3)"]);
    expect(slope(3, 1e-3)).toBeNear(slopes["h=1e-3 at 3"]);
    expect(slope(3, 1e-4)).toBeNear(slopes["h=1e-4 at 3"]);
    expect(slope(3, 1e-10)).toBeNear(slopes["h=1e-10 at 3"]);
    expect(slope(-3, 1e-10)).toBeNear(slopes["h=1e-10 at -3"]);
    expect(slope(2 / 3, 1e-6)).toBeNear(slopes["h=1e-6 at 2/3"]);
    expect(slope(3, 1e-17)).toBe(slopes["h=1e-17 at 3"]);
  });

  test("Value: d = a*b + c at (2, -3, 10)", () => {
    const wanted = lecture["d=a*b+c at (2,-3,10)"];
    const [a, b, c] = [2, -3, 10].map((x) => new Value(x));
    const d = a.mul(b).add(c);
    d.backward();
    expect(d.data).toBe(wanted.d);
    expect([a.grad, b.grad, c.grad]).toEqual([
      wanted["slope a"],
      wanted["slope b"],
      wanted["slope c"],
    ]);
  });

  test("Value.backward: L = (a*b + c)*f at (2, -3, 10, -2), and after one step uphill", () => {
    const wanted = lecture["L=(a*b+c)*f at (2,-3,10,-2)"];
    const [a, b, c, f] = [2, -3, 10, -2].map((x) => new Value(x));
    const program = () => {
      const e = a.mul(b);
      const d = e.add(c);
      return { e, d, L: d.mul(f) };
    };
    const { e, d, L } = program();
    L.backward();
    expect(L.data).toBe(wanted.L);
    expect(gradsOf({ a, b, c, f, "e=a*b": e, "d=e+c": d, L })).toEqual(wanted.grads);
    for (const leaf of [a, b, c, f]) leaf.data += 0.01 * leaf.grad;
    expect(program().L.data).toBeNear(wanted["after one step of +0.01*grad on a,b,c,f"]);
  });

  test("Value.backward: the neuron tanh(x1*w1 + x2*w2 + b), also as PyTorch prints it", () => {
    const wanted = lecture["neuron tanh(x1*w1+x2*w2+b)"];
    const single = wanted["same with b rounded to float32 (what PyTorch prints)"];
    for (const [bias, result] of [
      [wanted.b, { o: wanted.o, ...wanted.grads }],
      [Math.fround(wanted.b), single],
    ] as const) {
      const x1 = new Value(wanted.x1);
      const x2 = new Value(wanted.x2);
      const w1 = new Value(wanted.w1);
      const w2 = new Value(wanted.w2);
      const b = new Value(bias);
      const n = x1.mul(w1).add(x2.mul(w2)).add(b);
      const o = n.tanh();
      o.backward();
      if (bias === wanted.b) {
        expect(n.data).toBeNear(wanted.n);
        expect(b.grad).toBeNear(wanted.grads.b);
      }
      expect([o.data, x1.grad, w1.grad, x2.grad, w2.grad]).toBeNear([
        result.o,
        result.x1,
        result.w1,
        result.x2,
        result.w2,
      ]);
    }
  });

  test("Value.backward: values used twice", () => {
    const a = new Value(3);
    a.add(a).backward();
    expect(a.grad).toBe(lecture["reuse: b=a+a at 3"]["a.grad"]);
    const wanted = lecture["reuse: f=(a*b)*(a+b) at (-2,3)"];
    const [p, q] = [new Value(-2), new Value(3)];
    const product = p.mul(q);
    const total = p.add(q);
    const f = product.mul(total);
    f.backward();
    expect(f.data).toBe(wanted.f);
    expect(gradsOf({ a: p, b: q, "a*b": product, "a+b": total })).toEqual(wanted.grads);
  });

  test("MLP: of 3, [4, 4, 1] has 41 parameters, and learns the lecture's four points", () => {
    const model = new MLP(3, [4, 4, 1], { output: "tanh", init: "lecture" });
    expect(model.parameters()).toHaveLength(lecture["MLP(3,[4,4,1]) parameters"]);
    const optimizer = new SGD(model.parameters(), { rate: 0.2 });
    for (let step = 0; step < 300; step++) {
      optimizer.zeroGrad();
      const outputs = lecture.xs.map((x) => model.forward(x)[0]);
      meanSquaredError(outputs, lecture.ys).backward();
      optimizer.step();
    }
    lecture.xs.forEach((x, i) => {
      expect(model.predict(x)[0]).toBeNear(lecture.ys[i], { absolute: 0.2 });
    });
  });
});

describe("micrograd", () => {
  test("Value.backward: the README's program", () => {
    const wanted = numbers["micrograd README"];
    const a = new Value(wanted.inputs.a);
    const b = new Value(wanted.inputs.b);
    let c = a.add(b);
    let d = a.mul(b).add(b.pow(3));
    c = c.add(c).add(1);
    c = add(1, c).add(c).sub(a);
    d = d.add(d.mul(2)).add(b.add(a).relu());
    d = d.add(mul(3, d)).add(b.sub(a).relu());
    const e = c.sub(d);
    const f = e.pow(2);
    const g = f.div(2).add(new Value(10).div(f));
    g.backward();
    expect([g.data, a.grad, b.grad]).toBeNear([wanted.g, wanted["a.grad"], wanted["b.grad"]]);
    const [toA, toB] = grad(g, [a, b]);
    expect([toA.data, toB.data]).toBeNear([wanted["a.grad"], wanted["b.grad"]]);
  });

  test("Value.backward: micrograd's sanity test", () => {
    const wanted = numbers["micrograd sanity test"];
    const x = new Value(wanted.x);
    const z = mul(2, x).add(2).add(x);
    const q = z.relu().add(z.mul(x));
    const h = z.mul(z).relu();
    const y = h.add(q).add(q.mul(x));
    y.backward();
    expect([y.data, x.grad]).toEqual([wanted.y, wanted["x.grad"]]);
  });

  test("Value.backward: micrograd's second test (more ops), with powers", () => {
    const wanted = numbers["micrograd README"];
    const a = new Value(-4);
    const b = new Value(2);
    let c = a.add(b);
    let d = a.mul(b).add(b.pow(new Value(3))); // with the exponent as a Value of its own
    c = c.add(c.add(1));
    c = c.add(add(1, c).add(a.neg()));
    d = d.add(d.mul(2).add(b.add(a).relu()));
    d = d.add(mul(3, d).add(b.sub(a).relu()));
    const f = c.sub(d).square();
    const g = f.div(2).add(f.pow(-1).mul(10));
    g.backward();
    expect([g.data, a.grad, b.grad]).toBeNear([wanted.g, wanted["a.grad"], wanted["b.grad"]]);
  });

  test("Value.backward: the tiny graph of the BurTorch benchmark", () => {
    const wanted = numbers["tiny graph benchmark (BurTorch exp1)"];
    const a = new Value(wanted.a);
    const b = new Value(wanted.b);
    const c = a.add(b);
    const d = a.mul(b).add(b.pow(3));
    const g = c.sub(d).pow(2).div(2);
    g.backward();
    expect([g.data, a.grad, b.grad]).toEqual([wanted.g, wanted["a.grad"], wanted["b.grad"]]);
  });

  test("crossEntropy, Value.backward: the exercise sheet", () => {
    const sheet = numbers["exercise sheet"];
    const [a, b, c] = [2, 3, 4].map((x) => new Value(x));
    const f = sub(b.mul(3).sin(), a.pow(3)).sub(c.reciprocal()).add(b.pow(2.5)).sub(a.pow(0.5));
    f.backward();
    expect(f.data).toBeNear(sheet["f(a,b,c)=-a^3+sin(3b)-1/c+b^2.5-a^0.5 at (2,3,4)"]);
    expect([a.grad, b.grad, c.grad]).toBeNear(sheet.grad);
    const wanted = sheet["softmax cross-entropy, logits [0,3,-2,1], class 3"];
    const logits = [0, 3, -2, 1].map((x) => new Value(x));
    const loss = crossEntropy(logits, 3);
    loss.backward();
    expect(loss.data).toBeNear(wanted.loss);
    expect(logits.map((x) => x.grad)).toBeNear(wanted.grad);
  });
});

describe("random numbers", () => {
  test("pythonRandom: uniform(-1, 1) after random.seed(1337), to the last bit", () => {
    const random = pythonRandom(1337);
    const wanted = numbers["python random.seed(1337): uniform(-1,1)"];
    expect(wanted.map(() => random.uniform(-1, 1))).toEqual(wanted);
  });

  test("numpyRandom: a shuffle, then normal numbers, after numpy.random.seed(1337)", () => {
    const wanted = numbers["numpy legacy seed 1337"];
    const random = numpyRandom(1337);
    const order = Array.from({ length: 100 }, (_, i) => i);
    random.shuffle(order);
    expect(order.slice(0, 10)).toEqual(wanted["shuffle(arange(100)) begins"]);
    const normal = wanted["then normal(scale=0.1)"];
    expect(normal.map(() => random.normal(0, 0.1))).toBeNear(normal, { absolute: 5e-9 });
  });
});

describe("whole runs", () => {
  test("MLP, backward: Karpathy's 100 published steps on the moons", () => {
    const { inputs, targets } = makeMoons({ random: numpyRandom(1337) });
    expect(inputs).toHaveLength(numbers["moons demo"].points);
    const random = pythonRandom(1337);
    const model = new MLP(2, [16, 16, 1], { activation: "relu", random });
    const parameters = model.parameters();
    expect(parameters).toHaveLength(337);
    const rate = linearRate(1, 0.1, 100);
    for (const [step, wantedLoss, wantedAccuracy] of moons.steps) {
      // as in demo.ipynb: the sum times 1/n, and each loss is relu(1 + -y * score)
      const scores = inputs.map((x) => model.forward(x)[0]);
      const losses = scores.map((score, i) => score.mul(-targets[i][0]).add(1).relu());
      const dataLoss = sum(losses).mul(1 / losses.length);
      const loss = dataLoss.add(sum(parameters.map((p) => p.mul(p))).mul(1e-4));
      const right = scores.filter((score, i) => score.data > 0 === targets[i][0] > 0).length;
      if (step === 0) {
        expect(loss.data).toBe(wantedLoss); // to the last bit
        // micrograd makes more nodes: -x is x * -1, and a - b is a + -b
        const count = graphOf(loss).length;
        expect(count).toBeGreaterThan(
          0.9 * numbers["moons demo"]["node count of one step in micrograd"],
        );
        expect(count).toBeLessThan(
          1.1 * numbers["moons demo"]["node count of one step in micrograd"],
        );
      }
      expect(loss.data, `step ${step}`).toBeNear(wantedLoss);
      expect(right, `step ${step}`).toBe(wantedAccuracy);
      model.zeroGrad();
      loss.backward();
      for (const p of parameters) p.data -= rate(step) * p.grad;
    }
    const last = moons.steps.at(-1)?.[1];
    expect(last).toBe(numbers["moons demo"]["last loss"]);
  });

  test("AdamW, crossEntropy: EurekaLabs' 100 steps on yin and yang", () => {
    const random = xorshiftRandom(42); // one generator, for the points and then for the weights
    const { inputs, targets } = makeYinYang({ random });
    const model = new MLP(2, [8, 3], { activation: "tanh", init: "scaled", random });
    expect(model.parameters()).toHaveLength(51);
    const options = { rate: 0.1, betas: [0.9, 0.95], weightDecay: 1e-4 } as const;
    const optimizer = new AdamW(model.parameters(), options);
    const losses = yinyang.train.map(() => {
      const each = inputs.slice(0, 80).map((x, i) => crossEntropy(model.forward(x), targets[i][0]));
      const loss = mean(each);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss.data;
    });
    expect(losses).toBeNear(yinyang.train.map(([, loss]) => loss));
    const first = numbers["yin-yang run (EurekaLabs micrograd.py)"]["train loss at step 1,2,3"];
    expect(losses.slice(0, 3)).toBeNear(first);
  });

  test("MLP: the original's four points, 3-4-4-1 with tanh, rate 0.1, 500 epochs", () => {
    // Its own run is unseeded; ours begins and ends in the same region.
    const run = numbers["four-point even/odd run"];
    const model = new MLP(3, [4, 4, 1], { output: "tanh", random: pythonRandom(1) });
    const optimizer = new SGD(model.parameters(), { rate: run["learning rate"] });
    const losses = Array.from({ length: run.epochs }, () => {
      const loss = meanSquaredError(
        run.points.map((x) => model.forward(x)[0]),
        run.targets,
      );
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss.data;
    });
    expect(losses[0]).toBeGreaterThan(0.5);
    expect(losses.at(-1)).toBeLessThan(0.02);
    run.points.forEach((x, i) => {
      expect(Math.sign(model.predict(x)[0])).toBe(run.targets[i]);
    });
  });
});

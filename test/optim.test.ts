// Optimizers against PyTorch's rules worked out a second time in plain numbers, and schedules.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { values } from "../src/functions.ts";
import {
  Adam,
  AdamW,
  constantRate,
  cosineRate,
  exponentialRate,
  linearRate,
  type Optimizer,
  optimizerState,
  restoreOptimizer,
  SGD,
  stepRate,
  updatesOf,
  warmup,
} from "../src/optim.ts";
import { pythonRandom } from "../src/random.ts";
import { type Operand, toValue, Value } from "../src/value.ts";
import "./closeness.ts";

/** Where one weight is after each step, if these are the gradients it gets. */
function path(
  make: (parameters: Value[]) => Optimizer,
  start: number,
  gradients: readonly number[],
): number[] {
  const w = new Value(start);
  const optimizer = make([w]);
  return gradients.map((g) => {
    optimizer.zeroGrad();
    w.mul(g).backward();
    optimizer.step();
    return w.data;
  });
}

describe("SGD", () => {
  // All numbers are sums of powers of two, so the results are exact.
  test("SGD: w -= rate * g", () => {
    // 1 - 0.5 * 2 = 0; 0 - 0.5 * -1 = 0.5; 0.5 - 0.5 * 4 = -1.5
    expect(path((ps) => new SGD(ps, { rate: 0.5 }), 1, [2, -1, 4])).toEqual([0, 0.5, -1.5]);
  });

  test("SGD: the rate is 0.01 unless said otherwise, and may be changed between steps", () => {
    const w = new Value(1);
    const optimizer = new SGD([w]);
    expect(optimizer.rate).toBe(0.01);
    w.mul(1).backward();
    optimizer.step();
    expect(w.data).toBe(1 - 0.01);
    optimizer.rate = 0.5;
    optimizer.step();
    expect(w.data).toBe(1 - 0.01 - 0.5);
  });

  test("SGD: momentum: v = 0.5 v + g, beginning with g; w -= rate * v", () => {
    // v: 2; 1 - 1 = 0; 0 + 4 = 4; w: 1 - 1 = 0; 0; 0 - 2 = -2
    const make = (ps: Value[]) => new SGD(ps, { rate: 0.5, momentum: 0.5 });
    expect(path(make, 1, [2, -1, 4])).toEqual([0, 0, -2]);
  });

  test("SGD: dampening: v = 0.5 v + (1 - 0.25) g, but the first v is g undamped", () => {
    // v: 2; 1 - 0.75 = 0.25; 0.125 + 3 = 3.125; w: 0; -0.125; -1.6875
    const make = (ps: Value[]) => new SGD(ps, { rate: 0.5, momentum: 0.5, dampening: 0.25 });
    expect(path(make, 1, [2, -1, 4])).toEqual([0, -0.125, -1.6875]);
  });

  test("SGD: nesterov: w -= rate * (g + 0.5 v), v already new", () => {
    // v: 2, 0, 4; g + v/2: 3, -1, 6; w: 1 - 1.5 = -0.5; 0; -3
    const make = (ps: Value[]) => new SGD(ps, { rate: 0.5, momentum: 0.5, nesterov: true });
    expect(path(make, 1, [2, -1, 4])).toEqual([-0.5, 0, -3]);
  });

  test("SGD: weight decay is added to the gradient, before the momentum", () => {
    // g + w/4: 2.25; w = 1 - 1.125 = -0.125. -1 - 0.03125 = -1.03125; w = 0.390625
    const plain = (ps: Value[]) => new SGD(ps, { rate: 0.5, weightDecay: 0.25 });
    expect(path(plain, 1, [2, -1])).toEqual([-0.125, 0.390625]);
    // v: 2.25; 1.125 - 1.03125 = 0.09375; w: -0.125 - 0.046875
    const both = (ps: Value[]) => new SGD(ps, { rate: 0.5, weightDecay: 0.25, momentum: 0.5 });
    expect(path(both, 1, [2, -1])).toEqual([-0.125, -0.171875]);
  });
});

describe("Adam, AdamW", () => {
  interface Rule {
    rate: number;
    beta1: number;
    beta2: number;
    eps: number;
    weightDecay: number;
    decoupled: boolean;
  }

  // Kingma and Ba 2015, algorithm 1, with the bias corrections written out; weight decay as
  // in PyTorch: added to g (Adam), or taken off w at first (Loshchilov and Hutter, algorithm 2).
  function published(rule: Rule, start: number, gradients: readonly number[]): number[] {
    const { rate, beta1, beta2, eps, weightDecay, decoupled } = rule;
    let [w, m, v] = [start, 0, 0];
    return gradients.map((gradient, i) => {
      const t = i + 1;
      let g = gradient;
      if (decoupled) w = w - rate * weightDecay * w;
      else g = g + weightDecay * w;
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g ** 2;
      const mHat = m / (1 - beta1 ** t);
      const vHat = v / (1 - beta2 ** t);
      w = w - (rate * mHat) / (Math.sqrt(vHat) + eps);
      return w;
    });
  }

  const gradients = [0.5, -0.25, 3, 0, 1e-3, -2, 0.125, 10];

  test("Adam: the first step is the rate, whatever the size of the gradient", () => {
    for (const g of [1e-3, 1, 1e5, -7]) {
      const [w] = path((ps) => new Adam(ps, { rate: 0.1 }), 2, [g]);
      expect(w).toBeNear(2 - 0.1 * Math.sign(g), { relative: 1e-6 });
    }
  });

  test("Adam: by hand: rate 0.5, betas 0.5 and 0.75, eps 1, gradients 2 and -4", () => {
    // t = 1: m = 1, v = 1; mHat = 1/0.5 = 2, vHat = 1/0.25 = 4; w = 3 - 0.5 * 2/(2 + 1) = 8/3
    // t = 2: m = 0.5 - 2 = -1.5, v = 0.75 + 4 = 4.75; mHat = -1.5/0.75 = -2,
    //        vHat = 4.75/0.4375 = 76/7; w = 8/3 + 1/(sqrt(76/7) + 1)
    const make = (ps: Value[]) => new Adam(ps, { rate: 0.5, betas: [0.5, 0.75], eps: 1 });
    expect(path(make, 3, [2, -4])).toBeNear([8 / 3, 8 / 3 + 1 / (Math.sqrt(76 / 7) + 1)]);
  });

  test("AdamW: by hand: the same with weight decay 0.25: w shrinks to 7/8 before each step", () => {
    // 3 * 7/8 = 2.625; 2.625 - 1/3 = 55/24; * 7/8 = 385/192; + 1/(sqrt(76/7) + 1)
    const options = { rate: 0.5, betas: [0.5, 0.75], eps: 1, weightDecay: 0.25 } as const;
    const wanted = [55 / 24, 385 / 192 + 1 / (Math.sqrt(76 / 7) + 1)];
    expect(path((ps) => new AdamW(ps, options), 3, [2, -4])).toBeNear(wanted);
  });

  test("Adam: rate 1e-3, betas 0.9 and 0.999, eps 1e-8, no decay unless said otherwise", () => {
    const rule = { rate: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0 };
    const wanted = published({ ...rule, decoupled: false }, 0.7, gradients);
    expect(path((ps) => new Adam(ps), 0.7, gradients)).toBeNear(wanted);
  });

  test("AdamW: the same with weight decay 0.01 unless said otherwise", () => {
    const rule = { rate: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01 };
    const wanted = published({ ...rule, decoupled: true }, 0.7, gradients);
    expect(path((ps) => new AdamW(ps), 0.7, gradients)).toBeNear(wanted);
    expect(wanted).not.toBeNear(published({ ...rule, decoupled: false }, 0.7, gradients));
  });

  test("Adam, AdamW: any options, any gradients", () => {
    const unit = fc.double({ min: 0, max: 0.99, noNaN: true });
    const options = fc.record({
      rate: fc.double({ min: 1e-4, max: 0.5, noNaN: true }),
      beta1: unit,
      beta2: unit,
      eps: fc.double({ min: 1e-8, max: 0.1, noNaN: true }),
      weightDecay: fc.double({ min: 0, max: 0.5, noNaN: true }),
      decoupled: fc.boolean(),
    });
    const several = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(options, several, (rule, gs) => {
        const { rate, beta1, beta2, eps, weightDecay, decoupled } = rule;
        const chosen = { rate, betas: [beta1, beta2] as const, eps, weightDecay };
        const Kind = decoupled ? AdamW : Adam;
        const found = path((ps) => new Kind(ps, chosen), 1.5, gs);
        expect(found).toBeNear(published(rule, 1.5, gs), { relative: 1e-9, absolute: 1e-9 });
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("AdamW: takes the rate as it is at each step, for the decay too", () => {
    const w = new Value(2);
    const optimizer = new AdamW([w], { rate: 0.5, weightDecay: 0.5, eps: 1 });
    w.mul(0).backward(); // hasGrad, and g = 0: only the decay moves it
    optimizer.step();
    expect(w.data).toBe(1.5);
    optimizer.rate = 0.25;
    optimizer.step();
    expect(w.data).toBe(1.3125);
  });

  test("Adam: 2,000 steps lead to the minimum of (w - 3)^2", () => {
    const w = new Value(-4);
    const optimizer = new Adam([w], { rate: 0.05 });
    for (let i = 0; i < 2000; i++) {
      optimizer.zeroGrad();
      w.sub(3).square().backward();
      optimizer.step();
    }
    expect(w.data).toBeNear(3, { absolute: 1e-3 });
  });
});

const kinds = [
  ["SGD", SGD],
  ["Adam", Adam],
  ["AdamW", AdamW],
] as const;

describe.each(kinds)("%s", (name, Kind) => {
  test(`${name}.step: a parameter without a gradient is left alone`, () => {
    const used = new Value(1);
    const unused = new Value(1);
    const optimizer = new Kind([used, unused], { rate: 0.1, weightDecay: 0.5 });
    used.mul(2).backward();
    optimizer.step();
    expect(used.data).not.toBe(1);
    expect(unused.data).toBe(1); // no decay either, as in PyTorch
  });

  test(`${name}.step: a parameter behind detach is left alone`, () => {
    const used = new Value(1);
    const frozen = new Value(1);
    const optimizer = new Kind([used, frozen], { rate: 0.1, weightDecay: 0.5 });
    used.mul(frozen.detach()).backward();
    optimizer.step();
    expect(frozen.data).toBe(1);
  });

  test(`${name}.step: a parameter that joins later begins its own count of steps`, () => {
    const early = new Value(1);
    const late = new Value(1);
    const optimizer = new Kind([early, late], { rate: 0.1 });
    early.mul(2).backward();
    optimizer.step();
    const alone = new Value(1);
    const other = new Kind([alone], { rate: 0.1 });
    for (const [w, o] of [
      [late, optimizer],
      [alone, other],
    ] as const) {
      o.zeroGrad();
      w.mul(3).backward();
      o.step();
    }
    expect(late.data).toBe(alone.data);
  });

  test(`${name}.step: parameters do not disturb each other`, () => {
    const gradients = [0.5, -1, 2];
    const alone = (start: number, factor: number) =>
      path(
        (ps) => new Kind(ps, { rate: 0.1 }),
        start,
        gradients.map((g) => g * factor),
      ).at(-1);
    const [a, b] = [new Value(1), new Value(-2)];
    const optimizer = new Kind([a, b], { rate: 0.1 });
    for (const g of gradients) {
      optimizer.zeroGrad();
      a.mul(g)
        .add(b.mul(g * 3))
        .backward();
      optimizer.step();
    }
    expect([a.data, b.data]).toEqual([alone(1, 1), alone(-2, 3)]);
  });

  test(`${name}.zeroGrad: forgets the gradients of its parameters`, () => {
    const w = new Value(1);
    const optimizer = new Kind([w]);
    w.mul(2).backward();
    optimizer.zeroGrad();
    expect([w.grad, w.hasGrad]).toEqual([0, false]);
  });

  test(`new ${name}: what is no array of leaves is a TypeError`, () => {
    const make = (parameters: unknown) => () => new Kind(parameters as Value[]);
    const w = new Value(1);
    for (const wrong of [undefined, null, 3, "w", {}, w, [3], [w, null], ["w"], [w.add(1)]]) {
      expect(make(wrong)).toThrow(TypeError);
      expect(make(wrong)).toThrow(new RegExp(`^new ${name}: expected`));
    }
  });

  const numbers = ["rate", "weightDecay", ...(name === "SGD" ? ["momentum"] : ["eps"])];
  test(`new ${name}: ${numbers.join(", ")} have to be numbers, finite and not below 0`, () => {
    const w = new Value(1);
    for (const key of numbers) {
      for (const wrong of ["0.1", null, NaN, Infinity, -0.1, {}, [0.1], true, 1n]) {
        expect(() => new Kind([w], { [key]: wrong }), `${key} ${String(wrong)}`).toThrow(
          new RegExp(`^new ${name}.*: expected`),
        );
      }
    }
  });

  test(`new ${name}: an option nobody knows is a TypeError that lists those there are`, () => {
    const make = (options: object) => () => new Kind([new Value(1)], options);
    for (const key of ["lr", "learningRate", "beta", "__proto__x"]) {
      expect(make({ [key]: 0.1 })).toThrow(TypeError);
      expect(make({ [key]: 0.1 })).toThrow(/rate, .*weightDecay/);
    }
    for (const wrong of [null, 3, "rate", [0.1]]) {
      expect(() => new Kind([new Value(1)], wrong as object)).toThrow(TypeError);
    }
  });

  test(`${name}.step: a rate that is no number does not ruin the weights in silence`, () => {
    const w = new Value(1);
    const optimizer: Optimizer = new Kind([w]);
    w.mul(2).backward();
    for (const wrong of [NaN, "0.1", undefined, null, Infinity]) {
      expect(() => {
        optimizer.rate = wrong as number;
        optimizer.step();
      }).toThrow(/expected/);
      expect(w.data).toBe(1);
    }
  });
});

describe("updatesOf", () => {
  // How many numbers are kept, and those after one step from w = 1 with the gradient 2: v = 2, but
  // Adam's m = (2 + 0.5) / 2 and v = (2 + 0.5)^2 / 4, AdamW's without the 0.5.
  const makes: [string, (ps: Value[]) => Optimizer, number, number[]][] = [
    ["SGD", (ps) => new SGD(ps, { rate: 0.1 }), 0, []],
    ["SGD, decay", (ps) => new SGD(ps, { rate: 0.1, weightDecay: 0.3 }), 0, []],
    ["SGD, momentum", (ps) => new SGD(ps, { momentum: 0.9, dampening: 0.2 }), 1, [2]],
    ["SGD, nesterov", (ps) => new SGD(ps, { momentum: 0.9, nesterov: true }), 1, [2]],
    ["Adam", (ps) => new Adam(ps, { betas: [0.5, 0.75], weightDecay: 0.5 }), 2, [1.25, 1.5625]],
    ["AdamW", (ps) => new AdamW(ps, { betas: [0.5, 0.75], weightDecay: 0.5 }), 2, [1, 1]],
  ];
  const gradients = [2, -1, 0.5, 0, 3, -0.25, 1e-3, 7, -2, 0.125];

  test.each(makes)("updatesOf: of %s, the rule over any arithmetic is its step", (_name, make) => {
    // Over Values, the rule builds a graph: another arithmetic than the one of the engine.
    const random = pythonRandom(5);
    const start = Array.from({ length: 5 }, () => random.normal(0, 2));
    const ps = start.map((x) => new Value(x));
    const optimizer = make(ps);
    const { rule } = updatesOf(optimizer)!; // it is one of ours
    let copies = start;
    const kept = start.map((): number[] => Array(rule.kept).fill(0));
    for (let t = 1; t <= 10; t++) {
      optimizer.rate *= 0.9;
      const gs = copies.map(() => random.normal(0, 3));
      ps.forEach((p, i) => {
        p.grad = gs[i];
      });
      optimizer.step();
      const scalars = rule.scalars(optimizer.rate, t).map((x) => new Value(x));
      copies = copies.map((x, i) => {
        const now: Operand[] = kept[i].map((k) => new Value(k));
        const moved = rule.update(values, new Value(x), new Value(gs[i]), now, scalars);
        kept[i] = now.map((k) => toValue(k, "kept").data);
        return toValue(moved, "w").data;
      });
      expect(ps.map((p) => p.data)).toEqual(copies);
    }
    const states = copies.map((_, i) => ({ t: 10, kept: kept[i] }));
    expect(updatesOf(optimizer)?.read(ps)).toEqual(states);
  });

  test.each(makes)("updatesOf: of %s, the state after one step", (_name, make, count, kept) => {
    const w = new Value(1);
    const optimizer = make([w]);
    const updates = updatesOf(optimizer)!; // it is one of ours
    expect(updates.rule.kept).toBe(count);
    expect(updates.read([w])).toEqual([{ t: 0, kept: Array(count).fill(0) }]);
    w.mul(2).backward();
    optimizer.step();
    expect(updates.read([w])).toEqual([{ t: 1, kept }]);
  });

  test.each(makes)("updatesOf: of %s, another goes on from its state", (_name, make) => {
    const [a, b] = [new Value(1), new Value(-2)];
    const one = make([a, b]);
    const [c, d] = [new Value(0), new Value(0)];
    const other = make([c, d]);
    const step = (optimizer: Optimizer, p: Value, q: Value, g: number) => {
      optimizer.zeroGrad();
      if (g > 0) q.mul(-3 * g).backward(); // so that the two have made different numbers of steps
      p.mul(g).backward();
      optimizer.step();
    };
    for (const g of gradients.slice(0, 5)) step(one, a, b, g);
    c.data = a.data;
    d.data = b.data;
    const states = updatesOf(one)!.read([b, a]);
    expect(states.map(({ t }) => t)).toEqual([3, 5]);
    const asRead = structuredClone(states);
    updatesOf(other)!.write([d, c], states);
    for (const g of gradients.slice(5)) {
      step(one, a, b, g);
      step(other, c, d, g);
      expect([c.data, d.data]).toEqual([a.data, b.data]);
    }
    expect(states).toEqual(asRead); // copies, which later steps leave alone
  });

  test.each(makes)("optimizerState: of %s, a training goes on from a copy", (_name, make) => {
    const random = pythonRandom(3);
    const start = [1, -2, 0.5];
    const step = (optimizer: Optimizer, ps: readonly Value[], gs: readonly number[]) => {
      optimizer.zeroGrad();
      ps.forEach((p, i) => {
        p.mul(gs[i]).backward();
      });
      optimizer.step();
    };
    const draw = () => start.map(() => random.normal());
    const ps = start.map((x) => new Value(x));
    const one = make(ps);
    for (let i = 0; i < 4; i++) step(one, ps, draw());
    const numbers = ps.map(({ data }) => data);
    const state = structuredClone(optimizerState(one));
    const later = [draw(), draw(), draw()];
    for (const gs of later) step(one, ps, gs);

    const qs = numbers.map((x) => new Value(x));
    const other = make(qs);
    restoreOptimizer(other, state);
    for (const gs of later) step(other, qs, gs);
    expect(qs.map(({ data }) => data)).toEqual(ps.map(({ data }) => data));
    expect(optimizerState(other)).toEqual(optimizerState(one));
  });

  test("restoreOptimizer: refuses what another kind of optimizer, or of network, remembered", () => {
    const [a, b] = [new Value(1), new Value(2)];
    const adam = optimizerState(new Adam([a, b]));
    expect(() => restoreOptimizer(new SGD([a, b]), adam)).toThrow(
      "restoreOptimizer: expected 0 numbers for each parameter, got 2",
    );
    expect(() => restoreOptimizer(new Adam([a]), adam)).toThrow(
      "restoreOptimizer: expected what is kept of 1 parameters, got that of 2",
    );
    const broken = [{ t: -1, kept: [0, 0] }];
    expect(() => restoreOptimizer(new Adam([a]), broken)).toThrow(/steps made/);
    const own: Optimizer = { rate: 1, step() {}, zeroGrad() {} };
    expect(() => optimizerState(own)).toThrow(/expected an SGD, Adam or AdamW/);
  });

  test("updatesOf: lists each parameter once", () => {
    const [a, b] = [new Value(1), new Value(2)];
    expect(updatesOf(new SGD([b, a, b]))?.parameters).toEqual([b, a]);
    expect(() => updatesOf(new SGD([a]))?.read([b])).toThrow(/^Updates: expected parameters/);
  });

  test("updatesOf: of optimizers of somebody else there are none", () => {
    const w = new Value(1);
    class Noisy extends SGD {
      override step(): void {
        w.grad += 1;
        super.step();
      }
    }
    class Named extends Adam {
      readonly label = "mine";
    }
    const patched = new SGD([w]);
    patched.zeroGrad = () => {};
    const others: Optimizer[] = [{ rate: 1, step() {}, zeroGrad() {} }, new Noisy([w]), patched];
    for (const other of others) expect(updatesOf(other)).toBeUndefined();
    expect(updatesOf(new Named([w]))?.parameters).toEqual([w]); // its steps are those of Adam
  });
});

describe("bad options", () => {
  const w = new Value(1);

  test("new SGD: nesterov needs momentum and no dampening", () => {
    expect(() => new SGD([w], { nesterov: true })).toThrow(RangeError);
    expect(() => new SGD([w], { nesterov: true, momentum: 0.9, dampening: 0.1 })).toThrow(
      /^new SGD: expected .*nesterov/,
    );
  });

  test("new SGD: nesterov has to be true or false, dampening a finite number", () => {
    const make = (options: unknown) => () => new SGD([w], options as object);
    for (const nesterov of ["no", 1, null, {}]) {
      expect(make({ momentum: 0.9, nesterov }), String(nesterov)).toThrow(/^new SGD.*: expected/);
    }
    for (const dampening of ["0", NaN, null, Infinity]) {
      expect(make({ momentum: 0.9, dampening })).toThrow(/^new SGD.*: expected/);
    }
  });

  test("new Adam, new AdamW: betas have to be two numbers from 0 to below 1", () => {
    const wrong = [0.9, [], [0.9], [0.9, 1], [-0.1, 0.9], [0.9, NaN], ["0.9", "0.99"]];
    for (const betas of [...wrong, null, "0.9", [0.9, 0.99, 0.999], [[0.9], [0.9]]]) {
      for (const [name, Kind] of [
        ["Adam", Adam],
        ["AdamW", AdamW],
      ] as const) {
        expect(() => new Kind([w], { betas: betas as [number, number] }), String(betas)).toThrow(
          new RegExp(`^new ${name}: expected betas`),
        );
      }
    }
  });
});

describe("schedules", () => {
  const over = (schedule: (step: number) => number, steps: number[]) => steps.map(schedule);

  test("constantRate: always the same", () => {
    expect(over(constantRate(0.3), [0, 1, 1e6])).toEqual([0.3, 0.3, 0.3]);
  });

  test("linearRate: 1 - 0.9 k / 100 is micrograd's, then it stays", () => {
    const rate = linearRate(1, 0.1, 100);
    for (let k = 0; k < 100; k++) expect(rate(k)).toBe(1 - (0.9 * k) / 100);
    expect(over(rate, [100, 101, 1e9])).toEqual([0.1, 0.1, 0.1]);
  });

  test("cosineRate: half a cosine wave: the middle at half time, then it stays", () => {
    const rate = cosineRate(0.5, 0.1, 12);
    const half = Math.SQRT1_2;
    expect(over(rate, [0, 3, 4, 6, 8, 12, 50])).toBeNear([
      0.5,
      0.3 + 0.2 * half,
      0.4, // cos 60 degrees is 1/2
      0.3,
      0.2,
      0.1,
      0.1,
    ]);
  });

  test("stepRate: times the factor every so many steps", () => {
    const rate = stepRate(0.8, 0.5, 10);
    expect(over(rate, [0, 9, 10, 19, 20, 35])).toEqual([0.8, 0.8, 0.4, 0.4, 0.2, 0.1]);
  });

  test("exponentialRate: times the factor at every step", () => {
    expect(over(exponentialRate(2, 0.5), [0, 1, 2, 10])).toEqual([2, 1, 0.5, 2 / 1024]);
  });

  test("warmup: up to the rate in equal steps, then the schedule from its beginning", () => {
    const rate = warmup(4, linearRate(1, 0, 10));
    expect(over(rate, [0, 1, 2, 3, 4, 5, 9, 14])).toBeNear([0.25, 0.5, 0.75, 1, 1, 0.9, 0.5, 0]);
  });

  test.each([
    ["constantRate", () => constantRate(NaN)],
    ["constantRate", () => constantRate(-1)],
    ["constantRate", () => constantRate("0.1" as unknown as number)],
    ["linearRate", () => linearRate(1, 0, 0)],
    ["linearRate", () => linearRate(1, 0, 1.5)],
    ["linearRate", () => linearRate(1, NaN, 10)],
    ["linearRate", () => linearRate(Infinity, 0, 10)],
    ["cosineRate", () => cosineRate(1, 0, -1)],
    ["cosineRate", () => cosineRate(-1, 0, 10)],
    ["stepRate", () => stepRate(1, 0.5, 0)],
    ["stepRate", () => stepRate(1, Infinity, 3)],
    ["exponentialRate", () => exponentialRate(1, -0.5)],
    ["exponentialRate", () => exponentialRate(null as unknown as number, 0.5)],
    ["warmup", () => warmup(0, constantRate(1))],
    ["warmup", () => warmup(5, 0.1 as unknown as () => number)],
    ["warmup", () => warmup(5, undefined as unknown as () => number)],
  ] as [string, () => unknown][])(
    "%s: what makes no schedule is refused (case %#)",
    (name, make) => {
      expect(make).toThrow(new RegExp(`^${name}.*: expected`));
    },
  );
});

test.each([SGD, Adam, AdamW])("new %s: no parameters at all are refused", (Kind) => {
  expect(() => new Kind([])).toThrow("expected parameters, got none");
});

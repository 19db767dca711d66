// What one may do with programs besides the usual: share a model, change numbers between calls,
// predict and regularize in odd ways, and meet numbers that are not finite.

import { describe, expect, test } from "vitest";
import {
  type CompileOptions,
  compile,
  type Loss,
  type Program,
} from "../../src/compile/program.ts";
import { sum } from "../../src/functions.ts";
import { squaredError } from "../../src/losses.ts";
import { MLP } from "../../src/nn.ts";
import { SGD } from "../../src/optim.ts";
import { pythonRandom } from "../../src/random.ts";
import { Value, withOrigin } from "../../src/value.ts";

/** A program whose loss is (a x - t)², a = 2. */
function parabola(options: Partial<CompileOptions> = {}) {
  const a = new Value(2, "a");
  const loss: Loss = ([x], [t]) => a.mul(x).sub(t).square();
  return { a, program: compile(loss, { parameters: [a], inputs: 1, ...options }) };
}

describe("Program.gradient", () => {
  test("looks parameters and other leaves up at every call", () => {
    const [a, scale] = [new Value(2), new Value(1)];
    const loss: Loss = ([x]) => a.mul(x).mul(scale);
    const program = compile(loss, { parameters: [a], inputs: 1, targets: 0 });
    expect(program.gradient([3, 5])).toBe(8);
    expect(a.grad).toBe(4);
    scale.data = -10;
    expect(program.gradient([3, 5])).toBe(-80);
    expect(a.grad).toBe(-40);
    a.data = 0.5;
    expect(program.loss([3, 5])).toBe(-20);
    expect([...program.losses([3, 5])]).toEqual([-15, -25]);
  });

  test("replaces gradients, and leaves the data and other gradients alone", () => {
    const { a, program } = parabola();
    a.grad = 100;
    expect(program.gradient([1], [1])).toBe(1);
    expect(a.grad).toBe(2);
    expect(program.loss([7], [0])).toBe(196);
    expect(program.losses([7], [0])).toEqual(Float64Array.of(196));
    expect([a.grad, a.data]).toEqual([2, 2]);
  });

  test("keeps programs that share a model apart", () => {
    const model = new MLP(2, [5, 1], { random: pythonRandom(1) });
    const one = compile((x, t) => squaredError(model.forward(x), t), {
      parameters: model,
      inputs: 2,
    });
    const two = compile((x, t) => model.forward(x)[0].sub(t[0]).abs(), {
      parameters: model.parameters().reverse(),
      inputs: 2,
      mode: "fast",
    });
    const [x, t] = [[[0.5, -0.25]], [3]];
    const grads = () => model.parameters().map(({ grad }) => grad);
    const first = one.gradient(x, t);
    const kept = grads();
    const [y] = model.predict(x[0]);
    expect(two.gradient(x, t)).toBe(Math.abs(y - 3));
    expect(grads()).not.toEqual(kept);
    expect(one.gradient(x, t)).toBe(first);
    expect(grads()).toEqual(kept);
    for (const parameter of model.parameters()) parameter.data += 0.5;
    expect(two.loss(x, t)).toBe(Math.abs(model.predict(x[0])[0] - 3));
  });

  test("works for few examples after many, and many after few", () => {
    const { a, program } = parabola();
    const many = Array.from({ length: 40_000 }, (_, i) => i % 7);
    const mean = many.reduce((total, x) => total + 4 * x * x, 0) / many.length; // whole numbers
    const zeros = many.map(() => 0);
    expect(program.gradient([3], [0])).toBe(36);
    expect(program.gradient(many, zeros)).toBe(mean);
    expect(a.grad).toBeCloseTo(mean, 9); // d (a x)²/da = 2 a x² = (a x)² at a = 2
    expect(program.gradient([3], [0])).toBe(36);
    expect(a.grad).toBe(36);
    expect(program.losses(many, zeros).slice(-3)).toEqual(
      Float64Array.from(many.slice(-3), (x) => 4 * x * x),
    );
  });

  test("says NaN and Infinity as the engine does, and recovers", () => {
    const { a, program } = parabola();
    a.data = NaN;
    expect(program.gradient([1], [1])).toBe(NaN);
    expect(a.grad).toBe(NaN);
    a.data = -Infinity;
    expect(program.gradient([1], [1])).toBe(Infinity);
    expect(a.grad).toBe(-Infinity);
    expect(program.loss([1], [1])).toBe(Infinity);
    a.data = 2;
    expect(program.gradient([1], [1])).toBe(1);
    expect(a.grad).toBe(2);
  });

  test("lets nothing through where nothing was chosen, not even 0 times Infinity", () => {
    const [a, b] = [new Value(0), new Value(1)];
    // sqrt has the slope Infinity at 0, but relu chose the other side
    const loss: Loss = ([x]) => a.sqrt().sub(5).relu().add(b.mul(x));
    const program = compile(loss, { parameters: [a, b], inputs: 1, targets: 0 });
    expect(program.path).toBe("straight");
    expect(program.gradient([3])).toBe(3);
    expect([a.grad, b.grad]).toEqual([0, 3]);
  });

  test("gives 0 where the loss is cut off from all parameters", () => {
    const a = new Value(2);
    const loss: Loss = ([x]) => x.mul(a).detach();
    for (const mode of ["exact", "fast"] as const) {
      const program = compile(loss, { parameters: [a], inputs: 1, targets: 0, mode });
      a.grad = 7;
      expect(program.gradient([1, 2, 3])).toBe(4);
      expect(a.grad).toBe(0);
      expect([...program.losses([1, 2, 3])]).toEqual([2, 4, 6]);
    }
  });

  test("of a loss that is the output of a layer, and of one neuron", () => {
    const [a, b, c] = [new Value(2), new Value(-1), new Value(0.5)];
    const weights = Array.from({ length: 9 }, (_, i) => new Value(i));
    const loss: Loss = (x) => sum(x.map((input, i) => input.mul(weights[i])));
    const layer = compile(loss, { parameters: weights, inputs: 9, targets: 0 });
    expect(layer.gradient([[1, 1, 1, 1, 1, 1, 1, 1, 1]])).toBe(36);
    expect(weights.map(({ grad }) => grad)).toEqual(Array(9).fill(1));
    const one: Loss = ([x, y]) => a.mul(x).add(b.mul(y)).add(c);
    const neuron = compile(one, { parameters: [a, b, c], inputs: 2, targets: 0 });
    expect(neuron.gradient([3, 4])).toBe(2.5);
    expect([a, b, c].map(({ grad }) => grad)).toEqual([3, 4, 1]);
  });

  test("is the same if it was compiled for some place in a picture", () => {
    const { a, program } = withOrigin({ example: 3, layer: 1, neuron: 2 }, () => parabola());
    expect(program.gradient([1], [1])).toBe(1);
    expect(a.grad).toBe(2);
  });

  test("may be called by a function of the program that the engine carries out", () => {
    const inner = parabola();
    const a = new Value(3);
    const loss: Loss = ([x]) => {
      let y = x.mul(a);
      for (let i = 0; i < 13_000; i++) y = y.neg(); // too many to compile
      if (inner.program.loss([1], [1]) !== 1) throw new Error("not what it was");
      return y;
    };
    expect(() => compile(loss, { parameters: [a], inputs: 1, targets: 0 })).toThrow(
      'asked for data of "a"', // while it is traced, nobody may look at numbers
    );
  });
});

describe("Program.train", () => {
  const xs = Array.from({ length: 9 }, (_, i) => i / 9);
  const unlucky = ["schedule", "random", "optimizer"] as const;

  test.each(unlucky)("refuses to be used by its own %s, which would spoil it", (who) => {
    const { a, program } = parabola();
    const meddle = () => program.loss([1, 2, 3], [0, 0, 0]);
    const own = pythonRandom(1);
    const sgd = new SGD([a], { rate: 0.1 });
    const options = {
      optimizer: {
        get rate() {
          return sgd.rate;
        },
        set rate(rate) {
          sgd.rate = rate;
        },
        zeroGrad: () => sgd.zeroGrad(),
        step: () => {
          if (who === "optimizer") meddle();
          sgd.step();
        },
      },
      steps: 9,
      batch: 4,
      schedule: () => {
        if (who === "schedule") meddle();
        return 0.1;
      },
      random: {
        ...own,
        shuffle: (items: unknown[]) => {
          if (who === "random") meddle();
          own.shuffle(items);
        },
      },
    };
    const optimizer = who === "optimizer" ? (options.optimizer as unknown as SGD) : sgd;
    expect(() => program.train(xs, xs, { ...options, optimizer })).toThrow(
      "expected no use of it by a schedule, generator or optimizer while it is trained",
    );
    expect(program.loss([1], [a.data])).toBe(0); // and it may be used again
  });

  test("may be used by onProgress, and by others", () => {
    const [watched, alone] = [parabola(), parabola()];
    const other = parabola();
    const train = ({ a, program }: typeof alone, look: () => unknown) => {
      const optimizer = new SGD([a], { rate: 0.01, momentum: 0.5 });
      const schedule = () => {
        other.program.gradient([1, 2, 3], [0, 0, 0]);
        return 0.01;
      };
      const options = { optimizer, steps: 3000, batch: 4, schedule, onProgress: look };
      return [...program.train(xs, xs, options as Parameters<Program["train"]>[2]).losses, a.data];
    };
    const many = Array.from({ length: 30_000 }, () => 1);
    const got = train(watched, () => {
      watched.program.loss(many, many);
    });
    expect(got).toEqual(train(alone, () => {}));
  });
});

describe("compile, regularizer", () => {
  const cases: [string, CompileOptions["regularizer"], number, number][] = [
    ["a parameter itself", ([a]) => a, 2, 1],
    ["a parameter twice", ([a]) => a.add(a), 4, 2],
    ["a constant", () => new Value(5), 5, 0],
    ["cut off", ([a]) => a.square().detach(), 4, 0],
    ["the gradient of a power", ([a]) => a.pow(3).mul(0.5), 4, 6],
    ["a kink at which nothing is chosen", ([a]) => a.sub(2).relu(), 0, 0],
  ];

  test.each(cases)("%s: its value and gradient are added once", (_, regularizer, value, slope) => {
    const { a, program } = parabola({ regularizer });
    expect(program.path).not.toBe("engine");
    expect(program.gradient([1, 1, 1], [1, 1, 1])).toBe(1 + value);
    expect(a.grad).toBe(2 + slope);
    expect(program.loss([1], [1])).toBe(1 + value);
    expect([...program.losses([1], [1])]).toEqual([1]);
  });

  test("may use other leaves, which are looked up", () => {
    const strength = new Value(3);
    const { a, program } = parabola({ regularizer: ([p]) => p.mul(strength) });
    expect(program.gradient([1], [1])).toBe(7);
    expect(a.grad).toBe(5);
    strength.data = 10;
    expect(program.gradient([1], [1])).toBe(21);
    expect(a.grad).toBe(12);
  });

  test("may take some of many parameters, in another order, each several times", () => {
    const weights = Array.from({ length: 20 }, (_, i) => new Value(i));
    const loss: Loss = (x) => sum(x.map((input, i) => input.mul(weights[i])));
    const odd = weights.filter((_, i) => i % 2 === 1).reverse();
    const program = compile(loss, {
      parameters: weights,
      inputs: 20,
      targets: 0,
      regularizer: () => sum(odd.map((w) => w.mul(w))).add(sum(odd).mul(weights[0])),
    });
    const zeros = Array(20).fill(0);
    // 1 + 9 + … + 361 = 1330; weights[0] is 0, its gradient 1 + 3 + … + 19 = 100
    expect(program.gradient([zeros])).toBe(1330);
    expect(weights.map(({ grad }) => grad)).toEqual(
      weights.map((w, i) => (i === 0 ? 100 : i % 2 === 1 ? 2 * w.data : 0)),
    );
  });
});

describe("Program.predict", () => {
  test("gives inputs, parameters, other leaves and constants as they are", () => {
    const other = new Value(9);
    const { a, program } = parabola({
      predict: ([x]) => {
        const [first, second] = [new Value(3), new Value(4).mul(2)];
        return [x, first, other, second, x.mul(other), x];
      },
    });
    expect(program.outputs).toBe(6);
    expect([...program.predict([1, -2, 5])]).toEqual(
      [1, -2, 5].flatMap((x) => [x, 3, 9, 8, 9 * x, x]),
    );
    other.data = -0;
    expect([...program.predict([1])]).toEqual([1, 3, -0, 8, -0, 1]);
    const own = parabola({ predict: () => a });
    expect([...own.program.predict([1, 2, 3])]).toEqual([2, 2, 2]);
    const constant = parabola({ predict: () => new Value(7) });
    expect([...constant.program.predict([1, 2, 3])]).toEqual([7, 7, 7]);
  });

  test("may leave out inputs", () => {
    const weights = [2, 3, 5].map((w) => new Value(w));
    const loss: Loss = (x, [t]) => sum(x.map((xi, i) => xi.mul(weights[i]))).sub(t);
    for (const [i, wanted] of [
      [0, [2, 8]],
      [1, [6, 15]],
      [2, [15, 30]],
    ] as const) {
      const program = compile(loss, {
        parameters: weights,
        inputs: 3,
        predict: (x) => x[i].mul(weights[i]),
      });
      const inputs = [
        [1, 2, 3],
        [4, 5, 6],
      ];
      expect([...program.predict(inputs)]).toEqual(wanted);
    }
  });

  test("may use parameters that the loss has not", () => {
    const other = new MLP(1, [9, 9, 2], { random: pythonRandom(1) });
    const { program } = parabola({ predict: (x) => other.forward(x) });
    expect(program.path).not.toBe("engine");
    expect([...program.predict([0.5, -1])]).toEqual([
      ...other.predict([0.5]),
      ...other.predict([-1]),
    ]);
  });

  test("may take some neurons of a layer, in another order", () => {
    const model = new MLP(6, [12, 5], { random: pythonRandom(2) });
    for (const chosen of [[0, 1, 3], [4, 2, 0], [3], [1, 1], [0, 1, 2, 3, 4]]) {
      const program = compile((x, t) => squaredError(model.forward(x), t), {
        parameters: model,
        inputs: 6,
        targets: 5,
        predict: (x) => {
          const layer = model.layers[1].neurons;
          const hidden = model.layers[0].forward(x);
          return chosen.map((i) => layer[i].forward(hidden));
        },
      });
      expect(program.path).toBe("layers");
      const x = [0.1, -0.2, 0.3, -0.4, 0.5, 0.6];
      const all = model.predict(x);
      expect([...program.predict([x, x, x])]).toEqual(
        [1, 2, 3].flatMap(() => chosen.map((i) => all[i])),
      );
    }
  });

  test("does not make a module large: the predictions of wide nets are loops, too", () => {
    const model = new MLP(2, [96, 96, 1], { activation: "relu", random: pythonRandom(2) });
    const program = compile((x, t) => squaredError(model.forward(x), t), {
      parameters: model,
      inputs: 2,
      predict: (x) => model.forward(x),
    });
    expect(program.path).toBe("layers");
    expect(program.bytes.length).toBeLessThan(10_000);
    expect([...program.predict([[0.5, 1]])]).toEqual(model.predict([0.5, 1]));
  });
});

test("compile: takes parameters in any order", () => {
  const model = new MLP(5, [6, 7, 1], { random: pythonRandom(3) });
  const x = [[0.5, -1, 0.25, 2, 1]];
  const shuffled = model.parameters();
  pythonRandom(4).shuffle(shuffled);
  const orders = [
    model.parameters(),
    model.parameters().reverse(),
    [...model.layers].reverse().flatMap((layer) => layer.parameters()),
    model.layers.flatMap(({ neurons }) => [...neurons].reverse().flatMap((n) => n.parameters())),
    shuffled,
  ];
  const found = orders.map((parameters) => {
    const program = compile((input, t) => squaredError(model.forward(input), t), {
      parameters,
      inputs: 5,
    });
    expect(program.reason).toBeUndefined();
    const loss = program.gradient(x, [1]);
    return [loss, ...model.parameters().map(({ grad }) => grad)];
  });
  for (const each of found) expect(each).toEqual(found[0]);
});

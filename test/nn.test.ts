// Module, Neuron, Layer and MLP: what they compute, how they start, and where their nodes belong.

import { describe, expect, test } from "vitest";
import { sum } from "../src/functions.ts";
import { gradcheck } from "../src/gradcheck.ts";
import { meanSquaredError } from "../src/losses.ts";
import {
  type Activation,
  activations,
  initializations,
  Layer,
  MLP,
  Module,
  Neuron,
} from "../src/nn.ts";
import { pythonRandom, type Random } from "../src/random.ts";
import { graphOf, Value, withOrigin } from "../src/value.ts";
import "./closeness.ts";

const dataOf = (values: readonly Value[]) => values.map((value) => value.data);

function setParameters(module: Module, numbers: readonly number[]): void {
  const parameters = module.parameters();
  expect(parameters).toHaveLength(numbers.length);
  parameters.forEach((p, i) => {
    p.data = numbers[i];
  });
}

describe("Neuron", () => {
  test("Neuron.forward: activation(bias + weights · x)", () => {
    const neuron = new Neuron(2, { activation: "tanh" });
    setParameters(neuron, [-3, 1, 6.881373587019543]);
    // the lecture's neuron: tanh(2 * -3 + 0 * 1 + 6.8813...) = tanh(0.8813...) = sqrt(1/2)
    expect(neuron.forward([2, 0]).data).toBeNear(Math.SQRT1_2);
    const linear = new Neuron(2, { activation: "linear" });
    setParameters(linear, [3, -2, 0.5]);
    expect(linear.forward([2, 4]).data).toBe(-1.5);
  });

  test("Neuron.forward: adds up the bias first, then the products in order", () => {
    // (1e16 + 1) + -1e16 is 0 in doubles, and 1 in any other order
    const neuron = new Neuron(2, { activation: "linear" });
    setParameters(neuron, [1, -1e16, 1e16]);
    expect(neuron.forward([1, 1]).data).toBe(0);
    expect(neuron.predict([1, 1])).toBe(0);
  });

  test("Neuron.forward: d output / d weight is the input, d output / d input the weight", () => {
    const neuron = new Neuron(2, { activation: "linear" });
    setParameters(neuron, [3, -2, 0.5]);
    const x = [new Value(7), new Value(11)];
    neuron.forward(x).backward();
    expect(neuron.weights.map((w) => w.grad)).toEqual([7, 11]);
    expect(neuron.bias.grad).toBe(1);
    expect(x.map((input) => input.grad)).toEqual([3, -2]);
  });

  test("Neuron: parameters are the weights, then the bias", () => {
    const neuron = new Neuron(3);
    expect(neuron.parameters()).toEqual([...neuron.weights, neuron.bias]);
    const names = neuron.namedParameters().map(([name]) => name);
    expect(names).toEqual(["weights.0", "weights.1", "weights.2", "bias"]);
  });

  test("Neuron.forward, Layer.forward, MLP.forward: the wrong number of inputs", () => {
    const three = [1, 2, 3];
    const cases: [() => unknown, string][] = [
      [() => new Neuron(2).forward(three), "Neuron.forward: expected 2 inputs, got 3"],
      [() => new Neuron(1).forward([]), "Neuron.forward: expected 1 input, got 0"],
      [() => new Neuron(2).predict(three), "Neuron.predict: expected 2 inputs, got 3"],
      [() => new Layer(2, 4).forward(three), "Layer.forward: expected 2 inputs, got 3"],
      [() => new MLP(2, [4, 1]).forward(three), "MLP.forward: expected 2 inputs, got 3"],
      [() => new MLP(2, [4, 1]).predict(three), "MLP.predict: expected 2 inputs, got 3"],
    ];
    for (const [call, message] of cases) {
      expect(call).toThrow(RangeError);
      expect(call).toThrow(message);
    }
    expect(() => new Layer(2, 4).predict(three)).toThrow(RangeError);
  });

  test("Neuron.forward, Layer.forward, MLP.forward: a wrong input is a TypeError", () => {
    const modules = [new Neuron(2), new Layer(2, 2), new MLP(2, [2, 1])];
    for (const module of modules) {
      for (const x of [undefined, null, 3, "12", {}, new Value(1), ["1", 2], [1, null], [1, [2]]]) {
        for (const call of [() => module.forward(x as []), () => module.predict(x as [])]) {
          expect(call).toThrow(TypeError);
          expect(call).toThrow(/^(Neuron|Layer|MLP|Value)\.\w+: expected/);
        }
      }
      expect(() => module.predict([new Value(1), 2] as unknown as number[])).toThrow(TypeError);
      expect(() => module.forward([1n, 2] as unknown as number[])).toThrow(TypeError);
    }
  });
});

describe("MLP", () => {
  test("MLP: 3 inputs and sizes 4, 4, 1 make 41 parameters", () => {
    const model = new MLP(3, [4, 4, 1]);
    expect(model.parameters()).toHaveLength(41);
    expect(model.layers.map((layer) => layer.neurons.length)).toEqual([4, 4, 1]);
    expect(new MLP(2, [16, 16, 1]).parameters()).toHaveLength(337);
  });

  test("MLP.namedParameters: layers.0.neurons.2.weights.1, and so on in order", () => {
    const names = new MLP(2, [2, 1]).namedParameters().map(([name]) => name);
    expect(names).toEqual([
      "layers.0.neurons.0.weights.0",
      "layers.0.neurons.0.weights.1",
      "layers.0.neurons.0.bias",
      "layers.0.neurons.1.weights.0",
      "layers.0.neurons.1.weights.1",
      "layers.0.neurons.1.bias",
      "layers.1.neurons.0.weights.0",
      "layers.1.neurons.0.weights.1",
      "layers.1.neurons.0.bias",
    ]);
  });

  test("MLP: every parameter is labelled with its name", () => {
    for (const [name, parameter] of new MLP(3, [4, 4, 1]).namedParameters()) {
      expect(parameter.label).toBe(name);
    }
  });

  test("MLP: the output is linear and the hidden layers tanh unless said otherwise", () => {
    const of = (model: MLP) => model.layers.map((layer) => layer.neurons[0].activation);
    expect(of(new MLP(2, [3, 3, 1]))).toEqual(["tanh", "tanh", "linear"]);
    const chosen = { activation: "relu", output: "sigmoid" } as const;
    expect(of(new MLP(2, [3, 3, 1], chosen))).toEqual(["relu", "relu", "sigmoid"]);
    expect(of(new MLP(2, [1], chosen))).toEqual(["sigmoid"]);
  });

  test("MLP.forward: by hand for 2-2-1 with relu", () => {
    const model = new MLP(2, [2, 1], { activation: "relu" });
    // hidden: relu(1*2 + 2*3 - 1) = 7, relu(-1*2 + 0*3 + 1) = 0; out: 0.5 * 7 + 4 * 0 - 2 = 1.5
    setParameters(model, [1, 2, -1, -1, 0, 1, 0.5, 4, -2]);
    expect(dataOf(model.forward([2, 3]))).toEqual([1.5]);
    expect(model.predict([2, 3])).toEqual([1.5]);
    model.forward([2, 3])[0].backward();
    // bias 1; out weights: hidden values 7, 0; first hidden neuron: 0.5 * inputs; second is off
    expect(model.parameters().map((p) => p.grad)).toEqual([1, 1.5, 0.5, 0, 0, 0, 7, 0, 1]);
  });

  test("MLP.forward: several outputs, in the order of the neurons", () => {
    const model = new MLP(1, [3]);
    setParameters(model, [1, 0, 2, 0, 3, 0]);
    expect(dataOf(model.forward([5]))).toEqual([5, 10, 15]);
  });

  test.each(activations)("MLP.predict: forward's bits with %s", (activation) => {
    const random = pythonRandom(7);
    const model = new MLP(3, [4, 3, 2], { activation, output: activation, random });
    const points = Array.from({ length: 20 }, () =>
      [0, 1, 2].map(() => (random.integer(5) === 0 ? 0 : random.uniform(-6, 6))),
    );
    for (const x of [...points, [0, -0, 1e300], [NaN, 1, 2], [Infinity, -1, 0]]) {
      expect(model.predict(x)).toEqual(dataOf(model.forward(x)));
    }
  });

  test.each(activations)("MLP.forward: the gradients of a net with %s are right", (activation) => {
    const model = new MLP(2, [3, 2], { activation, output: activation, random: pythonRandom(3) });
    const f = () => sum(model.forward([0.6, -1.1]).map((y) => y.square()));
    const report = gradcheck(f, model.parameters());
    expect(report.passed, String(report)).toBe(true);
  });

  test("MLP.predict: does not touch gradients, and takes new weights at once", () => {
    const model = new MLP(2, [3, 1]);
    model.forward([1, 2])[0].backward();
    const before = model.parameters().map((p) => p.grad);
    const first = model.predict([1, 2]);
    for (const p of model.parameters()) p.data *= 2;
    expect(model.predict([1, 2])).not.toEqual(first);
    expect(model.parameters().map((p) => p.grad)).toEqual(before);
  });

  test("MLP.zeroGrad: forgets the gradients of all parameters", () => {
    const model = new MLP(2, [3, 1]);
    meanSquaredError(model.forward([1, 2]), [3]).backward();
    expect(model.parameters().every((p) => p.hasGrad)).toBe(true);
    model.zeroGrad();
    expect(model.parameters().every((p) => !p.hasGrad && p.grad === 0)).toBe(true);
  });
});

describe("how weights start", () => {
  const weightsAndBiases = (model: MLP) => {
    const named = model.namedParameters();
    return {
      weights: dataOf(named.filter(([name]) => name.includes("weights")).map(([, p]) => p)),
      biases: dataOf(named.filter(([name]) => name.endsWith("bias")).map(([, p]) => p)),
    };
  };

  test("MLP: the same seed gives the same weights, another seed others", () => {
    for (const init of initializations) {
      const make = (seed: number) =>
        dataOf(new MLP(3, [4, 1], { init, random: pythonRandom(seed) }).parameters());
      expect(make(1)).toEqual(make(1));
      if (init !== "zero") expect(make(1)).not.toEqual(make(2));
    }
    expect(dataOf(new MLP(3, [4]).parameters())).toEqual(dataOf(new MLP(3, [4]).parameters()));
  });

  test("MLP: uniform draws weights from (-1, 1) neuron by neuron; biases are 0", () => {
    // python3: random.seed(1337); [random.uniform(-1, 1) for _ in range(4)]
    const drawn = [
      0.23550571390294128, 0.06653114721000164, -0.26830328150124894, 0.1715747078045431,
    ];
    const model = new MLP(2, [2, 1], { random: pythonRandom(1337) });
    const { weights, biases } = weightsAndBiases(model);
    expect(weights.slice(0, 4)).toEqual(drawn);
    expect(biases).toEqual([0, 0, 0]);
  });

  test("MLP: no two neurons start alike", () => {
    const { weights } = weightsAndBiases(new MLP(5, [20, 20]));
    expect(new Set(weights).size).toBe(5 * 20 + 20 * 20);
  });

  test("MLP: lecture draws the bias after the weights of each neuron, from (-1, 1) too", () => {
    const random = pythonRandom(5);
    const drawn = Array.from({ length: 9 }, () => random.uniform(-1, 1));
    const model = new MLP(2, [3], { init: "lecture", random: pythonRandom(5) });
    expect(dataOf(model.parameters())).toEqual(drawn);
  });

  test("MLP: scaled divides by the square root of the number of inputs; biases are 0", () => {
    const random = pythonRandom(5);
    const drawn = Array.from({ length: 9 }, () => random.uniform(-1, 1) * 9 ** -0.5);
    const { weights, biases } = weightsAndBiases(
      new MLP(9, [1], { init: "scaled", random: pythonRandom(5) }),
    );
    expect(weights).toBeNear(drawn);
    expect(biases).toEqual([0]);
  });

  test("MLP: he draws from a normal distribution with standard deviation sqrt(2/n)", () => {
    const { weights, biases } = weightsAndBiases(
      new MLP(50, [200], { init: "he", random: pythonRandom(5) }),
    );
    const mean = weights.reduce((p, q) => p + q) / weights.length;
    const variance = weights.reduce((p, q) => p + (q - mean) ** 2, 0) / weights.length;
    // 10,000 draws: the mean is within 0.2 / 100 * 4, the deviation within 4 / sqrt(20,000)
    expect(Math.abs(mean)).toBeLessThan(0.008);
    expect(Math.sqrt(variance)).toBeNear(0.2, { relative: 0.03 });
    expect(Math.max(...weights)).toBeGreaterThan(0.5); // no uniform distribution
    expect(biases.every((bias) => bias === 0)).toBe(true);
  });

  test("MLP: zero is 0 everywhere", () => {
    expect(dataOf(new MLP(2, [2, 1], { init: "zero" }).parameters())).toEqual(Array(9).fill(0));
  });
});

describe("Module", () => {
  class Swish extends Module {
    beta = new Value(1.5);
    forward(x: Value): Value {
      return x.mul(x.mul(this.beta).sigmoid());
    }
  }

  class Net extends Module {
    readonly first = new Layer(2, 2, { activation: "linear" });
    readonly parts = [new Swish(), new Swish()];
    readonly nested = [[new Value(7)], [new Value(8), new Value(9)]];
    readonly name = "net";
    readonly size = 3;
    readonly nothing = null;
    readonly last = new Neuron(2, { activation: "linear" });
    forward(x: readonly number[]): Value {
      return this.last.forward(this.first.forward(x).map((h, i) => this.parts[i].forward(h)));
    }
  }

  test("Module.namedParameters: finds Values in properties, arrays and modules, in order", () => {
    const names = new Net().namedParameters().map(([name]) => name);
    expect(names).toEqual([
      "first.neurons.0.weights.0",
      "first.neurons.0.weights.1",
      "first.neurons.0.bias",
      "first.neurons.1.weights.0",
      "first.neurons.1.weights.1",
      "first.neurons.1.bias",
      "parts.0.beta",
      "parts.1.beta",
      "nested.0.0",
      "nested.1.0",
      "nested.1.1",
      "last.weights.0",
      "last.weights.1",
      "last.bias",
    ]);
  });

  test("Module: a class of one's own trains like any other", () => {
    const net = new Net();
    const report = gradcheck(() => net.forward([0.3, -0.8]), net.parameters());
    const used = net.namedParameters().filter(([name]) => !name.startsWith("nested"));
    net.forward([0.3, -0.8]).backward();
    expect(report.passed, String(report)).toBe(true);
    expect(used.every(([, p]) => p.hasGrad)).toBe(true);
    net.zeroGrad();
    expect(net.parameters().some((p) => p.hasGrad)).toBe(false);
  });

  test("Module.parameters: a shared parameter is listed once, under its first name", () => {
    const shared = new Value(1);
    class Tied extends Module {
      encoder = shared;
      decoder = [shared, new Value(2)];
    }
    const tied = new Tied();
    expect(tied.namedParameters().map(([name]) => name)).toEqual(["encoder", "decoder.1"]);
    expect(tied.parameters()).toHaveLength(2);
  });

  test("Module.parameters: a circle of modules ends", () => {
    class Knot extends Module {
      weight = new Value(1);
      other: Module | undefined;
    }
    const a = new Knot();
    const b = new Knot();
    a.other = b;
    b.other = a;
    expect(a.namedParameters().map(([name]) => name)).toEqual(["weight", "other.weight"]);
  });

  test("Module.parameters: what was computed is no parameter, and an empty module has none", () => {
    class Remembering extends Module {
      weight = new Value(2);
      last = this.weight.mul(3);
    }
    expect(new Remembering().namedParameters().map(([name]) => name)).toEqual(["weight"]);
    expect(new Module().parameters()).toEqual([]);
    expect(() => new Module().zeroGrad()).not.toThrow();
  });

  test("Module.parameters: modules inside modules, 3,000 deep", () => {
    class Shell extends Module {
      readonly weight = new Value(1);
      readonly inner: Shell | undefined;
      constructor(inner: Shell | undefined) {
        super();
        this.inner = inner;
      }
    }
    let shell = new Shell(undefined);
    for (let i = 0; i < 3000; i++) shell = new Shell(shell);
    expect(shell.parameters()).toHaveLength(3001);
  });
});

describe("where nodes belong", () => {
  test("MLP.forward: every node knows its layer and neuron, inputs know neither", () => {
    const model = new MLP(2, [3, 2, 1]);
    const x = [new Value(1), new Value(2)];
    const [y] = model.forward(x);
    expect(y.origin).toMatchObject({ layer: 2, neuron: 0 });
    const inner = graphOf(y).filter((node) => node.op !== "");
    for (const node of inner) {
      expect([0, 1, 2]).toContain(node.origin.layer);
      const size = [3, 2, 1][node.origin.layer ?? -1];
      expect(node.origin.neuron).toBeLessThan(size);
    }
    // layers * neurons * (2 or 3 products, as many sums) and an activation in the hidden layers
    expect(inner).toHaveLength(3 * (2 * 2 + 1) + 2 * (2 * 3 + 1) + 2 * 2);
    const firstOfLayer1 = inner.filter((n) => n.origin.layer === 1 && n.origin.neuron === 0);
    expect(firstOfLayer1).toHaveLength(7);
    expect(x[0].origin.layer).toBeUndefined();
  });

  test("new MLP: two networks are told apart, in their nodes and in their parameters", () => {
    const [first, second] = [new MLP(2, [2]), new MLP(2, [1])];
    const [h] = first.forward([1, 2]);
    const [y] = second.forward([h, 3]);
    expect(h.origin.network).toBeDefined();
    expect(y.origin.network).not.toBe(h.origin.network);
    for (const [model, node] of [[first, h] as const, [second, y] as const]) {
      for (const { origin } of model.parameters()) {
        expect(origin.network).toBe(node.origin.network);
      }
    }
    const [weight, , bias] = first.layers[0].neurons[1].parameters();
    expect(weight.origin).toMatchObject({ layer: 0, neuron: 1, example: undefined });
    expect(bias.origin).toEqual(weight.origin);
    expect(new Value(1).origin.network).toBeUndefined();
  });

  test("MLP.forward: nodes know the data point: counted from the last zeroGrad", () => {
    const model = new MLP(1, [2, 1]);
    const examples = () => [4, 5, 6].map((x) => model.forward([x])[0].origin.example);
    expect(examples()).toEqual([0, 1, 2]);
    model.zeroGrad();
    expect(examples()).toEqual([0, 1, 2]);
  });

  test("MLP.forward: or the one that withOrigin says", () => {
    const model = new MLP(1, [2, 1]);
    const y = withOrigin({ example: 9 }, () => meanSquaredError(model.forward([1]), [2]));
    expect(y.origin.example).toBe(9);
    for (const node of graphOf(y).filter((n) => n.op !== "")) expect(node.origin.example).toBe(9);
  });

  test("MLP.forward: predict counts no data point", () => {
    const model = new MLP(1, [1]);
    model.predict([1]);
    expect(model.forward([1])[0].origin.example).toBe(0);
  });
});

describe("bad input", () => {
  const make = (kind: unknown, ...rest: unknown[]) => Reflect.construct(kind as typeof MLP, rest);
  const sizes = [0, -1, 1.5, NaN, Infinity, "2", null, {}, [2], 2n, true, 2 ** 32, 2 ** 53];

  test.each(sizes)("new Neuron, new Layer, new MLP: a size of %s is refused", (size) => {
    expect(() => make(Neuron, size)).toThrow(/^new Neuron(, [^:]+)?: expected/);
    expect(() => make(Layer, size, 2)).toThrow(/^new Layer(, [^:]+)?: expected/);
    expect(() => make(Layer, 2, size)).toThrow(/^new Layer(, [^:]+)?: expected/);
    expect(() => make(MLP, size, [2])).toThrow(/^new MLP(, [^:]+)?: expected/);
    expect(() => make(MLP, 2, [2, size])).toThrow(/^new MLP(, [^:]+)?: expected/);
  });

  test("new MLP: no sizes, or sizes that are no array, are refused", () => {
    for (const wrong of [undefined, null, [], 3, "4,1", {}]) {
      expect(() => make(MLP, 2, wrong)).toThrow(/^new MLP: expected an array/);
    }
  });

  test.each([
    { activation: "Tanh" },
    { activation: "" },
    { activation: null },
    { activation: 3 },
    { activation: "constructor" },
    { activation: "__proto__" },
    { activation: "toString" },
    { init: "random" },
    { init: "__proto__" },
    { init: null },
    { random: 3 },
    { random: Math.random },
    { random: {} },
    { random: null },
    { activations: "tanh" },
    { seed: 3 },
    null,
    3,
    "tanh",
    ["tanh"],
  ])("new Neuron, new Layer, new MLP: the options %o are refused", (options) => {
    const wrong = /^new (Neuron|Layer|MLP): expected/;
    expect(() => make(Neuron, 2, options)).toThrow(wrong);
    expect(() => make(Layer, 2, 2, options)).toThrow(wrong);
    expect(() => make(MLP, 2, [2, 1], options)).toThrow(wrong);
  });

  test("new MLP: an unknown output activation is refused", () => {
    for (const output of ["softmax", null, 3, "constructor"]) {
      expect(() => new MLP(2, [1], { output: output as Activation })).toThrow(/^new \w+: expected/);
    }
  });

  test("new MLP: a generator that gives no numbers is refused", () => {
    const broken = (x: unknown) => ({ uniform: () => x, normal: () => x }) as unknown as Random;
    for (const x of ["0.5", undefined, null, {}]) {
      for (const init of ["uniform", "lecture", "scaled", "he"] as const) {
        expect(() => new MLP(2, [1], { init, random: broken(x) }), `${x} ${init}`).toThrow(
          TypeError,
        );
      }
    }
  });
});

test("Module.namedParameters: finds parameters in plain objects and Maps too", () => {
  class Heads extends Module {
    heads = { left: new Neuron(1), right: new Value(1) };
    byName = new Map([["w", new Value(2)]]);
  }
  const names = new Heads().namedParameters().map(([name]) => name);
  expect(names).toEqual(["heads.left.weights.0", "heads.left.bias", "heads.right", "byName.w"]);
});

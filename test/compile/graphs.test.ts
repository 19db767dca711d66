// Graphs that are not layers, or are so large that it matters: on whatever path, with the engine's
// numbers; and how large modules are.

import { describe, expect, test } from "vitest";
import { compile, type Loss } from "../../src/compile/program.ts";
import { logSumExp, sum } from "../../src/functions.ts";
import { crossEntropy, hinge, squaredError } from "../../src/losses.ts";
import { Layer, MLP } from "../../src/nn.ts";
import { pythonRandom } from "../../src/random.ts";
import { Value } from "../../src/value.ts";
import { byEngine, byProgram, type Specimen, sizesOfGradients } from "./zoo.ts";

const random = pythonRandom(8);
const draw = (n: number) => Array.from({ length: n }, () => random.uniform(-1, 1));
const leaves = (n: number) => draw(n).map((x, i) => new Value(x, `w${i}`));

interface Case {
  readonly title: string;
  readonly compiled: boolean;
  readonly make: () => {
    readonly loss: Loss;
    readonly parameters: Value[];
    readonly inputs: number;
  };
  readonly count: number;
}

const scores = (weights: readonly (readonly Value[])[], x: readonly Value[]) =>
  weights.map((row) => sum(row.map((w, i) => w.mul(x[i]))));

const cases: readonly Case[] = [
  {
    title: "a layer that is applied three times",
    compiled: true,
    count: 5,
    make: () => {
      const layer = new Layer(8, 8, { random });
      const loss: Loss = (x, t) =>
        squaredError(
          layer.forward(layer.forward(layer.forward(x))),
          x.map(() => t[0]),
        );
      return { loss, parameters: layer.parameters(), inputs: 8 };
    },
  },
  {
    title: "an autoencoder whose second layer is the first one turned over",
    compiled: true,
    count: 5,
    make: () => {
      const rows = Array.from({ length: 6 }, () => leaves(9));
      const columns = rows[0].map((_, c) => rows.map((row) => row[c]));
      const loss: Loss = (x, t) => {
        const code = scores(rows, x).map((h) => h.tanh());
        return squaredError(scores(columns, code), [...x]).add(t[0]);
      };
      return { loss, parameters: rows.flat(), inputs: 9 };
    },
  },
  {
    title: "neurons with the same weights",
    compiled: true,
    count: 5,
    make: () => {
      const weights = leaves(8);
      const model = new MLP(4, [8, 1], { random });
      const loss: Loss = (x, t) => {
        const same = scores([weights, weights, weights, weights], x).map((y) => y.tanh());
        return squaredError(model.forward(same), t);
      };
      return { loss, parameters: [...weights, ...model.parameters()], inputs: 8 };
    },
  },
  {
    title: "neurons whose weights overlap",
    compiled: true,
    count: 5,
    make: () => {
      const weights = leaves(12);
      const model = new MLP(5, [8, 1], { random });
      const loss: Loss = (x, t) => {
        const rows = Array.from({ length: 5 }, (_, r) => weights.slice(r, r + 8));
        return squaredError(model.forward(scores(rows, x)), t);
      };
      return { loss, parameters: [...weights, ...model.parameters()], inputs: 8 };
    },
  },
  {
    title: "residual connections",
    compiled: true,
    count: 5,
    make: () => {
      const layers = [1, 2, 3].map(() => new Layer(7, 7, { random }));
      const loss: Loss = (x, t) => {
        let h: Value[] = [...x];
        for (const layer of layers) h = layer.forward(h).map((y, i) => h[i].add(y));
        return squaredError(sum(h), t);
      };
      return { loss, parameters: layers.flatMap((l) => l.parameters()), inputs: 7 };
    },
  },
  {
    title: "two heads, one of them logSumExp",
    compiled: true,
    count: 5,
    make: () => {
      const [body, one, two] = [new MLP(3, [12, 12]), new Layer(12, 4), new Layer(12, 5)];
      const parts = [body, one, two];
      for (const p of parts.flatMap((part) => part.parameters())) p.data = random.uniform(-1, 1);
      const loss: Loss = (x, t) => {
        const h = body.forward(x);
        return logSumExp(one.forward(h)).add(crossEntropy(two.forward(h), t[0].relu()));
      };
      return { loss, parameters: parts.flatMap((part) => part.parameters()), inputs: 3 };
    },
  },
  {
    title: "powers, maxima and quotients",
    compiled: true,
    count: 7,
    make: () => {
      const [a, b, c] = leaves(3);
      const loss: Loss = ([x, y], [t]) =>
        x
          .square()
          .add(1)
          .pow(a)
          .max(y.mul(b))
          .div(c.square().add(0.5).pow(y))
          .min(t.add(4))
          .add(b.pow(3));
      return { loss, parameters: [a, b, c], inputs: 2 };
    },
  },
  {
    title: "3,000 operations that are no layers",
    compiled: true,
    count: 3,
    make: () => chain(3000),
  },
  {
    title: "20,000 operations that are no layers",
    compiled: false,
    count: 3,
    make: () => chain(20_000),
  },
  {
    title: "a chain of 100,000 operations",
    compiled: false,
    count: 2,
    make: () => chain(100_000),
  },
];

/** So many operations, one after the other. */
function chain(length: number): ReturnType<Case["make"]> {
  const [a, b] = leaves(2);
  const loss: Loss = ([x], [t]) => {
    let y = x.mul(a).add(t);
    for (let i = 3; i < length; i += 2) y = y.sin().add(b);
    return y.square();
  };
  return { loss, parameters: [a, b], inputs: 1 };
}

describe.each(cases)("Program.gradient: $title", ({ compiled, make, count }) => {
  test.each(["exact", "fast"] as const)("the engine's numbers in %s mode", (mode) => {
    const { loss, parameters, inputs } = make();
    const options = { parameters, inputs, mode } as const;
    const specimen: Specimen = {
      loss,
      options,
      inputs: Array.from({ length: count }, () => draw(inputs)),
      targets: Array.from({ length: count }, (_, i) => [i % 2]),
    };
    const program = compile(loss, options);
    expect(program.path !== "engine").toBe(compiled);
    if (!compiled) {
      expect(program.reason).toMatch(/expected at most \d+ operations .* got \d+/);
      expect(program.bytes.length).toBe(0);
      expect(program.toWat()).toMatch(/no module/);
    } else {
      expect(program.reason).toBeUndefined();
      expect(program.bytes.length).toBeGreaterThan(100);
    }
    const wanted = byEngine(specimen);
    const got = byProgram(program, specimen);
    expect(got.losses).toEqual(wanted.losses);
    expect(got.loss).toBe(wanted.loss);
    if (mode === "exact" || program.path === "engine") {
      expect(got.gradients).toEqual(wanted.gradients);
      return;
    }
    const sizes = sizesOfGradients(specimen);
    got.gradients.forEach((gradient, i) => {
      expect(Math.abs(gradient - wanted.gradients[i])).toBeLessThanOrEqual(1e-12 * sizes[i]);
    });
  });
});

test("compile: takes a neuron with 30,000 inputs, and as many parameters to regularize", () => {
  const n = 30_000;
  const parameters = leaves(n);
  const loss: Loss = (x) => scores([parameters], x)[0].tanh();
  const program = compile(loss, {
    parameters,
    inputs: n,
    targets: 0,
    regularizer: (ps) => sum(ps.map((p) => p.square())),
  });
  expect(program.path).toBe("layers");
  const x = draw(n);
  const total = parameters.reduce((so, p, i) => (i === 0 ? p.data * x[0] : so + p.data * x[i]), 0);
  const y = new Value(total).tanh();
  y.backward();
  let squares = parameters[0].data * parameters[0].data;
  for (const { data } of parameters.slice(1)) squares += data * data;
  expect(program.gradient([x])).toBe(y.data + squares);
  const [inner] = y.inputs;
  for (const i of [0, 1, 777, n - 1]) {
    expect(parameters[i].grad).toBe(inner.grad * x[i] + 2 * parameters[i].data);
  }
});

describe("Program.bytes", () => {
  const sizeOf = (sizes: number[], activation: "relu" | "tanh" | "gelu") => {
    const model = new MLP(2, [...sizes, 1], { activation, random });
    const program = compile((x, t) => hinge(model.forward(x), t), {
      parameters: model,
      inputs: 2,
      predict: (x) => model.forward(x),
    });
    expect(program.path).toBe("layers");
    return program.bytes.length;
  };

  test.each([8, 16, 32, 64, 128, 512])(
    "the module of a net 2-n-n-1 of relus has at most 8 kB, n = %i",
    (width) => {
      if (width < 512) expect(sizeOf([width, width], "relu")).toBeLessThanOrEqual(8192);
      else expect(sizeOf([width], "relu")).toBeLessThanOrEqual(8192);
    },
  );

  test.each([
    [7, 71],
    [16, 64],
    [31, 95],
  ])("the module does not grow with the width: %i and %i neurons", (narrow, wide) => {
    const [small, large] = [narrow, wide].map((width) => sizeOf([width, width], "tanh"));
    expect(large).toBeLessThan(1.02 * small); // addresses are a little longer
  });

  test.each(["relu", "tanh", "gelu"] as const)("six layers of seven: at most 24 kB, %s", (name) => {
    expect(sizeOf([7, 7, 7, 7, 7, 7], name)).toBeLessThanOrEqual(24_576);
  });
});

// Programs of every kind, drawn at random, and what the engine says of them: for tests that compare.

import fc from "fast-check";
import type { CompileOptions, Loss, Program } from "../../src/compile/program.ts";
import { defineOperation, logSumExp, mean, softmax, sum } from "../../src/functions.ts";
import { crossEntropy, hinge, huber, squaredError } from "../../src/losses.ts";
import { type Activation, activations, Layer } from "../../src/nn.ts";
import { isNotChosen } from "../../src/operations.ts";
import { pythonRandom } from "../../src/random.ts";
import { graphOf, Value } from "../../src/value.ts";
import { catalogue } from "../catalogue.ts";

/** A program before it is compiled, with data for it. */
export interface Specimen {
  readonly loss: Loss;
  readonly options: CompileOptions & { readonly parameters: readonly Value[] };
  readonly inputs: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
}

/** What a program says of data. */
export interface Findings {
  /** The mean loss with the regularizer. */
  readonly loss: number;
  readonly losses: readonly number[];
  readonly gradients: readonly number[];
}

/** The engine's findings: `mean(examples.map(loss)).backward()`, and the regularizer's after it. */
export function byEngine(specimen: Specimen): Findings {
  const { options } = specimen;
  for (const parameter of options.parameters) parameter.zeroGrad();
  const losses = lossesOf(specimen);
  const whole = mean(losses);
  whole.backward();
  const penalty = options.regularizer?.([...options.parameters]);
  penalty?.backward();
  return {
    loss: penalty === undefined ? whole.data : whole.data + penalty.data,
    losses: losses.map(({ data }) => data),
    gradients: options.parameters.map(({ grad }) => grad),
  };
}

function lossesOf({ loss, inputs, targets }: Specimen): Value[] {
  return inputs.map((x, i) => {
    const t = targets[i] ?? [];
    return loss(
      x.map((number) => new Value(number)),
      t.map((number) => new Value(number)),
    );
  });
}

/** A program's findings, asked for as a user does. */
export function byProgram(program: Program, { inputs, targets, options }: Specimen): Findings {
  const rows = options.targets === 0 ? [] : targets;
  for (const parameter of options.parameters) parameter.grad = 123; // to be written over
  const loss = program.gradient(inputs, rows);
  return {
    loss,
    losses: [...program.losses(inputs, rows)],
    gradients: options.parameters.map(({ grad }) => grad),
  };
}

/** The module's findings, whatever they are: a program asks the engine if they are not finite. */
export function byModule(program: Program, { inputs, targets }: Specimen): Findings | undefined {
  const { runner } = program;
  if (runner === undefined) return undefined;
  runner.load({
    inputs: Float64Array.from(inputs.flat()),
    targets: Float64Array.from(targets.flat()),
    count: inputs.length,
  });
  const loss = runner.gradient();
  const gradients = [...runner.gradients()];
  return { loss, losses: [...runner.losses()], gradients };
}

export const allFinite = ({ loss, losses, gradients }: Findings): boolean =>
  [loss, ...losses, ...gradients].every(Number.isFinite);

/**
 * For each parameter, the sum of the sizes of all terms of its gradient: over all paths from the
 * mean loss and the regularizer, the products of the sizes of local derivatives.
 */
export function sizesOfGradients(specimen: Specimen): number[] {
  const { parameters, regularizer } = specimen.options;
  const sizes = new Map<Value, number>(parameters.map((parameter) => [parameter, 0]));
  const outputs = [mean(lossesOf(specimen))];
  const penalty = regularizer?.([...parameters]);
  if (penalty !== undefined) outputs.push(penalty);
  for (const output of outputs) {
    sizes.set(output, (sizes.get(output) ?? 0) + 1);
    for (const node of graphOf(output).reverse()) {
      const size = sizes.get(node) ?? 0;
      node.inputs.forEach((input, i) => {
        const local = node.localDerivative(i);
        if (node.operation.masked && isNotChosen(local)) return;
        sizes.set(input, (sizes.get(input) ?? 0) + size * Math.abs(local));
      });
    }
  }
  return parameters.map((parameter) => sizes.get(parameter) ?? 0);
}

// ---- Graphs of all operations ----------------------------------------------------------------

/** An operation to build graphs with. */
interface Brick {
  readonly title: string;
  readonly arity: number;
  readonly apply: (...inputs: Value[]) => Value;
}

const own = (
  name: string,
  value: Parameters<typeof defineOperation>[0]["value"],
  ...localDerivatives: Parameters<typeof defineOperation>[0]["localDerivatives"]
): Brick => {
  const apply = defineOperation({ name, value, localDerivatives });
  return { title: name, arity: localDerivatives.length, apply };
};

/** Every operation there is, and what is made of several. */
export const bricks: readonly Brick[] = [
  ...catalogue.map(({ title, operation, method }) => ({
    title,
    arity: operation.arity,
    // a number drawn at random is seldom that of a candidate
    apply: title.startsWith("pick ")
      ? (wanted: Value, ...others: Value[]) => method(wanted.clamp(0, 0), ...others)
      : method,
  })),
  own(
    "own: exp(-x^2)",
    (m, x) => m.exp(m.neg(m.mul(x, x))),
    (m, x, y) => m.mul(m.mul(-2, x), y),
  ),
  own(
    "own: a/(1 + b^2)",
    (m, a, b) => m.div(a, m.add(1, m.square(b))),
    (m, _a, b) => m.div(1, m.add(1, m.square(b))),
    (m, _a, b, y) => m.div(m.mul(-2, m.mul(b, y)), m.add(1, m.square(b))),
  ),
  own(
    "own: a b + c",
    (m, a, b, c) => m.add(m.mul(a, b), c),
    (_m, _a, b) => b,
    (_m, a) => a,
    () => 1,
  ),
  own(
    "own: a where b < c, else -2 a",
    (m, a, b, c) => m.where(m.less(b, c), a, m.mul(-2, a)),
    (m, _a, b, c) => m.where(m.less(b, c), 1, -2),
    () => 0,
    () => -0,
  ),
  { title: "a + a", arity: 1, apply: (a) => a.add(a) },
  { title: "a a", arity: 1, apply: (a) => a.mul(a) },
  { title: "a max a", arity: 1, apply: (a) => a.max(a) },
  { title: "logSumExp", arity: 3, apply: (a, b, c) => logSumExp([a, b, c]) },
  { title: "softmax", arity: 3, apply: (a, b, c) => softmax([a, b, c])[1] },
  {
    title: "crossEntropy",
    arity: 3,
    apply: (a, b, c) => crossEntropy([a, b], c.clamp(1, 1)),
  },
  {
    title: "crossEntropy of any class",
    arity: 3,
    apply: (a, b, c) => crossEntropy([a, b], c.relu().mul(1e300).min(1)),
  },
  { title: "mean", arity: 3, apply: (a, b, c) => mean([a, b, c]) },
  { title: "huber", arity: 2, apply: (a, b) => huber(a, b) },
];

const awkward = [
  0, -0, 1, -1, 0.5, -2, 2, 3, 25, -40, 710, -746, 1e-9, 1e-300, 5e-324, 1e200, -1e200,
];
const number = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...awkward) },
  { weight: 4, arbitrary: fc.double({ min: -3, max: 3, noNaN: true }) },
);
const pick = fc.nat({ max: 1_000_000 });

/** What fast-check draws for a graph. */
export const drawnGraph = fc.record({
  width: fc.nat({ max: 2 }),
  targets: fc.nat({ max: 1 }),
  parameters: fc.array(number, { minLength: 1, maxLength: 3 }),
  frozen: number,
  constant: number,
  picks: fc.array(fc.tuple(pick, pick, pick, pick), { minLength: 1, maxLength: 7 }),
  rows: fc.array(fc.array(number, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 9 }),
  regularized: fc.nat({ max: 3 }),
});
type DrawnGraph = typeof drawnGraph extends fc.Arbitrary<infer T> ? T : never;

/** The graph that was drawn; `used` hears which operations are in it. */
export function graphSpecimen(drawn: DrawnGraph, used: (title: string) => void): Specimen {
  const width = drawn.width + 1;
  const parameters = drawn.parameters.map((x, i) => new Value(x, `p${i}`));
  const frozen = new Value(drawn.frozen, "frozen");
  const loss: Loss = (x, t) => {
    const leaves = [...x, ...t, ...parameters];
    const nodes = [frozen, new Value(drawn.constant), ...leaves];
    const open = new Set(leaves); // what nothing was made of yet
    for (const [first, p, q, r] of drawn.picks) {
      const brick = bricks[first % bricks.length];
      const n = nodes.length;
      const inputs = [n - 1 - (p % Math.min(3, n)), q % n, r % n].slice(0, brick.arity);
      for (const i of inputs) open.delete(nodes[i]);
      const node = brick.apply(...inputs.map((i) => nodes[i]));
      used(brick.title);
      nodes.push(node);
      open.add(node);
    }
    // The loss has to depend on everything.
    return [...open].reduce((total, node) => total.add(node));
  };
  const regularizers = [
    undefined,
    (ps: Value[]) => ps[0],
    (ps: Value[]) => sum(ps.map((p) => p.mul(p))).mul(0.25),
    (ps: Value[]) => ps[ps.length - 1].tanh().mul(frozen),
  ];
  return {
    loss,
    options: {
      parameters,
      inputs: width,
      targets: drawn.targets,
      regularizer: regularizers[drawn.regularized],
    },
    inputs: drawn.rows.map((row) => row.slice(0, width)),
    targets: drawn.rows.map((row) => row.slice(3, 3 + drawn.targets)),
  };
}

// ---- Nets ------------------------------------------------------------------------------------

const size = fc.integer({ min: 1, max: 9 });

/** What fast-check draws for a net. */
export const drawnNet = fc.record({
  nin: size,
  sizes: fc.array(size, { minLength: 1, maxLength: 4 }),
  activation: fc.constantFrom(...activations),
  output: fc.constantFrom<Activation>("linear", "linear", "tanh", "relu"),
  bias: fc.constantFrom("first", "last", "none"),
  side: fc.constantFrom("left", "right"),
  order: fc.constantFrom("given", "given", "columns", "neurons reversed", "reversed"),
  shape: fc.constantFrom("plain", "plain", "residual", "skip", "heads", "shared", "detached"),
  loss: fc.constantFrom("squared", "hinge", "cross", "product"),
  regularizer: fc.constantFrom("none", "all", "weights", "first"),
  count: fc.constantFrom(1, 2, 3, 4, 5, 7, 10, 51, 52, 53, 54, 55, 103, 104, 105, 106, 150),
  seed: fc.nat({ max: 1_000_000 }),
});
type DrawnNet = typeof drawnNet extends fc.Arbitrary<infer T> ? T : never;

/** The net that was drawn, with data for it. */
export function netSpecimen(drawn: DrawnNet): Specimen {
  const { nin, activation, output, shape, seed, count } = drawn;
  const random = pythonRandom(seed);
  const square = shape === "residual" || shape === "shared";
  const sizes = square ? drawn.sizes.map(() => nin) : drawn.sizes;
  const widths: number[] = [nin];
  const layers = sizes.map((width, i) => {
    const last = i === sizes.length - 1;
    const before = shape === "skip" && i > 0 ? widths[i] + nin : widths[i];
    widths.push(width);
    return new Layer(before, width, { activation: last ? output : activation, random });
  });
  const used = shape === "shared" ? [layers[0], ...layers.slice(-1)] : layers;
  const head = shape === "heads" ? new Layer(widths[widths.length - 2], 2, { random }) : undefined;
  const all = [...new Set([...used, ...(head === undefined ? [] : [head])])];
  for (const { bias } of all.flatMap(({ neurons }) => neurons)) bias.data = random.uniform(-1, 1);

  const applied = (layer: Layer, x: readonly Value[]): Value[] =>
    layer.neurons.map((neuron) => {
      if (drawn.bias === "first" && drawn.side === "left") return neuron.forward(x);
      const terms = neuron.weights.map((w, i) =>
        drawn.side === "left" ? w.mul(x[i]) : x[i].mul(w),
      );
      if (drawn.bias === "first") terms.unshift(neuron.bias);
      if (drawn.bias === "last") terms.push(neuron.bias);
      const total = sum(terms);
      return neuron.activation === "linear" ? total : total[neuron.activation]();
    });
  const outputs = (x: readonly Value[]): Value[] => {
    if (shape === "shared") {
      const [first, last] = [used[0], used[used.length - 1]];
      return applied(last, applied(first, applied(first, x)));
    }
    let h: Value[] = [...x];
    let before = h;
    layers.forEach((layer, i) => {
      before = h;
      const y = applied(layer, shape === "skip" && i > 0 ? [...h, ...x] : h);
      h = shape === "residual" && i < layers.length - 1 ? y.map((v, k) => v.add(h[k])) : y;
      if (shape === "detached" && i === 0 && layers.length > 1) {
        h = h.map((v, k) => (k % 2 === 0 ? v : v.detach().add(v)));
      }
    });
    return head === undefined ? h : [...h, ...applied(head, before)];
  };
  const losses: Record<DrawnNet["loss"], Loss> = {
    squared: (x, [t]) => {
      const ys = outputs(x);
      return squaredError(
        ys,
        ys.map(() => t),
      );
    },
    hinge: (x, [t]) => {
      const ys = outputs(x);
      return hinge(
        ys,
        ys.map(() => t),
      );
    },
    cross: (x, [t]) => crossEntropy([...outputs(x), t], new Value(0)),
    product: (x, [t]) => outputs(x).reduce((product, y) => product.mul(y), t),
  };
  const parameters = orderedParameters(all, drawn.order, drawn.bias !== "none");
  const weights = all.flatMap(({ neurons }) => neurons.flatMap((neuron) => neuron.weights));
  const regularizers = {
    none: undefined,
    all: (ps: Value[]) => sum(ps.map((p) => p.mul(p))).mul(1e-3),
    weights: () => mean(weights.map((w) => w.abs())),
    first: (ps: Value[]) => ps[0].square(),
  };
  const draw = (n: number) => Array.from({ length: n }, () => random.uniform(-1, 1));
  return {
    loss: losses[drawn.loss],
    options: {
      parameters,
      inputs: nin,
      regularizer: regularizers[drawn.regularizer],
      predict: outputs,
    },
    inputs: Array.from({ length: count }, () => draw(nin)),
    targets: Array.from({ length: count }, (_, i) => [i % 2 === 0 ? 1 : -1]),
  };
}

function orderedParameters(layers: Layer[], order: DrawnNet["order"], biases: boolean): Value[] {
  const ordered = layers.flatMap(({ neurons }) => {
    const turned = order === "neurons reversed" ? [...neurons].reverse() : neurons;
    const own = turned.map(({ bias }) => bias);
    if (order !== "columns") {
      return turned.flatMap(({ weights, bias }) => [...weights, ...(biases ? [bias] : [])]);
    }
    const columns = turned[0].weights.flatMap((_, c) => turned.map(({ weights }) => weights[c]));
    return biases ? [...columns, ...own] : columns;
  });
  return order === "reversed" ? ordered.reverse() : ordered;
}

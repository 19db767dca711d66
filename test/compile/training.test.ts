// Programs in training: what the engine's own loop would have given, bit for bit, wherever the steps
// are made; what is said of numbers that are not finite; and memory that stays flat.

import { afterEach, describe, expect, test, vi } from "vitest";
import { type CompileOptions, compile, type Program } from "../../src/compile/program.ts";
import { LONGEST_RUN, type ProgramTrainOptions } from "../../src/compile/training.ts";
import { mean, sum } from "../../src/functions.ts";
import { hinge, squaredError } from "../../src/losses.ts";
import { MLP } from "../../src/nn.ts";
import {
  Adam,
  AdamW,
  cosineRate,
  linearRate,
  type Optimizer,
  SGD,
  warmup,
} from "../../src/optim.ts";
import { pythonRandom } from "../../src/random.ts";
import { Value } from "../../src/value.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Gradient descent that the library does not know. */
class Foreign implements Optimizer {
  rate = 0.05;
  readonly parameters: readonly Value[];
  constructor(parameters: readonly Value[]) {
    this.parameters = parameters;
  }
  step(): void {
    for (const w of this.parameters) w.data -= this.rate * w.grad;
  }
  zeroGrad(): void {
    for (const w of this.parameters) w.zeroGrad();
  }
}

const optimizers: Record<string, (parameters: Value[]) => Optimizer> = {
  SGD: (ps) => new SGD(ps, { rate: 0.05 }),
  momentum: (ps) => new SGD(ps, { rate: 0.02, momentum: 0.9, dampening: 0.1, weightDecay: 0.01 }),
  Nesterov: (ps) => new SGD(ps, { rate: 0.02, momentum: 0.9, nesterov: true }),
  Adam: (ps) => new Adam(ps, { rate: 0.01 }),
  AdamW: (ps) => new AdamW(ps, { rate: 0.01 }),
  "one of your own": (ps) => new Foreign(ps),
  "one with its parameters in another order": (ps) => new Adam([...ps].reverse(), { rate: 0.01 }),
  "one of some parameters": (ps) => new SGD(ps.slice(3), { rate: 0.05 }),
};

const COUNT = 10;
const inputs = Array.from({ length: COUNT }, (_, i) => [Math.abs(i - 4) / 3, (i * 7) % 5]);
const targets = inputs.map(([a, b]) => (a! * b! > 1 ? 1 : -1));

const makeModel = () => new MLP(2, [4, 3, 1], { random: pythonRandom(2) });
const decay = (ps: Value[]) => sum(ps.map((p) => p.square())).mul(1e-3);

/** Everything that a training leaves behind. */
const stateOf = (model: MLP, optimizer: Optimizer) => ({
  numbers: model.parameters().map(({ data, grad, hasGrad }) => [data, grad, hasGrad]),
  rate: optimizer.rate,
});

const programOf = (model: MLP, options: Partial<CompileOptions> = {}): Program =>
  compile((x, t) => hinge(model.forward(x), t), {
    parameters: model,
    inputs: 2,
    regularizer: decay,
    predict: (x) => model.forward(x),
    ...options,
  });

/** The steps of `Program.train`, written out for the engine. */
function byHand(
  model: MLP,
  optimizer: Optimizer,
  { steps = 0, batch = COUNT, schedule, random = pythonRandom(0) }: Partial<ProgramTrainOptions>,
) {
  const order = inputs.map((_, i) => i);
  const losses: number[] = [];
  let start = 0;
  for (let step = 0; step < steps; step++) {
    if (start === 0 && batch < COUNT) random.shuffle(order);
    const examples = order.slice(start, start + batch);
    start = start + batch >= COUNT ? 0 : start + batch;
    model.zeroGrad();
    const loss = mean(examples.map((i) => hinge(model.forward(inputs[i]!), [targets[i]!])));
    loss.backward();
    const penalty = decay(model.parameters());
    penalty.backward();
    losses.push(loss.data + penalty.data);
    if (schedule !== undefined) optimizer.rate = schedule(step);
    optimizer.step();
  }
  return losses;
}

const cases = Object.keys(optimizers).flatMap((optimizer) =>
  [10, 1, 3, 4].map((batch) => ({ optimizer, batch })),
);

describe("Program.train", () => {
  test.each(cases)(
    "Program.train: gives the engine's bits with $optimizer and batches of $batch",
    ({ optimizer, batch }) => {
      for (const schedule of [
        undefined,
        linearRate(0.1, 0.01, 20),
        warmup(3, cosineRate(0.1, 0, 9)),
      ]) {
        const [ours, theirs] = [makeModel(), makeModel()];
        const [mine, yours] = [ours, theirs].map((m) => optimizers[optimizer]!(m.parameters()));
        const program = programOf(ours);
        expect(program.path).not.toBe("engine");
        const options = { steps: 17, batch, ...(schedule && { schedule }) };
        const random = () => pythonRandom(8);
        const result = program.train(inputs, targets, {
          ...options,
          optimizer: mine!,
          random: random(),
        });
        expect([...result.losses]).toEqual(
          byHand(theirs, yours!, { ...options, random: random() }),
        );
        expect(result).toMatchObject({ steps: 17, problem: undefined });
        expect(stateOf(ours, mine!)).toEqual(stateOf(theirs, yours!));
        // What the optimizer keeps shows in the steps that it makes itself afterwards.
        byHand(ours, mine!, { steps: 3 });
        byHand(theirs, yours!, { steps: 3 });
        expect(stateOf(ours, mine!)).toEqual(stateOf(theirs, yours!));
      }
    },
  );

  test("Program.train: without WebAssembly the engine gives the same bits", () => {
    const run = () => {
      const model = makeModel();
      const optimizer = new Adam(model.parameters(), { rate: 0.01 });
      const program = programOf(model);
      const { losses } = program.train(inputs, targets, { optimizer, steps: 12, batch: 3 });
      return { path: program.path, losses: [...losses], ...stateOf(model, optimizer) };
    };
    const compiled = run();
    vi.stubGlobal("WebAssembly", undefined);
    expect(run()).toEqual({ ...compiled, path: "engine" });
    expect(compiled.path).not.toBe("engine");
  });

  test("Program.train: one call gives the bits of many, also beyond the longest run", () => {
    const run = (calls: number[]) => {
      const model = makeModel();
      const optimizer = new AdamW(model.parameters(), { rate: 0.001 });
      const program = programOf(model);
      const losses = calls.flatMap((steps) => [
        ...program.train(inputs, targets, { optimizer, steps }).losses,
      ]);
      return { losses, ...stateOf(model, optimizer) };
    };
    const steps = LONGEST_RUN + 5;
    expect(run([1, 0, 3, steps - 4])).toEqual(run([steps]));
  });

  test("Program.train, epochs: counts times through the examples instead of steps", () => {
    const run = (count: { steps: number } | { epochs: number }) => {
      const model = makeModel();
      const optimizer = new SGD(model.parameters());
      return programOf(model).train(inputs, targets, { optimizer, batch: 4, ...count });
    };
    expect(run({ epochs: 3 })).toEqual(run({ steps: 9 }));
    expect(run({ epochs: 0 }).losses.length).toBe(0);
  });

  test("Program.train: 0 steps leave everything as it was", () => {
    const model = makeModel();
    const optimizer = new SGD(model.parameters());
    for (const p of model.parameters()) p.grad = 3;
    const before = stateOf(model, optimizer);
    programOf(model).train(inputs, targets, { optimizer, steps: 0 });
    expect(stateOf(model, optimizer)).toEqual(before);
  });

  test("Program.train, onProgress: hears of the numbers of now, and may use the program", () => {
    const run = (look: boolean) => {
      let now = 0;
      if (look) vi.spyOn(Date, "now").mockImplementation(() => (now += 60)); // each look is one of 50 ms
      const model = makeModel();
      const optimizer = new Adam(model.parameters(), { rate: 0.01 });
      const program = programOf(model);
      const heard: number[] = [];
      const onProgress = ({ step }: { step: number }) => {
        heard.push(step);
        expect([...program.predict(inputs.slice(0, 3))]).toEqual(
          inputs.slice(0, 3).map((x) => model.predict(x)[0]),
        );
        const loss = mean(inputs.map((x, i) => hinge(model.forward(x), [targets[i]!])));
        expect(program.loss(inputs, targets)).toBe(loss.data + decay(model.parameters()).data);
      };
      const options = { optimizer, steps: 20, ...(look && { onProgress }) };
      const { losses } = program.train(inputs, targets, options);
      vi.restoreAllMocks();
      return { losses, heard, ...stateOf(model, optimizer) };
    };
    const { heard, ...looked } = run(true);
    expect(heard.length).toBeGreaterThan(2);
    expect(heard.at(-1)).toBe(20);
    expect({ ...looked, heard: [] }).toEqual(run(false));
  });

  test("Program.train, onProgress: false stops, and what it did to the weights stays", () => {
    const model = makeModel();
    const optimizer = new SGD(model.parameters());
    let now = 0;
    vi.spyOn(Date, "now").mockImplementation(() => (now += 60));
    const onProgress = () => {
      model.parameters()[0]!.data = 42;
      return false;
    };
    const result = programOf(model).train(inputs, targets, { optimizer, steps: 1000, onProgress });
    expect(result.steps).toBeLessThan(1000);
    expect(result.losses.length).toBe(result.steps);
    expect(model.parameters()[0]!.data).toBe(42);
  });

  test("Program.train: a schedule without a rate for a step throws after the steps before it", () => {
    const [ours, theirs] = [makeModel(), makeModel()];
    const schedule = (step: number) => (step < 5 ? 0.1 : -1);
    const optimizer = new SGD(ours.parameters(), { momentum: 0.5 });
    const program = programOf(ours);
    expect(() => program.train(inputs, targets, { optimizer, steps: 9, schedule })).toThrow(
      "Program.train, the rate of step 5: expected at least 0, got -1",
    );
    const twin = new SGD(theirs.parameters(), { momentum: 0.5 });
    // The engine, too, knows the gradients of step 5 when it asks for the rate.
    const refused = (step: number) => {
      if (step < 5) return schedule(step);
      throw new Error("no rate");
    };
    expect(() => byHand(theirs, twin, { steps: 9, schedule: refused })).toThrow("no rate");
    expect(stateOf(ours, optimizer)).toEqual(stateOf(theirs, twin));
  });

  test("Program.train: says which option is wrong", () => {
    const model = makeModel();
    const program = programOf(model);
    const optimizer = new SGD(model.parameters());
    const wrong: [object, string][] = [
      [{ optimizer }, "Program.train: expected either steps or epochs, got neither"],
      [
        { optimizer, steps: 1, epochs: 1 },
        "Program.train: expected either steps or epochs, got both",
      ],
      [{ optimizer, steps: -1 }, "Program.train, steps: "],
      [{ optimizer, epochs: 0.5 }, "Program.train, epochs: "],
      [{ optimizer, steps: 1, batch: 0 }, "Program.train, batch: "],
      [{ optimizer, steps: 1, schedule: 0.1 }, "Program.train, schedule: expected a function"],
      [{ optimizer, steps: 1, onProgress: 1 }, "Program.train, onProgress: expected a function"],
      [{ optimizer, steps: 1, random: 1 }, "Program.train, random: expected a generator"],
      [{ optimizer: {}, steps: 1 }, "Program.train, optimizer: expected one such as"],
      [{ optimizer, steps: 1, rate: 1 }, "rate"],
    ];
    for (const [options, message] of wrong) {
      expect(() => program.train(inputs, targets, options as ProgramTrainOptions)).toThrow(message);
    }
    optimizer.rate = -1;
    expect(() => program.train(inputs, targets, { optimizer, steps: 1 })).toThrow("SGD.step");
  });
});

describe("numbers that are not finite", () => {
  /** One weight w, one input x, and any loss of them. */
  const lineProgram = (loss: (w: Value, x: Value) => Value, start: number) => {
    const w = new Value(start, "w");
    const program = compile(([x]) => loss(w, x!), { parameters: [w], inputs: 1, targets: 0 });
    return { w, program };
  };
  const sgd = (w: Value) => new SGD([w], { rate: 1 });
  const foreign = (w: Value) => Object.assign(new Foreign([w]), { rate: 1 });
  const ways = [
    { way: "inside", optimizer: sgd, machine: true },
    { way: "with an optimizer of your own", optimizer: foreign, machine: true },
    { way: "without WebAssembly", optimizer: sgd, machine: false },
  ];

  test.each(ways)("Program.train: names step, example and node of a loss, $way", (setting) => {
    if (!setting.machine) vi.stubGlobal("WebAssembly", undefined);
    // The slope of -exp(w x) at w = 1 is -x exp(x): the mean for x = 0, 2 is -exp(2), so that the
    // next w is 1 + exp(2) = 8.389; then w = 8.389 + exp(16.78) is far too large for exp.
    const { w, program } = lineProgram((w, x) => w.mul(x).exp().neg(), 1);
    const optimizer = setting.optimizer(w);
    const { losses, steps, problem } = program.train([0, 2], [], { optimizer, steps: 9 });
    expect(problem).toMatch(
      /^step 2: the first value that is not finite is exp\(\d+\.\d+\) = Infinity, for data point 1$/,
    );
    expect(steps).toBe(2);
    expect(losses.length).toBe(3);
    expect(losses[2]).toBe(-Infinity);
    expect(w.data).toBeCloseTo(8.389, 3); // the last good one
    expect(w.hasGrad).toBe(false);
  });

  test.each(ways)("Program.train: names the parameter with a bad gradient, $way", (setting) => {
    if (!setting.machine) vi.stubGlobal("WebAssembly", undefined);
    const { w, program } = lineProgram((w, x) => w.mul(x).sqrt(), 0);
    const optimizer = setting.optimizer(w);
    const { losses, steps, problem } = program.train([1], [], { optimizer, steps: 9 });
    expect(problem).toBe('step 0: the gradient of "w" is Infinity');
    expect({ steps, losses: [...losses], w: w.data }).toEqual({ steps: 0, losses: [0], w: 0 });
  });

  test.each(ways)("Program.train: names the parameter after a bad step, $way", (setting) => {
    if (!setting.machine) vi.stubGlobal("WebAssembly", undefined);
    const { w, program } = lineProgram((w, x) => w.mul(x), 0);
    const optimizer = setting.optimizer(w);
    optimizer.rate = 1e300;
    const { losses, steps, problem } = program.train([-1e10], [], { optimizer, steps: 9 });
    expect(problem).toBe('step 0: after the step, "w" is Infinity');
    expect({ steps, losses: [...losses], w: w.data }).toEqual({ steps: 1, losses: [-0], w: 0 });
  });

  test("Program.train: names the node of a regularizer", () => {
    const w = new Value(1000, "w");
    const program = compile(([x]) => w.mul(x!), {
      parameters: [w],
      inputs: 1,
      targets: 0,
      regularizer: ([w]) => w!.exp(),
    });
    expect(program.train([1], [], { optimizer: sgd(w), steps: 1 }).problem).toBe(
      "step 0: the first value that is not finite is exp(1000) = Infinity",
    );
  });

  test.each([1, 2, 3])(
    "Program.train: goes on where only a masked term is 0·Infinity, batch %i",
    (batch) => {
      // sqrt has the slope Infinity at 0, which relu multiplies by 0: to the engine that is 0.
      const run = (machine: boolean, optimizerOf: (ps: Value[]) => Optimizer) => {
        if (!machine) vi.stubGlobal("WebAssembly", undefined);
        const ps = [new Value(1, "a"), new Value(0.5, "b")];
        const program = compile(
          ([x]) => ps[0]!.mul(x!).relu().sqrt().add(ps[1]!.mul(x!).sub(2).square()),
          { parameters: ps, inputs: 1, targets: 0 },
        );
        const options = { optimizer: optimizerOf(ps), steps: 10, batch, random: pythonRandom(1) };
        const { losses, problem } = program.train([-1, 1, -2], [], options);
        vi.unstubAllGlobals();
        expect(problem).toBeUndefined();
        return { losses, ps: ps.map((p) => [p.data, p.grad]) };
      };
      const adam = (ps: Value[]) => new Adam(ps, { rate: 0.01 });
      expect(run(true, adam)).toEqual(run(false, adam));
      const own = (ps: Value[]) => new Foreign(ps);
      expect(run(true, own)).toEqual(run(false, own));
    },
  );
});

describe("memory", () => {
  const used = () => {
    globalThis.gc!();
    globalThis.gc!();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };

  test("Program.train: memory is flat over 100,000 steps", () => {
    const model = new MLP(2, [2, 1]);
    const program = programOf(model);
    const train = () => {
      const optimizer = new SGD(model.parameters(), { rate: 0.01 });
      for (let i = 0; i < 50; i++) program.train(inputs, targets, { optimizer, steps: 1000 });
    };
    train();
    const before = used();
    train();
    train();
    expect(used() - before).toBeLessThan(500_000);
  });

  test("compile: a thousand programs leave nothing behind", () => {
    const x = [1];
    const make = () => {
      const w = new Value(1);
      const program = compile(([x]) => w.mul(x!).square(), {
        parameters: [w],
        inputs: 1,
        targets: 0,
      });
      expect(program.reason).toBeUndefined();
      program.train(x, [], { optimizer: new SGD([w]), steps: 1 });
    };
    for (let i = 0; i < 200; i++) make();
    const before = used();
    for (let i = 0; i < 1000; i++) make();
    expect(used() - before).toBeLessThan(3_000_000);
  });
});

test("squaredError: a program of it learns what there is to learn", () => {
  const [slope, offset] = [new Value(0), new Value(0)];
  const program = compile(([x], t) => squaredError(slope.mul(x!).add(offset), t), {
    parameters: [slope, offset],
    inputs: 1,
  });
  const optimizer = new SGD([slope, offset], { rate: 0.1 });
  program.train([0, 1, 2], [1, 3, 5], { optimizer, steps: 2000 });
  expect(slope.data).toBeCloseTo(2, 9);
  expect(offset.data).toBeCloseTo(1, 9);
});

// Training: the loop does what is written out by hand here, stops for the right reasons, names what
// is wrong, and forgets every graph.

import { afterEach, describe, expect, test, vi } from "vitest";
import {
  type DataSet,
  evenOdd,
  makeMoons,
  makeSine,
  makeYinYang,
  split,
  xor,
} from "../src/data.ts";
import { mean } from "../src/functions.ts";
import { crossEntropy, hinge, meanSquaredError } from "../src/losses.ts";
import { exp } from "../src/math.ts";
import { MLP, Module } from "../src/nn.ts";
import {
  Adam,
  AdamW,
  cosineRate,
  linearRate,
  type Optimizer,
  type Schedule,
  SGD,
  stepRate,
  warmup,
} from "../src/optim.ts";
import { pythonRandom } from "../src/random.ts";
import {
  accuracy,
  type Engine,
  type EpochReport,
  engines,
  losses,
  lossNames,
  type TrainOptions,
  train,
  trainInSlices,
  trainInSteps,
} from "../src/train.ts";
import { Value } from "../src/value.ts";

const original = () =>
  new MLP(3, [4, 4, 1], { activation: "tanh", output: "tanh", random: pythonRandom(1337) });

const numbersOf = (model: Module) => model.parameters().map((p) => p.data);

/** Trains the original's network on its four points. */
function trainOriginal(options: Partial<TrainOptions> = {}, model = original()) {
  const optimizer = new SGD(model.parameters(), { rate: 0.1 });
  const usual = { loss: "meanSquaredError", optimizer, epochs: 20 } as const;
  return { model, optimizer, ...train(model, evenOdd(), { ...usual, ...options }) };
}

/** What the first argument throws when called. */
function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return "nothing was thrown";
}

describe("the loop", () => {
  test("train: full batch gives the bits of the loop written out by hand", () => {
    const trained = trainOriginal({ epochs: 50 });

    const model = original();
    const { inputs, targets } = evenOdd();
    const byHand: number[] = [];
    for (let epoch = 0; epoch < 50; epoch++) {
      const loss = mean(inputs.map((x, i) => meanSquaredError(model.forward(x), targets[i])));
      byHand.push(loss.data);
      model.zeroGrad();
      loss.backward();
      for (const p of model.parameters()) p.data -= 0.1 * p.grad;
    }
    expect(trained.losses).toEqual(byHand);
    expect(numbersOf(trained.model)).toEqual(numbersOf(model));
    const last = mean(inputs.map((x, i) => meanSquaredError(model.forward(x), targets[i])));
    expect(trained.loss).toBe(last.data);
    expect(trained).toMatchObject({ epochs: 50, stopped: "epochs", problem: undefined });
  });

  test("train: 500 epochs teach the original's network its four points", () => {
    const { model, losses, loss } = trainOriginal({ epochs: 500 });
    expect(losses[0]).toBeGreaterThan(0.5);
    expect(loss).toBeLessThan(0.005);
    expect(accuracy(model, evenOdd())).toBe(1);
  });

  test("train: a batch of one goes through all points in the order of the shuffle", () => {
    const seen: number[] = [];
    const loss = (outputs: Value[], target: readonly number[]) => {
      if (outputs[0]!.origin.example !== undefined) seen.push(outputs[0]!.origin.example);
      return meanSquaredError(outputs, target);
    };
    trainOriginal({ loss, batch: 1, epochs: 2, random: pythonRandom(5) });
    const order = [0, 1, 2, 3];
    const random = pythonRandom(5);
    random.shuffle(order);
    const first = [...order];
    random.shuffle(order);
    expect(seen).toEqual([...first, ...order]);
  });

  test("train: mini batches give the bits of the loop by hand, with a smaller batch at the end", () => {
    const data = xor();
    const options = { activation: "tanh", random: pythonRandom(3) } as const;
    const model = new MLP(2, [3, 1], options);
    const twin = new MLP(2, [3, 1], { ...options, random: pythonRandom(3) });
    const optimizer = new SGD(model.parameters(), { rate: 0.1, momentum: 0.5 });
    const result = train(model, data, {
      loss: "hinge",
      optimizer,
      epochs: 7,
      batch: 3,
      random: pythonRandom(9),
    });

    const byHand = new SGD(twin.parameters(), { rate: 0.1, momentum: 0.5 });
    const random = pythonRandom(9);
    const order = [0, 1, 2, 3];
    const epochLosses = [];
    for (let epoch = 0; epoch < 7; epoch++) {
      random.shuffle(order);
      let total = 0;
      for (const batch of [order.slice(0, 3), order.slice(3)]) {
        const each = batch.map((i) => hinge(twin.forward(data.inputs[i]!), data.targets[i]!));
        for (const loss of each) total += loss.data;
        byHand.zeroGrad();
        mean(each).backward();
        byHand.step();
      }
      epochLosses.push(total / 4);
    }
    expect(numbersOf(model)).toEqual(numbersOf(twin));
    expect(result.losses).toEqual(epochLosses);
  });

  test("train: a batch larger than the data is a full batch, and nothing is drawn", () => {
    const random = pythonRandom(1);
    const { model } = trainOriginal({ batch: 100, random });
    expect(numbersOf(model)).toEqual(numbersOf(trainOriginal().model));
    expect(random.next()).toBe(pythonRandom(1).next());
  });

  test("train: the schedule gives the rate of every step, counted over batches and epochs", () => {
    const steps: number[] = [];
    const schedule = (step: number) => {
      steps.push(step);
      return linearRate(1, 0.1, 10)(step);
    };
    const { optimizer } = trainOriginal({ schedule, batch: 2, epochs: 3 });
    expect(steps).toEqual([0, 1, 2, 3, 4, 5]);
    expect(optimizer.rate).toBe(linearRate(1, 0.1, 10)(5));
  });

  test("train: the same seeds give the same bits, other seeds others", () => {
    const run = (seed: number) => trainOriginal({ batch: 3, random: pythonRandom(seed) });
    expect(numbersOf(run(1).model)).toEqual(numbersOf(run(1).model));
    expect(numbersOf(run(1).model)).not.toEqual(numbersOf(run(2).model));
  });

  test("train: a module of your own can be trained", () => {
    class Line extends Module {
      slope = new Value(0);
      forward = ([x]: readonly number[]) => [this.slope.mul(x!)];
      predict = ([x]: readonly number[]) => [this.slope.data * x!];
    }
    const data: DataSet = {
      name: "line",
      task: "regression",
      inputs: [[1], [2], [3]],
      targets: [[3], [6], [9]],
    };
    const model = new Line();
    const optimizer = new SGD(model.parameters(), { rate: 0.1 });
    const { loss } = train(model, data, { loss: "meanSquaredError", optimizer, epochs: 60 });
    expect(model.slope.data).toBeCloseTo(3, 9);
    expect(loss).toBeLessThan(1e-15);
  });

  test("train: 0 epochs measure and change nothing", () => {
    const before = numbersOf(original());
    const { model, losses, loss, epochs } = trainOriginal({ epochs: 0 });
    expect(numbersOf(model)).toEqual(before);
    expect({ losses, epochs }).toEqual({ losses: [], epochs: 0 });
    expect(loss).toBe(trainOriginal({ epochs: 1 }).losses[0]);
  });

  test("train: an optimizer of some weights leaves the others, whose gradients do not pile up", () => {
    const gradientAfter = (epochs: number) => {
      const model = original();
      const [frozen, ...others] = model.parameters();
      const before = frozen!.data;
      trainOriginal({ optimizer: new SGD(others, { rate: 0 }), epochs }, model);
      expect(frozen!.data).toBe(before);
      return frozen!.grad;
    };
    expect(gradientAfter(5)).toBe(gradientAfter(1));
  });

  test("train: gradients left over from before do not count", () => {
    const model = original();
    for (const p of model.parameters()) p.grad = 1e6;
    expect(trainOriginal({}, model).losses).toEqual(trainOriginal().losses);
  });
});

describe("the losses by name", () => {
  test("losses: every name trains data of its kind", () => {
    expect(lossNames).toEqual(Object.keys(losses));
    for (const name of lossNames) {
      const data =
        name === "crossEntropy" ? makeYinYang({ points: 30 }) : makeMoons({ points: 30 });
      const model = new MLP(2, [6, data.classes ?? 1], { random: pythonRandom(2) });
      const optimizer = new Adam(model.parameters(), { rate: 0.03 });
      const result = train(model, data, { loss: name, optimizer, epochs: 60 });
      expect(result.loss, name).toBeLessThan(0.6 * result.losses[0]!);
    }
  });

  test("losses.binaryCrossEntropy: a target of -1 is a 0", () => {
    const logit = () => [new Value(0.7)];
    const of = (target: number) => losses.binaryCrossEntropy(logit(), [target]).data;
    expect(of(-1)).toBe(of(0));
    expect(of(1)).not.toBe(of(0));
  });

  test("losses: Values as targets give the bits of numbers", () => {
    for (const name of lossNames) {
      for (const target of name === "crossEntropy" ? [0, 1] : [-1, 1]) {
        const [ofNumber, ofValue] = [target, new Value(target)].map((t) => {
          const logits = [0.7, -0.4].slice(0, name === "crossEntropy" ? 2 : 1);
          const outputs = logits.map((x) => new Value(x));
          const loss = losses[name](outputs, [t]);
          loss.backward();
          return [loss.data, ...outputs.map((output) => output.grad)];
        });
        expect(ofValue, `${name}, target ${target}`).toEqual(ofNumber);
      }
    }
  });

  test("losses.crossEntropy: the target is the number of the class", () => {
    const logits = [0, 3, -2, 1].map((x) => new Value(x));
    expect(losses.crossEntropy(logits, [3]).data).toBe(crossEntropy(logits, 3).data);
  });
});

describe("reasons to stop", () => {
  test("train: stopBelow stops with the very weights whose loss is below", () => {
    const all = trainOriginal({ epochs: 200 }).losses;
    const { losses, loss, stopped, epochs } = trainOriginal({ epochs: 200, stopBelow: 0.05 });
    const first = all.findIndex((x) => x < 0.05);
    expect(first).toBeGreaterThan(0);
    expect({ stopped, epochs }).toEqual({ stopped: "stopBelow", epochs: first });
    expect(losses).toEqual(all.slice(0, first + 1));
    expect(loss).toBe(all[first]);
  });

  test("train: onEpoch is told epoch, loss and rate, and false stops before the step", () => {
    const reports: EpochReport[] = [];
    const { losses, loss, stopped, epochs } = trainOriginal({
      onEpoch: (report) => {
        reports.push(report);
        return report.epoch < 3;
      },
    });
    expect(reports.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
    expect(reports.map((report) => report.loss)).toEqual(losses);
    expect(reports.every(({ rate }) => rate === 0.1)).toBe(true);
    expect({ stopped, epochs }).toEqual({ stopped: "onEpoch", epochs: 3 });
    expect(loss).toBe(losses[3]);
  });

  test("train: patience counts the epochs since the last new low of the held-out loss", () => {
    const { train: data, heldOut } = split(makeSine({ points: 20, noise: 1 }), { heldOut: 0.5 });
    const model = new MLP(1, [16, 1], { random: pythonRandom(1) });
    const optimizer = new Adam(model.parameters(), { rate: 0.1 });
    const loss = "meanSquaredError";
    const { heldOutLosses, stopped } = train(model, data, {
      loss,
      optimizer,
      epochs: 1000,
      heldOut,
      patience: 5,
    });
    expect(stopped).toBe("patience");
    const lowest = Math.min(...heldOutLosses);
    expect(heldOutLosses.indexOf(lowest)).toBe(heldOutLosses.length - 6);
  });

  test("train: held-out points are measured with the weights of the loss, and not learned", () => {
    const { train: data, heldOut } = split(makeMoons({ points: 20 }), { heldOut: 0.3 });
    const run = (options: Partial<TrainOptions>) => {
      const model = new MLP(2, [4, 1], { random: pythonRandom(1) });
      const optimizer = new SGD(model.parameters(), { rate: 0.1 });
      return train(model, data, { loss: "hinge", optimizer, epochs: 5, ...options });
    };
    const both = run({ heldOut });
    expect(both.losses).toEqual(run({}).losses);
    expect(both.heldOutLosses.length).toBe(5);
    const untrained = new MLP(2, [4, 1], { random: pythonRandom(1) });
    const measured = heldOut.inputs.map((x, i) => hinge(untrained.forward(x), heldOut.targets[i]!));
    expect(both.heldOutLosses[0]).toBe(mean(measured).data);
    // The same as training on them and asking at the same epoch:
    expect(run({ heldOut, epochs: 3 }).heldOutLoss).toBe(both.heldOutLosses[3]);
  });

  test('trainInSteps: gives the same bits as train, and next("stop") ends it', () => {
    const model = original();
    const optimizer = new SGD(model.parameters(), { rate: 0.1 });
    const loss = "meanSquaredError";
    const steps = trainInSteps(model, evenOdd(), { loss, optimizer, epochs: 1000 });
    for (let i = 0; i < 20; i++) expect(steps.next().done).toBe(false);
    const { done, value } = steps.next("stop");
    expect(done).toBe(true);
    expect(value).toMatchObject({ stopped: "caller", epochs: 20 });
    expect(value).toMatchObject({ losses: trainOriginal({ epochs: 20 }).losses });
  });
});

describe("numbers that are not finite", () => {
  test("train: names the first value, and goes back to the last good weights", () => {
    // w = 1, x = 2: exp(w x) = exp(2), slope 2 exp(2). A step of -rate · slope with rate -50 is not
    // allowed, so the loss is -exp: w = 1 + 50 · 2 exp(2) = 739.9, and exp(1479.8) = Infinity.
    const model = new MLP(1, [1], { init: "zero" });
    model.layers[0]!.neurons[0]!.weights[0]!.data = 1;
    const data: DataSet = { name: "one", task: "regression", inputs: [[2]], targets: [[0]] };
    const optimizer = new SGD([model.parameters()[0]!], { rate: 50 });
    const loss = ([output]: Value[]) => output!.exp().neg();
    const result = train(model, data, { loss, optimizer, epochs: 10 });
    expect(result.stopped).toBe("not finite");
    expect(result.problem).toMatch(
      /^epoch 1: the first value that is not finite is exp\(1479\.8\d+\) = Infinity, .*data point 0$/,
    );
    expect(numbersOf(model)).toEqual([1, 0]);
    expect(result).toMatchObject({ epochs: 0, losses: [-exp(2)], loss: -exp(2) });
  });

  test("train: goes back just one step, however many went well before", () => {
    const run = (epochs: number) => {
      const model = new MLP(1, [1], { init: "zero" });
      model.parameters()[0]!.data = 1;
      const data: DataSet = { name: "one", task: "regression", inputs: [[2]], targets: [[0]] };
      const optimizer = new SGD(model.parameters(), { rate: 0.01 });
      const loss = ([output]: Value[]) => output!.exp().neg();
      return {
        weights: () => numbersOf(model),
        ...train(model, data, { loss, optimizer, epochs }),
      };
    };
    const broken = run(100);
    expect(broken.stopped).toBe("not finite");
    expect(broken.epochs).toBeGreaterThan(1);
    const whole = run(broken.epochs);
    expect(whole).toMatchObject({ stopped: "epochs", loss: broken.loss });
    expect(broken.weights()).toEqual(whole.weights());
    expect(run(broken.epochs + 1).stopped).toBe("not finite");
  });

  test("train: the first value is the first made, its layer and neuron named from 0", () => {
    const model = new MLP(1, [2, 1], { activation: "linear", init: "zero" });
    const [, second] = model.layers[0]!.neurons;
    second!.weights[0]!.data = 1e300;
    const inputs = [[1], [1e300], [1]];
    const data: DataSet = { name: "wide", task: "regression", inputs, targets: [[0], [0], [0]] };
    const optimizer = new SGD(model.parameters());
    const { problem } = train(model, data, { loss: "squaredError", optimizer, epochs: 1 });
    expect(problem).toBe(
      "epoch 0: the first value that is not finite is mul(1e+300, 1e+300) = Infinity, " +
        "in layers.0.neurons.1, for data point 1",
    );
  });

  test("train: a label is part of the name", () => {
    const loss = ([output]: Value[]) => {
      const odd = output!.mul(0).log().add(1);
      odd.inputs[0]!.label = "my log";
      return odd;
    };
    expect(trainOriginal({ loss }).problem).toContain('"my log", log(0) = -Infinity');
  });

  test("train: a gradient that is not finite is named, and the weights stay", () => {
    const before = numbersOf(original());
    const loss = ([output]: Value[]) => output!.sub(output!).sqrt(); // 0, with an infinite slope
    const { model, problem, stopped, losses, loss: last } = trainOriginal({ loss });
    expect(stopped).toBe("not finite");
    expect(problem).toBe("epoch 0: the gradient of layers.0.neurons.0.weights.0 is NaN");
    expect(numbersOf(model)).toEqual(before);
    expect({ losses, last }).toEqual({ losses: [], last: 0 });
  });

  test("train: a weight that is not finite is named, and the weights before it are kept", () => {
    const model = original();
    const before = numbersOf(model);
    const optimizer = new SGD(model.parameters(), { rate: 1 });
    const schedule = () => Number.MAX_VALUE;
    const loss = ([output]: Value[]) => output!.mul(1e3);
    const result = train(model, evenOdd(), { loss, optimizer, schedule, epochs: 3 });
    expect(result.problem).toMatch(/^epoch 0: after the step, layers\.\d.* is -?Infinity$/);
    expect(numbersOf(model)).toEqual(before);
  });

  test("train: the weights after the last step must give a finite loss, too", () => {
    const model = new MLP(1, [1], { init: "zero" });
    model.parameters()[0]!.data = 1;
    const data: DataSet = { name: "one", task: "regression", inputs: [[2]], targets: [[0]] };
    const optimizer = new SGD([model.parameters()[0]!], { rate: 50 });
    const loss = ([output]: Value[]) => output!.exp().neg();
    const result = train(model, data, { loss, optimizer, epochs: 1 });
    expect(result.problem).toMatch(/^after 1 epoch: the first value that is not finite is exp/);
    expect(numbersOf(model)).toEqual([1, 0]);
    expect(result).toMatchObject({ stopped: "not finite", epochs: 0, loss: -exp(2) });
  });

  test("train: a held-out loss that is not finite stops the training", () => {
    const heldOut = { ...evenOdd(), inputs: [[1, 1, 1]], targets: [[1]] };
    const loss = (outputs: Value[], [target]: readonly number[]) =>
      outputs[0]!
        .mul(0)
        .add(target! > 0 ? 0 : 1)
        .log(); // log(0) for targets above 0
    const only = { ...evenOdd(), inputs: [[1, 1, 1]], targets: [[-1]] };
    const model = original();
    const optimizer = new SGD(model.parameters());
    const { problem } = train(model, only, { loss, optimizer, epochs: 2, heldOut });
    expect(problem).toMatch(/^epoch 0, held-out data: .* log\(0\) = -Infinity, for data point 0$/);
  });
});

describe("engines", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  const optimizers: Record<string, (parameters: Value[]) => Optimizer> = {
    SGD: (ps) => new SGD(ps, { rate: 0.05, weightDecay: 0.01 }),
    momentum: (ps) => new SGD(ps, { rate: 0.02, momentum: 0.9 }),
    Nesterov: (ps) => new SGD(ps, { rate: 0.02, momentum: 0.9, nesterov: true }),
    Adam: (ps) => new Adam(ps, { rate: 0.01 }),
    AdamW: (ps) => new AdamW(ps, { rate: 0.01 }),
  };

  /** A training: what it is of, and what happens in it that may be compared. */
  interface Scenario {
    readonly data: DataSet;
    readonly model: () => MLP;
    readonly optimizer: (parameters: Value[]) => Optimizer;
    readonly options: (log: unknown[], model: MLP, optimizer: Optimizer) => Partial<TrainOptions>;
  }

  const usual: Scenario = {
    data: makeMoons({ points: 20 }),
    model: () => new MLP(2, [4, 1], { random: pythonRandom(3) }),
    optimizer: optimizers.Adam!,
    options: () => ({}),
  };

  /** Everything that comes of a training, which engine was used excepted. */
  function play(engine: Engine, scenario: Partial<Scenario>, pace = "train") {
    const { data, model: make, optimizer: optimizerOf, options } = { ...usual, ...scenario };
    const model = make();
    const optimizer = optimizerOf(model.parameters());
    const log: unknown[] = [];
    const all: TrainOptions = {
      loss: "hinge",
      optimizer,
      epochs: 9,
      random: pythonRandom(4),
      ...options(log, model, optimizer),
      engine,
    };
    const state = () => ({
      numbers: model.parameters().map(({ data, grad, hasGrad }) => [data, grad, hasGrad]),
      rate: optimizer.rate,
    });
    let result: unknown;
    try {
      if (pace === "train") result = train(model, data, all);
      else {
        const steps = (pace === "steps" ? trainInSteps : trainInSlices)(model, data, all);
        let next = steps.next();
        while (!next.done) {
          if (pace === "steps") log.push({ ...next.value, ...state() });
          next = steps.next();
        }
        result = next.value;
      }
    } catch (error) {
      result = error;
    }
    const used = (result as { engine?: unknown }).engine;
    if (used !== undefined) expect(used).toBe(engine);
    const told =
      result instanceof Error ? `${result}` : { ...(result as object), engine: 0, reason: 0 };
    const after = state();
    // What an optimizer keeps shows in what it does next.
    if (Number.isFinite(optimizer.rate) && optimizer.rate >= 0) {
      for (let i = 0; i < 2; i++) optimizer.step();
    }
    return { told, log, after, later: state() };
  }

  /** Plays it with both engines. */
  function expectSame(scenario: Partial<Scenario>, pace?: string) {
    const byEngine = play("engine", scenario, pace);
    expect(play("compiled", scenario, pace)).toEqual(byEngine);
    return byEngine;
  }

  const schedules: Record<string, Schedule | undefined> = {
    none: undefined,
    linear: linearRate(0.1, 0.01, 10),
    cosine: cosineRate(0.05, 0.001, 12),
    steps: warmup(4, stepRate(0.1, 0.5, 3)),
  };

  test.each(lossNames)(
    "train: compiled %s gives the engine's bits, whatever the options",
    (loss) => {
      const data =
        loss === "crossEntropy" ? makeYinYang({ points: 13 }) : makeMoons({ points: 13 });
      const model = () => new MLP(2, [3, data.classes ?? 1], { random: pythonRandom(3) });
      for (const optimizer of Object.values(optimizers)) {
        for (const schedule of Object.values(schedules)) {
          for (const batch of [13, 1, 4]) {
            const options = () => ({ loss, batch, epochs: 3, ...(schedule && { schedule }) });
            expectSame({ data, model, optimizer, options });
          }
        }
      }
    },
  );

  const { train: some, heldOut } = split(makeSine({ points: 20, noise: 1 }), { heldOut: 0.5 });
  const sine = {
    data: some,
    model: () => new MLP(1, [8, 1], { random: pythonRandom(1) }),
    optimizer: (ps: Value[]) => new Adam(ps, { rate: 0.1 }),
  };

  test("train: compiled, stops for the same reasons with the same numbers", () => {
    const loss = "meanSquaredError" as const;
    const stopped = (options: Scenario["options"]) => {
      const { told } = expectSame({ ...sine, options: (...all) => ({ loss, ...options(...all) }) });
      return (told as unknown as { stopped: string }).stopped;
    };
    for (const batch of [10, 3]) {
      expect(stopped(() => ({ batch, epochs: 500, stopBelow: 0.3 }))).toBe("stopBelow");
      expect(stopped(() => ({ batch, epochs: 500, patience: 3 }))).toBe("patience");
      expect(stopped(() => ({ batch, epochs: 500, patience: 3, heldOut }))).toBe("patience");
      expect(stopped(() => ({ batch, epochs: 9, heldOut, stopBelow: 0.01 }))).toBe("epochs");
      const onEpoch = ({ epoch }: EpochReport) => epoch < 4;
      expect(stopped(() => ({ batch, onEpoch, heldOut }))).toBe("onEpoch");
    }
    expect(stopped(() => ({ epochs: 0, heldOut }))).toBe("epochs");
  });

  test("train: compiled, onEpoch sees the weights of the loss, and may change them and the rate", () => {
    for (const batch of [20, 6]) {
      const { log } = expectSame({
        options: (log, model, optimizer) => ({
          batch,
          onEpoch: (report) => {
            log.push(
              report,
              model.parameters().map((p) => [p.data, p.grad, p.hasGrad]),
            );
            if (report.epoch === 2) optimizer.rate = 0.3;
            if (report.epoch === 4) model.parameters()[1]!.data = 0.25;
            if (report.epoch === 5) model.parameters()[2]!.grad = 5;
          },
        }),
      });
      expect(log.length).toBe(18);
    }
  });

  test("train: compiled, a rate or a schedule that fails leaves the steps before it made", () => {
    const failures: Scenario["options"][] = [
      () => ({ schedule: (step) => (step < 7 ? 0.1 : Number.NaN) }),
      () => ({ schedule: (step) => (step < 7 ? 0.1 : -1), batch: 6 }),
      () => ({ schedule: () => -1 }),
      (_, __, optimizer) => ({
        onEpoch: ({ epoch }) => {
          if (epoch === 3) optimizer.rate = -1;
        },
      }),
      (_, model) => ({
        onEpoch: ({ epoch }) => {
          model.parameters()[0]!.data += 1;
          if (epoch === 3) throw new Error("that was enough");
        },
      }),
    ];
    for (const options of failures) {
      expect(expectSame({ options }).told).toMatch(/step [07], got (NaN|-1)|SGD|Adam\.step|enough/);
    }
  });

  test("trainInSteps: compiled, every step leaves the engine's numbers, and false the rest undone", () => {
    for (const batch of [20, 6]) {
      const { log } = expectSame({ options: () => ({ batch, epochs: 4 }) }, "steps");
      expect(log.length).toBe(4 * Math.ceil(20 / batch));
      expectSame({ options: () => ({ batch, epochs: 300 }) }, "slices");
    }
  });

  test('trainInSteps: compiled, next("stop") and return() leave the steps that were made', () => {
    const run = (engine: Engine, end: "stop" | "return", make: typeof trainInSteps) => {
      const model = usual.model();
      const optimizer = new Adam(model.parameters(), { rate: 0.01 });
      const options = { loss: "hinge", optimizer, epochs: 3, batch: 5, engine } as const;
      const steps = make(model, usual.data, options);
      for (let i = 0; i < 3; i++) steps.next();
      const last = end === "stop" ? steps.next("stop").value : steps.return({} as never).value;
      optimizer.step();
      return { ...last, engine: 0, reason: 0, numbers: numbersOf(model) };
    };
    for (const end of ["stop", "return"] as const) {
      const byEngine = run("engine", end, trainInSteps);
      expect(run("compiled", end, trainInSteps)).toEqual(byEngine);
    }
  });

  /** One weight at the input 2, and any loss of the output. */
  const lineScenario = (
    optimizer: Scenario["optimizer"],
    options: Scenario["options"],
    inputs = [[2]],
  ): Partial<Scenario> => ({
    data: { name: "one", task: "regression", inputs, targets: inputs.map(() => [0]) },
    model: () => {
      const model = new MLP(1, [1], { init: "zero" });
      model.parameters()[0]!.data = 1;
      return model;
    },
    optimizer,
    options: (...all) => ({ loss: growing, ...options(...all) }),
  });
  const growing = ([output]: Value[], [target]: readonly (number | Value)[]) =>
    output!.exp().neg().add(target!);
  const rate = (rate: number) => (ps: Value[]) => new SGD(ps, { rate });

  test("train: compiled, ends the same way with a loss, gradient or weight that is not finite", () => {
    const three = [[2], [-1], [1]];
    const rootOf = ([output]: Value[], [target]: readonly (number | Value)[]) =>
      output!.sub(output!).sqrt().add(target!);
    const scenarios: [RegExp, Partial<Scenario>][] = [
      [/^epoch 1: the first .* exp\(.*for data point 0$/, lineScenario(rate(50), () => ({}))],
      [/^epoch \d+: the first .* exp/, lineScenario(rate(0.01), () => ({ epochs: 100 }))],
      [
        /^epoch \d+: the first .* exp\(.*for data point \d$/,
        lineScenario(rate(0.2), () => ({ epochs: 100, batch: 1 }), [[-0.1], [-1], [1]]),
      ],
      [/^epoch \d+: the first/, lineScenario(rate(0.1), () => ({ epochs: 99, batch: 2 }), three)],
      [
        /^epoch 0: the gradient of layers\.0.* is NaN$/,
        lineScenario(rate(1), () => ({ loss: rootOf })),
      ],
      [/^after 1 epoch: the first .* exp/, lineScenario(rate(50), () => ({ epochs: 1 }))],
      [
        /^epoch 0: after the step, layers\.0\..* is Infinity$/,
        lineScenario(rate(1), () => ({ schedule: () => Number.MAX_VALUE })),
      ],
      [
        /^epoch 1, held-out data: .* exp\(.*for data point 1$/,
        lineScenario(rate(0.5), () => ({
          heldOut: {
            name: "far",
            task: "regression",
            inputs: [[1], [300]],
            targets: [[0], [0]],
          },
        })),
      ],
      [
        /^epoch \d+: the first/,
        lineScenario(rate(0.01), () => ({ epochs: 99, onEpoch: () => true })),
      ],
    ];
    for (const [problem, scenario] of scenarios) {
      for (const pace of ["train", "steps"]) {
        const { told } = expectSame(scenario, pace);
        expect(told).toMatchObject({ stopped: "not finite" });
        expect((told as unknown as { problem: string }).problem).toMatch(problem);
      }
    }
  });

  test("train: compiled, an optimizer of your own or of some weights gives the engine's bits", () => {
    const own = (ps: Value[]) => ({
      rate: 0.03,
      step() {
        for (const w of ps) w.data -= this.rate * w.grad;
      },
      zeroGrad() {
        for (const w of ps) w.zeroGrad();
      },
    });
    const options = (log: unknown[], model: MLP) => ({
      batch: 6,
      heldOut: makeMoons({ points: 5, random: pythonRandom(7) }),
      onEpoch: () => log.push(numbersOf(model)),
    });
    expectSame({ optimizer: own, options });
    expectSame({ optimizer: (ps) => new Adam(ps.slice(2)), options });
    expectSame({ optimizer: (ps) => new Adam([...ps, new Value(1)]), options });
    for (const pace of ["steps", "slices"]) expectSame({ optimizer: own }, pace);
    expectSame(lineScenario(own, () => ({ epochs: 99 })));
    expectSame(
      lineScenario(
        (ps) => ({ ...own(ps), rate: 1e308 }),
        () => ({}),
        [[1]],
      ),
    );
  });

  test('train, "auto": compiles what is long enough, and says which engine was used and why', () => {
    const { engine, reason } = trainOriginal({ epochs: 500 });
    expect({ engine, reason }).toEqual({ engine: "compiled", reason: undefined });
    expect(trainOriginal({ epochs: 10 })).toMatchObject({
      engine: "engine",
      reason: "it is too short for compiling to be worth it",
    });
    expect(trainOriginal({ epochs: 500, engine: "engine" })).toMatchObject({
      engine: "engine",
      reason: "it was asked for",
    });
    expect(trainOriginal({ epochs: 1, engine: "compiled" }).engine).toBe("compiled");
    expect(engines).toEqual(["auto", "engine", "compiled"]);
  });

  test('train, "auto": what cannot be compiled is left to the engine, "compiled" says why', () => {
    const cases: [TrainOptions["loss"], RegExp][] = [
      // Asks for a number.
      [([y], [t]) => (y!.data > 0 ? y!.sub(t!).square() : y!.sub(t!).abs()), /asked for data/],
      // Works with numbers only.
      [([y], [t]) => y!.sub(Math.max(t!, 0)).square(), /./],
      // Is never true of a Value.
      [
        ([y], [t]) => (t === 1 ? y!.sub(t!).square() : y!.sub(t!).abs()),
        /something else with a Value/,
      ],
      // Leaves a target out.
      [([y]) => y!.square(), /ignores target 0/],
    ];
    for (const [loss, reason] of cases) {
      const run = (engine: Engine) => trainOriginal({ loss, engine, epochs: 400 });
      const { model, ...auto } = run("auto");
      expect(auto.engine).toBe("engine");
      expect(auto.reason).toMatch(reason);
      const { model: byEngine, ...told } = run("engine");
      expect(auto.losses).toEqual(told.losses);
      expect(numbersOf(model)).toEqual(numbersOf(byEngine));
      expect(messageOf(() => run("compiled"))).toBe(
        `Error: train, engine: expected a training that can be compiled, got one that cannot: ` +
          `${auto.reason}`,
      );
    }
  });

  test('train, "auto": a loss of your own that may change on the way is left to the engine', () => {
    let weight = 1;
    const loss = ([y]: Value[], [t]: readonly number[]) => y!.sub(t!).square().mul(weight);
    const run = (options: Partial<TrainOptions>) =>
      trainOriginal({ loss, epochs: 400, ...options });
    expect(run({}).engine).toBe("compiled");
    const losses = (engine: Engine) => {
      weight = 1;
      const onEpoch = () => {
        weight *= 0.99;
      };
      return run({ engine, onEpoch });
    };
    expect(losses("auto")).toMatchObject({ engine: "engine", reason: /may change/ });
    expect(losses("auto").losses).toEqual(losses("engine").losses);
  });

  test("train: without WebAssembly the engine makes the steps, and says so", () => {
    const compiled = trainOriginal({ epochs: 500 });
    vi.stubGlobal("WebAssembly", undefined);
    const { engine, reason, losses } = trainOriginal({ epochs: 500 });
    expect({ engine, reason }).toEqual({
      engine: "engine",
      reason: "there is no WebAssembly here",
    });
    expect(losses).toEqual(compiled.losses);
    expect(messageOf(() => trainOriginal({ engine: "compiled" }))).toContain("no WebAssembly");
  });

  test("train: a module of your own is compiled, too", () => {
    class Line extends Module {
      slope = new Value(0);
      offset = new Value(0.5);
      forward = ([x]: readonly number[]) => [this.slope.mul(x!).add(this.offset)];
      predict = ([x]: readonly number[]) => [this.slope.data * x! + this.offset.data];
    }
    const inputs = [[1], [2], [3]];
    const data: DataSet = { name: "line", task: "regression", inputs, targets: [[3], [6], [9]] };
    const run = (engine: Engine) => {
      const model = new Line();
      const optimizer = new SGD(model.parameters(), { rate: 0.05 });
      const options = { loss: "meanSquaredError", optimizer, epochs: 60, engine } as const;
      const { losses, engine: used } = train(model, data, options);
      expect(used).toBe(engine);
      return { losses, numbers: numbersOf(model) };
    };
    expect(run("compiled")).toEqual(run("engine"));
  });
});

describe("accuracy", () => {
  /** A model whose outputs are its inputs. */
  const same = () => {
    const model = new MLP(2, [2], { output: "linear", init: "zero" });
    model.layers[0]!.neurons.forEach((neuron, i) => {
      neuron.weights[i]!.data = 1;
    });
    return model;
  };

  test("accuracy: of signs counts outputs above 0 where the target is, 0 being below", () => {
    const model = new MLP(1, [1], { init: "zero" });
    model.parameters()[0]!.data = 1;
    const inputs = [[3], [-3], [0], [0.1], [-0.1]];
    const targets = [[1], [-1], [-1], [-1], [1]];
    expect(accuracy(model, { name: "signs", task: "sign", inputs, targets })).toBe(3 / 5);
  });

  test("accuracy: of classes counts where the largest output is that of the class", () => {
    const inputs = [
      [2, 1],
      [1, 2],
      [1, 1],
      [-3, -2],
    ];
    const targets = [[0], [0], [0], [1]];
    const data: DataSet = { name: "classes", task: "classes", classes: 2, inputs, targets };
    expect(accuracy(same(), data)).toBe(3 / 4);
  });

  test("accuracy: is refused for a regression and for the wrong number of outputs", () => {
    const sine = makeSine({ points: 3 });
    expect(messageOf(() => accuracy(new MLP(1, [1]), sine))).toBe(
      'RangeError: accuracy: expected data of the task "sign" or "classes", got "regression"',
    );
    expect(messageOf(() => accuracy(same(), xor()))).toBe(
      "RangeError: accuracy: expected a model with 1 outputs, got 2",
    );
  });
});

describe("bad input", () => {
  const wrong: [title: string, options: object, message: RegExp][] = [
    ["loss", { loss: "mse" }, /^RangeError: train, loss: expected one of mean.*, got "mse"/],
    ["no loss", { loss: undefined }, /^RangeError: train, loss: .*got undefined$/],
    ["inherited loss", { loss: "toString" }, /^RangeError: train, loss: /],
    ["loss for classes", { loss: "crossEntropy" }, /^RangeError: train, loss: .*"sign"/],
    ["optimizer", { optimizer: {} }, /^TypeError: train, optimizer: expected one such as new SGD/],
    ["epochs", { epochs: -1 }, /^RangeError: train, epochs: expected a whole number .*got -1$/],
    ["fraction", { epochs: 1.5 }, /^RangeError: train, epochs: .*got 1.5$/],
    ["batch", { batch: 0 }, /^RangeError: train, batch: .*from 1 to .*, got 0$/],
    ["schedule", { schedule: 0.1 }, /^TypeError: train, schedule: expected a function, got 0.1$/],
    ["rate of it", { schedule: () => -1 }, /^RangeError: train, schedule: .* step 0, got -1$/],
    ["text of it", { schedule: () => "1" }, /^RangeError: train, schedule: .*got "1" \(a string\)/],
    ["random", { random: 7 }, /^TypeError: train, random: expected a generator .*got 7$/],
    ["heldOut", { heldOut: [] }, /train, heldOut/],
    ["other held-out", { heldOut: xor() }, /^RangeError: train, heldOut: expected data like/],
    ["stopBelow", { stopBelow: "1" }, /^TypeError: train, stopBelow: .*got "1" \(a string\)$/],
    ["patience", { patience: 0 }, /^RangeError: train, patience: .*got 0$/],
    ["onEpoch", { onEpoch: true }, /^TypeError: train, onEpoch: expected a function, got true$/],
    [
      "engine",
      { engine: "fast" },
      /^RangeError: train, engine: expected one of auto, .*got "fast"/,
    ],
    ["unknown", { epoch: 3 }, /^TypeError: train: expected one of the options .*got "epoch"$/],
  ];
  test.each(wrong)("train: refuses a wrong %s option", (_, options, message) => {
    expect(messageOf(() => trainOriginal(options as TrainOptions))).toMatch(message);
  });

  test("train: refuses what is no model, no data, or does not fit together", () => {
    const model = original();
    const optimizer = new SGD(model.parameters());
    const options = { loss: "meanSquaredError", optimizer, epochs: 1 } as const;
    const two = new MLP(3, [2]);
    expect(messageOf(() => train({} as MLP, evenOdd(), options))).toMatch(
      /^TypeError: train: expected a model such as an MLP, got an object$/,
    );
    expect(messageOf(() => train(model, {} as DataSet, options))).toMatch(
      /^RangeError: train, data/,
    );
    expect(messageOf(() => train(model, xor(), options))).toMatch(/expected 3 inputs, got 2$/);
    expect(messageOf(() => train(two, evenOdd(), options))).toBe(
      "RangeError: train, model: expected 1 outputs for this data, got 2",
    );
    const loss = () => 3 as unknown as Value;
    expect(messageOf(() => train(model, evenOdd(), { ...options, loss }))).toMatch(
      /^TypeError: train, loss: expected it to return a Value, got 3$/,
    );
    const shares: DataSet = { ...evenOdd(), task: "regression", targets: [[0], [1], [2], [0]] };
    expect(
      messageOf(() => train(model, shares, { ...options, loss: "binaryCrossEntropy" })),
    ).toMatch(/expected targets from 0 to 1 for binaryCrossEntropy, got 2$/);
  });

  test("train: refuses a model whose weights are not finite, and names the first", () => {
    const model = original();
    model.layers[1]!.neurons[2]!.bias.data = Number.NaN;
    expect(messageOf(() => trainOriginal({}, model))).toBe(
      "RangeError: train: expected finite weights, got: layers.1.neurons.2.bias is NaN",
    );
  });
});

test("train: keeps nothing of its steps, the heap is flat over ten thousand of them", () => {
  const model = original();
  const optimizer = new SGD(model.parameters(), { rate: 0.1 });
  const used: number[] = [];
  train(model, evenOdd(), {
    loss: "meanSquaredError",
    optimizer,
    epochs: 11_001,
    onEpoch: ({ epoch }) => {
      if (epoch % 10_000 === 1_000) {
        globalThis.gc!();
        globalThis.gc!();
        used.push(process.memoryUsage().heapUsed);
      }
    },
  });
  expect(used.length).toBe(2);
  expect(used[1]! - used[0]!).toBeLessThan(300_000);
});

// chainrule's compiler: the loss of one example is traced once, and whole runs of steps happen
// inside WebAssembly. makeWorks() is for any mode; this file's own works are in the exact mode, the
// same bits as the engine. Read engine.mjs first.

import { compile, openTeam } from "../../dist/compile/index.js";
import { hinge, MLP, meanSquaredError, SGD, sum } from "../../dist/index.js";
import { batches, network, widths } from "../data.mjs";

const squares = (parameters) => sum(parameters.map((p) => p.mul(p))).mul(1e-4);

const kinds = {
  hinge: { activation: "relu", output: "linear", loss: hinge, regularizer: squares },
  squaredError: { activation: "tanh", output: "tanh", loss: meanSquaredError },
};

function makeModel(net, { activation, output }) {
  const [inputs, ...layers] = net.sizes;
  const model = new MLP(inputs, layers, { activation, output });
  restart(model.parameters(), net);
  return model;
}

/** Puts the starting weights back. */
function restart(parameters, net) {
  for (const [i, p] of parameters.entries()) p.data = net.parameters[i];
}

function compileLoss(model, net, { loss, regularizer }, mode) {
  return compile((x, t) => loss(model.forward(x), t), {
    parameters: model.parameters(),
    inputs: net.sizes[0],
    targets: 1,
    ...(regularizer && { regularizer }),
    mode,
  });
}

const arraysOf = (net) => [Float64Array.from(net.points), Float64Array.from(net.targets)];

export function makeWorks({ mode, workers }) {
  /** A run of steps is one call; the weights are put back before each run. */
  const training = (name, kind) => (data) => {
    const net = network(name, data);
    const model = makeModel(net, kind);
    const program = compileLoss(model, net, kind, mode);
    const [inputs, targets] = arraysOf(net);
    const parameters = model.parameters();
    /** @type {import("../../dist/compile/index.js").Team | undefined} */
    let team;
    const optimizer = new SGD(parameters, { rate: 0.1 }); // it keeps nothing from step to step
    return {
      restart: () => restart(parameters, net),
      run: async (steps) => {
        const options = { optimizer, steps };
        if (workers === undefined) return program.train(inputs, targets, options).losses;
        team ??= await openTeam(program, workers);
        return (await team.train(inputs, targets, options)).losses;
      },
      bytes: () => program.bytes.length,
    };
  };

  const forward = (name, kind) => (data) => {
    const net = network(name, data);
    const program = compileLoss(makeModel(net, kind), net, kind, mode);
    const [inputs, targets] = arraysOf(net);
    return () => program.loss(inputs, targets);
  };

  /** From calling compile to the end of the first step; the process is a fresh one. */
  const start = (name, kind) => (data) => {
    const net = network(name, data);
    const model = makeModel(net, kind);
    const [inputs, targets] = arraysOf(net);
    return async () => {
      const program = compileLoss(model, net, kind, mode);
      const optimizer = new SGD(model.parameters(), { rate: 0.1 });
      return (await program.train(inputs, targets, { optimizer, steps: 1 })).losses[0];
    };
  };

  const named = (name) => [name, training(name, kinds.hinge)];
  return {
    moons: training("moons", kinds.hinge),
    "forward-moons": forward("moons", kinds.hinge),
    "four-points": training("four-points", kinds.squaredError),
    start: start("moons", kinds.hinge),
    ...Object.fromEntries(widths.map((width) => named(`width-${width}`))),
    ...Object.fromEntries(batches.map((batch) => named(`batch-${batch}`))),
  };
}

export const works = makeWorks({ mode: "exact" });

// Two training runs as one hash, to compare runtimes: the four points for 500 epochs, and moons with the
// activations and losses that use most of math.ts.

import {
  AdamW,
  binaryCrossEntropy,
  crossEntropy,
  evenOdd,
  huber,
  MLP,
  makeMoons,
  mean,
  meanSquaredError,
  type Optimizer,
  pythonRandom,
  SGD,
  type Value,
} from "../../src/index.ts";
import { Hash } from "./hash.ts";

/** The hash of 500 losses of the four-point net, and of 20 each of four nets on moons. */
export function trainingBits(): string {
  const hash = new Hash();
  const points = evenOdd();
  const random = pythonRandom(42);
  const model = new MLP(3, [4, 4, 1], { activation: "tanh", output: "tanh", random });
  const sgd = new SGD(model.parameters(), { rate: 0.1 });
  run(hash, 500, sgd, () =>
    mean(points.inputs.map((x, i) => meanSquaredError(model.forward(x), points.targets[i]))),
  );

  const moons = makeMoons({ points: 20 });
  for (const activation of ["softplus", "gelu", "silu", "elu"] as const) {
    const net = new MLP(2, [6, 2], { activation, random });
    const adamW = new AdamW(net.parameters(), { rate: 0.05 });
    run(hash, 20, adamW, () =>
      mean(
        moons.inputs.map((x, i) => {
          const outputs = net.forward(x);
          const label = moons.targets[i][0] > 0 ? 1 : 0;
          return crossEntropy(outputs, label)
            .add(binaryCrossEntropy(outputs[0], label))
            .add(huber(outputs[1], label));
        }),
      ),
    );
  }
  return hash.toString();
}

function run(hash: Hash, steps: number, optimizer: Optimizer, lossOf: () => Value): void {
  for (let step = 0; step < steps; step++) {
    const loss = lossOf();
    hash.add(loss.data);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
}

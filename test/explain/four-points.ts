// The lecture's network on its four points, with the loss of all of them as one graph.

import { evenOdd } from "../../src/data.ts";
import { sum } from "../../src/functions.ts";
import { squaredError } from "../../src/losses.ts";
import { MLP } from "../../src/nn.ts";
import { pythonRandom } from "../../src/random.ts";
import { type Value, withOrigin } from "../../src/value.ts";

/** 3 inputs, two layers of 4 tanh neurons, 1 output: 41 parameters; the squared errors added up. */
export function fourPoints(): { loss: Value; parameters: Value[] } {
  const { inputs, targets } = evenOdd();
  const model = new MLP(3, [4, 4, 1], { random: pythonRandom(1337) });
  const errors = inputs.map((x, example) =>
    withOrigin({ example }, () => squaredError(model.forward(x), targets[example]!)),
  );
  return { loss: sum(errors), parameters: model.parameters() };
}

// What the page of live-graph.test.ts runs: a live graph, and graphs to show in it.

import {
  hinge,
  MLP,
  makeMoons,
  mean,
  parseExpression,
  pythonRandom,
  SGD,
  squaredError,
} from "chainrule";
import { Walk } from "chainrule/explain";
import "../../site/styles/tokens.css";
import "../../site/styles/site.css";
import * as chainrule from "chainrule";
import { LiveGraph } from "../../site/graph/live-graph.ts";

customElements.define("live-graph", LiveGraph);

/** The lecture's network on its four points: 368 nodes; each call is the next step of a training. */
function lecture() {
  const model = new MLP(3, [4, 4, 1], { output: "tanh", random: pythonRandom(1) });
  const inputs = [
    [2, 3, -1],
    [3, -1, 0.5],
    [0.5, 1, 1],
    [1, 1, -1],
  ];
  const targets = [1, -1, -1, 1];
  const optimizer = new SGD(model.parameters(), { rate: 0.05 });
  return {
    model,
    step() {
      const loss = mean(inputs.map((x, i) => squaredError(model.forward(x)[0], targets[i])));
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss;
    },
  };
}

/** 2-hidden-hidden-1 on so many points of the moons. */
function moons(hidden: number, points: number) {
  const model = new MLP(2, [hidden, hidden, 1], { activation: "relu", random: pythonRandom(1) });
  const data = makeMoons({ points, random: pythonRandom(1) });
  return mean(data.inputs.map((x, i) => hinge(model.forward(x)[0], data.targets[i][0])));
}

const formula = (text: string, values: Record<string, number>) =>
  parseExpression(text).evaluate(values);

const testbed = { ...chainrule, lecture, moons, formula, Walk };
export type Testbed = typeof testbed;
Object.assign(window, { testbed });

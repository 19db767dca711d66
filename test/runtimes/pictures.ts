// One of each picture as a hash, to compare runtimes: graphs, charts, and what Graphviz draws.

import {
  boundaryChart,
  drawGraph,
  functionChart,
  histogram,
  lossChart,
  renderDot,
  scatterChart,
  stepErrorChart,
  toDot,
} from "../../src/draw/index.ts";
import { MLP, makeMoons, mean, pythonRandom, squaredError } from "../../src/index.ts";
import { Hash } from "./hash.ts";

/** The hash of pictures of a network, its data and its losses, in one string. */
export async function pictureBits(): Promise<string> {
  const data = makeMoons({ points: 20 });
  const model = new MLP(2, [3, 1], { random: pythonRandom(7) });
  const lossOf = () =>
    mean(data.inputs.map((x, i) => squaredError(model.forward(x), data.targets[i])));
  const losses: number[] = [];
  for (let step = 0; step < 30; step++) {
    model.zeroGrad();
    const loss = lossOf();
    losses.push(loss.data);
    loss.backward();
    for (const p of model.parameters()) p.data -= 0.1 * p.grad;
  }
  const output = model.forward([0.5, -1])[0];
  output.backward();
  const cube = (x: number) => x * x * x;
  const steps = [1, 0.1, 1e-5, 1e-9, 1e-17].map((h) => ({
    h,
    forward: (cube(2 + h) - 8) / h - 12,
  }));
  const pictures = [
    drawGraph(lossOf()),
    drawGraph(output, { open: "network" }),
    lossChart(losses),
    lossChart(losses, { scale: "log" }),
    histogram(model.parameters().map((p) => p.data)),
    scatterChart({ points: data.inputs.map(([x, y]): [number, number] => [x, y]) }),
    boundaryChart((x) => model.predict(x), data),
    functionChart(cube, { from: -2, to: 2, tangents: [{ x: 1, slope: 3 }] }),
    stepErrorChart(steps.map(({ h, forward }) => ({ h, forward: Math.abs(forward) }))),
    toDot(output),
    await renderDot(toDot(output)),
  ];
  const hash = new Hash();
  for (const character of pictures.join("\n")) hash.add(character.codePointAt(0) ?? 0);
  return hash.toString();
}

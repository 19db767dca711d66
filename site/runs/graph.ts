/** The network, the points and the graph of a moment of a run. Read setup.ts first. */

import {
  cube,
  type DataSet,
  evenOdd,
  losses,
  MLP,
  makeCircles,
  makeMoons,
  makeSine,
  makeSpirals,
  mean,
  numpyRandom,
  pythonRandom,
  split,
  type Value,
  withOrigin,
  xor,
} from "chainrule";
import { type Edit, inputsOf, type RunState, type Setup, sizesOf, taskOf } from "./setup.ts";

/** The points of a run at some step. */
export interface Points {
  readonly data: DataSet;
  readonly heldOut: DataSet | undefined;
}

/** The points before anything is changed. Those held out are `chainrule train`'s, too. */
export function firstPoints(setup: Setup): Points {
  const all = allPoints(setup);
  if (setup.heldOut === 0) return { data: all, heldOut: undefined };
  const random = pythonRandom(setup.seed);
  const { train, heldOut } = split(all, { heldOut: setup.heldOut, random });
  return { data: train, heldOut };
}

function allPoints(setup: Setup): DataSet {
  const { data, points, noise, dataSeed, own = [] } = setup;
  switch (data) {
    case "even-odd":
      return evenOdd();
    case "cube":
      return cube();
    case "xor":
      return xor();
    case "moons":
      return makeMoons({ points, noise, random: numpyRandom(dataSeed) });
    case "circles":
      return makeCircles({ points, noise, random: numpyRandom(dataSeed) });
    case "spirals":
      return makeSpirals({ points, noise, random: pythonRandom(dataSeed) });
    case "sine":
      return makeSine({ points, noise, random: pythonRandom(dataSeed) });
    case "own":
      return {
        name: "own points",
        task: taskOf(setup),
        inputs: own.map(({ x }) => [...x]),
        targets: own.map(({ target }) => [target]),
      };
  }
}

/** The data after a change of it; that of before stays as it was. A change of the rate changes none. */
export function changed(data: DataSet, edit: Edit): DataSet {
  const inputs = [...data.inputs];
  const targets = [...data.targets];
  switch (edit.kind) {
    case "rate":
      return data;
    case "add":
      inputs.push([...edit.point.x]);
      targets.push([edit.point.target]);
      break;
    case "move":
      inputs[edit.index] = [...edit.x];
      targets[edit.index] = [edit.target];
      break;
    case "delete":
      inputs.splice(edit.index, 1);
      targets.splice(edit.index, 1);
      break;
  }
  return { ...data, inputs, targets };
}

/** The network with its first weights: given, or those that `chainrule train` draws from the same seed. */
export function networkOf(setup: Setup): MLP {
  const { activation, output, init, seed, weights } = setup;
  const random = pythonRandom(seed);
  const model = new MLP(inputsOf(setup), sizesOf(setup), { activation, output, init, random });
  if (weights !== undefined) {
    for (const [i, parameter] of model.parameters().entries()) parameter.data = weights[i]!;
  }
  return model;
}

/** The mean loss of all points, as one graph: what a training step differentiates. */
export function lossOf(setup: Setup, model: MLP, data: DataSet): Value {
  const each = data.inputs.map((x, example) =>
    withOrigin({ example }, () => losses[setup.loss](model.forward(x), data.targets[example]!)),
  );
  return mean(each);
}

/** A graph of a moment, with the network that it is of. */
export interface Moment {
  readonly model: MLP;
  readonly loss: Value;
}

/** The graph of a network with these weights (in the order of `model.parameters()`) on these points. */
export function momentOf(setup: Setup, data: DataSet, weights: ArrayLike<number>): Moment {
  const model = networkOf(setup);
  for (const [i, parameter] of model.parameters().entries()) parameter.data = weights[i]!;
  return { model, loss: lossOf(setup, model, data) };
}

/** The graph of a moment of a run, given its weights: the mean loss of its points at that step. */
export function graphOf(state: RunState, weights: ArrayLike<number>): Moment {
  const { setup, edits, step } = state;
  let { data } = firstPoints(setup);
  for (const edit of edits) if (edit.at <= step) data = changed(data, edit);
  return momentOf(setup, data, weights);
}

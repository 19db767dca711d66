// A page with the three views of the playground and a network that learns on demand. Read
// site/playground/views/index.ts first.

import "../../site/styles/tokens.css";
import "../../site/styles/site.css";
import {
  type Activation,
  cube,
  type DataSet,
  evenOdd,
  MLP,
  makeCircles,
  makeMoons,
  makeSine,
  makeSpirals,
  meanSquaredError,
  pythonRandom,
  SGD,
  split,
  xor,
} from "chainrule";
import { LossView, NetworkView, PlaneView, Predictor } from "../../site/playground/views/index.ts";

const sets: Record<string, () => DataSet> = {
  "even-odd": evenOdd,
  cube,
  xor,
  moons: () => makeMoons(),
  circles: () => makeCircles(),
  spirals: () => makeSpirals(),
  sine: () => makeSine(),
};

/** A small playground: all that the views need, in the page's own thread. */
class Bench {
  readonly plane = new PlaneView();
  readonly network = new NetworkView();
  readonly loss = new LossView();
  readonly events: { name: string; detail: unknown }[] = [];
  losses: number[] = [];
  heldOutLosses: number[] | undefined;
  edits: { at: number; kind: string }[] = [];
  step = 0;
  data = xor();
  heldOut: DataSet | undefined;
  model = new MLP(2, [1]);
  predictor = new Predictor([1, 1], "tanh", "tanh", [0, 0]);
  selectedPoint: number | undefined;
  selected: string | undefined;
  fine = true;
  #optimizer = new SGD(this.model.parameters(), { rate: 0.1 });

  constructor() {
    for (const name of [
      "point-add",
      "point-move",
      "point-delete",
      "point-select",
      "plane-change",
      "network-select",
      "loss-seek",
    ]) {
      addEventListener(name, (event) => {
        const { detail } = event as CustomEvent; // all of them are
        this.events.push({ name, detail: name === "plane-change" ? undefined : detail });
        this.#answer(name, detail);
      });
    }
  }

  /** Begins anew with a data set and a network. */
  open(name: string, hidden: readonly number[] = [4, 4], options: Partial<Options> = {}): void {
    const { heldOut = 0, activation = "tanh", output = "tanh", rate = 0.1 } = options;
    const all = sets[name]!();
    const parts = split(all, { heldOut });
    const data = parts.train;
    const held = heldOut > 0 ? parts.heldOut : undefined;
    this.data = data;
    this.heldOut = held;
    const inputs = data.inputs[0]!.length;
    const random = pythonRandom(1337);
    this.model = new MLP(inputs, [...hidden, 1], { activation, output, random });
    this.predictor = new Predictor([inputs, ...hidden, 1], activation, output, this.#weights());
    this.#optimizer = new SGD(this.model.parameters(), { rate });
    this.losses = [];
    this.heldOutLosses = held === undefined ? undefined : [];
    this.edits = [];
    this.step = 0;
    this.selectedPoint = undefined;
    this.selected = undefined;
    this.train(0);
  }

  /** Makes so many steps, and shows what came of them. */
  train(steps: number): void {
    for (let i = 0; i <= steps; i++) {
      const of = (data: DataSet) =>
        meanSquaredError(
          data.inputs.flatMap((x) => this.model.forward(x)),
          data.targets.flat(),
        );
      this.model.zeroGrad();
      const loss = of(this.data);
      this.losses[this.step] = loss.data;
      if (this.heldOut) this.heldOutLosses![this.step] = of(this.heldOut).data;
      loss.backward();
      if (i === steps) break;
      this.#optimizer.step();
      this.step += 1;
    }
    this.predictor.weights = this.#weights();
    this.show();
  }

  show(): void {
    const { data, heldOut, predictor, fine, selectedPoint, selected } = this;
    this.plane.show({ data, heldOut, predictor, fine, selectedPoint, neuron: selected });
    const gradients = this.model.parameters().map(({ grad }) => grad);
    this.network.show({ predictor, plane: this.plane.plane!, gradients, selected });
    const { losses, heldOutLosses, step, edits } = this;
    this.loss.show({ losses, heldOutLosses, step, edits });
  }

  #weights(): Float64Array {
    return Float64Array.from(this.model.parameters(), ({ data }) => data);
  }

  /** Does what the playground does with what the reader asks for. */
  #answer(name: string, detail: { index: number; x: number[]; target: number; address: string }) {
    const { index, x, target } = detail;
    const inputs = [...this.data.inputs];
    const targets = [...this.data.targets];
    if (name === "point-add") {
      inputs.push(x);
      targets.push([target]);
    } else if (name === "point-move") {
      inputs[index] = x;
      targets[index] = [target];
    } else if (name === "point-delete") {
      inputs.splice(index, 1);
      targets.splice(index, 1);
    } else if (name === "point-select") this.selectedPoint = index;
    else if (name === "network-select") this.selected = detail.address;
    if (inputs.length !== this.data.inputs.length || name === "point-move") {
      this.data = { ...this.data, inputs, targets };
    }
    this.show();
  }
}

interface Options {
  readonly heldOut: number;
  readonly activation: Activation;
  readonly output: Activation;
  readonly rate: number;
}

const bench = new Bench();
const page = document.querySelector("main")!; // the test wrote it
page.append(bench.plane.element, bench.network.element, bench.loss.element);
bench.open("moons", [8, 8], { heldOut: 0.2 });
Object.assign(window, { bench });

export type { Bench };

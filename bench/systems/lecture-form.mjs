// Scalar autograd in the form of Karpathy's lecture, written anew in JavaScript: every operation
// leaves a closure behind, the inputs are a Set, the order is found by recursion.

import { fourPointsSizes, moonsSizes, rows, stepsInARun } from "../data.mjs";

class Value {
  constructor(data, children = [], op = "") {
    this.data = data;
    this.grad = 0;
    this.op = op;
    this.prev = new Set(children);
    this.propagate = () => {};
  }

  add(other) {
    const right = other instanceof Value ? other : new Value(other);
    const out = new Value(this.data + right.data, [this, right], "+");
    out.propagate = () => {
      this.grad += out.grad;
      right.grad += out.grad;
    };
    return out;
  }

  mul(other) {
    const right = other instanceof Value ? other : new Value(other);
    const out = new Value(this.data * right.data, [this, right], "*");
    out.propagate = () => {
      this.grad += right.data * out.grad;
      right.grad += this.data * out.grad;
    };
    return out;
  }

  pow(exponent) {
    const out = new Value(this.data ** exponent, [this], `**${exponent}`);
    out.propagate = () => {
      this.grad += exponent * this.data ** (exponent - 1) * out.grad;
    };
    return out;
  }

  relu() {
    const out = new Value(Math.max(this.data, 0), [this], "relu");
    out.propagate = () => {
      this.grad += (out.data > 0 ? 1 : 0) * out.grad;
    };
    return out;
  }

  tanh() {
    const out = new Value(Math.tanh(this.data), [this], "tanh");
    out.propagate = () => {
      this.grad += (1 - out.data ** 2) * out.grad;
    };
    return out;
  }

  neg() {
    return this.mul(-1);
  }

  sub(other) {
    return this.add(other instanceof Value ? other.neg() : -other);
  }

  div(other) {
    return this.mul(other instanceof Value ? other.pow(-1) : 1 / other);
  }

  backward() {
    const order = [];
    const visited = new Set();
    const visit = (value) => {
      if (visited.has(value)) return;
      visited.add(value);
      for (const child of value.prev) visit(child);
      order.push(value);
    };
    visit(this);
    this.grad = 1;
    for (const value of order.reverse()) value.propagate();
  }
}

class Neuron {
  constructor(nin, activation) {
    this.w = Array.from({ length: nin }, () => new Value(0));
    this.b = new Value(0);
    this.activation = activation;
  }

  call(x) {
    let sum = this.b;
    for (const [i, w] of this.w.entries()) sum = sum.add(w.mul(x[i]));
    if (this.activation === "relu") return sum.relu();
    return this.activation === "tanh" ? sum.tanh() : sum;
  }

  parameters() {
    return [...this.w, this.b];
  }
}

class Layer {
  constructor(nin, nout, activation) {
    this.neurons = Array.from({ length: nout }, () => new Neuron(nin, activation));
  }

  call(x) {
    return this.neurons.map((neuron) => neuron.call(x));
  }

  parameters() {
    return this.neurons.flatMap((neuron) => neuron.parameters());
  }
}

class MLP {
  constructor(sizes, hidden, output) {
    this.layers = sizes.slice(1).map((nout, i) => {
      return new Layer(sizes[i], nout, i === sizes.length - 2 ? output : hidden);
    });
  }

  call(x) {
    let values = x.map((number) => new Value(number));
    for (const layer of this.layers) values = layer.call(values);
    return values[0];
  }

  parameters() {
    return this.layers.flatMap((layer) => layer.parameters());
  }
}

/** Puts the starting weights back at the start of each run. */
function restart(repetition, parameters, start) {
  if (repetition % stepsInARun !== 0) return;
  for (const [i, p] of parameters.entries()) p.data = start[i];
}

function descend(model, loss) {
  for (const p of model.parameters()) p.grad = 0;
  loss.backward();
  for (const p of model.parameters()) p.data -= 0.1 * p.grad;
  return loss.data;
}

const sum = (values) => values.reduce((total, value) => total.add(value), new Value(0));

function moons(data) {
  const model = new MLP(moonsSizes, "relu", "linear");
  const points = rows(data.moonsPoints, 2);
  return (repetition) => {
    restart(repetition, model.parameters(), data.moonsParameters);
    const scores = points.map((point) => model.call(point));
    const losses = scores.map((s, i) => s.mul(-data.moonsTargets[i]).add(1).relu());
    const dataLoss = sum(losses).mul(1 / losses.length);
    const penalty = sum(model.parameters().map((p) => p.mul(p))).mul(1e-4);
    return descend(model, dataLoss.add(penalty));
  };
}

function fourPoints(data) {
  const model = new MLP(fourPointsSizes, "tanh", "tanh");
  const points = rows(data.fourPoints, 3);
  return (repetition) => {
    restart(repetition, model.parameters(), data.fourParameters);
    const errors = points.map((point, i) => model.call(point).sub(data.fourTargets[i]).pow(2));
    return descend(model, sum(errors).mul(1 / errors.length));
  };
}

function tiny() {
  const a = new Value(-41);
  const b = new Value(2);
  const c = a.add(b);
  const d = a.mul(b).add(b.pow(3));
  const e = c.sub(d);
  const f = e.pow(2);
  const g = f.div(2);
  g.backward();
  return g.data + a.grad + b.grad;
}

export const works = { moons, "four-points": fourPoints, tiny: () => tiny };

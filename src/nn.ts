/**
 * Neurons, layers and multi-layer perceptrons made of Values. Read value.ts first.
 */

import {
  describe,
  expectCount,
  expectFinite,
  expectNumber,
  expectOneOf,
  expectOptions,
  isPlain,
} from "./errors.ts";
import { pow } from "./math.ts";
import { elu, leakyRelu, numbers, type Operation, operations } from "./operations.ts";
import { pythonRandom, type Random } from "./random.ts";
import {
  currentExample,
  enterOrigin,
  leaveOrigin,
  type Operand,
  toValue,
  Value,
  withOrigin,
} from "./value.ts";

/** What a neuron does to its weighted sum; "linear" does nothing. */
export type Activation =
  | "linear"
  | "tanh"
  | "relu"
  | "sigmoid"
  | "leakyRelu"
  | "elu"
  | "softplus"
  | "silu"
  | "gelu"
  | "geluTanh"
  | "sin";

/** The operation behind each activation; none behind "linear". */
const activationOperations: Readonly<Record<Activation, Operation | undefined>> = {
  linear: undefined,
  tanh: operations.tanh,
  relu: operations.relu,
  sigmoid: operations.sigmoid,
  leakyRelu: leakyRelu(0.01),
  elu: elu(1),
  softplus: operations.softplus,
  silu: operations.silu,
  gelu: operations.gelu,
  geluTanh: operations.geluTanh,
  sin: operations.sin,
};

/** The names of all activations. */
export const activations: readonly Activation[] = Object.keys(activationOperations) as Activation[];

/**
 * How weights and biases start; n is the number of inputs of the neuron.
 *
 * - `uniform`: weights uniform in (-1, 1), biases 0, as in micrograd
 * - `lecture`: weights and biases uniform in (-1, 1), as in Karpathy's lecture
 * - `scaled`: weights uniform in (-1, 1) times n^-0.5, biases 0, as in EurekaLabs' micrograd
 * - `he`: weights normal with standard deviation sqrt(2/n), biases 0; made for relu (He et al. 2015)
 * - `zero`: everything 0: every neuron of a layer then learns the same thing, or nothing
 */
export type Initialization = "uniform" | "lecture" | "scaled" | "he" | "zero";

/** The names of all ways to start. */
export const initializations: readonly Initialization[] = [
  "uniform",
  "lecture",
  "scaled",
  "he",
  "zero",
];

/** Choices for a neuron or a layer. */
export interface NeuronOptions {
  /** "tanh" unless said otherwise. */
  readonly activation?: Activation;
  /**
   * Where the weights come from: a new `pythonRandom(0)` unless said otherwise. So two neurons made
   * one after the other are the same; give them one generator between them to tell them apart.
   */
  readonly random?: Random;
  /** "uniform" unless said otherwise. */
  readonly init?: Initialization;
}

/** Choices for a network. */
export interface MLPOptions extends NeuronOptions {
  /** The activation of the last layer: "linear" unless said otherwise. `activation` is the others'. */
  readonly output?: Activation;
}

/**
 * Something with parameters: leaves to be trained. They are found by looking through its
 * properties, in order, also inside arrays, plain objects, Maps and further modules, and are named
 * after the way there: `layers.0.neurons.2.weights.1`. A class of your own that extends Module needs
 * no more than to keep its Values in properties (not in private ones, `#w`, which nobody else can
 * see). (PyTorch: `torch.nn.Module`.)
 */
export class Module {
  /** Every parameter with its name; one that is shared is listed once, under its first name. */
  namedParameters(): [name: string, parameter: Value][] {
    const found = new Map<Value, string>();
    const seen = new Set<object>();
    // What is still to be looked at, the next on top.
    const waiting: { name: string; thing: unknown }[] = [{ name: "", thing: this }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { name, thing } = next;
      if (thing instanceof Value) {
        if (thing.op === "" && !found.has(thing)) found.set(thing, name);
      } else if (isContainer(thing) && !seen.has(thing)) {
        seen.add(thing);
        const parts = thing instanceof Map ? [...thing] : Object.entries(thing);
        for (const [key, part] of parts.reverse()) {
          waiting.push({ name: name === "" ? key : `${name}.${key}`, thing: part });
        }
      }
    }
    return [...found].map(([parameter, name]) => [name, parameter]);
  }

  /** Every parameter, in the order of {@link namedParameters}. */
  parameters(): Value[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /** Forgets the gradients of all parameters, so that the next pass starts from 0. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.zeroGrad();
  }
}

/** One neuron: activation(bias + weights[0]·x[0] + weights[1]·x[1] + …), added up in this order. */
export class Neuron extends Module {
  readonly weights: readonly Value[];
  readonly bias: Value;
  readonly activation: Activation;
  /** Its layer and its number there, for pictures. */
  readonly #place: Place;

  /**
   * @param nin the number of inputs, at least 1
   * @param place the numbers of its layer and of itself within it; MLP and Layer give them
   * @throws RangeError for an impossible size or an unknown name
   */
  constructor(nin: number, options: NeuronOptions = {}, place: Place = {}) {
    super();
    expectCount(nin, 1, "new Neuron, the number of inputs");
    expectOptions(options, neuronOptions, "new Neuron");
    const { activation = "tanh", random = pythonRandom(0), init = "uniform" } = options;
    this.activation = expectOneOf(activation, activations, "new Neuron");
    expectOneOf(init, initializations, "new Neuron");
    if (typeof random?.uniform !== "function") {
      throw new TypeError(
        `new Neuron: expected random to be a generator such as pythonRandom(1), ` +
          `got ${describe(random)}`,
      );
    }
    this.#place = place;
    const outside = enterOrigin(place);
    try {
      this.weights = Array.from({ length: nin }, () => new Value(firstWeight(init, nin, random)));
      this.bias = new Value(init === "lecture" ? draw(random.uniform(-1, 1)) : 0);
    } finally {
      leaveOrigin(outside);
    }
    label(this);
  }

  /**
   * The neuron's output for as many inputs as it has weights.
   *
   * @throws RangeError if there are more or fewer; TypeError if one is neither Value nor number
   */
  forward(x: readonly Operand[]): Value {
    expectInputs(x, this.weights.length, "Neuron.forward");
    const outside = enterOrigin(this.#place);
    try {
      let total = this.bias;
      for (let i = 0; i < x.length; i++) total = total.add(this.weights[i].mul(x[i]));
      const operation = activationOperations[this.activation];
      return operation === undefined ? total : Value.unary(operation, total);
    } finally {
      leaveOrigin(outside);
    }
  }

  /** `forward` on plain numbers: the same bits, and no graph. */
  predict(x: readonly number[]): number {
    expectNumbers(x, this.weights.length, "Neuron.predict");
    let total = this.bias.data;
    for (let i = 0; i < x.length; i++) total += this.weights[i].data * x[i];
    const operation = activationOperations[this.activation];
    return operation === undefined ? total : operation.value(numbers, total);
  }
}

/** Neurons side by side, all with the same inputs. */
export class Layer extends Module {
  readonly neurons: readonly Neuron[];

  /**
   * @param nin the number of inputs
   * @param nout the number of neurons
   * @param layer its number within a network; MLP gives it
   */
  constructor(nin: number, nout: number, options: NeuronOptions = {}, layer?: number) {
    super();
    expectCount(nin, 1, "new Layer, the number of inputs");
    expectCount(nout, 1, "new Layer, the number of neurons");
    expectOptions(options, neuronOptions, "new Layer");
    expectCount(nin * nout, 1, "new Layer, the number of weights");
    const { random = pythonRandom(0) } = options;
    this.neurons = Array.from(
      { length: nout },
      (_, neuron) => new Neuron(nin, { ...options, random }, { layer, neuron }),
    );
    label(this);
  }

  /** One output for each neuron; throws as {@link Neuron.forward}. */
  forward(x: readonly Operand[]): Value[] {
    expectInputs(x, this.neurons[0].weights.length, "Layer.forward");
    const inputs = x.map((input) => toValue(input, "Layer.forward")); // one leaf for all neurons
    return this.neurons.map((neuron) => neuron.forward(inputs));
  }

  /** `forward` on plain numbers: the same bits, and no graph. */
  predict(x: readonly number[]): number[] {
    return this.neurons.map((neuron) => neuron.predict(x));
  }
}

/** A multi-layer perceptron: layers one after the other, each fed with the outputs of the last. */
export class MLP extends Module {
  readonly layers: readonly Layer[];
  readonly #network = ++networks;
  #calls = 0; // calls of forward since the last zeroGrad: a number for each data point

  /**
   * @param nin the number of inputs
   * @param sizes the number of neurons in each layer, hidden and last
   *
   * @example new MLP(3, [4, 4, 1], { activation: "tanh", output: "tanh", random: pythonRandom(1) })
   * @throws RangeError for an impossible size or an unknown name
   */
  constructor(nin: number, sizes: readonly number[], options: MLPOptions = {}) {
    super();
    expectCount(nin, 1, "new MLP, the number of inputs");
    if (!Array.isArray(sizes) || sizes.length === 0) {
      throw new RangeError(
        `new MLP: expected an array with the size of each layer, got ${describe(sizes)}`,
      );
    }
    for (const [i, size] of sizes.entries()) {
      expectCount(size, 1, `new MLP, the size of layer ${i}`);
    }
    expectOptions(options, [...neuronOptions, "output"], "new MLP");
    const { activation = "tanh", output = "linear", random = pythonRandom(0), init } = options;
    const weights = sizes.reduce((n, size, i) => n + (i === 0 ? nin : sizes[i - 1]) * size, 0);
    expectCount(weights, 1, "new MLP, the number of weights");
    this.layers = withOrigin({ network: this.#network }, () =>
      sizes.map((size, i) => {
        const last = i === sizes.length - 1;
        const layerOptions = { activation: last ? output : activation, random, init };
        return new Layer(i === 0 ? nin : sizes[i - 1], size, layerOptions, i);
      }),
    );
    label(this);
  }

  /**
   * The outputs of the last layer, for as many inputs as the first layer takes.
   *
   * @throws RangeError if there are more or fewer; TypeError if one is neither Value nor number
   */
  forward(x: readonly Operand[]): Value[] {
    expectInputs(x, this.layers[0].neurons[0].weights.length, "MLP.forward");
    const example = currentExample() ?? this.#calls;
    this.#calls += 1;
    return withOrigin({ network: this.#network, example }, () => {
      let outputs = x.map((input) => toValue(input, "MLP.forward"));
      for (const layer of this.layers) outputs = layer.forward(outputs);
      return outputs;
    });
  }

  /** `forward` on plain numbers: the same bits, and no graph. For maps with many points. */
  predict(x: readonly number[]): number[] {
    expectNumbers(x, this.layers[0].neurons[0].weights.length, "MLP.predict");
    let outputs: readonly number[] = x;
    for (const layer of this.layers) outputs = layer.predict(outputs);
    return [...outputs];
  }

  override zeroGrad(): void {
    super.zeroGrad();
    this.#calls = 0;
  }
}

/** May there be parameters inside? */
const isContainer = (thing: unknown): thing is object =>
  thing instanceof Module || Array.isArray(thing) || thing instanceof Map || isPlain(thing);

let networks = 0; // counts MLPs made

/** Where a neuron is in a network. */
interface Place {
  readonly layer?: number;
  readonly neuron?: number;
}

const neuronOptions = ["activation", "random", "init"];

function firstWeight(init: Initialization, nin: number, random: Random): number {
  if (init === "zero") return 0;
  if (init === "he") return draw(random.normal(0, Math.sqrt(2 / nin)));
  const weight = draw(random.uniform(-1, 1));
  return init === "scaled" ? weight * pow(nin, -0.5) : weight;
}

const draw = (x: number): number => expectFinite(x, "new Neuron, what random gives");

/** Labels every parameter with its name. */
function label(module: Module): void {
  for (const [name, parameter] of module.namedParameters()) parameter.label = name;
}

function expectInputs(x: readonly Operand[], expected: number, where: string): void {
  if (!Array.isArray(x)) {
    throw new TypeError(`${where}: expected an array of inputs, got ${describe(x)}`);
  }
  if (x.length !== expected) {
    const inputs = expected === 1 ? "1 input" : `${expected} inputs`;
    throw new RangeError(`${where}: expected ${inputs}, got ${x.length}`);
  }
}

function expectNumbers(x: readonly number[], expected: number, where: string): void {
  expectInputs(x, expected, where);
  for (const input of x) expectNumber(input, where);
}

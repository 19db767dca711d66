/** The places of a network: neurons, weights and biases by their addresses. Nothing to read first. */

/** A place in a network. */
export interface Place {
  /** "layers.0.neurons.1", or "layers.0.neurons.1.weights.2", or "layers.0.neurons.1.bias" */
  readonly address: string;
  readonly layer: number;
  readonly neuron: number;
  /** The number of the weight, "bias", or undefined for the neuron as a whole. */
  readonly part: number | "bias" | undefined;
}

/**
 * The place that an address names; undefined if it is none.
 *
 * @param sizes the inputs, then the neurons of each layer
 */
export function placeOf(address: string, sizes: readonly number[]): Place | undefined {
  const found = /^layers\.(\d{1,4})\.neurons\.(\d{1,4})(?:\.(?:weights\.(\d{1,4})|(bias)))?$/.exec(
    address,
  );
  if (found === null) return undefined;
  const [layer, neuron] = [Number(found[1]), Number(found[2])];
  const part = found[4] === "bias" ? "bias" : found[3] === undefined ? undefined : Number(found[3]);
  const isThere = layer < sizes.length - 1 && neuron < (sizes[layer + 1] ?? 0);
  if (!isThere || (typeof part === "number" && part >= (sizes[layer] ?? 0))) return undefined;
  return { address, layer, neuron, part };
}

/** The number of a parameter in the order of `model.parameters()`: each neuron's weights, then its bias. */
export function parameterAt({ layer, neuron, part }: Place, sizes: readonly number[]): number {
  let before = 0;
  for (let i = 0; i < layer; i++) before += (sizes[i + 1] ?? 0) * ((sizes[i] ?? 0) + 1);
  const inputs = sizes[layer] ?? 0;
  return before + neuron * (inputs + 1) + (typeof part === "number" ? part : inputs);
}

/** The addresses of all parameters, in that order. */
export function parameterNames(sizes: readonly number[]): string[] {
  return sizes
    .slice(1)
    .flatMap((size, layer) =>
      Array.from({ length: size }, (_, neuron) => `layers.${layer}.neurons.${neuron}`).flatMap(
        (neuron) => [
          ...Array.from({ length: sizes[layer] ?? 0 }, (_, i) => `${neuron}.weights.${i}`),
          `${neuron}.bias`,
        ],
      ),
    );
}

/** "neuron 2 of hidden layer 1", "the last neuron" */
export function neuronName(layer: number, neuron: number, sizes: readonly number[]): string {
  const isLast = layer === sizes.length - 2;
  return isLast ? "the last neuron" : `neuron ${neuron + 1} of hidden layer ${layer + 1}`;
}

/** "the weight from input 1 to neuron 2 of hidden layer 1", "the bias of the last neuron" */
export function placeName({ layer, neuron, part }: Place, sizes: readonly number[]): string {
  const name = neuronName(layer, neuron, sizes);
  if (part === undefined) return name;
  if (part === "bias") return `the bias of ${name}`;
  const from = layer === 0 ? `input ${part + 1}` : neuronName(layer - 1, part, sizes);
  return `the weight from ${from} to ${name}`;
}

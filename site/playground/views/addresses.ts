/**
 * Where the parameters of a network are, by place and by name: names as those of `model.namedParameters()`. Read
 * predictor.ts first.
 */

/** A parameter, or a whole neuron: `input` is the number of a weight, "bias", or undefined. */
export interface Place {
  readonly layer: number;
  readonly neuron: number;
  readonly input: number | "bias" | undefined;
}

/** For example: layers.0.neurons.1.weights.2, layers.0.neurons.1.bias, layers.0.neurons.1. */
export function addressOf({ layer, neuron, input }: Place): string {
  const address = `layers.${layer}.neurons.${neuron}`;
  if (input === undefined) return address;
  return input === "bias" ? `${address}.bias` : `${address}.weights.${input}`;
}

const form = /^layers\.(\d{1,6})\.neurons\.(\d{1,6})(?:\.(?:(bias)|weights\.(\d{1,6})))?$/;

/** The place of an address in a network of these sizes; undefined if there is none. */
export function placeOf(address: string | undefined, sizes: readonly number[]): Place | undefined {
  const found = form.exec(address ?? "");
  if (found === null) return undefined;
  const [layer, neuron] = [Number(found[1]), Number(found[2])];
  if (layer > sizes.length - 2 || neuron >= sizes[layer + 1]) return undefined;
  if (found[3] !== undefined) return { layer, neuron, input: "bias" };
  if (found[4] === undefined) return { layer, neuron, input: undefined };
  const input = Number(found[4]);
  return input < sizes[layer] ? { layer, neuron, input } : undefined;
}

/** The place of the first parameter of a neuron among all: its weights, then its bias. */
export function firstOf(sizes: readonly number[], layer: number, neuron: number): number {
  let first = 0;
  for (let before = 0; before < layer; before++) first += (sizes[before] + 1) * sizes[before + 1];
  return first + neuron * (sizes[layer] + 1);
}

/** What the places of a network are called, and where their numbers are. Read views/addresses.ts first. */

import { addressOf, firstOf, type Place } from "./views/addresses.ts";

/** The number of a parameter among all, in the order of `model.parameters()`. */
export function parameterAt({ layer, neuron, input }: Place, sizes: readonly number[]): number {
  const weights = sizes[layer] ?? 0; // the bias comes after them
  return firstOf(sizes, layer, neuron) + (typeof input === "number" ? input : weights);
}

/** The addresses of all parameters, in that order: each neuron's weights, then its bias. */
export function parameterNames(sizes: readonly number[]): string[] {
  const names: string[] = [];
  for (let layer = 0; layer < sizes.length - 1; layer++) {
    for (let neuron = 0; neuron < (sizes[layer + 1] ?? 0); neuron++) {
      for (let input = 0; input < (sizes[layer] ?? 0); input++) {
        names.push(addressOf({ layer, neuron, input }));
      }
      names.push(addressOf({ layer, neuron, input: "bias" }));
    }
  }
  return names;
}

/** "neuron 2 of hidden layer 1", "the last neuron" */
export function neuronName(
  { layer, neuron }: Pick<Place, "layer" | "neuron">,
  sizes: readonly number[],
): string {
  const isLast = layer === sizes.length - 2;
  return isLast ? "the last neuron" : `neuron ${neuron + 1} of hidden layer ${layer + 1}`;
}

/** "the weight from input 1 to neuron 2 of hidden layer 1", "the bias of the last neuron" */
export function placeName(place: Place, sizes: readonly number[]): string {
  const { layer, input } = place;
  const name = neuronName(place, sizes);
  if (input === undefined) return name;
  if (input === "bias") return `the bias of ${name}`;
  const from =
    layer === 0 ? `input ${input + 1}` : neuronName({ layer: layer - 1, neuron: input }, sizes);
  return `the weight from ${from} to ${name}`;
}

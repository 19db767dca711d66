/**
 * What is selected in the network, in words: a parameter, and why its next step goes up or down; or a
 * neuron with everything that enters its sum. Read numbers.ts first.
 */

import type { MLP, Value } from "chainrule";
import { element } from "./elements.ts";
import { shown, signed } from "./numbers.ts";

/** A place in the network: "layers.0.neurons.1", or "layers.0.neurons.1.weights.2", or its bias. */
export interface Place {
  readonly layer: number;
  readonly neuron: number;
  /** The number of the weight, "bias", or undefined for the neuron as a whole. */
  readonly part: number | "bias" | undefined;
}

/** The place that an address names; undefined if it is none in a network of such layers. */
export function placeOf(address: string, sizes: readonly number[]): Place | undefined {
  const found = /^layers\.(\d{1,4})\.neurons\.(\d{1,4})(?:\.(?:weights\.(\d{1,4})|(bias)))?$/.exec(
    address,
  );
  if (found === null) return undefined;
  const [layer, neuron] = [Number(found[1]), Number(found[2])];
  const part = found[4] === "bias" ? "bias" : found[3] === undefined ? undefined : Number(found[3]);
  const isThere = layer < sizes.length - 1 && neuron < (sizes[layer + 1] ?? 0);
  if (!isThere || (typeof part === "number" && part >= (sizes[layer] ?? 0))) return undefined;
  return { layer, neuron, part };
}

/** "neuron 2 of hidden layer 1", "the last neuron" */
export function neuronName(layer: number, neuron: number, layers: number): string {
  return layer === layers - 1 ? "the last neuron" : `neuron ${neuron + 1} of hidden layer ${layer + 1}`;
}

/** "the weight of input 1 in neuron 2 of hidden layer 1" */
export function placeName({ layer, neuron, part }: Place, layers: number): string {
  const name = neuronName(layer, neuron, layers);
  if (part === undefined) return name;
  if (part === "bias") return `the bias of ${name}`;
  const from = layer === 0 ? `input ${part + 1}` : neuronName(layer - 1, part, layers);
  return `the weight from ${from} to ${name}`;
}

/** What the words need to know. */
export interface Moment {
  /** The network with its gradients of this step. */
  readonly model: MLP;
  readonly rate: number;
  /** Is a step −rate × gradient, and nothing else? */
  readonly isPlain: boolean;
  /** The address of the debugger, opened at a parameter of this step. */
  readonly debuggerAt: (address: string) => string;
}

/** The words, as elements. Buttons with `data-name` select. */
export function selectedWords(address: string, place: Place, moment: Moment): Node[] {
  const { model } = moment;
  const { layer, neuron, part } = place;
  const layers = model.layers.length;
  const made = model.layers[layer]?.neurons[neuron];
  if (made === undefined) return [];
  const name = placeName(place, layers);
  const title = element("p", {}, element("strong", {}, capital(name)), " ", element("code", {}, address));
  if (part === undefined) {
    const terms = made.weights.map((weight, i) => {
      const from = layer === 0 ? `input ${i + 1}` : neuronName(layer - 1, i, layers);
      return term(`${address}.weights.${i}`, `× ${from}`, weight);
    });
    const sum = element("ul", { class: "pg-terms" }, ...terms, term(`${address}.bias`, "bias", made.bias));
    const does = made.activation === "linear" ? "is that sum" : `is ${made.activation} of that sum`;
    return [title, element("p", {}, `Its output ${does}:`), sum];
  }
  const parameter = part === "bias" ? made.bias : made.weights[part];
  if (parameter === undefined) return [];
  const link = element("a", { class: "button", href: moment.debuggerAt(address) }, "Open this step in the debugger");
  return [title, ...why(parameter, moment), element("p", {}, link)];
}

/** Why a parameter goes where it goes, for someone who knows no calculus. */
function why({ data, grad, hasGrad }: Value, { rate, isPlain }: Moment): Node[] {
  if (!hasGrad) return [element("p", {}, `It is ${shown(data)}. Its gradient is not known yet.`)];
  const numbers = element("p", {}, `It is ${shown(data)}, and its gradient is ${shown(grad)}.`);
  if (grad === 0) {
    const sentence =
      "To make it a little larger or smaller changes nothing in the loss, so its gradient leaves it where it is.";
    return [numbers, element("p", {}, sentence)];
  }
  const effect = grad > 0 ? "larger" : "smaller";
  const way = grad > 0 ? "down" : "up";
  const meaning = `A slightly larger number here would make the loss ${effect}, so the step goes ${way}`;
  const step = isPlain
    ? `: −${shown(rate)} × ${inParentheses(shown(grad))} = ${signed(-rate * grad)}, which makes it ${shown(data - rate * grad)}.`
    : " by its gradient alone. This optimizer also counts in the gradients of the steps before, so its step may differ.";
  return [numbers, element("p", {}, meaning + step)];
}

const term = (address: string, text: string, { data }: Value): Node =>
  element(
    "li",
    {},
    element("button", { type: "button", "data-name": address, title: address }, shown(data)),
    ` ${text}`,
  );

const inParentheses = (text: string) => (text.startsWith("−") ? `(${text})` : text);
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

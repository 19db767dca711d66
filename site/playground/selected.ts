/**
 * What is selected in the network, in words: a parameter, and why its next step goes up or down; or a
 * neuron, and what it makes of a point, worked out. Read places.ts first.
 */

import { element } from "./elements.ts";
import { shown, signed } from "./numbers.ts";
import { parameterAt, placeName } from "./places.ts";
import { addressOf, firstOf, type Place } from "./views/addresses.ts";
import { inputName } from "./views/plane-words.ts";
import { shortText } from "./views/text.ts";

/** What the words need to know of a moment. */
export interface Known {
  /** The inputs, then the neurons of each layer. */
  readonly sizes: readonly number[];
  /** What the neurons of this layer do to their sum. */
  readonly activation: string;
  /** All parameters in their order, and their gradients. */
  readonly weights: ArrayLike<number>;
  readonly gradients: ArrayLike<number>;
  readonly rate: number;
  /** Is a step −rate × gradient, and nothing else? */
  readonly isPlain: boolean;
  /** A point to work out what a neuron says of it, with the outputs of all layers there. */
  readonly point: Worked | undefined;
}

/** A point, and what all neurons say of it. */
interface Worked {
  /** From 1. */
  readonly number: number;
  readonly x: readonly number[];
  readonly layers: readonly ArrayLike<number>[];
}

/** The words, as elements. */
export function selectedWords(place: Place, known: Known): Node[] {
  const { sizes } = known;
  const name = placeName(place, sizes);
  const title = element("p", {}, element("strong", {}, capital(name)));
  if (place.input !== undefined) {
    title.append(" ", element("code", {}, addressOf(place)));
    const number = parameterAt(place, sizes);
    return [title, ...why(known.weights[number] ?? Number.NaN, known.gradients[number], known)];
  }
  const sum = "the sum of its inputs, each times its weight, and its bias";
  const does = known.activation === "linear" ? sum : `${known.activation} of ${sum}`;
  const words = element("p", {}, `Its output is ${does}. `);
  if (known.point !== undefined) words.append(...worked(place, known.point, known));
  return [title, words];
}

/** What a neuron says of a point, worked out, to be checked by hand. */
function worked(
  { layer, neuron }: Place,
  { number, x, layers }: Worked,
  { sizes, activation, weights }: Known,
): (Node | string)[] {
  const inputs = layer === 0 ? x : (layers[layer - 1] ?? []);
  const first = firstOf(sizes, layer, neuron);
  let sum = 0;
  const terms = Array.from(inputs, (input, i) => {
    const weight = weights[first + i] ?? Number.NaN;
    sum += weight * input;
    const factor = input === 0 ? "0" : inParentheses(shown(input));
    return `${i === 0 ? shown(weight) : inParentheses(shown(weight))} × ${factor}`;
  });
  const bias = weights[first + inputs.length] ?? Number.NaN;
  sum += bias;
  const all = `${terms.join(" + ")} + ${inParentheses(shown(bias))}`;
  const output = shown(layers[layer]?.[neuron] ?? Number.NaN);
  const made =
    activation === "linear"
      ? `${all} = ${output}`
      : `${activation}(${all}) = ${activation}(${shown(sum)}) = ${output}`;
  const where = x.map((input, i) => `${inputName(i)} = ${shortText(input)}`).join(", ");
  const said = `For point ${number} (${where}), the bias last: ${made}. `;
  const hint = "Select another point in the picture to work that one out.";
  return [said, element("span", { class: "pg-hint" }, hint)];
}

/** Why a parameter goes where it goes, for someone who knows no calculus. */
function why(data: number, grad: number | undefined, { rate, isPlain }: Known): Node[] {
  const numbers = `It is ${shown(data)}, and its gradient is ${shown(grad ?? Number.NaN)}. `;
  if (grad === undefined || !Number.isFinite(grad)) return [element("p", {}, numbers)];
  if (grad === 0) {
    const sentence =
      "Made a little larger or smaller it changes nothing in the loss, so its gradient leaves it where it is.";
    return [element("p", {}, numbers + sentence)];
  }
  const effect = grad > 0 ? "larger" : "smaller";
  const way = grad > 0 ? "down" : "up";
  const meaning = `A slightly larger number here would make the loss ${effect}, so its gradient moves it ${way}`;
  const step = isPlain
    ? `: the next step adds −${rate} × ${inParentheses(shown(grad))} = ${signed(-rate * grad)}, which makes it ${shown(data - rate * grad)}.`
    : ". How far, this optimizer also decides by the gradients of the steps before.";
  return [element("p", {}, numbers + meaning + step)];
}

const inParentheses = (text: string) => (text.startsWith("−") ? `(${text})` : text);
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

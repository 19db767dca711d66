// A multilayer perceptron for engines that bring none of their own, from their add and mul.

/**
 * The score of one point. `parameters` are each neuron's weights and then its bias;
 * `hidden` and `output` are the activations.
 */
export function score(parameters, sizes, point, { add, mul, hidden, output }) {
  let values = point;
  let p = 0;
  for (let layer = 1; layer < sizes.length; layer++) {
    const activate = layer === sizes.length - 1 ? output : hidden;
    const outputs = [];
    for (let neuron = 0; neuron < sizes[layer]; neuron++) {
      let sum = parameters[p + values.length];
      for (const value of values) sum = add(sum, mul(parameters[p++], value));
      p++; // past the bias
      outputs.push(activate(sum));
    }
    values = outputs;
  }
  return values[0];
}

// The flat starting weights as the arrays of whole layers, for systems that compute with arrays.

/**
 * For each layer `{ inputs, outputs, weights, biases }`, from `parameters` that are each neuron's
 * weights and then its bias. `weights` is a flat matrix with a row for each input.
 */
export function layersOf(parameters, sizes) {
  let start = 0;
  return sizes.slice(1).map((outputs, l) => {
    const inputs = sizes[l];
    const at = (neuron, i) => parameters[start + neuron * (inputs + 1) + i];
    const neurons = Array.from({ length: outputs }, (_, neuron) => neuron);
    const weights = [];
    for (let i = 0; i < inputs; i++) weights.push(...neurons.map((neuron) => at(neuron, i)));
    const biases = neurons.map((neuron) => at(neuron, inputs));
    start += outputs * (inputs + 1);
    return { inputs, outputs, weights, biases };
  });
}

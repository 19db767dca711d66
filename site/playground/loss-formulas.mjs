// The losses that the playground offers: their formulas, and what they measure. The build writes them into
// the page. Read src/losses.ts first.

/**
 * @typedef {object} LossFormula
 * @property {string} name as in src/train.ts
 * @property {string} title
 * @property {string} tex the formula; n points, each with its prediction p and its target t
 * @property {string} words what it measures
 */

/** @type {readonly LossFormula[]} */
export const losses = [
  {
    name: "meanSquaredError",
    title: "mean squared error",
    tex: "L = \\frac{1}{n} \\sum_i (p_i - t_i)^2",
    words: "The mean over all points of the squared distance between prediction p and target t.",
  },
  {
    name: "squaredError",
    title: "squared error (the lecture's)",
    tex: "L = \\frac{1}{n} \\sum_i (p_i - t_i)^2",
    words:
      "The squared distance between prediction p and target t, as one sum for each point. With one output it is the mean squared error.",
  },
  {
    name: "hinge",
    title: "hinge",
    tex: "L = \\frac{1}{n} \\sum_i \\max(0,\\; 1 - t_i \\cdot p_i)",
    words:
      "The mean over all points of what is missing to a margin of 1: nothing once prediction p and target t have the same sign and p is at least 1 in size.",
  },
  {
    name: "binaryCrossEntropy",
    title: "binary cross-entropy",
    tex: "L = \\frac{1}{n} \\sum_i -t_i \\log \\sigma(p_i) - (1 - t_i) \\log(1 - \\sigma(p_i))",
    words:
      "How surprising the targets are, on average, if each has the probability σ(p) = 1/(1 + e⁻ᵖ) of being 1. A target of −1 counts as t = 0 here.",
  },
  {
    name: "absoluteError",
    title: "absolute error",
    tex: "L = \\frac{1}{n} \\sum_i |p_i - t_i|",
    words: "The mean over all points of the distance between prediction p and target t.",
  },
  {
    name: "huber",
    title: "Huber",
    tex: "L = \\frac{1}{n} \\sum_i h(p_i - t_i), \\quad h(e) = \\begin{cases} \\frac{1}{2} e^2 & |e| \\le 1 \\\\ |e| - \\frac{1}{2} & |e| > 1 \\end{cases}",
    words:
      "Squared where prediction p and target t are near, and a straight line beyond: a point far off pulls no harder than others.",
  },
];

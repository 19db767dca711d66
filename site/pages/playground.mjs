// The page of the playground. Read layout.mjs first.

import { layout } from "./layout.mjs";

/**
 * @param {import("./all.mjs").Course} course
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function playgroundPage(course, built) {
  const body = `<h1>The playground</h1>
<training-playground></training-playground>`;
  return {
    file: "playground.html",
    html: layout(
      {
        title: "The playground",
        entry: "playground",
        body,
        current: "playground.html",
        description:
          "Train a small network on points of your own, and see what every neuron learns, with nothing hidden.",
      },
      course,
      built,
    ),
  };
}

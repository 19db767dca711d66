// The page of the playground. Read layout.mjs and ../playground/playground-html.mjs first.

import { boundaryChart } from "../../dist/draw/index.js";
import { Adam, MLP, makeMoons, pythonRandom, train } from "../../dist/index.js";
import { withStepsInPaths } from "../build/pictures.mjs";
import { playgroundHTML } from "../playground/playground-html.mjs";
import { layout } from "./layout.mjs";

/**
 * @param {import("./all.mjs").Course} course
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function playgroundPage(course, built) {
  const body = `<div class="pg-head">
<h1>The playground</h1>
<p class="lead">Press Play, and a small network learns to tell the points apart. Add, drag and delete points while it learns. Select a line or a neuron to see its numbers, and why they change.</p>
</div>
${playgroundHTML()}
${trainedFigure()}`;
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

/** What a network has learned, for readers without scripts. */
function trainedFigure() {
  const data = makeMoons();
  const random = pythonRandom(1337);
  const model = new MLP(2, [16, 16, 1], { activation: "relu", random });
  const optimizer = new Adam(model.parameters(), { rate: 0.05 });
  const { losses, loss } = train(model, data, { loss: "hinge", optimizer, epochs: 100 });
  const picture = boundaryChart((x) => model.predict(x)[0], data, {
    title: "What the network says of each place, after 100 steps",
  }).replace(/<style>.*?<\/style>/s, "");
  const [first, last] = [losses[0], loss].map((number) => number.toFixed(4));
  return `<div class="playground-still">
<p class="text">With scripts on, this page trains such a network before your eyes. Here is one that is done: 2 inputs, two layers of 16 neurons and one output, 337 parameters, on 100 points. Before the first step the loss was ${first}; after 100 steps it is ${last}. Blue is where the network says +1, orange where it says −1, and the line between is where it says 0.</p>
<figure class="picture">${withStepsInPaths(picture)}</figure>
</div>`;
}

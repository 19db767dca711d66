// The page of the broken engines. Read layout.mjs and sabotage/sabotage-html.mjs first.

import { sabotageHTML } from "../sabotage/sabotage-html.mjs";
import { layout } from "./layout.mjs";

/**
 * @param {import("./all.mjs").Course} course
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function sabotagePage(course, built) {
  const body = `<h1>Break backward()</h1>
<p class="lead">Four mistakes that nearly everybody makes when they write an engine. Each can be switched on here, beside the right engine, and you see which gradients go wrong. Then look at the loss: often it falls all the same, and that is what makes these mistakes hard to find.</p>
${sabotageHTML()}
<p class="text lab-more">Where they come from: <a href="./05-automating-the-gradient.html">step 5</a> makes the first two on purpose, <a href="./08-training.html">step 8</a> the third. How to find such a mistake in an engine of your own: <a href="./06-more-operations.html">step 6</a> checks gradients by nudging, and any graph of a lesson's cell opens in <a href="./debugger.html">the debugger</a>, beside the right numbers.</p>`;
  return {
    file: "sabotage.html",
    html: layout(
      {
        title: "Break backward()",
        entry: "sabotage",
        body,
        current: "sabotage.html",
        description:
          "Four classical mistakes beside the right engine: which gradients are wrong, and why the loss often still falls.",
      },
      course,
      built,
    ),
  };
}

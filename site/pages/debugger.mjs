// The page of the backprop debugger. Read layout.mjs and ../figures/stepper-html.mjs first.

import { stepperHTML } from "../figures/stepper-html.mjs";
import { layout } from "./layout.mjs";

/**
 * Without JavaScript, the walk through the usual formula can be read.
 * @param {import("./all.mjs").Course} course
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function debuggerPage(course, built) {
  const body = `<div class="debugger-intro">
<h1>The backprop debugger</h1>
<p class="lead">A network learns by asking of every number: <em>if you were a little larger, would the result grow or shrink, and how much?</em> That answer is the number’s <dfn>gradient</dfn>. Here you watch each one being computed.</p>
<ol class="debugger-hints needs-scripts" data-of="formula">
<li>Press <strong>Next step</strong> and read the sentence: one number is passed on, one box changes.</li>
<li>Click a box of the graph: you see what its gradient is made of, and what it means.</li>
<li>Change a number or the formula. Then look into <strong>a network in training</strong>.</li>
</ol>
<ol class="debugger-hints needs-scripts" data-of="run">
<li>The curve is the <strong>loss</strong>: how wrong the network is. Click it to open that training step.</li>
<li>Click a neuron to open it, then a weight: you read why it moves up or down.</li>
<li><strong>+ 1 step</strong> trains on. <strong>Next step</strong> walks within a training step.</li>
</ol>
</div>
<backprop-debugger>
${stepperHTML()}
</backprop-debugger>
<section class="debugger-help" aria-labelledby="help">
<h2 id="help">What you see here</h2>
<dl>
<dt>Data</dt>
<dd>The upper number in a box: the number itself. Leaves are given; all others are computed from their inputs, from left to right. That is the <dfn>forward pass</dfn>.</dd>
<dt>Gradient</dt>
<dd>The lower number: how fast the result changes with this number. A gradient of 6 means: make the number larger by 0.01, and the result gets larger by about 0.06. With a gradient of −2 it gets smaller by about 0.02.</dd>
<dt>A dash</dt>
<dd>This number is not computed yet.</dd>
<dt>The number of digits</dt>
<dd>Numbers are rounded where they are shown, not where they are used: in a sum or a product that you check by hand, the last digit may differ by one.</dd>
<dt>The backward pass</dt>
<dd>Gradients are found from the result back to the leaves. Every box passes its gradient on to each of its inputs, multiplied by its <dfn>local derivative</dfn>: how fast the box itself changes with that input. What arrives at a box from several sides is added up. This is the chain rule, and there is nothing else to backpropagation.</dd>
<dt>Training</dt>
<dd>Every weight of a network moves a little against its gradient, so that the loss, which says how wrong the network is, gets smaller. Then everything is computed again.</dd>
</dl>
<h3 class="needs-scripts">Keys</h3>
<table class="debugger-keys needs-scripts">
<thead class="visually-hidden"><tr><th scope="col">Key</th><th scope="col">What it does</th></tr></thead>
<tbody>
<tr><th scope="row"><kbd>→</kbd> <kbd>←</kbd></th><td>step forwards, and back (<kbd>Home</kbd> and <kbd>End</kbd>: to the first and the last step)</td></tr>
<tr><th scope="row"><kbd>n</kbd> <kbd>b</kbd></th><td>the same, wherever you are, in the graph too</td></tr>
<tr><th scope="row"><kbd>]</kbd> <kbd>[</kbd></th><td>in a run: one training step on, and back</td></tr>
<tr><th scope="row"><kbd>↑</kbd> <kbd>↓</kbd></th><td>in the field of a number: make it larger, smaller (with <kbd>Shift</kbd> by 1)</td></tr>
</tbody>
</table>
</section>`;
  return {
    file: "debugger.html",
    html: layout(
      {
        title: "The backprop debugger",
        entry: "debugger",
        body,
        current: "debugger.html",
        description:
          "Step through backward() one node at a time, forwards and back, for any formula and for a network in training.",
      },
      course,
      built,
    ),
  };
}

// The parts of <sabotage-lab> as HTML: readable without scripts, and what sabotage-lab.ts fills. Read
// sabotage-lab.ts beside it.

import { drawGraph } from "../../dist/draw/index.js";
import { brokenBackward, nameOf, sabotages, shownNumber } from "../../dist/explain/index.js";
import { graphOf, parseExpression } from "../../dist/index.js";
import { escapeText } from "../figures/stepper-model.mjs";

/** Formulas to begin with: the name of each says what it shows. */
const examples = [
  { words: "x * x", formula: "y = x*x", values: { x: 3 } },
  { words: "two paths", formula: "h = x*w; L = tanh(h) + h*w", values: { x: 1, w: 0.5 } },
  { words: "order", formula: "b = a + a; c = b + a; d = b + c", values: { a: 1 } },
  { words: "nothing shared", formula: "L = (a*b + c)*f", values: { a: 2, b: -3, c: 10, f: -2 } },
];

/** What the page shows before it is touched, as in address.ts. */
const first = { formula: "h = x*w; L = tanh(h) + h*w", values: { x: 1, w: 0.5 } };

/** What stands above the graph before a node is pointed at. */
const nodeHint =
  "The graph has this engine's gradients. Point at a node, or go there with Tab and arrow keys, to read both.";

export function sabotageHTML() {
  const output = parseExpression(first.formula).evaluate(first.values);
  output.backward();
  const broken = brokenBackward(output, { mistakes: new Set(["assign"]) });
  const rows = graphOf(output)
    .reverse()
    .map((node) => {
      const own = broken.get(node) ?? 0;
      const isWrong = Math.abs(own - node.grad) > 1e-9;
      const numbers = `<td>${shownNumber(node.grad)}</td><td>${shownNumber(own)}</td>`;
      return `<tr${isWrong ? " data-wrong" : ""}><th scope="row">${escapeText(nameOf(node))}</th>${numbers}<td aria-label="${isWrong ? "wrong" : "right"}">${isWrong ? "✗" : "✓"}</td></tr>`;
    });
  const picture = drawGraph(output, { open: "all" }).replace(/<style>[^<]*<\/style>/, "");
  const mistakes = sabotages.map(
    ({ name, title, sentence }) =>
      `<li><label><input type="checkbox" name="mistake" value="${name}"${name === "assign" ? " checked" : ""}> <strong>${escapeText(title)}</strong></label> <p>${escapeText(sentence)}</p></li>`,
  );
  const buttons = examples.map(
    ({ words, formula, values }) =>
      `<button type="button" data-example="${escapeText(formula)}" data-values="${escapeText(JSON.stringify(values))}">${escapeText(words)}</button>`,
  );
  return `<sabotage-lab>
<fieldset class="lab-mistakes"><legend>What is wrong with the engine?</legend>
<ul>${mistakes.join("\n")}</ul>
<label class="lab-operation" data-part="operation" hidden>The wrong local derivative <select data-part="operations"></select></label>
</fieldset>
<fieldset class="lab-views needs-scripts"><legend>On what does it run?</legend>
<label><input type="radio" name="view" value="formula" checked> A formula</label>
<label><input type="radio" name="view" value="net"> The four-point network in training</label>
</fieldset>
<p class="lab-problems" data-part="problems" role="alert"></p>
<div class="lab-formula" data-part="of-formula">
<div class="lab-line"><label>Formula <input type="text" name="formula" data-part="formula" value="${escapeText(first.formula)}" spellcheck="false" autocomplete="off"></label>
<span class="lab-numbers" data-part="numbers"></span></div>
<div class="lab-line lab-examples needs-scripts" role="group" aria-label="Examples">${buttons.join(" ")}</div>
</div>
<div class="lab-net" data-part="of-net" hidden>
<div class="lab-curves" data-part="curves"></div>
<p class="lab-legend"><span class="right">the right engine</span> <span class="broken">this engine</span> <span>loss against steps, on a logarithmic scale</span></p>
<div class="lab-line"><label class="lab-step">Step <input type="range" name="step" data-part="step" min="0" max="300" value="10"></label>
<label>Seed <input type="number" name="seed" data-part="seed" min="0" max="4294967295" step="1" value="1337"></label>
<button type="button" data-do="seed">Another seed</button></div>
<p data-part="step-text"></p>
</div>
<div class="lab-why" data-part="why"><p>Here <code>=</code> stands in place of <code>+=</code>, and the table says which gradients are wrong.</p></div>
<p class="lab-node needs-scripts" data-part="node">${nodeHint}</p>
<div class="lab-graph"><live-graph>${picture}</live-graph></div>
<div class="lab-table" data-part="table"><table><caption>The gradients</caption>
<thead><tr><th scope="col">Node</th><th scope="col">Right</th><th scope="col">This engine</th><td></td></tr></thead>
<tbody data-part="rows">${rows.join("")}</tbody>
</table></div>
<div class="lab-line needs-scripts"><button type="button" data-do="all" data-part="all" hidden></button> <button type="button" data-do="copy">Copy link</button></div>
<p class="visually-hidden" data-part="said" aria-live="polite"></p>
</sabotage-lab>`;
}

// The HTML of the playground, made at build time; the element binds it to a run. Read
// ../pages/layout.mjs first.

import {
  activations,
  cube,
  evenOdd,
  initializations,
  makeCircles,
  makeMoons,
  makeSine,
  makeSpirals,
  xor,
} from "../../dist/index.js";
import { mathHTML } from "../build/math.mjs";
import { losses } from "./loss-formulas.mjs";

/**
 * The element `<training-playground>` with all its controls; the rows of layers, the pictures and the
 * numbers come when scripts run.
 */
export const playgroundHTML =
  () => `<training-playground class="playground needs-scripts" data-state="loading">
${barHTML()}
<div class="pg-problem" role="alert" hidden><p></p><div class="pg-problem-actions"></div></div>
<div class="pg-columns">
<div class="pg-column pg-setup">
${panel("data", "Data", dataHTML())}
${panel("training", "Training", trainingHTML())}
</div>
<div class="pg-column pg-middle">
${panel("net", "Network", netHTML())}
${panel("selected", "Selected", selectedHTML)}
${panel("formula", "How the loss is made", formulaHTML())}
</div>
<div class="pg-column pg-outcome">
${panel("curve", "Loss", '<div data-view="loss"></div>')}
${panel("plane", "What the network says", '<div data-view="plane"></div>')}
</div>
</div>
<details class="pg-panel pg-words"><summary><h2>What the words mean</h2></summary>
${wordsHTML()}
</details>
<details class="pg-panel pg-parameters"><summary><h2>Every parameter, with its gradient</h2></summary><div></div></details>
<details class="pg-panel pg-graph"><summary><h2>The graph behind these numbers</h2></summary><div></div></details>
<details class="pg-panel pg-files"><summary><h2>Points, model and pictures in and out</h2></summary>
${filesHTML()}
</details>
</training-playground>`;

/** @param {string} name @param {string} title @param {string} inside */
const panel = (
  name,
  title,
  inside,
) => `<section class="pg-panel pg-${name}" aria-labelledby="pg-${name}-title">
<h2 id="pg-${name}-title">${title}</h2>
${inside}
</section>`;

const selectedHTML = `<div class="pg-selected-body"></div>
<p class="pg-buttons"><a class="button" data-link="debugger" href="./debugger.html">Open this step in the debugger</a>
<button type="button" data-do="unselect" hidden>Select nothing</button></p>`;

const formulaHTML = () => `${losses
  .map(
    ({ name, tex, words }) =>
      `<div data-loss="${name}" hidden>${mathHTML(tex, true)}<p class="pg-formula-words">${words}</p></div>`,
  )
  .join("\n")}
<p class="pg-formula-numbers"></p>`;

/** @param {string} name @param {string} paths */
const icon = (name, paths) =>
  `<svg class="icon-${name}" viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;

/** @param {string} action @param {string} label @param {string} picture @param {string} [more] attributes */
const button = (action, label, picture, more = "") =>
  `<button type="button" data-do="${action}"${more}>${picture}<span>${label}</span></button>`;

const barHTML = () => `<div class="pg-bar" role="group" aria-label="Training">
<div class="pg-buttons">
${button(
  "play",
  "Play",
  icon("play", '<path d="M7 5v14l11-7z" fill="currentColor"/>') +
    icon("pause", '<path d="M8 5v14M16 5v14" stroke-width="4"/>'),
  ' class="button primary"',
)}
${button("step", "Step", icon("step", '<path d="M6 5v14l9-7zM19 5v14"/>'), ' title="One training step"')}
${button("reset", "Reset", icon("reset", '<path d="M4 4v6h6M4.6 15a8 8 0 1 0 1-8.6L4 10"/>'), ' title="Back to step 0: the same seed, the same weights"')}
${button("new-seed", "New seed", icon("seed", '<rect x="4" y="4" width="16" height="16" rx="3"/><path d="M9 9h.01M15 15h.01M15 9h.01M9 15h.01" stroke-width="3"/>'), ' title="Other first weights, from step 0"')}
<label class="pg-speed"><span class="visually-hidden">Speed</span><select data-field="speed">
<option value="1">1 step/s</option>
<option value="5">5 steps/s</option>
<option value="20" selected>20 steps/s</option>
<option value="60">60 steps/s</option>
<option value="full speed">full speed</option>
</select></label>
</div>
<dl class="pg-counters">
<div><dt>Step</dt><dd data-show="step">–</dd></div>
<div><dt>Loss</dt><dd data-show="loss">–</dd></div>
<div data-only="classes"><dt>Accuracy</dt><dd data-show="accuracy">–</dd></div>
<div data-only="held-out"><dt>Held-out loss</dt><dd data-show="heldOutLoss">–</dd></div>
<div data-only="held-out"><dt>Held-out accuracy</dt><dd data-show="heldOutAccuracy">–</dd></div>
</dl>
<div class="pg-buttons pg-more">
${button("undo", "Undo", icon("undo", '<path d="M8 5 3 10l5 5M3 10h11a6 6 0 0 1 0 12h-3"/>'), ' disabled title="Take back the last change: of data, network or training"')}
${button("copy-link", "Copy link", icon("link", '<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.2 1.2M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.2-1.2"/>'), ' title="A link to exactly this: points, network, seed, step"')}
</div>
</div>`;

// Words.

/** What someone who has never trained a network needs, in the order of seeing it. @type {readonly (readonly [string, string, string])[]} */
const words = [
  [
    "",
    "Step",
    "Training goes in steps. In each, every weight and every bias moves a little, so that the loss falls.",
  ],
  [
    "loss",
    "Loss",
    "One number that says how wrong the network is over all points: 0 is perfect. What it is made of stands under “How the loss is made”.",
  ],
  [
    "decision-boundary",
    "Accuracy",
    "The share of points that are on their colour’s side of the zero line, where the network’s output is exactly 0.",
  ],
  [
    "neuron",
    "Neuron",
    "It multiplies each number that comes in by a weight, adds all that up and its bias, and bends the sum with a function such as tanh. Its small picture shows what comes out everywhere in the plane.",
  ],
  [
    "weights",
    "Weight, bias",
    "The numbers that are learned. A line is a weight: thick is large, dashed is below 0. The number at a neuron is its bias.",
  ],
  [
    "gradient",
    "Gradient",
    "How fast the loss would change if this one number grew. Below 0: a larger number makes the loss smaller, so training moves it up.",
  ],
  [
    "learning-rate",
    "Learning rate",
    "How far a step goes: plain SGD moves each number by −rate × gradient. Too small is slow; too large jumps over the valley and the loss explodes. The other optimizers (Adam, momentum) also remember the steps before.",
  ],
  [
    "held-out",
    "Held out",
    "Points that are not learned from, drawn hollow. If their loss grows while the loss falls, the network learns the points by heart: overfitting.",
  ],
  [
    "seed",
    "Seed",
    "The first weights, and the noise of the points, are random, but the same seed always draws the same ones. So Reset repeats a run to the last digit, and a link shows others exactly what you see.",
  ],
];

const wordsHTML = () => `<dl class="pg-words-list">
${words
  .map(([id, word, meaning]) => {
    const name = id === "" ? word : `<a href="./glossary.html#${id}">${word}</a>`;
    return `<div><dt>${name}</dt><dd>${meaning}</dd></div>`;
  })
  .join("\n")}
</dl>`;

// Data.

/** Each data set with its name for the reader. */
const dataSets = /** @type {const} */ ([
  ["even-odd", "Even/odd", "4 points with 3 inputs", evenOdd()],
  ["cube", "Cube", "8 corners", cube()],
  ["xor", "XOR", "4 points", xor()],
  ["moons", "Moons", "", makeMoons({ points: 50 })],
  ["circles", "Circles", "", makeCircles({ points: 50 })],
  ["spirals", "Spirals", "", makeSpirals({ points: 60, noise: 0 })],
  ["sine", "Sine", "", makeSine({ points: 24, noise: 0.05 })],
  ["own", "Own", "", undefined],
]);

const dataHTML =
  () => `<fieldset class="pg-choice"><legend class="visually-hidden">Data set</legend>
${dataSets
  .map(
    ([name, title, , data]) =>
      `<label><input type="radio" name="pg-data" value="${name}" data-field="data">${thumbnail(data)}<span>${title}</span></label>`,
  )
  .join("\n")}
</fieldset>
<div class="pg-data-head"><p class="pg-data-words"></p>
${button("open-files", "CSV …", "", ' title="Paste or open points as CSV"')}</div>
<div class="pg-fields">
${number("points", "Points", 'min="2" max="2000" step="1"', "drawn")}
${range("noise", "Noise", 'min="0" max="0.5" step="0.01"', "drawn")}
${range("heldOut", "Held out", 'min="0" max="0.5" step="0.05"')}
${number("dataSeed", "Points’ seed", 'min="0" max="4294967295" step="1"', "drawn")}
</div>
<div class="pg-buttons" data-only="own">
${button("two-points", "Begin with two points", "")}
</div>`;

/** A small picture of points. @param {import("chainrule").DataSet | undefined} data */
function thumbnail(data) {
  const size = 40;
  const attributes = `viewBox="0 0 ${size} ${size}" width="${size}" height="${size}" aria-hidden="true"`;
  if (data === undefined) {
    return `<svg ${attributes}><path class="pg-plus" d="M20 12v16M12 20h16"/></svg>`;
  }
  const places = data.inputs.map((x, i) => {
    if (x.length === 1) return [x[0], data.targets[i][0] * 2];
    return x.length === 2 ? x : [x[0] + 0.45 * x[2], x[1] + 0.3 * x[2]]; // as one sees a cube
  });
  const scale = (/** @type {number} */ axis) => {
    const along = places.map((place) => place[axis]);
    const [low, high] = [Math.min(...along), Math.max(...along)];
    return (/** @type {number} */ x) => 5 + ((x - low) / (high - low)) * (size - 10);
  };
  const [across, up] = [scale(0), scale(1)];
  const radius = places.length > 10 ? 1.6 : 3;
  const dots = places.map(([x, y], i) => {
    const side = data.task === "regression" ? "value" : data.targets[i][0] > 0 ? "above" : "below";
    return `<circle class="pg-${side}" cx="${across(x).toFixed(1)}" cy="${(size - up(y)).toFixed(1)}" r="${radius}"/>`;
  });
  return `<svg ${attributes}>${dots.join("")}</svg>`;
}

/** @param {string} field @param {string} label @param {string} limits @param {string} [only] */
const number = (field, label, limits, only) =>
  `<label class="pg-field"${only ? ` data-only="${only}"` : ""}><span>${label}</span><input type="number" data-field="${field}" ${limits} required></label>`;

/** @param {string} field @param {string} label @param {string} limits @param {string} [only] */
const range = (field, label, limits, only) =>
  `<label class="pg-field pg-range"${only ? ` data-only="${only}"` : ""}><span>${label}</span><input type="range" data-field="${field}" ${limits}><output></output></label>`;

/** @param {string} field @param {string} label @param {readonly (readonly [string, string])[]} options */
const select = (field, label, options) =>
  `<label class="pg-field"><span>${label}</span><select data-field="${field}">${options
    .map(([value, title]) => `<option value="${value}">${title}</option>`)
    .join("")}</select></label>`;

// Network and training.

const netHTML = () => `<div class="pg-shape" role="group" aria-label="Layers"></div>
<div data-view="network"></div>
<div class="pg-fields">
${select("activation", "Hidden neurons", named(activations))}
${select("output", "Last neuron", named(activations))}
${select("init", "First weights", [
  ["uniform", "uniform, biases 0"],
  ["lecture", "all uniform"],
  ["scaled", "uniform, scaled"],
  ["he", "normal (He)"],
  ["zero", "all zero"],
])}
</div>`;

/** @param {readonly string[]} names @returns {[string, string][]} */
const named = (names) => names.map((name) => [name, name]);

const optimizers = /** @type {const} */ ([
  ["sgd", "SGD"],
  ["momentum", "SGD with momentum"],
  ["nesterov", "Nesterov momentum"],
  ["adam", "Adam"],
  ["adamw", "AdamW"],
]);

const trainingHTML = () => `<div class="pg-fields">
${select(
  "loss",
  "Loss",
  losses.map(({ name, title }) => [name, title]),
)}
${select("optimizer", "Optimizer", optimizers)}
<label class="pg-field pg-rate"><span id="pg-rate">Learning rate</span><input type="number" data-field="rate" min="0" step="any" required aria-labelledby="pg-rate"><input type="range" data-field="rateSlider" min="-4" max="1" step="0.05" aria-labelledby="pg-rate"></label>
${number("seed", "Weights’ seed", 'min="0" max="4294967295" step="1"')}
</div>
<p class="pg-engine"></p>`;

// Files.

const filesHTML = () => `<div class="pg-files-grid">
<form class="pg-paste">
<label for="pg-csv">Points as CSV: one line a point, the last column is the target</label>
<textarea id="pg-csv" rows="8" spellcheck="false" autocomplete="off" placeholder="x1,x2,y&#10;0.5,1.2,1&#10;-0.3,0.4,-1"></textarea>
<div class="pg-buttons">
<button type="submit" class="button primary" data-do="read-csv">Use these points</button>
${button("show-csv", "Show the points of now", "")}
</div>
</form>
<div class="pg-drop">
<p>Drop a CSV or a model file anywhere on this page, or <label class="button pg-file">open one<input type="file" data-do="open" accept=".csv,.txt,.json,text/csv,text/plain,application/json"></label></p>
<p id="pg-save">Save what is here now:</p>
<div class="pg-buttons" role="group" aria-labelledby="pg-save">
${button("save-csv", "Points as CSV", "")}
${button("save-model", "Model file", "")}
${button("save-plane", "Picture as SVG", "")}
${button("save-graph", "Graph as SVG", "")}
${button("save-dot", "Graph as DOT", "")}
</div>
</div>
</div>
<p class="pg-files-said" role="status"></p>`;

if (initializations.length !== 5) throw new Error("playground: an initialization has no name");

/**
 * `chainrule train --report`: what came of a training as one web page, complete in itself: no
 * script, no request, readable in light and dark, on a phone and on paper. Read report.ts and
 * src/draw/chart.ts first.
 */

import type { DataSet } from "../data.ts";
import { boundaryChart } from "../draw/boundary-chart.ts";
import { functionChart } from "../draw/function-chart.ts";
import { drawGraph } from "../draw/graph.ts";
import { histogram } from "../draw/histogram.ts";
import { lossChart } from "../draw/line-chart.ts";
import { escapeText, palette } from "../draw/svg.ts";
import type { MLP } from "../nn.ts";
import { losses } from "../train.ts";
import { withOrigin } from "../value.ts";
import { CommandError } from "./arguments.ts";
import {
  count,
  curve,
  headline,
  heldOutCurve,
  resultLine,
  rightAnswer,
  type Told,
  verdict,
} from "./report.ts";

// Beyond these, a page says that there is more.
const MOST_POINTS = 200;
const MOST_DRAWN = 2000;
const MOST_COLUMNS = 12;
const MOST_PARAMETERS = 1000;
const MOST_INPUTS = 50; // of a network whose graph is drawn

/** Small pictures, which the page enlarges: their text is still to be read on a phone. */
const SIZE = { width: 400, height: 300 };

/**
 * Finds out, before the training, whether the packages that draw are there.
 *
 * @throws CommandError that says how to install what is missing
 */
export function expectCharts(): void {
  try {
    lossChart([1, 0]);
    boundaryChart(([x]) => x, { inputs: [], targets: [] }, { resolution: 4 });
  } catch (error) {
    throw new CommandError(`--report: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * The page. Equal trainings give equal pages: it has no time and no place in it.
 *
 * The gradients of the model become those of the mean loss over all training points.
 *
 * @param args the words of the command line, to say how to have it again
 * @param signal the signal that ended the training, if one did
 */
export function reportPage(
  story: Told,
  args: readonly string[],
  signal: string | undefined,
): string {
  const wide = { columns: Number.MAX_SAFE_INTEGER, live: false, colors: false, unicode: true };
  const { data, training } = story;
  const outcome = [
    resultLine(wide, story),
    verdict(story),
    signal === undefined ? "" : "It was stopped before its end.",
    training.problem === undefined
      ? ""
      : `${training.problem}; the weights are the last good ones.`,
  ];
  const sections = [
    section("Loss", lossFigure(story)),
    section("What the network says", mapFigure(story)),
    section("The network at work", graphFigure(story)),
    section("Weights", weightsFigure(story.model)),
    section("Points", pointTable(story)),
    section("Parameters", parameterTable(story)),
    section("Settings", settingsTable(story)),
    section("The same again", commandLine(args)),
  ];
  const title = `A network trained on ${data.name}`;
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeText(title)}</title>\n<style>${style}</style>\n</head>\n<body>\n<main>`,
    `<h1>${escapeText(title)}</h1>`,
    ...outcome
      .filter((text) => text !== "")
      .map((text) => `<p class="outcome">${escapeText(text)}</p>`),
    `<p>${escapeText(headline(wide, story).join(" "))}</p>`,
    ...sections,
    "</main>\n</body>\n</html>\n",
  ].join("\n");
}

// ---- Figures ---------------------------------------------------------------------------------

function lossFigure(story: Told): string {
  const all = curve(story.training);
  const heldOut = heldOutCurve(story.training);
  if (all.length < 2) return paragraph("There was no training, so there is no curve.");
  const own = story.recipe.loss;
  const picture = lossChart(all, {
    ...SIZE,
    title: `Loss (${own})`,
    ...(heldOut.length > 0 ? { heldOut } : {}),
  });
  return figure(
    picture,
    "The mean loss of the points learned from, before each epoch and at the end.",
  );
}

/** What the network says about all inputs: a curve for one, a map for two, a slice for more. */
function mapFigure({ model, data }: Told): string {
  const inputs = data.inputs[0].length;
  const drawn = firstOf(data, MOST_DRAWN);
  const some =
    data.inputs.length > MOST_DRAWN ? ` Of the points, the first ${MOST_DRAWN} are drawn.` : "";
  const first = (x: readonly number[]) => model.predict(x)[0];
  if (inputs === 1 && data.task !== "classes") {
    return figure(
      curveOf(first, drawn),
      `The first output for each input; the points are the data.${some}`,
    );
  }
  if (data.task === "regression") {
    const more = data.targets[0].length > 1 ? " Only the first of the targets is drawn." : "";
    const caption = `If all were right, all points would be on the line.${more}${some}`;
    return figure(againstTargets(first, drawn), caption);
  }
  if (inputs === 1) return paragraph("One input and several classes: there is no picture of that.");
  const predict = (x: readonly number[]) => (data.task === "classes" ? model.predict(x) : first(x));
  if (inputs === 2) {
    const picture = boundaryChart(predict, drawn, { ...SIZE, title: "Decision boundary" });
    const wrong =
      "Colours say which class the network gives to each place; a point with a ring is on the wrong side.";
    return figure(picture, `${wrong}${some}`);
  }
  return slice(predict, drawn);
}

/** The map of the first two inputs, the others held at their means. */
function slice(
  predict: (x: readonly number[]) => number | readonly number[],
  data: DataSet,
): string {
  const { inputs } = data;
  const means = inputs[0].map((_, i) => inputs.reduce((sum, x) => sum + x[i] / inputs.length, 0));
  const domains = [0, 1].map((i) => around(inputs.map((x) => x[i])));
  const picture = boundaryChart(
    ([a, b]) => predict([a, b, ...means.slice(2)]),
    { inputs: [], targets: [] },
    { ...SIZE, title: "A slice", x: { domain: domains[0] }, y: { domain: domains[1] } },
  );
  const others =
    means.length === 3 ? "the third stays at its mean" : "the others stay at their means";
  const list = means
    .slice(2, 2 + MOST_COLUMNS)
    .map(digits)
    .join(", ");
  return figure(
    picture,
    `Of ${means.length} inputs the first two vary; ${others} ` +
      `(${list}${means.length > 2 + MOST_COLUMNS ? ", …" : ""}). ` +
      "The points are not drawn, since most lie elsewhere.",
  );
}

/** A network with one input is a curve. */
function curveOf(f: (x: readonly number[]) => number, { inputs, targets }: DataSet): string {
  const points = inputs.map(([x], i) => [x, targets[i][0]] as const);
  const [from, to] = around(points.map(([x]) => x));
  const axes = { x: { label: "input" }, y: { label: "output" } };
  return functionChart((x) => f([x]), { ...SIZE, ...axes, title: "Output", from, to, points });
}

/** Outputs against targets, and the line where they are equal. */
function againstTargets(f: (x: readonly number[]) => number, { inputs, targets }: DataSet): string {
  const points = inputs.map((x, i) => [targets[i][0], f(x)] as const);
  const [from, to] = around(points.map(([target]) => target));
  const axes = { x: { label: "target" }, y: { label: "output" } };
  const line = { name: "output = target", from, to };
  return functionChart((t) => t, {
    ...SIZE,
    ...axes,
    ...line,
    title: "Output against target",
    points,
  });
}

/** From a little below the lowest number to a little above the highest. */
function around(numbers: readonly number[]): [number, number] {
  const lowest = numbers.reduce((least, x) => Math.min(least, x), Infinity);
  const highest = numbers.reduce((most, x) => Math.max(most, x), -Infinity);
  const space = highest / 10 - lowest / 10 || 1;
  return [Math.max(lowest - space, -Number.MAX_VALUE), Math.min(highest + space, Number.MAX_VALUE)];
}

/** The graph of the loss of the first point, after a backward pass; neurons are closed boxes. */
function graphFigure({ model, data, recipe }: Told): string {
  if (model.parameters().length > MOST_PARAMETERS || data.inputs[0].length > MOST_INPUTS) {
    return paragraph("This network is too large for a picture of its graph.");
  }
  model.zeroGrad();
  const loss = withOrigin({ example: 0 }, () =>
    losses[recipe.loss](model.forward(data.inputs[0]), data.targets[0]),
  );
  loss.backward();
  const picture = drawGraph(loss, { title: "The loss of the first point", open: "network" });
  const caption =
    "From left to right: inputs, neurons, loss. In each box stand the number that it computed and " +
    "the gradient: how the loss of this one point changes with it.";
  return figure(scrolled("The graph", picture), caption);
}

function weightsFigure(model: MLP): string {
  const numbers = model.parameters().map((parameter) => parameter.data);
  const title = "Weights and biases";
  return figure(
    histogram(numbers, { ...SIZE, title, label: "number" }),
    `How often which numbers occur among the ${count(numbers.length, "parameter")}.`,
  );
}

// ---- Tables ----------------------------------------------------------------------------------

function pointTable({ model, data, recipe }: Told): string {
  const shown = firstOf(data, MOST_POINTS);
  const columns = Math.min(data.inputs[0].length, MOST_COLUMNS);
  const judged = data.task !== "regression";
  const head = [
    ...Array.from({ length: columns }, (_, i) => `input ${i + 1}`),
    ...named("target", data.targets[0].length),
    ...named("output", model.layers[model.layers.length - 1].neurons.length),
    ...(judged ? ["right?"] : []),
  ];
  const rows = shown.inputs.map((x, i) => {
    const outputs = model.predict(x);
    const right = rightAnswer(outputs, data.targets[i][0], data.task);
    return [
      ...x.slice(0, columns).map(digits),
      ...data.targets[i].slice(0, MOST_COLUMNS).map(digits),
      ...outputs.slice(0, MOST_COLUMNS).map(digits),
      ...(judged ? [right ? "yes" : "no"] : []),
    ];
  });
  const notes = [
    limited(data.inputs.length, MOST_POINTS, "point"),
    limited(data.inputs[0].length, MOST_COLUMNS, "input"),
    recipe.loss === "crossEntropy" ? "The answer is the class with the largest output." : "",
  ];
  return table("Targets and outputs", head, rows) + remarks(notes);
}

function named(what: string, n: number): string[] {
  if (n === 1) return [what];
  return Array.from({ length: Math.min(n, MOST_COLUMNS) }, (_, i) => `${what} ${i + 1}`);
}

function parameterTable({ model, data, recipe }: Told): string {
  findGradients(model, data, recipe.loss);
  const parameters = model.namedParameters();
  const rows = parameters
    .slice(0, MOST_PARAMETERS)
    .map(([name, { data, grad }]) => [name, digits(data), digits(grad)]);
  return (
    table("Every parameter and its gradient", ["name", "number", "gradient"], rows) +
    remarks([
      "The gradient is that of the mean loss over all points learned from, at the trained weights.",
      limited(parameters.length, MOST_PARAMETERS, "parameter"),
    ])
  );
}

/** Point by point, so that large data needs no large graph: gradients add up. */
function findGradients(model: MLP, data: DataSet, name: keyof typeof losses): void {
  model.zeroGrad();
  for (const [example, x] of data.inputs.entries()) {
    withOrigin({ example }, () => {
      losses[name](model.forward(x), data.targets[example]).div(data.inputs.length).backward();
    });
  }
}

function settingsTable({ model, data, heldOut, recipe, seed, settings, training }: Told): string {
  const sizes = [
    model.layers[0].neurons[0].weights.length,
    ...model.layers.map((layer) => layer.neurons.length),
  ];
  const entries: [string, unknown][] = [
    ["network", sizes.join("-")],
    ["hidden activation", model.layers.length > 1 ? recipe.activation : undefined],
    ["output activation", recipe.output],
    ...Object.entries({ ...settings, data: data.name, points: undefined, heldOut: undefined }),
    ["points", data.inputs.length],
    ["held out", heldOut?.inputs.length],
    ["seed", seed],
    ["engine", training.engine],
    ["epochs", `${training.epochs} of ${recipe.epochs}`],
  ];
  const rows = entries
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [words(name), String(value)]);
  return table("How it was trained", ["setting", "value"], rows);
}

/** weightDecay: weight decay. */
const words = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function commandLine(args: readonly string[]): string {
  const kept: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--report")
      i += 1; // and its value
    else if (!/^--(?:report=|json$|quiet$)/.test(args[i])) kept.push(args[i]);
  }
  const line = ["chainrule", "train", ...kept.map(quoted), "--report", "report.html"].join(" ");
  return (
    `<pre tabindex="0"><code>${escapeText(line)}</code></pre>` +
    paragraph("The same words give the same numbers, to the last bit, on every machine.")
  );
}

/** A word as a shell takes it. */
const quoted = (word: string): string =>
  /^[\w./:,=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

// ---- HTML ------------------------------------------------------------------------------------

function section(title: string, content: string): string {
  return `<section>\n<h2>${escapeText(title)}</h2>\n${content}\n</section>`;
}

const paragraph = (text: string): string => `<p>${escapeText(text)}</p>`;

function figure(picture: string, caption: string): string {
  return `<figure>\n${picture}\n<figcaption>${escapeText(caption)}</figcaption>\n</figure>`;
}

/** A table with a caption and headers. */
function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[]) {
  const header = head.map((name) => `<th scope="col">${escapeText(name)}</th>`).join("");
  const body = rows.map((row) => {
    const cells = row.map((cell) => `<td>${escapeText(cell)}</td>`);
    return `<tr>${cells.join("")}</tr>`;
  });
  return scrolled(
    caption,
    [
      `<table>\n<caption>${escapeText(caption)}</caption>`,
      `<thead><tr>${header}</tr></thead>\n<tbody>`,
      ...body,
      "</tbody>\n</table>",
    ].join("\n"),
  );
}

/** What may be wider or higher than the screen is moved by itself, with the keyboard too. */
function scrolled(name: string, content: string): string {
  const label = escapeText(name);
  return `<div class="scroll" role="region" aria-label="${label}" tabindex="0">\n${content}\n</div>`;
}

function remarks(notes: readonly string[]): string {
  return notes
    .filter((note) => note !== "")
    .map((note) => `\n${paragraph(note)}`)
    .join("");
}

/** Says that there are more than are shown. */
function limited(all: number, most: number, what: string): string {
  return all <= most
    ? ""
    : `These are the first ${most} of ${count(all, what)}; --json has them all.`;
}

const firstOf = (data: DataSet, n: number): DataSet => ({
  ...data,
  inputs: data.inputs.slice(0, n),
  targets: data.targets.slice(0, n),
});

/** A number with six digits. */
function digits(x: number): string {
  const size = Math.abs(x);
  const plain = size === 0 || (size >= 1e-4 && size < 1e9) || !Number.isFinite(x);
  return plain ? String(Number(x.toPrecision(6))) : x.toExponential(3);
}

/** The colours of the pictures, for the page around them. */
const colors = (theme: 0 | 1): string =>
  `{--panel:${palette.panel[theme]};--page:${palette.node[theme]};--ink:${palette.ink[theme]};` +
  `--faint:${palette.faint[theme]};--line:${palette.line[theme]}}`;

const style = `
:root${colors(0)}
@media screen and (prefers-color-scheme:dark){:root${colors(1)}}
:root{color-scheme:light dark}
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{max-width:62rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0 1rem}
h2{font-size:1.2rem;margin:2rem 0 .5rem}
h1,h2,p,figcaption{overflow-wrap:anywhere;max-width:46rem}
.outcome{font-size:1.1rem;font-weight:600}
figure{margin:0}
figure svg{display:block;width:36rem}
figure .scroll{padding:0;border:0;max-height:none}
.scroll svg.cr-picture{width:auto;max-width:none}
figcaption,caption{color:var(--faint);font-size:.9rem;text-align:left;padding:.4rem 0}
.scroll,pre{overflow:auto;background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:.5rem .75rem}
.scroll{max-height:32rem}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
th,td{padding:.15rem .75rem .15rem 0;text-align:left;white-space:nowrap;border-bottom:1px solid var(--line)}
@media print{body{background:none}.scroll{max-height:none;overflow:visible;border:0;padding:0}.scroll svg.cr-picture{max-width:100%}pre{white-space:pre-wrap}figure,tr{break-inside:avoid}h2{break-after:avoid}}
`;

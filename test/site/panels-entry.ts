// What the page of panels.test.ts runs: a bare debugger, which is to say a walk with panels around
// it. Read ../../site/debugger/panel.ts first.

import "../../site/styles/tokens.css";
import "../../site/styles/site.css";
import {
  evenOdd,
  MLP,
  makeMoons,
  mean,
  meanSquaredError,
  parseExpression,
  pythonRandom,
  Value,
  withOrigin,
} from "chainrule";
import { namesIn, type Path, Walk } from "chainrule/explain";
import type { Moment } from "../../site/debugger/panel.ts";
import { curvePanel } from "../../site/debugger/panels/curve.ts";
import { proofsPanel } from "../../site/debugger/panels/proofs.ts";
import { quizPanel } from "../../site/debugger/panels/quiz.ts";
import { receiptPanel } from "../../site/debugger/panels/receipt.ts";

/** L = (a*b + c)*f, at the numbers of the lecture unless others are given. */
function formula(values: Record<string, number> = {}): Value {
  const { evaluate } = parseExpression("L = (a*b + c)*f");
  return evaluate({ a: 2, b: -3, c: 10, f: -2, ...values });
}

/** d = a + a: two edges between the same two nodes. */
function twice(): Value {
  const a = new Value(3, "a");
  const d = a.add(a);
  d.label = "d";
  return d;
}

/** The lecture's network on its four points: 41 parameters. */
function network(): Value {
  const { inputs, targets } = evenOdd();
  const sizes = [4, 4, 1];
  const options = { activation: "tanh", output: "tanh", random: pythonRandom(1337) } as const;
  const model = new MLP(3, sizes, options);
  const loss = mean(
    inputs.map((x, example) =>
      withOrigin({ example }, () => meanSquaredError(model.forward(x), targets[example])),
    ),
  );
  loss.label = "loss";
  return loss;
}

/** A parabola with its valley at 1, for a step to fall into and to overshoot. */
function valley(): Value {
  const { evaluate } = parseExpression("L = (w - 1)^2");
  return evaluate({ w: 3 });
}

/** A sum of a hundred terms, one for each data point. */
function shared(): Value {
  const w = new Value(1, "w");
  const points = Array.from({ length: 100 }, (_, example) =>
    withOrigin({ example }, () => w.mul(example + 1)),
  );
  const sum = points.reduce((left, right) => left.add(right));
  sum.label = "sum";
  return sum;
}

/** Each node doubles the number of paths: 2^20. */
function doubling(): Value {
  let node = new Value(1, "x");
  for (let i = 0; i < 20; i++) node = node.add(node);
  node.label = "y";
  return node;
}

/** The moons' network on 100 points: 65,236 nodes. */
function large(): Value {
  const { inputs, targets } = makeMoons({ points: 100 });
  const model = new MLP(2, [16, 16, 1], { activation: "relu", random: pythonRandom(1337) });
  const losses = inputs.map((x, example) =>
    withOrigin({ example }, () => meanSquaredError(model.forward(x), targets[example])),
  );
  return mean(losses);
}

const graphs = { formula, twice, network, valley, shared, doubling, large };

const panels = [receiptPanel(), proofsPanel(), curvePanel(), quizPanel()];
for (const { title, element } of panels) {
  const section = document.createElement("section");
  const heading = document.createElement("h2");
  heading.textContent = title;
  section.append(heading, element);
  document.querySelector("main")?.append(section);
}

let walk = new Walk(formula());
let position = walk.steps.length;
let selected: Value | undefined;
let hidden: Value | undefined;
let rate = 0.1;
/** The path that is lit up. */
let lit: Path | undefined;

let names = namesIn(walk.output);

function show(): void {
  const moment: Moment = { walk, position, node: selected, rate, nameOf: names, hidden };
  for (const panel of panels) panel.show(moment);
}

const main = document.querySelector("main") as HTMLElement; // in the page of panels.test.ts
const on = (type: string, act: (detail: never) => void) =>
  main.addEventListener(type, (event) => {
    act((event as CustomEvent).detail as never); // each event has its own
    if (type !== "debugger-path") show();
  });
on("debugger-select", ({ node }: { node: Value }) => {
  selected = node;
});
on("debugger-path", ({ path }: { path: Path | undefined }) => {
  lit = path;
});
on("debugger-rate", (detail: { rate: number }) => {
  rate = detail.rate;
});
on("debugger-quiz", (detail: { hidden: Value | undefined }) => {
  hidden = detail.hidden;
});
on("debugger-go", (detail: { position: number }) => {
  position = detail.position;
});

const bed = {
  /** Opens a graph at the end of its walk; a formula at these numbers. */
  open(name: keyof typeof graphs, values: Record<string, number> = {}): void {
    walk = new Walk(graphs[name](values));
    names = namesIn(walk.output);
    position = walk.steps.length;
    selected = undefined;
    show();
  },
  /** Another number in a leaf of the formula, as if it was dragged: everything else stays. */
  write(values: Record<string, number>): void {
    const name = selected === undefined ? undefined : names(selected);
    walk = new Walk(formula(values));
    names = namesIn(walk.output);
    selected = [...nodes()].find((node) => names(node) === name);
    show();
  },
  select(name: string): void {
    selected = [...nodes()].find((node) => names(node) === name);
    if (selected === undefined) throw new Error(`There is no ${name}`);
    show();
  },
  /** Selects a node and waits for its curve; returns for how many ms the page did not answer at worst. */
  async pauseBySelecting(name: string): Promise<number> {
    let last = performance.now();
    let pause = 0;
    const tick = () => {
      pause = Math.max(pause, performance.now() - last);
      last = performance.now();
    };
    const timer = setInterval(tick, 5);
    bed.select(name);
    const isBusy = () => document.querySelector(".curve-stage")?.ariaBusy !== "false";
    do await new Promise((done) => setTimeout(done, 10));
    while (isBusy());
    clearInterval(timer);
    tick();
    return pause;
  },
  go(to: number): void {
    position = to;
    show();
  },
  setRate(to: number): void {
    rate = to;
    show();
  },
  state: () => ({
    position,
    steps: walk.steps.length,
    forward: walk.forward,
    selected: selected && names(selected),
    hidden: hidden && names(hidden),
    rate,
    gradient: selected && walk.gradient(selected, walk.steps.length),
    lit: lit && { names: lit.edges.map(({ consumer }) => names(consumer)), product: lit.product },
  }),
  parameters: () => [...nodes()].filter((n) => n.label !== "" && n.op === "").map(names),
};
const nodes = () =>
  new Set([walk.output, ...walk.steps.flatMap((s) => (s.kind === "pass" ? [s.input] : []))]);
Object.assign(window, { bed });
show();

export type Bed = typeof bed;

// docs/compiler.md: every block that names what it shows is made afresh here and compared.
// `npm test -- document --update` writes what has changed into the document.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/set-up.mjs";
import { isSimple } from "../../src/compile/emit.ts";
import { compile, type Loss, type Program } from "../../src/compile/index.ts";
import { recoverLayers } from "../../src/compile/layers.ts";
import { reverse } from "../../src/compile/reverse.ts";
import { trace } from "../../src/compile/trace.ts";
import { drawGraph } from "../../src/draw/index.ts";
import * as chainrule from "../../src/index.ts";
import { describePlan, describeTerms, describeTrace } from "./describe.ts";

const { hinge, makeMoons, mean, MLP, pythonRandom, Value } = chainrule;
const path = join(root, "docs", "compiler.md");
const document = readFileSync(path, "utf8");

/** The blocks of code that the document runs, in its order. */
const scripts = [...document.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code]) => code!);

/** What the scripts leave behind. */
interface World {
  readonly model: chainrule.MLP;
  readonly loss: Loss;
  readonly program: Program;
  readonly inputs: number[][];
  readonly targets: number[][];
}

/** Runs all scripts as one; returns what they print and what they define. */
function run(): { printed: string[]; world: World } {
  const printed: string[] = [];
  const log = (...things: unknown[]) => printed.push(things.join(" "));
  const imports = [
    ...scripts.join("").matchAll(/^import \{ (.*) \} from "chainrule(?:\/compile)?";/gm),
  ];
  const names = imports.flatMap(([, list]) => list!.split(", "));
  const exported: Readonly<Record<string, unknown>> = { ...chainrule, compile };
  const body = scripts
    .join("\n")
    .replace(/^import .*/gm, "")
    .replaceAll("console.log", "log");
  const returned = "return { model, loss, program, inputs, targets };";
  const make = new Function("log", ...names, body + returned);
  return { printed, world: make(log, ...names.map((name) => exported[name])) };
}

const { printed, world } = run();
const { model, loss, program, inputs, targets } = world;
const traced = trace({
  where: "docs/compiler.md",
  make: (x, t) => [loss(x, t)],
  inputs: 1,
  targets: 1,
  parameters: model.parameters(),
});
const terms = reverse(traced);

/** The second example by the engine: its Values in the order of the trace, with gradients. */
function exampleInOrder(): chainrule.Value[] {
  const [x, t] = [inputs, targets].map((rows) => rows[1]!.map((number) => new Value(number)));
  for (const parameter of model.parameters()) parameter.zeroGrad();
  const result = loss(x!, t!);
  result.backward();
  const found = chainrule.graphOf(result).sort((a, b) => a.time - b.time);
  return found.filter(({ op }) => op === "").concat(found.filter(({ op }) => op !== ""));
}

/** A function of the module as text, with the comment above it. */
function functionOf(name: string): string {
  const text = program.toWat();
  const found = new RegExp(
    `(?:^  ;; .*\\n)*^  \\(func \\$${name.replaceAll(".", "\\.")} [\\s\\S]*?^  \\)$`,
    "m",
  );
  return found.exec(text)?.[0].replace(/^ {2}/gm, "") ?? `no function ${name}`;
}

function functionsOf(): string {
  const found = [...program.toWat().matchAll(/((?:^ {2};; .*\n)*)^ {2}\(func \$(\S+)/gm)];
  return found
    .map(([, about, name]) =>
      `${name!.padEnd(24)}${about!.replace(/^ *;; /gm, "").replace(/\n/g, " ")}`.trimEnd(),
    )
    .join("\n");
}

/** The innermost loop of a function. */
function innermostLoop(name: string): string {
  const lines = functionOf(name).split("\n");
  const start = lines.reduce((last, line, i) => (/^ *\(loop/.test(line) ? i : last), 0);
  const indent = lines[start]!.search(/\S/);
  const end = lines.findIndex((line, i) => i > start && line === `${" ".repeat(indent)})`);
  return lines
    .slice(start, end + 1)
    .map((line) => line.slice(indent))
    .join("\n");
}

/** Gradients by the engine and by the program, in columns. */
function gradients(): string {
  const parameters = model.parameters();
  const toValues = (row: readonly number[]) => row.map((x) => new Value(x));
  for (const parameter of parameters) parameter.zeroGrad();
  mean(inputs.map((row, i) => loss(toValues(row), toValues(targets[i]!)))).backward();
  const byEngine = parameters.map(({ grad }) => grad);
  program.gradient(inputs, targets);
  const rows = parameters.map(({ label, data, grad }, i) => {
    const columns = [data, byEngine[i]!, grad].map((x) => String(x).padStart(9));
    return label.padEnd(28) + columns.join("");
  });
  return [`${"".padEnd(28)}     data   engine  program`, ...rows].join("\n");
}

/** The gradient of the moons net in two modes, against the engine. */
function modes(): string {
  const data = makeMoons();
  const targetOf = (i: number): number => [data.targets[i]!].flat()[0]!;
  const net = new MLP(2, [16, 16, 1], { activation: "relu", random: pythonRandom(2) });
  const parameters = net.parameters();
  const lossOf: Loss = (x, t) => hinge(net.forward(x), t);
  mean(data.inputs.map((x, i) => hinge(net.forward(x), targetOf(i)))).backward();
  const byEngine = parameters.map(({ grad }) => grad);
  const largest = Math.max(...byEngine.map(Math.abs));
  const rows = (["exact", "fast"] as const).map((mode) => {
    const made = compile(lossOf, { parameters: net, inputs: 2, mode });
    made.gradient(
      data.inputs,
      data.inputs.map((_, i) => [targetOf(i)]),
    );
    const off = parameters.map(({ grad }, i) => Math.abs(grad - byEngine[i]!));
    const same = parameters.filter(({ grad }, i) => Object.is(grad, byEngine[i])).length;
    const most = (Math.max(...off) / largest).toExponential(0);
    return `${mode.padEnd(8)}${same} of ${parameters.length} gradients have the engine's bits; the others are off by at most ${most}`;
  });
  return rows.join("\n").replace("; the others are off by at most 0e+0", "");
}

/** Paths and module sizes of several programs. */
function paths(): string {
  const net = (width: number): [string, Loss, chainrule.MLP] => {
    const own = new MLP(2, [width, width, 1], { activation: "relu", random: pythonRandom(1) });
    return [`2-${width}-${width}-1, relu`, (x, t) => hinge(own.forward(x), t), own];
  };
  const w = new Value(0.5, "w");
  const chain = (length: number): [string, Loss, chainrule.Value[]] => [
    `tanh ${length} times`,
    ([x]) => {
      let y = w.mul(x!);
      for (let i = 0; i < length; i++) y = y.tanh();
      return y;
    },
    [w],
  ];
  const rows = [net(8), net(64), chain(100), chain(20_000)].map(([name, lossOf, parameters]) => {
    const options = { parameters, inputs: name.startsWith("tanh") ? 1 : 2 };
    const made = compile(lossOf, { ...options, targets: options.inputs - 1 });
    const size = made.path === "layers" ? `${Math.round(made.bytes.length / 1000)} kB` : "";
    return `${name.padEnd(18)}${made.path.padEnd(10)}${made.reason ?? size}`.trimEnd();
  });
  return rows.join("\n");
}

const blocks: Readonly<Record<string, () => string>> = {
  trace: () => describeTrace(traced),
  terms: () => describeTerms(traced, terms, exampleInOrder()),
  plan: () => describePlan(traced, recoverLayers(traced, terms, isSimple)),
  functions: functionsOf,
  chunk: () => functionOf("gradient.chunk"),
  loop: () => innermostLoop("forward.4.relu"),
  gradients,
  javascript: () => /^\/\/ One example[\s\S]*?^\}$/m.exec(program.toJavaScript())![0],
  modes,
  paths,
};

test("docs/compiler.md: its blocks are what the compiler produces", async () => {
  const used = new Set<string>();
  const now = document.replace(
    /^(```\w+ (\w+)\n)[\s\S]*?^```/gm,
    (_, head: string, name: string) => {
      expect(Object.keys(blocks)).toContain(name);
      used.add(name);
      return `${head}${blocks[name]!()}\n\`\`\``;
    },
  );
  expect([...used].sort()).toEqual(Object.keys(blocks).sort());
  await expect(now).toMatchFileSnapshot(path);
});

test("docs/compiler.svg: is drawn as now", async () => {
  expect(document).toContain("](compiler.svg)");
  const picture = drawGraph(exampleInOrder().at(-1)!, {
    open: "network",
    title: "The graph of the loss at x = −2",
  });
  await expect(picture).toMatchFileSnapshot(join(root, "docs", "compiler.svg"));
});

test("docs/compiler.md: its scripts print what their comments say", () => {
  const said = [...scripts.join("").matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(
    ([, text]) => text,
  );
  expect(said.length).toBeGreaterThan(2);
  expect(printed).toEqual(said);
});

test("docs/compiler.md: the example has the engine's bits", () => {
  const columns = gradients().split("\n").slice(1);
  expect(columns.length).toBe(16);
  for (const row of columns) {
    const [engine, compiled] = row.trim().split(/ +/).slice(-2);
    expect(compiled, row).toBe(engine);
  }
});

test("docs/compiler.md: every number with a point in its prose is in a block, or said to be measured", () => {
  const prose = document.replace(/^```[\s\S]*?^```/gm, "");
  const shown = (document.match(/^```[\s\S]*?^```/gm) ?? []).join("\n");
  for (const paragraph of prose.split("\n\n")) {
    if (/design\.md|measured/.test(paragraph)) continue;
    for (const number of paragraph.match(/\d+\.\d+/g) ?? [])
      expect(shown, number).toContain(number);
  }
});

// Programs as JavaScript and as C: the texts, run by themselves, give the engine's bits.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import { inComment, isName } from "../../src/compile/dialects.ts";
import { type CompileOptions, compile, type Loss } from "../../src/compile/index.ts";
import {
  Adam,
  crossEntropy,
  defineOperation,
  evenOdd,
  hinge,
  MLP,
  Neuron,
  pythonRandom,
  squaredError,
  sum,
  Value,
} from "../../src/index.ts";
import { catalogue } from "../catalogue.ts";
import { hostileLabels } from "../draw/hostile-labels.ts";
import { drawnGraph, drawnNet, graphSpecimen, netSpecimen, type Specimen } from "./zoo.ts";

/** A program to write, and the examples to run it with. */
interface Case {
  readonly loss: Loss;
  readonly options: CompileOptions;
  readonly inputs: number[][];
  readonly targets: number[][];
}

/** Numbers from -1 to 1. */
function numbers(seed: number, count: number, width: number): number[][] {
  const random = pythonRandom(seed);
  const row = () => Array.from({ length: width }, () => random.uniform(-1, 1));
  return Array.from({ length: count }, row);
}

function moons(): Case {
  const model = new MLP(2, [16, 16, 1], { activation: "relu", random: pythonRandom(1) });
  const inputs = numbers(5, 7, 2);
  return {
    loss: (x, t) => hinge(model.forward(x), t),
    options: {
      parameters: model,
      inputs: 2,
      predict: (x) => model.forward(x),
      regularizer: (ps) => sum(ps.map((p) => p.mul(p))).mul(1e-4),
    },
    inputs,
    targets: inputs.map(([x, y]) => [x! * y! > 0 ? 1 : -1]),
  };
}

function fourPoints(): Case {
  const random = pythonRandom(1337);
  const model = new MLP(3, [4, 4, 1], { activation: "tanh", output: "tanh", random });
  const { inputs, targets } = evenOdd();
  const loss: Loss = (x, t) => squaredError(model.forward(x), t);
  const options = { parameters: model, inputs: 3, predict: (x: Value[]) => model.forward(x) };
  return { loss, options, inputs: [...inputs], targets: [...targets] } as Case;
}

function threeClasses(): Case {
  const model = new MLP(2, [5, 3], { activation: "gelu", random: pythonRandom(3) });
  return {
    loss: (x, t) => crossEntropy(model.forward(x), t[0]!),
    options: { parameters: model, inputs: 2, predict: (x) => model.forward(x) },
    inputs: numbers(6, 6, 2),
    targets: [[0], [1], [2], [0], [1], [2]],
  };
}

/** One network for two inputs, the distance of its outputs, and a leaf that is not trained. */
function shared(): Case {
  const model = new MLP(2, [4, 2], { activation: "tanh", random: pythonRandom(4) });
  const scale = new Value(1.5, "scale");
  const loss: Loss = ([a, b, c, d], [t]) => {
    const [p, q] = [model.forward([a!, b!]), model.forward([c!, d!])];
    const distance = sum(p.map((one, i) => one.sub(q[i]!).square())).mul(scale);
    return distance.sub(t!).square();
  };
  const options = { parameters: model, inputs: 4 };
  return { loss, options, inputs: numbers(7, 5, 4), targets: numbers(8, 5, 1) };
}

/** Scalars before, between and after layers; a connection around a layer; two heads. */
function residual(): Case {
  const random = pythonRandom(9);
  const [first, second] = [4, 4].map((n) => new MLP(4, [n], { output: "relu", random }));
  const [a, b] = [new Neuron(4, { random }), new Neuron(4, { random })];
  const loss: Loss = ([x, y], [s, t]) => {
    const features = [x!, y!, x!.mul(y!), x!.sub(y!).square()];
    const hidden = first!.forward(features).map((h, i) => h.add(features[i]!));
    const out = second!.forward(hidden).map((h, i) => h.max(hidden[i]!));
    return squaredError([a.forward(out), b.forward(out)], [s!, t!]);
  };
  const parameters = [first!, second!, a, b].flatMap((part) => part.parameters());
  const options = { parameters, inputs: 2, targets: 2 };
  return { loss, options, inputs: numbers(10, 6, 2), targets: numbers(11, 6, 2) };
}

/** Weights in an order in which neither rows nor columns are neighbours; no bias; a bias at the end. */
function shuffled(): Case {
  const weights = numbers(12, 1, 24)[0]!.map((x, i) => new Value(x, `w${i}`));
  const biases = numbers(13, 1, 4)[0]!.map((x, i) => new Value(x, `b${i}`));
  const loss: Loss = (x, [t]) => {
    const rows = (from: number) =>
      [0, 1, 2, 3].map((j) => sum(x.map((one, i) => one.mul(weights[from + 4 * i + j]!))));
    const hidden = rows(0).map((z) => z.tanh());
    const out = rows(12).map((z, j) => z.add(biases[3 - j]!).sigmoid());
    return sum(hidden.map((h, i) => h.mul(out[i]!)))
      .sub(t!)
      .abs();
  };
  const options: CompileOptions = {
    parameters: [...weights, ...biases],
    inputs: 3,
    regularizer: (ps) => sum([...ps].reverse().map((p) => p.abs().mul(0.01))).add(ps[0]!.exp()),
  };
  return { loss, options, inputs: numbers(14, 4, 3), targets: numbers(15, 4, 1) };
}

/** No targets, named numbers, an operation of one's own. */
function named(): Case {
  const cube = defineOperation({
    name: "cube",
    value: (A, x) => A.mul(x, A.mul(x, x)),
    localDerivatives: [(A, x) => A.mul(3, A.mul(x, x))],
  });
  const w = new Value(0.7, "w");
  const loss: Loss = ([x, y]) => {
    const score = w.mul(x!);
    score.label = "score";
    const margin = new Value(1).sub(score.mul(y!));
    margin.label = "margin";
    return cube(margin);
  };
  const options = { parameters: [w], inputs: 2, targets: 0 };
  return { loss, options, inputs: numbers(16, 5, 2), targets: [] };
}

const cases: [string, () => Case][] = [
  ["the moons net", moons],
  ["the four-point net", fourPoints],
  ["a net for three classes", threeClasses],
  ["one net used twice, a frozen leaf", shared],
  ["scalars and layers mixed, two heads", residual],
  ["weights that are no neighbours, and a regularizer in another order", shuffled],
  ["named numbers, an own operation, no targets", named],
];

interface Numbers {
  readonly loss: number;
  readonly gradients: readonly number[];
  readonly predictions: readonly number[];
}

/** What the engine computes: without any of the passes. */
function byEngine({ loss, options, inputs, targets }: Case): Numbers {
  const own = options.parameters;
  const parameters = "parameters" in own ? own.parameters() : own;
  for (const parameter of parameters) parameter.zeroGrad();
  const rows = inputs.map((row) => row.map((x) => new Value(x)));
  const losses = rows.map((x, i) =>
    loss(
      x,
      (targets[i] ?? []).map((t) => new Value(t)),
    ),
  );
  const mean = sum(losses).div(losses.length);
  mean.backward();
  const penalty = options.regularizer?.([...parameters]);
  penalty?.backward();
  const predictions = rows.flatMap((x) => options.predict?.(x) ?? []);
  return {
    loss: penalty === undefined ? mean.data : mean.data + penalty.data,
    gradients: parameters.map(({ grad }) => grad),
    predictions: predictions.map(({ data }) => data),
  };
}

const dataOf = ({ options: { parameters } }: Case): number[] =>
  ("parameters" in parameters ? parameters.parameters() : parameters).map(({ data }) => data);

/** A text of JavaScript at work. */
function runJavaScript(text: string, given: Case, outputs: number): Numbers {
  const returned = `return { gradient, predict: ${text.includes("function predict(")} && predict };`;
  const body = `"use strict";${text.replaceAll(/^export /gm, "")}${returned}`;
  const { gradient, predict } = new Function(body)();
  const parameters = Float64Array.from(dataOf(given));
  const inputs = Float64Array.from(given.inputs.flat());
  const count = given.inputs.length;
  const gradients = new Float64Array(parameters.length);
  const targets = Float64Array.from(given.targets.flat());
  const loss = gradient(parameters, inputs, targets, count, gradients);
  const predictions = new Float64Array(outputs * count);
  if (outputs > 0) predict(parameters, inputs, count, predictions);
  return { loss, gradients: [...gradients], predictions: [...predictions] };
}

describe("Program.toJavaScript", () => {
  it.each(cases)("gives the engine's bits: %s", (_name, make) => {
    const given = make();
    const program = compile(given.loss, given.options);
    const text = program.toJavaScript();
    expect(runJavaScript(text, given, program.outputs)).toEqual(byEngine(given));
    expect(program.gradient(given.inputs, given.targets)).toBe(byEngine(given).loss);
  });

  it.each(catalogue.map((row) => [row.title, row] as const))(
    "gives the engine's bits at all points of %s",
    (_title, { method, points }) => {
      const parameters = points[0]!.inputs.map((x, i) => new Value(x, `p${i}`));
      const loss: Loss = ([x]) => method(...parameters).mul(x!);
      const options = { parameters, inputs: 1, targets: 0 };
      const text = compile(loss, options).toJavaScript();
      for (const { inputs } of points) {
        parameters.forEach((parameter, i) => {
          parameter.data = inputs[i]!;
        });
        const given: Case = { loss, options, inputs: [[1], [0.5]], targets: [] };
        expect(runJavaScript(text, given, 0), String(inputs)).toEqual(byEngine(given));
      }
    },
  );

  it("is a module that other programs can import", async () => {
    const given = moons();
    const text = compile(given.loss, given.options).toJavaScript();
    const module = await import(`data:text/javascript,${encodeURIComponent(text)}`);
    expect(Object.keys(module).sort()).toEqual(["gradient", "predict"]);
  });

  it("is as short for wide layers as for narrow ones", () => {
    const lines = [8, 64].map((width) => {
      const model = new MLP(2, [width, width, 1], { random: pythonRandom(1) });
      const options = { parameters: model, inputs: 2 };
      const program = compile((x, t) => squaredError(model.forward(x), t), options);
      return program.toJavaScript().split("\n").length;
    });
    expect(lines[1]).toBe(lines[0]);
  });

  it("names numbers by their labels where these are names", () => {
    const { loss, options } = named();
    const text = compile(loss, options).toJavaScript();
    expect(text).toContain("const score = p[0] * x[0]; // w");
    expect(text).toContain("const d_score = ");
    expect(text).toMatch(/const margin = 1 - v\d+;/);
  });

  it("can be had without WebAssembly", () => {
    vi.stubGlobal("WebAssembly", undefined);
    const given = fourPoints();
    const program = compile(given.loss, given.options);
    vi.unstubAllGlobals();
    expect(program.path).toBe("engine");
    expect(runJavaScript(program.toJavaScript(), given, 1)).toEqual(byEngine(given));
    expect(program.toWat()).toBe(
      ";; There is no module, the engine does it: there is no WebAssembly here\n(module)\n",
    );
  });

  it("says that a program is too long to be written", () => {
    const w = new Value(0.5, "w");
    const loss: Loss = ([x]) => {
      let y = w.mul(x!);
      for (let i = 0; i < 6000; i++) y = y.tanh();
      return y;
    };
    const program = compile(loss, { parameters: [w], inputs: 1, targets: 0 });
    const message =
      ": expected at most 5000 operations that are in no layer, got 6001; each would be a line";
    expect(() => program.toJavaScript()).toThrow(new RangeError(`Program.toJavaScript${message}`));
    expect(() => program.toC()).toThrow(new RangeError(`Program.toC${message}`));
  });

  it("says which operation is no formula", () => {
    const step = defineOperation({
      name: "step",
      value: (A, x) => (A.less(x, 0) ? 0 : x),
      localDerivatives: [(A, x) => (A.less(x, 0) ? 0 : 1)],
    });
    const w = new Value(0.5, "w");
    const program = compile(([x]) => step(w.mul(x!)), { parameters: [w], inputs: 1, targets: 0 });
    expect(() => program.toC()).toThrow(/^Program.toC: the operation "step" is no formula/);
  });

  it("gives the engine's bits on random graphs and nets", () => {
    const compare = (specimen: Specimen) => {
      const wanted = byEngine(specimen as Case);
      const program = compile(specimen.loss, specimen.options);
      const got = runJavaScript(program.toJavaScript(), specimen as Case, program.outputs);
      const finite = [wanted.loss, ...wanted.gradients].every(Number.isFinite);
      if (finite) expect(got).toEqual(wanted);
    };
    const parameters = { seed: 7, numRuns: 300 };
    fc.assert(
      fc.property(drawnGraph, (drawn) => compare(graphSpecimen(drawn, () => {}))),
      parameters,
    );
    fc.assert(
      fc.property(drawnNet, (drawn) => compare(netSpecimen(drawn))),
      { ...parameters, numRuns: 100 },
    );
  });

  it("has the numbers of frozen leaves at the time", () => {
    const given = shared();
    const text = compile(given.loss, given.options).toJavaScript();
    expect(text).toContain("const frozen = [1.5];");
    expect(text).toContain("* frozen[0]; // scale");
  });

  it("goes on giving the engine's bits while its gradients are used to train", () => {
    const given = fourPoints();
    const text = compile(given.loss, given.options).toJavaScript();
    const model = given.options.parameters as MLP; // as fourPoints made it
    const optimizer = new Adam(model.parameters(), { rate: 0.05 });
    for (let step = 0; step < 50; step++) {
      expect(runJavaScript(text, given, 1)).toEqual(byEngine(given));
      optimizer.step();
    }
  });
});

/** Is there a C compiler? */
const compiler = (() => {
  try {
    execFileSync("gcc", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

const folder = mkdtempSync(join(tmpdir(), "chainrule-view-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A text of C at work: what it reads and writes are files of doubles. */
function runC(text: string, given: Case, outputs: number): Numbers {
  const [parameters, inputs, targets] = [dataOf(given), given.inputs.flat(), given.targets.flat()];
  const count = given.inputs.length;
  const predictions = outputs * count;
  const main = `
#include <stdio.h>
static double p[${parameters.length}], x[${inputs.length}], t[${targets.length + 1}], g[${parameters.length}], y[${predictions + 1}];
int main(int argc, char **argv) {
  FILE *in = fopen(argv[argc - 2], "rb"), *out = fopen(argv[argc - 1], "wb");
  if (fread(p, 8, ${parameters.length}, in) + fread(x, 8, ${inputs.length}, in) + fread(t, 8, ${targets.length}, in) == 0) return 1;
  const double loss = gradient(p, x, t, ${count}, g);
  ${outputs > 0 ? `predict(p, x, ${count}, y);` : ""}
  fwrite(&loss, 8, 1, out);
  fwrite(g, 8, ${parameters.length}, out);
  fwrite(y, 8, ${predictions}, out);
  return fclose(out);
}
`;
  const file = (name: string) => join(folder, name);
  writeFileSync(file("program.c"), text + main);
  const options = ["-std=c11", "-O2", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror"];
  execFileSync("gcc", [...options, file("program.c"), "-o", file("program"), "-lm"]);
  writeFileSync(
    file("in"),
    new Uint8Array(Float64Array.from([...parameters, ...inputs, ...targets]).buffer),
  );
  execFileSync(file("program"), [file("in"), file("out")]);
  const [loss, ...rest] = new Float64Array(new Uint8Array(readFileSync(file("out"))).buffer);
  return {
    loss: loss!,
    gradients: rest.slice(0, parameters.length),
    predictions: rest.slice(parameters.length),
  };
}

const title = "Program.toC";
describe.skipIf(!compiler)(compiler ? title : `${title} (skipped: there is no gcc)`, () => {
  it.each(cases)("gives the engine's bits: %s", (_name, make) => {
    const given = make();
    const program = compile(given.loss, given.options);
    expect(runC(program.toC(), given, program.outputs)).toEqual(byEngine(given));
  });

  it("gives the engine's bits: all operations at once, at their smooth points", () => {
    const rows = catalogue.filter(({ points }) => points.some(({ why }) => why === ""));
    expect(rows.length).toBeGreaterThan(30);
    const inputs = rows.map(({ points }) => points.filter(({ why }) => why === "")[0]!.inputs);
    const leaves = inputs.map((own) => own.map((x) => new Value(x)));
    const loss: Loss = ([x]) =>
      sum(
        rows.map(({ method }, i) =>
          method(...leaves[i]!)
            .mul(x!)
            .tanh(),
        ),
      );
    const options = { parameters: leaves.flat(), inputs: 1, targets: 0 };
    const given: Case = { loss, options, inputs: [[1], [0.5], [-0.25]], targets: [] };
    expect(runC(compile(loss, options).toC(), given, 0)).toEqual(byEngine(given));
  });
});

describe("labels in programs as text", () => {
  const hostile = [
    ...hostileLabels.map(({ label }) => label),
    "*/ evil(); /*",
    "a\nevil();",
    "a\r\u2028evil();\u2029evil();\u0085evil();",
    "ends with a backslash \\",
    "or with a trigraph ??/",
    "\u202e turned */ around",
    "</script><script>alert(1)</script><!-- -->",
    "# sourceMappingURL=https://example.org",
    ...[
      "double",
      "class",
      "exp",
      "rest",
      "p",
      "linux",
      "seed",
      "d",
      "d_v3",
      "v3",
      "arguments",
      "eval",
    ],
  ];

  /** A program whose numbers of all roles have hostile labels. */
  const hostileCase = (labels: readonly string[]): Case => {
    const parameters = labels.map((label, i) => new Value(0.1 * i - 0.5, label));
    const frozen = labels.map((label) => new Value(0.5, label));
    const loss: Loss = ([x]) => {
      const terms = labels.map((label, i) => {
        const term = parameters[i]!.mul(x!).add(frozen[i]!).exp();
        term.label = label;
        return term;
      });
      return sum(terms.map((term) => term.square()));
    };
    const options = { parameters, inputs: 1, targets: 0 };
    return { loss, options, inputs: [[1], [0.25]], targets: [] };
  };

  it("change nothing in JavaScript and C", () => {
    const given = hostileCase(hostile);
    const program = compile(given.loss, given.options);
    const expected = byEngine(given);
    const text = program.toJavaScript();
    expect(runJavaScript(text, given, 0)).toEqual(expected);
    if (compiler) expect(runC(program.toC(), given, 0)).toEqual(expected);
    for (const each of [text, program.toC(), program.toWat()]) {
      const [own] = each.split("math.ts: the same bits"); // what follows has comments of its own
      expect(own).not.toMatch(/[\u2028\u2029\u0085\u202e]|<\/script|<script|<!--|\*\/|^ *evil/m);
      expect(each).not.toMatch(/\\$|\?\?\//m);
    }
  });

  it("change nothing but comments and names: without them the lines are the same", () => {
    const plain = (labels: readonly string[]) => {
      const given = hostileCase(labels);
      const text = compile(given.loss, given.options).toJavaScript();
      return text.split("\n").map((line) => line.replace(/ *\/\/.*/, ""));
    };
    const names = new Set(hostile.filter(isName));
    const other = hostile.filter((label) => !names.has(label));
    expect(plain(other).filter(Boolean)).toEqual(plain(other.map(() => "")).filter(Boolean));
  });

  it.each(hostile.map((label) => [JSON.stringify(label).slice(0, 60), label]))(
    "inComment: makes one harmless line of %s",
    (_shown, label) => {
      const text = inComment(label);
      expect(text.length).toBeLessThan(140);
      expect(text).toMatch(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u);
      expect(text).not.toMatch(/\*\/|<\/|<!|-->|<script|\\|\?\?/i);
    },
  );
});

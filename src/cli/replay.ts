/**
 * `chainrule replay`: runs published training runs again, number for number: Karpathy's moons demo
 * of micrograd and the yin-yang run of EurekaLabs' micrograd. They are written out as in their
 * originals, without `train`. Read nn.ts, data.ts and random.ts first.
 */

import { readFileSync } from "node:fs";
import { makeMoons, makeYinYang } from "../data.ts";
import { quote } from "../errors.ts";
import { sum } from "../functions.ts";
import { crossEntropy } from "../losses.ts";
import { MLP } from "../nn.ts";
import { AdamW } from "../optim.ts";
import { numpyRandom, pythonRandom, xorshiftRandom } from "../random.ts";

/** One step of a run: the loss before the step, and the accuracy in percent where it is printed. */
export interface ReplayedStep {
  readonly step: number;
  readonly loss: number;
  readonly accuracy?: number;
}

/**
 * The demo of micrograd (github.com/karpathy/micrograd, demo.ipynb): 100 moons, 2-16-16-1 with
 * relu, 337 parameters, hinge loss and L2 regularisation, full batch, rate 1 - 0.9 k/100.
 * Python's generator draws the weights, numpy's the data; both have the seed 1337.
 */
export function* replayMoons(steps = 100): Generator<ReplayedStep> {
  const data = makeMoons({ points: 100, noise: 0.1, random: numpyRandom(1337) });
  const random = pythonRandom(1337);
  const model = new MLP(2, [16, 16, 1], { activation: "relu", random });
  const parameters = model.parameters();
  for (let k = 0; k < steps; k++) {
    const scores = data.inputs.map((x) => model.forward(x)[0]);
    const losses = scores.map((score, i) => score.mul(-data.targets[i][0]).add(1).relu());
    const dataLoss = sum(losses).mul(1 / losses.length);
    const regularisation = sum(parameters.map((p) => p.mul(p))).mul(1e-4);
    const loss = dataLoss.add(regularisation);
    const right = scores.filter((score, i) => score.data > 0 === data.targets[i][0] > 0).length;
    yield { step: k, loss: loss.data, accuracy: (100 * right) / scores.length };

    model.zeroGrad();
    loss.backward();
    const rate = 1 - (0.9 * k) / 100;
    for (const p of parameters) p.data -= rate * p.grad;
  }
}

/**
 * The run of EurekaLabs' micrograd (github.com/EurekaLabsAI/micrograd, micrograd.py): 100 points
 * of the yin-yang in 3 classes, of which the first 80 are trained on; 2-8-3 with tanh, 51
 * parameters; softmax cross-entropy; AdamW. One xorshift generator with the seed 42 draws first the
 * data, then the weights.
 */
export function* replayYinYang(steps = 100): Generator<ReplayedStep> {
  const random = xorshiftRandom(42);
  const data = makeYinYang({ points: 100, random });
  const inputs = data.inputs.slice(0, 80);
  const model = new MLP(2, [8, 3], { activation: "tanh", init: "scaled", random });
  const options = { rate: 0.1, betas: [0.9, 0.95], weightDecay: 1e-4 } as const;
  const optimizer = new AdamW(model.parameters(), options);
  for (let step = 1; step <= steps; step++) {
    const losses = inputs.map((x, i) => crossEntropy(model.forward(x), data.targets[i][0]));
    const loss = sum(losses).mul(1 / losses.length);
    yield { step, loss: loss.data };

    loss.backward();
    optimizer.step();
    optimizer.zeroGrad();
  }
}

const runs = { moons: replayMoons, yinyang: replayYinYang };

const help = `chainrule replay moons|yinyang [--steps N]

Runs a published training run again and prints the loss of every step with 17 significant digits,
beside the published one where the repository has it, and how far apart they are (relative).

  moons     the demo of Karpathy's micrograd: 2-16-16-1, relu, hinge loss, seed 1337
  yinyang   the run of EurekaLabs' micrograd: 2-8-3, tanh, cross-entropy, AdamW, seed 42
`;

/** The command. Returns the exit code: 2 for wrong arguments, 1 if a loss is not the published one. */
export async function replay(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(help);
    return 0;
  }
  const [name, flag, count, ...more] = args;
  if (name !== "moons" && name !== "yinyang") {
    const got = name === undefined ? "nothing" : quote(name);
    process.stderr.write(`chainrule replay: expected moons or yinyang, got ${got}\n`);
    return 2;
  }
  const steps = flag === undefined ? 100 : Number(count);
  if ((flag !== undefined && flag !== "--steps") || more.length > 0) {
    const wrong = quote(flag === "--steps" ? more[0] : String(flag));
    process.stderr.write(`chainrule replay: expected only --steps N, got ${wrong}\n`);
    return 2;
  }
  if (!Number.isSafeInteger(steps) || steps < 1 || steps > 1_000_000) {
    const got = count === undefined ? "nothing" : quote(count);
    process.stderr.write(`chainrule replay: expected --steps from 1 to 1000000, got ${got}\n`);
    return 2;
  }

  const published = readPublished(name);
  process.stdout.write(`step  loss                      ${published ? "published" : ""}\n`);
  let farthest = 0;
  let compared = 0;
  for (const { step, loss, accuracy } of runs[name](steps)) {
    const row = published?.get(step);
    let line = `${String(step).padStart(4)}  ${loss.toPrecision(17).padEnd(24)}`;
    if (row !== undefined) {
      const apart = Math.abs(loss - row) / row;
      farthest = Math.max(farthest, apart);
      compared += 1;
      line += `  ${row.toPrecision(17).padEnd(24)}  ${apart === 0 ? "same bits" : apart.toExponential(1)}`;
    }
    if (accuracy !== undefined) line += `  ${accuracy} %`;
    process.stdout.write(`${line}\n`);
  }
  if (compared === 0) return 0;
  process.stdout.write(
    `${compared} losses compared with the published ones; ` +
      `the largest relative difference is ${farthest.toExponential(1)}\n`,
  );
  return farthest <= 1e-12 ? 0 : 1;
}

/** The published losses by step; they are in the repository, but not in the published package. */
function readPublished(name: string): Map<number, number> | undefined {
  const file = new URL(`../../test/reference/${name}.json`, import.meta.url);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const { steps, train }: { steps?: number[][]; train?: number[][] } = JSON.parse(text);
  return new Map((steps ?? train ?? []).map(([step, loss]) => [step, loss]));
}

/**
 * The help of `chainrule train`. Read ../recipes.ts and train-options.ts first.
 */

import type { Task } from "../data.ts";
import { type DataName, dataNames, recipeFor } from "../recipes.ts";
import { wrap } from "./terminal.ts";
import { optionTexts } from "./train-options.ts";

const COLUMNS = 79;

const introduction = `chainrule train [options]

Trains a small network and shows how it went. Without options: the original's
four points, is a sum of three numbers even or odd?

Options, and in brackets what they are if left out:
`;

const remarks = `
SCHEDULES are in shares of the rate: linear:0.1 goes along a line to a tenth
of it, cosine:0.1 along half a cosine wave (linear and cosine alone go to 0),
step:0.5,100 halves it every 100 epochs, exponential:0.99 multiplies it by
0.99 after each epoch.

What suits the data is chosen where you do not say it:
`;

const rest = `
A CSV's targets are classes if each of 0, 1, 2 ... occurs at least twice; if
that is a wrong guess, --loss says what they are. Inputs far from 1 in size
learn badly: scale them first.

The points of a data set are the same ones every time. The same options give
the same numbers, to the last bit, on every machine. Optimizers with a memory
(momentum, nesterov, adam, adamw) begin afresh after --load.

ENGINE: "compiled" writes the steps as WebAssembly, once, "engine" builds a
graph in every step, "auto" compiles what is long enough and can be.

Ctrl-C ends the training after the current step, shows what there is, and
still saves. Exit codes: 0; 1 for something that could not be done, such as a
loss that is no longer finite; 2 for a wrong option; 130 after Ctrl-C.
NO_COLOR and FORCE_COLOR are honoured.

Examples:
  chainrule train
  chainrule train --data moons --held-out 0.2
  chainrule train --data moons --hidden none --loss hinge
  chainrule train --data spirals --hidden 16,16 --epochs 1000 --rate 0.01
  chainrule train --csv points.csv --loss crossEntropy --batch 10
  chainrule train --data sine --save sine.json --report sine.html
  chainrule train --load sine.json --schedule cosine --epochs 300
  chainrule train --load sine.json --epochs 0 --json`;

/** What --help prints. */
export function helpText(): string {
  const names = Object.entries(optionTexts).map(([name, [value]]) =>
    `  --${name} ${value}`.trimEnd(),
  );
  const width = Math.max(...names.map((name) => name.length)) + 2;
  const options = Object.values(optionTexts).map(([, text], i) => {
    const [first, ...more] = wrap(text, COLUMNS - width);
    return [names[i].padEnd(width) + first, ...more.map((line) => " ".repeat(width) + line)].join(
      "\n",
    );
  });
  return [introduction, ...options, remarks, ...recipes(), rest].join("\n");
}

const tasks: Readonly<Record<DataName, Task>> = {
  "even-odd": "sign",
  cube: "sign",
  xor: "sign",
  moons: "sign",
  circles: "sign",
  spirals: "sign",
  sine: "regression",
  "yin-yang": "classes",
};

/** A line for each data set and for the kinds of CSV files. */
function recipes(): string[] {
  const rows: [string, DataName | undefined, Task][] = [
    ...dataNames.map((name): [string, DataName, Task] => [name, name, tasks[name]]),
    ["CSV, -1 and 1", undefined, "sign"],
    ["CSV, 0, 1, 2 ...", undefined, "classes"],
    ["CSV, others", undefined, "regression"],
  ];
  return rows.map(([title, name, task]) => {
    const { hidden, activation, output, loss, optimizer, rate, epochs } = recipeFor(name, task);
    const network = `${hidden.join(",")} ${activation}, ${output}`;
    const steps = `${optimizer} ${rate}, ${epochs} epochs`;
    return `  ${title.padEnd(17)} ${network.padEnd(18)} ${loss.padEnd(17)} ${steps}`;
  });
}

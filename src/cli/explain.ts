/**
 * `chainrule explain`: the passes of a formula in sentences, its gradients as sums, and each of them
 * proved. Read formula.ts and the folder explain/ first.
 */

import { shownText } from "../draw/node.ts";
import { nearest, quote } from "../errors.ts";
import { namesIn } from "../explain/names.ts";
import { type Proofs, proofsOf, proofsText } from "../explain/proofs.ts";
import { receiptText } from "../explain/receipt.ts";
import { type NameOf, sentence } from "../explain/sentence.ts";
import { Walk } from "../explain/walk.ts";
import { graphOf, type Value } from "../value.ts";
import { nameFrom, UsageError } from "./arguments.ts";
import { readFormula } from "./formula.ts";
import { lookAtScreen, print } from "./terminal.ts";

const help = `chainrule explain FORMULA [--NAME VALUE ...] [options]

Tells the forward and the backward pass of a formula step by step, with its
numbers, and each gradient as a sum. Each name in the formula is given a value
by an option of that name.

  --set NAME=VALUE   the same, for names that an option has (more with commas)
  --steps            only the steps, as sentences
  --receipts         only the gradients: upstream × local, one term a consumer
  --prove NAME       that gradient found in three ways: by backward, along all
                     paths, by nudging (more with commas; all for each name)
  --format FORMAT    text, json (text)
  --help             print this text

Formulas have + - * / ^, parentheses, and every operation by its name: tanh(x),
max(a, b), ... Several, with ; between, may use each other's results.

Examples:
  chainrule explain "tanh(w*x + b)" --w 2 --x 1 --b -3
  chainrule explain "e = a*b; L = e + c" --a 2 --b -3 --c 10 --prove e,a
  chainrule explain "y = a*a + a" --a 3 --receipts --format json`;

/** What stands for the value of each option. */
const placeholders = {
  set: "NAME=VALUE",
  steps: "",
  receipts: "",
  prove: "NAME",
  format: "FORMAT",
  help: "",
};

/** What is to be told of a formula. */
interface Told {
  readonly formula: string;
  readonly walk: Walk;
  readonly name: NameOf;
  readonly steps: boolean;
  /** The nodes whose receipts are shown, and those whose gradients are proved. */
  readonly receipts: readonly Value[];
  readonly proved: readonly { node: Value; proofs: Proofs }[];
}

/** Runs `chainrule explain`. */
export async function explain(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    print(help);
    return 0;
  }
  const { formula, given, evaluate } = readFormula(args, placeholders, ["prove"]);
  const format = nameFrom(given.get("format") ?? "text", "format", ["text", "json"]);
  const output = evaluate();
  const name = namesIn(output);
  const nodes = graphOf(output);
  const labelled = nodes.filter(({ label }) => label !== "");
  const wanted = given.get("prove");
  const everything = !given.has("steps") && !given.has("receipts") && wanted === undefined;
  const proved = wanted === undefined ? [] : nodesCalled(wanted, nodes, labelled, name);
  const told: Told = {
    formula,
    walk: new Walk(output),
    name,
    steps: everything || given.has("steps"),
    receipts: everything || given.has("receipts") ? labelled : [],
    proved: proved.map((node) => ({ node, proofs: proofsOf(output, node) })),
  };
  print(format === "json" ? json(told) : inThisTerminal(text(told)));
  return 0;
}

/** The nodes of these names, which have commas between them; of "all", those that have a label. */
function nodesCalled(
  names: string,
  nodes: readonly Value[],
  labelled: readonly Value[],
  name: NameOf,
): readonly Value[] {
  const byName = new Map(nodes.map((node) => [name(node), node]));
  if (names === "all" && !byName.has("all")) return labelled;
  return names.split(",").map((part) => {
    const node = byName.get(part.trim());
    if (node !== undefined) return node;
    const near = nearest(part.trim(), [...byName.keys()]);
    throw new UsageError(
      `--prove: expected a name of the formula, got ${quote(part.trim())}` +
        (near === undefined ? "; name a result by writing NAME = ..." : `; did you mean ${near}?`),
    );
  });
}

function text({ formula, walk, name, steps, receipts, proved }: Told): string {
  const title = shownText(formula, 400).replaceAll("\u00a0", " "); // a terminal keeps spaces
  const parts = [`${title} = ${walk.output.data}`];
  if (steps) {
    const lines = walk.steps.map(
      (step, i) => `${String(i + 1).padStart(4)}  ${sentence(step, name)}`,
    );
    if (walk.forward > 0) parts.push(["Forward:", ...lines.slice(0, walk.forward)].join("\n"));
    parts.push(["Backward:", ...lines.slice(walk.forward)].join("\n"));
  }
  if (receipts.length > 0) {
    const all = walk.steps.length;
    const lines = receipts.map(
      (node) => `      ${receiptText(walk.receipt(node, all), walk.output, name)}`,
    );
    parts.push(["Gradients:", ...lines].join("\n"));
  }
  for (const { node, proofs } of proved) {
    parts.push(proofsText(proofs, walk.output, node, name));
  }
  return parts.join("\n\n");
}

/** The text for a terminal that may have no more than ASCII. */
const inThisTerminal = (text: string): string =>
  lookAtScreen().unicode ? text : text.replaceAll("×", "x").replaceAll("–", "-");

/** All of it as JSON, with NaN and infinities as text. */
function json({ formula, walk, name, steps, receipts, proved }: Told): string {
  const all = walk.steps.length;
  const told = {
    formula,
    data: walk.output.data,
    ...(steps && {
      steps: walk.steps.map((step) => ({
        sentence: sentence(step, name),
        ...step,
        node: name(step.node),
        ...(step.kind === "pass" && { input: name(step.input) }),
        ...(step.kind === "compute" && { data: step.node.data }),
      })),
    }),
    ...(receipts.length > 0 && {
      gradients: receipts.map((node) => {
        const receipt = walk.receipt(node, all);
        return {
          name: name(node),
          data: node.data,
          gradient: receipt.gradient,
          terms: receipt.terms.map(({ node, upstream, local, product }) => ({
            consumer: name(node),
            upstream,
            local,
            product,
          })),
          text: receiptText(receipt, walk.output, name),
        };
      }),
    }),
    ...(proved.length > 0 && {
      proofs: proved.map(({ node, proofs }) => ({ name: name(node), ...proofs })),
    }),
  };
  const finite = (_key: string, thing: unknown) =>
    typeof thing === "number" && !Number.isFinite(thing) ? String(thing) : thing;
  return JSON.stringify(told, finite, 2);
}

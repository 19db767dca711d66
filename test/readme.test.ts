// The README's example prints what its comments say. Read README.md first.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../scripts/set-up.mjs";
import { compile } from "../src/compile/index.ts";
import { drawGraph } from "../src/draw/index.ts";
import * as explain from "../src/explain/index.ts";
import * as chainrule from "../src/index.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");
const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);

test.each(examples)("README: the example prints what its comments say: %#", (example) => {
  const expected = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, said]) => said);
  expect(expected.length).toBeGreaterThanOrEqual(2);

  const printed: string[] = [];
  const log = (...things: unknown[]): number => printed.push(things.join(" "));
  const imports = example.matchAll(/import \{ (.*) \} from "chainrule(?:\/\w+)?";/g);
  const names = [...imports].flatMap(([, list]) => list.split(", "));
  const body = example
    .replace(/import .*/g, "")
    .replace(" as const", "")
    .replaceAll("console.log", "log");
  const exported = new Map<string, unknown>(Object.entries({ ...chainrule, ...explain, compile }));
  const things = names.map((name) => exported.get(name));
  new Function("log", ...names, body)(log, ...things);
  expect(printed).toEqual(expected);
});

test("README: the first example has at most 15 lines of code", () => {
  expect(examples[0].split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(
    15,
  );
});

test("README: the map lists every file of src", () => {
  for (const name of readdirSync(join(root, "src")))
    expect(readme).toMatch(new RegExp(`^  ${name}/? `, "m"));
});

test("README: the table of the engine names every exported function", () => {
  for (const name of Object.keys(chainrule)) {
    if (!["activations", "initializations", "values"].includes(name)) {
      expect(readme, name).toMatch(new RegExp(`\\b${name}\\b`));
    }
  }
});

/** The pictures of the README, by file: `npm test -- readme --update` draws them anew. */
const pictures = {
  "graph.svg": () => {
    const formula = "(a*b + c) * tanh(f)";
    const result = chainrule.parseExpression(formula).evaluate({ a: 2, b: -3, c: 10, f: 0.5 });
    result.backward();
    return drawGraph(result, { title: formula });
  },
  "network.svg": () => {
    const random = chainrule.pythonRandom(1337);
    const model = new chainrule.MLP(3, [4, 4, 1], { output: "tanh", random });
    const [output] = model.forward(chainrule.evenOdd().inputs[0]);
    output.backward();
    return drawGraph(output, { open: "network", title: "3-4-4-1: 41 parameters" });
  },
};

test.each(Object.entries(pictures))("README: docs/%s is drawn as now", async (name, draw) => {
  expect(readme).toContain(`](docs/${name})`);
  await expect(draw()).toMatchFileSnapshot(join(root, "docs", name));
});

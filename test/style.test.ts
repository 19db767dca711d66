// The rules of CONTRIBUTING.md that a program can check.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { expect, test } from "vitest";
import { root } from "../scripts/set-up.mjs";
import { repositoryFiles } from "./repository.ts";

const files = repositoryFiles();
const read = (name: string) => readFileSync(`${root}/${name}`, "utf8");
const sources = files.filter((name) => /^src\/.*\.ts$/.test(name));

/** The map of the README: a file, or a folder, imports only what stands before it. */
const map = [
  "math.ts",
  "errors.ts",
  "queue.ts",
  "operations.ts",
  "value.ts",
  "not-finite.ts",
  "functions.ts",
  "expression.ts",
  "derivatives.ts",
  "gradcheck.ts",
  "random.ts",
  "data.ts",
  "csv.ts",
  "nn.ts",
  "losses.ts",
  "optim.ts",
  "compile/",
  "train.ts",
  "recipes.ts",
  "model-file.ts",
  "draw/",
  "explain/",
  "cells/",
  "index.ts",
  "cli/",
];

/** The order in which the files of the compiler are read; each imports only what stands before it. */
const compiler = [
  "trace.ts",
  "reverse.ts",
  "layers.ts",
  "formula.ts",
  "wasm.ts",
  "wat.ts",
  "flow.ts",
  "math-code.ts",
  "math-text.ts",
  "math-wasm.ts",
  "kernels.ts",
  "block-formulas.ts",
  "emit.ts",
  "regularizer.ts",
  "module.ts",
  "parts.ts",
  "rows.ts",
  "machine.ts",
  "interpreter.ts",
  "runner.ts",
  "trainer.ts",
  "training.ts",
  "epochs.ts",
  "dialects.ts",
  "view.ts",
  "program.ts",
  "worker.ts",
  "workers.ts",
  "index.ts",
];

/** The place of a source in the map, -1 if it has none. */
function place(name: string): number {
  const path = name.slice("src/".length);
  return map.findIndex(
    (entry) => path === entry || (entry.endsWith("/") && path.startsWith(entry)),
  );
}

const comments = /\/\/.*|\/\*[\s\S]*?\*\//g;
const strings = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

/** What a source imports: paths from the root for its own files, names of packages for others. */
function imports(name: string): string[] {
  const found = read(name)
    .replace(comments, "")
    .matchAll(/(?<!["'])\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g);
  return [...found].map(([, path]) => (path!.startsWith(".") ? join(dirname(name), path!) : path!));
}

test("src: every file has a place in the map", () => {
  expect(sources.length).toBeGreaterThan(0);
  expect(sources.filter((name) => place(name) < 0)).toEqual([]);
});

test("src: a file imports only what stands before it in the map", () => {
  const wrong = sources.flatMap((name) => {
    const own = imports(name).filter((path) => path.startsWith("src/"));
    const later = own.filter((path) => place(path) > place(name));
    return later.map((path) => `${name} imports ${path}`);
  });
  expect(wrong).toEqual([]);
});

test("src/compile: a file imports only what is read before it", () => {
  const own = sources.filter((name) => name.startsWith("src/compile/"));
  const order = compiler.map((name) => `src/compile/${name}`);
  expect([...own].sort()).toEqual([...order].sort());
  const wrong = own.flatMap((name) =>
    imports(name)
      .filter((path) => order.indexOf(path) > order.indexOf(name))
      .map((path) => `${name} imports ${path}`),
  );
  expect(wrong).toEqual([]);
});

test("src: no imports in a circle", () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const follow = (name: string, path: string[]) => {
    if (path.includes(name)) circles.push([...path.slice(path.indexOf(name)), name].join(" > "));
    if (done.has(name) || path.includes(name)) return;
    for (const next of imports(name)) if (sources.includes(next)) follow(next, [...path, name]);
    done.add(name);
  };
  for (const name of sources) follow(name, []);
  expect(circles).toEqual([]);
});

test("src: outside src/cli only drawing and cells import packages, and only optional ones", () => {
  const library = sources.filter((name) => !name.startsWith("src/cli/"));
  const optional = Object.keys(JSON.parse(read("package.json")).peerDependencies);
  const foreign = library.flatMap((name) =>
    imports(name)
      .filter((path) => !path.startsWith("src/"))
      .filter((path) => !/^src\/(?:draw|cells)\//.test(name) || !optional.includes(path))
      .map((path) => `${name} imports ${path}`),
  );
  expect(foreign).toEqual([]);
});

test("src: of Math only what gives the same bits everywhere, and no **", () => {
  const exact = "abs|sqrt|floor|ceil|round|trunc|sign|min|max|imul|clz32|fround";
  const constants = "PI|E|LN2|LN10|LOG2E|LOG10E|SQRT2|SQRT1_2";
  const forbidden = new RegExp(`\\bMath\\b(?!\\.(?:${exact}|${constants})\\b)[.\\w]*|\\*\\*`, "g");
  const wrong = sources.flatMap((name) => {
    const code = read(name).replace(new RegExp(`${strings.source}|${comments.source}`, "g"), '""');
    return [...code.matchAll(forbidden)].map(([what]) => `${name} uses ${what}`);
  });
  expect(wrong).toEqual([]);
});

test("the root: all configuration together is under 120 lines", () => {
  const texts = /\.md$|^LICENSE$|^package-lock\.json$/;
  const configuration = files.filter((name) => !name.includes("/") && !texts.test(name));
  expect(configuration).toContain("package.json");
  const lines = configuration.map((name) => read(name).trimEnd().split("\n").length);
  expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(120);
});

test("every file: names no folder of one machine and no host of a package registry", () => {
  const machine = /(?<![\w.])\/(?:work|root|tmp)\/|\bregistry\.[a-z]|\bdeb\.debian\b|["]resolved"/;
  const text = files.filter((name) => !/\.(?:png|ico|woff2?|wasm|gz)$/.test(name));
  expect(text.length).toBeGreaterThan(10);
  const wrong = text.flatMap((name) => {
    const found = read(name).match(machine);
    return found ? [`${name} names ${found[0]}`] : [];
  });
  expect(wrong).toEqual([]);
});

// What becomes of a cell's text; that it behaves is tested in same-outputs.test.ts.

import { expect, test } from "vitest";
import { rewrite } from "../../src/cells/rewrite.ts";
import { CellSyntaxError, loadTools, readCell } from "../../src/cells/syntax.ts";

const tools = await loadTools();
const rewritten = (source: string) => rewrite(readCell(source, tools));

test("rewrite: every line stays where it is", () => {
  const source = `import {
  Value,
} from "chainrule";
const a: number = 1,
  b = 2
let c
function f(
  x: number,
) { return x; }
class A<T> {
  x!: T;
}
for (var i = 0; i < 2; i++) {
  // last
}
import("x").then(
  () => this)`;
  const before = source.split("\n").map((line) => line.match(/last|\bb\b|return|then/)?.[0]);
  const after = rewritten(source).module("host()").split("\n");
  before.forEach((word, i) => {
    if (word) expect(after[i]).toContain(word);
  });
});

test("rewrite: which names a cell declares, and how", () => {
  const source = `import d, { a as b } from "m"; import * as n from "m"; import type { T } from "m";
    const { x, y: [z = 1, ...rest] } = o; let l; class C {} function f() { var inner; }
    for (var v of []) { let hidden; if (1) var w = 2; } enum E { A }`;
  expect(Object.fromEntries(rewritten(source).declared)).toEqual({
    ...{ d: "const", b: "const", n: "const", x: "const", z: "const", rest: "const" },
    ...{ l: "let", C: "let", f: "var", v: "var", w: "var", E: "var" },
  });
});

test("rewrite: a cell may use the names that the rewritten text would", () => {
  const module = rewritten("const $cell = 1, $cellValue = 2; $cell").module("host()");
  expect(module).toContain("const $cell$ = host()");
});

test("readCell: braces are an object, unless a semicolon ends it or it cannot be one", () => {
  const kind = (source: string) => readCell(source, tools).program.body[0]?.type;
  expect(kind("{ a: 1, b: 2 }")).toBe("ExpressionStatement");
  expect(kind("{ a: 1 };")).toBe("BlockStatement");
  expect(kind("{ let a = 1 }")).toBe("BlockStatement");
});

test("readCell: a syntax error says where it stands in the source with its types", () => {
  const error = (source: string) => {
    try {
      readCell(source, tools);
    } catch (thrown) {
      if (thrown instanceof CellSyntaxError) return [thrown.message, thrown.line, thrown.column];
      throw thrown;
    }
    return undefined;
  };
  expect(error("const x: number = = 5")).toEqual(['Unexpected "="', 1, 19]);
  expect(error("return 5")).toEqual(["'return' outside of function", 1, 1]);
  expect(error("const a: Map<string, number> = f();\nconst b: number = 1; const b = 2;")).toEqual([
    "Identifier 'b' has already been declared",
    2,
    28,
  ]);
  expect(error(`${"(".repeat(1e5)}1${")".repeat(1e5)}`)?.[0]).toMatch(/nested less deeply/);
});

// Cells are type-checked, with errors at the lesson's lines.

import { expect, test } from "vitest";
import { checkTypes, declarations } from "../../scripts/lessons/checks/types.mjs";
import { ensureBuilt } from "../../scripts/set-up.mjs";
import { asLines, exercise, lessonOf } from "./fixtures.ts";

await ensureBuilt("the tests");
const cell = (code: string) => `\`\`\`ts\n${code}\n\`\`\`\n\n`;
const check = async (...cells: string[]) =>
  asLines(await checkTypes([lessonOf(cells.join(""))], "types-test"));

test("checkTypes: a cell sees what the latest cells above declare", async () => {
  const found = await check(
    cell('import { Value } from "chainrule";\nconst a = new Value(1);\ninterface P { x: number }'),
    cell('const b: Value = a.add(1);\nconst p: P = { x: 1 };\nconst a2 = "x";'),
    cell("class Own {\n  x = 1;\n}"),
    cell('class Own {\n  y = "y";\n}\nconst [q, { r = 2 }] = [1, { r: 1 }];'),
    cell("new Own().y.length + q + r + p.x + a2.length + b.data;"),
    cell("new Own().x;"),
  );
  expect(found).toEqual(["33: TS2339: Property 'x' does not exist on type 'Own'."]);
});

test("checkTypes: strict, without DOM, Node and Deno, and with each line as it is", async () => {
  const found = await check(
    cell("const f = (x) => x;"),
    cell("let s: string;\n\ns = 1;\nconsole.log(s);"),
    cell("document.title; process.exit(); Deno.exit();"),
    cell("let n = 1;"),
    cell("n = 2;"),
  );
  expect(found.map((line) => line.slice(0, 10))).toEqual([
    "4: TS7006:",
    "10: TS2322",
    "15: TS2584",
    "15: TS2591",
    "15: TS2304",
    "23: TS2632",
  ]);
});

test("checkTypes: says what cannot even be parsed", async () => {
  const [first] = await check(cell("const a = 1;"), cell("\nconst = 3;"));
  expect(first).toBe("9: TS1134: Variable declaration expected.");
});

test("checkTypes: solutions and mistakes are checked, and the check with each of them", async () => {
  const start = cell('import { exercise, todo } from "chainrule/cells";');
  expect(await check(start, exercise)).toEqual([]);
  expect(await check(start, exercise.replace("=> x + x", '=> "x"'))).toEqual([
    "30: TS2322: Type 'string' is not assignable to type 'number'.",
  ]);
  expect(await check(start, exercise.replace("=> x * x", "=> null"))).toEqual([
    "34: TS2322: Type 'null' is not assignable to type 'number'.",
  ]);
});

test("declarations: every name that a cell declares at its top level", () => {
  const code = `import d, * as n from "x";
import { a, type b as B, c as C } from "x";
import type { T } from "x";
const [e, , { f: g = 1, ...h }] = x, i = 2;
async function j() { const inner = 1; }
class K<A> { l = 1; }
type M = { inner: number };
interface O { x: number }
if (e) { const inner = 2; }`;
  expect(declarations(code).sort()).toEqual(
    ["B", "C", "K", "M", "O", "T", "a", "d", "e", "g", "h", "i", "j", "n"].sort(),
  );
});

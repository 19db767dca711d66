// Quoted source is the present source.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkQuotes, unquotedKinds, unquotedLines } from "../../scripts/lessons/checks/quotes.mjs";
import { asLines, lessonOf } from "./fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-quotes-"));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "src"));
writeFileSync(join(folder, "src", "a.ts"), "class A {\n  x = 1;\n\n  y = 2;\n}\n\nclass B {}\n");

const quoting = (...quotes: string[]) =>
  lessonOf(quotes.map((quote) => `\`\`\`ts src/a.ts\n${quote}\n\`\`\``).join("\n\n"));

test("checkQuotes: a run of lines, whatever the indentation", () => {
  expect(checkQuotes(quoting("x = 1;\n\ny = 2;", "    class B {}"), folder)).toEqual([]);
});

test("checkQuotes: says which line is another one in the file", () => {
  expect(asLines(checkQuotes(quoting("x = 1;\n\ny = 3;"), folder))).toEqual([
    '6: src/a.ts:4 has "y = 2;" here',
  ]);
  expect(asLines(checkQuotes(quoting("z = 1;"), folder))).toEqual(["4: src/a.ts has no such line"]);
  const elsewhere = lessonOf("```ts src/b.ts\nx\n```");
  expect(asLines(checkQuotes(elsewhere, folder))).toEqual(["4: there is no src/b.ts"]);
});

test("unquotedLines: the lines that no quote shows, blank ones apart", () => {
  const lessons = [quoting("class A {\n  x = 1;"), quoting("class B {}")];
  expect(unquotedLines(lessons, "src/a.ts", folder)).toEqual([4, 5]);
  expect(unquotedLines([quoting("nothing")], "src/a.ts", folder)).toEqual([1, 2, 4, 5, 7]);
});

test("unquotedKinds: the kinds of operations of which no row is quoted", () => {
  const rows = '  add: linear("add", "+", [1, 1]),\n  div: general("div", {';
  const lesson = lessonOf(`\`\`\`ts src/operations.ts\n${rows}\n\`\`\``);
  expect(unquotedKinds([lesson])).toEqual(["leaf", "product", "cut"]);
});

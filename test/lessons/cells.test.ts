// What a cell may be like.

import { expect, test } from "vitest";
import { checkCells } from "../../scripts/lessons/checks/cells.mjs";
import { asLines, lessonOf } from "./fixtures.ts";

test("checkCells: at most 15 lines of a cell are new to the course", () => {
  const lines = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => `  f(${from + i});`).join("\n");
  const cell = (code: string) => lessonOf(`\`\`\`ts\n// comment\n\n${code}\n\`\`\``);
  expect(checkCells([cell(lines(0, 15)), cell(lines(0, 30))])).toEqual([]);
  expect(asLines(checkCells([cell(lines(0, 15)), cell(lines(0, 31))]))).toEqual([
    "4: expected at most 15 new lines of code, got 16",
  ]);
});

test("checkCells: nothing that differs from run to run", () => {
  const found = checkCells([lessonOf("```ts\nconst now = new Date();\n```")]);
  expect(asLines(found)).toEqual(["4: Date is not the same in every run"]);
});

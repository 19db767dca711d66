// A lesson as a notebook and back, and how two notebooks differ.

import { expect, test } from "vitest";
import { compareNotebook } from "../../scripts/lessons/compare.mjs";
import { cellsOf, parseLesson } from "../../scripts/lessons/lesson.mjs";
import {
  faultsOf,
  joined,
  markdownOf,
  notebookOf,
  parseNotebook,
} from "../../scripts/lessons/notebook.mjs";
import { asLines, exercise, failure, file, lessonOf, picture, runOf } from "./fixtures.ts";

const text = `A [file](../../src/value.ts#L3), [next](../04-more/lesson.md#why), [terms](../glossary.md#leaf),
[below](#where-we-stand), [page](https://a.org/b). <!-- fact 5: source -->

\`\`\`ts src/value.ts
export class Value {
\`\`\`

\`\`\`ts
console.log("a\\nb");
show(svg)
\`\`\`

\`\`\`ts throws
\`\${f()}\`;
\`\`\`

${exercise}
## Where we stand

End.
`;
const lesson = lessonOf(text);
const outputs = () => [
  [
    { output_type: "stream" as const, name: "stdout" as const, text: "a\nb\n" },
    picture("one\ntwo"),
  ],
  [failure("Error", "no")],
  "",
  "✗ Exercise 3.1 Twice: not done yet: return twice x\n",
];
const run = () => runOf(lesson, ...outputs());
const cells = parseNotebook(notebookOf(run())).cells;

test("notebookOf: a valid notebook of nbformat 4.5 for the kernel named deno", () => {
  const notebook = JSON.parse(notebookOf(run()));
  expect(faultsOf(notebook)).toEqual([]);
  expect([notebook.nbformat, notebook.nbformat_minor]).toEqual([4, 5]);
  expect(notebook.metadata.kernelspec.name).toBe("deno");
  expect(notebookOf(run())).toBe(notebookOf(run()));
});

test("notebookOf: code with its outputs, counts, and announced errors marked", () => {
  const code = cells.filter((cell) => cell.cell_type === "code");
  expect(code.map(({ id }) => id)).toEqual(cellsOf(lesson).map(({ id }) => id));
  expect(code.map(({ execution_count: count }) => count)).toEqual([1, 2, 3, 4]);
  expect(code.map(({ metadata }) => metadata)).toEqual([
    {},
    { chainrule: { mode: "throws" }, tags: ["raises-exception"] },
    { chainrule: { mode: "exercise" } },
    { chainrule: { mode: "check" } },
  ]);
  expect(code[0].outputs[0].text).toEqual(["a\n", "b\n"]);
  expect(joined(code[0].outputs[1].data["image/svg+xml"])).toContain("one\ntwo");
  expect(code[1].outputs).toEqual([failure("Error", "no")]);
});

test("notebookOf: text without comments, cut at headings, with links that work from notebooks/", () => {
  const texts = cells.filter((cell) => cell.cell_type === "markdown").map((c) => joined(c.source));
  expect(texts[0]).toBe(`# Step 3: A name

A [file](../src/value.ts#L3), [next](04-more.ipynb), [terms](../lessons/glossary.md#leaf),
[below](#Where-we-stand), [page](https://a.org/b).

<!-- src/value.ts -->
\`\`\`typescript
export class Value {
\`\`\``);
  expect(texts.slice(-1)).toEqual(["## Where we stand\n\nEnd."]);
  expect(texts.at(-2)).toContain("<!-- mistake -->\n```typescript\nconst twice");
});

test("notebookOf: a summary that shows in Jupyter 6, too, that it folds", () => {
  const { source } = cells.find((cell) => joined(cell.source).startsWith("<details>")) ?? {};
  expect(joined(source)).toMatch(/^<details><summary style="display: list-item.*">Hint<\/summary>/);
});

test("markdownOf: the way back gives the same notebook", () => {
  const markdown = markdownOf(notebookOf(run()), "03-a-name");
  expect(markdown).toContain("<details><summary>Hint</summary>\n");
  const again = parseLesson(markdown, file);
  expect(again.problems).toEqual([]);
  expect(notebookOf(runOf(again.lesson, ...outputs()))).toBe(notebookOf(run()));
  expect(markdown).toContain("[next](../04-more/lesson.md), [terms](../glossary.md#leaf)");
  expect(markdown).toContain("[below](#where-we-stand)");
});

test("markdownOf: cells that a reader added, one with backticks", () => {
  const notebook = JSON.parse(notebookOf(run()));
  const add = (cell_type: string, id: string, source: string, more = {}) =>
    notebook.cells.push({ cell_type, id, metadata: {}, source, ...more });
  add("code", "x", "const s = `\n```\n`;", { outputs: [], execution_count: null });
  add("raw", "y", "raw");
  const markdown = markdownOf(JSON.stringify(notebook), "03-a-name");
  expect(markdown).toContain("\n\n````ts\nconst s = `\n```\n`;\n````\n\n```text\nraw\n```\n");
});

test("markdownOf: what a text cell holds or leaves open is no cell and hides none", () => {
  const texts = [
    "```ts\nread()\n```",
    "~~~ts throws\nread()",
    "Text <!-- open",
    "````md\n```ts\nread()\n```",
  ];
  const code = { cell_type: "code", metadata: {}, outputs: [], execution_count: null, source: "1" };
  for (const source of texts) {
    const cells = [{ cell_type: "markdown", metadata: {}, source }, code];
    const notebook = { cells, metadata: {}, nbformat: 4, nbformat_minor: 4 };
    const markdown = markdownOf(JSON.stringify(notebook), "03-a-name");
    const { lesson } = parseLesson(markdown, file);
    expect(cellsOf(lesson).map((cell) => cell.source)).toEqual(["1"]);
  }
});

test("markdownOf: tags of any kind, and a mark before the first brace", () => {
  const cell = { cell_type: "code", outputs: [], execution_count: null, source: "1" };
  const word = (tags: unknown) => {
    const cells = [{ ...cell, metadata: { tags } }];
    const text = JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 4 });
    return markdownOf(`\ufeff${text}`, "03-a-name");
  };
  expect(word(5)).toBe("```ts\n1\n```\n");
  expect(word(["raises-exception"])).toBe("```ts throws\n1\n```\n");
});

test.each([
  ["", "expected a notebook, got something that is not JSON"],
  ['{"cells": [{', "expected a notebook, got something that is not JSON"],
  ["[]", "expected a notebook, got []"],
  ['{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "cells": []}', "nbformat: expected 4"],
  ['{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "cells: expected a list, got nothing"],
])("parseNotebook: says what is wrong with %j", (text, message) => {
  expect(() => parseNotebook(text)).toThrow(message);
});

test("faultsOf: names the cell and the field", () => {
  const notebook = JSON.parse(notebookOf(run()));
  notebook.cells[0].source = 5;
  notebook.cells[1].id = "no spaces";
  notebook.cells[1].outputs[1].output_type = "picture";
  notebook.cells[3].id = notebook.cells[2].id;
  notebook.cells[2].cell_type = "video";
  expect(faultsOf(notebook)).toEqual([
    "cells[0].source: expected text, got 5",
    'cells[1].id: expected 1 to 64 of a-z, 0-9, - and _, got "no spaces"',
    expect.stringContaining("cells[1].outputs[1]: expected an output, got {"),
    'cells[2].cell_type: expected code or markdown or raw, got "video"',
    expect.stringContaining("cells[3].id: expected an id that no cell above has"),
  ]);
});

test("compareNotebook: nothing to say about the file as it was made", () => {
  expect(compareNotebook(notebookOf(run()), run())).toEqual([]);
});

test("compareNotebook: says which cell prints or draws something else, and where it differs", () => {
  const differences = (change: (text: string) => string) =>
    asLines(compareNotebook(change(notebookOf(run())), run()));
  expect(differences((text) => text.replace('"b\\n"', '"c\\n"'))).toEqual([
    '11: notebooks/03-a-name.ipynb: the cell puts out something else: line 2: expected "c", got "b"',
  ]);
  expect(differences((text) => text.replace(">one", ">uno"))).toEqual([
    '11: notebooks/03-a-name.ipynb: the cell draws something else: line 1: expected "<svg><text x=\\"77\\">uno", got "<svg><text x=\\"77\\">one"',
  ]);
  expect(differences((text) => text.replace("svg+xml", "svg"))).toEqual([
    expect.stringContaining("11: notebooks/03-a-name.ipynb: the cell puts out something else"),
  ]);
  expect(differences((text) => text.replace("show(svg)", "show(other)"))).toEqual([
    "11: notebooks/03-a-name.ipynb: the cell is not in the notebook as it stands here",
  ]);
  expect(differences((text) => text.replace("End.", "Fin."))).toEqual([
    "1: its text is not the lesson's: npm run notebooks -- 3 makes it anew",
  ]);
});

test("compareNotebook: a file that is missing or damaged is said to be so", () => {
  const messages = (text?: string) =>
    compareNotebook(text, run()).map(({ file, message }) => `${file} ${message}`);
  const name = "notebooks/03-a-name.ipynb";
  expect(messages()[0]).toBe(`${name} there is no such file: npm run notebooks -- 3 makes it anew`);
  expect(messages("{")[0]).toMatch(/^notebooks\/03-a-name.ipynb expected a notebook, got/);
});

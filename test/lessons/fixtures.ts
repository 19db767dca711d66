// Small lessons to try the course's tools on, and runs of them that no kernel made.

import type { Output } from "../../scripts/lessons/kernel.mjs";
import { cellsOf, type Lesson, parseLesson } from "../../scripts/lessons/lesson.mjs";
import type { Run } from "../../scripts/lessons/run.mjs";

/** The file that the lessons of this folder pretend to be. */
export const file = "lessons/03-a-name/lesson.md";

/** A lesson of step 3 with this text below its title, at line 3. */
export function lessonOf(text: string, slug = "03-a-name"): Lesson {
  const title = slug === "appendix" ? "Appendix" : `Step ${Number(slug.slice(0, 2))}`;
  return parseLesson(`# ${title}: A name\n\n${text}\n`, `lessons/${slug}/lesson.md`).lesson;
}

/** What is wrong with the way such a lesson is written, as "line: message". */
export function faultsOf(text: string): string[] {
  const { problems } = parseLesson(`# Step 3: A name\n\n${text}\n`, file);
  return asLines(problems);
}

/** Problems without the file. */
export function asLines(problems: { line: number; message: string }[]): string[] {
  return problems.map(({ line, message }) => `${line}: ${message}`);
}

/** A run in which the cells put out these things, in turn; a text is what a cell printed. */
export function runOf(lesson: Lesson, ...outputs: (string | Output[])[]): Run {
  const cells = cellsOf(lesson).map((cell, i) => ({
    cell,
    outputs: asOutputs(outputs[i] ?? ""),
    seconds: 0,
  }));
  return { lesson, cells, problems: [] };
}

function asOutputs(output: string | Output[]): Output[] {
  if (typeof output !== "string") return output;
  return output === "" ? [] : [{ output_type: "stream", name: "stdout", text: output }];
}

/** A picture with a text in it. */
export const picture = (text: string): Output => ({
  output_type: "execute_result",
  data: { "image/svg+xml": `<svg><text x="77">${text}</text></svg>`, "text/plain": "picture" },
  metadata: {},
  execution_count: 1,
});

/** The error that a cell ended with. */
export const failure = (name: string, message: string): Output => ({
  output_type: "error",
  ename: name,
  evalue: message,
  traceback: [`${name}: ${message}`],
});

/** A complete exercise 3.1. */
export const exercise = `### Exercise 3.1: Twice

Double it.

\`\`\`ts exercise
const twice = (x: number): number => todo("return twice x");
\`\`\`

\`\`\`ts check
exercise("3.1 Twice", (expect) => {
  expect("twice 4", twice(4), 8);
});
\`\`\`

<details><summary>Hint</summary>

Add it to itself.

</details>

<details><summary>Solution</summary>

\`\`\`ts solution
const twice = (x: number): number => x + x;
\`\`\`

\`\`\`ts mistake
const twice = (x: number): number => x * x;
\`\`\`

</details>
`;

// Terms that lessons define, and words that they avoid.

import { expect, test } from "vitest";
import { checkTerms, checkTone } from "../../scripts/lessons/checks/wording.mjs";
import { asLines, lessonOf } from "./fixtures.ts";

test("checkTerms: bold is a term of the glossary, once in the course", () => {
  const glossary = "# Glossary\n\n## Local derivative\n\nIt is.\n\n## Leaf\n\nToo.\n";
  const both = lessonOf("A **local\nderivative** and a **leaf**. `a ** b ** c`");
  expect(checkTerms([both], glossary)).toEqual([]);
  expect(
    checkTerms([both, lessonOf("A **leaf** and a **twig**.")], `${glossary}\n## Edge`),
  ).toEqual(
    [
      { line: 3, message: "**leaf** is defined at lessons/03-a-name/lesson.md:4 already" },
      { line: 3, message: "**twig** is not an entry of lessons/glossary.md" },
      { file: "lessons/glossary.md", line: 11, message: "no lesson defines **Edge**" },
    ].map((problem) => ({ file: "lessons/03-a-name/lesson.md", ...problem })),
  );
});

test("checkTone: no filler and no exclamation marks, in prose", () => {
  const { problems, doubts } = checkTone(
    lessonOf("It is Simply so!\n\n`just !a` ![picture](easy.svg) <!-- just! -->\n\nThe parent."),
  );
  expect(asLines(problems)).toEqual(['3: no "Simply"', "3: no exclamation marks"]);
  expect(asLines(doubts)).toEqual(['7: "parent": is an input meant?']);
});

test("checkTone: a sentence that begins with a number is no list", () => {
  const list = "Three:\n\n1. one\n2. two,\n   and on\n\n3. three\n\nIn step\n5. And so on.";
  expect(checkTone(lessonOf(list)).problems).toEqual([]);
  const { problems } = checkTone(lessonOf("0. The square is too large. It is\n1. And then?"));
  expect(asLines(problems)).toEqual([
    '3: "0." at the beginning of a line makes a list',
    '4: "1." at the beginning of a line makes a list',
  ]);
});

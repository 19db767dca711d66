// Checks that every number in the prose of a lesson comes from a cell. Read ../prose.mjs first.

import { asRead, proseLines } from "../prose.mjs";
import { picturesOf, textOf } from "../run.mjs";

/** @typedef {import("../lesson.mjs").Problem} Problem */

/** Whole numbers up to this size need no cell. */
const FREE = 10;

/**
 * Every number in the prose stands in a cell, in what a cell puts out, or in a fact with a source.
 * @param {import("../run.mjs").Run} run
 * @returns {Problem[]}
 */
export function checkNumbers({ lesson, cells }) {
  const { file, text } = lesson;
  const answers = lesson.exercises.flatMap(({ solutions, mistakes }) => [
    ...solutions,
    ...mistakes,
  ]);
  const code = [...cells.map(({ cell }) => cell), ...answers, ...lesson.quotes];
  // In code, a minus before a number may be a subtraction: its sign says nothing.
  const inCode = new Set(code.flatMap(({ source }) => numbersIn(source)).map(Math.abs));
  const put = cells.flatMap(({ outputs }) => [
    textOf(outputs),
    ...picturesOf(outputs).map((svg) => svg.replace(/<style[\s\S]*?<\/style>|<[^>]*>/g, " ")),
  ]);
  const printed = new Set(put.flatMap(numbersIn));
  const sizes = new Set([...printed].map(Math.abs));
  const { facts, problems } = factsOf(lesson);
  const used = new Set();

  for (const [i, line] of proseLines(text).entries()) {
    for (const number of new Set(numbersIn(asRead(line).replace(numbering, " ")))) {
      const size = Math.abs(number);
      if (facts.some((fact) => Math.abs(fact.number) === size)) used.add(size);
      else if (Number.isInteger(number) && size <= FREE) continue;
      else if (inCode.has(size) || printed.has(number) || (number > 0 && sizes.has(size))) continue;
      else {
        const message = sizes.has(size)
          ? `${number} has another sign in what the cells put out`
          : `no cell has or puts out the number ${number} (a fact needs <!-- fact ${number}: source -->)`;
        problems.push({ file, line: i + 1, message });
      }
    }
  }
  for (const fact of facts) {
    if (used.has(Math.abs(fact.number))) continue;
    const message = `the text does not use the fact ${fact.number}`;
    problems.push({ file, line: fact.line, message });
  }
  return problems;
}

/** "Step 5", "steps 5 and 8", "Exercises 3.1 to 3.4", "Part 2": names, not results. */
const numbering =
  /\b(?:steps?|exercises?|parts?|lessons?)\s+\d+(?:\.\d+)?(?:(?:,|,? (?:and|or|to))\s+\d+(?:\.\d+)?)*/gi;

/**
 * The facts of a lesson's comments: `<!-- fact 1986: source -->`.
 * @param {import("../lesson.mjs").Lesson} lesson
 */
function factsOf({ file, text }) {
  /** @type {{ number: number, line: number }[]} */
  const facts = [];
  /** @type {Problem[]} */
  const problems = [];
  for (const comment of text.matchAll(/<!--\s*fact\b([\s\S]*?)-->/gi)) {
    const line = text.slice(0, comment.index).split("\n").length;
    const [, written, source] = /^\s*([^:\s]+)\s*:?([\s\S]*)$/.exec(comment[1]) ?? [];
    const [number, ...more] = numbersIn(written ?? "");
    if (number === undefined || more.length > 0 || source.trim() === "") {
      const message = `expected <!-- fact 1986: source -->, got ${comment[0]}`;
      problems.push({ file, line, message });
    } else facts.push({ number, line });
  }
  return { facts, problems };
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * The numbers in a text: 1,000 is one, so are 2.5e-3, 10^{-17} and 3 · 10⁻⁶. A digit that belongs
 * to a name (v1, x_2) is none. A minus right before a number is its sign, unless something stands
 * right before the minus.
 * @param {string} text
 * @returns {number[]}
 */
export function numbersIn(text) {
  const plain = text
    .replace(/[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (power) => `^{${power.replace(/./g, plainDigit)}}`)
    .replace(/[−–](?=\d)/g, "-")
    .replace(/\{,\}/g, ",") // LaTeX's 1{,}000
    .replace(/(?<=\d)_(?=\d{3})/g, ",") // TypeScript's 1_000
    .replace(/(?<=\d)\s*(?:·|×|\*|\\cdot|\\times)\s*10\^\{?(-?\d+)\}?/g, "e$1") // 3 · 10^{-6}
    .replace(/(?<![\d.])10\^\{?(-?\d+)\}?/g, "1e$1"); // 10^{-6}
  return [...plain.matchAll(token)].map(([number]) => Number(number.replaceAll(",", "")));
}

const token = new RegExp(
  [
    String.raw`(?:(?<![\p{L}\p{N}_)\]}.])-)?`, // a sign
    String.raw`(?<![\p{L}\p{N}_.])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)`, // 1,000 or 1000
    String.raw`(?:\.\d+)?(?:[eE][+-]?\d+)?`,
  ].join(""),
  "gu",
);

/** @param {string} character */
const plainDigit = (character) =>
  character === "⁻" ? "-" : String(superscripts.indexOf(character));

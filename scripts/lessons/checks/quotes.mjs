// Checks that quoted source is the present source, and counts what is quoted. Read ../lesson.mjs
// first.

import * as fs from "node:fs";
import * as path from "node:path";

/**
 * @typedef {import("../lesson.mjs").Lesson} Lesson
 * @typedef {import("../lesson.mjs").Problem} Problem
 */

/**
 * Each quote is a run of lines of its file, whatever the indentation.
 * @param {Lesson} lesson
 * @param {string} root
 * @returns {Problem[]}
 */
export function checkQuotes({ file, quotes }, root) {
  return quotes.flatMap(({ name, source, line }) => {
    const lines = linesOf(root, name);
    if (lines === undefined) return [{ file, line, message: `there is no ${name}` }];
    const wanted = trimmed(source);
    const { start, length } = longestRun(lines, wanted);
    if (length === wanted.length) return [];
    const place = length === 0 ? `${name} has no such line` : `${name}:${start + length + 1}`;
    const instead = length === 0 ? "" : ` has "${lines[start + length] ?? "its end"}" here`;
    return [{ file, line: line + length, message: place + instead }];
  });
}

/**
 * The lines of a source, counted from 1, that no quote shows. Blank ones need not be shown.
 * @param {Lesson[]} lessons
 * @param {string} name path from the root
 * @param {string} root
 * @returns {number[]}
 */
export function unquotedLines(lessons, name, root) {
  const lines = linesOf(root, name) ?? [];
  const shown = new Set();
  for (const quote of lessons.flatMap(({ quotes }) => quotes)) {
    if (quote.name !== name) continue;
    const { start, length } = longestRun(lines, trimmed(quote.source));
    for (let i = 0; i < length; i++) shown.add(start + i);
  }
  return [...lines.keys()].filter((i) => lines[i] !== "" && !shown.has(i)).map((i) => i + 1);
}

/**
 * The kinds of operations (leaf, linear, …) of which no quote shows a row.
 * @param {Lesson[]} lessons
 * @returns {string[]}
 */
export function unquotedKinds(lessons) {
  const quotes = lessons.flatMap(({ quotes }) => quotes);
  const rows = quotes.filter(({ name }) => name === "src/operations.ts").map((q) => q.source);
  const all = rows.join("\n");
  return Object.entries({
    leaf: /new Operation\("", "leaf"/,
    linear: /^\s*\w+: linear\(/m,
    product: /^\s*\w+: new Operation\("\w+", "product"/m,
    cut: /^\s*\w+: new Operation\("\w+", "cut"/m,
    general: /^\s*\w+: general\(/m,
  }).flatMap(([kind, row]) => (row.test(all) ? [] : [kind]));
}

/**
 * Where a quote stands in a file: the first line, counted from 0, and how many lines agree.
 * @param {string} text of the file
 * @param {string} quote
 */
export const placeOfQuote = (text, quote) => longestRun(trimmed(text), trimmed(quote));

/** @param {string} text */
const trimmed = (text) => text.split("\n").map((line) => line.trim());

/**
 * @param {string} root
 * @param {string} name
 */
function linesOf(root, name) {
  const file = path.join(root, name);
  return fs.existsSync(file) ? trimmed(fs.readFileSync(file, "utf8")) : undefined;
}

/**
 * Where most of the wanted lines, from the first on, stand in a row.
 * @param {string[]} lines
 * @param {string[]} wanted
 */
function longestRun(lines, wanted) {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < lines.length; start++) {
    let length = 0;
    while (length < wanted.length && lines[start + length] === wanted[length]) length += 1;
    if (length > best.length) best = { start, length };
  }
  return best;
}

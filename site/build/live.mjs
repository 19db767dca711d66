// Live texts: comments of lessons that say which numbers of the text below them can be changed. Read
// lessons/AUTHORS.md and figures/live-values.mjs first.
//
//     <!-- live x = 3 from -5 to 5 by 0.1
//     live y = 3*x^2 - 4*x + 5
//     At $x = {{x}}$ it gives ${{y}}$
//     -->
//     At $x = 3$ it gives $20$. In TypeScript:
//
// In the text below, each number that the comment has in braces gets a mark. With the numbers of the
// lesson, the comment has to say what the text says.

import { grad, parseExpression, Value } from "../../dist/index.js";
import { liveNumbers, written } from "../figures/live-values.mjs";

/**
 * @typedef {import("../figures/live-values.mjs").Live} Live
 * @typedef {import("../figures/live-values.mjs").LiveNumber} LiveNumber
 */

const comments = /<!--(?:(?!-->)[\s\S])*-->/g;
const liveComment = /^<!--\s*live\s(?<body>[\s\S]*)-->$/;

/** Said once on a page, below its first live text. */
const hint =
  '<p class="live-hint">The underlined numbers can be changed: drag one to the left or right. With the ' +
  "keyboard, arrow keys change it, Enter lets you type, and Escape brings back the number of the lesson.</p>";

/**
 * The Markdown of a block of a lesson with its live texts: `<live-text>` around them, marks at their
 * numbers (`<span class="live n0">` in prose, `\class{live n0}{…}` in formulas), comments left out.
 * @param {string} source
 * @param {{ file: string, line: number, first?: boolean }} place of the block; `first`: the page has no
 *   live text above, so the hint has to be given
 * @throws Error that says file and line, if a comment does not fit the text
 */
export function withLiveTexts(source, { file, line, first = false }) {
  const found = [...source.matchAll(comments)];
  const starts = found.filter(([comment]) => liveComment.test(comment));
  if (starts.length === 0) return source;
  const pieces = [source.slice(0, starts[0].index)];
  for (const [i, start] of starts.entries()) {
    const [comment] = start;
    const end = starts[i + 1]?.index ?? source.length;
    const below = source.slice(start.index + comment.length, end).replace(comments, "");
    try {
      const { text, rest } = liveText(liveComment.exec(comment)?.groups?.body ?? "", below);
      pieces.push(text, i === 0 && first ? `${hint}\n\n` : "", rest);
    } catch (error) {
      const at = line + source.slice(0, start.index).split("\n").length - 1;
      throw new Error(`${file}:${at}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return pieces.join("");
}

/**
 * @param {string} body of the comment, after "live"
 * @param {string} below the text below it
 */
function liveText(body, below) {
  const lines = body.trim().split("\n");
  const count = lines.findIndex((text, i) => i > 0 && !/^\s*live\s/.test(text));
  if (count < 0) throw new Error("live: expected a text below the definitions, got none");
  const live = definitionsOf(lines.slice(0, count).map((text) => text.replace(/^\s*live\s/, "")));
  const templates = lines
    .slice(count)
    .join("\n")
    .split(/^\s*…\s*$/m);
  const numbered = templates.map((template) => template.trim().split(/\{\{([^{}]+)\}\}/));
  for (const parts of numbered) live.numbers.push(...numbersOf(parts));
  const used = new Set(live.numbers.map(({ expression }) => expression));
  const unused = live.variables.find(({ name }) => !used.has(name));
  if (unused) throw new Error(`live: the text has no {{${unused.name}}} to change`);
  const shown = liveNumbers(live, new Map(), { grad, parseExpression, Value }).map((value, i) =>
    written(value, live.numbers[i].digits),
  );

  let done = 0; // how much of the text below has been found
  let n = 0;
  let text = "";
  for (const parts of numbered) {
    const values = parts.map((part, i) => (i % 2 === 0 ? part : shown[n + (i - 1) / 2]));
    const wanted = values.map((part) => flexible(part)).join("");
    const match = new RegExp(wanted).exec(below.slice(done));
    if (match === null || wanted === "") {
      throw new Error(
        `live: the text below does not say "${values.join("").replace(/\s+/g, " ")}"`,
      );
    }
    text += below.slice(done, done + match.index);
    for (const [i, value] of values.entries()) {
      if (i % 2 === 0) text += value;
      else text += marked(value, n++, text);
    }
    done += match.index + match[0].length;
  }
  const end = below.slice(done).search(/\n\s*\n|\s*$/);
  text += below.slice(done, done + end);
  const data = JSON.stringify(live).replace(/[&"<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  return {
    text: `<live-text data-live="${data}">\n\n${text.trim()}\n\n</live-text>\n\n`,
    rest: below.slice(done + end).replace(/^\s*\n/, ""),
  };
}

/** A number with its mark; which one depends on whether the text before it leaves a formula open. */
function marked(
  /** @type {string} */ value,
  /** @type {number} */ n,
  /** @type {string} */ before,
) {
  const paragraph = before.slice(before.lastIndexOf("\n\n") + 1);
  if (paragraph.split("`").length % 2 === 0) throw new Error(`live: ${value} stands in code`);
  const inFormula =
    paragraph.replaceAll("\\$", "").replaceAll("$$", "$").split("$").length % 2 === 0;
  return inFormula ? `\\class{live n${n}}{${value}}` : `<span class="live n${n}">${value}</span>`;
}

/** A regular expression for a text that may be broken into lines elsewhere. */
function flexible(/** @type {string} */ text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
}

const variable =
  /^([\p{L}_]\w*)\s*=\s*(\S+)\s+from\s+(\S+)\s+to\s+(\S+)\s+by\s+(factor\s+)?(\S+)$/u;
const named = /^([\p{L}_]\w*)\s*=\s*(.+)$/u;

/**
 * "x = 3 from -5 to 5 by 0.1; y = x^2": variables and names for expressions.
 * @param {string[]} lines
 * @returns {Live}
 */
function definitionsOf(lines) {
  /** @type {Live} */
  const live = { variables: [], definitions: [], numbers: [] };
  for (const text of lines.flatMap((line) => line.split(";")).map((text) => text.trim())) {
    const [, name, ...given] = variable.exec(text) ?? [];
    if (name !== undefined) {
      const [value, from, to, , by] = given.map(Number);
      const factor = given[3] !== undefined;
      if (!(from <= value && value <= to && (factor ? by > 1 && from > 0 : by > 0))) {
        throw new Error(`live: expected a number within its range and a step, got "${text}"`);
      }
      live.variables.push({ name, value, from, to, by, factor });
      continue;
    }
    const [, own, expression] = named.exec(text) ?? [];
    if (own === undefined || expression === undefined) {
      throw new Error(`live: expected "x = 3 from -5 to 5 by 0.1" or "y = x^2", got "${text}"`);
    }
    live.definitions.push({ name: own, expression });
  }
  return live;
}

/**
 * What stands in the braces of a template: "x", or "tanh(n):4" for four digits.
 * @param {string[]} parts texts and, at odd places, what stands in braces
 * @returns {LiveNumber[]}
 */
function numbersOf(parts) {
  return parts.flatMap((part, i) => {
    if (i % 2 === 0) return [];
    const [, expression, digits] = /^\s*(.*?)\s*(?::\s*(\d+)\s*)?$/.exec(part) ?? [];
    const factor = /(?:[-+*/·]|\\cdot|\\times)\s*$/.test(parts[i - 1]) || /^\^/.test(parts[i + 1]);
    return [
      {
        expression: expression ?? part,
        ...(digits === undefined ? {} : { digits: Number(digits) }),
        ...(factor ? { factor } : {}),
      },
    ];
  });
}

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

import * as built from "../../dist/index.js";
import { liveNumbers, written } from "../figures/live-values.mjs";

/**
 * @typedef {import("../figures/live-values.mjs").Live} Live
 * @typedef {import("../figures/live-values.mjs").LiveNumber} LiveNumber
 */

/** Compiled from src/, whose types the page has. */
const engine = /** @type {import("../figures/live-values.mjs").Engine} */ (
  /** @type {unknown} */ (built)
);

const comment = String.raw`<!--(?:(?!-->)[\s\S])*-->`;
const liveComment = /^<!--\s*live\s((?:(?!-->)[\s\S])*)-->/gm;

/** Said once on a page, above its first live text. */
const hint =
  '<p class="live-hint">The underlined numbers can be changed: drag one to the left or right; two clicks or ' +
  "taps bring back the number of the lesson. With the keyboard, arrow keys change it, Enter lets you type, and " +
  "Escape brings back the number of the lesson.</p>";

/**
 * The Markdown of a lesson with its live texts. Each comment becomes an element `<live-text>` with what
 * the page has to know; the numbers of the text below get marks, `<span class="live b0 n0">` in prose and
 * `\class{live b0 n0}{…}` in formulas: block 0, number 0. Every line keeps its number.
 * @param {string} text
 * @param {string} file its name, for errors
 * @throws Error that says file and line, if a comment does not fit the text below it
 */
export function withLiveTexts(text, file) {
  const starts = [...text.matchAll(liveComment)];
  let done = 0;
  const pieces = starts.map((start, block) => {
    const [all, body] = start;
    const from = start.index + all.length;
    const fence = text.slice(from).search(/^ {0,3}(?:```|~~~)/m);
    const to = Math.min(
      starts[block + 1]?.index ?? text.length,
      fence < 0 ? text.length : from + fence,
    );
    const above = text.slice(done, start.index);
    done = to;
    try {
      const { live, marked } = liveText(body, text.slice(from, to), block);
      const data = JSON.stringify(live).replace(/[&"<>]/g, asEntity);
      const element = `<live-text data-block="${block}" data-live="${data}"></live-text>`;
      const lines = "\n".repeat(all.split("\n").length - 1);
      return `${above}<div class="live-data">${element}${block === 0 ? hint : ""}</div>${lines}${marked}`;
    } catch (error) {
      const line = text.slice(0, start.index).split("\n").length;
      throw new Error(`${file}:${line}: ${error instanceof Error ? error.message : error}`);
    }
  });
  return pieces.join("") + text.slice(done);
}

/**
 * @param {string} body of the comment, after "live"
 * @param {string} below the text below it
 * @param {number} block counted from 0
 */
function liveText(body, below, block) {
  const lines = body.trim().split("\n");
  const count = lines.findIndex((text, i) => i > 0 && !/^\s*live\s/.test(text));
  if (count < 0) throw new Error("live: expected a text below the definitions, got none");
  const live = definitionsOf(lines.slice(0, count).map((text) => text.replace(/^\s*live\s/, "")));
  const templates = lines
    .slice(count)
    .join("\n")
    .split(/^\s*…\s*$/m);
  const parted = templates.map((template) => template.trim().split(/\{\{([^{}]+)\}\}/));
  live.numbers = parted.flatMap(numbersOf);
  const used = new Set(live.numbers.map(({ expression }) => expression));
  const unused = live.variables.find(({ name }) => !used.has(name));
  if (unused) throw new Error(`live: the text has no {{${unused.name}}} to change`);
  const values = liveNumbers(live, new Map(), engine);
  const shown = values.map((value, i) => written(value, live.numbers[i].digits));

  let done = 0; // how much of the text below has been found
  let n = 0;
  let marked = "";
  for (const parts of parted) {
    const wanted = parts.map((part, i) => (i % 2 === 0 ? part : shown[n + (i - 1) / 2]));
    const match = new RegExp(wanted.map((part) => `(${flexible(part)})`).join("")).exec(
      below.slice(done),
    );
    if (match === null || wanted.join("") === "") {
      const said = wanted.join("").replace(/\s+/g, " ");
      throw new Error(`live: the text below does not say "${said}"`);
    }
    marked += below.slice(done, done + match.index);
    for (const [i, found] of match.slice(1).entries()) {
      if (i % 2 === 0) marked += found;
      else {
        const { expression } = live.numbers[n];
        const isHandle = live.variables.some(({ name }) => name === expression);
        const classes = `live b${block} n${n}${isHandle ? " handle" : ""}`;
        marked += markedNumber(found, classes, marked);
        n += 1;
      }
    }
    done += match.index + match[0].length;
  }
  return { live, marked: codeHTML(marked + below.slice(done)) };
}

/**
 * A number with its mark. Which one it gets depends on whether the text before it leaves a formula open.
 * @param {string} value
 * @param {string} classes
 * @param {string} before
 */
function markedNumber(value, classes, before) {
  const paragraph = before.slice(before.lastIndexOf("\n\n") + 1);
  if (paragraph.split("`").length % 2 === 0) return `\ue000${classes}\ue001${value}\ue002`;
  const marks = paragraph.replaceAll("\\$", "").replaceAll("$$", "$").split("$").length - 1;
  const isFormula = marks % 2 === 1;
  return isFormula ? `\\class{${classes}}{${value}}` : `<span class="${classes}">${value}</span>`;
}

const codeWithMarks = /`([^`]*\ue000[^`]*)`/g;
const mark = /\ue000(.*?)\ue001(.*?)\ue002/g;

/** Code in the text: Markdown has no marks there, so it becomes HTML. */
function codeHTML(/** @type {string} */ text) {
  return text.replace(codeWithMarks, (_, code) => {
    const plain = code.replace(/[!-/:-@[-`{-~]/g, asEntity);
    return `<code>${plain.replace(mark, '<span class="$1">$2</span>')}</code>`;
  });
}

const asEntity = (/** @type {string} */ letter) => `&#${letter.charCodeAt(0)};`;

/** A regular expression for a text that may be broken into lines elsewhere, be a quotation, have comments. */
function flexible(/** @type {string} */ text) {
  const space = `(?:\\s+(?:>\\s)?|\\s*${comment}\\s*)`;
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, () => space);
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

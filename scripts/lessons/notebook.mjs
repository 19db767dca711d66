// A lesson as a notebook (nbformat 4.5), and a notebook as a lesson. Read run.mjs first.

import * as path from "node:path";
import { anchorsOf } from "./checks/links.mjs";
import { Ids } from "./lesson.mjs";
import { headings, mapFences, mapLinks, mapProse, pieces } from "./markdown.mjs";
import { proseLines } from "./prose.mjs";

/**
 * @typedef {import("./lesson.mjs").Cell["mode"]} Mode
 * @typedef {{ cell_type: "markdown", id: string, metadata: object, source: string[] }} TextCell
 * @typedef {object} CodeCell
 * @property {"code"} cell_type
 * @property {number | null} execution_count
 * @property {string} id
 * @property {{ chainrule?: { mode?: Mode }, tags?: string[] }} metadata
 * @property {any[]} outputs
 * @property {string[]} source
 */

/**
 * The notebook of a lesson that ran, as the text of its file: the same bytes for the same run.
 * @param {import("./run.mjs").Run} run
 * @returns {string}
 */
export function notebookOf({ lesson, cells }) {
  const ids = new Ids();
  /** @type {(TextCell | CodeCell)[]} */
  const blocks = [];
  for (const block of lesson.blocks) {
    if (block.kind === "markdown") {
      for (const source of sections(forNotebook(block.source, lesson))) {
        const id = ids.of("text", source);
        blocks.push({ cell_type: "markdown", id, metadata: {}, source: linesOf(source) });
      }
      continue;
    }
    const { id, mode, source } = block;
    const index = cells.findIndex(({ cell }) => cell === block);
    blocks.push({
      cell_type: "code",
      execution_count: index < 0 ? null : index + 1,
      id: ids.named(id),
      metadata: {
        ...(mode === "run" ? {} : { chainrule: { mode } }),
        ...(mode === "throws" ? { tags: ["raises-exception"] } : {}),
      },
      outputs: index < 0 ? [] : cells[index].outputs.map(asKept),
      source: linesOf(source),
    });
  }
  const notebook = { cells: blocks, metadata, nbformat: 4, nbformat_minor: 5 };
  // As Jupyter itself writes it: saved there without a change, the file stays the same.
  return `${JSON.stringify(notebook, sortKeys, 1)}\n`;
}

/** @param {string} _key @param {any} value */
const sortKeys = (_key, value) =>
  isObject(value) ? Object.fromEntries(Object.entries(value).sort()) : value;

const metadata = {
  kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
  language_info: {
    codemirror_mode: "typescript",
    file_extension: ".ts",
    mimetype: "text/x.typescript",
    name: "typescript",
    nbconvert_exporter: "script",
    pygments_lexer: "typescript",
  },
};

// What a fence holds stands in a comment above it: Jupyter wants the language alone.
//
//     ```ts solution        <!-- solution -->
//                           ```typescript
//
const noted = /^<!-- ([\w./-]+) -->\n(`{3,}|~{3,})typescript$/gm;

// Jupyter 6 takes the triangle away from a summary, and with it the sign that there is more to see.
const summary = '<summary style="display: list-item; cursor: pointer">';

/**
 * A notebook as a lesson: the way back. What readers of a notebook do not see is not in it
 * (comments with the sources of facts).
 * @param {string} text of the .ipynb file
 * @param {string} slug of the lesson
 * @returns {string} Markdown with the fences of AUTHORS.md
 * @throws SyntaxError or TypeError that says what is wrong with the notebook
 */
export function markdownOf(text, slug) {
  const { cells } = parseNotebook(text);
  const all = cells.filter((cell) => cell.cell_type === "markdown").map(textOfCell);
  const parts = cells.map((cell) => {
    const source = textOfCell(cell);
    if (cell.cell_type === "code") return fence(`ts${wordOf(cell, source)}`, source);
    if (cell.cell_type === "raw") return fence("text", source);
    const links = mapLinks(source, (target) => linkForLesson(target, slug, all.join("\n\n")));
    const text = links.replaceAll(summary, "<summary>");
    return closed(mapFences(text, asText).replace(noted, "$2ts $1").trim());
  });
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** A fence of a text cell, which would become a cell if it began with `ts` alone. */
const asText = (/** @type {string} */ info, /** @type {string} */ mark) =>
  mark + info.replace(/^ts(?=$| (throws|exercise|check)$)/, "typescript");

/** A text that ends what it left open, a fence or a comment, so that no cell below is in it. */
function closed(/** @type {string} */ text) {
  const lines = text.split("\n");
  pieces(lines, (line) => lines.push(/^ {0,3}([`~]+)/.exec(lines[line - 1])?.[1] ?? ""));
  const isOpen = pieces([...lines, "```"]).at(-1)?.code === undefined;
  return [...lines, ...(isOpen ? ["-->"] : [])].join("\n");
}

/**
 * Reads a notebook's file.
 * @param {string} text
 * @returns {{ cells: any[] }} cells as `faultsOf` wants them
 * @throws SyntaxError or TypeError that says what is wrong with it
 */
export function parseNotebook(text) {
  let notebook;
  try {
    notebook = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new SyntaxError(`expected a notebook, got something that is not JSON: ${reason}`);
  }
  const [fault] = faultsOf(notebook);
  if (fault !== undefined) throw new TypeError(fault);
  return notebook;
}

/**
 * What keeps a thing from being a notebook of nbformat 4.5.
 * @param {any} notebook
 * @returns {string[]} lines like "cells[3].source: expected text, got 5"
 */
export function faultsOf(notebook) {
  if (!isObject(notebook)) return [`expected a notebook, got ${show(notebook)}`];
  /** @type {string[]} */
  const faults = [];
  /** @param {boolean} good @param {string} where @param {string} wanted @param {unknown} got */
  const expect = (good, where, wanted, got) => {
    if (!good) faults.push(`${where}: expected ${wanted}, got ${show(got)}`);
    return good;
  };
  const { cells, nbformat, nbformat_minor } = notebook;
  expect(nbformat === 4, "nbformat", "4", nbformat);
  expect(Number.isInteger(nbformat_minor), "nbformat_minor", "a whole number", nbformat_minor);
  expect(isObject(notebook.metadata), "metadata", "an object", notebook.metadata);
  if (!expect(Array.isArray(cells), "cells", "a list", cells)) return faults;
  const ids = new Set();
  for (const [i, cell] of cells.entries()) {
    const at = `cells[${i}]`;
    if (!expect(isObject(cell), at, "an object", cell)) continue;
    const { cell_type, id, source, outputs, execution_count: count } = cell;
    const types = ["code", "markdown", "raw"];
    expect(types.includes(cell_type), `${at}.cell_type`, types.join(" or "), cell_type);
    if (nbformat_minor >= 5) {
      expect(/^[a-zA-Z0-9_-]{1,64}$/.test(id), `${at}.id`, "1 to 64 of a-z, 0-9, - and _", id);
      expect(!ids.has(id), `${at}.id`, "an id that no cell above has", id);
      ids.add(id);
    }
    expect(isObject(cell.metadata), `${at}.metadata`, "an object", cell.metadata);
    expect(isText(source), `${at}.source`, "text", source);
    if (cell_type !== "code") continue;
    const isCount = count === null || (Number.isInteger(count) && count >= 0);
    expect(isCount, `${at}.execution_count`, "a count or null", count);
    if (!expect(Array.isArray(outputs), `${at}.outputs`, "a list", outputs)) continue;
    for (const [k, output] of outputs.entries()) {
      expect(isOutput(output), `${at}.outputs[${k}]`, "an output", output);
    }
  }
  return faults;
}

/** @param {any} output */
function isOutput(output) {
  if (!isObject(output)) return false;
  const { output_type, name, text, data, metadata, traceback } = output;
  const isBundle = isObject(data) && isObject(metadata);
  if (output_type === "stream") return /^std(out|err)$/.test(name) && isText(text);
  if (output_type === "display_data") return isBundle;
  if (output_type === "execute_result") return isBundle && "execution_count" in output;
  const isFailure = typeof output.ename === "string" && typeof output.evalue === "string";
  return output_type === "error" && isFailure && Array.isArray(traceback);
}

/** A text of a notebook, which may be kept as its lines. */
export function joined(/** @type {string | string[]} */ text) {
  return Array.isArray(text) ? text.join("") : text;
}

const isObject = (/** @type {unknown} */ thing) =>
  typeof thing === "object" && thing !== null && !Array.isArray(thing);

const isText = (/** @type {unknown} */ thing) =>
  typeof thing === "string" ||
  (Array.isArray(thing) && thing.every((line) => typeof line === "string"));

const show = (/** @type {unknown} */ thing) => (JSON.stringify(thing) ?? "nothing").slice(0, 60);

/** @param {any} cell */
const textOfCell = (cell) => joined(cell.source);

/** @param {string} info @param {string} source */
function fence(info, source) {
  const longest = Math.max(2, ...(source.match(/`+/g) ?? []).map((marks) => marks.length));
  const mark = "`".repeat(longest + 1);
  return `${mark}${info}\n${source}\n${mark}`;
}

/**
 * What follows `ts` on the fence of a cell. A reader's new cells say nothing about themselves.
 * @param {CodeCell} cell
 * @param {string} source
 */
function wordOf({ metadata }, source) {
  const mode = metadata.chainrule?.mode;
  if (mode === "throws" || mode === "exercise" || mode === "check") return ` ${mode}`;
  if ([metadata.tags].flat().includes("raises-exception")) return " throws";
  if (/^exercise\(/m.test(source)) return " check";
  return /\btodo\(/.test(source) ? " exercise" : "";
}

/** An output as a notebook's file keeps it: long texts as lists of lines. */
function asKept(/** @type {import("./kernel.mjs").Output} */ output) {
  if (output.output_type === "stream") return { ...output, text: linesOf(output.text) };
  if (!("data" in output)) return output;
  const data = Object.entries(output.data).map(([type, content]) => [
    type,
    typeof content === "string" ? linesOf(content) : content,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

/** The lines of a text, each with the mark at its end. */
const linesOf = (/** @type {string} */ text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/**
 * Text of a lesson as it stands in a notebook.
 * @param {string} source
 * @param {import("./lesson.mjs").Lesson} lesson
 */
function forNotebook(source, lesson) {
  const uncommented = mapProse(source, (prose) =>
    prose
      .replace(/[ \t]*<!--[\s\S]*?-->/g, "")
      .replace(/\n{3,}/g, "\n\n")
      .replaceAll("<summary>", summary),
  );
  const links = mapLinks(uncommented, (target) => linkForNotebook(target, lesson));
  return mapFences(links, (info, mark) => {
    const [language, word] = info.split(" ");
    return language === "ts" ? `<!-- ${word} -->\n${mark}typescript` : `${mark}${info}`;
  }).trim();
}

/** A text in pieces that begin with a heading; what is within `<details>` stays together. */
function sections(/** @type {string} */ text) {
  const found = headings(proseLines(text), 1);
  const lines = text.split("\n");
  const starts = found
    .map(({ line }) => line - 1)
    .filter((start) => {
      const above = lines.slice(0, start).join("\n");
      return above.split("<details").length === above.split("</details").length;
    });
  const cuts = [0, ...starts, lines.length];
  return cuts.flatMap((cut, i) => {
    const piece = lines
      .slice(cut, cuts[i + 1])
      .join("\n")
      .trim();
    return i === cuts.length - 1 || piece === "" ? [] : [piece];
  });
}

// A lesson lies in lessons/NN-name/, a notebook in notebooks/. Other lessons become their notebooks,
// and a heading's anchor is made by GitHub in the one ("where-we-stand"), by Jupyter in the other
// ("Where-we-stand").

/**
 * @param {string} target
 * @param {import("./lesson.mjs").Lesson} lesson
 */
function linkForNotebook(target, { file, text }) {
  if (/^[a-z]+:/i.test(target)) return target;
  const [name, anchor] = target.split("#");
  if (name === "") return `#${otherAnchor(anchor, text, "Jupyter")}`;
  const there = path.posix.join(path.posix.dirname(file), name);
  const lesson = /^lessons\/([^/]+)\/lesson\.md$/.exec(there);
  if (lesson) return `${lesson[1]}.ipynb`;
  return path.posix.relative("notebooks", there) + (anchor === undefined ? "" : `#${anchor}`);
}

/**
 * @param {string} target
 * @param {string} slug
 * @param {string} text of all text cells
 */
function linkForLesson(target, slug, text) {
  if (/^[a-z]+:/i.test(target)) return target;
  const [name, anchor] = target.split("#");
  if (name === "") return `#${otherAnchor(anchor, text, "GitHub")}`;
  const notebook = /^([^/]+)\.ipynb$/.exec(name);
  const there = notebook ? `lessons/${notebook[1]}/lesson.md` : path.posix.join("notebooks", name);
  const found = path.posix.relative(`lessons/${slug}`, there);
  return found + (anchor === undefined ? "" : `#${anchor}`);
}

/**
 * @param {string} anchor
 * @param {string} text
 * @param {"GitHub" | "Jupyter"} style wanted
 */
function otherAnchor(anchor, text, style) {
  const github = anchorsOf(text);
  const jupyter = headings(proseLines(text), 1).map(({ title }) => title.replace(/ /g, "-"));
  const [from, to] = style === "Jupyter" ? [github, jupyter] : [jupyter, github];
  return to[from.indexOf(anchor)] ?? anchor;
}

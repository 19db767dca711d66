// Reads a lesson: Markdown whose ts fences are cells. Read lessons/AUTHORS.md and markdown.mjs first.

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { headings, pieces } from "./markdown.mjs";

/**
 * Something to mend, and where: printed as `file:line: message`.
 * @typedef {{ file: string, line: number, message: string }} Problem
 */

/**
 * A fence's code. `line` is the line of the lesson at which the code begins.
 * @typedef {{ source: string, line: number }} Code
 */

/**
 * An exercise: its cell with the hole, the cell that checks it, right and wrong answers.
 * @typedef {object} Exercise
 * @property {string} number "3.1"
 * @property {string} title
 * @property {Cell} hole
 * @property {Cell} check
 * @property {Code[]} solutions
 * @property {Code[]} mistakes
 */

/**
 * A cell to run. `id` is valid in notebooks and stays the same while other cells change.
 * @typedef {object} Cell
 * @property {"cell"} kind
 * @property {"run" | "throws" | "exercise" | "check"} mode
 * @property {string} id
 * @property {string} source
 * @property {number} line of the lesson, at which the code begins
 */

/**
 * Text between two cells, with the fences in it that are not cells, as it stands in the lesson.
 * @typedef {{ kind: "markdown", id: string, source: string, line: number }} Markdown
 */

/**
 * `name` is the file that is quoted, as a path from the repository's root.
 * @typedef {Code & { name: string }} Quote
 */

/**
 * @typedef {object} Lesson
 * @property {string} file path from the repository's root, with slashes
 * @property {string} slug the folder's name: "03-the-graph"
 * @property {number} number 3; 9 for the appendix
 * @property {string} title without "Step 3: "
 * @property {{ title: string, line: number }[]} parts in the order of the text; none in most lessons
 * @property {(Cell | Markdown)[]} blocks
 * @property {Exercise[]} exercises
 * @property {Quote[]} quotes
 * @property {string} text the whole file
 */

/** What may follow `ts` on a fence, apart from the name of a source. */
const words = ["throws", "exercise", "check", "solution", "mistake"];

/** The lessons of a folder, in order: paths from `root`, with slashes. */
export function lessonFiles(/** @type {string} */ root, folder = "lessons") {
  const here = path.join(root, folder);
  if (!fs.existsSync(here)) return [];
  const names = fs.readdirSync(here).filter((name) => /^\d\d-[a-z0-9-]+$|^appendix$/.test(name));
  const files = names.sort().map((name) => `${folder}/${name}/lesson.md`);
  return files.filter((file) => fs.existsSync(path.join(root, file)));
}

/**
 * Reads a lesson. It can be run if there are no problems.
 * @param {string} text
 * @param {string} file path from the repository's root, with slashes
 * @returns {{ lesson: Lesson, problems: Problem[] }}
 */
export function parseLesson(text, file) {
  const reader = new Reader(text, file);
  return { lesson: reader.lesson, problems: reader.problems.sort((a, b) => a.line - b.line) };
}

/** The cells of a lesson, without the text between them. */
export function cellsOf(/** @type {Lesson} */ lesson) {
  return lesson.blocks.filter((block) => block.kind === "cell");
}

/** Gives out ids: valid ones in notebooks, each once, the same for the same content. */
export class Ids {
  #used = new Set();

  /** An id made of a word and the content: an edit elsewhere leaves it alone. */
  of(/** @type {string} */ word, /** @type {string} */ content) {
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 8);
    return this.named(`${word}-${hash}`);
  }

  /** The name, with a number behind it if it was given out already. */
  named(/** @type {string} */ name) {
    let id = name;
    for (let n = 2; this.#used.has(id); n++) id = `${name}-${n}`;
    this.#used.add(id);
    return id;
  }
}

/** Goes through a lesson from top to bottom and keeps in mind what was there. */
class Reader {
  /** @type {Lesson} */
  lesson;
  /** @type {Problem[]} */
  problems = [];
  #ids = new Ids();
  /** Text since the last cell, and the line at which it begins. @type {string[]} */
  #text = [];
  #textLine = 1;
  /** The heading of the latest exercise. @type {{ number: string, title: string } | undefined} */
  #heading;
  /** An exercise whose check has not come yet. @type {Cell | undefined} */
  #hole;

  /** @param {string} text @param {string} file */
  constructor(text, file) {
    const slug = file.split("/").at(-2) ?? "";
    const number = slug === "appendix" ? 9 : Number(/^\d+/.exec(slug)?.[0] ?? NaN);
    const empty = { parts: [], blocks: [], exercises: [], quotes: [] };
    this.lesson = { file, slug, number, title: "", ...empty, text };

    const lines = text.replaceAll("\r\n", "\n").split("\n");
    for (const piece of pieces(lines, (line, message) => this.#problem(line, message))) {
      if (piece.code === undefined) this.#readText(piece);
      else this.#readFence(piece, piece.code.join("\n"));
    }
    this.#endText(lines.length);
    this.#endExercise();
    if (this.lesson.title === "")
      this.#problem(1, `expected the title "${this.#start}Title" first`);
  }

  /** How the title begins. */
  get #start() {
    return this.lesson.slug === "appendix" ? "# Appendix: " : `# Step ${this.lesson.number}: `;
  }

  /** @param {number} line @param {string} message */
  #problem(line, message) {
    this.problems.push({ file: this.lesson.file, line, message });
  }

  /** @param {import("./markdown.mjs").Piece} piece */
  #readText(piece) {
    this.#text.push(...piece.lines);
    for (const { level, title, line } of headings(piece.lines, piece.line)) {
      const exercise = /^Exercise (\d+\.\d+): (.+)$/.exec(title);
      if (exercise) this.#heading = { number: exercise[1], title: exercise[2] };
      else if (/^Exercise\b/.test(title)) {
        this.#problem(line, `expected "Exercise ${this.lesson.number}.1: Title", got "${title}"`);
      }
      if (level === 2 && /^Part \d+: /.test(title)) this.lesson.parts.push({ title, line });
      if (level === 1) this.#readTitle(`# ${title}`, line);
    }
  }

  /** @param {string} title @param {number} line */
  #readTitle(title, line) {
    const start = this.#start;
    if (this.lesson.title !== "") {
      this.#problem(line, "a second title: sections begin with ## or ###");
    } else if (!title.startsWith(start)) {
      this.#problem(line, `expected "${start}Title", got "${title}"`);
    }
    this.lesson.title ||= title.replace(start, "");
  }

  /** @param {import("./markdown.mjs").Piece} piece @param {string} source */
  #readFence(piece, source) {
    const word = this.#wordOf(piece.info, piece.line);
    const code = { source, line: piece.line + 1 };
    if (word === "run" || word === "throws" || word === "exercise" || word === "check") {
      if (piece.indent > 0) this.#problem(piece.line, "a cell begins at the left margin");
      if (source.trim() === "") this.#problem(piece.line, "the cell is empty");
      this.#endText(piece.line + piece.lines.length);
      this.#readCell(word, code);
      return;
    }
    this.#text.push(...piece.lines);
    if (word === "solution" || word === "mistake") {
      const exercise = this.#hole === undefined ? this.lesson.exercises.at(-1) : undefined;
      if (exercise === undefined) {
        this.#problem(piece.line, `a ${word} needs an exercise and its check above it`);
      } else exercise[`${word}s`].push(code);
    }
    if (word?.startsWith("src/")) this.lesson.quotes.push({ ...code, name: word });
  }

  /**
   * What a fence says about itself: a cell's mode, "solution", "mistake", or the source it quotes;
   * undefined if it is only to be read.
   * @param {string} info
   * @param {number} line
   */
  #wordOf(info, line) {
    const [language, ...rest] = info.split(/\s+/);
    const word = rest.join(" ");
    if (language === "ts") {
      if (word === "") return "run";
      if (words.includes(word) || /^src\/[\w./-]+\.ts$/.test(word)) return word;
      const all = [...words, "src/FILE.ts"].join(", ");
      this.#problem(line, `expected \`ts\` or \`ts\` with one of ${all}, got \`${info}\``);
    } else if (language === "") {
      this.#problem(line, "a fence says what it holds: `ts`, `text`, `python`, …");
    } else if (/^(typescript|tsx?)$/i.test(language)) {
      this.#problem(line, `expected \`ts\`, got \`${language}\``);
    } else if (word !== "") {
      this.#problem(line, `expected \`${language}\` alone, got \`${info}\``);
    }
    return undefined;
  }

  /** @param {Cell["mode"]} mode @param {Code} code */
  #readCell(mode, { source, line }) {
    const ownName = mode === "exercise" || mode === "check" ? this.#heading?.number : undefined;
    const id =
      ownName === undefined
        ? this.#ids.of("cell", source)
        : this.#ids.named(`${mode}-${ownName.replace(".", "-")}`);
    /** @type {Cell} */
    const cell = { kind: "cell", mode, id, source, line };
    this.lesson.blocks.push(cell);
    if (mode === "check") return this.#readCheck(cell);
    this.#endExercise();
    if (mode !== "exercise") return;
    this.#hole = cell;
    if (!/\btodo\(/.test(source)) {
      this.#problem(line - 1, 'an exercise needs a hole: todo("what to do")');
    }
  }

  /** @param {Cell} check */
  #readCheck(check) {
    const hole = this.#hole;
    if (hole === undefined)
      return this.#problem(check.line - 1, "a check needs an exercise above it");
    this.#hole = undefined;
    const named = this.#nameOf(check);
    this.lesson.exercises.push({ ...named, hole, check, solutions: [], mistakes: [] });
  }

  /** Number and title of an exercise: its check and its heading say the same. */
  #nameOf(/** @type {Cell} */ check) {
    const { number: lesson, exercises } = this.lesson;
    const next = `${lesson}.${exercises.length + 1}`;
    const found = /\bexercise\(\s*"(\d+\.\d+) ([^"]+)"/.exec(check.source);
    if (found === null) {
      this.#problem(check.line, `expected exercise("${next} Title", …), found none`);
      return { number: next, title: "" };
    }
    const [, number, title] = found;
    if (exercises.some((other) => other.number === number)) {
      this.#problem(check.line, `there is an exercise ${number} above already`);
    } else if (number !== next) {
      this.#problem(check.line, `expected exercise ${next} here, got ${number}`);
    }
    const heading = this.#heading;
    if (heading?.number !== number || heading.title !== title) {
      const got = heading ? `"Exercise ${heading.number}: ${heading.title}"` : "none";
      const wanted = `"Exercise ${number}: ${title}"`;
      this.#problem(check.line, `expected the heading ${wanted}, got ${got}`);
    }
    return { number, title };
  }

  #endExercise() {
    if (this.#hole === undefined) return;
    this.#problem(this.#hole.line - 1, "an exercise needs its check right below it");
    this.#hole = undefined;
  }

  /** Makes a block of the text since the last cell. @param {number} nextLine */
  #endText(nextLine) {
    const source = this.#text.join("\n").trim();
    const blank = this.#text.findIndex((line) => line.trim() !== "");
    const line = this.#textLine + Math.max(0, blank);
    if (source !== "") {
      const id = this.#ids.of("text", source);
      this.lesson.blocks.push({ kind: "markdown", id, source, line });
    }
    this.#text = [];
    this.#textLine = nextLine;
  }
}

// Reads a lesson: Markdown whose ts fences are cells. Read lessons/AUTHORS.md first.

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

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

const modes = ["throws", "exercise", "check"];
const attached = ["solution", "mistake"];

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
  /** @type {Problem[]} */
  const problems = [];
  /** @param {number} line @param {string} message */
  const problem = (line, message) => problems.push({ file, line, message });

  const slug = file.split("/").at(-2) ?? "";
  const number = slug === "appendix" ? 9 : Number(/^\d+/.exec(slug)?.[0] ?? NaN);
  const lesson = /** @type {Lesson} */ ({ file, slug, number, title: "", text });
  Object.assign(lesson, { parts: [], blocks: [], exercises: [], quotes: [] });

  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const ids = new Ids();
  /** @type {string[]} */
  let prose = [];
  let proseLine = 1;
  /** The latest exercise: complete once its check has come. @type {Partial<Exercise>} */
  let exercise = {};
  /** @type {{ number: string, title: string } | undefined} */
  let heading;

  const endProse = (/** @type {number} */ nextLine) => {
    const blank = prose.findIndex((line) => line.trim() !== "");
    const source = prose.join("\n").trim();
    const line = proseLine + Math.max(0, blank);
    if (source !== "") {
      lesson.blocks.push({ kind: "markdown", id: ids.of("text", source), source, line });
    }
    prose = [];
    proseLine = nextLine;
  };

  for (const piece of pieces(lines, problem)) {
    const { line, code } = piece;
    if (code === undefined) {
      prose.push(...piece.lines);
      for (const { level, title, line } of headings(piece.lines, piece.line)) {
        if (level === 1) readTitle(lesson, title, line, problem);
        if (level === 2 && /^Part \d+: /.test(title)) lesson.parts.push({ title, line });
        const found = /^Exercise (\d+\.\d+): (.+)$/.exec(title);
        if (found) heading = { number: found[1], title: found[2] };
        else if (/^Exercise\b/.test(title)) {
          problem(line, `expected "Exercise ${number}.1: Title", got "${title}"`);
        }
      }
      continue;
    }
    const kind = kindOf(piece.info, line, problem);
    const source = code.join("\n");
    const codeLine = line + 1;
    if (kind === "cell" || modes.includes(kind)) {
      if (piece.indent > 0) problem(line, "a cell begins at the left margin");
      if (source.trim() === "") problem(line, "the cell is empty");
      endProse(line + code.length + 2);
      const mode = /** @type {Cell["mode"]} */ (kind === "cell" ? "run" : kind); // by kindOf
      const isPart = mode === "exercise" || mode === "check";
      const id =
        isPart && heading !== undefined
          ? ids.named(`${mode}-${heading.number.replace(".", "-")}`)
          : ids.of("cell", source);
      /** @type {Cell} */
      const cell = { kind: "cell", mode, id, source, line: codeLine };
      lesson.blocks.push(cell);
      if (exercise.hole !== undefined && exercise.check === undefined && mode !== "check") {
        problem(exercise.hole.line - 1, "an exercise needs its check right below it");
        exercise = {};
      }
      if (mode === "exercise") {
        exercise = { hole: cell, solutions: [], mistakes: [] };
        if (!/\btodo\(/.test(source)) problem(line, 'an exercise needs a hole: todo("what to do")');
      }
      if (mode === "check") {
        if (exercise.hole === undefined || exercise.check !== undefined) {
          problem(line, "a check needs an exercise above it");
        } else {
          exercise.check = cell;
          const numbered = numberExercise(lesson, cell, heading, problem);
          lesson.exercises.push(/** @type {Exercise} */ (Object.assign(exercise, numbered)));
        }
      }
      continue;
    }
    prose.push(...piece.lines);
    if (attached.includes(kind)) {
      const answers = kind === "solution" ? exercise.solutions : exercise.mistakes;
      if (answers === undefined || exercise.check === undefined) {
        problem(line, `a ${kind} needs an exercise and its check above it`);
      } else answers.push({ source, line: codeLine });
    }
    if (kind.startsWith("src/")) lesson.quotes.push({ source, line: codeLine, name: kind });
  }
  endProse(lines.length);
  if (exercise.hole !== undefined && exercise.check === undefined) {
    problem(exercise.hole.line - 1, "an exercise needs its check right below it");
  }
  if (lesson.title === "") problem(1, `expected the title "# Step ${number}: Title" first`);
  return { lesson, problems: problems.sort((a, b) => a.line - b.line) };
}

/** The cells of a lesson, without the text between them. */
export function cellsOf(/** @type {Lesson} */ lesson) {
  return lesson.blocks.filter((block) => block.kind === "cell");
}

/**
 * A stretch of lines: text, or a fence with the lines between its marks as `code`.
 * @typedef {{ lines: string[], line: number, indent: number, info: string, code?: string[] }} Piece
 */

/**
 * Cuts a Markdown text into fences and what stands between them. Comments hide fences.
 * @param {string[]} lines
 * @param {(line: number, message: string) => void} problem
 * @returns {Piece[]}
 */
export function pieces(lines, problem = () => {}) {
  /** @type {Piece[]} */
  const found = [];
  let inComment = false;
  for (let i = 0; i < lines.length; i++) {
    const mark = inComment ? null : /^( {0,3})(`{3,}|~{3,})([^`]*)$/.exec(lines[i]);
    if (mark === null) {
      const last = found.at(-1);
      if (last === undefined || last.code !== undefined) {
        found.push({ lines: [lines[i]], line: i + 1, indent: 0, info: "" });
      } else last.lines.push(lines[i]);
      const opened = lines[i].lastIndexOf("<!--");
      const closed = lines[i].lastIndexOf("-->");
      if (opened >= 0 || closed >= 0) inComment = opened > closed;
      continue;
    }
    const [, indent, fence, info] = mark;
    const closing = new RegExp(`^ {0,3}${fence[0]}{${fence.length},}\\s*$`);
    const length = lines.slice(i + 1).findIndex((line) => closing.test(line));
    if (length < 0) problem(i + 1, "this fence is never closed");
    const end = length < 0 ? lines.length : i + 1 + length;
    found.push({
      lines: lines.slice(i, end + 1),
      line: i + 1,
      indent: indent.length,
      info: info.trim(),
      code: lines.slice(i + 1, end),
    });
    i = end;
  }
  return found;
}

/**
 * The headings among lines that are not in a fence.
 * @param {string[]} lines
 * @param {number} first the number of the first one
 */
export function headings(lines, first) {
  return lines.flatMap((text, i) => {
    const found = /^(#{1,6}) +(.*?) *#* *$/.exec(text);
    return found ? [{ level: found[1].length, title: found[2], line: first + i }] : [];
  });
}

/**
 * "cell", one of `modes` or `attached`, "src/…" for a quote, "text" for all that is only read.
 * @param {string} info what follows the mark of a fence
 * @param {number} line
 * @param {(line: number, message: string) => void} problem
 */
function kindOf(info, line, problem) {
  const [language, ...rest] = info.split(/\s+/);
  const word = rest.join(" ");
  if (language === "ts") {
    if (word === "") return "cell";
    if (modes.includes(word) || attached.includes(word)) return word;
    if (/^src\/[\w./-]+\.ts$/.test(word)) return word;
    const kinds = [...modes, ...attached, "src/FILE.ts"].join(", ");
    problem(line, `expected \`ts\` or \`ts\` with one of ${kinds}, got \`${info}\``);
  } else if (language === "") {
    problem(line, "a fence says what it holds: `ts`, `text`, `python`, …");
  } else if (/^(typescript|tsx?)$/i.test(language)) {
    problem(line, `expected \`ts\`, got \`${language}\``);
  } else if (word !== "") {
    problem(line, `expected \`${language}\` alone, got \`${info}\``);
  }
  return "text";
}

/**
 * @param {Lesson} lesson
 * @param {string} title
 * @param {number} line
 * @param {(line: number, message: string) => void} problem
 */
function readTitle(lesson, title, line, problem) {
  if (lesson.title !== "") return problem(line, "a second title: sections begin with ## or ###");
  const start = lesson.slug === "appendix" ? "Appendix: " : `Step ${lesson.number}: `;
  lesson.title = title;
  if (title.startsWith(start)) lesson.title = title.slice(start.length);
  else problem(line, `expected "# ${start}Title", got "# ${title}"`);
}

/**
 * Reads number and title of an exercise from its check and compares them with its heading.
 * @param {Lesson} lesson
 * @param {Cell} check
 * @param {{ number: string, title: string } | undefined} heading
 * @param {(line: number, message: string) => void} problem
 */
function numberExercise(lesson, check, heading, problem) {
  const name = /\bexercise\(\s*"(\d+\.\d+) ([^"]+)"/.exec(check.source);
  const next = `${lesson.number}.${lesson.exercises.length + 1}`;
  if (name === null) {
    problem(check.line, `expected exercise("${next} Title", …), found none`);
    return { number: next, title: "" };
  }
  const [, number, title] = name;
  if (lesson.exercises.some((other) => other.number === number)) {
    problem(check.line, `there is an exercise ${number} above already`);
  } else if (number !== next) {
    problem(check.line, `expected exercise ${next} here, got ${number}`);
  }
  if (heading?.number !== number || heading.title !== title) {
    const got = heading && `"Exercise ${heading.number}: ${heading.title}"`;
    problem(
      check.line,
      `expected the heading "Exercise ${number}: ${title}", got ${got ?? "none"}`,
    );
  }
  return { number, title };
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

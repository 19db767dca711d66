// The article of a lesson: its text, cells with their outputs, exercises, predictions and parts as HTML.
// Read markdown.mjs, glossary.mjs and code.mjs first.

import * as path from "node:path";
import { anchorsOf } from "../../scripts/lessons/checks/links.mjs";
import { cellsOf, parseLesson } from "../../scripts/lessons/lesson.mjs";
import { mapProse } from "../../scripts/lessons/markdown.mjs";
import { escapeHTML } from "../cells/output-html.mjs";
import { cellHTML, lessonToolsHTML } from "../pages/cell.mjs";
import { codeHTML, excerptHTML } from "./code.mjs";
import { markTerms } from "./glossary.mjs";
import { withLiveTexts } from "./live.mjs";
import { markdown, plainText } from "./markdown.mjs";
import { isPageLink, withPageTexts } from "./page-texts.mjs";
import { withStepsInPaths, withUniqueIds } from "./pictures.mjs";
import { linesOfQuote, pageOfSource } from "./sources.mjs";

/**
 * @typedef {import("./markdown.mjs").Token} Token
 * @typedef {import("../../scripts/lessons/lesson.mjs").Lesson} Lesson
 * @typedef {{ level: number, id: string, title: string, html: string }} Heading `title` in plain words
 * @typedef {{ heading: Heading, text: string, code: string }} Section what a heading stands above, up to
 *   the next one: its words without solutions, and the code of its cells
 * @typedef {{ html: string, headings: Heading[], sections: Section[] }} Article
 * @typedef {object} Surroundings what an article refers to
 * @property {Map<string, any[]>} outputs of this lesson, by the cell's id
 * @property {import("./glossary.mjs").Term[]} glossary
 * @property {import("./sources.mjs").Source[]} sources
 * @property {string[]} earlier slugs of the lessons before
 */

/**
 * @param {Lesson} lesson
 * @param {Surroundings} surroundings
 * @returns {Article}
 */
export function articleOf(lesson, surroundings) {
  const writer = new Writer(lesson, surroundings);
  return { html: writer.html(), headings: writer.headings, sections: writer.sections };
}

/** The file of a page that a link of a Markdown file leads to; addresses elsewhere stay. */
export function addressOf(/** @type {string} */ target, /** @type {string} */ file) {
  if (/^[a-z]+:/i.test(target) || target.startsWith("#")) return target;
  if (isPageLink(target)) return `./${target}`;
  const [name, anchor] = target.split("#");
  const there = path.posix.join(path.posix.dirname(file), name);
  const [, slug] = /^lessons\/([\w-]+)\/lesson\.md$/.exec(there) ?? [];
  const page =
    slug !== undefined
      ? `${slug}.html`
      : there === "lessons/glossary.md"
        ? "glossary.html"
        : there.startsWith("src/")
          ? pageOfSource(there)
          : undefined;
  if (page === undefined) throw new Error(`${file}: the site has no page for ${target}`);
  return `./${page}${anchor === undefined ? "" : `#${anchor}`}`;
}

/** Top-level tokens of one block, a paragraph or a fence say. @typedef {Token[]} Block */

/** Goes through the blocks of a lesson and keeps in mind what is open. */
class Writer {
  /** @type {Heading[]} */
  headings = [];
  /** @type {Section[]} */
  sections = [];
  #lesson;
  #surroundings;
  /** @type {Block[]} */
  #blocks;
  #cells;
  /** @type {string[]} */
  #out = [];
  /** The part that is open, counted from 1; 0 outside. */
  #part = 0;
  #isInExercise = false;
  /** @type {"" | "hint" | "solution"} */
  #details = "";
  /** Wrong answers of this exercise so far. */
  #mistakes = 0;
  #env;
  /** Numbers of the cells whose outputs the reader is to guess first. @type {Set<number>} */
  #toGuess = new Set();

  /** @param {Lesson} lesson @param {Surroundings} surroundings */
  constructor(lesson, surroundings) {
    this.#lesson = lesson;
    this.#surroundings = surroundings;
    this.#env = { link: (/** @type {string} */ target) => addressOf(target, lesson.file) };
    this.#cells = cellsOf(lesson).map((cell, i) => ({ cell, number: i + 1 }));

    const tokens = markdown.parse(textOf(lesson), this.#env);
    const anchors = anchorsOf(lesson.text);
    tokens.forEach((token, i) => {
      if (token.type !== "heading_open") return;
      const id = anchors[this.headings.length];
      const inline = tokens[i + 1];
      this.headings.push({
        level: Number(token.tag.slice(1)),
        id,
        title: plainText(inline.children ?? []),
        html: markdown.renderer.render([inline], markdown.options, this.#env),
      });
      token.attrSet("id", id);
    });
    if (anchors.length !== this.headings.length) {
      throw new Error(`${lesson.file}: ${anchors.length} headings in the text, not as many read`);
    }
    const { glossary, earlier } = surroundings;
    markTerms(tokens, glossary, { slug: lesson.slug, earlier: new Set(earlier) });
    this.#blocks = blocksOf(tokens);
  }

  html() {
    for (const [i, block] of this.#blocks.entries()) this.#write(block, i);
    this.#closeExercise();
    this.#closePart();
    const text = withStepsInPaths(withUniqueIds(this.#out.join("")));
    return `<article class="lesson" data-lesson="${this.#lesson.slug}">\n${text}</article>`;
  }

  /** @param {Block} block @param {number} index */
  #write(block, index) {
    const [first] = block;
    this.#collect(block);
    if (first.type === "heading_open") return this.#writeHeading(block);
    if (first.type === "fence") return this.#writeFence(first);
    if (first.type === "html_block" && /^<\/?details\b/.test(first.content)) {
      return this.#writeDetails(first.content);
    }
    if (isPrediction(block)) return this.#writePrediction(block, index);
    this.#out.push(this.#render(block));
  }

  /** @param {Token[]} tokens */
  #render(tokens) {
    return markdown.renderer.render(tokens, markdown.options, this.#env);
  }

  /** Adds a block's words to the section it stands in. */
  #collect(/** @type {Block} */ block) {
    const [first] = block;
    if (first.type === "heading_open") {
      const heading = this.headings[this.sections.length];
      this.sections.push({ heading, text: "", code: "" });
      return;
    }
    const section = this.sections.at(-1);
    if (section === undefined || this.#details !== "") return;
    const source =
      this.#cellOf(first)?.cell.source ?? (first.type === "fence" ? first.content : "");
    section.code += `${source}\n`;
    for (const { type, children } of block) {
      if (type === "inline") section.text += `${plainText(children ?? [])} `;
    }
  }

  // --- Headings, parts, exercises ---------------------------------------------------------------

  /** @param {Block} block */
  #writeHeading(block) {
    const { level, id, title } = this.headings[this.sections.length - 1];
    this.#closeExercise();
    if (level <= 2) this.#closePart();
    const part = this.#lesson.parts.findIndex((part) => part.title === title);
    const [, exercise] = /^Exercise (\d+\.\d+): /.exec(title) ?? [];
    if (part >= 0 && level === 2) {
      this.#part = part + 1;
      this.#out.push(`<section class="part" aria-labelledby="${id}">\n`);
    } else if (exercise !== undefined) {
      this.#isInExercise = true;
      this.#mistakes = 0;
      this.#out.push(
        `<section class="exercise" data-exercise="${exercise}" aria-labelledby="${id}">\n`,
      );
    }
    this.#out.push(this.#render(block));
    if (level === 1) this.#out.push(this.#contents(), `${lessonToolsHTML()}\n`);
  }

  #closeExercise() {
    if (this.#isInExercise) this.#out.push("</section>\n");
    this.#isInExercise = false;
  }

  /** A part ends with the way on: it is a place to stop at. */
  #closePart() {
    const { parts } = this.#lesson;
    if (this.#part === 0) return;
    const titles = this.headings.filter(({ level }) => level === 2);
    const here = titles.findIndex(({ title }) => title === parts[this.#part - 1].title);
    const next = titles[here + 1];
    const count = `part ${this.#part} of ${parts.length}`;
    const link = next ? `<a href="#${next.id}">On to ${next.html}</a>` : "";
    this.#out.push(
      `<nav class="part-end" aria-label="End of ${count}"><span>End of ${count}</span>${link}</nav>\n`,
      "</section>\n",
    );
    this.#part = 0;
  }

  /** The parts of a long lesson. */
  #contents() {
    if (this.#lesson.parts.length === 0) return "";
    const titles = this.headings.filter(({ level }) => level === 2);
    const links = titles.map(({ id, html }) => `<li><a href="#${id}">${html}</a></li>`);
    return `<nav class="contents" aria-label="Parts of this page"><ul>${links.join("")}</ul></nav>\n`;
  }

  /** @param {string} content of the tag */
  #writeDetails(content) {
    if (content.startsWith("</")) {
      this.#out.push(content);
      if (this.#details === "solution") this.#closeExercise();
      this.#details = "";
      return;
    }
    const name = /<summary>Hint<\/summary>/.test(content) ? "hint" : "solution";
    this.#details = name;
    this.#out.push(content.replace("<details>", `<details class="${name}">`));
  }

  // --- Predictions ------------------------------------------------------------------------------

  /** @param {Block} block @param {number} index */
  #writePrediction(block, index) {
    const predicted = this.#predicted(index);
    for (const { number } of predicted) this.#toGuess.add(number);
    const question = this.#render(block.slice(1, -1));
    if (predicted.length === 0) {
      this.#out.push(`<div class="predict">\n${question}</div>\n`);
      return;
    }
    const cells = predicted.map(({ number }) => `cell-${number}`);
    this.#out.push(
      `<predict-question class="predict" data-cells="${cells.join(" ")}">\n`,
      question,
      "</predict-question>\n",
    );
  }

  /**
   * The cells that a prediction is about: those up to the next text, and if none of them puts out
   * anything, those up to the first that does. Before the first there may be a sentence that leads
   * to it; where there is more, that text is the answer, and no output is hidden.
   * @param {number} index of its block
   */
  #predicted(index) {
    const found = [];
    let isEnough = false;
    for (const [i, [first]] of this.#blocks.slice(index + 1).entries()) {
      const entry = this.#cellOf(first);
      if (entry === undefined && (isEnough || (i > 0 && found.length === 0))) break;
      if (entry === undefined) continue;
      found.push(entry);
      isEnough ||= (this.#surroundings.outputs.get(entry.cell.id) ?? []).length > 0;
    }
    return found;
  }

  // --- Fences -----------------------------------------------------------------------------------

  /** The cell that a fence stands for, with its number on the page. */
  #cellOf(/** @type {Token} */ { type, info }) {
    const [, number] = (type === "fence" && cellFence.exec(info)) || [];
    return number === undefined ? undefined : this.#cells[Number(number) - 1];
  }

  /** @param {Token} token */
  #writeFence(token) {
    const entry = this.#cellOf(token);
    if (entry !== undefined) {
      const { id, mode, source } = entry.cell;
      const outputs = this.#surroundings.outputs.get(id) ?? [];
      const code = codeHTML(source, "ts");
      const isPredicted = this.#toGuess.has(entry.number);
      const { number } = entry;
      this.#out.push(`${cellHTML({ number, id, mode, code, outputs, isPredicted })}\n`);
      return;
    }
    const [language, word = ""] = token.info.trim().split(/\s+/);
    const source = token.content.replace(/\n$/, "");
    if (word.startsWith("src/")) {
      this.#out.push(this.#quote(word, source, language));
      return;
    }
    const code = preformatted(codeHTML(source, language));
    this.#out.push(word === "mistake" ? this.#mistake(code) : `${code}\n`);
  }

  /** @param {string} code */
  #mistake(code) {
    const heading = this.#mistakes === 0 ? "<h4>Typical wrong answers</h4>\n" : "";
    this.#mistakes += 1;
    const caption = `<figcaption>Wrong answer ${this.#mistakes}</figcaption>`;
    return `${heading}<figure class="mistake">${caption}${code}</figure>\n`;
  }

  /** @param {string} file @param {string} text @param {string} language */
  #quote(file, text, language) {
    const source = this.#surroundings.sources.find((source) => source.file === file);
    if (source === undefined) throw new Error(`${this.#lesson.file}: there is no page for ${file}`);
    const place = linesOfQuote(source, text);
    const { first, last } = place;
    const code = preformatted(excerptHTML(source.text, language, place));
    const lines = first === last ? `line ${first}` : `lines ${first} to ${last}`;
    const link = `<a href="./${source.page}#L${first}">${escapeHTML(file)}, ${lines}</a>`;
    return `<figure class="quote"><figcaption>${link}</figcaption>${code}</figure>\n`;
  }
}

const preformatted = (/** @type {string} */ code) => `<pre class="code"><code>${code}</code></pre>`;

/** What stands on a fence in place of a cell. */
const cellFence = /^cell (\d+)$/;

/** The Markdown of a lesson with its live texts, and a fence with a number in place of each cell. */
function textOf(/** @type {Lesson} */ { text, file }) {
  let number = 0;
  const { blocks } = parseLesson(withPageTexts(withLiveTexts(text, file)), file).lesson;
  const texts = blocks.map((block) =>
    block.kind === "cell" ? `\`\`\`cell ${++number}\n\`\`\`` : withoutComments(block.source),
  );
  return texts.join("\n\n");
}

/** A comment at the start of a line would keep the rest of the line from being read as Markdown. */
const withoutComments = (/** @type {string} */ text) =>
  mapProse(text, (prose) => prose.replace(/[ \t]*<!--[\s\S]*?-->/g, ""));

/** Tokens in blocks: each from a top-level token to its end. */
function blocksOf(/** @type {Token[]} */ tokens) {
  /** @type {Block[]} */
  const blocks = [];
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0) blocks.push([]);
    blocks[blocks.length - 1].push(token);
    depth += token.nesting;
  }
  return blocks;
}

/** Does a block begin with "> *Predict.*"? */
function isPrediction(/** @type {Block} */ block) {
  if (block[0].type !== "blockquote_open") return false;
  const inline = block.find(({ type }) => type === "inline");
  return /^\*Predict\.\*/.test(inline?.content ?? "");
}

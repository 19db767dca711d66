// The glossary, and its terms in the text of lessons: a term is marked where it is defined, and linked to
// the glossary where a section first uses it again. Read markdown.mjs first.

import { anchorsOf } from "../../scripts/lessons/checks/links.mjs";
import { markdown, plainText } from "./markdown.mjs";

/**
 * @typedef {import("./markdown.mjs").Token} Token
 * @typedef {object} Term
 * @property {string} name "chain rule"
 * @property {string} anchor of the glossary: "chain-rule"
 * @property {string} definition in HTML, without the step it comes from
 * @property {string} text the definition, in plain words
 * @property {string} slug of the lesson that defines it: "04-gradients-by-the-chain-rule"
 * @property {string} step "step 4"
 */

/**
 * @param {string} text of glossary.md
 * @returns {Term[]} in the order of the text
 */
export function readGlossary(text) {
  const anchors = anchorsOf(text).slice(1); // without the title
  const entries = text.split(/^## /m).slice(1);
  return entries.map((entry, i) => {
    const [name, ...lines] = entry.trim().split("\n");
    const found = /^([\s\S]*) \(\[(step \d)\]\(([\w-]+)\/lesson\.md\)\)$/.exec(
      lines.join("\n").trim(),
    );
    if (found === null) throw new Error(`glossary.md: "${name}" does not end with its step`);
    const [, meaning, step, slug] = found;
    const [inline] = markdown.parseInline(meaning, {});
    return {
      name,
      anchor: anchors[i],
      definition: markdown.renderInline(meaning),
      text: plainText(inline.children ?? []),
      slug,
      step,
    };
  });
}

/** The id of the place where a term is defined. */
export const placeOf = (/** @type {Term} */ term) => `term-${term.anchor}`;

/** The definitions as the pages fetch them, by the anchor of the term. */
export function glossaryJSON(/** @type {Term[]} */ terms) {
  const entries = terms.map((term) => {
    const { name, anchor, definition, step, slug } = term;
    return [anchor, { name, definition, step, address: `${slug}.html#${placeOf(term)}` }];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/** Words of the glossary that mean something else in other lessons than their own. */
const onlyAtHome = new Set(["record"]);

/** The forms in which a term is found: "leaf" also as "leaves", "weights" also as "weight". */
export function formsOf(/** @type {string} */ name) {
  if (/[A-Z]{2}/.test(name)) return [name];
  if (name.endsWith("leaf")) return [name, name.replace(/leaf$/, "leaves")];
  if (/(?:weight|parameter)s$/.test(name)) return [name, name.slice(0, -1)];
  if (/(?:ss|s|x|ch)$/.test(name)) return [name, `${name}es`];
  if (/[^aeo]y$/.test(name)) return [name, `${name.slice(0, -1)}ies`];
  return [name, `${name}s`];
}

/** Finds terms in a text, the longest first. */
class Finder {
  /** @type {Map<string, Term>} */
  #terms = new Map();
  #pattern;

  constructor(/** @type {Term[]} */ terms) {
    for (const term of terms) for (const form of formsOf(term.name)) this.#terms.set(form, term);
    const forms = [...this.#terms.keys()].sort((a, b) => b.length - a.length);
    const words = forms.map((form) =>
      form.replace(/[- ]/g, (mark) => (mark === " " ? "\\s+" : mark)),
    );
    // "It leaves 3": a verb, not the plural of leaf.
    this.#pattern = new RegExp(
      `(?<![\\w-])(?!leaves\\s+(?:an?|it|the|out|in|\\d))(?:${words.join("|")})(?![\\w-])`,
      "gi",
    );
  }

  /** @param {string} text @returns {{ term: Term, start: number, end: number }[]} */
  in(text) {
    return [...text.matchAll(this.#pattern)].flatMap((match) => {
      const words = match[0].replace(/\s+/g, " ");
      const term = this.#terms.get(words) ?? this.#terms.get(words.toLowerCase());
      return term ? [{ term, start: match.index, end: match.index + match[0].length }] : [];
    });
  }
}

/**
 * Marks the terms in a lesson's tokens, in place: `<dfn id>` where the text defines one in bold, a link
 * where a section first uses one that is known by then. Never in headings, links, code or formulas.
 * @param {Token[]} tokens of the whole lesson
 * @param {Term[]} glossary
 * @param {{ slug: string, earlier: Set<string> }} lesson its slug and those of the lessons before it
 */
export function markTerms(tokens, glossary, { slug, earlier }) {
  const finder = new Finder(glossary);
  const known = new Set(glossary.filter((term) => earlier.has(term.slug)));
  /** Terms that this section has linked or defined. @type {Set<Term>} */
  let seen = new Set();

  tokens.forEach((token, i) => {
    if (token.type === "heading_open" && token.tag <= "h3") seen = new Set();
    if (token.type !== "inline" || tokens[i - 1]?.type === "heading_open") return;
    const children = joined(token.children ?? []);
    // What a paragraph defines is not linked in the words before, either.
    const defined = new Set(definitionsIn(children, glossary, slug).map(({ term }) => term));
    for (const term of defined) seen.add(term);
    markDefinitions(children, glossary, slug);
    let depth = 0; // of links and of bold words
    token.children = children.flatMap((child) => {
      if (/^(?:link|strong|dfn)_open$/.test(child.type)) depth += 1;
      if (/^(?:link|strong|dfn)_close$/.test(child.type)) depth -= 1;
      if (child.type !== "text" || depth > 0) return [child];
      const uses = finder.in(child.content).filter(({ term }) => {
        if (!known.has(term) || seen.has(term)) return false;
        if (onlyAtHome.has(term.name) && term.slug !== slug) return false;
        seen.add(term);
        return true;
      });
      return linked(child, uses);
    });
    for (const term of defined) known.add(term);
  });
}

/** Children with neighbouring texts in one token, line ends among them: terms run over line ends. */
function joined(/** @type {Token[]} */ children) {
  /** @type {Token[]} */
  const result = [];
  for (const child of children) {
    const last = result.at(-1);
    const text = child.type === "softbreak" ? "\n" : child.content;
    if (child.type !== "text" && child.type !== "softbreak") result.push(child);
    else if (last?.type === "text") last.content += text;
    else result.push(textToken(child, text));
  }
  return result;
}

/** Where bold words are a term that this lesson defines. */
function definitionsIn(
  /** @type {Token[]} */ children,
  /** @type {Term[]} */ glossary,
  /** @type {string} */ slug,
) {
  return children.flatMap((child, at) => {
    if (child.type !== "strong_open") return [];
    const words = children[at + 1]?.content.replace(/\s+/g, " ");
    const term = glossary.find(
      ({ name, slug: home }) => home === slug && (name === words || name === words?.toLowerCase()),
    );
    return term ? [{ term, at }] : [];
  });
}

/** @type {(children: Token[], glossary: Term[], slug: string) => void} */
function markDefinitions(children, glossary, slug) {
  for (const { term, at } of definitionsIn(children, glossary, slug)) {
    const close = children.findIndex(({ type }, i) => i > at && type === "strong_close");
    children[at].type = "dfn_open";
    children[close].type = "dfn_close";
    children[at].tag = children[close].tag = "dfn";
    children[at].attrSet("id", placeOf(term));
  }
}

/** @param {Token} token @param {{ term: Term, start: number, end: number }[]} uses */
function linked(token, uses) {
  /** @type {Token[]} */
  const result = [];
  let from = 0;
  for (const { term, start, end } of uses) {
    const [open, close] = [copyOf(token), copyOf(token)];
    Object.assign(open, { type: "term_open", tag: "a", nesting: 1, content: "" });
    Object.assign(close, { type: "term_close", tag: "a", nesting: -1, content: "" });
    open.attrSet("class", "term");
    open.attrSet("href", `./glossary.html#${term.anchor}`);
    result.push(
      textToken(token, token.content.slice(from, start)),
      ...[open, textToken(token, token.content.slice(start, end)), close],
    );
    from = end;
  }
  return [...result, textToken(token, token.content.slice(from))];
}

/** @param {Token} token @param {string} content */
function textToken(token, content) {
  return Object.assign(copyOf(token), { type: "text", tag: "", nesting: 0, content });
}

/** @type {(token: Token) => Token} */
const copyOf = (token) =>
  Object.assign(Object.create(Object.getPrototypeOf(token)), token, { attrs: null });

// Formulas as MathML: `$…$` in a line, `$$…$$` in a paragraph of its own. Read markdown.mjs first.

import temml from "temml";
import { escapeHTML } from "../cells/output-html.mjs";

/** @typedef {import("./markdown.mjs").Token} Token */

/** Signs of a formula that fit into a line of the narrowest screen. */
const line = 18;

/**
 * A formula as MathML, with its TeX for those who copy it: as an annotation, or in `data-tex` if it is
 * so long that it may break into lines, since browsers break only between the children of <math>.
 * @param {string} tex
 * @param {boolean} isBlock
 */
export function mathHTML(tex, isBlock) {
  const options = {
    displayMode: isBlock,
    throwOnError: true,
    trust: (/** @type {{ command: string }} */ { command }) => command === "\\class", // live.mjs
  };
  const source = tex.replace(/\\class\{[^{}]*\}\{([^{}]*)\}/g, "$1"); // without marks of live texts
  const plain = temml.renderToString(tex, { ...options, wrap: "tex" });
  if (!isBlock && plain.replace(/<[^>]*>/g, "").length > line) {
    return plain.replace("<math", `<math class="long" data-tex="${escapeHTML(source)}"`);
  }
  const html = temml
    .renderToString(tex, { ...options, annotate: true })
    .replace(/(<annotation[^>]*>)[\s\S]*(?=<\/annotation>)/, (_, tag) => tag + escapeHTML(source));
  return isBlock ? `<div class="math-block">${html}</div>\n` : html;
}

/**
 * What follows a formula and must not begin a line, as browsers would have it.
 * @param {Token[]} tokens
 * @param {number} i
 */
const punctuationAt = (tokens, i) =>
  tokens[i]?.type === "text" && tokens[i - 1]?.type === "math_inline"
    ? (/^[.,:;?!)]+/.exec(tokens[i].content)?.[0] ?? "")
    : "";

/**
 * Has markdown-it read formulas; tokens `math_inline` and `math_block` hold their TeX.
 * @param {import("markdown-it").MarkdownIt} md
 */
export function readMath(md) {
  // As on GitHub: no space after the first $, none before the last one, no digit after it.
  md.inline.ruler.after("escape", "math_inline", (state, silent) => {
    const found = /^\$(?![\s$])((?:[^$\\]|\\[\s\S])*?)(?<!\s)\$(?!\d)/.exec(
      state.src.slice(state.pos),
    );
    if (found === null) return false;
    if (!silent) state.push("math_inline", "math", 0).content = found[1];
    state.pos += found[0].length;
    return true;
  });
  md.block.ruler.before(
    "paragraph",
    "math_block",
    (state, first, last, silent) => {
      const text = state.getLines(first, last, state.blkIndent, false);
      const found = /^\$\$([\s\S]*?)\$\$[ \t]*(?=\n|$)/.exec(text);
      if (found === null) return false;
      if (silent) return true;
      const length = found[0].split("\n").length;
      const token = state.push("math_block", "math", 0);
      token.content = found[1].trim();
      token.map = [first, first + length];
      state.line = first + length;
      return true;
    },
    { alt: ["paragraph", "reference", "blockquote", "list"] },
  );
  md.renderer.rules.math_inline = (tokens, i) => {
    const html = mathHTML(tokens[i].content, false);
    const after = punctuationAt(tokens, i + 1);
    return after === "" ? html : `<span class="keep">${html}${after}</span>`;
  };
  md.renderer.rules.text = (tokens, i) =>
    escapeHTML(tokens[i].content.slice(punctuationAt(tokens, i).length));
  md.renderer.rules.math_block = (tokens, i) => mathHTML(tokens[i].content, true);
}

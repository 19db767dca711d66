// Formulas as MathML: `$…$` in a line, `$$…$$` in a paragraph of its own. Read markdown.mjs first.

import temml from "temml";
import { escapeHTML } from "../cells/output-html.mjs";

/**
 * A formula as MathML, with its TeX beside it. Where the column is narrow it breaks after operators
 * (math.css); a block is therefore written as a formula in a line that is displayed as a block.
 * @param {string} tex
 * @param {boolean} isBlock
 * @param {string} [mark] the punctuation after it, which would else begin the next line
 */
export function mathHTML(tex, isBlock, mark = "") {
  const html = temml.renderToString(mark === "" ? tex : `${tex}\\text{${mark}}`, {
    wrap: "tex",
    throwOnError: true,
    trust: ({ command }) => command === "\\class", // numbers of live texts (live.mjs)
  });
  const source = tex.replace(/\\class\{[^{}]*\}\{([^{}]*)\}/g, "$1");
  const display = isBlock ? ' display="block"' : "";
  const math = html
    .replace("<math", `<math${display} data-tex="${escapeHTML(source)}"`)
    // An operator before a break has the spaces of one between its operands, also after a word,
    // which would be a mere space for it if it were text.
    .replace(/<mtext>(\w+)<\/mtext>(?=<mo)/g, "<mi>$1</mi>")
    // An ellipsis stands for terms, so the + beside it has two operands.
    .replace(/<mo>…<\/mo>(<\/mrow><mrow>(?=<mo>))?/g, "<mi>…</mi>")
    // The space between a function and its argument, where it has none.
    .replace(
      /<mspace width="0.1667em"><\/mspace>(?=<\/mrow>(<mtext>[.,;:]<|<\/mrow><mtext>[.,;:]<|(?:<\/mrow>)?<\/math>))/,
      "",
    )
    .replace(/<mo>(?=[^<]*<\/mo><\/mrow><mrow>)/g, '<mo form="infix">');
  return isBlock ? `<div class="math-block">${math}</div>\n` : math;
}

/**
 * Has markdown-it read formulas; tokens `math_inline` and `math_block` hold their TeX.
 * @param {import("markdown-it").MarkdownIt} md
 */
export function readMath(md) {
  // As on GitHub: no space after the first $, none before the last one, no digit after it.
  md.inline.ruler.after("escape", "math_inline", (state, silent) => {
    const found = /^\$(?![\s$])((?:[^$\\]|\\[\s\S])*?)(?<!\s)\$(?!\d)([.,;:]?)/.exec(
      state.src.slice(state.pos),
    );
    if (found === null) return false;
    if (!silent) {
      const token = state.push("math_inline", "math", 0);
      token.content = found[1];
      token.markup = found[2];
    }
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
    const { content, markup } = tokens[i];
    return mathHTML(content, false, markup);
  };
  md.renderer.rules.math_block = (tokens, i) => mathHTML(tokens[i].content, true);
}

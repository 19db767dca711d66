// Formulas as MathML: `$…$` in a line, `$$…$$` in a paragraph of its own. Read markdown.mjs first.

import temml from "temml";

/**
 * A formula as MathML, with its TeX as an annotation for those who copy it.
 * @param {string} tex
 * @param {boolean} isBlock
 */
export function mathHTML(tex, isBlock) {
  const html = temml
    .renderToString(tex, {
      displayMode: isBlock,
      annotate: true,
      throwOnError: true,
      trust: ({ command }) => command === "\\class", // numbers of live texts (live.mjs)
    })
    .replace(/\\class\{[^{}]*\}\{([^{}]*)\}/g, "$1"); // not in what is copied
  return isBlock ? `<div class="math-block">${html}</div>\n` : html;
}

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
  md.renderer.rules.math_inline = (tokens, i) => mathHTML(tokens[i].content, false);
  md.renderer.rules.math_block = (tokens, i) => mathHTML(tokens[i].content, true);
}

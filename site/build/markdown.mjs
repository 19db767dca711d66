// Markdown as the pages read it: formulas, tables in boxes, links to pages. Nothing to read
// first; then math.mjs.

import MarkdownIt from "markdown-it";
import { escapeHTML } from "../cells/output-html.mjs";
import { readMath } from "./math.mjs";

/** @typedef {import("markdown-it").Token} Token */

/**
 * Reads the Markdown of the course. Tokens are rendered by `renderer.render`, whose `env` may say what
 * becomes of links: `{ link: (target) => address }`.
 */
export const markdown = new MarkdownIt({ html: true });
markdown.use(readMath);

const { rules } = markdown.renderer;

rules.table_open = () => '<div class="table"><table>\n';
rules.table_close = () => "</table></div>\n";

// A short code stands in one line: `x.data = 5` in two is hard to read.
rules.code_inline = (tokens, i) => {
  const { content } = tokens[i];
  return `<code${content.length > 24 ? ' class="long"' : ""}>${escapeHTML(content)}</code>`;
};

rules.link_open = (tokens, i, options, env, self) => {
  const target = String(tokens[i].attrGet("href") ?? "");
  const link = /** @type {{ link?: (target: string) => string } | undefined} */ (env)?.link;
  tokens[i].attrSet("href", link?.(target) ?? target);
  return self.renderToken(tokens, i, options);
};

/**
 * The words of an inline token, as they are read, without formulas.
 * @param {Token[]} tokens
 * @returns {string}
 */
export function plainText(tokens) {
  return tokens
    .map((token) => {
      if (token.type === "softbreak" || token.type === "hardbreak") return " ";
      if (token.type === "text" || token.type === "code_inline") return token.content;
      return plainText(token.children ?? []);
    })
    .join("");
}

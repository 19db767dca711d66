// Texts of lessons that only the pages show, as they link to other pages: GitHub and the notebook have
// none of those. Read lessons/AUTHORS.md first, then markdown.mjs; ../figures/in-place.ts beside it.
//
//     <!-- page
//     Walk it yourself: [this graph in the debugger](debugger.html?L=a*b&a=2&b=3 "hide=source").
//     -->

import { escapeHTML } from "../cells/output-html.mjs";
import { markdown, plainText } from "./markdown.mjs";

const pageComment = /^<!--\s*page\n((?:(?!-->)[\s\S])*)-->/gm;

/** Pages that such a text may lead to, with what they need to know in the address. */
const pages = /^(?:debugger|playground|sabotage)\.html(?:[?#]|$)/;

/** What a title after the address of a link says: these words are hidden, too, where it is shown in place. */
const hideTitle = /\s+"hide=([\w,]+)"(?=\))/g;

/** What is always left out in the midst of a lesson: a link opens the whole page. */
const alwaysHidden = {
  debugger: ["choice", "words", "link", "help"],
  playground: ["data", "training", "formula", "words", "parameters", "graph", "files"],
  sabotage: ["choice", "examples", "link"],
};

/**
 * The Markdown of a lesson in which these comments are text, each in a box with a button for each link,
 * which shows the page in place.
 * @param {string} text
 */
export const withPageTexts = (text) =>
  text.replace(pageComment, (_, /** @type {string} */ body) => {
    const words = body.trim().replace(hideTitle, "");
    return `<div class="look">\n\n${words}\n\n${buttonsHTML(linksOf(body))}\n\n</div>`;
  });

/** Does a link of such a text lead to one of its pages? */
export const isPageLink = (/** @type {string} */ target) => pages.test(target);

/** @typedef {{ words: string, target: string, hide: string[] }} PageLink */

/** Its links to one of these pages. @param {string} body @returns {PageLink[]} */
function linksOf(body) {
  const tokens = markdown.parse(body, {}).flatMap(({ children }) => children ?? []);
  return tokens.flatMap((token, i) => {
    const target = String(token.attrGet("href") ?? "");
    if (token.type !== "link_open" || !isPageLink(target)) return [];
    const inside = tokens.slice(i + 1);
    const words = inside.slice(
      0,
      inside.findIndex(({ type }) => type === "link_close"),
    );
    const title = String(token.attrGet("title") ?? "");
    const hide = title === "" ? [] : title.replace("hide=", "").split(",");
    return [{ words: plainText(words), target, hide }];
  });
}

/** @param {readonly PageLink[]} links */
function buttonsHTML(links) {
  const buttons = links.map((link) => {
    const label = links.length === 1 ? "Show it here" : `Show it here: ${link.words}`;
    return `<button type="button" data-here="./${escapeHTML(addressInPlace(link))}" data-title="${escapeHTML(link.words)}" aria-expanded="false">${escapeHTML(label)}</button>`;
  });
  return `<p class="look-here needs-scripts">${buttons.join("\n")}</p>`;
}

/** The address with what is hidden in place. @param {PageLink} link */
function addressInPlace({ target, hide }) {
  const [, page = "", search = "", hash = ""] = /^(\w+)\.html(\?[^#]*)?(#.*)?$/.exec(target) ?? [];
  const always = alwaysHidden[/** @type {keyof typeof alwaysHidden} */ (page)];
  const words = [...new Set([...always, ...hide])].join(",");
  return `${page}.html${search === "" ? "?" : `${search}&`}hide=${words}${hash}`;
}

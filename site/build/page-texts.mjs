// Texts of lessons that only the pages show, as they link to other pages: GitHub and the notebook have
// none of those. Read lessons/AUTHORS.md first.
//
//     <!-- page
//     Walk it yourself: [this graph in the debugger](debugger.html?L=a*b&a=2&b=3).
//     -->

const pageComment = /^<!--\s*page\n((?:(?!-->)[\s\S])*)-->/gm;

/** Pages that such a text may lead to, with what they need to know in the address. */
const pages = /^(?:debugger|playground|sabotage)\.html(?:[?#]|$)/;

/**
 * The Markdown of a lesson in which these comments are text, each in a box.
 * @param {string} text
 */
export const withPageTexts = (text) =>
  text.replace(pageComment, (_, body) => `<div class="look">\n\n${body.trim()}\n\n</div>`);

/** Does a link of such a text lead to one of its pages? */
export const isPageLink = (/** @type {string} */ target) => pages.test(target);

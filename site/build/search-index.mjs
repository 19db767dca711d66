// The search index: one document for each section of a lesson and each term of the glossary. Read
// article.mjs first; shell/search-dialog.ts searches in it.

import MiniSearch from "minisearch";
import { searchOptions } from "../shell/search-options.mjs";

/**
 * @param {import("./course.mjs").Course} course
 * @returns {string} JSON
 */
export function searchIndex({ pages, glossary }) {
  const index = new MiniSearch(searchOptions);
  for (const { page, lesson, article } of pages) {
    const place = lesson.number === 9 ? "Appendix" : `Step ${lesson.number}`;
    for (const { heading, text, code } of article.sections) {
      index.add({
        id: `${page}#${heading.id}`,
        place,
        title: heading.level === 1 ? lesson.title : heading.title,
        text: text.replace(/\s+/g, " ").trim(),
        code: [...new Set(code.match(/[A-Za-z_]\w+/g))].join(" "),
      });
    }
  }
  for (const { anchor, name, text } of glossary) {
    index.add({ id: `glossary.html#${anchor}`, place: "Glossary", title: name, text, code: "" });
  }
  return JSON.stringify(index);
}

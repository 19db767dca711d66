// The page of a lesson. Read layout.mjs and build/markdown.mjs first.

import { escapeText, layout } from "./layout.mjs";

/**
 * @param {import("./all.mjs").Course} course
 * @param {import("../build/course.mjs").CoursePage} page
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function lessonPage(course, { lesson, page, outputs }, built) {
  let number = 0;
  const blocks = lesson.blocks.map((block) => {
    if (block.kind === "markdown") return `<pre>${escapeText(block.source)}</pre>`;
    number += 1;
    return `<lesson-cell class="cell" id="cell-${number}" data-cell="${block.id}" data-number="${number}" data-mode="${block.mode}">
<pre class="code"><code>${escapeText(block.source)}</code></pre>
<div class="outputs">${escapeText(JSON.stringify(outputs.get(block.id) ?? []))}</div>
</lesson-cell>`;
  });
  const title =
    lesson.number === 9 ? `Appendix: ${lesson.title}` : `Step ${lesson.number}: ${lesson.title}`;
  const body = `<article>\n${blocks.join("\n")}\n</article>`;
  return {
    file: page,
    html: layout({ title, entry: "lesson", body, current: page }, course, built),
  };
}

// The glossary: every term with its definition and a link to the place that introduces it. Read
// layout.mjs and build/glossary.mjs first.

import { placeOf } from "../build/glossary.mjs";
import { escapeText, layout } from "./layout.mjs";

/**
 * @param {import("./all.mjs").Course} course
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function glossaryPage(course, built) {
  const entries = course.glossary.map((term) => {
    const from = `<a href="./${term.slug}.html#${placeOf(term)}">${escapeText(term.step)}</a>`;
    return `<div><dt id="${term.anchor}">${escapeText(term.name)}</dt>
<dd>${term.definition} <span class="term-from">(${from})</span></dd></div>`;
  });
  const body = `<article class="glossary">
<h1>Glossary</h1>
<p>The words of the course, each with the step that introduces it.</p>
<dl>
${entries.join("\n")}
</dl>
</article>`;
  const page = { title: "Glossary", entry: "reading", body, current: "glossary.html" };
  return { file: "glossary.html", html: layout(page, course, built) };
}

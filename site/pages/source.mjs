// The page of a file of the repository that lessons quote or link to: its code, each line with an anchor.
// Read layout.mjs and build/sources.mjs first.

import { numberedCodeHTML } from "../build/code.mjs";

import { escapeText, layout } from "./layout.mjs";

/**
 * @param {import("./all.mjs").Course} course
 * @param {import("../build/sources.mjs").Source} source
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function sourcePage(course, { file, page, text }, built) {
  const name = escapeText(file);
  const body = `<article class="source">
<h1><code>${name}</code></h1>
<p>A file of the library, as it stands when this site was made. Lessons quote from it.</p>
<pre class="code numbered"><code>${numberedCodeHTML(text.replace(/\n$/, ""), "ts")}</code></pre>
</article>`;
  return { file: page, html: layout({ title: file, entry: "reading", body }, course, built) };
}

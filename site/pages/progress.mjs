// The page of the reader's progress, which shell/progress-page.ts fills. Read layout.mjs first.

import { cellsOf } from "../../scripts/lessons/lesson.mjs";
import { escapeText, layout, nameOf } from "./layout.mjs";

/**
 * @param {import("./all.mjs").Course} course
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function progressPage(course, built) {
  const body = `<div class="text progress-page">
<h1>Your progress</h1>
<noscript><p class="note">With JavaScript, this page shows what you have read, solved, guessed and changed, and saves all of it to a file. Without it nothing is recorded, and below is what there is to do.</p></noscript>
<div class="needs-scripts">
<p class="lead" id="sum">Nothing yet: marks appear here as you read, guess and solve.</p>
<p>All of it is in this browser and nowhere else. A file takes it to another one, or keeps it safe.</p>
<div class="progress-actions">
<button type="button" class="primary" id="save">Save everything to a file</button>
<button type="button" id="load">Load from a file…</button>
<input type="file" id="file" accept=".json,application/json" aria-label="File to load" tabindex="-1" hidden>
<button type="button" id="forget">Forget everything…</button>
</div>
<p class="hint-text">A file can also be dropped anywhere on this page, or its text pasted.</p>
<details class="paste"><summary>Paste the text of a file</summary>
<label for="pasted">The whole text of the file</label>
<textarea id="pasted" rows="4" spellcheck="false" autocomplete="off"></textarea>
<button type="button" id="read-pasted">Look at it</button>
</details>
<section id="incoming" class="incoming" aria-labelledby="incoming-title" hidden>
<h2 id="incoming-title" tabindex="-1"></h2>
<div id="incoming-text"></div>
<div class="progress-actions">
<button type="button" class="primary" id="take">Take it over</button>
<button type="button" id="leave">Leave it</button>
</div>
</section>
<div class="outcome" id="outcome" hidden><p id="outcome-text" tabindex="-1"></p><button type="button" id="undo">Undo</button></div>
</div>
<h2>Lesson by lesson</h2>
${course.pages.map(lessonProgress).join("\n")}
<section id="homeless" hidden>
<h2>Code without a place</h2>
<p>You wrote this in cells that the lessons no longer have. Copy what you want to keep.</p>
<div class="kept-texts"></div>
</section>
<section id="damaged" hidden>
<h2>What could not be read</h2>
<p>These entries were damaged when the site looked for them. They are kept as they were found.</p>
<div class="kept-texts"></div>
</section>
<dialog id="forget-dialog" aria-labelledby="forget-title">
<h2 id="forget-title">Forget everything?</h2>
<p id="forget-text"></p>
<form method="dialog" class="progress-actions">
<button value="forget">Forget everything</button>
<button value="keep" class="primary" autofocus>Keep it</button>
</form>
</dialog>
</div>`;
  const description =
    "What you have read, solved, guessed and changed, and how to take it with you.";
  return {
    file: "progress.html",
    html: layout(
      { title: "Your progress", entry: "progress", body, current: "progress.html", description },
      course,
      built,
    ),
  };
}

/** One lesson and what there is to do in it. @param {import("./all.mjs").Course["pages"][number]} page */
function lessonProgress(page) {
  const { lesson, article } = page;
  const exercises = lesson.exercises.map(({ number, title }) => {
    const heading = article.headings.find(({ title }) => title.startsWith(`Exercise ${number}: `));
    const target = `./${page.page}${heading ? `#${heading.id}` : ""}`;
    return `<li data-exercise="${number}"><a href="${target}">${number} ${escapeText(title)}</a></li>`;
  });
  const predictions = article.html.match(/<predict-question\b/g)?.length ?? 0;
  const cells = cellsOf(lesson).map(({ id }) => id);
  return `<section class="lesson-progress" data-lesson="${lesson.slug}" data-page="./${page.page}" data-cells="${cells.join(" ")}" data-predictions="${predictions}">
<h3><a href="./${page.page}">${escapeText(nameOf(page))}</a> <span class="progress" data-lesson="${lesson.slug}" data-exercises="${lesson.exercises.length}"></span></h3>
<p class="facts">${counted(lesson.exercises.length, "exercise")}, ${counted(predictions, "prediction")}</p>
${exercises.length === 0 ? "" : `<ul class="exercises">${exercises.join("")}</ul>`}
</section>`;
}

/** @param {number} count @param {string} thing */
const counted = (count, thing) => `${count} ${thing}${count === 1 ? "" : "s"}`;

// What all pages share: head, header, course navigation, footer. Read icons.mjs and picture.mjs first.

import { logo, searchIcon, themeIcons } from "./icons.mjs";
import { pictureStyle } from "./picture.mjs";

/** Text in HTML. */
export const escapeText = (/** @type {string} */ text) =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/**
 * @typedef {object} Content
 * @property {string} title
 * @property {string} entry the script of the page, by its name in build.mjs
 * @property {string} body
 * @property {string} [current] the page's file
 * @property {string} [description] one sentence for search engines and previews
 */

/**
 * A page. One that is in the course gets the course beside it, with its sections, and
 * the way to the next page below it.
 * @param {Content} content
 * @param {import("./all.mjs").Course} course
 * @param {import("./all.mjs").Built} built
 */
export function layout({ title, entry, body, current, description }, course, built) {
  const { entries, early, policy } = built;
  const used = [...new Set([entries.shell, entries[entry]])].filter((entry) => entry !== undefined);
  const styles = [...new Set(used.flatMap((entry) => entry.styles))];
  const preloads = [...new Set(used.flatMap((entry) => entry.preloads))];
  const here = course.pages.find(({ page }) => page === current);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeText(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title === "chainrule" ? title : `${title} · chainrule`)}</title>
${description ? `<meta name="description" content="${escapeText(description)}">\n` : ""}<meta name="theme-color" media="(prefers-color-scheme: light)" content="#fbfaf7">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#101318">
<script src="./${early}"></script>
<style>${pictureStyle}</style>
${styles.map((file) => `<link rel="stylesheet" href="./${file}">`).join("\n")}
${preloads.map((file) => `<link rel="modulepreload" href="./${file}">`).join("\n")}
${used.map(({ script }) => `<script type="module" src="./${script}"></script>`).join("\n")}
<link rel="icon" href="./icon.svg" type="image/svg+xml">
<link rel="manifest" href="./manifest.webmanifest">
</head>
<body${here ? ' class="in-course"' : ""}>
<a class="skip" href="#main">Skip to the text</a>
${header(course, current)}
<div class="frame">
${here ? `<nav class="rail" aria-label="The course">\n${steps(course, current, sections(here))}\n</nav>\n` : ""}<main id="main" tabindex="-1">
${body}
${here ? turnPage(course, here) : ""}</main>
</div>
${footer(current)}
<aside id="notices" aria-label="Notices" hidden></aside>
<div id="announcer" class="visually-hidden" aria-live="polite"></div>
</body>
</html>
`;
}

/** @typedef {import("../build/course.mjs").CoursePage} CoursePage */

/** "Step 3: Object expressions". */
export const nameOf = (/** @type {CoursePage} */ { lesson }) =>
  lesson.number === 9 ? `Appendix: ${lesson.title}` : `Step ${lesson.number}: ${lesson.title}`;

/** @param {string | undefined} current @param {string} page */
const isCurrent = (current, page) => (page === current ? ' aria-current="page"' : "");

/** @param {import("./all.mjs").Course} course @param {string | undefined} current */
function header(course, current) {
  return `<header class="site-head">
<a class="home" href="./index.html"${isCurrent(current, "index.html")}>${logo}<span>chainrule</span></a>
<nav aria-label="Course menu">
<details class="course-menu"><summary>Course</summary>
<div class="course-panel">
${steps(course, current)}
</div></details>
<ul class="head-links">${linksOf(tools, current)}</ul>
</nav>
<div class="head-tools">
<a class="leave-projector button" href="?" data-without-flags>Leave projector mode</a>
<button type="button" class="search-button needs-scripts" data-search aria-keyshortcuts="/">${searchIcon}<span>Search</span><kbd aria-hidden="true">/</kbd></button>
<button type="button" class="theme-button needs-scripts" data-theme-switch aria-label="Theme">${themeIcons}</button>
</div>
</header>`;
}

/** Where backpropagation can be seen, stopped and broken. */
const tools = [
  ["debugger.html", "Debugger"],
  ["playground.html", "Playground"],
  ["sabotage.html", "Break backward()"],
];

/** Pages beside the lessons. */
const others = [
  ...tools,
  ["glossary.html", "Glossary"],
  ["progress.html", "Your progress"],
  ["teachers.html", "For teachers"],
];

/**
 * The pages of the course, each with room for the reader's progress.
 * @param {import("./all.mjs").Course} course
 * @param {string | undefined} current
 * @param {string} inside sections of the current page
 */
function steps(course, current, inside = "") {
  const items = course.pages.map(({ lesson, page }) => {
    const link = `<a href="./${page}"${isCurrent(current, page)}><span class="step-number">${stepNumber(lesson)}</span> <span class="step-title">${escapeText(lesson.title)}</span><span class="progress" data-lesson="${lesson.slug}" data-exercises="${lesson.exercises.length}"></span></a>`;
    return `<li>${link}${page === current ? inside : ""}</li>`;
  });
  return `<ol class="steps">\n${items.join("\n")}\n</ol>\n<ul class="others">${linksOf(others, current)}</ul>`;
}

/** @param {readonly string[][]} pages file and title of each @param {string | undefined} current */
const linksOf = (pages, current) =>
  pages
    .map(
      ([page = "", title]) =>
        `<li><a href="./${page}"${isCurrent(current, page)}>${title}</a></li>`,
    )
    .join("");

/** "3"; the appendix is the letter A. */
export const stepNumber = (/** @type {CoursePage["lesson"]} */ { number }) =>
  number === 9 ? "A" : String(number);

/** The list of a lesson's sections; those within a part show while the reader is in it. */
function sections(/** @type {CoursePage} */ { lesson, article }) {
  const deepest = lesson.parts.length > 0 ? 3 : 2;
  const headings = article.headings.filter(({ level }) => level > 1 && level <= deepest);
  const items = headings.map(({ level, id, html }, i) => {
    const next = headings[i + 1]?.level ?? 2;
    const link = `<li><a href="#${id}" data-section="${id}">${html}</a>`;
    if (level === 2) return next === 3 ? `${link}\n<ol>` : `${link}</li>`;
    return next === 3 ? `${link}</li>` : `${link}</li>\n</ol></li>`;
  });
  return `\n<ol class="sections" aria-label="On this page">\n${items.join("\n")}\n</ol>\n`;
}

/** The pages before and after this one. @param {import("./all.mjs").Course} course @param {CoursePage} here */
function turnPage({ pages }, here) {
  const place = pages.indexOf(here);
  const link = (/** @type {CoursePage | undefined} */ target, /** @type {string} */ rel) =>
    target === undefined
      ? ""
      : `<a class="${rel}" rel="${rel}" href="./${target.page}"><span>${rel === "next" ? "Next" : "Before this"}</span>${escapeText(nameOf(target))}</a>`;
  const [before, after] = [pages[place - 1], pages[place + 1]];
  return `<nav class="turn-page" aria-label="Pages before and after">${link(before, "prev")}${link(after, "next")}</nav>\n`;
}

function footer(/** @type {string | undefined} */ current) {
  return `<footer class="site-foot">
<div>
<p><strong>chainrule</strong> is a scalar autograd engine to read in an evening, and a course that builds one from nothing. It follows Andrej Karpathy’s <a href="https://github.com/karpathy/micrograd">micrograd</a>.</p>
<p>Nothing you write, run or guess here leaves this machine: there is no server behind these pages, and after the first visit they work offline.</p>
<p>MIT licence. These pages are made by the folder <code>site/</code> of the repository, from the lessons in <code>lessons/</code>.</p>
</div>
<ul>${linksOf(others, current)}</ul>
</footer>`;
}

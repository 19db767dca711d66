// All pages of the site. Read layout.mjs first.

import { debuggerPage } from "./debugger.mjs";
import { figurePage } from "./figure.mjs";
import { frontPage } from "./front.mjs";
import { glossaryPage } from "./glossary.mjs";
import { lessonPage } from "./lesson.mjs";
import { notFoundPage } from "./not-found.mjs";
import { playgroundPage } from "./playground.mjs";
import { progressPage } from "./progress.mjs";
import { sabotagePage } from "./sabotage.mjs";
import { sourcePage } from "./source.mjs";
import { teachersPage } from "./teachers.mjs";

/**
 * @typedef {import("../build/course.mjs").Course} Course
 * @typedef {object} Built what was bundled
 * @property {Record<string, { script: string, styles: string[], preloads: string[] }>} entries
 * @property {string} early
 * @property {string} policy
 * @property {string} notFoundScript what 404.html runs, as text
 * @property {string} shellStyles the styles of every page, as text
 * @typedef {{ file: string, html: string }} Page
 */

/**
 * @param {Course} course
 * @param {Built} built
 * @returns {Page[]}
 */
export function allPages(course, built) {
  return [
    frontPage(course, built),
    ...course.pages.map((page) => lessonPage(course, page, built)),
    figurePage(built),
    debuggerPage(course, built),
    playgroundPage(course, built),
    sabotagePage(course, built),
    glossaryPage(course, built),
    ...course.sources.map((source) => sourcePage(course, source, built)),
    progressPage(course, built),
    teachersPage(course, built),
    notFoundPage(course, built),
  ];
}

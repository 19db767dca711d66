// The page of a lesson: its article. Read layout.mjs and build/article.mjs first.

import { layout, nameOf } from "./layout.mjs";

/**
 * @typedef {import("../build/course.mjs").CoursePage} CoursePage
 */

/**
 * @param {import("./all.mjs").Course} course
 * @param {CoursePage} page
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function lessonPage(course, page, built) {
  const title = nameOf(page);
  const html = layout(
    { title, entry: "lesson", body: page.article.html, current: page.page },
    course,
    built,
  );
  return { file: page.page, html };
}

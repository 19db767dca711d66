// The front page. Read layout.mjs first.

import { layout } from "./layout.mjs";

/**
 * @param {import("./all.mjs").Course} course
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function frontPage(course, built) {
  const body = "<h1>chainrule</h1>";
  return {
    file: "index.html",
    html: layout({ title: "chainrule", entry: "front", body }, course, built),
  };
}

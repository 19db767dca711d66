// The page of the broken engines. Read layout.mjs first.

import { layout } from "./layout.mjs";

/**
 * @param {import("./all.mjs").Course} course
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function sabotagePage(course, built) {
  const body = `<h1>Break backward()</h1>
<sabotage-lab></sabotage-lab>`;
  return {
    file: "sabotage.html",
    html: layout(
      {
        title: "Break backward()",
        entry: "sabotage",
        body,
        current: "sabotage.html",
        description:
          "Four classical mistakes beside the right engine: which gradients are wrong, and why the loss often still falls.",
      },
      course,
      built,
    ),
  };
}

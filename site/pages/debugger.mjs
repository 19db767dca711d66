// The page of the backprop debugger. Read layout.mjs first.

import { layout } from "./layout.mjs";

/**
 * @param {import("./all.mjs").Course} course
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function debuggerPage(course, built) {
  const body = `<h1>The backprop debugger</h1>
<backprop-debugger></backprop-debugger>`;
  return {
    file: "debugger.html",
    html: layout(
      {
        title: "The backprop debugger",
        entry: "debugger",
        body,
        current: "debugger.html",
        description:
          "Step through backward() one node at a time, forwards and back, for any formula and for a network in training.",
      },
      course,
      built,
    ),
  };
}

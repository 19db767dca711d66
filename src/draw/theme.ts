/**
 * A picture for one theme alone, for programs that know no style sheets. Read svg.ts first.
 */

import { describe, expectOneOf } from "../errors.ts";
import { palette } from "./svg.ts";

/**
 * The same picture with its colours for light or dark written into each shape.
 *
 * @param svg a picture of `chainrule/draw`
 * @throws TypeError unless it is a string; RangeError for another theme
 */
export function inTheme(svg: string, theme: "light" | "dark"): string {
  if (typeof svg !== "string") {
    throw new TypeError(`inTheme: expected a string of SVG, got ${describe(svg)}`);
  }
  const shade = expectOneOf(theme, ["light", "dark"], "inTheme") === "light" ? 0 : 1;
  // Tags alone: in text and attributes, < is written &lt;. Whatever stands there, the time that this
  // takes grows with its length only.
  return svg.replace(/<style>[^<]*<\/style>/g, "").replace(/<\w[^<>]*>/g, (tag) => {
    const roles = / class="([^"]{0,200})"/.exec(tag)?.[1] ?? "";
    let result = tag;
    for (const [, attribute, role] of roles.matchAll(/\bcr-(fill|stroke)-([\w-]+)/g)) {
      const colors = Object.entries(palette).find(([name]) => name === role)?.[1];
      if (colors === undefined) continue;
      result = result.replace(
        new RegExp(` ${attribute}="[^"]*"`),
        ` ${attribute}="${colors[shade]}"`,
      );
    }
    return result.replace(/ class="[^"]*"/, "");
  });
}

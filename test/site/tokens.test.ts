// The colours of the site: those of pictures, and text that can be read. Read site/styles/tokens.css first.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/set-up.mjs";
import { palette } from "../../src/draw/svg.ts";

const css = readFileSync(join(root, "site/styles/tokens.css"), "utf8");
const found = css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g);
const colors = new Map([...found].map(([, name, light, dark]) => [name, [light, dark]]));

const sameNames = ["panel", "ink", "faint", "edge", "line", "node", "node-line", "parameter"]
  .concat(["parameter-line", "input", "input-line", "operation", "operation-line"])
  .concat(["positive", "negative"]);
const samePurpose = [
  ["accent", "parameter-line"],
  ["accent-soft", "parameter"],
  ["good", "input-line"],
  ["good-soft", "input"],
  ["bad", "negative"],
  ["warn", "operation-line"],
  ["warn-soft", "operation"],
  ["soft", "node"],
];
test.each([...sameNames.map((name) => [name, name]), ...samePurpose])(
  "--%s: is the %s of pictures",
  (token, role) => {
    expect(colors.get(token)).toEqual(palette[role as keyof typeof palette]); // listed above
  },
);

/** Relative luminance as in WCAG 2. */
function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(color.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

test("contrast: black on white is 21 to 1, and the gray #767676 the first with 4.5", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 10);
  expect(contrast("#ffffff", "#767676")).toBeGreaterThan(4.5);
  expect(contrast("#ffffff", "#777777")).toBeLessThan(4.5);
});

const everywhere = ["page", "panel", "soft"];
const pairs = [
  ...["ink", "faint", "accent", "good", "bad", "warn"].flatMap((text) =>
    everywhere.map((ground) => [text, ground]),
  ),
  ["on-accent", "accent"],
  ["good", "good-soft"],
  ["bad", "bad-soft"],
  ["warn", "warn-soft"],
  ["accent", "accent-soft"],
  ...["accent-soft", "good-soft", "bad-soft", "warn-soft"].map((ground) => ["ink", ground]),
];
test.each(pairs)("--%s on --%s: can be read in light and in dark", (text, ground) => {
  const [a, b] = [colors.get(text), colors.get(ground)];
  for (const theme of [0, 1]) {
    expect(contrast(a?.[theme] ?? "", b?.[theme] ?? ""), `theme ${theme}`).toBeGreaterThanOrEqual(
      4.5,
    );
  }
});

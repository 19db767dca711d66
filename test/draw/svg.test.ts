// The frame of all pictures: text that cannot break out, colours that can be read, one style.

import { describe, expect, test } from "vitest";
import {
  coordinate,
  document,
  escapeText,
  idOf,
  paint,
  palette,
  type Role,
  shorten,
  textAt,
  textWidth,
} from "../../src/draw/svg.ts";
import { hostileLabels } from "./hostile-labels.ts";
import { elements, parse, textsOf } from "./reading.ts";

const small = {
  width: 200,
  height: 100,
  title: "A title",
  description: "What it shows.",
  body: "",
};

/** What a text should be in XML: spaces for line ends, � for what XML and readers cannot have. */
const expected = (text: string) =>
  text
    .replace(/[\t\n\r\u2028\u2029]+/g, " ")
    .replace(/[\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, "\ufffd")
    .replace(/\p{Cs}/gu, "\ufffd"); // halves of surrogate pairs

describe("document", () => {
  test("document: is an image with a title and a description, of its size", () => {
    const [svg] = elements(document(small), "svg");
    expect(svg!.getAttribute("role")).toBe("img");
    expect(svg!.getAttribute("viewBox")).toBe("0 0 200 100");
    expect(svg!.getAttribute("class")).toBe("cr-picture");
    const [title, description] = [...svg!.childNodes];
    expect([title!.nodeName, title!.textContent]).toEqual(["title", "A title"]);
    expect([description!.nodeName, description!.textContent]).toEqual(["desc", "What it shows."]);
  });

  for (const { name, label } of hostileLabels.filter(({ label }) => label.length < 1000)) {
    test(`document: any title, description and text is text, with ${name}`, () => {
      const body = textAt(5, 5, label);
      const svg = document({ ...small, title: label, description: label, body });
      const shown = ["title", "desc", "text"].map((tag) => elements(svg, tag)[0]!.textContent);
      expect(shown).toEqual([expected(label), expected(label), expected(label)]);
      const tags = [...parse(svg).getElementsByTagName("*")].map(({ nodeName }) => nodeName);
      expect(tags).toEqual(["svg", "title", "desc", "style", "rect", "text"]);
    });
  }

  test("document: has the same style whatever is in it, and no id", () => {
    const [one, two] = ["a", "b"].map((title) => document({ ...small, title }));
    const styles = [one, two].map((svg) => elements(svg!, "style")[0]!.textContent);
    expect(styles[0]).toBe(styles[1]);
    expect(one).not.toMatch(/\sid=|url\(|<script|foreignObject|@import/);
  });

  test("document: refuses a size that is none and a title that is not text", () => {
    expect(() => document({ ...small, width: Number.NaN })).toThrow(
      new RangeError("picture: expected sizes from 1 to 1e6, got NaN by 100"),
    );
    expect(() => document({ ...small, title: 3 as never })).toThrow(
      new TypeError("picture: expected a title that is text, got 3"),
    );
  });
});

describe("the palette", () => {
  /** Relative luminance (WCAG 2.2). */
  function luminance(color: string): number {
    const [r, g, b] = [1, 3, 5]
      .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  }
  function contrast(a: string, b: string): number {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light! + 0.05) / (dark! + 0.05);
  }
  const roles = Object.keys(palette) as Role[];
  const fills = ["node", "parameter", "input", "operation"] as const;

  test("the palette: black on white has a contrast of 21", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 10);
  });

  for (const theme of [0, 1] as const) {
    const name = ["light", "dark"][theme];
    test(`the palette: in ${name} every colour but line and fills can be text on the panel`, () => {
      const shapes: readonly string[] = ["panel", "line", ...fills];
      for (const role of roles.filter((role) => !shapes.includes(role))) {
        const found = contrast(palette[role][theme], palette.panel[theme]);
        expect(found, role).toBeGreaterThanOrEqual(4.5);
      }
    });

    test(`the palette: in ${name} ink and faint can be text on every fill`, () => {
      for (const fill of fills) {
        for (const role of ["ink", "faint"] as const) {
          const found = contrast(palette[role][theme], palette[fill][theme]);
          expect(found, `${role} on ${fill}`).toBeGreaterThanOrEqual(4.5);
        }
        // What tells kinds of boxes apart must be visible: 3:1 for shapes (WCAG 1.4.11).
        const border = contrast(palette[`${fill}-line`][theme], palette[fill][theme]);
        expect(border, fill).toBeGreaterThanOrEqual(3);
      }
    });
  }

  test("paint: colours by attribute in light and by class in every theme", () => {
    expect(paint({ fill: "node", stroke: "node-line" })).toBe(
      ' class="cr-fill-node cr-stroke-node-line" fill="#f2f4f7" stroke="#6a737d"',
    );
    expect(paint({ stroke: "line" })).toBe(' class="cr-stroke-line" fill="none" stroke="#d3d9e0"');
  });

  test("the style: has a rule for every role, and both themes", () => {
    const style = elements(document(small), "style")[0]!.textContent ?? "";
    for (const role of roles) {
      expect(style).toContain(`.cr-fill-${role}{fill:var(--cr-${role})}`);
      expect(style).toContain(`.cr-stroke-${role}{stroke:var(--cr-${role})}`);
      for (const color of palette[role]) expect(style).toContain(`--cr-${role}:${color}`);
    }
    expect(style).toContain('[data-theme="light"] .cr-picture{');
    expect(style).toContain("@media screen and (prefers-color-scheme:dark){.cr-picture{");
  });
});

describe("text", () => {
  test("escapeText: takes a million characters in no time", () => {
    expect(escapeText("<".repeat(1e6))).toHaveLength(4e6);
  });

  test("shorten: keeps a text that fits, and ends another with …", () => {
    expect(shorten("weights", 100)).toBe("weights");
    const short = shorten("the weights of the first layer", 100);
    expect(short).toMatch(/^the weig.*…$/);
    expect(textWidth(short)).toBeLessThanOrEqual(100);
    expect(shorten("weights", 3)).toBe("");
  });

  test("shorten: never cuts an emoji in two", () => {
    for (let width = 0; width < 100; width++)
      expect(shorten("🧠🧠🧠🧠", width)).not.toMatch(/\p{Cs}/u);
  });

  test("shorten: a million characters are not all measured", () => {
    expect(shorten("x".repeat(1e6), 50)).toMatch(/^x+…$/);
  });

  test("textWidth: grows with the size, and is more for bold and for wide characters", () => {
    expect(textWidth("abc", { size: 24 })).toBe(2 * textWidth("abc", { size: 12 }));
    expect(textWidth("abc", { bold: true })).toBeGreaterThan(textWidth("abc"));
    expect(textWidth("漢字")).toBeGreaterThan(textWidth("il"));
  });

  test("textAt: is on its place with its style", () => {
    const svg = document({ ...small, body: textAt(1.005, -0, "x", { anchor: "end", bold: true }) });
    expect(textsOf(svg)).toEqual([{ x: 1, y: 0, text: "x", anchor: "end", size: 12, bold: true }]);
  });
});

test("coordinate: has two decimals and never -0", () => {
  expect([1 / 3, -0, -0.001, 1e5, 0.125].map(coordinate)).toEqual([
    "0.33",
    "0",
    "0",
    "100000",
    "0.13",
  ]);
  expect(() => coordinate(Number.NaN)).toThrow("coordinate: expected a finite number, got NaN");
});

test("idOf: is the same for the same content and differs for other content", () => {
  const ids = Array.from({ length: 1000 }, (_, i) => idOf(`picture ${i}`));
  expect(new Set(ids).size).toBe(1000);
  expect(idOf("picture 7")).toBe(ids[7]);
  expect(ids.every((id) => /^cr-[0-9a-f]{16}$/.test(id))).toBe(true);
});

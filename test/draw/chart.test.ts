// What is true of all charts: well-formed, the same letters every time, no text over another, and any
// numbers at all.

import { describe, expect, test } from "vitest";
import { lineChart, scatterChart } from "../../src/draw/index.ts";
import { textWidth } from "../../src/draw/svg.ts";
import { charts, hardPoints } from "./charts.ts";
import { hostileLabels } from "./hostile-labels.ts";
import { elements, parse, type ShownText, textsOf } from "./reading.ts";

/** The box that a text takes, by the conservative estimate. */
function boxOf({ x, y, text, anchor, size, bold }: ShownText) {
  const width = textWidth(text, { size, bold });
  const left = anchor === "end" ? x - width : anchor === "middle" ? x - width / 2 : x;
  return { left, right: left + width, top: y - 0.75 * size, bottom: y + 0.2 * size, text };
}

/** Pairs of texts that overlap, and texts that leave the picture. */
function troubles(svg: string): string[] {
  const boxes = textsOf(svg).map(boxOf);
  const [frame] = elements(svg, "svg");
  const [width, height] = ["width", "height"].map((name) => Number(frame!.getAttribute(name)));
  const found: string[] = [];
  for (const [i, a] of boxes.entries()) {
    if (a.left < 0 || a.right > width! || a.top < 0 || a.bottom > height!) {
      found.push(`"${a.text}" leaves the picture`);
    }
    for (const b of boxes.slice(i + 1)) {
      const apart =
        a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
      if (!apart) found.push(`"${a.text}" and "${b.text}" overlap`);
    }
  }
  return found;
}

const axes = { x: { label: "what is measured across" }, y: { label: "what is measured upwards" } };

for (const [name, chart] of Object.entries(charts)) {
  describe(name, () => {
    test(`${name}: is well-formed, with title and description, and the same every time`, () => {
      const svg = chart({ title: "A title" });
      expect(parse(svg).documentElement?.nodeName).toBe("svg");
      expect(elements(svg, "title")[0]!.textContent).toBe("A title");
      expect(elements(svg, "desc")[0]!.textContent).toMatch(/\d.*\.$/);
      expect(chart({ title: "A title" })).toBe(svg);
      expect(svg).not.toMatch(/NaN|Infinity|undefined|\sid=|url\(/);
    });

    test(`${name}: no text covers another or leaves the picture, at any width`, () => {
      for (let width = 240; width <= 800; width += 35) {
        const title = "A title that takes more than a line where the picture is narrow";
        expect(troubles(chart({ title, width, ...axes })), `width ${width}`).toEqual([]);
      }
    });

    test(`${name}: hostile titles and labels are text and nothing else`, () => {
      const tags = (svg: string) => elements(svg, "*").map(({ nodeName }) => nodeName);
      for (const { name, label } of hostileLabels) {
        const svg = chart({ title: label, x: { label }, y: { label } });
        expect(new Set(tags(svg)), name).toEqual(new Set([...tags(chart({ title: "x" }))]));
        expect(troubles(svg), name).toEqual([]);
      }
    });

    test(`${name}: refuses options that there are not, and sizes out of bounds`, () => {
      const where = name.split(" ")[0];
      expect(() => chart({ colour: "red" } as never)).toThrow(`${where}: expected one of the opti`);
      expect(() => chart({ width: 100 })).toThrow(
        new RangeError(`${where}: expected a width from 240 to 4000, got 100`),
      );
      expect(() => chart({ title: 3 as never })).toThrow(
        new TypeError(`${where}: expected a title that is text, got 3`),
      );
      if (where === "histogram") return; // it names its axes itself
      expect(() => chart({ x: "epoch" as never })).toThrow(
        new TypeError(`${where}: x: expected an object with options, got "epoch" (a string)`),
      );
      expect(() => chart({ y: { lable: "loss" } as never })).toThrow(
        `${where}: y: expected one of the options label, scale, domain, ticks, got "lable"`,
      );
    });
  });
}

for (const [name, points] of Object.entries(hardPoints)) {
  test(`lineChart, scatterChart: points that are ${name} give a readable picture on every scale`, () => {
    for (const x of ["linear", "log"] as const) {
      for (const y of ["linear", "log"] as const) {
        const options = { title: name, x: { scale: x }, y: { scale: y } };
        const pictures = [
          lineChart({ ...options, series: [{ points }] }),
          scatterChart({ ...options, points }),
        ];
        for (const svg of pictures) {
          expect(svg).not.toMatch(/NaN|Infinity|undefined/);
          expect(troubles(svg), `${x} ${y}`).toEqual([]);
          const ticks = textsOf(svg).filter(({ anchor }) => anchor === "end");
          expect(ticks.length, `${x} ${y}`).toBeGreaterThan(0);
        }
      }
    }
  });
}

test("lineChart: a domain and ticks of the caller's own are kept, and wrong ones refused", () => {
  const series = [
    {
      points: [
        [0, 1],
        [10, 2],
      ] as [number, number][],
    },
  ];
  const svg = lineChart({ title: "", series, x: { domain: [0, 20], ticks: [0, 7, 20] } });
  const shown = textsOf(svg).filter(({ anchor }) => anchor === "middle");
  expect(shown.map(({ text }) => text)).toEqual(["0", "7", "20"]);
  expect(() => lineChart({ title: "", series, x: { domain: [2, 1] } })).toThrow(
    new RangeError("lineChart: x.domain: expected two numbers, smaller first, got [2,1]"),
  );
  expect(() => lineChart({ title: "", series, y: { scale: "log", domain: [0, 1] } })).toThrow(
    "lineChart: y.domain: expected two numbers above 0, smaller first, got [0,1]",
  );
  expect(() => lineChart({ title: "", series, y: { scale: "square" as never } })).toThrow(
    'lineChart: y.scale: expected linear or log, got "square" (a string)',
  );
});

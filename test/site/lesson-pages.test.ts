// The lessons as pages: everything is there and readable before any script runs.

import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Output } from "../../scripts/lessons/kernel.mjs";
import { cellsOf, lessonFiles, parseLesson } from "../../scripts/lessons/lesson.mjs";
import { pieces } from "../../scripts/lessons/markdown.mjs";
import { joined, parseNotebook } from "../../scripts/lessons/notebook.mjs";
import { proseLines } from "../../scripts/lessons/prose.mjs";
import { ensureSite, root } from "../../scripts/set-up.mjs";
import { violations } from "./axe.ts";
import { lookAt, openSite, type SitePage } from "./browser.ts";

const folder = await ensureSite("the tests");
const site = await openSite();
afterAll(() => site.close());

const read = (...names: string[]): string => readFileSync(path.join(...names), "utf8");

const lessons = lessonFiles(root).map((file) => parseLesson(read(root, file), file).lesson);

/** What a reader without scripts finds in the article of a page. */
async function articleOf(page: string) {
  const opened = await site.open(page, { javaScript: false });
  const found = await opened.evaluate(() => {
    const all = (selector: string, within: ParentNode = document) => [
      ...within.querySelectorAll<HTMLElement>(selector),
    ];
    const text = (element: Element | null | undefined) => element?.textContent ?? "";
    const article = document.querySelector("article");
    if (article === null) throw new Error("there is no article");
    const prose = article.cloneNode(true) as HTMLElement; // a clone of an element is one
    for (const other of all("pre, code, svg, .cell, .live-hint", prose)) other.remove();
    return {
      cells: all(".cell", article).map((cell) => ({
        id: cell.dataset.cell,
        mode: cell.dataset.mode,
        source: text(cell.querySelector(".code code")),
        outputs: [...(cell.querySelector(".outputs")?.children ?? [])].map((output) => ({
          kind: output.className,
          text: text(output.matches(".picture") ? output.querySelector("svg > title") : output),
          visible: output.getBoundingClientRect().height > 0,
        })),
      })),
      otherCode: all(".code", article)
        .filter((code) => code.closest(".cell") === null)
        .map((code) => text(code.querySelector("code"))),
      formulas: all("math", article).map(({ dataset }) => dataset.tex),
      errors: all("merror", article).length,
      prose: text(prose),
      headings: all("h1, h2, h3, h4, h5, h6").map((heading) => Number(heading.tagName[1])),
      predictions: all(".predict", article).map(({ dataset }) => dataset.cells?.split(" ") ?? []),
      exercises: all(".exercise", article).map((exercise) => ({
        number: exercise.dataset.exercise,
        modes: all(".cell:not([data-mode=run])", exercise).map(({ dataset }) => dataset.mode),
        hints: all("details.hint", exercise).length,
        solutions: all("details.solution", exercise).length,
        mistakes: all("details.solution .mistake", exercise).length,
      })),
      parts: all("section.part", article).map((part) => text(part.querySelector("h2"))),
    };
  });
  await opened.browserContext().close();
  return found;
}

/** The outputs of a notebook's cells by their ids, as a page shows them. */
function outputsOf(slug: string): Map<string, { kind: string; text: string }[]> {
  const { cells } = parseNotebook(read(root, "notebooks", `${slug}.ipynb`));
  const code = cells.filter((cell) => cell.cell_type === "code");
  return new Map(
    code.map((cell) => [
      cell.id,
      cell.outputs.map((output: Output) => {
        if (output.output_type === "stream")
          return { kind: output.name, text: joined(output.text) };
        if (output.output_type === "error") {
          return { kind: "error", text: `${output.ename}: ${output.evalue}` };
        }
        const svg = output.data["image/svg+xml"];
        const text = joined(output.data["text/plain"] as string | string[]);
        return svg === undefined
          ? { kind: "result", text }
          : { kind: "picture", text: unescaped(text) };
      }),
    ]),
  );
}

/** The places that a path of lines goes through, with two decimals. */
function placesOf(path: string): string[] {
  let [x, y] = [0, 0];
  let start = [0, 0];
  return [...path.matchAll(/([MLHVZlhv])([^MLHVZlhv]*)/g)].map(([, command = "", numbers = ""]) => {
    const [first = 0, second = first] = (numbers.match(/-?[\d.]+/g) ?? []).map(Number);
    const [fromX, fromY] = command === command.toLowerCase() ? [x, y] : [0, 0];
    const kind = command.toUpperCase();
    if (kind === "Z") [x, y] = start as [number, number];
    else {
      if (kind !== "V") x = fromX + first;
      if (kind !== "H") y = fromY + second;
    }
    if (kind === "M") start = [x, y];
    return `${kind === "Z" ? "Z" : kind === "M" ? "M" : "L"} ${x.toFixed(2)} ${y.toFixed(2)}`;
  });
}

/** Lines without the space that all of them begin with. */
function withoutIndent(lines: string[]): string[] {
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  return lines.map((line) => line.slice(Math.min(...indents)));
}

/** The formulas of a text, as TeX. */
function formulasOf(text: string): string[] {
  const prose = proseLines(text)
    .join("\n")
    .replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "");
  return [...prose.matchAll(/\$\$([\s\S]+?)\$\$|\$([^$]+)\$/g)].map(([, block, inline]) =>
    (block ?? inline).trim(),
  );
}

/** How many predictions of a lesson ask about no cell. */
const answeredByText: Record<number, number> = { 2: 1, 5: 1, 8: 1 };

describe.each(lessons.map((lesson) => ({ name: lesson.slug, lesson })))("$name", async (given) => {
  const { lesson } = given;
  const article = await articleOf(`${lesson.slug}.html`);

  test("every cell shows its source, letter for letter", () => {
    const cells = cellsOf(lesson).map(({ id, mode, source }) => ({ id, mode, source }));
    expect(article.cells.map(({ id, mode, source }) => ({ id, mode, source }))).toEqual(cells);
  });

  test("every cell shows the outputs of the notebook", () => {
    const outputs = outputsOf(lesson.slug);
    for (const cell of article.cells) {
      const shown = cell.outputs.map(({ kind, text }) => ({ kind, text: withoutPlace(text) }));
      expect(shown, cell.id).toEqual(outputs.get(cell.id ?? ""));
      expect(
        cell.outputs.every(({ visible }) => visible),
        `${cell.id}: all outputs are visible`,
      ).toBe(true);
    }
  });

  test("code that is no cell stands there as in the lesson", () => {
    const fences = pieces(lesson.text.split("\n")).filter(({ code }) => code !== undefined);
    const others = fences.filter(({ info }) => !/^ts( (throws|exercise|check))?$/.test(info));
    // Quotes of the library begin at the left, however deep they stand in their file.
    const texts = others.map(({ info, code = [] }) =>
      info?.includes(" src/") ? withoutIndent(code) : code,
    );
    expect(article.otherCode).toEqual(texts.map((code) => code.join("\n")));
  });

  test("every formula is MathML that keeps its TeX", () => {
    expect(article.formulas).toEqual(formulasOf(lesson.text));
    expect(article.errors).toBe(0);
  });

  test("no TeX and no Markdown is left to see", () => {
    expect(article.prose.match(/.{0,20}(?:\$|\\|\*\*|```|\]\(|<!--|-->|^#+ |\|---).{0,20}/gm)).toBe(
      null,
    );
  });

  test("headings step down one level at a time, from a single h1", () => {
    const { headings } = article;
    expect(headings[0]).toBe(1);
    expect(headings.filter((level) => level === 1)).toHaveLength(1);
    for (const [i, level] of headings.entries()) {
      if (i > 0) expect(level).toBeLessThanOrEqual(headings[i - 1] + 1);
    }
  });

  test("every prediction names cells of the page, the last of them with an output, unless the text below answers it", () => {
    expect(article.predictions).toHaveLength(lesson.text.match(/^> \*Predict\.\*/gm)?.length ?? 0);
    const answered = article.predictions.filter((cells) => cells.length === 0);
    expect(answered).toHaveLength(answeredByText[lesson.number] ?? 0);
    for (const cells of article.predictions.filter((cells) => cells.length > 0)) {
      const numbers = cells.map((id) => Number(/^cell-(\d+)$/.exec(id)?.[1]));
      const counts = numbers.map((number) => article.cells[number - 1].outputs.length);
      expect(Math.max(...counts)).toBeGreaterThan(0);
    }
  });

  test("every exercise holds its cells, its hint, its solution and the wrong answers", () => {
    const expected = lesson.exercises.map(({ number, mistakes }) => ({
      number,
      modes: ["exercise", "check"],
      hints: 1,
      solutions: 1,
      mistakes: mistakes.length,
    }));
    expect(article.exercises).toEqual(expected);
    expect(article.parts).toEqual(lesson.parts.map(({ title }) => title));
  });

  // Themes differ in colours, widths in all but colours: what axe looks at takes its time.
  const contrast = "color-contrast";
  let page: SitePage;
  beforeAll(async () => {
    page = await site.open(`${lesson.slug}.html`);
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("article details")) {
        details.setAttribute("open", "");
      }
    });
  });
  afterAll(() => page.browserContext().close());
  test.each([
    { theme: "light", width: 1280, options: {} },
    { theme: "dark", width: 1280, options: { runOnly: contrast } },
    { theme: "dark", width: 390, options: { rules: { [contrast]: { enabled: false } } } },
  ] as const)(
    "axe finds nothing wrong, $theme, $width pixels wide",
    async (look) => {
      await lookAt(page, look);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, "the page itself does not scroll sideways").toBeLessThanOrEqual(look.width);
      expect(await violations(page, "html", { ...look.options })).toEqual([]);
    },
    300_000,
  );
});

/** The title of a picture, which a notebook keeps as it stands in the SVG. */
const unescaped = (text: string): string =>
  text
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&amp;/g, "&");

/** An error without the cell and line that the page adds. */
const withoutPlace = (text: string): string => text.replace(/ \(cell \d+(, line \d+)?\)$/, "");

describe("all pages", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".html"));
  const pages = new Map(files.map((name) => [name, read(folder, name)]));
  const idsOf = (html: string): string[] =>
    [...html.matchAll(/<[^>]*? id="([^"]*)"/g)].map(([, id]) => id);

  test.each(files)("%s: no id is there twice", (name) => {
    const ids = idsOf(pages.get(name) ?? "");
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  test.each(files)(
    "%s: every link within the site leads to a page and a place that are there",
    (name) => {
      const links = [...(pages.get(name) ?? "").matchAll(/<a\b[^>]*? href="([^"]*)"/g)].map(
        ([, href]) => href,
      );
      const dead = links.filter((href) => {
        if (/^https?:/.test(href) || /^(?:\?|\.\.\/$)/.test(href)) return false;
        const [file, anchor] = href.replace(/^\.\//, "").split("#");
        // What follows is a state of that page: page-links.test.ts reads it.
        const [, tool] = /^\.\/((?:debugger|playground|sabotage)\.html)[?#]/.exec(href) ?? [];
        if (tool !== undefined) return pages.get(tool) === undefined;
        const target = pages.get(file === "" ? name : file);
        return target === undefined || (anchor !== undefined && !idsOf(target).includes(anchor));
      });
      expect(dead).toEqual([]);
    },
  );
});

test("pictures in a page go through the places of the notebook's pictures, in steps", () => {
  const { cells } = parseNotebook(read(root, "notebooks", "08-training.ipynb"));
  const outputs = cells.flatMap((cell) => (cell.cell_type === "code" ? cell.outputs : []));
  const pictures = outputs.flatMap(({ data }) => joined(data?.["image/svg+xml"] ?? ""));
  const linesOf = (text: string) =>
    [...text.matchAll(/<path d="([MLHVZlhv\d., -]+)"/g)].map(([, path = ""]) => path);
  const kept = linesOf(pictures.join(""));
  const shown = linesOf(read(folder, "08-training.html"));
  expect(kept.length).toBeGreaterThan(50);
  expect(shown.map(placesOf)).toEqual(kept.map(placesOf));
  expect(shown.join("").length).toBeLessThan(0.9 * kept.join("").length);
});

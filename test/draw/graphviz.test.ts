// renderDot: pictures by Graphviz in our frame, with nothing in them that acts.

import { DOMParser, type Element } from "@xmldom/xmldom";
import { expect, test } from "vitest";
import { toDot } from "../../src/draw/dot.ts";
import { renderDot } from "../../src/draw/graphviz.ts";
import { redraw } from "../../src/draw/graphviz-svg.ts";
import { Value } from "../../src/value.ts";
import { hostileLabels } from "./hostile-labels.ts";

/** The document, as a strict XML parser reads it. */
function parse(svg: string): Element {
  const onError = (level: string, message: string) => {
    if (level !== "warning") throw new Error(message);
  };
  return new DOMParser({ onError }).parseFromString(svg, "image/svg+xml").documentElement!;
}

const all = (svg: string, name: string) => [...parse(svg).getElementsByTagName(name)];
const texts = (svg: string) => all(svg, "text").map((element) => element.textContent ?? "");

const lecture = () => {
  const L = new Value(2, "a").mul(new Value(-3, "b")).add(new Value(10, "c"));
  L.label = "L";
  return L;
};

test("renderDot: an SVG of its own with title, description and role", async () => {
  const svg = await renderDot(toDot(lecture()));
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+"/);
  expect(parse(svg).getAttribute("role")).toBe("img");
  expect(all(svg, "title").map((title) => title.textContent)).toEqual(["Expression graph of L"]);
  expect(all(svg, "desc")[0]?.textContent).toBe(
    "7 nodes, 6 edges: a data 2.0000 grad –; *; b data -3.0000 grad –; data -6.0000 grad –; +; " +
      "c data 10.0000 grad –; L data 4.0000 grad –",
  );
});

test("renderDot: title and description as toDot was told", async () => {
  const options = { title: `"T" & <t> \\N`, description: `"D" & <d> \\N` };
  const svg = await renderDot(toDot(lecture(), options));
  expect(all(svg, "title").map((title) => title.textContent)).toEqual([options.title]);
  expect(all(svg, "desc")[0]?.textContent).toBe(options.description);
});

test("renderDot: what is drawn are the nodes and as many edges", async () => {
  const svg = await renderDot("digraph { a -> b; c -> b; b -> d; a -> d; c -> d }");
  expect(texts(svg).sort()).toEqual(["a", "b", "c", "d"]);
  expect(all(svg, "path")).toHaveLength(5);
  expect(all(svg, "title")[0]?.textContent).toBe("Graph");
});

test("renderDot: the same picture every time", async () => {
  expect(await renderDot(toDot(lecture()))).toBe(await renderDot(toDot(lecture())));
});

test("renderDot: black is drawn in our colours, colours of the text on white paper", async () => {
  const plain = await renderDot("digraph { a -> b }");
  expect(plain).not.toContain("black");
  expect(plain).toContain('class="cr-fill-ink"');
  const colored = await renderDot('digraph { a [style=filled, fillcolor="red:#00ff00"] a -> b }');
  expect(colored).toMatch(/<rect [^>]*fill="#ffffff" stroke="#d3d9e0"\/>/);
  const [, id] = /fill="url\(#(cr-[\w-]+)\)"/.exec(colored) ?? [];
  expect(colored).toContain(`<linearGradient id="${id}"`);
});

for (const { name, label, shown } of hostileLabels) {
  test(`renderDot: ${name} is one node with that text and nothing else`, async () => {
    const svg = await renderDot(toDot(new Value(2, label)));
    const plain = (text: string) => text.replaceAll("\u00a0", " ").trim();
    const wanted = [shown, "data 2.0000", "grad –"].filter((text) => text !== "");
    expect(texts(svg).map(plain)).toEqual(wanted.map(plain));
    const known = /^(svg|title|desc|style|rect|g|polygon|polyline|text)$/;
    expect(all(svg, "*").filter(({ tagName }) => !known.test(tagName))).toEqual([]);
  });
}

const acting = [
  'a [URL="javascript:alert(1)", target="_top", tooltip="tip"]',
  'a [href="https://example.org", label=<<table href="javascript:1"><tr><td>x</td></tr></table>>]',
  'a -> b [edgeURL="javascript:alert(1)", labelURL="javascript:1", label=l, headlabel=h]',
  'URL="javascript:alert(1)"; a',
  'stylesheet="https://example.org/x.css"; a',
  'a [image="https://example.org/x.png"]',
  'a [id="x\\" onload=\\"alert(1)", class="y\\" onclick=\\"alert(1)"]',
  'a [fontname="x\\" onclick=\\"alert(1)"]',
  'a [fontname="x\\" href=\\"javascript:1"]',
  'a [style=filled, fillcolor="url(https://example.org/x)"]',
  'a [style=filled, fillcolor="red\\" onclick=\\"alert(1)"]',
  'subgraph cluster_x { URL="javascript:alert(1)"; a }',
  'node [comment="--><script>alert(1)</script>"]; "--><script>alert(1)</script>"',
];
for (const statement of acting) {
  test(`renderDot: nothing acts in ${statement}`, async () => {
    const svg = await renderDot(`digraph { ${statement} }`);
    for (const element of all(svg, "*")) {
      expect(element.tagName).not.toMatch(/^(a|script|image|use|foreignObject|animate|set)$/);
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^on|href|^target$/);
        if (name === "id") expect(value).toMatch(/^cr-[\da-f]{16}-\d$/);
        if (name !== "xmlns") expect(value).not.toMatch(/javascript|example|alert/);
      }
    }
    expect(svg.replace(/<style>.*?<\/style>/, "")).not.toMatch(/<script|example\.org/);
  });
}

test("renderDot: what a font's name smuggles in is refused", async () => {
  const dot = String.raw`digraph { a [fontname="x\"><script>alert(1)</script><text x=\"1"] }`;
  await expect(renderDot(dot)).rejects.toThrow(
    "renderDot: expected shapes and text from Graphviz, got <script>",
  );
  for (const broken of ["<svg><g></svg>", "<svg><g></g>"]) {
    expect(() => redraw(broken)).toThrow("renderDot: expected whole elements from Graphviz");
  }
});

test("renderDot: a tooltip stays, as text", async () => {
  const svg = await renderDot('digraph { a [tooltip="a < b & \\"c\\""] }');
  expect(all(svg, "title")[1]?.textContent).toBe('a < b & "c"');
});

test("renderDot: a mistake in the text is told with its line and Graphviz's words", async () => {
  await expect(renderDot("digraph {\n  a -> b\n  b -> \n}")).rejects.toThrow(
    "renderDot: expected a graph in DOT, but Graphviz says: syntax error in line 4 near '}'; " +
      'that line is "}"',
  );
  await expect(renderDot("hello")).rejects.toThrow("syntax error in line 1 near 'hello'");
  await expect(renderDot("digraph { a [label=<<b>x>] }")).rejects.toThrow("in label of node a");
  await expect(renderDot("")).rejects.toThrow('such as digraph { a -> b }, got "" (a string)');
  // @ts-expect-error: not a string
  await expect(renderDot(3)).rejects.toThrow("renderDot: expected text in DOT, got 3");
});

test("renderDot: goes on after a mistake", async () => {
  await expect(renderDot("digraph {")).rejects.toThrow("renderDot:");
  expect(texts(await renderDot("digraph { a }"))).toEqual(["a"]);
});

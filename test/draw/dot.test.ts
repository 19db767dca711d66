// toDot: the text, and what Graphviz itself reads in it.

import { instance } from "@viz-js/viz";
import { expect, test } from "vitest";
import { toDot } from "../../src/draw/dot.ts";
import type { DrawableNode } from "../../src/draw/node.ts";
import { Value } from "../../src/value.ts";
import { hostileLabels } from "./hostile-labels.ts";

const viz = await instance();

/** The lecture's L = (a * b + c) * f. */
function lecture(): Value {
  const [a, b] = [new Value(2, "a"), new Value(-3, "b")];
  const e = a.mul(b);
  e.label = "e";
  const d = e.add(new Value(10, "c"));
  d.label = "d";
  const L = d.mul(new Value(-2, "f"));
  L.label = "L";
  return L;
}

test("toDot: the lecture's graph as the lecture draws it", () => {
  const L = lecture();
  L.backward();
  expect(toDot(L)).toBe(`digraph "Expression graph of L" {
  rankdir=LR; ranksep=0.25;
  node [shape=ellipse, width=0.4, height=0.4, margin="0.05,0.02"];
  n0 [shape=record, label="{ a | data 2.0000 | grad 6.0000 }"];
  n1 [shape=record, label="{ b | data -3.0000 | grad -4.0000 }"];
  n2 [shape=record, label="{ e | data -6.0000 | grad -2.0000 }"];
  op2 [label="*"];
  op2 -> n2;
  n0 -> op2;
  n1 -> op2;
  n3 [shape=record, label="{ c | data 10.0000 | grad -2.0000 }"];
  n4 [shape=record, label="{ d | data 4.0000 | grad -2.0000 }"];
  op4 [label="+"];
  op4 -> n4;
  n2 -> op4;
  n3 -> op4;
  n5 [shape=record, label="{ f | data -2.0000 | grad 4.0000 }"];
  n6 [shape=record, label="{ L | data -8.0000 | grad 1.0000 }"];
  op6 [label="*"];
  op6 -> n6;
  n4 -> op6;
  n5 -> op6;
}
`);
});

test("toDot: before backward every gradient is a dash", () => {
  const dot = toDot(lecture());
  expect(dot.match(/grad –/g)).toHaveLength(7);
  expect(dot).not.toContain("grad 0");
});

test("toDot: a + a has two edges", () => {
  const a = new Value(2, "a");
  expect(toDot(a.add(a)).match(/n0 -> op1;/g)).toHaveLength(2);
});

test("toDot: gradients can be left out", () => {
  expect(toDot(lecture(), { gradients: false })).not.toContain("grad");
});

test("toDot: nodes without an operation are joined directly, those without a label have no field", () => {
  const a = { data: 2, inputs: [] };
  const dot = toDot({ data: 4, inputs: [a, a], label: "b" }, { gradients: false });
  expect(dot).toContain('n0 [shape=record, label="{ data 2.0000 }"];');
  expect(dot.match(/n0 -> n1;/g)).toHaveLength(2);
  expect(dot).not.toContain("op1");
});

test("toDot: the same graph, made again, gives the same text", () => {
  expect(toDot(lecture())).toBe(toDot(lecture()));
});

/** What Graphviz has understood. */
function understood(dot: string): { title: string; texts: string[]; edges: number } {
  const { output, errors } = viz.render(dot, { format: "svg" });
  expect(errors.filter(({ level }) => level === "error")).toEqual([]);
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', amp: "&" };
  const decode = (text: string) =>
    text.replace(/&(?:#(\d+)|(lt|gt|quot|amp));/g, (_, code, entity) =>
      code === undefined ? entities[entity]! : String.fromCodePoint(Number(code)),
    );
  const texts = [...(output ?? "").matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) =>
    decode(text!).replace(/^ | $/g, ""),
  );
  const title = decode(/<title>([^<]*)/.exec(output ?? "")?.[1] ?? "");
  return { title, texts, edges: output?.match(/class="edge"/g)?.length ?? 0 };
}

/** Graphviz's SVG has these where spaces must be kept. */
const plain = (text: string) => text.replaceAll("\u00a0", " ").trim();

for (const { name, label, shown } of hostileLabels) {
  test(`toDot: Graphviz reads ${name} as a label, an operation and a title with that text`, () => {
    const { texts, edges } = understood(toDot(new Value(2, label)));
    expect(texts.map(plain)).toEqual([plain(shown), "data 2.0000", "grad –"].slice(-(shown === "" ? 2 : 3))); // biome-ignore format: one line
    expect(edges).toBe(0);

    const node: DrawableNode = { data: 2, inputs: [new Value(1)], op: label };
    const operation = understood(toDot(node, { gradients: false }));
    const all = ["data 1.0000", plain(shown), "data 2.0000"].filter((text) => text !== "");
    expect(operation.texts.map(plain).sort()).toEqual(all.sort());
    expect(operation.edges).toBe(shown === "" ? 1 : 2);

    if (label.length > 40 || label === "") return;
    expect(plain(understood(toDot(new Value(1), { title: label })).title)).toBe(plain(shown));
    expect(toDot(new Value(1), { description: label })).toContain("tooltip=");
    expect(understood(toDot(new Value(1), { description: label })).texts).toHaveLength(2);
  });
}

test("toDot: more than 2,000 nodes are refused, with what to do", () => {
  let y = new Value(1);
  for (let i = 0; i < 1000; i++) y = y.add(1);
  expect(() => toDot(y)).toThrow(
    "toDot: expected at most 2000 nodes, got 2001; draw a part of it (a node that it was made " +
      "from), or try drawGraph: networks, data points and long chains, which it folds, need few boxes",
  );
});

test("toDot: options that are none are told", () => {
  // @ts-expect-error: there is no such option
  expect(() => toDot(new Value(1), { gradient: false })).toThrow(TypeError);
  // @ts-expect-error: neither true nor false
  expect(() => toDot(new Value(1), { gradients: 0 })).toThrow(
    "toDot: gradients: expected true or false, got 0",
  );
  // @ts-expect-error: not a string
  expect(() => toDot(new Value(1), { title: 3 })).toThrow("expected title to be a string, got 3");
});

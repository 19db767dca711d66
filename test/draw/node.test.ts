// Reading a graph for a picture: the order, whose nodes they are, and what is written in them.

import { expect, test } from "vitest";
import {
  briefNumber,
  type DrawableNode,
  gradientText,
  labelText,
  numberText,
  operationText,
  readGraph,
  shownText,
} from "../../src/draw/node.ts";
import { MLP } from "../../src/nn.ts";
import { Value } from "../../src/value.ts";
import { hostileLabels } from "./hostile-labels.ts";

/** A node as a reader of the lessons has it. */
class OwnValue {
  data: number;
  inputs: OwnValue[];
  grad = 0;
  constructor(data: number, inputs: OwnValue[] = []) {
    this.data = data;
    this.inputs = inputs;
  }
}

test("readGraph: every node once, inputs before their consumers, an edge for each use", () => {
  const a = new Value(2, "a");
  const b = a.add(a);
  const c = b.mul(a);
  const graph = readGraph(c, "test");
  expect(graph.nodes).toEqual([a, b, c]);
  expect(graph.inputs).toEqual([[], [0, 0], [1, 0]]);
  expect(graph.roots).toEqual([2]);
});

test("readGraph: equal nodes are distinct", () => {
  expect(readGraph(new Value(1, "x").add(new Value(1, "x")), "test").nodes).toHaveLength(3);
});

test("readGraph: several roots share what they have in common", () => {
  const a = new Value(2);
  const roots = [a.exp(), a.tanh(), a];
  const graph = readGraph(roots, "test");
  expect(graph.nodes).toHaveLength(3);
  expect(graph.roots.map((place) => graph.nodes[place])).toEqual(roots);
});

test("readGraph: takes nodes of a reader's class, made in any order, with a Set of inputs", () => {
  const consumer = { data: 3, inputs: new Set<DrawableNode>() };
  const input = { data: 3, inputs: [] };
  consumer.inputs.add(input);
  expect(readGraph(consumer, "test").nodes).toEqual([input, consumer]);
});

test("readGraph: a million nodes in a row are no problem", () => {
  let own = new OwnValue(1);
  for (let i = 1; i < 1_000_000; i++) own = new OwnValue(1, [own]);
  expect(readGraph(own, "test").nodes).toHaveLength(1_000_000);
});

test("readGraph: a node that depends on itself is told, by its label", () => {
  const a = { data: 1, label: "a", inputs: [] as DrawableNode[] };
  const b = { data: 1, label: "b", inputs: [a] };
  a.inputs.push(b);
  expect(() => readGraph(b, "toDot")).toThrow(/^toDot: expected a graph without circles, but "b"/);
  a.inputs[0] = a;
  expect(() => readGraph(a, "toDot")).toThrow('"a" depends on itself');
});

test("readGraph: inputs without end are told", () => {
  const endless = { data: 1, inputs: { *[Symbol.iterator]() { for (;;) yield endless; } } }; // biome-ignore format: short
  expect(() => readGraph(endless as DrawableNode, "toDot")).toThrow("at most 3000000 edges");
});

const wrong: [thing: unknown, message: string][] = [
  [3, "expected a node with data and inputs, got 3"],
  [null, "expected a node with data and inputs, got null"],
  [[], "expected at least one node, got none"],
  [new MLP(1, [1]), "expected a node with data and inputs, got an MLP"],
  [{ data: "3", inputs: [] }, 'expected data of a node to be a number, got "3" (a string)'],
  [{ data: 3, label: "x" }, 'expected inputs of "x" to be an array of nodes, got undefined'],
  [{ data: 3, inputs: [3] }, "expected a node with data and inputs, got 3"],
  [{ data: 3, inputs: [], label: 3 }, "expected label of a node to be a string, got 3"],
  [{ data: 3, inputs: [], op: add }, "expected op of a node to be a string, got a function"],
  [{ data: 3, inputs: [], grad: "" }, 'expected grad of a node to be a number, got "" (a string)'],
];
function add() {}

for (const [thing, message] of wrong) {
  test(`readGraph: ${message}`, () => {
    expect(() => readGraph(thing as DrawableNode, "toDot")).toThrow(`toDot: ${message}`);
  });
}

test("gradientText: of a Value that no pass has reached a dash, also after a pass elsewhere", () => {
  const [a, b] = [new Value(2), new Value(3)];
  const y = a.mul(b);
  const of = (node: Value) => gradientText(readGraph(y, "test"))(node);
  expect([a, b, y].map(of)).toEqual(["–", "–", "–"]);
  a.mul(3).backward();
  expect([a, b, y].map(of)).toEqual(["3.0000", "–", "–"]);
});

test("gradientText: a gradient that is 0 after a pass is 0.0000", () => {
  const a = new Value(2);
  const y = a.mul(0);
  y.backward();
  expect(gradientText(readGraph(y, "test"))(a)).toBe("0.0000");
});

test("gradientText: a reader's zeros are dashes until the root has a gradient", () => {
  const a = new OwnValue(2);
  const y = new OwnValue(4, [a, a]);
  const of = (node: DrawableNode) => gradientText(readGraph(y, "test"))(node);
  expect([a, y].map(of)).toEqual(["–", "–"]);
  y.grad = 1;
  expect([a, y].map(of)).toEqual(["0.0000", "1.0000"]);
});

test("gradientText: no gradient at all is a dash, NaN is NaN, hasGrad decides", () => {
  const root = { data: 1, inputs: [], grad: 1 };
  const of = gradientText(readGraph(root, "test"));
  expect(of({ data: 1, inputs: [] })).toBe("–");
  expect(of({ data: 1, inputs: [], grad: null })).toBe("–");
  expect(of({ data: 1, inputs: [], grad: Number.NaN })).toBe("NaN");
  expect(of({ data: 1, inputs: [], grad: 2, hasGrad: false })).toBe("–");
});

test("numberText: four decimals as micrograd draws them", () => {
  const texts = [2, -3, 0.5, 326300, 0.99995, 0.00005].map(numberText);
  expect(texts).toEqual(["2.0000", "-3.0000", "0.5000", "326300.0000", "1.0000", "0.0001"]);
  expect([0, -0].map(numberText)).toEqual(["0.0000", "0.0000"]);
});

test("numberText: an exponent where four decimals would be too much or nothing", () => {
  const texts = [12345678, -1e6, 0.000049, -1e-300, 1.7976931348623157e308].map(numberText);
  expect(texts).toEqual(["1.235e+7", "-1.000e+6", "4.900e-5", "-1.000e-300", "1.798e+308"]);
  expect(numberText(999_999.99994)).toBe("999999.9999");
});

test("briefNumber: as many digits as nine characters allow", () => {
  const texts = (numbers: number[]) => numbers.map(briefNumber);
  expect(texts([0, 2, -999.9999, -999.99996])).toEqual([
    ...["0.0000", "2.0000", "-999.9999", "-1000.000"],
  ]);
  expect(texts([12345.678, -12345.678, 999_999.9999, -999_999.9999])).toEqual([
    ...["12345.678", "-12345.68", "1000000.0", "-1000000"],
  ]);
  expect(texts([1e6, -1e6, 1.2345e12, -5.55e-17, -1.5e300, 5e-324])).toEqual([
    ...["1.000e+6", "-1.000e+6", "1.235e+12", "-5.55e-17", "-1.5e+300", "4.94e-324"],
  ]);
  expect(texts([Number.NaN, Infinity, -Infinity])).toEqual(["NaN", "Infinity", "-Infinity"]);
});

test("numberText: what is no finite number by its name", () => {
  const texts = [Number.NaN, Infinity, -Infinity].map(numberText);
  expect(texts).toEqual(["NaN", "Infinity", "-Infinity"]);
});

test("operationText: the symbol of a Value's operation, the op of a reader's node", () => {
  const a = new Value(2);
  const texts = [a, a.add(a), a.mul(a), a.tanh(), a.pow(3)].map(operationText);
  expect(texts).toEqual(["", "+", "*", "tanh", "^3"]);
  expect(operationText({ data: 1, inputs: [], op: "+\n" })).toBe("+␊");
});

for (const { name, label, shown } of hostileLabels) {
  test(`shownText: ${name}`, () => {
    expect(shownText(label)).toBe(shown);
    expect(labelText(new Value(1, label))).toBe(shown);
  });
}

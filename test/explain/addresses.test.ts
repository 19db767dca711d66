// Addresses and names of nodes.

import { expect, test } from "vitest";
import { addresses } from "../../src/explain/addresses.ts";
import { namesIn } from "../../src/explain/names.ts";
import { parseExpression } from "../../src/expression.ts";
import { graphOf, Value } from "../../src/value.ts";
import { hostileLabels } from "../draw/hostile-labels.ts";
import { fourPoints } from "./four-points.ts";

test("addresses: a label that is unique, else the place in graphOf", () => {
  const a = new Value(2, "a");
  const twin = new Value(3, "twin");
  const other = new Value(4, "twin");
  const product = twin.mul(other);
  const L = product.add(a);
  L.label = "L";
  const { of, node } = addresses(L);
  // graphOf: a, twin, twin (leaves as they are met: from L its inputs, the product and a), *, L
  expect(graphOf(L)).toEqual([a, twin, other, product, L]);
  expect(graphOf(L).map(of)).toEqual(["a", "#1", "#2", "#3", "L"]);
  for (const each of graphOf(L)) expect(node(of(each))).toBe(each);
  expect(["twin", "", "#9", "#01", "#1 "].map(node)).toEqual(Array(5).fill(undefined));
});

test("addresses: a label that looks like a place does not take one away", () => {
  const sly = new Value(1, "#1");
  const b = new Value(2);
  const y = b.mul(sly); // graphOf: b, sly, *
  const { of, node } = addresses(y);
  expect(graphOf(y).map(of)).toEqual(["#0", "#1", "#2"]);
  expect(node("#1")).toBe(sly);
  const z = sly.mul(b); // graphOf: sly, b, *
  expect(addresses(z).of(sly)).toBe("#0");
  expect(addresses(z).node("#1")).toBe(b);
});

test("addresses: the same in the graph of another training step", () => {
  const [one, other] = [fourPoints(), fourPoints()];
  for (const parameter of other.parameters) parameter.data += 0.1;
  const [first, second] = [addresses(one.loss), addresses(other.loss)];
  const places = graphOf(one.loss).map(first.of);
  expect(graphOf(other.loss).map(second.of)).toEqual(places);
  expect(new Set(places).size).toBe(places.length);
});

test("addresses: labels that would be anything in an object or a page are text here", () => {
  for (const label of [...hostileLabels.map(({ label }) => label), "__proto__", "constructor"]) {
    if (label === "") continue;
    const leaf = new Value(1, label);
    const { of, node } = addresses(leaf.neg());
    expect(of(leaf)).toBe(label);
    expect(node(label)).toBe(leaf);
  }
});

test("addresses: expects a Value, and nodes of its graph", () => {
  // @ts-expect-error a number is none
  expect(() => addresses(3)).toThrow("addresses: expected a Value, got 3");
  const { of } = addresses(new Value(3));
  const message = 'addresses: expected a node of the graph, got "z"';
  expect(() => of(new Value(1, "z"))).toThrow(message);
  expect(() => of(new Value(1))).toThrow(RangeError);
});

test("namesIn: a name for each node unlike any other, in the order of computing", () => {
  const y = parseExpression("y = a*b + b*a + a*a").evaluate({ a: 2, b: 3 });
  const name = namesIn(y);
  expect(graphOf(y).map(name)).toEqual(["a", "b", "*", "* (2nd)", "+", "* (3rd)", "y"]);
});

test("namesIn: ordinals, and labels that look like them", () => {
  const leaves = Array.from({ length: 23 }, () => new Value(1, "x"));
  leaves.push(new Value(1, "x (4th)"));
  const y = leaves.reduce((sum, leaf) => sum.add(leaf));
  const names = graphOf(y).map(namesIn(y));
  expect(new Set(names).size).toBe(names.length);
  for (const name of ["x", "x (2nd)", "x (3rd)", "x (4th)", "x (11th)", "x (12th)", "x (22nd)"]) {
    expect(names).toContain(name);
  }
});

test("namesIn: a name of one's own comes first, and nodes of other graphs have names, too", () => {
  const { loss, parameters } = fourPoints();
  const full = new Map(parameters.map((parameter, i) => [parameter, `parameter ${i}`]));
  const name = namesIn(loss, (node) => full.get(node) ?? "node");
  expect(name(parameters[7]!)).toBe("parameter 7");
  expect(name(loss)).toMatch(/^node \(\d+(th|st|nd|rd)\)$/);
  expect(name(new Value(0))).toBe("node");
});

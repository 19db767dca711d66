// What is open in a graph, what is found in it, which part of it is seen: the live graph without a page.

import { expect, test } from "vitest";
import { ensureBuilt } from "../../scripts/set-up.mjs";

await ensureBuilt("the tests");
const { MLP, mean, pythonRandom, squaredError, Value } = await import("../../dist/index.js");
const { readGraph } = await import("../../dist/draw/node.js");
const { FoldedGraph, matchingGraph } = await import("../../site/graph/folded-graph.ts");
const { Reading } = await import("../../site/graph/reading.ts");
const { find } = await import("../../site/graph/search.ts");
const { begin, fit, kept, reveal, zoom } = await import("../../site/graph/view.ts");

/** The mean loss of a 2-3-1 network on so many points. */
function loss(
  points: number,
  seed = 1,
  model = new MLP(2, [3, 1], { random: pythonRandom(seed) }),
) {
  const inputs = Array.from({ length: points }, (_, i) => [i, 1 - i]);
  return mean(inputs.map((x) => squaredError(model.forward(x), 1)));
}
const folded = (output: InstanceType<typeof Value>) => new FoldedGraph(readGraph(output, "test"));
const keys = (graph: InstanceType<typeof FoldedGraph>) => graph.scene.items.map(({ key }) => key);

/** tanh of tanh of … of x. */
function chain(length: number) {
  let node = new Value(0.5, "x");
  for (let i = 0; i < length; i++) node = node.tanh();
  return node;
}

test("FoldedGraph: a network begins with its neurons, closed", () => {
  const graph = folded(loss(4));
  expect(keys(graph)).toContain("layers.0.neurons.2");
  expect(keys(graph).some((key) => key.startsWith("layers.0.neurons.2."))).toBe(false);
  expect(keys(graph)).toContain("others");
});

test("FoldedGraph.toggle: a neuron opens and closes; its layer stays open", () => {
  const graph = folded(loss(4));
  const before = keys(graph);
  const neuron = () => graph.targets.get("layers.0.neurons.2")!;
  graph.toggle(neuron());
  expect(keys(graph)).toContain("layers.0.neurons.2.b");
  expect(neuron().group).toBeDefined();
  graph.toggle(neuron());
  expect(keys(graph)).toEqual(before);
});

test("FoldedGraph.toggle: a layer closes with all that is in it", () => {
  const graph = folded(loss(4));
  graph.toggle(graph.targets.get("layers.0")!);
  expect(keys(graph)).toContain("layers.0");
  expect(keys(graph)).not.toContain("layers.0.neurons.2");
  graph.toggle(graph.targets.get("layers.0")!);
  expect(keys(graph)).toContain("layers.0.neurons.2");
});

test("FoldedGraph: all opens, then neurons close, then layers", () => {
  const graph = folded(loss(4));
  const closed = keys(graph);
  graph.openAll();
  expect(graph.hasClosed).toBe(false);
  expect(keys(graph)).toContain("layers.1.neurons.0.w2");
  graph.closeAll();
  expect(keys(graph)).toEqual(closed);
  graph.closeAll();
  expect(keys(graph)).toEqual(expect.arrayContaining(["layers.0", "layers.1"]));
  expect(graph.hasOpen).toBe(false);
});

test("FoldedGraph: a long chain opens, and closes from within", () => {
  const graph = folded(chain(70));
  expect(keys(graph)).toContain("chain 0");
  const folds = keys(graph).length;
  graph.toggle(graph.targets.get("chain 0")!);
  expect(graph.scene.items.length).toBe(71);
  const inside = graph.scene.itemOf[35]!;
  expect(graph.closeAround(inside)).toBe("chain 0");
  expect(keys(graph).length).toBe(folds);
  expect(graph.closeAround(0)).toBeUndefined();
});

test("FoldedGraph.reveal: shows the data point, opens layer and neuron of a node", () => {
  const output = loss(4);
  const graph = folded(output);
  graph.closeAll();
  const { nodes } = graph.graph;
  const place = nodes.findIndex(
    (node) => node instanceof Value && node.origin.example === 2 && node.op === "tanh",
  );
  expect(graph.reveal(place)).toBe(true);
  expect(graph.example).toBe(2);
  const item = graph.scene.items[graph.scene.itemOf[place]!]!;
  expect([item.node, item.count]).toEqual([place, 1]);
  expect(graph.reveal(place)).toBe(false);
});

test("FoldedGraph.adopt: takes the next step of a training, also if the network counts on", () => {
  const model = new MLP(2, [3, 1], { random: pythonRandom(1) });
  const [first, second] = [loss(4, 1, model), loss(4, 1, model)];
  const graph = folded(first);
  const { scene, layout } = graph;
  expect(graph.adopt(second)).toBe(true);
  expect([graph.scene, graph.layout]).toEqual([scene, layout]);
  expect(graph.placeOf(second)).toBe(graph.graph.nodes.length - 1);
  expect(graph.adopt(loss(3, 1, model))).toBe(false);
});

test("matchingGraph: another operation, label, input or sharing is another graph", () => {
  const [a, b] = [new Value(1, "a"), new Value(2, "b")];
  const match = (p: InstanceType<typeof Value>, q: InstanceType<typeof Value>) =>
    matchingGraph(readGraph(p, "test"), q);
  const [c, d] = [new Value(3, "a"), new Value(4, "b")];
  const product = c.mul(d);
  expect(match(a.mul(b), product)).toEqual(readGraph(product, "test"));
  expect(match(a.mul(b), a.add(b))).toBeUndefined();
  expect(match(a.mul(b), a.mul(new Value(2, "c")))).toBeUndefined();
  expect(match(a.mul(b).add(a), a.mul(b).add(b))).toBeUndefined();
  expect(match(a.mul(a), a.mul(new Value(1, "a")))).toBeUndefined();
  expect(match(a.mul(new Value(1, "a")), a.mul(a))).toBeUndefined();
  expect(match(a.mul(b), a.mul(b).tanh())).toBeUndefined();
});

test("FoldedGraph.links: each line knows its edges, a + a two, a line from a folded box all", () => {
  const a = new Value(1, "a");
  const twice = folded(a.add(a));
  expect(twice.links).toEqual([[{ consumer: 1, slot: 0 }], [{ consumer: 1, slot: 1 }]]);
  const graph = folded(loss(4));
  const { edges, items } = graph.scene;
  const x0 = items.findIndex(({ label }) => label === "x0");
  const first = edges.findIndex(({ from }) => from === x0);
  expect(graph.links[first]).toHaveLength(1); // x0·w0 in one neuron
  const edgesInView = graph.links.flat().length;
  // Every edge from box to box, and none of the other data points.
  const between = graph.graph.inputs.flatMap((own, consumer) =>
    own.filter((input) => {
      const [from, to] = [graph.scene.itemOf[input], graph.scene.itemOf[consumer]!];
      return from !== to && items[to]!.key !== "others";
    }),
  );
  expect(edgesInView).toBe(between.length);
});

test("find: by name, operation and number, those of the shown data point first", () => {
  const output = loss(3);
  output.backward();
  const graph = folded(output);
  graph.showExample(1);
  const reading = new Reading(graph, {});
  const { nodes } = graph.graph;
  const found = (text: string) => find(graph, reading, text).map((place) => nodes[place]!);
  expect(found("Neurons.2.WEIGHTS.1").map(({ label }) => label)).toEqual([
    "layers.0.neurons.2.weights.1",
  ]);
  const tanh = found("tanh");
  expect(tanh.every(({ op }) => op === "tanh")).toBe(true);
  expect(tanh[0] instanceof Value && tanh[0].origin.example).toBe(1);
  expect(found("*").every(({ op }) => op === "mul")).toBe(true);
  const [weight] = found("layers.0.neurons.2.weights.1");
  expect(found(weight!.data.toFixed(4))).toContain(weight);
  expect(found("  ")).toEqual([]);
  expect(found("0.123456789")).toEqual([]);
});

const stage = { width: 800, height: 400 };

test("fit: the whole picture is in the middle, and not much larger than it is", () => {
  const small = fit({ width: 100, height: 50 }, stage);
  expect(small).toEqual({ x: 340, y: 170, scale: 1.2 }); // (800 - 120) / 2, (400 - 60) / 2
  const wide = fit({ width: 7640, height: 100 }, stage); // 764 pixels between the margins
  expect(wide.scale).toBeCloseTo(0.1);
  expect(wide.x).toBeCloseTo(18);
});

test("begin: what would be too small to read begins at its beginning", () => {
  const view = begin({ width: 7640, height: 100 }, stage, 0.36);
  expect([view.x, view.scale]).toEqual([18, 0.85]);
});

test("zoom: the place under the pointer stays", () => {
  const view = zoom({ x: 10, y: 20, scale: 1 }, 2, 110, 220);
  expect(view).toEqual({ x: -90, y: -180, scale: 2 }); // 110 = -90 + 2·100
});

test("reveal: moves no further than needed", () => {
  const view = { x: 0, y: 0, scale: 1 };
  expect(reveal(view, { x: 100, y: 100, width: 50, height: 50 }, stage)).toEqual(view);
  const moved = reveal(view, { x: 900, y: 100, width: 50, height: 50 }, stage);
  expect(moved).toEqual({ x: -180, y: 0, scale: 1 }); // its right side is 30 from the edge
});

test("kept: the picture cannot be lost", () => {
  const view = kept({ x: 5000, y: -5000, scale: 1 }, { width: 300, height: 300 }, stage);
  expect(view).toEqual({ x: 720, y: -220, scale: 1 }); // 80 pixels are left to be seen
});

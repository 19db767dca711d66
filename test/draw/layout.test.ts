// Where boxes stand: properties that hold for the layout of every graph.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Open } from "../../src/draw/folding.ts";
import { type Layout, layOut } from "../../src/draw/layout.ts";
import { type DrawableNode, readGraph } from "../../src/draw/node.ts";
import { type Scene, sceneOf } from "../../src/draw/scene.ts";
import type { Rectangle } from "../../src/draw/shapes.ts";
import { MLP, Neuron } from "../../src/nn.ts";
import { SGD } from "../../src/optim.ts";
import { Value, withOrigin } from "../../src/value.ts";
import { anyGraph, expression, lecture, moons, tangle } from "./graphs.ts";

const RUNS = 150;
const NEAR = 0.01;

interface Laid {
  readonly scene: Scene;
  readonly layout: Layout;
}

function laid(roots: DrawableNode | DrawableNode[], open?: Open): Laid {
  const options = open === undefined ? { most: 9999 } : { open, most: 9999 };
  const scene = sceneOf(readGraph(roots, "test"), options, "test");
  const sizes = scene.items.map(({ label }) => ({ width: 80 + 7 * label.length, height: 38 }));
  return { scene, layout: layOut(scene, sizes) };
}

const everyGraph = (check: (laid: Laid) => void) =>
  fc.assert(
    fc.property(anyGraph, ([roots, open]) => check(laid(roots, open))),
    { numRuns: RUNS, seed: 1 },
  );

const overlap = (a: Rectangle, b: Rectangle) =>
  a.x + a.width > b.x + NEAR &&
  b.x + b.width > a.x + NEAR &&
  a.y + a.height > b.y + NEAR &&
  b.y + b.height > a.y + NEAR;

const contains = (outer: Rectangle, inner: Rectangle) =>
  outer.x <= inner.x + NEAR &&
  outer.y <= inner.y + NEAR &&
  outer.x + outer.width >= inner.x + inner.width - NEAR &&
  outer.y + outer.height >= inner.y + inner.height - NEAR;

/** The groups around something, from the inside outwards. */
function around({ groups }: Scene, group: number | undefined): number[] {
  const found: number[] = [];
  for (let at = group; at !== undefined; at = groups[at]!.group) found.push(at);
  return found;
}

test("layOut: no two boxes overlap", () => {
  everyGraph(({ layout: { items } }) => {
    const wrong = items.filter((box, i) => items.slice(0, i).some((other) => overlap(box, other)));
    expect(wrong).toEqual([]);
  });
});

test("layOut: a box is inside its group, a group inside the next, and all inside the picture", () => {
  everyGraph(({ scene, layout: { items, groups, width, height } }) => {
    const picture = { x: 0, y: 0, width, height };
    for (const [i, box] of items.entries()) {
      expect(contains(picture, box)).toBe(true);
      const { group } = scene.items[i]!;
      if (group !== undefined) expect(contains(groups[group]!, box)).toBe(true);
    }
    for (const [g, box] of groups.entries()) {
      expect(contains(picture, box)).toBe(true);
      const { group } = scene.groups[g]!;
      if (group !== undefined) expect(contains(groups[group]!, box)).toBe(true);
    }
  });
});

test("layOut: a group overlaps neither another group nor a box that is not in it", () => {
  everyGraph(({ scene, layout: { items, groups } }) => {
    for (const [g, box] of groups.entries()) {
      for (const [i, item] of items.entries()) {
        const inside = around(scene, scene.items[i]!.group).includes(g);
        if (!inside) expect(overlap(box, item)).toBe(false);
      }
      for (const [h, other] of groups.entries()) {
        const nested = around(scene, g).includes(h) || around(scene, h).includes(g);
        if (!nested) expect(overlap(box, other)).toBe(false);
      }
    }
  });
});

test("layOut: every edge leads from its input to its consumer and never back", () => {
  everyGraph(({ scene, layout: { items, routes } }) => {
    for (const [e, { from, to }] of scene.edges.entries()) {
      const [a, b, route] = [items[from]!, items[to]!, routes[e]!];
      const [x0, y0] = route[0]!;
      const [x1, y1] = route.at(-1)!;
      const within = (at: number, start: number, length: number) =>
        at >= start - NEAR && at <= start + length + NEAR;
      const right = Math.abs(x0 - a.x - a.width) < NEAR && within(y0, a.y, a.height);
      const bottom = Math.abs(y0 - a.y - a.height) < NEAR && within(x0, a.x, a.width);
      expect(right || bottom).toBe(true);
      const left = Math.abs(x1 - b.x) < NEAR && within(y1, b.y, b.height);
      const top = Math.abs(y1 - b.y) < NEAR && within(x1, b.x, b.width);
      expect(left || top).toBe(true);
      for (let i = 1; i < route.length; i++) {
        expect(route[i]![0]).toBeGreaterThanOrEqual(route[i - 1]![0] - NEAR);
      }
    }
  });
});

test("layOut: an input stands to the left of its consumer, or above it in a sum", () => {
  everyGraph(({ scene, layout: { items } }) => {
    for (const { from, to } of scene.edges) {
      const [a, b] = [items[from]!, items[to]!];
      const left = a.x + a.width <= b.x + NEAR;
      const above = a.y + a.height <= b.y + NEAR;
      expect(left || above).toBe(true);
      if (!left) expect(scene.sums.some((sum) => sum.includes(to))).toBe(true);
    }
  });
});

test("layOut: no edge passes through a box", () => {
  everyGraph(({ layout: { items, routes } }) => {
    const inner = items.map(({ x, y, width, height }) => ({
      ...{ x: x + 1, y: y + 1, width: width - 2, height: height - 2 },
    }));
    const wrong: Rectangle[] = [];
    for (const route of routes) {
      for (let i = 1; i < route.length; i++) {
        const [[x0, y0], [x1, y1]] = [route[i - 1]!, route[i]!];
        if (Math.abs(y0 - y1) > NEAR && Math.abs(x0 - x1) > NEAR) continue; // a curve, between columns
        const line = {
          x: x0,
          y: Math.min(y0, y1),
          width: x1 - x0 + 0.1,
          height: Math.abs(y1 - y0) + 0.1,
        };
        wrong.push(...inner.filter((box) => overlap(line, box)));
      }
    }
    expect(wrong).toEqual([]);
  });
});

test("sceneOf: with everything open, each node of a graph without origin has a box and each edge a link", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(1000), (count, seed) => {
      const roots = tangle(count, 6, seed);
      const graph = readGraph(roots, "test");
      const { scene } = laid(roots, "all");
      expect(scene.items.map(({ node }) => node)).toEqual(graph.nodes.map((_, i) => i));
      const wanted = graph.inputs.flatMap((own, to) => own.map((from) => `${from} ${to}`));
      expect(scene.edges.map(({ from, to }) => `${from} ${to}`)).toEqual(wanted);
    }),
    { numRuns: RUNS, seed: 1 },
  );
});

test("sceneOf: keys are unique", () => {
  everyGraph(({ scene: { items, groups } }) => {
    const keys = [...items, ...groups].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

/** Where a scene shows networks: closed layers and neurons, then groups with their titles. */
const networksIn = ({ items, groups }: Scene) => [
  ...items.flatMap(({ kind, key }) => (kind === "neuron" || kind === "layer" ? [key] : [])).sort(),
  ...groups.flatMap(({ kind, key, title }) => (kind === "layer" ? [`${key}: ${title}`] : [])),
];

test("sceneOf: two networks in one graph have boxes of their own, the one that feeds the other first", () => {
  const [decoder, encoder] = [new MLP(1, [2, 2]), new MLP(2, [2, 1])];
  const { scene } = laid(decoder.forward(encoder.forward([1, 2])), "network");
  expect(networksIn(scene)).toEqual([
    "networks.0.layers.0.neurons.0",
    "networks.0.layers.0.neurons.1",
    "networks.0.layers.1.neurons.0",
    "networks.1.layers.0.neurons.0",
    "networks.1.layers.0.neurons.1",
    "networks.1.layers.1.neurons.0",
    "networks.1.layers.1.neurons.1",
    "networks.0.layers.0: network 0, layer 0",
    "networks.0.layers.1: network 0, layer 1",
    "networks.1.layers.0: network 1, layer 0",
    "networks.1.layers.1: network 1, layer 1",
  ]);
  const keys = laid(decoder.forward(encoder.forward([1, 2])), "neurons").scene.items.map(
    ({ key }) => key,
  );
  // The only weight into the decoder's second neuron, and the second of the encoder's output.
  expect(keys).toContain("networks.1.layers.0.neurons.1.w0");
  expect(keys).toContain("networks.0.layers.1.neurons.0.w1");
});

test("sceneOf: a network that also gets what another one gets comes after it, if it uses its result", () => {
  const [critic, actor] = [new MLP(2, [1]), new MLP(1, [2, 1])];
  const state = new Value(0.5);
  const q = critic.forward([state, ...actor.forward([state])]);
  expect(networksIn(laid(q, []).scene)).toEqual([
    "networks.0.layers.0",
    "networks.0.layers.1",
    "networks.1.layers.0",
  ]);
});

test("sceneOf: networks have the same numbers in each picture, however many others were made", () => {
  const [a, b] = [new MLP(2, [2]), new MLP(2, [1])];
  const picture = (output: Value[]) => {
    const { scene, layout } = laid(output, "network");
    return { keys: scene.items.map(({ key }) => key), networks: networksIn(scene), layout };
  };
  const before = picture(b.forward(a.forward([1, 2])));
  const [c, d] = [new MLP(2, [1]), new MLP(2, [2])]; // made in the other order
  expect(picture(c.forward(d.forward([1, 2])))).toEqual(before);
  expect(picture(b.forward(a.forward([3, 4])))).toEqual(before);
});

test("sceneOf: a network that is alone, used twice or not, is not numbered", () => {
  const model = new MLP(2, [2, 1]);
  const outputs = withOrigin({ example: 0 }, () => [
    ...model.forward([1, 2]),
    ...model.forward([2, 1]),
  ]);
  const { scene } = laid(outputs, "network");
  expect(networksIn(scene)).toEqual([
    "layers.0.neurons.0",
    "layers.0.neurons.1",
    "layers.1.neurons.0",
    "layers.0: layer 0",
    "layers.1: layer 1",
  ]);
});

test("sceneOf: parameters that were made for a data point belong to none", () => {
  const make = () => withOrigin({ example: 7 }, () => new Neuron(2).forward([1, 2]));
  const { scene } = laid(make());
  expect(scene.points).toBe(undefined);
  const shared = withOrigin({ example: 7 }, () => new Neuron(2));
  const [one, two] = [0, 1].map((example) => withOrigin({ example }, () => shared.forward([1, 2])));
  expect(laid(one!.add(two!)).scene.points).toEqual({ count: 2, shown: 0 });
});

test("layOut: both edges of a + a have an end of their own", () => {
  const a = new Value(3, "a");
  const { layout } = laid(a.add(a));
  expect(layout.routes.length).toBe(2);
  expect(layout.routes[0]!.at(-1)).not.toEqual(layout.routes[1]!.at(-1));
});

test("layOut: the places of (a*b + c)*f are in the order of the formula", () => {
  const { scene, layout } = laid(expression());
  const at = (label: string) =>
    layout.items[scene.items.findIndex((item) => item.label === label)]!;
  expect(at("a").y).toBeLessThan(at("b").y);
  for (const [leaf, operation] of ["be", "cd", "fL", "ed", "dL"]) {
    expect(at(leaf!).x).toBeLessThan(at(operation!).x);
  }
  // c beside e, in the column before its consumer, and not in the first one
  expect(at("c").x + at("c").width).toBeCloseTo(at("e").x + at("e").width, 6);
});

test("layOut: equal graphs have equal layouts, whatever their numbers", () => {
  const [one, other] = [laid(lecture(4, 1).loss), laid(lecture(4, 2).loss)];
  expect(other.layout).toEqual(one.layout);
  expect(other.scene.items.map(({ key }) => key)).toEqual(one.scene.items.map(({ key }) => key));
});

test("layOut: a node stays where it is in training", () => {
  const { model, forward } = lecture();
  const before = laid(forward());
  const optimizer = new SGD(model.parameters(), { rate: 0.1 });
  for (let step = 0; step < 3; step++) {
    const loss = forward();
    loss.backward();
    const { scene, layout } = laid(loss);
    expect(layout).toEqual(before.layout);
    expect(scene.items.map(({ key }) => key)).toEqual(before.scene.items.map(({ key }) => key));
    optimizer.step();
    optimizer.zeroGrad();
  }
});

test("layOut: the neurons of a layer stand in one column, one below the other, layers left to right", () => {
  for (const open of ["neurons", "network"] as const) {
    const { scene, layout } = laid(lecture().loss, open);
    const layers = scene.groups.flatMap(({ kind }, g) =>
      kind === "layer" ? [layout.groups[g]!] : [],
    );
    expect(layers.length).toBe(3);
    for (let i = 1; i < 3; i++) {
      expect(layers[i - 1]!.x + layers[i - 1]!.width).toBeLessThan(layers[i]!.x);
    }
    const boxes = open === "neurons" ? scene.groups : scene.items;
    const places = open === "neurons" ? layout.groups : layout.items;
    const neurons = boxes.flatMap(({ kind }, i) => (kind === "neuron" ? [places[i]!] : []));
    expect(neurons.length).toBe(9);
    for (const layer of layers) {
      const inside = neurons.filter((neuron) => contains(layer, neuron));
      expect(new Set(inside.map(({ x }) => x)).size).toBe(1);
      for (let i = 1; i < inside.length; i++) {
        expect(inside[i]!.y).toBeGreaterThan(inside[i - 1]!.y + inside[i - 1]!.height);
      }
    }
  }
});

test("layOut: in a neuron, weights stand in one column, products in the next, additions in the third", () => {
  const { scene, layout } = laid(lecture(1).loss);
  const neuron = scene.groups.findIndex(({ key }) => key === "layers.0.neurons.0");
  const inside = scene.items.flatMap((item, i) =>
    item.group === neuron ? [{ item, at: layout.items[i]! }] : [],
  );
  const columns = new Map<string, number>();
  for (const { item, at } of inside) {
    const what = item.kind === "parameter" ? item.label.replace(/\d/, "") : "operation";
    columns.set(`${what} ${at.x}`, (columns.get(`${what} ${at.x}`) ?? 0) + 1);
  }
  // 3 weights, a bias, 3 products, 3 additions, tanh
  expect([...columns.values()].sort()).toEqual([1, 1, 3, 3, 3]);
});

/** The least time of several runs that the processor spent on it, in milliseconds. */
function leastTime(run: () => void): number {
  let least = Infinity;
  for (let i = 0; i < 5; i++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

// The bars are 20 and 200 ms; asserted at three times that.
test("layOut: 400 nodes in 60 ms, 5,000 in 600 ms", () => {
  for (const [count, limit] of [
    [400, 60],
    [5000, 600],
  ] as const) {
    const roots = tangle(count, 20, 3);
    const { items } = laid(roots, "all").scene;
    expect(items.length).toBe(count);
    expect(leastTime(() => laid(roots, "all"))).toBeLessThan(limit);
  }
  const { loss } = lecture();
  expect(leastTime(() => laid(loss))).toBeLessThan(60);
});

test("layOut: the 65,000 nodes of the moons demo in 600 ms", () => {
  const loss = moons();
  expect(leastTime(() => laid(loss))).toBeLessThan(600);
});

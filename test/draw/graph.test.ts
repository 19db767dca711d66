// The picture of a graph: what it says, and that it says it legibly.

import fc from "fast-check";
import { expect, test } from "vitest";
import { makeMoons } from "../../src/data.ts";
import { drawGraph } from "../../src/draw/graph.ts";
import { textWidth } from "../../src/draw/svg.ts";
import { mean } from "../../src/functions.ts";
import { squaredError } from "../../src/losses.ts";
import { MLP, Neuron } from "../../src/nn.ts";
import { SGD } from "../../src/optim.ts";
import { pythonRandom } from "../../src/random.ts";
import { graphOf, Value } from "../../src/value.ts";
import { anyGraph, expression, lecture, moons, tangle } from "./graphs.ts";
import { hostileLabels } from "./hostile-labels.ts";
import { elements, parse } from "./reading.ts";

/** The class of the course at the end of step 5, as far as pictures see it. */
class Own {
  data: number;
  label: string;
  op: string;
  inputs: Own[];
  grad = 0;
  constructor(data: number, label = "", op = "", inputs: Own[] = []) {
    this.data = data;
    this.label = label;
    this.op = op;
    this.inputs = inputs;
  }
}

/** Every box: what it tells a screen reader, and the texts that stand in it. */
function boxes(svg: string) {
  return elements(svg, "g").flatMap((group) => {
    const title = [...group.childNodes].find(({ nodeName }) => nodeName === "title");
    if (title === undefined) return [];
    const texts = [...group.getElementsByTagName("text")];
    return [
      { group, title: title.textContent ?? "", texts: texts.map((t) => t.textContent ?? "") },
    ];
  });
}

const titles = (svg: string) => boxes(svg).map(({ title }) => title);
const allTexts = (svg: string) => elements(svg, "text").map(({ textContent }) => textContent);

/** How many edges there are: each is a line and a head. */
const edgeCount = (svg: string) => elements(svg, "path").length / 2;

test("drawGraph: shows label, operation, data and gradient of every node", () => {
  const loss = expression();
  loss.backward();
  const svg = drawGraph(loss);
  // L = d f, d = e + c, e = a b; dL/df = d = 4, dL/dd = f = -2 = dL/de = dL/dc,
  // dL/da = b dL/de = 6, dL/db = a dL/de = -4
  expect(titles(svg).sort()).toEqual([
    "L = *: data -8.0000, gradient 1.0000",
    "a: data 2.0000, gradient 6.0000",
    "b: data -3.0000, gradient -4.0000",
    "c: data 10.0000, gradient -2.0000",
    "d = +: data 4.0000, gradient -2.0000",
    "e = *: data -6.0000, gradient -2.0000",
    "f: data -2.0000, gradient 4.0000",
  ]);
  const { texts } = boxes(svg).find(({ title }) => title.startsWith("L"))!;
  expect(texts).toEqual(["*", "L", "data", "-8.0000", "grad", "1.0000"]);
  expect(edgeCount(svg)).toBe(6);
});

test("drawGraph: a gradient that is not computed yet is a dash", () => {
  const svg = drawGraph(expression());
  expect(allTexts(svg).filter((text) => text === "–").length).toBe(7);
  expect(titles(svg)).toContain("a: data 2.0000, no gradient yet");
  expect(allTexts(svg)).not.toContain("0.0000");
});

test("drawGraph: with gradients: false there are none", () => {
  const svg = drawGraph(expression(), { gradients: false });
  expect(allTexts(svg)).not.toContain("grad");
  expect(titles(svg)).toContain("a: data 2.0000");
});

test("drawGraph: a + a has two edges; equal nodes have a box each", () => {
  const a = new Value(3, "a");
  expect(edgeCount(drawGraph(a.add(a)))).toBe(2);
  expect(boxes(drawGraph(a.add(a))).length).toBe(2);
  expect(boxes(drawGraph(new Value(3, "a").add(new Value(3, "a")))).length).toBe(3);
});

test("drawGraph: draws nodes of a reader's own class, with dashes before the backward pass", () => {
  const [a, b] = [new Own(2, "a"), new Own(-3, "b")];
  const c = new Own(-6, "c", "*", [a, b]);
  expect(titles(drawGraph(c))).toEqual([
    "a: data 2.0000, no gradient yet",
    "b: data -3.0000, no gradient yet",
    "c = *: data -6.0000, no gradient yet",
  ]);
  [c.grad, a.grad, b.grad] = [1, -3, 2];
  expect(titles(drawGraph(c))).toContain("a: data 2.0000, gradient -3.0000");
});

test("drawGraph: several roots stand in one picture", () => {
  const a = new Value(1, "a");
  expect(boxes(drawGraph([a.exp(), a.tanh()])).length).toBe(3);
});

test.each(hostileLabels)("drawGraph: a label with $name is one node with that text", (hostile) => {
  const svg = drawGraph(new Value(1, hostile.label), { title: hostile.label.slice(0, 100) });
  expect(boxes(svg).length).toBe(1);
  expect(edgeCount(svg)).toBe(0);
  const names = new Set(elements(svg, "*").map(({ nodeName }) => nodeName));
  expect([...names].sort()).toEqual(
    expect.arrayContaining(["desc", "g", "rect", "style", "svg", "text", "title"]),
  );
  expect(names.size).toBe(7);
  const { title, texts } = boxes(svg)[0]!;
  const plain = (text: string) => text.replaceAll("\u00a0", " ");
  const shown = plain(hostile.shown);
  expect(plain(title)).toBe(`${shown === "" ? "number" : shown}: data 1.0000, no gradient yet`);
  if (shown === "") return;
  const inBox = plain(texts[0]!).replace(/…$/, "");
  expect(inBox.length).toBeGreaterThanOrEqual(5);
  expect(shown.startsWith(inBox)).toBe(true);
});

test.each(hostileLabels)("drawGraph: an operation with $name is text", ({ label }) => {
  const svg = drawGraph(new Own(1, "", label, [new Own(2)]));
  expect(boxes(svg).length).toBe(2);
  expect(edgeCount(svg)).toBe(1);
});

test("drawGraph: of four data points the first is shown, or the one that is asked for", () => {
  const { loss } = lecture();
  const inputs = (svg: string) =>
    titles(svg)
      .filter((title) => /^x\d/.test(title))
      .map((title) => Number(/data (\S+),/.exec(title)![1]));
  expect(allTexts(drawGraph(loss))).toContain("data point 1 of 4");
  expect(inputs(drawGraph(loss))).toEqual([2, 3, -1]);
  expect(allTexts(drawGraph(loss, { example: 2 }))).toContain("data point 3 of 4");
  expect(inputs(drawGraph(loss, { example: 2 }))).toEqual([0.5, 1, 1]);
  expect(allTexts(drawGraph(loss))).toContain("3 other data points");
  expect(allTexts(drawGraph(loss))).toContain("sum of 4");
  expect(() => drawGraph(loss, { example: 4 })).toThrow(
    "drawGraph, example: expected a whole number from 0 to 3, got 4",
  );
});

test("drawGraph: the gradient of a shared parameter is told as a sum with a term for each point", () => {
  const { model, loss } = lecture();
  loss.backward();
  const bias = model.layers[2]!.neurons[0]!.bias;
  const told = titles(drawGraph(loss)).find((title) => title.startsWith(bias.label))!;
  const [, sum, terms] = /gradient (\S+) = (.*), a term for each data point$/.exec(told)!;
  expect(Number(sum)).toBeCloseTo(bias.grad, 4);
  const numbers = terms!.replaceAll("- ", "-").replaceAll("+ ", "").split(" ").map(Number);
  expect(numbers.length).toBe(4);
  expect(numbers.reduce((a, b) => a + b)).toBeCloseTo(bias.grad, 3);
  loss.backward(); // the gradient is now twice the sum of these terms
  const twice = titles(drawGraph(loss)).find((title) => title.startsWith(bias.label))!;
  expect(twice).toMatch(/gradient \S+$/);
});

test("drawGraph: open says what is open", () => {
  const { loss } = lecture();
  const count = (open: NonNullable<Parameters<typeof drawGraph>[1]>["open"]) => {
    const keys = titles(drawGraph(loss, { open }));
    return {
      weights: keys.filter((title) => title.includes("weights")).length,
      neurons: keys.filter((title) => /neurons\.\d, neuron \d/.test(title)).length,
      layers: keys.filter((title) => /^layers\.\d, layer \d/.test(title)).length,
    };
  };
  expect(count("all")).toEqual({ weights: 32, neurons: 0, layers: 0 }); // 4·3 + 4·4 + 4
  expect(count("neurons")).toEqual({ weights: 32, neurons: 0, layers: 0 });
  expect(count("network")).toEqual({ weights: 0, neurons: 9, layers: 0 });
  expect(count([])).toEqual({ weights: 0, neurons: 0, layers: 3 });
  expect(count(["layers.0"])).toEqual({ weights: 0, neurons: 4, layers: 2 });
  expect(count(["layers.1.neurons.2"])).toEqual({ weights: 4, neurons: 3, layers: 2 });
  expect(() => drawGraph(loss, { open: "some" as "all" })).toThrow(
    'drawGraph: expected open to be "all", "neurons", "network" or an array of names such as ["layers.0"], got "some"',
  );
});

test("drawGraph: of a hundred data points and 33 neurons, each neuron is one box", () => {
  const loss = moons();
  loss.backward();
  const svg = drawGraph(loss);
  expect(allTexts(svg)).toContain("data point 1 of 100");
  expect(titles(svg).filter((title) => /neurons\.\d+, neuron/.test(title)).length).toBe(33);
  expect(boxes(svg).length).toBeLessThan(60);
  const opened = titles(drawGraph(loss, { open: ["layers.2.neurons.0"] }));
  expect(
    opened.some((title) => title.includes("the sum of 100 terms, one for each data point")),
  ).toBe(true);
});

test("drawGraph: a chain of a million nodes shows its ends", () => {
  let y = new Value(0, "x");
  for (let i = 0; i < 1_000_000; i++) y = y.neg();
  const svg = drawGraph(y);
  expect(allTexts(svg)).toContain("… 999,992 more …"); // x, 4 operations at each end
  expect(boxes(svg).length).toBe(10);
});

test("drawGraph: says so if nobody could read the picture", () => {
  const roots = tangle(2100, 30, 1);
  expect(() => drawGraph(roots)).toThrow(
    /^drawGraph: expected a graph that can be shown with at most 2000 boxes, got one of \d+ nodes that needs \d+; draw a part of it \(a node that it was made from\)$/,
  );
  const wide = new MLP(20, [20, 20]).forward(Array(20).fill(1));
  expect(() => drawGraph(wide, { open: "all" })).toThrow(
    "; open less, or draw a part of it (a node",
  );
});

test("drawGraph: in training, every box stays where it is and keeps its size", () => {
  const { model, forward: loss } = lecture();
  const places = (svg: string) =>
    boxes(svg).map(({ group }) => {
      const rect = group.getElementsByTagName("rect")[0]!;
      const at = ["x", "y", "width", "height"].map((name) => rect.getAttribute(name));
      return [group.getAttribute("data-key"), ...at];
    });
  const before = places(drawGraph(loss()));
  const optimizer = new SGD(model.parameters(), { rate: 0.5 });
  for (let step = 0; step < 3; step++) {
    const now = loss();
    now.backward();
    expect(places(drawGraph(now))).toEqual(before);
    optimizer.step();
    optimizer.zeroGrad();
  }
});

/** Where everything is: all numbers of boxes and lines. */
const geometry = (svg: string) => ({
  size: ["width", "height"].map((name) => parse(svg).documentElement!.getAttribute(name)),
  lines: elements(svg, "path").map((path) => path.getAttribute("d")),
  boxes: elements(svg, "rect").map((rect) =>
    ["x", "y", "width", "height"].map((name) => rect.getAttribute(name)),
  ),
});

test("drawGraph: in 200 steps of training, through all sizes of numbers, nothing moves", () => {
  const model = new MLP(2, [4, 1], { random: pythonRandom(1) });
  const { inputs, targets } = makeMoons({ points: 4, random: pythonRandom(1) });
  const loss = () => mean(inputs.map((x, i) => squaredError(model.forward(x), targets[i]!)));
  const optimizer = new SGD(model.parameters(), { rate: 0.05 });
  const before = geometry(drawGraph(loss()));
  for (let step = 0; step < 200; step++) {
    const now = loss();
    now.backward();
    expect(geometry(drawGraph(now))).toEqual(before);
    optimizer.step();
    optimizer.zeroGrad();
  }
  for (const data of [NaN, Infinity, -Infinity, 1e300, -123456.789, 5e-324]) {
    model.parameters().forEach((parameter, i) => {
      parameter.data = i % 2 === 0 ? data : -data;
    });
    const now = loss();
    now.backward();
    expect(geometry(drawGraph(now))).toEqual(before);
    optimizer.zeroGrad();
  }
});

test("drawGraph: numbers have nine characters at most in their box, all digits in its title", () => {
  const x = new Value(-12345.67891, "x");
  const { texts, title } = boxes(drawGraph(x))[0]!;
  expect(texts).toContain("-12345.68");
  expect(title).toBe("x: data -12345.6789, no gradient yet");
});

test("drawGraph: two networks are told apart in titles, names and sentences", () => {
  const [encoder, decoder] = [new MLP(2, [1]), new MLP(1, [2])];
  const output = decoder.forward(encoder.forward([1, 2]));
  const svg = drawGraph(output);
  expect(allTexts(svg)).toEqual(
    expect.arrayContaining(["network 0, layer 0", "network 1, layer 0"]),
  );
  expect(titles(svg)).toContainEqual(
    expect.stringMatching(/^networks\.1\.layers\.0\.neurons\.1\.weights\.0: data/),
  );
  expect(elements(svg, "desc")[0]!.textContent).toContain("; 2 networks of 2 layers.");
  const closed = (open: string[]) =>
    boxes(drawGraph(output, { open })).filter(({ texts }) => texts[0]!.startsWith("network "));
  expect(closed([]).length).toBe(2);
  expect(closed(["networks.1.layers.0"]).length).toBe(1);
  expect(closed(["layers.0"]).length).toBe(0);
});

test("drawGraph: open: a name that the graph has not is told, with those that it has", () => {
  const { loss } = lecture();
  expect(() => drawGraph(loss, { open: ["layers.0", "layer.1"] })).toThrow(
    new RangeError(
      "drawGraph: open: expected names of layers and neurons in this graph, which has layers.0, " +
        "layers.1, layers.2, layers.0.neurons.0, layers.0.neurons.1, layers.0.neurons.2, …; " +
        'got "layer.1"',
    ),
  );
  expect(() => drawGraph(expression(), { open: ["layers.0"] })).toThrow(
    "in this graph, which has none",
  );
});

test("drawGraph: equal graphs give equal strings", () => {
  expect(drawGraph(lecture().loss)).toBe(drawGraph(lecture().loss));
});

test("drawGraph: a text is inside its box and overlaps no other", () => {
  const check = (svg: string) => {
    for (const { group } of boxes(svg)) {
      const rect = group.getElementsByTagName("rect")[0]!;
      const number = (element: typeof rect, name: string) => Number(element.getAttribute(name));
      const [x, y] = [number(rect, "x"), number(rect, "y")];
      const texts = [...group.getElementsByTagName("text")].map((text) => {
        const size = number(text, "font-size");
        const mono = text.getAttribute("font-family") !== null;
        const bold = text.getAttribute("font-weight") !== null;
        const width = textWidth(text.textContent ?? "", { size, bold, mono });
        const anchor = text.getAttribute("text-anchor");
        const shift = anchor === "end" ? width : anchor === "middle" ? width / 2 : 0;
        const left = number(text, "x") - shift;
        return {
          left,
          right: left + width,
          top: number(text, "y") - 0.8 * size,
          bottom: number(text, "y"),
        };
      });
      for (const [i, text] of texts.entries()) {
        expect(text.left).toBeGreaterThan(x);
        expect(text.right).toBeLessThan(x + number(rect, "width"));
        expect(text.top).toBeGreaterThan(y);
        expect(text.bottom).toBeLessThan(y + number(rect, "height"));
        for (const other of texts.slice(0, i)) {
          const apart =
            text.left >= other.right ||
            other.left >= text.right ||
            text.top >= other.bottom ||
            other.top >= text.bottom;
          expect(apart).toBe(true);
        }
      }
    }
  };
  fc.assert(
    fc.property(anyGraph, ([roots, open]) => check(drawGraph(roots, { open }))),
    { numRuns: 40, seed: 1 },
  );
  for (const { label } of hostileLabels) check(drawGraph(new Value(-123456.789, label).mul(1e300)));
  for (const data of [0, -999.9999, 1e-30, -1e300, NaN, Infinity, -123456.7891]) {
    check(drawGraph(new Value(data, "w").tanh().add(data)));
  }
});

test("drawGraph: has a title and a sentence for those who cannot see it", () => {
  const svg = drawGraph(lecture().loss, { title: "The lecture's <net>" });
  const document = parse(svg).documentElement!;
  expect(document.getAttribute("role")).toBe("img");
  const first = (name: string) => document.getElementsByTagName(name)[0]!.textContent;
  expect(first("title")).toBe("The lecture's <net>");
  expect(first("desc")).toMatch(
    /^Graph of \d+ nodes; a network of 3 layers; data point 1 of 4 is shown\. It computes .*data/,
  );
  expect(first("desc")).toContain(`${graphOf(lecture().loss).length} nodes`);
  const told = drawGraph(expression(), { description: "Mine." });
  expect(elements(told, "desc")[0]!.textContent).toBe("Mine.");
  expect(elements(told, "title")[0]!.textContent).toBe("Graph of 7 nodes");
});

test("drawGraph: a neuron by itself is laid out as a neuron", () => {
  const output = new Neuron(3).forward([1, 2, 3]);
  const names = boxes(drawGraph(output)).flatMap(({ texts }) =>
    texts.filter((t) => /^[wxb]\d?$/.test(t)),
  );
  expect(names.sort()).toEqual(["b", "w0", "w1", "w2", "x0", "x1", "x2"]);
});

test("drawGraph: marks what is highlighted", () => {
  const loss = expression();
  const marked = drawGraph(loss, { highlight: [loss.inputs[1]!] });
  expect(marked).not.toBe(drawGraph(loss));
});

test("drawGraph: a title of a million characters is cut where it is seen, not where it is read", () => {
  const title = "long ".repeat(200_000);
  const svg = drawGraph(expression(), { title });
  expect(Number(/ width="([^"]*)"/.exec(svg)![1])).toBeLessThan(900);
  expect(svg).toContain(`<title>${title}</title>`);
});

test("drawGraph: an option that there is not, or that is not text, is told", () => {
  const wrong = { titel: "x" } as object;
  expect(() => drawGraph(expression(), wrong)).toThrow("drawGraph: expected one of the options");
  expect(() => drawGraph(expression(), { title: 3 as unknown as string })).toThrow(
    "drawGraph: expected a title that is text, got 3",
  );
  expect(() => drawGraph(3 as unknown as Value)).toThrow(TypeError);
  expect(() => drawGraph(expression(), { open: [3 as never] })).toThrow(
    "drawGraph: open: expected names that are text, got 3",
  );
  expect(() => drawGraph(expression(), { gradients: "no" as never })).toThrow(
    'drawGraph: gradients: expected true or false, got "no" (a string)',
  );
  expect(() => drawGraph(expression(), { highlight: expression() as never })).toThrow(
    "drawGraph: highlight: expected an array of nodes, got a Value",
  );
  expect(() => drawGraph(expression(), { highlight: "e" as never })).toThrow(
    new TypeError('drawGraph: highlight: expected an array of nodes, got "e" (a string)'),
  );
  expect(() => drawGraph(expression(), { highlight: ["e"] as never })).toThrow(
    new TypeError('drawGraph: highlight: expected a node with data and inputs, got "e" (a string)'),
  );
});

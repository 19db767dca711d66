// From a lesson's cell to the debugger: the graph that a cell made is carried in an address and made anew
// by the right engine. Read site/debugger/snapshot.ts first.

import { graphOf, Value } from "chainrule";
import type { Page } from "puppeteer-core";
import { afterAll, describe, expect, test } from "vitest";
import { packText } from "../../site/cells/share-link.ts";
import { readSnapshot, revive, SnapshotError } from "../../site/debugger/snapshot.ts";
import { takeGraph } from "../../site/kernel/take-graph.ts";
import { openSite, type SitePage } from "./browser.ts";

const site = await openSite();
afterAll(() => site.close());

/** What the debugger makes of a cell's value, or of the variables that its text names. */
const carried = (source: string, value?: unknown) => revive(takeGraph(source, value) ?? "");

/** The node of this label. */
function nodeOf({ output }: { readonly output: Value }, label: string): Value {
  const node = graphOf(output).find((node) => node.label === label);
  if (node === undefined) throw new Error(`no node is called ${label}`);
  return node;
}

/** A class as in step 5, whose nodes are made by hand. */
class Own {
  data: number;
  grad?: number;
  op: string;
  label: string;
  inputs: Own[];
  localDerivatives: number[];
  constructor(data: number, label = "", op = "", inputs: Own[] = [], locals: number[] = []) {
    this.data = data;
    this.label = label;
    this.op = op;
    this.inputs = inputs;
    this.localDerivatives = locals;
  }
}

describe("takeGraph and revive", () => {
  test("a Value of the library comes out with its numbers, labels and gradients, and nothing is wrong", () => {
    // L = (2·-3 + 10)·-2 = -8: dL/da = -3·-2 = 6, dL/db = 2·-2 = -4, dL/dc = -2, dL/df = 4.
    const [a, b, c, f] = [2, -3, 10, -2].map((x, i) => new Value(x, "abcf"[i]));
    const L = a!.mul(b!).add(c!).mul(f!); // four were made
    L.label = "L";
    L.backward();
    const snapshot = carried("", L);
    expect(snapshot.output.data).toBe(-8);
    const pairs = ["a", "b", "c", "f"].map((name) => {
      const node = nodeOf(snapshot, name);
      return [snapshot.theirs(node), node.grad];
    });
    expect(pairs).toEqual([
      [6, 6],
      [-4, -4],
      [-2, -2],
      [4, 4],
    ]);
    expect(graphOf(snapshot.output).some(snapshot.isWrong)).toBe(false);
    expect(snapshot.notes).toEqual([]);
  });

  test("a class of the reader's with = in place of += is wrong where two paths meet, and nowhere else", () => {
    // y = x·x at 3: 3 + 3 = 6; assigning leaves the second 3.
    const x = new Own(3, "x");
    const y = new Own(9, "y", "*", [x, x], [3, 3]);
    [y.grad, x.grad] = [1, 3];
    const snapshot = carried("", y);
    const node = nodeOf(snapshot, "x");
    expect([snapshot.theirs(node), node.grad, snapshot.isWrong(node)]).toEqual([3, 6, true]);
    expect(snapshot.isWrong(snapshot.output)).toBe(false);
    expect(snapshot.notes).toEqual([
      expect.stringMatching(/x has 3\.0000.*one term of its sum of 2/),
    ]);
  });

  test("gradients of two passes without zeroing are told as such", () => {
    const x = new Own(3, "x");
    const y = new Own(9, "y", "*", [x, x], [3, 3]);
    [y.grad, x.grad] = [1, 12];
    expect(carried("", y).notes).toEqual([
      expect.stringMatching(/12\.0000.*2 times the right one/),
    ]);
  });

  test("inputs in a Set, as micrograd has them, lose the second x of x * x, which is put back", () => {
    const x = { data: 3, grad: 6, _op: "", label: "x", _prev: new Set() };
    const y = { data: 9, grad: 1, _op: "*", label: "y", _prev: new Set([x]) };
    const snapshot = carried("", y);
    expect(nodeOf(snapshot, "x").grad).toBe(6);
    expect(graphOf(snapshot.output).some(snapshot.isWrong)).toBe(false);
  });

  test("an operation of the reader's own stands in as its tangent, and without local derivatives as a leaf", () => {
    // cube(2) = 8, d/dx = 12; the stand-in is 8 + 12·(x - 2), so that a nudge agrees with the gradient.
    const x = new Own(2, "x");
    x.grad = 12;
    const cube = new Own(8, "y", "cube", [x], [12]);
    cube.grad = 1;
    const tangent = carried("", cube);
    expect(tangent.output.data).toBe(8);
    expect(nodeOf(tangent, "x").grad).toBe(12);
    expect(tangent.notes).toEqual([expect.stringMatching(/does not know the operation cube/)]);
    const leaf = carried("", new Own(8, "y", "cube", [x]));
    expect(leaf.output.inputs).toEqual([]);
    expect(leaf.notes.join(" ")).toMatch(/cube.*shown as a leaf/);
  });

  test("numbers that do not follow from their inputs are told, and then no gradient is called wrong", () => {
    const x = new Own(5, "x"); // was 3 when y was computed
    const y = new Own(9, "y", "*", [x, x], [3, 3]);
    [y.grad, x.grad] = [1, 6];
    const snapshot = carried("", y);
    expect(snapshot.output.data).toBe(25);
    expect(snapshot.notes).toEqual([expect.stringMatching(/y holds 9\.0000.*make 25\.0000/)]);
    expect(graphOf(snapshot.output).some(snapshot.isWrong)).toBe(false);
    expect(snapshot.isComparable).toBe(false);
  });

  test("of the variables that a cell names, the largest graph is taken", () => {
    const x = new Own(3, "x");
    const square = new Own(9, "s", "*", [x, x], [3, 3]);
    const L = new Own(12, "L", "+", [square, x], [1, 1]);
    Object.assign(globalThis, { testSquare: square, testL: L });
    expect(carried("testL.grad = 1; testSquare")).toMatchObject({ name: "testL" });
    expect(takeGraph("const nothing = 3", 3)).toBeUndefined();
  });

  test("a graph that is too large or goes in a circle gives a sentence", () => {
    let chain = new Own(1);
    for (let i = 0; i < 5_000; i++) chain = new Own(1, "", "tanh", [chain], [1]);
    expect(() => carried("", chain)).toThrow(/more than 5,000 nodes/);
    const circle = new Own(1, "a", "tanh");
    circle.inputs.push(circle);
    expect(() => carried("", circle)).toThrow(/in a circle/);
  });

  test("a list of inputs that never ends, and one of a thousand million places, are left at the limit", () => {
    const x = new Own(1, "x");
    const endless = new Own(1, "y", "sum", [x]);
    Object.defineProperty(endless.inputs, Symbol.iterator, {
      *value() {
        while (true) yield x;
      },
    });
    expect(() => carried("", endless)).toThrow(/more than 1,000 inputs/);
    const sparse = new Own(1, "y", "sum", [x]);
    sparse.inputs.length = 1_000_000_000;
    expect(() => carried("", sparse)).not.toThrow();
  });

  test("an operation with the name of ours and parameters that ours refuses is the reader's own", () => {
    // clamp(x, 5, 1): no number is above 5 and below 1.
    const nodes = [
      [3, 0, "", "x", [], [], []],
      [5, 1, "clamp", "y", [0], [5, 1], [0]],
    ];
    const snapshot = revive(JSON.stringify({ version: 1, name: "", nodes }));
    expect(snapshot.output.data).toBe(5);
    expect(snapshot.notes).toEqual([expect.stringMatching(/does not know the operation clamp/)]);
  });

  test("a node with more inputs than can be walked through is refused", () => {
    const [sources, locals] = [new Array(1_001).fill(0), new Array(1_001).fill(1)];
    const nodes = [
      [1, 0, "", "x", [], [], []],
      [1_001, 1, "sum", "y", sources, [], locals],
    ];
    expect(() => revive(JSON.stringify({ version: 1, name: "", nodes }))).toThrow(
      "A node of the graph in this address has 1001 inputs; the debugger takes 1000 of a node.",
    );
  });

  test("an object that throws when it is looked at gives no graph, and no error", () => {
    const hostile = {
      inputs: [],
      get data(): number {
        throw new Error("no");
      },
    };
    expect(takeGraph("", hostile)).toBeUndefined();
  });
});

describe("readSnapshot", () => {
  test.each([
    ["no graph", "not JSON"],
    ["inputs that come later", '{"version":1,"name":"","nodes":[[1,null,"tanh","",[1],[],[]]]}'],
    ["a number that is none", '{"version":1,"name":"","nodes":[["1",null,"","",[],[],[]]]}'],
    ["no nodes", '{"version":1,"name":"","nodes":[]}'],
  ])("an address with %s is refused with a sentence", async (_, text) => {
    const address = `#graph=${await packText(text)}`;
    await expect(readSnapshot(address)).rejects.toThrow(SnapshotError);
    await expect(readSnapshot(address)).rejects.toThrow(/damaged/);
  });

  test("an address that unpacks to more than a graph can be is not unpacked", async () => {
    const address = `#graph=${await packText(" ".repeat(4_000_000))}`;
    await expect(readSnapshot(address)).rejects.toThrow(/too large/);
    await expect(readSnapshot("#graph=%%%")).rejects.toThrow(/damaged/);
    expect(await readSnapshot("#run&step=3")).toBeUndefined();
  });
});

// --- In the page --------------------------------------------------------------------------------

/** Runs a cell with another text and waits for the way into the debugger. */
async function graphOfCell(page: SitePage, number: number, text?: string) {
  await page.$eval(
    `#cell-${number}`,
    (cell, text) => {
      const lessonCell = cell as HTMLElement & { source: string; run(): Promise<void> };
      if (text !== undefined) lessonCell.source = text;
      void lessonCell.run();
    },
    text,
  );
  const link = await page.waitForSelector(`#cell-${number} .cell-graph a`, { timeout: 30_000 });
  return link!.evaluate((link) => ({
    words: link.textContent,
    href: (link as HTMLAnchorElement).href,
  })); // waited for
}

/** The number of the first cell whose text has this in it. */
const cellWith = (page: SitePage, text: string) =>
  page.$$eval(
    "lesson-cell",
    (cells, text) => {
      const found = cells.find((cell) =>
        (cell as HTMLElement & { source: string }).source.includes(text),
      );
      return Number((found as HTMLElement).dataset.number);
    },
    text,
  );

test("a cell of step 5 with = in place of +=: its graph opens with the reader's 3 beside the right 6", async () => {
  const page = await site.open("05-automating-the-gradient.html");
  const number = await cellWith(page, "const y = x.mul(x);");
  const { words: link, href } = await graphOfCell(page, number);
  expect(link).toBe("Open y in debugger");
  const snapshot = await readSnapshot(new URL(href).hash);
  expect(snapshot?.from).toBe(`Step 5, cell ${number}`);
  const x = nodeOf(snapshot!, "x"); // it was read
  expect([snapshot!.theirs(x), x.grad]).toEqual([3, 6]);

  // The debugger opens in a tab of its own; what is wrong there is marked, and not by colour alone.
  const opened = new Promise<Page>((resolve) => {
    page.browserContext().once("targetcreated", async (target) => resolve((await target.page())!)); // a tab
  });
  await page.$eval(`#cell-${number} .cell-graph a`, (link) => (link as HTMLElement).click());
  const tab = await opened;
  await tab.waitForSelector('live-graph [data-state~="wrong"]', { timeout: 30_000 });
  const wrong = await tab.$$eval('live-graph [data-state~="wrong"]', (nodes) =>
    nodes.map((node) => node.getAttribute("aria-label") ?? node.textContent),
  );
  expect(wrong).toHaveLength(1);
  expect(wrong[0]).toMatch(/^x/);
  const words = await tab.$eval("main", (main) => (main as HTMLElement).innerText);
  expect(words).toContain(`from Step 5, cell ${number}`);
  expect(words).toMatch(/x has 3\.0000 in the cell, which is one term of its sum of 2/);
  expect(page.problems).toEqual([]);
});

test("the menu of a cell that has not run: it runs, and the way into the debugger has the focus", async () => {
  const page = await site.open("05-automating-the-gradient.html");
  const number = await cellWith(page, "const y = x.mul(x);");
  await page.$eval(`#cell-${number} [data-do="more"]`, (button) => (button as HTMLElement).click());
  await page.waitForSelector(".cell-menu");
  await page.$$eval(".cell-menu button", (buttons) => {
    buttons.find((button) => button.textContent === "Open in debugger")?.click();
  });
  await page.waitForSelector(`#cell-${number} .cell-graph a:focus`, { timeout: 30_000 });
  expect(page.problems).toEqual([]);
});

test("a cell that returns a Value of the library opens, and so does one that shows its picture", async () => {
  const page = await site.open("01-understanding-gradients.html");
  const text = `import { graphOf, Value } from "chainrule";
const v = new Value(3, "v");
const square = v.mul(v);
square.backward();
square`;
  const { words, href } = await graphOfCell(page, 1, text);
  expect(words).toBe("Open in debugger");
  const snapshot = await readSnapshot(new URL(href).hash);
  expect(snapshot?.output.data).toBe(9);
  expect(snapshot?.theirs(nodeOf(snapshot, "v"))).toBe(6);
  expect(page.problems).toEqual([]);
});

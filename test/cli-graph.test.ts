// chainrule graph: which words make which picture, and what is said about wrong ones.

import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOMParser } from "@xmldom/xmldom";
import { afterAll, expect, test } from "vitest";
import { catchOutput } from "./command.ts";
import { hostileLabels } from "./draw/hostile-labels.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "chainrule-graph-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command, and gives what it prints as text and as bytes. */
async function graph(args: readonly string[], tty = false) {
  const { code, bytes, err } = await catchOutput(["graph", ...args], { tty });
  return { code, out: bytes.toString(), bytes, err };
}

const lecture = ["(a*b + c) * tanh(f)", "--a", "2", "--b=-3", "--c", "10", "--f", ".5"];

test("graph: prints an SVG in the nested layout, with gradients", async () => {
  const { code, out, err } = await graph(lecture);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^<svg xmlns[\s\S]*<\/svg>\n$/);
  expect(out).toContain("<title>(a*b + c) * tanh(f)</title>");
  for (const text of ["tanh", "1.8485", "-1.3864"]) expect(out).toContain(`>${text}</text>`);
});

test("graph --layout graphviz: draws as micrograd does", async () => {
  const { out } = await graph([...lecture, "--layout", "graphviz", "--title", "L"]);
  expect(out).toContain("<title>L</title>");
  expect(out).toContain(">data 1.8485</text>");
});

test("graph --format dot: prints DOT", async () => {
  const { out } = await graph(["y = x^2 - 4*x", "--x", "3", "--format", "dot"]);
  expect(out).toMatch(/^digraph "y = x\^2 - 4\*x" \{\n/);
  expect(out).toContain('label="{ x | data 3.0000 | grad 2.0000 }"');
  expect(out).toContain('label="{ y | data -3.0000 | grad 1.0000 }"');
});

test("graph --no-gradients: leaves them out", async () => {
  const { out } = await graph([...lecture, "--format", "dot", "--no-gradients"]);
  expect(out).not.toContain("grad");
});

test("graph --out: writes the format that the name ends with, and nothing else", async () => {
  for (const [name, start] of [
    ["a.svg", "<svg "],
    ["a.dot", "digraph "],
    ["a.PNG", "\x89PNG"],
  ] as const) {
    const { code, out, err } = await graph([...lecture, "--out", join(folder, name)]);
    expect({ code, out, err }).toEqual({ code: 0, out: "", err: "" });
    expect(readFileSync(join(folder, name), "latin1").startsWith(start)).toBe(true);
  }
  expect(readdirSync(folder).sort()).toEqual(["a.PNG", "a.dot", "a.svg"]);
});

test("graph --format png: goes into a pipe, not to a terminal", async () => {
  const { bytes } = await graph([...lecture, "--format", "png"]);
  expect(bytes.toString("latin1", 0, 4)).toBe("\x89PNG");
  const terminal = await graph([...lecture, "--format", "png"], true);
  expect(terminal).toMatchObject({
    code: 2,
    out: "",
    err: "chainrule graph: --format: expected svg or dot for a terminal, got png; give --out FILE\n",
  });
});

test("graph --theme: one theme alone has no style sheet", async () => {
  for (const layout of ["nested", "graphviz"]) {
    const { out } = await graph([...lecture, "--theme", "dark", "--layout", layout]);
    expect(out).not.toContain("<style");
    expect(out).toContain('fill="#15191f"');
  }
});

test("graph --set: gives values to names that an option has, several times or with commas", async () => {
  const args = ["out * set + a - __proto__", "--set", "out=2, set = 3", "--set=__proto__=1"];
  const { out, err } = await graph([...args, "--a", "4", "--format", "dot"]);
  expect(err).toBe("");
  expect(out).toContain("data 9.0000");
  expect(out).toContain('label="{ __proto__ | data 1.0000 | grad -1.0000 }"');
});

test("graph: a formula may begin with a minus", async () => {
  expect((await graph(["-a", "--a", "4", "--format", "dot"])).out).toContain("data -4.0000");
});

test("graph --help: says what can be done", async () => {
  const { code, out } = await graph(["--help"]);
  expect(code).toBe(0);
  expect(out).toContain("chainrule graph FORMULA");
  expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThan(80);
});

const wrong: [args: string[], message: string][] = [
  [[], 'expected a formula such as "a*b + c" first, got nothing; see --help'],
  [["--a", "1"], 'expected a formula such as "a*b + c" first, got "--a"; see --help'],
  [["a*b", "--a", "1"], 'expected a value for "b" of the formula, --b VALUE; got none'],
  [["out"], 'expected a value for "out" of the formula, --set out=VALUE; got none'],
  [["(a", "--a", "1"], 'expression: expected ")" at character 3, got the end (at ▸ in "(a▸")'],
  [["a", "--a", "x"], '--a: expected a finite number, got "x"'],
  [["a", "--a"], "--a: expected a value (VALUE) after it, got nothing"],
  [["a", "--a", "1", "--a", "2"], "--a: expected once, got it twice"],
  [["a", "--a", "1", "--set", "a=2"], "--a: expected one value, got another by --set"],
  [["a", "--set", "a=1", "--set", "a=2"], '--set: expected "a" once, got it twice'],
  [["a", "--set", "a"], '--set: expected NAME=VALUE, got "a"'],
  [["a", "--set", "b=1"], '--set: expected a name of the formula, got "b"'],
  [["a", "--set", "a=x"], '--set a: expected a finite number, got "x"'],
  [["a", "--a", "1", "--zzzzzz", "2"], 'expected an option, got "--zzzzzz"; see --help'],
  [["a", "--a", "1", "--format", "pgn"], '--format: expected one of svg, dot, png, got "pgn"'],
  [
    ["a", "--a", "1", "--out", "x.svg", "--format", "png"],
    "--format: expected svg, as the name in --out ends with it, got png; leave out --format or " +
      "give the file another name",
  ],
  [["a", "--a", "1", "--layout", "tree"], "--layout: expected one of nested, graphviz"],
  [
    ["a", "--a", "1", "--out", "x.jpg"],
    "--out: expected a name that ends with .svg or .dot or .png",
  ],
];
for (const [args, message] of wrong) {
  test(`graph ${args.join(" ")}: is told to be wrong`, async () => {
    const { code, out, err } = await graph(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
    expect(err).toMatch(/^chainrule graph: [^\n]*\n$/);
  });
}

test("graph --out: a file that cannot be written is told before anything is drawn", async () => {
  const { code, err } = await graph([...lecture, "--out", join(folder, "none", "x.svg")]);
  expect(code).toBe(1);
  expect(err).toContain("there is no such file or folder");
  expect(existsSync(join(folder, "none"))).toBe(false);
});

test("graph: a formula with more nodes than a picture has room for is told", async () => {
  const { code, err } = await graph([
    Array(1500).fill("a").join("*"),
    "--a",
    "1",
    "--format",
    "dot",
  ]);
  expect(code).toBe(0);
  expect(err).toBe("");
  const more = await graph([Array(2500).fill("a").join("*"), "--a", "1", "--format", "dot"]);
  expect(more.code).toBe(1);
  expect(more.err).toBe(
    "chainrule graph: --format dot: expected a formula of at most 2000 nodes, got 2500; " +
      "draw a part of it, or all of it with --format svg --layout nested, which folds long rows\n",
  );
  const svg = await graph([Array(2500).fill("a").join("*"), "--a", "1", "--format", "svg"]);
  expect(svg).toMatchObject({ code: 0, err: "" });
});

test("graph: of a formula that no layout has room for, none is recommended", async () => {
  const formula = Array.from({ length: 800 }, (_, i) => `tanh(a*${i})*b`).join("+");
  for (const [args, message] of [
    [
      ["--layout", "nested"],
      "expected a formula that --layout nested can show with at most 2000 boxes, got one of " +
        "4001 nodes, too many for --layout graphviz too; draw a part of it",
    ],
    [
      ["--layout", "graphviz"],
      "--layout graphviz: expected a formula of at most 2000 nodes, got 4001; too many for " +
        "--layout nested too; draw a part of it",
    ],
  ] as const) {
    const { code, out, err } = await graph([formula, "--a", "1", "--b", "2", ...args]);
    expect({ code, out, err }).toEqual({ code: 1, out: "", err: `chainrule graph: ${message}\n` });
  }
});

for (const { name, label } of hostileLabels) {
  test(`graph --title: ${name} is a title and nothing else`, async () => {
    for (const layout of ["nested", "graphviz"]) {
      const { code, out, err } = await graph([
        "a + 1",
        "--a=1",
        `--title=${label}`,
        "--layout",
        layout,
      ]);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      const onError = (level: string, message: string) => {
        if (level !== "warning") throw new Error(message);
      };
      const document = new DOMParser({ onError }).parseFromString(out, "image/svg+xml");
      expect(document.getElementsByTagName("script")).toHaveLength(0);
      expect(document.getElementsByTagName("b")).toHaveLength(0);
    }
  });
}

// chainrule explain: what is told of a formula, and what is said about a wrong command line.

import { expect, test } from "vitest";
import { type Pretended, runCommand } from "./command.ts";

const explain = (args: readonly string[], pretended?: Pretended) =>
  runCommand(["explain", ...args], pretended);

const lecture = ["e = a*b; L = (e + c)*f", "--a", "2", "--b=-3", "--c", "10", "--f", "-2"];

test("explain: every step in a sentence, then every gradient as a sum", async () => {
  const { code, out, err } = await explain(["y = a*a + tanh(b)", "--a", "3", "--b", "0"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toBe(`y = a*a + tanh(b) = 9

Forward:
   1  * computes 3.0000 × 3.0000 = 9.0000.
   2  tanh computes tanh(0.0000) = 0.0000.
   3  y computes 9.0000 + 0.0000 = 9.0000.

Backward:
   4  The gradient of y with respect to itself is 1.
   5  y passes 1.0000 × 1.0000 = 1.0000 to *.
   6  y passes 1.0000 × 1.0000 = 1.0000 to tanh.
   7  tanh passes 1.0000 × 1.0000 = 1.0000 to b.
   8  * passes 1.0000 × 3.0000 = 3.0000 to a.
   9  * passes 1.0000 × 3.0000 = 3.0000 to a: 3.0000 + 3.0000 = 6.0000.

Gradients:
      dy/da = 1.0000 × 3.0000 + 1.0000 × 3.0000 = 6.0000
      dy/db = 1.0000 × 1.0000 = 1.0000
      dy/dy = 1
`);
});

test("explain: nodes without a label are told apart", async () => {
  const { out } = await explain(["a*b + b*a + a", "--a", "3", "--b", "2", "--steps"]);
  expect(out).toContain("  4  + (2nd) computes 12.0000 + 3.0000 = 15.0000.");
  expect(out).toContain("+ passes 1.0000 × 1.0000 = 1.0000 to * (2nd).");
});

test("explain --steps, --receipts: only these", async () => {
  const steps = await explain([...lecture, "--steps"]);
  expect(steps.out).toContain("  10  e passes -2.0000 × 2.0000 = -4.0000 to b.");
  expect(steps.out).not.toContain("Gradients");
  const receipts = await explain([...lecture, "--receipts"]);
  expect(receipts.out).toContain("      dL/da = -2.0000 × -3.0000 = 6.0000\n");
  expect(receipts.out).not.toContain("Forward");
});

test("explain --prove: that gradient in three ways, of several names, or of all", async () => {
  const one = await explain([...lecture, "--prove", "e"]);
  expect({ code: one.code, err: one.err }).toEqual({ code: 0, err: "" });
  expect(one.out).toContain("dL/de in three ways\n  by backward   -2.00000000000\n");
  expect(one.out).toContain("  by all paths  -2.00000000000      1 path; all digits agree\n");
  expect(one.out).not.toContain("Gradients");
  const names = ({ out }: { out: string }) =>
    [...out.matchAll(/^d(.*) in three/gm)].map(([, d]) => d);
  expect(names(await explain([...lecture, "--prove", "a, b", "--prove", "+"]))).toEqual([
    "L/da",
    "L/db",
    "L/d(+)",
  ]);
  const all = ["L/df", "L/dc", "L/da", "L/db", "L/de", "L/dL"];
  expect(names(await explain([...lecture, "--prove", "all"])).sort()).toEqual(all.sort());
});

test("explain --format json: the same as data", async () => {
  const { out } = await explain(["y = a*a", "--a", "3", "--format", "json"]);
  const told = JSON.parse(out);
  expect(told).toMatchObject({ formula: "y = a*a", data: 9 });
  expect(told.steps).toHaveLength(4);
  expect(told.steps[3]).toEqual({
    kind: "pass",
    node: "y",
    slot: 1,
    input: "a",
    upstream: 1,
    local: 3,
    product: 3,
    before: 3,
    after: 6,
    sentence: "y passes 1.0000 × 3.0000 = 3.0000 to a: 3.0000 + 3.0000 = 6.0000.",
  });
  expect(told.gradients[0]).toEqual({
    name: "a",
    data: 3,
    gradient: 6,
    terms: [
      { consumer: "y", upstream: 1, local: 3, product: 3 },
      { consumer: "y", upstream: 1, local: 3, product: 3 },
    ],
    text: "dy/da = 1.0000 × 3.0000 + 1.0000 × 3.0000 = 6.0000",
  });
  const proofs = await explain(["sqrt(x)", "--x", "0", "--prove", "x", "--format=json"]);
  expect(JSON.parse(proofs.out)).toMatchObject({
    proofs: [
      {
        name: "x",
        backward: "Infinity",
        paths: { count: 1, sum: "Infinity" },
        nudge: { slope: "NaN" },
      },
    ],
  });
});

test("explain: names that options have, by --set", async () => {
  const { code, out } = await explain(["steps * prove", "--set", "steps=2,prove=3"]);
  expect(code).toBe(0);
  expect(out).toContain("d(*)/dsteps = 1.0000 × 3.0000 = 3.0000");
});

test("explain: in a terminal that has only ASCII, nothing else is printed", async () => {
  const { out } = await explain([...lecture, "--steps"], { env: { LANG: "C" } });
  expect(out).toContain("e computes 2.0000 x -3.0000 = -6.0000.");
  expect(out).toMatch(/^[\n -~]*$/);
});

test("explain: a leaf alone, kinks and poles", async () => {
  expect((await explain(["a", "--a", "3"])).out).toBe(
    "a = 3\n\nBackward:\n   1  The gradient of a with respect to itself is 1.\n\nGradients:\n      da/da = 1\n",
  );
  const kink = await explain(["relu(x)", "--x", "0", "--prove", "x"]);
  expect(kink.out).toContain("a kink: the slope is 0 to the left and 1.0000 to the right");
  expect((await explain(["relu(x)", "--x", "-1"])).out).toContain(
    "relu passes nothing to x: its result does not depend on it here.",
  );
});

test("explain --help: says what can be done", async () => {
  const { code, out } = await explain(["--help"]);
  expect(code).toBe(0);
  expect(out).toContain("chainrule explain FORMULA");
  expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThan(80);
});

const wrong: [args: string[], message: string][] = [
  [[], 'expected a formula such as "a*b + c" first, got nothing; see --help'],
  [["a*b", "--a", "1"], 'expected a value for "b" of the formula, --b VALUE; got none'],
  [["(a", "--a", "1"], 'expression: expected ")" at character 3, got the end (at ▸ in "(a▸")'],
  [["a", "--a", "1", "--step"], 'expected an option, got "--step"; did you mean --steps?'],
  [["a", "--a", "1", "--steps=1"], '--steps: expected no value, got "1"'],
  [["a", "--a", "1", "--prove"], "--prove: expected a value (NAME) after it, got nothing"],
  [
    ["alpha", "--alpha", "1", "--prove", "alpa"],
    '--prove: expected a name of the formula, got "alpa"; did you mean alpha?',
  ],
  [
    ["a", "--a", "1", "--prove", "a,"],
    '--prove: expected a name of the formula, got ""; name a result by writing NAME = ...',
  ],
  [["a", "--a", "1", "--format", "yaml"], '--format: expected one of text, json, got "yaml"'],
  [["steps"], 'expected a value for "steps" of the formula, --set steps=VALUE; got none'],
];
for (const [args, message] of wrong) {
  test(`explain ${args.join(" ")}: is told to be wrong`, async () => {
    const { code, out, err } = await explain(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
    expect(err).toMatch(/^chainrule explain: [^\n]*\n$/);
  });
}

// Values as text, letter by letter as Deno prints them: one Deno process is shown the same values.

import { execFileSync } from "node:child_process";
import { runInThisContext as evaluate } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { findDeno } from "../../scripts/lessons/deno.mjs";
import { setUpKernel } from "../../scripts/lessons/run.mjs";
import { inspect } from "../../src/cells/inspect.ts";
import { Value } from "../../src/index.ts";

await setUpKernel("the tests");

/** What Deno.inspect makes of each expression. */
function denoTexts(expressions: readonly string[]): string[] {
  const program = `
    const expressions = JSON.parse(await new Response(Deno.stdin.readable).text());
    console.log(JSON.stringify(expressions.map((text) => Deno.inspect((0, eval)("(" + text + ")")))));`;
  const printed = execFileSync(findDeno()!, ["eval", program], {
    input: JSON.stringify(expressions),
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
    maxBuffer: 1e9,
  });
  // An error's stack is left out here, so it is there.
  return (JSON.parse(printed) as string[]).map((text) =>
    text.replace(/\n +at .*?(,| \{)?$/gm, "$1"),
  );
}

function expectDenoTexts(expressions: readonly string[]): void {
  const wanted = denoTexts(expressions);
  expressions.forEach((expression, i) => {
    expect(`${expression}\n${inspect(evaluate(`(${expression})`))}`).toBe(
      `${expression}\n${wanted[i]}`,
    );
  });
}

test("inspect: numbers, texts and symbols", () => {
  expectDenoTexts([
    "[-0, NaN, Infinity, 1e21, 1e-7, 1n, true, null, undefined, Symbol('x'), Symbol()]",
    "-0",
    '"a\\"b"',
    '["a\'b", "a\\"b", "a\\"b\'c", "`a\\"b\'c", "\\n\\t\\0\\x1b\\x7f\\x9f\\b\\f\\v\\r\\\\", "😀", "é"]',
    '"x".repeat(10050)',
    '["x".repeat(20) + "\\n" + "y".repeat(80)]',
    '"x".repeat(20) + "\\n" + "y".repeat(80)',
  ]);
});

test("inspect: arrays, in columns when they are long, the first 100 items", () => {
  expectDenoTexts([
    "[]",
    "[1, , 3, , , 6]",
    "Array(200)",
    "Object.assign([1, 2], { extra: 1 })",
    "[1.5, 2.25, -3, 4, 5, 6, 7, 8, 9, 10]",
    "Array.from({ length: 101 }, (_, i) => i)",
    "Array.from({ length: 120 }, (_, i) => [i, { i }])",
    "Array.from({ length: 7 }, (_, i) => 'item' + i)",
    "Array.from({ length: 30 }, (_, i) => i / 3)",
    "Array.from({ length: 27 }, (_, i) => (i % 2 ? i : 's'.repeat(i)))",
    "['日本語', '日本', 'é', 'e\\u0301', '👍', 'a', 'b', 'c', 'd']",
    "new Float64Array([1, 2.5])",
    "new Float64Array(200).fill(1.5)",
    "[[1, 2], [3, 4]]",
  ]);
});

test("inspect: objects, Maps and Sets, to a depth of 4", () => {
  expectDenoTexts([
    "({})",
    "({ 'a-b': 1, 1: 2, [Symbol('s')]: 3, $d: 4, 'é': 5, '': 6, ['__proto__']: 7 })",
    "({ a: { b: { c: { d: { e: { f: 1 } } } } } })",
    "[[[[[[1], new Map([[1, 2]]), new Set([1])]]]]]",
    "Object.create(null)",
    "Object.assign(Object.create(null), { a: 1 })",
    "new Map([['k', [1]], [{ a: 1 }, 2]])",
    "new Set(Array.from({ length: 120 }, (_, i) => i))",
    "[new Map(), new Set(), new WeakMap(), new WeakSet(), new Date(0), new Date(NaN), /x/g]",
    "[new Number(-0), new String('abc'), new Boolean(false), Object(Symbol('z')), Object(1n)]",
    "({ get a() { return 1; }, set a(v) {}, get b() { return 1; }, set c(v) {} })",
    "new Promise(() => {})",
    "(function () { return arguments; })(1, 2)",
  ]);
});

test("inspect: an object within itself", () => {
  expectDenoTexts([
    "(() => { const a = {}; a.b = { a }; a.c = a.b; return a; })()",
    "(() => { const a = []; const m = new Map([[a, a]]); a.push(m, [a]); return [a]; })()",
  ]);
});

test("inspect: instances of classes, functions and classes", () => {
  const course = `class Value {
    constructor(data, inputs = []) { this.data = data; this.grad = 0; this.inputs = inputs; }
  }`;
  expectDenoTexts([
    `(() => { ${course} return new Value(7, [new Value(6, [new Value(2), new Value(3)])]); })()`,
    `(() => { ${course} let v = new Value(1); for (let i = 0; i < 8; i++) v = new Value(i, [v, v]);
      return v; })()`,
    "(() => { class A { static n = 1; #p = 2; pub = 3; get g() { return 1; } } return [A, new A()]; })()",
    "(() => { class A {} class B extends A {} return [new A(), new B(), B]; })()",
    "(() => { class T { get [Symbol.toStringTag]() { return 'T'; } } return new T(); })()",
    "(() => { class M extends Map { x = 1; } return new M([[1, 2]]); })()",
    "[function () {}, class {}, function f() {}, async () => {}, function* () {}, Math.max]",
    "Object.assign(() => 1, { a: 1 })",
    "[Math, JSON, Reflect, (function* () {})()]",
  ]);
});

test("inspect: errors without their stacks", () => {
  expectDenoTexts([
    "new Error('e')",
    "[new RangeError('e'), { e: new TypeError('two\\nlines') }]",
    "new Error('x', { cause: 1 })",
    "(() => { class MyError extends Error { code = 5; } return new MyError('hi'); })()",
    "(() => { class Missing extends TypeError {} return [new Missing('hi')]; })()",
    "(() => { class MyError extends Error { name = 'MyError'; } return new MyError(); })()",
  ]);
});

test("inspect: what a value's own inspector says", () => {
  expect(inspect(new Value(2, "a"))).toBe("Value(a: data=2, grad=–)");
  expect(inspect([new Value(2)])).toBe("[ Value(data=2, grad=–) ]");
  expectDenoTexts([
    "({ [Symbol.for('nodejs.util.inspect.custom')]() { return { other: 1 }; } })",
    "[{ [Symbol.for('nodejs.util.inspect.custom')](d) { return 'line 1\\nline 2 ' + d; } }]",
    "({ [Symbol.for('Deno.customInspect')](inspect) { return 'deno ' + inspect([1]); } })",
  ]);
});

test("inspect: any plain value as Deno has it", () => {
  const value = fc.anything({
    withMap: true,
    withSet: true,
    withDate: true,
    withBigInt: true,
    withSparseArray: true,
    maxDepth: 5,
    maxKeys: 8,
    values: [fc.integer(), fc.double(), fc.string(), fc.boolean(), fc.constant(null)],
  });
  const numbers = fc.array(fc.oneof(fc.double(), fc.integer()), { maxLength: 130 });
  const words = fc.array(fc.string({ maxLength: 30 }), { maxLength: 40 });
  const samples = fc.sample(fc.oneof(value, numbers, words), { seed: 3, numRuns: 1500 });
  expectDenoTexts(samples.map((sample) => fc.stringify(sample)));
});

test("inspect: any instances of classes as Deno has them", () => {
  const names = fc.constantFrom("Value", "Node", "Layer");
  const field = fc.constantFrom("data", "grad", "label", "op", "inputs");
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.oneof(fc.integer(), fc.double(), fc.string()).map((leaf) => fc.stringify(leaf)),
      fc
        .tuple(names, fc.dictionary(field, tie("tree") as fc.Arbitrary<string>, { maxKeys: 4 }))
        .map(([name, fields]) => {
          const parts = Object.entries(fields).map(([key, item]) => `${key}: ${item}`);
          return `Object.assign(new (class ${name} {})(), { ${parts.join(", ")} })`;
        }),
      fc
        .array(tie("tree") as fc.Arbitrary<string>, { maxLength: 4 })
        .map((items) => `[${items.join(", ")}]`),
    ),
  }));
  expectDenoTexts(fc.sample(tree as fc.Arbitrary<string>, { seed: 4, numRuns: 500 }));
});

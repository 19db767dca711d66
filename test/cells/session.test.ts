// Sessions of cells, each in a worker of its own as in a page.

import { afterEach, expect, test } from "vitest";
import { CellWorker, outputText } from "../../scripts/lessons/cells.mjs";
import { ensureBuilt } from "../../scripts/set-up.mjs";

await ensureBuilt("the tests");
let workers: CellWorker[] = [];
afterEach(async () => {
  for (const worker of workers) await worker.stop();
  workers = [];
});

/** Runs cells in a new session; gives what each of them put out. */
async function run(...sources: string[]) {
  const worker = new CellWorker();
  workers.push(worker);
  const all = [];
  for (const source of sources) all.push(await worker.execute(source, 20_000));
  return all;
}

const last = async (...sources: string[]) => outputText((await run(...sources)).at(-1)!);
const shown = (text: string) => `--- result\n${JSON.stringify({ "text/plain": text }, null, 1)}\n`;

test("Session.run: a function of an earlier cell uses the latest declaration", async () => {
  const earlier = "class Value { x = 1 }\nconst make = () => new Value();";
  expect(await last(earlier, "class Value { x = 2 }", "make()")).toBe(shown("Value { x: 2 }"));
});

test("Session.run: an error names the cell and the line where it was thrown", async () => {
  const [, , outputs] = await run(
    "1",
    "const fail = () => {\n\n  throw new Error('no');\n};",
    "1;\n\nfail();",
  );
  expect(outputs).toEqual([
    {
      output_type: "error",
      ename: "Error",
      evalue: "no",
      traceback: ["Error: no", "    at cell 2, line 3"],
      cell: "2",
      line: 3,
    },
  ]);
});

test("Session.run: a check names the cell and the line where the reader's code threw", async () => {
  const check =
    'import { exercise } from "chainrule/cells";\n' +
    'exercise("1.1 Slope", (expect) => expect("it", slope(), 1));';
  expect(await last("const slope = () => {\n  return missing;\n};", check)).toBe(
    "--- stdout\n✗ Exercise 1.1 Slope: ReferenceError: missing is not defined (cell 1, line 2)\n",
  );
});

test("Session.run: lines are right below types, enums and imports of several lines", async () => {
  const source = `import {
  Value,
} from "chainrule";
interface Point {
  x: number;
}
enum Color {
  Red,
}
function f<T>(
  x: T,
): T { throw new Error(String(x)); }
f(Color.Red);`;
  const [outputs] = await run(source);
  expect(outputs).toMatchObject([{ evalue: "0", cell: "1", line: 12 }]);
});

test("Session.run: a syntax error names cell, line and column, and shows no stack", async () => {
  const [outputs] = await run("const fine = 1;\nconst x: number = = 5;");
  expect(outputs).toMatchObject([{ ename: "SyntaxError", cell: "1", line: 2, column: 19 }]);
  expect(JSON.stringify(outputs)).not.toContain("acorn");
  const [later] = await run("let x: number = 1;\nx = ;");
  expect(later).toMatchObject([{ ename: "SyntaxError", line: 2 }]);
});

test("Session.run: a module that is not there is an error that lists those that are", async () => {
  expect(await last('import { x } from "nowhere";')).toBe(
    '--- error\nTypeError: import: expected one of "chainrule", "chainrule/draw", "chainrule/explain", "chainrule/cells", got "nowhere"\n',
  );
  expect(await last('const { grad } = await import("chainrule"); typeof grad')).toBe(
    shown('"function"'),
  );
});

test("Session.run: assigning to a constant of another cell is the usual error", async () => {
  expect(await last("const a = 1;", "a = 2")).toBe(
    "--- error\nTypeError: Assignment to constant variable.\n",
  );
});

test("Session.run: names of the global object may be declared", async () => {
  const names = ["name", "self", "status", "constructor", "location", "__proto__", "event", "Map"];
  for (const name of names) {
    expect(await last(`let ${name} = 7;`, `${name} + 1`)).toBe(shown("8"));
    expect(await last(`function ${name}() { return 9; }`, `${name}()`)).toBe(shown("9"));
  }
});

test("Session.run: what the language keeps for itself may not be declared", async () => {
  for (const name of ["undefined", "NaN", "Infinity", "arguments", "eval"]) {
    expect(await last(`let ${name} = 7;`)).toMatch(/^--- error\nSyntaxError: /);
  }
});

test("Session.run: one that prints without end is cut off, with a message", async () => {
  const [outputs, after] = await run("for (let i = 0; i < 1e7; i++) console.log(i);", "1");
  expect(outputs).toHaveLength(2);
  expect(outputs![0]).toMatchObject({ name: "stdout", text: expect.stringMatching(/\n9999\n$/) });
  expect(outputs![1]).toMatchObject({
    name: "stderr",
    text: "\nMore output is not shown: a cell may print 10,000 lines or 1,000,000 characters.\n",
  });
  expect(outputText(after!)).toBe(shown("1"));
});

test("Session.run: a long line and a big picture are cut off too", async () => {
  const [line] = await run('console.log("x".repeat(3e6))');
  expect(JSON.stringify(line).length).toBeLessThan(1_001_000);
  const picture = 'const s = "<svg>" + " ".repeat(6e6) + "</svg>"; show(s)';
  expect(await last('import { show } from "chainrule/draw";', picture)).toMatch(
    /Not shown: 6,000,0\d\d characters; a result may have 5,000,000\./,
  );
});

test("Session.reportRejection: belongs to the cell that made the promise", async () => {
  const [outputs] = await run(
    "const later = async () => { throw new Error('late'); };\nlater(); 1",
  );
  expect(outputText(outputs!)).toBe(
    `${shown("1")}--- stderr\nUncaught, in a promise: Error: late (cell 1, line 1)\n`,
  );
});

test("Session.reportError: what a timer throws is printed, and the next cell runs", async () => {
  const timer = "void setTimeout(() => {\n  throw new Error('timer');\n});";
  const wait = "await new Promise((resolve) => setTimeout(resolve, 20)); 1";
  expect((await run(`${timer}\n${wait}`, "2")).map(outputText)).toEqual([
    `--- stderr\nUncaught: Error: timer (cell 1, line 2)\n${shown("1")}`,
    shown("2"),
  ]);
});

test("Session.run: a message of a megabyte is cut off, at once", async () => {
  const [outputs] = await run("throw new Error('x'.repeat(1e6))");
  expect(outputs).toMatchObject([{ ename: "Error", cell: "1", line: 1 }]);
  expect(JSON.stringify(outputs).length).toBeLessThan(30_000);
});

test("Session.run: what a display method gives is cut off, whatever its type", async () => {
  const big =
    "({ [Symbol.for('Jupyter.display')]: () => ({ 'application/json': Array(3e6).fill(7) }) })";
  expect(await last(big)).toMatch(/Not shown: 6,000,001 characters/);
  const odd = "({ [Symbol.for('Jupyter.display')]: () => ({ a: undefined, b() {}, c: [1] }) })";
  expect(await last(odd)).toBe(`--- result\n${JSON.stringify({ c: [1] }, null, 1)}\n`);
});

test("Session.run: a cell may spoil all objects, functions and what joins texts", async () => {
  const spoilt = [
    "Object.prototype.get = 5 as any;",
    "delete (Object.prototype as any).get; Object.prototype.writable = false as any;",
    "Function.prototype.call = Function.prototype.apply = () => 1;",
    "Array.prototype.join = () => 'joined'; JSON.stringify = () => 'no'; 0",
  ];
  for (const cell of spoilt) {
    expect(await last(cell, "let a = 1; a = 2", "const b = 3", "[a, b]")).toBe(shown("[ 2, 3 ]"));
  }
});

test("CellWorker.execute: a cell that ends its worker is an error, and the next one runs", async () => {
  expect((await run("const a = 1;", "process.exit(3)", "a")).map(outputText)).toEqual([
    "",
    "--- error\nStopped: the worker died: it was ended\n",
    shown("1"),
  ]);
});

test("Session.replay: after a cell that never ends, the declarations are there again", async () => {
  const worker = new CellWorker();
  workers.push(worker);
  await worker.execute('let a = 1; console.log("printed once")');
  await worker.execute("a += 1;");
  expect(outputText(await worker.execute("while (true) {}", 300))).toBe(
    "--- error\nStopped: the cell was stopped after 0.3 seconds\n",
  );
  expect(outputText(await worker.execute("a"))).toBe(shown("2"));
});

test("Session.run: values whose methods throw are errors of the cell, and the next cell runs", async () => {
  const hostile = [
    "throw { get message() { throw 1; }, toString() { throw 2; } }",
    "throw Object.create(null)",
    "({ [Symbol.for('Jupyter.display')]() { throw new Error('no'); } })",
    "new Proxy({}, { get() { throw new Error('trap'); } })",
    "({ [Symbol.for('Jupyter.display')]() { return { 'text/plain': 1n } } })",
    "const own: any = { [Symbol.for('Jupyter.display')]: () => own }; own.own = own; own",
    "console.log('%s', Object.create(null))",
    "console.log('%d', { valueOf() { throw 1; }, toString() { throw 1; } })",
    "console.table({ get a() { throw new Error('a'); } })",
  ];
  const outputs = await run(...hostile, "40 + 2");
  for (const output of outputs.slice(0, -1)) {
    expect(output).toHaveLength(1);
    expect(output[0]).toMatchObject({ output_type: "error" });
  }
  expect(outputText(outputs.at(-1)!)).toBe(shown("42"));
});

test("Session.run: values that nothing can be asked are shown without asking", async () => {
  expect(await last("Symbol('s')")).toBe(shown("Symbol(s)"));
  expect(await last("({ get x() { throw 1; } })")).toBe(shown("{ x: [Getter] }"));
  expect(await last("class A { get [Symbol.toStringTag]() { throw 1; } }\nnew A()")).toBe(
    shown("A {}"),
  );
});

test("Session.run: a cell may replace a method of the console, for itself and those below", async () => {
  expect(await last("console.log = () => {};", "console.log('a'); console.info('b')")).toBe(
    "--- stdout\nb\n",
  );
});

// More of this kind is in test/site/kernel-traps.ts: Node's own workers do not survive it.
test("Session.run: the next cells run after all objects were given a `get` that throws", async () => {
  const source =
    "Object.defineProperty(Object.prototype, 'get', { configurable: true, get() { throw 1; } });";
  expect(await last("const a = 5;", source, "let b = a + 1; b")).toBe(shown("6"));
});

test("Session.run: an error that is a proxy with traps that throw is an error like others", async () => {
  const source =
    "throw new Proxy(new Error('x'), { get() { throw 1; }, getPrototypeOf() { throw 2; } });";
  expect((await last(source)).startsWith("--- error\nError: ")).toBe(true);
});

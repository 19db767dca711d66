// The real kernel, one cell at a time.

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findDeno } from "../../scripts/lessons/deno.mjs";
import { Kernel, KernelError, type Output } from "../../scripts/lessons/kernel.mjs";
import {
  picturesOf,
  rehearseLesson,
  runLesson,
  setUpKernel,
  textOf,
  twoAtATime,
} from "../../scripts/lessons/run.mjs";
import { root } from "../../scripts/set-up.mjs";
import { asLines, exercise, lessonOf } from "./fixtures.ts";

await setUpKernel("the tests");
const deno = findDeno() ?? "";
const kernel = await Kernel.start(deno, root);
afterAll(() => kernel.stop());
const text = async (code: string) => textOf(await kernel.execute(code));
const isAlive = (id: number | undefined) => {
  try {
    return process.kill(id ?? 0, 0);
  } catch {
    return false;
  }
};
const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("Kernel.execute: what a cell prints and the value of its last expression", async () => {
  expect(await kernel.execute('console.log("a", 1);\nconsole.error("b");\n[1, "x"]')).toEqual([
    { output_type: "stream", name: "stdout", text: "a 1\n" },
    { output_type: "stream", name: "stderr", text: "b\n" },
    expect.objectContaining({
      output_type: "execute_result",
      data: { "text/plain": '[ 1, "x" ]' },
    }),
  ]);
});

test("Kernel.execute: cells share declarations, and import the package by its name", async () => {
  await kernel.execute(
    'import { Value } from "chainrule";\nimport { show } from "chainrule/draw";',
  );
  await kernel.execute("const v: Value = new Value(2);");
  expect(await text("v.mul(3).data")).toBe("6\n");
  expect(picturesOf(await kernel.execute('show("<svg></svg>")'))).toEqual(["<svg></svg>"]);
});

test("Kernel.execute: a name is declared again within const and import, let and class, var and function", async () => {
  const kinds: Record<string, (name: string) => string> = {
    const: (name) => `const ${name} = 1;`,
    import: (name) => `import { add as ${name} } from "chainrule";`,
    let: (name) => `let ${name} = 1;`,
    class: (name) => `class ${name} {}`,
    var: (name) => `var ${name} = 1;`,
    function: (name) => `function ${name}() {}`,
  };
  const allowed: Record<string, string[]> = {};
  for (const [first, declare] of Object.entries(kinds)) {
    allowed[first] = [];
    for (const [second, again] of Object.entries(kinds)) {
      const name = `${first}_then_${second}`;
      await kernel.execute(declare(name));
      if ((await text(again(name))) === "") allowed[first].push(second);
    }
  }
  expect(allowed).toEqual({
    const: ["const", "import"],
    import: ["const", "import"],
    let: ["let", "class"],
    class: ["let", "class"],
    var: ["var", "function"],
    function: ["var", "function"],
  });
});

test("Kernel.execute: nothing that a cell prints is lost, and all of it comes in order", async () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `${i}\n`).join("");
  expect(await text("for (let i = 0; i < 3000; i++) console.log(i);")).toBe(lines);
  for (let i = 0; i < 20; i++) expect(await text(`console.log(${i});`)).toBe(`${i}\n`);
  const big = await text('console.log("x".repeat(1_000_000));');
  expect(big.length).toBe(1_000_001);
});

test("Kernel.execute: a cell may replace console.log", async () => {
  await kernel.execute("const log = console.log;\nconsole.log = () => {};");
  expect(await text('console.log("lost");')).toBe("");
  expect(await text('console.log = log;\nconsole.log("back");')).toContain("back\n");
});

test("Kernel.execute: a group that a cell leaves open sets in nothing of ours", async () => {
  expect(await text('console.group("a"); console.log("b");')).toBe("a\n  b\n");
  expect(await text('console.groupEnd(); console.log("c");')).toBe("c\n");
});

test("Kernel.execute: a display method may give what is no bundle", async () => {
  const given = (value: string) => text(`({ [Symbol.for("Jupyter.display")]: () => ${value} })`);
  expect(await given("null")).toBe("null\n");
  expect(await given('"text"')).toBe('"text"\n');
});

test("Kernel.execute: an error is the last output, even if the code cannot be parsed", async () => {
  const last = async (code: string) => (await kernel.execute(code)).at(-1);
  const error = (ename: string, evalue: string): Partial<Output> => ({
    output_type: "error",
    ename,
    evalue,
  });
  expect(await last('console.log(1); throw new RangeError("no")')).toMatchObject(
    error("RangeError", "no"),
  );
  expect(await last("const = 1;")).toMatchObject(error("Error", "Execution failed"));
});

test("Kernel.interrupt: stops an endless loop, and the kernel goes on", async () => {
  setTimeout(() => kernel.interrupt(), 300);
  await kernel.execute("for (;;) {}", 10_000);
  expect(await text("1 + 1")).toBe("2\n");
});

test("Kernel.execute: a cell that takes too long ends the kernel", async () => {
  const other = await Kernel.start(deno, root);
  const end = other.execute("for (;;) {}", 300);
  await expect(end).rejects.toThrow(new KernelError("the cell did not end within 0.3 seconds"));
  expect(isAlive(other.pid)).toBe(false);
});

test("Kernel.execute: a kernel that dies says so, at once", async () => {
  const other = await Kernel.start(deno, root);
  await expect(other.execute("Deno.exit(3)")).rejects.toThrow("the kernel died (exit code 3)");
  await expect(other.execute("1")).rejects.toThrow("the kernel died");
  await other.stop();
});

test("Kernel.start: a program that is none of Deno is refused with what it said", async () => {
  await expect(Kernel.start("/no/such/deno", root)).rejects.toThrow("ENOENT");
  await expect(Kernel.start(process.execPath, root)).rejects.toThrow(
    /the kernel died[\s\S]*jupyter/,
  );
});

test("Kernel.start: the kernel ends with us, even if we are killed", async () => {
  const program = `
    import { Kernel } from "./scripts/lessons/kernel.mjs";
    const kernel = await Kernel.start(process.argv[1], ".");
    console.log(kernel.pid);
    setInterval(() => {}, 1000);`;
  const ours = spawn(process.execPath, ["--input-type=module", "-e", program, deno], { cwd: root });
  const pid = await new Promise<number>((resolve) =>
    ours.stdout.once("data", (text) => resolve(Number(text))),
  );
  expect(isAlive(pid)).toBe(true);
  ours.kill("SIGKILL");
  for (let i = 0; i < 200 && isAlive(pid); i++) await after(50);
  expect(isAlive(pid)).toBe(false);
});

test("Kernel.execute: a signal that ends us ends a cell that never ends, and leaves no file", async () => {
  const program = `
    import { Kernel } from "./scripts/lessons/kernel.mjs";
    const kernel = await Kernel.start(process.argv[1], ".");
    console.log(kernel.pid);
    await kernel.execute("for (;;) {}");`;
  const ours = spawn(process.execPath, ["--input-type=module", "-e", program, deno], { cwd: root });
  const pid = await new Promise<number>((resolve) =>
    ours.stdout.once("data", (text) => resolve(Number(text))),
  );
  await after(200); // now it is in the loop
  const ended = new Promise((resolve) => ours.once("exit", (_, signal) => resolve(signal)));
  ours.kill("SIGTERM");
  expect(await ended).toBe("SIGTERM");
  for (let i = 0; i < 200 && isAlive(pid); i++) await after(50);
  const isLeft = isAlive(pid);
  if (isLeft) process.kill(pid, "SIGKILL");
  expect(isLeft).toBe(false);
});

test("Kernel.start: a signal while it starts leaves neither a kernel nor its file", async () => {
  const tmp = mkdtempSync(join(tmpdir(), "chainrule-kernel-test-"));
  const program = `
    import { Kernel } from "./scripts/lessons/kernel.mjs";
    setInterval(() => process.exitCode, 1000);
    Kernel.start("/bin/sh", ".", ["-c", "echo $$ > $1.pid; exec sleep 60", "sh"]);`;
  const options = { cwd: root, env: { ...process.env, TMPDIR: tmp } };
  const ours = spawn(process.execPath, ["--input-type=module", "-e", program], options);
  const left = () => readdirSync(tmp);
  for (let i = 0; i < 200 && left().length < 2; i++) await after(50);
  await after(50);
  const [file] = left().filter((name) => name.endsWith(".pid"));
  const pid = Number(readFileSync(join(tmp, file ?? ""), "utf8"));
  const ended = new Promise((resolve) => ours.once("exit", resolve));
  ours.kill("SIGINT");
  await ended;
  for (let i = 0; i < 40 && isAlive(pid); i++) await after(50);
  const isLeft = isAlive(pid);
  if (isLeft) process.kill(pid, "SIGKILL");
  expect([isLeft, left()]).toEqual([false, [file]]);
  rmSync(tmp, { recursive: true });
});

const start = '```ts\nimport { exercise, todo } from "chainrule/cells";\n```\n\n';

test("runLesson: each cell with its outputs; counts and errors are the same in every run", async () => {
  const lesson = lessonOf(`${start}\`\`\`ts\n6 * 7\n\`\`\`\n\n\`\`\`ts throws\nnull.x\n\`\`\``);
  const { cells, problems } = await runLesson(lesson);
  expect(problems).toEqual([]);
  expect(cells.map(({ cell, outputs }) => [cell.line, textOf(outputs)])).toEqual([
    [4, ""],
    [8, "42\n"],
    [12, "TypeError: Cannot read properties of null (reading 'x')\n"],
  ]);
  expect(cells[1].outputs).toMatchObject([{ execution_count: 2 }]);
  expect(cells[2].outputs).toMatchObject([
    { traceback: ["TypeError: Cannot read properties of null (reading 'x')"] },
  ]);
});

test("runLesson: a cell without end is a problem at its line, and the cells below are not run", async () => {
  const lesson = lessonOf(`${start}\`\`\`ts\nfor (;;) {}\n\`\`\`\n\n\`\`\`ts\n1\n\`\`\``);
  const { cells, problems } = await runLesson(lesson, () => {}, 500);
  expect(cells.length).toBe(1);
  expect(asLines(problems)).toEqual([
    "8: the cell did not end within 0.5 seconds; the cells below were not run",
  ]);
});

test("rehearseLesson: what the check says to each solution and each mistake", async () => {
  const { rehearsals, problems } = await rehearseLesson(lessonOf(start + exercise));
  expect(problems).toEqual([]);
  expect(rehearsals.map(({ solutions, mistakes }) => [solutions, mistakes])).toEqual([
    [
      [{ line: 30, printed: "✓ Exercise 3.1 Twice: 1 check passes\n" }],
      [{ line: 34, printed: "✗ Exercise 3.1 Twice: twice 4: expected 8, got 16\n" }],
    ],
  ]);
});

test("twoAtATime: never more than two, results in order", async () => {
  let running = 0;
  let most = 0;
  const jobs = [30, 10, 20, 5].map((ms) => async () => {
    most = Math.max(most, ++running);
    await after(ms);
    running -= 1;
    return ms;
  });
  expect(await twoAtATime(jobs)).toEqual([30, 10, 20, 5]);
  expect(most).toBe(2);
});

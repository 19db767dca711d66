// The commands around lessons, as a reader types them.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { notebookOf } from "../../scripts/lessons/notebook.mjs";
import { root } from "../../scripts/set-up.mjs";
import { exercise, lessonOf, runOf } from "./fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-commands-"));
afterAll(() => rmSync(folder, { recursive: true }));

function run(script: string, ...args: string[]) {
  const env = { ...process.env, JUPYTER_DATA_DIR: join(folder, "jupyter"), NODE_OPTIONS: "" };
  const program = join(root, "scripts", `${script}.mjs`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test.each(["lessons", "notebooks", "kernel"])("npm run %s -- --help: says how", (script) => {
  const { status, stdout } = run(script, "--help");
  expect([status, stdout.startsWith(`npm run ${script} `)]).toEqual([0, true]);
});

test("npm run lessons, npm run notebooks: a lesson that is not there is said to be so", () => {
  for (const script of ["lessons", "notebooks"]) {
    const { status, stderr } = run(script, "77");
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^expected the number of a lesson \(there are: .*\), got 77\n$/),
    ]);
  }
});

test("npm run notebooks -- --to-markdown: prints the lesson, or writes it where nothing is", () => {
  const notebook = join(folder, "03-a-name.ipynb");
  const out = join(folder, "lesson.md");
  writeFileSync(notebook, notebookOf(runOf(lessonOf(exercise))));
  const printed = run("notebooks", "--to-markdown", notebook);
  expect(printed).toEqual({ status: 0, stdout: `# Step 3: A name\n\n${exercise}`, stderr: "" });
  expect(run("notebooks", "--to-markdown", notebook, "--out", out).status).toBe(0);
  expect(readFileSync(out, "utf8")).toBe(printed.stdout);

  writeFileSync(out, "mine");
  const again = run("notebooks", "--to-markdown", notebook, "--out", out);
  expect([again.status, again.stderr]).toEqual([
    1,
    `${out} is there already: name another file, or add --force\n`,
  ]);
  expect(readFileSync(out, "utf8")).toBe("mine");
  run("notebooks", "--to-markdown", notebook, "--out", out, "--force");
  expect(readFileSync(out, "utf8")).toBe(printed.stdout);
});

test("npm run notebooks -- --to-markdown: says what is wrong with its words, in a line", () => {
  const notebook = join(folder, "03-a-name.ipynb");
  const wrong = (...args: string[]) => run("notebooks", "--to-markdown", ...args).stderr;
  expect(wrong()).toMatch(/^Option '--to-markdown <value>' argument missing; see --help\n$/);
  expect(wrong(notebook, "--wat")).toMatch(/^Unknown option '--wat'.*\n$/);
  expect(wrong(notebook, "--force", "--out", folder)).toMatch(/ cannot be written: .*\n$/);
  expect(wrong(notebook, "--out", join(notebook, "x.md"))).toMatch(/ cannot be written: .*\n$/);
  const left = readdirSync(dirname(folder)).filter((name) =>
    name.startsWith(`${basename(folder)}.`),
  );
  expect(left).toEqual([]);
});

test("npm run notebooks -- --to-markdown: says what is wrong with a damaged notebook", () => {
  const notebook = join(folder, "damaged.ipynb");
  const message = () => run("notebooks", "--to-markdown", notebook).stderr;
  expect(message()).toBe(`there is no ${notebook}\n`);
  writeFileSync(notebook, '{"cells": [');
  expect(message()).toMatch(/damaged.ipynb: expected a notebook, got something that is not JSON/);
  writeFileSync(notebook, '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [5]}');
  expect(message()).toBe(`${notebook}: cells[0]: expected an object, got 5\n`);
});

test("npm run kernel: installs, again, and removes; names the next command", () => {
  const file = join(folder, "jupyter", "kernels", "deno", "kernel.json");
  for (let i = 0; i < 2; i++) {
    const { status, stdout } = run("kernel");
    expect([status, stdout.includes("jupyter notebook notebooks")]).toEqual([0, true]);
  }
  const programs = JSON.parse(readFileSync(file, "utf8")).argv.slice(0, 3);
  expect(programs.map(existsSync)).toEqual([true, true, true]);
  expect(run("kernel", "--remove").status).toBe(0);
  expect(existsSync(file)).toBe(false);
});

test("npm run kernel: leaves another Deno kernel alone and says what can be done", () => {
  run("kernel", "--name", "other");
  const file = join(folder, "jupyter", "kernels", "other", "kernel.json");
  writeFileSync(file, '{"argv": ["deno"]}');
  const { status, stderr } = run("kernel", "--name", "other");
  expect([status, stderr]).toEqual([1, expect.stringContaining("--name NAME takes another name")]);
  expect(run("kernel", "--name", "../x").stderr).toBe(
    '--name: expected letters, digits, ".", "_" or "-", got ../x\n',
  );
});

test("npm run kernel: refuses names that are other folders, and words it does not know", () => {
  for (const name of ["..", ".", "../x", ""]) {
    const { status, stderr } = run("kernel", "--remove", "--force", "--name", name);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^--name: expected letters/)]);
  }
  const { status, stderr } = run("kernel", "--uninstall");
  expect([status, stderr]).toEqual([1, "expected what --help says, got --uninstall\n"]);
});

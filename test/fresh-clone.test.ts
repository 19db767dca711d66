// The newcomers' path: one command in a fresh clone, whatever state an earlier try has left behind.

import { type ChildProcess, spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ensureSite } from "../scripts/set-up.mjs";
import { copyRepository } from "./repository.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-clone-"));
const clone = join(folder, "ein Ordner für Größeres");
const inClone = (name: string) => join(clone, ...name.split("/"));
const remove = (name: string) => rmSync(inClone(name), { recursive: true });

beforeAll(() => copyRepository(clone));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A newcomer's shell: nothing of npm, Vitest or CI is set in it. */
function shell(): NodeJS.ProcessEnv {
  const own = /^(npm_|NODE_OPTIONS|VITEST|CI$|NODE_ENV)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs an npm command as a shell would: in a process group of its own. */
function npmRun(settings: Record<string, string> = {}, command = "train", ...args: string[]) {
  const options = { cwd: clone, env: { ...shell(), ...settings }, detached: true };
  const child = spawn("npm", ["run", command, "--", ...args], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const result = { code: -1 as number | null, stdout: "", stderr: "" };
  child.stdout.on("data", (text) => (result.stdout += text));
  child.stderr.on("data", (text) => (result.stderr += text));
  const ended = new Promise<typeof result>((resolve) =>
    child.on("close", (code) => resolve({ ...result, code })),
  );
  return { child, result, ended };
}

async function trains(): Promise<string> {
  const { code, stdout, stderr } = await npmRun().ended;
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("500");
  return stderr;
}

const installing = "installing what train needs (once) …";

test("npm run train: installs and trains in a fresh clone, in a folder with any name", async () => {
  expect(await trains()).toContain(installing);
  for (const folder of ["site", "test", "bench", "scripts/kernel"]) {
    expect(existsSync(inClone(`${folder}/node_modules`)), folder).toBe(false);
  }
});

test("npm run train: the second time has nothing to install or to build", async () => {
  const stderr = await trains();
  expect(stderr).not.toContain(installing);
});

test("npm run train: repairs an install and a build that lost files", async () => {
  remove("node_modules/typescript/lib/getExePath.js");
  truncateSync(inClone("dist/index.js"), 10);
  expect(await trains()).toContain(installing);
  remove("node_modules/.installed");
  remove("dist/cli/main.js");
  expect(await trains()).toContain(installing);
  expect(existsSync(inClone("dist/cli/main.js"))).toBe(true);
});

test("npm run train: compiles again when only dist is damaged, and installs nothing", async () => {
  truncateSync(inClone("dist/cli/main.js"), 10);
  expect(await trains()).not.toContain(installing);
});

test("npm run train: takes up where a killed install stopped", async () => {
  for (const whole of [true, false]) {
    remove("node_modules");
    remove("dist");
    const { child, result, ended } = npmRun();
    while (!result.stderr.includes(installing) && child.exitCode === null) await after(10);
    await after(300);
    // Once everything at a stroke, once npm run alone: what it had started goes on meanwhile.
    process.kill(whole ? -child.pid! : child.pid!, "SIGKILL");
    await trains();
    await ended;
  }
});

test("npm run train: two at once install once and both train", async () => {
  remove("node_modules");
  remove("dist");
  const both = await Promise.all([trains(), trains()]);
  expect(both.filter((stderr) => stderr.includes(installing)).length).toBe(1);
});

const started: ChildProcess[] = [];
afterEach(() => {
  for (const { pid } of started.splice(0)) {
    try {
      process.kill(-pid!, "SIGKILL"); // it had started
    } catch {
      // it has ended, as it should
    }
  }
});

/** Runs npm start until it has printed its link. */
async function start(...args: string[]) {
  const running = npmRun({}, "start", ...args);
  started.push(running.child);
  const link = () => /The course is at (\S+)/.exec(running.result.stdout)?.[1];
  while (link() === undefined && running.child.exitCode === null) await after(20);
  expect(link(), running.result.stderr).toBeDefined();
  const url = link()!; // else the line before has thrown
  const text = async (page: string) => (await fetch(new URL(page, url))).text();
  const end = (signal: "SIGINT" | "SIGTERM") => {
    process.kill(-running.child.pid!, signal); // it has started
    return running.ended;
  };
  return { ...running, url, text, end };
}

test("npm start: serves the course in a fresh clone, with the bytes that every folder gives", async () => {
  const first = await start();
  expect(first.result.stderr).toContain("installing what npm start needs (once) …");
  expect(first.result.stderr).toContain("building the course …");
  expect(await first.text("")).toMatch(/^<!doctype html>[\s\S]*<h1/);
  for (const folder of ["test", "bench", "scripts/kernel"]) {
    expect(existsSync(inClone(`${folder}/node_modules`)), folder).toBe(false);
  }
  // The list has a hash of every file, so nothing depends on the folder or the time of the build.
  const here = join(await ensureSite("the tests"), "files.json");
  expect(await first.text("files.json")).toBe(readFileSync(here, "utf8"));

  const port = new URL(first.url).port;
  const second = await start("--port", port, "--no-open");
  expect(second.url).not.toBe(first.url);
  expect(second.result.stderr).toContain(`Port ${port} is taken`);
  expect(second.result.stderr).not.toContain("building");
  expect(await second.text("")).toBe(await first.text(""));

  const lesson = inClone("lessons/02-visualizing-graphs/lesson.md");
  appendFileSync(lesson, "\nA sentence that was just written.\n");
  while (!first.result.stderr.includes("built again")) await after(50);
  expect(await first.text("02-visualizing-graphs.html")).toContain("that was just written");
  appendFileSync(lesson, "\n```ts\nlet unfinished");
  while (!first.result.stderr.includes("not built again")) await after(50);
  expect(first.result.stderr).toMatch(/lesson\.md:\d+: this fence is never closed/);
  expect(await first.text("02-visualizing-graphs.html")).toContain("that was just written");

  // Ctrl+C reaches npm and what it has started alike.
  const ended = await first.end("SIGINT");
  expect([0, "SIGINT"]).toContain(first.child.exitCode ?? first.child.signalCode);
  expect(ended.stdout).toContain("npm run train");
  expect(ended.stderr).not.toMatch(/\n +at |npm error/);
  await second.end("SIGTERM");
  for (const { url } of [first, second]) await expect(fetch(url)).rejects.toThrow();
});

test("npm start: says what it can do, and what is wrong with an option", async () => {
  expect((await npmRun({}, "start", "--help").ended).stdout).toContain("--no-open");
  for (const [args, message] of [
    [["--port", "many"], '--port: expected a number from 1 to 65535, got "many"'],
    [["--fast"], "npm start -- --port 5000"],
  ] as const) {
    const { code, stderr } = await npmRun({}, "start", ...args).ended;
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n +at /);
  }
});

test("npm run kernel: a Deno that cannot be had is no finished install", async () => {
  const nowhere = { npm_config_offline: "true", npm_config_cache: join(folder, "empty") };
  const settings = { ...nowhere, JUPYTER_DATA_DIR: join(folder, "jupyter") };
  const { code, stderr } = await npmRun(settings, "kernel").ended;
  expect(code).toBe(1);
  expect(stderr).toContain(
    "npm could not install Deno, the TypeScript kernel.\nThere is no network",
  );
  expect(existsSync(inClone("scripts/kernel/node_modules/.installed"))).toBe(false);
});

test("npm run train: without a network says so in a sentence and fails", async () => {
  remove("node_modules");
  remove("dist");
  const nowhere = { npm_config_offline: "true", npm_config_cache: join(folder, "empty") };
  const { code, stderr } = await npmRun(nowhere).ended;
  expect(code).toBe(1);
  expect(stderr).toContain("There is no network, or none that npm can use");
  expect(stderr).not.toMatch(/\n +at /);
});

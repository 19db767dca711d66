// The newcomers' path: one command in a fresh clone, whatever state an earlier try has left behind.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
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
function npmRun(settings: Record<string, string> = {}, command = "train") {
  const options = { cwd: clone, env: { ...shell(), ...settings }, detached: true };
  const child = spawn("npm", ["run", command], { ...options, stdio: ["ignore", "pipe", "pipe"] });
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

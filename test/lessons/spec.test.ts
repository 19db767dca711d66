// Where and how Jupyter finds the kernel.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { installKernel, kernelPlace, removeKernel } from "../../scripts/kernel/spec.mjs";
import { root } from "../../scripts/set-up.mjs";

const folder = mkdtempSync(join(tmpdir(), "chainrule-spec-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("kernelPlace: Jupyter's folder for the user's own data, on each system", () => {
  const place = (env: Record<string, string>, platform: NodeJS.Platform) =>
    kernelPlace("deno", env, platform, "home");
  expect(place({}, "linux")).toBe(join("home", ".local", "share", "jupyter", "kernels", "deno"));
  expect(place({ XDG_DATA_HOME: "x" }, "linux")).toBe(join("x", "jupyter", "kernels", "deno"));
  expect(place({}, "darwin")).toBe(join("home", "Library", "Jupyter", "kernels", "deno"));
  expect(place({ APPDATA: "a" }, "win32")).toBe(join("a", "jupyter", "kernels", "deno"));
  expect(place({ JUPYTER_DATA_DIR: "j" }, "darwin")).toBe(join("j", "kernels", "deno"));
});

test("installKernel: a kernel that can be interrupted; again replaces, removeKernel removes", () => {
  const place = join(folder, "kernels", "deno");
  installKernel(place, "/old/deno", false);
  installKernel(place, "/new/deno", false);
  const spec = JSON.parse(readFileSync(join(place, "kernel.json"), "utf8"));
  const gate = join(root, "scripts", "kernel", "gate.mjs");
  expect(spec.argv).toEqual([process.execPath, gate, "/new/deno", "{connection_file}"]);
  expect([spec.interrupt_mode, spec.language]).toEqual(["message", "typescript"]);
  expect(removeKernel(place, false)).toBe(true);
  expect(existsSync(place)).toBe(false);
  expect(removeKernel(place, false)).toBe(false);
});

test("installKernel: leaves alone what somebody else installed, unless forced", () => {
  const place = join(folder, "kernels", "other");
  mkdirSync(place, { recursive: true });
  for (const text of ['{"argv": ["deno"]}', "{damaged"]) {
    writeFileSync(join(place, "kernel.json"), text);
    expect(() => installKernel(place, "/new/deno", false)).toThrow("did not write it");
    expect(() => removeKernel(place, false)).toThrow("did not write it");
    expect(readFileSync(join(place, "kernel.json"), "utf8")).toBe(text);
  }
  installKernel(place, "/new/deno", true);
  removeKernel(place, false);
});

test("removeKernel: a folder that holds no kernel is left alone", () => {
  const place = join(folder, "kernels", "notes");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "mine.txt"), "text");
  expect(removeKernel(place, true)).toBe(false);
  expect(readFileSync(join(place, "mine.txt"), "utf8")).toBe("text");
});

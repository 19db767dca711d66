// Where the pinned Deno is. Read ../set-up.mjs first.

import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../set-up.mjs";

/** The folder of the package file that brings Deno, for `ensureInstalled`. */
export const kernelFolder = "scripts/kernel";

const platform = `${process.platform}-${process.arch}`;
const names = [`@deno/${platform}`, `@deno/${platform}-glibc`];

/** Whether npm has a Deno for this machine. */
export function hasDeno() {
  const file = path.join(root, kernelFolder, "package.json");
  const { optionalDependencies } = JSON.parse(fs.readFileSync(file, "utf8"));
  return names.some((name) => name in optionalDependencies);
}

/** The path of Deno's program, or undefined if it was not installed. */
export function findDeno() {
  const program = process.platform === "win32" ? "deno.exe" : "deno";
  const paths = names.map((name) => path.join(root, kernelFolder, "node_modules", name, program));
  return paths.find((path) => fs.existsSync(path));
}

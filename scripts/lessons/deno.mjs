// Where the pinned Deno is. Read ../set-up.mjs first.

import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../set-up.mjs";

/** The folder of the package file that brings Deno, for `ensureInstalled`. */
export const kernelFolder = "scripts/kernel";

/** The path of Deno's program, or undefined where npm brings none for this machine. */
export function findDeno() {
  const platform = `${process.platform}-${process.arch}`;
  const program = process.platform === "win32" ? "deno.exe" : "deno";
  const paths = [`deno/${platform}`, `deno/${platform}-glibc`].map((name) =>
    path.join(root, kernelFolder, "node_modules", `@${name}`, program),
  );
  return paths.find((path) => fs.existsSync(path));
}

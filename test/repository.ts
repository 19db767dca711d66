// What the repository consists of, for tests that check or copy all of it.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/set-up.mjs";

/** Every file that is committed or would be with `git add .`: paths from the root, sorted. */
export function repositoryFiles(): string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const names = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0");
  return names.filter((name) => name !== "" && existsSync(join(root, name))).sort();
}

/** Copies the present state of these files, as a clone would lay them down. */
export function copyRepository(folder: string): void {
  for (const name of repositoryFiles()) cpSync(join(root, name), join(folder, name));
}

// The file by which Jupyter knows a kernel (jupyter-client.readthedocs.io, "Kernel specs"). Read
// gate.mjs first.

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { SetUpError } from "../set-up.mjs";

const gate = fileURLToPath(new URL("gate.mjs", import.meta.url));

/** The folder of a kernel among the user's own data, where Jupyter looks for it. */
export function kernelPlace(
  /** @type {string} */ name,
  env = process.env,
  platform = process.platform,
  home = os.homedir(),
) {
  const { JUPYTER_DATA_DIR: chosen, XDG_DATA_HOME: data, APPDATA: roaming } = env;
  const usual = {
    darwin: path.join(home, "Library", "Jupyter"),
    win32: path.join(roaming || path.join(home, "AppData", "Roaming"), "jupyter"),
  };
  const onLinux = path.join(data || path.join(home, ".local", "share"), "jupyter");
  const own = platform === "darwin" || platform === "win32" ? usual[platform] : onLinux;
  return path.join(chosen || own, "kernels", name);
}

/**
 * Writes the kernel's file; an older one of ours is replaced.
 * @param {string} folder
 * @param {string} deno the path of the program
 * @param {boolean} force replace one that is not ours too
 */
export function installKernel(folder, deno, force) {
  refuseForeign(folder, force, "replaces");
  const spec = {
    argv: [process.execPath, gate, deno, "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    // Deno knows no signal that stops a cell: without this, Jupyter's stop button does nothing.
    interrupt_mode: "message",
    metadata: { chainrule: true },
  };
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "kernel.json");
  fs.writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(spec, null, 2)}\n`);
  fs.renameSync(`${file}.${process.pid}`, file);
}

/**
 * Takes the kernel away.
 * @param {string} folder
 * @param {boolean} force even if it is not ours
 * @returns {boolean} whether there was one
 */
export function removeKernel(folder, force) {
  if (!fs.existsSync(path.join(folder, "kernel.json"))) return false; // then it is no kernel
  refuseForeign(folder, force, "removes");
  fs.rmSync(folder, { recursive: true });
  return true;
}

/**
 * @param {string} folder
 * @param {boolean} force
 * @param {string} does
 */
function refuseForeign(folder, force, does) {
  const file = path.join(folder, "kernel.json");
  if (force || !fs.existsSync(file) || isOurs(file)) return;
  throw new SetUpError(`${file} is there already, and this repository did not write it.
Notebooks can run with it, if it is Deno. --force ${does} it; --name NAME takes another name.`);
}

/** @param {string} file */
function isOurs(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")).metadata?.chainrule === true;
  } catch {
    return false;
  }
}

// What the commands do first: install and build, each only when needed. Read lock.mjs first.
// It runs before anything is installed, so it uses Node alone.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { aloneWith } from "./lock.mjs";

/** The folder that holds the repository. */
export const root = fileURLToPath(new URL("..", import.meta.url));

// --- Small things that both jobs share ----------------------------------------------------------

/** Says one thing to the person waiting, apart from what the command itself prints. */
export function say(/** @type {string} */ line) {
  console.error(line);
}

/** A failure that the reader can act on: its message is printed without a stack trace. */
export class SetUpError extends Error {}

/**
 * Runs a script's work. A failure of set-up prints its message and ends with exit code 1.
 * @param {() => Promise<void>} work
 */
export async function main(work) {
  try {
    const [major] = process.versions.node.split(".").map(Number);
    if (major < 20) throw new SetUpError(`This needs Node 20 or newer, not ${process.version}.`);
    await work();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}

/**
 * Reads the options of the command line.
 * @template {import("node:util").ParseArgsConfig} Config
 * @param {Config} config
 * @param {string} usage what is said when they cannot be read
 */
export function readArguments(config, usage) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new SetUpError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

/**
 * The files below a folder with their sizes, by path from that folder. Links are not followed.
 * @param {string} folder
 */
function sizesOfFiles(folder) {
  /** @type {Record<string, number>} */
  const sizes = {};
  for (const file of filesBelow(folder)) sizes[file] = fs.lstatSync(path.join(folder, file)).size;
  return sizes;
}

/**
 * The files and links below a folder. Links are not followed.
 * @param {string} folder
 * @param {string} below
 * @returns {string[]} paths from `folder`, with slashes, sorted
 */
export function filesBelow(folder, below = "") {
  const entries = fs.readdirSync(path.join(folder, below), { withFileTypes: true });
  return entries
    .flatMap((entry) => {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(folder, name) : [name];
    })
    .sort();
}

/**
 * One hash over names and contents of files.
 * @param {string} folder
 * @param {string[]} files paths from `folder`
 */
function hashOfFiles(folder, files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const content = fs.readFileSync(path.join(folder, file));
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/**
 * What a JSON file holds, or undefined if it is missing or damaged: then the work is done again.
 * @param {string} file
 */
function readStamp(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Writes a JSON file so that a reader finds the old one or the new one, never half of one.
 * @param {string} file
 * @param {unknown} value
 */
function writeStamp(file, value) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.${process.pid}`, JSON.stringify(value));
  fs.renameSync(`${file}.${process.pid}`, file);
}

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @param {(child: number) => void} started
 * @returns {Promise<{ code: number, output: string }>} the exit code (1 when a signal ended it) and
 *   what the command printed, unless `options.stdio` sent that elsewhere
 */
export function run(command, args, options = {}, started = () => {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    if (child.pid !== undefined) started(child.pid);
    let output = "";
    child.stdout?.on("data", (text) => (output += text));
    child.stderr?.on("data", (text) => (output += text));
    child.on("error", (error) => resolve({ code: 1, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** @param {string} job */
const lockOf = (job) => path.join(root, ".cache", `${job}.lock`);

// --- Install ------------------------------------------------------------------------------------

/**
 * Installs what a folder's package-lock.json lists, unless all of it is there already: every file
 * that the last complete install put down, in the size it had. Anything less (never installed, a
 * stopped install, deleted files, a changed lock file) installs afresh. Runs no package's install
 * scripts.
 * @param {string} folder path from the repository's root: ".", "test", "bench"
 * @param {string} purpose what needs it, for the one line that is printed while it takes place
 */
export async function ensureInstalled(folder, purpose) {
  if (isInstalled(folder)) return;
  await aloneWith(lockOf(`install-${folder === "." ? "root" : folder}`), async (started) => {
    if (isInstalled(folder)) return; // the process we waited for did it
    say(`installing what ${purpose} needs (once) …`);
    const args = [
      "ci",
      ...["--include=dev", "--include=optional", "--ignore-scripts", "--no-audit", "--no-fund"],
      // Without a network, say so in seconds instead of minutes.
      ...["--prefer-offline", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"],
    ];
    const { code, output } = await npm(path.join(root, folder), args, started);
    if (code !== 0) throw new SetUpError(whyInstallFailed(folder, output));
    writeStamp(markerOf(folder), {
      key: installKey(folder),
      sizes: sizesOfFiles(modulesOf(folder)),
    });
  });
}

/** Has the next `ensureInstalled` install afresh. */
export function forgetInstall(/** @type {string} */ folder) {
  fs.rmSync(markerOf(folder), { force: true });
}

/** @param {string} folder */
const modulesOf = (folder) => path.join(root, folder, "node_modules");

/** @param {string} folder */
const markerOf = (folder) => path.join(modulesOf(folder), ".installed");

/** @param {string} folder */
function installKey(folder) {
  const hash = hashOfFiles(path.join(root, folder), ["package-lock.json"]);
  return `${hash} ${process.platform} ${process.arch}`;
}

/** @param {string} folder */
function isInstalled(folder) {
  const marker = readStamp(markerOf(folder));
  if (marker?.key !== installKey(folder)) return false;
  const sizes = Object.entries(marker.sizes);
  return sizes.every(([file, size]) => {
    const found = fs.lstatSync(path.join(modulesOf(folder), file), { throwIfNoEntry: false });
    return found?.size === size;
  });
}

/**
 * Runs npm, the one that started us if there is one.
 * @param {string} folder
 * @param {string[]} args
 * @param {(child: number) => void} [started]
 */
export function npm(folder, args, started) {
  const own = process.env.npm_execpath ?? "";
  // `npm --prefix here run train` hands its prefix down, and npm would then work in that folder.
  const options = { cwd: folder, env: { ...process.env, npm_config_prefix: undefined } };
  if (/npm-cli\.c?js$/.test(own)) return run(process.execPath, [own, ...args], options, started);
  return run("npm", args, { ...options, shell: process.platform === "win32" }, started);
}

/**
 * @param {string} folder
 * @param {string} output
 */
function whyInstallFailed(folder, output) {
  const offline = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/;
  const advice = offline.test(output)
    ? "There is no network, or none that npm can use: connect once and run the command again."
    : "Run the command again; if it fails again, the lines above say why.";
  const what = `npm could not install what ${path.join(folder, "package-lock.json")} lists.`;
  return `${output.trim()}\n\n${what}\n${advice}`;
}

// --- Build --------------------------------------------------------------------------------------

const dist = path.join(root, "dist");
const builtStamp = path.join(root, ".cache", "built.json");

/**
 * Compiles src/ to dist/ unless dist/ is already what the present sources and settings compile to.
 * A build that is stopped leaves dist/ as it was or absent, never half written.
 * @param {string} purpose what needs it, in case something has to be installed first
 */
export async function ensureBuilt(purpose) {
  if (isBuilt()) return;
  await ensureInstalled(".", purpose);
  await aloneWith(lockOf("build"), async (started) => {
    if (isBuilt()) return; // the process we waited for did it
    const key = buildKey();
    // Beside dist/, not in .cache/: source maps hold paths from the output to the sources.
    const fresh = path.join(root, "dist.new");
    fs.rmSync(fresh, { recursive: true, force: true });
    const { code, output } = await tsc(["-p", root, "--outDir", fresh, "--noEmitOnError"], started);
    if (code !== 0) throw new SetUpError(`${output.trim()}\n\nsrc/ does not compile (see above).`);
    const command = path.join(fresh, "cli", "main.js");
    if (fs.existsSync(command)) fs.chmodSync(command, 0o755);
    fs.rmSync(dist, { recursive: true, force: true });
    fs.renameSync(fresh, dist);
    writeStamp(builtStamp, { key, output: hashOfFiles(dist, filesBelow(dist)) });
  });
}

function isBuilt() {
  const stamp = readStamp(builtStamp);
  if (stamp === undefined || !fs.existsSync(dist)) return false;
  return stamp.key === buildKey() && stamp.output === hashOfFiles(dist, filesBelow(dist));
}

// package-lock.json stands for the version of TypeScript.
function buildKey() {
  const names = filesBelow(path.join(root, "src")).filter((file) =>
    /(^|\/)[^./][^/]*\.ts$/.test(file),
  );
  const sources = names.map((file) => `src/${file}`);
  return hashOfFiles(root, [...sources, "tsconfig.json", "package.json", "package-lock.json"]);
}

const siteStamp = path.join(root, ".cache", "site.json");
const siteFolder = path.join(root, "site", "dist");

/**
 * Builds the site into site/dist/ unless it is there already, made from the present sources. A build
 * that is stopped leaves site/dist/ as it was or absent, never half written.
 * @param {string} purpose what needs it, in case something has to be installed first
 * @returns {Promise<string>} its folder
 */
export async function ensureSite(purpose) {
  await ensureBuilt(purpose);
  if (isSiteBuilt()) return siteFolder;
  await ensureInstalled("site", purpose);
  await ensureInstalled(".", purpose); // what pictures and cells are made with
  await aloneWith(lockOf("site"), async () => {
    if (isSiteBuilt()) return; // the process we waited for did it
    say("building the course …");
    const key = siteKey();
    const fresh = `${siteFolder}.new`;
    const { buildSite } = await import("../site/build/build.mjs");
    await buildSite(fresh);
    fs.rmSync(siteFolder, { recursive: true, force: true });
    fs.renameSync(fresh, siteFolder);
    writeStamp(siteStamp, { key, output: hashOfFiles(siteFolder, filesBelow(siteFolder)) });
  });
  return siteFolder;
}

function isSiteBuilt() {
  const stamp = readStamp(siteStamp);
  if (stamp === undefined || !fs.existsSync(siteFolder)) return false;
  const output = () => hashOfFiles(siteFolder, filesBelow(siteFolder));
  return stamp.key === siteKey() && stamp.output === output();
}

function siteKey() {
  const site = fs.readdirSync(path.join(root, "site"), { withFileTypes: true });
  const folders = site
    .filter((entry) => entry.isDirectory() && !/^(node_modules|dist|dist\.new)$/.test(entry.name))
    .map((entry) => `site/${entry.name}`);
  const files = [...folders, "lessons", "notebooks", "scripts/lessons", "src", "dist"]
    .flatMap((folder) => filesBelow(path.join(root, folder)).map((file) => `${folder}/${file}`))
    .filter((file) => !/\/\./.test(file)); // what an editor keeps while it is open
  const locks = ["site/package-lock.json", "package-lock.json"];
  return hashOfFiles(root, [...files, ...locks, "README.md"].sort()); // the front page quotes it
}

/**
 * Runs the TypeScript compiler of the root folder.
 * @param {string[]} args
 * @param {(child: number) => void} [started]
 */
export function tsc(args, started) {
  const compiler = path.join(modulesOf("."), "typescript", "bin", "tsc");
  const colours = ["--pretty", String(process.stderr.isTTY === true)];
  return run(process.execPath, [compiler, ...colours, ...args], {}, started);
}

/**
 * Runs the formatter and linter over the repository, printing to the terminal.
 * @param {string[]} args
 */
export function biome(args) {
  const command = path.join(modulesOf("test"), "@biomejs", "biome", "bin", "biome");
  return run(process.execPath, [command, ...args], { cwd: root, stdio: "inherit" });
}

/**
 * Hands over to the `chainrule` command: builds it, then runs it in this process, so that it has
 * the terminal, the signals and the exit code for itself.
 * @param {string[]} args
 * @param {string} purpose
 */
export async function runCommand(args, purpose) {
  await ensureBuilt(purpose);
  const command = path.join(dist, "cli", "main.js");
  process.argv = [process.argv[0], command, ...args];
  await import(pathToFileURL(command).href);
}

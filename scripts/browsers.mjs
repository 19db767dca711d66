// Finds the browsers that the tests run in, and installs them where that is wanted. Read set-up.mjs
// first.

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { root, run, SetUpError, say } from "./set-up.mjs";

const mac = "/Applications";
const windows = [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"]];

/** Where each browser is looked for, and how it is called by those who serve it. */
const browsers = {
  chromium: {
    variable: "CHROME_PATH",
    commands: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    places: [
      `${mac}/Google Chrome.app/Contents/MacOS/Google Chrome`,
      `${mac}/Chromium.app/Contents/MacOS/Chromium`,
      ...windows.map((folder) => `${folder}\\Google\\Chrome\\Application\\chrome.exe`),
      ...windows.map((folder) => `${folder}\\Microsoft\\Edge\\Application\\msedge.exe`),
    ],
    debian: "chromium",
    download: "chrome",
  },
  firefox: {
    variable: "FIREFOX_PATH",
    commands: ["firefox", "firefox-esr"],
    places: [
      `${mac}/Firefox.app/Contents/MacOS/firefox`,
      ...windows.map((folder) => `${folder}\\Mozilla Firefox\\firefox.exe`),
    ],
    debian: "firefox-esr",
    download: "firefox",
  },
};

/**
 * Finds a browser to run tests in: the one that $CHROME_PATH or $FIREFOX_PATH names, else one on
 * the PATH or in a usual place. With `install`, one that is missing is installed: with apt-get
 * where that may be done without asking, else by download into test/.cache.
 * @param {"chromium" | "firefox"} name
 * @param {{ install?: boolean }} options
 * @returns {Promise<{ path: string, reason?: undefined } | { path?: undefined, reason: string }>}
 */
export async function findBrowser(name, { install = false } = {}) {
  const { variable, debian, download } = browsers[name];
  const named = process.env[variable];
  if (named) {
    if (fs.existsSync(named)) return { path: named };
    return { reason: `$${variable} names ${named}, which does not exist` };
  }
  const present = browserHere(name) ?? (await downloadedBrowser(download));
  if (present) return { path: present };
  if (!install) return { reason: `not installed; $${variable} can name one` };
  say(`installing ${name} for the tests (once) …`);
  const fromDebian = await aptInstall(debian);
  const installed = browserHere(name);
  if (installed) return { path: installed };
  try {
    return { path: await downloadBrowser(download) };
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return { reason: `apt-get: ${fromDebian}; download: ${why}` };
  }
}

/**
 * @typedef {import("../test/node_modules/puppeteer-core/lib/types.js").Page} Page
 * @typedef {import("../test/node_modules/puppeteer-core/lib/types.js").Browser} Browser
 */

/**
 * Starts a browser without a window; whoever calls closes it. Needs the packages of test/.
 * @param {"chromium" | "firefox"} name
 * @param {string[]} args of its command line
 * @returns {Promise<Browser>}
 */
export async function launchBrowser(name, args = []) {
  const found = await findBrowser(name);
  if (found.path === undefined) throw new SetUpError(`${name}: ${found.reason}`);
  const { launch } = await import(
    "../test/node_modules/puppeteer-core/lib/esm/puppeteer/puppeteer-core.js"
  );
  // As root, in a container, Chromium starts only without its own sandbox and with little of /dev/shm.
  const needed = name === "firefox" ? [] : ["--no-sandbox", "--disable-dev-shm-usage"];
  const browser = name === "firefox" ? "firefox" : "chrome";
  const started = launch({ browser, executablePath: found.path, args: [...needed, ...args] });
  // The package has the types of this class twice, here and under its own name.
  return /** @type {Promise<any>} */ (started);
}

/** @param {"chromium" | "firefox"} name */
function browserHere(name) {
  const { commands, places } = browsers[name];
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const onPath = commands.flatMap((command) => folders.map((folder) => path.join(folder, command)));
  return [...onPath, ...places].find((file) => fs.existsSync(file));
}

/**
 * @param {string} name
 * @returns {Promise<string>} what came of it, in a few words
 */
async function aptInstall(name) {
  if (spawnSync("apt-get", ["--version"]).status !== 0) return "not on this system";
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "--non-interactive"];
  if (asRoot.length > 0 && spawnSync("sudo", ["--non-interactive", "true"]).status !== 0) {
    return "needs a password";
  }
  const apt = ["apt-get", "--quiet", "-o", "DPkg::Lock::Timeout=300"];
  const steps = [
    [...apt, "update"],
    [...apt, "install", "--yes", "--no-install-recommends", name],
  ];
  for (const step of steps) {
    const words = [...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", ...step];
    const { code, output } = await run(words[0], words.slice(1));
    const lastLine = output.trim().split("\n").at(-1) ?? "";
    if (code !== 0) return `exit code ${code}, ${lastLine}`;
  }
  return "installed, but no browser found";
}

const downloads = path.join(root, "test", ".cache", "browsers");

const downloader = () => import("../test/node_modules/@puppeteer/browsers/lib/esm/main.js");

/** @param {string} name */
async function downloadedBrowser(name) {
  if (!fs.existsSync(downloads)) return undefined;
  const found = await (await downloader()).getInstalledBrowsers({ cacheDir: downloads });
  return found.find(({ browser }) => browser === name)?.executablePath;
}

/** @param {string} name */
async function downloadBrowser(name) {
  const { Browser, computeExecutablePath, detectBrowserPlatform, install, resolveBuildId } =
    await downloader();
  const browser = name === "firefox" ? Browser.FIREFOX : Browser.CHROME;
  const platform = detectBrowserPlatform();
  if (platform === undefined) throw new Error("no build for this platform");
  const buildId = await resolveBuildId(browser, platform, "stable");
  const choice = { browser, buildId, cacheDir: downloads };
  await install(choice);
  return computeExecutablePath(choice);
}

// Finds the JavaScript runtimes of this machine and runs functions of this folder's modules in
// each, so that a test can compare what they return. Read test/runtimes.test.ts first.

import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type Browser, type LaunchOptions, launch } from "puppeteer-core";
import { findBrowser } from "../../scripts/browsers.mjs";
import { findDeno } from "../../scripts/lessons/deno.mjs";
import { root, tsc } from "../../scripts/set-up.mjs";

const test = fileURLToPath(new URL("..", import.meta.url));
const compiled = join(test, ".cache", "runtimes");
const platform = `${process.platform}-${process.arch}`;
const extension = process.platform === "win32" ? ".exe" : "";

/** A JavaScript runtime that was found here. */
export interface Runtime {
  /** "Node 20", "Deno", "Firefox" and so on. */
  name: string;
  /** What it says of itself when asked from inside: a version, a browser's user agent. */
  identity: string;
  /**
   * Calls an exported function of a module in test/runtimes and gives the string it returns.
   * `run("bits", "mathBits")` calls `mathBits` of bits.ts.
   */
  run(module: string, name: string): Promise<string>;
}

/** What `openRuntimes` found; `missing` holds lines like "Firefox (not installed)". */
export interface Runtimes {
  found: Runtime[];
  missing: string[];
  close(): Promise<void>;
}

/** A way to evaluate an expression, or the reason why there is none. */
type Found = { evaluate: (expression: string) => Promise<string>; base: string } | string;

/** Compiles this folder's modules and starts every runtime that this machine has. */
export async function openRuntimes(): Promise<Runtimes> {
  const { code, output } = await tsc(["-p", join(test, "runtimes")]);
  if (code !== 0) throw new Error(`test/runtimes does not compile:\n${output}`);

  const server = await serve();
  const browsers: Browser[] = [];
  const candidates: [name: string, found: Found][] = [
    ["Node 20", findNode(20)],
    ["Node 22", findNode(22)],
    ["Node 24", findNode(24)],
    ["Deno", openDeno()],
    ["Chromium", await openBrowser("chromium", server.url, browsers)],
    ["Firefox", await openBrowser("firefox", server.url, browsers)],
  ];

  const found: Runtime[] = [];
  const missing: string[] = [];
  for (const [name, way] of candidates) {
    if (typeof way === "string") {
      missing.push(`${name} (${way})`);
      continue;
    }
    const { evaluate, base } = way;
    found.push({
      name,
      identity: await evaluate(
        "globalThis.Deno?.version.deno ?? globalThis.process?.version ?? navigator.userAgent",
      ),
      run: (module, name) =>
        evaluate(`import("${base}test/runtimes/${module}.js").then((module) => module.${name}())`),
    });
  }
  const close = async () => {
    for (const browser of browsers) await browser.close();
    server.close();
  };
  return { found, missing, close };
}

/** The Node that test/package.json brings, or the one that runs this if it is of that version. */
function findNode(major: number): Found {
  const brought = join(test, "node_modules", `node${major}-${platform}`, "bin", `node${extension}`);
  const isOwn = process.versions.node.startsWith(`${major}.`);
  const path = existsSync(brought) ? brought : isOwn ? process.execPath : undefined;
  if (path === undefined) return `npm brings none for ${platform}`;
  return command(path, ["--input-type=module", "--eval"]);
}

/** The Deno whose kernel runs the lessons. */
function openDeno(): Found {
  const path = findDeno();
  if (path === undefined) return `npm brings none for ${platform}`;
  const map = join(compiled, "import-map.json");
  writeFileSync(map, importMap(pathToFileURL(`${root}/`).href));
  return command(path, ["eval", "--no-config", "--no-lock", `--import-map=${map}`]);
}

/** Where the packages that pictures use are found, for runtimes that do not look for themselves. */
function importMap(base: string): string {
  const names = ["array", "color", "contour", "format", "interpolate", "path", "scale", "shape"];
  const d3 = [...names, "time", "time-format"].map((name) => `d3-${name}`);
  const imports = [...d3, "internmap", "@viz-js/viz"].map((name) => {
    const manifest = join(root, "node_modules", name, "package.json");
    const { module, exports } = JSON.parse(readFileSync(manifest, "utf8"));
    return [name, `${base}node_modules/${name}/${module ?? exports.default}`];
  });
  return JSON.stringify({ imports: Object.fromEntries(imports) });
}

function command(path: string, args: string[]): Found {
  const options = {
    cwd: tmpdir(), // away from every package.json
    env: {
      ...process.env,
      NODE_OPTIONS: "", // Vitest's own are not for other versions
      NO_COLOR: "1",
      DENO_DIR: join(test, ".cache", "deno"),
      DENO_NO_UPDATE_CHECK: "1",
    },
  };
  const evaluate = async (expression: string) => {
    const program = `console.log(await (${expression}));`;
    const { stdout } = await promisify(execFile)(path, [...args, program], options);
    return stdout.trimEnd();
  };
  return { evaluate, base: pathToFileURL(`${compiled}/`).href };
}

async function openBrowser(
  name: "chromium" | "firefox",
  url: string,
  browsers: Browser[],
): Promise<Found> {
  const { path, reason } = await findBrowser(name, { install: process.env.CI === "true" });
  if (path === undefined) return reason;
  try {
    const browser = await launch(launchOptions(name, path));
    browsers.push(browser);
    const page = await browser.newPage();
    await page.goto(url);
    return { evaluate: (expression) => page.evaluate(expression) as Promise<string>, base: url };
  } catch (error) {
    return `${path} does not start: ${error instanceof Error ? error.message : error}`;
  }
}

function launchOptions(name: "chromium" | "firefox", executablePath: string): LaunchOptions {
  if (name === "firefox") return { browser: "firefox", executablePath, headless: true };
  const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
  const offline = ["--disable-background-networking", "--disable-component-update"];
  // Chromium's sandbox refuses to run as root, as it would in most containers.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return { executablePath, headless: true, args: [...quiet, ...offline, ...sandbox] };
}

/** Serves the compiled modules and those of packages, nothing else, to this machine's browsers. */
async function serve(): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost"); // resolves any ".."
    if (pathname === "/") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      const map = `<script type="importmap">${importMap("/")}</script>`;
      return response.end(`<!doctype html><title>test</title>${map}`);
    }
    try {
      if (!/^\.m?js$/.test(extname(pathname))) throw new Error("only modules are served");
      const folder = pathname.startsWith("/node_modules/") ? root : compiled;
      const content = await readFile(join(folder, pathname));
      response.setHeader("content-type", "text/javascript; charset=utf-8");
      return response.end(content);
    } catch {
      response.statusCode = 404;
      return response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

// npm test: sets everything up, then runs every check there is. Read set-up.mjs first.

import * as fs from "node:fs";
import * as path from "node:path";
import { findBrowser } from "./browsers.mjs";
import { kernelFolder } from "./lessons/deno.mjs";
import {
  biome,
  ensureBuilt,
  ensureInstalled,
  ensureSite,
  main,
  root,
  run,
  say,
  tsc,
} from "./set-up.mjs";

const usage = `npm test                      build, lint, types and all tests
npm test -- value             the same, with only the test files whose name has "value" in it
npm test -- -t "Value.mul"    … with only the tests whose title has "Value.mul" in it
npm test -- --watch value     run tests again whenever a file changes (ends with q)

With CI=true every runtime of test/runtimes.ts is installed and none may be missing.
Whatever follows -- goes to Vitest.`;

const args = process.argv.slice(2);

if (args.includes("--help") || args.includes("-h")) console.log(usage);
else await main(args.includes("--watch") ? watch : test);

async function setUp() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    say(`The tests need Node 20.19 or newer, this is ${process.versions.node}.`);
    process.exit(1);
  }
  await ensureInstalled(".", "npm test");
  await ensureInstalled("test", "npm test");
  await ensureInstalled("site", "npm test");
  await ensureInstalled(kernelFolder, "npm test");
}

/** @param {string[]} args */
function vitest(args) {
  const command = path.join(root, "test", "node_modules", "vitest", "vitest.mjs");
  const options = { cwd: path.join(root, "test"), stdio: /** @type {const} */ ("inherit") };
  return run(process.execPath, [command, ...args], options);
}

async function watch() {
  await setUp();
  await vitest(args);
}

async function test() {
  await setUp();
  if (process.env.CI === "true") {
    // Now, so that no test waits for it. What could not be had, the test of runtimes reports.
    for (const name of /** @type {const} */ (["chromium", "firefox"])) {
      await findBrowser(name, { install: true });
    }
  }

  /** @type {{ name: string, passed: boolean }[]} */
  const checks = [];
  /** @param {string} name @param {() => Promise<boolean>} check */
  const step = async (name, check) => {
    const passed = await check();
    checks.push({ name, passed });
    console.log(`${passed ? "✓" : "✗"} ${name}`);
  };
  await step("src/ compiles", () => succeeds(() => ensureBuilt("npm test")));
  await step("layout and lint (npm run format repairs most of it)", async () => {
    return (await biome(["check", "--error-on-warnings"])).code === 0;
  });
  await step("tests and scripts type-check", () => typeChecks("test"));
  await step("the site type-checks", () => typeChecks("site"));
  await step("the site builds", () => succeeds(() => ensureSite("npm test")));

  const results = await runVitest();
  const passed = results.passed + checks.filter((check) => check.passed).length;
  const failed = results.failed + checks.filter((check) => !check.passed).length;
  for (const problem of results.problems) console.log(`✗ ${problem}`);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** Does some work, and prints why it failed if it did. @param {() => Promise<unknown>} work */
async function succeeds(work) {
  try {
    await work();
    return true;
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    return false;
  }
}

/** @param {string} folder path from the repository's root */
async function typeChecks(folder) {
  const { code, output } = await tsc(["-p", path.join(root, folder)]);
  if (code !== 0) console.log(output.trim());
  return code === 0;
}

/**
 * Runs Vitest and counts. What went wrong outside of any test counts as a failure too.
 * @returns {Promise<{ passed: number, failed: number, problems: string[] }>}
 */
async function runVitest() {
  const report = path.join(root, "test", ".cache", "results.json");
  fs.rmSync(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { code } = await vitest(["run", ...reporters, ...args]);
  if (!fs.existsSync(report)) {
    return { passed: 0, failed: 1, problems: ["Vitest did not run to its end"] };
  }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    fs.readFileSync(report, "utf8"),
  );
  /** @type {string[]} */
  const problems = [];
  for (const { name, status, assertionResults } of testResults) {
    const file = path.relative(root, name);
    if (status === "failed" && assertionResults.length === 0)
      problems.push(`${file} could not run`);
  }
  // Where titles are chosen, Vitest counts all other tests as skipped.
  const chosen = args.some((arg) => /^(-t|--testNamePattern)/.test(arg));
  const skipped = numPendingTests + numTodoTests;
  if (skipped > 0 && !chosen) problems.push(`${skipped} tests were skipped`);
  if (numPassedTests + numFailedTests === 0) problems.push("no test ran");
  if (code !== 0 && numFailedTests + problems.length === 0)
    problems.push("errors outside of tests");
  return { passed: numPassedTests, failed: numFailedTests + problems.length, problems };
}

// How the tests run: each file in a process of its own, which can force a garbage collection.

import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Code of the site runs on the built package, as in the pages. */
const dist = join(import.meta.dirname, "../dist");

const inBrowsers = ["site/**/*.test.ts", "runtimes.test.ts", "compile/workers-page.test.ts"];

export default defineConfig({
  resolve: {
    alias: [
      { find: /^chainrule$/, replacement: join(dist, "index.js") },
      { find: /^chainrule\/(draw|cells|compile|explain)$/, replacement: join(dist, "$1/index.js") },
    ],
  },
  test: {
    pool: "forks",
    execArgv: ["--expose-gc"],
    maxWorkers: "100%",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          include: ["**/*.test.ts"],
          exclude: [...inBrowsers, "**/node_modules/**"],
        },
      },
      {
        extends: true,
        // A browser loses a race now and then on a busy machine; what fails twice has failed.
        test: { name: "browsers", include: inBrowsers, retry: 1 },
      },
    ],
  },
});

// How the tests run: each file in a process of its own, which can force a garbage collection.

import { defineConfig } from "vitest/config";

const inBrowsers = ["site/**/*.test.ts", "runtimes.test.ts", "compile/workers-page.test.ts"];

export default defineConfig({
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

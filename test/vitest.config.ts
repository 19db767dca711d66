// How the tests run: each file in a process of its own, which can force a garbage collection.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    pool: "forks",
    execArgv: ["--expose-gc"],
    maxWorkers: "100%",
    retry: 1, // browsers lose a race now and then on a busy machine; what fails twice has failed
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

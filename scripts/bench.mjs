// npm run bench: sets up the engine and its peers, then measures them side by side. Read set-up.mjs
// first.

import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { ensureBuilt, ensureInstalled, main, root } from "./set-up.mjs";

await main(async () => {
  await ensureBuilt("npm run bench");
  await ensureInstalled("bench", "npm run bench");
  const benchmark = path.join(root, "bench", "run.mjs");
  process.argv = [process.argv[0], benchmark, ...process.argv.slice(2)];
  await import(pathToFileURL(benchmark).href);
});

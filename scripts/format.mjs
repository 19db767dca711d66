// npm run format: puts every file into the one layout and applies the safe fixes of the linter.

import { biome, ensureInstalled, main } from "./set-up.mjs";

await main(async () => {
  await ensureInstalled("test", "npm run format");
  const { code } = await biome(["check", "--write", ...process.argv.slice(2)]);
  process.exitCode = code;
});

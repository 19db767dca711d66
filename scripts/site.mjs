// npm run site:build: makes the site, a folder for any static host. Read set-up.mjs first.

import * as fs from "node:fs";
import * as path from "node:path";
import { ensureSite, main, say } from "./set-up.mjs";

await main(async () => {
  const [out] = process.argv.slice(2);
  const built = await ensureSite("the site");
  if (out !== undefined) fs.cpSync(built, path.resolve(out), { recursive: true });
  say(`The site is in ${out ?? path.relative(process.cwd(), built)}/: copy it to any static host.`);
});

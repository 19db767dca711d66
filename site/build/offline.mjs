// Writes the service worker, which makes the site work without a network, and the list of files. Read
// shell/service-worker.ts first.

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { filesBelow } from "../../scripts/set-up.mjs";
import { classicScript } from "./bundle.mjs";

/** The name of the list: which files a build has put into a folder, so that the next may replace them. */
export const listName = "files.json";

/** How the names of assets begin that are not kept for offline use, since few readers ask for them. */
export const lazyAssets = "types-";

/**
 * Writes both beside the files of a finished build.
 * @param {string} out folder of the site
 */
export async function writeOffline(out) {
  const worker = await classicScript("shell/service-worker.ts");
  const files = Object.fromEntries(
    filesBelow(out).map((name) => {
      const content = fs.readFileSync(path.join(out, name));
      return [name, createHash("sha256").update(content).digest("hex")];
    }),
  );
  const list = JSON.stringify(files, undefined, 1);
  const version = createHash("sha256").update(list).update(worker).digest("hex").slice(0, 20);
  fs.writeFileSync(path.join(out, listName), `${list}\n`);
  const kept = Object.entries(files).filter(([name]) => !name.startsWith(`assets/${lazyAssets}`));
  const course = JSON.stringify({ version, files: Object.fromEntries(kept) });
  // The list is in the worker's text: browsers see a new build because this text has changed.
  fs.writeFileSync(path.join(out, "sw.js"), `self.course = ${course};\n${worker}`);
}

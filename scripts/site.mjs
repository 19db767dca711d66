// npm run site:build: makes the site, a folder for any static host. Read set-up.mjs first, then
// site/build/build.mjs.

import * as fs from "node:fs";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { ensureSite, filesBelow, main, readArguments, SetUpError } from "./set-up.mjs";

const usage = `npm run site:build               the site, in site/dist/
npm run site:build -- FOLDER     the same, in a folder of yours

The folder works on any static host, under any path. A folder that holds an older build is renewed:
what that build had put there is replaced, and everything else stays. One that holds anything else is
left alone.`;

// Written by site/build/offline.mjs.
const listName = "files.json";
const serviceWorker = "sw.js";

/**
 * Copies the site to a folder that is new, empty, or holds an older build.
 * @param {string} built
 * @param {string} out
 */
function copySite(built, out) {
  if (!path.relative(built, out).startsWith("..")) {
    throw new SetUpError(
      `${out} is inside ${built}, which each build empties. Name another folder.`,
    );
  }
  const present = fs.existsSync(out) ? namesIn(out) : [];
  const older = namesOfBuild(out);
  // A checkout of the branch that a host publishes has hidden files: they are no obstacle.
  if (older === undefined && present.some((name) => !name.startsWith("."))) {
    throw new SetUpError(
      `${out} is not empty, and no site is in it: nothing was written. Name a new folder.`,
    );
  }
  const files = filesBelow(built);
  const replaced = new Set(older ?? []);
  const foreign = files.filter(
    (name) => !replaced.has(name) && fs.existsSync(path.join(out, name)),
  );
  if (foreign.length > 0) {
    throw new SetUpError(
      `${out} holds ${foreign.join(", ")}, which no build has put there: nothing was written.`,
    );
  }
  for (const name of replaced) fs.rmSync(path.join(out, name), { force: true });
  for (const name of files) {
    fs.mkdirSync(path.dirname(path.join(out, name)), { recursive: true });
    fs.copyFileSync(path.join(built, name), path.join(out, name));
  }
}

/** @param {string} folder */
function namesIn(folder) {
  if (!fs.statSync(folder).isDirectory()) throw new SetUpError(`${folder} is no folder.`);
  return fs.readdirSync(folder);
}

/**
 * What an older build has put into a folder, or nothing if there was none.
 * @param {string} folder
 * @returns {string[] | undefined}
 */
function namesOfBuild(folder) {
  try {
    const list = JSON.parse(fs.readFileSync(path.join(folder, listName), "utf8"));
    if (!fs.existsSync(path.join(folder, serviceWorker))) return undefined;
    const names = [...Object.keys(list), listName, serviceWorker];
    // Whoever may have changed the list: no name leads out of the folder.
    return names.filter((name) => /^([\w-]+\/)?[\w-][\w.-]*$/.test(name));
  } catch {
    return undefined;
  }
}

/**
 * The files with their sizes, as they are and as hosts send them.
 * @param {string} folder
 */
function table(folder) {
  let [size, packed] = [0, 0];
  const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(11);
  const lines = filesBelow(folder).map((name) => {
    const content = fs.readFileSync(path.join(folder, name));
    const gzip = gzipSync(content).length;
    size += content.length;
    packed += gzip;
    return `${name.padEnd(44)}${kilobytes(content.length)}${kilobytes(gzip)} gzip`;
  });
  return [...lines, `${"together".padEnd(44)}${kilobytes(size)}${kilobytes(packed)} gzip`].join(
    "\n",
  );
}

await main(async () => {
  const { values, positionals } = readArguments(
    { allowPositionals: true, options: { help: { type: "boolean", short: "h" } } },
    usage,
  );
  if (values.help) return console.log(usage);
  if (positionals.length > 1)
    throw new SetUpError(`one folder, not ${positionals.length}\n\n${usage}`);
  const built = await ensureSite("the site");
  const out = path.resolve(positionals[0] ?? built);
  if (out !== path.resolve(built)) copySite(built, out);
  console.log(table(built));
  console.log(
    `\nThe site is in ${path.relative(process.cwd(), out) || "."}: copy it to any static host.`,
  );
});

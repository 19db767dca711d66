// What `npm run lessons` prints of a lesson that ran. Read run.mjs first.

import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../set-up.mjs";
import { picturesOf, textOf } from "./run.mjs";

const LINES = 60; // of a cell's output are printed

/** The folder of a lesson's pictures, emptied. */
export function pictureFolder(/** @type {import("./lesson.mjs").Lesson} */ lesson) {
  const folder = path.join(root, ".cache", "lessons", lesson.slug);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * A cell's outputs, with the lesson's line; pictures are written as files.
 * @param {import("./run.mjs").CellRun} run
 * @param {string} folder for pictures
 */
export function describeCell({ cell, outputs, seconds }, folder) {
  const first = cell.source.split("\n").find((line) => line.trim() !== "") ?? "";
  const kind = cell.mode === "run" ? "" : ` ${cell.mode}`;
  const slow = seconds > 1 ? ` (${seconds.toFixed(1)} s)` : "";
  const printed = textOf(outputs).split("\n").slice(0, -1);
  const rest = printed.length > LINES ? [`… ${printed.length - LINES} more lines`] : [];
  const pictures = picturesOf(outputs).map((svg, i) => {
    const file = path.join(folder, `line-${cell.line}${i === 0 ? "" : `-${i + 1}`}.svg`);
    fs.writeFileSync(file, svg);
    return `picture: ${path.relative(process.cwd(), file)}`;
  });
  return [
    `${String(cell.line).padStart(5)}${kind}  ${first}${slow}`,
    ...[...printed.slice(0, LINES), ...rest, ...pictures].map((line) => `      | ${line}`),
  ].join("\n");
}

/** Paints each picture of a folder as PNG beside it. */
export async function paintPictures(/** @type {string} */ folder) {
  const { toPNG } = await import("chainrule/draw");
  for (const name of fs.readdirSync(folder).filter((name) => name.endsWith(".svg"))) {
    const file = path.join(folder, name);
    fs.writeFileSync(file.replace(/svg$/, "png"), await toPNG(fs.readFileSync(file, "utf8")));
  }
}

// Checks that links lead somewhere. Read ../prose.mjs first.

import * as fs from "node:fs";
import * as path from "node:path";
import { headings } from "../markdown.mjs";
import { proseLines, withoutCode } from "../prose.mjs";

/** @typedef {import("../lesson.mjs").Problem} Problem */

/**
 * Links to files lead to files that are there, with that heading; other addresses are in the list.
 * @param {string} root the folder that holds everything
 * @param {string[]} files Markdown files, as paths from `root`
 * @param {string} list a text that holds every address that may be linked to
 * @returns {Problem[]}
 */
export function checkLinks(root, files, list) {
  const known = new Set(list.match(address)?.map(withoutEnd));
  return files.flatMap((file) => {
    const text = fs.readFileSync(path.join(root, file), "utf8");
    return linksIn(text).flatMap(({ target, line }) => {
      const message = /^[a-z]+:/i.test(target)
        ? known.has(withoutEnd(target))
          ? undefined
          : `${target} is not listed in lessons/links.md`
        : deadLink(root, file, target);
      return message === undefined ? [] : [{ file, line, message }];
    });
  });
}

const address = /https?:\/\/[^\s<>"|]+/g;

/** An address without the punctuation that may follow it in a sentence. */
const withoutEnd = (/** @type {string} */ text) => text.replace(/[.,;:)]+$/, "");

/**
 * The targets of the links of a Markdown text.
 * @param {string} text
 * @returns {{ target: string, line: number }[]}
 */
export function linksIn(text) {
  const inline = /\]\(<?((?:[^()\s<>]|\([^()\s]*\))+)>?(?:\s+"[^"]*")?\)/g;
  const defined = /^ {0,3}\[[^\]]+\]:\s+<?(\S+?)>?(?:\s|$)/g;
  const automatic = /<(https?:[^>]+)>/g;
  const html = /\b(?:href|src)="([^"]+)"/g;
  return proseLines(text).flatMap((line, i) =>
    [inline, defined, automatic, html].flatMap((form) =>
      [...withoutCode(line).matchAll(form)].map(([, target]) => ({ target, line: i + 1 })),
    ),
  );
}

/**
 * @param {string} root
 * @param {string} file
 * @param {string} target relative to the file
 */
function deadLink(root, file, target) {
  const [name, anchor] = target.split("#");
  const there = path.posix.normalize(
    name === "" ? file : path.posix.join(path.posix.dirname(file), decodeURI(name)),
  );
  if (there.startsWith("../")) return `${target} leads out of the repository`;
  if (!fs.existsSync(path.join(root, there))) return `${target}: there is no ${there}`;
  if (anchor === undefined || !there.endsWith(".md")) return undefined;
  const anchors = anchorsOf(fs.readFileSync(path.join(root, there), "utf8"));
  return anchors.includes(anchor) ? undefined : `${target}: ${there} has no heading #${anchor}`;
}

/** The anchors of a text's headings, as GitHub makes them. */
export function anchorsOf(/** @type {string} */ text) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return headings(proseLines(text), 1).map(({ title }) => {
    const words = title.replace(/\]\([^)]*\)/g, "]").toLowerCase();
    const anchor = words.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

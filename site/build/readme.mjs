// What the README says, for the front page: one source for both. Read README.md first.

import * as fs from "node:fs";
import * as path from "node:path";
import MarkdownIt from "markdown-it";
import { root } from "../../scripts/set-up.mjs";

const readme = fs.readFileSync(path.join(root, "README.md"), "utf8");
const markdown = new MarkdownIt();

/**
 * The part that a pattern finds in the README; the build fails if it is not there any more.
 * @param {RegExp} pattern with one group
 */
function part(pattern) {
  const found = pattern.exec(readme)?.[1];
  if (found === undefined) throw new Error(`README.md: expected a match of ${pattern}, found none`);
  return found;
}

/** What each lesson shows, in one line, by the name of its folder. @returns {Map<string, string>} */
export function whatLessonsShow() {
  const rows = readme.matchAll(/^\| [^|]+ \| ([^|]+?) \| \[read\]\(lessons\/([\w-]+)\//gm);
  return new Map([...rows].map(([, shows, slug]) => [slug, markdown.renderInline(shows)]));
}

/** What is different in the engine, as an HTML list. Links to files are only their names here. */
export function whatIsDifferent() {
  const list = part(/\n## What is different here\n([\s\S]*?)\n## /);
  return markdown.render(list.replace(/\s*\(\[[^\]]*\]\([^)]*\)\)|\[([^\]]*)\]\([^)]*\)/g, "$1"));
}

/** The first lines of the README's first example, with the imports that they use. */
export function firstExample() {
  const example = part(/```ts\n([\s\S]*?)\n\nconst model/);
  const [line, ...rest] = example.split("\n");
  const code = rest.join("\n").trim();
  const imports = /\{ (.*) \}/.exec(line)?.[1].split(", ") ?? [];
  const used = imports.filter((name) => new RegExp(`\\b${name}\\(`).test(code));
  return `import { ${used.join(", ")} } from "chainrule";\n\n${code}`;
}

/** The command that installs the packed package. */
export const installCommand = () => part(/`(npm install \.\.\/chainrule\/[^`]+)`/);

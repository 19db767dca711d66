// Links lead somewhere.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { anchorsOf, checkLinks, linksIn } from "../../scripts/lessons/checks/links.mjs";

const folder = mkdtempSync(join(tmpdir(), "chainrule-links-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("checkLinks: files, headings and listed addresses are found, others are not", () => {
  mkdirSync(join(folder, "a"));
  writeFileSync(join(folder, "b.md"), "# The b's title: *one* & two\n\n## Same\n\n## Same\n");
  const text = `# Own title
[file](../b.md) [folder](../a) [heading](../b.md#the-bs-title-one--two) [own](#own-title)
[second](../b.md#same-1) <https://a.org/x_(y)> [listed](https://a.org/x_(y) "title") \`[no](no)\`
[gone](../c.md)
[no heading](../b.md#none) [nor here](#none)
[out](../../x.md)
[unlisted](https://b.org)
[reference]: ./nothing.md
<a href="d.md">html</a>
`;
  writeFileSync(join(folder, "a", "a.md"), text);
  const found = checkLinks(folder, ["a/a.md"], "- <https://a.org/x_(y)>, a page");
  expect(found.map(({ line, message }) => `${line}: ${message}`)).toEqual([
    "4: ../c.md: there is no c.md",
    "5: ../b.md#none: b.md has no heading #none",
    "5: #none: a/a.md has no heading #none",
    "6: ../../x.md leads out of the repository",
    "7: https://b.org is not listed in lessons/links.md",
    "8: ./nothing.md: there is no a/nothing.md",
    "9: d.md: there is no a/d.md",
  ]);
});

test("linksIn: finds none in code and comments", () => {
  expect(linksIn("```text\n[a](b)\n```\n<!-- [a](b) -->\n`[a](b)`")).toEqual([]);
});

test("anchorsOf: as GitHub makes them", () => {
  expect(anchorsOf("# Step 3: A `Value` [x](y)\n## Step 3: a value x\n## Größe_1")).toEqual([
    "step-3-a-value-x",
    "step-3-a-value-x-1",
    "größe_1",
  ]);
});

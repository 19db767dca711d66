// Links of lessons, front page and teachers page into debugger, playground and sabotage page: each address
// is read as its page reads it. Read lessons/AUTHORS.md first.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addresses } from "chainrule/explain";
import { describe, expect, test } from "vitest";
import { ensureSite } from "../../scripts/set-up.mjs";
import { parts, readFormulaAddress, readRunFragment } from "../../site/debugger/address.ts";
import { computeFormula } from "../../site/debugger/formula.ts";
import { readRun } from "../../site/runs/address.ts";
import { readLab } from "../../site/sabotage/address.ts";
import { graphOfFormula, readFormula } from "../../site/sabotage/formula.ts";

const folder = await ensureSite("the tests");
const lessons = readdirSync(folder).filter((name) => /^0\d-.*\.html$/.test(name));

/** The links of a page into the three others, as addresses. */
function linksOf(name: string): URL[] {
  const html = readFileSync(join(folder, name), "utf8");
  const targets = [
    ...html.matchAll(/href="\.\/((?:debugger|playground|sabotage)\.html[?#][^"]*)"/g),
  ];
  return targets.map(
    ([, target]) => new URL(target!.replaceAll("&amp;", "&"), "https://example.org/"),
  ); // its group
}

/** What the page would complain about. */
async function problemsOf({ pathname, search, hash }: URL): Promise<readonly string[]> {
  if (pathname === "/sabotage.html") {
    const { state, problems } = readLab(search);
    graphOfFormula(readFormula(state.formula), state.values);
    return problems;
  }
  if (pathname === "/playground.html") return (await readRun(hash.slice(1))).problems;
  if (hash !== "") {
    expect(hash).toMatch(/^#run&/);
    readRunFragment(hash);
    return (await readRun(hash.slice("#run&".length))).problems;
  }
  const { text, values, node, problems } = readFormulaAddress(search);
  const { output } = computeFormula(text, values);
  if (node !== undefined) expect(addresses(output).node(node), node).toBeDefined();
  return problems;
}

test("teachers.html: its links and the addresses in its snippets are understood, and each page is among them", async () => {
  const decoded = readFileSync(join(folder, "teachers.html"), "utf8")
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replaceAll("&amp;", "&");
  const targets = decoded.match(/\b(?:debugger|playground|sabotage)\.html[?#][^"\s<]*/g) ?? [];
  const links = targets.map((target) => new URL(target, "https://example.org/"));
  for (const link of links) expect(await problemsOf(link), link.href).toEqual([]);
  const pages = new Set(links.map(({ pathname }) => pathname));
  expect(pages).toEqual(new Set(["/debugger.html", "/playground.html", "/sabotage.html"]));
});

test("teachers.html: what can be hidden in the debugger is what the debugger hides", () => {
  const html = readFileSync(join(folder, "teachers.html"), "utf8");
  const listed = parts.map((part) => `<code>${part}</code>`).join(", ");
  expect(html).toContain(`Of the debugger these are ${listed};`);
});

describe.each(lessons)("%s", (name) => {
  test("links to a state of the debugger, the playground or the sabotage page", () => {
    expect(linksOf(name).length).toBeGreaterThan(0);
  });

  test("has only links that those pages understand", async () => {
    for (const link of linksOf(name)) expect(await problemsOf(link), link.href).toEqual([]);
  });
});

// Checks of accessibility by axe-core, inside a page. Read browser.ts first.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "puppeteer-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * What axe finds wrong with a page as it is now, a line for each element: rule, element, what to do.
 * Puppeteer evaluates past the page's security policy, so that nothing has to be allowed for it.
 */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const results = await page.evaluate(() => {
    const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } }; // evaluated above
    return axe.run();
  });
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = "" }) => {
      const advice = failureSummary.replace(/\s*\n\s*/g, " ");
      return `${id}: ${target.join(" ")}: ${advice}`;
    }),
  );
}

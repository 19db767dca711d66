// Checks of accessibility by axe-core, inside a page. Read browser.ts first.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Frame, Page } from "puppeteer-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Axe {
  run(within: string, options: RunOptions): Promise<AxeResults>;
}

/**
 * What axe finds wrong with a page as it is now, a line for each element: rule, element, what to do.
 * `within` leaves out what is outside of one element. Puppeteer evaluates past the page's security policy,
 * so that nothing has to be allowed for it.
 */
export async function violations(
  page: Page | Frame,
  within = "html",
  options: RunOptions = {},
): Promise<string[]> {
  await page.evaluate(axe);
  const results = await page.evaluate(
    (within, options) => {
      const { axe } = window as unknown as { axe: Axe }; // evaluated above
      return axe.run(within, options);
    },
    within,
    options,
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = "" }) => {
      const advice = failureSummary.replace(/\s*\n\s*/g, " ");
      return `${id}: ${target.join(" ")}: ${advice}`;
    }),
  );
}

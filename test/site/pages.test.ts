// Every page of the site opens without a complaint.

import { readdirSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { ensureSite } from "../../scripts/set-up.mjs";
import { openSite } from "./browser.ts";

const folder = await ensureSite("the tests");
const site = await openSite();
afterAll(() => site.close());

test.each(readdirSync(folder).filter((name) => name.endsWith(".html")))(
  "%s: opens without errors, and asks for nothing from elsewhere",
  async (name) => {
    const page = await site.open(name);
    expect(page.problems).toEqual([]);
    expect(page.requests.filter((url) => !url.startsWith(site.url))).toEqual([]);
  },
);

// Optional packages: what is said where one is missing.

import { expect, test } from "vitest";
import { peer } from "../../src/draw/peers.ts";

test("peer: gives the package that was found", async () => {
  expect((await peer("a", Promise.resolve(7)))()).toBe(7);
});

test("peer: names the missing package and the command, for charts that of all they need", async () => {
  const missing = (name: string) => peer(name, Promise.reject(new Error("not found")));
  expect(await missing("@viz-js/viz")).toThrow(
    "chainrule/draw: expected the package @viz-js/viz, got none; npm install @viz-js/viz",
  );
  expect(await missing("d3-shape")).toThrow(
    "expected the package d3-shape, got none; npm install d3-scale d3-shape d3-contour",
  );
});

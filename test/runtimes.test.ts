// The promise: the same bits in every runtime. Each program below is one function of test/runtimes
// that returns a string, and every runtime of this machine has to return the same.

import { afterAll, expect, test } from "vitest";
import { openRuntimes } from "./runtimes/runtimes.ts";

const programs = [
  { what: "a million inputs of every function", module: "bits", name: "mathBits" },
  { what: "the losses of 500 epochs", module: "training", name: "trainingBits" },
  { what: "100 steps of compiled programs", module: "compiled", name: "compiledBits" },
  { what: "a picture of each kind", module: "pictures", name: "pictureBits" },
];

const { found, missing, close } = await openRuntimes();
afterAll(close);

const names = found.map(({ name }) => name).join(", ");
const notHere = missing.length === 0 ? "" : `; not found here: ${missing.join(", ")}`;

test(`runtimes: each one that is tested is what its name says (${names}${notHere})`, () => {
  const identities: Record<string, RegExp> = {
    "Node 20": /^v20\./,
    "Node 22": /^v22\./,
    "Node 24": /^v24\./,
    Deno: /^2\./,
    Chromium: /Chrome\//,
    Firefox: /Firefox\//,
  };
  for (const { name, identity } of found) expect(identity).toMatch(identities[name]!);
  expect(found.length + missing.length).toBe(Object.keys(identities).length);
});

if (process.env.CI === "true") {
  test("runtimes: none is missing where CI=true", () => {
    expect(missing).toEqual([]);
  });
}

for (const { what, module, name } of programs) {
  test(`${name}: ${what}: the same bits in ${names}`, async () => {
    const results: Record<string, string> = {};
    for (const runtime of found) results[runtime.name] = await runtime.run(module, name);
    const [first] = Object.values(results);
    expect(first).toMatch(/[0-9a-f]{8}/);
    expect(results).toEqual(Object.fromEntries(found.map(({ name }) => [name, first])));
  });
}

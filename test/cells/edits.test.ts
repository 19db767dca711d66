// Changes to a text, noted first and made at once.

import { expect, test } from "vitest";
import { Edits } from "../../src/cells/edits.ts";

test("Edits.wrap: what is noted first stands outside", () => {
  const edits = new Edits("a + b");
  edits.wrap(0, 5, "[", "]");
  edits.wrap(0, 5, "(", ")");
  edits.wrap(4, 5, "{", "}");
  expect(edits.toString()).toBe("[(a + {b})]");
});

test("Edits.replace: keeps the line breaks of what it takes away", () => {
  const edits = new Edits("one\ntwo\nthree");
  edits.replace(0, 7, "1");
  expect(edits.toString()).toBe("1\n\nthree");
});

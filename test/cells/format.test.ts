// The arguments of console.log as one text. More of it in fixtures/printing.md.

import { expect, test } from "vitest";
import { formatLog } from "../../src/cells/format.ts";

test("formatLog: texts as they are, everything else as inspect has it, with spaces between", () => {
  expect(formatLog([])).toBe("");
  expect(formatLog(["a", 1, ["b"], null])).toBe('a 1 [ "b" ] null');
  expect(formatLog([1, "%s", 2])).toBe("1 %s 2");
});

test("formatLog: placeholders take the values that follow", () => {
  expect(formatLog(["%d of %s", 3.7, "ten", [1]])).toBe("3 of ten [ 1 ]");
  expect(formatLog(["%s %d", 1])).toBe("1 %d");
  expect(formatLog(["100%", 5])).toBe("100% 5");
  expect(formatLog(["%%", 5])).toBe("% 5");
  expect(formatLog(["%o and %j", { a: 1 }, { b: 2 }])).toBe('{ a: 1 } and {"b":2}');
});

// The value of a cell, compared with what JavaScript's own eval says.

import { runInThisContext as evaluate } from "node:vm";
import { parse } from "acorn";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keepValue } from "../../src/cells/completion.ts";
import { Edits } from "../../src/cells/edits.ts";

/** The value that keepValue has kept. */
function kept(text: string): unknown {
  const edits = new Edits(text);
  keepValue(edits, parse(text, { ecmaVersion: "latest", sourceType: "script" }).body, "kept");
  return evaluate(`{ let kept; ${edits}\n;kept }`);
}

test("keepValue: the last expression, whatever follows it without a value", () => {
  expect(kept("1 + 1")).toBe(2);
  expect(kept("5; const q = 3;")).toBe(5);
  expect(kept("5; function f() {} class A {} ;;")).toBe(5);
  expect(kept("const q = 3;")).toBeUndefined();
  expect(kept("5; if (false) 3;")).toBeUndefined();
  expect(kept("6 // six")).toBe(6);
  expect(kept("(7)\n;")).toBe(7);
});

test("keepValue: a catch block's value, not that of the block that failed", () => {
  expect(kept("try { 1; throw 2; } catch { }")).toBeUndefined();
  expect(kept("try { 1; throw 2; } catch { 3 }")).toBe(3);
});

test("keepValue: a function keeps its lack of a name", () => {
  expect(kept("(() => 1)")).toHaveProperty("name", "");
});

// Statements that end: loops count a variable of their own up to 2.
const { statement } = fc.letrec((tie) => {
  const inner = tie("statement") as fc.Arbitrary<string>;
  const list = fc.array(inner, { maxLength: 3 }).map((parts) => parts.join(" "));
  const block = list.map((body) => `{ ${body} }`);
  const jump = fc.constantFrom("break;", "continue;", "if (i) break;", "if (!i) continue;");
  const loopBody = fc.tuple(list, jump, list).map(([a, exit, b]) => `{ ${a} ${exit} ${b} }`);
  const value = fc.integer({ min: 0, max: 99 });
  const condition = fc.constantFrom("true", "false");
  return {
    statement: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      value.map((x) => `${x};`),
      fc.constantFrom(";", "var unused = 7;", "{}", "void 0;"),
      block,
      fc.tuple(condition, inner, inner).map(([c, a, b]) => `if (${c}) ${a} else ${b}`),
      fc.tuple(condition, inner).map(([c, a]) => `if (${c}) ${a}`),
      fc.oneof(block, loopBody).map((body) => `for (let i = 0; i < 2; i++) ${body}`),
      fc.oneof(block, loopBody).map((body) => `for (const i of [0, 1]) ${body}`),
      loopBody.map((body) => `do ${body.replaceAll("i)", "1)")} while (false);`),
      fc.tuple(block, block).map(([a, b]) => `try ${a} finally ${b}`),
      fc.tuple(block, block).map(([a, b]) => `try { throw ${a.length}; } catch { ${b} }`),
      fc
        .tuple(value, list, list)
        .map(([x, a, b]) => `switch (${x % 3}) { case 0: ${a} case 1: ${b} break; default: 8; }`),
      fc.tuple(list, list).map(([a, b]) => `out: { ${a} break out; ${b} }`),
    ),
  };
});

test("keepValue: what eval gives, for any statements", () => {
  fc.assert(
    fc.property(fc.array(statement as fc.Arbitrary<string>, { maxLength: 4 }), (parts) => {
      const text = parts.join("\n");
      let wanted: unknown;
      try {
        wanted = evaluate(text);
      } catch {
        return; // `continue` outside of a loop, the label twice
      }
      expect(kept(text)).toBe(wanted);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

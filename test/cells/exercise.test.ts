// Exercises that check themselves.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { exercise, Todo, todo } from "../../src/cells/exercise.ts";

let printed: string[] = [];
beforeEach(() => {
  printed = [];
  vi.spyOn(console, "log").mockImplementation((line) => void printed.push(line));
});
afterEach(() => vi.restoreAllMocks());

test("exercise: says how many checks pass", () => {
  exercise("1.1 Slope", (expect) => {
    expect("the slope at 3", 6.0000000001, 6);
    expect("NaN", Number.NaN, Number.NaN);
    expect("several", [1, [2, "x"]], [1, [2, "x"]]);
  });
  expect(printed).toEqual(["✓ Exercise 1.1 Slope: 3 checks pass"]);
});

test("exercise: reports the first check that fails", () => {
  exercise("1.1 Slope", (expect) => {
    expect("the slope at 3", 6.1, 6);
    expect("the slope at 4", 0, 8);
  });
  expect(printed).toEqual(["✗ Exercise 1.1 Slope: the slope at 3: expected 6, got 6.1"]);
});

test("exercise: says what the usual wrong kinds of answers are, in a line that ends", () => {
  class Value {
    data = 3;
  }
  const say = (got: unknown, wanted: number | number[]) => {
    exercise("1.1 Slope", (expect) => expect("it", got as number, wanted));
    return printed.pop()?.replace("✗ Exercise 1.1 Slope: it: ", "");
  };
  expect(say(new Value(), 3)).toBe("expected 3, got a Value (its .data is 3)");
  expect(say([new Value()], [3])).toBe("expected [3], got [a Value (its .data is 3)]");
  expect(say(Promise.resolve(3), 3)).toBe("expected 3, got a Promise");
  expect(say(3n, 3)).toBe("expected 3, got 3n (a bigint)");
  expect(say(() => 3, 3)).toBe("expected 3, got a function");
  expect(say(Array(1e5).fill(1), [1])?.length).toBeLessThan(1100);
});

test("exercise: no number but Infinity is near Infinity, and a hole is an item", () => {
  exercise("1.1 Slope", (expect) => expect("it", 5, Number.POSITIVE_INFINITY));
  exercise("1.1 Slope", (expect) =>
    expect("it", Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
  );
  exercise("1.1 Slope", (expect) => expect("it", [5], new Array<undefined>(1)));
  for (const line of printed) expect(line).toMatch(/^✗/);
  exercise("1.1 Slope", (expect) =>
    expect("it", Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY),
  );
  expect(printed[3]).toMatch(/^✓/);
});

test("exercise: a hole is named, and is no error of the cell", () => {
  exercise("1.1 Slope", (expect) => expect("the slope", todo("return the slope"), 6));
  expect(printed).toEqual(["✗ Exercise 1.1 Slope: not done yet: return the slope"]);
  expect(() => todo("write it")).toThrow(Todo);
});

test("exercise: checks that are async are refused, as nobody would wait for them", () => {
  exercise("1.1 Slope", async (expect) => {
    expect("the slope at 3", await 6, 6);
  });
  expect(printed).toEqual([
    "✗ Exercise 1.1 Slope: the checks cannot be async; await what they need before",
  ]);
});

test("exercise: without a check there is nothing to pass", () => {
  exercise("1.1 Slope", () => {});
  expect(printed).toEqual(["✗ Exercise 1.1 Slope: nothing was checked"]);
});

test("exercise: whatever is thrown or compared, it prints a line and throws nothing", () => {
  const hostile = new Proxy(() => 1, {
    get() {
      throw new Error("trap");
    },
    getPrototypeOf() {
      throw new Error("trap");
    },
  });
  const getter = Object.defineProperty(new Error("x"), "message", {
    get() {
      throw 1;
    },
  });
  const circular: unknown[] = [];
  circular.push(circular);
  for (const thing of [
    null,
    undefined,
    "text",
    Symbol("s"),
    hostile,
    getter,
    Object.create(null),
  ]) {
    exercise("1.1 Slope", () => {
      throw thing;
    });
    exercise("1.1 Slope", (expect) => expect("it", thing as number, 1));
  }
  exercise("1.1 Slope", (expect) => expect("it", circular as unknown as number, [[1]] as never));
  expect(printed).toHaveLength(15);
  for (const line of printed) expect(line).toMatch(/^✗ Exercise 1\.1 Slope: /);
});

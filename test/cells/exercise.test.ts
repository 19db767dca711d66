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

test("exercise: a hole is named, and is no error of the cell", () => {
  exercise("1.1 Slope", (expect) => expect("the slope", todo("return the slope"), 6));
  expect(printed).toEqual(["✗ Exercise 1.1 Slope: not done yet: return the slope"]);
  expect(() => todo("write it")).toThrow(Todo);
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

// site/shell/transfer.ts: progress as a file. Read that file first, then store.test.ts.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createStore, type Store } from "../../site/shell/store.ts";
import { exportAll, FileError, fileName, merge, readFile } from "../../site/shell/transfer.ts";
import { FakeStorage } from "./fake-storage.ts";

const day = 1_790_000_000_000;

function open(fake = new FakeStorage(), time = day): Store {
  let now = time;
  return createStore(() => fake.tab().storage, { now: () => (now += 100_000) });
}

/** A store with something of each kind in it. */
function filled(): { store: Store; fake: FakeStorage } {
  const fake = new FakeStorage();
  fake.items.set("chainrule:cell:01-a:cell-9", '{"source":"half');
  const store = open(fake);
  store.saveCell("01-a", "cell-1", "one");
  store.saveCell("01-a", "cell-1", 'two "\0\ud800 ◐');
  store.cell("01-a", "cell-9");
  store.mark("01-a", "exercise 1.1");
  store.mark("01-a", "read");
  store.saveGuess("01-a", "cell-2", "up");
  store.saveOutputs("01-a", "cell-1", []);
  store.setSetting("theme", "dark");
  return { store, fake };
}

/** What a file of these entries says against being read. */
function complaintAbout(entries: unknown, others: Record<string, unknown> = {}): string {
  const file = { format: "chainrule progress", version: 1, entries, ...others };
  return complaint(JSON.stringify(file));
}

function complaint(text: string): string {
  try {
    readFile(text, "a.json");
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
  return "nothing";
}

describe("exportAll, readFile, merge", () => {
  test("fileName: has the day in it", () => {
    expect(fileName(new Date(2026, 10, 6))).toBe("chainrule-progress-2026-11-06.json");
  });

  test("into an empty store: everything but outputs and settings comes back byte for byte", () => {
    const { store, fake } = filled();
    const there = new FakeStorage();
    const other = open(there, day * 2);
    const { entries } = merge(other, readFile(exportAll(store)), day * 2);
    expect(other.replace(entries)).toBeDefined();
    const kept = [...fake.items].filter(([key]) => !/^chainrule:(outputs|setting):/.test(key));
    expect(kept).toHaveLength(6);
    expect(new Map([...there.items].sort())).toEqual(new Map(kept.sort()));
  });

  test("into the store it came from: nothing changes", () => {
    const { store } = filled();
    expect(merge(store, readFile(exportAll(store)), day * 2).entries.size).toBe(0);
  });

  test("two stores: marks are united, the newer text counts, no text is lost", () => {
    const here = open(new FakeStorage(), day);
    const there = open(new FakeStorage(), day + 50_000);
    here.mark("01-a", "read");
    there.mark("01-a", "exercise 1.1");
    here.saveCell("01-a", "newer there", "here");
    there.saveCell("01-a", "newer there", "there");
    there.saveCell("01-a", "newer here", "there");
    here.saveCell("01-a", "newer here", "here");
    here.saveCell("01-a", "newer here", "here again");
    there.saveCell("01-a", "only there", "there");
    there.saveGuess("01-a", "both", "down");
    here.saveGuess("01-a", "both", "up");

    const merged = merge(here, readFile(exportAll(there)), day * 2);
    const { entries, ...counts } = merged;
    expect(counts).toEqual({
      newCells: 1,
      newerCells: 1,
      olderCells: 1,
      newMarks: 1,
      newGuesses: 0,
    });
    const before = here.entries();
    const undo = here.replace(entries);
    const texts = (cell: string) => [
      here.cell("01-a", cell)?.source,
      ...here.versions("01-a", cell).map(({ source }) => source),
    ];
    expect(texts("newer there")).toEqual(["there", "here"]);
    expect(texts("newer here").sort()).toEqual(["here", "here again", "there"]);
    expect(texts("newer here")[0]).toBe("here again");
    expect(texts("only there")).toEqual(["there"]);
    expect([...here.marks("01-a")].sort()).toEqual(["exercise 1.1", "read"]);
    expect(here.guess("01-a", "both")).toBe("up");
    undo?.();
    expect(here.entries()).toEqual(before);
  });

  test("versions of the same moment are both kept", () => {
    const here = open();
    const entry = (source: string) => ({
      [`version:01-a:cell-1:${day}`]: { source, saved: day },
    });
    for (const source of ["here", "there"]) {
      const file = { format: "chainrule progress", version: 1, entries: entry(source) };
      here.replace(merge(here, readFile(JSON.stringify(file)), day).entries);
    }
    const kept = here.versions("01-a", "cell-1").map(({ source }) => source);
    expect(kept.sort()).toEqual(["here", "there"]);
  });

  test("a text from the future does not stay the newest for ever", () => {
    const there = open(new FakeStorage(), day * 3);
    there.saveCell("01-a", "cell-1", "there");
    const here = open();
    here.replace(merge(here, readFile(exportAll(there)), day).entries);
    expect(here.cell("01-a", "cell-1")).toEqual({ source: "there", saved: day });
  });
});

describe("readFile: says where, what was expected and what came", () => {
  test.each([
    ["", "a.json: expected a file saved on this page, got an empty one."],
    [
      '["a"]',
      'a.json: expected a file saved on this page, with "format": "chainrule progress", got a list of 1.',
    ],
    ['{"cells":[],"metadata":{}}', 'got an object with "cells", "metadata".'],
    ["null", "got null."],
    [
      "PK\u0003\u0004",
      "a.json: expected a file saved on this page, got something else or a damaged one (",
    ],
    [
      '{"format":"chainrule progress","version":2}',
      'expected "version": 1 (if the file is newer than this page, reload the page), got 2.',
    ],
    [
      '{"format":"chainrule progress","version":1}',
      'a.json, "entries": expected an object, got nothing.',
    ],
  ])("%j", (text, expected) => {
    expect(complaint(text)).toContain(expected);
  });

  test.each([
    [
      { "cell:a": {} },
      'a.json, entry "cell:a": expected a name such as "cell:LESSON:CELL" or "mark:LESSON:MARK", got "cell:a".',
    ],
    [
      { "cell:a:b": 5 },
      'a.json, entry "cell:a:b": expected a "source" of at most 200000 characters and when it was "saved", got 5.',
    ],
    [
      { "cell:a:b": { source: "x".repeat(200_001), saved: 1 } },
      'got an object with "source", "saved".',
    ],
    [{ "cell:a:b": { source: "", saved: 1e300 } }, 'got an object with "source", "saved".'],
    [
      { "mark:a:b": "yes" },
      'a.json, entry "mark:a:b": expected a time in milliseconds, got "yes".',
    ],
    [{ "guess:a:b": null }, 'a.json, entry "guess:a:b": expected a text, got null.'],
    [{ "setting:theme": "dark" }, 'entry "setting:theme": expected a name such as'],
    [{ "outputs:a:b": [] }, 'entry "outputs:a:b": expected a name such as'],
    [{ "constructor:a:b": 1 }, 'entry "constructor:a:b": expected a name such as'],
    [JSON.parse('{"__proto__":{"isAdmin":true}}'), 'entry "__proto__": expected a name such as'],
    [{ [`mark:a:${"b".repeat(201)}`]: 1 }, "expected a name such as"],
    [[], 'a.json, "entries": expected an object, got a list of 0.'],
    [
      Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [i, 1])),
      "expected at most 20000 entries, got 20001.",
    ],
  ])("%#", (entries, expected) => {
    expect(complaintAbout(entries)).toContain(expected);
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  });

  test("too long: refused before it is read", () => {
    expect(complaint(" ".repeat(30_000_001))).toBe(
      "a.json: expected at most 30000000 characters, got 30000001.",
    );
  });

  test("a file of which a piece is missing or changed is read whole or not at all", () => {
    const text = exportAll(filled().store);
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(20), fc.string(), (at, length, put) => {
        const changed = text.slice(0, at) + put + text.slice(at + length);
        const store = open();
        let contents: ReturnType<typeof readFile>;
        try {
          contents = readFile(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(FileError);
          return;
        }
        store.replace(merge(store, contents, day).entries);
        for (const [key] of store.entries()) {
          const [kind, lesson = "", cell = ""] = key.split(":");
          if (kind === "cell") store.cell(lesson, cell);
        }
      }),
      { numRuns: 500 },
    );
  });
});

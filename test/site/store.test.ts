// site/shell/store.ts on storages that are full, blocked, damaged or shared. Read that file first.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TextStorage } from "../../site/shell/storage.ts";
import { createStore, longestCell, type Store, type Trouble } from "../../site/shell/store.ts";
import { FakeStorage } from "./fake-storage.ts";

/** A tab with a clock that goes on by a second at each look. */
function openTab(fake: FakeStorage, start = 1_000_000): Store & { troubles: Trouble[] } {
  const { storage, listen } = fake.tab();
  let time = start;
  const now = () => {
    time += 1000;
    return time;
  };
  const store = createStore(() => storage, { now, listen });
  const troubles: Trouble[] = [];
  store.onTrouble((trouble) => troubles.push(trouble));
  return Object.assign(store, { troubles });
}

const output = { output_type: "stream", name: "stdout", text: "14\n" } as const;
const sources = (versions: readonly { source: string }[]) => versions.map(({ source }) => source);

describe("Store", () => {
  test("cell: is what saveCell was given, also after a reload", () => {
    const fake = new FakeStorage();
    openTab(fake).saveCell("01-a", "cell-1", "const a = 1;");
    expect(openTab(fake).cell("01-a", "cell-1")?.source).toBe("const a = 1;");
    expect(openTab(fake).cell("01-a", "cell-2")).toBeUndefined();
    expect([...openTab(fake).cells("01-a").keys()]).toEqual(["cell-1"]);
    expect([...fake.items.keys()]).toEqual(["chainrule:cell:01-a:cell-1"]);
  });

  test("cell: any text and any names come back as they were, never those of another cell", () => {
    const name = fc.oneof(
      fc.string({ unit: fc.constantFrom("a", ":", "%", "3", "A", "é", "◐", " ") }),
      fc.constantFrom("__proto__", "constructor", ":", "a:b", "%3A", "%", ""),
    );
    const text = fc.string({ unit: fc.constantFrom("a", "\0", "\ud800", "\udc00", "\u2028", '"') });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name, text), { maxLength: 8 }), (saves) => {
        const fake = new FakeStorage();
        const store = openTab(fake);
        const expected = new Map<string, (typeof saves)[number]>();
        for (const save of saves) {
          store.saveCell(...save);
          expected.set(JSON.stringify(save.slice(0, 2)), save);
        }
        for (const [lesson, cell, source] of expected.values()) {
          expect(store.cell(lesson, cell)?.source).toBe(source);
          expect(openTab(fake).cells(lesson).get(cell)?.source).toBe(source);
        }
        expect(store.troubles).toEqual([]);
      }),
    );
  });

  test("saveCell: a text of more than 200,000 characters is refused with a message, once", () => {
    const store = openTab(new FakeStorage());
    store.saveCell("01-a", "cell-1", "short");
    store.saveCell("01-a", "cell-1", "x".repeat(longestCell + 1));
    store.saveCell("01-a", "cell-1", "x".repeat(longestCell + 2));
    expect(store.cell("01-a", "cell-1")?.source).toBe("short");
    expect(store.troubles).toEqual(["too long"]);
  });

  test("versions: the text before, once a minute while the reader types", () => {
    const store = openTab(new FakeStorage());
    for (let i = 0; i <= 130; i += 1) store.saveCell("01-a", "cell-1", `text ${i}`); // 1 s each
    expect(sources(store.versions("01-a", "cell-1"))).toEqual(["text 120", "text 60", "text 0"]);
  });

  test("versions: at most ten, newest first, each text once", () => {
    const fake = new FakeStorage();
    for (let i = 0; i < 15; i += 1) {
      openTab(fake, i * 1e6).saveCell("01-a", "cell-1", `text ${i % 13}`);
    }
    const kept = sources(openTab(fake).versions("01-a", "cell-1"));
    expect(kept).toHaveLength(10);
    expect(new Set(kept).size).toBe(10);
    expect(kept.slice(0, 2)).toEqual(["text 0", "text 12"]);
    expect([...fake.items.keys()].filter((key) => key.includes(":version:"))).toHaveLength(10);
  });

  test("resetCell: the cell is the lesson's again, and the newest version is what the reader had", () => {
    const store = openTab(new FakeStorage());
    store.saveCell("01-a", "cell-1", "one");
    store.saveCell("01-a", "cell-1", "two");
    store.saveCell("01-a", "cell-1", "three");
    store.resetCell("01-a", "cell-1");
    expect(store.cell("01-a", "cell-1")).toBeUndefined();
    expect(sources(store.versions("01-a", "cell-1"))[0]).toBe("three");
  });

  test("mark: is there until it is taken away, and each has a key of its own", () => {
    const fake = new FakeStorage();
    const [left, right] = [openTab(fake), openTab(fake)];
    left.mark("01-a", "exercise 1.1");
    right.mark("01-a", "read");
    right.mark("01-a", "exercise 1.2");
    right.mark("01-a", "exercise 1.2", false);
    expect([...left.marks("01-a")].sort()).toEqual(["exercise 1.1", "read"]);
    expect([...left.marks("01-ab")]).toEqual([]);
  });

  test("guess and setting: are what was saved", () => {
    const fake = new FakeStorage();
    openTab(fake).saveGuess("01-a", "cell-1", 'up, by "more" ◐');
    openTab(fake).setSetting("theme", "dark");
    expect(openTab(fake).guess("01-a", "cell-1")).toBe('up, by "more" ◐');
    expect(openTab(fake).setting("theme")).toBe("dark");
    expect(fake.items.get("chainrule:setting:theme")).toBe("dark");
    openTab(fake).setSetting("theme", undefined);
    expect(openTab(fake).setting("theme")).toBeUndefined();
  });

  test("saveOutputs: too many are forgotten, and so are those before", () => {
    const store = openTab(new FakeStorage());
    store.saveOutputs("01-a", "cell-1", [output]);
    expect(store.outputs("01-a", "cell-1")).toEqual([output]);
    store.saveOutputs("01-a", "cell-1", [{ ...output, text: "x".repeat(300_000) }]);
    expect(store.outputs("01-a", "cell-1")).toBeUndefined();
    store.saveOutputs("01-a", "cell-1", []);
    expect(store.outputs("01-a", "cell-1")).toEqual([]);
    store.saveOutputs("01-a", "cell-1", undefined);
    expect(store.outputs("01-a", "cell-1")).toBeUndefined();
    expect(store.state).toBe("kept");
  });
});

describe("Store: two tabs", () => {
  test("different cells do not touch each other", () => {
    const fake = new FakeStorage();
    const [left, right] = [openTab(fake), openTab(fake)];
    left.saveCell("01-a", "cell-1", "left");
    right.saveCell("01-a", "cell-2", "right");
    expect(left.cell("01-a", "cell-2")?.source).toBe("right");
    expect(right.cell("01-a", "cell-1")?.source).toBe("left");
  });

  test("the same cell: the later text wins, the other is in the versions", () => {
    const fake = new FakeStorage();
    const [left, right] = [openTab(fake), openTab(fake)];
    left.saveCell("01-a", "cell-1", "left 1");
    right.saveCell("01-a", "cell-1", "right 1");
    left.saveCell("01-a", "cell-1", "left 2");
    right.saveCell("01-a", "cell-1", "right 2");
    expect(left.cell("01-a", "cell-1")?.source).toBe("right 2");
    expect(sources(left.versions("01-a", "cell-1")).sort()).toEqual([
      "left 1",
      "left 2",
      "right 1",
    ]);
  });

  test("the same cell at the same moment: the text that was overwritten is in the versions", () => {
    const fake = new FakeStorage();
    const left = openTab(fake);
    left.saveCell("01-a", "cell-1", "left");
    // A browser's tabs are processes: the other one has not seen "left" yet when it writes.
    const theirs = '{"source":"right","saved":1}';
    fake.items.set("chainrule:cell:01-a:cell-1", theirs);
    fake.tabs[0]?.({ key: "chainrule:cell:01-a:cell-1", newValue: theirs });
    expect(left.cell("01-a", "cell-1")?.source).toBe("right");
    expect(sources(left.versions("01-a", "cell-1"))).toEqual(["left"]);
  });

  test("the same cell at the same moment, and its own text stays: it is no version of itself", () => {
    const fake = new FakeStorage();
    const right = openTab(fake);
    right.saveCell("01-a", "cell-1", "right");
    // Word of what the other tab wrote before comes afterwards.
    const theirs = '{"source":"left","saved":1}';
    fake.tabs[0]?.({ key: "chainrule:cell:01-a:cell-1", newValue: theirs });
    expect(right.cell("01-a", "cell-1")?.source).toBe("right");
    expect(right.versions("01-a", "cell-1")).toEqual([]);
    right.resetCell("01-a", "cell-1");
    expect(sources(right.versions("01-a", "cell-1"))).toEqual(["right"]);
  });

  test("the same cell, before word of the other text has come: it is in the versions all the same", () => {
    const fake = new FakeStorage();
    const left = openTab(fake);
    left.saveCell("01-a", "cell-1", "left 1");
    left.saveCell("01-a", "cell-1", "left 2");
    fake.items.set("chainrule:cell:01-a:cell-1", '{"source":"right","saved":1}');
    left.saveCell("01-a", "cell-1", "left 3");
    expect(sources(left.versions("01-a", "cell-1")).sort()).toEqual(["left 1", "right"]);
  });

  test("a text that was in memory only gives way to that of another tab, and is in the versions", () => {
    const fake = new FakeStorage();
    const [left, right] = [openTab(fake), openTab(fake)];
    fake.room = 0;
    left.saveCell("01-a", "cell-1", "left");
    fake.room = Number.POSITIVE_INFINITY;
    right.saveCell("01-a", "cell-1", "right");
    expect(left.cell("01-a", "cell-1")?.source).toBe("right");
    expect(sources(left.versions("01-a", "cell-1"))).toEqual(["left"]);
    expect(left.state).toBe("kept");
  });

  test("onChange: says what changed and in which tab, until it is called off", () => {
    const fake = new FakeStorage();
    const [left, right] = [openTab(fake), openTab(fake)];
    const heard: unknown[] = [];
    const off = left.onChange((change) => heard.push(change));
    left.saveCell("01-a", "cell:1", "left");
    right.saveCell("01-b", "cell:2", "right");
    right.mark("01-b", "read");
    right.setSetting("theme", "dark");
    fake.tabs[0]?.({ key: null, newValue: null });
    fake.tabs[0]?.({ key: "of another program", newValue: "1" });
    off();
    left.mark("01-a", "read");
    expect(heard).toEqual([
      { lesson: "01-a", cell: "cell:1", here: true },
      { lesson: "01-b", cell: "cell:2", here: false },
      { lesson: "01-b", here: false },
      { setting: "theme", here: false },
      { here: false },
    ]);
  });
});

describe("Store: a storage with faults", () => {
  test("full: outputs go first, then the oldest versions, then nothing more is kept", () => {
    const fake = new FakeStorage();
    for (let i = 0; i < 4; i += 1) openTab(fake, i * 1e6).saveCell("01-a", "cell-1", `text ${i}`);
    const store = openTab(fake, 1e7);
    store.saveOutputs("01-a", "cell-1", [{ ...output, text: "x".repeat(50) }]);
    fake.room = [...fake.items].reduce((sum, [key, value]) => sum + key.length + value.length, 0);

    store.saveCell("01-a", "c", "");
    expect(store.outputs("01-a", "cell-1")).toBeUndefined();
    expect(sources(store.versions("01-a", "cell-1"))).toEqual(["text 2", "text 1", "text 0"]);

    store.saveCell("01-a", "cell-2", "x".repeat(60));
    expect(sources(store.versions("01-a", "cell-1"))).toEqual(["text 2", "text 1"]);
    expect(store.state).toBe("kept");
    expect(store.troubles).toEqual([]);

    store.saveCell("01-a", "cell-3", "x".repeat(1000));
    store.saveCell("01-a", "cell-4", "x".repeat(1000));
    expect(store.state).toBe("full");
    expect(store.troubles).toEqual(["full"]);
    expect(store.cell("01-a", "cell-3")?.source).toHaveLength(1000);
    expect([...store.cells("01-a").keys()].sort()).toEqual([
      "c",
      "cell-1",
      "cell-2",
      "cell-3",
      "cell-4",
    ]);
    expect(openTab(fake).cell("01-a", "cell-1")?.source).toBe("text 3");

    fake.room = Number.POSITIVE_INFINITY;
    store.saveCell("01-a", "cell-3", "short");
    store.saveCell("01-a", "cell-4", "short");
    expect(store.state).toBe("kept");
    expect(openTab(fake).cell("01-a", "cell-4")?.source).toBe("short");
  });

  test.each([
    [
      "throws",
      () => {
        throw new DOMException("The operation is insecure.", "SecurityError");
      },
    ],
    ["is null", () => null as unknown as TextStorage], // so it is in some web views
  ])(
    "blocked, window.localStorage %s: all goes on in memory, and the reader is told once",
    (_, open) => {
      const store = createStore(open);
      const troubles: Trouble[] = [];
      store.onTrouble((trouble) => troubles.push(trouble));
      expect(store.state).toBe("blocked");
      store.setSetting("theme", "dark");
      store.saveOutputs("01-a", "cell-1", []);
      expect(troubles).toEqual([]); // nothing that the reader would miss
      store.saveCell("01-a", "cell-1", "one");
      store.mark("01-a", "read");
      store.resetCell("01-a", "cell-1");
      expect(store.cell("01-a", "cell-1")).toBeUndefined();
      expect(sources(store.versions("01-a", "cell-1"))).toEqual(["one"]);
      expect([...store.marks("01-a")]).toEqual(["read"]);
      expect(store.setting("theme")).toBe("dark");
      const undo = store.replace(new Map([["mark:01-b:read", "1"]]));
      expect([...store.marks("01-b")]).toEqual(["read"]);
      undo?.();
      expect([...store.marks("01-b")]).toEqual([]);
      expect(troubles).toEqual(["blocked"]);
      expect(store.state).toBe("blocked");
    },
  );

  const damage = fc.oneof(
    fc.constantFrom(
      "",
      "{",
      "null",
      "[]",
      "{}",
      '{"source":1,"saved":1}',
      '{"__proto__":{"source":""}}',
    ),
    fc.constantFrom(
      '{"source":"a"}',
      '{"source":"a","saved":null}',
      '{"source":"a","saved":1e400}',
    ),
    fc.string(),
  );
  test("damaged: an entry that cannot be read counts as absent, is set aside and told of once", () => {
    fc.assert(
      fc.property(damage, (text) => {
        const fake = new FakeStorage();
        const kinds = ["cell", "guess", "outputs"];
        for (const kind of kinds) fake.items.set(`chainrule:${kind}:01-a:cell-1`, `${text}!`);
        const store = openTab(fake);
        expect(store.cell("01-a", "cell-1")).toBeUndefined();
        expect(store.cells("01-a").size).toBe(0);
        expect(store.guess("01-a", "cell-1")).toBeUndefined();
        expect(store.outputs("01-a", "cell-1")).toBeUndefined();
        expect(store.troubles).toEqual(["damaged"]);
        store.saveCell("01-a", "cell-1", "new");
        expect(store.cell("01-a", "cell-1")?.source).toBe("new");
        const aside = [...store.entries()].filter(([key]) => key.startsWith("damaged:"));
        expect(aside.map(([, value]) => value)).toEqual(kinds.map(() => `${text}!`));
      }),
    );
    fc.assert(
      fc.property(damage, (text) => {
        const fake = new FakeStorage();
        fake.items.set("chainrule:cell:01-a:cell-1", text);
        const source = openTab(fake).cell("01-a", "cell-1")?.source;
        expect(source === undefined || typeof source === "string").toBe(true);
      }),
    );
  });

  test("whatever throws and whenever: nothing is thrown at the page, and the last text is read back", () => {
    const fault = fc.constantFrom("none", "none", "full", "blocked");
    const action = fc.tuple(
      fc.constantFrom("save", "reset", "mark", "outputs", "versions", "set", "replace"),
      fc.constantFrom("cell-1", "cell-2"),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(action), fc.infiniteStream(fault), (actions, faults) => {
        const fake = new FakeStorage();
        fake.before = (method) => {
          const fault = faults.next().value;
          if (fault === "blocked") throw new DOMException("no", "SecurityError");
          if (fault === "full" && method === "setItem") {
            throw new DOMException("no", "QuotaExceededError");
          }
        };
        const store = openTab(fake);
        const expected = new Map<string, string | undefined>();
        for (const [name, cell, text] of actions) {
          if (name === "save") {
            store.saveCell("01-a", cell, text);
            expected.set(cell, text);
          } else if (name === "reset") {
            store.resetCell("01-a", cell);
            expected.set(cell, undefined);
          } else if (name === "mark") store.mark("01-a", text);
          else if (name === "outputs") store.saveOutputs("01-a", cell, []);
          else if (name === "versions") store.versions("01-a", cell);
          else if (name === "set") store.setSetting(text, text);
          else store.replace(new Map([[`mark:01-a:${text}`, "1"]]));
        }
        fake.before = () => {};
        for (const [cell, text] of expected) {
          expect(store.cell("01-a", cell)?.source).toBe(text);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("Store.replace", () => {
  const entries = new Map([
    ["cell:01-a:cell-1", '{"source":"new","saved":2}'],
    ["mark:01-a:read", "2"],
    ["guess:01-a:cell-1", undefined],
  ]);

  function before() {
    const fake = new FakeStorage();
    const store = openTab(fake);
    store.saveCell("01-a", "cell-1", "old");
    store.saveGuess("01-a", "cell-1", "up");
    return { fake, store, items: new Map(fake.items) };
  }

  test("stores and removes, and what it gives back undoes it", () => {
    const { fake, store, items } = before();
    const undo = store.replace(entries);
    expect(store.cell("01-a", "cell-1")?.source).toBe("new");
    expect([...store.marks("01-a")]).toEqual(["read"]);
    expect(store.guess("01-a", "cell-1")).toBeUndefined();
    undo?.();
    expect(fake.items).toEqual(items);
  });

  test("undoing leaves alone what was changed since", () => {
    const { store } = before();
    const undo = store.replace(entries);
    store.saveCell("01-a", "cell-1", "newer");
    undo?.();
    expect(store.cell("01-a", "cell-1")?.source).toBe("newer");
    expect(store.guess("01-a", "cell-1")).toBe("up");
  });

  test("changes nothing if there is no room for all", () => {
    const { fake, store, items } = before();
    fake.room = 150;
    expect(store.replace(new Map([...entries, ["guess:01-a:x", "x".repeat(200)]]))).toBeUndefined();
    expect(fake.items).toEqual(items);
    expect(store.state).toBe("kept");
  });

  test("removes everything even when storage is full", () => {
    const { fake, store } = before();
    fake.room = 0;
    store.saveCell("01-a", "cell-2", "in memory only");
    expect(store.state).toBe("full");
    expect(
      store.replace(new Map([...store.entries().keys()].map((key) => [key, undefined]))),
    ).toBeDefined();
    expect(store.entries().size).toBe(0);
  });
});

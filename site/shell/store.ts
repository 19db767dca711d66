/**
 * What the site remembers for its reader: code, marks, guesses, settings. Read storage.ts first.
 *
 * Each thing has a key of its own, so that two tabs overwrite each other in one cell at most:
 *
 *     chainrule:cell:LESSON:CELL           {"source":"…","saved":1790000000000}
 *     chainrule:version:LESSON:CELL:SAVED  the same, an earlier text of the cell
 *     chainrule:outputs:LESSON:CELL        [outputs in the shapes of src/cells/outputs.ts]
 *     chainrule:mark:LESSON:MARK           the time at which it was set
 *     chainrule:guess:LESSON:CELL          "what the reader expected"
 *     chainrule:setting:NAME               the text as it is, not JSON: shell/early.ts reads it
 *     chainrule:damaged:TIME:KEY           what stood under KEY and could not be read
 */

import type { Output } from "chainrule/cells";
import { SafeStorage, type StorageState, type TextStorage } from "./storage.ts";

export interface SavedCell {
  readonly source: string;
  /** When, in milliseconds since 1970. */
  readonly saved: number;
}

/** What has changed; without any name it may be anything. */
export interface Change {
  readonly lesson?: string;
  readonly cell?: string;
  readonly setting?: string;
  /** Made in this tab? */
  readonly here: boolean;
}

/** What the reader has to be told, once. */
export type Trouble = "full" | "blocked" | "damaged" | "too long";

export interface Store {
  readonly state: StorageState;
  cell(lesson: string, cell: string): SavedCell | undefined;
  /**
   * Saves what the reader wrote. The text before goes to the versions, once a minute while the reader
   * types; a text from another tab always.
   */
  saveCell(lesson: string, cell: string, source: string): void;
  /** Back to the lesson's text. The newest version is then the text that the reader had. */
  resetCell(lesson: string, cell: string): void;
  /** Earlier texts, newest first, at most 10. */
  versions(lesson: string, cell: string): readonly SavedCell[];
  /** The changed cells of a lesson. */
  cells(lesson: string): ReadonlyMap<string, SavedCell>;
  outputs(lesson: string, cell: string): readonly Output[] | undefined;
  /** Remembers outputs, or forgets them: when undefined, too large, or when room is needed. */
  saveOutputs(lesson: string, cell: string, outputs: readonly Output[] | undefined): void;
  /** "exercise 1.1", "predict cell-1a2b3c4d", "read" */
  marks(lesson: string): ReadonlySet<string>;
  mark(lesson: string, mark: string, on?: boolean): void;
  guess(lesson: string, cell: string): string | undefined;
  saveGuess(lesson: string, cell: string, text: string): void;
  setting(name: string): string | undefined;
  setSetting(name: string, value: string | undefined): void;
  onChange(listener: (change: Change) => void): () => void;
  /** Trouble so far is told at once. Each kind is told once. */
  onTrouble(listener: (trouble: Trouble) => void): void;
  /** Everything as it is stored, by key without "chainrule:". */
  entries(): ReadonlyMap<string, string>;
  /**
   * Stores (undefined: removes) all of these, or none if there is no room.
   * @returns how to undo it, which leaves alone what has changed since; undefined if there is no room
   */
  replace(entries: ReadonlyMap<string, string | undefined>): (() => void) | undefined;
}

/** Characters of a cell that are saved at most. */
export const longestCell = 200_000;
const longestOutputs = 200_000;
const mostVersions = 10;
const minute = 60_000;
const prefix = "chainrule:";

interface Surroundings {
  /** The clock. */
  readonly now?: () => number;
  /** Calls the listener when another tab has stored something; key null: it has removed all. */
  readonly listen?: (listener: (event: Pick<StorageEvent, "key" | "newValue">) => void) => void;
}

export function createStore(
  open: () => TextStorage,
  { now = Date.now, listen = () => {} }: Surroundings = {},
): Store {
  const storage = new SafeStorage(open);
  const listeners = new Set<(change: Change) => void>();
  const troubles = new Set<Trouble>();
  const troubleListeners = new Set<(trouble: Trouble) => void>();
  /** What this tab saved last in a cell, and since when it has put no text to the versions. */
  const own = new Map<string, SavedCell & { since: number }>();

  function changed(change: Change): void {
    for (const listener of listeners) listener(change);
  }

  function tell(trouble: Trouble): void {
    if (troubles.has(trouble)) return;
    troubles.add(trouble);
    for (const listener of troubleListeners) listener(trouble);
  }

  /** Outputs can be made again; the oldest versions are missed least. */
  function dispensable(): string[] {
    const keys = storage.keys();
    const versions = keys.filter((key) => key.startsWith(`${prefix}version:`));
    versions.sort((a, b) => timeOf(a) - timeOf(b));
    return [...keys.filter(isOutputs), ...versions];
  }

  /** Keeps something that the reader would miss. */
  function keep(key: string, value: string): void {
    if (!storage.set(key, value, dispensable) && storage.state !== "kept") tell(storage.state);
  }

  /** The value under a key. One that is damaged is set aside. */
  function read<T>(key: string, isValid: (value: unknown) => value is T): T | undefined {
    const text = storage.get(key);
    if (text === undefined) return undefined;
    const value = parsed(text);
    if (isValid(value)) return value;
    const aside = `${prefix}damaged:${now()}:${key.slice(prefix.length)}`;
    if (storage.set(aside, text, dispensable)) storage.delete(key);
    tell("damaged");
    return undefined;
  }

  /** The keys that begin like this, with the rest as a name. */
  function* below(...names: string[]): Generator<[key: string, name: string]> {
    const start = `${keyOf(...names)}:`;
    for (const key of storage.keys()) {
      if (key.startsWith(start)) yield [key, unescaped(key.slice(start.length))];
    }
  }

  function versions(lesson: string, cell: string): SavedCell[] {
    const found: SavedCell[] = [];
    for (const [key] of below("version", lesson, cell)) {
      const version = read(key, isSavedCell);
      if (version) found.push(version);
    }
    return found.sort((a, b) => b.saved - a.saved).slice(0, mostVersions);
  }

  /** Without the present text: when two tabs save at once, both keep their own, and one is it. */
  function earlier(lesson: string, cell: string): SavedCell[] {
    const present = read(keyOf("cell", lesson, cell), isSavedCell)?.source;
    return versions(lesson, cell).filter(({ source }) => source !== present);
  }

  function keepVersion(lesson: string, cell: string, version: SavedCell): void {
    if (versions(lesson, cell).some(({ source }) => source === version.source)) return;
    let { source, saved } = version;
    while (storage.get(keyOf("version", lesson, cell, `${saved}`)) !== undefined) saved += 1;
    keep(keyOf("version", lesson, cell, `${saved}`), JSON.stringify({ source, saved }));
    const keys = [...below("version", lesson, cell)].map(([key]) => key);
    keys.sort((a, b) => timeOf(b) - timeOf(a));
    for (const key of keys.slice(mostVersions)) storage.delete(key);
  }

  listen(({ key, newValue }) => {
    if (key !== null && !key.startsWith(prefix)) return;
    if (key === null) {
      changed({ here: false });
      return;
    }
    storage.overtaken(key);
    const [kind, lesson, cell] = namesOf(key.slice(prefix.length));
    if (kind === "damaged" || lesson === undefined) return;
    if (kind === "setting") {
      changed({ setting: lesson, here: false });
      return;
    }
    const mine = own.get(key);
    const theirs = parsed(newValue ?? "");
    // Both tabs saved before either could see the other's text: then only this tab still has its own.
    if (mine && cell !== undefined && !(isSavedCell(theirs) && theirs.source === mine.source)) {
      keepVersion(lesson, cell, mine);
      own.delete(key);
    }
    changed({ lesson, ...(kind !== "mark" && cell !== undefined && { cell }), here: false });
  });

  return {
    get state() {
      return storage.state;
    },
    cell: (lesson, cell) => read(keyOf("cell", lesson, cell), isSavedCell),
    saveCell(lesson, cell, source) {
      if (source.length > longestCell) {
        tell("too long");
        return;
      }
      const key = keyOf("cell", lesson, cell);
      const before = read(key, isSavedCell);
      if (before?.source === source) return;
      const mine = own.get(key);
      const saved = now();
      const typing = mine && mine.source === before?.source && saved - mine.since < minute;
      if (before && !typing) keepVersion(lesson, cell, before);
      own.set(key, { source, saved, since: typing ? mine.since : before ? saved : 0 });
      keep(key, JSON.stringify({ source, saved }));
      changed({ lesson, cell, here: true });
    },
    resetCell(lesson, cell) {
      const key = keyOf("cell", lesson, cell);
      const before = read(key, isSavedCell);
      if (before) keepVersion(lesson, cell, before);
      own.delete(key);
      storage.delete(key);
      changed({ lesson, cell, here: true });
    },
    versions: earlier,
    cells(lesson) {
      const cells = new Map<string, SavedCell>();
      for (const [key, name] of below("cell", lesson)) {
        const cell = read(key, isSavedCell);
        if (cell) cells.set(name, cell);
      }
      return cells;
    },
    outputs: (lesson, cell) => read(keyOf("outputs", lesson, cell), isOutputList),
    saveOutputs(lesson, cell, outputs) {
      const key = keyOf("outputs", lesson, cell);
      const text = JSON.stringify(outputs ?? []);
      const wanted = outputs !== undefined && text.length <= longestOutputs;
      if (!wanted || !storage.set(key, text, () => storage.keys().filter(isOutputs))) {
        storage.delete(key);
      }
    },
    marks: (lesson) => new Set([...below("mark", lesson)].map(([, mark]) => mark)),
    mark(lesson, mark, on = true) {
      const key = keyOf("mark", lesson, mark);
      if ((storage.get(key) !== undefined) === on) return;
      if (on) keep(key, `${now()}`);
      else storage.delete(key);
      changed({ lesson, here: true });
    },
    guess: (lesson, cell) => read(keyOf("guess", lesson, cell), isText),
    saveGuess(lesson, cell, text) {
      if (text.length > longestCell) {
        tell("too long");
        return;
      }
      keep(keyOf("guess", lesson, cell), JSON.stringify(text));
      changed({ lesson, cell, here: true });
    },
    setting: (name) => storage.get(keyOf("setting", name)),
    setSetting(name, value) {
      const key = keyOf("setting", name);
      if (value === undefined) storage.delete(key);
      else storage.set(key, value, dispensable);
      changed({ setting: name, here: true });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onTrouble(listener) {
      troubleListeners.add(listener);
      for (const trouble of troubles) listener(trouble);
    },
    entries() {
      const entries = new Map<string, string>();
      for (const key of storage.keys()) {
        const text = key.startsWith(prefix) ? storage.get(key) : undefined;
        if (text !== undefined) entries.set(key.slice(prefix.length), text);
      }
      return entries;
    },
    replace(entries) {
      const before = new Map<string, string | undefined>();
      const put = (key: string, value: string | undefined): boolean => {
        if (value !== undefined) {
          return storage.set(prefix + key, value, () => storage.keys().filter(isOutputs));
        }
        storage.delete(prefix + key);
        return true;
      };
      for (const [key, value] of entries) {
        before.set(key, storage.get(prefix + key));
        if (put(key, value) || storage.state === "blocked") continue;
        for (const [key, value] of before) put(key, value);
        return undefined;
      }
      if (storage.state === "blocked") tell("blocked");
      own.clear();
      changed({ here: true });
      return () => {
        for (const [key, value] of before) {
          if (storage.get(prefix + key) === entries.get(key)) put(key, value);
        }
        changed({ here: true });
      };
    },
  };
}

/** A key from names, in which ":" is the only letter with a meaning. */
export function keyOf(...names: string[]): string {
  return prefix + names.map((name) => name.replace(/[%:]/g, encodeURIComponent)).join(":");
}

/** The names in a key without "chainrule:". */
export function namesOf(key: string): string[] {
  return key.split(":").map(unescaped);
}

function unescaped(name: string): string {
  return name.replace(/%3A/g, ":").replace(/%25/g, "%");
}

/** The time at which a version was saved, from its key. */
function timeOf(key: string): number {
  return Number(key.slice(key.lastIndexOf(":") + 1)) || 0;
}

function isOutputs(key: string): boolean {
  return key.startsWith(`${prefix}outputs:`);
}

/** Undefined, which is no JSON, for what is not JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

export function isSavedCell(value: unknown): value is SavedCell {
  return isObject(value) && isText(value.source) && Number.isSafeInteger(value.saved);
}

function isOutputList(value: unknown): value is Output[] {
  return Array.isArray(value) && value.every(isOutput);
}

function isOutput(value: unknown): value is Output {
  if (!isObject(value)) return false;
  const { output_type: type, name, text, data, ename, evalue, traceback } = value;
  if (type === "stream") return (name === "stdout" || name === "stderr") && isText(text);
  if (type === "execute_result") return isObject(data);
  return (
    type === "error" &&
    isText(ename) &&
    isText(evalue) &&
    Array.isArray(traceback) &&
    traceback.every(isText)
  );
}

export const store: Store = createStore(() => localStorage, {
  listen: (listener) => globalThis.addEventListener?.("storage", listener),
});

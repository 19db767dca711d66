/**
 * Progress as one file: written, read, and merged with what is here. Read store.ts first.
 *
 *     {
 *       "format": "chainrule progress",
 *       "version": 1,
 *       "saved": "2026-11-26T09:30:00.000Z",
 *       "entries": {
 *         "cell:01-understanding-gradients:cell-1a2b3c4d": { "source": "…", "saved": 1790000000000 },
 *         "mark:01-understanding-gradients:read": 1790000000000
 *       }
 *     }
 *
 * The entries have the keys of the store. Outputs and settings are not in it: outputs can be made
 * again, settings belong to a machine.
 */

import {
  isObject,
  isSavedCell,
  isText,
  keyOf,
  longestCell,
  namesOf,
  parsed,
  type SavedCell,
  type Store,
} from "./store.ts";

const format = "chainrule progress";
const version = 1;
/** Local storage holds about 5,000,000 characters, in which each can take six in a file. */
export const longestFile = 30_000_000;
const mostEntries = 20_000;
const longestName = 200;
/** How many names the key of each kind has. */
const parts = new Map([
  ["cell", 3],
  ["version", 4],
  ["mark", 3],
  ["guess", 3],
]);

/** A file that is not what this page saves; the message says where, what was expected, what came. */
export class FileError extends Error {}

export interface CellText extends SavedCell {
  readonly lesson: string;
  readonly cell: string;
}

/** What a file holds, checked. */
export interface Contents {
  /** When the file was saved, if it says so. */
  readonly saved: Date | undefined;
  readonly cells: readonly CellText[];
  readonly versions: readonly CellText[];
  /** Marks, guesses and damaged entries: by key, as they are stored. */
  readonly others: ReadonlyMap<string, string>;
}

/** What taking a file over would do. */
export interface Merge {
  /** Cells that are the lesson's here. */
  readonly newCells: number;
  /** Cells where the file's text is newer; the text here goes to the versions. */
  readonly newerCells: number;
  /** Cells where the text here is newer; the file's text goes to the versions. */
  readonly olderCells: number;
  readonly newMarks: number;
  readonly newGuesses: number;
  /** Everything to be stored, for `Store.replace`. */
  readonly entries: ReadonlyMap<string, string>;
}

/** Everything that the store holds, as the text of a file. */
export function exportAll(store: Store, now = new Date()): string {
  const entries = [...store.entries()]
    .filter(([key]) => !/^(outputs|setting):/.test(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, text]) => [key, key.startsWith("damaged:") ? text : (parsed(text) ?? text)]);
  return JSON.stringify(
    { format, version, saved: now.toISOString(), entries: Object.fromEntries(entries) },
    null,
    1,
  );
}

/** "chainrule-progress-2026-11-26.json" */
export function fileName(now = new Date()): string {
  const two = (number: number) => `${number}`.padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `chainrule-progress-${day}.json`;
}

/** Gives the reader everything as a file. */
export function saveFile(store: Store): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([exportAll(store)], { type: "application/json" }));
  link.download = fileName();
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser has read it by then
}

/**
 * Reads and checks a file, all of it before anything is used.
 * @throws FileError
 */
export function readFile(text: string, name = "The file"): Contents {
  if (text.length > longestFile) {
    throw complaint(name, `at most ${longestFile} characters`, text.length);
  }
  const file = parsedFile(text, name);
  if (!isObject(file) || file.format !== format) {
    throw complaint(name, `a file saved on this page, with "format": "${format}"`, file);
  }
  if (file.version !== version) {
    const expected = `"version": ${version} (if the file is newer than this page, reload the page)`;
    throw complaint(name, expected, file.version);
  }
  const { entries } = file;
  if (!isObject(entries) || Array.isArray(entries)) {
    throw complaint(`${name}, "entries"`, "an object", entries);
  }
  const list = Object.entries(entries);
  if (list.length > mostEntries) {
    throw complaint(`${name}, "entries"`, `at most ${mostEntries} entries`, list.length);
  }
  const cells: CellText[] = [];
  const versions: CellText[] = [];
  const others = new Map<string, string>();
  for (const [key, value] of list) {
    const where = `${name}, entry ${described(key)}`;
    const names = namesOf(key);
    const [kind, lesson = "", cell = ""] = names;
    if (kind === "damaged") {
      if (!isText(value)) throw complaint(where, "a text", value);
      others.set(key, value);
      continue;
    }
    const isLong = Math.max(lesson.length, cell.length) > longestName;
    if (kind === undefined || parts.get(kind) !== names.length || isLong) {
      throw complaint(where, 'a name such as "cell:LESSON:CELL" or "mark:LESSON:MARK"', key);
    }
    if (kind === "mark") {
      if (!isTime(value)) throw complaint(where, "a time in milliseconds", value);
      others.set(key, `${value}`);
    } else if (kind === "guess") {
      if (!isText(value)) throw complaint(where, "a text", value);
      others.set(key, JSON.stringify(value));
    } else {
      if (!isSavedCell(value) || value.source.length > longestCell || !isTime(value.saved)) {
        const expected = `a "source" of at most ${longestCell} characters and when it was "saved"`;
        throw complaint(where, expected, value);
      }
      const { source, saved } = value;
      (kind === "cell" ? cells : versions).push({ lesson, cell, source, saved });
    }
  }
  const saved = new Date(isText(file.saved) ? file.saved : Number.NaN);
  return { saved: Number.isNaN(saved.getTime()) ? undefined : saved, cells, versions, others };
}

/**
 * What taking the contents over would change: marks are united; of two texts of a cell the newer one
 * counts and the other goes to the versions; a guess that stands here stays.
 */
export function merge(store: Store, contents: Contents, now = Date.now()): Merge {
  const here = store.entries();
  const entries = new Map<string, string>();
  const count = { newCells: 0, newerCells: 0, olderCells: 0, newMarks: 0, newGuesses: 0 };
  const put = (key: string, value: string) => entries.set(key.slice("chainrule:".length), value);

  /** The sources that a cell has as versions, here and of those to be stored. */
  const known = new Map<string, Set<string>>();
  const addVersion = (lesson: string, cell: string, { source, saved }: SavedCell) => {
    const start = keyOf("version", lesson, cell);
    const sources =
      known.get(start) ?? new Set(store.versions(lesson, cell).map(({ source }) => source));
    known.set(start, sources);
    if (sources.has(source)) return;
    sources.add(source);
    let free = saved;
    const isTaken = (time: number) => {
      const key = `${start}:${time}`.slice("chainrule:".length);
      return here.has(key) || entries.has(key);
    };
    while (isTaken(free)) free += 1;
    put(`${start}:${free}`, JSON.stringify({ source, saved: free }));
  };

  for (const { lesson, cell, source, saved } of contents.cells) {
    // A clock that was ahead must not make this text the newer one for ever.
    const there = { source, saved: Math.min(saved, now) };
    const text = store.cell(lesson, cell);
    if (text?.source === source) continue;
    if (text && text.saved >= there.saved) {
      count.olderCells += 1;
      addVersion(lesson, cell, there);
      continue;
    }
    put(keyOf("cell", lesson, cell), JSON.stringify(there));
    if (text) addVersion(lesson, cell, text);
    if (text) count.newerCells += 1;
    else count.newCells += 1;
  }
  for (const { lesson, cell, source, saved } of contents.versions) {
    addVersion(lesson, cell, { source, saved: Math.min(saved, now) });
  }
  for (const [key, text] of contents.others) {
    if (here.has(key)) continue;
    entries.set(key, text);
    if (key.startsWith("mark:")) count.newMarks += 1;
    if (key.startsWith("guess:")) count.newGuesses += 1;
  }
  return { ...count, entries };
}

function parsedFile(text: string, name: string): unknown {
  if (text.trim() === "")
    throw new FileError(`${name}: expected a file saved on this page, got an empty one.`);
  try {
    return JSON.parse(text.trim());
  } catch (error) {
    const reason = error instanceof Error ? ` (${cut(error.message)})` : "";
    throw new FileError(
      `${name}: expected a file saved on this page, got something else or a damaged one${reason}.`,
    );
  }
}

/** "progress.json: expected …, got 5." */
export function complaint(where: string, expected: string, came: unknown): FileError {
  return new FileError(`${where}: expected ${expected}, got ${described(came)}.`);
}

/** Milliseconds that are a date. */
function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && Math.abs(Number(value)) <= 8.64e15;
}

function described(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (!isObject(value)) return cut(JSON.stringify(value));
  const names = Object.keys(value)
    .slice(0, 3)
    .map((name) => JSON.stringify(cut(name)));
  return names.length === 0 ? "an empty object" : `an object with ${names.join(", ")}`;
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

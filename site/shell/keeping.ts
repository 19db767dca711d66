/**
 * The buttons of the page of progress: save to a file, load from one, forget everything; the last two can
 * be undone. Read transfer.ts first.
 */

import { announce } from "./announce.ts";
import { counted } from "./progress.ts";
import { store } from "./store.ts";
import {
  type Contents,
  complaint,
  FileError,
  longestFile,
  type Merge,
  merge,
  readFile,
  saveFile,
} from "./transfer.ts";

/** The contents that the reader looks at before taking them over. */
let incoming: Contents | undefined;
let undo: (() => void) | undefined;

export function startKeeping(): void {
  const file = find("file", HTMLInputElement);
  const pasted = find("pasted", HTMLTextAreaElement);
  onClick("save", () => saveFile(store));
  onClick("load", () => file.click());
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    if (chosen) void look(chosen);
    file.value = ""; // the same file again is a change
  });
  onClick("read-pasted", () => void look(pasted.value));
  onClick("take", takeOver);
  onClick("leave", () => {
    closeIncoming();
    find("load", HTMLElement).focus();
  });
  onClick("undo", () => {
    undo?.();
    undo = undefined;
    report("Undone: all is as it was before, except what was changed since.");
  });
  startForgetting();

  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const [dropped] = event.dataTransfer?.files ?? [];
    const text = event.dataTransfer?.getData("text/plain");
    if (dropped ?? text) void look(dropped ?? text ?? "");
  });
  document.addEventListener("paste", ({ target, clipboardData }) => {
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
    const [copied] = clipboardData?.files ?? [];
    void look(copied ?? clipboardData?.getData("text/plain") ?? "");
  });
}

/** Shows what is in a file, or in a text, before anything is taken over. */
async function look(source: File | string): Promise<void> {
  closeIncoming();
  const name = typeof source === "string" ? "The pasted text" : source.name;
  try {
    incoming = readFile(await textOf(source), name);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    report(`${error.message} Nothing was changed.`, { isFailure: true });
    return;
  }
  find("outcome", HTMLElement).hidden = true;
  const changes = merge(store, incoming);
  const title = find("incoming-title", HTMLElement);
  title.textContent = `What is in ${typeof source === "string" ? "the pasted text" : name}`;
  find("incoming-text", HTMLElement).replaceChildren(...described(incoming, changes));
  find("take", HTMLElement).hidden = changes.entries.size === 0;
  find("incoming", HTMLElement).hidden = false;
  title.focus();
}

async function textOf(source: File | string): Promise<string> {
  if (typeof source === "string") return source;
  if (source.size > longestFile) {
    throw complaint(source.name, `at most ${longestFile} bytes`, source.size);
  }
  try {
    return await source.text();
  } catch {
    throw new FileError(`${source.name}: expected a file, got one that cannot be read.`); // a folder
  }
}

function described({ saved, cells, others }: Contents, changes: Merge): Node[] {
  const day = saved?.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
  const holds = document.createElement("p");
  holds.textContent = `It ${day ? `was saved on ${day} and ` : ""}holds ${counted(cells.length, "changed cell")}, ${counted(howMany(others, "mark"), "mark")} and ${counted(howMany(others, "guess"), "guess", "guesses")}.`;
  const { newMarks, newGuesses, newCells, newerCells, olderCells } = changes;
  const rows = [
    newMarks && `${counted(newMarks, "new mark")}: added`,
    newGuesses && `${counted(newGuesses, "new guess", "new guesses")}: added`,
    newCells &&
      `${counted(newCells, "cell")} that you have not changed here: the file’s text counts`,
    newerCells &&
      `${counted(newerCells, "cell")} with a newer text in the file: it counts, and yours goes to the cell’s earlier versions`,
    olderCells &&
      `${counted(olderCells, "cell")} with a newer text here: it stays, and the file’s goes to the cell’s earlier versions`,
  ].filter((row) => row !== 0);
  if (changes.entries.size === 0) rows.push("nothing that is not here already");
  else if (rows.length === 0) rows.push("earlier versions of cells: added");
  const list = document.createElement("ul");
  for (const row of rows) {
    const item = document.createElement("li");
    item.textContent = row;
    list.append(item);
  }
  const change = document.createElement("p");
  change.textContent = "Taking it over changes:";
  return [holds, change, list];
}

function takeOver(): void {
  if (incoming === undefined) return;
  // Another tab may have changed something since the reader looked.
  const { entries } = merge(store, incoming);
  const undoIt = store.replace(entries);
  closeIncoming();
  find("pasted", HTMLTextAreaElement).value = "";
  if (undoIt === undefined) {
    report("The browser has no room for all of it. Nothing was changed.", { isFailure: true });
    return;
  }
  undo = undoIt;
  report("The file is taken over.", { canUndo: true });
}

function startForgetting(): void {
  const dialog = find("forget-dialog", HTMLDialogElement);
  onClick("forget", () => {
    const here = store.entries();
    find("forget-text", HTMLElement).textContent =
      `${counted(howMany(here, "mark"), "mark")}, ${counted(howMany(here, "cell"), "changed cell")}, ${counted(howMany(here, "guess"), "guess", "guesses")}, the earlier versions of cells, and your settings will be gone from this browser. You can undo it until you leave this page.`;
    dialog.returnValue = "keep";
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "forget") return;
    closeIncoming();
    undo = store.replace(new Map([...store.entries().keys()].map((key) => [key, undefined])));
    report("Everything is forgotten.", { canUndo: true });
  });
}

/** Entries whose keys begin with this kind. */
function howMany(entries: ReadonlyMap<string, string>, kind: string): number {
  return [...entries.keys()].filter((key) => key.startsWith(`${kind}:`)).length;
}

function closeIncoming(): void {
  incoming = undefined;
  find("incoming", HTMLElement).hidden = true;
}

/** Says what came of it, and offers to undo it. */
function report(sentence: string, { isFailure = false, canUndo = false } = {}): void {
  const outcome = find("outcome", HTMLElement);
  outcome.hidden = false;
  outcome.classList.toggle("failure", isFailure);
  find("outcome-text", HTMLElement).textContent = sentence;
  const undoButton = find("undo", HTMLElement);
  undoButton.hidden = !canUndo;
  announce(sentence);
  if (canUndo) undoButton.focus();
  else if (document.activeElement === document.body) find("outcome-text", HTMLElement).focus();
}

function onClick(id: string, listener: () => void): void {
  find(id, HTMLElement).addEventListener("click", listener);
}

/** An element of pages/progress.mjs. */
function find<E extends HTMLElement>(id: string, type: new () => E): E {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`progress.html: #${id} is missing`);
  return element;
}

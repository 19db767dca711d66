/**
 * Progress on every page: how much of each lesson is done, which exercises are solved, and whether the
 * reader got to the end. Read store.ts and announce.ts first.
 */

import { announce, notice } from "./announce.ts";
import { store, type Trouble } from "./store.ts";

/** Shows progress where the page has room for it, and goes on showing it. */
export function startProgress(): void {
  store.onTrouble(tell);
  showAll();
  store.onChange(({ cell, setting, here }) => {
    if (cell === undefined && setting === undefined) showAll(here);
  });
  const article = document.querySelector<HTMLElement>("article.lesson[data-lesson]");
  if (article) watchEnd(article);
}

/** "2 of 4", for a lesson with four exercises; nothing before the first mark. */
export function progressOf(
  marks: ReadonlySet<string>,
  exercises: number,
): { readonly text: string; readonly inWords: string } {
  const solved = [...marks].filter((mark) => mark.startsWith("exercise ")).length;
  const isDone = exercises === 0 ? marks.has("read") : solved >= exercises;
  if (isDone) return { text: "✓", inWords: exercises === 0 ? "read" : "all exercises solved" };
  if (solved > 0) {
    return {
      text: `${solved} of ${exercises}`,
      inWords: `${solved} of ${exercises} exercises solved`,
    };
  }
  return marks.has("read") ? { text: "read", inWords: "read" } : { text: "", inWords: "" };
}

/** "1 cell", "2 cells". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** @param isNews whether what has just been solved is said aloud */
function showAll(isNews = false): void {
  for (const slot of document.querySelectorAll<HTMLElement>(".progress[data-lesson]")) {
    const { lesson = "", exercises = "0" } = slot.dataset;
    const { text, inWords } = progressOf(store.marks(lesson), Number(exercises));
    show(slot, text, inWords);
  }
  for (const article of document.querySelectorAll<HTMLElement>("article.lesson[data-lesson]")) {
    showSolved(article, isNews);
  }
}

/** One text for the eye, one for a screen reader. */
function show(slot: HTMLElement, text: string, inWords: string): void {
  if (slot.dataset.words === inWords) return;
  slot.dataset.words = inWords;
  slot.classList.toggle("done", text === "✓");
  const seen = document.createElement("span");
  seen.ariaHidden = "true";
  seen.textContent = text;
  const heard = document.createElement("span");
  heard.className = "visually-hidden";
  heard.textContent = `, ${inWords}`;
  slot.replaceChildren(...(text === "" ? [] : [seen, heard]));
}

/** Puts "✓ solved" into the headings of exercises. */
function showSolved(article: HTMLElement, isNews: boolean): void {
  const marks = store.marks(article.dataset.lesson ?? "");
  const exercises = article.querySelectorAll<HTMLElement>("[data-exercise]");
  for (const exercise of exercises) {
    const heading = exercise.querySelector("h2, h3, h4");
    const old = heading?.querySelector(".solved");
    const isSolved = marks.has(`exercise ${exercise.dataset.exercise}`);
    if (heading === null || isSolved === (old !== null)) continue;
    old?.remove();
    if (!isSolved) continue;
    const solved = document.createElement("span");
    solved.className = "solved";
    solved.textContent = "✓ solved";
    heading.append(" ", solved);
    if (isNews) {
      const { inWords } = progressOf(marks, exercises.length);
      announce(`In this lesson: ${inWords}.`); // that it is right is said by its check
    }
  }
}

/** A lesson counts as read when its last paragraph has been on the screen for a second. */
function watchEnd(article: HTMLElement): void {
  const lesson = article.dataset.lesson ?? "";
  let end: Element = article;
  while (end === article || end.localName === "section") {
    const last = end.lastElementChild;
    if (last === null) break;
    end = last;
  }
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const observer = new IntersectionObserver((entries) => {
    clearTimeout(waiting);
    if (!entries.at(-1)?.isIntersecting) return;
    waiting = setTimeout(() => {
      observer.disconnect();
      store.mark(lesson, "read");
    }, 1000);
  });
  observer.observe(end);
}

/** What is said about storage that does not do its work. */
const sentences: Readonly<Record<Trouble, string>> = {
  full: "The browser’s room for this site is full: what you write from now on is kept only until you leave this page.",
  blocked:
    "The browser keeps nothing for this site (a private window, or cookies are blocked): what you write is kept only until you leave this page.",
  damaged:
    "Something that was saved here could not be read. It was set aside, and you can copy it from the page Your progress.",
  "too long": "This text is longer than 200,000 characters, so it is not saved.",
};

function tell(trouble: Trouble): void {
  const isLost = trouble === "full" || trouble === "blocked";
  notice(sentences[trouble], isLost ? { action: saveAction } : {});
}

const saveAction = {
  label: "Export to a file",
  run: async () => {
    const { saveFile } = await import("./transfer.ts");
    saveFile(store);
  },
};

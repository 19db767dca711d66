/** The page of progress: what is stored, lesson by lesson. Read progress.ts first, then keeping.ts. */

import { announce } from "./announce.ts";
import { startKeeping } from "./keeping.ts";
import { addressOf, notedPlace } from "./place.ts";
import { counted } from "./progress.ts";
import { isSavedCell, namesOf, parsed, store } from "./store.ts";

const lessons = [...document.querySelectorAll<HTMLElement>(".lesson-progress")];

function showPage(): void {
  for (const lesson of lessons) showLesson(lesson);
  showSum();
  showKept("homeless", homeless());
  showKept("damaged", damaged());
}

function showLesson(section: HTMLElement): void {
  const { lesson = "", page = "", predictions = "0" } = section.dataset;
  const marks = store.marks(lesson);
  for (const item of section.querySelectorAll<HTMLElement>("[data-exercise]")) {
    const isSolved = marks.has(`exercise ${item.dataset.exercise}`);
    const old = item.querySelector(".solved");
    if (isSolved === (old !== null)) continue;
    if (old) old.remove();
    else item.append(" ", span("solved", "✓ solved"));
  }
  const facts = section.querySelector(".facts");
  if (facts === null) return;
  const count = Number(predictions);
  const parts: (string | Node)[] = [marks.has("read") ? "Read to the end" : "Not read to the end"];
  if (count > 0) parts.push(` · ${predictionsOf(marks)} of ${counted(count, "prediction")} made`);
  const changed = changedCells(section);
  if (changed.length > 0) parts.push(" · changed: ");
  for (const [i, number] of changed.entries()) {
    const link = document.createElement("a");
    link.href = `${page}#cell-${number}`;
    link.textContent = `cell ${number}`;
    parts.push(i === 0 ? "" : ", ", link);
  }
  const place = notedPlace(lesson);
  if (place?.section) {
    const link = document.createElement("a");
    link.href = addressOf(place);
    link.textContent = place.section.title;
    parts.push(" · last at ", link);
  }
  const text = parts.map((part) => (typeof part === "string" ? part : part.textContent)).join("");
  if (facts.textContent !== text) facts.replaceChildren(...parts); // a focused link stays
}

/** Numbers of the cells that the reader changed, in the order of the page. */
function changedCells({ dataset }: HTMLElement): number[] {
  const saved = store.cells(dataset.lesson ?? "");
  return idsOf(dataset).flatMap((id, i) => (saved.has(id) ? [i + 1] : []));
}

function showSum(): void {
  const sum = { pages: 0, solved: 0, exercises: 0, made: 0, predictions: 0, changed: 0 };
  for (const section of lessons) {
    const marks = store.marks(section.dataset.lesson ?? "");
    const exercises = [...section.querySelectorAll<HTMLElement>("[data-exercise]")];
    if (marks.has("read")) sum.pages += 1;
    sum.exercises += exercises.length;
    sum.solved += exercises.filter(({ dataset }) =>
      marks.has(`exercise ${dataset.exercise}`),
    ).length;
    sum.predictions += Number(section.dataset.predictions);
    sum.made += predictionsOf(marks);
    sum.changed += changedCells(section).length;
  }
  const element = document.getElementById("sum");
  if (element === null) return;
  element.textContent =
    sum.pages + sum.solved + sum.made + sum.changed === 0
      ? "Nothing yet: marks appear here as you read, guess and solve."
      : `You have read ${sum.pages} of ${counted(lessons.length, "page")}, solved ${sum.solved} of ${counted(sum.exercises, "exercise")}, made ${sum.made} of ${counted(sum.predictions, "prediction")} and changed ${counted(sum.changed, "cell")}.`;
}

interface KeptText {
  readonly title: string;
  readonly text: string;
}

/** Texts of cells that no lesson has any more, with their versions. */
function homeless(): KeptText[] {
  const kept: KeptText[] = [];
  for (const [key, text] of store.entries()) {
    const [kind, lesson = "", cell = ""] = namesOf(key);
    const value = parsed(text);
    if ((kind !== "cell" && kind !== "version") || !isSavedCell(value)) continue;
    const section = lessons.find(({ dataset }) => dataset.lesson === lesson);
    if (section && idsOf(section.dataset).includes(cell)) continue;
    const page = section?.querySelector("h3 a")?.textContent ?? lesson;
    const when = `${kind === "cell" ? "" : "an earlier version, "}${dayOf(value.saved)}`;
    kept.push({ title: `${page}: ${cell}, ${when}`, text: value.source });
  }
  return kept;
}

function damaged(): KeptText[] {
  return [...store.entries()].flatMap(([key, text]) => {
    const [kind, time, ...names] = namesOf(key);
    return kind === "damaged"
      ? [{ title: `${names.join(", ")}, ${dayOf(Number(time))}`, text }]
      : [];
  });
}

/** Lists texts to copy, in a section that is hidden while there are none. */
function showKept(id: string, texts: readonly KeptText[]): void {
  const section = document.getElementById(id);
  if (section === null || section.dataset.shown === JSON.stringify(texts)) return;
  section.dataset.shown = JSON.stringify(texts); // what the reader has opened stays open
  section.hidden = texts.length === 0;
  section.querySelector(".kept-texts")?.replaceChildren(
    ...texts.map(({ title, text }) => {
      const details = document.createElement("details");
      const summary = document.createElement("summary");
      summary.textContent = title;
      const code = document.createElement("pre");
      code.tabIndex = 0;
      code.textContent = text;
      const copy = document.createElement("button");
      copy.type = "button";
      copy.textContent = "Copy";
      copy.setAttribute("aria-label", `Copy ${title}`);
      copy.addEventListener("click", () => copyText(code));
      details.append(summary, code, copy);
      return details;
    }),
  );
}

async function copyText(code: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(code.textContent);
    announce("Copied.");
  } catch {
    getSelection()?.selectAllChildren(code); // no clipboard without https
    announce("Selected: press Control and C to copy.");
  }
}

function predictionsOf(marks: ReadonlySet<string>): number {
  return [...marks].filter((mark) => mark.startsWith("predict ")).length;
}

function idsOf({ cells = "" }: DOMStringMap): string[] {
  return cells.split(" ").filter((id) => id !== "");
}

function dayOf(time: number): string {
  return new Date(time).toLocaleDateString("en-GB", { dateStyle: "long" });
}

function span(className: string, text: string): HTMLElement {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}

showPage();
store.onChange(showPage);
startKeeping();

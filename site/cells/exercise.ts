/**
 * An exercise: running its hole runs the check, whose verdict stands by the hole; hints one after the
 * other; the way on. Read verdict.ts and lesson-cell.ts first.
 */

import { announce } from "../shell/announce.ts";
import { titleOf } from "../shell/place.ts";
import { scrollToSee } from "../shell/scroll-to-see.ts";
import { store } from "../shell/store.ts";
import { LessonCell } from "./lesson-cell.ts";
import { readVerdict, type Verdict } from "./verdict.ts";

/** After so many milliseconds the reader may be elsewhere, and nothing scrolls any more. */
const patience = 2000;

/** Makes the exercise of a section work in the page. */
export function startExercise(section: HTMLElement): void {
  const number = section.dataset.exercise ?? "";
  const hole = section.querySelector('[data-mode="exercise"]');
  const check = section.querySelector('[data-mode="check"]');
  if (!(hole instanceof LessonCell) || !(check instanceof LessonCell)) return;
  const lesson = section.closest<HTMLElement>("[data-lesson]")?.dataset.lesson ?? "";
  const mark = `exercise ${number}`;
  const place = document.createElement("div");
  place.className = "verdict";
  place.hidden = true;
  hole.append(place);

  const show = (verdict: Verdict | undefined) => {
    place.hidden = verdict === undefined;
    if (verdict) place.replaceChildren(...describe(verdict, number, section));
    place.dataset.kind = verdict?.kind;
  };
  /** For the hole, which may be so long that the verdict below it is out of view. */
  const runCheck = async () => {
    const start = performance.now();
    await check.run();
    if (!place.hidden && performance.now() - start < patience) scrollToSee(place);
  };
  section.addEventListener("cell-run", ({ target }) => {
    if (target === hole) {
      const error = hole.outputs.find((output) => output.output_type === "error");
      if (!error) void runCheck();
      else if (error.ename === "Todo") show({ kind: "unfinished", task: error.evalue });
      else show(undefined); // the error stands there already
    } else if (target === check) {
      const verdict = readVerdict(check.outputs, number);
      show(verdict);
      if (!verdict) return;
      announce(place.querySelector("p")?.textContent ?? "");
      if (verdict.kind === "right" && !check.isEdited) store.mark(lesson, mark);
    }
  });
  section.addEventListener("cell-edit", () => show(undefined));
  if (store.marks(lesson).has(mark)) show({ kind: "right", checks: "" });

  showHintsInTurn([...section.querySelectorAll<HTMLDetailsElement>("details.hint")]);
  offerSolution(section, hole);
}

/** The elements that show a verdict. */
function describe(verdict: Verdict, number: string, section: HTMLElement): HTMLElement[] {
  switch (verdict.kind) {
    case "right": {
      const checks = verdict.checks === "" ? "" : ` ${capital(verdict.checks)}.`;
      const solved = paragraph(`✓ Exercise ${number} is solved.`, checks);
      const next = linkToNext(section);
      return next ? [solved, next] : [solved];
    }
    case "unfinished":
      return [paragraph("Not done yet.", ` Put your code in place of todo(…): ${verdict.task}.`)];
    case "wrong":
      return [paragraph("✗ Not right yet.", ` ${capital(verdict.reason)}`)];
    case "different": {
      const list = document.createElement("dl");
      list.append(...pair("expected", verdict.expected), ...pair("got", verdict.got));
      return [paragraph("✗ Not right yet.", ` ${capital(verdict.what)}:`), list];
    }
  }
}

function paragraph(strong: string, rest: string): HTMLElement {
  const element = document.createElement("p");
  const start = document.createElement("strong");
  start.textContent = strong;
  element.append(start, rest);
  return element;
}

function pair(term: string, value: string): HTMLElement[] {
  const name = document.createElement("dt");
  name.textContent = term;
  const content = document.createElement("dd");
  content.textContent = value;
  return [name, content];
}

/** To the next exercise or section of the lesson, or to the next lesson. */
function linkToNext(section: HTMLElement): HTMLElement | undefined {
  const headings = [...(section.closest("article")?.querySelectorAll<HTMLElement>("h2, h3") ?? [])];
  const heading = headings.find(
    (heading) =>
      heading.id !== "" &&
      !section.contains(heading) &&
      section.compareDocumentPosition(heading) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  const lesson = document.querySelector<HTMLAnchorElement>('a[rel="next"]');
  const [address, name] = heading
    ? [`#${heading.id}`, titleOf(heading)]
    : [lesson?.getAttribute("href"), lesson?.textContent];
  if (!address) return undefined;
  const link = document.createElement("a");
  link.className = "button primary";
  link.href = address;
  link.textContent = `Next: ${name?.trim()}`;
  return link;
}

/** A hint shows when the one before it has been opened. */
function showHintsInTurn(hints: readonly HTMLDetailsElement[]): void {
  for (const [i, hint] of hints.entries()) {
    const next = hints[i + 1];
    if (!next) return;
    next.hidden = !hint.open;
    hint.addEventListener("toggle", () => {
      if (hint.open) next.hidden = false;
    });
  }
}

/** A button below the first solution that puts it into the cell. */
function offerSolution(section: HTMLElement, hole: LessonCell): void {
  const code = section.querySelector("details.solution pre");
  if (!code) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Put this into the cell";
  button.addEventListener("click", () => {
    hole.replace(code.textContent, "The solution is in the cell. Run it to see the checks pass.");
    hole.focusCode();
  });
  code.after(button);
}

/** With a capital letter, unless it begins with a name or a formula: d, x³, max(0, x). */
const capital = (text: string) =>
  text.replace(/^[a-z]{2,}(?=[ ,]|$)/, (word) => word.charAt(0).toUpperCase() + word.slice(1));

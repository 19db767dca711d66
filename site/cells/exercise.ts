/**
 * An exercise: running its hole runs the check, whose verdict stands by the hole; hints one after the
 * other; the way on. Read verdict.ts and lesson-cell.ts first.
 */

import { areTypesOn, toggleTypes } from "../editor/type-setting.ts";
import { announce } from "../shell/announce.ts";
import { titleOf } from "../shell/place.ts";
import { scrollToSee } from "../shell/scroll-to-see.ts";
import { store } from "../shell/store.ts";
import { LessonCell } from "./lesson-cell.ts";
import { readVerdict, type Verdict } from "./verdict.ts";

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
  /** When the hole last asked for the check. */
  let asked = Number.NEGATIVE_INFINITY;
  let slow: ReturnType<typeof setTimeout> | undefined;
  const tell = (verdict: Verdict) => {
    show(verdict);
    const parts = [...place.querySelectorAll("p, dt, dd")];
    announce(parts.map(({ textContent }) => textContent).join(" "));
  };
  section.addEventListener("cell-run", ({ target }) => {
    clearTimeout(slow);
    if (target === hole) {
      const error = hole.outputs.find((output) => output.output_type === "error");
      if (!error) {
        asked = performance.now();
        void check.run();
        slow = setTimeout(() => show({ kind: "checking" }), patience);
      } else if (error.ename === "Todo") tell({ kind: "unfinished", task: error.evalue });
      else show(undefined); // the error stands there already
    } else if (target === check) {
      const isDone = check.ended === "finished" || check.ended === "failed";
      const verdict: Verdict | undefined = isDone
        ? readVerdict(check.outputs, number)
        : { kind: "unchecked" };
      if (!verdict) return show(undefined);
      tell(verdict);
      // The hole may be so long that the verdict below it is out of view.
      if (performance.now() - asked < attention) scrollToSee(place);
      asked = Number.NEGATIVE_INFINITY;
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
    case "checking":
      return [
        paragraph("Checking …", " Your code runs in the cell below, which can be stopped there."),
      ];
    case "unchecked":
      return [
        paragraph(
          "✗ Not right yet.",
          " The check came to no end. Is there a loop that never ends?",
        ),
      ];
    case "unfinished":
      return [paragraph("Not done yet.", ` Put your code in place of todo(…): ${verdict.task}.`)];
    case "wrong": {
      const reason = paragraph("✗ Not right yet.", ` ${capital(verdict.reason)}`);
      if (verdict.place) reason.append(" (", linkTo(verdict.place), ")");
      return /^(Type|Reference)Error\b/.test(verdict.reason) ? [reason, ...offerTypes()] : [reason];
    }
    case "different": {
      const list = document.createElement("dl");
      list.append(...pair("expected", verdict.expected), ...pair("got", verdict.got));
      const result = [paragraph("✗ Not right yet.", ` The check “${verdict.what}” fails:`), list];
      const [, explanation] =
        Object.entries(explanations).find(([got]) => got === verdict.got) ?? [];
      return explanation
        ? [...result, paragraph(verdict.got, explanation), ...offerTypes()]
        : result;
    }
  }
}

/** What a result that puzzles learners usually comes from. */
const explanations: Readonly<Record<string, string>> = {
  undefined:
    " comes from a function without a return, or from a part that is not there: a number has no " +
    "data, a Value has.",
  NaN: ", not a number, often comes from calculating with a Value in place of its data.",
};

/** For mistakes that types would have shown. */
function offerTypes(): HTMLElement[] {
  if (areTypesOn()) return [];
  const offer = paragraph("", "Type hints mark such mistakes in the code as you type. ");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Switch them on";
  button.addEventListener("click", () => {
    toggleTypes();
    offer.closest(".cell")?.querySelector<HTMLElement>('[data-do="run"]')?.focus();
    offer.remove();
  });
  offer.append(button);
  return [offer];
}

/** The click is heard by main.ts. */
function linkTo({ cell, line }: { cell: string; line: string }): HTMLElement {
  const link = document.createElement("a");
  link.href = `#cell-${cell}`;
  link.dataset.line = line;
  link.textContent = `cell ${cell}, line ${line}`;
  return link;
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

/** How long a check may take before the page says that it runs. In milliseconds. */
const patience = 700;
/** After that the reader may be elsewhere, and nothing scrolls any more. In milliseconds. */
const attention = 2000;

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

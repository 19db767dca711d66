/**
 * Numbers in the code of a cell can be dragged to the left and right; the cell runs meanwhile. The
 * editor has editor/scrub-numbers.ts for the same. Read number-steps.ts and drag.ts first.
 */

import type { LessonCell } from "../cells/lesson-cell.ts";
import { type Drag, onDrag } from "./drag.ts";
import { type NumberPlace, replaced, stepOf, stepped, withSign } from "./number-steps.ts";
import { Rerun } from "./rerun.ts";

const pixels = 5; // for a step

/** What is known when a drag begins. */
interface Start {
  readonly source: string;
  readonly place: NumberPlace;
  readonly step: number;
  readonly rerun: Rerun;
}

/** Makes the numbers of a cell's code draggable. */
export function scrubNumbersOf(cell: LessonCell): void {
  onDrag(cell, {
    begin: (event) => begin(cell, event),
    move({ start, x, isShift }: Drag<Start>) {
      const { source, place, step, rerun } = start;
      const steps = Math.round(x / pixels) * (isShift ? 10 : 1);
      const number = stepped(source.slice(place.from, place.to), step, steps);
      const next = replaced(source, place, number);
      if (next === cell.source) return;
      cell.source = next;
      rerun.changed();
    },
    end: ({ rerun }) => void rerun.released(),
  });
}

function begin(cell: LessonCell, { target, pointerType }: PointerEvent): Start | undefined {
  if (pointerType === "touch" || !(target instanceof Element)) return undefined;
  const token = target.closest(".tok-number");
  const code = token?.closest("pre.code code");
  const { source } = cell;
  if (!token || !code || code.textContent !== source) return undefined;
  const before = document.createRange();
  before.setStart(code, 0);
  before.setEndBefore(token);
  const from = before.toString().length;
  const literal = token.textContent;
  const step = stepOf(literal);
  if (step === undefined) return undefined;
  const place = withSign(source, { from, to: from + literal.length });
  return { source, place, step, rerun: new Rerun(cell) };
}

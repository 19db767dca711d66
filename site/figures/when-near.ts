/**
 * Loads what makes numbers changeable when the reader comes near one: not before, so that a page starts
 * with little. Read live-text.ts and scrub.ts next.
 */

import type { LessonCell } from "../cells/lesson-cell.ts";

/** Live texts: loaded when the first of them is about to be seen. */
export function loadLiveTexts(): void {
  const near = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      near.disconnect();
      void import("./live-text.ts");
    },
    { rootMargin: "100%" },
  );
  for (const number of document.querySelectorAll(".live.handle")) near.observe(number);
}

/** Numbers in the code of cells: loaded when the mouse is over one. */
export function loadScrubbing(cells: readonly LessonCell[]): void {
  const look = async ({ target }: PointerEvent) => {
    if (!(target instanceof Element && target.closest(".cell-code .tok-number"))) return;
    document.removeEventListener("pointerover", look);
    const { scrubNumbersOf } = await import("./scrub.ts");
    for (const cell of cells) scrubNumbersOf(cell);
  };
  document.addEventListener("pointerover", look);
}

/**
 * Buttons that show another page in place: what they do comes when the first one is pressed. Read
 * announce.ts first; ../figures/in-place.ts next.
 */

import { notice } from "./announce.ts";

export function startInPlace(): void {
  addEventListener("click", async ({ target }) => {
    const button = target instanceof Element && target.closest<HTMLButtonElement>("[data-here]");
    if (!button) return;
    try {
      (await import("../figures/in-place.ts")).toggleInPlace(button);
    } catch {
      notice("It could not be loaded. Is there a network?");
    }
  });
}

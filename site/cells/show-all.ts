/**
 * Outputs that are too large scroll in boxes of their own; a button below a long text shows all of it.
 * Read shell/scrolling.ts first.
 */

import { letScroll } from "../shell/scrolling.ts";

const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) update(target);
});

/** Watches a box of outputs, as it is and as the page gets narrower. */
export function offerShowAll(box: Element): void {
  observer.observe(box);
  update(box);
}

/** The same, but first when the page has its sizes: to ask for them now would hold up its start. */
export function offerShowAllLater(box: Element): void {
  observer.observe(box);
}

function update(box: Element): void {
  letScroll(box);
  const isTooLong = box.matches("pre") && box.scrollHeight > box.clientHeight + 1;
  const present = box.nextElementSibling?.matches(".show-all") ? box.nextElementSibling : undefined;
  if (!isTooLong && !box.matches(".whole")) present?.remove();
  if (!isTooLong || present) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "show-all";
  button.textContent = "Show all lines";
  button.addEventListener("click", () => {
    const isWhole = box.classList.toggle("whole");
    button.textContent = isWhole ? "Show fewer lines" : "Show all lines";
  });
  box.after(button);
}

/** Long outputs scroll in a box of their own; a button below shows all of them. Read shell/scrolling.ts first. */

import { letScroll } from "../shell/scrolling.ts";

const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) offer(target);
});

/** Offers the button below a text now, if it is too long, and when it becomes so on a narrower page. */
export function offerShowAll(text: Element): void {
  observer.observe(text);
  offer(text);
}

/** The same when the page has its sizes; to ask for them now would hold up its start. */
export function offerShowAllLater(text: Element): void {
  observer.observe(text);
}

function offer(text: Element): void {
  letScroll(text);
  const isTooLong = text.scrollHeight > text.clientHeight + 1;
  if (!isTooLong || text.nextElementSibling?.classList.contains("show-all")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "show-all";
  button.textContent = "Show all lines";
  button.addEventListener("click", () => {
    const isWhole = text.classList.toggle("whole");
    button.textContent = isWhole ? "Show fewer lines" : "Show all lines";
  });
  text.after(button);
}

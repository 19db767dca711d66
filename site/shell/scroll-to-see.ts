/** Scrolls to what the reader has asked for, if it is not in view. Nothing to read first. */

/** As little as possible: what is in view already does not move. */
export function scrollToSee(element: Element): void {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "nearest", behavior: calm ? "instant" : "smooth" });
}

/**
 * Boxes that are wider inside than outside (code, formulas, pictures) can be scrolled by keyboard: they
 * take the focus, but only while there is something to scroll. Nothing to read first.
 */

/** Boxes of the text, and what an output may hold. */
const inText = ".code:not(.cell-code > .code), .table, .math-block"; // cells see to theirs
const inOutputs = "pre, figure";

/** Watches the boxes of the page, and the outputs that come later. */
export function watchBoxes(): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.matches(".outputs")) target.querySelectorAll(inOutputs).forEach(letScroll);
      else letScroll(target);
    }
  });
  for (const box of document.querySelectorAll(`${inText}, .outputs`)) observer.observe(box);
}

/** Lets the keyboard reach a box if there is something to scroll now. */
export function letScroll(box: Element): void {
  const isLarger = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
  if (isLarger) {
    box.setAttribute("tabindex", "0");
    const title = box.matches("figure") ? box.querySelector("title")?.textContent : null;
    if (title) box.setAttribute("aria-label", `${title} (scrolls sideways)`);
  } else if (box !== document.activeElement) {
    box.removeAttribute("tabindex");
  }
}

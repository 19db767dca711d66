/**
 * Boxes that are wider inside than outside (code, formulas, pictures) can be scrolled by keyboard: they
 * take the focus, but only while there is something to scroll. Nothing to read first.
 */

/** Boxes of the text, and what an output may hold. */
const inText = ".code, .table, .math-block";
const inOutputs = "pre, figure";

/** Watches the boxes of the page, and the outputs that come later. */
export function watchBoxes(): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.matches(".outputs")) target.querySelectorAll(inOutputs).forEach(check);
      else check(target);
    }
  });
  for (const box of document.querySelectorAll(`${inText}, .outputs`)) observer.observe(box);
}

function check(box: Element): void {
  if (box.scrollWidth > box.clientWidth + 1) {
    box.setAttribute("tabindex", "0");
    const title = box.matches("figure") ? box.querySelector("title")?.textContent : null;
    if (title) box.setAttribute("aria-label", `${title} (scrolls sideways)`);
  } else if (box !== document.activeElement) {
    box.removeAttribute("tabindex");
  }
}

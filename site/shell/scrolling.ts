/**
 * Boxes that are wider inside than outside (code, formulas, pictures) can be scrolled by keyboard: they
 * take the focus, but only while there is something to scroll. Nothing to read first.
 */

/** Watches the boxes of the text; cells see to those of their code and outputs. */
export function watchBoxes(): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) letScroll(target);
  });
  const boxes = ".code:not(.cell-code > .code), .table, .math-block";
  for (const box of document.querySelectorAll(boxes)) observer.observe(box);
}

/** Lets the keyboard reach a box if there is something to scroll now. */
export function letScroll(box: Element): void {
  const isLarger = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
  if (isLarger) box.setAttribute("tabindex", "0");
  else if (box !== document.activeElement) box.removeAttribute("tabindex");
}

/**
 * Boxes that are wider inside than outside (code, tables, formulas) can be scrolled by keyboard: they
 * take the focus, but only while there is something to scroll. Nothing to read first.
 */

/** Watches the boxes of the text; cells/scrollable.ts watches those of outputs. */
export function watchBoxes(): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) update(target);
  });
  for (const box of document.querySelectorAll(".code, .table, .math-block")) observer.observe(box);
}

function update(box: Element): void {
  if (box.scrollWidth > box.clientWidth + 1) box.setAttribute("tabindex", "0");
  else if (box !== document.activeElement) box.removeAttribute("tabindex");
}

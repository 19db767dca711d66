/**
 * Boxes whose content may be larger than they are: while it is, the keyboard reaches them, and a button
 * shows all of what is too high. Nothing to read first.
 */

const names = new WeakMap<Element, string>();

const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) if (target instanceof HTMLElement) update(target);
});

/** @param name for screen readers: "Output of cell 3" */
export function makeScrollable(box: HTMLElement, name: string): void {
  if (names.has(box)) return;
  names.set(box, name);
  observer.observe(box);
}

function update(box: HTMLElement): void {
  const isTooHigh = box.scrollHeight > box.clientHeight + 1;
  const isTooWide = box.scrollWidth > box.clientWidth + 1;
  if (isTooHigh || isTooWide) {
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", names.get(box) ?? "");
  } else {
    box.removeAttribute("tabindex");
    box.removeAttribute("role");
    box.removeAttribute("aria-label");
  }
  const hasButton = box.nextElementSibling?.classList.contains("show-all");
  if (isTooHigh && !hasButton && box.matches(".outputs pre")) box.after(showAll(box));
}

function showAll(box: HTMLElement): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "show-all";
  button.textContent = "Show all lines";
  button.addEventListener("click", () => {
    const isWhole = box.classList.toggle("whole");
    button.textContent = isWhole ? "Show fewer lines" : "Show all lines";
  });
  return button;
}

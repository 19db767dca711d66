/**
 * A toolbar is one stop of the Tab key: arrow keys, Home and End go from button to button (the toolbar
 * pattern of ARIA), since a lesson has thirty of them. Nothing to read first.
 */

/** @param main the button that Tab leads to; pages/cell.mjs has taken the others out of its way */
export function makeToolbar(bar: HTMLElement, main: HTMLElement): void {
  const shown = () =>
    [...bar.querySelectorAll<HTMLElement>(":scope > button")].filter((button) =>
      button.checkVisibility(),
    );
  const stopAt = (stop: HTMLElement) => {
    for (const button of shown()) button.tabIndex = button === stop ? 0 : -1;
  };
  bar.addEventListener("keydown", (event) => {
    const buttons = shown();
    const place = buttons.findIndex((button) => button === event.target);
    const next = {
      ArrowLeft: buttons.at(place - 1),
      ArrowRight: buttons[(place + 1) % buttons.length],
      Home: buttons[0],
      End: buttons.at(-1),
    }[event.key];
    if (place < 0 || next === undefined) return;
    event.preventDefault();
    next.focus();
  });
  bar.addEventListener("focusin", ({ target }) => {
    const button = shown().find((button) => button === target);
    if (button) stopAt(button);
  });
  bar.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && bar.contains(relatedTarget))) stopAt(main);
  });
}

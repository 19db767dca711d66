/**
 * Messages to the reader: one region that screen readers read aloud, and a quiet bar at the foot of the
 * window. Nothing to read first.
 */

/** Has a sentence read aloud by a screen reader, after what it is saying. Nothing is to be seen. */
export function announce(sentence: string): void {
  const region = document.getElementById("announcer");
  if (region === null) return; // a page without the layout, such as an embedded figure
  const line = document.createElement("p"); // new each time: the same words again are news
  line.textContent = sentence;
  region.append(line);
  while (region.childElementCount > 4) region.firstElementChild?.remove();
}

/** The least time between two sentences about what keeps changing, in milliseconds. */
const REST = 1000;
let readyAt = 0;
let waiting: ReturnType<typeof setTimeout> | undefined;

/**
 * Has a sentence read aloud about what may change many times a second, such as the place of a point
 * while an arrow key is held: at most one a second, and the last of them.
 */
export function announceChange(sentence: string): void {
  clearTimeout(waiting);
  waiting = setTimeout(
    () => {
      readyAt = performance.now() + REST;
      announce(sentence);
    },
    Math.max(0, readyAt - performance.now()),
  );
}

/** A button in a notice. */
export interface NoticeAction {
  readonly label: string;
  /** What it does; the notice is gone then. */
  readonly run: () => void;
}

/** So many sentences stand in the bar, and those with a button. */
const most = 3;

/**
 * Shows a sentence in the bar until it is dismissed. The bar takes room at the end of the page, so that
 * all text can be scrolled clear of it. A sentence that stands there already does not appear twice, and
 * of many the oldest that ask nothing go.
 *
 * @returns a function that takes the notice away
 */
export function notice(sentence: string, options: { action?: NoticeAction } = {}): () => void {
  const bar = document.getElementById("notices");
  if (bar === null) return () => {};
  for (const old of bar.children) {
    if (old.querySelector("p")?.textContent === sentence) old.remove();
  }
  const item = document.createElement("div");
  item.className = "notice";
  const text = document.createElement("p");
  text.textContent = sentence;

  const close = (): void => {
    const focused = item.contains(document.activeElement);
    const byKeyboard = item.querySelector(":focus-visible") !== null;
    item.remove();
    makeRoom(bar);
    if (!focused) return;
    if (byKeyboard && cameFrom?.checkVisibility()) cameFrom.focus();
    else document.getElementById("main")?.focus({ preventScroll: true });
  };
  item.addEventListener("focusin", ({ relatedTarget }) => {
    const isOutside = relatedTarget instanceof HTMLElement && !bar.contains(relatedTarget);
    if (isOutside) cameFrom = relatedTarget;
  });
  item.append(text);
  const { action } = options;
  if (action) {
    item.append(
      button(action.label, () => {
        close();
        action.run();
      }),
    );
  }
  item.append(button("Dismiss", close));
  bar.append(item);
  const asking = "button:nth-of-type(2)"; // the first of two
  const silent = [...bar.children].filter((one) => one.querySelector(asking) === null);
  for (const old of silent.slice(0, -most)) old.remove();
  makeRoom(bar);
  announce(sentence);
  return close;
}

/** What had the focus before a notice got it. */
let cameFrom: HTMLElement | undefined;

function button(label: string, run: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", run);
  return made;
}

/** What the Tab key goes to is scrolled clear of the bar: site.css reads the height. */
function makeRoom(bar: HTMLElement): void {
  bar.hidden = bar.childElementCount === 0;
  document.documentElement.style.setProperty("--notice-height", `${bar.offsetHeight + 16}px`);
}

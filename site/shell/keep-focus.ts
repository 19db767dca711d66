/**
 * Keeps the focus within an element: when what has it is hidden, disabled or taken away, it goes to what stands
 * nearest instead of to the top of the page. Nothing to read first.
 */

const focusable =
  'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])';

/** Can the focus be lost by it? Not by new texts, of which there are many while a network trains. */
const takesAway = ({ type, removedNodes }: MutationRecord): boolean =>
  type === "attributes" || [...removedNodes].some((node) => node instanceof Element);

const canHaveIt = (element: HTMLElement): boolean =>
  element.checkVisibility() && !element.matches(":disabled");

/** Until the signal is aborted, if there is one, the focus is not lost from this element. */
export function keepFocus(root: HTMLElement, signal?: AbortSignal): void {
  /** What has the focus, and all that is around it, from the inside out. */
  let around: HTMLElement[] = [];
  root.addEventListener(
    "focusin",
    ({ target }) => {
      around = [];
      let element = target instanceof Element ? target : null;
      for (; element !== null && element !== root.parentElement; element = element.parentElement) {
        if (element instanceof HTMLElement) around.push(element);
      }
      // A picture has a keyboard walk of its own, and looks after the focus itself.
      if (!(target instanceof HTMLElement)) around = [];
    },
    { signal },
  );
  root.addEventListener(
    "focusout",
    ({ target }) => {
      // Chromium tells of it just before it takes an element away.
      queueMicrotask(() => {
        if (target === around[0] && around[0].isConnected && canHaveIt(around[0])) around = [];
      });
    },
    { signal },
  );
  const changes = new MutationObserver((records) => {
    const [focused] = around;
    if (focused === undefined || !records.some(takesAway)) return;
    if (focused.isConnected && canHaveIt(focused)) return;
    const now = document.activeElement;
    if (now === null || now === document.body || now === focused) nearest(around, focused)?.focus();
  });
  changes.observe(root, {
    subtree: true,
    childList: true,
    attributeFilter: ["hidden", "disabled"],
  });
  signal?.addEventListener("abort", () => changes.disconnect());
}

/**
 * What can have the focus in the innermost element that is still there: what follows, else what is
 * before; in a part of the page where nothing can, the part itself.
 */
function nearest(around: readonly HTMLElement[], gone: HTMLElement): HTMLElement | undefined {
  for (const parent of around.slice(1)) {
    if (!parent.isConnected || !parent.checkVisibility()) continue;
    const others = [...parent.querySelectorAll<HTMLElement>(focusable)].filter(canHaveIt);
    const after = others.find(
      (element) => gone.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    const found = (gone.isConnected ? after : undefined) ?? others.at(-1);
    if (found !== undefined) return found;
    if (!parent.matches("section, fieldset, [role=group]")) continue;
    parent.tabIndex = -1;
    return parent;
  }
  return undefined;
}

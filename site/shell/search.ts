/**
 * Opens the search (its button, `/`, Ctrl+K), whose code comes when it is first asked for, and marks what
 * was searched on the page that a result leads to. Nothing to read first; then search-dialog.ts.
 */

/** Where the words searched for wait for the page that a result leads to. */
export const foundKey = "chainrule found";

export function startSearch(): void {
  const open = async (): Promise<void> => {
    const { openSearch } = await import("./search-dialog.ts");
    openSearch();
  };
  addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-search]")) void open();
  });
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.shiftKey) return;
    const command = event.ctrlKey || event.metaKey;
    const isAsked = command ? event.key === "k" : event.key === "/" && !isTyping(event.target);
    if (!isAsked) return;
    event.preventDefault();
    void open();
  });
  void markFound();
}

/** Marks the words that led here, if a result of the search did. */
export async function markFound(): Promise<void> {
  const words = takeFound();
  if (words === undefined) return;
  const { markWords } = await import("./found.ts");
  markWords(words);
}

function takeFound(): readonly string[] | undefined {
  try {
    const kept = sessionStorage.getItem(foundKey);
    sessionStorage.removeItem(foundKey);
    return kept === null ? undefined : kept.split(" ");
  } catch {
    return undefined; // no storage, no marks
  }
}

/** Is the reader writing, so that "/" is a letter? */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, textarea, select");
}

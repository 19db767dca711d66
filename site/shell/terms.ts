/**
 * A link to the glossary shows its definition on hover, focus and tap. It stays while the pointer is on
 * it, and Escape closes it (WCAG 1.4.13). Nothing to read first.
 */

import { files } from "virtual:site";

/** As build/glossary.mjs writes it; the definition is HTML of this site. */
interface Definition {
  readonly name: string;
  readonly definition: string;
  readonly step: string;
  readonly address: string;
}

/** Milliseconds until a hover counts, and until a pointer that left is gone. */
const patience = { open: 250, close: 250 };

let glossary: Promise<Record<string, Definition>> | undefined;
let shown: { readonly link: HTMLAnchorElement; readonly box: HTMLElement } | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
/** The link whose definition is wanted: another may be wanted before the glossary is there. */
let wanted: HTMLAnchorElement | undefined;

/** The link that gets the focus back from its definition, which is closed. */
let left: HTMLAnchorElement | undefined;

/** Listens on the whole page, so that terms in parts that come later count, too. */
export function startTerms(): void {
  addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType === "touch") return;
    const link = termAt(target);
    clearTimeout(timer);
    if (link !== undefined && link !== shown?.link) {
      timer = setTimeout(() => void show(link), patience.open);
    } else if (shown !== undefined && link === undefined && !isInside(target)) {
      timer = setTimeout(hide, patience.close);
    }
  });
  addEventListener("focusin", ({ target }) => {
    const link = termAt(target);
    if (link !== undefined && link === left) return;
    if (link?.matches(":focus-visible")) void show(link);
    else if (!isInside(target)) hide();
  });
  addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    left = shown?.box.contains(document.activeElement) ? shown.link : undefined;
    hide();
    left?.focus();
    left = undefined;
  });
  addEventListener("click", (event) => {
    const link = termAt(event.target);
    const isTouch = event instanceof PointerEvent && event.pointerType === "touch";
    if (link !== undefined && isTouch && shown?.link !== link) {
      event.preventDefault(); // the first tap shows, the second one goes there
      void show(link);
    } else if (link === undefined && !isInside(event.target)) hide();
  });
}

function termAt(target: EventTarget | null): HTMLAnchorElement | undefined {
  return target instanceof Element
    ? (target.closest<HTMLAnchorElement>("a.term") ?? undefined)
    : undefined;
}

function isInside(target: EventTarget | null): boolean {
  return target instanceof Node && shown !== undefined && shown.box.contains(target);
}

async function show(link: HTMLAnchorElement): Promise<void> {
  wanted = link;
  glossary ??= fetch(files.glossary).then((response) => response.json());
  const terms = await glossary.catch(() => {
    glossary = undefined; // the next try asks again; the link leads to the glossary anyway
    return undefined;
  });
  const term = terms?.[new URL(link.href).hash.slice(1)];
  if (term === undefined || wanted !== link || shown?.link === link) return;
  hide();
  wanted = link;
  const box = boxOf(term);
  link.after(box); // so that the Tab key goes from the term into its definition
  link.setAttribute("aria-describedby", box.id);
  box.showPopover();
  place(box, link);
  shown = { link, box };
}

function hide(): void {
  clearTimeout(timer);
  wanted = undefined;
  shown?.link.removeAttribute("aria-describedby");
  shown?.box.remove();
  shown = undefined;
}

function boxOf({ name, definition, step, address }: Definition): HTMLElement {
  const box = document.createElement("span");
  box.id = "definition";
  box.className = "definition";
  box.popover = "manual";
  const title = document.createElement("strong");
  title.textContent = name;
  const text = document.createElement("span");
  text.innerHTML = definition; // written by the build, from the glossary
  const from = document.createElement("a");
  from.href = `./${address}`;
  from.textContent = `Introduced in ${step}`;
  box.append(title, text, from);
  return box;
}

/** Below the term, or above it where there is no room; within the window. */
function place(box: HTMLElement, link: HTMLElement): void {
  const [line] = link.getClientRects();
  const { width, height } = box.getBoundingClientRect();
  const fitsBelow = line.bottom + height + 8 <= innerHeight || line.top < height + 8;
  const top = fitsBelow ? line.bottom + 4 : line.top - height - 4;
  const left = Math.max(8, Math.min(line.left, document.documentElement.clientWidth - width - 8));
  box.style.top = `${top + scrollY}px`;
  box.style.left = `${left + scrollX}px`;
}

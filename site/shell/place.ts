/** Where the reader was: noted on the pages of lessons, offered on the front page. Read store.ts first. */

import { isObject, isText, parsed, store } from "./store.ts";

interface Place {
  /** The file of the page. */
  readonly page: string;
  readonly title: string;
  /** The heading that the reader was at, unless it is the page's own. */
  readonly section?: { readonly id: string; readonly title: string } | undefined;
}

/** Notes where the reader is in a lesson, or shows the link back to where that was. */
export function startPlace(): void {
  const article = document.querySelector<HTMLElement>("article[data-lesson]");
  if (article) notePlaces(article);
  const link = document.querySelector<HTMLAnchorElement>("a[data-continue]");
  const place = notedPlace();
  if (link === null || place === undefined) return;
  link.href = addressOf(place);
  const { title, section } = place;
  link.textContent = `Continue with ${title}${section ? `, “${section.title}”` : ""}`;
  link.hidden = false;
  // It is what a reader who comes back is looking for.
  const start = link.previousElementSibling;
  start?.classList.remove("primary");
  start?.before(link, " ");
  link.classList.add("primary");
}

/** The place noted last: of a lesson, or of all. Undefined also when storage holds something else. */
export function notedPlace(lesson?: string): Place | undefined {
  const place = parsed(store.setting(settingOf(lesson)) ?? "");
  if (!isObject(place)) return undefined;
  const { page, title, section } = place;
  if (!isText(title) || !isText(page) || !/^[\w-]+\.html$/.test(page)) return undefined;
  const isSound = isObject(section) && isText(section.id) && isText(section.title);
  return {
    page,
    title,
    section: isSound ? { id: String(section.id), title: String(section.title) } : undefined,
  };
}

export function addressOf({ page, section }: Place): string {
  return `./${page}${section ? `#${encodeURIComponent(section.id)}` : ""}`;
}

function settingOf(lesson: string | undefined): string {
  return lesson === undefined ? "place" : `place ${lesson}`;
}

/** Notes the place now, and whenever scrolling comes to rest. */
function notePlaces(article: HTMLElement): void {
  const page = location.pathname.split("/").at(-1) ?? "";
  const title = document.querySelector("h1")?.textContent ?? page;
  const headings = [...article.querySelectorAll<HTMLElement>(":is(h2, h3)[id]")];
  const note = (): void => {
    const line = innerHeight / 4; // what has passed this line is being read
    const heading = headings.findLast((heading) => heading.getBoundingClientRect().top < line);
    const section = heading && { id: heading.id, title: titleOf(heading) };
    const place = JSON.stringify({ page, title, section } satisfies Place);
    for (const name of [settingOf(undefined), settingOf(article.dataset.lesson)]) {
      if (store.setting(name) !== place) store.setSetting(name, place);
    }
  };
  let waiting: ReturnType<typeof setTimeout> | undefined;
  addEventListener(
    "scroll",
    () => {
      clearTimeout(waiting);
      waiting = setTimeout(note, 500);
    },
    { passive: true },
  );
  addEventListener("pagehide", note);
  note();
}

/** The heading's own words, not the mark of a solved exercise. */
export function titleOf(heading: HTMLElement): string {
  const copy = heading.cloneNode(true) as HTMLElement; // a copy is what it is a copy of
  for (const other of copy.querySelectorAll(".solved")) other.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

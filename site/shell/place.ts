/** Where the reader was: noted on the pages of lessons, offered on the front page. Read store.ts first. */

import { store } from "./store.ts";

interface Place {
  /** The file of the page. */
  readonly page: string;
  readonly title: string;
}

/** Notes the lesson that is open, or shows the link back to the one that was. */
export function startPlace(): void {
  const article = document.querySelector<HTMLElement>("article[data-lesson]");
  const link = document.querySelector<HTMLAnchorElement>("a[data-continue]");
  if (article) {
    const page = location.pathname.split("/").at(-1) ?? "";
    const title = document.querySelector("h1")?.textContent ?? page;
    store.setSetting("place", JSON.stringify({ page, title } satisfies Place));
  }
  const place = link && notedPlace();
  if (place) {
    link.href = `./${place.page}`;
    link.textContent = `Continue with ${place.title}`;
    link.hidden = false;
  }
}

/** The noted place, unless what storage holds is something else. */
function notedPlace(): Place | undefined {
  try {
    const { page, title } = JSON.parse(store.setting("place") ?? "null") ?? {};
    const sound = typeof title === "string" && /^[\w-]+\.html$/.test(page);
    return sound ? { page, title } : undefined;
  } catch {
    return undefined;
  }
}

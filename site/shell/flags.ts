/**
 * The flags of the address, `?solutions=hide`, `?projector` and `?embed`, go along with every link within the
 * site. Read early.ts first.
 */

const kept = ["solutions", "projector", "embed"];

/** Makes links carry the flags of this page, those that are added later too. */
export function startFlags(): void {
  const flags = [...new URLSearchParams(location.search)].filter(([name]) => kept.includes(name));
  if (flags.length === 0) return;
  // Before a link is followed, copied or opened elsewhere, it is pressed or focused.
  for (const event of ["pointerdown", "focusin", "click"]) {
    addEventListener(event, (event) => carry(event.target, flags), { capture: true });
  }
}

function carry(target: EventTarget | null, flags: readonly [string, string][]): void {
  const link = target instanceof Element ? target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || link.hasAttribute("data-without-flags")) return;
  const folder = new URL(".", location.href).href;
  const url = new URL(link.href);
  if (!url.href.startsWith(folder) || link.download !== "") return;
  for (const [name, value] of flags)
    if (!url.searchParams.has(name)) url.searchParams.set(name, value);
  url.search = url.search.replace(/=(?=&|$)/g, ""); // ?projector, not ?projector=
  if (url.href !== link.href) link.href = url.href;
}

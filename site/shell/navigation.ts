/** The course menu of small screens closes by itself; the list of sections marks where the reader is. Nothing to read first. */

/** The menu is a `<details>`: without this, it opens and closes as well, by its own button only. */
export function startMenu(): void {
  const menu = document.querySelector<HTMLDetailsElement>("details.course-menu");
  if (menu === null) return;
  const close = (): void => menu.removeAttribute("open");
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    if (menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
    close();
  });
  addEventListener("click", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) close();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) close();
  });
}

/** Marks the link to the section at the top of the window, while the page is scrolled. */
export function startSections(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>(".rail [data-section]")];
  const sections = links.flatMap((link) => {
    const heading = document.getElementById(link.dataset.section ?? "");
    return heading ? [{ link, heading }] : [];
  });
  if (sections.length === 0) return;

  const mark = (): void => {
    const line = innerHeight / 4; // what has passed this line is being read
    const atEnd = scrollY > 0 && scrollY + innerHeight >= document.body.scrollHeight - 2;
    const passed = sections.filter(({ heading }) => heading.getBoundingClientRect().top < line);
    const current = atEnd ? sections.at(-1) : passed.at(-1);
    for (const { link } of sections) {
      if (link === current?.link) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  let waiting = false;
  const soon = (): void => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  };
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  mark();
}
